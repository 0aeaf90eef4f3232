"""What happened to a record, over HTTP: its changes with people's words, the record as it was, and what nobody may or can know."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.workshop import RECORDS, Shop

ORDERS = f"{RECORDS}/order"
ABSENT = "2020-01-01T00:00:00Z"


async def changes_of(shop: Shop, path: str, query: str = "") -> list[dict[str, Any]]:
    """Return the changes of a record."""
    answer = await shop.manager.get(f"{path}/history{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["changes"]
    return found


def pairs(change: dict[str, Any]) -> dict[str, list[Any]]:
    """Return the fields of a change, or of a row of one, as `[from, to]`."""
    return {field["field"]: [field["from"], field["to"]] for field in change["fields"]}


async def test_changes_are_told_newest_first(shop: Shop) -> None:
    order = await shop.order()
    path = f"{ORDERS}/{order['id']}"
    order["maker__title"] = (await shop.manager.get(path)).json()["maker__title"]
    first, second = order["lines"]
    maker = (await shop.manager.post(f"{RECORDS}/maker", {"name": f"m {uuid4()}"[:40]})).json()
    lines = [{"id": first["id"], "quantity": "5"}, {"thing": first["thing"], "price": "1"}]
    changed = await shop.manager.ask("PATCH", path, {"maker": maker["id"], "lines": lines})
    assert changed.status_code == 200, changed.text
    gone = await shop.manager.ask("DELETE", path)
    assert gone.status_code == 204
    deleted, updated, created = await changes_of(shop, path)
    assert [change["action"] for change in (created, updated, deleted)] == ["create", "update", "delete"]
    assert [change["revision"] for change in (created, updated, deleted)] == [1, 2, 3]
    assert {change["actor__title"] for change in (created, updated, deleted)} == {"manager"}
    assert {change["channel"] for change in (created, updated, deleted)} == {"api"}
    assert pairs(created)["number"] == [None, order["number"]]
    assert {row["action"] for row in created["rows"]} == {"create"}
    assert (deleted["fields"], deleted["rows"]) == ([], [])
    pointing = next(field for field in updated["fields"] if field["field"] == "maker")
    assert (pointing["from"], pointing["to"]) == (order["maker"], maker["id"])
    assert (pointing["from__title"], pointing["to__title"]) == (order["maker__title"], maker["name"])
    rows = {row["id"]: row for row in updated["rows"]}
    assert pairs(rows[first["id"]]) == {"quantity": ["2", "5"], "amount": ["5", "12.5"]}
    assert rows[second["id"]]["action"] == "delete"
    assert pairs(rows[second["id"]])["quantity"] == [second["quantity"], None]
    assert [row["action"] for row_id, row in rows.items() if row_id not in (first["id"], second["id"])] == ["create"]


async def test_changes_come_in_pages_and_by_field(shop: Shop) -> None:
    order = await shop.order()
    path = f"{ORDERS}/{order['id']}"
    for number in range(3):
        await shop.manager.ask("PATCH", path, {"remark": f"r{number}"})
        await shop.manager.ask("PATCH", path, {"urgent": number % 2 == 0})
    first = (await shop.manager.get(f"{path}/history?limit=4")).json()
    second = (await shop.manager.get(f"{path}/history?limit=4&before={first['next']}")).json()
    assert [change["revision"] for change in first["changes"] + second["changes"]] == [7, 6, 5, 4, 3, 2, 1]
    assert second["next"] is None
    by_field = await changes_of(shop, path, "?field=remark")
    assert [pairs(change) for change in by_field[:3]] == [{"remark": [old, new]} for old, new in
                                                          [("r1", "r2"), ("r0", "r1"), (None, "r0")]]
    assert [change["revision"] for change in by_field] == [6, 4, 2, 1]


async def test_a_record_as_it_was(shop: Shop) -> None:
    order = await shop.order()
    path = f"{ORDERS}/{order['id']}"
    states = [(await shop.manager.get(path)).json()]
    first, second = order["lines"]
    steps: list[dict[str, Any]] = [
        {"remark": "one", "state": "done"},
        {"lines": [{"id": second["id"]}, {"id": first["id"]}]},
        {"lines": [{"id": first["id"], "quantity": "7", "note": "seven"}]},
        {"lines": [{"thing": first["thing"], "price": "3"}, {"id": first["id"]}], "urgent": True},
        {"lines": [], "remark": None},
        {"lines": [{"thing": first["thing"], "price": "4", "quantity": "2"}]},
    ]
    for step in steps:
        changed = await shop.manager.ask("PATCH", path, step)
        assert changed.status_code == 200, changed.text
        states.append((await shop.manager.get(path)).json())
    assert states[5]["average__error"] == "DIV0"
    for revision, state in enumerate(states, 1):
        found = (await shop.manager.get(f"{path}?revision={revision}")).json()
        assert found.pop("unknown") == []
        found["updated_at"] = state["updated_at"]
        assert found == state, revision
        at = (await shop.manager.get(f"{path}?at={quote(state['updated_at'])}")).json()
        assert at["revision"] == revision


async def test_a_record_in_the_trash_as_it_was(shop: Shop) -> None:
    order = await shop.order()
    path = f"{ORDERS}/{order['id']}"
    lines = (await shop.manager.get(path)).json()["lines"]
    await shop.manager.ask("DELETE", path)
    problem_of(await shop.manager.get(path), 404, "record-not-found")
    assert (await shop.manager.get(f"{path}?revision=1")).json()["lines"] == lines
    await refused(shop, shop.manager, "GET", f"{path}?revision=2", None, 404, "record-absent-then", zh="回收站", en="trash")


async def test_before_it_was_made_and_after(shop: Shop) -> None:
    order = await shop.order()
    path = f"{ORDERS}/{order['id']}"
    for query in (f"at={ABSENT}", "revision=2"):
        await refused(shop, shop.manager, "GET", f"{path}?{query}", None, 404, "record-absent-then")
    assert (await shop.manager.get(f"{path}?at=2200-01-01T00:00:00Z")).json()["revision"] == 1


async def test_dropped_history_is_not_guessed(shop: Shop) -> None:
    order = await shop.order()
    path = f"{ORDERS}/{order['id']}"
    await shop.manager.ask("PATCH", path, {"remark": "one"})
    await shop.manager.ask("PATCH", path, {"remark": "two"})
    await shop.database.execute("DELETE FROM dougong.history WHERE record_id = $1 AND revision <= 2", order["id"])
    assert (await shop.manager.get(f"{path}?revision=2")).json()["remark"] == "one"
    await refused(shop, shop.manager, "GET", f"{path}?revision=1", None, 410, "record-history-dropped", zh="历史", en="dropped")
    await shop.database.execute("UPDATE app_workshop.order SET created_at = '2019-05-05' WHERE id = $1", order["id"])
    await refused(shop, shop.manager, "GET", f"{path}?at={ABSENT}", None, 410, "record-history-dropped")


async def test_who_may_not_read_a_record_knows_nothing_of_its_past(shop: Shop) -> None:
    order = await shop.order()
    path = f"{ORDERS}/{order['id']}"
    for words in ("/history", "?revision=1"):
        assert (await shop.manager.get(f"{path}{words}")).status_code == 200
        assert (await shop.reader.get(f"{path}{words}")).status_code == 200
        await refused(shop, shop.worker, "GET", f"{path}{words}", None, 404, "record-not-found")
        await refused(shop, shop.guest, "GET", f"{path}{words}", None, 404, "app-not-found")
    await shop.manager.ask("DELETE", path)
    for words in ("/history", "?revision=1"):
        assert (await shop.manager.get(f"{path}{words}")).status_code == 200
        await refused(shop, shop.reader, "GET", f"{path}{words}", None, 404, "record-not-found")


async def test_titles_the_actor_may_not_read_are_not_told(shop: Shop) -> None:
    order = await shop.order()
    change = (await shop.reader.get(f"{ORDERS}/{order['id']}/history")).json()["changes"][0]
    pointing = next(field for field in change["fields"] if field["field"] == "maker")
    assert (pointing["to"], pointing["to__title"]) == (order["maker"], None)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("?at=yesterday", "at"), ("?at=2026-11-26T08:00:00", "at"), ("?revision=0", "revision"), ("?revision=x", "revision"),
     ("/history?before=-1", "before"), ("/history?limit=201", "limit"), ("/history?after=1", "after"), ("?at=&x=1", "x")],
    ids=lambda value: str(value).strip("/?"),
)  # fmt: skip
async def test_wrong_parameters_are_named(shop: Shop, query: str, parameter: str) -> None:
    order = await shop.order()
    problem = problem_of(await shop.manager.get(f"{ORDERS}/{order['id']}{query}"), 400, "request-query-invalid")
    assert parameter in {error["parameter"] for error in problem["errors"]}, json.dumps(problem)


async def test_rows_have_their_history_with_their_owner(shop: Shop) -> None:
    order = await shop.order()
    await refused(shop, shop.manager, "GET", f"{RECORDS}/order.lines/{order['lines'][0]['id']}/history", None, 404, "record-entity-not-found")
