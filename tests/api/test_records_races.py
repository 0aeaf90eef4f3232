"""Requests that are in each other's way: of two that fit alone and not together one is refused, and nobody waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.api.browser import problem_of
from tests.workshop import RECORDS, Shop, Template, open_shop

_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"


async def test_a_record_is_not_trashed_while_another_begins_to_point_to_it(shop: Shop) -> None:
    await shop.order()  # the first of a period is tried twice
    maker = await shop.create("maker", name="wanted and unwanted")
    gate = await asyncpg.connect(shop.dsn)
    try:
        async with gate.transaction():
            # Reading goes on, inserting waits: the new order has looked up its maker and is not saved yet.
            await gate.execute('LOCK TABLE app_workshop."order" IN SHARE MODE')
            pointing = asyncio.create_task(shop.manager.post(f"{RECORDS}/order", {"maker": maker["id"], "lines": []}))
            while not pointing.done() and not await shop.database.fetchval(_WAITING):
                await asyncio.sleep(0)
            trashing = asyncio.create_task(shop.manager.ask("DELETE", f"{RECORDS}/maker/{maker['id']}"))
            while not trashing.done() and await shop.database.fetchval(_WAITING) < 2:
                await asyncio.sleep(0)
        answers = (await pointing).status_code, (await trashing).status_code
    finally:
        await gate.close()
    assert answers in ((422, 204), (201, 409)), answers


@pytest.fixture
async def hasty(shop: Shop, template: Template) -> AsyncIterator[Shop]:
    """Return a server of this site whose database gives up soon."""
    async with open_shop(shop.dsn, template, DOUGONG_STATEMENT_LIMIT_S="1") as opened:
        yield opened


async def test_statement_that_takes_too_long_is_cancelled(shop: Shop, hasty: Shop) -> None:
    order = await shop.order()
    path = f"{RECORDS}/order/{order['id']}"
    async with shop.database.transaction():
        await shop.database.execute('SELECT FROM app_workshop."order" WHERE id = $1 FOR UPDATE', order["id"])
        for method, body in (("PATCH", {"remark": "late"}), ("DELETE", None)):
            answer = await hasty.manager.ask(method, path, body)
            problem_of(answer, 503, "database-too-slow")
            assert int(answer.headers["retry-after"]) > 0
    assert (await hasty.manager.get(path)).json()["revision"] == 1
    assert (await hasty.manager.ask("PATCH", path, {"remark": "in time"})).json()["revision"] == 2
