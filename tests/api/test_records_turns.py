"""Rules that ask whole entities hold whoever else saves at the same time: what was answered is still so when the record is saved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import asyncpg
import httpx
import pytest

from tests.api.browser import problem_of
from tests.workshop import Shop, element, entity, label, package

STORE = "/api/apps/store/records"
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"


def store() -> dict[str, Any]:
    """Return an app whose issues may not take more than there is, and whose shelves may not hold less than was promised of them."""
    shelf = entity(
        "shelf", "name",
        element("name", "text"), element("stock", "number"), element("note", "text"),
        rules=[{"key": "kept", "check": "SUM(@issue[shelf = parent.id].quantity) <= stock", "at": "stock", "message": label("Promised already")}],
    )  # fmt: skip
    issue = entity(
        "issue", "name",
        element("name", "text"), element("shelf", "reference", to="shelf"), element("quantity", "number"),
        rules=[{
            "key": "there", "check": "quantity + SUM(@issue[shelf = parent.shelf AND id <> parent.id].quantity) <= shelf.stock",
            "at": "quantity", "message": label("Not so many are left"),
        }],
    )  # fmt: skip
    return package("store", shelf, issue)


@pytest.fixture(scope="module")
async def stocked(shop: Shop) -> AsyncIterator[Shop]:
    installed = await shop.install(store())
    assert installed.status_code == 201, installed.text
    yield shop


async def shelf_of(shop: Shop, stock: str) -> str:
    made = await shop.admin.post(f"{STORE}/shelf", {"name": "nuts", "stock": stock})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def at_once(shop: Shop, *requests: Coroutine[Any, Any, httpx.Response]) -> list[httpx.Response]:
    """Return the answers of requests none of which can save an issue before each has come as far as it can."""
    gate = await asyncpg.connect(shop.dsn)
    tasks: list[asyncio.Task[httpx.Response]] = []
    try:
        async with gate.transaction():
            # Reading goes on, writing waits.
            await gate.execute("LOCK TABLE app_store.issue IN SHARE MODE")
            for request in requests:
                tasks.append(asyncio.create_task(request))
                while not tasks[-1].done() and await shop.database.fetchval(_WAITING) < len(tasks):
                    await asyncio.sleep(0)
        return [await task for task in tasks]
    finally:
        await gate.close()


async def test_two_who_save_at_once_do_not_both_take_the_last(stocked: Shop) -> None:
    shelf = await shelf_of(stocked, "10")
    body = {"shelf": shelf, "quantity": "7"}
    first, second = await at_once(stocked, stocked.admin.post(f"{STORE}/issue", body), stocked.admin.post(f"{STORE}/issue", body))
    assert first.status_code == 201, first.text
    assert [item["code"] for item in problem_of(second, 422, "record-invalid")["errors"]] == ["record-rule-broken"]


async def test_two_who_change_at_once_do_not_both_take_the_last(stocked: Shop) -> None:
    shelf = await shelf_of(stocked, "10")
    paths = []
    for _ in range(2):
        made = await stocked.admin.post(f"{STORE}/issue", {"shelf": shelf, "quantity": "1"})
        paths.append(f"{STORE}/issue/{made.json()['id']}")
    answers = await at_once(stocked, *(stocked.admin.ask("PATCH", path, {"quantity": "6"}) for path in paths))
    assert [answer.status_code for answer in answers] == [200, 422]


async def test_what_is_asked_does_not_change_while_it_is_relied_on(stocked: Shop) -> None:
    shelf = await shelf_of(stocked, "10")
    taking = stocked.admin.post(f"{STORE}/issue", {"shelf": shelf, "quantity": "7"})
    taken, lowered = await at_once(stocked, taking, stocked.admin.ask("PATCH", f"{STORE}/shelf/{shelf}", {"stock": "5"}))
    assert taken.status_code == 201, taken.text
    assert lowered.status_code == 422, lowered.text
