"""A typed value of a field in, its JSON form out, and back; a value kept as JSON is itself."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import orjson

from engines.entity.entity import Entity, Field
from engines.values.issue import Issue
from engines.values.json_values import value_from_json, value_to_json
from engines.values.same import is_same
from engines.values.value_types import AnyRecord


def field_to_json(field: Field, value: object) -> object:
    """Return the JSON form of a field's value, as history keeps it and the API answers it."""
    return value if field.kind.column_type == "jsonb" else value_to_json(value)


def field_from_json(field: Field, raw: object) -> Any:  # noqa: ANN401 – a value of any kind
    """Return the value a JSON form in history means for a field as it is now; a blank where it means none."""
    if field.kind.column_type == "jsonb":
        return raw
    value = value_from_json(raw, field.value_type)
    return None if isinstance(value, Issue) else value


def is_value_of(field: Field, raw: object, value: object) -> bool:
    """Tell whether a JSON form means a value. Of a secret nobody can tell, so that it counts as the same."""
    if field.kind.column_type == "jsonb":
        return is_same(raw, value)
    return field.kind.read_by == "none" or value_from_json(raw, field.value_type) == value


def json_keys(entity: Entity) -> Mapping[str, Callable[[str], Any]]:
    """Return the fields of an entity that PostgreSQL hands over as JSON text, each with what reads it."""
    return {
        field.key: _any_record if field.any_of else orjson.loads
        for field in entity.stored_fields
        if field.any_of or field.kind.column_type == "jsonb"
    }


def _any_record(text: str) -> AnyRecord:
    parts = orjson.loads(text)
    return AnyRecord(parts["entity"], UUID(parts["id"]))


def read_json(record: dict[str, Any], keys: Mapping[str, Callable[[str], Any]]) -> Mapping[str, Any]:
    """Put values in the place of JSON texts; return the record that was given."""
    for key, read in keys.items():
        if record[key] is not None:
            record[key] = read(record[key])
    return record
