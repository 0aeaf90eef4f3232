"""The search over the page: by keys and by its button, for records and pages, in Chinese, pinyin and English, on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import APP, FRAMES, call, picture, records

CheckAxe = Callable[[Page], None]
COMPOSE = """box => {
  box.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}));
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(box, 'zzqq');
  box.dispatchEvent(new InputEvent('input', {bubbles: true, data: 'zzqq', isComposing: true}));
  box.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, cancelable: true, key: 'Enter', isComposing: true}));
}"""


def marked(page: Page) -> Locator:
    """Return the line that Enter opens."""
    return page.get_by_role("option", selected=True)


def test_records_and_pages_are_found_by_the_keyboard(admin_page: Page, check_axe: CheckAxe) -> None:
    """Ctrl+K, a few letters, Enter; what was opened is offered the next time, and Escape gives the focus back."""
    page = admin_page
    customer = records(page, "partner", limit="1", filter="is_customer", sort="name")[0]["name"]
    page.goto(f"{APP}/views/sales_orders")
    expect(page.get_by_role("grid").get_by_role("row").nth(2)).to_be_visible()
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="搜索记录和页面")
    expect(box).to_be_focused()
    page.keyboard.type(customer)
    expect(marked(page)).to_contain_text(customer)
    expect(page.locator("mark").first).to_have_text(customer)
    picture(page, "search")
    check_axe(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=customer)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    page.keyboard.type("cgdd")  # 采购订单
    expect(marked(page)).to_contain_text("采购订单")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/views/purchase_orders$"))

    page.get_by_role("button", name="搜索", exact=True).click()
    opened = page.get_by_role("group", name="最近打开").get_by_role("option")
    expect(opened).to_contain_text([customer, "销售订单"])
    box.evaluate(COMPOSE)  # what an input method has not finished is no word, and its Enter opens nothing
    page.evaluate(FRAMES)
    expect(opened).to_contain_text([customer, "销售订单"])
    picture(page, "search-recent")
    box.fill("没有这样的东西")
    expect(page.get_by_role("status").filter(has_text="没有找到“没有这样的东西”")).to_be_visible()
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="搜索", exact=True)).to_be_focused()

    page.goto("/design/trading_starter/forms/sales_order")
    expect(page.locator("[data-palette]").first).to_be_visible()
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    page.keyboard.type("销售订单")
    expect(page.get_by_role("group", name="页面").get_by_role("option").first).to_contain_text("销售订单")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("[data-palette]").first).to_be_visible()


def test_on_a_phone_all_apps_are_searched_in_english(visit: Visit, check_axe: CheckAxe) -> None:
    """The button stands in the bar of every page; at the start records of every app are found, and Enter may come before the answer."""
    with visit(language="en", is_phone=True) as page:
        call(page, "PATCH", "/api/session", {"language": "en"})
        item = records(page, "item", limit="1")[0]
        page.goto("/")
        page.get_by_role("button", name="Search", exact=True).click()
        box = page.get_by_role("combobox", name="Search records and pages")
        box.fill(item["code"].lower())
        expect(marked(page)).to_contain_text(item["name"])
        expect(page.locator(".search-window-piece mark").first).to_have_text(item["code"])
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        picture(page, "search-phone-en")
        check_axe(page)
        box.fill("")
        box.fill(item["code"])
        box.press("Enter")
        expect(page.get_by_role("heading", name=item["name"])).to_be_visible()
        call(page, "PATCH", "/api/session", {"language": "zh-CN"})
