"""What history keeps of an update: two images of a record in, the fields that differ, old and new, as JSON out."""

from typing import Any

from engines.entity.compute import ComputePlan, Values
from engines.entity.entity import Entity
from engines.values.json_values import value_to_json


def changes_of(plan: ComputePlan, before: Values, after: Values) -> dict[str, Any]:
    """Return `{"total": [old, new], "lines": {"<id>": {"quantity": [old, new]}}}`; an added row has null before, a gone one after."""
    changes: dict[str, Any] = _fields(plan.entity, before, after)
    for key, rows in plan.lines.items():
        old = {str(row["id"]): row for row in before[key]}
        new = {str(row["id"]): row for row in after[key]}
        found: dict[str, Any] = {}
        for row_id in {**old, **new}:
            if row_id not in old or row_id not in new:
                found[row_id] = [_row(rows, old.get(row_id)), _row(rows, new.get(row_id))]
            elif changed := _fields(rows, old[row_id], new[row_id]):
                found[row_id] = changed
        if found:
            changes[key] = found
    return changes


def _fields(entity: Entity, before: Values, after: Values) -> dict[str, Any]:
    return {
        field.key: [value_to_json(before.get(field.key)), value_to_json(after.get(field.key))]
        for field in entity.stored_fields
        if before.get(field.key) != after.get(field.key)
    }


def _row(entity: Entity, row: Values | None) -> dict[str, Any] | None:
    return None if row is None else {f.key: value_to_json(row.get(f.key)) for f in entity.stored_fields}
