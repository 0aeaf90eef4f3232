"""Drafts: the document an author is changing, with a revision so that nobody overwrites anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from dougong.permissions.actor import Actor
from dougong.registry.errors import DraftConflict
from dougong.sites import AppNotFound, Site
from dougong.store.save import Executor

_READ = """
    SELECT a.draft_revision, coalesce(d.base_version, a.active_version), coalesce(d.definition, v.definition)::text
    FROM dougong.app a JOIN dougong.app_version v ON v.app = a.key AND v.number = a.active_version
    LEFT JOIN dougong.draft d ON d.app = a.key WHERE a.key = $1"""
_SAVE = """
    WITH app AS (
        UPDATE dougong.app SET draft_revision = draft_revision + 1 WHERE key = $1 AND draft_revision = $2
        RETURNING key, draft_revision, active_version)
    INSERT INTO dougong.draft (app, base_version, definition, updated_by) SELECT key, active_version, $3::text::json, $4 FROM app
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


async def hold_draft(executor: Executor, app: str, revision: int) -> Draft:
    """Return the draft of a revision and keep others from changing it until the transaction ends; raises DraftConflict."""
    await executor.fetch("SELECT FROM dougong.app WHERE key = $1 FOR NO KEY UPDATE", app)
    draft = await _read(executor, app)
    if draft.revision != revision:
        raise DraftConflict(current=draft.revision, sent=revision)
    return draft


async def save_draft(site: Site, actor: Actor, app: str, revision: int, document: Mapping[str, Any]) -> Draft:
    """Return the saved draft with its new revision; raises DraftConflict unless `revision` is the present one."""
    text = orjson.dumps(dict(document)).decode()
    row = await site.pool.fetchrow(_SAVE, app, revision, text, actor.id)
    if row is None:
        present = await read_draft(site, app)
        raise DraftConflict(current=present.revision, sent=revision)
    return Draft(row[0], row[1], document)


async def discard_draft(site: Site, app: str) -> None:
    """Go back to the active version."""
    async with site.pool.acquire() as connection, connection.transaction():
        await connection.execute("UPDATE dougong.app SET draft_revision = draft_revision + 1 WHERE key = $1", app)
        await connection.execute("DELETE FROM dougong.draft WHERE app = $1", app)


async def _read(executor: Executor, app: str) -> Draft:
    rows = await executor.fetch(_READ, app)
    if not rows:
        raise AppNotFound(app=app)
    revision, base_version, definition = rows[0]
    return Draft(revision, base_version, orjson.loads(definition))
