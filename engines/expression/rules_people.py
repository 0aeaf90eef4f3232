"""The typing rules of functions over people and over the record before the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from engines.expression.conversions import convert
from engines.expression.function import Function
from engines.expression.functions import FUNCTIONS
from engines.expression.messages import type_words
from engines.expression.rule import Rule, argument_words
from engines.expression.tree import Call, Span, TypedCall, TypedLiteral, TypedPath, TypedTree
from engines.values.value_types import BOOL, TEXT, entities_of, record_of

if TYPE_CHECKING:
    from engines.expression.check import Checker


def user_field(user: TypedTree, path: TypedPath, span: Span) -> TypedTree:
    """Return a field of the user at work: a path that starts at the user, not at the record."""
    from_user = replace(path, row=0)
    return TypedCall("user_field", (user, from_user), path.type, span, path.type.of is None, path.may_fail)


def _as_text(checker: Checker, node: TypedTree) -> TypedTree | None:
    """Return the id of a record as text; a text as it is."""
    if node.type.name == "record":
        return TypedCall("record_text", (node,), TEXT, node.span, node.may_be_blank, node.may_fail)
    return convert(node, TEXT) if node.type.name in ("text", "option", "blank") else None


def _in_department(checker: Checker, tree: Call, row: Function) -> TypedTree:
    node = checker.node(tree.args[0])
    text = _as_text(checker, node)
    if text is None:
        return _refused(checker, node, row)
    return checker.build(row, (text,), BOOL, tree.span)


def _of_department(checker: Checker, tree: Call, row: Function) -> TypedTree:
    node = checker.node(tree.args[0])
    if node.type.name not in ("record", "blank") or entities_of(node.type):
        return _refused(checker, node, row)
    return checker.build(row, (convert(node, record_of(None)) or node,), row.returns, tree.span)


_WHOSE = ("user", "department")


def _in_my_department(checker: Checker, tree: Call, row: Function) -> TypedTree:
    node = checker.node(tree.args[0])
    of = (node.type.entity or "").removeprefix("organization.")
    if node.type.name != "record" or of not in _WHOSE:
        return _refused(checker, node, row)
    below = checker.node(tree.args[1]) if len(tree.args) > 1 else TypedLiteral(False, BOOL, tree.span)
    if not isinstance(below, TypedLiteral) or not isinstance(below.value, bool):
        checker.note("expression-not-written-out", tree.args[1].span, name=row.name)
        return TypedLiteral(None, BOOL, tree.span)
    return TypedCall(row.name, (node, TypedLiteral(of, TEXT, tree.span), below), BOOL, tree.span, False, node.may_fail)


def _shared_with_me(checker: Checker, tree: Call, row: Function) -> TypedTree:
    action = checker.node(tree.args[0]) if tree.args else TypedLiteral("read", TEXT, tree.span)
    if not isinstance(action, TypedLiteral) or action.value not in ("read", "update"):
        checker.note("expression-not-written-out", tree.args[0].span, name=row.name)
        return TypedLiteral(None, BOOL, tree.span)
    kind = checker.scope.names.get("id")
    if kind is None:
        return TypedLiteral(False, BOOL, tree.span)
    return TypedCall(row.name, (TypedPath(("id",), kind, tree.span), action), BOOL, tree.span)


def _refused(checker: Checker, node: TypedTree, row: Function) -> TypedTree:
    words = {"wanted": type_words(record_of(None)), "given": type_words(node.type)}
    checker.note("expression-type", node.span, name=row.name, argument=argument_words("department"), **words)
    return TypedLiteral(None, row.returns, node.span)


def _own_field(checker: Checker, tree: Call, row: Function) -> TypedPath | None:
    """Return the field of the record that is asked for, or note that something else stands there."""
    node = checker.node(tree.args[0])
    if isinstance(node, TypedPath) and node.row == 0 and node.names[0] not in checker.scope.roots:
        return node
    if node.type.name != "blank" or isinstance(node, TypedPath):
        checker.note("expression-not-a-field", tree.args[0].span, name=row.name)
    return None


def _old(checker: Checker, tree: Call, row: Function) -> TypedTree:
    path = _own_field(checker, tree, row)
    return checker.blank(tree.span) if path is None else before(path, tree.span)


def before(path: TypedPath, span: Span) -> TypedCall:
    """Return a field as it was before the change."""
    return TypedCall("OLD", (path,), path.type, span, path.type.of is None, path.may_fail)


def _changed(checker: Checker, tree: Call, row: Function) -> TypedTree:
    path = _own_field(checker, tree, row)
    if path is None:
        return TypedLiteral(None, BOOL, tree.span)
    return TypedCall(row.name, (path, before(path, tree.span)), BOOL, tree.span, False, path.may_fail)


def _record_id(checker: Checker, tree: Call, row: Function) -> TypedTree:
    kind = checker.scope.names.get("id")
    if kind is None:
        return TypedLiteral(None, TEXT, tree.span)
    path = TypedPath(("id",), kind, tree.span)
    node: TypedTree = TypedCall("record_text", (path,), TEXT, tree.span, True) if kind.name == "record" else convert(path, TEXT) or path
    return checker.build(FUNCTIONS["RECORDID"], (node,), TEXT, tree.span)


PEOPLE_RULES: Mapping[str, Rule] = {
    "INDEPARTMENT": _in_department, "LEADEROF": _of_department, "DEPTPATH": _of_department, "OLD": _old,
    "CHANGED": _changed, "RECORDID": _record_id, "INMYDEPARTMENT": _in_my_department, "SHAREDWITHME": _shared_with_me,
}  # fmt: skip
