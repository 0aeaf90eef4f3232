"""What somebody sent for a record others have changed since they read it, and those changes, in; what is left to write out, or clashes.

Values are compared as history keeps them: JSON. Rows are matched by their ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engines.entity.entity import Entity
from engines.entity.field_json import field_to_json
from engines.values.decimals import round_half_up
from engines.values.same import is_same

Values = dict[str, Any]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a record: the revision it made, who, when, and the fields that changed, `[old, new]`, as history keeps them."""

    revision: int
    actor: str
    at: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One value two people changed: where it was sent, what it was, what it is now, what was sent, and whose the present one is.

    Of a whole row that one changed and the other deleted, the value deleted is None.
    """

    pointer: str
    key: str
    was: object
    theirs: object
    mine: object
    step: Step


def merge(
    entity: Entity, lines: Mapping[str, Entity], now: Values, sent: Values, steps: Sequence[Step]
) -> tuple[Values, list[Conflict]]:
    """Return what is to be written over the record as it is now, and every value both sides have changed.

    What is in conflict is not written: who lets the others have their way writes the rest.
    steps: the changes since the sender read it, the oldest first.
    """
    merged: Values = {}
    conflicts: list[Conflict] = []
    for key, value in sent.items():
        if key in ("id", "revision"):
            merged[key] = value
        elif key in lines:
            merged[key] = _merge_rows(key, lines[key], now, value or [], steps, conflicts)
        else:
            touched = [(step, step.changes[key]) for step in steps if key in step.changes]
            mine, theirs = _sent(entity, key, value), field_to_json(entity.fields[key], now.get(key))
            clash = _compare(f"/{key}", key, mine, theirs, touched)
            if isinstance(clash, Conflict):
                conflicts.append(clash)
            elif clash:
                merged[key] = value
    return merged, conflicts


def _compare(pointer: str, key: str, mine: object, theirs: object, touched: Sequence[tuple[Step, Any]]) -> Conflict | bool:
    """Return whether the value that was sent is to be written, or the conflict it makes.

    That both came to the same value is a conflict too: two who each count one more have counted two.
    """
    if not touched:
        return True
    was = touched[0][1][0]
    if is_same(mine, was):
        return False
    return True if is_same(theirs, was) else Conflict(pointer, key, was, theirs, mine, touched[-1][0])


def _sent(entity: Entity, key: str, value: Any) -> object:  # noqa: ANN401 – a value of any kind
    scale = entity.fields[key].scale
    return field_to_json(entity.fields[key], value if value is None or scale is None else round_half_up(value, scale))


def _merge_rows(
    key: str, rows: Entity, now: Values, sent: Sequence[Values], steps: Sequence[Step], conflicts: list[Conflict]
) -> list[Values]:
    """Return the rows as they are to be sent: a row that keeps all it has is its id alone."""
    touched = [(step, step.changes[key]) for step in steps if key in step.changes]
    if not touched:
        return list(sent)
    there = {str(row["id"]): row for row in now[key]}
    was = _as_they_were(rows, there, touched)
    merged: list[Values] = []
    for position, row in enumerate(sent):
        row_id = str(row["id"])
        if row_id not in was:
            merged.append(row)
        elif row_id in there:
            merged.append(_merge_row(f"/{key}/{position}", rows, row, there[row_id], row_id, touched, conflicts))
        elif changed := {k: v for k, v in row.items() if k != "id" and not is_same(_sent(rows, k, v), was[row_id].get(k))}:
            mine = {k: _sent(rows, k, v) for k, v in changed.items()}
            conflicts.append(Conflict(f"/{key}/{position}", key, was[row_id], None, mine, _last(row_id, touched)))
    kept = {str(row["id"]) for row in sent}
    for row_id, row in there.items():
        if row_id in kept:
            continue
        if row_id not in was:
            merged.append({"id": row["id"]})
        elif any(row_id in changes for _, changes in touched):
            theirs = {f.key: field_to_json(f, row.get(f.key)) for f in rows.shown_fields}
            conflicts.append(Conflict(f"/{key}", key, was[row_id], theirs, None, _last(row_id, touched)))
            merged.append({"id": row["id"]})
    return merged


def _merge_row(
    pointer: str, rows: Entity, row: Values, there: Values, row_id: str, touched: Sequence[tuple[Step, Any]], conflicts: list[Conflict]
) -> Values:
    merged: Values = {"id": row["id"]}
    for key, value in row.items():
        if key == "id":
            continue
        changes = [(step, rows_changes[row_id][key]) for step, rows_changes in touched if key in _fields(rows_changes.get(row_id))]
        clash = _compare(f"{pointer}/{key}", key, _sent(rows, key, value), field_to_json(rows.fields[key], there.get(key)), changes)
        if isinstance(clash, Conflict):
            conflicts.append(clash)
        elif clash:
            merged[key] = value
    return merged


def _fields(changes: object) -> Mapping[str, Any]:
    return changes if isinstance(changes, Mapping) else {}


def _last(row_id: str, touched: Sequence[tuple[Step, Any]]) -> Step:
    return [step for step, changes in touched if row_id in changes][-1]


def _as_they_were(rows: Entity, there: Mapping[str, Values], touched: Sequence[tuple[Step, Any]]) -> dict[str, dict[str, Any]]:
    """Return the rows before all changes, by id, as JSON values."""
    was: dict[str, dict[str, Any]] = {
        row_id: {f.key: field_to_json(f, row.get(f.key)) for f in rows.shown_fields} for row_id, row in there.items()
    }
    for _, changes in reversed(touched):
        for row_id, change in changes.items():
            if row_id == "order":
                continue
            if isinstance(change, Mapping):
                if row_id in was:
                    was[row_id] |= {key: pair[0] for key, pair in change.items()}
            elif change[0] is None:
                was.pop(row_id, None)
            else:
                was[row_id] = dict(change[0])
    return was
