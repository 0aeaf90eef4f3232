"""Going back to a version over HTTP: what was removed comes back with its values, what was written meanwhile is kept, what breaks is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.browser import problem_of
from tests.workshop import Document, Shop, element, entity, label, options, package, with_fields, without

pytestmark = pytest.mark.anyio


def document(key: str) -> Document:
    """Return an app with every part that is kept in a table or column of its own."""
    card = entity(
        "card", "name",
        element("name", "text"), element("code", "text"), element("n", "number"), element("box", "reference", to="box"),
        element("tags", "references", to="box"), element("lines", "lines", fields=[element("m", "number")]),
        element("sum", "number", formula="SUM(lines.m)"), element("level", "choice", options=options("low", "high")),
    )  # fmt: skip
    return package(key, card, entity("box", "name", element("name", "text")))


def smaller(key: str) -> Document:
    """Return the app without all that: of a card its name and code are left."""
    changed = document(key)
    for field in ("n", "box", "tags", "lines", "sum", "level"):
        changed = without(changed, "card", field)
    changed["entities"] = [one for one in changed["entities"] if one["key"] != "box"]
    changed["policies"] = [one for one in changed["policies"] if one["entity"] != "box"]
    return changed


async def plan(shop: Shop, key: str, version: int, more: str = "") -> dict[str, Any]:
    """Return what going back would do."""
    answer = await shop.admin.get(f"/api/apps/{key}/versions/{version}/restore/plan{more}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def restore(shop: Shop, key: str, version: int, **more: object) -> int:
    """Go back, and return the number of the new version."""
    revision = (await plan(shop, key, version))["revision"]
    answer = await shop.admin.post(f"/api/apps/{key}/versions/{version}/restore", {"revision": revision, **more})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["version"])


async def test_everything_comes_back_with_its_values(shop: Shop) -> None:
    assert (await shop.install(document("backward"))).status_code == 201
    records = "/api/apps/backward/records"
    box = (await shop.admin.post(f"{records}/box", {"name": "red"})).json()["id"]
    values = {"name": "a", "code": "x", "n": "7.5", "box": box, "tags": [box], "lines": [{"m": "2"}, {"m": "3"}], "level": "high"}
    made = (await shop.admin.post(f"{records}/card", values)).json()
    assert made["sum"] == "5"
    assert (await shop.publish(smaller("backward"))).json()["version"] == 2
    meanwhile = (await shop.admin.post(f"{records}/card", {"name": "b", "code": "y"})).json()["id"]
    changed = await shop.admin.ask("PATCH", f"{records}/card/{made['id']}", {"revision": 1, "name": "changed"})
    assert changed.status_code == 200, changed.text

    told = await plan(shop, "backward", 1)
    assert (told["issues"], told["left_out"], told["draft_changes"]) == ([], [], 0)
    assert {"/entities/card/fields/lines", "/entities/box"} <= {change["pointer"] for group in told["groups"] for change in group["changes"]}
    assert not any("ADD COLUMN" in statement or "CREATE TABLE" in statement for statement in told["statements"])
    assert await restore(shop, "backward", 1) == 3

    back = (await shop.admin.get(f"{records}/card/{made['id']}")).json()
    kept = {key: made[key] for key in ("code", "n", "box", "tags", "level", "sum")}
    assert {key: back[key] for key in kept} == kept
    assert (back["name"], [line["m"] for line in back["lines"]]) == ("changed", ["2", "3"])
    written = (await shop.admin.get(f"{records}/card/{meanwhile}")).json()
    assert (written["name"], written["n"], written["lines"], written["sum"]) == ("b", None, [], "0")
    listed = (await shop.admin.get("/api/apps/backward/versions")).json()["versions"]
    assert [(one["number"], one["note"], one["active"]) for one in listed[:1]] == [(3, "Back to version 1", True)]
    assert (await shop.admin.get("/api/apps/backward/versions/3")).json()["document"] == document("backward")
    assert await restore(shop, "backward", 2, note="and forward") == 4
    assert await restore(shop, "backward", 1) == 5
    assert (await shop.admin.get(f"{records}/card/{made['id']}")).json() == back


async def test_a_field_of_another_kind_and_states_come_back(shop: Shop) -> None:
    first = document("retyped")
    first["entities"][0]["states"] = {
        "key": "state", "start": "new", "states": [{"key": "new", "name": label("New")}, {"key": "old", "name": label("Old")}],
        "transitions": [{"key": "age", "name": label("Age"), "from": ["new"], "to": "old"}],
    }  # fmt: skip
    assert (await shop.install(first)).status_code == 201
    path = "/api/apps/retyped/records/card"
    kept, number, word = [(await shop.admin.post(path, {"name": "a", "n": "7.5"})).json()["id"] for _ in range(3)]
    second = with_fields(first, "card", element("n", "text"))
    del second["entities"][0]["states"]
    assert (await shop.publish(second)).json()["version"] == 2
    for record, value in ((number, "8.25"), (word, "seven")):
        assert (await shop.admin.ask("PATCH", f"{path}/{record}", {"revision": 1, "n": value})).status_code == 200
    # What somebody wrote meanwhile counts: as a number where it is one.
    for version, seen in ((1, ("7.5", "8.25", None)), (2, ("7.5", "8.25", "seven"))):
        await restore(shop, "retyped", version)
        now = [(await shop.admin.get(f"{path}/{record}")).json() for record in (kept, number, word)]
        assert tuple(one["n"] for one in now) == seen
        assert [one.get("state") for one in now] == ["new" if version == 1 else None] * 3


async def test_a_constraint_that_newer_records_break_is_told_and_may_be_left_out(shop: Shop) -> None:
    strict = with_fields(document("strict"), "card", element("code", "text", unique=True))
    strict["entities"][0]["unique"] = [{"key": "pair", "fields": ["name", "n"]}]
    assert (await shop.install(strict)).status_code == 201
    assert (await shop.publish(document("strict"))).json()["version"] == 2
    path = "/api/apps/strict/records/card"
    for _ in range(2):
        assert (await shop.admin.post(path, {"name": "twin", "code": "same", "n": "1"})).status_code == 201
    told = await plan(shop, "strict", 1)
    pointers = {"/entities/card/fields/code/unique", "/entities/card/unique/pair"}
    assert {issue["pointer"] for issue in told["issues"]} == pointers
    assert all("twin" in issue["message"]["en"] for issue in told["issues"])
    refused = await shop.admin.post("/api/apps/strict/versions/1/restore", {"revision": told["revision"]})
    assert {error["pointer"] for error in problem_of(refused, 422, "definition-invalid")["errors"]} == pointers
    assert (await shop.admin.get("/api/apps/strict/versions")).json()["versions"][0]["number"] == 2

    told = await plan(shop, "strict", 1, "?leave_out_broken=true")
    assert (told["issues"], {issue["pointer"] for issue in told["left_out"]}) == ([], pointers)
    assert await restore(shop, "strict", 1, leave_out_broken=True) == 3
    now = (await shop.admin.get("/api/apps/strict/versions/3")).json()["document"]["entities"][0]
    assert now["unique"] == []
    assert not any(field.get("unique") for field in now["fields"])
    assert (await shop.admin.post(path, {"name": "twin", "code": "same", "n": "1"})).status_code == 201


async def test_a_draft_somebody_changed_is_not_discarded_unseen(shop: Shop) -> None:
    first = document("watched")
    assert (await shop.install(first)).status_code == 201
    assert (await shop.publish(smaller("watched"))).json()["version"] == 2
    seen = await plan(shop, "watched", 1)
    draft = {"revision": seen["revision"], "document": with_fields(smaller("watched"), "card", element("new", "text"))}
    assert (await shop.admin.ask("PUT", "/api/apps/watched/draft", draft)).status_code == 200
    refused = await shop.admin.post("/api/apps/watched/versions/1/restore", {"revision": seen["revision"]})
    problem_of(refused, 409, "definition-draft-conflict")
    told = await plan(shop, "watched", 1)
    assert told["draft_changes"] == 1
    assert await restore(shop, "watched", 1) == 3
    assert (await shop.admin.get("/api/apps/watched/draft")).json()["document"] == first


async def test_what_is_not_there_or_not_allowed_is_refused(shop: Shop) -> None:
    assert (await shop.install(document("guarded_back"))).status_code == 201
    path = "/api/apps/guarded_back/versions"
    problem_of(await shop.admin.get(f"{path}/9/restore/plan"), 404, "app-version-not-found")
    problem_of(await shop.admin.post(f"{path}/1/restore", {"revision": 0}), 409, "app-version-active")
    problem_of(await shop.guest.post(f"{path}/1/restore", {"revision": 0}), 404, "app-not-found")
    problem_of(await shop.worker.post("/api/apps/workshop/versions/1/restore", {"revision": 0}), 403, "access-act-denied")
