"""Out of the trash: a record with its rows as it would be saved today, or why it cannot come back."""

from __future__ import annotations

import json

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.workshop import RECORDS, Shop

ORDERS = f"{RECORDS}/order"


async def test_a_record_comes_back_with_its_rows(shop: Shop) -> None:
    order = await shop.order(remark="gone")
    path = f"{ORDERS}/{order['id']}"
    problem_of(await shop.manager.post(f"{path}/restore"), 404, "record-not-found")
    assert (await shop.manager.ask("DELETE", path)).status_code == 204
    problem_of(await shop.manager.post(f"{path}/restore?revision=1"), 409, "record-revision-conflict")
    problem_of(await shop.worker.post(f"{path}/restore"), 404, "record-not-found")
    problem_of(await shop.reader.post(f"{path}/restore"), 403, "access-denied")
    back = await shop.manager.post(f"{path}/restore?revision=2", None, idempotency_key="back")
    assert back.status_code == 200, back.text
    assert (await shop.manager.post(f"{path}/restore?revision=2", None, idempotency_key="back")).json() == back.json()
    same = {key: back.json()[key] for key in order if key not in ("revision", "updated_at")}
    assert same == {key: order[key] for key in same}
    assert back.json()["revision"] == 3
    assert (await shop.manager.get(path)).json()["lines"][0]["amount"] == order["lines"][0]["amount"]
    rows = await shop.database.fetch("SELECT action, changes FROM dougong.history WHERE record_id = $1 ORDER BY id", order["id"])
    assert [row["action"] for row in rows] == ["create", "delete", "restore"]
    assert json.loads(rows[2]["changes"]) == {}


async def test_what_would_not_be_right_today_stays_in_the_trash(shop: Shop) -> None:
    first = await shop.create("maker", name="twice there")
    assert (await shop.manager.ask("DELETE", f"{RECORDS}/maker/{first['id']}")).status_code == 204
    await shop.create("maker", name="twice there")
    await refused(shop, shop.manager, "POST", f"{RECORDS}/maker/{first['id']}/restore", None, 422, "record-invalid",
                  ("record-not-unique", "/name"))  # fmt: skip
    order = await shop.order()
    for path in (f"{ORDERS}/{order['id']}", f"{RECORDS}/maker/{order['maker']}", f"{RECORDS}/thing/{order['lines'][0]['thing']}"):
        assert (await shop.manager.ask("DELETE", path)).status_code == 204
    await refused(
        shop, shop.manager, "POST", f"{ORDERS}/{order['id']}/restore", None, 422, "record-invalid", ("record-reference-missing", "/maker"),
        ("record-reference-missing", "/lines/0/thing"), ("record-reference-missing", "/lines/1/thing"), zh="maker", en="maker",
    )  # fmt: skip
    undone = {"changes": [{"action": "restore", "id": order["maker"]}, {"action": "restore", "id": first["id"]}], "mode": "each"}
    done = (await shop.manager.post(f"{RECORDS}/maker/bulk", undone)).json()
    assert [e["code"] for r in done["results"] for e in r.get("errors", [])] == ["record-not-unique"]
    assert done["results"][0]["revision"] == 3
