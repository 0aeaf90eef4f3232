"""Suite `records`: Dougong and the limit on the same tables, in turns; requests a second, waiting times and CPU of each request out."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import median
from time import time_ns
from urllib.parse import quote

import asyncpg

from tests.bench.bulk import parts
from tests.bench.data import Generated
from tests.bench.limit_sql import SCHEMA
from tests.bench.servers import Server, SignedIn
from tests.bench.wire import Clients, Load, NextRequest, connect, quantile_ms, request_bytes

CLIENTS = (1, 16)
ROUNDS = 13
SLOT_S = 0.25
TAKEN = 5
"""Of how many stocks a guarded change takes."""
WARM_S = 2.0
"""A server at work knows what its orders point to: so long until nearly all of that has been asked for once."""
STARTER = SCHEMA.removeprefix("app_")

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of request, to both servers. path: below the prefix of each; query: what only Dougong needs besides; app: whose records."""

    name: str
    method: str
    path: Callable[[], str]
    status: int
    body: Callable[[], bytes] = lambda: b""
    query: str = ""
    app: str = STARTER

    @property
    def prefix(self) -> str:
        """Where Dougong has these records."""
        return f"/api/apps/{self.app}/records"

    @property
    def is_write(self) -> bool:
        """Whether Dougong has work left when it has answered."""
        return self.method != "GET"


@dataclass(frozen=True, slots=True)
class Measured:
    """One server in one case: requests a second and CPU a request are medians of the rounds, waiting times are of all requests."""

    requests_s: float
    p50_ms: float
    p95_ms: float
    cpu_us: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Both servers in one case at a number of clients; ratios are medians of the ratios of each round.

    empty_us: CPU of a request to the limit's empty route meanwhile; limit_to_empty: how often that goes into the limit's.
    """

    case: str
    clients: int
    dougong: Measured
    limit: Measured
    cpu_ratio: float
    requests_ratio: float
    empty_us: float
    limit_to_empty: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the suite gives; memory_mb: of Dougong's process after the load."""

    rows: tuple[Compared, ...]
    memory_mb: float


