"""The typing rules of calls whose row alone cannot say what they take and return; each gives a typed call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from engines.expression.conversions import common, comparable, convert, stand_in
from engines.expression.function import Function
from engines.expression.functions import FUNCTIONS
from engines.expression.messages import type_words
from engines.expression.parse import parse
from engines.expression.rows_date import UNITS
from engines.expression.tree import Call, Literal, Path, Span, Tree, TypedCall, TypedLiteral, TypedPath, TypedTree
from engines.values.value_types import (
    BLANK,
    BOOL,
    DATE,
    DATETIME,
    NUMBER,
    TEXT,
    ValueType,
    list_of,
)

if TYPE_CHECKING:
    from engines.expression.check import Checker

Rule = Callable[["Checker", Call, Function], TypedTree]

# How an author writes the operators.
SIGNS: Mapping[str, str] = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "^", "neg": "-", "percent": "%", "concat": "&",
    "eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "and": "AND", "or": "OR", "not": "NOT",
    "list": "[…]", "filter": "[…]", "field": ".",
}  # fmt: skip

_ARGUMENTS = {
    "value": "值", "places": "小数位数", "step": "步长", "divisor": "除数", "low": "下限", "high": "上限", "text": "文本",
    "count": "个数", "start": "起点", "old": "原文", "new": "新文", "which": "第几处", "piece": "片段", "condition": "条件",
    "then": "成立时", "else": "不成立时", "case": "情形", "result": "结果", "instead": "替代值", "candidate": "候选值",
    "date": "日期", "months": "月数", "unit": "单位", "from": "起", "to": "止", "year": "年", "month": "月", "day": "日",
    "left": "左边", "right": "右边", "list": "列表", "record": "记录", "name": "字段名",
}  # fmt: skip


def argument_words(name: str) -> Mapping[str, str]:
    """Return what people call an argument, in each language."""
    return {"zh-CN": _ARGUMENTS[name], "en": name}


def literal_type(value: object) -> ValueType:
    """Return the type of a value written in a text."""
    kind = type(value).__name__
    return _LITERAL_TYPES[kind]


_LITERAL_TYPES = {
    "NoneType": BLANK, "Decimal": NUMBER, "str": TEXT, "bool": BOOL, "date": DATE, "datetime": DATETIME,
}  # fmt: skip


@cache
def _default_value(text: str) -> Decimal:
    tree = parse(text).tree
    assert isinstance(tree, Literal) and isinstance(tree.value, Decimal)
    return tree.value


def default(text: str, span: Span) -> Literal:
    """Return the literal of an argument that is left out."""
    return Literal(_default_value(text), (span[1], span[1]))


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
    left, right = comparable(checker.node(tree.args[0]), checker.node(tree.args[1]))
    kind = common([left.type, right.type]).name
    ordered = kind in ("number", "text", "option", "bool", "date", "datetime", "blank")
    if not ordered and not (kind == "record" and row.name in ("eq", "ne")):
        words = {"left": type_words(left.type), "right": type_words(right.type)}
        checker.note("expression-operand", tree.span, sign=SIGNS[row.name], **words)
        return checker.blank(tree.span)
    return checker.build(row, (left, right), BOOL, tree.span)


def _alike(checker: Checker, nodes: list[TypedTree]) -> tuple[list[TypedTree], ValueType]:
    """Return nodes in the type they have in common; mixed kinds are left as they are."""
    wanted = common([node.type for node in nodes])
    return [convert(node, wanted) or node for node in nodes], wanted


def _condition(checker: Checker, tree: Tree, row: Function) -> TypedTree:
    return stand_in(checker.fit(checker.node(tree), BOOL, row, "condition"))


def _if(checker: Checker, tree: Call, row: Function) -> TypedTree:
    condition = _condition(checker, tree.args[0], row)
    nodes = [checker.node(arg) for arg in tree.args[1:]]
    if len(nodes) == 1:
        nodes.append(checker.blank((tree.span[1], tree.span[1])))
    branches, wanted = _alike(checker, nodes)
    return _choice(row, [condition], branches, wanted, tree.span)


def _ifs(checker: Checker, tree: Call, row: Function) -> TypedTree:
    if len(tree.args) % 2:
        name = argument_words("value")
        checker.note("expression-argument-missing", tree.span, name=row.name, argument=name)
    conditions = [_condition(checker, arg, row) for arg in tree.args[::2]]
    nodes = [checker.node(arg) for arg in tree.args[1::2]]
    branches, wanted = _alike(checker, nodes)
    args = [part for pair in zip(conditions, branches, strict=False) for part in pair]
    fails = any(arg.may_fail for arg in args)
    return TypedCall(row.name, tuple(args), wanted, tree.span, True, fails)


def _switch(checker: Checker, tree: Call, row: Function) -> TypedTree:
    value = checker.node(tree.args[0])
    rest = tree.args[1:]
    cases = [checker.node(arg) for arg in rest[: len(rest) // 2 * 2 : 2]]
    results = [checker.node(arg) for arg in rest[1::2]]
    results.append(checker.node(rest[-1]) if len(rest) % 2 else checker.blank((tree.span[1], tree.span[1])))
    matched, _ = _alike(checker, [value, *cases])
    for case in matched[1:]:
        if common([matched[0].type, case.type]).name == "any":
            words = {"wanted": type_words(matched[0].type), "given": type_words(case.type)}
            checker.note("expression-type", case.span, name=row.name, argument=argument_words("case"), **words)
    branches, wanted = _alike(checker, results)
    args = [matched[0]]
    for case, result in zip(matched[1:], branches, strict=False):
        args += (case, result)
    args.append(branches[-1])
    blank, fails = any(part.may_be_blank for part in branches), any(arg.may_fail for arg in args)
    return TypedCall(row.name, tuple(args), wanted, tree.span, blank, fails)


def _choice(
    row: Function, conditions: list[TypedTree], branches: list[TypedTree], wanted: ValueType, span: Span
) -> TypedTree:
    args = (*conditions, *branches)
    blank, fails = any(branch.may_be_blank for branch in branches), any(arg.may_fail for arg in args)
    return TypedCall(row.name, args, wanted, span, blank, fails)


def _iferror(checker: Checker, tree: Call, row: Function) -> TypedTree:
    branches, wanted = _alike(checker, [checker.node(arg) for arg in tree.args])
    blank = any(branch.may_be_blank for branch in branches)
    return TypedCall(row.name, tuple(branches), wanted, tree.span, blank, branches[1].may_fail)


def _iserror(checker: Checker, tree: Call, row: Function) -> TypedTree:
    return TypedCall(row.name, (checker.node(tree.args[0]),), BOOL, tree.span)


def _ifblank(checker: Checker, tree: Call, row: Function) -> TypedTree:
    nodes = [checker.node(arg) for arg in tree.args]
    branches, wanted = _alike(checker, nodes)
    blank, fails = branches[-1].may_be_blank, any(branch.may_fail for branch in branches)
    return TypedCall(row.name, tuple(branches), wanted, tree.span, blank, fails)


def _between(checker: Checker, tree: Call, row: Function) -> TypedTree:
    args, wanted = _alike(checker, [checker.node(arg) for arg in tree.args])
    if wanted.name in ("any", "record", "list"):
        words = {"wanted": type_words(args[0].type), "given": type_words(args[1].type)}
        checker.note("expression-type", tree.span, name=row.name, argument=argument_words("low"), **words)
    return checker.build(row, tuple(args), BOOL, tree.span)


def _in(checker: Checker, tree: Call, row: Function) -> TypedTree:
    value = checker.node(tree.args[0])
    args = [value]
    for given in tree.args[1:]:
        candidate = checker.node(given)
        args.append(_candidate(checker, value, candidate, row))
    return checker.build(row, tuple(args), BOOL, tree.span)


def _candidate(checker: Checker, value: TypedTree, candidate: TypedTree, row: Function) -> TypedTree:
    wanted = value.type
    element = candidate.type.of if candidate.type.of is not None else candidate.type
    if wanted.name == "blank" or element.name == "blank":
        return candidate
    if candidate.type.of is None:
        fitting = convert(candidate, wanted) if common([wanted, element]).name != "any" or wanted.name == "record" else None
        if fitting is not None:
            return fitting
    elif common([wanted, element]).name not in ("any", "datetime") or wanted == element:
        return candidate
    words = {"wanted": type_words(wanted), "given": type_words(element)}
    checker.note("expression-type", candidate.span, name=row.name, argument=argument_words("candidate"), **words)
    return checker.blank(candidate.span)


def _contains(checker: Checker, tree: Call, row: Function) -> TypedTree:
    first = checker.node(tree.args[0])
    if first.type.of is None:
        return checker.by_row(row, tree)
    value = checker.node(tree.args[1])
    return checker.build(FUNCTIONS["IN"], (value, _candidate(checker, value, first, row)), BOOL, tree.span)


def _list(checker: Checker, tree: Call, row: Function) -> TypedTree:
    items, wanted = _alike(checker, [checker.node(arg) for arg in tree.args])
    return TypedCall(row.name, tuple(items), list_of(wanted), tree.span, False, any(item.may_fail for item in items))


def _rows(checker: Checker, tree: Tree) -> TypedTree | None:
    """Return a list of records, or note that something else stands there."""
    node = checker.node(tree)
    if node.type.of is not None and node.type.of.name == "record":
        return node
    if node.type.name != "blank":
        checker.note("expression-not-a-list", node.span, given=type_words(node.type))
    return None


def _filter(checker: Checker, tree: Call, row: Function) -> TypedTree:
    rows = _rows(checker, tree.args[0])
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
        return _map(node, path, tree.span)
    return TypedCall(row.name, (node, path), path.type, tree.span, True, node.may_fail or path.may_fail)


def _map(rows: TypedTree, value: TypedTree, span: Span) -> TypedTree:
    element = value.type.of if value.type.of is not None else value.type
    return TypedCall("map", (rows, value), list_of(element), span, False, rows.may_fail or value.may_fail)


def _aggregate(checker: Checker, tree: Call, row: Function) -> TypedTree:
    first = checker.node(tree.args[0])
    is_rows = first.type.of is not None and first.type.of.name == "record"
    if is_rows and len(tree.args) == 2:
        args = [_map(first, checker.in_row_of(first, tree.args[1]), tree.span)]
    else:
        args = [first, *(checker.node(arg) for arg in tree.args[1:])]
    wanted = common([arg.type.of if arg.type.of is not None else arg.type for arg in args])
    if row.name in ("SUM", "AVERAGE"):
        _all_numbers(checker, args, row)
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


def _all_numbers(checker: Checker, args: list[TypedTree], row: Function) -> None:
    for arg in args:
        element = arg.type.of if arg.type.of is not None else arg.type
        if element.name not in ("number", "blank"):
            words = {"wanted": type_words(NUMBER), "given": type_words(element)}
            checker.note("expression-type", arg.span, name=row.name, argument=argument_words("value"), **words)


def _unit(checker: Checker, tree: Tree, row: Function) -> TypedTree:
    node = checker.fit(checker.node(tree), TEXT, row, "unit")
    if isinstance(node, TypedLiteral) and node.value is not None and node.value not in UNITS:
        words = argument_words("unit")
        checker.note("expression-choice", node.span, name=row.name, argument=words, choices=", ".join(UNITS))
    return node


def _moment(checker: Checker, tree: Tree, row: Function, argument: str) -> TypedTree:
    node = checker.node(tree)
    return node if node.type.name == "datetime" else checker.fit(node, DATE, row, argument)


def _dateadd(checker: Checker, tree: Call, row: Function) -> TypedTree:
    moment = _moment(checker, tree.args[0], row, "date")
    count = checker.fit(checker.node(tree.args[1]), NUMBER, row, "count")
    unit = _unit(checker, tree.args[2], row)
    if isinstance(unit, TypedLiteral) and unit.value in UNITS[5:]:
        moment = convert(moment, DATETIME) or moment
    return checker.build(row, (moment, count, unit), moment.type, tree.span)


def _datediff(checker: Checker, tree: Call, row: Function) -> TypedTree:
    args, _ = _alike(
        checker, [_moment(checker, tree.args[0], row, "from"), _moment(checker, tree.args[1], row, "to")]
    )
    unit = _unit(checker, tree.args[2], row)
    if isinstance(unit, TypedLiteral) and unit.value in UNITS[5:]:
        args = [convert(arg, DATETIME) or arg for arg in args]
    return checker.build(row, (*args, unit), NUMBER, tree.span)


def _edate(checker: Checker, tree: Call, row: Function) -> TypedTree:
    moment = _moment(checker, tree.args[0], row, "date")
    count = checker.fit(checker.node(tree.args[1]), NUMBER, row, "months")
    return checker.build(row, (moment, count), moment.type, tree.span)


def _todate(checker: Checker, tree: Call, row: Function) -> TypedTree:
    node = checker.node(tree.args[0])
    if node.type.name in ("date", "datetime"):
        return convert(node, DATE) or node
    return checker.build(row, (checker.fit(node, TEXT, row, "value"),), DATE, tree.span)


RULES: Mapping[str, Rule] = {
    "add": _add, "sub": _sub, "eq": _compare, "ne": _compare, "lt": _compare, "le": _compare, "gt": _compare,
    "ge": _compare, "list": _list, "filter": _filter, "field": _field, "IF": _if, "IFS": _ifs, "SWITCH": _switch,
    "IFERROR": _iferror, "ISERROR": _iserror, "IFBLANK": _ifblank, "BETWEEN": _between, "IN": _in,
    "CONTAINS": _contains, "SUM": _aggregate, "COUNT": _aggregate, "AVERAGE": _aggregate, "MIN": _aggregate,
    "MAX": _aggregate, "DATEADD": _dateadd, "DATEDIFF": _datediff, "EDATE": _edate, "TODATE": _todate,
}  # fmt: skip
