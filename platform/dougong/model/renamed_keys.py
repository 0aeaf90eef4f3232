"""The version in use and a draft in, warnings out for what is called as before but has another key: its data does not follow."""

from collections.abc import Iterator, Mapping
from typing import Any

from dougong.model.commands import Document, Pointer
from dougong.model.labels import labels
from dougong.model.messages import MESSAGES
from engines.values.issue import Issue, issue

_INSIDE = ("fields", "options")


def renamed_keys(before: Document, after: Document) -> tuple[Issue, ...]:
    """Return a warning for each entity, field, option and state whose published key is gone while one like it has come.

    >>> before, after = ({"entities": [{"key": key, "name": {"en": "Card"}, "fields": []}]} for key in ("card", "ticket"))
    >>> [found.pointer for found in renamed_keys(before, after)]
    ['/entities/ticket']
    """
    return tuple(_in_list("/entities", before.get("entities"), after.get("entities")))


def _in_list(at: Pointer, before: object, after: object) -> Iterator[Issue]:
    was, now = _keyed(before), _keyed(after)
    gone = {key: element for key, element in was.items() if key not in now}
    for key, element in now.items():
        former = was.get(key)
        if former is not None:
            yield from _in_element(f"{at}/{key}", former, element)
            continue
        old = next((one for one, found in gone.items() if _is_like(found, element)), None)
        if old is not None:
            del gone[old]
            yield issue(MESSAGES, "definition-key-renamed", f"{at}/{key}", None, name=_named(element), old=old, key=key)


def _in_element(at: Pointer, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Issue]:
    for name in _INSIDE:
        yield from _in_list(f"{at}/{name}", before.get(name), after.get(name))
    old, new = before.get("states"), after.get("states")
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _in_list(f"{at}/states/states", old.get("states"), new.get("states"))


def _is_like(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Say whether two elements are called the same and are of one kind."""
    name = before.get("name")
    return bool(name) and name == after.get("name") and before.get("kind") == after.get("kind")


def _named(element: Mapping[str, Any]) -> Mapping[str, str] | str:
    name = element.get("name")
    is_label = isinstance(name, Mapping) and all(isinstance(text, str) for text in name.values())
    return labels(name) if is_label and isinstance(name, Mapping) else str(element["key"])


def _keyed(value: object) -> dict[str, Mapping[str, Any]]:
    """Return the elements of what should be a list of them by key; a draft may hold anything."""
    found = value if isinstance(value, list) else []
    return {one["key"]: one for one in found if isinstance(one, Mapping) and isinstance(one.get("key"), str)}
