"""Takes a tree and a scope, gives a typed tree with every conversion written out, and issues; computes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engines.expression import conversions, rule
from engines.expression.function import Arg, Function
from engines.expression.functions import ALIASES, FUNCTION_NAMES, FUNCTIONS, WRITTEN
from engines.expression.messages import MESSAGES, PLACES, suggestion_words, type_words
from engines.expression.names import Frame, Met, Named, candidates, named, near
from engines.expression.not_in_sql import not_in_sql
from engines.expression.parse import parse
from engines.expression.rows_workday import CALENDAR, CALENDAR_PARTS, DATES
from engines.expression.rules import RULES
from engines.expression.safe import is_safe
from engines.expression.scope import Scope, Words
from engines.expression.tree import Call, Literal, Path, Span, Tree, TypedCall, TypedLiteral, TypedPath, TypedTree
from engines.expression.write import write_name
from engines.values.issue import Fix, Issue, Issues, issue
from engines.values.value_types import BLANK, BOOL, DATE, NUMBER, TEXT, ValueType, list_of, record_of


@dataclass(frozen=True, slots=True)
class Checked:
    """A typed tree, None when there is any issue; and the names of fields that were met, whatever else is wrong."""

    tree: TypedTree | None
    issues: Issues = ()
    met: tuple[Met, ...] = ()

    @property
    def named(self) -> tuple[Named, ...]:
        """Return each name of a field, with how its key is written there: of use to editors alone, so not made before."""
        return tuple({met[0]: named(met) for met in self.met}.values())


def text_to_typed(text: str, scope: Scope, wanted: ValueType | None = None) -> Checked:
    """Return what a text means in a scope; all issues of reading and of meaning in one go.

    wanted: the type the answer must have; a number wanted as text is converted.

    >>> scope = Scope({"quantity": NUMBER, "price": NUMBER}, {}.get)
    >>> text_to_typed("ROUND(quantity * price, 2)", scope).tree.type.name
    'number'
    >>> text_to_typed("quantty + 1", scope).issues[0].message["en"]
    "There is no field named 'quantty'; did you mean 'quantity'?"
    """
    parsed = parse(text)
    if parsed.tree is None:
        return Checked(None, parsed.issues)
    checked = check(parsed.tree, scope, wanted)
    if parsed.issues:
        return Checked(None, parsed.issues + checked.issues, checked.met)
    return checked


def check(tree: Tree, scope: Scope, wanted: ValueType | None = None) -> Checked:
    """Return the typed tree of a tree, or what is wrong with it."""
    checker = Checker(scope)
    # A whole formula without a type to fit shows an empty text as it was written; inside a formula it is a blank of its choice's type.
    typed = checker.call(tree) if isinstance(tree, Call) else checker.node(tree)
    if wanted is not None and not checker.issues:
        fitting = conversions.convert(typed, wanted)
        if fitting is None:
            words = {"wanted": type_words(wanted), "given": type_words(typed.type)}
            checker.note("expression-result", tree.span, **words)
        else:
            typed = fitting
    if checker.issues:
        return Checked(None, tuple(checker.issues), tuple(checker.met))
    return Checked(typed, (), tuple(checker.met))


def cannot_run(tree: TypedTree, place: str) -> Issues:
    """Return an issue for each function that a place ("python", "sql", "browser") cannot compute."""
    found: list[Issue] = []
    waiting: list[TypedTree] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, TypedCall):
            waiting.extend(node.args)
            if place not in FUNCTIONS[node.name].runs_in:
                name = spelling(node.name)
                found.append(issue(MESSAGES, "expression-not-here", span=node.span, name=name, place=PLACES[place]))
            elif place == "sql" and (refused := not_in_sql(node)) is not None:
                found.append(refused)
    return tuple(found)


def spelling(name: str) -> str:
    """Return how an author writes a call: its sign or its name."""
    return rule.SIGNS.get(name, name)


class Checker:
    """Types one tree; `frames` are the record and the rows around the place being checked."""

    __slots__ = ("_frame_of", "_of_rows", "frames", "issues", "met", "scope")

    def __init__(self, scope: Scope) -> None:
        """Begin at the record of a scope."""
        self.scope = scope
        self.issues: list[Issue] = []
        self.met: list[Met] = []
        self.frames: list[Frame] = [Frame(scope.names, scope.roots, None, scope.entity)]
        self._frame_of: dict[str, Frame] = {}
        self._of_rows: dict[tuple[int, ...], bool] = {}

    def note(self, code: str, span: Span, **parts: object) -> None:
        """Add an issue."""
        self.issues.append(issue(MESSAGES, code, "", span, **parts))

    def note_with(self, fixes: Iterable[Fix], code: str, span: Span, **parts: object) -> None:
        """Add an issue and what would put it right."""
        self.issues.append(replace(issue(MESSAGES, code, "", span, **parts), fixes=tuple(fixes)))

    def blank(self, span: Span) -> TypedTree:
        """Return what stands for a part that could not be typed: it fits everywhere and raises no second issue."""
        return TypedLiteral(None, BLANK, span)

    def node(self, tree: Tree) -> TypedTree:
        """Return the typed tree of any node."""
        kind = tree.__class__
        if kind is Path:
            return self.path(tree)  # type: ignore[arg-type]
        if kind is Call:
            return conversions.settled(self.call(tree))  # type: ignore[arg-type]
        return self.literal(tree)  # type: ignore[arg-type]

    def literal(self, tree: Literal) -> TypedTree:
        """Return a literal with its type; a date with a time is a time in the zone of the evaluation."""
        value_type = rule.literal_type(tree.value)
        if isinstance(tree.value, datetime):
            text = TypedLiteral(tree.value.isoformat(" ", "seconds"), TEXT, tree.span)
            return TypedCall("local_time", (text,), value_type, tree.span)
        return TypedLiteral(tree.value, value_type, tree.span)

    def path(self, tree: Path) -> TypedTree:
        """Return a path by keys, from the innermost row that knows its first name."""
        names, row = tree.names, len(self.frames) - 1
        places = tree.places or (tree.span,) * len(names)
        while names[0] == "parent" and row > 0 and len(names) > 1:
            names, places, row = names[1:], places[1:], row - 1
        first = names[0]
        if len(names) < len(tree.names):
            # As a plain name: the nearest of the records around that knows it.
            row = next((out for out in range(row, -1, -1) if candidates(self.frames[out], first, self.scope.labels)), row)
            key = self.key(self.frames[row], first, places[0], None)
            return self.blank(tree.span) if key is None else self.walk(self.frames[row], row, key, names[1:], tree.span, places[1:])
        for row in range(len(self.frames) - 1, -1, -1):
            frame = self.frames[row]
            found = candidates(frame, first, self.scope.labels)
            if len(found) == 1:
                if found[0] in frame.names:
                    self.met.append((places[0], found[0], frame.entity, self.parents(row, found[0]), True))
                return self.walk(frame, row, found[0], tree.names[1:], tree.span, places[1:])
            if found:
                self.note_ambiguous(first, found, places[0])
                return self.blank(tree.span)
        if first == CALENDAR and len(tree.names) > 1:
            return self.calendar(tree)
        for row in range(len(self.frames) - 1, -1, -1):
            if self.frames[row].is_open:
                return TypedPath(names, BLANK, tree.span, row)
        nearest = near(first, self.frames, self.scope.labels)
        fixes = tuple(Fix(places[0], write_name(name, is_first=True)) for name in nearest)
        self.note_with(fixes, "expression-unknown-name", places[0], name=first, suggestion=suggestion_words(nearest))
        return self.blank(tree.span)

    def calendar(self, tree: Path) -> TypedTree:
        """Return the call that reads a list of the site's calendar, where no field has taken its name."""
        part = ".".join(tree.names[1:])
        if part in CALENDAR_PARTS:
            return TypedCall(f"{CALENDAR}.{part}", (), DATES, tree.span)
        suggestion = suggestion_words(near(part, [], {}, CALENDAR_PARTS) or list(CALENDAR_PARTS))
        self.note("expression-unknown-field", tree.span, owner=CALENDAR, name=part, suggestion=suggestion)
        return self.blank(tree.span)

    def parents(self, row: int, key: str) -> int:
        """Return how many times `parent.` leads to a key of a frame, past rows that have a field of the same key."""
        if row == len(self.frames) - 1:
            return 0
        inner = [at for at in range(row + 1, len(self.frames)) if candidates(self.frames[at], key, self.scope.labels)]
        return len(self.frames) - inner[0] if inner else 0

    def note_ambiguous(self, name: str, found: tuple[str, ...], span: Span) -> None:
        """Note that a name may mean several fields."""
        fixes = tuple(Fix(span, write_name(key, is_first=True)) for key in found)
        self.note_with(fixes, "expression-ambiguous-name", span, name=name, candidates=", ".join(found))

    def key(self, frame: Frame, name: str, span: Span, owner: object) -> str | None:
        """Return the key a name stands for among the fields of a frame."""
        found = candidates(frame, name, self.scope.labels)
        if len(found) == 1:
            self.met.append((span, found[0], frame.entity, 0, False))
            return found[0]
        if found:
            self.note_ambiguous(name, found, span)
            return None
        nearest = near(name, [frame], self.scope.labels)
        suggestion = suggestion_words(nearest)
        fixes = tuple(Fix(span, write_name(near_name)) for near_name in nearest)
        if owner is None:
            self.note_with(fixes, "expression-unknown-name", span, name=name, suggestion=suggestion)
        else:
            self.note_with(fixes, "expression-unknown-field", span, owner=owner, name=name, suggestion=suggestion)
        return None

    def called(self, frame: Frame, key: str) -> object:
        """Return what people call a field, its key where that is not known."""
        words = {} if self.scope.words is None or frame.entity is None else self.scope.words(frame.entity)
        return words[key].label if key in words else key

    def frame_of(self, entity: str | None) -> Frame:
        """Return the fields of an entity, none when there is no such entity."""
        if entity is None:
            return _NO_FIELDS
        frame = self._frame_of.get(entity)
        if frame is None:
            words = self.scope.words
            labels = None if words is None else labels_of(words(entity))
            frame = self._frame_of[entity] = Frame(self.scope.entities(entity) or {}, {}, labels, entity)
        return frame

    def walk(
        self, frame: Frame, row: int, first: str, names: tuple[str, ...], span: Span, places: tuple[Span, ...] = ()
    ) -> TypedTree:
        """Return the path that starts at a key of a frame and goes on over names."""
        keys = [first]
        value_type = frame.names.get(first) or frame.roots[first]
        fails = value_type.fails
        many = 1 if is_record_list(value_type) else 0
        for position, name in enumerate(names):
            element = value_type.of if value_type.of is not None else value_type
            if element.name == "blank":
                # Nothing is known of what is always blank; a path through it is blank as well.
                many = many or (len(keys) if value_type.of is not None else 0)
                keys.append(name)
                value_type = BLANK
                continue
            if element.name != "record":
                words = type_words(value_type)
                self.note("expression-not-a-record", span, owner=self.called(frame, keys[-1]), type=words)
                return self.blank(span)
            reached = self.frame_of(element.entity)
            key = self.key(reached, name, places[position] if places else span, self.called(frame, keys[-1]))
            if key is None:
                return self.blank(span)
            keys.append(key)
            value_type = reached.names[key]
            frame = reached
            fails = fails or value_type.fails
            if is_record_list(value_type):
                many = len(keys)
        if many and value_type.name != "list":
            value_type = list_of(value_type)
        return TypedPath(tuple(keys), value_type, span, row, many, True, fails)

    def call(self, tree: Call) -> TypedTree:
        """Return a typed call, by the rule of its name or else by its row alone."""
        name = tree.name
        typing = RULES.get(name)
        row = WRITTEN.get(name)
        if row is None:
            nearest = near(name, [], {}, FUNCTION_NAMES)
            # In capitals a name may be longer than it is written: ﬁ becomes FI.
            place = (tree.span[0], min(tree.span[0] + len(name), tree.span[1]))
            fixes = tuple(Fix(place, near_name) for near_name in nearest)
            self.note_with(fixes, "expression-unknown-function", place, name=name, suggestion=suggestion_words(nearest))
            for arg in tree.args:
                self.node(arg)
            return self.blank(tree.span)
        if not self.count_fits(row, tree):
            for arg in tree.args:
                if name not in ("filter", "field", "entity"):
                    self.node(arg)
            return self.blank(tree.span)
        if typing is not None:
            return typing(self, tree, row)
        return self.by_row(row, tree)

    def count_fits(self, row: Function, tree: Call) -> bool:
        """Tell whether the number of arguments fits a row; note it when it does not."""
        given = len(tree.args)
        if given < row.least:
            argument = rule.argument_words(row.takes[given].name)
            self.note("expression-argument-missing", tree.span, name=spelling(row.name), argument=argument)
            return False
        most = row.most
        if most is not None and given > most:
            span = (tree.args[most].span[0], tree.args[-1].span[1])
            self.note("expression-argument-surplus", span, name=spelling(row.name), most=most, given=given)
            return False
        return True

    def by_row(self, row: Function, tree: Call) -> TypedTree:
        """Return a call whose row says all there is to say."""
        return self.of_nodes(row, map(self.node, tree.args), tree.span)

    def of_nodes(self, row: Function, nodes: Iterable[TypedTree], span: Span) -> TypedTree:
        """Return the same of arguments that have been typed."""
        takes = row.takes
        last = len(takes) - 1
        args: list[TypedTree] = []
        for position, node in enumerate(nodes):
            arg = takes[min(position, last)]
            args.append(self.fit(node, arg.type, row, arg.name))
        if not row.repeats:
            args += [self.by_default(arg, span) for arg in takes[len(args) :] if arg.default is not None]
        return self.build(row, tuple(args), row.returns, span)

    def fit(self, node: TypedTree, wanted: ValueType, row: Function, argument: str) -> TypedTree:
        """Return a node converted to the type a row wants, or note that it cannot be."""
        fitting = conversions.convert(node, wanted)
        if fitting is not None:
            return fitting
        code, words = "expression-type", {"wanted": type_words(wanted), "given": type_words(node.type)}
        if wanted == BOOL:
            self.note("expression-condition", node.span, given=type_words(node.type))
        else:
            name, named = spelling(row.name), rule.argument_words(argument)
            self.note(code, node.span, name=name, argument=named, **words)
        return TypedLiteral(None, wanted, node.span)

    def by_default(self, arg: Arg, span: Span) -> TypedTree:
        """Return what an argument is when it is left out."""
        return self.blank(span) if arg.default is None else self.literal(rule.default(arg.default, span))

    def build(self, row: Function, args: tuple[TypedTree, ...], returns: ValueType, span: Span) -> TypedTree:
        """Return a call of a row; blanks are given their stand-in where the row asks for it."""
        if row.null == "default":
            args = tuple([conversions.stand_in(arg) for arg in args])
        blank = row.blank
        fails = bool(row.fails) and not is_safe(row.name, args)
        for arg in args:
            fails = fails or arg.may_fail
            if row.null != "kept" and arg.may_be_blank:
                blank = True
        return TypedCall(row.name, args, returns, span, blank, fails)

    def is_of_rows(self, node: TypedTree, tree: Tree) -> bool:
        """Tell whether a tree says something of the rows of a list of which nothing is known, such as an empty one.

        It does when it cannot be typed without them; within the rows of another such list every name is known. What was found
        is kept: asked anew on each floor of lists within lists, the same tree would be typed twice as often on every floor below.
        """
        if node.type != list_of(BLANK) or any(frame.is_open for frame in self.frames):
            return False
        place = (id(tree), *map(id, self.frames))
        found = self._of_rows.get(place)
        if found is None:
            noted = len(self.issues)
            self.node(tree)
            found = self._of_rows[place] = len(self.issues) > noted
            del self.issues[noted:]
        return found

    def in_row_of(self, node: TypedTree, tree: Tree) -> TypedTree:
        """Return a tree typed for each row of a list of records."""
        element = node.type.of if node.type.of is not None else node.type
        self.frames.append(_OPEN if element.name == "blank" else self.frame_of(element.entity))
        typed = self.node(tree)
        self.frames.pop()
        return typed


_NO_FIELDS, _OPEN = Frame({}), Frame({}, is_open=True)


def labels_of(words: Mapping[str, Words]) -> Mapping[str, tuple[str, ...]]:
    """Return what labels of an entity's fields stand for."""
    labels: dict[str, tuple[str, ...]] = {}
    for key, word in words.items():
        for label in () if word.is_system else dict.fromkeys(word.label.values()):
            labels[label] = (*labels.get(label, ()), key)
    return labels


def is_record_list(value_type: ValueType) -> bool:
    """Tell whether a type is a list of records, which a path can go through."""
    return value_type.of is not None and value_type.of.name == "record"


__all__ = ["ALIASES", "DATE", "NUMBER", "Checked", "Checker", "cannot_run", "check", "record_of", "text_to_typed"]
