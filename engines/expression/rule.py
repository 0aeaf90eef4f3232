"""What typing rules share: their shape, the signs of operators, the words for arguments, literals, nodes made alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from engines.expression.conversions import common, convert, stand_in
from engines.expression.function import Function
from engines.expression.parse import parse
from engines.expression.tree import Call, Literal, Span, Tree, TypedCall, TypedLiteral, TypedTree
from engines.expression.write import write_value
from engines.values.issue import Fix
from engines.values.value_types import ANY, BLANK, BOOL, DATE, DATETIME, NUMBER, TEXT, Value, ValueType

if TYPE_CHECKING:
    from engines.expression.check import Checker

Rule = Callable[["Checker", Call, Function], TypedTree]

# How an author writes the operators.
SIGNS: Mapping[str, str] = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "^", "neg": "-", "percent": "%", "concat": "&",
    "eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "and": "AND", "or": "OR", "not": "NOT",
    "list": "[…]", "filter": "[…]", "field": ".", "map": "MAP", "entity": "@",
}  # fmt: skip

_ARGUMENTS = {
    "value": "值", "places": "小数位数", "step": "步长", "divisor": "除数", "low": "下限", "high": "上限", "text": "文本",
    "count": "个数", "start": "起点", "old": "原文", "new": "新文", "which": "第几处", "piece": "片段", "condition": "条件",
    "then": "成立时", "else": "不成立时", "case": "情形", "result": "结果", "instead": "替代值", "candidate": "候选值",
    "date": "日期", "months": "月数", "unit": "单位", "from": "起", "to": "止", "year": "年", "month": "月", "day": "日",
    "hour": "时", "minute": "分", "second": "秒", "time": "时间", "type": "类型", "birth": "出生日期", "on": "截至日期",
    "basis": "基准", "milliseconds": "毫秒数", "holidays": "节假日", "workdays": "调休上班日",
    "left": "左边", "right": "右边", "list": "列表", "record": "记录", "name": "字段名",
    "separator": "分隔符", "skip": "跳过空值", "pad": "填充字符", "format": "格式", "pattern": "正则表达式", "group": "分组",
    "head": "开头保留", "tail": "末尾保留", "code": "编码", "other": "另一个文本",
    "position": "第几个", "base": "底数", "total": "总额", "weights": "权重", "rate": "利率", "periods": "期数", "period": "第几期", "payment": "每期付款",
    "present": "现值", "future": "终值", "timing": "付款时点", "guess": "估计值", "cost": "原值", "salvage": "残值", "life": "使用期数",
    "amount": "金额", "amounts": "各期金额", "dates": "各笔日期",
    "order": "次序", "key": "排序依据", "weight": "权重", "share": "比例", "mode": "取法",
    "id_card": "身份号码", "style": "样式", "form": "形式",
    "role": "角色", "whose": "谁的", "below": "含下级", "action": "动作", "department": "部门", "user": "用户", "level": "级数", "field": "字段", "rule": "编号规则", "table": "决策表", "output": "输出", "input": "输入",
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
def _default_value(text: str) -> Value:
    tree = parse(text).tree
    assert isinstance(tree, Literal)
    return tree.value


def default(text: str, span: Span) -> Literal:
    """Return the literal of an argument that is left out."""
    return Literal(_default_value(text), (span[1], span[1]))


def alike(checker: Checker, nodes: list[TypedTree]) -> tuple[list[TypedTree], ValueType]:
    """Return nodes in the type they have in common; of mixed kinds each says its own."""
    wanted = common([node.type for node in nodes])
    if wanted == ANY:
        return [_mixed(node) for node in nodes], wanted
    return [convert(node, wanted) or node for node in nodes], wanted


def _mixed(node: TypedTree) -> TypedTree:
    """Return a node as a value that stands among values of other types."""
    if node.type == ANY:
        return node
    if isinstance(node, TypedLiteral) and node.value is None:
        return TypedLiteral(None, ANY, node.span)
    return TypedCall("to_any", (node,), ANY, node.span, node.may_be_blank, node.may_fail)


def note_choice(
    checker: Checker, row: Function, argument: str, choices: tuple[str, ...], given: object, span: Span
) -> None:
    """Note that an argument is none of the texts it can be; the nearest of them would put it right."""
    folded = {choice.casefold(): choice for choice in choices}
    word = str(given).casefold()[:80]
    nearest = get_close_matches(word, folded, n=1, cutoff=0.5) or [key for key in folded if key[:1] == word[:1]][:1]
    fixes = [Fix(span, write_value(folded[key])) for key in nearest]
    words, listed = argument_words(argument), ", ".join(choices)
    checker.note_with(fixes, "expression-choice", span, name=row.name, argument=words, choices=listed)


def condition_of(checker: Checker, tree: Tree, row: Function) -> TypedTree:
    """Return a node that must be a condition; a blank one does not hold."""
    return stand_in(checker.fit(checker.node(tree), BOOL, row, "condition"))
