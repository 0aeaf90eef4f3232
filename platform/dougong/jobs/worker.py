"""The worker: takes jobs from the queue, gives each to the handler of its kind, and tries again what failed; until cancelled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import structlog

from dougong.database.pool import connect
from dougong.errors import DatabaseUnavailable, PlatformError
from dougong.jobs.job import (
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    MOST_TRIES,
    JobCancelled,
    JobHandler,
    JobHandlers,
    begin,
    end,
)
from dougong.jobs.waiting import queries

if TYPE_CHECKING:
    from pgqueuer.models import Job as QueuedJob

ASK_EVERY = timedelta(seconds=5)
"""How often the queue is looked at where no notification arrives, as behind PgBouncer."""

STALE_AFTER = timedelta(seconds=15)
"""A job whose worker has not been heard of for so long is begun again by another."""

AT_ONCE = 2
_AGAIN_S = 0.2
_LOOK_S = 0.5
_LONGEST_S = 10.0
_Running = set[asyncio.Task[float | None]]
_LOST = (OSError, TimeoutError, DatabaseUnavailable, asyncpg.PostgresError, asyncpg.InterfaceError)


async def work_for_ever(dsn: str, pool: asyncpg.Pool[asyncpg.Record], handlers: JobHandlers, stale_after: timedelta = STALE_AFTER) -> None:
    """Do jobs until cancelled, on a connection of its own for the queue; it is opened again whenever it is lost.

    Jobs that are being done when this is cancelled go back to the queue at once.
    """
    pause_s = _AGAIN_S
    while True:
        try:
            connection = await connect(dsn)
            try:
                await _work(connection, pool, handlers, stale_after)
            finally:
                connection.terminate()
        except _LOST as trouble:
            structlog.get_logger("dougong.jobs").warning("worker.lost", reason=str(trouble), again_in_s=pause_s)
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, _LONGEST_S)


async def _work(
    connection: asyncpg.Connection[asyncpg.Record],
    pool: asyncpg.Pool[asyncpg.Record],
    handlers: JobHandlers,
    stale_after: timedelta,
) -> None:
    from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
    from pgqueuer.qm import QueueManager

    logging.getLogger("pgqueuer").setLevel(logging.CRITICAL)  # what fails is logged here, once
    manager = QueueManager(queries(AsyncpgDriver(connection)))
    running: _Running = set()
    for kind, handler in handlers.items():
        manager.entrypoint(kind, accepts_context=False)(_entry(pool, handler, running))
    loop = asyncio.create_task(
        manager.run(dequeue_timeout=min(ASK_EVERY, stale_after), batch_size=1, max_concurrent_tasks=AT_ONCE, heartbeat_timeout=stale_after)
    )
    gone = asyncio.create_task(_until_closed(connection))
    try:
        await asyncio.wait({loop, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
        for task in running:
            task.cancel()
        manager.shutdown.set()
        await asyncio.wait({loop}, timeout=5)
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
    if loop.done() and not loop.cancelled() and loop.exception() is not None:
        raise ConnectionError(str(loop.exception())) from loop.exception()


async def _until_closed(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Return when the connection is no more; pgqueuer would wait for the jobs that run before it said so."""
    while not connection.is_closed():
        await asyncio.sleep(_LOOK_S)


def _entry(pool: asyncpg.Pool[asyncpg.Record], handler: JobHandler, running: _Running) -> Callable[[QueuedJob], Awaitable[None]]:
    """Return what pgqueuer calls for jobs of a kind."""

    async def entry(queued: QueuedJob) -> None:
        from pgqueuer.errors import RetryRequested

        if queued.payload is None:
            return
        task = asyncio.create_task(_do(pool, handler, UUID(bytes=queued.payload), queued.attempts))
        running.add(task)
        try:
            await asyncio.wait({task})
        finally:
            running.discard(task)
        if task.cancelled():
            raise RetryRequested(timedelta(0), "the worker stops")
        trouble = task.exception()
        if trouble is not None:  # what became of it could not be kept: the database is away
            raise RetryRequested(timedelta(seconds=FIRST_PAUSE_S), repr(trouble))
        pause_s = task.result()
        if pause_s is not None:
            raise RetryRequested(timedelta(seconds=pause_s), "failed")

    return entry


async def _do(pool: asyncpg.Pool[asyncpg.Record], handler: JobHandler, job_id: UUID, tries: int) -> float | None:
    """Do a job, and return after how long it is to be tried again, None when it is over."""
    log = structlog.get_logger("dougong.jobs").bind(job=str(job_id))
    job = await begin(pool, job_id, tries)
    if job is None:
        return None
    try:
        await handler(job)
    except JobCancelled:
        await end(pool, job_id, "cancelled")
    except PlatformError as refused:
        await end(pool, job_id, "failed", str(refused))
    except Exception as trouble:
        if tries + 1 < MOST_TRIES:
            log.warning("job.failed", kind=job.kind, tries=tries + 1, reason=repr(trouble))
            await end(pool, job_id, "waiting", repr(trouble))
            return min(FIRST_PAUSE_S * float(2**tries), LONGEST_PAUSE_S)
        log.error("job.given up", kind=job.kind, exc_info=trouble)
        await end(pool, job_id, "failed", repr(trouble))
    else:
        await end(pool, job_id, "done")
    return None
