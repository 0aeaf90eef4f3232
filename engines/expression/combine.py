"""Conditions as typed trees in, one condition that holds where any, all or none of them hold out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engines.expression.tree import TypedCall, TypedLiteral, TypedPath, TypedTree
from engines.values.value_types import BOOL

_NOWHERE = (0, 0)


def any_of(conditions: Sequence[TypedTree]) -> TypedTree:
    """Return what holds where one of the conditions does."""
    return _joined("or", [_plain(one, False) for one in conditions])


def all_of(conditions: Sequence[TypedTree], if_failed: bool = False) -> TypedTree:
    """Return what holds where all of the conditions do. if_failed: whether one that fails counts as one that holds, as where something is denied."""
    return conditions[0] if len(conditions) == 1 else _joined("and", [_plain(one, if_failed) for one in conditions])


def none_of(condition: TypedTree) -> TypedTree:
    """Return what holds where a condition does not; where that fails, neither does."""
    return TypedCall("not", (_plain(condition, True),), BOOL, _NOWHERE)


def under(tree: TypedTree, name: str) -> TypedTree:
    """Return a condition on a record as one on what leads to that record by a name: for a row, on the record that owns it.

    >>> from engines.values.value_types import NUMBER
    >>> under(TypedPath(("total",), NUMBER), "parent").names
    ('parent', 'total')
    """
    if isinstance(tree, TypedPath):
        if tree.row:
            return tree
        return replace(tree, names=(name, *tree.names), many=tree.many + 1 if tree.many else 0)
    if isinstance(tree, TypedCall) and tree.name != "user_field":  # a path of the user's begins elsewhere
        return replace(tree, args=tuple(under(arg, name) for arg in tree.args))
    return tree


def _plain(tree: TypedTree, if_failed: bool) -> TypedTree:
    """Return a condition that is TRUE or FALSE, never blank and never an error."""
    if tree.may_fail:
        tree = TypedCall("IFERROR", (tree, TypedLiteral(if_failed, BOOL)), BOOL, _NOWHERE, tree.may_be_blank)
    return TypedCall("or_false", (tree,), BOOL, _NOWHERE) if tree.may_be_blank else tree


def _joined(name: str, parts: Sequence[TypedTree]) -> TypedTree:
    found = parts[0]
    for part in parts[1:]:
        found = TypedCall(name, (found, part), BOOL, _NOWHERE)
    return found
