"""Fields that point to several records: what is sent and read, in records, rows, lists, filters, rules and history, and what is refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.workshop import Shop, element, entity, label, package, with_fields, without

APP = "/api/apps/projects/records"


def projects() -> dict[str, Any]:
    """Return an app whose projects have tags and people, and whose tasks, which are rows, have them too."""
    tag = entity("tag", "name", element("name", "text", required=True), element("open", "boolean", default="TRUE"),
                 element("rank", "number", scale=0))  # fmt: skip
    project = entity(
        "project", "name",
        element("name", "text", required=True),
        element("tags", "references", to="tag", where="open", inverse={"key": "projects", "name": label("projects")}),
        element("related", "references", to="project"),
        element("lead", "member", default="CURRENTUSER()"),
        element("team", "members", default="CURRENTUSER()"),
        element("home", "department"),
        element("guests", "departments"),
        element("first_tag", "reference", to="tag"),
        element("many", "number", scale=0, formula="COUNT(tags)"),
        element("tasks", "lines", fields=[
            element("name", "text"), element("labels", "references", to="tag"), element("who", "members"),
            element("number_of", "number", scale=0, formula="COUNT(labels)"),
        ]),
        rules=[{"key": "ranks", "check": "COUNT(tags) = 0 OR SUM(tags.rank) < 100", "at": "tags", "message": label("Too heavy")}],
    )  # fmt: skip
    document = package("projects", tag, project)
    document["roles"].append({"key": "worker", "name": label("worker")})
    document["policies"] += [
        {"key": "worker_project", "role": "worker", "entity": "project", "actions": ["create", "read", "update"], "rows": "all"},
        {"key": "worker_tag", "role": "worker", "entity": "tag", "actions": ["read"], "rows": "own"},
    ]
    return document


@pytest.fixture(scope="module")
async def made(shop: Shop) -> AsyncIterator[Shop]:
    installed = await shop.install(projects())
    assert installed.status_code == 201, installed.text
    yield shop


async def create(shop: Shop, kind: str, **values: object) -> dict[str, Any]:
    """Return a new record of the app."""
    answer = await shop.admin.post(f"{APP}/{kind}", values)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def tags(shop: Shop, *names: str, **values: object) -> list[str]:
    """Return the ids of new tags."""
    return [(await create(shop, "tag", name=name, rank="1", **values))["id"] for name in names]


async def read(shop: Shop, record: dict[str, Any], kind: str = "project") -> dict[str, Any]:
    """Return a record as it is read."""
    return dict((await shop.admin.get(f"{APP}/{kind}/{record['id']}")).json())


async def change(shop: Shop, record: dict[str, Any], **values: object) -> dict[str, Any]:
    """Return a record that was changed."""
    answer = await shop.admin.ask("PATCH", f"{APP}/project/{record['id']}", values)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def listed(shop: Shop, **query: str) -> list[dict[str, Any]]:
    """Return the records of a page of projects."""
    answer = await shop.admin.get(f"{APP}/project?{httpx.QueryParams(query)}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["records"])


async def test_a_list_keeps_its_order_and_shows_the_titles(made: Shop) -> None:
    a, b, c = await tags(made, "a", "b", "c")
    saved = await create(made, "project", name="one", tags=[c, a, c])
    assert (saved["tags"], saved["many"]) == ([c, a], "2")
    found = await read(made, saved)
    assert (found["tags"], found["tags__title"]) == ([c, a], ["c", "a"])
    changed = await change(made, saved, tags=[a, b, c])
    assert (changed["tags"], changed["many"]) == ([a, b, c], "3")
    assert (await change(made, saved, name="same"))["tags"] == [a, b, c]
    swapped = await change(made, saved, tags=[b, a])
    assert swapped["tags"] == [b, a] and (await read(made, saved))["tags__title"] == ["b", "a"]
    assert (await change(made, saved, tags=None))["tags"] == []
    emptied = await read(made, saved)
    assert (emptied["tags"], emptied["tags__title"], emptied["many"]) == ([], [], "0")
    (row,) = await listed(made, filter=f'id = "{saved["id"]}"')
    assert (row["tags"], row["tags__title"]) == ([], [])
    answer = await made.admin.get(f"{APP}/project?sort=tags")
    assert [e["code"] for e in problem_of(answer, 400, "request-query-invalid")["errors"]] == ["request-sort-unknown"]


async def test_rows_have_lists_of_their_own(made: Shop) -> None:
    a, b, c = await tags(made, "r1", "r2", "r3")
    saved = await create(made, "project", name="rows", tasks=[{"name": "x", "labels": [a, b]}, {"name": "y"}])
    assert [(task["labels"], task["number_of"]) for task in saved["tasks"]] == [([a, b], "2"), ([], "0")]
    first, second = saved["tasks"]
    changed = await change(made, saved, tasks=[{"id": second["id"], "labels": [c]}, {"id": first["id"]}, {"name": "z", "labels": [b]}])
    assert [(task["name"], task["labels"]) for task in changed["tasks"]] == [("y", [c]), ("x", [a, b]), ("z", [b])]
    found = await read(made, saved)
    assert [task["labels__title"] for task in found["tasks"]] == [["r3"], ["r1", "r2"], ["r2"]]
    without_first = await change(made, saved, tasks=[{"id": second["id"]}])
    assert [task["labels"] for task in without_first["tasks"]] == [[c]]
    left = await made.database.fetchval("SELECT count(*) FROM app_projects.project__tasks__labels WHERE record = $1", first["id"])
    assert left == 0
    history = await made.database.fetch("SELECT changes FROM dougong.history WHERE record_id = $1 ORDER BY revision", saved["id"])
    assert json.loads(history[1]["changes"])["tasks"][second["id"]]["labels"] == [[], [c]]


async def test_people_and_departments_are_kinds_of_their_own(made: Shop) -> None:
    house = (await made.admin.post("/api/apps/organization/records/department", {"name": "House"})).json()["id"]
    saved = await create(made, "project", name="people", home=house, guests=[house])
    me = made.tickets["admin"].user_id
    assert (saved["lead"], saved["team"], saved["home"], saved["guests"]) == (me, [me], house, [house])
    found = await read(made, saved)
    assert (found["home__title"], found["guests__title"]) == ("House", ["House"])
    assert found["team__title"] == [found["lead__title"]]
    assert saved["id"] in {row["id"] for row in await listed(made, filter="CONTAINS(team, CURRENTUSER()) AND lead = CURRENTUSER()")}
    problem = problem_of(await made.admin.ask("DELETE", f"/api/apps/organization/records/department/{house}"), 409, "record-referenced")
    assert problem["status"] == 409


async def test_lists_are_filtered_by_what_they_hold(made: Shop) -> None:
    a, b, c = await tags(made, "f1", "f2", "f3")
    both = await create(made, "project", name="both", tags=[a, b])
    one = await create(made, "project", name="one", tags=[b])
    none = await create(made, "project", name="none", related=[one["id"], both["id"]])

    async def ids(text: str) -> set[str]:
        return {row["id"] for row in await listed(made, filter=text)} & {both["id"], one["id"], none["id"]}

    assert await ids(f'CONTAINS(tags, "{a}")') == {both["id"]}
    assert await ids(f'CONTAINS(tags, "{a}") OR CONTAINS(tags, "{b}")') == {both["id"], one["id"]}
    assert await ids("ISBLANK(tags)") == {none["id"]}
    assert await ids("COUNT(tags) = 2") == {both["id"]}
    assert await ids('CONTAINS(tags.name, "f1")') == {both["id"]}
    assert await ids('COUNT(tags[name = "f2"]) = 1') == {both["id"], one["id"]}
    assert await ids('CONTAINS(related.name, "one")') == {none["id"]}
    assert await ids(f'CONTAINS(tags, "{c}")') == set()


async def test_rules_read_the_records_of_a_list(made: Shop) -> None:
    heavy = (await create(made, "tag", name="heavy", rank="99"))["id"]
    (light,) = await tags(made, "light")
    saved = await create(made, "project", name="weights", tags=[heavy])
    wrong = await made.admin.ask("PATCH", f"{APP}/project/{saved['id']}", {"tags": [heavy, light]})
    assert [(e["code"], e["pointer"]) for e in problem_of(wrong, 422, "record-invalid")["errors"]] == [("record-rule-broken", "/tags")]
    assert (await change(made, saved, name="still"))["tags"] == [heavy]


Wrong = tuple[dict[str, Any], list[tuple[str, str]]]
WRONG: dict[str, Wrong] = {
    "no list": ({"tags": "x"}, [("record-wrong-type", "/tags")]),
    "no id": ({"tags": ["x"]}, [("record-reference-invalid", "/tags/0")]),
    "of nobody": ({"tags": ["closed", str(uuid4())]}, [("record-reference-refused", "/tags/0"), ("record-reference-missing", "/tags/1")]),
    "too many": ({"tags": [str(uuid4()) for _ in range(1001)]}, [("record-too-many-links", "/tags")]),
    "no id in a row": ({"tasks": [{}, {"labels": [1]}]}, [("record-reference-invalid", "/tasks/1/labels/0")]),
    "of nobody in a row": ({"tasks": [{"labels": [str(uuid4())]}]}, [("record-reference-missing", "/tasks/0/labels/0")]),
    "one person": ({"lead": [str(uuid4())]}, [("record-reference-invalid", "/lead")]),
    "unknown person": ({"team": [str(uuid4())]}, [("record-reference-missing", "/team/0")]),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_is_wrong_is_said_of_the_entry(made: Shop, name: str) -> None:
    values, places = WRONG[name]
    closed = (await create(made, "tag", name="closed", open=False))["id"]
    sent = json.loads(json.dumps({"name": "wrong", **values}).replace('"closed"', f'"{closed}"'))
    await refused(made, made.admin, "POST", f"{APP}/project", sent, 422, "record-invalid", *places)


async def test_what_is_pointed_to_is_not_trashed_and_trash_not_pointed_to(made: Shop) -> None:
    kept, gone = await tags(made, "kept", "gone")
    saved = await create(made, "project", name="points", tags=[kept], tasks=[{"labels": [gone]}])
    for tag in (kept, gone):
        problem_of(await made.admin.ask("DELETE", f"{APP}/tag/{tag}"), 409, "record-referenced")
    await change(made, saved, tasks=[])
    assert (await made.admin.ask("DELETE", f"{APP}/tag/{gone}")).status_code == 204
    answer = await made.admin.ask("PATCH", f"{APP}/project/{saved['id']}", {"tags": [kept, gone]})
    assert [e["pointer"] for e in problem_of(answer, 422, "record-invalid")["errors"]] == ["/tags/1"]
    assert (await made.admin.ask("DELETE", f"{APP}/project/{saved['id']}")).status_code == 204
    assert (await made.admin.ask("DELETE", f"{APP}/tag/{kept}")).status_code == 204


async def test_racing_for_one_tag_leaves_no_list_that_points_into_the_trash(made: Shop) -> None:
    for _ in range(4):
        (tag,) = await tags(made, "raced")
        saving = [made.admin.post(f"{APP}/project", {"name": "racing", "tags": [tag]}) for _ in range(4)]
        *answers, gone = await asyncio.gather(*saving, made.admin.ask("DELETE", f"{APP}/tag/{tag}"))
        assert gone.status_code in (204, 409)
        assert {answer.status_code for answer in answers} <= {201, 422}
        pointing = await made.database.fetchval("SELECT count(*) FROM app_projects.project__tags WHERE target = $1", tag)
        assert (pointing == 0) == (gone.status_code == 204)


async def test_writers_of_one_list_do_not_mix_their_entries(made: Shop) -> None:
    a, b, c = await tags(made, "m1", "m2", "m3")
    saved = await create(made, "project", name="mixed", tags=[a])
    wanted = [[a, b], [b, c], [c], [], [c, b, a]]
    for answer in await asyncio.gather(*(made.admin.ask("PATCH", f"{APP}/project/{saved['id']}", {"tags": one}) for one in wanted)):
        assert answer.status_code == 200, answer.text
    last = await read(made, saved)
    assert last["tags"] in wanted and last["many"] == str(len(last["tags"])) and last["revision"] == 6


async def test_titles_are_shown_as_far_as_one_may_read(made: Shop) -> None:
    (tag,) = await tags(made, "hidden")
    saved = await create(made, "project", name="seen", tags=[tag])
    asked = httpx.QueryParams(filter='key = "projects.worker"')
    role = (await made.admin.get(f"/api/apps/organization/records/role?{asked}")).json()
    user = (await made.admin.get(f"/api/apps/organization/records/user/{made.tickets['guest'].user_id}")).json()
    given = await made.admin.ask("PATCH", f"/api/apps/organization/records/user/{user['id']}", {
        "roles": [*({"id": r["id"]} for r in user["roles"]), {"role": role["records"][0]["id"]}]})
    assert given.status_code == 200, given.text
    seen = (await made.guest.get(f"{APP}/project/{saved['id']}")).json()
    assert (seen["tags"], seen["tags__title"]) == ([tag], [None])
    found = (await made.guest.get(f"{APP}/project?{httpx.QueryParams(filter='COUNT(tags) > 0')}")).json()["records"]
    assert found == []
    renamed = await made.guest.ask("PATCH", f"{APP}/project/{saved['id']}", {"name": "by a guest"})
    assert renamed.status_code == 200 and renamed.json()["tags"] == [tag]
    answer = await made.guest.post(f"{APP}/project", {"name": "theirs", "tags": [tag]})
    assert [e["code"] for e in problem_of(answer, 422, "record-invalid")["errors"]] == ["record-reference-missing"]


async def test_a_list_that_goes_keeps_its_links_for_when_it_comes_back(made: Shop) -> None:
    (tag,) = await tags(made, "back")
    saved = await create(made, "project", name="back", tags=[tag])
    document = projects()
    shorter = without(document, "project", "tags")
    project = next(e for e in shorter["entities"] if e["key"] == "project")
    project["rules"], project["fields"] = [], [f for f in project["fields"] if f["key"] != "many"]
    assert (await made.publish(shorter)).status_code == 201
    assert "tags" not in await read(made, saved)
    assert (await made.admin.ask("DELETE", f"{APP}/tag/{tag}")).status_code == 204
    assert (await made.publish(document)).status_code == 201
    assert (await read(made, saved))["tags"] == [tag]
    other = projects()
    project = next(e for e in other["entities"] if e["key"] == "project")
    project["rules"] = []
    project["fields"] = [element("tags", "references", to="project") if f["key"] == "tags" else f for f in project["fields"]]
    assert (await made.publish(other)).status_code == 201
    assert (await read(made, saved))["tags"] == []
    assert (await change(made, saved, tags=[saved["id"]]))["tags"] == [saved["id"]]
    assert (await made.publish(document)).status_code == 201


async def test_a_list_is_not_computed(made: Shop) -> None:
    for field in (element("more", "references", to="tag", formula="tags"), element("more", "members", copy_from="lead.roles")):
        document = with_fields(projects(), "project", field)
        revision = (await made.admin.get("/api/apps/projects/draft")).json()["revision"]
        kept = await made.admin.ask("PUT", "/api/apps/projects/draft", {"revision": revision, "document": document})
        assert kept.status_code == 200, kept.text
        plan = (await made.admin.get("/api/apps/projects/draft/changes")).json()
        assert ("definition-formula-kind", "/entities/project/fields/more") in {(e["code"], e["pointer"]) for e in plan["issues"]}
