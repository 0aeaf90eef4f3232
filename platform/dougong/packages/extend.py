"""Elements of an app and what packages add to them in, the elements with the additions in their places out, or what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dougong.packages.messages import MESSAGES
from engines.values.issue import Issue, issue

Element = dict[str, Any]
Elements = Mapping[str, Sequence[Mapping[str, Any]]]
Addition = tuple[str, str, Mapping[str, Any]]
"""The package that adds, the list of the document, and what is written there."""

CUSTOMER = "x_"
"""How keys begin that a customer adds to a package's element."""


def extended(elements: Elements, additions: Sequence[Addition], owners: Mapping[tuple[str, str], str]) -> tuple[Elements, list[Issue]]:
    """Return the elements with what is added to them. owners: the package of an element, by its list and key."""
    made: dict[str, list[Element]] = {name: [dict(one) for one in listed] for name, listed in elements.items()}
    issues: list[Issue] = []
    for package, name, addition in additions:
        is_own = owners.get((name, addition["extend"])) == package
        issues += _add(made[name], addition, f"/{name}/{addition['extend']}", "" if is_own else package)
    return made, issues


def _add(siblings: list[Element], addition: Mapping[str, Any], at: str, package: str) -> Iterator[Issue]:
    """Put an addition into the element it names. package: whose keys the new parts must have, empty where any will do."""
    place = next((index for index, one in enumerate(siblings) if one.get("key") == addition["extend"]), None)
    if place is None:
        yield issue(MESSAGES, "package-extends-unknown", at, None, name=addition["extend"])
        return
    target = siblings[place] = dict(siblings[place])
    before = addition.get("before")
    is_placed = before is None
    for name, parts in addition.items():
        if name in ("extend", "before") or parts is None:
            continue
        if name == "may":
            target[name] = [*target.get(name, []), *(one for one in parts if one not in target.get(name, []))]
        elif isinstance(parts, Mapping):
            if not isinstance(target.get(name), dict):
                yield issue(MESSAGES, "package-extends-unknown", f"{at}/{name}", None, name=name)
                continue
            target[name] = dict(target[name])
            for inner, more in parts.items():
                yield from _insert(target[name], inner, more, None, f"{at}/{name}", package)
        else:
            is_placed |= any(one.get("key") == before for one in target.get(name) or [])
            yield from _insert(target, name, parts, before, at, package)
    if not is_placed:
        yield issue(MESSAGES, "package-before-unknown", f"{at}/before", None, name=before)


def _insert(
    target: Element, name: str, parts: Sequence[Mapping[str, Any]], before: str | None, at: str, package: str
) -> Iterator[Issue]:
    """Add parts to a list of an element: before one of them, or at the end."""
    there = list(target.get(name) or [])
    for part in parts:
        if "extend" in part:
            yield from _add(there, part, f"{at}/{name}/{part['extend']}", package)
            continue
        key = part["key"]
        if package and name not in ("columns", "levels") and not key.startswith((f"{package}_", CUSTOMER)):
            yield issue(MESSAGES, "package-key-prefix", f"{at}/{name}/{key}", None, package=package, name=key)
        place = next((index for index, one in enumerate(there) if one.get("key") == before), len(there))
        there.insert(place, dict(part))
    target[name] = there
