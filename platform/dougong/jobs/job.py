"""One job as its handler sees it: what to do, how often it was begun, and where to say how far it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson

MOST_TRIES = 6
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 300.0


class JobCancelled(Exception):
    """Somebody asked the job to stop; what it has done so far stays."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a handler is given. tries: how often the job failed before, or was broken off."""

    id: UUID
    kind: str
    payload: Mapping[str, Any]
    tries: int
    pool: asyncpg.Pool[asyncpg.Record]

    async def report(self, done: int, total: int, connection: Any = None) -> None:  # noqa: ANN401 – one from the pool
        """Say how far the job is, on the connection it holds if it does; raises JobCancelled when it has been asked to stop."""
        is_cancelled = await (connection or self.pool).fetchval(
            "UPDATE dougong.job SET done = $2, total = $3, updated_at = now() WHERE id = $1 RETURNING is_cancelled", self.id, done, total
        )
        if is_cancelled is not False:  # None: the job is gone, and with it whoever wanted it
            raise JobCancelled


JobHandler = Callable[[Job], Awaitable[None]]
"""Does a job of its kind. It is begun again after a failure or a crash, so it must find out what is done already."""

JobHandlers = Mapping[str, JobHandler]


async def begin(pool: asyncpg.Pool[asyncpg.Record], job: UUID, tries: int) -> Job | None:
    """Return a job that is to be done now, None when it is gone or was cancelled while it waited."""
    row = await pool.fetchrow(
        """UPDATE dougong.job SET state = CASE WHEN is_cancelled THEN 'cancelled' ELSE 'running' END, updated_at = now()
           WHERE id = $1 RETURNING kind, payload::text, state""",
        job,
    )
    if row is None or row["state"] == "cancelled":
        return None
    return Job(job, row["kind"], orjson.loads(row["payload"]), tries, pool)


async def end(pool: asyncpg.Pool[asyncpg.Record], job: UUID, state: str, error: str | None = None) -> None:
    """Keep what became of a job: `done`, `failed`, `cancelled`, or `waiting` for another try."""
    await pool.execute("UPDATE dougong.job SET state = $2, error = $3, updated_at = now() WHERE id = $1", job, state, error)


async def remove_finished(pool: asyncpg.Pool[asyncpg.Record]) -> None:
    """Forget jobs a month after they ended, and what pgqueuer logged of them."""
    await pool.execute("DELETE FROM dougong.job WHERE state IN ('done', 'failed', 'cancelled') AND updated_at < now() - interval '30 days'")
    await pool.execute("DELETE FROM dougong.pgqueuer_log WHERE created < now() - interval '30 days'")
    await pool.execute("DELETE FROM dougong.pgqueuer_statistics WHERE created < now() - interval '30 days'")
