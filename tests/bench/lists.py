"""Suite `list`: a million order lines in, the waiting time of list pages at one client out: first, next, last, and a jump to a value."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlencode
from uuid import UUID

import asyncpg
import orjson

from tests.bench.data import Generated
from tests.bench.limit_sql import SCHEMA
from tests.bench.servers import Server, SignedIn
from tests.bench.wire import connect, quantile_ms, request_bytes

REQUESTS = 150
RECORDS = f"/api/apps/{SCHEMA.removeprefix('app_')}/records"

Query = Mapping[str, str]
Step = Callable[[str], None]

_LINES = f"{SCHEMA}.sales_order__lines"
# Of an item's lines, latest first: the last one of the first page, and the one in the middle.
_OF_ITEMS = f"""
SELECT item, (array_agg(id ORDER BY id DESC))[50] AS page_end, (array_agg(id ORDER BY id DESC))[count(*) / 2] AS middle
FROM {_LINES} WHERE item = ANY($1::uuid[]) GROUP BY item HAVING count(*) > 100
"""
_OF_ONE_ITEM = f"SELECT id FROM {_LINES} TABLESAMPLE BERNOULLI (5) REPEATABLE (1) WHERE item = $1 LIMIT $2"
_ANYWHERE = f"SELECT id FROM {_LINES} TABLESAMPLE BERNOULLI (0.1) REPEATABLE (1) LIMIT $1"
_ORDERS = f"SELECT date, number, id FROM {SCHEMA}.sales_order TABLESAMPLE BERNOULLI (1) REPEATABLE (1) LIMIT $1"


@dataclass(frozen=True, slots=True)
class Waited:
    """How long one page of one list takes. rows: how many the list has, of which the page shows up to 50."""

    name: str
    page: str
    rows: int
    p50_ms: float
    p95_ms: float
    is_held: bool


@dataclass(frozen=True, slots=True)
class _List:
    """A list that is asked for: by page, the queries that take turns. is_held: its waiting times are held to the target."""

    name: str
    entity: str
    rows: int
    pages: Mapping[str, Sequence[Query]]
    is_held: bool


async def wait_for_pages(dougong: Server, session: SignedIn, generated: Generated, dsn: str, step: Step) -> tuple[Waited, ...]:
    """Return the waiting times of all pages of all lists."""
    found: list[Waited] = []
    clients = await connect(dougong.port, 1)
    try:
        for asked in await _lists(generated, dsn):
            for page, queries in asked.pages.items():
                step(f"{asked.name}, {page}")
                turns = cycle(queries)
                path = f"{RECORDS}/{asked.entity}?"

                def next_request(path: str = path, turns: cycle[Query] = turns) -> bytes:
                    return request_bytes("GET", path + urlencode({"limit": "50", **next(turns)}), list(session.headers.items()))

                load = await clients.run(next_request, 200, 60.0, REQUESTS)
                if not orjson.loads(clients.answer)["records"]:
                    raise AssertionError(f"{asked.name}, {page}: the page is empty")
                found.append(Waited(asked.name, page, asked.rows, quantile_ms(load.latencies, 0.5),
                                    quantile_ms(load.latencies, 0.95), asked.is_held))  # fmt: skip
    finally:
        clients.close()
    return tuple(found)


async def _lists(generated: Generated, dsn: str) -> Sequence[_List]:
    connection = await asyncpg.connect(dsn)
    try:
        items = random.Random(3).sample(generated.items[1:], REQUESTS)
        often = generated.items[0]
        of_items = await connection.fetch(_OF_ITEMS, items)
        often_ids = [row["id"] for row in await connection.fetch(_OF_ONE_ITEM, often, REQUESTS)]
        anywhere = [row["id"] for row in await connection.fetch(_ANYWHERE, REQUESTS)]
        orders = await connection.fetch(_ORDERS, REQUESTS)
        counts = [await connection.fetchval(f"SELECT count(*) FROM {of}") for of in (
            _LINES, f"{_LINES} WHERE item = '{items[0]}'", f"{_LINES} WHERE item = '{often}'", f"{SCHEMA}.sales_order")]
    finally:
        await connection.close()
    lines, of_one, of_often, of_orders = counts
    return (
        _List("lines of an item, another each time", "sales_order.lines", of_one, {
            "first": [_of(row["item"]) for row in of_items],
            "next": [{**_of(row["item"]), "after": _cursor(row["page_end"])} for row in of_items],
            "last": [{**_of(row["item"]), "at": "end"} for row in of_items],
            "jump": [{**_of(row["item"]), "from": str(row["middle"])} for row in of_items],
        }, True),
        _List("lines of an item in every tenth line", "sales_order.lines", of_often, {
            "first": [_of(often)],
            "next": [{**_of(often), "after": _cursor(at)} for at in often_ids],
            "last": [{**_of(often), "at": "end"}],
            "jump": [{**_of(often), "from": str(at)} for at in often_ids],
        }, True),
        _List("all lines, latest first", "sales_order.lines", lines, {
            "first": [{}],
            "next": [{"after": _cursor(at)} for at in anywhere],
            "last": [{"at": "end"}],
            "jump": [{"from": str(at)} for at in anywhere],
        }, False),
        _List("all lines, by what their item is called", "sales_order.lines", lines, {
            "first": [{"sort": "item"}],
            "last": [{"sort": "item", "at": "end"}],
            "filtered": [{"sort": "item", "filter": f"parent.date > #{orders[0]['date']}# AND quantity > 30"}],
        }, False),  # a tenth of them are of the item that comes first: all of those are put in order
        _List("all orders, latest first", "sales_order", of_orders, {
            "first": [{"sort": "-date,-number"}],
            "next": [{"sort": "-date,-number", "after": _cursor(*row)} for row in orders],
            "last": [{"sort": "-date,-number", "at": "end"}],
            "jump": [{"sort": "-date,-number", "from": str(row["date"])} for row in orders],
            "total": [{"sort": "-date,-number", "total": "exact"}],
        }, False),
    )  # fmt: skip


def _of(item: UUID) -> Query:
    return {"filter": f'item = "{item}"'}


def _cursor(*values: object) -> str:
    return orjson.dumps([str(value) for value in values]).decode()
