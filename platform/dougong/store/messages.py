"""What a caller is told when a list request is not right: code in, text per language out."""

from collections.abc import Mapping

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "share-one": {"zh-CN": "请写明共享给一个用户、一个部门或一个角色。", "en": "Name one user, one department or one role to share with."},
    "share-unknown": {"zh-CN": "没有这个共享对象，或您无权查看它。", "en": "There is nobody like that to share with, or it is not yours to see."},
    "share-oneself": {"zh-CN": "不能共享给自己。", "en": "A record cannot be shared with oneself."},
    "share-over": {"zh-CN": "共享的截止时间已过。", "en": "The share would be over already."},
    "request-field-unknown": {"zh-CN": "没有可显示的字段“{name}”。", "en": "There is no field {name} to show."},
    "request-sort-unknown": {"zh-CN": "不能按“{name}”排序。", "en": "There is no field {name} to sort by."},
    "request-sort-too-many": {
        "zh-CN": "最多按 {limit} 个不同字段排序。",
        "en": "Sort by at most {limit} different fields.",
    },
    "request-too-many": {"zh-CN": "参数“{name}”应有 1 到 {limit} 项。", "en": "Parameter {name} takes from 1 to {limit} parts."},
    "request-group-type": {"zh-CN": "不能按“{name}”分组。", "en": "Records cannot be grouped by {name}."},
    "request-measure-unknown": {
        "zh-CN": "“{name}”不是统计值，应如 SUM(total) 或 COUNT()。",
        "en": "{name} is no measure, such as SUM(total) or COUNT().",
    },
    "request-measure-type": {"zh-CN": "“{name}”不能统计{found}。", "en": "{name} cannot be made of {found}."},
    "request-facet-unknown": {"zh-CN": "“{name}”不能用于分面。", "en": "{name} is no field for a facet."},
    "request-cursor-invalid": {"zh-CN": "位置参数与排序不符。", "en": "The position does not fit the order."},
    "request-filter-type": {
        "zh-CN": "筛选条件应得到是或否，而不是{found}。",
        "en": "A filter must answer yes or no, not {found}.",
    },
    "request-parameter-invalid": {
        "zh-CN": "参数“{name}”的值无效：{wanted}。",
        "en": "Parameter {name} is not valid: {wanted}.",
    },
    "request-input-unknown": {"zh-CN": "决策表没有输入“{name}”。", "en": "The table has no input {name}."},
    "request-parameter-unknown": {"zh-CN": "没有参数“{name}”。", "en": "There is no parameter {name}."},
}
"""Codes of stage `request` for lists."""
