"""Takes a value and its type, gives its JSON form, and back; what does not fit is an Issue, never an exception."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from engines.values.decimals import is_in_limits, number_text
from engines.values.issue import Issue, issue
from engines.values.messages import MESSAGES
from engines.values.value_types import AnyRecord, ErrorValue, Value, ValueType, entities_of

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def value_to_json(value: Value) -> object:
    """Return the JSON form of a value: numbers as plain text, dates and times in ISO 8601, a record as its id.

    >>> value_to_json(Decimal("12.50")), value_to_json(date(2026, 11, 23)), value_to_json([None, True])
    ('12.5', '2026-11-23', [None, True])
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, ErrorValue):
        return {"error": value.code}
    if isinstance(value, AnyRecord):
        return {"entity": value.entity, "id": str(value.id)}
    if isinstance(value, Mapping):
        if "id" in value:
            return value_to_json(value["id"])
        return {key: value_to_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [value_to_json(part) for part in value]
    raise TypeError(f"not a value: {value!r}")


def value_from_json(raw: object, value_type: ValueType, pointer: str = "") -> Value | Issue:
    """Return the value a JSON form means for a type; an empty text is a blank.

    >>> value_from_json("12.5", ValueType("number")), value_from_json(3, ValueType("number"))
    (Decimal('12.5'), Decimal('3'))
    >>> value_from_json("2026-02-30", ValueType("date")).code
    'value-not-a-date'
    """
    if raw is None or raw == "":
        return None
    match value_type.name:
        case "number":
            return _number(raw, pointer)
        case "text" | "option":
            return _text(raw, pointer)
        case "bool":
            return raw if isinstance(raw, bool) else issue(MESSAGES, "value-not-a-boolean", pointer)
        case "date":
            return _date(raw, pointer)
        case "datetime":
            return _datetime(raw, pointer)
        case "record":
            among = entities_of(value_type)
            return _any_record(raw, among, pointer) if among else _record(raw, pointer)
        case "list":
            return _list(raw, value_type, pointer)
        case "blank":
            return None
    raise TypeError(f"no JSON form for type {value_type.name}")


def _number(raw: object, pointer: str) -> Value | Issue:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        return issue(MESSAGES, "value-not-a-number", pointer)
    if isinstance(raw, Decimal):
        number = raw
    else:
        text = repr(raw) if isinstance(raw, float) else raw.strip() if isinstance(raw, str) else ""
        if isinstance(raw, int):
            if abs(raw) >= 10**38:
                return issue(MESSAGES, "value-number-too-large", pointer)
            return Decimal(raw)
        if len(text) > 2000 or not _NUMBER.fullmatch(text):
            return issue(MESSAGES, "value-not-a-number", pointer)
        try:
            number = Decimal(text)
        except InvalidOperation:
            return issue(MESSAGES, "value-not-a-number", pointer)
    if not number.is_finite():
        return issue(MESSAGES, "value-not-a-number", pointer)
    return number if is_in_limits(number) else issue(MESSAGES, "value-number-too-large", pointer)


def _text(raw: object, pointer: str) -> Value | Issue:
    if not isinstance(raw, str):
        return issue(MESSAGES, "value-not-a-text", pointer)
    # PostgreSQL stores neither NUL nor a lone half of a surrogate pair.
    if "\x00" in raw or any("\ud800" <= character <= "\udfff" for character in raw):
        return issue(MESSAGES, "value-text-unstorable", pointer)
    return raw if raw.isascii() else unicodedata.normalize("NFC", raw)


def _date(raw: object, pointer: str) -> Value | Issue:
    if isinstance(raw, str) and _DATE.fullmatch(raw):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            pass
    return issue(MESSAGES, "value-not-a-date", pointer)


def _datetime(raw: object, pointer: str) -> Value | Issue:
    if isinstance(raw, str) and len(raw) <= 40:
        try:
            value = datetime.fromisoformat(raw)
            if value.tzinfo is not None:
                return value.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    return issue(MESSAGES, "value-not-a-datetime", pointer)


def _record(raw: object, pointer: str) -> Value | Issue:
    if isinstance(raw, str) and len(raw) == 36:
        try:
            return UUID(raw)
        except ValueError:
            pass
    return issue(MESSAGES, "value-not-a-record", pointer)


def _any_record(raw: object, among: tuple[str, ...], pointer: str) -> Value | Issue:
    if not isinstance(raw, Mapping) or raw.keys() != {"entity", "id"} or raw["entity"] not in among:
        return issue(MESSAGES, "value-not-a-record", pointer)
    found = _record(raw["id"], pointer)
    return AnyRecord(raw["entity"], found) if isinstance(found, UUID) else found


def _list(raw: object, value_type: ValueType, pointer: str) -> Value | Issue:
    if not isinstance(raw, list) or value_type.of is None:
        return issue(MESSAGES, "value-not-a-list", pointer)
    values: list[Value] = []
    for position, part in enumerate(raw):
        value = value_from_json(part, value_type.of, f"{pointer}/{position}")
        if isinstance(value, Issue):
            return value
        values.append(value)
    return values
