"""A document and a command in, the changed document or why it was refused out; the document passed in is never touched.

A command is plain data: it can be kept, sent and turned round. Pointers go by key, and a place in a list is given by the key of
the next neighbour, so a command still means the same after others changed the list. What lies beside the path to a change is
shared with the document before it. The designer has the same in `core/commands.ts`; both pass `tests/runtime/command_vectors.json`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, assert_never

Document = Mapping[str, Any]
Json = Any
Pointer = str
Reason = Literal["missing", "taken", "into-itself", "key-of-element", "changed"]
"""The place is gone; the key is taken; an element would go into itself; a key would be set; another value is there than was."""


class Absent(Enum):
    """No value, which is something else than null."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: before the element with this key, or at the end."""

    list: Pointer
    before: str | None


@dataclass(frozen=True, slots=True)
class Insert:
    """Put an element into a list."""

    to: Place
    element: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Remove:
    """Take an element, which is as given, out of a list."""

    origin: Place
    element: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """Take an element to another place, of its list or of another."""

    key: str
    origin: Place
    to: Place


@dataclass(frozen=True, slots=True)
class SetValue:
    """Give a property another value than the previous one; an absent one takes it away."""

    at: Pointer
    value: Json = ABSENT
    previous: Json = ABSENT


Command = Insert | Remove | Move | SetValue


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a command was not carried out, and at which element or property."""

    reason: Reason
    pointer: Pointer


Applied = Document | Refused
_List = list[Any]


def apply(document: Document, command: Command) -> Applied:
    """Return the changed document; what changes nothing gives the same one.

    >>> apply({"name": {}, "icon": "a"}, SetValue("/icon", "b", "a"))
    {'name': {}, 'icon': 'b'}
    >>> apply({"icon": "c"}, SetValue("/icon", "b", "a"))
    Refused(reason='changed', pointer='/icon')
    """
    match command:
        case Insert():
            return _change_list(document, command.to.list, lambda found: _put(found, command.element, command.to))
        case Remove():
            return _remove(document, command)
        case Move():
            return _move(document, command)
        case SetValue():
            return _set(document, command)
        case _:
            assert_never(command)


def apply_all(document: Document, commands: Sequence[Command]) -> Applied:
    """Apply commands in order; the first refusal refuses them all."""
    current = document
    for command in commands:
        applied = apply(current, command)
        if isinstance(applied, Refused):
            return applied
        current = applied
    return current


def invert(command: Command) -> Command:
    """Return the command that takes one back."""
    match command:
        case Insert():
            return Remove(command.to, command.element)
        case Remove():
            return Insert(command.origin, command.element)
        case Move():
            return Move(command.key, command.to, command.origin)
        case SetValue():
            return SetValue(command.at, command.previous, command.value)
        case _:
            assert_never(command)


def invert_all(commands: Sequence[Command]) -> tuple[Command, ...]:
    """Return the commands that take a group back, the last one first."""
    return tuple([invert(command) for command in reversed(commands)])


def adapt(document: Document, command: Command) -> Command | Refused:
    """Return the command with its places as they are in this document; whether it may still be carried out, `apply` says.

    An element goes to the end where its neighbour is gone. A list that somebody else has made meanwhile is not emptied.
    """
    match command:
        case Insert():
            found = find_list(document, command.to.list)
            return Refused("missing", command.to.list) if found is None else Insert(_place(found, command.to), command.element)
        case Remove():
            found = find_list(document, command.origin.list)
            key = str(command.element["key"])
            if found is None or element_of(found, key) is None:
                return Refused("missing", element_at(command))
            return Remove(Place(command.origin.list, _key_after(found, key)), command.element)
        case Move():
            found, there = find_list(document, command.origin.list), find_list(document, command.to.list)
            if found is None or there is None or element_of(found, command.key) is None:
                return Refused("missing", element_at(command))
            origin = Place(command.origin.list, _key_after(found, command.key))
            stays = command.to == Place(command.origin.list, command.key)
            return Move(command.key, origin, origin if stays else _place(there, command.to))
        case SetValue():
            makes_list = command.value == [] and command.previous is ABSENT
            present = find(document, command.at)
            return SetValue(command.at, present, present) if makes_list and isinstance(present, list) else command
        case _:
            assert_never(command)


def element_at(command: Command) -> Pointer:
    """Return what a command is about, as it is named before it; what an insert brings is named where it goes."""
    match command:
        case Insert():
            return f"{command.to.list}/{command.element['key']}"
        case Remove():
            return f"{command.origin.list}/{command.element['key']}"
        case Move():
            return f"{command.origin.list}/{command.key}"
        case SetValue():
            return command.at
        case _:
            assert_never(command)


def find(document: Json, pointer: Pointer) -> Json:
    """Return what a pointer names, ABSENT where nothing is."""
    value = document
    for segment in _segments(pointer):
        if isinstance(value, list):
            value = element_of(value, segment)
            if value is None:
                return ABSENT
        elif isinstance(value, Mapping) and segment in value:
            value = value[segment]
        else:
            return ABSENT
    return value


def find_list(document: Json, pointer: Pointer) -> _List | None:
    """Return the list a pointer names, None where there is none."""
    found = find(document, pointer)
    return found if isinstance(found, list) else None


def element_of(elements: _List, key: str) -> Mapping[str, Any] | None:
    """Return the element of a list with a key."""
    return next((one for one in elements if isinstance(one, Mapping) and one.get("key") == key), None)


def is_within(inner: Pointer, outer: Pointer) -> bool:
    """Say whether a pointer is another or lies under it."""
    return inner == outer or inner.startswith(f"{outer}/")


def same(a: Json, b: Json) -> bool:
    """Say whether two values are the same as JSON: true is not 1, and the order of properties is none."""
    if isinstance(a, bool) or isinstance(b, bool) or a is None or b is None or isinstance(a, Absent) or isinstance(b, Absent):
        return a is b
    if isinstance(a, Mapping):
        return isinstance(b, Mapping) and len(a) == len(b) and all(name in b and same(a[name], b[name]) for name in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def _segments(pointer: Pointer) -> list[str]:
    return pointer.split("/")[1:]


def _split(pointer: Pointer) -> tuple[Pointer, str]:
    parent, _, last = pointer.rpartition("/")
    return parent, last


def _place(elements: _List, place: Place) -> Place:
    is_there = place.before is not None and element_of(elements, place.before) is not None
    return place if is_there else Place(place.list, None)


def _key_after(elements: _List, key: str) -> str | None:
    keys = [one.get("key") if isinstance(one, Mapping) else None for one in elements]
    following = keys[keys.index(key) + 1 :]
    return following[0] if following else None


def _remove(document: Document, command: Remove) -> Applied:
    found = find_list(document, command.origin.list)
    key = str(command.element["key"])
    present = None if found is None else element_of(found, key)
    if found is None or present is None:
        return Refused("missing", element_at(command))
    if not same(present, command.element):
        return Refused("changed", element_at(command))
    return _replaced(document, command.origin.list, _without(found, key))


def _move(document: Document, command: Move) -> Applied:
    at = element_at(command)
    if is_within(command.to.list, at):
        return Refused("into-itself", at)
    found = find_list(document, command.origin.list)
    element = None if found is None else element_of(found, command.key)
    if found is None or element is None:
        return Refused("missing", at)
    rest = _without(found, command.key)
    if command.origin.list == command.to.list:
        put = _put(rest, element, command.to)
        if isinstance(put, Refused):
            return put
        return document if all(map(lambda a, b: a is b, put, found)) else _replaced(document, command.to.list, put)
    removed = _replaced(document, command.origin.list, rest)
    return _change_list(removed, command.to.list, lambda there: _put(there, element, command.to))


def _set(document: Document, command: SetValue) -> Applied:
    parent, last = _split(command.at)
    holder = find(document, parent)
    if not isinstance(holder, Mapping):
        return Refused("missing", command.at)
    present = find(document, command.at)
    if same(present, command.value):
        return document
    if last == "key" and parent and find_list(document, _split(parent)[0]) is not None:
        return Refused("key-of-element", command.at)
    if not same(present, command.previous):
        return Refused("changed", command.at)
    kept = {name: value for name, value in holder.items() if name != last or command.value is not ABSENT}
    if command.value is not ABSENT:
        kept[last] = command.value
    return _replaced(document, parent, kept)


def _change_list(document: Document, pointer: Pointer, change: Callable[[_List], _List | Refused]) -> Applied:
    found = find_list(document, pointer)
    if found is None:
        return Refused("missing", pointer)
    changed = change(found)
    return changed if isinstance(changed, Refused) else _replaced(document, pointer, changed)


def _put(elements: _List, element: Mapping[str, Any], place: Place) -> _List | Refused:
    at = f"{place.list}/{element['key']}"
    if element_of(elements, str(element["key"])) is not None:
        return Refused("taken", at)
    if place.before is None:
        return [*elements, element]
    neighbour = element_of(elements, place.before)
    if neighbour is None:
        return Refused("missing", f"{place.list}/{place.before}")
    index = next(index for index, one in enumerate(elements) if one is neighbour)
    return [*elements[:index], element, *elements[index:]]


def _without(elements: _List, key: str) -> _List:
    return [one for one in elements if not (isinstance(one, Mapping) and one.get("key") == key)]


def _replaced(document: Document, pointer: Pointer, value: Json) -> Document:
    """Copy the path to a pointer and put a value at its end; what lies beside the path is shared."""
    changed: Document = _replace(document, _segments(pointer), value)
    return changed


def _replace(holder: Json, path: list[str], value: Json) -> Json:
    if not path:
        return value
    segment, *rest = path
    if isinstance(holder, list):
        found = element_of(holder, segment)
        return [_replace(one, rest, value) if one is found else one for one in holder]
    return {**holder, segment: _replace(holder[segment], rest, value)}
