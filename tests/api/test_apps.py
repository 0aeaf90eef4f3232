"""Apps over HTTP: launcher, library, install, export, and from a draft to a published version."""

import copy
from typing import Any

import asyncpg
import pytest
from starlette.types import ASGIApp

from dougong.app import open_application, renew_inactive
from dougong.open_site import open_site
from tests.api.browser import Browser, open_browser, problem_of
from tests.api.conftest import ADMIN_PASSWORD, settings_for

pytestmark = pytest.mark.anyio

APP = "/api/apps/trading_starter"


async def test_launcher_shows_what_the_user_may_read(admin: Browser, seller: Browser) -> None:
    everything = {entry["key"]: entry for entry in (await admin.get("/api/apps")).json()["apps"]}
    assert set(everything) == {"organization", "trading_starter"}
    assert everything["trading_starter"]["may"] == ["design", "publish"]
    assert everything["trading_starter"]["name"]["zh-CN"] == "进销存"
    sold = {entry["key"]: entry for entry in (await seller.get("/api/apps")).json()["apps"]}
    assert sold["trading_starter"]["may"] == []


async def test_an_app_that_does_not_run_leaves_the_others_alone(admin: Browser, app: ASGIApp, site_dsn: str) -> None:
    """A version some other release has published may be wrong for this one: it is logged, and the rest goes on."""
    assert (await admin.post("/api/apps", {"package": small_package(), "demo": False})).status_code == 201
    connection = await asyncpg.connect(site_dsn)
    try:
        await connection.execute("UPDATE dougong.app_version SET definition = '{\"key\": \"notes\"}' WHERE app = 'notes'")
    finally:
        await connection.close()
    async with open_application(settings_for(site_dsn)) as restarted:
        again = open_browser(restarted)
        await again.sign_in("admin@example.com", ADMIN_PASSWORD)
        assert {entry["key"] for entry in (await again.get("/api/apps")).json()["apps"]} == {"organization", "trading_starter"}
        assert (await again.get("/api/library")).status_code == 200
        problem_of(await again.get("/api/apps/notes/model"), 500, "app-broken")
        assert len((await again.get(f"{APP}/records/partner?limit=1")).json()["records"]) == 1


async def test_whoever_knows_nothing_of_an_app_does_not_learn_that_it_exists(admin: Browser, app: ASGIApp, seller: Browser) -> None:
    user = (await seller.get("/api/session")).json()["user"]
    path = f"/api/apps/organization/records/user/{user['id']}"
    revision = (await admin.get(path)).json()["revision"]
    assert (await admin.ask("PATCH", path, {"revision": revision, "roles": []})).status_code == 200
    for place in ("model", "openapi.json", "draft", "versions", "export"):
        problem_of(await seller.get(f"{APP}/{place}"), 404, "app-not-found")
    assert (await seller.get("/api/apps")).json() == {"apps": []}


async def test_designing_is_for_those_who_may(seller: Browser) -> None:
    for place in ("draft", "draft/changes", "versions", "export"):
        problem_of(await seller.get(f"{APP}/{place}"), 403, "access-act-denied")
    problem_of(await seller.ask("PUT", f"{APP}/draft", {"revision": 0, "document": {}}), 403, "access-act-denied")
    problem_of(await seller.ask("DELETE", f"{APP}/draft"), 403, "access-act-denied")
    problem_of(await seller.post(f"{APP}/versions", {"revision": 0}), 403, "access-act-denied")
    problem_of(await seller.post(f"{APP}/expressions/check", {"text": "1", "entity": "partner"}), 403, "access-act-denied")
    trial = {"text": "1", "entity": "partner", "use": "default", "record": "00000000-0000-7000-8000-0000000000aa"}
    problem_of(await seller.post(f"{APP}/expressions/value", trial), 403, "access-act-denied")
    problem_of(await seller.post("/api/apps", {"package": "crm_erp"}), 403, "access-act-denied")


async def test_library_and_install(admin: Browser) -> None:
    packages = {entry["key"]: entry for entry in (await admin.get("/api/library")).json()["packages"]}
    assert packages["trading_starter"]["installed"] is True
    problem_of(await admin.post("/api/apps", {"package": "trading_starter"}), 409, "app-exists")
    problem_of(await admin.post("/api/apps", {"package": "nothing"}), 404, "package-not-found")
    answer = await admin.post("/api/apps", {"package": small_package()})
    assert answer.status_code == 201, answer.text
    assert answer.json() == {"key": "notes", "version": 1}
    note = await admin.post("/api/apps/notes/records/note", {"title": "第一条"})
    assert note.status_code == 201, note.text
    assert {entry["key"] for entry in (await admin.get("/api/apps")).json()["apps"]} == {"notes", "organization", "trading_starter"}
    session = (await admin.get("/api/session")).json()
    assert "notes.owner" in session["user"]["roles"]
    assert (await admin.get("/api/apps/notes/export")).json() == small_package()


