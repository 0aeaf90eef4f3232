"""Handing over work: found from the models of all apps, counted first, then ordinary updates that rules, states and rights hold back, undone as any."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.browser import problem_of
from tests.api.command import command_for
from tests.workshop import ALL, Document, Shop, element, entity, label, package

DEALS = "/api/apps/deals/records"


def states() -> Document:
    return {
        "key": "state", "start": "open", "states": [{"key": key, "name": label(key)} for key in ("open", "doing", "closed")],
        "transitions": [{"key": "begin", "name": label("begin"), "from": ["open"], "to": "doing"},
                        {"key": "close", "name": label("close"), "from": ["doing", "open"], "to": "closed"}],
    }  # fmt: skip


@pytest.fixture(scope="module")
async def deals(shop: Shop) -> Shop:
    """Return the shop with an app whose records point to users by a field, a list and rows; `secret` is nobody's but the boss's to change."""
    user = "organization.user"
    deal = entity(
        "deal", "name", element("name", "text", required=True), element("owner", "reference", to=user), element("team", "references", to=user),
        element("steps", "lines", fields=[element("what", "text"), element("by", "reference", to=user)]),
        element("keeper", "reference", to=user, formula="owner"), element("signed_by", "reference", to=user, read_only=True, default="CURRENTUSER()"),
        states=states(), rules=[{"key": "kept", "check": 'name <> "kept" OR NOT CHANGED(owner) OR ISBLANK(OLD(name))', "at": "owner", "message": label("This one stays")}],
    )  # fmt: skip
    secret = entity("secret", "name", element("name", "text"), element("who", "reference", to=user))
    document = package("deals", deal, secret)
    document["policies"] = [one for one in document["policies"] if one["entity"] != "secret"]
    document["roles"].append({"key": "boss", "name": label("Boss")})
    document["policies"].append({"key": "boss_secret", "role": "boss", "entity": "secret", "actions": ALL, "rows": "all"})
    assert (await shop.install(document)).status_code == 201
    return shop


async def deal(shop: Shop, name: str, **values: object) -> dict[str, Any]:
    answer = await shop.admin.post(f"{DEALS}/deal", {"name": name, **values})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def seen(shop: Shop, record: dict[str, Any]) -> dict[str, Any]:
    return dict((await shop.admin.get(f"{DEALS}/deal/{record['id']}")).json())


def path(shop: Shop, who: str, rest: str = "hand-over") -> str:
    return f"/api/people/{shop.tickets[who].user_id}/{rest}"


async def counts(shop: Shop, who: str, **body: object) -> dict[str, int | None]:
    answer = await shop.admin.post(path(shop, who, "hand-over/preview"), body)
    assert answer.status_code == 200, answer.text
    return {one["key"]: one["count"] for one in answer.json()["places"] if one["count"] != 0}


async def test_open_work_goes_over_and_comes_back(deals: Shop) -> None:
    worker, other, reader = (deals.tickets[name].user_id for name in ("worker", "other", "reader"))
    mine = await deal(deals, "mine", owner=worker, team=[reader, worker], steps=[{"what": "a", "by": reader}, {"what": "b", "by": worker}])
    both = await deal(deals, "both", team=[worker, other])
    kept = await deal(deals, "kept", owner=worker)
    closed = await deal(deals, "closed", owner=worker)
    assert (await deals.admin.post(f"{DEALS}/deal/{closed['id']}/transitions/close", {})).status_code == 200
    theirs = await deal(deals, "theirs", owner=reader)
    found = await counts(deals, "worker")
    assert found["deals.deal.owner"] == 2 and found["deals.deal.team"] == 2 and found["deals.deal.steps.by"] == 1
    assert found["deals.secret.who"] is None and not {key for key in found if key.endswith(("keeper", "signed_by"))}
    assert (await counts(deals, "worker", open_only=False))["deals.deal.owner"] == 3
    assert (await counts(deals, "worker", filters={"deals.deal": 'name = "mine"'}))["deals.deal.owner"] == 1
    problem_of(await deals.admin.post(path(deals, "worker", "hand-over/preview"), {"filters": {"deals.deal": "nothing = 1"}}), 400, "request-query-invalid")

    places = ["deals.deal.owner", "deals.deal.team", "deals.deal.steps.by", "deals.secret.who"]
    answer = await deals.admin.post(path(deals, "worker"), {"to": other, "places": places})
    assert answer.status_code == 200, answer.text
    (done,) = answer.json()["entities"]
    assert (done["entity"], done["changed"], done["left_count"]) == ("deal", 2, 1)
    assert (done["left"][0]["title"], done["left"][0]["errors"][0]["detail"]) == ("kept", "This one stays")
    after = await seen(deals, mine)
    assert (after["owner"], after["team"], [(row["what"], row["by"]) for row in after["steps"]]) == (other, [reader, other], [("a", reader), ("b", other)])
    assert [row["id"] for row in after["steps"]] == [row["id"] for row in mine["steps"]]
    assert (await seen(deals, both))["team"] == [other]
    assert [(await seen(deals, one))["owner"] for one in (kept, closed, theirs)] == [worker, worker, reader]
    history = (await deals.admin.get(f"{DEALS}/deal/{mine['id']}/history")).json()
    assert "hand_over" in str(history)
    (row,) = (await deals.admin.get("/api/audit?deed=hand-over&limit=1")).json()["entries"]
    assert (row["record_id"], row["subject"], row["details"]["to_id"]) == (worker, "worker", other)

    undone = await deals.admin.post(f"/api/apps/deals/change-sets/{done['change_set']}/undo", {"changed_since": "refuse"})
    assert undone.status_code == 200, undone.text
    back = await seen(deals, mine)
    assert (back["owner"], back["team"]) == (worker, [reader, worker])
    assert [(row["id"], row["by"]) for row in back["steps"]] == [(row["id"], row["by"]) for row in mine["steps"]]


async def test_posts_in_departments_go_over_too(deals: Shop) -> None:
    worker, other = (deals.tickets[name].user_id for name in ("worker", "other"))
    people = "/api/apps/organization/records"
    made = (await deals.admin.post(f"{people}/department", {"name": "Led", "manager": worker, "deputies": [worker]})).json()
    found = await counts(deals, "worker")
    assert (found["organization.department.manager"], found["organization.department.deputies"]) == (1, 1)
    answer = await deals.admin.post(path(deals, "worker"), {"to": other, "places": ["organization.department.manager", "organization.department.deputies"]})
    assert [one["changed"] for one in answer.json()["entities"]] == [1]
    after = (await deals.admin.get(f"{people}/department/{made['id']}")).json()
    assert (after["manager"], after["deputies"]) == (other, [other])


async def test_administrators_and_the_person_hand_over_to_somebody_who_may_sign_in(deals: Shop) -> None:
    body = {"to": deals.tickets["other"].user_id, "places": ["deals.deal.owner"]}
    for rest, sent in (("hand-over", body), ("hand-over/preview", {})):
        problem_of(await deals.reader.post(path(deals, "worker", rest), sent), 403, "access-act-denied")
    problem_of(await deals.reader.get(path(deals, "worker", "roles")), 403, "access-act-denied")
    own = await deals.worker.post(path(deals, "worker", "hand-over/preview"), {})
    assert own.status_code == 200 and {one["count"] for one in own.json()["places"] if one["app"] == "deals"} == {None}
    nobody = "00000000-0000-7000-8000-000000000009"
    problem_of(await deals.admin.post(f"/api/people/{nobody}/hand-over/preview", {}), 404, "record-not-found")
    for wrong, at, code in ((deals.tickets["worker"].user_id, "/to", "request-hand-over-to"), (nobody, "/to", "request-hand-over-to")):
        problem = problem_of(await deals.admin.post(path(deals, "worker"), {**body, "to": wrong}), 422, "request-invalid")
        assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [(at, code)]
    problem = problem_of(await deals.admin.post(path(deals, "worker"), {**body, "places": ["deals.deal.name"]}), 422, "request-invalid")
    assert problem["errors"][0]["pointer"] == "/places/0"


async def test_roles_are_told_with_what_gives_them(deals: Shop) -> None:
    reader = deals.tickets["reader"].user_id
    role = str(await deals.database.fetchval("SELECT id FROM app_organization.role WHERE key = 'deals.boss'"))
    group = (await deals.admin.post("/api/apps/organization/records/group", {"name": "Bosses", "members": [reader], "roles": [{"role": role}]})).json()
    for browser in (deals.admin, deals.reader):
        found = (await browser.get(path(deals, "reader", "roles"))).json()["roles"]
        assert {(one["key"], one["source"]) for one in found} == {("organization.member", "user"), ("workshop.reader", "user"), ("deals.boss", "group")}
        assert next(one for one in found if one["source"] == "group")["source_id"] == group["id"]


async def test_the_command_says_what_it_would_do_and_does_it(deals: Shop) -> None:
    made = await deal(deals, "by command", owner=deals.tickets["reader"].user_id)
    words = ("user", "hand-over", "reader@workshop.example.com", "other@workshop.example.com", "--place", "deals.deal.owner")
    command = command_for(deals.dsn)
    told = await asyncio.to_thread(command, *words, "--dry-run")
    assert "deals.deal.owner" in told.output and (await seen(deals, made))["owner"] == deals.tickets["reader"].user_id
    assert "deals.deal: " in (await asyncio.to_thread(command, *words)).output
    assert (await seen(deals, made))["owner"] == deals.tickets["other"].user_id
