"""Parts of a page that come late, in a real browser: while they are on their way, and when they never come, nothing typed or pressed is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import CDPSession, Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.journey import APP, FRAMES, expect_errors, picture, records
from tests.browser.orders import CUSTOMER, NEW, cell, open_new, save

LIST, CALENDAR, MENU = "**/assets/ComboboxInput-*.js", "**/assets/DatePickerInput-*.js", "**/assets/MenuList-*.js"
FULL_LIST, FULL_CALENDAR = ".ant-select", ".ant-picker"

# Where each box stands, where its text begins, how large it is written, and where its icon is.
PLACES = """() => [...document.querySelectorAll('main :is(.form-item, .lines-table td)')].flatMap(item => {
  const box = item.querySelector('input'), icon = item.querySelector('.box-light .icon, .ant-select-suffix .icon, .ant-picker-suffix .icon');
  if (!box || item.querySelector('table')) return [];
  let left = 0;
  for (let part = box; part !== item; part = part.parentElement) {
    const style = getComputedStyle(part);
    left = Math.max(left, part.getBoundingClientRect().left + parseFloat(style.borderLeftWidth) + parseFloat(style.paddingLeft));
  }
  const place = part => { const { x, y, width, height } = part.getBoundingClientRect(); return [x, y, width, height].map(Math.round).join(' '); };
  const frame = box.closest('.ant-select, .ant-picker') ?? box;
  return [[item.dataset.field ?? item.dataset.cell.split('.')[1], place(item), place(frame), Math.round(left), getComputedStyle(box).fontSize, getComputedStyle(box).color,
    icon ? place(icon) : '']];
})"""


@contextlib.contextmanager
def held(page: Page, part: str) -> Iterator[Callable[[], None]]:
    """Hold back a part for a block; give what lets it go, once it has been asked for, and waits until it has come."""
    asked: list[Route] = []
    page.route(part, lambda route: asked.append(route))

    def let_go() -> None:
        page.wait_for_function(FRAMES)
        while not asked:
            page.wait_for_event("request", lambda request: request.url.endswith(".js"))
        with page.expect_response(part):
            for route in asked:
                route.continue_()
        page.unroute(part)

    yield let_go


def test_typing_goes_on_while_the_list_comes(admin_page: Page) -> None:
    """The box under the cursor takes keys before its list is there; focus, text and caret stay when it comes."""
    page = admin_page
    with held(page, LIST) as let_go:
        open_new(page)
        customer = page.get_by_role("combobox", name="客户", exact=True)
        expect(customer).to_be_focused()
        page.keyboard.type("上东")
        page.keyboard.press("ArrowLeft")
        page.keyboard.type("海华")
        assert page.locator(f"main {FULL_LIST}").count() == 0
        let_go()
        expect(page.locator(f"main {FULL_LIST}")).to_have_count(1)
        expect(customer).to_be_focused()
        expect(customer).to_have_value("上海华东")
        expect(page.get_by_role("option", name=CUSTOMER)).to_be_visible()
        page.keyboard.press("Backspace")
        page.keyboard.type("华")
        expect(customer).to_have_value("上海华东")
        page.keyboard.press("Enter")
        expect(customer).to_have_value(CUSTOMER)
        expect(page.get_by_label("联系人")).to_have_value("周敏")


def test_keys_typed_on_and_on_arrive(admin_page: Page) -> None:
    """Of a text typed without a pause no letter is lost, wherever in it the part comes."""
    page = admin_page
    with held(page, CALENDAR) as let_go:
        open_new(page)
        date = page.get_by_label("交货日期", exact=True)
        date.click()
        page.keyboard.type("2026年1")
        let_go()
        page.keyboard.type("月5日")
        expect(page.locator(f"main {FULL_CALENDAR}")).to_have_count(1)
        expect(date).to_be_focused()
        expect(date).to_have_value("2026年1月5日")
        expect(page.locator(".ant-picker-cell-inner:visible").first).to_be_visible()
        page.keyboard.press("Tab")
        expect(date).to_have_value("2026-01-05")


def test_a_press_is_not_lost(admin_page: Page) -> None:
    """A list and a calendar pressed before they are there open as soon as they are; a button held down keeps what it began on."""
    page = admin_page
    with held(page, LIST) as let_go:
        open_new(page)
        page.get_by_label("结算方式", exact=True).click()
        let_go()
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("Escape")
    with held(page, LIST) as let_go:
        open_new(page)
        page.get_by_label(cell("单位", 1)).click()
        let_go()
        page.get_by_role("option", name="箱").click()
        expect(page.get_by_label(cell("单位", 1))).to_have_value("箱")
    with held(page, CALENDAR) as let_go:
        open_new(page)
        date = page.get_by_label("交货日期", exact=True)
        date.hover()
        page.mouse.down()
        let_go()
        page.wait_for_function(FRAMES)
        assert page.locator(f"main {FULL_CALENDAR}").count() == 0
        page.mouse.up()
        expect(page.locator(".ant-picker-cell-inner:visible").first).to_be_visible()
        expect(date).to_be_focused()
    with held(page, MENU) as let_go:
        open_new(page)
        page.get_by_role("button", name="管理员").click()
        let_go()
        expect(page.get_by_role("menuitemradio", name="English")).to_be_visible()


def test_a_word_being_composed_is_waited_for(admin_page: Page) -> None:
    """An input method goes on in the box it began in; the list comes when the word is there."""
    page = admin_page
    typing: CDPSession = page.context.new_cdp_session(page)
    with held(page, LIST) as let_go:
        open_new(page)
        customer = page.get_by_role("combobox", name="客户", exact=True)
        expect(customer).to_be_focused()
        typing.send("Input.imeSetComposition", {"text": "shang'hai", "selectionStart": 9, "selectionEnd": 9})
        let_go()
        page.wait_for_function(FRAMES)
        assert page.locator(f"main {FULL_LIST}").count() == 0
        typing.send("Input.insertText", {"text": "上海华东"})
        expect(page.locator(f"main {FULL_LIST}")).to_have_count(1)
        expect(customer).to_have_value("上海华东")
        expect(customer).to_be_focused()
        expect(page.get_by_role("option", name=CUSTOMER)).to_be_visible()


def test_nothing_moves_when_a_part_comes(admin_page: Page) -> None:
    """The box that is there first and the one it gives way to stand at one place, with their texts and icons."""
    page = admin_page
    with held(page, LIST) as let_list_go, held(page, CALENDAR) as let_calendar_go:
        open_new(page)
        page.get_by_label("备注").click()
        before: list[list[Any]] = page.evaluate(PLACES)
        picture(page, "form-light")
        for name in ("客户", "结算方式", "日期", "交货日期"):
            page.get_by_label(name, exact=True).hover()
        let_list_go()
        let_calendar_go()
        for name in ("客户", "结算方式", "日期", "交货日期", cell("物料", 1), cell("单位", 1)):
            page.get_by_label(name, exact=True).hover()
        page.get_by_label("备注").hover()
        expect(page.locator(f"main {FULL_LIST}")).to_have_count(4)
        expect(page.locator(f"main {FULL_CALENDAR}")).to_have_count(2)
        picture(page, "form-full")
        # A plain cell has no icon until somebody is at it, and then only under the mouse.
        after = page.evaluate(PLACES)
        assert [place[:-1] for place in after] == [place[:-1] for place in before]
        assert [was[-1] for was in before if was[-1]] == [place[-1] for was, place in zip(before, after, strict=True) if was[-1]]


def test_without_the_parts_a_form_is_filled_all_the_same(admin_page: Page) -> None:
    """Where a list and a calendar cannot be had, one types: Enter and Tab take what is found, dates are taken as written."""
    page = admin_page
    expect_errors(page, "ERR_FAILED", "Failed to fetch dynamically imported module")
    for part in (LIST, CALENDAR, MENU):
        page.route(part, lambda route: route.abort())
    open_new(page)
    customer = page.get_by_role("combobox", name="客户", exact=True)
    expect(customer).to_be_focused()
    page.keyboard.type(CUSTOMER)
    page.keyboard.press("Enter")
    expect(customer).to_have_value(CUSTOMER)
    page.get_by_label("交货日期", exact=True).click()
    page.keyboard.type("2099年1月5日")
    page.keyboard.press("Tab")
    page.get_by_label(cell("物料", 1), exact=True).click()
    page.keyboard.type("丁腈浸胶手套")
    page.keyboard.press("Tab")
    expect(page.get_by_label(cell("物料", 1), exact=True)).to_have_value("丁腈浸胶手套")
    expect(page.locator('[data-field="total"] output')).to_have_text("3.60")
    page.get_by_role("button", name="管理员").click()
    save(page)
    for part in (LIST, CALENDAR, MENU):
        page.unroute(part)
    page.goto(NEW)
    page.get_by_label("交货日期", exact=True).click()
    expect(page.locator(".ant-picker-cell-inner:visible").first).to_be_visible()


def test_a_page_at_rest_fetches_what_it_may_need(admin_page: Page) -> None:
    """Lists, calendars and windows are there before somebody asks, so that the first press opens them without a network."""
    page = admin_page
    with page.expect_response(CALENDAR), page.expect_response(LIST), page.expect_response(MENU), page.expect_response("**/assets/DialogWindow-*.js"):
        page.goto(f"{APP}/views/sales_orders")
        page.get_by_role("link", name="新建", exact=True).click()
        page.get_by_role("button", name="添加一行").wait_for()
    page.wait_for_load_state("networkidle")  # one that is cut off on its way is a fault in the console
    page.context.set_offline(True)
    page.get_by_label("交货日期", exact=True).click()
    expect(page.locator(".ant-picker-cell-inner:visible").first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("结算方式", exact=True).click()
    expect(page.get_by_role("option").first).to_be_visible()
    page.context.set_offline(False)


def test_a_tap_is_not_lost(visit: Visit) -> None:
    """On a phone too the list opens for the tap that came before it, and the box keeps the keyboard."""
    with visit(is_phone=True) as page, held(page, LIST) as let_go:
        open_new(page)
        customer = page.get_by_role("combobox", name="客户", exact=True)
        customer.tap()
        page.keyboard.type("上海")
        picture(page, "form-phone-light")
        let_go()
        expect(customer).to_be_focused()
        page.get_by_role("option", name=CUSTOMER).tap()
        expect(customer).to_have_value(CUSTOMER)
        picture(page, "form-phone-full")


SHOWN = """() => {
    window.turns = [];
    const look = () => {
        const head = document.querySelector(".page-detail h1");
        const now = head !== null && head.checkVisibility();
        if (window.turns.at(-1) !== now) window.turns.push(now);
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
}"""


def test_a_record_opened_by_its_address_is_shown_once(admin_page: Page) -> None:
    """Parts of it whose texts come later do not take the page away again."""
    page = admin_page
    order = records(page, "sales_order", limit="1")[0]
    page.add_init_script(f"({SHOWN})()")
    page.goto(f"{APP}/records/sales_order/{order['id']}")
    ask = page.get_by_role("button", name="权限", exact=True)
    expect(ask).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.turns") == [False, True]
    ask.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("window.turns") == [False, True]
