"""What is written fits where it stands: in English, whose words are longer, on a desk and on the narrowest phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import Visit
from tests.browser.journey import APP, call, expect_errors, picture, records

NARROW: ViewportSize = {"width": 360, "height": 740}
CUT = """selector => [...document.querySelectorAll(selector)]
  .filter(part => part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 4).map(part => part.innerText)"""


@pytest.fixture
def english_desk(visit: Visit) -> Iterator[Page]:
    """Open the product in English on a desk, and leave the administrator's language as it was."""
    with visit(language="en") as page:
        call(page, "PATCH", "/api/session", {"language": "en"})
        yield page
        call(page, "PATCH", "/api/session", {"language": "zh-CN"})


@pytest.fixture
def english_phone(visit: Visit) -> Iterator[Page]:
    """Open the product in English on a phone of 360 px."""
    with visit(language="en", is_phone=True) as page:
        page.set_viewport_size(NARROW)
        call(page, "PATCH", "/api/session", {"language": "en"})
        yield page
        call(page, "PATCH", "/api/session", {"language": "zh-CN"})


@pytest.mark.parametrize("view", ["sales_orders", "stock_movements", "customers"])
def test_columns_have_room_for_their_headings_and_choices(english_desk: Page, view: str) -> None:
    """A width chosen for Chinese words is a wish; no heading and no choice is cut."""
    page = english_desk
    page.goto(f"{APP}/views/{view}")
    expect(page.get_by_role("grid").get_by_role("row").nth(2)).to_be_visible()
    assert page.evaluate(CUT, ".grid [role=columnheader], .grid [role=columnheader] > span > span:first-child") == []
    assert page.evaluate(CUT, ".grid [role=gridcell]:has(.tag)") == []
    picture(page, f"list-en-{view}")


def test_cards_and_tiles_on_the_narrowest_phone(english_phone: Page) -> None:
    """Dates stand in full on the cards of a list; what an app is for is not a column of single words."""
    page = english_phone
    page.goto(f"{APP}/views/sales_orders")
    expect(page.get_by_text("Delivery date").first).to_be_visible()
    assert page.evaluate(CUT, ".card dd") == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(page, "list-phone-en")
    page.goto("/library")
    texts = page.locator(".tile-text")
    expect(texts.first).to_be_visible()
    assert min(box["width"] for text in texts.all() if (box := text.bounding_box())) > 200
    picture(page, "library-phone-en")


def test_a_conflict_on_the_narrowest_phone(english_phone: Page) -> None:
    """The names of fields stay whole, and what was typed long does not squeeze them."""
    page = english_phone
    order = records(page, "sales_order", limit="4", filter='state = "draft"')[0]
    place = f"/api/apps/trading_starter/records/sales_order/{order['id']}"
    page.goto(f"{APP}/records/sales_order/{order['id']}/edit?view=sales_orders")
    page.get_by_label("Remark").fill("leave it at the gate " * 5)
    read = call(page, "GET", place)
    call(page, "PATCH", place, {"revision": read["revision"], "remark": "theirs"})
    expect_errors(page, "409")
    page.get_by_role("button", name="Save", exact=True).tap()
    name = page.get_by_role("alertdialog").get_by_role("rowheader", name="Remark")
    lines = name.evaluate("head => { const range = document.createRange(); range.selectNodeContents(head); return range.getClientRects().length; }")
    assert lines == 1
    picture(page, "conflict-phone-en")


def test_long_names_and_missing_lines_on_the_narrowest_phone(english_phone: Page) -> None:
    """Names that differ at their ends alone can be told apart; where lines are asked for, the first cell has the focus."""
    page = english_phone
    name = "International Industrial Equipment and Spare Parts Trading Company Limited, Pudong Branch"
    for end in ("North", "South"):
        call(page, "POST", "/api/apps/trading_starter/records/partner", {"name": f"{name} {end}", "is_customer": True})
    page.goto(f"{APP}/records/sales_order/new?view=sales_orders")
    box = page.get_by_role("combobox", name="Customer", exact=True)
    box.tap()
    box.fill("International")
    expect(page.get_by_role("option", name=f"{name} South")).to_be_visible()
    assert page.evaluate(CUT, ".combobox-option, .combobox-list .ant-select-item-option-content") == []
    picture(page, "combobox-phone-en")
    page.get_by_role("option", name=f"{name} South").tap()
    page.get_by_role("button", name="Save", exact=True).tap()
    expect(page.get_by_role("alert")).to_contain_text("1 thing to put right")
    expect(page.get_by_role("group", name="Line 1", exact=True).get_by_label("Item")).to_be_focused()
    page.get_by_role("button", name="Delete line 1").tap()
    page.get_by_role("button", name="Save", exact=True).tap()
    expect(page.get_by_role("button", name="Add line")).to_be_focused()


def test_the_heading_of_a_page_stands_above_its_buttons_where_both_have_no_room(english_phone: Page) -> None:
    page = english_phone
    page.goto("/design/trading_starter/publish")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    lines = "one => one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)"
    assert heading.evaluate(lines) < 1.5
    picture(page, "publish-phone-en")
