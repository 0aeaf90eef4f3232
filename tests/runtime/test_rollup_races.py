"""Many writers at once, on each PostgreSQL at hand: whatever they do, what is computed from their records verifies clean."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from dougong.permissions.actor import SYSTEM
from dougong.settings import read_settings
from dougong.sites import Site, find_case_collation
from dougong.store.errors import RecordInvalid, RecordNotFound, RecordReferenced, RevisionConflict
from dougong.store.verify import Difference, differences
from dougong.work.mending import mend
from dougong.work.perform import perform
from dougong.work.request import Change, Create, Delete, Request, Restore, Update
from tests.api.test_rollups import document
from tests.workshop import Shop

APP = "rollups"
WRITERS = 16


@pytest.fixture(scope="module")
async def site(shop: Shop) -> AsyncIterator[Site]:
    """Return a site of its own, with more connections than writers, on the database where the app is installed."""
    answer = await shop.install(document())
    assert answer.status_code == 201, answer.text
    pool = await asyncpg.create_pool(shop.dsn, min_size=1, max_size=WRITERS + 2)
    assert pool is not None
    try:
        settings = read_settings({"DATABASE_URL": shop.dsn})
        yield Site(settings, pool, await find_case_collation(pool))
    finally:
        await pool.close()


async def write(site: Site, *changes: Change) -> Any:  # noqa: ANN401 – one id or several
    """Carry out changes and return the ids of their records."""
    outcome = await perform(site, Request(APP, SYSTEM, changes, "test"))
    ids = [record.id for record in outcome.records]
    return ids[0] if len(ids) == 1 else ids


async def found_wrong(site: Site) -> list[Difference]:
    """Return what does not verify."""
    async with site.pool.acquire() as connection:
        return [found async for found in differences(connection, site, await site.app(APP))]


async def at_once(writers: int, act: Callable[[int], Awaitable[Any]]) -> None:
    """Let writers act at the same time."""
    await asyncio.gather(*(act(number) for number in range(writers)))


async def value(site: Site, entity: str, key: str, record: object) -> object:
    """Return a saved value."""
    return await site.pool.fetchval(f'SELECT "{key}" FROM app_{APP}."{entity}" WHERE id = $1', record)


async def test_sixteen_writers_on_one_customer(site: Site) -> None:
    ann, nut = await write(site, Create("customer", {"name": "Ann"})), await write(site, Create("item", {"name": "nut", "price": "2"}))

    async def act(number: int) -> None:
        orders = [await write(site, Create("order", {"name": f"{number}", "customer": ann, "lines": [{"item": nut, "quantity": "1"}]})) for _ in "12"]
        await write(site, Update("order", orders[0], {"state": "done"}))
        await write(site, Delete("order", orders[1]))

    site.models[APP] = await without_rules(site)
    await at_once(WRITERS, act)
    assert await value(site, "customer", "count", ann) == WRITERS
    assert await value(site, "customer", "total", ann) == 2 * WRITERS
    assert await value(site, "customer", "done", ann) == 2 * WRITERS
    assert await value(site, "item", "sold", nut) == WRITERS
    assert await found_wrong(site) == []


async def without_rules(site: Site) -> Any:  # noqa: ANN401
    """Return the model of the app without the rule that a customer has few orders, for those tests that make many."""
    from dataclasses import replace

    from engines.entity.compute import plan_compute

    model = await site.app(APP)
    entities = {key: replace(entity, rules=()) for key, entity in model.entities.items()}
    plans = {key: plan_compute(entities[key], entities.__getitem__) for key in model.plans}
    return replace(model, entities=entities, plans=plans)


async def test_orders_go_both_ways_between_two_customers(site: Site) -> None:
    """Nobody is told of a deadlock, and no two customers count an order."""
    one, two = await write(site, Create("customer", {"name": "1"}), Create("customer", {"name": "2"}))
    there, back = await write(site, Create("order", {"name": "a", "customer": one}), Create("order", {"name": "b", "customer": two}))

    async def act(number: int) -> None:
        for turn in range(4):
            order = (there, back)[number % 2]
            await write(site, Update("order", order, {"customer": (one, two)[(number + turn) % 2]}))

    await at_once(WRITERS, act)
    assert await value(site, "customer", "count", one) + await value(site, "customer", "count", two) == 2  # type: ignore[operator]
    assert await found_wrong(site) == []


async def test_what_is_looked_up_changes_while_others_begin_to_look_there(site: Site) -> None:
    """A new order, a customer that changes, a region that changes, a price that changes: none of them misses another."""
    region = await write(site, Create("region", {"name": "R"}))
    nut = await write(site, Create("item", {"name": "nut", "price": "1"}))
    ann = await write(site, Create("customer", {"name": "Ann", "level": "0", "region": region}))

    async def act(number: int) -> None:
        for turn in range(3):
            match number % 4:
                case 0:
                    await write(site, Create("order", {"name": "o", "customer": ann, "lines": [{"item": nut, "quantity": "1"}]}))
                case 1:
                    await write(site, Update("customer", ann, {"level": f"{number}{turn}"}))
                case 2:
                    await write(site, Update("region", region, {"name": f"{number}{turn}"}))
                case _:
                    await write(site, Update("item", nut, {"price": Decimal(number + turn)}))

    await at_once(WRITERS, act)
    assert await found_wrong(site) == []


async def test_whatever_many_writers_do_verifies_clean(site: Site) -> None:
    """The same values by three roads: as they were maintained, in SQL over all records, and in Python for what SQL cannot."""
    chance = random.Random(7)
    regions = [await write(site, Create("region", {"name": f"r{n}"})) for n in range(2)]
    items = [await write(site, Create("item", {"name": f"i{n}", "price": str(n + 1)})) for n in range(3)]
    customers = [await write(site, Create("customer", {"name": f"c{n}", "region": regions[n % 2]})) for n in range(4)]
    orders: list[Any] = []

    def lines() -> list[dict[str, Any]]:
        return [{"item": chance.choice(items), "quantity": str(chance.randrange(1, 9))} for _ in range(chance.randrange(3))]

    async def act(number: int) -> None:
        for _ in range(6):
            order = chance.choice(orders) if orders else regions[0]
            kind = chance.randrange(9) if orders else 0
            changes: tuple[Change, ...]
            if kind < 3:
                made = [Create("order", {"name": "o", "customer": chance.choice([*customers, None]), "lines": lines()}) for _ in range(kind + 1)]
                changes = tuple(made)
            elif kind == 3:
                changes = (Update("order", order, {"customer": chance.choice(customers), "state": chance.choice(["draft", "done"])}),)
            elif kind == 4:
                changes = (Update("order", order, {"lines": lines()}),)
            elif kind == 5:
                changes = (Delete("order", order),)
            elif kind == 6:
                changes = (Restore("order", order),)
            elif kind == 7:
                changes = (Update("customer", chance.choice(customers), {"level": str(number), "region": chance.choice([*regions, None])}),)
            else:
                changes = (Update("item", chance.choice(items), {"price": str(chance.randrange(50))}),)
            try:
                found = await write(site, *changes)
            except (RecordNotFound, RevisionConflict, RecordInvalid, RecordReferenced):
                continue
            if kind < 3:
                orders.extend(found if isinstance(found, list) else [found])

    await at_once(WRITERS, act)
    assert await found_wrong(site) == []


async def test_what_is_wrong_is_found_and_put_right(site: Site) -> None:
    """Somebody has written past the platform: a sum, a value of rows, what Python alone computes, and what follows from them."""
    region = await write(site, Create("region", {"name": "R"}))
    nut = await write(site, Create("item", {"name": "nut", "price": "1"}))
    ann = await write(site, Create("customer", {"name": "Ann", "region": region}))
    order = await write(site, Create("order", {"name": "o", "customer": ann, "lines": [{"item": nut, "quantity": "3"}]}))
    await site.pool.execute(f"UPDATE app_{APP}.customer SET total = 7, words = 'x' WHERE id = $1", ann)
    await site.pool.execute(f"UPDATE app_{APP}.order__lines SET amount = 9 WHERE parent = $1", order)
    found = await found_wrong(site)
    assert {(one.entity, one.field) for one in found} == {
        ("order.lines", "amount"), ("order", "total"), ("customer", "total"), ("customer", "words"), ("region", "total"),
    }  # fmt: skip
    wrong = next(one for one in found if (one.entity, one.field) == ("order.lines", "amount"))
    assert (wrong.count, wrong.records[0].saved, wrong.records[0].computed) == (1, 9, 3)
    mended = {(one.entity, one.field) for one in (await mend(site, APP)).computed}
    assert mended >= {("order.lines", "amount"), ("customer", "total"), ("customer", "words")}
    assert await found_wrong(site) == []
    assert await value(site, "customer", "total", ann) == 3
    assert await value(site, "customer", "revision", ann) == 1  # what rests on other records is in nobody's history
