"""The typing rules of functions over working days: dates, a count, and lists of days that may be left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from engines.expression.conversions import convert
from engines.expression.function import Function
from engines.expression.rows_workday import DATES
from engines.expression.rule import Rule
from engines.expression.tree import Call, Tree, TypedCall, TypedLiteral, TypedTree
from engines.values.value_types import DATE

if TYPE_CHECKING:
    from engines.expression.check import Checker


def _workdays(checker: Checker, tree: Call, row: Function) -> TypedTree:
    args: list[TypedTree] = []
    for given, arg in zip(tree.args, row.takes, strict=False):
        if arg.type == DATES:
            args.append(_days(checker, given, row, arg.name))
        else:
            args.append(checker.fit(checker.node(given), arg.type, row, arg.name))
    # A blank list is an empty one; a blank date or count makes the answer blank.
    blank = any(arg.may_be_blank for arg in args if arg.type.of is None)
    return replace(checker.build(row, tuple(args), row.returns, tree.span), may_be_blank=blank)  # type: ignore[arg-type]


def _days(checker: Checker, tree: Tree, row: Function, argument: str) -> TypedTree:
    """Return a list of dates; a single date is a list of one."""
    node = checker.node(tree)
    if node.type.name in ("date", "datetime"):
        return TypedCall("list", (convert(node, DATE) or node,), DATES, node.span, False, node.may_fail)
    if isinstance(node, TypedCall) and node.name == "list":
        items = [convert(item, DATE) for item in node.args]
        if None not in items:
            return replace(node, args=tuple([item for item in items if item is not None]), type=DATES)
    if node.type.of is not None and node.type.of.name == "blank":
        return TypedLiteral(None, DATES, node.span)
    return checker.fit(node, DATES, row, argument)


WORKDAY_RULES: Mapping[str, Rule] = {"NETWORKDAYS": _workdays, "WORKDAY": _workdays, "ISWORKDAY": _workdays}
