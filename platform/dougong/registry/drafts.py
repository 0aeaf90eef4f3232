"""Drafts: the document an author is changing, with a revision so that nobody overwrites anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from dougong.permissions.actor import Actor
from dougong.registry.errors import DraftConflict
from dougong.registry.versions import read_active
from dougong.sites import AppNotFound, Site


@dataclass(frozen=True, slots=True)
class Draft:
    """The document being changed. revision: 0 while it is the active version, unchanged. base_version: what it began from."""

    revision: int
    base_version: int
    document: Mapping[str, Any]


async def read_draft(site: Site, app: str) -> Draft:
    """Return the draft of an app, or its active version as a draft nobody has changed; raises AppNotFound."""
    row = await site.pool.fetchrow(
        "SELECT revision, base_version, definition::text FROM dougong.draft WHERE app = $1", app
    )
    if row is not None:
        return Draft(row[0], row[1], orjson.loads(row[2]))
    active = await read_active(site.pool, app)
    if not active.number:
        raise AppNotFound(app=app)
    return Draft(0, active.number, active.document)


async def save_draft(site: Site, actor: Actor, app: str, revision: int, document: Mapping[str, Any]) -> Draft:
    """Return the saved draft with its new revision; raises DraftConflict unless `revision` is the present one."""
    text = orjson.dumps(dict(document)).decode()
    if revision == 0:
        sql = """INSERT INTO dougong.draft (app, revision, base_version, definition, updated_by)
                 SELECT key, 1, active_version, $3::text::json, $4 FROM dougong.app WHERE key = $1 AND $2 = 0
                 ON CONFLICT DO NOTHING RETURNING revision, base_version"""
    else:
        sql = """UPDATE dougong.draft SET revision = revision + 1, definition = $3::text::json, updated_by = $4, updated_at = now()
                 WHERE app = $1 AND revision = $2 RETURNING revision, base_version"""
    row = await site.pool.fetchrow(sql, app, revision, text, actor.id)
    if row is None:
        present = await read_draft(site, app)
        raise DraftConflict(current=present.revision, sent=revision)
    return Draft(row[0], row[1], document)


async def discard_draft(site: Site, app: str) -> None:
    """Go back to the active version."""
    await site.pool.execute("DELETE FROM dougong.draft WHERE app = $1", app)
