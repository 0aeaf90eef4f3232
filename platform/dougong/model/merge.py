"""Three documents in (as installed, the customer's app, the new version), one out, with what both sides changed differently."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dougong.model.merge_elements import IN, Element, Elements, flat, keyed, merged_order, nested, place

Document = Mapping[str, Any]
Side = Literal["ours", "theirs"]
Rule = Literal["ours", "theirs", "labels"]
"""How all conflicts are settled: for one side, or `labels`: the customer's words, and the new version in all else."""
Cause = Literal["changed", "removed", "used", "order"]

LABELS = frozenset({"name", "help", "message", "description", "confirm", "pattern_message"})
"""Properties that hold words for people, one text per language."""
_WHOLE = frozenset({"schema", "period_lock"})
"""Properties of several parts that make sense together only."""
_ELEMENTS = frozenset({"states", "decision"})
"""Properties that are elements with lists of their own."""
_LISTS_OF_CHOICE = frozenset({"columns"})
"""Lists that mean something else when they are not there than when they are empty."""


class _Gone:
    """Stands for what a side does not have."""


GONE: Any = _Gone()


@dataclass(frozen=True, slots=True)
class Conflict:
    """One place where both sides changed something, and not to the same; None for what a side does not have.

    cause: `changed` a property, `removed` an element that the other side changed or that is `used`, or put the elements of a list in
    another `order`.
    is_label: whether it is about words for people only.
    """

    pointer: str
    cause: Cause
    base: Any
    ours: Any
    theirs: Any
    is_label: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged document; what is in conflict is in it as `chosen` says, or as the customer has it.

    conflicts: every place of conflict by its pointer, chosen or not. held: elements the new version may not take away unasked.
    """

    base: Document
    ours: Document
    theirs: Document
    document: Document
    conflicts: Mapping[str, Conflict]
    chosen: Mapping[str, Side]
    held: frozenset[str] = frozenset()

    @property
    def open(self) -> tuple[Conflict, ...]:
        """What nobody has chosen a side of yet."""
        return tuple(conflict for pointer, conflict in self.conflicts.items() if pointer not in self.chosen)


def merge(base: Document, ours: Document, theirs: Document, held: Collection[str] = ()) -> Merge:
    """Return the merge of two documents that began as the same one, element by element and property by property.

    held: pointers of elements that, being used, are in conflict where `theirs` has them no more, changed or not.
    """
    return _merge(base, ours, theirs, lambda conflict: None, frozenset(held))


def resolve_conflicts(found: Merge, choices: Mapping[str, Side], rule: Rule | None = None) -> Merge:
    """Return a merge with conflicts settled: by their pointers, the others by a rule, or left open."""

    def choose(conflict: Conflict) -> Side | None:
        chosen = choices.get(conflict.pointer)
        if chosen is not None or rule is None:
            return chosen
        if rule == "labels":
            return "ours" if conflict.is_label else "theirs"
        return rule

    return _merge(found.base, found.ours, found.theirs, choose, found.held)


def _merge(
    base: Document, ours: Document, theirs: Document, choose: Callable[[Conflict], Side | None], held: frozenset[str]
) -> Merge:
    run = _Run(choose, held)
    document = run.property("", "", base, ours, theirs)
    return Merge(base, ours, theirs, document, run.conflicts, run.chosen, held)


class _Run:
    """One pass over three documents, which notes conflicts and what was chosen."""

    def __init__(self, choose: Callable[[Conflict], Side | None], held: frozenset[str]) -> None:
        self.choose = choose
        self.held = held
        self.conflicts: dict[str, Conflict] = {}
        self.chosen: dict[str, Side] = {}

    def property(self, at: str, name: str, base: Any, ours: Any, theirs: Any) -> Any:  # noqa: ANN401 – any JSON
        """Return a property as one side changed it, or as the changes of both make it."""
        if ours == theirs or theirs == base:
            return ours
        if ours == base and not self._is_held_in(at):
            return theirs
        if isinstance(ours, dict) and isinstance(theirs, dict) and name not in _WHOLE:
            was = base if isinstance(base, dict) else {}
            return self._element(at, was, ours, theirs) if not name or name in _ELEMENTS else self._map(at, name, was, ours, theirs)
        if isinstance(ours, list) or isinstance(theirs, list):
            merged = self._list(at, name, base, ours, theirs)
            if merged is not None:
                return merged
        return theirs if ours == base else self.pick(at, "changed", base, ours, theirs, name in LABELS)

    def _is_held_in(self, at: str) -> bool:
        """Whether something below a place may not be taken away unasked."""
        return any(one.startswith(f"{at}/") for one in self.held)

    def pick(self, at: str, cause: Cause, base: Any, ours: Any, theirs: Any, is_label: bool = False) -> Any:  # noqa: ANN401 – any JSON
        """Return the value of the side that is chosen, the customer's if none is."""
        return theirs if self.side(at, cause, base, ours, theirs, is_label) == "theirs" else ours

    def side(self, at: str, cause: Cause, base: Any, ours: Any, theirs: Any, is_label: bool = False) -> Side:  # noqa: ANN401 – any JSON
        """Note a conflict and return the side that is chosen, the customer's if none is."""
        was, our, their = (None if value is GONE else value for value in (base, ours, theirs))
        conflict = Conflict(at, cause, was, our, their, is_label)
        self.conflicts[at] = conflict
        side = self.choose(conflict)
        if side is not None:
            self.chosen[at] = side
        return side or "ours"

    def _element(self, at: str, base: Element, ours: Element, theirs: Element) -> Element:
        return {
            name: value
            for name in dict.fromkeys([*ours, *theirs])
            if (value := self.property(f"{at}/{name}", name, *(one.get(name, GONE) for one in (base, ours, theirs)))) is not GONE
        }

    def _map(self, at: str, name: str, base: Element, ours: Element, theirs: Element) -> Element:
        """Merge words per language, values per field and the like: each a value that is taken whole."""
        found = {}
        for part in dict.fromkeys([*ours, *theirs]):
            was, our, their = (one.get(part, GONE) for one in (base, ours, theirs))
            if our == their or their == was:
                value = our
            elif our == was:
                value = their
            else:
                value = self.pick(f"{at}/{part}", "changed", was, our, their, name in LABELS)
            if value is not GONE:
                found[part] = value
        return found

    def _list(self, at: str, name: str, base: Any, ours: Any, theirs: Any) -> Any:  # noqa: ANN401 – any JSON
        """Return a merged list of elements with keys; None if it is a list of another kind."""
        if GONE in (ours, theirs) and name in _LISTS_OF_CHOICE:
            return None
        lists = [[] if value is GONE else value for value in (base, ours, theirs)]
        if name == "nodes":
            trees = [flat(value) for value in lists]
            if trees[0] is not None and trees[1] is not None and trees[2] is not None:
                nodes = _Form(self, at.removesuffix("/nodes"), trees[0], trees[1], trees[2]).merged()
                return self.pick(at, "changed", base, ours, theirs) if nodes is None else nodes
        sides = keyed(lists)
        if sides is None:
            return None
        before, our, their = sides
        found: dict[str, Element] = {}
        for key in dict.fromkeys([*our, *their]):
            element = self.member(f"{at}/{key}", *(one.get(key, GONE) for one in sides))
            if element is not GONE:
                found[key] = element
        order = merged_order(found, [*before], [*our], [*their], lambda: self.order(at, [*before], [*our], [*their]))
        return [found[key] for key in order] if found or GONE not in (ours, theirs) else GONE

    def member(self, at: str, base: Any, ours: Any, theirs: Any) -> Any:  # noqa: ANN401 – an element or none
        """Return an element of a list as the changes of both sides make it."""
        if ours == theirs or theirs == base:
            return ours
        if ours == base and theirs is GONE and at in self.held:
            return self.pick(at, "used", base, ours, theirs)
        if ours == base and (theirs is GONE or not self._is_held_in(at)):
            return theirs
        if ours is GONE or theirs is GONE:
            return self.pick(at, "removed", base, ours, theirs)
        return self._element(at, {} if base is GONE else base, ours, theirs)

    def order(self, at: str, base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Side:
        """Return which side's order a list is to have."""
        return self.side(at, "order", [*base], [*ours], [*theirs])


class _Form:
    """The elements of a form, merged without regard to the section they lie in, which is a property of theirs."""

    def __init__(self, run: _Run, at: str, base: Elements, ours: Elements, theirs: Elements) -> None:
        self.run = run
        self.at = at
        self.base = base
        self.sides: Mapping[str, Elements] = {"ours": ours, "theirs": theirs}
        self.nodes: dict[str, Element] = {}
        self.kept: set[str] = set()
        self.gone: set[str] = set()

    def merged(self) -> list[Element] | None:
        """Return the tree of merged elements; None if it is none, each side having put one of two into the other."""
        for key in dict.fromkeys([*self.sides["ours"], *self.sides["theirs"]]):
            at = self._pointer(key)
            node = self.run.member(at, *(one.get(key, GONE) for one in (self.base, *self.sides.values())))
            if node is not GONE:
                self.nodes[key] = node
                if at in self.run.conflicts:
                    self.kept.add(key)
        while lost := next((node[IN] for node in self.nodes.values() if node[IN] and node[IN] not in self.nodes), ""):
            self._find_place(lost)
        tree = nested(self.nodes, self._order)
        return tree if len(flat(tree) or ()) == len(self.nodes) else None

    def _pointer(self, key: str) -> str:
        nodes = next(one for one in (*self.sides.values(), self.base) if key in one)
        return self.at + place(nodes, key)

    def _find_place(self, section: str) -> None:
        """One side removed a section, the other put something into it or changed something in it."""
        has: Side = "ours" if section in self.sides["ours"] else "theirs"
        other = self.sides["theirs" if has == "ours" else "ours"]
        inside = [key for key, node in self.nodes.items() if node[IN] == section]
        stays = all(key in self.kept for key in inside)  # those were chosen to stay, and need it
        if not stays:
            values = (one.get(section, GONE) for one in (self.base, *self.sides.values()))
            stays = self.run.side(self._pointer(section), "removed", *values) == has
        if stays or any(key in other and other[key][IN] in self.gone for key in inside):
            self.nodes[section] = self.sides[has][section]
            return
        self.gone.add(section)
        for key in inside:
            if key in other:
                self.nodes[key] = {**self.nodes[key], IN: other[key][IN]}
            else:
                del self.nodes[key]

    def _order(self, section: str, keys: Collection[str]) -> Sequence[str]:
        before, ours, theirs = (
            [key for key, node in one.items() if node[IN] == section] for one in (self.base, *self.sides.values())
        )
        at = f"{self._pointer(section)}/nodes" if section else f"{self.at}/nodes"
        return merged_order(keys, before, ours, theirs, lambda: self.run.order(at, before, ours, theirs))
