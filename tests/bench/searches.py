"""Suite `list`, search: 300,000 partners with Chinese names in; the waiting time of searches and facets, and what indexes of texts cost a save, out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count, cycle
from urllib.parse import urlencode
from uuid import UUID

import asyncpg
import orjson

from tests.bench.limit_sql import SCHEMA
from tests.bench.lists import Waited
from tests.bench.servers import Server, SignedIn
from tests.bench.wire import Load, NextRequest, connect, quantile_ms, request_bytes

PARTNERS = 300_000
REQUESTS = 60
SAVES = 300
_APP = f"/api/apps/{SCHEMA.removeprefix('app_')}"
_TEXT_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = $1 AND tablename = 'partner' AND indexname ~ '__(terms__.*|order)$'"
# Prime strides: words of a name are in no order that another one has.
_PARTNERS = f"""
INSERT INTO {SCHEMA}.partner (id, revision, created_at, created_by, updated_at, updated_by, name, short_name, is_customer, is_supplier,
    level, contact, credit_limit, payment_days, active)
SELECT uuidv7(), 1, now(), $1, now(), $1,
    (ARRAY['上海', '北京', '广州', '深圳', '杭州', '宁波', '苏州', '重庆', '成都', '武汉'])[1 + n::bigint * 7919 % 10]
    || (ARRAY['汽车', '机械', '电子', '化工', '纺织', '食品', '建材', '物流', '光学', '仪表', '船舶'])[1 + n::bigint * 104729 % 11] || n
    || (ARRAY['有限公司', '股份公司', '厂', '贸易行'])[1 + n % 4],
    (ARRAY['张', '李', '王', '赵'])[1 + n % 4] || n, true, false, (ARRAY['a', 'b', 'c'])[1 + n % 3], '联系人 ' || n, 1000, 30, true
FROM generate_series(1, $2::integer) n
"""
_QUERIES: Mapping[str, tuple[str, Mapping[str, str], bool]] = {
    "a word of two characters, 1 of 10": ("/records/partner", {"search": "上海"}, True),
    "two words, 1 of 110": ("/records/partner", {"search": "上海 汽车"}, True),
    "a number, 1 of all": ("/records/partner", {"search": "123456"}, True),
    "initials, 1 of 110": ("/records/partner", {"search": "shqc"}, False),
    "a word of two characters by name": ("/records/partner", {"search": "汽车", "sort": "name"}, False),
    "the whole app, a word": ("/search", {"text": "上海"}, True),
    "the whole app, a name": ("/search", {"text": "北京电子"}, True),
    "facets of all": ("/records/partner/facets", {"fields": "level,active"}, False),
    "facets of what is found": ("/records/partner/facets", {"fields": "level,active", "search": "上海"}, False),
}
"""For each list its address, its parameters and whether it is held to the target."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What it takes to save a new partner, with the indexes of its texts and without them."""

    with_ms: float
    without_ms: float


async def time_searches(dougong: Server, session: SignedIn, dsn: str, step: Callable[[str], None]) -> tuple[tuple[Waited, ...], Indexed]:
    """Return the waiting times of all lists, and what a save costs."""
    found: list[Waited] = []
    database = await asyncpg.connect(dsn)
    headers = list(session.headers.items())
    try:
        step(f"generating {PARTNERS:,} partners")
        indexes = await database.fetch(_TEXT_INDEXES, SCHEMA)
        await _without(database, [row["indexname"] for row in indexes])
        await database.execute(_PARTNERS, UUID(session.user), PARTNERS)
        await _save_ms(dougong, headers, "before")  # the first ones find nothing in memory
        without_ms = await _save_ms(dougong, headers, "without")
        await database.execute("SET maintenance_work_mem = '256MB'")
        for row in indexes:
            await database.execute(row["indexdef"])
        await database.execute(f"VACUUM ANALYZE {SCHEMA}.partner")
        with_ms = await _save_ms(dougong, headers, "with")
        for name, (path, parameters, is_held) in _QUERIES.items():
            step(name)
            request = cycle([request_bytes("GET", f"{_APP}{path}?{urlencode(parameters)}", headers)])
            load, said = await _run(dougong, request.__next__, 200, REQUESTS)
            answer = orjson.loads(said)
            if not (answer.get("records") or answer.get("hits") or answer.get("facets")):
                raise AssertionError(f"{name}: nothing is found")
            found.append(Waited("search of partners", name, PARTNERS, quantile_ms(load.latencies, 0.5),
                                quantile_ms(load.latencies, 0.95), is_held))  # fmt: skip
    finally:
        await database.close()
    return tuple(found), Indexed(with_ms, without_ms)


async def _without(database: asyncpg.Connection[asyncpg.Record], names: list[str]) -> None:
    for name in names:
        await database.execute(f'DROP INDEX {SCHEMA}."{name}"')


async def _run(dougong: Server, next_request: NextRequest, status: int, requests: int) -> tuple[Load, bytes]:
    """Return what the requests took and the last answer, over a connection of their own: one that waits while an index is made is closed."""
    clients = await connect(dougong.port, 1)
    try:
        return await clients.run(next_request, status, 60.0, requests), clients.answer
    finally:
        clients.close()


async def _save_ms(dougong: Server, headers: list[tuple[str, str]], word: str) -> float:
    """Return the middle of the times it takes to create a partner."""
    numbers = count()

    def next_request() -> bytes:
        body = orjson.dumps({"name": f"宁波海曙{word}第{next(numbers)}贸易有限公司", "short_name": "海曙贸易", "is_customer": True})
        return request_bytes("POST", f"{_APP}/records/partner", headers, body)

    load, _ = await _run(dougong, next_request, 201, SAVES)
    return quantile_ms(load.latencies, 0.5)
