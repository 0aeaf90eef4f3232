"""Changes of a record that has changed since it was read: of other fields and rows they go through, of the same ones both are shown."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.browser import problem_of
from tests.workshop import RECORDS, Shop

ORDERS = f"{RECORDS}/order"


async def change(shop: Shop, order: dict[str, Any], who: str = "manager", **values: object) -> httpx.Response:
    """Send changed values of an order as it was read."""
    body = {"revision": order["revision"], **values}
    answer: httpx.Response = await getattr(shop, who).ask("PATCH", f"{ORDERS}/{order['id']}", body)
    return answer


def row(line: dict[str, Any], **values: object) -> dict[str, Any]:
    """Return a row as a form sends it back."""
    return {key: line[key] for key in ("id", "thing", "quantity", "price", "note")} | values


async def test_other_fields_are_no_conflict(shop: Shop) -> None:
    order = await shop.order("worker", remark="mine")
    await change(shop, order, state="done")
    late = await change(shop, order, "worker", remark="changed", urgent=True)
    assert late.status_code == 200, late.text
    assert [late.json()[key] for key in ("revision", "state", "remark", "urgent")] == [3, "done", "changed", True]
    # What was sent as it was read is no change.
    same = await change(shop, order, "worker", state="draft", contact="new")
    assert [same.json()[key] for key in ("state", "remark", "contact")] == ["done", "changed", "new"]


async def test_two_who_count_one_more_have_not_counted_one(shop: Shop) -> None:
    order = await shop.order("worker", remark="1")
    assert (await change(shop, order, remark="2")).status_code == 200
    problem = problem_of(await change(shop, order, "worker", remark="2"), 409, "record-revision-conflict")
    assert [(conflict["theirs"], conflict["mine"]) for conflict in problem["conflicts"]] == [("2", "2")]


async def test_the_same_field_shows_both_values_and_whose_the_present_one_is(shop: Shop) -> None:
    order = await shop.order("worker", remark="was")
    await change(shop, order, remark="theirs", on="2026-01-02")
    seen = await shop.manager.get(f"{ORDERS}/{order['id']}")
    problem = problem_of(await change(shop, order, "worker", remark="mine", urgent=True), 409, "record-revision-conflict")
    assert [(item["code"], item["pointer"]) for item in problem["errors"]] == [("record-field-changed", "/remark")]
    (conflict,) = problem["conflicts"]
    assert [conflict[key] for key in ("pointer", "was", "theirs", "mine")] == ["/remark", "was", "theirs", "mine"]
    assert (conflict["changed_by"], conflict["changed_by__title"]) == (shop.tickets["manager"].user_id, "manager")
    assert (await shop.manager.get(f"{ORDERS}/{order['id']}")).json() == seen.json()
    # Numbers are compared as they are kept: the quantity that was read is no change.
    first = order["lines"][0]
    await change(shop, {**order, "revision": 2}, lines=[row(first, quantity="7"), row(order["lines"][1])])
    equal = await change(shop, order, "worker", lines=[row(first, quantity="2.0004"), row(order["lines"][1])])
    assert (equal.status_code, equal.json()["lines"][0]["quantity"]) == (200, "7")


async def test_rows_are_merged_by_their_ids(shop: Shop) -> None:
    order = await shop.order("worker")
    first, second = order["lines"]
    thing = first["thing"]
    theirs = await change(shop, order, lines=[row(second, note="theirs"), row(first), {"thing": thing, "quantity": "9", "price": "1"}])
    assert theirs.status_code == 200
    late = await change(shop, order, "worker", lines=[row(first, quantity="4"), row(second, quantity="5"), {"thing": thing, "price": "2"}])
    assert late.status_code == 200, late.text
    found = [(line["quantity"], line["price"], line["note"]) for line in late.json()["lines"]]
    assert found == [("4", "2.5", None), ("5", "1", "theirs"), ("1", "2", None), ("9", "1", None)]
    assert late.json()["total"] == "26"


async def test_a_row_both_sides_changed_or_one_deleted_is_a_conflict(shop: Shop) -> None:
    order = await shop.order("worker")
    first, second = order["lines"]
    await change(shop, order, lines=[row(first, quantity="8")])
    late = await change(shop, order, "worker", lines=[row(first, quantity="4"), row(second, note="x")])
    problem = problem_of(late, 409, "record-revision-conflict")
    assert [(c["pointer"], c["was"] if isinstance(c["was"], str) else None, c["theirs"], c["mine"]) for c in problem["conflicts"]] == [
        ("/lines/0/quantity", "2", "8", "4"), ("/lines/1", None, None, {"note": "x"}),
    ]  # fmt: skip
    gone = problem_of(await change(shop, order, "worker", lines=[row(second)]), 409, "record-revision-conflict")
    assert [(c["pointer"], c["theirs"]["quantity"], c["mine"]) for c in gone["conflicts"]] == [("/lines", "8", None)]
    # Who leaves a row as it was lets the other's deletion stand.
    kept = await change(shop, order, "worker", lines=[row(first), row(second)], remark="fine")
    assert [line["quantity"] for line in kept.json()["lines"]] == ["8"]


async def test_rules_judge_the_merged_record(shop: Shop) -> None:
    maker = await shop.create("maker", name="limited by merge", limit="10")
    thing = await shop.create("thing", name="dear", price="4")
    order = await shop.order("worker", maker=maker["id"], lines=[{"thing": thing["id"], "quantity": "1"}, {"thing": thing["id"]}])
    first, second = order["lines"]
    assert (await change(shop, order, lines=[row(first, quantity="1.5"), row(second)])).status_code == 200
    late = await change(shop, order, "worker", lines=[row(first), row(second, quantity="2")])
    problem = problem_of(late, 422, "record-invalid")
    assert [item["code"] for item in problem["errors"]] == ["record-rule-broken"]


async def test_what_history_has_forgotten_is_a_conflict(shop: Shop) -> None:
    order = await shop.order("worker")
    await change(shop, order, urgent=True)
    await shop.database.execute("DELETE FROM dougong.history WHERE record_id = $1 AND revision = 2", order["id"])
    problem = problem_of(await change(shop, order, "worker", remark="late"), 409, "record-revision-conflict")
    assert "conflicts" not in problem
    future = problem_of(await change(shop, {**order, "revision": 9}, "worker", remark="late"), 409, "record-revision-conflict")
    assert "errors" not in future
