"""Many records at once in a real browser: selected, changed, deleted, undone; the trash, and what was done lately."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import APP, RECORDS, call, picture, records

ITEMS = f"{APP}/views/items"
CheckAxe = Callable[[Page], None]


def make_items(page: Page, prefix: str, count: int) -> list[str]:
    """Make items whose codes and names begin alike; return their codes."""
    codes = [f"{prefix}-{number:02}" for number in range(count)]
    values = {"category": "transmission", "unit": "piece", "price": "10", "cost_price": "4"}
    changes = [{"action": "create", "values": {"code": code, "name": f"{prefix} {code}", **values}} for code in codes]
    assert call(page, "POST", f"{RECORDS}/item/bulk", {"changes": changes})["saved"] == count
    return codes


def open_items(page: Page, search: str) -> Locator:
    """Open the list of the items that were found; return its rows, the heading left out."""
    page.goto(f"{ITEMS}?q={search}")
    rows = page.get_by_role("grid").get_by_role("row")
    rows.nth(1).wait_for()
    return rows


def values(page: Page, prefix: str, key: str) -> list[object]:
    """Return what the items hold by now, in the order of their codes."""
    return [record[key] for record in records(page, "item", search=prefix, sort="code", limit="200")]


def test_records_are_selected_changed_by_formula_and_undone(admin_page: Page, check_axe: CheckAxe) -> None:
    """A range by mouse and a row by keyboard; a formula for each; one click takes all of it back."""
    page = admin_page
    codes = make_items(page, "ZQA", 6)
    open_items(page, "ZQA")
    boxes = page.get_by_role("checkbox", name=re.compile("^选择第 "))
    boxes.nth(0).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.get_by_text("已选 4 条")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    expect(page.get_by_text("已选 5 条")).to_be_visible()
    picture(page, "changes-selected")
    check_axe(page)
    page.get_by_role("button", name="修改", exact=True).click()
    page.get_by_label("字段", exact=True).select_option("price")
    page.get_by_label("用公式从每条记录算出").check()
    page.get_by_label("公式", exact=True).fill("price * 2 + 1")
    picture(page, "changes-edit")
    check_axe(page)
    page.get_by_role("button", name="修改 5 条").click()
    undo = page.get_by_role("button", name="撤销", exact=True)
    expect(undo).to_be_visible()
    assert sorted(str(price) for price in values(page, "ZQA", "price")) == ["10", *["21"] * 5]
    picture(page, "changes-changed")
    undo.click()
    expect(page.get_by_text("已撤销 5 条记录的更改")).to_be_visible()
    assert values(page, "ZQA", "price") == ["10"] * len(codes)


def test_all_that_match_are_changed_and_those_that_cannot_be_are_listed(admin_page: Page) -> None:
    """Also records that are not on the screen; a rule keeps some as they are, and says why."""
    page = admin_page
    make_items(page, "ZQB", 4)
    open_items(page, "ZQB")
    page.get_by_role("checkbox", name="选择已显示的所有记录").check()
    page.get_by_role("button", name="修改", exact=True).click()
    page.get_by_label("字段", exact=True).select_option("code")
    page.get_by_role("textbox", name=re.compile("编码|编号|料号")).fill("ZQB-same")
    page.get_by_role("button", name="修改 4 条").click()
    refused = page.get_by_role("alertdialog")
    expect(refused.get_by_text("已存在").first).to_be_visible()
    picture(page, "changes-refused")
    page.get_by_role("button", name="关闭").first.click()
    assert values(page, "ZQB", "code").count("ZQB-same") == 1


def test_deleted_records_come_back_from_the_trash_or_by_undo(admin_page: Page, check_axe: CheckAxe) -> None:
    """Records others point to stay and are listed; the rest goes, and comes back one by one or all together."""
    page = admin_page
    codes = make_items(page, "ZQC", 3)
    open_items(page, "ZQC")
    page.get_by_role("checkbox", name="选择已显示的所有记录").check()
    page.get_by_role("button", name="删除", exact=True).click()
    page.get_by_role("alertdialog").get_by_role("button", name="删除").click()
    expect(page.get_by_text("已把 3 条记录移到回收站")).to_be_visible()
    assert values(page, "ZQC", "code") == []
    page.goto(f"{APP}/trash/item")
    expect(page.get_by_role("list", name="回收站").get_by_role("listitem")).to_have_count(3)
    expect(page.get_by_text("管理员 删除于").first).to_be_visible()
    picture(page, "changes-trash")
    check_axe(page)
    page.get_by_role("button", name=re.compile(f"^恢复 .*{codes[1]}")).click()
    expect(page.get_by_text("已恢复 1 条记录")).to_be_visible()
    assert values(page, "ZQC", "code") == [codes[1]]
    page.goto(f"{APP}/changes?channel=bulk")
    entry = page.get_by_role("list", name="最近的更改").get_by_role("listitem").filter(has_text="移到回收站")
    entry.first.wait_for()
    picture(page, "changes-list")
    check_axe(page)
    entry.first.get_by_role("button", name="查看并撤销").click()
    expect(page.get_by_role("dialog").get_by_text("已不在回收站")).to_be_visible()
    picture(page, "changes-undo")
    page.get_by_role("dialog").get_by_role("button", name="撤销", exact=True).click()
    expect(page.get_by_text("已撤销 2 条记录的更改")).to_be_visible()
    assert values(page, "ZQC", "code") == codes


def test_on_a_phone_and_in_english(visit: Visit, check_axe: CheckAxe) -> None:
    """Cards are picked after one has asked for it; the bar fits the width."""
    with visit(is_phone=True, language="en") as page:
        page.set_viewport_size({"width": 390, "height": 800})
        call(page, "PATCH", "/api/session", {"language": "en"})
        make_items(page, "ZQD", 3)
        page.goto(f"{ITEMS}?q=ZQD")
        page.get_by_role("list", name="Items").get_by_role("listitem").nth(2).wait_for()
        page.get_by_role("button", name="Jump").click()
        page.get_by_role("menuitem", name="Select records").click()
        page.get_by_role("checkbox", name=re.compile("^Select ")).nth(1).check()
        expect(page.get_by_text("1 selected")).to_be_visible()
        picture(page, "changes-phone")
        check_axe(page)
        page.get_by_role("button", name="Delete", exact=True).click()
        page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
        expect(page.get_by_text("1 record moved to the trash")).to_be_visible()
        page.goto(f"{APP}/trash/item")
        page.get_by_role("button", name=re.compile("^Restore ")).first.wait_for()
        picture(page, "changes-phone-trash")
        check_axe(page)
        page.goto(f"{APP}/changes")
        page.get_by_role("button", name="Look and undo").first.click()
        page.get_by_role("dialog").get_by_text("comes back").wait_for()
        picture(page, "changes-phone-undo")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.get_by_role("dialog").get_by_role("button", name="Undo", exact=True).click()
        expect(page.get_by_text("Undone for 1 record")).to_be_visible()
