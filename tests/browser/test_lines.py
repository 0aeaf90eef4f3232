"""Lines of a form in a real browser: by keyboard, by mouse and by touch, from a spreadsheet, as a Chinese keyboard writes."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import pick
from tests.browser.orders import CUSTOMER, cell, lines, open_new


def test_lines_by_keyboard_alone(admin_page: Page) -> None:
    """Tab goes right, Enter goes down and adds, Ctrl+D copies, Alt+arrow moves, Ctrl+Delete takes out, Ctrl+S saves."""
    page = admin_page
    open_new(page)
    pick(page, "客户", CUSTOMER)
    page.get_by_label(cell("物料", 1), exact=True).focus()
    keys = page.keyboard
    keys.type("丁腈")
    keys.press("Enter")
    for _ in range(3):
        keys.press("Tab")
    expect(page.get_by_label(cell("数量", 1))).to_be_focused()
    expect(page.get_by_label(cell("物料", 1), exact=True)).to_have_value("丁腈浸胶手套")
    expect(page.get_by_label(cell("单位", 1))).to_have_value("双")
    keys.press("Shift+Tab")
    expect(page.get_by_label(cell("单位", 1))).to_be_focused()
    keys.press("Tab")  # what holds a value has as many stops as what is empty
    expect(page.get_by_label(cell("数量", 1))).to_be_focused()
    keys.type("4")
    keys.press("Control+d")
    expect(page.get_by_label(cell("数量", 2))).to_be_focused()
    keys.type("6")
    keys.press("Alt+ArrowUp")
    expect(page.get_by_label(cell("数量", 1))).to_be_focused()
    assert lines(page) == [("丁腈浸胶手套", "6", "21.60"), ("丁腈浸胶手套", "4", "14.40")]
    keys.press("ArrowDown")
    expect(page.get_by_label(cell("数量", 2))).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_label(cell("物料", 3), exact=True)).to_be_focused()
    keys.press("Control+Delete")
    expect(page.get_by_label(cell("物料", 2), exact=True)).to_be_focused()
    expect(page.locator('[data-field="total"] output')).to_have_text("36.00")
    keys.press("Control+s")
    expect(page.get_by_role("heading", name=re.compile(r"SO-\d+"))).to_be_visible()
    expect(page.locator('[data-field="total"] output')).to_have_text("36.00")


def test_cells_are_light_until_one_is_at_them(visit: Visit) -> None:
    """Of many lines only the cell somebody is at has the parts of a list; mouse, keyboard and a tap all come to them."""
    with visit() as page:
        open_new(page)
        block = "\n".join(f"丁腈浸胶手套\t\t双\t{number}" for number in range(1, 61))
        page.get_by_label(cell("物料", 1), exact=True).click()
        page.evaluate("text => navigator.clipboard.writeText(text)", block)
        page.keyboard.press("Control+v")
        expect(page.get_by_label(cell("单位", 60))).to_have_value("双")
        expect(page.get_by_label(cell("物料", 60), exact=True)).to_have_value("丁腈浸胶手套")
        assert page.locator(".lines-table :is(.ant-select, .box-light):has([role=combobox])").count() <= 2
        page.get_by_label(cell("单位", 40)).click()
        page.get_by_role("option", name="箱").click()
        expect(page.get_by_label(cell("单位", 40))).to_have_value("箱")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        expect(page.get_by_label(cell("物料", 40), exact=True)).to_be_focused()
        page.keyboard.type("带座轴承")
        page.keyboard.press("Tab")
        expect(page.get_by_label(cell("物料", 40), exact=True)).to_have_value("带座轴承")
    with visit(is_phone=True) as page:
        page.set_viewport_size({"width": 1024, "height": 768})
        open_new(page)
        page.get_by_label(cell("物料", 1), exact=True).tap()
        page.get_by_role("option", name="带座轴承").tap()
        expect(page.get_by_label(cell("物料", 1), exact=True)).to_have_value("带座轴承")


def test_the_cell_with_the_focus_is_seen(admin_page: Page) -> None:
    """Where a table is wider than the window, no cell that gets the focus lies under the buttons of its line."""
    page = admin_page
    page.set_viewport_size({"width": 800, "height": 700})
    open_new(page)
    page.get_by_label(cell("单价", 1)).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_label(cell("折扣 %", 1))).to_be_focused()
    box, buttons = page.get_by_label(cell("折扣 %", 1)).bounding_box(), page.locator(".lines-row .lines-actions").bounding_box()
    assert box is not None
    assert buttons is not None
    assert box["x"] + box["width"] <= buttons["x"] + 1


def test_a_number_as_a_chinese_keyboard_gives_it(admin_page: Page) -> None:
    """Full-width digits and the Chinese full stop are a number; the totals follow."""
    page = admin_page
    open_new(page)
    pick(page, cell("物料", 1), "丁腈浸胶手套")
    page.get_by_label(cell("数量", 1)).fill("１２。５")
    expect(page.locator('[data-field="total"] output')).to_have_text("45.00")
    page.keyboard.press("Tab")
    expect(page.get_by_label(cell("数量", 1))).to_have_value("12.5")


def test_a_block_from_a_spreadsheet(admin_page: Page) -> None:
    """Cells go right and down, lines are added, what does not fit is said at its cell and the rest is kept."""
    page = admin_page
    open_new(page)
    block = "丁腈浸胶手套\t\t双\t1,000\t３.5\r\n没有这个物料\t\t\t2\r\n深沟球轴承 6204\t\t个\t七\t16\r\n"
    page.get_by_label(cell("物料", 1), exact=True).click()
    page.evaluate("text => navigator.clipboard.writeText(text)", block)
    page.keyboard.press("Control+v")
    expect(page.get_by_text("没有找到“没有这个物料”")).to_be_visible()
    expect(page.get_by_text("“七”不适合这一列")).to_be_visible()
    expect(page.get_by_label(cell("物料", 3), exact=True)).to_have_value("深沟球轴承 6204")
    assert [(item, amount) for item, _, amount in lines(page)] == [("丁腈浸胶手套", "3,500.00"), ("", "0.00"), ("深沟球轴承 6204", "16.00")]
