"""Takes a typed tree, gives the fields it reads and the functions it calls; computes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from engines.expression.functions import FUNCTIONS
from engines.expression.tree import TypedCall, TypedLiteral, TypedPath, TypedTree

Keys = tuple[str, ...]


def references(tree: TypedTree) -> frozenset[Keys]:
    """Return every field a tree reads, as keys from the record on; a field of a row begins with the way to the row.

    What is read of a whole entity begins with its name: ("@customer", "level").

    >>> from engines.values.value_types import NUMBER, list_of, record_of
    >>> from engines.expression.check import text_to_typed
    >>> from engines.expression.scope import Scope
    >>> scope = Scope({"rate": NUMBER, "lines": list_of(record_of("line"))}, {"line": {"price": NUMBER}}.get)
    >>> sorted(references(text_to_typed("SUM(lines, price * rate)", scope).tree))
    [('lines',), ('lines', 'price'), ('rate',)]
    """
    return frozenset(_read(tree, (frozenset({()}),)))


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


def is_steady(tree: TypedTree, but: frozenset[str] = frozenset()) -> bool:
    """Tell whether a tree always gives the same answer for the same record, as a stored computed field must; `but` for what some functions give."""
    return all(FUNCTIONS[name].steady for name in functions_used(tree) - but)


# Calls whose second argument is read in each row of the first.
IN_ROWS = frozenset({"filter", "map", "field", "SORT"})
Ways = frozenset[Keys]


def _read(node: TypedTree, ways: tuple[Ways, ...]) -> Iterator[Keys]:
    """Give what a node reads; ways[n] lead to the row of number n."""
    if isinstance(node, TypedPath):
        yield from _path(node, ways)
    elif isinstance(node, TypedCall):
        if node.name == "user_field":  # its path starts at the user
            return
        if node.name == "entity":
            yield from _ways(node, ways)
        inside = (*ways, _ways(node.args[0], ways)) if node.name in IN_ROWS else ways
        for place, arg in enumerate(node.args):
            yield from _read(arg, inside if place == 1 else ways)


def _path(node: TypedPath, ways: tuple[Ways, ...]) -> Ways:
    return frozenset(way + node.names for way in ways[node.row]) if node.row < len(ways) else frozenset()


def _ways(node: TypedTree, ways: tuple[Ways, ...]) -> Ways:
    """Return the keys that lead to a record, or to the rows of a list; of a whole entity its name."""
    if isinstance(node, TypedPath):
        return _path(node, ways)
    if not isinstance(node, TypedCall) or node.name == "user_field":
        return frozenset()
    if node.name == "entity":
        key = node.args[0]
        return frozenset({(f"@{key.value}",)}) if isinstance(key, TypedLiteral) else frozenset()
    if node.name in ("map", "field"):
        return _ways(node.args[1], (*ways, _ways(node.args[0], ways)))
    return frozenset().union(*(_ways(arg, ways) for arg in node.args if (arg.type.of or arg.type).name == "record"))
