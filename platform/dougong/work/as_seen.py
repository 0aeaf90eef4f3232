"""Records that were saved in; the same as whoever saved them may see them out: what is hidden from them is in no answer either."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import orjson
from sqlalchemy import ARRAY, bindparam
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.model.app_model import AppModel
from dougong.permissions.access import Access, access_for, seen_by
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.read import actor_context, moment, sources
from dougong.store.save import Executor, Saved
from dougong.store.statement import Statement, compile_statement
from dougong.work.request import Change, Create, GuardedUpdate, Revert, Update, Upsert
from engines.dataset.record_sql import records_sql
from engines.entity.shown import as_shown

_NOTHING = b"null"
_JUDGED: Mapping[type, tuple[str, ...]] = {Create: ("create",), Update: ("update",), Revert: ("update",), Upsert: ("create", "update")}
"""By kind of change the actions that a record is held against as it is afterwards."""


def _is_same(access: Access, action: str) -> bool:
    one, other = access.rows["read"], access.rows[action]
    return one is not None and other is not None and one.tree == other.tree


async def is_readable(executor: Executor, site: Site, model: AppModel, actor: Actor, key: str, record_id: UUID) -> bool:
    """Whether the actor may read a record that they may change: the one does not bring the other along."""
    rows = access_for(site, model, actor, key).rows
    if "read" in rows and (rows["read"] is None or ("update" in rows and _is_same(access_for(site, model, actor, key), "update"))):
        return True
    return record_id in await _read(executor, site, model, actor, key, [record_id])


async def as_seen(
    executor: Executor, site: Site, model: AppModel, actor: Actor, pairs: Sequence[tuple[Change, Saved]], is_judged: bool = True
) -> list[Saved]:
    """Return the records of some changes in their order; of one that the actor may not see, its id and revision.

    is_judged: the changes were made just now, and what the actor may not make of a record was refused.
    """
    found = [_told_here(site, model, actor, change, saved, is_judged) for change, saved in pairs]
    asked: dict[str, list[UUID]] = {}
    for (change, saved), told in zip(pairs, found, strict=True):
        if told is None:
            asked.setdefault(change.entity, []).append(saved.id)
    shown = {key: await _read(executor, site, model, actor, key, ids) for key, ids in asked.items()}
    return [_told(change, saved, shown[change.entity].get(saved.id)) if told is None else told for (change, saved), told in zip(pairs, found, strict=True)]


def _told_here(site: Site, model: AppModel, actor: Actor, change: Change, saved: Saved, is_judged: bool) -> Saved | None:
    """Return what the actor is told of a record that was saved, None where only the database knows what they may see of it."""
    if change.entity not in model.entities or saved.json == _NOTHING:
        return saved
    access = access_for(site, model, actor, change.entity)
    if "read" not in access.rows:
        return _told(change, saved, None)
    if not _stays_readable(access, change, is_judged):
        return None
    if access.is_whole:
        return saved
    if _differs_by_record(site, model, actor, access):
        return None
    whole = orjson.loads(saved.json)
    record = whole["record"] if isinstance(change, GuardedUpdate) else whole
    if record is None:
        return saved
    return _told(change, saved, orjson.dumps(as_shown(access.seen, seen_by(site, model, actor).entities.__getitem__, record)))


def _stays_readable(access: Access, change: Change, is_judged: bool) -> bool:
    """Whether what the actor has made of a record is something they may read, whatever it is: what they may make of it was looked at."""
    if access.rows["read"] is None:
        return True
    return is_judged and all(action in access.rows and _is_same(access, action) for action in _JUDGED.get(type(change), ("",)))


def _differs_by_record(site: Site, model: AppModel, actor: Actor, access: Access) -> bool:
    """Whether some records, or rows of them, show the actor fields that others do not."""
    shape = (model, "differs by record", access.entity.key, actor.rights)
    found: bool | None = site.compiled.get(shape)
    if found is None:
        seen = seen_by(site, model, actor).entities
        rows = [seen[field.lines] for field in access.seen.line_fields if field.lines is not None]
        found = any(field.shown_when is not None for entity in (access.seen, *rows) for field in entity.fields.values())
        site.keep(shape, found)
    return found


def _told(change: Change, saved: Saved, shown: bytes | None) -> Saved:
    """Return a record as it is shown, None where it is not, as the answer to its change."""
    found = shown or orjson.dumps({"id": str(saved.id), "revision": saved.revision})
    if isinstance(change, GuardedUpdate):
        granted = orjson.loads(saved.json)
        found = orjson.dumps({**granted, "record": None if granted["record"] is None else orjson.loads(found)})
    return Saved(saved.id, saved.revision, found)


async def _read(executor: Executor, site: Site, model: AppModel, actor: Actor, key: str, ids: Sequence[UUID]) -> Mapping[UUID, bytes]:
    access = access_for(site, model, actor, key)
    if "read" not in access.rows:
        return {}
    shape = (model, "as seen", key, actor.rights)
    statement: Statement | None = site.compiled.get(shape)
    if statement is None:
        condition = access.rows["read"]
        chosen = bindparam("ids", type_=ARRAY(SQL_UUID()))
        tree = None if condition is None else condition.tree
        statement = compile_statement(records_sql(access.seen, sources(site, model, actor), tree, actor_context(site, model, actor), chosen))
        site.keep(shape, statement)
    found = await executor.fetch(statement.sql, *statement.arguments(moment(site, actor) | {"ids": list(ids)}))
    return {row["id"]: row["record"] for row in found}
