"""A package with its requirements in, one self-contained document out: elements of required packages first, then its own."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from dougong.model.app_model import ORGANIZATION
from dougong.model.messages import MESSAGES
from dougong.packages.errors import PackageInvalid
from engines.values.issue import Issue, issue

Document = Mapping[str, Any]
LISTS = ("entities", "forms", "views", "menus", "roles", "policies", "seed", "demo")
_BOUND = re.compile(r"^\s*(>=|<=|==|<|>)?\s*(\d+(?:\.\d+)*)\s*$")


def compose(document: Document, find: Callable[[str], Document | None]) -> Document:
    """Return the document with everything it requires but the organization inside; `find` gives a package by key.

    Raises PackageInvalid: a requirement that is missing or of another version, packages that require each other in a circle.
    """
    order: list[Document] = []
    issues: list[Issue] = []
    _collect(document, find, (), order, issues)
    if issues:
        raise PackageInvalid(tuple(issues))
    if order == [document] or not _is_mergeable(document):
        return document  # what is wrong with its shape is told when it is resolved
    return _merge(document, order)


def _collect(
    document: Document,
    find: Callable[[str], Document | None],
    trail: tuple[str, ...],
    order: list[Document],
    issues: list[Issue],
) -> None:
    key = str(document.get("key"))
    if key in trail:
        circle = " → ".join((*trail[trail.index(key) :], key))
        issues.append(issue(MESSAGES, "package-requires-cycle", f"/requires/{trail[-1]}", None, cycle=circle))
        return
    for wanted in _requirements(document):
        name, version = str(wanted.get("package")), str(wanted.get("version", ""))
        if name == ORGANIZATION:
            continue
        found = find(name)
        if found is None or not satisfies(str(found.get("version", "1.0.0")), version):
            issues.append(
                issue(MESSAGES, "package-requires-missing", f"/requires/{name}", None, name=name, version=version)
            )
        elif all(other.get("key") != name for other in order):
            _collect(found, find, (*trail, key), order, issues)
    order.append(document)


def _requirements(document: Document) -> list[Mapping[str, Any]]:
    given = document.get("requires", [])
    return [r for r in given if isinstance(r, Mapping)] if isinstance(given, list) else []


def satisfies(version: str, wanted: str) -> bool:
    """Whether a version meets a requirement such as `>=1.0,<2`; an empty one is always met.

    >>> satisfies("1.4.0", ">=1.0,<2"), satisfies("2.0.0", ">=1.0,<2")
    (True, False)
    """
    for part in filter(None, wanted.split(",")):
        match = _BOUND.match(part)
        if match is None:
            return False
        ours, theirs = _numbers(version), _numbers(match[2])
        holds = {">=": ours >= theirs, "<=": ours <= theirs, "<": ours < theirs, ">": ours > theirs}
        if not holds.get(match[1] or "==", ours == theirs):
            return False
    return True


def _numbers(version: str) -> tuple[int, int, int]:
    parts = [int(part) for part in version.split(".") if part.isdigit()][:3]
    return tuple([*parts, 0, 0, 0][:3])  # type: ignore[return-value]


def _is_mergeable(document: Document) -> bool:
    """Whether a document has lists where merging looks for them, and entities with keys."""
    entities = document.get("entities", [])
    return all(isinstance(document.get(name, []), list) for name in LISTS) and all(
        isinstance(entity, dict)
        and isinstance(entity.get("key", entity.get("extend")), str)
        and all(isinstance(entity.get(name, []), list) for name in ("fields", "rules"))
        for entity in entities
    )


def _merge(document: Document, order: list[Document]) -> Document:
    merged: dict[str, Any] = {key: value for key, value in document.items() if key not in LISTS}
    merged["requires"] = [r for part in order for r in _requirements(part) if r.get("package") == ORGANIZATION][:1]
    for name in LISTS:
        merged[name] = [element for part in order for element in _owned(document, part, part.get(name, []))]
    merged["entities"] = _extended(merged["entities"])
    return merged


def _owned(document: Document, part: Document, elements: list[Any]) -> list[Any]:
    """Seed records name roles with the key of their package; in the composed app the roles are that app's."""
    old, new = f"{ORGANIZATION}.role:{part['key']}.", f"{ORGANIZATION}.role:{document['key']}."

    def renamed(value: Any) -> Any:  # noqa: ANN401 – any JSON
        if isinstance(value, str):
            return new + value.removeprefix(old) if value.startswith(old) else value
        if isinstance(value, list):
            return [renamed(v) for v in value]
        return {k: renamed(v) for k, v in value.items()} if isinstance(value, dict) else value

    return [renamed(element) for element in elements]


def _extended(entities: list[Any]) -> list[Any]:
    """Put what packages add to entities of others into those entities."""
    own = {e["key"]: dict(e) for e in entities if isinstance(e, dict) and "key" in e}
    left = []
    for extension in [e for e in entities if isinstance(e, dict) and "extend" in e]:
        target = own.get(extension["extend"])
        if target is None:
            left.append(extension)
            continue
        for name in ("fields", "rules"):
            if extension.get(name):
                target[name] = [*target.get(name, []), *extension[name]]
    return [*own.values(), *left]
