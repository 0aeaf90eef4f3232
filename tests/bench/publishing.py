"""Suite `publish`: a table of a million rows is changed while fifty requests a second come in: 20 fields, 3 indexes, a NOT NULL; text to number.

What is done by hand beside it is the same in SQL, on the same table: columns, CREATE INDEX CONCURRENTLY, CHECK NOT VALID and VALIDATE; and a
column filled in batches of 2,000.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from tests.bench.servers import Server, SignedIn
from tests.bench.wire import quantile_ms

ROWS = 1_000_000
REQUESTS_S = 50
QUIET_S = 5.0
_APP = "published"
_BASE = f"/api/apps/{_APP}"
_TABLE = f"app_{_APP}.thing"
_FILL = f"""
    INSERT INTO {_TABLE} (id, revision, created_at, created_by, updated_at, updated_by, name, code, amount, kind)
    SELECT gen_random_uuid(), 1, now(), $1, now(), $1, 'thing ' || n, CASE WHEN n % 50 = 0 THEN 'none' ELSE n::text END, n % 1000, 'a'
    FROM generate_series($2::int, $3::int) n"""

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Under:
    """Requests while something was published. seconds: how long that took."""

    seconds: float
    requests: int
    failed: int
    p50_ms: float
    p99_ms: float
    longest_ms: float


@dataclass(frozen=True, slots=True)
class Online:
    """quiet: requests while nothing was published. rehearsed: while the second publish was rehearsed.

    widened, converted: the two publishes; by hand: seconds for the same in SQL, no load.
    """

    quiet: Under
    rehearsed: Under
    widened: Under
    widened_by_hand_s: float
    converted: Under
    converted_by_hand_s: float


def measure_publishing(server: Server, session: SignedIn, dsn: str, step: Step) -> Online:
    """Fill the table and publish twice under load."""
    return asyncio.run(_measure(server, session, dsn, step))


async def _measure(server: Server, session: SignedIn, dsn: str, step: Step) -> Online:
    database = await asyncpg.connect(dsn)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", headers=dict(session.headers), timeout=60) as client:
        _good(await client.post("/api/apps", json={"package": _document(), "demo": False}))
        for begin in range(1, ROWS + 1, 100_000):
            step(f"generating records: {begin - 1:,}")
            await database.execute(_FILL, UUID(session.user), begin, min(begin + 99_999, ROWS))
        await database.execute(f"VACUUM ANALYZE {_TABLE}")
        ids = [str(row["id"]) for row in await database.fetch(f"SELECT id FROM {_TABLE} TABLESAMPLE SYSTEM (1) LIMIT 2000")]
        try:
            step("requests while nothing is published")
            quiet = await _loaded(client, ids, asyncio.sleep(QUIET_S))
            step("20 fields, 3 indexes, a NOT NULL")
            widened = await _loaded(client, ids, _publish(client, _wide()))
            step("the same by hand")
            by_hand = await _widen(database)
            step("text to number, rehearsed")
            rehearsed = await _loaded(client, ids, _rehearse(client, _wide("number")))
            step("text to number")
            converted = await _loaded(client, ids, _publish(client, _wide("number")))
            step("the same by hand")
            return Online(quiet, rehearsed, widened, by_hand, converted, await _convert(database))
        finally:
            await database.close()


def _document(code: str = "text", *more: Mapping[str, Any], required: bool = False) -> Mapping[str, Any]:
    label = {"zh-CN": "物品", "en": "Thing"}
    fields = [
        {"key": "name", "kind": "text", "name": label, "required": True}, {"key": "code", "kind": code, "name": label},
        {"key": "amount", "kind": "money", "name": label, **({"required": True} if required else {})}, {"key": "kind", "kind": "text", "name": label}, *more,
    ]  # fmt: skip
    return {
        "format": "dougong.app/1", "key": _APP, "name": label, "requires": [{"package": "organization", "version": ">=1.0,<2"}],
        "entities": [{"key": "thing", "name": label, "title": "name", "fields": fields}],
        "roles": [{"key": "all", "name": label, "installer": True, "may": ["design", "publish"]}],
        "policies": [{"key": "all", "role": "all", "entity": "thing", "actions": ["create", "read", "update", "delete"]}],
    }  # fmt: skip


def _wide(code: str = "text") -> Mapping[str, Any]:
    label = {"zh-CN": "新", "en": "New"}
    kinds = ("text", "number", "date", "boolean", "money")
    more = [{"key": f"new_{n}", "kind": kinds[n % 5], "name": label, **({"indexed": True} if n in (0, 1, 2) else {})} for n in range(20)]
    return _document(code, *more, required=True)


async def _keep(client: httpx.AsyncClient, document: Mapping[str, Any]) -> Any:  # noqa: ANN401 – JSON
    draft = _good(await client.get(f"{_BASE}/draft"))
    return _good(await client.put(f"{_BASE}/draft", json={"revision": draft["revision"], "document": document}))


async def _rehearse(client: httpx.AsyncClient, document: Mapping[str, Any]) -> None:
    await _keep(client, document)
    _good(await client.post(f"{_BASE}/draft/rehearsal", json={}))


async def _publish(client: httpx.AsyncClient, document: Mapping[str, Any]) -> None:
    kept = await _keep(client, document)
    publish = _good(await client.post(f"{_BASE}/versions", json={"revision": kept["revision"], "note": ""}))["publish"]
    while publish["ended_at"] is None:
        await asyncio.sleep(0.2)
        publish = _good(await client.get(f"{_BASE}/publishes/{publish['id']}"))
    if publish["state"] != "done":
        raise AssertionError(publish)


async def _loaded(client: httpx.AsyncClient, ids: list[str], work: Any) -> Under:  # noqa: ANN401 – any awaitable
    """Send requests at their times, whether earlier ones were answered or not, until the work is done."""
    latencies: list[float] = []
    failed = 0
    sent: set[asyncio.Task[None]] = set()
    began = time.perf_counter()
    done = asyncio.ensure_future(work)

    async def one(number: int) -> None:
        nonlocal failed
        place = ids[number % len(ids)]
        start = time.perf_counter()
        match number % 5:
            case 0:
                answer = await client.post(f"{_BASE}/records/thing", json={"name": f"made {number}", "amount": "1", "code": "7"})
            case 1:
                answer = await client.patch(f"{_BASE}/records/thing/{place}", json={"amount": str(number % 999)})
            case 2:
                answer = await client.get(f"{_BASE}/records/thing?limit=50")
            case _:
                answer = await client.get(f"{_BASE}/records/thing/{place}")
        latencies.append(time.perf_counter() - start)
        failed += answer.status_code >= 300

    for number in count():
        if done.done():
            break
        task = asyncio.create_task(one(number))
        sent.add(task)
        task.add_done_callback(sent.discard)
        await asyncio.sleep(max(0.0, began + (number + 1) / REQUESTS_S - time.perf_counter()))
    seconds = time.perf_counter() - began
    await done
    await asyncio.gather(*sent)
    return Under(seconds, len(latencies), failed, quantile_ms(latencies, 0.5), quantile_ms(latencies, 0.99), max(latencies) * 1e3)


async def _widen(database: asyncpg.Connection[asyncpg.Record]) -> float:
    began = time.perf_counter()
    for number in range(20):
        await database.execute(f"ALTER TABLE {_TABLE} ADD COLUMN hand_{number} text")
    for number in range(3):
        await database.execute(f"CREATE INDEX CONCURRENTLY hand_{number} ON {_TABLE} (hand_{number}, id)")
    await database.execute(f"ALTER TABLE {_TABLE} ADD CONSTRAINT hand CHECK (amount IS NOT NULL) NOT VALID")
    await database.execute(f"ALTER TABLE {_TABLE} VALIDATE CONSTRAINT hand")
    return time.perf_counter() - began


async def _convert(database: asyncpg.Connection[asyncpg.Record]) -> float:
    began = time.perf_counter()
    await database.execute(f"ALTER TABLE {_TABLE} ADD COLUMN hand_number numeric")
    last = "00000000-0000-0000-0000-000000000000"
    page = f"""
        WITH ids AS (SELECT id FROM {_TABLE} WHERE id > $1 ORDER BY id LIMIT 2000), done AS (
            UPDATE {_TABLE} t SET hand_number = CASE WHEN code ~ '^[0-9.]+$' THEN code::numeric END FROM ids WHERE t.id = ids.id)
        SELECT max(id::text) AS last FROM ids"""
    while (found := await database.fetchval(page, last)) is not None:
        last = found
    return time.perf_counter() - began


def _good(answer: httpx.Response) -> Any:  # noqa: ANN401 – JSON
    if answer.status_code >= 300:
        raise AssertionError(answer.text)
    return answer.json()
