"""What refusals and repeats say of records is what whoever hears it may read today."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.api.browser import problem_of
from tests.workshop import Document, Shop, element, entity, label, package

APP = "remarks"
ITEMS = f"/api/apps/{APP}/records/item"
COST = "4711"


def remarks() -> Document:
    """Return the app: items whose cost is not for everybody, and roles that make them."""
    item = entity("item", "name", element("name", "text", required=True), element("owner", "reference", to="organization.user"), element("cost", "text"))
    document = package(APP, item)
    document["roles"] += [{"key": key, "name": label(key)} for key in ("whole", "partial", "reading")]
    document["policies"] += [
        {"key": "whole_item", "role": "whole", "entity": "item", "actions": ["create", "read", "update", "bulk"]},
        {"key": "partial_item", "role": "partial", "entity": "item", "actions": ["create", "update", "bulk"], "levels": [{"key": "cost", "level": "hidden"}]},
        {"key": "partial_own", "role": "partial", "entity": "item", "actions": ["read"], "rows": "own", "owner": "owner", "levels": [{"key": "cost", "level": "hidden"}]},
        {"key": "reading_item", "role": "reading", "entity": "item", "actions": ["read", "update", "bulk"]},
    ]
    return document


@pytest.fixture(scope="module")
async def app(shop: Shop) -> AsyncIterator[Shop]:
    """Give the shop with the app installed."""
    answer = await shop.install(remarks())
    assert answer.status_code == 201, answer.text
    yield shop


async def test_a_repeat_of_many_changes_is_answered_with_what_may_be_seen_now(app: Shop) -> None:
    me = app.tickets["worker"].user_id
    changes = [{"action": "create", "values": {"name": "mine", "owner": me, "cost": COST}}, {"action": "create", "values": {"name": ""}}, {"action": "create", "values": {"name": "theirs", "cost": COST}}]
    body = {"mode": "each", "return": "records", "changes": changes}
    await app.give("worker", f"{APP}.whole")
    first = await app.worker.post(f"{ITEMS}/bulk", body, idempotency_key="remarks")
    again = await app.worker.post(f"{ITEMS}/bulk", body, idempotency_key="remarks")
    assert (first.status_code, first.json()["saved"], first.json()["refused"]) == (200, 2, 1) and first.json() == again.json()
    await app.give("worker", f"{APP}.partial")
    less = (await app.worker.post(f"{ITEMS}/bulk", body, idempotency_key="remarks")).json()
    mine, _, theirs = less["results"]
    assert (mine["record"]["name"], "cost" in mine["record"]) == ("mine", False), less
    assert theirs["record"] == {"id": theirs["id"], "revision": 1} and COST not in str(less), less
    assert [one.get("errors") for one in less["results"]] == [one.get("errors") for one in first.json()["results"]]
    await app.give("worker", f"{APP}.reading")
    problem_of(await app.worker.post(f"{ITEMS}/bulk", body, idempotency_key="remarks"), 403, "access-denied")
    assert len([one for one in (await app.admin.get(ITEMS)).json()["records"] if one["name"] in ("mine", "theirs")]) == 2
