"""Why a value does not fit the shape of the document: the kind of pydantic's error and its parts in, words per language out."""

from collections.abc import Mapping
from typing import Any

from dougong.model.definition_element import PLAIN_PATTERN, VERSION_PATTERN

Words = Mapping[str, str]

_KEY = {
    "zh-CN": "应以小写字母开头，只含小写字母、数字和单个下划线",
    "en": "begins with a lower case letter and holds lower case letters, digits and single underscores only",
}
_PATTERNS: Mapping[str, Words] = {
    r"^[a-z](_?[a-z0-9])*$": _KEY,
    r"^([a-z](_?[a-z0-9])*\.)?[a-z](_?[a-z0-9])*$": _KEY,
    r"^[a-z](_?[a-z0-9])*(\.[a-z](_?[a-z0-9])*)?$": _KEY,
    r"^-?\d{1,38}(\.\d{1,20})?$": {
        "zh-CN": "应是数字，例如 100 或 -0.5",
        "en": "has to be a number such as 100 or -0.5",
    },
    PLAIN_PATTERN: {"zh-CN": "不能含控制字符", "en": "holds a control character"},
    r"^[A-Z]{3}$": {"zh-CN": "应是三个大写字母，如 CNY", "en": "has to be three capital letters such as CNY"},
    VERSION_PATTERN: {"zh-CN": "应写成 1.0.0 的形式", "en": "is written like 1.0.0"},
}
_OTHER: Words = {"zh-CN": "写法不对", "en": "is not written as it should be"}
_REASONS: Mapping[str, Words] = {
    "greater_than_equal": {"zh-CN": "不能小于 {ge}", "en": "cannot be less than {ge}"},
    "less_than_equal": {"zh-CN": "不能大于 {le}", "en": "cannot be more than {le}"},
    "string_too_long": {"zh-CN": "最多 {max_length} 个字符", "en": "holds at most {max_length} characters"},
    "too_long": {"zh-CN": "最多 {max_length} 项", "en": "holds at most {max_length} entries"},
    "too_short": {"zh-CN": "至少要有 {min_length} 项", "en": "needs at least {min_length} entry"},
    "literal_error": {"zh-CN": "只能是 {expected}", "en": "has to be {expected}"},
    "string_type": {"zh-CN": "应是文本", "en": "has to be a text"},
    "int_type": {"zh-CN": "应是整数", "en": "has to be a whole number"},
    "int_parsing": {"zh-CN": "应是整数", "en": "has to be a whole number"},
    "int_from_float": {"zh-CN": "应是整数", "en": "has to be a whole number"},
    "bool_type": {"zh-CN": "应是 true 或 false", "en": "has to be true or false"},
    "bool_parsing": {"zh-CN": "应是 true 或 false", "en": "has to be true or false"},
    "list_type": {"zh-CN": "应是列表", "en": "has to be a list"},
    "dict_type": {"zh-CN": "应是对象", "en": "has to be an object"},
    "model_type": {"zh-CN": "应是对象", "en": "has to be an object"},
    "model_attributes_type": {"zh-CN": "应是对象", "en": "has to be an object"},
}


def reason_of(kind: str, parts: Mapping[str, Any]) -> Words:
    """Return why a value was refused.

    >>> reason_of("less_than_equal", {"le": 20})["en"]
    'cannot be more than 20'
    """
    words = _PATTERNS.get(str(parts.get("pattern")), _OTHER) if "pattern" in parts else _REASONS.get(kind, _OTHER)
    others = {key: str(part).replace(" or ", "、") for key, part in parts.items()}
    return {"zh-CN": words["zh-CN"].format(**others), "en": words["en"].format(**parts)}
