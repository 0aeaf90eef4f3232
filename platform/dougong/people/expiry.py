"""What has run out: removes ended sessions, links and attempts from the system tables; safe in several processes at once."""

import asyncpg

from dougong.people.attempts import BLOCK, WINDOW

EVERY_S = 3600.0


async def remove_expired(pool: asyncpg.Pool) -> None:
    """Delete sessions that have ended, links that have long expired, and attempts no limit counts any more."""
    await pool.execute("DELETE FROM dougong.session WHERE expires_at < now()")
    await pool.execute("DELETE FROM dougong.sign_in_link WHERE expires_at < now() - interval '30 days'")
    await pool.execute("DELETE FROM dougong.sign_in_attempt WHERE window_started_at < now() - $1::interval", WINDOW + BLOCK)
