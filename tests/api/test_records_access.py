"""Who may do what with records: what one person may do and another may not, in one test with one set-up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from dougong.app import open_application
from tests.api.browser import Browser, problem_of
from tests.api.conftest import settings_for
from tests.refusal import refused
from tests.workshop import RECORDS, Shop, browser_of

ORDERS = f"{RECORDS}/order"


async def listed(browser: Browser, path: str, **query: str) -> tuple[set[str], int]:
    """Return the ids of a list and its exact total."""
    answer = await browser.get(f"{path}?{httpx.QueryParams({'limit': '200', 'total': 'exact', **query})}")
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["total_is_exact"] is True
    return {record["id"] for record in page["records"]}, page["total"]


async def test_rows_of_ones_own(shop: Shop) -> None:
    mine, theirs = await shop.order("worker"), await shop.order("other")
    path, foreign = f"{ORDERS}/{mine['id']}", f"{ORDERS}/{theirs['id']}"
    assert (await shop.worker.get(path)).status_code == 200
    assert (await shop.worker.ask("PATCH", path, {"remark": "mine"})).status_code == 200
    for method, body in (("GET", None), ("PATCH", {"remark": "stolen"}), ("DELETE", None)):
        await refused(shop, shop.worker, method, foreign, body, 404, "record-not-found", zh="没有这条记录", en="no such record")
    change = {"id": theirs["id"], "revision": 1, "remark": "x"}
    problem_of(await shop.worker.post(f"{ORDERS}/preview", change), 404, "record-not-found")
    for who, expected, absent in ((shop.worker, mine, theirs), (shop.other, theirs, mine)):
        ids, total = await listed(who, ORDERS)
        assert expected["id"] in ids
        assert absent["id"] not in ids
        assert total == len(ids)
        assert await listed(who, ORDERS, filter=f'number = "{absent["number"]}"') == (set(), 0)
        assert await listed(who, ORDERS, search=absent["number"]) == (set(), 0)
        rows, count = await listed(who, f"{ORDERS}.lines")
        assert rows >= {row["id"] for row in expected["lines"]}
        assert not rows & {row["id"] for row in absent["lines"]}
        assert count == len(rows)
    everything, total = await listed(shop.manager, ORDERS)
    assert everything >= {mine["id"], theirs["id"]}
    assert (await shop.worker.ask("DELETE", path)).status_code == 204


async def test_what_one_may_not_see_cannot_be_referred_to(shop: Shop) -> None:
    mine, theirs = await shop.create("note", "worker", name="mine"), await shop.create("note", "other", name="theirs")
    order = await shop.order("worker", memo=mine["id"])
    body = {"maker": order["maker"], "memo": theirs["id"], "lines": []}
    place, words = ("record-reference-missing", "/memo"), {"zh": "您无权使用", "en": "is not yours to use"}
    await refused(shop, shop.worker, "POST", ORDERS, body, 422, "record-invalid", place, **words)
    path = f"{ORDERS}/{order['id']}"
    await refused(shop, shop.worker, "PATCH", path, {"memo": theirs["id"]}, 422, "record-invalid", place, **words)
    assert (await shop.manager.ask("PATCH", path, {"memo": theirs["id"]})).status_code == 200
    kept = await shop.worker.ask("PATCH", path, {"memo": theirs["id"], "remark": "left as it is"})
    assert kept.status_code == 200


async def test_a_filter_over_a_whole_entity_sees_what_who_asks_may_see(shop: Shop) -> None:
    mine, theirs = await shop.create("note", "worker", name="mine"), await shop.create("note", "other", name="elsewhere")
    order = await shop.order("worker")
    path = f"{ORDERS}/{order['id']}"
    assert (await shop.manager.ask("PATCH", path, {"remark": "elsewhere"})).status_code == 200
    whole = 'LOOKUP(@note, name = "elsewhere").id'
    for who, found in ((shop.manager, True), (shop.worker, False)):
        for text in (
            f"NOT ISBLANK({whole})",
            "IN(remark, @note.name)",
            "ANY(@note, name = parent.remark)",
            'COUNT(@note[name = "elsewhere"]) > 0',
            'LOOKUP(@note, name = "elsewhere", id) <> NULL',
            'COUNT(@note[created_by <> CURRENTUSER()]) > 0',
            'IF(total >= 0, LOOKUP(@note, name = "elsewhere"), NULL).name = "elsewhere"',
        ):
            ids, _ = await listed(who, ORDERS, filter=text)
            assert (order["id"] in ids) is found, text
    count = (await listed(shop.worker, f"{RECORDS}/note"))[1]
    assert order["id"] in (await listed(shop.worker, ORDERS, filter=f"COUNT(@note) = {count}"))[0]
    assert order["id"] in (await listed(shop.worker, ORDERS, filter="SUM(@order[id = parent.id].lines.quantity) = SUM(lines.quantity)"))[0]
    assert order["id"] in (await listed(shop.worker, ORDERS, filter="total = SUM(FIRST(@order[id = parent.id]).lines.amount)"))[0]
    empty = await shop.order("worker", lines=[])
    assert empty["average__error"] == "DIV0"
    for text, found in (("ISERROR(SUM(@order.average))", True), ("SUM(@order.average) > 0", False), ("COUNT(@order[ISERROR(average)]) > 0", True)):
        assert (order["id"] in (await listed(shop.worker, ORDERS, filter=text))[0]) is found, text
    removed = await shop.manager.ask("DELETE", f"{RECORDS}/note/{theirs['id']}")
    assert removed.status_code == 204 and mine["id"] != theirs["id"]
    assert order["id"] not in (await listed(shop.manager, ORDERS, filter='COUNT(@note[name = "elsewhere"]) > 0'))[0]


async def test_what_does_not_exist_for_somebody_is_no_entity_in_a_filter(shop: Shop) -> None:
    for name, near in (("gauge", "gauge"), ("nothing", "nothing")):
        words = {"zh": f"没有名为“{name}”的实体", "en": f"There is no entity named '{near}'"}
        place = ("expression-unknown-entity", "filter")
        await refused(shop, shop.worker, "GET", f"{ORDERS}?filter=COUNT(@{name})>0", None, 400, "request-query-invalid", place, **words)
    order = await shop.order("worker")
    assert order["id"] in (await listed(shop.manager, ORDERS, filter="COUNT(@gauge)>=0"))[0]


async def test_what_one_may_not_see_does_not_shine_through(shop: Shop) -> None:
    secret = await shop.create("note", "other", name="zebra")
    order = await shop.order("worker")
    path = f"{ORDERS}/{order['id']}"
    assert (await shop.manager.ask("PATCH", path, {"memo": secret["id"]})).status_code == 200
    assert (await shop.manager.get(path)).json()["memo__title"] == "zebra"
    assert (await shop.worker.get(path)).json()["memo__title"] is None
    for who, found in ((shop.manager, True), (shop.worker, False)):
        for text in ('memo.name = "zebra"', 'STARTSWITH(memo.name, "z")', "NOT ISBLANK(memo.created_by)"):
            ids, total = await listed(who, ORDERS, filter=text)
            assert (order["id"] in ids, total > 0) == (found, found)
    assert order["id"] in (await listed(shop.worker, ORDERS, filter="ISBLANK(memo.name)"))[0]
    thing = order["lines"][0]["thing"]
    assert (await shop.manager.ask("PATCH", f"{RECORDS}/thing/{thing}", {"name": "giraffe", "price": "77"})).status_code == 200
    through_rows = (
        'COUNT(lines[thing.name = "giraffe"]) > 0', "SUM(lines.thing.price) > 76", "MAX(lines.thing.price) = 77",
        'IN("giraffe", lines.thing.name)',
    )  # fmt: skip
    for who, found in ((shop.worker, True), (shop.reader, False)):  # the reader sees orders and no things
        for text in through_rows:
            ids, total = await listed(who, ORDERS, filter=text)
            assert (order["id"] in ids, total > 0) == (found, found), text
    reader = (await shop.reader.get(path)).json()
    assert (reader["maker"], reader["maker__title"], reader["lines"][0]["thing__title"]) == (order["maker"], None, None)


async def test_filter_through_people(shop: Shop) -> None:
    users = "/api/apps/organization/records/user"
    department = await shop.admin.post("/api/apps/organization/records/department", {"name": "filtered"})
    roles = [{"role": row["role"]} for row in (await shop.admin.get(f"{users}/{shop.tickets['worker'].user_id}")).json()["roles"]]
    person = {"name": "reviewer", "email": "reviewer@example.com", "department": department.json()["id"], "roles": roles}
    reviewer = (await shop.admin.post(users, person)).json()
    order = await shop.order(reviewer=reviewer["id"])
    for text in ('reviewer.department.name = "filtered"', f'reviewer.name = "reviewer" AND COUNT(reviewer.roles) = {len(roles)}'):
        assert await listed(shop.manager, ORDERS, filter=text) == ({order["id"]}, 1)


async def test_without_a_policy_there_is_nothing(shop: Shop) -> None:
    order = await shop.order()
    path = f"{ORDERS}/{order['id']}"
    diary = await shop.create("diary", name="day 1")
    ways: tuple[tuple[str, str, object], ...] = (
        ("GET", ORDERS, None), ("GET", path, None), ("POST", ORDERS, {}), ("PATCH", path, {}), ("DELETE", path, None),
        ("GET", f"{ORDERS}.lines", None), ("POST", f"{ORDERS}/preview", {}), ("GET", f"{RECORDS}/diary", None), ("GET", f"{RECORDS}/no", None),
    )  # fmt: skip
    for method, place, body in ways:
        await refused(shop, shop.guest, method, place, body, 404, "app-not-found")
    for who in (shop.worker, shop.reader):
        for place in (f"{RECORDS}/diary", f"{RECORDS}/diary/{diary['id']}", f"{RECORDS}/no"):
            await refused(shop, who, "GET", place, None, 404, "record-entity-not-found")
        await refused(shop, who, "POST", f"{RECORDS}/diary", {"name": "x"}, 404, "record-entity-not-found")
    problem_of(await shop.guest.get("/api/apps/workshop/model"), 404, "app-not-found")


async def test_the_actions_of_a_role(shop: Shop) -> None:
    order = await shop.order()
    path = f"{ORDERS}/{order['id']}"
    assert (await shop.reader.get(path)).status_code == 200
    assert order["id"] in (await listed(shop.reader, ORDERS))[0]
    body = {"maker": order["maker"], "lines": []}
    await refused(shop, shop.reader, "POST", ORDERS, body, 403, "access-denied")
    await refused(shop, shop.reader, "PATCH", path, {"remark": "x"}, 403, "access-denied")
    await refused(shop, shop.reader, "DELETE", path, None, 403, "access-denied")
    await refused(shop, shop.worker, "POST", f"{RECORDS}/maker", {"name": "x"}, 403, "access-denied")
    maker = f"{RECORDS}/maker/{order['maker']}"
    assert (await shop.worker.get(maker)).status_code == 200
    await refused(shop, shop.worker, "PATCH", maker, {"city": "x"}, 403, "access-denied", zh="您没有修改", en="You may not change")
    assert (await shop.manager.ask("PATCH", maker, {"city": "x"})).status_code == 200


async def test_everybody_else_is_unknown(shop: Shop) -> None:
    answer = await Browser(httpx.AsyncClient(transport=shop.worker.client._transport, base_url="http://dougong.test")).get(ORDERS)
    problem_of(answer, 401, "access-not-signed-in")


@pytest.fixture
async def cold(shop: Shop) -> AsyncIterator[ASGIApp]:
    """Return a server of the same site that has read nothing yet."""
    async with open_application(settings_for(shop.dsn, starter="")) as app:
        yield app


async def test_a_person_in_use_is_kept_by_a_server_that_has_just_begun(shop: Shop, cold: ASGIApp) -> None:
    person: dict[str, Any] = {"name": "busy", "email": "busy@example.com"}
    made = (await shop.admin.post("/api/apps/organization/records/user", person)).json()
    await shop.order(reviewer=made["id"])
    manager, admin = browser_of(cold, shop.tickets["manager"]), browser_of(cold, shop.tickets["admin"])
    await asyncio.gather(*(who.get(path) for who, path in (
        (manager, ORDERS), (admin, "/api/apps/organization/records/user"), (admin, ORDERS), (manager, f"{RECORDS}/maker"),
    ) for _ in range(3)))  # fmt: skip
    problem_of(await admin.ask("DELETE", f"/api/apps/organization/records/user/{made['id']}"), 409, "record-referenced")
