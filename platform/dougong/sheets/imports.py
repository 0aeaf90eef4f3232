"""Imports as they are kept: a file somebody uploaded, what it seems to be, what its columns mean, what became of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson

from dougong.errors import PlatformError
from dougong.jobs.waiting import cancel, enqueue
from dougong.people.persons import read_actor
from dougong.permissions.actor import Actor
from dougong.sheets.errors import (
    ImportHasErrors,
    ImportNotFound,
    ImportNotNow,
    ImportTooLarge,
    ImportUnconfirmed,
)
from dougong.sites import Site
from dougong.store.ids import new_id

PART_BYTES = 1 << 20
READ, CHECK, WRITE = "import-read", "import-check", "import-write"
"""Kinds of jobs."""

BUSY = {"reading": READ, "checking": CHECK, "writing": WRITE}
"""States in which a job works on an import."""

STATES: Mapping[str, Mapping[str, str]] = {
    "reading": {"zh-CN": "读取中", "en": "being read"},
    "mapping": {"zh-CN": "待对应", "en": "waiting for its mapping"},
    "checking": {"zh-CN": "检查中", "en": "being checked"},
    "checked": {"zh-CN": "已检查", "en": "checked"},
    "writing": {"zh-CN": "写入中", "en": "being written"},
    "done": {"zh-CN": "已完成", "en": "done"},
    "cancelled": {"zh-CN": "已取消", "en": "cancelled"},
    "failed": {"zh-CN": "失败", "en": "failed"},
}
"""The states of an import with their names."""

CHECKED = ("ready", "refs", "matches", "bad")
"""Staging tables that a check makes."""

_COLUMNS = """i.id, i.app, i.actor, i.language, i.file_name, i.file_bytes, i.state, i.found::text, i.mapping::text, i.counts::text,
    i.refusal::text, i.done, i.chunk, i.change_set, i.scopes, i.job, i.created_at, j.state AS job_state, j.done AS job_done, j.total AS job_total"""


@dataclass(frozen=True, slots=True)
class Import:
    """One import. found: what the file is; mapping: what its columns mean; counts: what the check found, what was written.

    scopes: of the token the file came with, within which everything is done with it; None: with all rights of whoever brought it.
    """

    id: UUID
    app: str
    actor: UUID
    language: str
    file_name: str
    file_bytes: int
    state: str
    found: Mapping[str, Any]
    mapping: Mapping[str, Any]
    counts: Mapping[str, Any]
    refusal: Mapping[str, Any] | None
    done: int
    chunk: int
    change_set: UUID
    scopes: frozenset[str] | None
    job: UUID | None
    created_at: Any
    progress: tuple[int, int]

    def table(self, use: str) -> str:
        """Return the name of a staging table: `raw`, `ready`, `refs`, `matches`, `bad`."""
        return f"dougong_staging.{use}_{self.id.hex}"


async def receive(site: Site, actor: Actor, app: str, language: str, name: str, mapping: Mapping[str, Any], body: AsyncIterator[bytes]) -> UUID:
    """Keep an uploaded file and have it read; raises ImportTooLarge as soon as it is."""
    limit = site.settings.import_mb << 20
    import_id = new_id()
    size = position = 0
    rest = b""
    async with site.pool.acquire() as connection, connection.transaction():
        await connection.execute(
            """INSERT INTO dougong.import (id, app, actor, language, file_name, file_bytes, state, mapping, change_set, scopes)
               VALUES ($1, $2, $3, $4, $5, 0, 'reading', $6, $7, $8)""",
            import_id, app, actor.id, language, name, orjson.dumps(mapping).decode(), new_id(), None if actor.scopes is None else sorted(actor.scopes),
        )  # fmt: skip
        async for piece in body:
            size += len(piece)
            if size > limit:
                raise ImportTooLarge(limit=site.settings.import_mb)
            rest += piece
            if len(rest) >= PART_BYTES:
                await _keep(connection, import_id, position, rest)
                position, rest = position + 1, b""
        await _keep(connection, import_id, position, rest)
        job = await enqueue(connection, READ, {"import": str(import_id)})
        await connection.execute("UPDATE dougong.import SET file_bytes = $2, job = $3 WHERE id = $1", import_id, size, job)
    return import_id


async def read_import(site: Site, import_id: UUID, app: str, actor: Actor | None) -> Import:
    """Return an import; raises ImportNotFound for one that is not the actor's. actor: None for the platform's own work.

    What came with a token is whoever's who has all its scopes; what came without one is no token's.
    """
    row = await site.pool.fetchrow(f"SELECT {_COLUMNS} FROM dougong.import i LEFT JOIN dougong.job j ON j.id = i.job WHERE i.id = $1", import_id)
    if row is None or (app and row["app"] != app) or (actor is not None and row["actor"] != actor.id):
        raise ImportNotFound
    found = _import(row)
    if actor is not None and not _is_within(found, actor):
        raise ImportNotFound
    return found


async def read_imports(site: Site, app: str, actor: Actor) -> list[Import]:
    """Return the actor's last imports in an app, the newest first."""
    rows = await site.pool.fetch(
        f"SELECT {_COLUMNS} FROM dougong.import i LEFT JOIN dougong.job j ON j.id = i.job WHERE i.app = $1 AND i.actor = $2 ORDER BY i.created_at DESC LIMIT 50",
        app, actor.id,
    )  # fmt: skip
    return [found for found in map(_import, rows) if _is_within(found, actor)]


