"""Who may read a file: whoever may read a record that holds it, and who uploaded it before any record does; a condition of one SELECT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, not_, or_, select, true
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID
from sqlalchemy.sql import column, table

from dougong.model.app_model import AppModel
from dougong.permissions.access import access_for
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.read import actor_context, moment, sources
from dougong.store.statement import Statement, compile_statement
from engines.dataset.links import link_table_of
from engines.dataset.rows import Rows
from engines.dataset.sql import live
from engines.entity.entity import FILES, Entity, Field


@dataclass(frozen=True, slots=True)
class ReadableFile:
    """A file somebody may read."""

    hash: bytes
    name: str
    type: str
    size: int
    is_picture: bool


async def readable_file(site: Site, actor: Actor, file_id: UUID) -> ReadableFile | None:
    """Return a file the actor may read, None where there is none."""
    models = await site.apps()
    shape = ("file", actor.is_system, actor.roles, tuple((model.app, model.version) for model in models))
    statement: Statement | None = site.compiled.get(shape)
    if statement is None:
        statement = _statement(site, models, actor)
        site.keep(shape, statement)
    values = moment(site, actor) | {"id": file_id}
    rows = await site.pool.fetch(statement.sql, *statement.arguments(values))
    if not rows:
        return None
    row = rows[0]
    return ReadableFile(row["hash"], row["name"], row["type"], int(row["size"]), row["width"] is not None)


def usable(site: Site, model: AppModel, actor: Actor, file: Any) -> ColumnElement[bool]:  # noqa: ANN401 – a table
    """Return the condition that an actor may put a file into a record: it is theirs, or a record of the app shows it to them.

    Also one in the trash: whoever takes that out of it puts its files into a record again.
    """
    if actor.is_system:
        return true()
    return or_(file.c.created_by == actor_context(site, model, actor).user, *_holders(site, model, actor, file, False))


def _statement(site: Site, models: Sequence[AppModel], actor: Actor) -> Statement:
    names = ("id", "created_by", "name", "type", "size", "width")
    file = table("file", *(column(name) for name in names), column("hash", BYTEA()), schema="dougong").alias("f")
    wanted = file.c.id == bindparam("id", type_=SQL_UUID())
    user: ColumnElement[Any] = bindparam("user", type_=SQL_UUID())
    held = [part for model in models for part in _holders(site, model, actor, file, True)]
    taken = [exists().where(link.c.target == file.c.id) for model in models for _, _, link in _lists(model)]
    own = and_(file.c.created_by == user, not_(or_(false(), *taken)))
    may = true() if actor.is_system else or_(own, *held)
    return compile_statement(select(file.c.hash, file.c.name, file.c.type, file.c.size, file.c.width).where(and_(wanted, may)))


def _lists(model: AppModel) -> Iterator[tuple[Entity, Field, Any]]:
    """Give every list of files of an app with its table."""
    for entity in model.entities.values():
        for field in entity.link_fields:
            if field.links == FILES:
                yield entity, field, link_table_of(entity, field).alias(f"k_{entity.table}_{field.key}"[:60])


def _holders(site: Site, model: AppModel, actor: Actor, file: Any, is_live: bool) -> Iterator[ColumnElement[bool]]:  # noqa: ANN401 – a table
    """Give for each list of files the condition that one the actor may read holds the file; is_live: one outside the trash."""
    from_, context = sources(site, model, actor), actor_context(site, model, actor)
    for number, (entity, _, link) in enumerate(_lists(model)):
        access = access_for(site, model, actor, entity.key)
        if not access.allows("read"):
            continue
        rows = Rows(entity, from_, context, f"h{number}")
        where = [link.c.target == file.c.id, link.c.record == rows.root.c.id, *([live(rows)] if is_live else [])]
        condition = access.rows["read"]
        if condition is not None:
            where.append(rows.condition(condition.tree))
        yield select(link.c.target).select_from(rows.source).where(and_(*where)).correlate(file).exists()
