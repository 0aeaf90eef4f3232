"""The library in a browser: a package is uploaded, looked into, installed with demo data, which is taken out again, and uninstalled by its typed key."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.api.test_installed import shelves
from tests.browser.conftest import Visit
from tests.browser.journey import assert_accessible, call, expect_errors, picture


def test_a_package_comes_is_used_and_goes(admin_page: Page, tmp_path: Path) -> None:
    page = admin_page
    document = shelves("reading", name={"zh-CN": "书架", "en": "Shelves"}, description={"zh-CN": "书放在哪里", "en": "Where books are"})
    good, wrong = tmp_path / "reading.json", tmp_path / "wrong.json"
    good.write_text(json.dumps(document), encoding="utf-8")
    wrong.write_text(json.dumps(document)[:-1] + ', "colour": "red"}', encoding="utf-8")
    page.goto("/library")
    expect(page.get_by_role("heading", name="应用库")).to_be_visible()
    assert_accessible(page)
    picture(page, "library")

    expect_errors(page, "422")
    page.get_by_label("上传应用包").set_input_files(wrong)
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("没有属性“colour”")
    expect(refused).to_contain_text("/colour")
    page.get_by_label("上传应用包").set_input_files(good)
    window = page.get_by_role("dialog", name="书架")
    expect(window.get_by_text("2 个实体")).to_be_visible()
    expect(window.get_by_text("6 条演示记录")).to_be_visible()
    expect(window.get_by_text(re.compile("sha256:"))).to_be_visible()
    expect(refused).to_have_count(0)
    assert_accessible(page)
    picture(page, "library-details")
    window.get_by_role("button", name="安装", exact=True).click()
    expect(page).to_have_url(re.compile("/apps/reading"))

    page.goto("/library")
    page.get_by_role("button", name="“书架”的详情").click()
    window = page.get_by_role("dialog", name="书架")
    expect(window.get_by_text("演示数据：6 条中有 6 条在使用")).to_be_visible()
    window.get_by_role("button", name="删除演示数据").click()
    page.get_by_role("alertdialog").get_by_role("button", name="删除演示数据").click()
    expect(window.get_by_text("6 条记录已移到回收站。")).to_be_visible()
    expect(window.get_by_role("button", name="装入演示数据")).to_be_visible()
    picture(page, "library-installed")

    window.get_by_role("button", name="卸载").click()
    asked = page.get_by_role("alertdialog", name="卸载“书架”")
    expect(asked.get_by_text(re.compile("6 条记录"))).to_be_visible()
    going = asked.get_by_role("button", name="卸载")
    expect(going).to_be_disabled()
    asked.get_by_label(re.compile("请输入应用的标识 reading")).fill("reading")
    assert_accessible(page)
    picture(page, "library-uninstall")
    going.click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    tile = page.get_by_role("listitem").filter(has_text="书架")
    expect(tile.get_by_role("button", name="安装")).to_be_visible()
    assert "reading" not in {one["key"] for one in call(page, "GET", "/api/apps")["apps"]}


def test_it_fits_on_a_phone_in_english(visit: Visit) -> None:
    with visit(language="en", is_phone=True) as page:
        page.set_viewport_size({"width": 390, "height": 800})
        call(page, "PATCH", "/api/session", {"language": "en"})
        try:
            page.goto("/library")
            page.get_by_role("button", name="Details of Trading").tap()
            window = page.get_by_role("dialog", name="Trading")
            expect(window.get_by_text("Entities: 5")).to_be_visible()
            expect(window.get_by_role("button", name="Remove demo data")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert_accessible(page)
            picture(page, "library-details-phone-en")
            window.get_by_role("button", name="Uninstall").tap()
            expect(page.get_by_role("alertdialog").get_by_text("There is no way back but a backup.")).to_be_visible()
            picture(page, "library-uninstall-phone-en")
        finally:
            call(page, "PATCH", "/api/session", {"language": "zh-CN"})
