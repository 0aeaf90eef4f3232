"""Public links as they are kept: one is made, found by its token, changed, counted and taken back; only the digest of a token is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg

from dougong.people.link_errors import PublicLinkOver, PublicLinkPaused, PublicLinkUnknown, PublicLinkUsedUp
from dougong.people.tokens import digest, new_token
from dougong.sites import Reader
from dougong.store.ids import new_id

Kind = Literal["fill", "read"]

_COLUMNS = """id, token_hash, kind, app, entity, record_id, form, lookups, name, password_hash, expires_at, most_uses, uses, used_at, is_paused,
    created_at, created_by"""
_ADD = f"""
    INSERT INTO dougong.public_link (id, token_hash, kind, app, entity, record_id, form, lookups, name, password_hash, expires_at, most_uses, created_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING {_COLUMNS}"""
_LIST = f"""
    SELECT {_COLUMNS} FROM dougong.public_link
    WHERE (created_by = $1 OR $2 OR app = ANY($3::text[])) AND ($4::text IS NULL OR app = $4) AND ($5::text IS NULL OR entity = $5)
    AND ($6::uuid IS NULL OR record_id = $6) ORDER BY created_at DESC, id DESC LIMIT 1000"""
_CHANGE = f"""
    UPDATE dougong.public_link SET name = $2, password_hash = $3, expires_at = $4, most_uses = $5, is_paused = $6
    WHERE id = $1 RETURNING {_COLUMNS}"""
_USE = """
    UPDATE dougong.public_link SET uses = uses + 1, used_at = now()
    WHERE id = $1 AND NOT is_paused AND (expires_at IS NULL OR expires_at > now()) AND (most_uses IS NULL OR uses < most_uses) RETURNING id"""


@dataclass(frozen=True, slots=True)
class PublicLink:
    """A public link.

    kind: `fill`, a form of the entity to be filled in, or `read`, one record to be read. form: which one, None for all fields. lookups: the
    fields whose references a visitor may choose, rows as `lines.item`. uses: how often it was filled in or opened.
    """

    id: UUID
    token_hash: bytes
    kind: Kind
    app: str
    entity: str
    record_id: UUID | None
    form: str | None
    lookups: tuple[str, ...]
    name: str
    password_hash: str | None
    expires_at: datetime | None
    most_uses: int | None
    uses: int
    used_at: datetime | None
    is_paused: bool
    created_at: datetime
    created_by: UUID


@dataclass(frozen=True, slots=True)
class Opens:
    """What a link that is to be made opens, as in `PublicLink`."""

    kind: Kind
    app: str
    entity: str
    record_id: UUID | None = None
    form: str | None = None
    lookups: tuple[str, ...] = ()


async def make_link(
    executor: Reader, made_by: UUID, opens: Opens, name: str, password_hash: str | None, expires_at: datetime | None, most_uses: int | None
) -> tuple[PublicLink, str]:
    """Make a link; return it and its token, which nobody will see again."""
    token = new_token()
    what = (opens.kind, opens.app, opens.entity, opens.record_id, opens.form, list(opens.lookups))
    (row,) = await executor.fetch(_ADD, new_id(), digest(token.encode()), *what, name, password_hash, expires_at, most_uses, made_by)
    return _read(row), token


async def find_link(pool: asyncpg.Pool, token: bytes) -> PublicLink:
    """Return the link with a token; raises PublicLinkUnknown."""
    row = await pool.fetchrow(f"SELECT {_COLUMNS} FROM dougong.public_link WHERE token_hash = $1", digest(token))
    if row is None:
        raise PublicLinkUnknown
    return _read(row)


async def read_link_by_id(pool: asyncpg.Pool, link_id: UUID) -> PublicLink:
    """Return the link with an id; raises PublicLinkUnknown."""
    row = await pool.fetchrow(f"SELECT {_COLUMNS} FROM dougong.public_link WHERE id = $1", link_id)
    if row is None:
        raise PublicLinkUnknown
    return _read(row)


async def hold_link(executor: Reader, link_id: UUID) -> PublicLink:
    """Return the link with an id, which nobody else changes until the caller's transaction ends; raises PublicLinkUnknown."""
    rows = await executor.fetch(f"SELECT {_COLUMNS} FROM dougong.public_link WHERE id = $1 FOR UPDATE", link_id)
    if not rows:
        raise PublicLinkUnknown
    return _read(rows[0])


async def list_links(
    pool: asyncpg.Pool, user_id: UUID, is_administrator: bool, apps: Sequence[str], app: str | None, entity: str | None, record_id: UUID | None
) -> list[PublicLink]:
    """Return the links somebody made and those they look after, the newest first; administrators look after all, others after those of some apps."""
    return [_read(row) for row in await pool.fetch(_LIST, user_id, is_administrator, list(apps), app, entity, record_id)]


async def change_link(executor: Reader, link: PublicLink) -> PublicLink:
    """Keep a link's name, password, end, limit and pause as they are now given; raises PublicLinkUnknown."""
    rows = await executor.fetch(_CHANGE, link.id, link.name, link.password_hash, link.expires_at, link.most_uses, link.is_paused)
    if not rows:
        raise PublicLinkUnknown
    return _read(rows[0])


async def revoke_link(executor: Reader, link_id: UUID) -> None:
    """Take a link back for good; raises PublicLinkUnknown where somebody else has."""
    if not await executor.fetch("DELETE FROM dougong.public_link WHERE id = $1 RETURNING id", link_id):
        raise PublicLinkUnknown


def require_open(link: PublicLink) -> None:
    """Raise PublicLinkPaused, PublicLinkOver or PublicLinkUsedUp where a link cannot be used now."""
    if link.is_paused:
        raise PublicLinkPaused
    if link.expires_at is not None and link.expires_at <= datetime.now(UTC):
        raise PublicLinkOver
    if link.most_uses is not None and link.uses >= link.most_uses:
        raise PublicLinkUsedUp


async def count_use(executor: Reader, link_id: UUID) -> None:
    """Count one use of a link, in the transaction that uses it; raises what stands against it, so that of many at a time no more than the limit get through."""
    if await executor.fetch(_USE, link_id):
        return
    rows = await executor.fetch(f"SELECT {_COLUMNS} FROM dougong.public_link WHERE id = $1", link_id)
    if not rows:
        raise PublicLinkUnknown
    require_open(_read(rows[0]))
    raise PublicLinkUsedUp


def public_link_url(public_url: str, token: str) -> str:
    """Return the address a visitor opens; the token is its fragment, which no browser sends, so that it is in no log and no Referer.

    >>> public_link_url("https://erp.example.com", "abc")
    'https://erp.example.com/open#abc'
    """
    return f"{public_url}/open#{token}"


def _read(row: asyncpg.Record | Mapping[str, Any]) -> PublicLink:
    found = dict(row)
    for key in ("id", "record_id", "created_by"):
        found[key] = None if found[key] is None else UUID(bytes=found[key].bytes)
    return PublicLink(**{**found, "lookups": tuple(found["lookups"])})
