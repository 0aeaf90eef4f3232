"""What policies say, over HTTP: rows by owner and department, fields by level, what is denied, what is shared; one app, one set-up."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.browser import Browser, problem_of
from tests.workshop import Document, Shop, element, entity, label, options, package

APP = "guarded_deals"
RECORDS = f"/api/apps/{APP}/records"
DEALS, USERS, DEPARTMENTS = f"{RECORDS}/deal", "/api/apps/organization/records/user", "/api/apps/organization/records/department"
MARK = "cost-4711"


def deals() -> Document:
    """Return the app: deals with lines and states, whose cost, phone and margin are for some only."""
    states = {
        "key": "state", "start": "draft", "states": [{"key": key, "name": label(key)} for key in ("draft", "asked", "won")],
        "transitions": [{"key": "ask", "from": ["draft"], "to": "asked", "name": label("ask")},
                        {"key": "win", "from": ["asked"], "to": "won", "name": label("win")}],
    }  # fmt: skip
    deal = entity(
        "deal", "name", element("name", "text"), element("seller", "reference", to="organization.user", default="CURRENTUSER()"),
        element("cost", "text"), element("price", "money"), element("outlay", "money"), element("phone", "text"), element("level", "choice", options=options("low", "high")),
        element("margin", "money", formula="price - outlay"), element("told", "money", formula="price - outlay", discloses=True),
        element("lines", "lines", fields=[element("what", "text"), element("buys", "money")]), states=states, search=["name", "cost"],
    )  # fmt: skip
    document = package(APP, deal)
    document["roles"] += [{"key": key, "name": label(key)} for key in ("seller", "lead", "chief", "guest", "drafter")]
    levels = [
        {"key": "cost", "level": "hidden"}, {"key": "outlay", "level": "hidden"}, {"key": "phone", "level": "masked"},
        {"key": "lines.buys", "level": "hidden"}, {"key": "price", "level": "read", "when": 'state <> "draft"'},
        {"key": "level", "level": "read", "when": 'name = "settled"'},
    ]  # fmt: skip
    document["policies"] += [
        {"key": "seller_deal", "role": "seller", "entity": "deal", "actions": ["create", "read", "update"], "without": ["export", "transition"],
         "rows": "own", "owner": "seller", "levels": levels},
        {"key": "seller_ask", "role": "seller", "entity": "deal", "actions": ["transition.ask"], "rows": "own", "owner": "seller"},
        {"key": "lead_deal", "role": "lead", "entity": "deal", "actions": ["read", "update", "transition", "share"], "rows": "department_below", "owner": "seller"},
        {"key": "lead_own", "role": "lead", "entity": "deal", "deny": True, "actions": ["transition.win"], "rows": "own", "owner": "seller"},
        {"key": "chief_deal", "role": "chief", "entity": "deal", "actions": ["read"], "where": 'level = "high" AND price > 100', "rows": "reports", "owner": "seller"},
        {"key": "guest_deal", "role": "guest", "entity": "deal", "actions": ["read", "update"], "rows": "shared", "others": "read",
         "levels": [{"key": "name", "level": "write"}, {"key": "cost", "level": "hidden"}]},
        {"key": "drafter_deal", "role": "drafter", "entity": "deal", "actions": ["read", "update", "transition.ask"], "where": 'state = "draft"'},
    ]  # fmt: skip
    return document


@pytest.fixture(scope="module")
async def app(shop: Shop) -> AsyncIterator[Shop]:
    """Give the shop with the app, a tree of departments, and people in it: worker and other sell, reader leads, manager is the chief."""
    answer = await shop.install(deals())
    assert answer.status_code == 201, answer.text
    top = (await shop.admin.post(DEPARTMENTS, {"name": "Top", "manager": shop.tickets["manager"].user_id})).json()["id"]
    low = (await shop.admin.post(DEPARTMENTS, {"name": "Low", "parent_department": top})).json()["id"]
    far = (await shop.admin.post(DEPARTMENTS, {"name": "Far"})).json()["id"]
    for who, role, department in (("worker", "seller", low), ("other", "seller", far), ("reader", "lead", top), ("manager", "chief", None), ("guest", "guest", None)):
        await given(shop, who, role, department)
    yield shop


async def given(shop: Shop, who: str, role: str, department: str | None) -> None:
    """Give somebody a role of the app besides those they have, and a department."""
    path = f"{USERS}/{shop.tickets[who].user_id}"
    role_id = await shop.database.fetchval("SELECT id FROM app_organization.role WHERE key = $1", f"{APP}.{role}")
    here = [{"id": row["id"], "role": row["role"]} for row in (await shop.admin.get(path)).json()["roles"]]
    answer = await shop.admin.ask("PATCH", path, {"roles": [*here, {"role": str(role_id)}], "department": department})
    assert answer.status_code == 200, answer.text


async def made(shop: Shop, who: str, **values: object) -> Document:
    """Return a deal that the administrator made for a seller."""
    seller = str(shop.tickets[who].user_id)
    body = {"seller": seller, "cost": MARK, "outlay": "40", "price": "150", "phone": "13812345678", "level": "high", **values}
    answer = await shop.admin.post(DEALS, {"lines": [{"what": "bolt", "buys": "7"}], **body})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def names(browser: Browser, **query: str) -> set[str]:
    """Return the names of the deals somebody sees."""
    answer = await browser.get(f"{DEALS}?{httpx.QueryParams({'limit': '200', **query})}")
    assert answer.status_code == 200, answer.text
    return {record["name"] for record in answer.json()["records"]}


async def test_rows_by_owner_department_and_those_one_leads(app: Shop) -> None:
    for who, name in (("worker", "low deal"), ("other", "far deal"), ("reader", "top deal")):
        await made(app, who, name=name)
    await made(app, "worker", name="small deal", price="1")
    assert await names(app.worker) == {"low deal", "small deal"}
    assert await names(app.other) == {"far deal"}
    assert await names(app.reader) == {"low deal", "small deal", "top deal"}
    assert await names(app.manager) >= {"low deal", "top deal"}
    assert "small deal" not in await names(app.manager)
    assert await names(app.guest) == set()
    total = (await app.reader.get(f"{DEALS}?total=exact")).json()["total"]
    assert total == len(await names(app.reader))


async def test_a_hidden_field_is_nowhere(app: Shop) -> None:
    deal = await made(app, "worker", name="hidden parts")
    path = f"{DEALS}/{deal['id']}"
    hidden = {"cost", "outlay", "margin"}
    seen = (await app.worker.get(path)).json()
    assert not hidden & seen.keys()
    assert (seen["phone"], seen["told"], seen["lines"][0]["what"]) == ("138****5678", "110", "bolt")
    assert "buys" not in seen["lines"][0]
    whole = (await app.reader.get(path)).json()
    assert (whole["cost"], whole["margin"], whole["lines"][0]["buys"]) == (MARK, "110", "7")
    for key in sorted({*hidden, "phone"}):
        for query in ({"filter": f"NOT ISBLANK({key})"}, {"sort": key}):
            problem_of(await app.worker.get(f"{DEALS}?{httpx.QueryParams(query)}"), 400, "request-query-invalid")
        problem_of(await app.worker.get(f"{DEALS}/groups?{httpx.QueryParams({'by': key})}"), 400, "request-query-invalid")
    problem_of(await app.worker.get(f"{DEALS}?fields=cost"), 400, "request-query-invalid")
    assert await names(app.worker, search=MARK) == set()
    assert "hidden parts" in await names(app.reader, search=MARK)
    assert "hidden parts" in await names(app.worker, search="hidden parts")
    await app.admin.ask("PATCH", path, {"cost": f"{MARK}-new", "phone": "13987654321", "name": "hidden parts"})
    for exit_ in (path, f"{path}/history", f"{path}?revision=1", f"{DEALS}?search=hidden", "/api/search?text=hidden", f"/api/apps/{APP}/model", f"/api/apps/{APP}/openapi.json"):
        answer = await app.worker.get(exit_)
        assert answer.status_code == 200, answer.text
        assert MARK not in answer.text
        assert "1381234" not in answer.text
    assert '"cost"' not in (await app.worker.get(f"/api/apps/{APP}/openapi.json")).text
    told = (await app.worker.get(f"{path}/history")).json()["changes"]
    assert {one["field"] for change in told for one in change["fields"]} & hidden == set()
    assert MARK in (await app.reader.get(f"{path}/history")).text
    problem_of(await app.worker.get(f"{DEALS}/export?format=csv"), 403, "access-denied")
    assert MARK in (await app.reader.get(f"{DEALS}/export?format=csv")).text


async def test_what_is_written_is_answered_as_it_may_be_seen(app: Shop) -> None:
    answer = await app.worker.post(DEALS, {"name": "mine", "price": "5"})
    assert answer.status_code == 201
    assert not {"cost", "outlay", "margin"} & answer.json().keys()
    path = f"{DEALS}/{answer.json()['id']}"
    wrong = problem_of(await app.worker.ask("PATCH", path, {"cost": "1"}), 422, "record-invalid")
    assert [one["code"] for one in wrong["errors"]] == ["record-field-unknown"]
    wrong = problem_of(await app.worker.ask("PATCH", path, {"phone": "1"}), 422, "record-invalid")
    assert [one["code"] for one in wrong["errors"]] == ["record-field-read-only"]
    wrong = problem_of(await app.worker.post(DEALS, {"name": "settled", "level": "high"}), 422, "record-invalid")
    assert [(one["code"], one["pointer"]) for one in wrong["errors"]] == [("record-field-read-only", "/level")]
    assert (await app.worker.post(DEALS, {"name": "settled"})).status_code == 201
    repeated = {"name": "again", "price": "6"}
    for _ in range(2):
        once = await app.worker.ask("POST", DEALS, repeated, idempotency_key="deal-1")
        assert not {"cost", "outlay", "margin"} & once.json().keys()
    gone = await app.worker.ask("PATCH", path, {"seller": str(app.tickets["other"].user_id)})
    problem_of(gone, 403, "access-denied")
    assert "mine" in await names(app.worker)
    problem_of(await app.other.get(path), 404, "record-not-found")


async def test_a_field_may_be_written_in_some_states_only(app: Shop) -> None:
    deal = (await app.worker.post(DEALS, {"name": "states", "price": "5"})).json()
    path = f"{DEALS}/{deal['id']}"
    assert (await app.worker.ask("PATCH", path, {"price": "6"})).status_code == 200
    assert deal["transitions"] == ["ask"]
    moved = await app.worker.ask("POST", f"{path}/transitions/ask", {})
    assert (moved.status_code, moved.json()["transitions"]) == (200, [])
    wrong = problem_of(await app.worker.ask("PATCH", path, {"price": "7"}), 422, "record-invalid")
    assert [(one["code"], one["pointer"]) for one in wrong["errors"]] == [("record-field-read-only", "/price")]
    assert (await app.worker.ask("PATCH", path, {"price": "6", "name": "same price"})).status_code == 200
    problem_of(await app.worker.ask("POST", f"{path}/transitions/win", {}), 403, "access-denied")
    assert (await app.reader.ask("POST", f"{path}/transitions/win", {})).status_code == 200


async def test_who_sells_does_not_approve(app: Shop) -> None:
    deal = await made(app, "reader", name="own of the lead")
    path = f"{DEALS}/{deal['id']}"
    assert (await app.reader.ask("POST", f"{path}/transitions/ask", {})).json()["transitions"] == []
    problem_of(await app.reader.ask("POST", f"{path}/transitions/win", {}), 403, "access-denied")


async def test_what_is_shared_is_seen_until_it_is_taken_back(app: Shop) -> None:
    deal = await made(app, "worker", name="shared deal")
    path, guest = f"{DEALS}/{deal['id']}", str(app.tickets["guest"].user_id)
    problem_of(await app.worker.post(f"{path}/shares", {"to_user": guest}), 403, "access-denied")
    problem_of(await app.guest.get(path), 404, "record-not-found")
    for body, code in (({}, "share-one"), ({"to_user": deal["id"]}, "share-unknown"), ({"to_user": guest, "expires_at": "2020-01-01T00:00:00Z"}, "share-over")):
        wrong = problem_of(await app.reader.post(f"{path}/shares", body), 422, "record-invalid")
        assert [one["code"] for one in wrong["errors"]] == [code]
    problem_of(await app.reader.post(f"{path}/shares", {"to": guest}), 422, "request-invalid")
    share = await app.reader.post(f"{path}/shares", {"to_user": guest})
    assert share.status_code == 201, share.text
    seen = (await app.guest.get(path)).json()
    assert (seen["name"], "cost" in seen) == ("shared deal", False)
    assert await names(app.guest) == {"shared deal"}
    problem_of(await app.guest.ask("PATCH", path, {"name": "changed"}), 403, "access-denied")
    assert (await app.reader.post(f"{path}/shares", {"to_user": guest, "may_update": True})).status_code == 201
    assert (await app.guest.ask("PATCH", path, {"name": "changed"})).json()["name"] == "changed"
    assert (await app.guest.ask("PATCH", path, {"price": "1"})).status_code == 422
    (listed,) = (await app.reader.get(f"{path}/shares")).json()["shares"]
    assert (listed["to_user"], listed["may_update"]) == (guest, True)
    problem_of(await app.reader.ask("DELETE", f"{path}/shares/{deal['id']}"), 404, "record-not-found")
    assert (await app.reader.ask("DELETE", f"{path}/shares/{listed['id']}")).status_code == 204
    problem_of(await app.guest.get(path), 404, "record-not-found")
    for to in ({"to_role": f"{APP}.guest"}, {"to_department": (await app.admin.get(f"{DEPARTMENTS}?filter=name%20%3D%20%22Far%22")).json()["records"][0]["id"]}):
        assert (await app.reader.post(f"{path}/shares", to)).status_code == 201
    assert await names(app.guest) == {"changed"}


async def test_what_is_out_of_sight_once_it_is_moved_is_not_in_the_answer(app: Shop) -> None:
    await app.give("guest", f"{APP}.drafter")
    deal = await made(app, "worker", name="out of sight")
    path = f"{DEALS}/{deal['id']}"
    assert (await app.guest.ask("PATCH", path, {"phone": "1"})).json()["cost"] == MARK
    moved = await app.guest.ask("POST", f"{path}/transitions/ask", {})
    assert (moved.status_code, moved.json()) == (200, {"id": deal["id"], "revision": 3, "transitions": []})
    problem_of(await app.guest.get(path), 404, "record-not-found")


async def test_a_repeat_is_answered_with_what_may_be_seen_now(app: Shop) -> None:
    async def asked() -> Document:
        answer = await app.worker.ask("POST", DEALS, {"name": "given away", "price": "5"}, idempotency_key="deal-2")
        return dict(answer.json())

    first = await asked()
    assert (first["name"], (await asked())["name"]) == ("given away", "given away")
    away = await app.admin.ask("PATCH", f"{DEALS}/{first['id']}", {"seller": str(app.tickets["other"].user_id)})
    assert away.status_code == 200
    assert await asked() == {"id": first["id"], "revision": 1, "transitions": []}


@pytest.mark.parametrize(("change", "code", "place"), [
    ({"owner": "name"}, "definition-policy-owner", "owner"), ({"levels": [{"key": "price", "level": "masked"}]}, "definition-policy-mask", "levels/price"),
    ({"levels": [{"key": "nothing", "level": "read"}]}, "definition-field-unknown", "levels/nothing"),
    ({"actions": ["read", "transition.fly"]}, "definition-policy-transition", "actions"), ({"where": "price"}, "definition-formula-type", "where"),
    ({"where": "cost ="}, "expression-expected-value-at-end", "where"), ({"role": "nobody"}, "definition-role-unknown", "role"),
])  # fmt: skip
async def test_what_is_wrong_with_a_policy_is_told_at_its_place(app: Shop, change: Document, code: str, place: str) -> None:
    document = deals()
    policy = next(one for one in document["policies"] if one["key"] == "seller_deal")
    policy.update(change)
    document["key"] = "wrong_deals"
    wrong = problem_of(await app.install(document), 422, "definition-invalid")
    assert (code, f"/policies/seller_deal/{place}") in {(one["code"], one["pointer"]) for one in wrong["errors"]}


async def test_what_is_computed_from_others_is_disclosed_on_purpose_only(app: Shop) -> None:
    document = deals()
    document["key"] = "disclosing_deals"
    document["entities"][0]["fields"][1]["discloses"] = True
    wrong = problem_of(await app.install(document), 422, "definition-invalid")
    assert [(one["code"], one["pointer"]) for one in wrong["errors"]] == [("definition-discloses-kind", "/entities/deal/fields/seller/discloses")]


