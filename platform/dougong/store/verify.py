"""An app in; every saved computed value that is not what its formula comes to now out; and such values put right.

Each field is looked through in one statement, which sees records and what they are computed from at one moment. Putting
right locks records first and computes them in a second statement, so that it is safe beside those who write.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal_column, or_, select

from dougong.model.app_model import AppModel
from dougong.permissions.actor import SYSTEM
from dougong.sites import Site
from dougong.store.fill_by_record import RecordFill, fill_some, values_of
from dougong.store.names import quoted, table_name
from dougong.store.read import moment, sources, sql_context
from dougong.store.recompute import column_of, computed_columns, lock_sql, recompute
from dougong.store.save import Executor
from dougong.store.statement import compile_statement
from engines.dataset.rows import Rows
from engines.dataset.sql import live
from engines.entity.entity import Entity, Field
from engines.expression.sql_context import NotPushable

MOST_NAMED = 1_000
"""Of one field so many records are named; the count tells of all."""
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """A record whose saved value differs: what is saved and what the formula comes to, an error as its code."""

    id: UUID
    saved: object
    computed: object


@dataclass(frozen=True, slots=True)
class Difference:
    """A computed field whose saved values differ in some records: how many, and the first of them."""

    entity: str
    field: str
    count: int
    records: tuple[Wrong, ...]


async def differences(executor: Executor, site: Site, model: AppModel) -> AsyncIterator[Difference]:
    """Give every computed field, in the order they are computed, that differs in a record outside the trash."""
    for entity_key, key in model.graph.order:
        entity = model.entities[entity_key]
        found = await difference(executor, site, model, entity, entity.fields[key])
        if found.count:
            yield found


async def put_right(executor: Executor, site: Site, model: AppModel, entity: Entity, field: Field, ids: Sequence[UUID]) -> None:
    """Give some records what a field comes to now; the caller has a transaction open, and revisions stay."""
    await executor.fetch(lock_sql(entity, ()), list(ids))
    try:
        statement = compile_statement(recompute(site, model, entity, [field], True))
    except NotPushable:
        await fill_some(executor, site, RecordFill(model, entity, field), ids)
        return
    values = moment(site, SYSTEM) | {"ids": list(ids)}
    await executor.fetch(statement.sql, *statement.arguments(values))


async def difference(executor: Executor, site: Site, model: AppModel, entity: Entity, field: Field) -> Difference:
    """Return in how many records outside the trash a field differs, none perhaps, and the first of them."""
    try:
        count, records = await _in_sql(executor, site, model, entity, field)
    except NotPushable:
        count, records = await _by_record(executor, site, model, entity, field)
    return Difference(entity.key, field.key, count, tuple(records))


async def _in_sql(executor: Executor, site: Site, model: AppModel, entity: Entity, field: Field) -> tuple[int, list[Wrong]]:
    rows = Rows(entity, sources(site, model, SYSTEM), sql_context(site))
    columns = computed_columns(rows, field)
    differs = or_(*(rows.root.c[name].is_distinct_from(column) for name, column in columns.items()))
    error = None if field.error_column is None else columns[field.error_column]
    shown: list[Any] = [
        rows.root.c.id,
        rows.root.c[field.column or ""].label("saved"),
        columns[field.column or ""].label("computed"),
        (literal_column("NULL") if field.error_column is None else rows.root.c[field.error_column]).label("saved_error"),
        (literal_column("NULL") if error is None else error).label("error"),
        func.count().over().label("count"),
    ]
    is_live = live(rows)
    made = select(*shown).select_from(rows.source).where(and_(is_live, differs)).order_by(rows.root.c.id).limit(MOST_NAMED)
    statement = compile_statement(made)
    found = await executor.fetch(statement.sql, *statement.arguments(moment(site, SYSTEM)))
    records = [Wrong(row["id"], row["saved_error"] or row["saved"], row["error"] or row["computed"]) for row in found]
    return (found[0]["count"] if found else 0), records


async def _by_record(executor: Executor, site: Site, model: AppModel, entity: Entity, field: Field) -> tuple[int, list[Wrong]]:
    error = "NULL" if field.error_column is None else f"t.{quoted(field.error_column)}"
    of_live = "t.deleted_at IS NULL"
    if entity.parent is not None:
        of_live = f"EXISTS (SELECT FROM {table_name(model.entities[entity.parent])} AS o WHERE o.id = t.parent AND o.deleted_at IS NULL)"
    read = (
        f"SELECT t.id, t.{quoted(column_of(entity, field.key))} AS saved, {error} AS error FROM {table_name(entity)} AS t"
        f" WHERE t.id > $1 AND {of_live} ORDER BY t.id LIMIT {_BATCH}"
    )
    count, records, last = 0, list[Wrong](), UUID(int=0)
    while batch := await executor.fetch(read, last):
        last = batch[-1]["id"]
        saved = {row["id"]: (row["saved"], row["error"]) for row in batch}
        for record_id, value, code in await values_of(executor, site, RecordFill(model, entity, field), list(saved)):
            if saved[record_id] != (value, code):
                count += 1
                was = saved[record_id]
                records += [Wrong(record_id, was[1] or was[0], code or value)] if len(records) < MOST_NAMED else []
    return count, records
