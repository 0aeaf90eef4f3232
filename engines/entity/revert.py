"""A record as it is, the changes to be taken back and those that came after in; what to write so that it is as it was before out."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from engines.entity.entity import Entity, Field
from engines.entity.field_json import field_from_json, field_to_json
from engines.entity.merge import Conflict, Step, Values, merge


def revert(
    entity: Entity, lines: Mapping[str, Entity], now: Values, own: Sequence[Step], since: Sequence[Step], kept: Sequence[Step]
) -> tuple[Values, list[Conflict]]:
    """Return the values before the changes `own`, but for those that changes `kept` have changed again; these are conflicts.

    All the oldest first. since: all changes after the first of `own` that are not among them. kept: those that are to stand. What is computed is left out, and fields there are no more.
    """
    before: Values = {}
    for step in own:
        for key, pair in step.changes.items():
            if key in lines:
                before[key] = None
            elif key not in before and _is_kept(entity.fields.get(key)):
                before[key] = field_from_json(entity.fields[key], pair[0])
    for key in [key for key in before if key in lines]:
        before[key] = _rows_before(lines[key], now[key], [step.changes[key] for step in sorted((*own, *since), key=lambda one: one.revision) if key in step.changes])
    return merge(entity, lines, now, before, kept)


def _is_kept(field: Field | None) -> bool:
    """Whether a field keeps what it is given, and history has it in clear."""
    return field is not None and field.formula is None and field.lines is None and field.kind.key != "secret"


def _rows_before(rows: Entity, now: Sequence[Values], changes: Sequence[Mapping[str, Any]]) -> list[Values]:
    """Return the rows as they were before some changes, in their order; rows come back with their ids."""
    found: dict[str, dict[str, Any]] = {str(row["id"]): {f.key: field_to_json(f, row.get(f.key)) for f in rows.shown_fields} for row in now}
    order = list(found)
    for change in reversed(changes):
        back: list[tuple[int, str]] = []
        for row_id, one in change.items():
            if row_id == "order":
                continue
            if isinstance(one, Mapping):
                if row_id in found:
                    found[row_id] |= {key: pair[0] for key, pair in one.items()}
            elif one[0] is None:
                found.pop(row_id, None)
            else:
                found[row_id] = dict(one[0])
                back.append((one[0].get("position", len(order)), row_id))
        order = [row_id for row_id in change.get("order", [order])[0] if row_id in found]
        for position, row_id in sorted(back):
            if row_id not in order:
                order.insert(position, row_id)
    kept = [field for field in rows.shown_fields if _is_kept(field)]
    return [{"id": UUID(row_id), **{f.key: field_from_json(f, found[row_id].get(f.key)) for f in kept}} for row_id in order if row_id in found]
