"""A sheet in, the elements of an app document that would hold it out: entity, form, list, menu entry and policies; people look it over."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from dougong.model.keys import suggest_key
from dougong.sheets.cells import Cell, cell_text
from engines.entity import written

Element = dict[str, Any]

MOST_OPTIONS = 12
"""A text with more different values than this is no choice."""
LONGEST_OPTION = 30
LONG_TEXT = 200
MOST_SCALE = 6
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}(:\d{2})?|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s+\d{1,2}:\d{2}(:\d{2})?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_PHONE = re.compile(r"(\+?\d{1,3}[- ])?1[3-9]\d{9}|0\d{2,3}[- ]\d{7,8}(-\d{1,5})?|\+\d[\d -]{7,18}")
_MONEY_WORDS = ("价", "金额", "费", "款", "工资", "price", "amount", "cost", "fee", "total", "salary")
_NAME_WORDS = ("名称", "姓名", "品名", "标题", "name", "title")
_CODE_WORDS = ("编码", "编号", "单号", "代码", "工号", "货号", "code", "number", "no.", "sku", "id")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its header and the values that are filled. to: the entity whose titles its texts all are."""

    header: str
    values: Sequence[Cell]
    rows: int
    to: str | None = None
    texts: tuple[str, ...] = field(default=())

    @property
    def is_full(self) -> bool:
        """Whether every row has a value."""
        return len(self.values) == self.rows > 0

    @property
    def is_distinct(self) -> bool:
        """Whether no value comes twice."""
        return len(set(self.texts)) == len(self.texts) > 1


def column_of(header: str, values: Sequence[Cell], rows: int, to: str | None = None) -> Column:
    """Return a column with its values as texts."""
    return Column(header, values, rows, to, tuple(cell_text(value).strip() for value in values))


def new_elements(name: str, columns: Sequence[Column], document: Mapping[str, Any]) -> dict[str, list[Element]]:
    """Return the elements to add to a document, by the list they belong to."""
    languages = document.get("languages") or ["zh-CN", "en"]
    taken = {one["key"] for one in document.get("entities", ()) if "key" in one}
    key = suggest_key(name, taken)
    fields = _fields(columns, languages)
    title = _title(columns, fields)
    label = dict.fromkeys(languages, name)
    form = suggest_key(key, {one["key"] for one in document.get("forms", ())})
    view = suggest_key(key, {one["key"] for one in document.get("views", ())})
    shown = [one["key"] for one in fields if one["kind"] not in ("long_text",)][:10]
    inputs = [{"key": one["key"], "kind": "input", "field": one["key"], "span": 1} for one in fields]
    section = {"key": "basic", "kind": "section", "name": {**dict.fromkeys(languages, "Basics"), "zh-CN": "基本信息"}, "columns": 2, "nodes": inputs}
    if "zh-CN" not in languages:
        section["name"] = dict.fromkeys(languages, "Basics")
    roles = [one["key"] for one in document.get("roles", ()) if one.get("installer")] or [one["key"] for one in document.get("roles", ())][:1]
    policies = {one["key"] for one in document.get("policies", ())}
    return {
        "entities": [{"key": key, "name": label, "title": title, "fields": fields}],
        "forms": [{"key": form, "entity": key, "name": label, "nodes": [section]}],
        "views": [{
            "key": view, "kind": "list", "entity": key, "name": label, "form": form, "columns": [{"key": one} for one in shown],
            "sort": [{"key": title, "order": "ascending"}],
        }],
        "menus": [{"key": suggest_key(key, {one["key"] for one in document.get("menus", ())}), "name": label, "icon": "list", "items": [{"key": view, "view": view}]}],
        "policies": [
            {"key": suggest_key(f"{role} {key}", policies), "role": role, "entity": key, "actions": ["create", "read", "update", "delete"], "rows": "all"}
            for role in roles
        ],
    }  # fmt: skip


def _fields(columns: Sequence[Column], languages: Sequence[str]) -> list[Element]:
    taken: set[str] = set()
    fields: list[Element] = []
    for at, column in enumerate(columns):
        header = column.header or f"Column {at + 1}"
        key = suggest_key(header, taken)
        taken.add(key)
        fields.append({"key": key, "name": dict.fromkeys(languages, header), **guess_kind(column, languages)})
    return fields


