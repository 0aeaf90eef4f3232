"""Removes files that nothing refers to: a pool and the contents in, what was removed out; safe beside uploads and saves.

Every table of links has a foreign key to the files, so what a record holds, also in the trash or in a list that is
retired, cannot go. A file is locked before it is looked at again: whoever begins to refer to it waits, and is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from dougong.files.contents import Contents, content_key, small_key

GRACE = timedelta(days=1)
"""How long a file may lie before a record refers to it: forms are filled meanwhile."""
AGAIN = timedelta(days=30)
"""When a file that only history refers to is looked at again, for history is long."""
AT_ONCE = 500

_HOLDERS = """
    SELECT n.nspname AS schema, c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted
    FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE f.contype = 'f' AND f.confrelid = 'dougong.file'::regclass ORDER BY 1, 2"""
_IN_HISTORY = """
    SELECT DISTINCT found[1]::uuid AS id FROM dougong.history AS h,
        LATERAL regexp_matches(h.changes::text, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'g') AS found
    WHERE (h.app, h.entity) IN (SELECT * FROM unnest($2::text[], $3::text[]))
        AND h.at >= (SELECT min(created_at) FROM dougong.file WHERE id = ANY($1::uuid[])) AND found[1]::uuid = ANY($1::uuid[])"""

Connection = Any


@dataclass(frozen=True, slots=True)
class Collected:
    """How many files went, how many contents went with them, and the bytes of those."""

    files: int = 0
    contents: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class _Holders:
    """The tables that refer to files: the condition that none does, and whose history may name some."""

    is_free: str
    apps: list[str]
    entities: list[str]


async def collect_files(pool: asyncpg.Pool[asyncpg.Record], contents: Contents, grace: timedelta = GRACE) -> Collected:
    """Remove the files older than the grace that no record and no history refers to, and contents that belong to no file."""
    files, after = 0, UUID(int=0)
    while True:
        async with pool.acquire() as connection:
            seen, removed = await _remove_files(connection, grace, after)
        files += removed
        if not seen:
            break
        after = seen[-1]
    count = size = 0
    for digest in await _orphans(pool, grace):
        gone = await _remove_content(pool, contents, digest, grace)
        if gone is not None:
            count, size = count + 1, size + gone
    return Collected(files, count, size)


async def _remove_files(connection: Connection, grace: timedelta, after: UUID) -> tuple[list[UUID], int]:
    """Remove some files after an id; return the ids that were looked at."""
    async with connection.transaction():
        holders = await _holders(connection)
        rows = await connection.fetch(
            f"SELECT f.id FROM dougong.file AS f WHERE f.id > $1 AND f.created_at < now() - $2::interval AND {holders.is_free}"
            f" AND (f.updated_at = f.created_at OR f.updated_at < now() - $3::interval)"
            f" ORDER BY f.id LIMIT {AT_ONCE} FOR UPDATE OF f SKIP LOCKED",
            after, grace, AGAIN,
        )  # fmt: skip
        ids = [row["id"] for row in rows]
        if not ids:
            return [], 0
        named = {row["id"] for row in await connection.fetch(_IN_HISTORY, ids, holders.apps, holders.entities)}
        await connection.execute("UPDATE dougong.file SET updated_at = now() WHERE id = ANY($1::uuid[])", list(named))
        free = [one for one in ids if one not in named]
        # In a statement of its own: it sees what was saved until the lock was had.
        gone = await connection.fetch(f"DELETE FROM dougong.file AS f WHERE f.id = ANY($1::uuid[]) AND {holders.is_free} RETURNING f.id", free)
    return ids, len(gone)


async def _holders(connection: Connection) -> _Holders:
    rows = await connection.fetch(_HOLDERS)
    free = " AND ".join(["true", *(f"NOT EXISTS (SELECT FROM {row['quoted']} AS k WHERE k.target = f.id)" for row in rows)])
    apps = [row["schema"].removeprefix("app_") for row in rows]
    return _Holders(free, apps, [row["name"].partition("__")[0] for row in rows])


async def _orphans(pool: asyncpg.Pool[asyncpg.Record], grace: timedelta) -> list[bytes]:
    rows = await pool.fetch(
        "SELECT hash FROM dougong.file_content AS c WHERE at < now() - $1::interval AND NOT EXISTS (SELECT FROM dougong.file AS f WHERE f.hash = c.hash)",
        grace,
    )
    return [row["hash"] for row in rows]


async def _remove_content(pool: asyncpg.Pool[asyncpg.Record], contents: Contents, digest: bytes, grace: timedelta) -> int | None:
    """Remove a content and return its size, None where somebody has just come to need it."""
    async with pool.acquire() as connection, connection.transaction():
        held = await connection.fetchval("SELECT true FROM dougong.file_content WHERE hash = $1 FOR UPDATE SKIP LOCKED", digest)
        row = await connection.fetchrow(
            "SELECT size FROM dougong.file_content AS c WHERE hash = $1 AND at < now() - $2::interval"
            " AND NOT EXISTS (SELECT FROM dougong.file AS f WHERE f.hash = c.hash)",
            digest, grace,
        )  # fmt: skip
        if held is None or row is None:
            return None
        await contents.delete(small_key(digest))
        await contents.delete(content_key(digest))
        await connection.execute("DELETE FROM dougong.file_content WHERE hash = $1", digest)
    return int(row["size"])