async def actor_of(site: Site, found: Import) -> Actor:
    """Return who a job acts as: whoever brought the file, within the scopes they brought it with; raises ImportNotFound where they are nobody now."""
    actor = await read_actor(site, found.actor)
    if actor is None:
        raise ImportNotFound
    return replace(actor, scopes=found.scopes)


def _is_within(found: Import, actor: Actor) -> bool:
    return actor.scopes is None or (found.scopes is not None and found.scopes <= actor.scopes)


async def begin_writing(site: Site, found: Import, is_confirmed: bool) -> None:
    """Have what was checked written; raises ImportHasErrors, ImportUnconfirmed where rules warn and nobody has confirmed it, ImportNotNow."""
    if found.state == "checked" and found.counts["errors"] and found.mapping["errors"] == "none":
        raise ImportHasErrors(count=found.counts["errors"])
    if found.state == "checked" and found.counts.get("warnings") and not is_confirmed:
        raise ImportUnconfirmed(count=found.counts["warnings"])
    await begin(site, found, "writing", ("checked",), is_confirmed=is_confirmed)


async def begin(
    site: Site, found: Import, state: str, allowed: Collection[str], mapping: Mapping[str, Any] | None = None, is_confirmed: bool = False
) -> None:
    """Put an import in a state in which a job works on it; raises ImportNotNow where another request came first."""
    async with site.pool.acquire() as connection, connection.transaction():
        current = await connection.fetchval("SELECT state FROM dougong.import WHERE id = $1 FOR UPDATE", found.id)
        refuse(current, allowed)
        job = await enqueue(connection, BUSY[state], {"import": str(found.id), "is_confirmed": is_confirmed})
        kept = None if mapping is None else orjson.dumps(mapping).decode()
        await connection.execute(
            """UPDATE dougong.import SET state = $2, job = $3, refusal = NULL, mapping = coalesce($4::jsonb, mapping), updated_at = now()
               WHERE id = $1""",
            found.id, state, job, kept,
        )  # fmt: skip


async def keep_mapping(site: Site, found: Import, mapping: Mapping[str, Any]) -> None:
    """Keep what the columns mean; what a check found for another mapping is forgotten."""
    async with site.pool.acquire() as connection, connection.transaction():
        refuse(await connection.fetchval("SELECT state FROM dougong.import WHERE id = $1 FOR UPDATE", found.id), ("mapping", "checked"))
        await connection.execute(
            "UPDATE dougong.import SET state = 'mapping', mapping = $2, counts = '{}', updated_at = now() WHERE id = $1",
            found.id, orjson.dumps(mapping).decode(),
        )  # fmt: skip
        await connection.execute("DELETE FROM dougong.import_issue WHERE import = $1", found.id)


