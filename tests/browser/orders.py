"""The starter's sales order as journeys fill it: a page in, an empty form, a cell, a saved record out."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.journey import APP

NEW = f"{APP}/records/sales_order/new?view=sales_orders"
CUSTOMER = "上海华东机电设备有限公司"


def open_new(page: Page) -> None:
    """Open an empty sales order."""
    page.goto(NEW)
    page.get_by_role("button", name="添加一行").wait_for()


def cell(name: str, line: int) -> str:
    """Return what a cell of the lines is called."""
    return f"{name}，第 {line} 行"


def save(page: Page) -> None:
    """Save and wait for the page of the record."""
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("button", name="编辑")).to_be_visible()


def lines(page: Page) -> list[tuple[str, str, str]]:
    """Return item, quantity and amount of each line of the form."""
    found = []
    for row in page.locator(".lines-table tbody tr").all():
        inputs = [box.input_value() for box in row.locator("input").all()]
        found.append((inputs[0], inputs[3], row.locator("output").inner_text()))
    return found
