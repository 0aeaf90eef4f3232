"""Jobs: done once the transaction that asked for them is committed, again after a failure or a crash, stopped when asked to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
import pytest

from dougong.database.embedded import ensure_running, stop
from dougong.database.migrate import migrate
from dougong.database.pool import open_pool
from dougong.errors import RequestInvalid
from dougong.jobs.job import Job, JobHandler
from dougong.jobs.waiting import cancel, enqueue
from dougong.jobs.worker import work_for_ever
from tests.conftest import SERVER_SETTINGS

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

SOON = timedelta(seconds=1)


@asynccontextmanager
async def working(dsn: str, pool: Pool, handlers: Mapping[str, JobHandler]) -> AsyncIterator[asyncio.Task[None]]:
    """Have a worker for as long as the block lasts."""
    worker = asyncio.create_task(work_for_ever(dsn, pool, handlers, SOON))
    try:
        yield worker
    finally:
        worker.cancel()
        await asyncio.wait({worker})


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """Return a pool of this test's own database."""
    opened = await open_pool(database, 1, 4)
    yield opened
    await opened.close()


async def state_of(pool: Pool, job: UUID) -> str:
    """Return the state of a job once it has ended."""
    while True:
        state = await pool.fetchval("SELECT state FROM dougong.job WHERE id = $1", job)
        if state in ("done", "failed", "cancelled"):
            return str(state)


async def test_a_job_is_done_after_commit_alone(database: str, pool: Pool) -> None:
    done: list[Any] = []

    async def write_down(job: Job) -> None:
        done.append(job.payload["n"])
        await job.report(1, 1)

    async with working(database, pool, {"note": write_down}):
        async with pool.acquire() as connection:
            with contextlib.suppress(ZeroDivisionError):
                async with connection.transaction():
                    await enqueue(connection, "note", {"n": 1})
                    raise ZeroDivisionError
            async with connection.transaction():
                job = await enqueue(connection, "note", {"n": 2})
        assert await state_of(pool, job) == "done"
    assert done == [2]
    row = await pool.fetchrow("SELECT done, total FROM dougong.job WHERE id = $1", job)
    assert row is not None and tuple(row) == (1, 1)


async def test_what_failed_is_tried_again_and_a_refusal_is_not(database: str, pool: Pool) -> None:
    seen: list[int] = []

    async def fail_once(job: Job) -> None:
        seen.append(job.tries)
        if job.tries == 0:
            raise OSError("the network is down")

    async def refuse(job: Job) -> None:
        seen.append(100 + job.tries)
        raise RequestInvalid

    async with working(database, pool, {"fail": fail_once, "refuse": refuse}):
        async with pool.acquire() as connection:
            failing, refused = await enqueue(connection, "fail", {}), await enqueue(connection, "refuse", {})
        assert await state_of(pool, failing) == "done"
        assert await state_of(pool, refused) == "failed"
    assert sorted(seen) == [0, 1, 100]
    assert "request-invalid" in await pool.fetchval("SELECT error FROM dougong.job WHERE id = $1", refused)


async def test_a_job_stops_where_it_reports_when_it_is_cancelled(database: str, pool: Pool) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def long(job: Job) -> None:
        begun.set()
        await go_on.wait()
        await job.report(1, 2)
        raise AssertionError("went on")

    async with working(database, pool, {"long": long}):
        async with pool.acquire() as connection:
            job = await enqueue(connection, "long", {})
        await begun.wait()
        await cancel(pool, job)
        go_on.set()
        assert await state_of(pool, job) == "cancelled"


async def test_a_job_of_a_worker_that_stops_or_vanishes_is_taken_by_another(database: str, pool: Pool) -> None:
    begun: list[str] = []
    is_begun = asyncio.Event()

    async def hang(job: Job) -> None:
        begun.append("first")
        is_begun.set()
        await asyncio.Event().wait()

    async def finish(job: Job) -> None:
        begun.append("second")

    async with pool.acquire() as connection:
        job = await enqueue(connection, "work", {})
    async with working(database, pool, {"work": hang}):
        await is_begun.wait()
    assert await pool.fetchval("SELECT status::text FROM dougong.pgqueuer") == "queued"
    # One that vanished has left the job as its own, and is not heard of any more.
    await pool.execute("UPDATE dougong.pgqueuer SET status = 'picked', queue_manager_id = gen_random_uuid(), heartbeat = now()")
    async with working(database, pool, {"work": finish}):
        assert await state_of(pool, job) == "done"
    assert begun == ["first", "second"]


async def test_the_worker_outlives_a_restart_of_the_database(home: Path) -> None:
    dsn = ensure_running(home, SERVER_SETTINGS)
    await migrate(dsn)
    pool = await open_pool(dsn, 0, 4)
    begun = asyncio.Event()
    tries: list[int] = []

    async def slow(job: Job) -> None:
        tries.append(job.tries)
        begun.set()
        if len(tries) == 1:
            await asyncio.Event().wait()

    async with working(dsn, pool, {"slow": slow}):
        async with pool.acquire() as connection:
            job = await enqueue(connection, "slow", {})
        await begun.wait()
        stop(home)
        assert ensure_running(home, SERVER_SETTINGS) == dsn
        while True:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                assert await state_of(pool, job) == "done"
                break
    assert len(tries) >= 2
    pool.terminate()
