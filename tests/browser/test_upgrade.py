"""An app is upgraded with a conflict, and a package is taken out of it: choices are made on the page, the draft is published."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import assert_accessible, call, picture
from tests.upgraded import STARTER, customized, next_version, part, starter
from tests.workshop import element, entity, package

APP = f"/api/apps/{STARTER}"


def test_a_conflict_is_decided_and_the_upgrade_published(admin_page: Page) -> None:
    page = admin_page
    draft = call(page, "GET", f"{APP}/draft")
    kept = call(page, "PUT", f"{APP}/draft", {"revision": draft["revision"], "document": customized(starter())})
    call(page, "POST", f"{APP}/versions", {"revision": kept["revision"], "note": "Ours"})
    headers = {"X-CSRF-Token": page.request.get("/api/session").json()["csrf_token"], "Content-Type": "application/octet-stream"}
    answer = page.request.post("/api/library", data=json.dumps(next_version(starter())).encode(), headers=headers)
    assert answer.ok, answer.text()
    page.goto("/library")
    page.get_by_role("link", name="可升级到 2.0.0").click()
    expect(page.get_by_role("heading", name="升级 进销存")).to_be_visible()
    expect(page.get_by_text("可升级到 2.0.0")).to_be_visible()
    conflict = page.get_by_role("group", name=re.compile("字段“电话”：名称（英文）"))
    expect(conflict.get_by_text("Telephone")).to_be_visible()
    expect(page.get_by_text("还有 1 处冲突没有选择")).to_be_visible()
    expect(page.get_by_role("button", name="放进草稿")).to_be_disabled()
    expect(page.get_by_text(re.compile("字段“website（中）”")).first).to_be_visible()
    page.get_by_role("combobox", name="应用库中的包").select_option(label="客户与企业资源管理 1.0.0")
    expect(page.get_by_role("region", name="装入 crm_erp 1.0.0 会做什么").get_by_role("button", name="放进草稿")).to_be_enabled()
    assert_accessible(page)
    picture(page, "upgrade")
    plan = page.get_by_role("region", name="升级到 2.0.0 会做什么")
    conflict.get_by_role("radio", name="新版本").check()
    plan.get_by_role("button", name="放进草稿").click()
    expect(page.get_by_role("heading", name="发布 进销存")).to_be_visible()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text(re.compile("已发布并启用"))).to_be_visible()
    document = call(page, "GET", f"{APP}/export")
    fields = {one["key"]: one["name"]["en"] for one in part(document, "entities", "partner")["fields"]}
    assert (fields["phone"], fields["contact"]) == ("Telephone", "Liaison")
    assert {"x_score", "website"} <= fields.keys() and "bank_account" not in fields
    page.get_by_role("link", name="包与升级").click()
    expect(page.get_by_text("已是最新")).to_be_visible()


def test_a_package_is_taken_out_and_what_is_used_of_it_kept(admin_page: Page) -> None:
    page = admin_page
    kind = entity("visits_kind", "name", element("name", "text", required=True))
    document = package("visits", kind, entity("visits_visit", "place", element("place", "text", required=True)), roles=[])
    document["requires"].append({"package": STARTER, "version": ">=1"})
    document["policies"] = [{**one, "role": "manager"} for one in document["policies"]]
    document["seed"] = [{"key": "first", "entity": "visits_kind", "values": {"name": "First visit"}}]
    revision = call(page, "GET", f"{APP}/draft")["revision"]
    put = call(page, "POST", f"{APP}/packages", {"package": document, "revision": revision})
    call(page, "POST", f"{APP}/versions", {"revision": put["revision"], "note": ""})
    draft = call(page, "GET", f"{APP}/draft")
    changed = draft["document"]
    changed["entities"].append(entity("x_round", "name", element("name", "text"), element("kind", "reference", to="visits_kind")))
    kept = call(page, "PUT", f"{APP}/draft", {"revision": draft["revision"], "document": changed})
    call(page, "POST", f"{APP}/versions", {"revision": kept["revision"], "note": ""})
    page.goto(f"/design/{STARTER}/upgrade")
    stand = page.get_by_role("listitem").filter(has_text="visits（中）")
    stand.get_by_role("button", name="移除").click()
    plan = page.get_by_role("region", name="移除 visits 会做什么")
    choice = plan.get_by_role("group", name="实体“visits_kind（中）”")
    expect(choice.get_by_text("实体“x_round（中）” › 字段“kind（中）”：引用的对象")).to_be_visible()
    expect(plan.get_by_text("还有 2 个元素没有决定")).to_be_visible()  # the entity, and the policy that lets people see it
    expect(plan.get_by_role("button", name="放进草稿")).to_be_disabled()
    expect(plan.get_by_text("包带来的 1 条记录留在应用中")).to_be_visible()
    choice.get_by_role("radio", name=re.compile("^移除")).check()
    expect(plan.get_by_text("有 1 个问题，需在草稿中改好")).to_be_visible()
    assert_accessible(page)
    picture(page, "remove-package")
    plan.get_by_role("button", name="全部保留").click()
    plan.get_by_role("button", name="放进草稿").click()
    expect(page.get_by_role("heading", name="发布 进销存")).to_be_visible()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text(re.compile("已发布并启用"))).to_be_visible()
    entities = {one["key"] for one in call(page, "GET", f"{APP}/export")["entities"]}
    assert {"visits_kind", "x_round"} <= entities and "visits_visit" not in entities
    assert [one["package"] for one in call(page, "GET", f"{APP}/upgrade")["packages"]] == [STARTER]


def test_it_fits_on_the_narrowest_phone_in_english(visit: Visit) -> None:
    with visit(language="en", is_phone=True) as page:
        page.set_viewport_size({"width": 390, "height": 800})
        call(page, "PATCH", "/api/session", {"language": "en"})
        try:
            page.goto(f"/design/{STARTER}/upgrade")
            expect(page.get_by_role("heading", name="Packages this app is made of")).to_be_visible()
            page.get_by_text(re.compile("^Added here: ")).click()
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert_accessible(page)
            picture(page, "upgrade-phone-en")
        finally:
            call(page, "PATCH", "/api/session", {"language": "zh-CN"})
