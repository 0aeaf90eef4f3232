"""The typing rules of lists, of the fields of records, and of what is made of all values of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engines.expression.conversions import common, convert, stand_in
from engines.expression.function import Function
from engines.expression.messages import type_words
from engines.expression.rule import SIGNS, Rule, alike, argument_words
from engines.expression.tree import Call, Literal, Path, Span, Tree, TypedCall, TypedPath, TypedTree
from engines.values.value_types import BOOL, NUMBER, list_of

if TYPE_CHECKING:
    from engines.expression.check import Checker


def _list(checker: Checker, tree: Call, row: Function) -> TypedTree:
    items, wanted = alike(checker, [checker.node(arg) for arg in tree.args])
    return TypedCall(row.name, tuple(items), list_of(wanted), tree.span, False, any(item.may_fail for item in items))


def rows_of(checker: Checker, tree: Tree) -> TypedTree | None:
    """Return a list of records, or note that something else stands there."""
    node = checker.node(tree)
    if node.type.of is not None and node.type.of.name == "record":
        return node
    if node.type.name != "blank":
        checker.note("expression-not-a-list", node.span, given=type_words(node.type))
    return None


def _filter(checker: Checker, tree: Call, row: Function) -> TypedTree:
    rows = rows_of(checker, tree.args[0])
    if rows is None:
        return checker.blank(tree.span)
    condition = stand_in(checker.fit(checker.in_row_of(rows, tree.args[1]), BOOL, row, "condition"))
    return TypedCall(row.name, (rows, condition), rows.type, tree.span, False, rows.may_fail or condition.may_fail)


def _field(checker: Checker, tree: Call, row: Function) -> TypedTree:
    names: list[str] = []
    base: Tree = tree
    while isinstance(base, Call) and base.name == "field":
        literal = base.args[1]
        assert isinstance(literal, Literal)
        names.insert(0, str(literal.value))
        base = base.args[0]
    node = checker.node(base)
    element = node.type.of if node.type.of is not None else node.type
    if element.name != "record":
        if node.type.name != "blank":
            checker.note("expression-not-a-record", tree.span, owner=SIGNS.get("filter"), type=type_words(node.type))
        return checker.blank(tree.span)
    if not isinstance(path := checker.in_row_of(node, Path(tuple(names), tree.span)), TypedPath):
        return checker.blank(tree.span)
    if node.type.of is not None:
        return mapped(node, path, tree.span)
    return TypedCall(row.name, (node, path), path.type, tree.span, True, node.may_fail or path.may_fail)


def mapped(rows: TypedTree, value: TypedTree, span: Span) -> TypedTree:
    """Return the list of a value for each row."""
    element = value.type.of if value.type.of is not None else value.type
    return TypedCall("map", (rows, value), list_of(element), span, False, rows.may_fail or value.may_fail)


def _aggregate(checker: Checker, tree: Call, row: Function) -> TypedTree:
    first = checker.node(tree.args[0])
    is_rows = first.type.of is not None and first.type.of.name == "record"
    if is_rows and len(tree.args) == 2:
        args = [mapped(first, checker.in_row_of(first, tree.args[1]), tree.span)]
    else:
        args = [first, *(checker.node(arg) for arg in tree.args[1:])]
    wanted = common([arg.type.of if arg.type.of is not None else arg.type for arg in args])
    if row.name in ("SUM", "AVERAGE"):
        all_numbers(checker, args, row)
        wanted = NUMBER
    elif row.name != "COUNT" and wanted.name in ("any", "record", "list"):
        words = {"wanted": type_words(NUMBER), "given": type_words(wanted)}
        checker.note("expression-type", tree.span, name=row.name, argument=argument_words("value"), **words)
    if row.name == "COUNT":
        returns, converted = NUMBER, tuple(args)
    else:
        returns, converted = wanted, tuple([arg if arg.type.of is not None else convert(arg, wanted) or arg for arg in args])
    never_blank = any(arg.type.of is None and not arg.may_be_blank for arg in converted)
    blank = row.blank and not never_blank
    return TypedCall(row.name, converted, returns, tree.span, blank, any(arg.may_fail for arg in converted))


def all_numbers(checker: Checker, args: list[TypedTree], row: Function) -> None:
    """Note each argument that holds no numbers."""
    for arg in args:
        element = arg.type.of if arg.type.of is not None else arg.type
        if element.name not in ("number", "blank"):
            words = {"wanted": type_words(NUMBER), "given": type_words(element)}
            checker.note("expression-type", arg.span, name=row.name, argument=argument_words("value"), **words)


LIST_RULES: Mapping[str, Rule] = {
    "list": _list, "filter": _filter, "field": _field, "SUM": _aggregate, "COUNT": _aggregate, "AVERAGE": _aggregate,
    "MIN": _aggregate, "MAX": _aggregate,
}  # fmt: skip
