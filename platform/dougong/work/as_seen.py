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
from engines.dataset.record_sql import ids_sql, records_sql
from engines.entity.shown import as_shown

_NOTHING, _AS_SAVED = b"null", b""
_JUDGED: Mapping[type, frozenset[str]] = {
    Create: frozenset({"create"}), Update: frozenset({"update"}), Revert: frozenset({"update"}), Upsert: frozenset({"create", "update"})
}  # fmt: skip
"""By kind of change the actions that a record is held against as it is afterwards."""
_NEVER = frozenset({""})


async def is_readable(executor: Executor, site: Site, model: AppModel, actor: Actor, key: str, record_id: UUID) -> bool:
    """Return whether the actor may read a record that they may change: the one does not bring the other along."""
    access = access_for(site, model, actor, key)
    if "read" in access.rows and (access.rows["read"] is None or "update" in access.as_read):
        return True
    return record_id in await _find(executor, site, model, actor, access, [record_id])


async def as_seen(
    executor: Executor, site: Site, model: AppModel, actor: Actor, pairs: Sequence[tuple[Change, Saved]], is_judged: bool = True
) -> list[Saved]:
    """Return the records of some changes in their order; of one that the actor may not see, its id and revision.

    is_judged: the changes were made just now, and what the actor may not make of a record was refused.
    """
    asked: dict[str, list[int]] = {}
    accesses = {key: access_for(site, model, actor, key) for key in {change.entity for change, _ in pairs} if key in model.entities}
    for place, (change, saved) in enumerate(pairs):
        access = accesses.get(change.entity)
        if saved.json == _NOTHING or access is None:
            continue
        if not _stays_readable(access, change, is_judged) or (not access.is_whole and _differs_by_record(site, model, actor, access)):
            asked.setdefault(change.entity, []).append(place)
    found: dict[int, bytes | None] = {}
    for key, places in asked.items():
        records = await _find(executor, site, model, actor, accesses[key], [pairs[place][1].id for place in places])
        found |= {place: records.get(pairs[place][1].id) for place in places}
    return [_told(accesses.get(change.entity), change, saved, found.get(place, _AS_SAVED)) for place, (change, saved) in enumerate(pairs)]


def _stays_readable(access: Access, change: Change, is_judged: bool) -> bool:
    """Whether the actor may read what they have made of a record, whatever it is: what they may make of it was looked at."""
    if "read" not in access.rows:
        return False
    if access.rows["read"] is None:
        return True
    return is_judged and _JUDGED.get(type(change), _NEVER) <= access.as_read


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


def _told(access: Access | None, change: Change, saved: Saved, shown: bytes | None) -> Saved:
    """Return the answer to a change. shown: the record as the actor sees it, `_AS_SAVED` where that follows from what was saved, None where they do not."""
    if access is None or saved.json == _NOTHING or (shown == _AS_SAVED and access.is_whole):
        return saved
    whole = orjson.loads(saved.json)
    record = whole["record"] if isinstance(change, GuardedUpdate) else whole
    if record is not None and shown == _AS_SAVED:
        record = as_shown(access.seen, access.eyes.rows_shown, record)
    elif record is not None:
        record = {"id": str(saved.id), "revision": saved.revision} if shown is None else orjson.Fragment(shown)
    return Saved(saved.id, saved.revision, orjson.dumps({**whole, "record": record} if isinstance(change, GuardedUpdate) else record))


async def _find(executor: Executor, site: Site, model: AppModel, actor: Actor, access: Access, ids: Sequence[UUID]) -> Mapping[UUID, bytes]:
    """Return those of some records that the actor may read: as JSON where they show each field in some records only, else `_AS_SAVED`."""
    if "read" not in access.rows:
        return {}
    differs = _differs_by_record(site, model, actor, access)
    shape = (model, "as seen", access.entity.key, actor.rights)
    statement: Statement | None = site.compiled.get(shape)
    if statement is None:
        condition = access.rows["read"]
        tree = None if condition is None else condition.tree
        chosen = bindparam("ids", type_=ARRAY(SQL_UUID()))
        make = records_sql if differs else ids_sql
        statement = compile_statement(make(access.seen, sources(site, model, actor), tree, actor_context(site, model, actor), chosen))
        site.keep(shape, statement)
    rows = await executor.fetch(statement.sql, *statement.arguments(moment(site, actor) | {"ids": list(ids)}))
    return {row["id"]: row["record"] if differs else _AS_SAVED for row in rows}
