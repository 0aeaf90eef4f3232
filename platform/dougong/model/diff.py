"""Two documents of an app in, what differs between them element by element, in words people read, out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dougong.model.property_words import words_of

Kind = Literal["added", "changed", "removed"]
Labels = Mapping[str, str]

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
    "forms": {"zh-CN": "表单", "en": "form"},
    "nodes": {"zh-CN": "表单元素", "en": "form element"},
    "columns": {"zh-CN": "列", "en": "column"},
    "views": {"zh-CN": "视图", "en": "view"},
    "sort": {"zh-CN": "排序", "en": "sort field"},
    "menus": {"zh-CN": "菜单", "en": "menu"},
    "items": {"zh-CN": "菜单项", "en": "menu item"},
    "roles": {"zh-CN": "角色", "en": "role"},
    "policies": {"zh-CN": "权限策略", "en": "policy"},
    "requires": {"zh-CN": "依赖", "en": "requirement"},
    "seed": {"zh-CN": "种子记录", "en": "seed record"},
    "demo": {"zh-CN": "演示记录", "en": "demo record"},
}
"""What the elements of each list are called."""

_ORDER = {"zh-CN": "顺序", "en": "order"}


Names = Mapping[str, Labels]
"""Labels of fields by key, as far as they are in reach of an element."""


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """One difference: where, what kind, and what differs in words of each language."""

    pointer: str
    kind: Kind
    text: Labels


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[ChangeNote, ...]:
    """Return what leads from one document to the other; an element that is new or gone is named once, without its parts."""
    old, new = _field_names(before), _field_names(after)
    fields = {key: {**old.get(key, {}), **new.get(key, {})} for key in {**old, **new}}
    return tuple(_compare("", before, after, (), fields, {}))


def _field_names(document: Mapping[str, Any]) -> dict[str, Names]:
    """Return the labels of each entity's fields, rows of sub-tables as `entity.lines`."""
    found: dict[str, Names] = {}
    for entity in _dicts(document.get("entities")):
        key = str(entity.get("key") or entity.get("extend"))
        fields = _dicts(entity.get("fields"))
        found[key] = {_key(field): _labels(field) for field in fields}
        for field in fields:
            if "fields" in field:
                found[f"{key}.{_key(field)}"] = {_key(inner): _labels(inner) for inner in _dicts(field["fields"])}
    return found


def _dicts(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of what should be a list of them; a draft may hold anything."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _labels(element: Mapping[str, Any]) -> Labels:
    """Return what an element is called; a rule is called by its message."""
    label = element.get("name", element.get("message"))
    return label if isinstance(label, dict) else {}


def _compare(
    pointer: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    trail: tuple[Labels, ...],
    fields: Mapping[str, Names],
    here: Mapping[str, Any],
) -> Iterator[ChangeNote]:
    plain = []
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if name == "states" and isinstance(old, dict) and isinstance(new, dict):
            yield from _compare(f"{pointer}/{name}", old, new, trail, fields, here)
        elif _is_elements(old) and _is_elements(new):
            yield from _lists(f"{pointer}/{name}", name, old or [], new or [], trail, fields, here)
        else:
            plain.append(name)
    if plain:
        yield _note(pointer or "/", "changed", trail, _properties(plain))


def _lists(
    pointer: str,
    name: str,
    old: list[Any],
    new: list[Any],
    trail: tuple[Labels, ...],
    fields: Mapping[str, Names],
    here: Mapping[str, Any],
) -> Iterator[ChangeNote]:
    names = fields.get(str(here.get("of", "")), {})
    was, now = {_key(e): e for e in old}, {_key(e): e for e in new}
    for key, element in now.items():
        inner = (*trail, _title(name, element, names))
        if key not in was:
            yield _note(f"{pointer}/{key}", "added", inner, None)
        elif was[key] != element:
            yield from _compare(f"{pointer}/{key}", was[key], element, inner, fields, _reach(element, here, fields))
    for key, element in was.items():
        if key not in now:
            yield _note(f"{pointer}/{key}", "removed", (*trail, _title(name, element, names)), None)
    if [key for key in was if key in now] != [key for key in now if key in was]:
        word = WORDS.get(name, {"zh-CN": name, "en": name})
        order = {"zh-CN": f"{word['zh-CN']}{_ORDER['zh-CN']}", "en": f"{word['en']} {_ORDER['en']}"}
        yield _note(pointer, "changed", trail, order)


def _reach(element: Mapping[str, Any], here: Mapping[str, Any], fields: Mapping[str, Names]) -> Mapping[str, Any]:
    """Return whose fields the parts of an element speak of: a form's entity, or the rows of a lines input."""
    if "entity" in element:
        return {"of": element["entity"]}
    rows = f"{here.get('of', '')}.{element.get('field')}"
    return {"of": rows} if rows in fields else here


def _is_elements(value: object) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(e, dict) and _key(e) for e in value))


def _key(element: Mapping[str, Any]) -> str:
    return str(element.get("key") or element.get("extend") or element.get("package") or "")


def _title(name: str, element: Mapping[str, Any], names: Names) -> Labels:
    word = WORDS.get(name, {"zh-CN": name, "en": name})
    key = str(element.get("field") or element.get("view") or _key(element))
    own = _labels(element) or (names.get(key, {}) if name in ("nodes", "columns", "sort") else {})
    return {
        "zh-CN": f"{word['zh-CN']}“{own.get('zh-CN') or next(iter(own.values()), key)}”",
        "en": f"{word['en']} “{own.get('en') or next(iter(own.values()), key)}”",
    }


def _properties(names: list[str]) -> Labels:
    words = [words_of(name) for name in names]
    return {"zh-CN": "、".join(word["zh-CN"] for word in words), "en": ", ".join(word["en"] for word in words)}


def _note(pointer: str, kind: Kind, trail: tuple[Labels, ...], what: Labels | None) -> ChangeNote:
    zh = " › ".join(part["zh-CN"] for part in trail) or "应用"
    en = " › ".join(part["en"] for part in trail) or "App"
    text = {"zh-CN": zh, "en": en[:1].upper() + en[1:]}
    if what is not None:
        text = {"zh-CN": f"{zh}：{what['zh-CN']}", "en": f"{text['en']}: {what['en']}"}
    return ChangeNote(pointer, kind, text)
