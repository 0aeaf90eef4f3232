"""Defaults of line items that ask whole entities: each row gets its answer, all of a record's rows in one question to the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.workshop import Shop, element, entity, package

BASKETS = "/api/apps/pricing/records/basket"


def pricing() -> dict[str, Any]:
    """Return an app whose baskets look their rows' prices up in lists of prices."""
    price = entity(
        "price", "name",
        element("name", "text"), element("customer", "text"), element("amount", "money"), element("least", "number"),
    )  # fmt: skip
    lines = element("lines", "lines", fields=[
        element("item", "text"),
        element("quantity", "number", default="1"),
        element("price", "money", default="LOOKUP(@price, name = parent.item AND customer = parent.parent.customer, amount)"),
        element("highest", "money", default="MAX(@price[customer = parent.parent.customer].amount)"),
        element("count", "number", default="COUNT(@price)"),
        element("worth", "number", default="SUM(@price[name = parent.item], parent.quantity)"),
        element("is_large", "boolean", default="ANY(@price, parent.quantity > 5)"),
        element("only", "number", default='IFERROR(LOOKUP(@price, name = parent.item, amount, "only"), -1)'),
        element("found", "reference", to="price", default="LOOKUP(@price, name = parent.item)"),
        element("sum", "money", formula="price * quantity"),
    ])  # fmt: skip
    basket = entity(
        "basket", "customer",
        element("customer", "text"), lines,
        element("usual", "text", default='LOOKUP(@price, customer = parent.customer, name)'),
        element("extra", "lines", fields=[element("copied", "text", default="LOOKUP(@price, name = parent.parent.usual, name)")]),
        element("total", "money", formula="SUM(lines.sum)"),
    )  # fmt: skip
    return package("pricing", price, basket)


@pytest.fixture(scope="module")
async def priced(shop: Shop) -> AsyncIterator[Shop]:
    installed = await shop.install(pricing())
    assert installed.status_code == 201, installed.text
    for name, customer, amount in (("nut", "A", "2"), ("bolt", "A", "3"), ("bolt", "B", "5"), ("nut", "C", "7")):
        made = await shop.admin.post("/api/apps/pricing/records/price", {"name": name, "customer": customer, "amount": amount})
        assert made.status_code == 201, made.text
    yield shop


async def basket(shop: Shop, **values: object) -> dict[str, Any]:
    answer = await shop.admin.post(BASKETS, values)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def column(record: dict[str, Any], key: str) -> list[object]:
    return [row[key] for row in record["lines"]]


async def test_each_row_gets_its_answer(priced: Shop) -> None:
    lines = [{"item": "bolt", "quantity": "10"}, {"item": "nut"}, {"item": "bolt"}, {"item": "none"}, {"item": "nut", "price": "9"}]
    made = await basket(priced, customer="A", lines=lines, extra=[{}])
    assert column(made, "price") == ["3", "2", "3", None, "9"]
    assert column(made, "highest") == ["3"] * 5 and column(made, "count") == ["4"] * 5
    assert column(made, "worth") == ["20", "2", "2", "0", "2"]
    assert column(made, "is_large") == [True, False, False, False, False]
    assert column(made, "only") == ["-1", "-1", "-1", None, "-1"]
    assert [found is None for found in column(made, "found")] == [False, False, False, True, False]
    assert (made["total"], made["usual"], made["extra"][0]["copied"]) == ("44", "nut", "nut")
    shown = await priced.admin.post(f"{BASKETS}/preview", {"customer": "A", "lines": lines})
    assert column(shown.json(), "price") == ["3", "2", "3", None, "9"] and shown.json()["total"] == "44"


async def test_rows_that_are_added_ask_and_those_that_stay_do_not(priced: Shop) -> None:
    made = await basket(priced, customer="B", lines=[{"item": "bolt", "price": "1"}])
    kept = {"id": made["lines"][0]["id"], "item": "nut", "price": None}
    changed = await priced.admin.ask("PATCH", f"{BASKETS}/{made['id']}", {"lines": [kept, {"item": "bolt"}]})
    assert changed.status_code == 200, changed.text
    assert column(changed.json(), "price") == [None, "5"]


async def test_many_rows_keep_their_own_answers(priced: Shop) -> None:
    quantities = [str(number) for number in range(1, 101)]
    made = await basket(priced, customer="A", lines=[{"item": "bolt" if int(n) % 3 else "nut", "quantity": n} for n in quantities])
    assert column(made, "worth") == [str(2 * int(n)) for n in quantities]
    assert column(made, "price") == ["3" if int(n) % 3 else "2" for n in quantities]


async def test_what_rows_ask_about_their_neighbours_is_refused(priced: Shop) -> None:
    document = pricing()
    lines = next(field for field in document["entities"][1]["fields"] if field["key"] == "lines")
    lines["fields"].append(element("x", "number", default="COUNT(@price[IN(name, parent.parent.lines.item)])"))
    answer = await priced.publish(document)
    assert answer.status_code == 422
    assert "definition-formula-entity-rows" in {item["code"] for item in answer.json()["errors"]}, answer.text


async def test_lines_that_are_empty_or_not_sent_ask_nothing(priced: Shop) -> None:
    made = await basket(priced, customer="A", lines=[])
    assert made["lines"] == [] and made["usual"] == "nut"
    changed = await priced.admin.ask("PATCH", f"{BASKETS}/{made['id']}", {"customer": "B"})
    assert changed.status_code == 200 and changed.json()["lines"] == [], changed.text
