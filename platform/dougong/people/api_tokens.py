"""API tokens: a name, scopes and a time in, a token out that is shown once; only its digest is kept, never the token itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from dougong.people.credentials import Connection
from dougong.people.errors import TokenUnknown
from dougong.people.messages import MESSAGES
from dougong.people.rules import CHANNEL
from dougong.people.tokens import digest, new_api_token
from dougong.sites import AppBroken, AppNotFound, Site
from dougong.store.ids import new_id
from engines.values.issue import Issue, Issues, issue

_KEY = "[a-z](?:_?[a-z0-9])*"
_SCOPE = re.compile(rf"read|write|(?P<app>{_KEY})\.(?:(?P<entity>{_KEY})\.)?(?:read|write)|(?:\*|(?P<acted>{_KEY}))\.(?P<act>[a-z]+)")
ACTS = frozenset(("design", "publish", "install", "administer"))

_LIST = """
SELECT id, user_id, name, scopes, created_at, created_by, expires_at, used_at, used_from FROM dougong.api_token
WHERE user_id = $1 ORDER BY created_at DESC, id
"""
_REVOKE = """
WITH revoked AS (DELETE FROM dougong.api_token WHERE id = $1 AND user_id = $2 RETURNING *)
SELECT revoked.*, pg_notify($3, 'session:' || encode(token_hash, 'hex')) FROM revoked
"""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What is known of an API token. used_at: at most a minute old, None if it was never used; used_from: the address it came from then."""

    id: UUID
    user_id: UUID
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: UUID
    expires_at: datetime
    used_at: datetime | None
    used_from: str


async def make_token(connection: Connection, user_id: UUID, made_by: UUID, name: str, scopes: Sequence[str], days: int) -> tuple[str, UUID]:
    """Make a token for a user that ends after so many days; return it, which nobody will see again, and its id."""
    token, token_id = new_api_token(), new_id()
    await connection.execute(
        """INSERT INTO dougong.api_token (id, token_hash, user_id, name, scopes, created_by, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, now() + $7::interval)""",
        token_id, digest(token.encode()), user_id, name, sorted(set(scopes)), made_by, timedelta(days=days),
    )  # fmt: skip
    return token, token_id


async def read_owner(pool: asyncpg.Pool, token_id: UUID) -> UUID:
    """Return the id of the user whose token it is; raises TokenUnknown."""
    owner: UUID | None = await pool.fetchval("SELECT user_id FROM dougong.api_token WHERE id = $1", token_id)
    if owner is None:
        raise TokenUnknown
    return owner


async def read_tokens(pool: asyncpg.Pool, user_id: UUID) -> list[ApiToken]:
    """Return the tokens of a user, the newest first; those that have ended stay in the list for 30 days."""
    return [_read(row) for row in await pool.fetch(_LIST, user_id)]


async def revoke_token(connection: Connection, token_id: UUID, user_id: UUID) -> ApiToken:
    """End a token of a user, in every process, and return what it was; raises TokenUnknown, also for somebody else's."""
    row = await connection.fetchrow(_REVOKE, token_id, user_id, CHANNEL)
    if row is None:
        raise TokenUnknown
    return _read(row)


async def scope_issues(site: Site, scopes: Sequence[str], pointer: str) -> Issues:
    """Return an issue for each scope that is none: of no form there is, or of an app or an entity the site does not have."""
    issues: list[Issue] = []
    for place, text in enumerate(scopes):
        if not await _is_scope(site, text):
            issues.append(issue(MESSAGES, "access-scope-unknown", f"{pointer}/{place}", None, text=text[:100]))
    return tuple(issues)


async def _is_scope(site: Site, text: str) -> bool:
    found = _SCOPE.fullmatch(text)
    if found is None or (found["act"] is not None and found["act"] not in ACTS):
        return False
    app = found["app"] or found["acted"]
    if app is None:
        return True
    try:
        model = await site.app(app)
    except AppNotFound:
        return False
    except AppBroken:
        return found["entity"] is None
    return found["entity"] is None or found["entity"] in model.entities


def _read(row: asyncpg.Record) -> ApiToken:
    return ApiToken(
        row["id"], row["user_id"], row["name"], tuple(row["scopes"]), row["created_at"], row["created_by"], row["expires_at"],
        row["used_at"], row["used_from"],
    )  # fmt: skip
