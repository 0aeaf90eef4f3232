"""What history keeps of an update: two images of a record in, the fields that differ, old and new, as JSON out."""

from typing import Any

from engines.entity.compute import ComputePlan, Values
from engines.entity.entity import Entity, Transition
from engines.entity.field_json import field_to_json
from engines.values.same import is_same


def changes_of(plan: ComputePlan, before: Values, after: Values, transition: Transition | None = None) -> dict[str, Any]:
    """Return `{"total": [old, new], "lines": {"<id>": {"quantity": [old, new]}}}`, and `"state__transition": "<key>"` where one was taken.

    A row that was added is `[null, row]`, one that is gone `[row, null]`, each with its `position`; where the rows that stay
    have changed places, `order` holds the ids of all rows, `[old, new]`.
    """
    changes: dict[str, Any] = _fields(plan.entity, before, after)
    if transition is not None and plan.entity.states is not None:
        changes[f"{plan.entity.states.key}__transition"] = transition.key
    for key, rows in plan.lines.items():
        old = {str(row["id"]): row for row in before[key]}
        new = {str(row["id"]): row for row in after[key]}
        found: dict[str, Any] = {}
        for row_id in {**old, **new}:
            if row_id not in old or row_id not in new:
                found[row_id] = [_row(rows, old.get(row_id)), _row(rows, new.get(row_id))]
            elif changed := _fields(rows, old[row_id], new[row_id]):
                found[row_id] = changed
        if [row_id for row_id in old if row_id in new] != [row_id for row_id in new if row_id in old]:
            found["order"] = [list(old), list(new)]
        if found:
            changes[key] = found
    return changes


def _fields(entity: Entity, before: Values, after: Values) -> dict[str, Any]:
    """Return the fields that differ, and the errors of computed ones that do."""
    changes = {}
    for field in entity.shown_fields:
        if not is_same(before.get(field.key), after.get(field.key)):
            changes[field.key] = [field_to_json(field, before.get(field.key)), field_to_json(field, after.get(field.key))]
        if field.error_column is not None:
            error = f"{field.key}__error"
            if before.get(error) != after.get(error):
                changes[error] = [before.get(error), after.get(error)]
    return changes


def _row(entity: Entity, row: Values | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {**{f.key: field_to_json(f, row.get(f.key)) for f in entity.shown_fields}, "position": row["position"]}
