"""Installed apps as wholes over HTTP: uninstalled with everything of theirs, their demo data taken out and put in again; nothing of people's goes unsaid."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.workshop import ALL, Document, Shop, element, entity, label, package

pytestmark = pytest.mark.anyio


def shelves(key: str, **others: Any) -> Document:  # noqa: ANN401 – any JSON
    """Return a package with seed and demo records that point to each other and to people, and that people may point to."""
    shelf = entity("shelf", "name", element("name", "text", required=True), element("keeper", "reference", to="organization.user"),
                   element("books", "number", scale=0, formula="COUNT(own)"), element("above", "reference", to="shelf"))  # fmt: skip
    book = entity("book", "name", element("name", "text", required=True),
                  element("shelf", "reference", to="shelf", inverse={"key": "own", "name": label("Books")}),
                  element("pages", "lines", fields=[element("text", "text")]))  # fmt: skip
    document = package(key, shelf, book)
    document["roles"].append({"key": "reader", "name": label("Reader")})
    document["policies"].append({"key": "reader_book", "role": "reader", "entity": "book", "actions": ALL})
    document["seed"] = [{"key": "top", "entity": "shelf", "values": {"name": "Top"}}]
    document["demo"] = [
        {"key": f"{key}_eve", "entity": "organization.user", "values": {
            "name": "Eve", "email": f"eve@{key.replace('_', '-')}.example.com", "roles": [{"role": f"organization.role:{key}.reader"}]}},
        {"key": "low", "entity": "shelf", "values": {"name": "Low", "keeper": f"{key}_eve"}},
        {"key": "lower", "entity": "shelf", "values": {"name": "Lower", "above": "low"}},
        *({"key": f"b{n}", "entity": "book", "values": {"name": f"Book {n}", "shelf": "low", "pages": [{"text": "One"}]}} for n in range(3)),
    ]  # fmt: skip
    return document | others


async def installed(shop: Shop, key: str, demo: bool = True) -> str:
    """Install the package, and return where its records are."""
    answer = await shop.install(shelves(key), demo=demo)
    assert answer.status_code == 201, answer.text
    return f"/api/apps/{key}/records"


async def names(shop: Shop, path: str) -> set[str]:
    """Return the names of the records of an entity."""
    return {one["name"] for one in (await shop.admin.get(f"{path}?limit=100")).json()["records"]}


async def rows_of(shop: Shop, app: str) -> Mapping[str, int]:
    """Return the number of rows the platform keeps of an app, by table, where there are any but in the audit log; and whether it has a schema."""
    tables = await shop.database.fetch(
        """SELECT table_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
           WHERE table_schema = 'dougong' AND column_name = 'app' AND table_type = 'BASE TABLE' AND table_name <> 'audit'"""
    )
    found = {row[0]: await shop.database.fetchval(f'SELECT count(*) FROM dougong."{row[0]}" WHERE app = $1', app) for row in tables}
    found["schemas"] = await shop.database.fetchval("SELECT count(*) FROM pg_namespace WHERE nspname = $1", f"app_{app}")
    found["roles"] = await shop.database.fetchval("SELECT count(*) FROM app_organization.role WHERE app = $1", app)
    return {name: count for name, count in found.items() if count}


async def test_uninstalling_says_what_goes_and_takes_everything(shop: Shop) -> None:
    path = await installed(shop, "leaving")
    book = (await shop.admin.get(f"{path}/book?limit=1")).json()["records"][0]["id"]
    assert (await shop.admin.ask("DELETE", f"{path}/book/{book}")).status_code == 204
    draft = (await shop.admin.get("/api/apps/leaving/draft")).json()["document"]
    draft["icon"] = "org"
    assert (await shop.admin.ask("PUT", "/api/apps/leaving/draft", {"revision": 0, "document": draft})).status_code == 200
    sheet = await shop.admin.ask("POST", "/api/apps/leaving/imports?name=a.csv&entity=book", b"name\nOne\n", content_type="text/csv")
    waited = (await shop.admin.get(f"/api/apps/leaving/imports/{sheet.json()['id']}?wait=20")).json()
    assert waited["state"] == "mapping", waited
    told = (await shop.admin.get("/api/apps/leaving/uninstall")).json()
    assert [(one["key"], one["records"]) for one in told["entities"]] == [("book", 3), ("shelf", 3)]
    assert told["entities"][0]["name"] == label("book")
    counts = {name: told[name] for name in ("tables", "records", "files", "versions", "roles", "people")}
    assert counts == {"tables": 3, "records": 6, "files": 0, "versions": 1, "roles": 2, "people": 2}
    for typed in ("", "Leaving", "workshop"):
        wrong = await refused(shop, shop.admin, "POST", "/api/apps/leaving/uninstall", {"key": typed}, 422, "request-invalid",
                              ("package-uninstall-key", "/key"), zh="请输入它的标识“leaving”")  # fmt: skip
        assert "leaving" in wrong["errors"][0]["detail"]
    assert len(await names(shop, f"{path}/book")) == 2

    answer = await shop.admin.post("/api/apps/leaving/uninstall", {"key": "leaving"})
    assert (answer.status_code, answer.json()) == (200, told)
    assert await rows_of(shop, "leaving") == {}
    assert await shop.database.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'dougong_staging'") == 0
    problem_of(await shop.admin.get(f"{path}/book"), 404, "app-not-found")
    problem_of(await shop.admin.get("/api/apps/leaving/uninstall"), 404, "app-not-found")
    problem_of(await shop.admin.post("/api/apps/leaving/uninstall", {"key": "leaving"}), 404, "app-not-found")
    session = (await shop.admin.get("/api/session")).json()
    assert not [role for role in session["user"]["roles"] if role.startswith("leaving.")]
    me = shop.tickets["admin"].user_id
    (last, *_) = (await shop.admin.get(f"/api/apps/organization/records/user/{me}/history")).json()["changes"]
    assert last["channel"] == "uninstall"

    again = await shop.install(shelves("leaving"), demo=True)
    assert (again.status_code, again.json()) == (201, {"key": "leaving", "version": 2}), again.text
    assert len(await names(shop, f"{path}/book")) == 3
    assert (await shop.admin.get(f"{path}/shelf/{await _id(shop, 'leaving', 'Top')}/history")).json()["changes"][0]["channel"] == "install-seed"


async def _id(shop: Shop, app: str, name: str) -> str:
    return str(await shop.database.fetchval(f"SELECT id FROM app_{app}.shelf WHERE name = $1", name))


async def test_uninstalling_is_for_those_who_may_and_not_for_the_people(shop: Shop) -> None:
    for who in (shop.manager, shop.guest):
        for method, path in (("POST", "workshop/uninstall"), ("DELETE", "workshop/package-records/demo"), ("POST", "workshop/package-records/demo")):
            await refused(shop, who, method, f"/api/apps/{path}", {"key": "workshop"} if path.endswith("uninstall") else None, 403, "access-act-denied")
        problem_of(await who.get("/api/apps/workshop/uninstall"), 403, "access-act-denied")
        problem_of(await who.get("/api/apps/workshop/package-records"), 403, "access-act-denied")
    await refused(shop, shop.admin, "POST", "/api/apps/organization/uninstall", {"key": "organization"}, 409, "app-needed", zh="不能卸载")
    problem_of(await shop.admin.get("/api/apps/organization/uninstall"), 409, "app-needed")


async def test_an_app_goes_while_people_write_to_it_and_another_uninstalls_it(shop: Shop) -> None:
    path = await installed(shop, "contested")

    async def write() -> set[int]:
        seen = set()
        while 404 not in seen:
            seen.add((await shop.admin.post(f"{path}/book", {"name": "More"})).status_code)
        return seen

    writers = [asyncio.create_task(write()) for _ in range(3)]
    gone = await asyncio.gather(*(shop.admin.post("/api/apps/contested/uninstall", {"key": "contested"}) for _ in range(2)))
    assert sorted(answer.status_code for answer in gone) == [200, 404]
    for seen in await asyncio.gather(*writers):
        assert seen <= {201, 404}
    assert await rows_of(shop, "contested") == {}


async def test_a_role_that_another_app_points_to_keeps_its_app(shop: Shop) -> None:
    path = await installed(shop, "pointed", demo=False)
    other = entity("duty", "name", element("name", "text"), element("role", "reference", to="organization.role"))
    assert (await shop.install(package("duties", other))).status_code == 201
    role = await shop.database.fetchval("SELECT id FROM app_organization.role WHERE key = 'pointed.reader'")
    assert (await shop.admin.post("/api/apps/duties/records/duty", {"name": "A", "role": str(role)})).status_code == 201
    problem = problem_of(await shop.admin.post("/api/apps/pointed/uninstall", {"key": "pointed"}), 409, "record-referenced")
    assert "duty" in problem["detail"]
    assert await names(shop, f"{path}/shelf") == {"Top"}


async def test_demo_data_is_taken_out_and_put_in_again(shop: Shop) -> None:
    path = await installed(shop, "demos")
    where = "/api/apps/demos/package-records"
    assert (await shop.admin.get(where)).json() == {"seed": {"count": 1, "there": 1}, "demo": {"count": 6, "there": 6}}
    cleared = (await shop.admin.ask("DELETE", f"{where}/demo")).json()
    assert {one["entity"]: one["count"] for one in cleared["removed"]} == {"book": 3, "shelf": 2, "organization.user": 1}
    assert cleared["kept"] == []
    assert (await names(shop, f"{path}/book"), await names(shop, f"{path}/shelf")) == (set(), {"Top"})
    assert (await shop.admin.get(where)).json()["demo"] == {"count": 6, "there": 0}
    assert (await shop.admin.ask("DELETE", f"{where}/demo")).json() == {"removed": [], "kept": []}
    assert (await shop.admin.post(f"{where}/demo")).json() == {"added": 6}
    assert await names(shop, f"{path}/shelf") == {"Top", "Low", "Lower"}
    assert (await shop.admin.post(f"{where}/demo")).json() == {"added": 0}
    problem_of(await shop.admin.post(f"{where}/other"), 422, "request-invalid")
    problem_of(await shop.admin.get("/api/apps/nothing/package-records"), 404, "app-not-found")


async def test_demo_data_comes_later_too(shop: Shop) -> None:
    path = await installed(shop, "later", demo=False)
    assert (await shop.admin.post("/api/apps/later/package-records/demo")).json() == {"added": 6}
    assert len(await names(shop, f"{path}/book")) == 3
    low = (await shop.admin.get(f"{path}/shelf/{await _id(shop, 'later', 'Low')}")).json()
    assert (low["books"], low["keeper__title"]) == ("3", "Eve")


async def test_what_people_changed_or_use_stays_with_the_reason(shop: Shop) -> None:
    path = await installed(shop, "used")
    changed = (await shop.admin.get(f"{path}/book?sort=name")).json()["records"][0]
    assert (await shop.admin.ask("PATCH", f"{path}/book/{changed['id']}", {"name": "Mine now", "revision": changed["revision"]})).status_code == 200
    mine = await shop.admin.post(f"{path}/book", {"name": "Own", "shelf": await _id(shop, "used", "Top")})
    assert mine.status_code == 201
    cleared = (await shop.admin.ask("DELETE", "/api/apps/used/package-records/demo")).json()
    kept = {one["key"]: (one["title"], one["code"]) for one in cleared["kept"]}
    assert kept == {"b0": ("Mine now", "package-record-changed"), "low": ("Low", "record-referenced"), "used_eve": ("Eve", "record-referenced")}
    assert {one["entity"]: one["count"] for one in cleared["removed"]} == {"book": 2, "shelf": 1}
    assert all(one["reason"]["zh-CN"] != one["reason"]["en"] for one in cleared["kept"])
    assert await names(shop, f"{path}/book") == {"Mine now", "Own"}
    cleared = (await shop.admin.ask("DELETE", "/api/apps/used/package-records/seed")).json()
    assert [(one["key"], one["code"]) for one in cleared["kept"]] == [("top", "record-referenced")]
    assert (await shop.admin.ask("DELETE", f"{path}/book/{mine.json()['id']}")).status_code == 204
    cleared = (await shop.admin.ask("DELETE", "/api/apps/used/package-records/seed")).json()
    assert [(one["entity"], one["count"]) for one in cleared["removed"]] == [("shelf", 1)]
