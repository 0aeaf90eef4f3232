"""Computed fields that follow other records, over HTTP: sums, counts, look-ups of several hops, after every way of writing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from tests.workshop import Document, Shop, element, entity, label, options, package

APP = "rollups"


def inverse(key: str) -> dict[str, Any]:
    """Return the name of a way back."""
    return {"key": key, "name": label(key)}


def document() -> Document:
    """Return regions with customers with orders with lines of items, and values computed along and against all references."""
    region = entity(
        "region", "name", element("name", "text"), element("total", "money", formula="SUM(customers.total)"),
        element("lines", "number", scale=0, formula="COUNT(customers.orders.lines)"),
        element("largest", "money", formula="MAX(customers.orders.total)"),
    )  # fmt: skip
    customer = entity(
        "customer", "name", element("name", "text"), element("level", "text"),
        element("region", "reference", to="region", inverse=inverse("customers")),
        element("count", "number", scale=0, formula="COUNT(orders)"),
        element("done", "money", formula='SUM(orders[state = "done"].total)'),
        element("total", "money", formula="SUM(orders.total)"),
        element("mean", "number", scale=4, formula="AVERAGE(orders.total)"),
        element("share", "number", scale=4, formula="done / total"),
        element("words", "text", max_length=60, formula="RMBUPPER(total)"),
    )  # fmt: skip
    lines = element("lines", "lines", fields=[
        element("item", "reference", to="item", inverse=inverse("sold_in")), element("quantity", "number", scale=2),
        element("price", "money", formula="item.price"), element("amount", "money", formula="ROUND(quantity * price, 2)"),
    ])  # fmt: skip
    order = entity(
        "order", "name", element("name", "text"), element("state", "choice", options=options("draft", "done"), default='"draft"'),
        element("customer", "reference", to="customer", inverse=inverse("orders")), lines,
        element("total", "money", formula="SUM(lines.amount)"),
        element("level", "text", formula="customer.level"),
        element("where", "text", formula='customer.region.name & "/" & customer.name'),
        element("others", "number", scale=0, formula="COUNT(customer.orders)"),
        element("before", "number", scale=0, copy_from="customer.count"),
        rules=[{"key": "few", "check": "others <= 3", "at": "customer", "message": label("Three orders are enough")}],
    )  # fmt: skip
    item = entity(
        "item", "name", element("name", "text"), element("price", "money"),
        element("sold", "number", scale=2, formula="SUM(sold_in.quantity)"),
        element("sold_done", "number", scale=2, formula='SUM(sold_in[id.parent.state = "done"].quantity)'),
    )  # fmt: skip
    return package(APP, region, customer, order, item)


@pytest.fixture(scope="module")
async def app(shop: Shop) -> AsyncIterator[Shop]:
    """Give the shop with the app installed."""
    answer = await shop.install(document())
    assert answer.status_code == 201, answer.text
    yield shop


async def make(shop: Shop, kind: str, **values: object) -> dict[str, Any]:
    """Return a new record."""
    answer = await shop.admin.post(f"/api/apps/{APP}/records/{kind}", values)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def change(shop: Shop, kind: str, record: dict[str, Any], **values: object) -> dict[str, Any]:
    """Return a record after a change."""
    answer = await shop.admin.ask("PATCH", f"/api/apps/{APP}/records/{kind}/{record['id']}", values)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def trash(shop: Shop, kind: str, record: dict[str, Any]) -> None:
    """Put a record in the trash."""
    answer = await shop.admin.ask("DELETE", f"/api/apps/{APP}/records/{kind}/{record['id']}")
    assert answer.status_code == 204, answer.text


async def seen(shop: Shop, kind: str, record: dict[str, Any], keys: str) -> Sequence[Any]:
    """Return some fields of a record as it is now."""
    answer = await shop.admin.get(f"/api/apps/{APP}/records/{kind}/{record['id']}")
    assert answer.status_code == 200, answer.text
    return [answer.json()[key] for key in keys.split()]


async def test_a_new_record_shows_what_it_follows_and_changes_what_follows_it(app: Shop) -> None:
    north = await make(app, "region", name="North")
    assert [north[key] for key in ("total", "lines", "largest")] == ["0", "0", None]
    ann = await make(app, "customer", name="Ann", level="A", region=north["id"])
    assert [ann[key] for key in ("count", "done", "mean", "share", "share__error", "words")] == ["0", "0", None, None, "DIV0", "零元整"]
    bolt = await make(app, "item", name="bolt", price="2.50")
    order = await make(app, "order", name="one", customer=ann["id"], lines=[{"item": bolt["id"], "quantity": "3"}])
    assert [order[key] for key in ("total", "level", "where", "others")] == ["7.5", "A", "North/Ann", "1"]
    assert order["lines"][0]["price"] == "2.5"
    assert await seen(app, "customer", ann, "count done total mean share revision") == ["1", "0", "7.5", "7.5", "0", 1]
    assert await seen(app, "region", north, "total lines largest revision") == ["7.5", "1", "7.5", 1]
    assert await seen(app, "item", bolt, "sold sold_done") == ["3", "0"]

    other = await make(app, "order", name="two", customer=ann["id"], state="done")
    assert other["others"] == "2"
    assert await seen(app, "order", order, "others revision") == ["2", 1]
    assert await seen(app, "customer", ann, "count total mean words") == ["2", "7.5", "3.75", "柒元伍角整"]

    changed = await change(app, "order", order, state="done")
    assert changed["revision"] == 2
    assert await seen(app, "customer", ann, "done share share__error") == ["7.5", "1", None]
    assert await seen(app, "item", bolt, "sold_done") == ["3"]

    await change(app, "item", bolt, price="4")
    assert await seen(app, "order", order, "total revision") == ["12", 2]
    assert await seen(app, "region", north, "total largest") == ["12", "12"]

    await change(app, "customer", ann, level="B", name="Anna")
    assert await seen(app, "order", order, "level where revision") == ["B", "North/Anna", 2]
    await change(app, "region", north, name="N")
    assert await seen(app, "order", order, "where") == ["N/Anna"]


async def test_moves_rows_and_the_trash(app: Shop) -> None:
    east, west = await make(app, "region", name="East"), await make(app, "region", name="West")
    one = await make(app, "customer", name="One", level="1", region=east["id"])
    two = await make(app, "customer", name="Two", level="2", region=west["id"])
    nut, pin = await make(app, "item", name="nut", price="1"), await make(app, "item", name="pin", price="10")
    order = await make(app, "order", name="o", customer=one["id"], lines=[{"item": nut["id"], "quantity": "5"}])
    moved = await change(app, "order", order, customer=two["id"])
    assert [moved[key] for key in ("level", "where", "others")] == ["2", "West/Two", "1"]
    assert await seen(app, "customer", one, "count total") == ["0", "0"]
    assert await seen(app, "customer", two, "count total") == ["1", "5"]
    assert [await seen(app, "region", one, "total lines") for one in (east, west)] == [["0", "0"], ["5", "1"]]

    rows = [{"id": moved["lines"][0]["id"], "item": pin["id"], "quantity": "2"}, {"item": nut["id"], "quantity": "1"}]
    moved = await change(app, "order", moved, lines=rows)
    assert moved["total"] == "21"
    assert [row["amount"] for row in moved["lines"]] == ["20", "1"]
    assert [await seen(app, "item", item, "sold") for item in (nut, pin)] == [["1"], ["2"]]
    assert await seen(app, "region", west, "total lines largest") == ["21", "2", "21"]

    cleared = await change(app, "order", moved, customer=None)
    assert [cleared[key] for key in ("level", "where", "others")] == [None, "/", "0"]
    assert await seen(app, "customer", two, "count total mean") == ["0", "0", None]
    await change(app, "order", cleared, customer=two["id"])
    await change(app, "customer", two, region=east["id"])
    assert await seen(app, "order", order, "where") == ["East/Two"]
    assert [await seen(app, "region", one, "total lines") for one in (east, west)] == [["21", "2"], ["0", "0"]]

    await trash(app, "order", order)
    assert await seen(app, "customer", two, "count total") == ["0", "0"]
    assert [await seen(app, "item", item, "sold") for item in (nut, pin)] == [["0"], ["0"]]
    assert await seen(app, "region", east, "total lines") == ["0", "0"]
    await change(app, "customer", two, level="3")
    back = await app.admin.post(f"/api/apps/{APP}/records/order/{order['id']}/restore", {})
    assert back.status_code == 200, back.text
    assert [back.json()[key] for key in ("level", "where", "others")] == ["3", "East/Two", "1"]
    assert await seen(app, "customer", two, "count total") == ["1", "21"]
    assert [await seen(app, "item", item, "sold") for item in (nut, pin)] == [["1"], ["2"]]
    assert await seen(app, "region", east, "total lines") == ["21", "2"]


async def test_rules_judge_what_follows_and_copies_take_it_as_it_is(app: Shop) -> None:
    """Values that change without a revision are not remembered; a rule is told of at its number in the request."""
    ann = await make(app, "customer", name="Ann")
    orders = [await make(app, "order", name=f"o{number}", customer=ann["id"]) for number in range(3)]
    assert [order["before"] for order in orders] == ["0", "1", "2"]
    refused = await app.admin.post(f"/api/apps/{APP}/records/order", {"name": "o3", "customer": ann["id"]})
    assert refused.status_code == 422, refused.text
    assert [(found["code"], found["pointer"]) for found in refused.json()["errors"]] == [("record-rule-broken", "/customer")]
    assert await seen(app, "customer", ann, "count") == ["3"]
    await trash(app, "order", orders[0])
    assert (await make(app, "order", name="o3", customer=ann["id"]))["others"] == "3"


async def test_an_equal_request_is_answered_with_what_followed(app: Shop) -> None:
    ann = await make(app, "customer", name="Ann", level="A")
    first, again = [await app.admin.ask("POST", f"/api/apps/{APP}/records/order", {"name": "o", "customer": ann["id"]}, idempotency_key="rollups-1") for _ in "12"]
    assert [answer.status_code for answer in (first, again)] == [201, 200]
    assert first.json() == again.json()
    assert [first.json()[key] for key in ("level", "others")] == ["A", "1"]
