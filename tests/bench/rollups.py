"""Suite `rollup`: orders of 5 lines whose totals go to a customer and to items; beside the statements one would write by hand."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg

from tests.bench.servers import Server, SignedIn
from tests.bench.wire import connect, request_bytes
from tests.workshop import element, entity, label, package

MANY, FEW = 100_000, 10
TIMES = 9
SLOT_S = 0.6
RECORDS = "/api/apps/rolling/records"

Step = Callable[[str], None]

_FILL = """
    INSERT INTO app_rolling."order" (id, revision, created_at, created_by, updated_at, updated_by, name, customer, total)
    SELECT uuidv7(), 1, now(), $1, now(), $1, 'o' || n, $2, 10 FROM generate_series(1, $3) n"""
_ORDER = """
    INSERT INTO app_rolling."order" (id, revision, created_at, created_by, updated_at, updated_by, name, customer, total)
    VALUES (uuidv7(), 1, now(), $1, now(), $1, $2, $3, (SELECT sum(round(q * p, 2)) FROM unnest($4::numeric[], $5::numeric[]) x(q, p)))
    RETURNING id, total"""
_LINES = """
    INSERT INTO app_rolling.order__lines (id, parent, position, quantity, price, amount)
    SELECT uuidv7(), $1, n, q, p, round(q * p, 2) FROM unnest($2::numeric[], $3::numeric[]) WITH ORDINALITY x(q, p, n)"""
_TOTAL = "UPDATE app_rolling.customer SET total = total + $2, count = count + 1 WHERE id = $1"
"""The same records without history, notices, rules, permissions, HTTP or an answer."""


@dataclass(frozen=True, slots=True)
class Rolled:
    """Medians. order_ms, by_hand_ms: one order; ratio: of each turn; growth: what it costs a customer of many orders, against one of few."""

    order_ms: float
    by_hand_ms: float
    ratio: float
    growth: float


def measure_rollups(server: Server, session: SignedIn, dsn: str, step: Step) -> Rolled:
    """Install an app and save orders both ways, in turns, for a customer of few orders and for one of many."""
    step("rollup: an app")
    server.ask("POST", "/api/apps", {"package": _package(), "demo": False}, session.headers).json()
    few, many = [server.ask("POST", f"{RECORDS}/customer", {"name": name}, session.headers).json()["id"] for name in ("few", "many")]
    asyncio.run(_fill(dsn, session, few, many))
    turns: list[tuple[float, float, float]] = []
    for turn in range(TIMES + 1):
        step(f"rollup: turn {turn}")
        ours = asyncio.run(_save(server, session, few))
        turns.append((ours, asyncio.run(_by_hand(dsn, session, few)), asyncio.run(_save(server, session, many))))
    turns = turns[1:]  # the first turn compiles
    return Rolled(
        median(ours for ours, _, _ in turns) * 1e3, median(bare for _, bare, _ in turns) * 1e3,
        median(ours / bare for ours, bare, _ in turns), median(hot / ours for ours, _, hot in turns),
    )  # fmt: skip


async def _fill(dsn: str, session: SignedIn, few: str, many: str) -> None:
    database = await asyncpg.connect(dsn)
    try:
        for customer, count in ((few, FEW), (many, MANY)):
            await database.execute(_FILL, UUID(session.user), UUID(customer), count)
            await database.execute("UPDATE app_rolling.customer SET total = $2, count = $3 WHERE id = $1", UUID(customer), count * 10, count)
        await database.execute("VACUUM ANALYZE")
    finally:
        await database.close()


def _values(customer: str) -> dict[str, Any]:
    return {"name": "o", "customer": customer, "lines": [{"quantity": str(n + 1), "price": "16.30"} for n in range(5)]}


async def _save(server: Server, session: SignedIn, customer: str) -> float:
    body = json.dumps(_values(customer)).encode()
    clients = await connect(server.port, 1)
    try:
        load = await clients.run(lambda: request_bytes("POST", f"{RECORDS}/order", list(session.headers.items()), body), 201, SLOT_S)
        return median(load.latencies)
    finally:
        clients.close()


async def _by_hand(dsn: str, session: SignedIn, customer: str) -> float:
    database = await asyncpg.connect(dsn)
    taken: list[float] = []
    quantities, prices = [n + 1 for n in range(5)], [16] * 5
    try:
        began = time.perf_counter()
        while time.perf_counter() - began < SLOT_S:
            start = time.perf_counter()
            async with database.transaction():
                row = await database.fetchrow(_ORDER, UUID(session.user), "o", UUID(customer), quantities, prices)
                assert row is not None
                await database.execute(_LINES, row["id"], quantities, prices)
                await database.execute(_TOTAL, UUID(customer), row["total"])
            taken.append(time.perf_counter() - start)
        return median(taken)
    finally:
        await database.close()


def _package() -> dict[str, Any]:
    customer = entity(
        "customer", "name", element("name", "text"), element("total", "money", formula="SUM(orders.total)"),
        element("count", "number", scale=0, formula="COUNT(orders)"),
    )  # fmt: skip
    lines = element("lines", "lines", fields=[
        element("quantity", "number", scale=3), element("price", "money"), element("amount", "money", formula="ROUND(quantity * price, 2)")])
    order = entity(
        "order", "name", element("name", "text"), lines, element("total", "money", formula="SUM(lines.amount)"),
        element("customer", "reference", to="customer", inverse={"key": "orders", "name": label("Orders")}),
    )  # fmt: skip
    return package("rolling", customer, order)
