"""Two documents of an app in, what differs between them element by element, in words people read, out."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from dougong.model.defaults import default_of, is_nothing
from dougong.model.element_words import (
    Labels,
    called,
    joined,
    key_of,
    labels_of,
    word_of,
)
from dougong.model.property_kinds import inside
from dougong.model.property_words import words_of
from dougong.model.titles import Titles, titles

Kind = Literal["added", "changed", "removed"]
How = Literal["", "renamed", "moved", "ordered"]
Node = Mapping[str, Any]

MOST_MOVED = 3
"""Elements of one list that are told one by one when they have moved; where there are more, the list is told to have another order."""

_INSIDE = frozenset({"states", "decision"})
"""Properties that are elements with lists of their own."""
_TOLD_APART = frozenset({"period_lock", "inverse"})
"""Properties whose parts are told one by one."""


@dataclass(frozen=True, slots=True)
class Part:
    """One property that differs: its name in the document (`period_lock.closed`), what it was and what it is; None for nothing."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """One difference: where, what kind, and what differs in words of each language.

    how: what kind of change it is, where that has a word of its own. parts: what differs in it; of an element that is new or gone,
    what it says. old, new: the element as it was and as it is.
    """

    pointer: str
    kind: Kind
    text: Labels
    how: How = ""
    parts: tuple[Part, ...] = ()
    old: Node | None = field(default=None, repr=False, compare=False)
    new: Node | None = field(default=None, repr=False, compare=False)


def diff(before: Node, after: Node, organization: Node | None = None) -> tuple[ChangeNote, ...]:
    """Return what leads from one document to the other; an element that is new or gone is named once, without its parts.

    organization: the document of the people's app, for what fields are called that references to it lead to.
    """
    return _moved(tuple(_compare("", "", before, after, (), titles(before, after, organization=organization), "")))


def _compare(
    pointer: str, of: str, before: Node, after: Node, trail: tuple[Labels, ...], names: Titles, entity: str, is_object: bool = False
) -> Iterator[ChangeNote]:
    """Give what differs in an element. of: the list it is in, or what the object is called that it is; entity: whose fields it speaks of."""
    parts: list[Part] = []
    for name in dict.fromkeys([*before, *after]):
        old, new = (_told(of, side, name) for side in (before, after))
        if _same(old, new):
            continue
        if name in _INSIDE and isinstance(old, dict) and isinstance(new, dict):
            yield from _compare(f"{pointer}/{name}", name, old, new, trail, names, entity, is_object=True)
        elif name in _TOLD_APART and isinstance(old, dict) and isinstance(new, dict):
            parts += [Part(f"{name}.{inner}", old.get(inner), new.get(inner)) for inner in {**old, **new} if old.get(inner) != new.get(inner)]
        elif _is_elements(old) and _is_elements(new):
            yield from _lists(f"{pointer}/{name}", name, old or [], new or [], trail, names, entity)
        else:
            parts.append(Part(str(name), old, new))
    if parts:
        # What is no element of a list is told by its name: the states of an entity are renamed, not the entity.
        here = (*trail, words_of(of)) if is_object else trail
        yield _changed(pointer or "/", of, before, after, here, tuple(parts))


def _told(of: str, element: Node, name: str) -> Any:  # noqa: ANN401 – any JSON
    """Return what a property says: where it is not written, what it is by default."""
    value = element.get(name)
    return default_of(of, element, name) if value is None else value


def _changed(pointer: str, of: str, before: Node, after: Node, trail: tuple[Labels, ...], parts: tuple[Part, ...]) -> ChangeNote:
    if [part.name for part in parts] != ["name"] or not labels_of(before):
        return _note(pointer, "changed", trail, _properties(parts, of), parts=parts, old=before, new=after)
    was = called(labels_of(before), key_of(before))
    what = {"zh-CN": f"原名“{was['zh-CN']}”", "en": f"renamed from “{was['en']}”"}
    return _note(pointer, "changed", trail, what, "renamed", parts, before, after)


def _lists(
    pointer: str, name: str, old: list[Any], new: list[Any], trail: tuple[Labels, ...], names: Titles, entity: str
) -> Iterator[ChangeNote]:
    was, now = {key_of(e): e for e in old}, {key_of(e): e for e in new}
    yield from _order(pointer, name, was, now, trail, names, entity)
    for key, element in now.items():
        if was.get(key) == element:
            continue
        inner = (*trail, names.title(name, element, entity))
        if key not in was:
            yield _note(f"{pointer}/{key}", "added", inner, None, parts=_said(element, is_new=True), new=element)
        else:
            yield from _compare(f"{pointer}/{key}", name, was[key], element, inner, names, inside(entity, name, element))
    for key, element in was.items():
        if key not in now:
            here = (*trail, names.title(name, element, entity))
            yield _note(f"{pointer}/{key}", "removed", here, None, parts=_said(element, is_new=False), old=element)


def _order(
    pointer: str, name: str, was: Mapping[str, Node], now: Mapping[str, Node], trail: tuple[Labels, ...], names: Titles, entity: str
) -> Iterator[ChangeNote]:
    """Give what has moved in a list, one by one where it is little."""
    kept = [key for key in now if key in was]
    moved = _out_of_order([key for key in was if key in now], kept)
    if len(moved) > MOST_MOVED:
        word = word_of(name)
        order = {"zh-CN": f"{word['zh-CN']}顺序", "en": f"{word['en']} order"}
        yield _note(pointer, "changed", trail, order, "ordered", (Part("order", list(was), list(now)),))
        return
    for key in moved:
        place = kept.index(key)
        what = _after(names.title(name, now[kept[place - 1]], entity) if place else None)
        part = Part("order", _before_it(list(was), key), _before_it(list(now), key))
        yield _note(f"{pointer}/{key}", "changed", (*trail, names.title(name, now[key], entity)), what, "moved", (part,), was[key], now[key])


def _after(other: Labels | None) -> Labels:
    if other is None:
        return {"zh-CN": "移到最前", "en": "moved to the front"}
    return {"zh-CN": f"移到{other['zh-CN']}之后", "en": f"moved behind {other['en']}"}


def _before_it(keys: list[str], key: str) -> str | None:
    place = keys.index(key)
    return keys[place - 1] if place else None


def _out_of_order(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Return the fewest keys that have to move so that one order becomes the other.

    >>> _out_of_order("abcde", "aebcd"), _out_of_order("abc", "abc")
    (['e'], [])
    """
    places = {key: place for place, key in enumerate(before)}
    ends: list[int] = []
    # What is last in the longest row so far that has stayed in order, and what stood before each in its row.
    last: list[str] = []
    former: dict[str, str | None] = {}
    for key in after:
        at = bisect_left(ends, places[key])
        former[key] = last[at - 1] if at else None
        ends[at : at + 1], last[at : at + 1] = [places[key]], [key]
    stayed: set[str] = set()
    here = last[-1] if last else None
    while here is not None:
        stayed.add(here)
        here = former[here]
    return [key for key in after if key not in stayed]


