"""References that were looked up before: what an order takes from its targets is what they are now, never what they were."""

from __future__ import annotations

from tests.refusal import refused
from tests.workshop import RECORDS, Shop

ORDERS = f"{RECORDS}/order"


async def test_a_copy_is_of_the_target_as_it_is_now(shop: Shop) -> None:
    thing = await shop.create("thing", name="remembered", price="10")
    maker = await shop.create("maker", name="remembering", contact="first")
    values = {"maker": maker["id"], "lines": [{"thing": thing["id"], "quantity": "2"}]}
    for _ in range(2):  # the second is made of what the first looked up
        order = await shop.create("order", **values)
        assert (order["contact"], order["lines"][0]["price"], order["lines"][0]["amount"]) == ("first", "10", "20")
    changed = await shop.manager.ask("PATCH", f"{RECORDS}/thing/{thing['id']}", {"price": "11.5"})
    assert changed.status_code == 200
    assert (await shop.manager.ask("PATCH", f"{RECORDS}/maker/{maker['id']}", {"contact": "second"})).status_code == 200
    for _ in range(2):
        order = await shop.create("order", **values)
        assert (order["contact"], order["lines"][0]["price"], order["lines"][0]["amount"]) == ("second", "11.5", "23")


async def test_a_target_in_the_trash_is_no_target_though_it_was_one(shop: Shop) -> None:
    maker = await shop.create("maker", name="remembered and gone")
    order = await shop.create("order", maker=maker["id"], lines=[])
    assert (await shop.manager.ask("DELETE", f"{ORDERS}/{order['id']}")).status_code == 204
    assert (await shop.manager.ask("DELETE", f"{RECORDS}/maker/{maker['id']}")).status_code == 204
    place = ("record-reference-missing", "/maker")
    await refused(shop, shop.manager, "POST", ORDERS, {"maker": maker["id"], "lines": []}, 422, "record-invalid", place)


async def test_a_target_that_may_not_be_chosen_any_more_is_refused(shop: Shop) -> None:
    maker = await shop.create("maker", name="remembered and retired")
    await shop.create("order", maker=maker["id"], lines=[])
    retired = await shop.manager.ask("PATCH", f"{RECORDS}/maker/{maker['id']}", {"active": False})
    assert retired.status_code == 200
    place = ("record-reference-refused", "/maker")
    await refused(shop, shop.manager, "POST", ORDERS, {"maker": maker["id"], "lines": []}, 422, "record-invalid", place)
