"""Importing by hand: a file is dropped in, columns are looked over, errors are shown by cell, the records are written and undone; on a phone too."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import APP, assert_accessible, call, picture, records

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_of(*rows: list[Any]) -> FilePayload:
    """Return a file to be chosen."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return {"name": "往来单位.xlsx", "mimeType": XLSX, "buffer": out.getvalue()}


def test_a_file_is_imported_and_undone(admin_page: Page) -> None:
    page = admin_page
    page.goto(f"{APP}/views/customers")
    page.get_by_role("button", name="更多").click()
    page.get_by_role("menuitem", name="导入…").click()
    expect(page.get_by_role("heading", name="导入：往来单位")).to_be_visible()
    picture(page, "import-upload")
    page.locator('input[type="file"]').set_input_files(file_of(["名称", "等级", "额度"], ["导入甲", "A 级", 5], ["导入甲", "Z", "many"]))
    level = page.get_by_label("“等级”对应的字段")
    expect(level).to_have_value("level")
    page.get_by_label("“额度”对应的字段").select_option("credit_limit")
    assert_accessible(page)
    picture(page, "import-mapping")
    page.get_by_role("button", name="检查文件").click()
    expect(page.get_by_role("alert")).to_contain_text("3 处错误")
    expect(page.get_by_role("row", name=re.compile("B3"))).to_be_visible()
    assert_accessible(page)
    picture(page, "import-errors")
    page.get_by_role("button", name="只导入正确的 1 条").click()
    expect(page.get_by_role("button", name="检查文件")).to_be_visible()
    page.get_by_role("button", name="检查文件").click()
    page.get_by_role("button", name="导入 1 条记录").click()
    expect(page.get_by_text("已导入 1 条记录")).to_be_visible()
    assert [one["credit_limit"] for one in records(page, "partner", filter='name = "导入甲"')] == ["5"]
    picture(page, "import-done")
    page.get_by_role("button", name="撤销这次导入").click()
    page.get_by_role("alertdialog").get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_text("1 条记录已恢复原样")).to_be_visible()
    assert records(page, "partner", filter='name = "导入甲"') == []


def test_it_fits_on_a_phone_in_english(visit: Visit) -> None:
    with visit(language="en", is_phone=True) as page:
        page.set_viewport_size({"width": 390, "height": 844})
        call(page, "PATCH", "/api/session", {"language": "en"})
        try:
            page.goto(f"{APP}/import?entity=partner")
            page.locator('input[type="file"]').set_input_files(file_of(["Name", "Level"], ["Phone import", "Q"]))
            expect(page.get_by_label("Field for Name")).to_have_value("name")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            picture(page, "import-mapping-phone-en")
            page.get_by_role("button", name="Check the file").click()
            expect(page.get_by_role("row", name=re.compile("B2"))).to_be_visible()
            assert_accessible(page)
            picture(page, "import-errors-phone-en")
        finally:
            call(page, "PATCH", "/api/session", {"language": "zh-CN"})


def test_the_list_goes_out_as_a_file(admin_page: Page) -> None:
    page = admin_page
    page.goto(f"{APP}/views/customers?search=华东")
    page.get_by_role("button", name="更多").click()
    with page.expect_download() as taken:
        page.get_by_role("menuitem", name="导出 Excel").click()
    sheet = openpyxl.load_workbook(io.BytesIO(taken.value.path().read_bytes())).active
    assert sheet["A1"].value == "名称"


def test_a_sheet_becomes_an_entity_in_the_designer(admin_page: Page) -> None:
    page = admin_page
    page.goto(f"{APP}/views/customers")
    page.get_by_role("link", name="从电子表格新建").click()
    page.locator('input[type="file"]').set_input_files(file_of(["工号", "姓名", "入职日期"], ["001", "张三", "2026-01-02"], ["002", "李四", "2026-02-03"]))
    page.get_by_role("button", name="用这张表新建实体").click()
    page.get_by_role("textbox", name="实体名称").fill("员工")
    page.get_by_role("button", name="新建并打开设计器").click()
    expect(page).to_have_url(re.compile("/design/trading_starter/forms/yuan_gong"))
    expect(page.get_by_text("入职日期").first).to_be_visible()
    picture(page, "import-new-entity")
    call(page, "DELETE", "/api/apps/trading_starter/draft")
