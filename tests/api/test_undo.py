"""Undoing a change set: what it made, changed and trashed is as it was, but for what others changed since; and undoing that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.workshop import ALL, RECORDS, Shop, element, entity, package

APP = "/api/apps/yard"
GOODS = f"{APP}/records/good"
SETS = f"{APP}/change-sets"
ORDERS = f"{RECORDS}/order"


@pytest.fixture(scope="module")
async def yard(shop: Shop) -> AsyncIterator[Shop]:
    maker = entity("maker", "name", element("name", "text", required=True), element("city", "text"))
    good = entity(
        "good", "code", element("code", "text", required=True, unique=True), element("name", "text"), element("price", "money"),
        element("maker", "reference", to="maker"), element("city", "text", copy_from="maker.city", read_only=True),
        element("double", "money", formula="price * 2"),
        element("parts", "lines", fields=[element("what", "text"), element("count", "number", scale=0)]),
    )  # fmt: skip
    installed = await shop.install(package("yard", maker, good))
    assert installed.status_code == 201, installed.text
    yield shop


async def bulk(shop: Shop, *changes: dict[str, Any], kind: str = "good") -> dict[str, Any]:
    """Return the answer to changes that must all be saved."""
    answer = await shop.admin.post(f"{APP}/records/{kind}/bulk", {"changes": list(changes)})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def undo(shop: Shop, change_set: str, **body: str) -> dict[str, Any]:
    """Return what came of undoing."""
    answer = await shop.admin.post(f"{SETS}/{change_set}/undo", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def read(shop: Shop, record_id: str) -> dict[str, Any]:
    """Return a good without what every save changes."""
    answer = await shop.admin.get(f"{GOODS}/{record_id}")
    assert answer.status_code == 200, answer.text
    return {key: value for key, value in answer.json().items() if key not in ("revision", "updated_at", "updated_by")}


def create(code: str, **values: object) -> dict[str, Any]:
    """Return a change that makes a good."""
    return {"action": "create", "values": {"code": code, **values}}


async def test_all_of_it_is_as_it_was_and_redone(yard: Shop) -> None:
    made = await bulk(yard, {"action": "create", "values": {"name": "old", "city": "Ulm"}}, {"action": "create", "values": {"name": "new", "city": "Bonn"}}, kind="maker")
    old, new = (r["id"] for r in made["results"])
    rows = [{"what": "bolt", "count": "1"}, {"what": "nut", "count": "2"}, {"what": "pin", "count": "3"}]
    first = await bulk(yard, create("U1", price="5", maker=old, parts=rows), create("U2", price="7"))
    one, two = (r["id"] for r in first["results"])
    await yard.admin.ask("PATCH", f"{APP}/records/maker/{old}", {"city": "Kiel"})  # what a copy would be today
    before = [await read(yard, one), await read(yard, two)]
    bolt, _, pin = before[0]["parts"]
    changed = await bulk(
        yard,
        {"action": "update", "id": one, "values": {"price": "6", "maker": new, "parts": [{"id": pin["id"]}, {"id": bolt["id"], "count": "9"}, {"what": "cap"}]}},
        {"action": "delete", "id": two}, create("U3"),
    )  # fmt: skip
    after = await read(yard, one)
    assert (after["city"], after["double"], [row["what"] for row in after["parts"]]) == ("Bonn", "12", ["pin", "bolt", "cap"])
    shown = (await yard.admin.get(f"{SETS}/{changed['change_set']}")).json()
    assert [(r["deed"], r["title"], r["is_changed_since"]) for r in shown["records"]] == [
        ("restore", "U2", False), ("revert", "U1", False), ("trash", "U3", False),
    ]  # fmt: skip
    undone = await undo(yard, changed["change_set"])
    assert (undone["undone"], undone["left"]) == (3, [])
    assert [await read(yard, one), await read(yard, two)] == before
    assert (await yard.admin.get(f"{GOODS}/{changed['results'][2]['id']}")).status_code == 404
    redone = await undo(yard, undone["change_set"])
    assert redone["undone"] == 3
    assert await read(yard, one) == after
    assert (await yard.admin.get(f"{GOODS}/{two}")).status_code == 404
    assert (await read(yard, changed["results"][2]["id"]))["code"] == "U3"
    channels = await yard.database.fetch("SELECT DISTINCT channel FROM dougong.history WHERE change_set = $1", undone["change_set"])
    assert [row["channel"] for row in channels] == ["undo"]


async def test_what_was_changed_since_stays_stops_it_or_is_overwritten(yard: Shop) -> None:
    made = await bulk(yard, create("S1", name="a", price="1"), create("S2"))
    one, two = (r["id"] for r in made["results"])
    changed = await bulk(yard, {"action": "update", "id": one, "values": {"name": "b", "price": "2"}}, create("S3"), {"action": "delete", "id": two})
    three = changed["results"][1]["id"]
    for record in (one, three):
        assert (await yard.admin.ask("PATCH", f"{GOODS}/{record}", {"price": "3"})).status_code == 200
    shown = (await yard.admin.get(f"{SETS}/{changed['change_set']}")).json()
    assert {r["title"]: (r["is_changed_since"], r["kept"]) for r in shown["records"]} == {
        "S2": (False, []), "S1": (True, ["price"]), "S3": (True, []),
    }  # fmt: skip
    path = f"{SETS}/{changed['change_set']}/undo"
    await refused(yard, yard.admin, "POST", path, {"changed_since": "refuse"}, 409, "record-changed-since", zh="有 2 条记录", en="2 records")
    undone = await undo(yard, changed["change_set"], changed_since="skip")
    assert (undone["undone"], {(r["title"], r["deed"]): r["kept"] for r in undone["left"]}) == (2, {("S1", "revert"): ["price"], ("S3", "trash"): []})
    assert [(await read(yard, one))[key] for key in ("name", "price")] == ["a", "3"]
    assert (await read(yard, three))["price"] == "3"
    whole = await undo(yard, changed["change_set"], changed_since="overwrite")
    assert whole["undone"] == 2
    assert (await read(yard, one))["price"] == "1"
    assert (await yard.admin.get(f"{GOODS}/{three}")).status_code == 404


async def test_what_cannot_be_undone_is_named_with_its_reason(yard: Shop) -> None:
    made = await bulk(yard, create("N1"), create("N2"))
    one, two = (r["id"] for r in made["results"])
    gone = await bulk(yard, {"action": "delete", "id": one}, {"action": "delete", "id": two})
    await bulk(yard, create("N1"))
    await yard.database.execute("DELETE FROM app_yard.good WHERE id = $1", two)
    undone = await undo(yard, gone["change_set"])
    assert undone["undone"] == 0
    left = {r["id"]: ([e["code"] for e in r["errors"]], r["is_gone"]) for r in undone["left"]}
    assert left == {one: (["record-not-unique"], False), two: ([], True)}


async def test_who_sees_and_undoes_what(shop: Shop) -> None:
    own = await shop.order("worker", remark="one")
    other = await shop.order("other")
    sets = "/api/apps/workshop/change-sets"
    mine = (await shop.worker.get(sets)).json()
    assert {one["actor"] for one in mine["change_sets"]} == {shop.tickets["worker"].user_id}
    assert mine["change_sets"][0]["counts"] == [{"entity": "order", "action": "create", "count": 1}]
    everybody = (await shop.manager.get(f"{sets}?whose=all")).json()["change_sets"]
    theirs = next(one for one in everybody if one["actor"] == shop.tickets["other"].user_id)
    assert theirs["actor_title"] == "other"
    for method, path in (("GET", f"{sets}/{theirs['id']}"), ("POST", f"{sets}/{theirs['id']}/undo"), ("GET", f"{sets}/{uuid4()}")):
        problem_of(await shop.worker.ask(method, path, {} if method == "POST" else None), 404, "record-change-set-not-found")
    undone = (await shop.worker.post(f"{sets}/{mine['change_sets'][0]['id']}/undo", {})).json()
    assert undone["undone"] == 1
    assert (await shop.manager.get(f"{ORDERS}/{own['id']}")).status_code == 404
    assert (await shop.manager.get(f"{ORDERS}/{other['id']}")).status_code == 200
    only = (await shop.worker.get(f"{sets}?channel=undo")).json()["change_sets"]
    assert [one["channel"] for one in only] == ["undo"]
    # A right that was lost is lost for undoing too.
    document = (await shop.admin.get("/api/apps/workshop/draft")).json()["document"]
    for policy in document["policies"]:
        if policy["key"] == "worker_order":
            policy["actions"] = [action for action in ALL if action != "delete"]
    assert (await shop.publish(document)).status_code == 201
    problem_of(await shop.worker.post(f"{sets}/{undone['change_set']}/undo", {}), 403, "access-denied")


async def test_pages_of_change_sets_lead_through_all_of_them(yard: Shop) -> None:
    made = await bulk(yard, create("P0"))
    record = f"{GOODS}/{made['results'][0]['id']}"
    for number in range(60):
        assert (await yard.admin.ask("PATCH", record, {"price": str(number)})).status_code == 200
    found: list[str] = []
    before = ""
    while True:
        page = (await yard.admin.get(f"{SETS}?{before}")).json()
        found += [one["id"] for one in page["change_sets"]]
        if page["next"] is None:
            break
        before = f"before={page['next']}"
    wanted = await yard.database.fetch("SELECT DISTINCT change_set FROM dougong.history WHERE app = 'yard' ORDER BY 1 DESC")
    assert found == [str(row["change_set"]) for row in wanted]


async def test_limits_of_the_present_version_hold_for_what_comes_back_alone(shop: Shop) -> None:
    """What a version published since refuses stays as it is; a value that stays is no matter of undoing, nor is a field that is no longer written."""

    def cellar(**limit: object) -> dict[str, Any]:
        rows = element("bins", "lines", fields=[element("what", "text"), element("count", "number", scale=0, **limit)])
        return package("cellar", entity("wine", "name", element("name", "text"), element("mark", "text", read_only=bool(limit)), rows))

    wines = "/api/apps/cellar/records/wine"
    assert (await shop.install(cellar())).status_code == 201
    bins = [{"what": "old", "count": "90"}, {"what": "new", "count": "80"}]
    made = (await shop.admin.post(wines, {"name": "red", "mark": "m", "bins": bins})).json()
    first, second = made["bins"]
    for change in ({"bins": [{**first, "what": "older"}, second]}, {"bins": [{**first, "what": "older"}, {**second, "count": "5"}], "mark": "n"}):
        assert (await shop.admin.ask("PATCH", f"{wines}/{made['id']}", change)).status_code == 200
    sets = [one["id"] for one in (await shop.admin.get("/api/apps/cellar/change-sets")).json()["change_sets"][:2]]
    assert (await shop.publish(cellar(max="50"))).status_code == 201
    lowered, renamed = [(await shop.admin.post(f"/api/apps/cellar/change-sets/{one}/undo", {})).json() for one in sets]
    assert [(e["code"], e["pointer"]) for e in lowered["left"][0]["errors"]] == [("record-number-too-large", "/bins/1/count")]
    assert (renamed["undone"], renamed["left"]) == (1, [])
    assert [(row["what"], row["count"]) for row in (await shop.admin.get(f"{wines}/{made['id']}")).json()["bins"]] == [("old", "90"), ("new", "5")]
    assert (await shop.admin.ask("DELETE", f"{wines}/{made['id']}")).status_code == 204
    await refused(shop, shop.admin, "POST", f"{wines}/{made['id']}/restore", None, 422, "record-invalid", ("record-number-too-large", "/bins/0/count"))
