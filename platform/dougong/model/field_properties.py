"""What the definition of a field says that only fields of its kind may say in, its resolved properties and what is wrong with them out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dougong.model.definition_fields import DateField, DatetimeField, FieldDefinition, TextField
from dougong.model.definition_kinds import (
    AddressField,
    BarcodeField,
    DurationField,
    JsonField,
    RatingField,
    TimeField,
    TreeOptionDefinition,
)
from dougong.model.labels import labels
from dougong.model.messages import MESSAGES
from engines.entity.check_texts import LONGEST_BARCODE, LONGEST_EMAIL, LONGEST_PHONE, LONGEST_URL
from engines.entity.entity import Field, Option, TextPattern
from engines.entity.json_schema import wrong_schema
from engines.expression.failure import Failure
from engines.expression.python_regex import matcher
from engines.values.issue import Issue, issue


@dataclass(frozen=True, slots=True)
class Properties:
    """What `Field` holds of them, by the same names."""

    scale: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    min_length: int | None = None
    max_length: int | None = None
    matches: TextPattern | None = None
    options: tuple[Option, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


_LONGEST = {
    "phone": LONGEST_PHONE, "email": LONGEST_EMAIL, "url": LONGEST_URL, "barcode": LONGEST_BARCODE,
}  # fmt: skip
UNIT_KINDS = ("choice", "tree_choice", "text", "reference")
"""Kinds of the fields that can hold the unit or the currency of another."""


def properties(definition: FieldDefinition, at: str) -> tuple[Properties, list[Issue]]:
    """Return the properties of a field and what is wrong with them by themselves."""
    issues: list[Issue] = []
    # What a date may be is said by expressions, which are read later.
    is_dated = isinstance(definition, DateField | DatetimeField)
    said = vars(definition)  # to ask a pydantic type for what it has not got is slow
    low, high = (None, None) if is_dated else (_number(said.get("min")), _number(said.get("max")))
    scale = said.get("scale")
    if isinstance(definition, RatingField):
        low, scale = Decimal(1), 0
    elif isinstance(definition, DurationField):
        scale = 0
    least, most = said.get("min_length") or None, said.get("max_length", _LONGEST.get(definition.kind))
    if (low is not None and high is not None and low > high) or (least is not None and most is not None and least > most):
        issues.append(issue(MESSAGES, "definition-range-invalid", at))
    details = _DETAILS[definition.kind](definition) if definition.kind in _DETAILS else {}
    if isinstance(definition, JsonField) and definition.json_schema is not None:
        reason = wrong_schema(definition.json_schema)
        if reason is not None:
            issues.append(issue(MESSAGES, "definition-json-schema", f"{at}/schema", None, reason=reason))
    options = _options(definition)
    issues += _tree_issues(options, at)
    return Properties(scale, low, high, least, most, _matches(definition, at, issues), options, details), issues


def beside(fields: Mapping[str, Field], at: str) -> list[Issue]:
    """Return what is wrong with what fields say of each other: where their unit or currency stands."""
    issues = []
    for one in fields.values():
        for name in ("unit_field", "currency_field"):
            key = one.details.get(name)
            if key is None:
                continue
            if key not in fields:
                issues.append(issue(MESSAGES, "definition-field-unknown", f"{at}/{one.key}/{name}", None, name=key))
            elif fields[key].kind.key not in UNIT_KINDS:
                issues.append(issue(MESSAGES, "definition-unit-kind", f"{at}/{one.key}/{name}", None, name=key))
    return issues


def _number(written: object) -> Decimal | None:
    return None if written is None else Decimal(str(written))


def _matches(definition: FieldDefinition, at: str, issues: list[Issue]) -> TextPattern | None:
    if not isinstance(definition, TextField) or definition.pattern is None:
        return None
    try:
        matcher(f"^(?:{definition.pattern})$")
    except Failure:
        issues.append(issue(MESSAGES, "definition-text-pattern", f"{at}/pattern"))
        return None
    message = definition.pattern_message
    return TextPattern(definition.pattern, None if message is None else labels(message))


def _options(definition: FieldDefinition) -> tuple[Option, ...]:
    return tuple(
        Option(one.key, labels(one.name), one.color, one.parent if isinstance(one, TreeOptionDefinition) else None)
        for one in vars(definition).get("options", ())
    )


def _tree_issues(options: tuple[Option, ...], at: str) -> list[Issue]:
    """Return an issue for every option that lies under none there is, or under itself."""
    above = {option.key: option.parent for option in options}
    issues = []
    for option in options:
        seen, parent = {option.key}, option.parent
        while parent is not None and parent in above and parent not in seen:
            seen.add(parent)
            parent = above[parent]
        if parent is not None:
            issues.append(issue(MESSAGES, "definition-option-parent", f"{at}/options/{option.key}/parent", None, name=option.parent))
    return issues


def _given(*names: str) -> Callable[[Any], dict[str, Any]]:
    return lambda definition: {name: value for name in names if (value := getattr(definition, name)) is not None}


def _barcode(definition: BarcodeField) -> dict[str, Any]:
    return {"format": definition.format}


def _time(definition: TimeField) -> dict[str, Any]:
    return {"seconds": definition.seconds}


def _duration(definition: DurationField) -> dict[str, Any]:
    return {"show": definition.show}


def _address(definition: AddressField) -> dict[str, Any]:
    return {"country": definition.country}


def _json(definition: JsonField) -> dict[str, Any]:
    return {} if definition.json_schema is None else {"schema": definition.json_schema}


_DETAILS: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "money": _given("currency", "currency_field"), "quantity": _given("unit", "unit_field"), "barcode": _barcode, "time": _time,
    "duration": _duration, "address": _address, "json": _json,
}  # fmt: skip
"""What goes into `Field.details`, by kind."""
