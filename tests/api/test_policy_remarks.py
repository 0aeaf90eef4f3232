"""What refusals and repeats say of records is what whoever hears it may read today."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.api.browser import problem_of
from tests.workshop import Document, Shop, element, entity, label, package

APP = "remarks"
ITEMS, USES, SHELVES, PARTS, MOVES, BANDS = (f"/api/apps/{APP}/records/{key}" for key in ("item", "use", "shelf", "part", "move", "band"))
COST = "4711"


def remarks() -> Document:
    """Return the app: items whose cost is not for everybody, and roles that make them."""
    item = entity("item", "name", element("name", "text", required=True), element("owner", "reference", to="organization.user"), element("cost", "text"))
    use = entity(
        "use", "name", element("name", "text"), element("owner", "reference", to="organization.user"), element("item", "reference", to="item"),
        element("other_item", "reference", to="item"), element("items", "references", to="item"), element("lines", "lines", fields=[element("item", "reference", to="item")]),
    )  # fmt: skip
    shelf = entity("shelf", "name", element("name", "text"))
    part = entity("part", "name", element("name", "text"), element("shelf", "reference", to="shelf"), element("batch", "text"))
    by = {key: key for key in ("part", "shelf", "batch")}
    stock = entity(
        "stock", "batch", element("part", "reference", to="part"), element("shelf", "reference", to="shelf"), element("batch", "text"), element("on_hand", "number"),
        unique=[{"key": "where", "fields": [*by]}],
    )  # fmt: skip
    move = entity(
        "move", "batch", element("part", "reference", to="part"), element("shelf", "reference", to="shelf", copy_from="part.shelf"),
        element("batch", "text", copy_from="part.batch"), element("quantity", "number", required=True), kind="ledger", negates=["quantity"],
        projections=[{"key": "balance", "entity": "stock", "by": by, "add": {"on_hand": "quantity"}, "guard": "on_hand >= 0", "message": label("Not enough")}],
    )  # fmt: skip
    decision = {"inputs": [{"key": "n", "match": "range", "from": "low", "to": "high"}], "outputs": ["rate"], "policy": "first", "overlap": "refuse"}
    band = entity(
        "band", "name", element("name", "text"), element("owner", "reference", to="organization.user"), element("low", "number"), element("high", "number"),
        element("rate", "number"), kind="decision", decision=decision,
    )  # fmt: skip
    document = package(APP, item, use, shelf, part, stock, move, band)
    document["roles"] += [{"key": key, "name": label(key)} for key in ("whole", "partial", "reading", "sweeper", "user", "knower", "storer", "masker")]
    document["policies"] += [
        {"key": "whole_item", "role": "whole", "entity": "item", "actions": ["create", "read", "update", "bulk"]},
        {"key": "partial_item", "role": "partial", "entity": "item", "actions": ["create", "update", "bulk"], "levels": [{"key": "cost", "level": "hidden"}]},
        {"key": "partial_own", "role": "partial", "entity": "item", "actions": ["read"], "rows": "own", "owner": "owner", "levels": [{"key": "cost", "level": "hidden"}]},
        {"key": "sweeper_item", "role": "sweeper", "entity": "item", "actions": ["read", "update", "delete"]},
        {"key": "user_use", "role": "user", "entity": "use", "actions": ["read"], "rows": "own", "owner": "owner",
         "levels": [{"key": "items", "level": "hidden"}, {"key": "other_item", "level": "hidden", "when": 'name <> "open"'}]},
        *({"key": f"knower_{key}", "role": "knower", "entity": key, "actions": ["create", "read"]} for key in ("shelf", "part", "move", "band")),
        {"key": "storer_part", "role": "storer", "entity": "part", "actions": ["read"], "levels": [{"key": key, "level": "hidden"} for key in ("name", "shelf", "batch")]},
        {"key": "storer_move", "role": "storer", "entity": "move", "actions": ["create"], "levels": [{"key": key, "level": "hidden"} for key in ("shelf", "batch")]},
        {"key": "storer_band", "role": "storer", "entity": "band", "actions": ["create", "read"], "levels": [{"key": "name", "level": "hidden"}]},
        {"key": "masker_part", "role": "masker", "entity": "part", "actions": ["read"], "levels": [{"key": "name", "level": "masked"}]},
        {"key": "masker_move", "role": "masker", "entity": "move", "actions": ["create", "read"], "levels": [{"key": "batch", "level": "masked"}]},
        {"key": "masker_band", "role": "masker", "entity": "band", "actions": ["create", "read"], "rows": "own", "owner": "owner"},
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


async def made(shop: Shop, path: str, **values: object) -> Document:
    """Return a record that the administrator made."""
    answer = await shop.admin.post(path, values)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


NEUTRAL = {"en": "Used in other records; it cannot be deleted.", "zh-CN": "有其他记录引用这条记录，不能删除。"}


@pytest.mark.parametrize(("field", "is_told"), [("item", True), ("lines", True), ("items", False), ("other_item", False)])
async def test_what_points_to_a_record_is_named_to_whoever_may_read_it(app: Shop, field: str, is_told: bool) -> None:
    me, item = app.tickets["worker"].user_id, await made(app, ITEMS, name="used")
    points = {"item": item["id"], "other_item": item["id"], "items": [item["id"]], "lines": [{"item": item["id"]}, {"item": item["id"]}]}[field]

    async def refused(language: str = "en") -> list[str]:
        """Return why the item cannot be deleted: by itself, and as one of many."""
        alone = await app.worker.ask("DELETE", f"{ITEMS}/{item['id']}", accept_language=language)
        many = await app.worker.post(f"{ITEMS}/bulk", {"mode": "each", "changes": [{"action": "delete", "id": item["id"]}]}, accept_language=language)
        return [problem_of(alone, 409, "record-referenced")["detail"], *(error["detail"] for one in many.json()["results"] for error in one["errors"])]

    await made(app, USES, name="theirs", **{field: points})
    await app.give("worker", f"{APP}.sweeper")
    assert {language: set(await refused(language)) for language in NEUTRAL} == {language: {text} for language, text in NEUTRAL.items()}
    await app.give("worker", f"{APP}.sweeper", f"{APP}.user")
    assert set(await refused()) == {NEUTRAL["en"]}
    await made(app, USES, name="mine", owner=me, **{field: points})
    assert set(await refused()) == {"Used in “use” (1); it cannot be deleted." if is_told else NEUTRAL["en"]}
    everything = await app.admin.ask("DELETE", f"{ITEMS}/{item['id']}")
    assert problem_of(everything, 409, "record-referenced")["detail"] == "Used in “use” (2); it cannot be deleted."


@pytest.mark.parametrize(("role", "told"), [("knower", "B7001 · Bolt 4711 · Cellar: "), ("storer", ""), ("masker", "B****1: ")])
async def test_what_is_short_is_called_what_whoever_is_refused_may_read(app: Shop, role: str, told: str) -> None:
    shelf = await made(app, SHELVES, name="Cellar")
    part = await made(app, PARTS, name="Bolt 4711", shelf=shelf["id"], batch="B7001")
    await made(app, MOVES, part=part["id"], quantity="1")
    await app.give("worker", f"{APP}.{role}")
    refused = await app.worker.post(MOVES, {"part": part["id"], "quantity": "-2"})
    assert [one["detail"] for one in problem_of(refused, 409, "record-short")["errors"]] == [f"Not enough ({told}2 asked, 1 available)"]


@pytest.mark.parametrize(("role", "mine", "theirs"), [("knower", "“mine”", "“theirs”"), ("storer", "another row", "another row"), ("masker", "“mine”", "another row")])
async def test_a_row_that_is_overlapped_is_named_to_whoever_may_read_its_name(app: Shop, role: str, mine: str, theirs: str) -> None:
    await app.give("worker", f"{APP}.{role}")
    for band in (await app.admin.get(BANDS)).json()["records"]:
        assert (await app.admin.ask("DELETE", f"{BANDS}/{band['id']}")).status_code == 204
    me = app.tickets["worker"].user_id
    for name, owner, low in (("mine", me, 0), ("theirs", None, 10)):
        await made(app, BANDS, name=name, owner=owner, low=str(low), high=str(low + 5))
    for low, named in ((1, mine), (11, theirs)):
        refused = await app.worker.post(BANDS, {"owner": me, "low": str(low), "high": str(low + 1)})
        details = [one["detail"] for one in problem_of(refused, 422, "record-invalid")["errors"]]
        assert details == [f"This overlaps {named}: some inputs would match both."], refused.text


async def test_who_changed_a_record_is_named_to_whoever_may_read_people(app: Shop) -> None:
    role = await app.database.fetchval("SELECT id FROM app_organization.role WHERE key = $1", f"{APP}.reading")
    alone = await app.admin.ask("PATCH", f"/api/apps/organization/records/user/{app.tickets['other'].user_id}", {"roles": [{"role": str(role)}]})
    assert alone.status_code == 200, alone.text
    await app.give("worker", f"{APP}.reading")
    item = await made(app, ITEMS, name="before")
    await app.give("reader", f"{APP}.reading")
    assert (await app.reader.ask("PATCH", f"{ITEMS}/{item['id']}", {"name": "after"})).status_code == 200
    for browser, who, language in ((app.worker, "reader", "en"), (app.other, "somebody else", "en"), (app.other, "其他人", "zh-CN")):
        late = await browser.ask("PATCH", f"{ITEMS}/{item['id']}", {"name": "mine", "revision": 1}, accept_language=language)
        refused = problem_of(late, 409, "record-revision-conflict")
        assert who in refused["errors"][0]["detail"], refused
        assert [one["changed_by__title"] for one in refused["conflicts"]] == ["reader" if browser is app.worker else None], refused
