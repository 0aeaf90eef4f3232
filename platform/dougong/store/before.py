"""Before-images: ids in, records as typed values out, each with whether the actor may change it."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ARRAY, and_, bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.model.app_model import AppModel
from dougong.permissions.access import Access
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.lists import put_lists, read_sql
from dougong.store.names import quoted, table_name
from dougong.store.read import judging_rows, moment
from dougong.store.save import Executor, Values
from dougong.store.save_sql import Column, columns_of, shown_any
from dougong.store.statement import Statement, compile_statement
from engines.dataset.sql import live
from engines.entity.entity import SYSTEM_TYPES, Entity
from engines.entity.field_json import json_keys, read_json

Place = Literal["live", "trash"]


async def read_before(
    executor: Executor,
    site: Site,
    model: AppModel,
    actor: Actor,
    access: Access,
    action: str,
    ids: Sequence[UUID],
    lock: bool,
    place: Place = "live",
) -> dict[UUID, tuple[Values, bool]]:
    """Return by id the records the actor may read, as they are, each with whether `action` is allowed on it.

    lock: take the rows for writing, in the order of their ids; only inside a transaction. To delete, nobody may begin to
    point to them either. place: whether they are looked for among the live ones or in the trash.
    """
    entity = access.entity
    shape = (model, "before", entity.key, action, actor.rights, lock, place)
    statement: Statement | None = site.compiled.get(shape)
    if statement is None:
        statement = _statement(site, model, actor, access, action, lock, place)
        site.keep(shape, statement)
    values = moment(site, actor) | {"ids": list(ids)}
    found = {}
    keys = json_keys(entity)
    for row in await executor.fetch(statement.sql, *statement.arguments(values)):
        record = dict(row.items())
        if keys:
            read_json(record, keys)
        allowed = bool(record.pop("__allowed"))
        found[record["id"]] = record, allowed
    for field in entity.line_fields:
        assert field.lines is not None
        for record, _ in found.values():
            record[field.key] = []
        rows = model.entities[field.lines]
        keys = json_keys(rows)
        for row in await executor.fetch(_lines_sql(rows), list(found)):
            line = dict(row.items())
            if keys:
                read_json(line, keys)
            found[line.pop("parent")][0][field.key].append(line)
    if entity.link_fields:
        await _read_lists(executor, entity, [record for record, _ in found.values()])
    for field in entity.line_fields:
        rows = model.entities[field.lines or ""]
        if rows.link_fields:
            await _read_lists(executor, rows, [row for record, _ in found.values() for row in record[field.key]])
    return found


async def _read_lists(executor: Executor, entity: Entity, owners: Sequence[Values]) -> None:
    """Put the lists of records or rows into them; a statement of its own sees what the lock of the first waited for."""
    by_id = {owner["id"]: owner for owner in owners}
    put_lists(entity, by_id, await executor.fetch(read_sql(entity), list(by_id)) if by_id else ())


def _statement(site: Site, model: AppModel, actor: Actor, access: Access, action: str, lock: bool, place: Place) -> Statement:
    rows = judging_rows(site, model, actor, access.entity)
    columns = [rows.column((key,)).label(key) for key in (*SYSTEM_TYPES, *_keys(access.entity))]
    where = [rows.root.c.id == bindparam("ids", type_=ARRAY(SQL_UUID())).any_(), live(rows) if place == "live" else ~live(rows)]
    readable = access.rows.get("read")
    if readable is not None:
        where.append(rows.policy(readable.tree))
    condition = access.rows.get(action)
    allowed: Any = literal_column("false" if action not in access.rows else "true")
    if condition is not None:
        allowed = rows.policy(condition.tree)
    statement = (
        select(*columns, allowed.label("__allowed"))
        .select_from(rows.source)
        .where(and_(*where))
        .order_by(rows.root.c.id)
    )
    if lock:
        statement = statement.with_for_update(key_share=action != "delete", of=rows.root)
    return compile_statement(statement)


def _keys(entity: Entity) -> list[str]:
    keys = []
    for field in entity.stored_fields:
        keys += [field.key, f"{field.key}__error"] if field.error_column is not None else [field.key]
    return keys


def _read(column: Column) -> str:
    return shown_any(column.field) if column.field is not None and column.field.entity_column is not None else quoted(column.name)


def _lines_sql(rows: Entity) -> str:
    columns = "".join(f", {_read(c)} AS {quoted(c.key)}" for c in columns_of(rows))
    return f"SELECT id, parent, position{columns} FROM {table_name(rows)} WHERE parent = ANY($1::uuid[]) ORDER BY parent, position"
