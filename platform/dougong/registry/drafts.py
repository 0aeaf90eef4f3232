"""Drafts: the document an author is changing, with a revision so that nobody overwrites anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from dougong.model.stored_document import stored_document
from dougong.permissions.actor import Actor
from dougong.registry.draft_log import end_chapter, log_document
from dougong.registry.errors import DraftConflict
from dougong.sites import AppNotFound, Site
from dougong.store.save import Executor

_READ = """
    SELECT a.draft_revision, coalesce(d.base_version, a.active_version), coalesce(d.definition, v.definition)::text
    FROM dougong.app a JOIN dougong.app_version v ON v.app = a.key AND v.number = a.active_version
    LEFT JOIN dougong.draft d ON d.app = a.key WHERE a.key = $1"""
_WRITE = """
    WITH app AS (
        UPDATE dougong.app SET draft_revision = draft_revision + 1 WHERE key = $1 RETURNING key, draft_revision, active_version)
    INSERT INTO dougong.draft (app, base_version, definition, updated_by) SELECT key, active_version, $2::text::json, $3 FROM app
    ON CONFLICT (app) DO UPDATE SET definition = excluded.definition, updated_by = excluded.updated_by, updated_at = now()
    RETURNING (SELECT draft_revision FROM app), base_version"""


@dataclass(frozen=True, slots=True)
class Draft:
    """The document being changed, or the active version while nobody has changed it.

    revision: counts saves, discards and publishes of the app from its install on, so it names one document for ever.
    base_version: what the draft began from.
    """

    revision: int
    base_version: int
    document: Mapping[str, Any]


async def read_draft(site: Site, app: str) -> Draft:
    """Return the draft of an app, or its active version as a draft nobody has changed; raises AppNotFound."""
    return await _read(site.pool, app)


async def read_revision(executor: Executor, app: str) -> tuple[int, int]:
    """Return the revision of a draft and the version it began from, without its document; raises AppNotFound."""
    rows = await executor.fetch(
        """SELECT a.draft_revision, coalesce(d.base_version, a.active_version) FROM dougong.app a
           LEFT JOIN dougong.draft d ON d.app = a.key WHERE a.key = $1 AND a.active_version > 0""",
        app,
    )
    if not rows:
        raise AppNotFound(app=app)
    return rows[0][0], rows[0][1]


async def lock_draft(executor: Executor, app: str) -> Draft:
    """Return the draft as it is and keep others from changing it until the transaction ends; raises AppNotFound."""
    await executor.fetch("SELECT FROM dougong.app WHERE key = $1 FOR NO KEY UPDATE", app)
    return await _read(executor, app)


async def hold_draft(executor: Executor, app: str, revision: int) -> Draft:
    """Return the draft of a revision and keep others from changing it until the transaction ends; raises DraftConflict."""
    draft = await lock_draft(executor, app)
    if draft.revision != revision:
        raise DraftConflict(current=draft.revision, sent=revision)
    return draft


async def write_draft(executor: Executor, actor: Actor, app: str, document: Mapping[str, Any]) -> Draft:
    """Return the draft with its next revision; the caller has locked it, and says in the log what has changed."""
    text = orjson.dumps(dict(document)).decode()
    rows = await executor.fetch(_WRITE, app, text, actor.id)
    return Draft(rows[0][0], rows[0][1], document)


async def save_draft(site: Site, actor: Actor, app: str, revision: int, document: Mapping[str, Any]) -> Draft:
    """Return the draft, saved whole, with its new revision; raises DraftConflict unless `revision` is the present one."""
    async with site.pool.acquire() as connection, connection.transaction():
        before = await hold_draft(connection, app, revision)
        draft = await write_draft(connection, actor, app, document)
        await log_document(connection, app, draft.revision, actor, before.document, document)
    return draft


async def discard_draft(site: Site, actor: Actor, app: str) -> None:
    """Go back to the active version."""
    async with site.pool.acquire() as connection, connection.transaction():
        await connection.execute("UPDATE dougong.app SET draft_revision = draft_revision + 1 WHERE key = $1", app)
        await connection.execute("DELETE FROM dougong.draft WHERE app = $1", app)
        await end_chapter(connection, app, actor.id, "discarded")


async def _read(executor: Executor, app: str) -> Draft:
    rows = await executor.fetch(_READ, app)
    if not rows:
        raise AppNotFound(app=app)
    revision, base_version, definition = rows[0]
    return Draft(revision, base_version, stored_document(definition))
