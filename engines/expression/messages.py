"""The sentences of this package's issues, by code, in the words of someone who writes formulas, not programs."""

from __future__ import annotations

from collections.abc import Mapping

from engines.values.value_types import ValueType

MESSAGES: dict[str, dict[str, str]] = {
    "expression-empty": {"zh-CN": "公式是空的", "en": "The formula is empty"},
    "expression-too-long": {
        "zh-CN": "公式过长（最多 {most} 个字符）",
        "en": "The formula is too long (at most {most} characters)",
    },
    "expression-too-large": {
        "zh-CN": "公式的组成部分过多（最多 {most} 个），请拆成几个计算字段",
        "en": "The formula has too many parts (at most {most}); split it into several computed fields",
    },
    "expression-too-deep": {
        "zh-CN": "公式嵌套过深（最多 {most} 层），请拆成几个计算字段",
        "en": "The formula is nested too deeply (at most {most} levels); split it into several computed fields",
    },
    "expression-bad-character": {
        "zh-CN": "公式里不能使用“{found}”",
        "en": "'{found}' cannot be used in a formula",
    },
    "expression-unclosed-text": {
        "zh-CN": "这段文本没有结束，缺少引号",
        "en": "This text does not end: a closing quote is missing",
    },
    "expression-unclosed-name": {
        "zh-CN": "这个字段名没有结束，缺少“}}”",
        "en": "This field name does not end: '}}' is missing",
    },
    "expression-unclosed-date": {
        "zh-CN": "这个日期没有结束，缺少“#”",
        "en": "This date does not end: '#' is missing",
    },
    "expression-unclosed-comment": {
        "zh-CN": "这段注释没有结束，缺少“*/”",
        "en": "This comment does not end: '*/' is missing",
    },
    "expression-empty-name": {"zh-CN": "花括号里缺少字段名", "en": "A field name is missing in the braces"},
    "expression-expected-value": {
        "zh-CN": "这里需要一个值或字段，却是{found}",
        "en": "Expected a value or a field here, but found {found}",
    },
    "expression-expected-value-at-end": {
        "zh-CN": "公式没有写完：后面需要一个值或字段",
        "en": "Expected a value or a field, but the formula ends here",
    },
    "expression-expected-operator": {
        "zh-CN": "{found}之前缺少运算符（例如 +、*、&）",
        "en": "Expected an operator such as +, * or & before {found}",
    },
    "expression-expected-closing": {
        "zh-CN": "缺少与“{opener}”配对的“{closer}”，却是{found}",
        "en": "Expected '{closer}' to close {opener}, but found {found}",
    },
    "expression-expected-closing-at-end": {
        "zh-CN": "公式没有写完：缺少与“{opener}”配对的“{closer}”",
        "en": "Expected '{closer}' to close {opener}, but the formula ends here",
    },
    "expression-unopened": {
        "zh-CN": "{found}没有与之配对的左括号",
        "en": "{found} closes nothing: there is no bracket it belongs to",
    },
    "expression-expected-name": {
        "zh-CN": "“.”之后需要字段名，却是{found}",
        "en": "Expected a field name after '.', but found {found}",
    },
    "expression-expected-entity": {
        "zh-CN": "“@”之后需要实体名，却是{found}",
        "en": "Expected the name of an entity after '@', but found {found}",
    },
    "expression-chained-comparison": {
        "zh-CN": "比较不能连写：请写成 a < b AND b < c，或使用 BETWEEN(b, a, c)",
        "en": "Comparisons cannot be chained: write a < b AND b < c, or BETWEEN(b, a, c)",
    },
    "expression-number-too-large": {
        "zh-CN": "数字过大或小数位过多（须小于 10 的 38 次方，至多 1000 位小数）",
        "en": "The number is too large or too fine (it must be below 10^38, with at most 1,000 decimals)",
    },
    "expression-bad-date": {
        "zh-CN": "“{found}”不是有效日期；请写成 #2026-11-23# 或 #2026-11-23 08:30#",
        "en": "'{found}' is no date that exists; write #2026-11-23# or #2026-11-23 08:30#",
    },
    "expression-unknown-name": {
        "zh-CN": "没有名为“{name}”的字段{suggestion}",
        "en": "There is no field named '{name}'{suggestion}",
    },
    "expression-unknown-field": {
        "zh-CN": "“{owner}”没有名为“{name}”的字段{suggestion}",
        "en": "'{owner}' has no field named '{name}'{suggestion}",
    },
    "expression-ambiguous-name": {
        "zh-CN": "“{name}”可以指多个字段：{candidates}；请写字段标识",
        "en": "'{name}' may mean several fields: {candidates}; write the key",
    },
    "expression-unknown-entity": {
        "zh-CN": "没有名为“{name}”的实体{suggestion}",
        "en": "There is no entity named '{name}'{suggestion}",
    },
    "expression-ambiguous-entity": {
        "zh-CN": "“{name}”可以指多个实体：{candidates}；请写实体标识",
        "en": "'{name}' may mean several entities: {candidates}; write the key",
    },
    "expression-not-a-decision": {
        "zh-CN": "这里需要一张决策表的全部记录，如 @折扣上限",
        "en": "Expected the rows of a decision table, such as @discount_limit",
    },
    "expression-decision-output": {
        "zh-CN": "这里需要决策表的一个输出字段：{outputs}",
        "en": "Expected the name of an output of the decision table: {outputs}",
    },
    "expression-not-a-record": {
        "zh-CN": "“{owner}”是{type}，没有下级字段",
        "en": "'{owner}' is {type} and has no fields of its own",
    },
    "expression-unknown-function": {
        "zh-CN": "没有名为 {name} 的函数{suggestion}",
        "en": "There is no function {name}{suggestion}",
    },
    "expression-argument-missing": {
        "zh-CN": "{name} 缺少参数“{argument}”",
        "en": "{name} lacks its argument '{argument}'",
    },
    "expression-argument-surplus": {
        "zh-CN": "{name} 最多有 {most} 个参数，却写了 {given} 个",
        "en": "{name} takes at most {most} arguments, but {given} are given",
    },
    "expression-type": {
        "zh-CN": "{name} 的“{argument}”需要{wanted}，却是{given}",
        "en": "{name} needs {wanted} for '{argument}', but this is {given}",
    },
    "expression-operand": {
        "zh-CN": "“{sign}”不能用于{left}和{right}",
        "en": "'{sign}' cannot be used with {left} and {right}",
    },
    "expression-condition": {
        "zh-CN": "这里需要一个条件（是/否），却是{given}",
        "en": "Expected a condition (true or false), but this is {given}",
    },
    "expression-not-a-list": {
        "zh-CN": "只有明细或列表可以筛选，这里是{given}",
        "en": "Only line items or a list can be filtered, but this is {given}",
    },
    "expression-not-a-field": {
        "zh-CN": "{name} 的括号里只能写本记录的一个字段",
        "en": "{name} takes a field of the record, and nothing else",
    },
    "expression-not-written-out": {
        "zh-CN": "{name} 的这个参数要直接写出，不能由公式算出，且须是它所认识的值",
        "en": "This argument of {name} has to be written out, as one of the values it knows, not computed",
    },
    "expression-choice": {
        "zh-CN": "{name} 的“{argument}”只能是：{choices}",
        "en": "{name} takes one of these for '{argument}': {choices}",
    },
    "expression-bad-format": {
        "zh-CN": "{name} 的“{argument}”看不懂：{found}；数字用 0 # , . %，日期用 yyyy mm dd，时间用 hh mm ss，其他字母写在引号里",
        "en": "{name} cannot read {found} as its '{argument}': numbers are written with 0 # , . %, dates with yyyy mm dd, "
        "times with hh mm ss, other letters in quotes",
    },
    "expression-format-kind": {
        "zh-CN": "{name} 的“{argument}”应是{kind}，不能用来写{given}",
        "en": "{name} needs {kind} for '{argument}', this one cannot write {given}",
    },
    "expression-bad-pattern": {
        "zh-CN": "{name} 的“{argument}”{found}不是可用的正则表达式（或者过长、过大）",
        "en": "{name} cannot use {found} as its '{argument}': it is no regular expression, or too large a one",
    },
    "expression-no-group": {
        "zh-CN": "{name} 的“{argument}”指向一个不存在的分组：这个正则表达式有 {groups} 个分组",
        "en": "{name} names a group in '{argument}' that is not there: the regular expression has {groups}",
    },
    "expression-pattern-in-sql": {
        "zh-CN": "{name} 不能用在这里：数据库对这个正则表达式的理解会不一样，或者它不是直接写出的",
        "en": "{name} cannot be used here: the database would read this regular expression differently, or it is not written out",
    },
    "expression-format-in-sql": {
        "zh-CN": "{name} 不能用在这里：数据库需要直接写出的“{argument}”",
        "en": "{name} cannot be used here: the database needs '{argument}' to be written out",
    },
    "expression-result": {
        "zh-CN": "这个公式的结果应是{wanted}，却是{given}",
        "en": "This formula should give {wanted}, but gives {given}",
    },
    "expression-not-here": {
        "zh-CN": "{name} 不能用在这里：{place}无法计算它",
        "en": "{name} cannot be used here: {place} cannot compute it",
    },
}

