"""A draft and the packages its app is made of in, warnings out for keys that a later version of a package may bring as well.

What a customer adds to a package's element begins with `x_` (architecture.md 2.4). What was published without is left alone, for
its key is fixed; and so is an app whose only author works on it, whose package is in no library.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dougong.packages.extend import CUSTOMER
from dougong.packages.installed import read_installed
from dougong.packages.library import shipped_packages
from dougong.packages.messages import MESSAGES
from dougong.sites import Site
from engines.values.issue import Issue, issue

Document = Mapping[str, Any]

_PARTS = ("fields", "options", "rules", "guards", "projections", "unique")
_OF_STATES = ("states", "transitions")


async def read_key_warnings(site: Site, app: str, before: Document, after: Document) -> tuple[Issue, ...]:
    """Return a warning for each key that publishing would fix; before: the version in use."""
    installed = await read_installed(site.pool, app)
    rows = await site.pool.fetch("SELECT DISTINCT key FROM dougong.uploaded_package WHERE key = ANY($1::text[])", list(installed))
    offered = shipped_packages().keys() | {row["key"] for row in rows}
    return key_warnings({key: document for key, document in installed.items() if key in offered}, before, after)


def key_warnings(packages: Mapping[str, Document], before: Document, after: Document) -> tuple[Issue, ...]:
    """Return a warning for everything new in an element of a package whose key does not begin with `x_`."""
    owners = {pointer: key for key, package in packages.items() for pointer, _ in _elements(package)}
    known = owners.keys() | {pointer for pointer, _ in _elements(before)}
    found = []
    for pointer, element in _elements(after):
        holder = owners.get(_holder(pointer))
        if holder is not None and pointer not in known and not str(element["key"]).startswith(CUSTOMER):
            found.append(issue(MESSAGES, "package-customer-key", pointer, None, name=element["key"], package=holder))
    return tuple(found)


def _elements(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give every entity with all that has a key in it, by pointer."""
    for entity in _keyed(document.get("entities")):
        at = f"/entities/{entity.get('key') or entity.get('extend')}"
        yield at, entity
        yield from _inside(at, entity)
        states = entity.get("states")
        if isinstance(states, Mapping):
            for name in _OF_STATES:
                yield from ((f"{at}/states/{name}/{one['key']}", one) for one in _keyed(states.get(name)) if "key" in one)


def _inside(at: str, element: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name in _PARTS:
        for one in _keyed(element.get(name)):
            inner = f"{at}/{name}/{one.get('key') or one.get('extend')}"
            if "key" in one:
                yield inner, one
            yield from _inside(inner, one)


def _holder(pointer: str) -> str:
    """Return the element that an element is in.

    >>> _holder("/entities/card/states/transitions/send"), _holder("/entities/card/fields/a")
    ('/entities/card', '/entities/card')
    """
    return pointer.rsplit("/", 2)[0].removesuffix("/states")


def _keyed(value: object) -> list[Mapping[str, Any]]:
    """Return the elements of what should be a list of them; a draft may hold anything."""
    found = value if isinstance(value, list) else []
    return [one for one in found if isinstance(one, Mapping) and isinstance(one.get("key") or one.get("extend"), str)]
