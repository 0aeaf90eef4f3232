"""A computed field that PostgreSQL cannot compute in, its values for all saved records out: read, computed and written in batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from time import monotonic
from typing import Any
from uuid import UUID

from dougong.model.app_model import AppModel
from dougong.permissions.actor import SYSTEM
from dougong.sites import Site
from dougong.store.names import link_table, quoted, table_name
from dougong.store.save import Executor
from engines.entity.compute import stored
from engines.entity.entity import Entity, Field
from engines.expression.failure import EvalContext
from engines.values.value_types import ErrorValue

_BATCH = 2_000
_FIRST = UUID(int=0)
Values = dict[str, Any]
Paths = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class RecordFill:
    """What a publish does in place of a statement; as text it is what the designer is shown."""

    model: AppModel
    entity: Entity
    field: Field

    def __str__(self) -> str:
        """Return the step as a comment in SQL."""
        return f"-- {self.entity.schema}.{self.entity.table}.{self.field.column}: each record is computed by the server"


async def fill_by_record(executor: Executor, site: Site, fill: RecordFill) -> None:
    """Give every record, those in the trash too, what the formula of a field comes to; revisions stay.

    The caller has a transaction open; the fields the formula reads have been filled before.
    """
    entity, field = fill.entity, fill.field
    assert field.formula is not None and field.column is not None and field.kind.column_type is not None
    context = EvalContext(datetime.now(site.zone), site.zone, SYSTEM.id, clock=monotonic)
    ids = f"SELECT id FROM {table_name(entity)} WHERE id > $1 ORDER BY id LIMIT {_BATCH}"
    last = _FIRST
    while batch := [row["id"] for row in await executor.fetch(ids, last)]:
        last = batch[-1]
        records = await _read(executor, fill.model, entity, field.formula.reads, "id", batch)
        made = [(record_id, *stored(field, field.formula.run(record, context))) for record_id, record in records]
        await executor.fetch(_update(entity, field), *(list(part) for part in zip(*made, strict=True)))


def _update(entity: Entity, field: Field) -> str:
    assert field.column is not None and field.kind.column_type is not None
    kind = field.kind.column_type.partition(" ")[0]
    columns = {field.column: "value"} | ({field.error_column: "error"} if field.error_column is not None else {})
    sets = ", ".join(f"{quoted(column)} = new.{name}" for column, name in columns.items())
    differ = " OR ".join(f"t.{quoted(column)} IS DISTINCT FROM new.{name}" for column, name in columns.items())
    return (
        f"UPDATE {table_name(entity)} AS t SET {sets} FROM unnest($1::uuid[], $2::{kind}[], $3::text[]) AS new(id, value, error) "
        f"WHERE t.id = new.id AND ({differ})"
    )


async def _read(
    executor: Executor, model: AppModel, entity: Entity, reads: Paths, by: str, ids: Iterable[UUID]
) -> list[tuple[UUID, Values]]:
    """Return the records whose column `by` is one of the ids, each with that id, holding what paths from them read."""
    fields = {key: entity.fields.get(key) for key in sorted({path[0] for path in reads})}
    columns = [f"{quoted(by)} AS __by", "id AS __id"] + (["parent AS __parent"] if "parent" in fields else [])
    for key, field in fields.items():
        if field is None and key != "parent":
            columns.append(quoted(key))
        elif field is not None and field.link_table is not None:
            listed = f"SELECT k.target FROM {link_table(entity, field)} k WHERE k.record = {table_name(entity)}.id ORDER BY k.position"
            columns.append(f"ARRAY({listed}) AS {quoted(key)}")
        elif field is not None and field.lines is None:
            columns += [f"{quoted(field.column or key)} AS {quoted(key)}"]
            columns += [f"{quoted(field.error_column)} AS {quoted(key + '__error')}"] if field.error_column is not None else []
    order = "position" if entity.parent is not None else "id"
    query = f"SELECT {', '.join(columns)} FROM {table_name(entity)} WHERE {quoted(by)} = ANY($1) ORDER BY {order}"
    found = [(row["__by"], row["__id"], _values(dict(row.items()))) for row in await executor.fetch(query, list(ids))]
    for key, field in fields.items():
        inner = frozenset(path[1:] for path in reads if path[0] == key and len(path) > 1)
        if field is not None and field.lines is not None:
            rows: dict[UUID, list[Values]] = {record_id: [] for _, record_id, _ in found}
            for owner, row in await _read(executor, model, model.entities[field.lines], inner, "parent", rows):
                rows[owner].append(row)
            for _, record_id, record in found:
                record[key] = rows[record_id]
        elif field is None and key == "parent" and entity.parent is not None:
            owners = {record["__parent"] for _, _, record in found}
            above = dict(await _read(executor, model, model.entities[entity.parent], inner, "id", owners))
            for _, _, record in found:
                record["parent"] = above[record["__parent"]]
    return [(owner, record) for owner, _, record in found]


def _values(row: Mapping[str, Any]) -> Values:
    """Return what a formula meets: numbers as decimals, an error where the saved value is one."""
    values: Values = {}
    for key, value in row.items():
        code = row.get(f"{key}__error")
        values[key] = ErrorValue(code) if code else Decimal(value) if type(value) is int else value
    return values