def guess_kind(column: Column, languages: Sequence[str] = ("zh-CN", "en")) -> Element:
    """Return the kind of a field with its options, from what is in a column.

    >>> guess_kind(column_of("x", [1.5, 2.0], 2)), guess_kind(column_of("x", [{"d": "2026-01-31"}], 1))
    ({'kind': 'number', 'scale': 1}, {'kind': 'date'})
    """
    if not column.values:
        return {"kind": "text"}
    for fits in _GUESSES:
        found = fits(column)
        if found is not None:
            return found
    if column.to is not None:
        return {"kind": "reference", "to": column.to}
    distinct = list(dict.fromkeys(column.texts))
    if 1 < len(distinct) <= MOST_OPTIONS and len(column.texts) >= 3 * len(distinct) and max(map(len, distinct)) <= LONGEST_OPTION:
        return {"kind": "choice", "options": _options(distinct, languages)}
    if any("\n" in text for text in column.texts) or max(map(len, column.texts)) > LONG_TEXT:
        return {"kind": "long_text"}
    if column.is_full and column.is_distinct and any(word in column.header.casefold() for word in _CODE_WORDS):
        return {"kind": "text", "unique": True, "required": True}
    return {"kind": "text"}


def _options(values: Collection[str], languages: Sequence[str]) -> list[Element]:
    taken: set[str] = set()
    options = []
    for value in values:
        key = suggest_key(value, taken)
        taken.add(key)
        options.append({"key": key, "name": dict.fromkeys(languages, value)})
    return options


def _title(columns: Sequence[Column], fields: list[Element]) -> str:
    """Return the field a record is called by; it must be filled, and a text."""
    texts = [(column, one) for column, one in zip(columns, fields, strict=True) if one["kind"] == "text"]
    named = [pair for pair in texts if any(word in pair[0].header.casefold() for word in _NAME_WORDS)]
    full = [pair for pair in texts if pair[0].is_full]
    for pairs in (named, full, texts):
        if pairs:
            column, one = pairs[0]
            if column.is_full:
                one["required"] = True
            return str(one["key"])
    first = fields[0]
    kept = {key: first[key] for key in ("key", "name")}
    first.clear()
    first.update({**kept, "kind": "text"})
    return str(first["key"])


def _boolean(column: Column) -> Element | None:
    if all(isinstance(value, bool) for value in column.values):
        return {"kind": "boolean"}
    words = all(isinstance(written.boolean(text), bool) and not text.isdigit() for text in column.texts)
    return {"kind": "boolean"} if words and len(column.texts) > 1 else None


def _number(column: Column) -> Element | None:
    is_percent = all(text.endswith("%") for text in column.texts)
    scale = 0
    for value, text in zip(column.values, column.texts, strict=True):
        if isinstance(value, bool | dict):
            return None
        plain = written.percent(text) if is_percent else written.number(text)
        digits = plain.lstrip("+-")
        # A number that begins with 0, or is too long for one, is a code: nobody adds it up.
        if isinstance(value, str) and (digits.startswith("0") and digits[1:2].isdigit() or len(digits) > 15):
            return None
        try:
            number = Decimal(plain)
        except InvalidOperation:
            return None
        if not number.is_finite():
            return None
        exponent = number.normalize().as_tuple().exponent
        scale = max(scale, -int(exponent) if int(exponent) < 0 else 0)
    if is_percent:
        return {"kind": "percent", "scale": min(max(scale, 2), MOST_SCALE)}
    header = column.header.casefold()
    if scale <= 2 and (any(word in header for word in _MONEY_WORDS) or any(text[:1] in "¥￥$€£" for text in column.texts)):
        return {"kind": "money"}
    if scale == 0 and column.is_full and column.is_distinct and any(word in header for word in _CODE_WORDS):
        return {"kind": "text", "unique": True, "required": True}
    return {"kind": "number", "scale": min(scale, MOST_SCALE)}


def _date(column: Column) -> Element | None:
    if all(_DAY.fullmatch(written.day(text)) for text in column.texts if text) and not any(isinstance(value, int | float) for value in column.values):
        return {"kind": "date"}
    are_moments = all(_MOMENT.fullmatch(text) or _DAY.fullmatch(written.day(text)) for text in column.texts)
    return {"kind": "datetime"} if are_moments and not any(isinstance(value, int | float) for value in column.values) else None


def _pattern(kind: str, pattern: re.Pattern[str]) -> Callable[[Column], Element | None]:
    return lambda column: {"kind": kind} if all(pattern.fullmatch(text) for text in column.texts) else None


_GUESSES: tuple[Callable[[Column], Element | None], ...] = (
    _boolean, _date, _pattern("email", _EMAIL), _pattern("url", _URL), _pattern("phone", _PHONE), _number,
)  # fmt: skip
"""What a column is asked for, one after the other."""
