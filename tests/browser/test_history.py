"""The history of a record in a real browser: what changed, the record as it was, a value taken back; on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import RECORDS, call, pick, picture
from tests.browser.orders import CUSTOMER, cell, open_new, save

CheckAxe = Callable[[Page], None]


def _changed_order(page: Page) -> str:
    """Make an order and change it: its remark, a line and another line; return its address."""
    open_new(page)
    pick(page, "客户", CUSTOMER)
    pick(page, cell("物料", 1), "丁腈浸胶手套")
    page.get_by_label("备注").fill("第一次")
    save(page)
    address = page.url
    page.get_by_role("button", name="编辑").click()
    page.get_by_role("textbox", name="备注").fill("第二次")
    page.get_by_label(cell("数量", 1)).fill("7")
    save(page)
    return address


def test_what_changed_and_what_it_was(admin_page: Page, check_axe: CheckAxe) -> None:
    page = admin_page
    _changed_order(page)
    page.get_by_role("button", name="修改历史").click()
    changes = page.get_by_role("region", name="修改历史").get_by_role("listitem")
    expect(changes).to_have_count(2)
    expect(changes.first).to_contain_text("管理员修改了记录")
    remark = changes.first.locator(".history-fields > div", has_text="备注")
    expect(remark.locator("del")).to_have_text("第一次")
    expect(remark.locator("ins")).to_have_text("第二次")
    expect(changes.first.locator(".history-row")).to_contain_text("明细：修改一行现第 1 行 丁腈浸胶手套")
    expect(changes.last).to_contain_text(CUSTOMER)
    check_axe(page)
    picture(page, "history")
    page.reload()
    expect(changes).to_have_count(2)
    page.get_by_label("字段").select_option(label="备注")
    expect(changes).to_have_count(2)
    expect(changes.first.locator(".history-row")).to_have_count(0)
    changes.last.get_by_role("button", name="查看第 1 版时的记录").click()
    expect(page.get_by_role("alert")).to_contain_text("第 1 版")
    expect(page.locator(".form-item", has_text="备注")).to_contain_text("第一次")
    check_axe(page)
    picture(page, "history-then")
    page.get_by_role("button", name="返回修改历史").click()
    expect(changes).to_have_count(2)


def test_an_earlier_value_holds_again(visit: Visit) -> None:
    with visit() as page:
        address = _changed_order(page)
    with visit(language="en", is_phone=True) as page:
        page.goto(address)
        call(page, "PATCH", "/api/session", {"language": "en"})
        page.reload()
        page.get_by_role("button", name="History").click()
        page.get_by_role("button", name="Use the earlier value of Remark again").click()
        page.get_by_role("button", name="Use it again", exact=True).click()
        entries = page.get_by_role("region", name="History").get_by_role("listitem")
        expect(entries).to_have_count(3)
        expect(entries.first.locator("ins")).to_have_text("第一次")
        picture(page, "history-phone-en")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        record_id = address.rpartition("/")[2].partition("?")[0]
        assert call(page, "GET", f"{RECORDS}/sales_order/{record_id}")["remark"] == "第一次"
        page.get_by_role("button", name="Details").click()
        expect(page.locator(".form-item", has_text="Remark")).to_contain_text("第一次")
        call(page, "PATCH", "/api/session", {"language": "zh-CN"})
