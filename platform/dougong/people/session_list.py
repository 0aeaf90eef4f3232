"""The list of a user's sessions: a user in, their sign-ins out, for themselves and for administrators; and how to end one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from dougong.people.credentials import Connection
from dougong.people.errors import SessionUnknown
from dougong.people.rules import CHANNEL

_LIST = """
SELECT id, method, agent, address, created_at, seen_at, expires_at FROM dougong.session
WHERE user_id = $1 AND expires_at > now() ORDER BY seen_at DESC, id
"""
_END = """
WITH ended AS (DELETE FROM dougong.session WHERE id = $1 AND user_id = $2 RETURNING token_hash)
SELECT token_hash, pg_notify($3, 'session:' || encode(token_hash, 'hex')) FROM ended
"""


@dataclass(frozen=True, slots=True)
class KnownSession:
    """A sign-in that goes on. agent: what the browser calls itself; address: where it was last used from, seen_at at most a minute ago."""

    id: UUID
    method: str
    agent: str
    address: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


async def read_sessions(pool: asyncpg.Pool, user_id: UUID) -> list[KnownSession]:
    """Return the sessions of a user, the one used last first."""
    return [KnownSession(*row.values()) for row in await pool.fetch(_LIST, user_id)]


async def revoke_session(connection: Connection | asyncpg.Pool, user_id: UUID, session_id: UUID) -> bytes:
    """End a session of a user in every process and return its digest; raises SessionUnknown, also for somebody else's."""
    token_hash: bytes | None = await connection.fetchval(_END, session_id, user_id, CHANNEL)
    if token_hash is None:
        raise SessionUnknown
    return token_hash