def _moved(notes: tuple[ChangeNote, ...]) -> tuple[ChangeNote, ...]:
    """Return the notes with one in the place of two where an element has moved from one list to another of the same form or menus."""
    gone = {_travels(note): note for note in notes if note.kind == "removed" and _travels(note)}
    found: list[ChangeNote] = []
    taken: set[str] = set()
    for note in notes:
        left = gone.get(_travels(note)) if note.kind == "added" else None
        if left is None:
            found.append(note)
            continue
        taken.add(left.pointer)
        parts = _differing(left.old or {}, note.new or {})
        places = Part("place", left.pointer.rsplit("/", 2)[0], note.pointer.rsplit("/", 2)[0])
        zh, en = left.text["zh-CN"].split(" › "), left.text["en"].split(" › ")
        what = {"zh-CN": f"原在{zh[-2]}", "en": f"moved from {en[-2]}"}
        text = {"zh-CN": f"{note.text['zh-CN']}：{what['zh-CN']}", "en": f"{note.text['en']}: {what['en']}"}
        found.append(replace(note, kind="changed", how="moved", text=text, parts=(places, *parts), old=left.old))
    return tuple(note for note in found if not (note.kind == "removed" and note.pointer in taken))


def _travels(note: ChangeNote) -> tuple[str, ...] | None:
    """Return what tells an element that may move between lists: the form or the menus it is in, and its key."""
    way = note.pointer.split("/")[1:]
    if way[:1] == ["forms"] and len(way) == 6:
        return ("forms", way[1], way[5])
    return ("menus", way[3]) if way[:1] == ["menus"] and len(way) == 4 else None


def _differing(before: Node, after: Node) -> tuple[Part, ...]:
    sides = [(str(name), *(_told("nodes", side, name) for side in (before, after))) for name in {**before, **after}]
    return tuple(Part(*side) for side in sides if not _same(side[1], side[2]))


def _said(element: Node, is_new: bool) -> tuple[Part, ...]:
    """Return what an element says beside its key and name."""
    said = [(str(name), value) for name, value in element.items() if name not in ("key", "name") and not is_nothing(value)]
    return tuple(Part(name, None, value) if is_new else Part(name, value, None) for name, value in said)


def _same(old: object, new: object) -> bool:
    """Whether a property says the same; one that is not there says no."""
    return old == new or (is_nothing(old) and is_nothing(new))


def _is_elements(value: object) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(e, dict) and key_of(e) for e in value))


def _properties(parts: Sequence[Part], of: str) -> Labels:
    names = dict.fromkeys(part.name.partition(".")[0] for part in parts)
    words = [words_of(name, of) for name in names]
    return {"zh-CN": "、".join(word["zh-CN"] for word in words), "en": ", ".join(word["en"] for word in words)}


def _note(
    pointer: str, kind: Kind, trail: tuple[Labels, ...], what: Labels | None, how: How = "", parts: tuple[Part, ...] = (),
    old: Node | None = None, new: Node | None = None,
) -> ChangeNote:  # fmt: skip
    text = joined(trail)
    if what is not None:
        text = {"zh-CN": f"{text['zh-CN']}：{what['zh-CN']}", "en": f"{text['en']}: {what['en']}"}
    return ChangeNote(pointer, kind, text, how, parts, old, new)
