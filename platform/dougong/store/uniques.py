"""Unique constraints in the database: what the index of one holds, and which of some keys are there already."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, and_, null
from sqlalchemy.dialects.postgresql import asyncpg

from dougong.model.app_model import AppModel
from dougong.sites import Site
from dougong.store.names import quoted, table_name
from dougong.store.save import Executor
from engines.dataset.query import Sources
from engines.dataset.rows import Rows, table_of
from engines.dataset.sql import live
from engines.entity.entity import Entity, Unique
from engines.expression.sql_context import SqlContext


def held_by(entity: Entity, unique: Unique) -> ColumnElement[Any] | None:
    """Return which records a constraint is about, as a condition on the table called `t`; None for all of them."""
    nothing: Any = null()
    rows = Rows(entity, Sources(lambda _: entity, lambda _: None, table_of), SqlContext(nothing, nothing, nothing))
    conditions = [] if entity.parent is not None else [live(rows)]
    if unique.where is not None:
        conditions.append(rows.condition(unique.where.tree))
    return and_(*conditions) if conditions else None


def held_sql(entity: Entity, unique: Unique) -> str:
    """Return the same as SQL text that holds its constants."""
    held = held_by(entity, unique)
    dialect = asyncpg.dialect()  # type: ignore[no-untyped-call]
    return "true" if held is None else str(held.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def held_in_index(entity: Entity, unique: Unique) -> str | None:
    """Return the same as an index says it, whose columns are its table's anyway; None for all records."""
    held = held_by(entity, unique)
    if held is None:
        return None
    dialect = asyncpg.dialect()  # type: ignore[no-untyped-call]
    return str(dialect.statement_compiler(dialect, None).process(held, include_table=False, literal_binds=True))


async def taken_places(
    executor: Executor, site: Site, model: AppModel, entity: Entity, unique: Unique, keys: Sequence[tuple[int, tuple[Any, ...]]], own: Sequence[UUID]
) -> set[int]:
    """Return the places of the keys that other records have; own: the records being saved, whose saved keys do not count."""
    shape = (model, "taken", entity.key, unique.key)
    sql: str | None = site.compiled.get(shape)
    if sql is None:
        sql = _taken_sql(entity, unique)
        site.keep(shape, sql)
    given = [{"place": place, **{f"k{index}": value for index, value in enumerate(key)}} for place, key in keys]
    rows = await executor.fetch(sql, orjson.dumps(given, default=str).decode(), list(own))
    return {row["place"] for row in rows}


def _taken_sql(entity: Entity, unique: Unique) -> str:
    fields = [entity.fields[key] for key in unique.fields]
    types = [(field.kind.column_type or "").partition(" ")[0] for field in fields]
    listed = ", ".join(["place integer", *(f"k{index} {kind}" for index, kind in enumerate(types))])
    same = " AND ".join(f"t.{quoted(field.column or '')} = x.k{index}" for index, field in enumerate(fields))
    owner = "t.id" if entity.parent is None else "t.parent"
    return (
        f"SELECT x.place FROM json_to_recordset($1::json) AS x({listed}) WHERE EXISTS (SELECT FROM {table_name(entity)} AS t"
        f" WHERE {same} AND ({held_sql(entity, unique)}) AND {owner} <> ALL($2::uuid[]))"
    )
