"""Reading what happened to a record: who asks and which record in, its changes out as JSON, the newest first."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import ColumnElement, or_

from dougong.model.app_model import AppModel
from dougong.permissions.access import Access, seen_by
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.errors import EntityNotFound, RecordNotFound
from dougong.store.history_words import told, written_references
from dougong.store.past_files import facts_of, read_file_facts
from dougong.store.read import actor_context, moment, readable_entity, sources
from dougong.store.statement import Statement, compile_statement
from dougong.store.titles import read_titles
from engines.dataset.record_sql import record_sql
from engines.dataset.rows import Rows
from engines.dataset.sql import live
from engines.entity.entity import FILES

USERS = "organization.user"

_PAGE = """
    SELECT id, revision, action, actor, channel, change_set, at, changes::text AS changes FROM dougong.history
    WHERE record_id = $1 AND app = $2 AND entity = $3 AND ($4::bigint IS NULL OR id < $4)
    AND ($5::text IS NULL OR action <> 'update' OR changes -> $5 IS NOT NULL) ORDER BY id DESC LIMIT $6"""


async def read_standing(site: Site, model: AppModel, actor: Actor, entity_key: str, record_id: UUID) -> tuple[Access, dict[str, Any]]:
    """Return a record as it is now as JSON values, one in the trash too for those who may delete it; raises RecordNotFound."""
    access = readable_entity(site, model, actor, entity_key)
    if access.entity.parent is not None:
        raise EntityNotFound(entity=entity_key)
    shape = (model, "standing", entity_key, actor.rights)
    statement: Statement | None = site.compiled.get(shape)
    if statement is None:
        condition = access.rows["read"]
        tree = None if condition is None else condition.tree
        context = actor_context(site, model, actor)
        made = record_sql(access.seen, sources(site, model, actor), tree, context, lambda rows: live_or_deletable(rows, access))
        statement = compile_statement(made)
        site.keep(shape, statement)
    values = moment(site, actor) | {"id": record_id}
    found: bytes | None = await site.pool.fetchval(statement.sql, *statement.arguments(values))
    if found is None:
        raise RecordNotFound()
    return access, orjson.loads(found)


def live_or_deletable(rows: Rows, access: Access) -> ColumnElement[bool]:
    """Return the condition that a record has a history for the actor: it is live, or in the trash and theirs to delete."""
    if "delete" not in access.rows:
        return live(rows)
    condition = access.rows["delete"]
    return rows.root.c.id.is_not(None) if condition is None else or_(live(rows), rows.policy(condition.tree))


async def read_history(
    site: Site,
    model: AppModel,
    actor: Actor,
    entity_key: str,
    record_id: UUID,
    before: int | None,
    field: str | None,
    limit: int,
) -> bytes:
    """Return changes of a record: `{"changes": […], "next": cursor | null}`; each with who, when, how and the values.

    before: the cursor of an earlier answer. field: only changes of this field, and what made, deleted or restored the record.
    """
    seen = seen_by(site, model, actor)
    access, _ = await read_standing(site, model, actor, entity_key, record_id)
    if field is not None and not access.is_whole and ((shown := access.seen.fields.get(field)) is None or shown.shown_when is not None):
        field = "id"  # a change of a field that is hidden, be it in some records only, is no more there than one of a field that never was
    rows: Sequence[asyncpg.Record] = await site.pool.fetch(
        _PAGE, record_id, model.app, entity_key, before, field, limit + 1
    )
    page = [(row, orjson.loads(row["changes"])) for row in rows[:limit]]
    wanted: dict[str, set[str]] = {USERS: {str(row["actor"]) for row, _ in page}}
    for row, changes in page:
        for key, ids in written_references(seen, access, row["action"], changes).items():
            wanted.setdefault(key, set()).update(ids)
    # The organization names its own entities without the prefix.
    known = {key if model.organization or key != USERS else "user": ids for key, ids in wanted.items()}
    titles = await read_titles(site.pool, site, model, actor, known)
    files = await read_file_facts(site, wanted.get(FILES, ()), (model.app, entity_key, record_id))
    users: Mapping[str, str | None] = titles.get(USERS, titles.get("user", {}))
    answer = {
        "changes": [
            {
                "id": str(row["id"]),
                "revision": row["revision"],
                "action": row["action"],
                "channel": row["channel"],
                "change_set": str(row["change_set"]),
                "at": row["at"],
                "actor": str(row["actor"]),
                "actor__title": users.get(str(row["actor"])),
                **told(seen, access, row["action"], changes, titles, partial(facts_of, files), field),
            }
            for row, changes in page
        ],
        "next": str(page[-1][0]["id"]) if len(rows) > limit else None,
    }
    return orjson.dumps(answer)
