"""Periods: what is dated in a closed one stays as it is by every way, and no write slips past a close, nor a close past a write."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from dougong.model.resolve import resolve
from dougong.packages.library import read_package
from tests.api.browser import problem_of
from tests.workshop import Document, Shop, element, entity, label, options, package

BASE = "/api/apps/closing/records"
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
LOCK = {"date": "on", "entity": "period", "first": "first", "last": "last", "closed": 'state = "closed"', "same": ["company"]}


def closing(**lock: object) -> Document:
    """Return an app of entries that periods of their company close, kept by somebody who may close them and by others who may not."""
    companies = {"options": options("east", "west")}
    period = entity(
        "period", "name",
        element("name", "text"), element("company", "choice", **companies), element("first", "date"), element("last", "date"),
        element("state", "choice", options=options("open", "closed"), default='"open"'),
    )  # fmt: skip
    entry = entity(
        "entry", "text",
        element("text", "text"), element("company", "choice", **companies), element("on", "date"), element("amount", "money"),
        period_lock={**LOCK, **lock},
    )  # fmt: skip
    document = package("closing", period, entry)
    document["roles"].append({"key": "clerk", "name": label("Clerk")})
    return document


@pytest.fixture(scope="module")
async def closed(shop: Shop) -> AsyncIterator[Shop]:
    installed = await shop.install(closing())
    assert installed.status_code == 201, installed.text
    yield shop


async def period_of(shop: Shop, month: int, state: str = "open", company: str = "east") -> str:
    body = {"name": f"2026-{month:02}", "company": company, "first": f"2026-{month:02}-01", "last": f"2026-{month:02}-28", "state": state}
    made = await shop.admin.post(f"{BASE}/period", body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def entry_of(shop: Shop, on: str | None, company: str = "east") -> str:
    made = await shop.admin.post(f"{BASE}/entry", {"on": on, "company": company, "amount": "1"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def close(shop: Shop, period: str, state: str = "closed") -> int:
    return int((await shop.admin.ask("PATCH", f"{BASE}/period/{period}", {"state": state})).status_code)


def refused(answer: Any) -> list[tuple[str, str]]:  # noqa: ANN401 – an answer
    errors = problem_of(answer, 422, "record-invalid")["errors"]
    assert {one["code"] for one in errors} == {"record-period-closed"}
    return [(one["pointer"], one["detail"]) for one in errors]


async def test_nothing_dated_in_a_closed_period_is_made_changed_or_deleted(closed: Shop) -> None:
    period = await period_of(closed, 1)
    inside, outside, gone = [await entry_of(closed, on) for on in ("2026-01-10", "2026-02-10", "2026-01-11")]
    assert (await closed.admin.ask("DELETE", f"{BASE}/entry/{gone}?revision=1")).status_code == 204
    assert await close(closed, period) == 200
    admin = closed.admin
    told = "Period 2026-01 is closed: nothing dated 2026-01-28 can be made, changed or deleted."
    assert refused(await admin.post(f"{BASE}/entry", {"on": "2026-01-28", "company": "east"})) == [("/on", told)]
    for answer in (
        await admin.ask("PATCH", f"{BASE}/entry/{inside}", {"amount": "2"}),
        await admin.ask("PATCH", f"{BASE}/entry/{inside}", {"on": "2026-02-01"}),
        await admin.ask("PATCH", f"{BASE}/entry/{outside}", {"on": "2026-01-01"}),
        await admin.ask("DELETE", f"{BASE}/entry/{inside}?revision=1"),
        await admin.post(f"{BASE}/entry/{gone}/restore?revision=2"),
        await admin.post(f"{BASE}/entry/guarded", {"rows": [{"id": inside, "add": {"amount": "1"}}]}),
    ):
        refused(answer)
    both = [{"action": "update", "id": one, "values": {"amount": "3"}} for one in (outside, inside)]
    assert [pointer for pointer, _ in refused(await admin.post(f"{BASE}/entry/bulk", {"changes": both}))] == ["/changes/1/values/on"]
    assert (await admin.ask("PATCH", f"{BASE}/entry/{outside}", {"amount": "2"})).status_code == 200
    for on, company in (("2026-01-10", "west"), ("2026-01-30", "east"), (None, "east")):
        await entry_of(closed, on, company)
    assert await close(closed, period, "open") == 200
    assert (await admin.ask("PATCH", f"{BASE}/entry/{inside}", {"amount": "2"})).status_code == 200


async def waiting(shop: Shop, count: int, *tasks: asyncio.Task[Any]) -> None:
    """Wait until so many statements wait for a lock; the tasks must not have ended by then."""
    while await shop.database.fetchval(_WAITING) < count:
        assert not any(task.done() for task in tasks)
        await asyncio.sleep(0)


async def test_a_close_waits_for_writes_that_have_begun(closed: Shop) -> None:
    period = await period_of(closed, 3)
    gate = await asyncpg.connect(closed.dsn)
    try:
        async with gate.transaction():
            await gate.execute("LOCK TABLE app_closing.entry IN SHARE MODE")  # reading goes on, writing waits
            writing = asyncio.create_task(closed.admin.post(f"{BASE}/entry", {"on": "2026-03-05", "company": "east"}))
            await waiting(closed, 1, writing)
            closes = asyncio.create_task(close(closed, period))
            await waiting(closed, 2, writing, closes)
        assert (await writing).status_code == 201
        assert await closes == 200
    finally:
        await gate.close()
    refused(await closed.admin.post(f"{BASE}/entry", {"on": "2026-03-05", "company": "east"}))


async def test_a_write_that_meets_a_close_waits_and_is_refused(closed: Shop) -> None:
    period = await period_of(closed, 4)
    gate = await asyncpg.connect(closed.dsn)
    try:
        async with gate.transaction():
            await gate.execute("UPDATE app_closing.period SET state = 'closed', revision = revision + 1 WHERE id = $1", period)
            writing = asyncio.create_task(closed.admin.post(f"{BASE}/entry", {"on": "2026-04-05", "company": "east"}))
            await waiting(closed, 1, writing)
        refused(await writing)
    finally:
        await gate.close()


async def test_writers_do_not_wait_for_each_other(closed: Shop) -> None:
    await period_of(closed, 5)
    gate = await asyncpg.connect(closed.dsn)
    try:
        async with gate.transaction():
            await gate.execute("SELECT FROM app_closing.period WHERE first = '2026-05-01' FOR SHARE")
            await entry_of(closed, "2026-05-05")
    finally:
        await gate.close()


@pytest.mark.parametrize(
    ("lock", "code", "pointer"),
    [
        pytest.param({"entity": "nobody"}, "definition-entity-unknown", "entity", id="no entity"),
        pytest.param({"date": "nobody"}, "definition-field-unknown", "date", id="no field"),
        pytest.param({"date": "text"}, "definition-period-field", "date", id="no day"),
        pytest.param({"last": "name"}, "definition-period-field", "last", id="no last day"),
        pytest.param({"same": ["amount"]}, "definition-period-field", "same", id="shared amounts"),
        pytest.param({"closed": "name"}, "definition-formula-type", "closed", id="no condition"),
        pytest.param({"closed": "last < TODAY()"}, "definition-formula-volatile", "closed", id="closed by time"),
        pytest.param({"closed": 'created_by.name = "a"'}, "definition-guard-path", "closed", id="another record"),
    ],
)
def test_period_locks_that_mean_nothing_are_refused(lock: Document, code: str, pointer: str) -> None:
    organization, _ = resolve(read_package("organization"), 1)
    _, issues = resolve(closing(**lock), 1, {}, organization)
    assert (code, f"/entities/entry/period_lock/{pointer}") in [(found.code, found.pointer) for found in issues]
