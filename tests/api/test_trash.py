"""Out of the trash: a record with its rows as it would be saved today, or why it cannot come back."""

from __future__ import annotations

import json

from dougong.open_site import open_site
from dougong.settings import read_settings
from dougong.store.empty_trash import empty_trash
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


async def test_the_trash_is_a_list_for_those_who_may_delete(shop: Shop) -> None:
    mine, theirs = await shop.order("worker", remark="in the trash"), await shop.order("manager", remark="in the trash")
    for order in (mine, theirs):
        assert (await shop.manager.ask("DELETE", f"{ORDERS}/{order['id']}")).status_code == 204
    query = {"trash": "true", "filter": 'remark = "in the trash"', "sort": "-updated_at", "total": "exact"}
    page = (await shop.manager.client.get(ORDERS, params=query)).json()
    assert [row["id"] for row in page["records"]] == [theirs["id"], mine["id"]]
    assert page["total"] == 2
    own = (await shop.worker.client.get(ORDERS, params=query)).json()
    assert [row["id"] for row in own["records"]] == [mine["id"]]
    problem_of(await shop.reader.client.get(ORDERS, params=query), 403, "access-denied")
    await refused(shop, shop.manager, "GET", f"{ORDERS}?trash=maybe", None, 400, "request-query-invalid",
                  ("request-parameter-invalid", "trash"))  # fmt: skip


async def test_what_is_long_in_the_trash_is_removed_unless_something_points_to_it(shop: Shop) -> None:
    order = await shop.order()
    kept, thing = await shop.order(), order["lines"][0]["thing"]
    gone = [f"{ORDERS}/{order['id']}", f"{RECORDS}/maker/{order['maker']}", f"{RECORDS}/thing/{thing}", f"{ORDERS}/{kept['id']}"]
    for path in gone:
        assert (await shop.manager.ask("DELETE", path)).status_code == 204
    old = [order["id"], order["maker"], thing]
    for table in ('"order"', "maker", "thing"):
        await shop.database.execute(f"UPDATE app_workshop.{table} SET deleted_at = now() - interval '40 days' WHERE id = ANY($1)", old)
    settings = read_settings({"DATABASE_URL": shop.dsn, "DOUGONG_POOL_MIN": "0", "DOUGONG_POOL_MAX": "2"})
    async with open_site(settings) as opened:
        assert await empty_trash(opened.site, 30) == {"workshop.order": 1, "workshop.maker": 1, "workshop.thing": 1}
        assert await empty_trash(opened.site, 30) == {}
    assert await shop.database.fetchval('SELECT count(*) FROM app_workshop."order__lines" WHERE parent = $1', order["id"]) == 0
    assert await shop.database.fetchval("SELECT count(*) FROM dougong.history WHERE record_id = $1", order["id"]) == 2
    assert (await shop.manager.post(f"{ORDERS}/{kept['id']}/restore")).status_code == 200
