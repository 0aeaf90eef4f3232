"""Ledgers: entries are added and taken back, never changed; what they add up to is kept with them, whoever enters at once."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import AsyncIterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

import httpx
import pytest

from dougong.model.resolve import resolve
from dougong.open_site import open_site
from dougong.packages.library import read_package
from dougong.permissions.actor import SYSTEM
from dougong.settings import read_settings
from dougong.work.perform import perform
from dougong.work.request import Create, Request
from tests import warm
from tests.api.browser import problem_of
from tests.workshop import Document, Shop, element, entity, label, options, package

BASE = "/api/apps/ledgers/records"
STOCK_BY = {"item": "item", "place": "place"}


def ledgers(**others: object) -> Document:
    """Return an app of moves of stock, and of vouchers whose rows are booked on accounts."""
    item = entity("item", "name", element("name", "text"))
    stock = entity(
        "stock", "note",
        element("item", "reference", to="item"), element("place", "choice", options=options("east", "west")),
        element("on_hand", "number", scale=2), element("worth", "money"), element("reserved", "number", scale=2, default="0"),
        element("free", "number", scale=2, formula="on_hand - reserved"), element("note", "text"),
        unique=[{"key": "where", "fields": ["item", "place"]}],
        guards=[{"key": "kept", "check": "on_hand >= reserved", "message": label("Reserved already")}],
    )  # fmt: skip
    projection = {
        "key": "balance", "entity": "stock", "by": STOCK_BY, "add": {"on_hand": "quantity", "worth": "ROUND(quantity * price, 2)"},
        "guard": "on_hand >= 0", "message": label("Not enough"),
    }  # fmt: skip
    move = entity(
        "move", "number",
        element("number", "sequence", pattern="M-{0000}", mode="gapless"),
        element("item", "reference", to="item", required=True), element("place", "choice", options=options("east", "west")),
        element("on", "date", default="TODAY()"),
        element("quantity", "number", scale=2, required=True), element("price", "money", default="1"), element("note", "text"),
        **{"kind": "ledger", "projections": [projection], "negates": ["quantity"], **others},
    )  # fmt: skip
    account = entity("account", "name", element("name", "text", unique=True), element("sum", "money"), element("count", "number", scale=0))
    rows = element("rows", "lines", fields=[element("account", "text", required=True), element("amount", "money"), element("twice", "money", formula="amount * 2")])
    voucher = entity(
        "voucher", "text", element("text", "text"), rows, kind="ledger",
        projections=[{"key": "sums", "entity": "account", "rows": "rows", "by": {"name": "account"}, "add": {"sum": "amount", "count": "1"}}],
        rules=[{"key": "even", "check": "SUM(rows.amount) = 0", "message": label("Not balanced")}],
    )  # fmt: skip
    return package("ledgers", item, stock, move, account, voucher)


@pytest.fixture(scope="module")
async def books(shop: Shop) -> AsyncIterator[Shop]:
    installed = await shop.install(ledgers())
    assert installed.status_code == 201, installed.text
    yield shop


async def item_of(shop: Shop, name: str = "nut") -> str:
    return str((await shop.admin.post(f"{BASE}/item", {"name": name})).json()["id"])


async def enter(shop: Shop, item: str, quantity: str, **values: Any) -> httpx.Response:  # noqa: ANN401 – any JSON
    return await shop.admin.post(f"{BASE}/move", {"item": item, "place": "east", "quantity": quantity, **values})


async def stock(shop: Shop, item: str) -> list[tuple[str, str, str, str]]:
    rows = await shop.database.fetch("SELECT id FROM app_ledgers.stock WHERE item = $1 ORDER BY place", item)
    records = [(await shop.admin.get(f"{BASE}/stock/{row['id']}")).json() for row in rows]
    return [(one["place"], one["on_hand"], one["worth"], one["free"]) for one in records]


async def test_entries_are_added_up_in_the_same_transaction(books: Shop) -> None:
    item = await item_of(books)
    for quantity, values in (("5", {"price": "2"}), ("-2", {}), ("3", {"place": "west"})):
        assert (await enter(books, item, quantity, **values)).status_code == 201
    assert await stock(books, item) == [("east", "3", "8", "3"), ("west", "3", "3", "3")]
    changes = await books.database.fetch(
        "SELECT change_set FROM dougong.history WHERE entity IN ('move', 'stock') GROUP BY change_set HAVING count(DISTINCT entity) < 2"
    )
    assert changes == []


async def test_what_is_short_is_refused_by_name(books: Shop) -> None:
    item = await item_of(books, "bolt")
    assert (await enter(books, item, "3")).status_code == 201
    found = problem_of(await enter(books, item, "-4"), 409, "record-short")
    assert found["short"] == [{"row": 0, "guard": "balance", "asked": {"on_hand": "-4", "worth": "-4"}, "available": None}]
    assert [one["detail"] for one in found["errors"]] == ["Not enough (bolt · east)"]
    assert await stock(books, item) == [("east", "3", "3", "3")]


async def test_a_guard_of_the_record_that_keeps_the_sums_holds_too(books: Shop) -> None:
    item = await item_of(books)
    await enter(books, item, "3")
    taken = await books.admin.post(f"{BASE}/stock/guarded", {"rows": [{"key": {"item": item, "place": "east"}, "add": {"reserved": "2"}}]})
    assert taken.status_code == 200, taken.text
    assert problem_of(await enter(books, item, "-2"), 409, "record-short")["short"][0]["guard"] == "kept"
    assert (await enter(books, item, "-1")).status_code == 201


async def test_rows_of_an_entry_are_added_up_each(books: Shop) -> None:
    rows = [{"account": "cash", "amount": "10"}, {"account": "cash", "amount": "5"}, {"account": "sales", "amount": "-15"}]
    made = await books.admin.post(f"{BASE}/voucher", {"text": "a", "rows": rows})
    assert made.status_code == 201, made.text
    turned = await books.admin.post(f"{BASE}/voucher/{made.json()['id']}/reverse", {"text": "back"})
    assert turned.status_code == 201, turned.text
    assert [(row["account"], row["amount"], row["twice"]) for row in turned.json()["rows"]] == [
        ("cash", "-10", "-20"), ("cash", "-5", "-10"), ("sales", "15", "30"),
    ]  # fmt: skip
    found = (await books.admin.get(f"{BASE}/account?sort=name")).json()["records"]
    assert [(one["name"], one["sum"], one["count"]) for one in found] == [("cash", "0", "4"), ("sales", "0", "2")]


async def test_an_entry_is_taken_back_once(books: Shop) -> None:
    item = await item_of(books)
    entry = (await enter(books, item, "5", price="3", note="first")).json()
    answers = await asyncio.gather(*(books.admin.post(f"{BASE}/move/{entry['id']}/reverse", {"on": "2026-01-31"}) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
    turned = next(answer for answer in answers if answer.status_code == 201).json()
    assert (turned["quantity"], turned["price"], turned["note"], turned["on"], turned["reverses"]) == ("-5", "3", "first", "2026-01-31", entry["id"])
    assert await stock(books, item) == [("east", "0", "0", "0")]
    again = problem_of(await books.admin.post(f"{BASE}/move/{turned['id']}/reverse"), 422, "record-invalid")
    assert [one["code"] for one in again["errors"]] == ["record-reversed"]
    other = problem_of(await books.admin.post(f"{BASE}/move/{entry['id']}/reverse", {"quantity": "1", "place": "west"}), 422, "record-invalid")
    assert {(one["code"], one["pointer"]) for one in other["errors"]} == {
        ("record-field-read-only", "/quantity"), ("record-field-read-only", "/place"), ("record-reversed", "/reverses"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param("PATCH", "/{id}", {"note": "x"}, id="change"),
        pytest.param("DELETE", "/{id}?revision=1", None, id="delete"),
        pytest.param("POST", "/{id}/restore", {}, id="restore"),
        pytest.param("POST", "/upsert", {"by": ["id"], "values": {"id": "{id}", "quantity": "1"}}, id="upsert"),
        pytest.param("POST", "/guarded", {"rows": [{"id": "{id}", "add": {"quantity": "1"}}]}, id="guarded"),
        pytest.param("POST", "/bulk", {"changes": [{"action": "update", "id": "{id}", "values": {"note": "x"}}]}, id="bulk"),
    ],
)
async def test_entries_are_never_changed_by_any_way(books: Shop, method: str, path: str, body: Document | None) -> None:
    entry = (await enter(books, await item_of(books), "1")).json()["id"]
    sent = json.loads(json.dumps(body).replace("{id}", entry))
    answer = await books.admin.ask(method, f"{BASE}/move{path.format(id=entry)}", sent)
    problem_of(answer, 409, "record-ledger-kept")
    assert (await books.admin.get(f"{BASE}/move/{entry}")).json()["revision"] == 1


async def test_sums_are_written_by_entries_alone(books: Shop) -> None:
    item = await item_of(books)
    await enter(books, item, "1")
    record = await books.database.fetchval("SELECT id::text FROM app_ledgers.stock WHERE item = $1", item)
    problem_of(await books.admin.post(f"{BASE}/stock", {"note": "by hand"}), 409, "record-sums-kept")
    problem_of(await books.admin.ask("DELETE", f"{BASE}/stock/{record}?revision=1"), 409, "record-sums-kept")
    for values in ({"on_hand": "9"}, {"place": "west"}):
        found = problem_of(await books.admin.ask("PATCH", f"{BASE}/stock/{record}", values), 422, "record-invalid")
        assert [one["code"] for one in found["errors"]] == ["record-field-read-only"]
    guarded = await books.admin.post(f"{BASE}/stock/guarded", {"rows": [{"id": record, "add": {"on_hand": "9"}}]})
    assert [one["code"] for one in problem_of(guarded, 422, "record-invalid")["errors"]] == ["record-field-read-only"]
    assert (await books.admin.ask("PATCH", f"{BASE}/stock/{record}", {"note": "fine"})).status_code == 200


async def test_only_ledgers_are_reversed_and_keys_are_not_blank(books: Shop) -> None:
    item = await item_of(books)
    problem_of(await books.admin.post(f"{BASE}/item/{item}/reverse"), 409, "record-ledger-only")
    found = problem_of(await enter(books, item, "1", place=None), 422, "record-invalid")
    assert [one["code"] for one in found["errors"]] == ["record-projection-blank"]


async def test_many_entries_of_one_request_are_added_up_together_and_told_apart(books: Shop) -> None:
    item = await item_of(books)
    quantities = ["2", "-3", "4", "-9"]
    changes = [{"action": "create", "values": {"item": item, "place": "east", "quantity": quantity}} for quantity in quantities]
    done = await books.admin.post(f"{BASE}/move/bulk", {"changes": changes[:3]})
    assert done.status_code == 200, done.text
    assert await stock(books, item) == [("east", "3", "3", "3")]
    refused = await books.admin.post(f"{BASE}/move/bulk", {"changes": changes})
    errors = problem_of(refused, 422, "record-invalid")["errors"]
    assert [(one["code"], one["pointer"]) for one in errors] == [("record-guard-broken", "/changes/3")]
    each = await books.admin.post(f"{BASE}/move/bulk", {"mode": "each", "changes": [changes[3], changes[0]]})
    assert await stock(books, item) == [("east", "5", "5", "5")], each.text


async def test_a_reversal_that_would_not_take_back_what_was_added_is_refused(books: Shop) -> None:
    document = ledgers(negates=["price", "quantity"])
    assert (await books.publish(document)).status_code == 201
    entry = (await enter(books, await item_of(books), "2", price="3")).json()
    found = problem_of(await books.admin.post(f"{BASE}/move/{entry['id']}/reverse"), 422, "record-invalid")
    assert [one["code"] for one in found["errors"]] == ["record-reversal-differs"]
    assert (await books.publish(ledgers())).status_code == 201


async def test_many_who_enter_at_once_lose_nothing_and_never_fall_below(books: Shop) -> None:
    items = [await item_of(books, f"i{n}") for n in range(3)]
    for item in items:
        await enter(books, item, "6")
    chance = random.Random(5)

    async def client() -> list[tuple[str, int]]:
        done = []
        for _ in range(6):
            item, quantity = chance.choice(items), chance.choice([-3, -2, -1, 1])
            if (await enter(books, item, str(quantity))).status_code == 201:
                done.append((item, quantity))
        return done

    done = [one for found in await asyncio.gather(*(client() for _ in range(10))) for one in found]
    for item in items:
        left = 6 + sum(quantity for other, quantity in done if other == item)
        assert left >= 0
        assert [row[1] for row in await stock(books, item)] == [str(left)]
    numbers = [int(row["number"][2:]) for row in await books.database.fetch("SELECT number FROM app_ledgers.move ORDER BY number")]
    assert numbers == list(range(1, len(numbers) + 1))


def broken(**projection: Any) -> Document:  # noqa: ANN401 – any property
    document = deepcopy(ledgers())
    move = next(one for one in document["entities"] if one["key"] == "move")
    move["projections"][0].update(projection)
    return document


@pytest.mark.parametrize(
    ("document", "code", "pointer"),
    [
        pytest.param(ledgers(kind="record", negates=[]), "definition-ledger-only", "projections", id="no ledger"),
        pytest.param(ledgers(negates=["note"]), "definition-negates-kind", "negates", id="a text turned round"),
        pytest.param(broken(entity="nobody"), "definition-entity-unknown", "projections/balance/entity", id="no entity"),
        pytest.param(broken(rows="item"), "definition-field-unknown", "projections/balance/rows", id="no rows"),
        pytest.param(broken(by={"item": "item"}), "definition-projection-key", "projections/balance/by", id="no key"),
        pytest.param(broken(add={"free": "1"}), "definition-projection-field", "projections/balance/add/free", id="a computed field"),
        pytest.param(broken(add={"on_hand": "note"}), "definition-formula-type", "projections/balance/add/on_hand", id="a text"),
        pytest.param(broken(add={"on_hand": "1 / quantity"}), "definition-projection-fails", "projections/balance/add/on_hand", id="may fail"),
        pytest.param(broken(add={"on_hand": "DAY(TODAY())"}), "definition-formula-volatile", "projections/balance/add/on_hand", id="another tomorrow"),
        pytest.param(broken(add={"on_hand": "LEN(number)"}), "definition-formula-sequence", "projections/balance/add/on_hand", id="a number"),
        pytest.param(broken(guard='item.name = "a"'), "definition-formula-path", "projections/balance/guard", id="a guard afar"),
    ],
)  # fmt: skip
def test_projections_that_cannot_be_kept_are_refused(document: Document, code: str, pointer: str) -> None:
    organization, _ = resolve(read_package("organization"), 1)
    _, issues = resolve(document, 1, {}, organization)
    assert (code, f"/entities/move/{pointer}") in [(found.code, found.pointer) for found in issues]


async def test_a_ledger_with_entries_may_get_a_projection(books: Shop) -> None:
    plain = ledgers(projections=[], negates=["quantity"])
    plain["entities"].append(entity("total", "item_name", element("item_name", "text", unique=True), element("n", "number", scale=2)))
    plain["policies"].append({"key": "manager_total", "role": "manager", "entity": "total", "actions": ["read"], "rows": "all"})
    assert (await books.publish(plain)).status_code == 201
    item = await item_of(books, "late")
    for quantity in ("3", "-1"):
        assert (await enter(books, item, quantity, note="late")).status_code == 201
    summed = deepcopy(plain)
    move = next(one for one in summed["entities"] if one["key"] == "move")
    move["projections"] = [{"key": "totals", "entity": "total", "by": {"item_name": 'IF(ISBLANK(note), "none", note)'}, "add": {"n": "quantity"}}]
    published = await books.publish(summed)
    assert published.status_code == 201, published.text
    found = (await books.admin.get(f'{BASE}/total?filter=item_name = "late"')).json()["records"]
    assert [one["n"] for one in found] == ["2"]
    assert (await enter(books, item, "1", note="late")).status_code == 201
    found = (await books.admin.get(f'{BASE}/total?filter=item_name = "late"')).json()["records"]
    assert [one["n"] for one in found] == ["3"]


async def test_what_brought_a_change_about_is_kept(books: Shop) -> None:
    cause = uuid4()
    async with open_site(read_settings({"DATABASE_URL": books.dsn, "DOUGONG_POOL_MIN": "0"})) as opened:
        done = await perform(opened.site, Request("ledgers", SYSTEM, (Create("item", {"name": "caused"}),), "flow", cause=cause))
    assert await books.database.fetchval("SELECT cause FROM dougong.cause WHERE change_set = $1", done.change_set) == cause
    assert await books.database.fetchval("SELECT change_set FROM dougong.history WHERE record_id = $1", done.records[0].id) == done.change_set


async def test_the_command_finds_and_repairs_sums_and_finds_gaps(books: Shop) -> None:
    item = await item_of(books, "command")
    await books.publish(ledgers())
    for place, quantity in (("east", "5"), ("east", "-1"), ("west", "2")):
        assert (await enter(books, item, quantity, place=place, price="2")).status_code == 201
    environment = {**os.environ, "DATABASE_URL": books.dsn}

    async def run(*options: str) -> tuple[int | None, str]:
        said = await asyncio.to_thread(warm.run, "app", "verify", "ledgers", *options, environment=environment)
        return said.returncode, said.stdout

    assert (await run("--repair"))[0] in (0, 1)  # other tests publish the ledger without its projection and back
    assert await run() == (0, "✓\n")
    await books.database.execute("UPDATE app_ledgers.stock SET on_hand = 9 WHERE item = $1 AND place = 'east'", item)
    await books.database.execute("DELETE FROM app_ledgers.stock WHERE item = $1 AND place = 'west'", item)
    voucher = (await books.admin.post(f"{BASE}/voucher", {"rows": [{"account": "a", "amount": "3"}, {"account": "b", "amount": "-3"}]})).json()
    await books.database.execute("UPDATE app_ledgers.voucher__rows SET twice = 9 WHERE id = $1", voucher["rows"][0]["id"])
    code, told = await run()
    assert code == 1
    assert f"stock {item}, east: on_hand 9 → 4" in told
    assert f"stock {item}, west: on_hand None → 2" in told
    assert (await run("--repair"))[0] == 1
    assert await run() == (0, "✓\n")
    assert [row[:3] for row in await stock(books, item)] == [("east", "4", "8"), ("west", "2", "4")]
    for row in (await books.admin.get(f'{BASE}/stock?filter=item = "{item}"')).json()["records"]:
        (last, *_) = (await books.admin.get(f"{BASE}/stock/{row['id']}/history")).json()["changes"]
        assert (last["channel"], last["revision"]) == ("repair", row["revision"])
        if row["place"] == "east":
            assert (last["action"], last["fields"]) == ("update", [{"field": "on_hand", "from": "9", "to": "4"}])
    (last, *_) = (await books.admin.get(f"{BASE}/voucher/{voucher['id']}/history")).json()["changes"]
    assert (last["channel"], last["revision"], last["fields"]) == ("repair", 2, [])
    assert [row["fields"] for row in last["rows"]] == [[{"field": "twice", "from": "9", "to": "6"}]]
