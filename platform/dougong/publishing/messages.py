"""What a publisher is told about values there are: code in, text per language out. What begins with `definition-` stands in nobody's way."""

from collections.abc import Mapping

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "definition-records-retired": {
        "zh-CN": "“{name}”的 {count} 条记录将不再显示；数据会保留，恢复后即可找回。",
        "en": "Records of {name} that are not shown any more: {count}. They are kept and come back with it.",
    },
    "definition-values-retired": {
        "zh-CN": "“{name}”在 {count} 条记录中有值，将不再显示；数据会保留，恢复该字段即可找回。",
        "en": "Records with a value of {name} that is not shown any more: {count}. It is kept and comes back with the field.",
    },
    "definition-values-left": {
        "zh-CN": "“{name}”换了类型，{count} 条记录中原有的值不会转换；数据会保留，改回原类型即可找回。",
        "en": "Records with a value of {name} that does not come along to its new kind: {count}. It is kept and comes back with the former kind.",
    },
    "definition-values-unconverted": {
        "zh-CN": "“{name}”在 {count} 条记录中的值无法转换为新类型，将留空；原有的值会保留，改回原类型即可找回。",
        "en": "Records with a value of {name} that cannot be converted to its new kind and will be blank: {count}. It is kept and comes back with the former kind.",
    },
    "definition-values-converted": {
        "zh-CN": "“{name}”在 {count} 条记录中的值将转换为新类型。",
        "en": "Records whose value of {name} will be converted to its new kind: {count}.",
    },
    "definition-values-missing": {
        "zh-CN": "“{name}”将成为必填，但 {count} 条记录中没有值；补填之前，这些记录不能再保存。",
        "en": "Records without a value of {name}, which becomes required: {count}. They cannot be saved until somebody fills it in.",
    },
    "definition-values-outside": {
        "zh-CN": "“{name}”在 {count} 条记录中的值不符合新的限制；在有人修改之前保持不变。",
        "en": "Records with a value of {name} outside its new limits: {count}. It stays until somebody changes it.",
    },
    "definition-values-purged": {
        "zh-CN": "“{name}”的数据已于 {date} 清除，恢复后为空。",
        "en": "What {name} held was purged on {date}: it comes back empty.",
    },
    "publish-author-denied": {
        "zh-CN": "“{name}”预定了此次发布，但到时已没有发布此应用的权限；请由有权限的人重新查看改动后发布。",
        "en": "{name}, who scheduled this, may not publish the app any more; somebody who may has to look at the changes again and publish.",
    },
    "publish-author-gone": {
        "zh-CN": "预定此次发布的“{name}”的账号到时已停用；请由有权限的人重新查看改动后发布。",
        "en": "The account of {name}, who scheduled this, was closed by then; somebody who may publish has to look at the changes again and publish.",
    },
    "purge-name-unknown": {
        "zh-CN": "没有名为“{name}”的停用数据。",
        "en": "Nothing of the name {name} is retired.",
    },
    "purge-too-soon": {
        "zh-CN": "“{name}”刚刚停用，请一分钟后再清除。",
        "en": "{name} was retired just now; purge it in a minute.",
    },
    "purge-app-key": {
        "zh-CN": "请输入应用的标识“{app}”以确认。",
        "en": "Type the key of the app, {app}, to confirm.",
    },
}
"""Codes of stage `definition` that warn, those that stand in the way of a scheduled publish, and those that do in that of a purge."""
