"""What has run out: removes ended sessions, tokens, links and attempts from the system tables; safe in several processes at once."""

import asyncpg

from dougong.people.attempts import BLOCK, WINDOW

EVERY_S = 3600.0


async def remove_expired(pool: asyncpg.Pool) -> None:
    """Delete sessions and half sign-ins that have ended, tokens and links that have long expired, and attempts no limit counts any more."""
    await pool.execute("DELETE FROM dougong.session WHERE expires_at < now()")
    await pool.execute("DELETE FROM dougong.oidc_sign_in WHERE expires_at < now()")
    await pool.execute("DELETE FROM dougong.sign_in_challenge WHERE expires_at < now()")
    await pool.execute("DELETE FROM dougong.api_token WHERE expires_at < now() - interval '30 days'")
    await pool.execute("DELETE FROM dougong.second_factor WHERE confirmed_at IS NULL AND created_at < now() - interval '1 day'")
    await pool.execute("DELETE FROM dougong.sign_in_link WHERE expires_at < now() - interval '30 days'")
    await pool.execute("DELETE FROM dougong.sign_in_attempt WHERE window_started_at < now() - $1::interval", WINDOW + BLOCK)
