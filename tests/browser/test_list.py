"""Lists in a real browser: sort, search, filter, the address, coming back, long lists by blocks and jumps, phone."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import APP, FRAMES, RECORDS, call, expect_errors, picture

ORDERS = f"{APP}/views/sales_orders"
ITEMS = f"{APP}/views/items"
A_RECORD = re.compile(r"/records/item/[0-9a-f-]{36}$")
MANY = 460
ROW_PX = 36
CheckAxe = Callable[[Page], None]
FIRST_ROW = """() => {
  const place = document.querySelector('.grid').getBoundingClientRect();
  return document.elementFromPoint(place.left + 60, place.top + 54)?.closest('[role=gridcell]')?.innerText;
}"""


def open_list(page: Page, address: str) -> Locator:
    """Open a list and wait for its rows."""
    page.goto(address)
    rows = page.get_by_role("grid").get_by_role("row")
    rows.nth(1).wait_for()
    return rows


def column(page: Page, name: str) -> list[str]:
    """Return what the rows on the screen hold in a column."""
    heading = page.get_by_role("columnheader", name=re.compile(f"^{name}"))
    index = heading.get_attribute("aria-colindex")
    return [text.strip() for text in page.locator(f'[role=gridcell][aria-colindex="{index}"]').all_inner_texts()]


def scroll(page: Page, pixels: int) -> None:
    """Scroll the grid as a wheel does."""
    page.locator(".grid").evaluate("(grid, by) => grid.scrollBy(0, by)", pixels)
    page.evaluate(FRAMES)


def test_sort_search_and_filter_are_in_the_address(admin_page: Page, check_axe: CheckAxe) -> None:
    """What is shown can be sent to a colleague as an address, and the back button takes each step back."""
    page = admin_page
    open_list(page, ORDERS)
    page.get_by_role("columnheader", name="总金额").click()
    expect(page).to_have_url(re.compile(r"sort=total"))
    expect(page.get_by_role("columnheader", name="总金额")).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_role("grid").get_by_role("row").nth(3)).to_be_visible()
    amounts = [float(text.replace(",", "")) for text in column(page, "总金额")]
    assert amounts == sorted(amounts)

    page.get_by_role("button", name="筛选").click()
    page.get_by_label("字段").select_option("state")
    page.get_by_role("checkbox", name="已发货").check()
    page.get_by_role("button", name="添加条件").click()
    page.get_by_label("字段").nth(1).select_option("total")
    page.get_by_label("比较方式").nth(1).select_option("between")
    page.get_by_label("从", exact=True).fill("1,000")
    page.get_by_label("到", exact=True).fill("100000")
    picture(page, "list-filter")
    check_axe(page)
    page.get_by_role("button", name="应用", exact=True).click()
    expect(page.get_by_text("总金额 介于 1,000 – 100,000")).to_be_visible()
    expect(page.get_by_role("grid").get_by_role("row").nth(1)).to_be_visible()
    assert set(column(page, "状态")) == {"已发货"}
    picture(page, "list-filtered")
    check_axe(page)

    shown = column(page, "单号")
    page.reload()
    expect(page.get_by_role("grid").get_by_role("row").nth(1)).to_be_visible()
    assert column(page, "单号") == shown
    page.go_back()
    expect(page.get_by_text("总金额 介于")).to_have_count(0)
    page.go_forward()
    page.get_by_role("button", name=re.compile("去掉筛选：状态")).click()
    expect(page.get_by_text("状态 是")).to_have_count(0)

    page.get_by_role("searchbox").fill(shown[0])
    expect(page.get_by_role("grid").get_by_role("row")).to_have_count(2)
    page.get_by_role("searchbox").fill("没有这样的单号")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    page.get_by_role("button", name="清除筛选").click()
    expect(page.get_by_role("grid").get_by_role("row").nth(5)).to_be_visible()


def test_a_filter_that_cannot_be_understood_is_not_taken(admin_page: Page) -> None:
    """A condition without a value is left out; one whose value does not fit is pointed at, and nothing pretends to be filtered."""
    page = admin_page
    open_list(page, ORDERS)
    page.get_by_role("button", name="筛选").click()
    page.get_by_role("button", name="添加条件").click()
    page.get_by_label("字段").nth(1).select_option("total")
    value = page.get_by_label("值", exact=True).nth(1)
    value.fill("很多")
    page.get_by_role("button", name="应用", exact=True).click()
    expect(page.get_by_text("请填数字")).to_be_visible()
    expect(value).to_be_focused()
    page.get_by_label("比较方式").nth(1).select_option("between")
    page.get_by_label("从", exact=True).fill("1000")
    page.get_by_role("button", name="应用", exact=True).click()
    expect(page.get_by_text("两个值都要填")).to_be_visible()
    page.get_by_label("到", exact=True).fill("２０００。５")
    page.get_by_role("button", name="应用", exact=True).click()
    expect(page.get_by_text("总金额 介于 1,000 – 2,000.5")).to_be_visible()
    expect(page.locator(".chip")).to_have_count(1)


def test_filter_by_a_reference_and_by_time(admin_page: Page) -> None:
    """A reference is picked, not typed; its name is shown again after a reload."""
    page = admin_page
    open_list(page, ORDERS)
    name = column(page, "客户")[3]
    page.get_by_role("button", name="筛选").click()
    page.get_by_label("字段").select_option("customer")
    expect(page.get_by_label("字段")).to_be_focused()
    page.get_by_role("combobox", name="值").click()
    page.get_by_role("option", name=name).click()
    page.get_by_role("button", name="添加条件").click()
    page.get_by_label("字段").nth(1).select_option("date")
    page.get_by_label("比较方式").nth(1).select_option("this_year")
    page.get_by_role("button", name="应用", exact=True).click()
    expect(page.get_by_text(f"客户 是 {name}")).to_be_visible()
    expect(page.get_by_role("grid").get_by_role("row").nth(1)).to_be_visible()
    assert set(column(page, "客户")) == {name}
    page.reload()
    expect(page.get_by_text(f"客户 是 {name}")).to_be_visible()


def fill_items(page: Page) -> None:
    """Make the list of items long, unless it is."""
    if call(page, "GET", f"{RECORDS}/item?limit=1&total=exact&filter=CONTAINS(code, \"LONG\")")["total"] >= MANY:
        return
    values = [{"code": f"LONG-{number:04}", "name": f"长列表 {number:04}", "price": str(number)} for number in range(MANY)]
    call(page, "POST", f"{RECORDS}/item/bulk", {"changes": [{"action": "create", "values": one} for one in values]})


def test_a_long_list_both_ways(admin_page: Page) -> None:
    """Blocks come as one scrolls, down and up; rows stay in place while others come above them; nothing is skipped."""
    page = admin_page
    fill_items(page)
    open_list(page, f"{ITEMS}?sort=name&q=长列表")
    seen: list[str] = []
    for _ in range(60):
        seen += [name for name in column(page, "名称") if name not in seen]
        if len(seen) == MANY:
            break
        scroll(page, 500)
        page.wait_for_function("() => !document.querySelector('.state .spinner')")
    assert seen == [f"长列表 {number:04}" for number in range(MANY)]

    page.get_by_role("button", name="跳转").click()
    page.get_by_role("menuitem", name="到最前").click()
    expect(page.get_by_role("gridcell", name="长列表 0000")).to_be_visible()
    page.get_by_role("button", name="跳转").click()
    page.get_by_role("menuitem", name="到最后").click()
    expect(page.get_by_role("gridcell", name=f"长列表 {MANY - 1:04}")).to_be_visible()
    for _ in range(6):
        scroll(page, -500)
    expect(page.get_by_role("gridcell", name=f"长列表 {MANY - 100:04}")).to_be_attached()

    page.get_by_role("button", name="跳转").click()
    page.get_by_role("menuitem", name=re.compile("按“名称”")).click()
    page.locator("#jump-value").fill("长列表 0200")
    page.keyboard.press("Enter")
    expect(page.get_by_role("gridcell", name="长列表 0200")).to_be_in_viewport()
    page.wait_for_function("() => document.querySelector('.grid').scrollTop >= 360")  # the rows above have come
    scroll(page, -360)
    expect(page.get_by_role("gridcell", name="长列表 0190")).to_be_in_viewport()


def test_coming_back_finds_the_same_rows(admin_page: Page) -> None:
    """From a record one comes back to where one was, and what was changed there shows, however soon one goes."""
    page = admin_page
    fill_items(page)
    open_list(page, f"{ITEMS}?sort=name&q=长列表")
    for _ in range(8):
        scroll(page, 22 * ROW_PX)
    expect(page.get_by_role("gridcell", name="长列表 0180")).to_be_attached()
    top = page.evaluate(FIRST_ROW)
    page.get_by_role("gridcell", name=top).click()
    page.get_by_role("button", name="编辑").click()
    page.get_by_role("textbox", name="规格").fill("回来时看得到")
    expect_errors(page, "ERR_FAILED")
    page.route(A_RECORD, lambda route: route.abort() if route.request.method == "GET" else route.fallback())
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("物料已保存")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/records/item/[0-9a-f-]{36}\?"))
    page.go_back()
    expect(page.get_by_role("gridcell", name="回来时看得到")).to_be_visible()
    assert page.evaluate(FIRST_ROW) == top
    expect(page.get_by_role("gridcell", name=top)).to_be_focused()
    page.unroute(A_RECORD)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="编辑")).to_be_visible()


def test_what_somebody_else_deleted_is_gone_from_the_list(admin_page: Page) -> None:
    """Opened, it says that it is not there; the list one comes back to does not show it any more, nor counts it."""
    page = admin_page
    partner = call(page, "POST", f"{RECORDS}/partner", {"name": "别人删除的单位", "is_customer": True})
    open_list(page, f"{APP}/views/customers?q=别人删除")
    call(page, "DELETE", f"{RECORDS}/partner/{partner['id']}?revision={partner['revision']}")
    expect_errors(page, "404")
    page.get_by_role("gridcell", name="别人删除的单位").click()
    expect(page.get_by_text("没有这条记录")).to_have_count(1)
    page.go_back()
    expect(page.get_by_text("共 0 条")).to_be_visible()
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()


def test_the_back_button_leads_where_one_came_from(admin_page: Page) -> None:
    """The record's own way back keeps the search and the place; a deleted record is gone from there and from the count."""
    page = admin_page
    fill_items(page)
    open_list(page, f"{ITEMS}?sort=name&q=长列表")
    scroll(page, 30 * ROW_PX)
    expect(page.get_by_role("gridcell", name="长列表 0035")).to_be_in_viewport()
    top = page.evaluate(FIRST_ROW)
    page.get_by_role("gridcell", name=top).click()
    page.get_by_role("button", name="返回").click()
    expect(page).to_have_url(re.compile(r"sort=name&q="))
    expect(page.get_by_role("gridcell", name=top)).to_be_visible()
    assert page.evaluate(FIRST_ROW) == top

    call(page, "POST", f"{RECORDS}/item", {"code": "GONE", "name": "长列表 0000 删"})
    page.get_by_role("link", name="物料", exact=True).click()
    expect(page).to_have_url(re.compile(r"/views/items$"))
    page.get_by_role("searchbox").fill("长列表 0000")
    expect(page.get_by_text("共 2 条")).to_be_visible()
    page.get_by_role("gridcell", name="长列表 0000 删").click()
    page.get_by_role("button", name="删除").click()
    page.get_by_role("alertdialog").get_by_role("button", name="删除").click()
    expect(page).to_have_url(re.compile(r"views/items\?q="))
    expect(page.get_by_text("共 1 条")).to_be_visible()
    expect(page.get_by_role("gridcell", name="长列表 0000 删")).to_have_count(0)


