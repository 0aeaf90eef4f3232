"""Two documents in, the commands that lead from one to the other out; None where pointers cannot name what differs."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from dougong.model.commands import (
    ABSENT,
    Command,
    Document,
    Insert,
    Json,
    Move,
    Place,
    Pointer,
    Remove,
    SetValue,
    same,
)


def commands_between(before: Document, after: Document) -> tuple[Command, ...] | None:
    """Return the commands; elements of lists are told apart by their keys, every other list is one value.

    >>> commands_between({"icon": "a"}, {"icon": "b"})
    (SetValue(at='/icon', value='b', previous='a'),)
    """
    if not _can_be_named(before) or not _can_be_named(after):
        return None
    return tuple(_objects("", before, after))


def _objects(at: Pointer, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Command]:
    for name in dict.fromkeys([*old, *new]):
        yield from _values(f"{at}/{name}", old.get(name, ABSENT), new.get(name, ABSENT))


def _values(at: Pointer, old: Json, new: Json) -> Iterator[Command]:
    if same(old, new):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping) and _can_be_named(old) and _can_be_named(new):
        yield from _objects(at, old, new)
    elif _is_keyed(old) and _is_keyed(new):
        yield from _lists(at, old, new)
    else:
        yield SetValue(at, new, old)


def _lists(at: Pointer, old: list[Any], new: list[Any]) -> Iterator[Command]:
    was, now = {one["key"]: one for one in old}, {one["key"]: one for one in new}
    keys = [one["key"] for one in old]
    for key in [key for key in keys if key not in now]:
        yield Remove(Place(at, _after(keys, key)), was[key])
        keys.remove(key)
    stay = _in_order([key for key in now if key in was], {key: index for index, key in enumerate(keys)})
    following = None
    for key in reversed(now):
        if key not in was:
            yield Insert(Place(at, following), now[key])
        elif key not in stay:
            yield Move(key, Place(at, _after(keys, key)), Place(at, following))
            keys.remove(key)
        if key not in stay:
            keys.insert(len(keys) if following is None else keys.index(following), key)
        following = key
    for key, element in now.items():
        if key in was:
            yield from _values(f"{at}/{key}", was[key], element)


def _in_order(wanted: list[str], places: Mapping[str, int]) -> set[str]:
    """Return the most keys that can stay where they are: a longest rising run of their places."""
    ends: list[int] = []
    chains: list[tuple[str, ...]] = []
    for key in wanted:
        at = bisect_left(ends, places[key])
        chain = (*(chains[at - 1] if at else ()), key)
        ends[at : at + 1] = [places[key]]
        chains[at : at + 1] = [chain]
    return set(chains[-1]) if chains else set()


def _after(keys: list[str], key: str) -> str | None:
    following = keys[keys.index(key) + 1 :]
    return following[0] if following else None


def _is_keyed(value: Json) -> bool:
    if not isinstance(value, list):
        return False
    keys = [one.get("key") if isinstance(one, Mapping) else None for one in value]
    return all(isinstance(key, str) and key and "/" not in key for key in keys) and len(set(keys)) == len(keys)


def _can_be_named(value: Mapping[str, Any]) -> bool:
    return all(name and "/" not in name for name in value)
