"""Why somebody may or may not: what is answered about oneself and about others, by the API and the command; the matrix and the lint."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.api.browser import Browser, problem_of
from tests.api.command import command_for
from tests.workshop import Document, Shop, browser_of, element, entity, label, package, workshop

BASE = "/api/apps/deals/access"
RECORDS = "/api/apps/deals/records"
USERS = "/api/apps/organization/records/user"


def deals() -> Document:
    """Return an app with orders of salespeople, whose cost and margin sales may not see, and duties that are kept apart."""
    order = entity(
        "order", "name",
        element("name", "text", required=True),
        element("salesperson", "reference", to="organization.user"),
        element("price", "money"),
        element("cost", "money"),
        element("margin", "money", formula="price - cost"),
        element("total_cost", "money", formula="cost * 2", discloses=True),
        element("forgotten", "text"),
        states={"key": "state", "name": label("State"), "start": "draft",
                "states": [{"key": "draft", "name": label("Draft")}, {"key": "approved", "name": label("Approved")}],
                "transitions": [{"key": "approve", "name": label("Approve"), "from": ["draft"], "to": "approved"}]},
    )  # fmt: skip
    secret = entity("secret", "name", element("name", "text", required=True))
    document = package("deals", order, secret)
    document["policies"] = []
    levels = [{"key": "cost", "level": "hidden"}, {"key": "price", "level": "read", "when": 'state = "approved"'},
              {"key": "margin", "level": "read"}, {"key": "forgotten", "level": "read"}]  # fmt: skip
    document["roles"] += [{"key": key, "name": label(key)} for key in ("sales", "boss", "idle")]
    document["policies"] += [
        {"key": "sales_own", "role": "sales", "entity": "order", "actions": ["create", "read", "update"], "without": ["export"],
         "rows": "own", "owner": "salesperson", "where": 'state = "draft" AND price < 1000',
         "levels": levels},
        {"key": "sales_twice", "role": "sales", "entity": "order", "actions": ["read"], "without": ["export"], "rows": "own", "owner": "salesperson",
         "where": 'state = "draft" AND price < 1000', "levels": levels},
        {"key": "boss_all", "role": "boss", "entity": "order", "actions": ["read", "update", "delete"], "levels": [{"key": "forgotten", "level": "read"}]},
        {"key": "four_eyes", "role": "boss", "entity": "order", "deny": True, "actions": ["transition.approve"], "rows": "own"},
        {"key": "never", "role": "boss", "entity": "order", "deny": True, "actions": ["delete"]},
        {"key": "cheap", "role": "sales", "entity": "order", "actions": ["print"], "where": "price < 10"},
        {"key": "others", "role": "sales", "entity": "order", "actions": ["read"], "where": "price < 5", "levels": levels},
    ]  # fmt: skip
    document["views"] = [{"key": "secrets", "kind": "list", "entity": "secret", "name": label("Secrets"), "columns": [{"key": "name"}], "offered_to": ["sales"]}]
    return document


async def ticket_of(shop: Shop, name: str, *roles: str) -> tuple[Browser, str]:
    """Return the browser and the id of a new user with some roles."""
    from uuid import UUID

    from tests.workshop import _ticket

    known = {row["key"]: str(row["id"]) for row in await shop.database.fetch("SELECT id, key FROM app_organization.role")}
    body = {"name": name, "email": f"{name}@deals.example.com", "roles": [{"role": known[role]} for role in roles]}
    made = await shop.admin.post(USERS, body)
    assert made.status_code == 201, made.text
    ticket = await _ticket(shop.database, shop.app, UUID(made.json()["id"]))
    return browser_of(shop.app, ticket), made.json()["id"]


@pytest.fixture(scope="module")
async def people(shop: Shop) -> AsyncIterator[dict[str, tuple[Browser, str]]]:
    """Return the people of the app by name."""
    made = await shop.install(deals())
    assert made.status_code == 201, made.text
    yield {
        name: await ticket_of(shop, name, "organization.member", *roles)
        for name, *roles in (("ann", "deals.sales"), ("bob", "deals.sales"), ("eve", "deals.boss"), ("dan", "deals.manager"), ("zoe",))
    }


async def why(browser: Browser, **query: str) -> Document:
    """Return the answer to a question about orders."""
    answer = await browser.get(f"{BASE}/explain?{httpx.QueryParams({'entity': 'order', **query})}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def order(people: dict[str, tuple[Browser, str]], who: str, **values: object) -> str:
    """Return the id of a new order of a salesperson."""
    browser, user = people[who]
    made = await browser.post(f"{RECORDS}/order", {"name": "deal", "salesperson": user, "price": "100", **values})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def conditions(answer: Document, key: str) -> dict[str, Any]:
    """Return whether each condition of a policy holds, by its words."""
    policy = next(one for one in answer["policies"] if one["key"] == key)
    return {one["words"]["en"]: one["holds"] for one in policy["conditions"]}


async def test_the_condition_that_does_not_hold_is_told(shop: Shop, people: dict[str, tuple[Browser, str]]) -> None:
    theirs = await order(people, "bob")
    answer = await why(shop.admin, user=people["ann"][1], id=theirs)
    assert (answer["verdict"], answer["reason"]) == ("no", "rows")
    assert conditions(answer, "sales_own") == {"salesperson is oneself": False, 'State = "draft"': True, "price < 1000": True}
    assert [(role["key"], role["given_by"]) for role in answer["roles"]] == [
        (key, [{"source": "user", "name": "ann"}]) for key in ("deals.sales", "organization.member")
    ]
    assert [role["key"] for role in answer["would_allow"]] == ["deals.boss"]
    # The administrator may not read orders, so the values that decided are not told either.
    assert all(fact["hidden"] and fact["value"] is None for policy in answer["policies"] for one in policy["conditions"] for fact in one["facts"])
    own = await why(shop.admin, user=people["bob"][1], id=theirs)
    assert (own["verdict"], own["reason"], own["would_allow"]) == ("yes", "granted", [])


async def test_the_facts_are_told_as_far_as_who_asks_may_read_them(people: dict[str, tuple[Browser, str]]) -> None:
    mine = await order(people, "ann")
    ann, _ = people["ann"]
    answer = await why(ann, id=mine, action="print")
    facts = {fact["path"][0]: fact for policy in answer["policies"] for one in policy["conditions"] for fact in one["facts"]}
    assert (facts["salesperson"]["title"], facts["price"]["value"]) == ("ann", "100")
    assert {one["key"]: one["holds"] for one in answer["policies"]} == {"sales_own": True, "sales_twice": True, "cheap": False, "others": False}


async def test_a_denial_goes_over_what_is_granted(shop: Shop, people: dict[str, tuple[Browser, str]]) -> None:
    theirs = await order(people, "ann")
    eve, eve_id = people["eve"]
    answer = await why(shop.admin, user=eve_id, id=theirs, action="transition.approve")
    assert answer["verdict"] == "yes"
    assert {one["key"]: one["deny"] for one in answer["policies"]} == {"boss_all": False, "four_eyes": True}
    assert (await eve.post(f"{RECORDS}/order/{theirs}/transitions/approve", {"revision": 1})).status_code in (200, 201)
    answer = await why(shop.admin, user=eve_id, id=theirs, action="delete")
    assert (answer["verdict"], answer["reason"]) == ("no", "denied")
    assert (await eve.ask("DELETE", f"{RECORDS}/order/{theirs}")).status_code == 403


async def test_a_field_is_told_with_what_hides_it(shop: Shop, people: dict[str, tuple[Browser, str]]) -> None:
    mine = await order(people, "ann")
    ann_id, eve_id = people["ann"][1], people["eve"][1]
    found = {key: await why(shop.admin, user=ann_id, id=mine, field=key) for key in ("cost", "margin", "total_cost", "price", "forgotten")}
    assert {key: (one["verdict"], one["reason"], one["field"]["level"]) for key, one in found.items()} == {
        "cost": ("no", "field-hidden", "hidden"), "margin": ("no", "field-input", "hidden"), "total_cost": ("yes", "granted", "read"),
        "price": ("yes", "granted", "write"), "forgotten": ("yes", "granted", "read"),
    }  # fmt: skip
    assert [one["path"] for one in found["margin"]["field"]["inputs"]] == [["cost"]]
    assert found["total_cost"]["field"]["discloses"] is True
    record = (await people["ann"][0].get(f"{RECORDS}/order/{mine}")).json()
    assert {key for key in found if key in record} == {"total_cost", "price", "forgotten"}
    writing = await why(shop.admin, user=ann_id, id=mine, action="update", field="forgotten")
    assert (writing["verdict"], writing["reason"]) == ("no", "field-read-only")
    assert (await why(shop.admin, user=eve_id, id=mine, field="margin"))["verdict"] == "yes"
    anywhere = await why(shop.admin, user=ann_id, action="update", field="price")
    assert (anywhere["verdict"], anywhere["field"]["in_some"], anywhere["policies"][0]["when"]["words"]["en"]) == ("some", True, 'State = "approved"')


async def test_about_oneself_one_learns_no_more_than_one_sees(shop: Shop, people: dict[str, tuple[Browser, str]]) -> None:
    ann, ann_id = people["ann"]
    theirs, mine = await order(people, "bob"), await order(people, "ann")
    nowhere = "01900000-0000-7000-8000-000000000000"
    for record in (theirs, nowhere):
        problem_of(await ann.get(f"{BASE}/explain?entity=order&id={record}"), 404, "record-not-found")
    problem_of(await shop.admin.get(f"{BASE}/explain?entity=order&id={nowhere}&user={ann_id}"), 404, "record-not-found")
    problem_of(await ann.get(f"{BASE}/explain?entity=order&id={mine}&user={people['bob'][1]}"), 403, "access-act-denied")
    problem_of(await ann.get(f"{BASE}/explain?entity=order&id={mine}&field=cost"), 404, "access-field-unknown")
    problem_of(await ann.get(f"{BASE}/explain?entity=order&id={mine}&field=nothing"), 404, "access-field-unknown")
    problem_of(await ann.get(f"{BASE}/explain?entity=order&action=fly"), 404, "access-action-unknown")
    problem_of(await ann.get(f"{BASE}/explain?entity=secret"), 404, "record-entity-not-found")
    problem_of(await people["zoe"][0].get(f"{BASE}/explain?entity=order"), 404, "app-not-found")
    problem_of(await shop.admin.get(f"{BASE}/explain?entity=order&user={nowhere}"), 404, "access-user-not-found")
    mine_answer = await why(ann, id=mine)
    assert mine_answer["verdict"] == "yes"
    assert mine_answer["would_allow"] == []
    assert (await why(ann, action="delete"))["reason"] == "no-policy"
    about = await why(people["dan"][0], user=ann_id)
    assert (about["verdict"], about["reason"]) == ("some", "some")
    assert all(role["given_by"] == [] for role in about["roles"])


async def test_a_token_is_told_that_its_scopes_stand_in_the_way(shop: Shop, people: dict[str, tuple[Browser, str]]) -> None:
    ann, _ = people["ann"]
    mine = await order(people, "ann")
    await shop.database.execute("UPDATE dougong.session SET created_at = now()")  # who has no password must have signed in just now
    made = await ann.post("/api/account/tokens", {"name": "reads", "scopes": ["deals.read"], "days": 1})
    assert made.status_code == 201, made.text
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=shop.app), base_url="http://dougong.test", headers={"authorization": f"Bearer {made.json()['token']}"})
    async with client:
        for action, reason in (("read", "granted"), ("update", "scopes")):
            answer = await client.get(f"{BASE}/explain?entity=order&id={mine}&action={action}")
            assert answer.json()["reason"] == reason, answer.text


async def test_the_matrix_says_what_it_comes_to(shop: Shop, people: dict[str, tuple[Browser, str]]) -> None:
    problem_of(await people["ann"][0].get(f"{BASE}/matrix"), 403, "access-act-denied")
    answer = await people["dan"][0].get(f"{BASE}/matrix")
    cells = {(cell["role"], cell["entity"]): cell for cell in answer.json()["cells"]}
    boss, sales = cells["deals.boss", "order"], cells["deals.sales", "order"]
    assert "delete" not in {one["action"] for one in boss["actions"]}
    approve = next(one for one in boss["actions"] if one["action"] == "transition.approve")
    assert (approve["rows"], [one["en"] for one in approve["but"]]) == ([], ["Created by is oneself"])
    assert {one["key"]: (one["level"], one["in_some"]) for one in sales["fields"] if one["key"] in ("cost", "margin", "price", "name")} == {
        "cost": ("hidden", False), "margin": ("hidden", False), "price": ("write", True), "name": ("write", False),
    }  # fmt: skip
    assert cells["deals.sales", "secret"]["actions"] == []
    file = await shop.admin.get(f"{BASE}/matrix/export?format=csv")
    rows = list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert {"Role": "boss", "Entity": "order", "Action or field": "transition.approve", "Name": "move to another state",
            "Permission": "all records", "Denied": "Created by is oneself"} in rows  # fmt: skip
    assert (await shop.admin.get(f"{BASE}/matrix/export")).content.startswith(b"PK")


async def test_what_works_and_may_not_be_meant(shop: Shop, people: dict[str, tuple[Browser, str]]) -> None:
    document = deals()
    document["entities"][0]["fields"][0]["required"] = True
    document["policies"][0]["levels"].append({"key": "name", "level": "read"})
    revision = (await shop.admin.get("/api/apps/deals/draft")).json()["revision"]
    kept = await shop.admin.ask("PUT", "/api/apps/deals/draft", {"revision": revision, "document": document})
    assert kept.status_code == 200, kept.text
    found = (await people["dan"][0].get(f"{BASE}/lint")).json()["warnings"]
    assert {(one["code"], one["pointer"]) for one in found} == {
        ("policy-field-unwritable", "/entities/order/fields/forgotten"),
        ("policy-required-unwritable", "/entities/order/fields/name"),
        ("policy-rows-unseen", "/entities/secret"),
        ("policy-role-idle", "/roles/idle"),
        ("policy-shadowed", "/policies/sales_twice"),
        ("policy-not-indexed", "/entities/order/fields/price"),
        ("policy-deny-all", "/policies/never"),
        ("policy-level-met", "/policies/sales_own/levels/margin"),
        ("policy-level-met", "/policies/sales_twice/levels/margin"),
        ("policy-level-met", "/policies/others/levels/margin"),
        ("policy-screen-unreadable", "/views/secrets/offered_to"),
        ("policy-discloses", "/entities/order/fields/total_cost"),
    }
    assert all(one["message"]["zh-CN"] and one["message"]["en"] for one in found)
    in_use = {one["code"] for one in (await shop.admin.get(f"{BASE}/lint?of=active")).json()["warnings"]}
    assert "policy-required-unwritable" not in in_use
    problem_of(await people["ann"][0].get(f"{BASE}/lint"), 403, "access-act-denied")
    assert (await shop.admin.get(f"{BASE}/matrix?of=draft")).status_code == 200
    document["entities"][0]["title"] = "nothing"
    broken = await shop.admin.ask("PUT", "/api/apps/deals/draft", {"revision": kept.json()["revision"], "document": document})
    assert broken.status_code == 200
    problem_of(await shop.admin.get(f"{BASE}/lint"), 422, "definition-invalid")


async def test_who_made_a_record_is_indexed_where_a_policy_asks(shop: Shop) -> None:
    """Such a list is no scan, and nobody is warned of one; without the policy the index goes."""
    found = (await shop.admin.get("/api/apps/workshop/access/lint?of=active")).json()["warnings"]
    assert "policy-not-indexed" not in {one["code"] for one in found}
    asked = "SELECT tablename FROM pg_indexes WHERE schemaname = 'app_workshop' AND indexdef LIKE '%(created_by, id) WHERE%' ORDER BY 1"
    assert [row["tablename"] for row in await shop.database.fetch(asked)] == ["maker", "note", "order"]
    document = workshop()
    for policy in document["policies"]:
        if policy["entity"] == "note":
            policy["rows"] = "all"
    assert (await shop.publish(document)).status_code == 201
    assert [row["tablename"] for row in await shop.database.fetch(asked)] == ["maker", "order"]
    assert (await shop.publish(workshop())).status_code == 201
    assert [row["tablename"] for row in await shop.database.fetch(asked)] == ["maker", "note", "order"]


async def test_the_command_answers_the_same(shop: Shop, shop_dsn: str, people: dict[str, tuple[Browser, str]]) -> None:
    theirs = await order(people, "bob")
    command = command_for(shop_dsn)
    asked = ("app", "why", "deals", "ann@deals.example.com", "order", "--record", theirs)
    told = await asyncio.to_thread(command, *asked, code=1)
    for line in ("ann may not", "✗ salesperson is oneself", "salesperson: bob", "✓ price < 1000", "Would be allowed by: boss"):
        assert line in told.output
    zh = await asyncio.to_thread(command, *asked, "--language", "zh-CN", code=1)
    assert "“salesperson（中）”是本人" in zh.output
    linted = await asyncio.to_thread(command, "app", "lint", "deals", code=1)
    assert "/roles/idle  policy-role-idle  Role idle may do nothing" in linted.output
