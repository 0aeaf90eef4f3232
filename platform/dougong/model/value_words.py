"""What a property of an element says in, the same in words a manager reads out: labels for keys, yes and no, expressions with labels."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from dougong.model.element_words import Labels, called, dicts, key_of
from dougong.model.naming import LANGUAGES, Naming
from dougong.model.place_words import place_words
from dougong.model.property_kinds import Place, PropertyKind, inside, keys_owner, kind_of, owner_of
from dougong.model.property_words import words_of
from engines.entity.actions import ACTIONS
from engines.entity.field_kinds import FIELD_KINDS

LONGEST = 300
"""Characters of a value that are told; the rest is cut off."""


def value_words(naming: Naming, place: Place, path: str, value: object) -> Labels | None:
    """Return a value in words, None for nothing. path: the property, `period_lock.closed` for one inside another."""
    if path == "order" and value is None and place.siblings:
        return {"zh-CN": "在最前", "en": "at the front"}
    if value is None or value in ("", [], {}):
        return None
    told = _told(naming, place, path, value)
    return {language: text if len(text) <= LONGEST else f"{text[:LONGEST]}…" for language, text in told.items()}


def _told(naming: Naming, place: Place, path: str, value: Any) -> Labels:  # noqa: ANN401 – any JSON
    name = path.rpartition(".")[2]
    if isinstance(value, bool):
        return {"zh-CN": "是", "en": "yes"} if value else {"zh-CN": "否", "en": "no"}
    told = _TOLD.get(kind_of(place, path, value))
    if told is not None:
        return told(naming, place, path, value)
    words = VALUE_WORDS.get(name, {})
    if isinstance(value, str):
        return words.get(value) or _same(value)
    if isinstance(value, list):
        return _list(naming, place, path, value, words)
    if isinstance(value, dict):
        if value.keys() <= set(LANGUAGES) and all(isinstance(text, str) for text in value.values()):
            return called(value, "")
        parts = [(words_of(key, name), value_words(naming, place, f"{path}.{key}", inner)) for key, inner in value.items() if key != "key" or "name" not in value]
        return _joined([{lang: f"{word[lang]}: {told[lang]}" for lang in LANGUAGES} for word, told in parts if told is not None], "；", "; ")
    return _same(str(value))


def _list(naming: Naming, place: Place, path: str, value: list[Any], words: Mapping[str, Labels]) -> Labels:
    name = path.rpartition(".")[2]
    if all(isinstance(one, str) for one in value):
        return _joined([words.get(one) or _same(one) for one in value])
    parts = [naming.titles.own(name, element, inside(place.entity, place.name, place.element)) for element in dicts(value)]
    return _joined(parts) if parts else _json(value)


_Told = Callable[[Naming, Place, str, Any], Labels]


def _expression(naming: Naming, place: Place, path: str, value: str) -> Labels:
    target = key_of(place.element) if place.name == "fields" and path in ("default", "formula") else None
    return naming.expression(owner_of(place, path), value, target)


def _expressions(naming: Naming, place: Place, path: str, value: Mapping[str, Any]) -> Labels:
    to, owner = keys_owner(place, path), owner_of(place, path)
    parts = []
    for key, text in value.items():
        label, told = naming.field(to, key), naming.expression(owner, str(text), key if to == owner else None)
        parts.append({language: f"{label[language]} = {told[language]}" for language in LANGUAGES})
    return _joined(parts, "；", "; ")


def _fields(naming: Naming, place: Place, path: str, value: str | list[str]) -> Labels:
    of = place.entity if kind_of(place, path, value) != "period" else owner_of(place, path)
    return _joined([naming.field(of, one) for one in _listed(value)])


def _order(naming: Naming, place: Place, path: str, value: Any) -> Labels:  # noqa: ANN401 – keys of a list, or the one before
    """Return the elements of a list in their order, or what an element stands behind."""
    there = {key_of(one): one for one in place.siblings}
    found = [naming.titles.own(place.name, there.get(key, {"key": key}), place.entity) for key in _listed(value)]
    if isinstance(value, str):
        return {"zh-CN": f"在“{found[0]['zh-CN']}”之后", "en": f"behind “{found[0]['en']}”"}
    return _joined(found)


def _values(naming: Naming, place: Place, path: str, value: Mapping[str, Any]) -> Labels:
    """Return the values of a record that comes with the package; rows are counted."""
    parts = []
    for key, one in value.items():
        label, told = naming.field(place.entity, key), _record_value(naming, place, path, key, one)
        parts.append({language: f"{label[language]}: {told[language]}" for language in LANGUAGES})
    return _joined(parts, "；", "; ")


def _record_value(naming: Naming, place: Place, path: str, key: str, value: Any) -> Labels:  # noqa: ANN401 – any JSON
    if isinstance(value, list) and dicts(value):
        return {"zh-CN": f"{len(value)} 行", "en": f"{len(value)} row" if len(value) == 1 else f"{len(value)} rows"}
    if isinstance(value, list):
        return _joined([_record_value(naming, place, path, key, one) for one in value])
    if isinstance(value, str):
        option = naming.option(place.entity, key, value)
        return option if option["en"] != value else _seed(naming, place, path, value)
    return _told(naming, place, f"{path}.{key}", value)


def _option(naming: Naming, place: Place, path: str, value: str) -> Labels:
    return naming.titles.own(place.name, next((one for one in place.siblings if key_of(one) == value), {"key": value}), place.entity)


def _seed(naming: Naming, place: Place, path: str, value: str) -> Labels:
    """Return what a record that comes with the package is called, by its key."""
    names = (naming.titles.lists[name].get(value) for name in ("seed", "demo"))
    return called(next((one for one in names if one), {}), value)


def _joined(parts: Sequence[Labels], zh: str = "、", en: str = ", ") -> Labels:
    return {"zh-CN": zh.join(part["zh-CN"] for part in parts), "en": en.join(part["en"] for part in parts)}


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _same(text: str) -> Labels:
    return dict.fromkeys(LANGUAGES, text)


def _json(value: object) -> Labels:
    return _same(orjson.dumps(value).decode())


def _words(*rows: tuple[str, str, str]) -> Mapping[str, Labels]:
    return {key: {"zh-CN": zh, "en": en} for key, zh, en in rows}


_LEVELS = _words(("hidden", "不可见", "nothing"), ("masked", "部分可见", "seeing a part"), ("read", "查看", "reading"), ("write", "填写", "writing"))

VALUE_WORDS: Mapping[str, Mapping[str, Labels]] = {
    "actions": ACTIONS,
    "without": ACTIONS,
    "rows": _words(
        ("all", "所有记录", "all records"), ("own", "自己的记录", "own records"), ("department", "本部门的记录", "those of the department"),
        ("department_below", "本部门及下级部门的记录", "those of the department and those below"), ("reports", "下属的记录", "those of people one leads"),
        ("shared", "共享给自己的记录", "records shared with one"),
    ),
    "level": _LEVELS,
    "others": _LEVELS,
    "may": _words(("design", "设计", "design"), ("publish", "发布", "publish"), ("install", "安装", "install"), ("audit", "审计", "audit")),
    "severity": _words(("error", "拒绝保存", "refuses the save"), ("warning", "提醒", "warns")),
    "mode": _words(("fast", "可能跳号", "may skip"), ("gapless", "不跳号", "without gaps")),
    "reset": _words(("none", "不重新计数", "never"), ("year", "每年", "every year"), ("month", "每月", "every month"), ("day", "每天", "every day")),
    "order": _words(("ascending", "升序", "ascending"), ("descending", "降序", "descending")),
    "overlap": _words(("allow", "允许", "allowed"), ("refuse", "拒绝", "refused")),
    "within": _words(("parent", "同一记录的明细内", "the rows of one record")),
    "policy": _words(
        ("first", "第一行", "the first row"), ("only", "唯一一行", "the only row"), ("all", "全部行", "all rows"), ("sum", "合计", "the sum"),
        ("max", "最大值", "the greatest"), ("min", "最小值", "the least"), ("cumulative", "分段累计", "band by band"),
    ),
    "match": _words(
        ("eq", "等于", "equal to"), ("range", "在范围内", "within a range"), ("in", "属于所列之一", "one of those listed"),
        ("prefix", "开头是", "begins with"), ("contains", "含有", "contains"),
    ),
    "format": _words(
        ("code128", "Code 128", "Code 128"), ("code39", "Code 39", "Code 39"), ("ean13", "EAN-13", "EAN-13"), ("ean8", "EAN-8", "EAN-8"),
        ("upca", "UPC-A", "UPC-A"), ("itf14", "ITF-14", "ITF-14"), ("qrcode", "二维码", "QR code"), ("datamatrix", "Data Matrix", "Data Matrix"),
    ),
    "show": _words(("hours", "小时", "hours"), ("days", "天", "days")),
    "languages": _words(("zh-CN", "中文", "Chinese"), ("en", "英文", "English")),
    "color": _words(
        ("grey", "灰", "grey"), ("red", "红", "red"), ("orange", "橙", "orange"), ("gold", "金", "gold"), ("green", "绿", "green"),
        ("cyan", "青", "cyan"), ("blue", "蓝", "blue"), ("purple", "紫", "purple"), ("pink", "粉", "pink"),
    ),
    "kind": _words(
        ("record", "记录", "records"), ("ledger", "台账", "ledger"), ("single", "单条记录", "single record"), ("decision", "决策表", "decision table"),
        ("list", "列表", "list"), ("input", "字段", "field"), ("section", "分区", "section"),
    ),
}  # fmt: skip
"""Values that are words of the document themselves, by property."""

_TOLD: Mapping[PropertyKind, _Told] = {
    "expression": _expression,
    "expressions": _expressions,
    "values": _values,
    "option": _option,
    "seed": _seed,
    "copy": _fields,
    "fields": _fields,
    "period": _fields,
    "order": _order,
    "entities": lambda naming, place, path, value: _joined([naming.entity(one) for one in _listed(value)]),
    "states": lambda naming, place, path, value: _joined([naming.option(place.entity, place.states, one) for one in _listed(value)]),
    "place": lambda naming, place, path, value: place_words(naming.document, value),
    "kind": lambda naming, place, path, value: FIELD_KINDS[value].name if value in FIELD_KINDS else _same(value),
    "role": lambda naming, place, path, value: naming.element("roles", value),
    "roles": lambda naming, place, path, value: _joined([naming.element("roles", one) for one in _listed(value)]),
    "view": lambda naming, place, path, value: naming.element("views", value),
    "form": lambda naming, place, path, value: naming.element("forms", value),
}
