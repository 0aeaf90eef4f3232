"""A computed field in; whether it is a sum or a count over the records that point to its own, so that it can be added to, out."""

from collections.abc import Mapping

from engines.entity.entity import Entity, Field
from engines.expression.tree import TypedCall, TypedPath, TypedTree

_SUMS = frozenset({"SUM", "COUNT"})
_LISTS = frozenset({"filter", "map"})
_PLAIN = frozenset({"number", "text", "bool", "date", "datetime", "option"})


def additive(entity: Entity, field: Field, entities: Mapping[str, Entity]) -> str | None:
    """Return the way back whose records a field adds up: each has its share in it, known from the record alone. None for all others.

    What a share is then the formula itself says, of a list of that record only.
    """
    tree = None if field.formula is None else field.formula.tree
    if not isinstance(tree, TypedCall) or tree.name not in _SUMS or len(tree.args) != 1 or tree.may_fail or field.value_type.name != "number":
        return None
    first = _list_of(tree.args[0])
    inverse = entity.inverses.get(first or "")
    if inverse is None or field.formula is None:
        return None
    source = entities[inverse.source]
    is_plain = all(path[0] == first and (len(path) == 1 or _is_plain(source, path[1:])) for path in field.formula.reads)
    return first if is_plain and not _asks_around(tree.args[0], 0) else None


def _list_of(node: TypedTree) -> str | None:
    """Return the way back a list begins with, None where it is made in another way than by choosing and by computing a value of each."""
    if isinstance(node, TypedPath):
        return node.names[0] if node.row == 0 and node.many == 1 else None
    if isinstance(node, TypedCall) and node.name in _LISTS and (node.name == "filter" or node.args[1].type.of is None):
        return _list_of(node.args[0])
    return None


def _is_plain(source: Entity, path: tuple[str, ...]) -> bool:
    field = source.fields.get(path[0])
    return len(path) == 1 and field is not None and field.column is not None and field.value_type.name in _PLAIN


def _asks_around(node: TypedTree, depth: int) -> bool:
    """Whether a part reads the record around, beside its list."""
    if isinstance(node, TypedPath):
        return depth > 0 and node.row == 0
    if not isinstance(node, TypedCall):
        return False
    return any(_asks_around(arg, depth + (place == 1 and node.name in _LISTS)) for place, arg in enumerate(node.args))
