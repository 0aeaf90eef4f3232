"""The outbox: what transactions left to be told in, each told to the handler of its kind at least once, then removed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import structlog

from engines.values.frozen import frozen

EVERY_S = 0.4
MOST_PAUSE_S = 15.0
MOST_AT_ONCE = 1000

# SKIP LOCKED: several processes look at once and none waits for another; a process that dies gives its rows back.
_TAKE = """
    DELETE FROM dougong.outbox WHERE id IN (
        SELECT id FROM dougong.outbox ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
    ) RETURNING id, kind, app, change_set, payload::text"""


@frozen
class Notice:
    """One row of the outbox."""

    id: int
    kind: str
    app: str
    change_set: UUID
    payload: Mapping[str, Any]


Connection = Any
Handler = Callable[[Connection, Sequence[Notice]], Awaitable[None]]
"""Told notices of its kind in order, inside the transaction that removes them; what it raises puts them all back."""


async def deliver(pool: "asyncpg.Pool[asyncpg.Record]", handlers: Mapping[str, Handler]) -> int:
    """Tell one batch of notices and return how many there were; a kind without a handler raises KeyError and stays."""
    async with pool.acquire() as connection, connection.transaction():
        rows = await connection.fetch(_TAKE, MOST_AT_ONCE)
        notices = [
            Notice(r[0], r[1], r[2], r[3], orjson.loads(r[4])) for r in sorted(rows, key=lambda row: int(row[0]))
        ]
        for kind in dict.fromkeys(notice.kind for notice in notices):
            await handlers[kind](connection, [notice for notice in notices if notice.kind == kind])
    return len(rows)


async def deliver_for_ever(pool: "asyncpg.Pool[asyncpg.Record]", handlers: Mapping[str, Handler]) -> None:
    """Deliver batch after batch until cancelled; a failed batch is logged and comes again, later each time it fails."""
    log = structlog.get_logger("dougong.jobs")
    pause_s = EVERY_S
    while True:
        try:
            count = await deliver(pool, handlers)
            pause_s = EVERY_S
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, KeyError) as trouble:
            log.warning("outbox.failed", reason=repr(trouble))
            count, pause_s = 0, min(2 * pause_s, MOST_PAUSE_S)
        if count < MOST_AT_ONCE:
            await asyncio.sleep(pause_s)
