"""Rows sent with their records in; each that is a row there is, by its key fields, with the id of that one out."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dougong.model.app_model import AppModel
from dougong.permissions.access import Access
from dougong.store.names import quoted, table_name
from dougong.store.save import Values
from dougong.store.save_sql import columns_of
from dougong.work.request import Upsert
from dougong.work.unit import Unit
from engines.entity.entity import Entity
from engines.entity.messages import MESSAGES
from engines.values.decimals import round_half_up
from engines.values.issue import Issue, issue


def unknown_row_keys(model: AppModel, access: Access, lines_by: Mapping[str, tuple[str, ...]]) -> list[Issue]:
    """Return an issue for every list of rows whose key fields are none, or are not shown in every record."""
    issues = []
    for key, by in lines_by.items():
        field = access.entity.fields.get(key)
        rows = None if field is None or field.lines is None else model.entities[field.lines]
        known = () if rows is None else {f.key for f in rows.stored_fields if not f.any_of and f"{key}.{f.key}" not in access.shows}
        if not by or any(one not in known for one in by):
            issues.append(issue(MESSAGES, "record-line-key-unknown", f"/lines_by/{key}", None, name=key))
    return issues


async def identify_rows(
    unit: Unit, entity: Entity, changes: Sequence[Upsert], sents: Sequence[Values], there: Mapping[int, UUID]
) -> None:
    """Give the rows that were sent without an id the id of the row with the same keys, where their record has one."""
    for key, by in dict.fromkeys((key, by) for change in changes for key, by in change.lines_by.items()):
        rows = unit.model.entities[entity.fields[key].lines or ""]
        places = [place for place, change in enumerate(changes) if change.lines_by.get(key) == by and place in there]
        found = await _rows(unit, rows, by, [there[place] for place in places])
        for place in places:
            for row in sents[place].get(key) or ():
                ids = found.get((there[place], *(_kept(rows, one, row.get(one)) for one in by)))
                if ids and "id" not in row:
                    row["id"] = ids.pop(0)


async def _rows(unit: Unit, rows: Entity, by: Sequence[str], owners: Sequence[UUID]) -> dict[tuple[Any, ...], list[UUID]]:
    columns = {c.key: quoted(c.name) for c in columns_of(rows)}
    listed = ", ".join(columns[one] for one in by)
    found: dict[tuple[Any, ...], list[UUID]] = {}
    query = f"SELECT id, parent, {listed} FROM {table_name(rows)} WHERE parent = ANY($1::uuid[]) ORDER BY parent, position"
    for row in await unit.executor.fetch(query, list(owners)):
        record_id, *key = row
        found.setdefault(tuple(key), []).append(record_id)
    return found


def _kept(rows: Entity, key: str, value: Any) -> Any:  # noqa: ANN401 – a value of any kind
    scale = rows.fields[key].scale
    return value if value is None or scale is None else round_half_up(value, scale)