def test_the_menu_leads_to_the_rows_as_they_are(admin_page: Page) -> None:
    """Only coming back shows what was remembered: whoever opens the list anew sees what others have done since."""
    page = admin_page
    open_list(page, f"{APP}/views/partners")
    page.get_by_role("link", name="物料", exact=True).click()
    expect(page.get_by_role("heading", name="物料")).to_be_visible()
    call(page, "POST", f"{RECORDS}/partner", {"name": "0 别人刚加的", "is_customer": True})
    page.get_by_role("link", name="往来单位", exact=True).click()
    page.get_by_role("searchbox").wait_for()
    expect(page.get_by_role("gridcell", name="0 别人刚加的")).to_be_visible()


def test_by_keyboard(admin_page: Page) -> None:
    """Arrows go through cells, Enter opens the record, Ctrl+C copies what the cell holds."""
    page = admin_page
    open_list(page, ORDERS)
    page.get_by_role("columnheader", name="单号").focus()
    page.keyboard.press("Tab")
    page.get_by_role("columnheader", name="单号").click()
    expect(page).to_have_url(re.compile("sort=number"))
    page.get_by_role("grid").get_by_role("row").nth(1).wait_for()
    page.get_by_role("checkbox", name="选择已显示的所有记录").press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = column(page, "单号")[1]
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == second
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=second)).to_be_visible()


def test_a_block_that_does_not_come_can_be_asked_again(admin_page: Page) -> None:
    """A list that fails says so and offers to try again."""
    page = admin_page
    expect_errors(page, "ERR_FAILED")
    page.route("**/records/sales_order?**", lambda route: route.abort())
    page.goto(ORDERS)
    expect(page.get_by_text("连接不上服务器")).to_be_visible()
    page.unroute("**/records/sales_order?**")
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_role("grid").get_by_role("row").nth(1)).to_be_visible()


def test_on_a_phone(visit: Visit, check_axe: CheckAxe) -> None:
    """A list is cards on a phone; the bar below leads to the apps and the menu."""
    with visit(is_phone=True) as page:
        page.goto(ORDERS)
        cards = page.get_by_role("list", name="销售订单").get_by_role("listitem")
        expect(cards.nth(3)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        picture(page, "list-phone")
        check_axe(page)
        page.get_by_role("link", name="菜单").tap()
        page.get_by_role("link", name="物料").tap()
        expect(page.get_by_role("heading", name="物料")).to_be_visible()
        page.get_by_role("link", name="应用", exact=True).tap()
        expect(page.get_by_role("heading", name="我的应用")).to_be_visible()
        check_axe(page)
