"""The typing rules of functions over parts of dates and spans whose row alone cannot say what they take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from engines.expression.conversions import convert
from engines.expression.function import Function
from engines.expression.rows_date import UNITS
from engines.expression.rows_moment import SPANS
from engines.expression.rule import Rule, note_choice
from engines.expression.rules_date import moment_of, unit_of
from engines.expression.tree import Call, TypedCall, TypedLiteral, TypedTree
from engines.values.value_types import DATE, DATETIME, NUMBER, TEXT, ValueType

if TYPE_CHECKING:
    from engines.expression.check import Checker


def _bound(checker: Checker, tree: Call, row: Function) -> TypedTree:
    """Type STARTOF and ENDOF: the start of an hour is a time, whatever it is asked of."""
    moment = moment_of(checker, tree.args[0], row, "date")
    unit = unit_of(checker, tree.args[1], row)
    if isinstance(unit, TypedLiteral) and unit.value in UNITS[5:]:
        moment = convert(moment, DATETIME) or moment
    return checker.build(row, (moment, unit), moment.type, tree.span)


def _datedif(checker: Checker, tree: Call, row: Function) -> TypedTree:
    start = checker.fit(checker.node(tree.args[0]), DATE, row, "from")
    end = checker.fit(checker.node(tree.args[1]), DATE, row, "to")
    unit = checker.fit(checker.node(tree.args[2]), TEXT, row, "unit")
    if isinstance(unit, TypedLiteral) and unit.value is not None and str(unit.value).upper() not in SPANS:
        note_choice(checker, row, "unit", SPANS, unit.value, unit.span)
    return checker.build(row, (start, end, unit), NUMBER, tree.span)


def _age(checker: Checker, tree: Call, row: Function) -> TypedTree:
    """Type AGE: the day that is left out is today, written out as a call, so that the tree knows it is not steady."""
    birth = checker.fit(checker.node(tree.args[0]), DATE, row, "birth")
    if len(tree.args) > 1:
        on = checker.fit(checker.node(tree.args[1]), DATE, row, "on")
    else:
        on = TypedCall("TODAY", (), DATE, tree.span)
    return checker.build(row, (birth, on), NUMBER, tree.span)


def _written(wanted: ValueType) -> Rule:
    """Return the rule of TODATE and TODATETIME: a date or time is converted, a text is read."""

    def rule(checker: Checker, tree: Call, row: Function) -> TypedTree:
        node = checker.node(tree.args[0])
        if node.type.name in ("date", "datetime"):
            return convert(node, wanted) or node
        node = checker.fit(node, TEXT, row, "value")
        made = checker.build(row, (node,), wanted, tree.span)
        is_filled = isinstance(node, TypedLiteral) and bool(node.value)
        return replace(made, may_be_blank=not is_filled)  # type: ignore[arg-type]

    return rule


MOMENT_RULES: Mapping[str, Rule] = {
    "STARTOF": _bound,
    "ENDOF": _bound,
    "DATEDIF": _datedif,
    "AGE": _age,
    "TODATE": _written(DATE),
    "TODATETIME": _written(DATETIME),
}