PLACES: dict[str, dict[str, str]] = {
    "python": {"zh-CN": "服务器", "en": "the server"},
    "sql": {"zh-CN": "数据库", "en": "the database"},
    "browser": {"zh-CN": "浏览器", "en": "the browser"},
}

_TYPES: dict[str, dict[str, str]] = {
    "number": {"zh-CN": "数字", "en": "a number"},
    "text": {"zh-CN": "文本", "en": "a text"},
    "bool": {"zh-CN": "是/否", "en": "true or false"},
    "date": {"zh-CN": "日期", "en": "a date"},
    "datetime": {"zh-CN": "时间", "en": "a time"},
    "option": {"zh-CN": "选项", "en": "an option"},
    "record": {"zh-CN": "记录", "en": "a record"},
    "list": {"zh-CN": "列表", "en": "a list"},
    "blank": {"zh-CN": "空值", "en": "a blank"},
    "any": {"zh-CN": "类型不一的值", "en": "a value of mixed types"},
}


def type_words(value_type: ValueType) -> Mapping[str, str]:
    """Return what people call a type, in each language."""
    return _TYPES[value_type.name]


def format_words(is_number: bool) -> Mapping[str, str]:
    """Return what people call the format of a number, or that of a date or time."""
    if is_number:
        return {"zh-CN": "数字格式", "en": "a format of numbers"}
    return {"zh-CN": "日期或时间格式", "en": "a format of dates and times"}


def found_words(text: str) -> Mapping[str, str]:
    """Return what stands somewhere, quoted, or that nothing does.

    >>> found_words("*")["en"], found_words("")["en"]
    ("'*'", 'the end of the formula')
    """
    if not text:
        return {"zh-CN": "公式的结尾", "en": "the end of the formula"}
    short = text if len(text) <= 30 else text[:29] + "…"
    return {"zh-CN": f"“{short}”", "en": f"'{short}'"}


def suggestion_words(names: list[str]) -> Mapping[str, str]:
    """Return the question whether a near name was meant, empty without one."""
    if not names:
        return {"zh-CN": "", "en": ""}
    chinese = "、".join(f"“{name}”" for name in names)
    english = " or ".join(f"'{name}'" for name in names)
    return {"zh-CN": f"；是否要写{chinese}？", "en": f"; did you mean {english}?"}
