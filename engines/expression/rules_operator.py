"""The typing rules of operators: what they may stand between, and what their answer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engines.expression.conversions import common, comparable, convert, is_blank_literal
from engines.expression.function import Function
from engines.expression.functions import FUNCTIONS
from engines.expression.messages import type_words
from engines.expression.rule import SIGNS, Rule
from engines.expression.tree import Call, TypedCall, TypedTree
from engines.values.value_types import BOOL, DATE, DATETIME, NUMBER, ValueType

if TYPE_CHECKING:
    from engines.expression.check import Checker


def _add(checker: Checker, tree: Call, row: Function) -> TypedTree:
    left, right = checker.node(tree.args[0]), checker.node(tree.args[1])
    names = (left.type.name, right.type.name)
    if names[0] in ("date", "datetime") and names[1] in ("number", "blank"):
        return _shift(checker, left, right, tree)
    if names[1] in ("date", "datetime") and names[0] in ("number", "blank"):
        return _shift(checker, right, left, tree)
    return _arithmetic(checker, left, right, row, tree)


def _sub(checker: Checker, tree: Call, row: Function) -> TypedTree:
    left, right = checker.node(tree.args[0]), checker.node(tree.args[1])
    names = {left.type.name, right.type.name}
    if names <= {"date", "blank"} and "date" in names:
        return _moments(checker, "days_between", (left, right), DATE, tree)
    if names <= {"date", "datetime", "blank"} and "datetime" in names:
        return _moments(checker, "time_between", (left, right), DATETIME, tree)
    if left.type.name in ("date", "datetime") and right.type.name == "number":
        turned = TypedCall("neg", (right,), NUMBER, right.span, right.may_be_blank, right.may_fail)
        return _shift(checker, left, turned, tree)
    return _arithmetic(checker, left, right, row, tree)


def _shift(checker: Checker, moment: TypedTree, days: TypedTree, tree: Call) -> TypedTree:
    name = "shift_date" if moment.type.name == "date" else "shift_datetime"
    counted = convert(days, NUMBER)
    assert counted is not None
    return checker.build(FUNCTIONS[name], (moment, counted), moment.type, tree.span)


def _moments(
    checker: Checker, name: str, args: tuple[TypedTree, TypedTree], wanted: ValueType, tree: Call
) -> TypedTree:
    converted = tuple([convert(arg, wanted) or arg for arg in args])
    return checker.build(FUNCTIONS[name], converted, NUMBER, tree.span)


def _arithmetic(checker: Checker, left: TypedTree, right: TypedTree, row: Function, tree: Call) -> TypedTree:
    if not ({left.type.name, right.type.name} <= {"number", "blank"}):
        words = {"left": type_words(left.type), "right": type_words(right.type)}
        checker.note("expression-operand", tree.span, sign=SIGNS[row.name], **words)
        return checker.blank(tree.span)
    converted = (convert(left, NUMBER) or left, convert(right, NUMBER) or right)
    return checker.build(row, converted, NUMBER, tree.span)


def _compare(checker: Checker, tree: Call, row: Function) -> TypedTree:
    left, right = [checker.node(arg) for arg in tree.args]
    for given, other in ((left, right), (right, left)):
        if row.name in ("eq", "ne") and given.type.of is not None and is_blank_literal(other):
            is_blank = checker.build(FUNCTIONS["ISBLANK"], (given,), BOOL, tree.span)
            return is_blank if row.name == "eq" else checker.build(FUNCTIONS["not"], (is_blank,), BOOL, tree.span)
    left, right = comparable(left, right)
    kind = common([left.type, right.type]).name
    ordered = kind in ("number", "text", "option", "bool", "date", "datetime", "blank")
    if not ordered and not (kind == "record" and row.name in ("eq", "ne")):
        words = {"left": type_words(left.type), "right": type_words(right.type)}
        checker.note("expression-operand", tree.span, sign=SIGNS[row.name], **words)
        return checker.blank(tree.span)
    return checker.build(row, (left, right), BOOL, tree.span)


OPERATOR_RULES: Mapping[str, Rule] = {
    "add": _add, "sub": _sub, "eq": _compare, "ne": _compare, "lt": _compare, "le": _compare, "gt": _compare, "ge": _compare,
}  # fmt: skip
