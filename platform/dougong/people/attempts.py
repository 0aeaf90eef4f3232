"""Rate limit of sign-in: counts attempts by e-mail and by address in the database, so that all processes count together."""

from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from unicodedata import normalize

import asyncpg

from dougong.people.errors import TooManyAttempts

WINDOW = timedelta(minutes=15)
BLOCK = timedelta(minutes=15)
ATTEMPTS_BY_EMAIL = 10
ATTEMPTS_BY_ADDRESS = 60
RESETS_BY_EMAIL = 5
RESETS_BY_ADDRESS = 30
WAYS_BY_ADDRESS = 120
"""How often in the window somebody may set out for a provider or come back from one; who arrives gives theirs back."""

# Counts first and checks afterwards, so that attempts sent at the same time cannot all slip through. While a key is
# blocked it is left as it is: trying again does not lengthen the wait.
_COUNT = """
INSERT INTO dougong.sign_in_attempt AS kept (key, failures, window_started_at) VALUES ($1, 1, now())
ON CONFLICT (key) DO UPDATE SET
    failures = CASE
        WHEN kept.blocked_until > now() THEN kept.failures
        WHEN kept.blocked_until IS NOT NULL OR kept.window_started_at < now() - $3::interval THEN 1
        ELSE kept.failures + 1 END,
    window_started_at = CASE
        WHEN kept.blocked_until > now() THEN kept.window_started_at
        WHEN kept.blocked_until IS NOT NULL OR kept.window_started_at < now() - $3::interval THEN now()
        ELSE kept.window_started_at END,
    blocked_until = CASE
        WHEN kept.blocked_until > now() THEN kept.blocked_until
        WHEN kept.blocked_until IS NOT NULL OR kept.window_started_at < now() - $3::interval THEN NULL
        WHEN kept.failures >= $2 THEN now() + $4::interval
        ELSE NULL END
RETURNING ceil(extract(epoch FROM blocked_until - now()))::int AS wait_s
"""

_FORGIVE = """
WITH email AS (DELETE FROM dougong.sign_in_attempt WHERE key = $1)
UPDATE dougong.sign_in_attempt SET failures = greatest(failures - 1, 0) WHERE key = $2
"""

_TAKE_BACK = "UPDATE dougong.sign_in_attempt SET failures = greatest(failures - $2, 0) WHERE key = ANY($1) AND blocked_until IS NULL"


async def count_attempt(pool: asyncpg.Pool, email: str, address: str) -> None:
    """Count an attempt that is about to be made; raise TooManyAttempts when it may not be made."""
    keys = [_email_key(email), address_key(address)]
    limits = [ATTEMPTS_BY_EMAIL, ATTEMPTS_BY_ADDRESS]
    await count_all(pool, keys, limits)


async def count_all(pool: asyncpg.Pool, keys: list[str], limits: list[int]) -> None:
    """Count something by one key or two, each with its limit; raise TooManyAttempts when it is too often.

    Of two the second is that of the address alone and counts first: who is shut out there can use up nothing of what everybody shares.
    """
    for key, limit in reversed(list(zip(keys, limits, strict=True))):
        wait_s = await pool.fetchval(_COUNT, key, limit, WINDOW, BLOCK)
        if wait_s is not None:
            raise TooManyAttempts(seconds=max(wait_s, 1))


async def count_reset(pool: asyncpg.Pool, email: str, address: str) -> None:
    """Count that somebody asks for a new password, existing e-mail or not; raise TooManyAttempts when it is too often."""
    await count_all(pool, [f"reset {_email_key(email)}", f"reset {address_key(address)}"], [RESETS_BY_EMAIL, RESETS_BY_ADDRESS])


async def count_entry(pool: asyncpg.Pool, entry: str) -> None:
    """Count an attempt at an entry of a directory, by whichever of its names it was found; raise TooManyAttempts when it is too often."""
    await count_all(pool, [f"entry:{entry}"], [ATTEMPTS_BY_EMAIL])


async def forgive_entry(pool: asyncpg.Pool, entry: str) -> None:
    """Take back all counts of an entry somebody has proven to be theirs."""
    await pool.execute("DELETE FROM dougong.sign_in_attempt WHERE key = $1", f"entry:{entry}")


async def take_back(pool: asyncpg.Pool, keys: list[str], count: int = 1) -> None:
    """Take back so many counts of each key: what was counted was no failure."""
    await pool.execute(_TAKE_BACK, keys, count)


async def count_way(pool: asyncpg.Pool, address: str) -> None:
    """Count that somebody sets out for a provider or comes back from one; raise TooManyAttempts when it is too often."""
    await count_all(pool, [f"way {address_key(address)}"], [WAYS_BY_ADDRESS])


async def forgive_way(pool: asyncpg.Pool, address: str) -> None:
    """Take back the counts of somebody who has arrived: of the way there and of the way back."""
    await take_back(pool, [f"way {address_key(address)}"], 2)


async def forgive_attempt(pool: asyncpg.Pool, email: str, address: str) -> None:
    """Take back the count of an attempt that succeeded: all of it for the e-mail, this one for the address."""
    await pool.execute(_FORGIVE, _email_key(email), address_key(address))


def _email_key(email: str) -> str:
    """Return the key of an e-mail, however it is written: a digest, because people type passwords into the wrong box."""
    return "email:" + sha256(normalize("NFKC", email).strip().casefold().encode()).hexdigest()


def address_key(address: str) -> str:
    """Return the key of a client's address; an IPv6 customer owns a /64, so that much counts as one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "address:" + address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return f"address:{parsed.ipv4_mapped}"
        return "address:" + (parsed.packed[:8] + bytes(8)).hex()
    return f"address:{parsed}"
