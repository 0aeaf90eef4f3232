"""The sentences of this package's issues, by code."""

from __future__ import annotations

MESSAGES: dict[str, dict[str, str]] = {
    "value-not-a-number": {"zh-CN": "需要一个数字", "en": "This must be a number"},
    "value-number-too-large": {
        "zh-CN": "数字过大（须小于 10 的 38 次方）",
        "en": "The number is too large (it must be below 10^38)",
    },
    "value-not-a-text": {"zh-CN": "需要一段文本", "en": "This must be a text"},
    "value-text-unstorable": {
        "zh-CN": "文本含有无法保存的字符",
        "en": "The text holds a character that cannot be stored",
    },
    "value-not-a-boolean": {"zh-CN": "需要“是”或“否”（true 或 false）", "en": "This must be true or false"},
    "value-not-a-date": {
        "zh-CN": "需要一个真实存在的日期，例如 2026-11-23",
        "en": "This must be a date that exists, such as 2026-11-23",
    },
    "value-not-a-datetime": {
        "zh-CN": "需要一个带时区的时间，例如 2026-11-23T08:00:00+08:00",
        "en": "This must be a time with its zone, such as 2026-11-23T08:00:00+08:00",
    },
    "value-not-a-record": {"zh-CN": "需要一条记录的编号（UUID）", "en": "This must be the id (UUID) of a record"},
    "value-not-a-list": {"zh-CN": "需要一个列表", "en": "This must be a list"},
}
