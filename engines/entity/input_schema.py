"""What somebody sent for a record, as JSON bytes or Python values, in; typed values or Issues out."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic_core import PydanticCustomError, PydanticKnownError, SchemaValidator, ValidationError, core_schema
from pydantic_core.core_schema import CoreSchema

from engines.entity.check_any import any_record_check
from engines.entity.check_bags import BAG_CHECKS
from engines.entity.check_choices import CHOICE_CHECKS
from engines.entity.check_texts import TEXT_CHECKS, Check
from engines.entity.entity import Entity, Field
from engines.entity.messages import MESSAGES
from engines.entity.refusal import refused
from engines.expression.python_regex import matcher, matches
from engines.values.decimals import number_text
from engines.values.issue import Issue, issue, pointer_to
from engines.values.same import is_same

MAX_LINES = 2000
MAX_LINKS = 1000
"""How many records a list may point to."""
NUMBER_MOST = Decimal("9" * 38)
"""Numbers of 10^38 and above are too large; written out, as arithmetic in the usual context would round it."""
JSON_NUMBER_DIGITS = 15
"""A JSON number is read as a binary double, which carries 15 decimal digits safely; longer ones must be strings."""

Values = dict[str, Any]
SchemaOf = Callable[[Field], CoreSchema]

COMPOSED = r"^[\x01-\x7f\u00a0-\u02ff\u2010-\u2027\u2030-\u205e\u3000-\u3029\u4e00-\u9fff\uff01-\uffee]+$"
"""Texts of characters that NFC leaves as they are, whatever stands beside them."""
_YEAR_FIRST = core_schema.str_schema(strict=True, pattern="^[0-9]{4}-")
_DATE = core_schema.date_schema()
_DATETIME = core_schema.datetime_schema(tz_constraint="aware")


@dataclass(frozen=True, slots=True)
class InputSchema:
    """The compiled check of what may be sent for one entity: `id`, `revision`, its writable fields, its rows; and which are secrets.

    telling: takes and gives the same, slower; its errors are of one check a value, which can be told to people.
    """

    entity: Entity
    lines: Mapping[str, Entity]
    validator: SchemaValidator
    telling: SchemaValidator
    secrets: tuple[str, ...] = ()


def build_input_schema(entity: Entity, line_entity: Callable[[str], Entity]) -> InputSchema:
    """Return the check for an entity; `line_entity` gives the entity of its rows by key."""
    lines = {f.key: line_entity(f.lines) for f in entity.fields.values() if f.lines is not None}
    secrets = tuple(key for key, field in entity.fields.items() if field.kind.key == "secret")
    quick, telling = (SchemaValidator(_record(entity, lines, schema_of)) for schema_of in (_quick_or_thorough, _thorough))
    return InputSchema(entity, lines, quick, telling, secrets)


def read_input(schema: InputSchema, body: bytes) -> Values | tuple[Issue, ...]:
    """Return the typed values sent as JSON, or every issue with it."""
    try:
        values: Values = schema.validator.validate_json(body)
    except ValidationError:
        return _issues(schema, schema.telling.validate_json, body)
    return values


def value_check(field: Field) -> Callable[[object], object]:
    """Return what checks one value for a field, as JSON could carry it: the typed value, None for a blank, or an Issue."""
    validator = SchemaValidator(core_schema.nullable_schema(VALUE_SCHEMAS[field.kind.key](field)))

    def check(value: object) -> object:
        try:
            return validator.validate_python(value)
        except ValidationError as error:
            (item, *_) = error.errors(include_url=False, include_input=False)
            return _value_issue(field, item["type"], "", item.get("ctx", {}))

    return check


def read_values(schema: InputSchema, values: Mapping[str, object]) -> Values | tuple[Issue, ...]:
    """Return the typed values given as Python values that JSON could carry, or every issue with them."""
    try:
        checked: Values = schema.validator.validate_python(values)
    except ValidationError:
        return _issues(schema, schema.telling.validate_python, values)
    return checked


def check_limits(schema: InputSchema, record: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> tuple[Issue, ...]:
    """Return what would be told if the typed values of a record were sent today; what nobody may send, and secrets, are left out.

    before: the record with its rows as it is, whose values are not judged where they stay.
    """
    given = _as_sent(schema.entity, record, before or {})
    for key, entity in schema.lines.items():
        if key in record:
            there = {row["id"]: row for row in (before or {}).get(key, ())}
            given[key] = [_as_sent(entity, row, there.get(row["id"], {})) for row in record[key] or ()]
    found = read_values(schema, given)
    return found if isinstance(found, tuple) else ()


def _as_sent(entity: Entity, record: Mapping[str, Any], before: Mapping[str, Any]) -> Values:
    """Return the values of a record, or of a row, that somebody could have sent and that are new to it."""
    return {
        key: record[key]
        for key, field in entity.fields.items()
        if key in record and field.is_writable and field.lines is None and field.kind.key != "secret"
        and (key not in before or not is_same(before[key], record[key]))
    }  # fmt: skip


def _record(entity: Entity, lines: Mapping[str, Entity], schema_of: SchemaOf) -> CoreSchema:
    fields: dict[str, core_schema.TypedDictField] = {
        "id": _optional(core_schema.uuid_schema()),
        "revision": _optional(core_schema.int_schema(ge=1, le=2**31 - 1, strict=True)),
    }
    for key, field in entity.fields.items():
        if key in lines and not field.is_read_only:
            rows = {"id": _optional(core_schema.uuid_schema())} | _inputs(lines[key], schema_of)
            row = core_schema.typed_dict_schema(rows, extra_behavior="forbid")
            fields[key] = _optional(core_schema.list_schema(row, max_length=MAX_LINES))
        elif field.is_writable and key not in lines:
            fields[key] = _optional(_nullable(field, schema_of))
    return core_schema.typed_dict_schema(fields, extra_behavior="forbid")


def _inputs(entity: Entity, schema_of: SchemaOf) -> dict[str, core_schema.TypedDictField]:
    return {
        key: _optional(_nullable(field, schema_of))
        for key, field in entity.fields.items()
        if field.is_writable
    }


def _nullable(field: Field, schema_of: SchemaOf) -> CoreSchema:
    """Return the check of a value that may be blank; a list without anything in it is one."""
    schema = core_schema.nullable_schema(schema_of(field))
    return core_schema.no_info_after_validator_function(_as_list, schema) if field.kind.is_list else schema


def _as_list(given: list[Any] | None) -> list[Any]:
    """Return the list with each entry once, where it stands first."""
    return list(dict.fromkeys(given)) if given else []


def _optional(schema: CoreSchema) -> core_schema.TypedDictField:
    return core_schema.typed_dict_field(schema, required=False)


def _text(field: Field) -> CoreSchema:
    most, least = field.max_length, field.min_length or 0
    wanted = None if field.matches is None else matcher(f"^(?:{field.matches.pattern})$")

    def clean(value: str) -> str | None:
        if not value.isascii() and not unicodedata.is_normalized("NFC", value):
            value = unicodedata.normalize("NFC", value)
            if most is not None and len(value) > most:  # a few characters become two or three
                raise PydanticKnownError("string_too_long", {"max_length": most})
        if "\x00" in value:
            raise PydanticCustomError("text_invalid", "zero byte")
        if value and len(value) < least:
            raise refused("record-text-too-short", limit=least)
        if value and wanted is not None and not matches(value, wanted):
            raise refused("record-text-pattern")
        return value or None

    text = core_schema.str_schema(max_length=most, strict=True, strip_whitespace=field.kind.key == "text")
    return core_schema.no_info_after_validator_function(clean, text)


def _quick_text(field: Field) -> CoreSchema | None:
    if field.matches is not None:
        return None
    least, strip = max(field.min_length or 0, 1), field.kind.key == "text"
    return core_schema.str_schema(min_length=least, max_length=field.max_length, strict=True, strip_whitespace=strip, pattern=COMPOSED)


def _refuse_inexact(value: object) -> object:
    if isinstance(value, float) and len(repr(value).lstrip("-0.").replace(".", "").split("e")[0]) > JSON_NUMBER_DIGITS:
        raise PydanticCustomError("number_inexact", "too many digits")
    if isinstance(value, bool):
        raise PydanticCustomError("decimal_type", "a boolean")
    return value


def _number(field: Field) -> CoreSchema:
    return core_schema.no_info_before_validator_function(_refuse_inexact, _decimal(field))


def _quick_number(field: Field) -> CoreSchema:
    return core_schema.chain_schema([core_schema.str_schema(strict=True), _decimal(field)])


def _decimal(field: Field) -> CoreSchema:
    low = field.minimum if field.minimum is not None else NUMBER_MOST.copy_negate()
    high = field.maximum if field.maximum is not None else NUMBER_MOST
    return core_schema.decimal_schema(allow_inf_nan=False, ge=low, le=high)


def _rating(field: Field) -> CoreSchema:
    def whole(value: Decimal) -> Decimal:
        if value != value.to_integral_value():
            raise refused("record-number-whole")
        return value

    return core_schema.no_info_after_validator_function(whole, _number(field))


def _choice(field: Field) -> CoreSchema:
    return core_schema.literal_schema([option.key for option in field.options])


def _id(field: Field) -> CoreSchema:
    return core_schema.uuid_schema()


def _ids(field: Field) -> CoreSchema:
    return core_schema.list_schema(core_schema.uuid_schema(), max_length=most_links(field), strict=True)


def most_links(field: Field) -> int:
    """Return how many entries a list may have."""
    return MAX_LINKS if field.files is None else field.files.max_count


def _checked(check: Check) -> Callable[[Field], CoreSchema]:
    return lambda field: core_schema.no_info_plain_validator_function(check(field))


VALUE_SCHEMAS: Mapping[str, Callable[[Field], CoreSchema]] = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "money": _number,
    "percent": _number,
    "quantity": _number,
    "rating": _rating,
    "duration": _number,
    "boolean": lambda field: core_schema.bool_schema(strict=True),
    "date": lambda field: core_schema.no_info_before_validator_function(_only_text, _DATE),
    "datetime": lambda field: core_schema.no_info_before_validator_function(_only_text, _DATETIME),
    "choice": _choice,
    "tree_choice": _choice,
    "reference": _id,
    "member": _id,
    "department": _id,
    "references": _ids,
    "members": _ids,
    "departments": _ids,
    "attachments": _ids,
    "images": _ids,
    "signature": _ids,
    "any_reference": _checked(any_record_check),
    **{key: _checked(check) for checks in (TEXT_CHECKS, CHOICE_CHECKS, BAG_CHECKS) for key, check in checks.items()},
}
"""How a value of each kind that people write is checked and converted."""

_QUICK: Mapping[str, Callable[[Field], CoreSchema | None]] = {
    **dict.fromkeys(("text", "long_text"), _quick_text),
    **dict.fromkeys(("number", "money", "percent", "quantity", "duration"), _quick_number),
    "date": lambda field: core_schema.chain_schema([_YEAR_FIRST, _DATE]),
    "datetime": lambda field: core_schema.chain_schema([_YEAR_FIRST, _DATETIME]),
}
"""What takes the usual values of a kind, as `VALUE_SCHEMAS` does, without a call of Python: those of a record cost half. It refuses all others."""


def _thorough(field: Field) -> CoreSchema:
    return VALUE_SCHEMAS[field.kind.key](field)


def _quick_or_thorough(field: Field) -> CoreSchema:
    make = _QUICK.get(field.kind.key)
    quick = None if make is None else make(field)
    return _thorough(field) if quick is None else core_schema.union_schema([quick, _thorough(field)], mode="left_to_right")


def _only_text(value: object) -> object:
    """Refuse numbers, also as text: what a day or a time is counts from no year one could name."""
    if isinstance(value, int | float) or (isinstance(value, str) and value[4:5] != "-"):
        raise PydanticCustomError("date_type", "a number")
    return value


_CODES: Mapping[str, Mapping[str, str]] = {
    "text": {"string_too_long": "record-text-too-long", "text_invalid": "record-text-invalid"},
    "number": {
        "greater_than_equal": "record-number-too-small",
        "less_than_equal": "record-number-too-large",
        "number_inexact": "record-number-inexact",
    },
}

_OTHERWISE: Mapping[str, str] = {
    "text": "record-wrong-type",
    "long_text": "record-wrong-type",
    **dict.fromkeys(("number", "money", "percent", "quantity", "rating", "duration"), "record-number-invalid"),
    "boolean": "record-wrong-type",
    "date": "record-date-invalid",
    "datetime": "record-datetime-invalid",
    "choice": "record-option-unknown",
    "tree_choice": "record-option-unknown",
    "reference": "record-reference-invalid",
    "member": "record-reference-invalid",
    "department": "record-reference-invalid",
    "references": "record-reference-invalid",
    "members": "record-reference-invalid",
    "departments": "record-reference-invalid",
    "attachments": "record-file-invalid",
    "images": "record-file-invalid",
    "signature": "record-file-invalid",
    "lines": "record-wrong-type",
}

_WANTED: Mapping[str, Mapping[str, str]] = {
    "text": {"zh-CN": "文本", "en": "text"},
    "long_text": {"zh-CN": "文本", "en": "text"},
    "boolean": {"zh-CN": "是或否（true/false）", "en": "true or false"},
    "lines": {"zh-CN": "明细行的列表", "en": "a list of rows"},
    "list": {"zh-CN": "标识的列表", "en": "a list of ids"},
    "line": {"zh-CN": "一个 JSON 对象", "en": "a JSON object"},
    "id": {"zh-CN": "记录标识（UUID）", "en": "the id of a record (UUID)"},
    "revision": {"zh-CN": "版本号（整数）", "en": "a revision (a whole number)"},
}


def _issues(schema: InputSchema, check: Callable[[Any], object], given: object) -> tuple[Issue, ...]:
    try:
        check(given)
    except ValidationError as error:
        return tuple(
            _issue(schema, item["type"], item["loc"], item.get("ctx", {}), item["msg"])
            for item in error.errors(include_url=False, include_input=False)
        )
    raise AssertionError(schema.entity.key)  # what one refuses the other does


def _issue(schema: InputSchema, kind: str, loc: tuple[int | str, ...], ctx: Mapping[str, Any], text: str) -> Issue:
    pointer = pointer_to(loc)
    if kind == "json_invalid":
        return issue(MESSAGES, "record-not-json", "", None, reason=ctx.get("error", text))
    if not loc:
        return issue(MESSAGES, "record-not-object", pointer)
    entity, key = schema.entity, str(loc[0])
    if len(loc) == 2 and key in schema.lines:
        name = {language: f"{label}[{loc[1]}]" for language, label in entity.fields[key].name.items()}
        return issue(MESSAGES, "record-wrong-type", pointer, None, name=name, wanted=_WANTED["line"])
    if len(loc) > 2 and key in schema.lines:
        entity, key = schema.lines[key], str(loc[2])
    field = entity.fields.get(key)
    if kind == "extra_forbidden":
        code = "record-field-unknown" if field is None else "record-field-read-only"
        return issue(MESSAGES, code, pointer, None, name=key if field is None else field.name)
    if field is None:
        return issue(MESSAGES, "record-wrong-type", pointer, None, name=key, wanted=_WANTED[key])
    return _value_issue(field, kind, pointer, ctx)


def _value_issue(field: Field, kind: str, pointer: str, ctx: Mapping[str, Any]) -> Issue:
    if field.lines is not None and kind == "too_long":
        return issue(MESSAGES, "record-too-many-lines", pointer, None, name=field.name, limit=str(MAX_LINES))
    if field.kind.is_list and kind in ("too_long", "list_type"):
        code = "record-too-many-links" if kind == "too_long" else "record-wrong-type"
        return issue(MESSAGES, code, pointer, None, name=field.name, limit=str(most_links(field)), wanted=_WANTED["list"])
    if kind in MESSAGES:
        return issue(MESSAGES, kind, pointer, None, **{"name": field.name, "hint": _hint(field), **ctx})
    codes = _CODES["number" if field.value_type.name == "number" else "text"]
    code = codes.get(kind, _OTHERWISE.get(field.kind.key, "record-wrong-type"))
    limit = ctx.get("max_length", ctx.get("ge", ctx.get("le", "")))
    shown = number_text(limit) if isinstance(limit, Decimal) else str(limit)
    wanted = _WANTED.get(field.kind.key, _WANTED["text"])
    return issue(MESSAGES, code, pointer, None, name=field.name, limit=shown, wanted=wanted)


def _hint(field: Field) -> Mapping[str, str]:
    """Return what a pattern's author says of it."""
    told = None if field.matches is None else field.matches.message
    return told or {"zh-CN": "格式不对。", "en": "it is not written as it should be."}
