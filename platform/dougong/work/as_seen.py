"""Records that were saved in; the same as whoever saved them may see them out: what is hidden from them is in no answer either."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import orjson
from sqlalchemy import ARRAY, bindparam
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.model.app_model import AppModel
from dougong.permissions.access import Access, access_for
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.read import actor_context, moment, sources
from dougong.store.save import Executor, Saved
from dougong.store.statement import Statement, compile_statement
from dougong.work.request import Change, GuardedUpdate
from engines.dataset.record_sql import records_sql

_NOTHING = b"null"


def is_shown_whole(access: Access) -> bool:
    """Whether whoever may save a record of the entity sees all of it."""
    read = access.rows.get("read")
    if not access.is_whole or "read" not in access.rows:
        return False
    # Where they may see what they may change, what they have changed was looked at already.
    return read is None or all(_is_same(access, action) for action in ("create", "update") if action in access.rows)


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
    executor: Executor, site: Site, model: AppModel, actor: Actor, pairs: Sequence[tuple[Change, Saved]]
) -> list[Saved]:
    """Return the records of some changes in their order; of one that the actor may not see, its id and revision."""
    wanted: dict[str, list[UUID]] = {}
    for change, saved in pairs:
        if change.entity in model.entities and not is_shown_whole(access_for(site, model, actor, change.entity)) and saved.json != _NOTHING:
            wanted.setdefault(change.entity, []).append(saved.id)
    if not wanted:
        return [saved for _, saved in pairs]
    shown = {key: await _read(executor, site, model, actor, key, ids) for key, ids in wanted.items()}
    return [saved if change.entity not in shown or saved.json == _NOTHING else _told(change, saved, shown[change.entity]) for change, saved in pairs]


def _told(change: Change, saved: Saved, shown: Mapping[UUID, bytes]) -> Saved:
    found = shown.get(saved.id) or orjson.dumps({"id": str(saved.id), "revision": saved.revision})
    if isinstance(change, GuardedUpdate):
        granted = orjson.loads(saved.json)
        found = orjson.dumps({**granted, "record": None if granted["record"] is None else orjson.loads(found)})
    return replace(saved, json=found)


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
