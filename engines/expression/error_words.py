"""What each error value means, by its code, in the words of someone who writes formulas."""

from collections.abc import Mapping

ERROR_WORDS: Mapping[str, Mapping[str, str]] = {
    "DIV0": {"zh-CN": "除以了零或空值", "en": "Something is divided by zero or by a blank"},
    "VALUE": {"zh-CN": "有一个值不能这样用，例如不是数字的文本", "en": "A value cannot be used so, such as a text that is no number"},
    "NUM": {"zh-CN": "有一个数超出了可以计算的范围", "en": "A number lies outside what can be computed"},
    "REF": {"zh-CN": "要读取的记录或字段在这里读不到", "en": "A record or a field cannot be read from here"},
    "TYPE": {"zh-CN": "有一个值的类型不对", "en": "A value has the wrong type"},
    "MULTI": {"zh-CN": "只应有一条，却找到了多条", "en": "There should be only one, and several were found"},
    "LIMIT": {"zh-CN": "结果过大、过长，或计算时间过长", "en": "The answer is too large or too long, or takes too long"},
    "DENIED": {"zh-CN": "这里不能询问，或您无权读取", "en": "This cannot be asked here, or is not yours to read"},
}