async def test_a_wrong_package_is_refused_whole(admin: Browser) -> None:
    wrong = small_package()
    wrong["entities"][0]["fields"][0]["kind"] = "telepathy"
    problem = problem_of(await admin.post("/api/apps", {"package": wrong}), 422, "definition-invalid")
    assert problem["errors"][0]["pointer"].startswith("/entities/note/fields/title")
    assert problem["errors"][0]["code"] == "definition-kind-unknown"
    problem_of(await admin.get("/api/apps/notes/model"), 404, "app-not-found")


async def test_from_draft_to_version(admin: Browser) -> None:
    draft = (await admin.get(f"{APP}/draft")).json()
    assert (draft["revision"], draft["base_version"]) == (0, 1)
    document = draft["document"]
    partner = next(entity for entity in document["entities"] if entity["key"] == "partner")
    partner["fields"].append({"key": "nickname", "kind": "text", "name": {"zh-CN": "昵称", "en": "Nickname"}})

    saved = await admin.ask("PUT", f"{APP}/draft", {"revision": 0, "document": document})
    assert saved.json() == {"revision": 1, "issues": []}
    stale = await admin.ask("PUT", f"{APP}/draft", {"revision": 0, "document": document})
    problem_of(stale, 409, "definition-draft-conflict")

    found = (await admin.get(f"{APP}/draft/changes")).json()
    assert [(note["pointer"], note["kind"]) for note in found["changes"]] == [("/entities/partner/fields/nickname", "added")]
    # A later version of the starter may have a nickname as well; what begins with x_ never meets one.
    assert [(told["code"], told["pointer"]) for told in found["warnings"]] == [("package-customer-key", "/entities/partner/fields/nickname")]
    assert all("nickname" in found["warnings"][0]["message"][language] for language in ("zh-CN", "en"))
    assert found["issues"] == []
    assert any("nickname" in statement for statement in found["statements"])

    problem_of(await admin.post(f"{APP}/versions", {"revision": 7}), 409, "definition-draft-conflict")
    published = await admin.post(f"{APP}/versions", {"revision": 1, "note": "昵称"})
    assert (published.status_code, published.json()["version"]) == (201, 2)
    versions = (await admin.get(f"{APP}/versions")).json()["versions"]
    assert [(v["number"], v["note"], v["active"]) for v in versions] == [(2, "昵称", True), (1, "", False)]
    assert versions[0]["author"] == "管理员"
    created = await admin.post(f"{APP}/records/partner", {"name": "测试", "nickname": "小测"})
    assert created.status_code == 201, created.text


async def test_a_publish_is_seen_where_no_notifications_arrive(admin: Browser, site_dsn: str) -> None:
    async with open_site(settings_for(site_dsn)) as opened:
        former = await opened.site.app("trading_starter")
        document = (await admin.get(f"{APP}/draft")).json()["document"]
        assert (await admin.ask("PUT", f"{APP}/draft", {"revision": 0, "document": document})).status_code == 200
        assert (await admin.post(f"{APP}/versions", {"revision": 1})).json()["version"] == 2
        assert await opened.site.app("trading_starter") is former
        await renew_inactive(opened.site)
        assert (await opened.site.app("trading_starter")).version == 2
        organization = await opened.site.app("organization")
        await renew_inactive(opened.site)
        assert await opened.site.app("organization") is organization


async def test_a_wrong_draft_is_kept_and_not_published(admin: Browser) -> None:
    document = (await admin.get(f"{APP}/draft")).json()["document"]
    wrong = copy.deepcopy(document)
    wrong["entities"][0]["fields"].append({"key": "id", "kind": "text", "name": {"zh-CN": "一", "en": "One"}})
    saved = (await admin.ask("PUT", f"{APP}/draft", {"revision": 0, "document": wrong})).json()
    assert [issue["code"] for issue in saved["issues"]] == ["definition-key-reserved"]
    assert saved["issues"][0]["message"].keys() == {"zh-CN", "en"}
    problem = problem_of(await admin.post(f"{APP}/versions", {"revision": 1}), 422, "definition-invalid")
    assert problem["errors"][0]["code"] == "definition-key-reserved"
    assert (await admin.ask("DELETE", f"{APP}/draft")).status_code == 204
    assert (await admin.get(f"{APP}/draft")).json()["document"] == document


