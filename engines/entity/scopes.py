"""A computed record and a formula that judges it in, the names that formula finds out; and whether a value counts as missing."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engines.entity.compute import Found, Values
from engines.entity.entity import Entity, Formula
from engines.values.value_types import AnyRecord, ErrorValue, name_among


def scope_of(entity: Entity, formula: Formula, record: Values, found: Found) -> Mapping[str, Any]:
    """Put the records that the paths of a formula which judges a record go through in the place of their ids."""
    if not formula.through:
        return record
    targets: dict[str, Any] = {}
    for key in formula.through:
        field = entity.fields.get(key)
        value = record.get(key)
        if field is not None and field.to is not None and isinstance(value, UUID):
            targets[key] = {"id": value, **found.get(field.to, {}).get(value, {})}
        elif isinstance(value, AnyRecord):
            there = {"id": value.id, **found.get(value.entity, {}).get(value.id, {})}
            targets[key] = {"id": value, name_among(value.entity): there, "entity": value.entity}
        elif field is not None and field.link_table is not None and field.links is not None:
            known = found.get(field.links, {})
            targets[key] = [{"id": one, **known.get(one, {})} for one in value or ()]
    return {**record, **targets} if targets else record


def is_missing(value: object) -> bool:
    """Whether nothing is there. By class: comparing a number with a list costs more than the rest of the check."""
    return value is None or value.__class__ is ErrorValue or (value.__class__ is list and not value)
