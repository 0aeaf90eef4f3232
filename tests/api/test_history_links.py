"""The past of records that point to many and rest on others: lists are told with titles, what is computed elsewhere is not guessed."""

from __future__ import annotations

from tests.workshop import Shop, element, entity, package

RECORDS = "/api/apps/past/records"


async def test_lists_and_values_of_other_records(shop: Shop) -> None:
    tag = entity("tag", "name", element("name", "text"))
    customer = entity("customer", "name", element("name", "text"), element("tags", "references", to="tag"),
                      element("total", "money", formula="SUM(orders.amount)"), element("double", "money", formula="total * 2"))  # fmt: skip
    order = entity("order", "name", element("name", "text"), element("amount", "money"),
                   {**element("customer", "reference", to="customer"), "inverse": {"key": "orders", "name": {"en": "Orders"}}})  # fmt: skip
    assert (await shop.install(package("past", tag, customer, order))).status_code == 201
    tags = [(await shop.admin.post(f"{RECORDS}/tag", {"name": name})).json()["id"] for name in ("a", "b")]
    made = (await shop.admin.post(f"{RECORDS}/customer", {"name": "c", "tags": [tags[0]]})).json()
    path = f"{RECORDS}/customer/{made['id']}"
    bought = await shop.admin.post(f"{RECORDS}/order", {"name": "o", "amount": "5", "customer": made["id"]})
    assert bought.status_code == 201, bought.text
    changed = await shop.admin.ask("PATCH", path, {"tags": tags, "name": "d"})
    assert (changed.status_code, changed.json()["total"], changed.json()["double"]) == (200, "5", "10")
    history = (await shop.admin.get(f"{path}/history")).json()["changes"]
    assert [change["revision"] for change in history] == [2, 1]
    fields = {field["field"]: field for field in history[0]["fields"]}
    assert set(fields) == {"name", "tags"}
    assert [fields["tags"][name] for name in ("from", "to", "from__title", "to__title")] == [[tags[0]], tags, ["a"], ["a", "b"]]
    then = (await shop.admin.get(f"{path}?revision=1")).json()
    assert (then["name"], then["tags"], then["tags__title"]) == ("c", [tags[0]], ["a"])
    assert (then["unknown"], then["total"], then["double"]) == (["total", "double"], None, None)
