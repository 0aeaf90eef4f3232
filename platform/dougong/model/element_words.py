"""Elements of an app document in, what people call them out: the kind of element and its label, per language; any JSON is taken."""

from collections.abc import Mapping
from typing import Any

Labels = Mapping[str, str]
Names = Mapping[str, Labels]
"""Labels of fields by key, as far as they are in reach of an element."""

WORDS: Mapping[str, Labels] = {
    "entities": {"zh-CN": "实体", "en": "entity"},
    "fields": {"zh-CN": "字段", "en": "field"},
    "options": {"zh-CN": "选项", "en": "option"},
    "rules": {"zh-CN": "规则", "en": "rule"},
    "projections": {"zh-CN": "汇总", "en": "projection"},
    "guards": {"zh-CN": "底线", "en": "guard"},
    "unique": {"zh-CN": "唯一约束", "en": "unique constraint"},
    "states": {"zh-CN": "状态", "en": "state"},
    "transitions": {"zh-CN": "状态操作", "en": "transition"},
    "decision": {"zh-CN": "决策表", "en": "decision table"},
    "inputs": {"zh-CN": "决策输入", "en": "decision input"},
    "forms": {"zh-CN": "表单", "en": "form"},
    "nodes": {"zh-CN": "表单元素", "en": "form element"},
    "columns": {"zh-CN": "列", "en": "column"},
    "views": {"zh-CN": "视图", "en": "view"},
    "sort": {"zh-CN": "排序", "en": "sort field"},
    "menus": {"zh-CN": "菜单", "en": "menu"},
    "items": {"zh-CN": "菜单项", "en": "menu item"},
    "roles": {"zh-CN": "角色", "en": "role"},
    "policies": {"zh-CN": "权限策略", "en": "policy"},
    "levels": {"zh-CN": "字段权限", "en": "field permission"},
    "requires": {"zh-CN": "依赖", "en": "requirement"},
    "seed": {"zh-CN": "种子记录", "en": "seed record"},
    "demo": {"zh-CN": "演示记录", "en": "demo record"},
}
"""What the elements of each list are called."""

APP: Labels = {"zh-CN": "应用", "en": "App"}


def word_of(name: str) -> Labels:
    """Return what the elements of a list are called; those of one nobody knows by its name."""
    return WORDS.get(name, {"zh-CN": name, "en": name})


def key_of(element: Mapping[str, Any]) -> str:
    """Return what names an element in its list."""
    return str(element.get("key") or element.get("extend") or element.get("package") or "")


def dicts(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of what should be a list of them; a draft may hold anything."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def labels_of(element: Mapping[str, Any]) -> Labels:
    """Return what an element is called, nothing where it has no name; a rule is called by its message."""
    label = element.get("name", element.get("message"))
    return {str(key): str(text) for key, text in label.items() if text} if isinstance(label, dict) else {}


def called(labels: Labels, key: str) -> Labels:
    """Return labels in both languages: a language that is left out shows another one's, the key where there is none.

    >>> called({"en": "Order"}, "order")["zh-CN"], called({}, "order")["en"]
    ('Order', 'order')
    """
    other = next(iter(labels.values()), key)
    return {"zh-CN": labels.get("zh-CN") or other, "en": labels.get("en") or other}


def field_names(document: Mapping[str, Any]) -> dict[str, Names]:
    """Return the labels of each entity's fields, rows of sub-tables as `entity.lines`."""
    found: dict[str, Names] = {}
    for entity in dicts(document.get("entities")):
        key = key_of(entity)
        fields = dicts(entity.get("fields"))
        found[key] = {key_of(field): labels_of(field) for field in fields}
        for field in fields:
            if "fields" in field:
                found[f"{key}.{key_of(field)}"] = {key_of(inner): labels_of(inner) for inner in dicts(field["fields"])}
    return found


def joined(trail: tuple[Labels, ...]) -> Labels:
    """Return where something is: the elements around it and itself."""
    zh = " › ".join(part["zh-CN"] for part in trail) or APP["zh-CN"]
    en = " › ".join(part["en"] for part in trail) or APP["en"]
    return {"zh-CN": zh, "en": en[:1].upper() + en[1:]}

