"""Lists summed up in a real browser: values with counts, groups that open, sums at the foot, columns of references, words marked; phone."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import APP, call, picture
from tests.browser.test_list import ITEMS, ORDERS, column, open_list

CheckAxe = Callable[[Page], None]
DRAFT = "/api/apps/trading_starter/draft"


def number(text: str) -> float:
    """Return a number as it is shown."""
    return float(text.replace(",", ""))


def test_values_with_their_counts_narrow_a_list(admin_page: Page, check_axe: CheckAxe) -> None:
    """Each value says how many records have it under the choices of the other fields; a click chooses it or takes it back."""
    page = admin_page
    open_list(page, ORDERS)
    page.get_by_role("button", name="常见值").click()
    panel = page.get_by_role("complementary", name="常见值")
    state = panel.get_by_role("group", name="状态")
    value = state.locator("label").first
    name, count = value.locator(".facet-name").inner_text(), value.locator(".facet-count").inner_text()
    check_axe(page)
    value.get_by_role("checkbox").click()
    expect(value.get_by_role("checkbox")).to_be_checked()
    expect(page.locator(".list-total")).to_have_text(f"共 {count} 条")
    expect(page.get_by_role("grid").get_by_role("row").nth(1)).to_be_visible()
    assert set(column(page, "状态")) == {name}
    expect(page).to_have_url(re.compile("f=state%3Ain%3A|f=state:in:"))
    expect(state.locator("label")).not_to_have_count(1)  # its own other values can still be chosen
    panel.get_by_role("group", name="客户").locator("label").first.get_by_role("checkbox").click()
    expect(page.locator(".chip")).to_have_count(2)
    picture(page, "list-facets")
    value.get_by_role("checkbox").click()
    expect(page.locator(".chip")).to_have_count(1)


def test_groups_open_to_their_records(admin_page: Page, check_axe: CheckAxe) -> None:
    """Groups have the number of their records and the sums of the columns; by keyboard too they open and lead on to a list."""
    page = admin_page
    open_list(page, ORDERS)
    total = number(page.locator(".list-foot dd").last.inner_text())
    page.get_by_role("button", name="分组").click()
    page.get_by_role("menu").get_by_text("状态", exact=True).click()
    table = page.get_by_role("table", name="按“状态”分组")
    rows = table.locator("tr.group")
    expect(rows.first).to_be_visible()
    heads = table.get_by_role("columnheader").all_inner_texts()
    sums = [number(text) for text in rows.locator(f"td:nth-child({heads.index('总金额') + 1})").all_inner_texts()]
    assert round(sum(sums), 2) == total
    check_axe(page)
    first = rows.first.get_by_role("button")
    name, count = first.inner_text().strip(), rows.first.locator("td").first.inner_text()
    first.focus()
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-expanded", "true")
    expect(table.get_by_role("link").first).to_be_visible()
    picture(page, "list-groups")
    page.get_by_role("button", name=f"在列表中显示这 {count} 条").click()
    expect(page.locator(".list-total")).to_have_text(f"共 {count} 条")
    expect(page.get_by_text(f"状态 是 {name}")).to_be_visible()


def test_search_by_pinyin_marks_what_it_finds(admin_page: Page) -> None:
    """Initials find Chinese, words found are marked, and what only comes near says so."""
    page = admin_page
    open_list(page, f"{APP}/views/customers")
    box = page.get_by_role("searchbox", name="搜索")
    box.fill("shhd")
    expect(page.get_by_role("gridcell", name="上海华东").last).to_be_visible()
    expect(page.locator(".list-total")).to_have_text("共 1 条")
    box.fill("华东")
    expect(page.locator("mark", has_text="华东").first).to_be_visible()
    box.fill("上海华冬")
    expect(page.get_by_role("status").filter(has_text="以下为相近的记录")).to_be_visible()
    expect(page.get_by_role("gridcell", name="上海华东").last).to_be_visible()
    picture(page, "list-similar")


def test_a_view_shows_what_references_lead_to(admin_page: Page, visit: Visit) -> None:
    """A column of the customer's stands among those of the order and is sorted like them; the foot has the sums."""
    page = admin_page
    page.goto(ITEMS)
    draft = call(page, "GET", DRAFT)
    view = next(one for one in draft["document"]["views"] if one["key"] == "sales_orders")
    view["columns"].insert(2, {"key": "customer.phone"})
    kept = call(page, "PUT", DRAFT, {"revision": draft["revision"], "document": draft["document"]})
    call(page, "POST", "/api/apps/trading_starter/versions", {"revision": kept["revision"], "note": ""})
    open_list(page, ORDERS)
    heading = page.get_by_role("columnheader", name="客户 · 电话")
    heading.click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    expect(page).to_have_url(re.compile(r"sort=customer\.phone"))
    expect(page.get_by_text("总金额合计")).to_be_visible()
    picture(page, "list-paths")
    with visit(is_phone=True) as phone:
        phone.goto(ORDERS)
        phone.get_by_role("button", name="常见值").click()
        dialog = phone.get_by_role("dialog", name="常见值")
        expect(dialog.locator("label").first).to_be_visible()
        picture(phone, "list-facets-phone")
        dialog.locator("label").first.click()
        phone.keyboard.press("Escape")
        expect(phone.locator(".chip")).to_have_count(1)
        phone.goto(f"{ORDERS}?g=customer")
        expect(phone.locator("tr.group").first).to_be_visible()
        phone.locator("tr.group button").first.click()
        picture(phone, "list-groups-phone")
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
