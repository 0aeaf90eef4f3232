"""History lies in a table a month: old tables are taken over, a missing month is made by the write, old months are dropped."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from dougong.database.migrate import migrate
from dougong.shipped import migrations
from tests.runtime.test_command_line import dougong
from tests.workshop import RECORDS, Shop

_OLD = """
    INSERT INTO dougong.history (app, entity, record_id, revision, action, actor, channel, change_set, at, changes)
    SELECT 'a', 'b', gen_random_uuid(), 1, 'create', gen_random_uuid(), 'api', gen_random_uuid(), at::timestamptz, '{}'
    FROM unnest(ARRAY['2025-12-31 23:59:59.999999+00', '2026-01-01 00:00:00+00', '2026-02-15 12:00:00+08']) AS at"""
_PLACES = "SELECT id, (SELECT relname FROM pg_class WHERE oid = history.tableoid) AS place FROM dougong.history ORDER BY id"


def _upgrade_to(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations()))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def test_history_of_before_is_moved_into_its_months(every_empty_database: str) -> None:
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(every_empty_database))
    async with engine.begin() as opened:
        await opened.execute(text("CREATE SCHEMA dougong"))
        await opened.run_sync(_upgrade_to, "0003")
    await engine.dispose()
    connection = await asyncpg.connect(every_empty_database)
    try:
        await connection.execute(_OLD)
        before = [row["id"] for row in await connection.fetch(_PLACES)]
        assert await migrate(every_empty_database) is True
        rows = await connection.fetch(_PLACES)
        assert [row["id"] for row in rows] == before
        assert [row["place"] for row in rows] == [f"history_{month}" for month in ("2025_12", "2026_01", "2026_02")]
        await connection.execute(_OLD)
        assert len({row["id"] for row in await connection.fetch(_PLACES)}) == 6
    finally:
        await connection.close()


async def test_a_write_makes_the_month_it_needs(shop: Shop) -> None:
    month = f"history_{datetime.now(UTC):%Y_%m}"
    await shop.database.execute(f"DROP TABLE dougong.{month}")
    answers = await asyncio.gather(*(shop.manager.post(f"{RECORDS}/note", {"name": str(uuid4())}) for _ in range(8)))
    assert [answer.status_code for answer in answers] == [201] * 8
    ids = [answer.json()["id"] for answer in answers]
    places = await shop.database.fetch(
        "SELECT (SELECT relname FROM pg_class WHERE oid = history.tableoid) AS place FROM dougong.history WHERE record_id = ANY($1::uuid[])", ids
    )
    assert [row["place"] for row in places] == [month] * 8


async def test_months_are_listed_and_old_ones_dropped(shop: Shop, every_copy: str) -> None:
    await shop.database.execute(
        "CREATE TABLE dougong.history_2019_07 PARTITION OF dougong.history FOR VALUES FROM ('2019-07-01 00:00+00') TO ('2019-08-01 00:00+00')"
    )
    listed = await asyncio.to_thread(dougong, "history", "list", DATABASE_URL=every_copy)
    assert listed.stdout.startswith("2019-07 "), listed
    assert f"\n{datetime.now(UTC):%Y-%m} " in listed.stdout
    dropped = await asyncio.to_thread(dougong, "history", "drop", "--keep", "12", DATABASE_URL=every_copy)
    assert (dropped.returncode, dropped.stdout[:16]) == (0, "dropped 2019-07 ")
    left = await asyncio.to_thread(dougong, "history", "list", DATABASE_URL=every_copy)
    assert left.stdout == listed.stdout.partition("\n")[2]


async def test_a_month_somebody_reads_is_dropped_the_next_time(shop: Shop, every_copy: str) -> None:
    await shop.database.execute(
        "CREATE TABLE dougong.history_2018_07 PARTITION OF dougong.history FOR VALUES FROM ('2018-07-01 00:00+00') TO ('2018-08-01 00:00+00')"
    )
    reader = await asyncpg.connect(every_copy)
    try:
        async with reader.transaction():
            await reader.fetch("SELECT count(*) FROM dougong.history")
            busy = await asyncio.to_thread(dougong, "history", "drop", "--keep", "12", DATABASE_URL=every_copy)
        free = await asyncio.to_thread(dougong, "history", "drop", "--keep", "12", DATABASE_URL=every_copy)
    finally:
        await reader.close()
    assert (busy.returncode, busy.stdout) == (0, "")
    assert free.stdout.startswith("dropped 2018-07 ")
