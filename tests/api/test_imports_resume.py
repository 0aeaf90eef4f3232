"""Imports that are broken off: a worker that vanishes between or within chunks, and somebody who stops one; nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from dougong.app import job_handlers
from dougong.jobs.job import Job
from dougong.jobs.waiting import enqueue
from dougong.jobs.worker import work_for_ever
from dougong.open_site import open_site
from dougong.settings import read_settings
from dougong.sheets import write_chunk
from dougong.sheets.imports import WRITE
from dougong.sites import Site
from tests.sheets import IMPORTS, RECORDS, act, install, settled, upload
from tests.workshop import Document, Shop, Template, open_shop

ROWS, CHUNK = 60, 7


@pytest.fixture(scope="module")
async def shop(shop_dsn: str, template: Template) -> AsyncIterator[Shop]:
    """Return a site with the store whose server does no jobs."""
    async with open_shop(shop_dsn, template, DOUGONG_HAS_WORKER="false") as opened:
        await install(opened.admin)
        yield opened


@pytest.fixture
async def site(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Site, str]]:
    """Return the site of another process, which works in small chunks."""
    monkeypatch.setattr(write_chunk, "CHUNK", CHUNK)
    async with open_site(read_settings({"DATABASE_URL": shop.dsn, "DOUGONG_POOL_MIN": "0", "DOUGONG_POOL_MAX": "4"})) as opened:
        yield opened.site, opened.dsn


@contextlib.asynccontextmanager
async def working(site: tuple[Site, str], **handlers: object) -> AsyncIterator[None]:
    """Have a worker for a block."""
    worker = asyncio.create_task(work_for_ever(site[1], site[0].pool, {**job_handlers(site[0], site[1]), **handlers}))  # type: ignore[dict-item]
    try:
        yield
    finally:
        worker.cancel()
        await asyncio.wait([worker])


async def checked(shop: Shop, site: tuple[Site, str], prefix: str) -> Document:
    """Return an import that has been checked."""
    text = "编码,品名\n" + "".join(f"{prefix}{n:03},row {n}\n" for n in range(ROWS))
    async with working(site):
        made = await upload(shop.admin, text.encode(), "goods.csv", "goods")
        return await act(shop.admin, made, "check")


async def codes(shop: Shop, prefix: str) -> list[str]:
    """Return the codes there are."""
    answer = await shop.admin.get(f'{RECORDS}/goods?filter=STARTSWITH(code, "{prefix}")&sort=code&limit=200&fields=code')
    return [one["code"] for one in answer.json()["records"]]


async def test_a_worker_that_vanishes_loses_and_doubles_nothing(shop: Shop, site: tuple[Site, str]) -> None:
    made = await checked(shop, site, "K")
    assert made["counts"]["errors"] == 0
    vanished: list[int] = []
    is_over = asyncio.Event()
    write = job_handlers(site[0], site[1])[WRITE]

    async def vanish(job: Job) -> None:
        task = asyncio.ensure_future(write(job))
        before = await shop.database.fetchval("SELECT done FROM dougong.import WHERE id = $1", made["id"])
        while not task.done() and await shop.database.fetchval("SELECT done FROM dougong.import WHERE id = $1", made["id"]) < before + CHUNK:
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        vanished.append(await shop.database.fetchval("SELECT done FROM dougong.import WHERE id = $1", made["id"]))
        if len(vanished) < 3:
            raise OSError("gone")
        is_over.set()

    answer = await shop.admin.post(f"{IMPORTS}/{made['id']}/run")
    assert answer.status_code == 202
    async with working(site, **{WRITE: vanish}):
        await is_over.wait()
    assert 0 < vanished[0] < ROWS
    await shop.database.execute("UPDATE dougong.import SET state = 'writing' WHERE id = $1", made["id"])
    async with site[0].pool.acquire() as connection, connection.transaction():
        job = await enqueue(connection, WRITE, {"import": made["id"]})
        await connection.execute("UPDATE dougong.import SET job = $2 WHERE id = $1", made["id"], job)
    async with working(site):
        done = await settled(shop.admin, made["id"])
    assert (done["state"], done["written"]) == ("done", ROWS)
    assert await codes(shop, "K") == [f"K{n:03}" for n in range(ROWS)]
    sets = await shop.database.fetch("SELECT DISTINCT change_set::text FROM dougong.history WHERE entity = 'goods' AND channel = 'import'")
    assert [row[0] for row in sets] == [done["change_set"]]


async def test_an_import_stops_between_two_chunks(shop: Shop, site: tuple[Site, str]) -> None:
    made = await checked(shop, site, "S")
    write = job_handlers(site[0], site[1])[WRITE]

    async def stopped_meanwhile(job: Job) -> None:
        task = asyncio.ensure_future(write(job))
        while await shop.database.fetchval("SELECT done FROM dougong.import WHERE id = $1", made["id"]) < CHUNK:
            await asyncio.sleep(0)
        async with shop.database.transaction():
            # The next chunk waits, however quick the job is.
            await shop.database.execute("LOCK TABLE app_store.goods IN SHARE MODE")
            await shop.admin.post(f"{IMPORTS}/{made['id']}/cancel")
        await task

    assert (await shop.admin.post(f"{IMPORTS}/{made['id']}/run")).status_code == 202
    async with working(site, **{WRITE: stopped_meanwhile}):
        ended = await settled(shop.admin, made["id"])
    written = await codes(shop, "S")
    assert ended["state"] == "cancelled" and CHUNK <= len(written) < ROWS and len(written) == ended["written"]
    undone = await shop.admin.post(f"/api/apps/store/change-sets/{ended['change_set']}/undo", {})
    assert undone.json()["undone"] == len(written) and await codes(shop, "S") == []


async def lose(shop: Shop) -> None:
    """Empty all tables without a log, as PostgreSQL does when it recovers."""
    names = await shop.database.fetch("SELECT oid::regclass::text AS name FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r' ORDER BY oid")
    await shop.database.execute(f"TRUNCATE {', '.join(row['name'] for row in names)}")


async def test_rows_that_postgresql_lost_are_not_taken_for_written(shop: Shop, site: tuple[Site, str]) -> None:
    """What PostgreSQL does to tables without a log when it recovers from a kill, done by hand while a chunk is written."""
    made = await checked(shop, site, "L")
    write = job_handlers(site[0], site[1])[WRITE]

    async def emptied(job: Job) -> None:
        await lose(shop)
        await write(job)

    assert (await shop.admin.post(f"{IMPORTS}/{made['id']}/run")).status_code == 202
    async with working(site, **{WRITE: emptied}):
        ended = await settled(shop.admin, made["id"])
    assert (ended["state"], ended["written"], await codes(shop, "L")) == ("failed", 0, [])
    assert ended["refusal"]["code"] == "import-interrupted", ended


async def test_an_import_whose_last_chunk_is_written_is_done_whatever_postgresql_loses_then(shop: Shop, site: tuple[Site, str]) -> None:
    made = await checked(shop, site, "M")
    write = job_handlers(site[0], site[1])[WRITE]

    async def cut_off_at_the_end(job: Job) -> None:
        async with site[0].pool.acquire() as connection, connection.transaction():
            await connection.execute("LOCK TABLE dougong.import_part")  # it waits here with all rows written
            task = asyncio.ensure_future(write(job))
            while not task.done() and await shop.database.fetchval("SELECT done FROM dougong.import WHERE id = $1", made["id"]) < ROWS:
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
        await lose(shop)
        await write(job)

    assert (await shop.admin.post(f"{IMPORTS}/{made['id']}/run")).status_code == 202
    async with working(site, **{WRITE: cut_off_at_the_end}):
        ended = await settled(shop.admin, made["id"])
    assert (ended["state"], ended["written"], len(await codes(shop, "M"))) == ("done", ROWS, ROWS)
