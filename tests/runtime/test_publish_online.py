"""Publishing over large tables: in the background, while people write; what they write meanwhile is as the next version has it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dougong.publishing.stages import HALT
from tests.api.browser import problem_of
from tests.refusal import refused
from tests.workshop import Document, Shop, Template, element, entity, label, open_shop, package, with_fields

BASE = "/api/apps/wide/records"
UNKNOWN = "00000000-0000-0000-0000-000000000000"
RECORDS = """
    INSERT INTO app_wide.customer (id, revision, created_at, created_by, updated_at, updated_by, name)
    SELECT gen_random_uuid(), 1, now(), id, now(), id, 'customer ' || n FROM app_organization."user", generate_series(1, 500) n WHERE email LIKE 'manager%';
    INSERT INTO app_wide.bill (id, revision, created_at, created_by, updated_at, updated_by, name, amount, size, customer)
    SELECT gen_random_uuid(), 1, now(), c.created_by, now(), c.created_by, 'bill ' || n, n % 100, CASE WHEN n % 7 = 0 THEN 'none' ELSE n::text END, c.id
    FROM (SELECT id, created_by, row_number() OVER () AS place FROM app_wide.customer) c JOIN generate_series(1, {rows}) n ON n % 500 + 1 = c.place;
    ANALYZE app_wide.bill; ANALYZE app_wide.customer"""


def bill(*more: Document, **others: object) -> Document:
    customer = element("customer", "reference", to="customer", inverse={"key": "bills", "name": label("Bills")})
    fields = [element("name", "text"), element("amount", "money"), element("size", "text"), customer, element("note", "text")]
    keys = {field["key"] for field in more}
    return entity("bill", "name", *(field for field in fields if field["key"] not in keys), *more, **others)


def document(*more: Document, customer: tuple[Document, ...] = (), **others: object) -> Document:
    return package("wide", entity("customer", "name", element("name", "text"), *customer), bill(*more, **others))


@pytest.fixture(scope="module")
async def shop(every_copy: str, every_template: Template) -> AsyncIterator[Shop]:
    """Return a running site to which a table is large sooner than to others."""
    async with open_shop(every_copy, every_template, DOUGONG_LARGE_ROWS="2000") as opened:
        yield opened


@pytest.fixture(scope="module")
async def wide(shop: Shop) -> Shop:
    """Return the site with an app that has one large table, of bills, and one that is not, of their customers."""
    assert (await shop.install(document())).status_code == 201
    await shop.database.execute(RECORDS.format(rows=20_000))
    return shop


async def begun(shop: Shop, wanted: Document) -> dict[str, Any]:
    """Publish what takes its time and return the publish."""
    answer = await shop.publish(wanted)
    assert answer.status_code == 202, answer.text
    assert answer.json()["version"] is None
    return dict(answer.json()["publish"])


async def ended(shop: Shop, publish: dict[str, Any]) -> dict[str, Any]:
    """Return what became of a publish when it is over."""
    while True:
        found = (await shop.admin.get(f"/api/apps/wide/publishes/{publish['id']}")).json()
        if found["ended_at"] is not None:
            return dict(found)
        await asyncio.sleep(0)


async def test_records_written_meanwhile_are_as_the_next_version_has_them(wide: Shop) -> None:
    shop = wide
    customers = (await shop.admin.get(f"{BASE}/customer?limit=3&sort=name")).json()["records"]
    wanted = document(
        element("size", "number", scale=2), element("net", "money", formula="ROUND(amount / 2, 2)"), element("code", "text", indexed=True),
        element("of", "text", formula="customer.name & size", max_length=60),
        customer=(element("owed", "money", formula="SUM(bills.net)"),),
    )  # fmt: skip
    publish = await begun(shop, wanted)
    bills = (await shop.admin.get(f"{BASE}/bill?limit=100&sort=name")).json()["records"]
    number = 0
    is_over = asyncio.create_task(ended(shop, publish))
    while not is_over.done():
        one = bills[number % 50]
        values = {"amount": str(number % 90), "size": str(number), "customer": customers[number % 3]["id"]}
        changed = await shop.admin.ask("PATCH", f"{BASE}/bill/{one['id']}", values)
        assert changed.status_code == 200, changed.text
        made = await shop.admin.post(f"{BASE}/bill", {"name": f"made {number}", "amount": "10", "size": "7", "customer": customers[0]["id"]})
        assert made.status_code == 201, made.text
        renamed = await shop.admin.ask("PATCH", f"{BASE}/customer/{customers[number % 2]['id']}", {"name": f"renamed {number}"})
        assert renamed.status_code == 200, renamed.text
        if number % 3 == 2:
            gone = await shop.admin.ask("DELETE", f"{BASE}/bill/{bills[50 + number % 50]['id']}")
            assert gone.status_code in (204, 404), gone.text
        number += 1
    assert (await is_over)["state"] == "done", await is_over
    column = "SELECT columns::json->'bill'->>'size' FROM dougong.app_version WHERE app = 'wide' AND number = 2"
    assert await shop.database.fetchval(column) == "size__2"
    assert not await shop.database.fetch("SELECT FROM pg_trigger WHERE tgname LIKE 'dougong%'")
    assert not await shop.database.fetchval("SELECT count(*) FROM dougong.touched")
    wrong = await shop.database.fetchval(
        """SELECT count(*) FROM app_wide.bill b JOIN app_wide.customer c ON c.id = b.customer
           WHERE b.net IS DISTINCT FROM round(b.amount / 2, 2) OR b."of" IS DISTINCT FROM left(c.name || coalesce(trim_scale(b.size__2)::text, ''), 60)"""
    )
    assert wrong == 0
    owed = await shop.database.fetchval(
        """SELECT count(*) FROM app_wide.customer c WHERE c.owed IS DISTINCT FROM
           (SELECT coalesce(sum(b.net), 0) FROM app_wide.bill b WHERE b.customer = c.id AND b.deleted_at IS NULL)"""
    )
    assert owed == 0
    unlike = await shop.database.fetchval(
        "SELECT count(*) FROM app_wide.bill WHERE name LIKE 'bill%' AND revision = 1 AND size__2::text IS DISTINCT FROM CASE WHEN size ~ '^[0-9]+$' THEN round(size::numeric, 2)::text END"
    )
    assert unlike == 0
    assert await shop.database.fetchval("SELECT indisvalid FROM pg_index WHERE indexrelid = 'app_wide.bill__code__index'::regclass")


async def test_cancelling_and_doubles_leave_everything_as_it_was(wide: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second publisher is told who is at it; what is called off, or refused by the records, leaves no column, index or trigger."""
    shop = wide
    now = (await shop.admin.get("/api/apps/wide/export")).json()
    before = await schema(shop)
    halted = tmp_path / "halted"
    monkeypatch.setenv(HALT, f"index:{halted}")
    wanted = with_fields(now, "bill", element("more", "text", indexed=True), element("twice", "money", formula="amount * 2"))
    wanted["entities"].append(entity("extra", "name", element("name", "text")))
    publish = await begun(shop, wanted)
    while not halted.exists():
        await asyncio.sleep(0)
    assert await schema(shop) != before
    assert (publish["state"], publish["cancelling"]) == ("filling", False)
    problem_of(await shop.admin.ask("POST", "/api/apps/wide/versions", await body_of(shop, wanted)), 409, "publish-under-way")
    assert (await shop.admin.ask("DELETE", f"/api/apps/wide/publishes/{publish['id']}")).status_code == 204
    assert (await shop.admin.get(f"/api/apps/wide/publishes/{publish['id']}")).json()["cancelling"] is True
    monkeypatch.delenv(HALT)
    halted.unlink()
    assert (await ended(shop, publish))["state"] == "cancelled"
    assert await schema(shop) == before
    problem_of(await shop.admin.ask("DELETE", f"/api/apps/wide/publishes/{publish['id']}", None), 409, "publish-over")
    problem_of(await shop.admin.ask("DELETE", f"/api/apps/wide/publishes/{UNKNOWN}", None), 404, "publish-not-found")

    # 007 and 7 are one number: only what the values become is there twice.
    await shop.database.execute("UPDATE app_wide.bill SET name = '007' WHERE id = (SELECT id FROM app_wide.bill WHERE deleted_at IS NULL LIMIT 1)")
    doubled = with_fields(now, "bill", element("name", "number", unique=True))
    doubled["entities"] = [{**entry, "title": "note"} if entry["key"] == "bill" else entry for entry in doubled["entities"]]
    await shop.database.execute("UPDATE app_wide.bill SET name = '7' WHERE id = (SELECT id FROM app_wide.bill WHERE deleted_at IS NULL AND name <> '007' LIMIT 1)")
    failed = await ended(shop, await begun(shop, doubled))
    assert (failed["state"], [(one["code"], one["pointer"]) for one in failed["issues"]]) == (
        "failed", [("definition-unique-broken", "/entities/bill/fields/name/unique")],
    )  # fmt: skip
    assert await schema(shop) == before


