"""A value as people write it in a cell of a spreadsheet in, the typed value or an Issue out; and the other way, for exports.

`text_reader` is made once for a column; what it reads is checked exactly as what the API is sent.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any

import orjson

from engines.entity import written
from engines.entity.check_texts import MASK
from engines.entity.entity import Field, Option
from engines.entity.input_schema import value_check
from engines.entity.markup import text_of_html
from engines.entity.written_address import address_from_text, address_text
from engines.values.decimals import number_text
from engines.values.issue import Issue
from engines.values.value_types import AnyRecord


def text_reader(field: Field, zone: tzinfo = UTC) -> Callable[[str], object]:
    """Return what reads the texts of a column for a field people write: the typed value, None for a blank, or an Issue.

    zone: of dates with times that name none.
    """
    check, form = value_check(field), _FORMS.get(field.kind.key)

    def read(text: str) -> object:
        if not text.strip():
            return None
        return check(text if form is None else form(field, text, zone))

    return read


def value_from_text(field: Field, text: str, zone: tzinfo = UTC) -> object | Issue:
    """Return the value one text means for a field, None for a blank, or what is wrong with it."""
    return text_reader(field, zone)(text)


def text_of(field: Field, value: object, language: str, zone: tzinfo = UTC) -> str:
    """Return a value as people write it, which `value_from_text` reads back; empty for a blank.

    value: as the engines hold it, or as the API answers it. A secret is a mask, a record its id.
    """
    if value is None or value == []:
        return ""
    if field.kind.key in _SHOWN:
        return _SHOWN[field.kind.key](field, value, language)
    match field.value_type.name:
        case "number":
            return number_text(_number(value))
        case "bool":
            return written.BOOLEANS[language][0 if value else 1]
        case "datetime":
            moment = datetime.fromisoformat(value) if isinstance(value, str) else value
            assert isinstance(moment, datetime)
            return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
        case "list" if isinstance(value, list | tuple):
            return ", ".join(str(part.get("name", part)) if isinstance(part, Mapping) else str(part) for part in value)
        case "date":
            return value.isoformat() if isinstance(value, date) else str(value)
    return str(value)


def _number(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


Form = Callable[[Field, str, tzinfo], object]
_FORMS: Mapping[str, Form] = {
    **dict.fromkeys(("number", "money"), lambda field, text, zone: written.number(text)),
    "percent": lambda field, text, zone: written.percent(text),
    "quantity": lambda field, text, zone: written.number(text, field.details.get("unit")),
    "rating": lambda field, text, zone: written.stars(text),
    "duration": lambda field, text, zone: written.minutes(text),
    "boolean": lambda field, text, zone: written.boolean(text),
    "date": lambda field, text, zone: written.day(text),
    "datetime": lambda field, text, zone: written.moment(text, zone),
    "time": lambda field, text, zone: written.clock(text),
    "choice": lambda field, text, zone: _option(field, text),
    "tree_choice": lambda field, text, zone: _option(field, text),
    "choices": lambda field, text, zone: _options(field, text),
    **dict.fromkeys(("reference", "member", "department"), lambda field, text, zone: text.strip()),
    "any_reference": lambda field, text, zone: any_parts(field, text),
    **dict.fromkeys(("references", "members", "departments"), lambda field, text, zone: _parts(text)),
    "rich_text": lambda field, text, zone: written.html(text),
    "address": lambda field, text, zone: address_from_text(text),
    "location": lambda field, text, zone: written.place(text),
    "json": lambda field, text, zone: written.json_value(text),
}
"""How a text is brought into the form that JSON would carry, by kind; what cannot be is left as it is, for the check to refuse."""


def any_parts(field: Field, text: str) -> object:
    """Return the entity a text names before its colon, by key or by label, and what stands behind it, where there is such a text.

    A field tells only keys; who knows the labels of entities reads them first.
    """
    entity, colon, rest = text.replace("：", ":").partition(":")
    if not colon and len(field.any_of) == 1:
        return {"entity": field.any_of[0], "id": text.strip()}
    return {"entity": entity.strip(), "id": rest.strip()} if colon else text


def _names(field: Field) -> dict[str, str]:
    """Return the keys of options by how they may be written: key, label of any language, path of labels in a tree."""
    found: dict[str, str] = {}
    for option in field.options:
        for language in option.name:
            found.setdefault(_folded(option.name[language]), option.key)
            found.setdefault(_folded(option_path(field, option, language)), option.key)
    return found | {_folded(option.key): option.key for option in field.options}


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def _option(field: Field, text: str) -> str:
    return _names(field).get(_folded(text), text)


def _options(field: Field, text: str) -> list[str]:
    names = _names(field)
    if _folded(text) in names:
        return [names[_folded(text)]]
    return [names.get(_folded(part), part) for part in _parts(text)]


def _any_text(value: Any) -> str:  # noqa: ANN401 – a record, or its JSON
    return f"{value.entity}: {value.id}" if isinstance(value, AnyRecord) else f"{value['entity']}: {value['id']}"


def _parts(text: str) -> list[str]:
    return [part.strip() for part in written.SEPARATORS.split(text) if part.strip()]


def option_path(field: Field, option: Option, language: str) -> str:
    """Return the labels of an option and those above it: `Asia / China`."""
    by_key = {one.key: one for one in field.options}
    labels = [option.name[language]]
    while option.parent is not None and option.parent in by_key and len(labels) < len(by_key):
        option = by_key[option.parent]
        labels.insert(0, option.name[language])
    return " / ".join(labels)


def _label(field: Field, key: object, language: str) -> str:
    option = next((one for one in field.options if one.key == key), None)
    return str(key) if option is None else option_path(field, option, language)


def _listed(field: Field, value: Any, language: str) -> str:  # noqa: ANN401 – a list of options
    return ("、" if language == "zh-CN" else ", ").join(_label(field, key, language) for key in value)


Shown = Callable[[Field, Any, str], str]
_SHOWN: Mapping[str, Shown] = {
    "any_reference": lambda field, value, language: _any_text(value),
    "percent": lambda field, value, language: f"{number_text(_number(value) * 100)}%",
    "duration": lambda field, value, language: written.minutes_text(_number(value)),
    "choice": lambda field, value, language: _label(field, value, language),
    "tree_choice": lambda field, value, language: _label(field, value, language),
    "choices": _listed,
    "rich_text": lambda field, value, language: text_of_html(value),
    "secret": lambda field, value, language: MASK,
    "address": lambda field, value, language: address_text(value),
    "location": lambda field, value, language: f"{value['latitude']}, {value['longitude']}",
    "json": lambda field, value, language: orjson.dumps(value).decode(),
}
"""Kinds that are written otherwise than others of their value type."""