def cases(generated: Generated, stocks: Sequence[str]) -> tuple[Case, ...]:
    """Return what is asked of both servers; every create has values of its own. stocks: ids of what is taken from."""
    pick = random.Random(2)
    numbers = count(time_ns() // 1000)

    def item() -> bytes:
        return json.dumps({
            "code": f"B{next(numbers)}", "name": "深沟球轴承", "spec": "6205-2RS", "category": "transmission", "unit": "piece",
            "price": "16.30", "cost_price": "11.85", "safety_stock": "40",
        }, ensure_ascii=False).encode()  # fmt: skip

    def part() -> bytes:
        return json.dumps(parts(next(numbers), 1)[0], ensure_ascii=False).encode()

    def take() -> bytes:
        return json.dumps({"rows": [{"id": one, "add": {"reserved": "1"}} for one in pick.sample(stocks, TAKEN)]}).encode()

    def order() -> bytes:
        lines = [{"item": str(pick.choice(generated.items)), "quantity": str(n + 1), "discount": "5"} for n in range(5)]
        return json.dumps({
            "customer": str(pick.choice(generated.customers)), "date": str(generated.day), "lines": lines, "remark": "尽快发货",
        }, ensure_ascii=False).encode()  # fmt: skip

    return (
        Case("get", "GET", lambda: f"/sales_order/{pick.choice(generated.orders)}", 200),
        Case("list", "GET", lambda: "/sales_order?limit=50", 200, query="&sort=" + quote("-date")),
        Case("list with total", "GET", lambda: "/sales_order?limit=50&total=exact", 200, query="&sort=" + quote("-date")),
        Case("create", "POST", lambda: "/item", 201, item),
        Case("create of 20 fields", "POST", lambda: "/part", 201, part, app="bulk"),
        Case("guarded", "POST", lambda: "/stock/guarded", 200, take, app="bulk"),
        Case("order of 5 lines", "POST", lambda: "/sales_order", 201, order),
    )


async def compare(
    dougong: Server, limit: Server, session: SignedIn, asked: Sequence[Case], dsn: str, step: Step, hidden: Collection[str] = ()
) -> Comparison:
    """Measure every case at every number of clients, the servers taking turns.

    step: is told what is being measured. hidden: names of what only the limit answers with.
    """
    _check_answers(dougong, limit, session, asked, hidden)
    database = await asyncpg.connect(dsn)
    rows: list[Compared] = []
    try:
        for case in asked:
            ours = _requests(case, case.prefix, case.query, session.headers)
            bare = _requests(case, "", "", {})
            for server, requests in ((dougong, ours), (limit, bare)):
                await _slot(server, max(CLIENTS), requests, case.status, WARM_S)
            await _settle(database)
            for number in CLIENTS:
                step(f"{case.name}, {number} clients")
                rounds = []
                for _ in range(ROUNDS):
                    own = await _slot(dougong, number, ours, case.status, settle=database if case.is_write else None)
                    best = await _slot(limit, number, bare, case.status)
                    rounds.append((own, best, await _slot(limit, number, _empty, 200)))
                rows.append(_compared(case, number, rounds))
    finally:
        await database.close()
    return Comparison(tuple(rows), dougong.memory_mb())


class DifferentAnswers(Exception):
    """The limit does not do the same work: it answers with other fields or values than Dougong."""


def _check_answers(dougong: Server, limit: Server, session: SignedIn, asked: Sequence[Case], hidden: Collection[str]) -> None:
    """Ask both servers everything once; what they read must be equal but for what is hidden, what they make must have the same fields."""
    for case in asked:
        path, body = case.path(), json.loads(case.body() or "null")
        own = dougong.ask(case.method, case.prefix + path + case.query, body, session.headers).json()
        bare = _without(limit.ask(case.method, path, json.loads(case.body()) if body else None).json(), hidden)
        if (_fields(own) != _fields(bare)) if case.is_write else (own != bare):
            raise DifferentAnswers(f"{case.name}:\n{json.dumps(own)}\n{json.dumps(bare)}"[:4000])


def _without(value: object, hidden: Collection[str]) -> object:
    """Return a JSON value without what some names stand for in it."""
    match value:
        case dict():
            return {key: _without(part, hidden) for key, part in value.items() if key not in hidden}
        case list():
            return [_without(part, hidden) for part in value]
        case _:
            return value


def _fields(value: object) -> object:
    """Return a JSON value with nothing but the names in it."""
    match value:
        case dict():
            return {key: _fields(part) for key, part in value.items()}
        case list():
            return [_fields(part) for part in value]
        case _:
            return None


def _requests(case: Case, prefix: str, query: str, headers: Mapping[str, str]) -> NextRequest:
    sent = list(headers.items())
    return lambda: request_bytes(case.method, prefix + case.path() + query, sent, case.body())


def _empty() -> bytes:
    return request_bytes("GET", "/empty")


Slot = tuple[Load, float]


async def _slot(
    server: Server, number: int, requests: NextRequest, status: int, seconds: float = SLOT_S,
    settle: asyncpg.Connection[asyncpg.Record] | None = None,
) -> Slot:  # fmt: skip
    """Load a server for a while; its CPU in µs a request includes what it does after its answers."""
    clients: Clients = await connect(server.port, number)
    try:
        before = server.cpu_s()
        load = await clients.run(requests, status, seconds)
        if settle is not None:
            await _settle(settle)
        return load, (server.cpu_s() - before) / len(load.latencies) * 1e6
    finally:
        clients.close()


async def _settle(database: asyncpg.Connection[asyncpg.Record]) -> None:
    """Wait until everything that was written has been told on."""
    while await database.fetchval("SELECT EXISTS (SELECT FROM dougong.outbox)"):
        await database.execute("SELECT pg_sleep(0.02)")


def _compared(case: Case, number: int, rounds: Sequence[tuple[Slot, Slot, Slot]]) -> Compared:
    return Compared(
        case.name, number, _measured([own for own, _, _ in rounds]), _measured([bare for _, bare, _ in rounds]),
        cpu_ratio=median(own[1] / bare[1] for own, bare, _ in rounds),
        requests_ratio=median(_rate(own) / _rate(bare) for own, bare, _ in rounds),
        empty_us=median(empty[1] for _, _, empty in rounds),
        limit_to_empty=median(bare[1] / empty[1] for _, bare, empty in rounds),
    )  # fmt: skip


def _rate(slot: Slot) -> float:
    return len(slot[0].latencies) / slot[0].wall_s


def _measured(slots: Sequence[Slot]) -> Measured:
    latencies = [latency for load, _ in slots for latency in load.latencies]
    return Measured(
        median(_rate(slot) for slot in slots), quantile_ms(latencies, 0.5), quantile_ms(latencies, 0.95),
        median(cpu_us for _, cpu_us in slots),
    )  # fmt: skip
