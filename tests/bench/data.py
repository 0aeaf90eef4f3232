"""Generated contents: a database with the starter in it and a number of orders in, that many orders with lines in it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from tests.bench.limit_sql import NUMBERS, SCHEMA

_ITEMS = f"""
INSERT INTO {SCHEMA}.item (id, revision, created_at, created_by, updated_at, updated_by, code, name, spec, category, unit,
    price, cost_price, gross_profit, active)
SELECT uuidv7(), 1, now(), $1, now(), $1, $3 || '-' || lpad(n::text, 5, '0'), '部件 ' || n, 'M' || n % 40, NULL, 'piece',
    10 + n % 90, 5 + n % 90, 5, true
FROM generate_series(1, $2::integer) n
"""
_PARTNERS = f"""
INSERT INTO {SCHEMA}.partner (id, revision, created_at, created_by, updated_at, updated_by, name, is_customer, is_supplier,
    level, contact, phone, address, credit_limit, payment_days, active)
SELECT uuidv7(), 1, now(), $1, now(), $1, '客户 ' || $3 || '-' || n, true, false, 'c', '联系人 ' || n, '021-5555 ' || n, '中山路 ' || n || ' 号',
    1000000, 30, true
FROM generate_series(1, $2::integer) n
"""
# Prime strides spread items and customers over the orders; one line in ten is of the first item.
_LINES = f"""
CREATE TEMP TABLE generated AS
WITH items AS (SELECT id, spec, unit, price, row_number() OVER (ORDER BY code) - 1 AS n FROM {SCHEMA}.item WHERE code LIKE '{{batch}}-%')
SELECT o AS owner, p AS position, i.id AS item, i.spec, i.unit, (1 + (o + p) % 40)::numeric AS quantity, i.price,
    0::numeric AS discount, (1 + (o + p) % 40) * i.price AS amount
FROM generate_series(0, {{orders}} - 1) o, generate_series(0, {{lines}} - 1) p, items i
WHERE i.n = CASE WHEN (o + p) % 10 = 0 THEN 0 ELSE (o::bigint * 7919 + p * 104729) % (SELECT count(*) FROM items) END
"""
_ORDERS = f"""
WITH partners AS MATERIALIZED (
    SELECT *, row_number() OVER (ORDER BY name) - 1 AS n, count(*) OVER () AS total FROM {SCHEMA}.partner
    WHERE name LIKE '客户 ' || $2 || '-%')
INSERT INTO {SCHEMA}.sales_order (id, revision, created_at, created_by, updated_at, updated_by, number, customer, date,
    salesperson, state, payment, contact, phone, address, credit_limit, total_quantity, total)
SELECT made.id, 1, now(), $1, now(), $1, $2 || '-' || lpad(g.owner::text, 7, '0'), c.id, current_date - 1 - g.owner % 1000, $1,
    (ARRAY['draft', 'confirmed', 'shipped', 'done'])[1 + g.owner % 4], 'monthly', c.contact, c.phone, c.address,
    c.credit_limit, g.quantity, g.amount
FROM (SELECT owner, sum(quantity) AS quantity, sum(amount) AS amount FROM generated GROUP BY owner) g
JOIN made ON made.owner = g.owner JOIN partners c ON c.n = g.owner * 31 % c.total
ORDER BY g.owner
"""
_ROWS = f"""
INSERT INTO {SCHEMA}.sales_order__lines (id, parent, position, item, spec, unit, quantity, price, discount, amount)
SELECT uuidv7(), made.id, g.position, g.item, g.spec, g.unit, g.quantity, g.price, g.discount, g.amount
FROM generated g JOIN made ON made.owner = g.owner ORDER BY g.owner, g.position
"""


_MADE = "CREATE TEMP TABLE made AS SELECT n AS owner, uuidv7() AS id FROM generate_series(0, {orders} - 1) n"
ITEMS = 1000
PARTNERS = 200


@dataclass(frozen=True, slots=True)
class Generated:
    """Ids to ask for: orders, customers, and items, of which the first is in every tenth line; day: later than every order's."""

    orders: tuple[UUID, ...]
    customers: tuple[UUID, ...]
    items: tuple[UUID, ...]
    day: date


async def generate(dsn: str, user: UUID, batch: str, orders: int, lines: int) -> Generated:
    """Fill the starter's tables with as many orders of so many lines each, past the write path, and gather statistics.

    batch: a word that codes and numbers begin with; each can be generated once.
    """
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"CREATE SEQUENCE IF NOT EXISTS {SCHEMA}.{NUMBERS}")
        await connection.execute(_ITEMS, user, ITEMS, batch)
        await connection.execute(_PARTNERS, user, PARTNERS, batch)
        await connection.execute("SET work_mem = '128MB'")
        await connection.execute("SET session_replication_role = replica")  # references are right; checking them takes longest
        await connection.execute(_LINES.format(batch=batch, orders=orders, lines=lines))
        await connection.execute(_MADE.format(orders=orders))
        await connection.execute("ANALYZE generated")
        await connection.execute("ANALYZE made")
        await connection.execute(_ORDERS, user, batch)
        await connection.execute(_ROWS)
        for table in ("item", "partner", "sales_order", "sales_order__lines"):
            await connection.execute(f"VACUUM ANALYZE {SCHEMA}.{table}")
        return Generated(
            await _ids(connection, "sales_order", f"number LIKE '{batch}-%' ORDER BY number LIMIT 1000"),
            await _ids(connection, "partner", f"name LIKE '客户 {batch}-%' ORDER BY name"),
            await _ids(connection, "item", f"code LIKE '{batch}-%' ORDER BY code"),
            await connection.fetchval("SELECT current_date"),
        )
    finally:
        await connection.close()


async def _ids(connection: asyncpg.Connection[asyncpg.Record], table: str, which: str) -> tuple[UUID, ...]:
    return tuple(row["id"] for row in await connection.fetch(f"SELECT id FROM {SCHEMA}.{table} WHERE {which}"))
