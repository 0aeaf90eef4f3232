"""Who may read a file: whoever may read a record that holds it or whose history names it, and who uploaded it before any does; one SELECT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB, JSONPATH, array
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID
from sqlalchemy.sql import column, table

from dougong.model.app_model import AppModel
from dougong.permissions.access import access_for, seen_by
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.history import live_or_deletable
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


@dataclass(frozen=True, slots=True)
class Past:
    """The record whose history is asked for a file that it holds no more."""

    app: str
    entity: str
    record_id: UUID


async def readable_file(site: Site, actor: Actor, file_id: UUID, past: Past | None = None) -> ReadableFile | None:
    """Return a file the actor may read, None where there is none."""
    models = await site.apps()
    of = None if past is None else next((model for model in models if model.app == past.app and past.entity in model.entities), None)
    owner = None if of is None or past is None else (of, of.entities[past.entity])
    shape = ("file", actor.rights, tuple((model.app, model.version) for model in models), owner and (owner[0].app, owner[1].key))
    statement: Statement | None = site.compiled.get(shape)
    if statement is None:
        statement = _statement(site, models, actor, owner)
        site.keep(shape, statement)
    values = moment(site, actor) | {"id": file_id} | ({} if past is None else {"record": past.record_id})
    rows = await site.pool.fetch(statement.sql, *statement.arguments(values))
    if not rows:
        return None
    row = rows[0]
    return ReadableFile(row["hash"], row["name"], row["type"], int(row["size"]), row["width"] is not None)


def usable(site: Site, model: AppModel, entity: Entity, actor: Actor, file: Any) -> ColumnElement[bool]:  # noqa: ANN401 – a table
    """Return the condition that an actor may put a file into a record: it is theirs, or a record of the app shows it to them.

    Also one in the trash: whoever takes that out of it puts its files into a record again. And one that the history of a record of the
    entity names, of those that the parameter `records` lists: an earlier value can hold again.
    """
    if actor.is_system:
        return true()
    own = file.c.created_by == actor_context(site, model, actor).user
    records = bindparam("records", type_=ARRAY(SQL_UUID()))
    return or_(own, *_holders(site, model, actor, file, False), *_pasts(site, model, entity, actor, file, records))


def _statement(site: Site, models: Sequence[AppModel], actor: Actor, past: tuple[AppModel, Entity] | None) -> Statement:
    names = ("id", "created_by", "name", "type", "size", "width")
    file = table("file", *(column(name) for name in names), column("hash", BYTEA()), schema="dougong").alias("f")
    wanted = file.c.id == bindparam("id", type_=SQL_UUID())
    user: ColumnElement[Any] = bindparam("user", type_=SQL_UUID())
    held = [part for model in models for part in _holders(site, model, actor, file, True)]
    held += [] if past is None else _pasts(site, *past, actor, file, array([bindparam("record", type_=SQL_UUID())]))
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
    for number, (entity, field, link) in enumerate(_lists(model)):
        access = access_for(site, model, actor, entity.key)
        if not access.allows("read") or field.key not in access.seen.fields:
            continue
        rows = Rows(access.seen, from_, context, f"h{number}")
        where = [link.c.target == file.c.id, link.c.record == rows.root.c.id, *([live(rows)] if is_live else [])]
        shown = rows.shown((field.key,))
        if shown is not None:
            where.append(shown)
        condition = access.rows["read"]
        if condition is not None:
            where.append(rows.policy(condition.tree))
        yield select(link.c.target).select_from(rows.source).where(and_(*where)).correlate(file).exists()


def _pasts(
    site: Site, model: AppModel, entity: Entity, actor: Actor, file: Any, records: ColumnElement[Any]  # noqa: ANN401 – a table
) -> Iterator[ColumnElement[bool]]:
    """Give the condition that the history of one of some records names the file, where the actor may see that record and so its history."""
    access = access_for(site, model, actor, entity.key)
    if entity.parent is not None or not access.allows("read"):
        return
    rows = Rows(entity, sources(site, model, actor), actor_context(site, model, actor), "p")
    where = [rows.root.c.id == any_(records), live_or_deletable(rows, access)]
    condition = access.rows["read"]
    if condition is not None:
        where.append(rows.policy(condition.tree))
    names = ("record_id", "app", "entity", "action")
    kept = table("history", *(column(name) for name in names), column("changes", JSON()), schema="dougong").alias("c")
    where += [kept.c.record_id == rows.root.c.id, kept.c.app == model.app, kept.c.entity == entity.key, _names(seen_by(site, model, actor), access.seen, kept, file)]
    yield select(rows.root.c.id).select_from(rows.source.join(kept, true())).where(and_(*where)).correlate(file).exists()


def _names(model: AppModel, entity: Entity, kept: Any, file: Any) -> ColumnElement[bool]:  # noqa: ANN401 – tables
    """Return the condition that a change names a file in a list of files: what is merely written in a text gives nobody a right."""
    one = cast(file.c.id, Text)
    made, changed = (
        func.jsonb_path_exists(cast(kept.c.changes, JSONB), cast(literal(path), JSONPATH), func.jsonb_build_object("id", one), True)
        for path in (_places(model, entity, True), _places(model, entity, False))
    )
    found = case((kept.c.action == "create", made), else_=changed)
    # The text is looked at first, so that a long history is not read as JSON.
    return case((func.strpos(cast(kept.c.changes, Text), one) > 0, found), else_=false())


def _is_told(field: Field) -> bool:
    """Whether it is a list of files that somebody sees in each record: of one they see in some only, the history is not told."""
    return field.links == FILES and field.shown_when is None


def _places(model: AppModel, entity: Entity, is_made: bool) -> str:
    """Return the JSON path of where a record as it was made, or a change of one, names files.

    A change of a list is `[old, new]`; of a row it is an object of such, or `[null, row]` or `[row, null]`. What has another form, as
    it belongs to a field that had the key before, is an error of the innermost filter and so not found.
    """
    files, pair = "[*] ? (@ == $id)", "[*] ? (exists(@[*] ? (@ == $id)))"
    found = [f'exists(@."{field.key}"{files if is_made else pair})' for field in entity.link_fields if _is_told(field)]
    for lines in entity.line_fields:
        for field in model.entities[lines.lines or ""].link_fields:
            if _is_told(field):
                row = f'exists(@."{field.key}"{files})'
                changed = f'exists(@."{field.key}"{pair}) || exists(@[*] ? ({row}))'
                found.append(f'exists(@."{lines.key}"' + (f"[*] ? ({row}))" if is_made else f".* ? ({changed}))"))
    return f"strict $ ? ({' || '.join(found) or '1 == 0'})"
