"""What a client is told when the shape of a request is wrong: code in, text per language out."""

from collections.abc import Mapping

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "request-value-missing": {"zh-CN": "缺少“{name}”。", "en": "{name} is missing."},
    "request-value-unknown": {"zh-CN": "没有“{name}”这一项。", "en": "There is no {name} here."},
    "request-value-wrong-type": {"zh-CN": "“{name}”的类型不对。", "en": "{name} has the wrong type."},
    "request-value-too-long": {"zh-CN": "“{name}”太长，最多 {limit}。", "en": "{name} is too long: at most {limit}."},
    "request-value-too-short": {"zh-CN": "“{name}”太短，至少 {limit}。", "en": "{name} is too short: at least {limit}."},
    "request-value-out-of-range": {"zh-CN": "“{name}”超出范围。", "en": "{name} is out of range."},
    "request-value-invalid": {"zh-CN": "“{name}”的值无效。", "en": "The value of {name} is not valid."},
    "request-bulk-form": {
        "zh-CN": "请发送 “changes”，或者 “filter” 与 “action”，两者只能选一种。",
        "en": "Send either changes, or a filter with an action.",
    },
    "request-hand-over-to": {
        "zh-CN": "请选择另一位可以登录的用户。",
        "en": "Choose another user who may sign in.",
    },
    "request-records-form": {
        "zh-CN": "请发送 “ids”，或者 “filter” 或 “search”，两者只能选一种。",
        "en": "Send either ids, or a filter or words to search for.",
    },
}
"""Codes of stage `request`."""
