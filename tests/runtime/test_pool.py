"""The pool on a real PostgreSQL: a connection that comes back carries nothing over, whatever became of its last use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from dougong.database.pool import ConnectionPool, open_pool


@pytest.fixture
async def pool(empty_database: str) -> AsyncIterator[ConnectionPool]:
    """Open a pool of one connection, so that whoever comes next gets the one that was used before."""
    opened = await open_pool(empty_database, 1, 1)
    try:
        yield opened
    finally:
        await asyncio.wait_for(opened.close(), 10)


async def test_one_connection_serves_many_at_once(pool: ConnectionPool) -> None:
    found = await asyncio.gather(*(pool.fetchval("SELECT $1::integer", n) for n in range(50)))
    assert found == list(range(50))
    backend = await pool.fetchval("SELECT pg_backend_pid()")
    assert {await pool.fetchval("SELECT pg_backend_pid()") for _ in range(5)} == {backend}


async def test_a_transaction_left_open_is_rolled_back(pool: ConnectionPool) -> None:
    await pool.execute("CREATE TABLE kept (n integer)")
    connection = await pool.acquire()
    await connection.execute("BEGIN")
    await connection.execute("INSERT INTO kept VALUES (1)")
    await pool.release(connection)
    await pool.release(connection)  # twice is once
    assert await pool.fetchval("SELECT count(*) FROM kept") == 0


@pytest.mark.parametrize("in_transaction", [False, True])
async def test_a_caller_who_is_cancelled_gives_the_connection_back(pool: ConnectionPool, in_transaction: bool) -> None:
    began = asyncio.Event()

    async def work() -> None:
        async with pool.acquire() as connection:
            if in_transaction:
                await connection.execute("BEGIN")
            began.set()
            await connection.execute("SELECT pg_sleep(600)")

    task = asyncio.create_task(work())
    await began.wait()
    for _ in range(3):  # again while the first cancelling is under way
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.wait_for(pool.fetchval("SELECT 1"), 10) == 1


async def test_a_statement_that_fails_leaves_nothing(pool: ConnectionPool) -> None:
    with pytest.raises(asyncpg.DivisionByZeroError):
        await pool.execute("SELECT 1/0")
    assert await pool.fetchval("SELECT 2") == 2


async def test_connections_that_nobody_uses_any_more_are_closed(empty_database: str) -> None:
    pool = await open_pool(empty_database, 1, 3)
    try:
        taken = [await pool.acquire() for _ in range(3)]
        for connection in taken[:2]:
            await pool.release(connection)
        pool.close_idle()
        assert pool.get_size() == 3  # they have been used since the last look
        pool.close_idle()
        assert pool.get_size() == 1
        assert await taken[2].fetchval("SELECT 1") == 1  # one that is out stays, however long it is
        await pool.release(taken[2])
        pool.close_idle()
        pool.close_idle()
        assert pool.get_size() == 1 == pool.get_idle_size()  # the least are kept
        found = await asyncio.gather(*(pool.fetchval("SELECT $1::integer", n) for n in range(9)))
        assert found == list(range(9))
    finally:
        await asyncio.wait_for(pool.close(), 10)
    with pytest.raises(asyncpg.InterfaceError):
        await pool.fetchval("SELECT 1")
