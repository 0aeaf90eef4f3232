"""Two requests that fit alone and not together: one of them is refused, whatever their order."""

from __future__ import annotations

import asyncio

import asyncpg

from tests.workshop import RECORDS, Shop

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
