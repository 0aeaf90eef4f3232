"""Versions in a real browser: what one changed is read in words, and an earlier one comes back with the data of a removed field."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import assert_accessible, call, expect_errors, picture

KEY = "versions_shown"
APP = f"/api/apps/{KEY}"


def installed(page: Page) -> dict[str, Any]:
    """Install a small app, unless that is done, and return its document."""
    name = {"zh-CN": "卡片", "en": "Cards"}
    fields = [
        {"key": "name", "kind": "text", "name": {"zh-CN": "名称", "en": "Name"}},
        {"key": "shelf", "kind": "text", "name": {"zh-CN": "货位", "en": "Shelf"}},
        {"key": "n", "kind": "number", "name": {"zh-CN": "数量", "en": "Quantity"}},
        {"key": "twice", "kind": "number", "name": {"zh-CN": "两倍", "en": "Twice"}, "formula": "n * 2"},
    ]  # fmt: skip
    document = {
        "format": "dougong.app/1", "key": KEY, "name": name, "requires": [{"package": "organization", "version": ">=1.0,<2"}],
        "entities": [{"key": "card", "name": name, "title": "name", "fields": fields}],
        "roles": [{"key": "chief", "name": {"zh-CN": "主管", "en": "Chief"}, "installer": True, "may": ["design", "publish"]}],
        "policies": [{"key": "chief", "role": "chief", "entity": "card", "actions": ["create", "read", "update", "delete"]}],
    }  # fmt: skip
    if KEY not in {app["key"] for app in call(page, "GET", "/api/apps")["apps"]}:
        call(page, "POST", "/api/apps", {"package": document})
    return document


def publish(page: Page, document: dict[str, Any], note: str) -> None:
    """Publish a document as the next version."""
    draft = call(page, "GET", f"{APP}/draft")
    kept = call(page, "PUT", f"{APP}/draft", {"revision": draft["revision"], "document": document})
    call(page, "POST", f"{APP}/versions", {"revision": kept["revision"], "note": note})


def test_an_earlier_version_comes_back_with_its_data(admin_page: Page) -> None:
    page = admin_page
    document = installed(page)
    card = call(page, "POST", f"{APP}/records/card", {"name": "a", "shelf": "B-7", "n": "2"})
    changed = deepcopy(document)
    fields = changed["entities"][0]["fields"]
    fields[2]["name"] = {"zh-CN": "件数", "en": "Pieces"}
    fields[3]["formula"] = "n * 3"
    del fields[1]
    publish(page, changed, "不要货位")

    page.goto(f"/design/{KEY}/publish")
    page.get_by_role("link", name="比较与恢复").click()
    page.get_by_role("button", name="版本 2 改了什么").click()
    entities = page.get_by_role("region", name="实体")
    expect(entities.get_by_text("实体“卡片” › 字段“件数”：原名“数量”")).to_be_visible()
    formula = entities.get_by_role("listitem").filter(has_text="字段“两倍”：公式")
    expect(formula).to_contain_text("数量 * 2 → 件数 * 3")
    expect(entities.get_by_role("listitem").filter(has_text="移除")).to_contain_text("字段“货位”")
    renamed = entities.get_by_role("listitem").filter(has_text="原名")
    renamed.get_by_text("用在哪里").click()
    expect(renamed.get_by_text("实体“卡片” › 字段“两倍”：公式")).to_be_visible()
    assert_accessible(page)
    picture(page, "versions")

    page.get_by_role("button", name="恢复到版本 1").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile("版本 1 的内容将作为新版本发布"))).to_be_in_viewport()
    expect(dialog.get_by_text("将有 3 处改变")).to_be_visible()
    dialog.get_by_label("说明").fill("货位还是要的")
    assert_accessible(page)
    picture(page, "versions-restore")
    dialog.get_by_role("button", name="恢复", exact=True).click()
    expect(page.get_by_text("已恢复，版本 3 正在使用。")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="货位还是要的")).to_contain_text("使用中")
    back = call(page, "GET", f"{APP}/records/card/{card['id']}")
    assert (back["shelf"], back["twice"]) == ("B-7", "4")


def test_retired_data_is_purged_only_when_the_key_is_typed(admin_page: Page) -> None:
    page = admin_page
    document = installed(page)
    call(page, "POST", f"{APP}/records/card", {"name": "b", "shelf": "C-1"})
    gone = deepcopy(document)
    del gone["entities"][0]["fields"][1]
    publish(page, gone, "")
    page.goto(f"/design/{KEY}/versions")
    page.get_by_role("button", name="查看停用的数据").click()
    page.get_by_role("checkbox", name=re.compile("^卡片 › 货位")).check()
    page.get_by_role("button", name="彻底清除…").scroll_into_view_if_needed()
    picture(page, "versions-retired")
    page.get_by_role("button", name="彻底清除…").click()
    dialog = page.get_by_role("alertdialog")
    dialog.get_by_label(re.compile("输入应用的标识")).fill("versions")
    expect(dialog.get_by_role("button", name="彻底清除")).to_be_disabled()
    dialog.get_by_label(re.compile("输入应用的标识")).fill(KEY)
    expect_errors(page, "422")
    dialog.get_by_role("button", name="彻底清除").click()
    expect(dialog.get_by_text("“卡片 › 货位”刚刚停用，请一分钟后再清除。")).to_be_visible()
    assert_accessible(page)
    picture(page, "versions-purge")
    assert [one["name"] for one in call(page, "GET", f"{APP}/retired")["retired"]] == ["card.shelf"]


def test_versions_fit_on_a_phone_in_english(visit: Visit) -> None:
    with visit(language="en", is_phone=True) as page:
        page.set_viewport_size({"width": 390, "height": 800})
        installed(page)
        call(page, "PATCH", "/api/session", {"language": "en"})
        try:
            page.goto(f"/design/{KEY}/versions?from=1&to=draft")
            expect(page.get_by_role("heading", name="Compare")).to_be_visible()
            expect(page.get_by_label("To", exact=True)).to_have_value("draft")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert_accessible(page)
            picture(page, "versions-phone-en")
        finally:
            call(page, "PATCH", "/api/session", {"language": "zh-CN"})
