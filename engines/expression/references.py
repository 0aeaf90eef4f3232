"""Takes a typed tree, gives the fields it reads and the functions it calls; computes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from engines.expression.functions import FUNCTIONS
from engines.expression.tree import TypedCall, TypedPath, TypedTree

Keys = tuple[str, ...]


def references(tree: TypedTree) -> frozenset[Keys]:
    """Return every field a tree reads, as keys from the record on; a field of a row begins with the way to the row.

    >>> from engines.values.value_types import NUMBER, list_of, record_of
    >>> from engines.expression.check import text_to_typed
    >>> from engines.expression.scope import Scope
    >>> scope = Scope({"rate": NUMBER, "lines": list_of(record_of("line"))}, {"line": {"price": NUMBER}}.get)
    >>> sorted(references(text_to_typed("SUM(lines, price * rate)", scope).tree))
    [('lines',), ('lines', 'price'), ('rate',)]
    """
    return frozenset(_read(tree, ((),)))


def functions_used(tree: TypedTree) -> frozenset[str]:
    """Return the name of every call in a tree."""
    return frozenset(call.name for call in calls_in(tree))


def calls_in(tree: TypedTree) -> Iterator[TypedCall]:
    """Give every call in a tree."""
    waiting: list[TypedTree] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, TypedCall):
            yield node
            waiting.extend(node.args)


def is_steady(tree: TypedTree) -> bool:
    """Tell whether a tree always gives the same answer for the same record: a stored computed field must."""
    return all(FUNCTIONS[name].steady for name in functions_used(tree))


def _read(node: TypedTree, ways: tuple[Keys, ...]) -> Iterator[Keys]:
    """Give what a node reads; ways[n] leads to the row of number n."""
    if isinstance(node, TypedPath):
        way = ways[node.row] if node.row < len(ways) else ()
        yield way + node.names
    elif isinstance(node, TypedCall):
        if node.name in ("filter", "map", "field"):
            yield from _read(node.args[0], ways)
            yield from _read(node.args[1], (*ways, _way(node.args[0], ways)))
        elif node.name != "user_field":  # its path starts at the user
            for arg in node.args:
                yield from _read(arg, ways)


def _way(rows: TypedTree, ways: tuple[Keys, ...]) -> Keys:
    """Return the keys that lead to the rows of a list."""
    if isinstance(rows, TypedPath):
        return (ways[rows.row] if rows.row < len(ways) else ()) + rows.names
    if isinstance(rows, TypedCall) and rows.name == "filter":
        return _way(rows.args[0], ways)
    if isinstance(rows, TypedCall) and rows.name == "map":
        return _way(rows.args[1], (*ways, _way(rows.args[0], ways)))
    return ()