async def test_what_the_next_version_allows_once_is_refused_as_soon_as_its_index_holds(
    wide: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = wide
    now = (await shop.admin.get("/api/apps/wide/export")).json()
    halted = tmp_path / "halted"
    monkeypatch.setenv(HALT, f"caught-up:{halted}")
    publish = await begun(shop, with_fields(now, "bill", element("name", "text", unique=True)))
    while not halted.exists():
        await asyncio.sleep(0)
    again = {"name": "once"}
    assert (await shop.admin.post(f"{BASE}/bill", again)).status_code == 201
    await refused(shop, shop.admin, "POST", f"{BASE}/bill", again, 422, "record-invalid", ("record-not-unique-soon", "/name"), zh="正在发布", en="being published")
    monkeypatch.delenv(HALT)
    halted.unlink()
    assert (await ended(shop, publish))["state"] == "done"
    problem = problem_of(await shop.admin.post(f"{BASE}/bill", again), 422, "record-invalid")
    assert [(error["code"], error["pointer"]) for error in problem["errors"]] == [("record-not-unique", "/name")]


async def test_a_publish_at_a_time_and_one_that_was_overtaken(wide: Shop) -> None:
    shop = wide
    now = (await shop.admin.get("/api/apps/wide/export")).json()
    version = (await shop.admin.get("/api/apps/wide/versions")).json()["versions"][0]["number"]
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    body = await body_of(shop, with_fields(now, "bill", element("due", "text")))
    planned = (await shop.admin.post("/api/apps/wide/versions", {**body, "due_at": later})).json()["publish"]
    assert (planned["state"], planned["due_at"][:16]) == ("scheduled", later[:16])
    assert (await shop.admin.ask("DELETE", f"/api/apps/wide/publishes/{planned['id']}")).status_code == 204
    assert (await ended(shop, planned))["state"] == "cancelled"
    due = (await shop.admin.post("/api/apps/wide/versions", {**body, "due_at": soon})).json()["publish"]
    done = await ended(shop, due)
    assert (done["state"], done["version"]) == ("done", version + 1)
    body = await body_of(shop, with_fields(now, "bill", element("due", "text"), element("other", "text")))
    overtaken = (await shop.admin.post("/api/apps/wide/versions", {**body, "due_at": later})).json()["publish"]
    assert (await shop.publish(with_fields(now, "bill", element("due", "text"), element("first", "text")))).status_code == 201
    await shop.database.execute("UPDATE dougong.pgqueuer SET execute_after = now() WHERE entrypoint = 'publish'")
    failed = await ended(shop, overtaken)
    assert (failed["state"], [one["code"] for one in failed["issues"]]) == ("failed", ["definition-published-since"])


async def body_of(shop: Shop, wanted: Document) -> dict[str, Any]:
    """Keep a document as the draft and return what publishes it."""
    revision = (await shop.admin.get("/api/apps/wide/draft")).json()["revision"]
    kept = await shop.admin.ask("PUT", "/api/apps/wide/draft", {"revision": revision, "document": wanted})
    assert kept.status_code == 200, kept.text
    return {"revision": kept.json()["revision"], "note": ""}


async def schema(shop: Shop) -> set[tuple[Any, ...]]:
    """Return the columns, indexes, constraints and triggers of the app's tables, but for the indexes of texts that a job makes when it can."""
    rows = await shop.database.fetch(
        """SELECT c.relname, a.attname::text AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
           WHERE c.relnamespace = 'app_wide'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
               AND c.relname !~ '__(terms__|order$)'
           UNION ALL SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE connamespace = 'app_wide'::regnamespace
           UNION ALL SELECT t.tgrelid::regclass::text, t.tgname FROM pg_trigger t WHERE t.tgname LIKE 'dougong%'"""
    )
    return {tuple(row) for row in rows}
