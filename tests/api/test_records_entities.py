"""Defaults and rules that ask whole entities: what they find for those who save, and where they may not ask."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.browser import problem_of
from tests.workshop import RECORDS, Shop, element, label, with_fields, workshop

ORDERS = f"{RECORDS}/order"
BUDGET = "total + SUM(@order[maker = parent.maker AND id <> parent.id].total) <= IFBLANK(maker.limit, 1000000)"


def asking() -> dict[str, Any]:
    """Return the workshop whose orders ask about other records."""
    document = with_fields(
        workshop(), "order",
        element("usual", "money", default='LOOKUP(@thing, name = "usual", price)'),
        element("place", "number", default="COUNT(@order[maker = parent.maker]) + 1"),
        element("patron", "reference", to="maker", default='LOOKUP(@maker, name = "patron")'),
        element("supplier", "reference", to="maker", where="COUNT(@order[maker = parent.id]) > 0"),
        element("only", "number", default='IFERROR(LOOKUP(@thing, name = "twice", price, "only"), -1)'),
    )  # fmt: skip
    order = next(e for e in document["entities"] if e.get("key") == "order")
    order["rules"].append({"key": "budget", "check": BUDGET, "at": "total", "message": label("Beyond the budget")})
    return document


@pytest.fixture(scope="module")
async def asked(shop: Shop) -> AsyncIterator[Shop]:
    published = await shop.publish(asking())
    assert published.status_code == 201, published.text
    for name in ("twice", "twice"):
        await shop.create("thing", name=name, price="1")
    yield shop


async def test_defaults_ask_what_there_is_when_a_record_is_made(asked: Shop) -> None:
    first = await asked.order()
    assert (first["usual"], first["place"], first["patron"], first["only"]) == (None, "1", None, "-1")
    patron = await asked.create("maker", name="patron")
    await asked.create("thing", name="usual", price="7.5")
    second = await asked.order(maker=first["maker"])
    assert (second["usual"], second["place"], second["patron"]) == ("7.5", "2", patron["id"])
    given = await asked.order(maker=first["maker"], place="9", usual=None)
    assert (given["place"], given["usual"]) == ("9", None)
    shown = (await asked.manager.post(f"{ORDERS}/preview", {"maker": first["maker"], "lines": []})).json()
    assert (shown["place"], shown["usual"], shown["patron"]) == ("4", "7.5", patron["id"])
    changed = await asked.manager.ask("PATCH", f"{ORDERS}/{first['id']}", {"remark": "later"})
    assert changed.status_code == 200 and changed.json()["place"] == "1"


async def test_they_see_what_who_saves_may_see(asked: Shop) -> None:
    seen = await asked.order("manager")
    own = await asked.order("worker", maker=seen["maker"])
    assert (own["place"], (await asked.order("worker", maker=seen["maker"]))["place"]) == ("1", "2")


async def test_rules_count_in_what_else_there_is(asked: Shop) -> None:
    maker = (await asked.create("maker", name="tight", limit="20"))["id"]
    first = await asked.order(maker=maker)
    assert first["total"] == "8"
    second = await asked.order(maker=maker)
    thing = (await asked.create("thing", name="nut", price="5"))["id"]
    refused = await asked.manager.post(ORDERS, {"maker": maker, "lines": [{"thing": thing, "quantity": "1"}]})
    assert [item["code"] for item in problem_of(refused, 422, "record-invalid")["errors"]] == ["record-rule-broken"]
    path = f"{ORDERS}/{second['id']}"
    assert (await asked.manager.ask("DELETE", path)).status_code == 204
    assert (await asked.manager.post(ORDERS, {"maker": maker, "lines": [{"thing": thing, "quantity": "1"}]})).status_code == 201


async def test_a_reference_may_be_narrowed_by_them(asked: Shop) -> None:
    known, fresh = (await asked.order())["maker"], (await asked.create("maker", name="fresh"))["id"]
    assert (await asked.order(maker=fresh, supplier=known))["supplier"] == known
    refused = await asked.manager.post(ORDERS, {"maker": known, "lines": [], "supplier": (await asked.create("maker", name="newest"))["id"]})
    assert [item["code"] for item in problem_of(refused, 422, "record-invalid")["errors"]] == ["record-reference-refused"]


WRONG = [
    (element("x", "number", default="SUM(lines, LOOKUP(@thing, name = parent.note, price))"), "definition-formula-entity-rows"),
    (element("x", "number", default="COUNT(@thing[IN(id, lines.thing)])"), "definition-formula-entity-rows"),
    (element("x", "number", formula="COUNT(@thing)"), "definition-formula-entity"),
    (element("x", "number", default="COUNT(@thin)"), "expression-unknown-entity"),
]


@pytest.mark.parametrize(("field", "code"), WRONG, ids=[code for _, code in WRONG])
async def test_where_they_may_not_ask_is_said(shop: Shop, field: dict[str, Any], code: str) -> None:
    document = with_fields(asking(), "order", field)
    answer = await shop.publish(document)
    assert answer.status_code == 422
    assert code in {item["code"] for item in answer.json()["errors"]}, answer.text
