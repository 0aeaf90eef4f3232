"""Forms in a real browser: by keyboard, with wrong input, with others at the same record, without a network, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Server, Visit
from tests.browser.journey import APP, RECORDS, call, expect_errors, pick, picture, records
from tests.browser.orders import CUSTOMER, NEW, cell, open_new, save

CheckAxe = Callable[[Page], None]


def test_a_new_record_begins_under_the_cursor(admin_page: Page) -> None:
    """The first field nobody has filled has the focus, also after saving and beginning anew; lines that are asked for lead to their first cell."""
    page = admin_page
    open_new(page)
    customer = page.get_by_role("combobox", name="客户", exact=True)
    expect(customer).to_be_focused()
    page.keyboard.type(CUSTOMER)
    page.keyboard.press("Enter")
    expect(page.get_by_label("联系人")).to_have_value("周敏")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("alert")).to_contain_text("有 1 处需要修改")
    expect(page.get_by_label(cell("物料", 1), exact=True)).to_be_focused()
    page.get_by_label("备注").focus()
    page.get_by_role("alert").get_by_role("button", name="明细").click()
    expect(page.get_by_label(cell("物料", 1), exact=True)).to_be_focused()
    pick(page, cell("物料", 1), "丁腈浸胶手套")
    page.get_by_role("button", name="保存并新建").click()
    expect(customer).to_have_value("")
    expect(customer).to_be_focused()


def test_saving_waits_for_what_is_being_found(admin_page: Page) -> None:
    """Whoever types, goes on and saves at once is quicker than the search: what is found goes into what is saved."""
    page = admin_page
    asked: list[Route] = []
    open_new(page)
    pick(page, "客户", CUSTOMER)
    page.route("**/records/item?**", lambda route: asked.append(route))
    page.get_by_label(cell("物料", 1), exact=True).click()
    with page.expect_request(lambda request: "/records/item?" in request.url and "search=" in request.url):
        page.keyboard.type("丁腈")
        page.keyboard.press("Tab")
        page.keyboard.press("Control+s")
    expect(page.locator("[aria-busy=true]", has_text="保存")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    for route in asked:
        route.continue_()
    page.unroute("**/records/item?**")
    expect(page.get_by_role("button", name="编辑")).to_be_visible()
    expect(page.get_by_text("丁腈浸胶手套").first).to_be_visible()


def test_wrong_input_is_shown_where_it_is(admin_page: Page, check_axe: CheckAxe) -> None:
    """What the browser can tell is told before anything is sent, in cells too; nothing is written."""
    page = admin_page
    before = len(records(page, "sales_order", limit="200"))
    open_new(page)
    page.get_by_label("日期", exact=True).fill("2026-02-30")
    page.get_by_label(cell("数量", 1)).fill("0.0001")
    page.get_by_label(cell("单价", 1)).fill("abc")
    page.get_by_label(cell("折扣 %", 1)).fill("101")
    page.keyboard.press("Control+s")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("有 6 处需要修改")
    expect(page.get_by_role("combobox", name="客户", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("combobox", name="客户", exact=True)).to_be_focused()
    expect(page.locator('[data-field="date"]')).to_contain_text("请填日期")
    table = page.locator(".lines-table")
    for text in ("必填", "最多 3 位小数", "请填数字", "不能大于 100"):
        expect(table.get_by_text(text)).to_be_visible()
    picture(page, "form-errors")
    check_axe(page)
    alert.get_by_role("button", name="明细 第 1 行 数量").click()
    expect(page.get_by_label(cell("数量", 1))).to_be_focused()
    assert len(records(page, "sales_order", limit="200")) == before


def test_the_servers_error_is_shown_at_its_cell(admin_page: Page) -> None:
    """A reference to what has gone meanwhile is known to the server alone; it is shown at the line that was meant."""
    page = admin_page
    item = call(page, "POST", f"{RECORDS}/item", {"name": "即将删除的物料", "code": "GONE-1", "price": "1"})
    open_new(page)
    pick(page, "客户", CUSTOMER)
    page.get_by_role("button", name="添加一行").click()
    pick(page, cell("物料", 2), "即将删除的物料")
    call(page, "DELETE", f"{RECORDS}/item/{item['id']}?revision={item['revision']}")
    expect_errors(page, "422")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_label(cell("物料", 2), exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_contain_text("明细 第 2 行 物料")
    expect(page.get_by_role("combobox", name="客户", exact=True)).to_have_value(CUSTOMER)


def test_dates_and_choices_as_typed(admin_page: Page) -> None:
    """A date is taken in many ways of writing, what is none stays; a choice that was left without a pick stays as it was."""
    page = admin_page
    open_new(page)
    box, aside = page.get_by_label("交货日期", exact=True), page.get_by_label("备注")
    box.click()
    page.keyboard.type("2026年1月5日")
    page.keyboard.press("Tab")
    expect(box).to_have_value("2026-01-05")
    box.fill("1-7")
    aside.click()
    expect(box).to_have_value(re.compile("20..-01-07"))
    box.fill("Mar 9, 2026")
    aside.click()
    expect(box).to_have_value("2026-03-09")
    box.fill("过几天")
    aside.click()
    expect(box).to_have_value("过几天")
    box.click()
    page.locator(".ant-picker-cell-inner:visible").filter(has_text=re.compile("^15$")).click()
    expect(box).to_have_value(re.compile("20..-..-15"))
    box.fill("")
    aside.click()
    expect(box).to_have_value("")

    choice = page.get_by_label("结算方式", exact=True)
    before = choice.input_value()
    choice.click()
    page.keyboard.press("Tab")
    expect(choice).to_have_value(before)
    choice.fill("没有这一项")
    aside.click()
    expect(choice).to_have_value(before)


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_two_people_at_one_record(admin_page: Page, choice: str) -> None:
    """Whoever saves second sees both sides and chooses; what the other changed elsewhere stays in either case."""
    page = admin_page
    order = records(page, "sales_order", limit="1", filter='state = "draft"')[0]
    place = f"{RECORDS}/sales_order/{order['id']}"
    page.goto(f"{APP}/records/sales_order/{order['id']}/edit?view=sales_orders")
    page.get_by_label("备注").fill(f"我写的 {choice}")
    read = call(page, "GET", place)
    call(page, "PATCH", place, {"revision": read["revision"], "remark": "别人写的", "contact": f"新联系人 {choice}"})
    expect_errors(page, "409")
    page.get_by_role("button", name="保存", exact=True).click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text(f"我写的 {choice}")
    expect(dialog).to_contain_text("别人写的")
    picture(page, "form-conflict")
    dialog.get_by_role("button", name="先回去看看").click()
    expect(page.get_by_role("button", name="保存", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    if choice == "mine":
        dialog.get_by_role("button", name="保留我的").click()
        expect(page.get_by_role("button", name="编辑")).to_be_visible()
        saved = call(page, "GET", place)
        assert (saved["remark"], saved["contact"]) == (f"我写的 {choice}", f"新联系人 {choice}")
    else:
        dialog.get_by_role("button", name="放弃我的").click()
        expect(page.get_by_label("备注")).to_have_value("别人写的")
        expect(page.get_by_label("联系人")).to_have_value(f"新联系人 {choice}")


def test_a_conflict_in_lines_says_in_which(admin_page: Page) -> None:
    """Both sides show the lines that differ, with what differs in them; the others are only counted."""
    page = admin_page
    order = records(page, "sales_order", limit="3", filter='state = "draft"')[1]
    place = f"{RECORDS}/sales_order/{order['id']}"
    page.goto(f"{APP}/records/sales_order/{order['id']}/edit?view=sales_orders")
    page.get_by_label(cell("数量", 2)).fill("5501")
    read = call(page, "GET", place)
    theirs = [{"id": line["id"]} | ({"quantity": "7702"} if at == 1 else {}) for at, line in enumerate(read["lines"])]
    call(page, "PATCH", place, {"revision": read["revision"], "lines": theirs})
    expect_errors(page, "409")
    page.get_by_role("button", name="保存", exact=True).click()
    row = page.get_by_role("alertdialog").get_by_role("row").filter(has=page.get_by_role("rowheader", name="明细"))
    expect(row.get_by_role("cell").nth(0)).to_have_text(re.compile(r"^\d 行第 2 行 · 数量 5,501$"))
    expect(row.get_by_role("cell").nth(1)).to_have_text(re.compile(r"^\d 行第 2 行 · 数量 7,702$"))
    picture(page, "form-conflict-lines")


def test_nothing_is_lost_or_saved_twice_without_network(admin_page: Page) -> None:
    """The request arrives, its answer does not: what was typed stays, and trying again gives the one record."""
    page = admin_page
    open_new(page)
    pick(page, "客户", CUSTOMER)
    pick(page, cell("物料", 1), "丁腈浸胶手套")
    page.get_by_label("备注").fill("网络断了也只有一张")

    def lose_answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    expect_errors(page, "ERR_CONNECTION_RESET")
    page.route("**/records/sales_order", lose_answer)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("没有收到服务器的答复")
    expect(page.get_by_role("button", name="保存", exact=True)).to_be_focused()
    expect(page.get_by_label("备注")).to_have_value("网络断了也只有一张")
    picture(page, "form-no-network")
    page.unroute("**/records/sales_order")
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_role("button", name="编辑")).to_be_visible()
    assert len(records(page, "sales_order", filter='remark = "网络断了也只有一张"')) == 1


def test_a_session_that_ends_takes_nothing_along(visit: Visit, server: Server) -> None:
    """The password is asked for over the page; then the save goes through with what was there."""
    with visit() as page:
        open_new(page)
        pick(page, "客户", CUSTOMER)
        pick(page, cell("物料", 1), "丁腈浸胶手套")
        page.get_by_label("备注").fill("过期也不丢")
        page.context.clear_cookies()
        expect_errors(page, "401")
        page.get_by_role("button", name="保存", exact=True).click()
        dialog = page.get_by_role("dialog", name="登录已过期")
        expect(dialog.get_by_label("密码")).to_be_focused()
        page.keyboard.type("不是这个密码")
        page.keyboard.press("Enter")
        expect(dialog.get_by_role("alert")).to_contain_text("邮箱或密码不正确")
        dialog.get_by_label("密码").fill(server.password)
        page.keyboard.press("Enter")
        expect(dialog).to_have_count(0)
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(page.get_by_role("button", name="保存", exact=True)).to_be_focused()
        expect(page.get_by_label("备注")).to_have_value("过期也不丢")
        save(page)


def test_leaving_asks_first(admin_page: Page) -> None:
    """What is not saved is not lost by a click beside it."""
    page = admin_page
    open_new(page)
    page.get_by_label("备注").fill("还没有保存")
    page.get_by_role("link", name="客户", exact=True).click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog.get_by_role("button", name="取消")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("备注")).to_have_value("还没有保存")
    page.get_by_role("link", name="客户", exact=True).click()
    dialog.get_by_role("button", name="不保存，离开").click()
    expect(page.get_by_role("heading", name="客户", exact=True)).to_be_visible()


def test_delete_asks_first(admin_page: Page) -> None:
    """A record goes to the trash after a question and is gone from the list."""
    page = admin_page
    name = "待删除往来单位"
    partner = call(page, "POST", f"{RECORDS}/partner", {"name": name, "is_customer": True})
    page.goto(f"{APP}/records/partner/{partner['id']}?view=customers")
    page.get_by_role("button", name="删除").click()
    page.get_by_role("alertdialog").get_by_role("button", name="删除").click()
    expect(page.get_by_text(f"已删除“{name}”")).to_be_visible()
    expect(page.get_by_role("heading", name="客户", exact=True)).to_be_visible()
    assert records(page, "partner", search=name) == []


def test_what_is_pointed_to_is_not_deleted(admin_page: Page) -> None:
    """The window stays and says why; who still needs the record is not a riddle."""
    page = admin_page
    order = records(page, "sales_order", limit="1")[0]
    page.goto(f"{APP}/records/partner/{order['customer']}?view=customers")
    page.get_by_role("button", name="删除").click()
    dialog = page.get_by_role("alertdialog")
    expect_errors(page, "409")
    dialog.get_by_role("button", name="删除").click()
    expect(dialog.get_by_role("alert")).to_contain_text("销售订单")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_on_a_phone(visit: Visit, check_axe: CheckAxe) -> None:
    """An order is filled on a phone: a card per line, targets of 44 px, the save button always in reach."""
    with visit(is_phone=True) as page:
        open_new(page)
        pick(page, "客户", CUSTOMER)
        card = page.get_by_role("group", name="第 1 行", exact=True)
        box = card.get_by_label("物料")
        box.tap()
        box.fill("丁腈浸胶手套")
        page.get_by_role("option", name="丁腈浸胶手套").tap()
        card.get_by_label("数量").fill("5")
        expect(page.locator('[data-field="total"] output')).to_have_text("18.00")
        small = page.evaluate(
            "() => [...document.querySelectorAll('main button, main input, main select')].filter(e => e.offsetParent !== null"
            " && e.getAttribute('aria-hidden') !== 'true' && !e.matches('.ant-select-clear, [role=switch]'))"
            ".filter(e => (e.closest('.ant-select') ?? e).getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 120))",
        )
        assert small == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        check_axe(page)
        card.scroll_into_view_if_needed()
        picture(page, "form-phone")
        save(page)
        expect(page.locator('[data-field="total"] output')).to_have_text("18.00")
        picture(page, "detail-phone")
        check_axe(page)


def test_in_english(visit: Visit, check_axe: CheckAxe) -> None:
    """The person's language goes through the whole page, designed labels and the server's messages included."""
    with visit(language="en") as page:
        page.goto("/")
        page.get_by_role("button", name=re.compile("管理员")).click()
        page.get_by_role("menuitemradio", name="English").click()
        expect(page.get_by_role("heading", name="My apps")).to_be_visible()
        try:
            page.goto(NEW)
            expect(page.get_by_role("heading", name="New Sales order")).to_be_visible()
            page.get_by_role("button", name="Save", exact=True).click()
            expect(page.get_by_role("alert")).to_contain_text("2 things to put right")
            shown = page.locator("main").inner_text()
            assert re.findall(r"[\u4e00-\u9fff]+", shown) == []
            picture(page, "form-en")
            check_axe(page)
        finally:
            call(page, "PATCH", "/api/session", {"language": "zh-CN"})
