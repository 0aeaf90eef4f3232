"""Sessions: a cookie's token in, the signed-in person out; kept in the database and, for seconds, in this process.

A request that carries a kept session costs a hash and a look into a dictionary. What other processes change (sign-out,
another password, a user or a role) arrives as a notification; without one, what is kept is read again after `KEPT_S`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe
from time import monotonic
from uuid import UUID

import asyncpg

from dougong.model.app_model import ORGANIZATION
from dougong.people.credentials import Connection
from dougong.people.persons import read_person
from dougong.people.tokens import digest, new_token
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.save import Executor

CHANNEL = "dougong_session"
IDLE = timedelta(days=14)
LIFETIME = timedelta(days=60)
KEPT_S = 30.0
KEPT_SESSIONS = 10_000
MOST_NAMED = 100

_READ = """
SELECT user_id, csrf_token, extract(epoch FROM expires_at - now())::float8 AS left_s,
    expires_at < least(now() + $2::interval, created_at + $3::interval) - interval '1 hour' AS is_to_extend
FROM dougong.session WHERE token_hash = $1 AND expires_at > now()
"""
_EXTEND = """
UPDATE dougong.session SET expires_at = least(now() + $2::interval, created_at + $3::interval) WHERE token_hash = $1
"""
_START = """
INSERT INTO dougong.session (token_hash, user_id, csrf_token, expires_at) VALUES ($1, $2, $3, now() + $4::interval)
"""


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in of one person: who they are, and the token a page must show when it changes something."""

    token_hash: bytes
    actor: Actor
    email: str
    csrf_token: str


class Sessions:
    """The sessions of a site that this process has met within the last seconds."""

    def __init__(self, site: Site) -> None:
        """Keep nothing yet."""
        self._site = site
        self._kept: dict[bytes, tuple[Session, float]] = {}
        self._forgotten = 0

    async def find(self, token: bytes) -> Session | None:
        """Return the session a token belongs to, None if it has ended or its user may no longer sign in."""
        token_hash = digest(token)
        kept = self._kept.get(token_hash)
        if kept is not None and kept[1] > monotonic():
            return kept[0]
        return await self._read(token_hash)

    def forget(self, message: str) -> None:
        """Drop what a notification names: `session:<digest in hex>`, `user:<id>`, or everything."""
        self._forgotten += 1
        kind, _, name = message.partition(":")
        if kind == "session":
            self._kept.pop(bytes.fromhex(name), None)
        elif kind == "user":
            user_id = UUID(name)
            self._kept = {key: kept for key, kept in self._kept.items() if kept[0].actor.id != user_id}
        else:
            self._kept.clear()

    async def _read(self, token_hash: bytes) -> Session | None:
        forgotten, read_at = self._forgotten, monotonic()
        self._kept.pop(token_hash, None)
        row = await self._site.pool.fetchrow(_READ, token_hash, IDLE, LIFETIME)
        person = await read_person(self._site, row["user_id"]) if row else None
        if row is None or person is None:
            return None
        if row["is_to_extend"]:
            await self._site.pool.execute(_EXTEND, token_hash, IDLE, LIFETIME)
        session = Session(token_hash, person.actor, person.email, row["csrf_token"])
        if forgotten == self._forgotten:  # else what was just read may be what a notification said to forget
            while len(self._kept) >= KEPT_SESSIONS:
                del self._kept[next(iter(self._kept))]
            self._kept[token_hash] = (session, read_at + min(KEPT_S, row["left_s"]))
        return session


async def start_session(connection: Connection | asyncpg.Pool, user_id: UUID) -> str:
    """Start a session for a user whose identity is proven, and return its token for the cookie."""
    token = new_token()
    await connection.execute(_START, digest(token.encode()), user_id, token_urlsafe(24), IDLE)
    return token


async def end_session(connection: Connection | asyncpg.Pool, token_hash: bytes) -> None:
    """End one session; every process forgets it."""
    await connection.execute(
        "WITH ended AS (DELETE FROM dougong.session WHERE token_hash = $1) SELECT pg_notify($2, $3)",
        token_hash,
        CHANNEL,
        f"session:{token_hash.hex()}",
    )


async def end_sessions_of(connection: Connection | asyncpg.Pool, user_id: UUID) -> None:
    """End all sessions of a user; every process forgets them."""
    await connection.execute(
        "WITH ended AS (DELETE FROM dougong.session WHERE user_id = $1) SELECT pg_notify($2, $3)",
        user_id,
        CHANNEL,
        f"user:{user_id}",
    )


async def announce_changes(executor: Executor, app: str, changes: Iterable[tuple[str, UUID]]) -> None:
    """Tell every process that records were saved on which sessions may rest; others cost a comparison.

    changes: entity and id of each. Of the organization, users concern themselves, everything else concerns everybody.
    """
    if app != ORGANIZATION:
        return
    named = set(changes)
    is_few = len(named) <= MOST_NAMED and all(entity == "user" for entity, _ in named)
    messages = [f"user:{user_id}" for _, user_id in named] if is_few else ["all"]
    await executor.fetch("SELECT pg_notify($1, message) FROM unnest($2::text[]) AS message", CHANNEL, messages)
