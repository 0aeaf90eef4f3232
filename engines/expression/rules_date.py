"""The typing rules of calls over dates and times that take either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engines.expression.conversions import convert
from engines.expression.function import Function
from engines.expression.rows_date import UNITS
from engines.expression.rule import Rule, alike, note_choice
from engines.expression.tree import Call, Tree, TypedLiteral, TypedTree
from engines.values.value_types import DATE, DATETIME, NUMBER, TEXT

if TYPE_CHECKING:
    from engines.expression.check import Checker


def unit_of(checker: Checker, tree: Tree, row: Function) -> TypedTree:
    """Return a unit of time; one that is written out must be known."""
    node = checker.fit(checker.node(tree), TEXT, row, "unit")
    if isinstance(node, TypedLiteral) and node.value is not None and node.value not in UNITS:
        note_choice(checker, row, "unit", UNITS, node.value, node.span)
    return node


def moment_of(checker: Checker, tree: Tree, row: Function, argument: str) -> TypedTree:
    """Return a date or a time, whichever is given."""
    node = checker.node(tree)
    return node if node.type.name == "datetime" else checker.fit(node, DATE, row, argument)


def _dateadd(checker: Checker, tree: Call, row: Function) -> TypedTree:
    moment = moment_of(checker, tree.args[0], row, "date")
    count = checker.fit(checker.node(tree.args[1]), NUMBER, row, "count")
    unit = unit_of(checker, tree.args[2], row)
    if isinstance(unit, TypedLiteral) and unit.value in UNITS[5:]:
        moment = convert(moment, DATETIME) or moment
    return checker.build(row, (moment, count, unit), moment.type, tree.span)


def _datediff(checker: Checker, tree: Call, row: Function) -> TypedTree:
    args, _ = alike(
        checker, [moment_of(checker, tree.args[0], row, "from"), moment_of(checker, tree.args[1], row, "to")]
    )
    unit = unit_of(checker, tree.args[2], row)
    if isinstance(unit, TypedLiteral) and unit.value in UNITS[5:]:
        args = [convert(arg, DATETIME) or arg for arg in args]
    return checker.build(row, (*args, unit), NUMBER, tree.span)


def _edate(checker: Checker, tree: Call, row: Function) -> TypedTree:
    moment = moment_of(checker, tree.args[0], row, "date")
    count = checker.fit(checker.node(tree.args[1]), NUMBER, row, "months")
    return checker.build(row, (moment, count), moment.type, tree.span)


DATE_RULES: Mapping[str, Rule] = {"DATEADD": _dateadd, "DATEDIFF": _datediff, "EDATE": _edate}
