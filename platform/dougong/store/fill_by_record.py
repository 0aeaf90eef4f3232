"""A computed field that PostgreSQL cannot compute in, its values for all saved records out: read, computed and written in batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from time import monotonic
from typing import Any
from uuid import UUID

from dougong.model.app_model import ORGANIZATION, AppModel
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
    ids = f"SELECT id FROM {table_name(fill.entity)} WHERE id > $1 ORDER BY id LIMIT {_BATCH}"
    last = _FIRST
    while batch := [row["id"] for row in await executor.fetch(ids, last)]:
        last = batch[-1]
        await fill_some(executor, site, fill, batch)


async def fill_some(executor: Executor, site: Site, fill: RecordFill, ids: Sequence[UUID]) -> list[Any]:
    """Give some records what the formula of a field comes to; return those that have changed, with their new value and error."""
    entity, field = fill.entity, fill.field
    made = await values_of(executor, site, fill, ids)
    return list(await executor.fetch(_update(entity, field), *(list(part) for part in zip(*made, strict=True)))) if made else []


async def values_of(executor: Executor, site: Site, fill: RecordFill, ids: Sequence[UUID]) -> list[tuple[UUID, Any, str | None]]:
    """Return what the formula of a field comes to for some records: id, the value as it is kept, the code of an error."""
    entity, field = fill.entity, fill.field
    assert field.formula is not None
    context = EvalContext(datetime.now(site.zone), site.zone, SYSTEM.id, clock=monotonic)
    records = await _read(executor, fill.model, entity, field.formula.reads, "id", ids)
    return [(record_id, *stored(field, field.formula.run(record, context))) for record_id, record in records]


def _update(entity: Entity, field: Field) -> str:
    assert field.column is not None and field.kind.column_type is not None
    kind = field.kind.column_type.partition(" ")[0]
    columns = {field.column: "value"} | ({field.error_column: "error"} if field.error_column is not None else {})
    sets = ", ".join(f"{quoted(column)} = new.{name}" for column, name in columns.items())
    differ = " OR ".join(f"t.{quoted(column)} IS DISTINCT FROM new.{name}" for column, name in columns.items())
    return (
        f"UPDATE {table_name(entity)} AS t SET {sets} FROM unnest($1::uuid[], $2::{kind}[], $3::text[]) AS new(id, value, error) "
        f"WHERE t.id = new.id AND ({differ}) RETURNING t.id, new.value, new.error"
    )


async def _read(
    executor: Executor, model: AppModel, entity: Entity, reads: Paths, by: str, ids: Iterable[UUID]
) -> list[tuple[UUID, Values]]:
    """Return the records whose column `by` is one of the ids, each with that id, holding what paths from them read."""
    keys = sorted({path[0] for path in reads} - {"id"})
    lists = {key: of for key in keys if (of := _list(model, entity, key)) is not None}
    columns = [f"t.{quoted(by)} AS __by", "t.id AS id"]
    for key in keys:
        field = entity.fields.get(key)
        if field is not None and field.link_table is not None:
            listed = f"SELECT k.target FROM {link_table(entity, field)} k WHERE k.record = t.id ORDER BY k.position"
            columns.append(f"ARRAY({listed}) AS {quoted(key)}")
        elif key not in lists:
            columns.append(f"t.{quoted(key if field is None else field.column or key)} AS {quoted(key)}")
            columns += [f"t.{quoted(field.error_column)} AS {quoted(key + '__error')}"] if field and field.error_column else []
    source = f"{table_name(entity)} AS t"
    is_list = by not in ("id", "parent")
    if is_list and entity.parent is not None:
        source += f" JOIN {table_name(model.entity(entity.everywhere(entity.parent)))} AS o ON o.id = t.parent AND o.deleted_at IS NULL"
    live = " AND t.deleted_at IS NULL" if is_list and entity.parent is None else ""
    order = "position" if by == "parent" else "id"
    query = f"SELECT {', '.join(columns)} FROM {source} WHERE t.{quoted(by)} = ANY($1){live} ORDER BY t.{order}"
    found = [(row["__by"], _values(dict(row.items()))) for row in await executor.fetch(query, list(ids))]
    for key in keys:
        inner = frozenset(path[1:] for path in reads if path[0] == key and len(path) > 1)
        if key in lists:
            await _add_list(executor, model, lists[key], inner, found, key)
        elif inner or key == "parent":
            await _add_target(executor, model, _target(model, entity, key), inner, found, key)
    return found


def _list(model: AppModel, entity: Entity, key: str) -> tuple[Entity, str] | None:
    """Return the entity of a list a record has, and the column that says whose it is; None for what is no list."""
    field = entity.fields.get(key)
    if field is not None:
        return None if field.lines is None else (model.entity(entity.everywhere(field.lines)), "parent")
    inverse = entity.inverses.get(key)
    if inverse is None:
        return None
    source = model.entity(entity.everywhere(inverse.source))
    return source, source.fields[inverse.field].column or inverse.field


def _target(model: AppModel, entity: Entity, key: str) -> Entity:
    field = entity.fields.get(key)
    to = field.target if field is not None else entity.parent if key == "parent" else f"{ORGANIZATION}.user"
    return model.entity(entity.everywhere(to or ""))


async def _add_list(
    executor: Executor, model: AppModel, of: tuple[Entity, str], reads: Paths, found: Sequence[tuple[UUID, Values]], key: str
) -> None:
    rows: dict[UUID, list[Values]] = {record["id"]: [] for _, record in found}
    for owner, row in await _read(executor, model, of[0], reads, of[1], rows):
        rows[owner].append(row)
    for _, record in found:
        record[key] = rows[record["id"]]


async def _add_target(
    executor: Executor, model: AppModel, entity: Entity, reads: Paths, found: Sequence[tuple[UUID, Values]], key: str
) -> None:
    lists = [record[key] if isinstance(record[key], list) else [record[key]] for _, record in found]
    ids = {one for some in lists for one in some if one is not None}
    targets = dict(await _read(executor, model, entity, reads, "id", ids)) if ids else {}
    for (_, record), some in zip(found, lists, strict=True):
        is_list = isinstance(record[key], list)
        record[key] = [targets[one] for one in some if one in targets] if is_list else targets.get(some[0])


def _values(row: Mapping[str, Any]) -> Values:
    """Return what a formula meets: numbers as decimals, ids of their own class, an error where the saved value is one."""
    values: Values = {}
    for key, value in row.items():
        code = row.get(f"{key}__error")
        if isinstance(value, UUID):
            values[key] = UUID(bytes=value.bytes)
        else:
            values[key] = ErrorValue(code) if code else Decimal(value) if type(value) is int else value
    return values
