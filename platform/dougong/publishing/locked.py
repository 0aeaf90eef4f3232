"""Two documents of an app in, an issue for everything that was done to elements its runtime relies on out."""

from collections.abc import Mapping
from typing import Any

from dougong.model.messages import MESSAGES
from dougong.model.property_words import words_of
from engines.values.issue import Issue, issue

_FREE = frozenset({"name", "help", "default", "indexed"})
"""What may change of a locked element: how it is called, found and filled in."""


def locked_issues(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Issue]:
    """Return an issue for every locked element that is gone or of another kind, and for every change of how it works."""
    now = dict(_elements("", after))
    issues = []
    for pointer, element in _elements("", before):
        name = pointer.rpartition("/")[2]
        if not element.get("locked"):
            continue
        if pointer not in now or now[pointer].get("kind") != element.get("kind"):
            issues.append(issue(MESSAGES, "definition-locked-removed", pointer, None, name=name))
            continue
        for key in _changed(element, now[pointer]):
            at = f"{pointer}/{key}"
            issues.append(issue(MESSAGES, "definition-locked-changed", at, None, name=name, property=words_of(key)))
    return issues


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the properties of a locked element that differ and may not; parts with keys are locked one by one."""
    names = [name for name in dict.fromkeys([*before, *after]) if name not in _FREE]
    return [
        name
        for name in names
        if (before.get(name) or None) != (after.get(name) or None)
        and not (_is_keyed(before.get(name)) and _is_keyed(after.get(name)))
    ]


def _is_keyed(value: object) -> bool:
    return value is None or isinstance(value, list) and all(isinstance(e, dict) and "key" in e for e in value)


def _elements(pointer: str, value: Any) -> list[tuple[str, Mapping[str, Any]]]:  # noqa: ANN401 – any JSON
    found: list[tuple[str, Mapping[str, Any]]] = []
    for name, part in value.items() if isinstance(value, Mapping) else ():
        for element in part if isinstance(part, list) else ():
            if isinstance(element, Mapping) and "key" in element:
                here = f"{pointer}/{name}/{element['key']}"
                found += [(here, element), *_elements(here, element)]
    return found
