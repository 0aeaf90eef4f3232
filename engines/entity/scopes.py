"""A computed record and a formula that judges it in, the names that formula finds out; and whether a value counts as missing."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engines.entity.compute import Found, Values
from engines.entity.entity import Entity, Formula
from engines.values.value_types import ErrorValue


def scope_of(entity: Entity, formula: Formula, record: Values, found: Found) -> Mapping[str, Any]:
    """Put the records that the paths of a formula which judges a record go through in the place of their ids."""
    through = {path[0] for path in formula.reads if len(path) > 1}
    targets: dict[str, Any] = {}
    for field in entity.reference_fields:
        value = record.get(field.key)
        if field.key in through and isinstance(value, UUID) and field.to is not None:
            targets[field.key] = {"id": value, **found.get(field.to, {}).get(value, {})}
    for field in entity.link_fields:
        if field.key in through and field.links is not None:
            known = found.get(field.links, {})
            targets[field.key] = [{"id": value, **known.get(value, {})} for value in record.get(field.key) or ()]
    return {**record, **targets} if targets else record


def is_missing(value: object) -> bool:
    """Whether nothing is there. By class: comparing a number with a list costs more than the rest of the check."""
    return value is None or value.__class__ is ErrorValue or (value.__class__ is list and not value)