async def test_expressions_are_checked_over_the_draft(admin: Browser) -> None:
    document = (await admin.get(f"{APP}/draft")).json()["document"]
    entity = next(entity for entity in document["entities"] if entity["key"] == "partner")
    entity["fields"].append({"key": "score", "kind": "number", "name": {"zh-CN": "评分", "en": "Score"}})
    entity["fields"].append({"key": "id", "kind": "text", "name": {"zh-CN": "错", "en": "Wrong"}})
    assert (await admin.ask("PUT", f"{APP}/draft", {"revision": 0, "document": document})).status_code == 200

    async def check(text: str, entity: str = "partner") -> dict[str, Any]:
        answer = await admin.post(f"{APP}/expressions/check", {"text": text, "entity": entity})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    good = await check("ROUND(score * 2, 1) > 3")
    assert (good["issues"], good["type"], good["tree"]["call"]) == ([], "bool", "gt")
    half = await check("score * ")
    assert half["issues"][0]["span"] is not None
    assert half["issues"][0]["message"]["zh-CN"]
    assert (await check("SUM(lines.amount)", "sales_order"))["type"] == "number"
    answer = await admin.post(f"{APP}/expressions/check", {"text": "1", "entity": "nothing"})
    problem_of(answer, 404, "record-entity-not-found")


async def test_keys_from_labels(admin: Browser) -> None:
    for label, taken, prefix, key in (
        ("销售订单", [], "", "xiao_shou_ding_dan"),
        ("长度", [], "", "chang_du"),
        ("Unit price", ["unit_price"], "", "unit_price_2"),
        ("ID", [], "", "id_2"),
        ("状态", [], "x_", "x_zhuang_tai"),
        ("2026 计划", [], "", "field_2026_ji_hua"),
        ("——", [], "", "field"),
        ("一二三四五六七八九十一二三四五六七八九十", [], "", "yi_er_san_si_wu_liu_qi_ba_jiu_shi_yi_er"),
    ):
        answer = await admin.post("/api/keys", {"label": label, "taken": taken, "prefix": prefix})
        assert answer.json() == {"key": key}


async def test_model_is_kept_by_the_browser_until_it_changes(admin: Browser, seller: Browser) -> None:
    first = await seller.get(f"{APP}/model")
    assert first.json()["app"] == "trading_starter"
    again = await seller.get(f"{APP}/model", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert (await admin.get(f"{APP}/model")).headers["etag"] != first.headers["etag"]


async def test_openapi_of_an_app(seller: Browser) -> None:
    document = (await seller.get(f"{APP}/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    base = f"{APP}/records/sales_order"
    assert set(document["paths"][base]) == {"get", "post"}
    assert set(document["paths"][base + "/{id}"]) == {"get", "patch", "delete"}
    schemas = document["components"]["schemas"]
    assert "total" not in schemas["sales_order.input"]["properties"]
    rows = schemas["sales_order.input"]["properties"]["lines"]["items"]["properties"]
    assert rows["quantity"]["type"] == ["string", "number", "null"]
    assert "amount" not in rows
    assert schemas["sales_order"]["properties"]["customer__title"]["readOnly"] is True
    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas
    identifiers = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(identifiers) == len(set(identifiers))


async def test_an_app_that_cannot_run_leaves_the_others_alone(admin: Browser, site_dsn: str) -> None:
    assert (await admin.post("/api/apps", {"package": small_package()})).status_code == 201
    connection = await asyncpg.connect(site_dsn)
    try:
        await connection.execute("""UPDATE dougong.app_version SET definition = '{"key": "notes"}' WHERE app = 'notes'""")
    finally:
        await connection.close()
    async with open_application(settings_for(site_dsn)) as fresh:
        browser = open_browser(fresh)
        await browser.sign_in("admin@example.com", ADMIN_PASSWORD)
        problem_of(await browser.get("/api/apps/notes/records/note"), 500, "app-broken")
        assert [app["key"] for app in (await browser.get("/api/apps")).json()["apps"]] == ["organization", "trading_starter"]
        assert (await browser.get("/api/library")).status_code == 200
        partner = (await browser.post(f"{APP}/records/partner", {"name": "deleted all the same"})).json()
        assert (await browser.ask("DELETE", f"{APP}/records/partner/{partner['id']}")).status_code == 204


def references(value: object) -> list[str]:
    """Return every `$ref` in a document."""
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for part in value.values() for found in references(part)]
    return [found for part in value for found in references(part)] if isinstance(value, list) else []


def small_package() -> dict[str, Any]:
    """Return a package of one entity, as its author wrote it."""
    return {
        "format": "dougong.app/1",
        "key": "notes",
        "version": "1.0.0",
        "name": {"zh-CN": "便签", "en": "Notes"},
        "languages": ["zh-CN", "en"],
        "entities": [
            {
                "key": "note",
                "name": {"zh-CN": "便签", "en": "Note"},
                "title": "title",
                "fields": [{"key": "title", "kind": "text", "name": {"zh-CN": "标题", "en": "Title"}, "required": True}],
            }
        ],
        "roles": [{"key": "owner", "name": {"zh-CN": "主人", "en": "Owner"}, "installer": True, "may": ["design"]}],
        "policies": [{"key": "owner_note", "role": "owner", "entity": "note", "actions": ["create", "read"]}],
    }
