"""How far policies reach, over HTTP: what is computed from other records of the same kind, denials that cannot be worked out, shares that give on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.api.browser import problem_of
from tests.workshop import Document, Shop, element, entity, label, package

APP = "payroll"
STAFF = f"/api/apps/{APP}/records/staff"


def payroll() -> Document:
    """Return the app: staff with whom they report to, what is computed from these, and roles that see a part of it."""
    staff = entity(
        "staff", "name", element("name", "text"), element("owner", "reference", to="organization.user"), element("salary", "money"), element("days", "number", scale=0),
        element("boss", "reference", to="staff", inverse={"key": "subs", "name": label("Subs")}), element("note", "text"),
        element("twice", "money", formula="salary * 2"), element("boss_salary", "money", formula="boss.salary"),
        element("subs_total", "money", formula="SUM(subs.salary)"), element("all_total", "money", formula="SUM(@staff.salary)", virtual=True),
        element("lines", "lines", fields=[element("what", "text"), element("part", "money"), element("rest", "money", formula="parent.salary - part")]),
    )  # fmt: skip
    document = package(APP, staff)
    document["roles"] += [{"key": key, "name": label(key)} for key in ("peer", "self", "denied", "sharer")]
    mine = {"rows": "own", "owner": "owner"}
    document["policies"] += [
        {"key": "peer_staff", "role": "peer", "entity": "staff", "actions": ["read"], "levels": [{"key": "salary", "level": "hidden", "when": "owner <> CURRENTUSER()"}]},
        {"key": "self_staff", "role": "self", "entity": "staff", "actions": ["read"], **mine},
        {"key": "denied_staff", "role": "denied", "entity": "staff", "actions": ["read"]},
        {"key": "denied_not", "role": "denied", "entity": "staff", "deny": True, "actions": ["read"], "where": 'name <> "free"', "levels": [{"key": "note", "level": "hidden", "when": "salary / days > 1"}]},
        {"key": "sharer_staff", "role": "sharer", "entity": "staff", "actions": ["read", "share"]},
        {"key": "sharer_own", "role": "sharer", "entity": "staff", "actions": ["update"], **mine},
        {"key": "sharer_shared", "role": "sharer", "entity": "staff", "actions": ["read", "update"], "rows": "shared"},
    ]  # fmt: skip
    return document


@pytest.fixture(scope="module")
async def app(shop: Shop) -> AsyncIterator[Shop]:
    """Give the shop with the app, and people with one role each: worker is a peer, reader sees their own, other is denied, guest shares."""
    answer = await shop.install(payroll())
    assert answer.status_code == 201, answer.text
    for who, role in (("worker", "peer"), ("reader", "self"), ("other", "denied"), ("guest", "sharer")):
        await shop.give(who, f"{APP}.{role}")
    yield shop


async def made(shop: Shop, **values: object) -> Document:
    """Return a record that the administrator made."""
    answer = await shop.admin.post(STAFF, {"days": "2", **values})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_what_is_computed_from_other_records_of_the_same_kind_is_hidden_like_these(app: Shop) -> None:
    boss = await made(app, name="boss", salary="90000")
    for who in ("worker", "reader"):
        mine = await made(app, name=who, salary="4000", owner=app.tickets[who].user_id, boss=boss["id"], lines=[{"what": "part", "part": "1000"}])
        await made(app, name=f"under {who}", salary="321", boss=mine["id"])
        whole = (await app.admin.get(f"{STAFF}/{mine['id']}")).json()
        assert [whole[key] for key in ("twice", "boss_salary", "subs_total")] == ["8000", "90000", "321"]
        seen = await getattr(app, who).get(f"{STAFF}/{mine['id']}")
        assert (seen.json()["twice"], seen.json()["lines"][0]["rest"]) == ("8000", "3000")
        assert not {"boss_salary", "subs_total"} & seen.json().keys()
        if who == "worker":
            assert seen.json()["all_total"] == "4000", "of the others it is blank"
        problem_of(await getattr(app, who).get(f"{STAFF}?filter=boss_salary%20%3E%201"), 400, "request-query-invalid")


async def test_a_denial_that_cannot_be_worked_out_denies(app: Shop) -> None:
    notes = {}
    for name, days in (("few", "2"), ("none", "0"), ("free", "0")):
        one = await made(app, name=name, salary="1", days=days, note=f"note of {name}")
        notes[name] = (await app.other.get(f"{STAFF}/{one['id']}")).json()["note"]
    assert notes == {"few": "note of few", "none": None, "free": "note of free"}


async def test_nobody_passes_on_more_of_a_record_than_they_may_do_with_it(app: Shop) -> None:
    theirs, mine = await made(app, name="theirs"), await made(app, name="mine", owner=app.tickets["guest"].user_id)
    to = str(app.tickets["worker"].user_id)
    for path, who, status in ((theirs, to, 403), (mine, to, 201)):
        answer = await app.guest.post(f"{STAFF}/{path['id']}/shares", {"to_user": who, "may_update": True})
        assert answer.status_code == status, answer.text
    assert (await app.guest.post(f"{STAFF}/{theirs['id']}/shares", {"to_user": to})).status_code == 201
    wrong = problem_of(await app.guest.post(f"{STAFF}/{theirs['id']}/shares", {"to_user": str(app.tickets["guest"].user_id)}), 422, "record-invalid")
    assert [(one["code"], one["pointer"]) for one in wrong["errors"]] == [("share-oneself", "/to_user")]
    problem_of(await app.guest.ask("PATCH", f"{STAFF}/{theirs['id']}", {"note": "taken"}), 403, "access-denied")
