"""Versions of apps: what was published, by whom, and which one is active."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from dougong.model.app_model import AppModel, Columns
from dougong.model.stored_document import stored_document
from dougong.registry.draft_kept import MadeOf, end_draft
from dougong.registry.drafts import read_draft
from dougong.registry.errors import VersionNotFound
from dougong.sites import Site
from dougong.store.save import Executor

DRAFT, ACTIVE = "draft", "active"
"""What names the document being changed, and the one in use, where others are named by their number."""

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")

CHANNEL = "dougong_version"
"""NOTIFY channel that tells every process which app has a new active version."""


@dataclass(frozen=True, slots=True)
class AppVersion:
    """One published version."""

    number: int
    note: str
    author: UUID
    published_at: datetime
    is_active: bool


@dataclass(frozen=True, slots=True)
class Active:
    """The active version as it is stored; number 0 and an empty document where nothing was published.

    latest: the highest number there ever was, also of an app of this key that was uninstalled.
    """

    number: int
    latest: int
    document: Mapping[str, Any]
    columns: Columns
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coming:
    """A document that is on its way to be a version: since somebody published it at a time."""

    document: Mapping[str, Any]
    by: UUID
    at: datetime


async def read_versions(site: Site, app: str, before: int | None = None, most: int | None = None) -> list[AppVersion]:
    """Return the versions of an app, the newest first. before: only older ones. most: so many at most."""
    rows = await site.pool.fetch(
        """SELECT v.number, v.note, v.author, v.published_at, v.number = a.active_version AS is_active
           FROM dougong.app_version v JOIN dougong.app a ON a.key = v.app
           WHERE v.app = $1 AND ($2::integer IS NULL OR v.number < $2) ORDER BY v.number DESC LIMIT $3""",
        app, before, most,
    )  # fmt: skip
    return [AppVersion(*row.values()) for row in rows]


async def read_document(site: Site, app: str, version: str) -> Mapping[str, Any]:
    """Return the document of a version: by its number, `active`, or `draft`; raises VersionNotFound."""
    if version == DRAFT:
        return (await read_draft(site, app)).document
    if version == ACTIVE:
        return (await read_active(site.pool, app)).document
    query = "SELECT definition::text FROM dougong.app_version WHERE app = $1 AND number = $2"
    text = await site.pool.fetchval(query, app, int(version)) if _NUMBER.fullmatch(version) else None
    if text is None:
        raise VersionNotFound(app=app, version=version)
    return stored_document(text)


async def read_active(executor: Executor, app: str) -> Active:
    """Return the active version of an app."""
    rows = await executor.fetch(
        """SELECT v.number, v.definition::text, v.columns::text, (SELECT max(number) FROM dougong.app_version WHERE app = $1),
                  v.published_at
           FROM dougong.app a JOIN dougong.app_version v ON v.app = a.key AND v.number = a.active_version WHERE a.key = $1""",
        app,
    )
    if not rows:
        former = await executor.fetch("SELECT latest FROM dougong.uninstalled_app WHERE key = $1", app)
        return Active(0, former[0]["latest"] if former else 0, {}, {})
    number, document, columns, latest, published_at = rows[0]
    return Active(number, latest, stored_document(document), orjson.loads(columns), published_at)


async def read_coming(executor: Executor, app: str) -> list[Coming]:
    """Return the documents that are on their way to be versions, in the background or at a time, the newest first."""
    rows = await executor.fetch(
        """SELECT definition::text, author, created_at FROM dougong.publish WHERE app = $1 AND state IN ('scheduled', 'filling')
           ORDER BY created_at DESC""",
        app,
    )
    return [Coming(stored_document(text), author, at) for text, author, at in rows]


async def lock_app(executor: Executor, app: str) -> None:
    """Keep writers and other publishers of an app out until the transaction ends."""
    await executor.fetch("SELECT pg_advisory_xact_lock(7319, hashtext($1))", app)


async def wait_for_app(executor: Executor, app: str) -> None:
    """Return when no publish of an app is under way; on an executor that holds nothing a publish could need."""
    await executor.fetch("SELECT pg_advisory_xact_lock_shared(7319, hashtext($1))", app)


async def activate(executor: Executor, model: AppModel, author: UUID, note: str, made_of: MadeOf | None = None) -> None:
    """Store a model as a version and make it the active one; its draft has become it and goes.

    made_of: the draft it was made of, maybe some time ago; one that was changed since stays and rests on the new version.
    """
    definition, columns = orjson.dumps(dict(model.document)).decode(), orjson.dumps(model.columns).decode()
    await executor.fetch("INSERT INTO dougong.app (key) VALUES ($1) ON CONFLICT DO NOTHING", model.app)
    await executor.fetch(
        "INSERT INTO dougong.app_version (app, number, definition, columns, note, author) VALUES ($1, $2, $3::text::json, $4::text::jsonb, $5, $6)",
        model.app, model.version, definition, columns, note, author,
    )  # fmt: skip
    await executor.fetch("UPDATE dougong.app SET active_version = $2 WHERE key = $1", model.app, model.version)
    await end_draft(executor, model, author, made_of)
    await executor.fetch("SELECT pg_notify($1, $2)", CHANNEL, model.app)
