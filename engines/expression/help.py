"""Takes rows of the functions table, gives what people read about them: groups, spellings, words for arguments, choices."""

from __future__ import annotations

from collections.abc import Mapping

from engines.expression.function import Function
from engines.expression.functions import ALIASES, GROUPS
from engines.expression.rows_date import UNITS
from engines.expression.rule import SIGNS, argument_words

GROUP_NAMES: Mapping[str, tuple[str, str]] = {
    "operator": ("Operators", "运算符"),
    "logic": ("Logic", "逻辑"),
    "number": ("Numbers", "数字"),
    "finance": ("Finance", "财务"),
    "text": ("Text", "文本"),
    "date": ("Dates and times", "日期与时间"),
    "list": ("Lines and lists", "明细与列表"),
    "china": ("China", "中国"),
    "people": ("People and circumstances", "人员与环境"),
}
"""What groups of functions are called, in English and Chinese; groups that are not here are not written by people."""

OPERATOR_SPELLINGS: Mapping[str, str] = {
    "add": "a + b", "sub": "a - b", "mul": "a * b", "div": "a / b", "pow": "a ^ b", "neg": "-a", "percent": "a%", "concat": "a & b",
    "eq": "a = b", "ne": "a <> b", "lt": "a < b", "le": "a <= b", "gt": "a > b", "ge": "a >= b", "and": "a AND b", "or": "a OR b",
    "not": "NOT a", "list": "[a, b]", "filter": "list[condition]", "field": "record.field",
}  # fmt: skip

_UNIT_WORDS = {
    "year": "年", "quarter": "季度", "month": "月", "week": "周", "day": "天", "hour": "小时", "minute": "分钟", "second": "秒",
}  # fmt: skip


def written_groups() -> Mapping[str, tuple[Function, ...]]:
    """Return the functions people write, by group."""
    return {group: rows for group, rows in GROUPS.items() if group in GROUP_NAMES}


def spelling_of(row: Function) -> str:
    """Return how a row is written: `ROUND(value, [places])`, an operator by its sign.

    >>> from engines.expression.functions import WRITTEN
    >>> spelling_of(WRITTEN["ROUND"]), spelling_of(WRITTEN["add"])
    ('ROUND(value, [places])', 'a + b')
    """
    if row.name in OPERATOR_SPELLINGS:
        return OPERATOR_SPELLINGS[row.name]
    words = [f"[{arg.name}]" if arg.optional or arg.default is not None else arg.name for arg in row.takes]
    return f"{row.name}({', '.join(words)}{', …' if row.repeats else ''})"


def insertion_of(row: Function) -> tuple[str, int]:
    """Return what to put into a text for a row, and how many of its characters then lie before the caret.

    >>> from engines.expression.functions import WRITTEN
    >>> insertion_of(WRITTEN["ROUND"]), insertion_of(WRITTEN["TODAY"]), insertion_of(WRITTEN["add"])
    (('ROUND()', 6), ('TODAY()', 7), (' + ', 3))
    """
    if row.name in _INSERTIONS:
        return _INSERTIONS[row.name]
    if row.name in OPERATOR_SPELLINGS:
        text = f" {SIGNS[row.name]} "
        return text, len(text)
    return f"{row.name}()", len(row.name) + (1 if row.takes else 2)


_INSERTIONS: Mapping[str, tuple[str, int]] = {
    "neg": ("-", 1), "percent": ("%", 1), "not": ("NOT ", 4), "list": ("[]", 1), "filter": ("[]", 1), "field": (".", 1),
    # Spreadsheets count from Sunday unless told otherwise; here Monday is the first day of the week.
    "WEEKDAY": ("WEEKDAY(, 2)", 8),
}  # fmt: skip


def aliases_of(row: Function) -> tuple[str, ...]:
    """Return the other spellings of a row: POWER is `^`."""
    return tuple(alias for alias, name in ALIASES.items() if name == row.name)


def argument_label(name: str) -> Mapping[str, str]:
    """Return what people call an argument."""
    try:
        return argument_words(name)
    except KeyError:
        return {"zh-CN": name, "en": name}


def choices_of(function: str, argument: str) -> Mapping[str, Mapping[str, str]]:
    """Return the texts an argument of a function can be, with what they mean; nothing when it can be any.

    >>> choices_of("DATEADD", "unit")["day"]["zh-CN"]
    '天'
    """
    return _CHOICES.get((function, argument)) or (_UNITS if argument == "unit" else {})


_UNITS = {unit: {"zh-CN": _UNIT_WORDS[unit], "en": unit} for unit in UNITS}
_CHOICES: Mapping[tuple[str, str], Mapping[str, Mapping[str, str]]] = {
    ("DATEDIF", "unit"): {
        "Y": {"zh-CN": "满几年", "en": "whole years"}, "M": {"zh-CN": "满几个月", "en": "whole months"},
        "D": {"zh-CN": "天数", "en": "days"}, "YM": {"zh-CN": "不足一年的月数", "en": "months beyond the years"},
        "YD": {"zh-CN": "不足一年的天数", "en": "days beyond the years"},
    },
    ("LOOKUP", "mode"): {
        "first": {"zh-CN": "第一个", "en": "the first"}, "last": {"zh-CN": "最后一个", "en": "the last"},
        "only": {"zh-CN": "唯一的一个", "en": "the only one"},
    },
    ("CNNUMBER", "style"): {
        "plain": {"zh-CN": "小写", "en": "plain"}, "formal": {"zh-CN": "大写", "en": "formal"},
        "digits": {"zh-CN": "逐位", "en": "digit by digit"},
    },
    ("PINYIN", "form"): {
        "full": {"zh-CN": "全拼", "en": "in full"}, "initials": {"zh-CN": "首字母", "en": "initials"},
    },
}  # fmt: skip