def refuse(state: str | None, allowed: Collection[str]) -> None:
    """Raise ImportNotNow unless the state is one of those in which something can be done, ImportNotFound where there is none."""
    if state is None:
        raise ImportNotFound
    if state not in allowed:
        raise ImportNotNow(state=STATES[state]["en"], state_zh=STATES[state]["zh-CN"])


async def stop(site: Site, found: Import) -> None:
    """Ask the job of an import to stop; what is written stays, and one that waits for people is over at once."""
    if found.state in BUSY and found.job is not None:
        await cancel(site.pool, found.job)
    else:
        refuse(found.state, ("mapping", "checked", "failed"))
        await settle(site, found.id, "cancelled")


async def settle(site: Site, import_id: UUID, state: str, refusal: PlatformError | None = None, **changed: Any) -> None:  # noqa: ANN401
    """Keep the state an import came to, with what refused it and columns that changed."""
    told = None
    if refusal is not None:
        told = orjson.dumps({"code": refusal.code, "message": {language: refusal.detail(language) for language in ("zh-CN", "en")}}).decode()
    columns = [f"{name} = ${number}" for number, name in enumerate(changed, 4)]
    values = [orjson.dumps(value).decode() if isinstance(value, dict) else value for value in changed.values()]
    sets = ", ".join(["state = $2", "refusal = $3", "updated_at = now()", *columns])
    await site.pool.execute(f"UPDATE dougong.import SET {sets} WHERE id = $1", import_id, state, told, *values)


async def remove(site: Site, found: Import) -> None:
    """Forget an import and its staging tables; records it wrote stay."""
    if found.state in BUSY:
        refuse(found.state, ())
    await drop_staging(site, found)
    await site.pool.execute("DELETE FROM dougong.import WHERE id = $1", found.id)


async def drop_staging(site: Site, found: Import, uses: Collection[str] = ("raw", *CHECKED)) -> None:
    """Drop staging tables."""
    for use in uses:
        await site.pool.execute(f"DROP TABLE IF EXISTS {found.table(use)}")


async def remove_old(site: Site) -> None:
    """Forget imports nobody has touched for a week."""
    rows = await site.pool.fetch(
        f"""SELECT {_COLUMNS} FROM dougong.import i LEFT JOIN dougong.job j ON j.id = i.job
            WHERE i.updated_at < now() - interval '7 days' AND (j.state IS NULL OR j.state NOT IN ('waiting', 'running'))"""
    )
    for row in rows:
        await drop_staging(site, _import(row))
        await site.pool.execute("DELETE FROM dougong.import WHERE id = $1", row["id"])


async def _keep(connection: Any, import_id: UUID, position: int, piece: bytes) -> None:  # noqa: ANN401
    await connection.execute("INSERT INTO dougong.import_part (import, position, bytes) VALUES ($1, $2, $3)", import_id, position, piece)


def _import(row: Any) -> Import:  # noqa: ANN401 – a row of asyncpg
    plain = {name: row[name] for name in ("id", "app", "actor", "language", "file_name", "file_bytes", "done", "chunk", "change_set", "job", "created_at")}
    scopes = None if row["scopes"] is None else frozenset(row["scopes"])
    state = row["state"]
    if state in BUSY and row["job_state"] in ("failed", "cancelled"):  # the job was given up before it could say so
        state = row["job_state"]
    parsed = {name: orjson.loads(row[name]) for name in ("found", "mapping", "counts")}
    refusal = None if row["refusal"] is None else orjson.loads(row["refusal"])
    return Import(state=state, refusal=refusal, progress=(row["job_done"] or 0, row["job_total"] or 0), scopes=scopes, **plain, **parsed)
