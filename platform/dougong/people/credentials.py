"""Password hashes of users in the system table `credential`: reads and writes hashes; never sees a password."""

from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Connection = asyncpg.Connection | PoolConnectionProxy


async def read_password_hash(pool: asyncpg.Pool, user_id: UUID) -> str | None:
    """Return the hash of a user's password, None if none was ever set."""
    found: str | None = await pool.fetchval("SELECT password_hash FROM dougong.credential WHERE user_id = $1", user_id)
    return found


async def is_vouched_for(pool: asyncpg.Pool, user_id: UUID) -> bool:
    """Whether a provider vouches for a user who has no password here."""
    query = """SELECT EXISTS (SELECT FROM dougong.outside_identity WHERE user_id = $1)
        AND NOT EXISTS (SELECT FROM dougong.credential WHERE user_id = $1)"""
    return bool(await pool.fetchval(query, user_id))


async def write_password_hash(connection: Connection | asyncpg.Pool, user_id: UUID, password_hash: str) -> None:
    """Set the hash of a user's password, in the caller's transaction if there is one."""
    await connection.execute(
        """
        INSERT INTO dougong.credential (user_id, password_hash) VALUES ($1, $2)
        ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = now()
        """,
        user_id,
        password_hash,
    )


async def read_users_without_password(pool: asyncpg.Pool, user_ids: list[UUID]) -> list[UUID]:
    """Return those of the users who have no password yet, in the order given."""
    rows = await pool.fetch("SELECT user_id FROM dougong.credential WHERE user_id = ANY($1)", user_ids)
    known = {row["user_id"] for row in rows}
    return [user_id for user_id in user_ids if user_id not in known]
