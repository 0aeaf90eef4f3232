"""Lists of an app document in, their elements by key and the order they share out; what merging knows of lists."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

Element = Mapping[str, Any]
Elements = Mapping[str, Element]

IN = "in"
"""The property in which a form element, taken out of the tree, keeps the key of the section it lies in."""


def element_key(element: Element) -> str:
    """Return what an element is told from its neighbours by."""
    return str(element.get("key") or element.get("extend") or element.get("package") or "")


def _seed_key(element: Element) -> str:
    return f"{element.get('entity')}:{element_key(element)}" if "values" in element else ""


def keyed(lists: Sequence[object]) -> tuple[Elements, ...] | None:
    """Return lists as elements by key, all by the same kind of key; None where one of them is no list of elements with keys."""
    for key_of in (element_key, _seed_key):
        found = [_by_key(one, key_of) for one in lists]
        if None not in found:
            return tuple(one for one in found if one is not None)
    return None


def _by_key(value: object, key_of: Callable[[Element], str]) -> Elements | None:
    if not isinstance(value, list) or not all(isinstance(element, dict) for element in value):
        return None
    found = {key_of(element): element for element in value}
    return None if "" in found or len(found) < len(value) else found


def flat(nodes: object) -> Elements | None:
    """Return the elements of a form by key, those of sections too, each with the section it lies `in`; None if keys repeat."""
    found: dict[str, Element] = {}
    return found if _flatten(nodes, "", found) else None


def _flatten(nodes: object, section: str, found: dict[str, Element]) -> bool:
    if not isinstance(nodes, list):
        return False
    for node in nodes:
        key = element_key(node) if isinstance(node, dict) else ""
        if not key or key in found or IN in node:
            return False
        found[key] = {name: [] if name == "nodes" else value for name, value in node.items()} | {IN: section}
        if "nodes" in node and not _flatten(node["nodes"], key, found):
            return False
    return True


def nested(nodes: Elements, order: Callable[[str, Collection[str]], Sequence[str]], section: str = "") -> list[Element]:
    """Return the tree that flat form elements are of; `order` gives the order of what lies in a section."""
    children = [key for key, node in nodes.items() if node[IN] == section]
    found: list[Element] = []
    for key in order(section, children):
        node = {name: value for name, value in nodes[key].items() if name != IN}
        inner = nested(nodes, order, key)
        found.append(node | {"nodes": inner} if inner else node)
    return found


def place(nodes: Elements, key: str) -> str:
    """Return the pointer of a form element below its form."""
    section = nodes[key][IN]
    return f"{place(nodes, section)}/nodes/{key}" if section else f"/nodes/{key}"


def merged_order(
    keys: Collection[str], before: Sequence[str], ours: Sequence[str], theirs: Sequence[str], settle: Callable[[], str]
) -> list[str]:
    """Return keys in one order: of the side that changed it, what only the other has beside its neighbour there.

    settle: asked which side it is to be, where both have put the same elements in different orders.
    """
    is_theirs = not _differ(before, ours) or _differ(before, theirs) and _differ(ours, theirs) and settle() == "theirs"
    order, other = (theirs, ours) if is_theirs else (ours, theirs)
    found = [key for key in order if key in keys]
    at = ""
    for key in other:
        if key in keys and key not in found:
            found.insert(found.index(at) + 1 if at else 0, key)
        at = key if key in keys else at
    return found


def _differ(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two sequences have what is in both in different orders."""
    first, second = set(one), set(other)
    return [key for key in one if key in second] != [key for key in other if key in first]
