"""Writing a formula in the designer: by completion, by pinyin, by looking a function up; mistakes are shown and mended; the form computes it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.canvas import (
    APP,
    DRAFT,
    FORM,
    field_of,
    formula_box,
    formula_text,
    item,
    node,
    open_designer,
    saved,
    show,
    write_formula,
)
from tests.browser.conftest import Visit
from tests.browser.journey import call, expect_errors, pick, picture
from tests.browser.orders import cell, open_new


def chips(page: Page, name: str = "formula") -> list[str]:
    """Return the labels that are shown in an expression."""
    return page.locator(f"[data-formula={name}] .cm-content .formula-chip").all_inner_texts()


def options(page: Page) -> Locator:
    """Return the list of what could be written."""
    return page.locator(".cm-tooltip-autocomplete [role=option]")


def choose(page: Page, label: str) -> None:
    """Take what is offered first, once it is this; a list that has just changed takes no keys for a moment."""
    expect(options(page).first).to_contain_text(label)
    page.wait_for_timeout(120)
    page.keyboard.press("Enter")


def test_a_formula_is_written_with_completion_mended_saved_and_computed(designer: Page, check_axe: Callable[[Page], None]) -> None:
    page = designer
    item(page, "new:money").click()
    box = formula_box(page, "formula")
    box.click()
    page.keyboard.type("SUM（ming")
    expect(page.locator(".formula-signature")).to_contain_text("SUM(值, …)")
    choose(page, "明细")
    expect(page.locator("[data-formula=formula] .formula-chip")).to_have_text(["明细"])
    page.keyboard.type("，sl")
    expect(options(page).first).to_contain_text("数量")
    picture(page, "formula-completion")
    choose(page, "数量")
    page.keyboard.type(" * prcie）")
    expect(page.locator(".formula-wrong")).to_have_text("prcie")
    expect(page.locator(".formula-faults")).to_contain_text("没有名为“prcie”的字段；是否要写“price”？")
    expect(box).to_have_attribute("aria-invalid", "true")
    picture(page, "formula-mistake")
    check_axe(page)
    page.get_by_role("button", name="改为 price").click()
    expect(page.locator(".formula-wrong")).to_have_count(0)
    expect(page.locator("[data-formula=formula]")).to_contain_text("结果：数字")
    expect(box).to_be_focused()
    page.keyboard.press("Tab")
    expect(box).not_to_be_focused()
    expect(page.locator("[data-formula=formula] .formula-chip")).to_have_text(["明细", "数量", "单价"])
    document = saved(page)
    assert field_of(document, "x_money")["formula"] == "SUM(lines,quantity * price)"
    picture(page, "formula-written")
    check_axe(page)

    show(page, "历史")
    assert page.locator(".history-list").inner_text().count("公式") == 1, "writing it is one entry of the history"
    revision = call(page, "GET", DRAFT)["revision"]
    call(page, "POST", f"/api/apps/{APP}/versions", {"revision": revision})
    open_new(page)
    pick(page, cell("物料", 1), "丁腈浸胶手套")
    page.get_by_label(cell("数量", 1)).fill("3")
    page.get_by_label(cell("单价", 1)).fill("2.5")
    page.keyboard.press("Tab")
    expect(page.locator('[data-field="x_money"] output')).to_have_text("7.50")
    picture(page, "formula-computed")


def test_a_formula_in_chinese_by_an_input_method(designer: Page) -> None:
    """What is being composed is left alone; once it stands it is a chip, and what is stored is the key."""
    page = designer
    node(page, "goods/total").click()
    box = formula_box(page, "formula")
    write_formula(page, "formula", "")
    box.click()
    session = page.context.new_cdp_session(page)
    for typed, meant in (("ming'xi", "明细"), ("jin'e", "金额")):
        for end in range(1, len(typed) + 1):
            session.send("Input.imeSetComposition", {"text": typed[:end], "selectionStart": end, "selectionEnd": end})
        page.wait_for_timeout(700)
        assert page.locator(".cm-tooltip-autocomplete").count() == 0
        assert typed in box.inner_text()
        session.send("Input.insertText", {"text": meant})
        if meant == "明细":
            page.keyboard.type(".")
    expect(page.locator("[data-formula=formula] .formula-chip")).to_have_text(["明细", "金额"])
    page.keyboard.press("Home")
    page.keyboard.type("SUM（")
    page.keyboard.press("End")
    page.keyboard.type("）")
    page.keyboard.press("Tab")
    expect(page.locator("[data-formula=formula]")).to_contain_text("结果：数字")
    assert field_of(saved(page), "total")["formula"] == "SUM(lines.amount)"
    expect(page.locator("[data-formula=formula] .formula-chip")).to_have_text(["明细", "金额"])


def test_a_chip_is_one_thing_and_undo_stays_in_the_box(designer: Page) -> None:
    page = designer
    node(page, "goods/total").click()
    box = formula_box(page, "formula")
    expect(page.locator("[data-formula=formula] .formula-chip")).to_have_text(["明细", "金额"])
    box.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Backspace")
    assert formula_text(page, "formula") == "SUM(lines.)"
    page.keyboard.press("Control+z")
    assert formula_text(page, "formula") == "SUM(lines.amount)"
    expect(page.locator("[data-formula=formula] .formula-chip")).to_have_text(["明细", "金额"])
    write_formula(page, "formula", "1 + 1")
    page.keyboard.press("Tab")
    page.get_by_role("button", name=re.compile("^撤销")).click()
    expect(box).to_contain_text("SUM(")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_who_knows_no_names_looks_them_up(visit: Visit, check_axe: Callable[[Page], None], language: str) -> None:
    """The fields and functions there are, searched, read and put in; the labels are those of the person's language."""
    texts = {
        "zh-CN": ("字段和函数", "四舍", "总金额", "插入", "结果：数字"),
        "en": ("Fields and functions", "halves", "Total", "Insert", "Gives a number"),
    }[language]
    with visit(language=language) as page:
        call(page, "PATCH", "/api/session", {"language": language})
        try:
            open_designer(page)
            item(page, "new:number").click()
            expect(formula_box(page, "formula")).to_be_visible()
            page.locator("[data-formula=formula]").get_by_role("button", name=texts[0]).click()
            browser = page.get_by_role("region", name=texts[0])
            browser.get_by_role("searchbox").fill(texts[1])
            browser.get_by_role("button", name=re.compile("^ROUND ")).click()
            expect(browser.get_by_text("ROUND(2.5) → 3", exact=True)).to_be_visible()
            check_axe(page)
            picture(page, f"formula-browser-{language}")
            browser.get_by_role("button", name=texts[3], exact=True).click()
            expect(formula_box(page, "formula")).to_be_focused()
            page.keyboard.press("Escape")
            browser.get_by_role("searchbox").fill("")
            browser.get_by_role("button", name=re.compile(rf"^{texts[2]}\s*(数字|a number)$")).last.click()
            expect(page.locator("[data-formula=formula] .cm-content .formula-chip")).to_have_count(1)
            assert formula_text(page, "formula").startswith("ROUND(total")
            expect(page.locator("[data-formula=formula]")).to_contain_text(texts[4])
        finally:
            call(page, "PATCH", "/api/session", {"language": "zh-CN"})
            call(page, "DELETE", DRAFT)


def test_on_a_phone(visit: Visit, check_axe: Callable[[Page], None]) -> None:
    with visit(is_phone=True) as page:
        open_designer(page, FORM)
        node(page, "goods/total").click()
        box = formula_box(page, "formula")
        box.tap()
        write_formula(page, "formula", "")
        page.keyboard.type("SUM(ming")
        expect(options(page).first).to_contain_text("明细")
        options(page).first.tap()
        # The browser makes its click of a tap later; who writes on sees the chip first.
        expect(page.locator("[data-formula=formula] .cm-content .formula-chip")).to_have_text(["明细"])
        page.keyboard.type(".")
        expect(options(page).first).to_contain_text("物料")
        picture(page, "formula-phone")
        fits = "() => document.documentElement.scrollWidth <= window.innerWidth"
        assert page.evaluate(fits)
        page.keyboard.press("Escape")
        page.keyboard.type("amont)")
        expect(page.get_by_role("button", name="改为 amount")).to_be_visible()
        check_axe(page)
        assert page.evaluate(fits)
        page.get_by_role("button", name="改为 amount").tap()
        expect(page.locator("[data-formula=formula]")).to_contain_text("结果：数字")
        saved(page)
        call(page, "DELETE", DRAFT)


def test_a_list_comes_for_what_is_written_while_an_answer_is_awaited(designer: Page) -> None:
    page = designer
    node(page, "goods/total").click()
    write_formula(page, "formula", "")
    held: list[Route] = []
    page.route("**/expressions/check", lambda route: held.append(route), times=1)
    with page.expect_request("**/expressions/check"):
        page.keyboard.type("SUM")
    page.keyboard.type("(ming")
    held[0].continue_()
    expect(options(page).first).to_contain_text("明细")


def test_the_records_a_reference_may_choose_are_written_with_the_fields_of_its_target(designer: Page) -> None:
    page = designer
    node(page, "basic/customer").click()
    box = formula_box(page, "where")
    write_formula(page, "where", "")
    box.click()
    page.keyboard.type("联系")
    choose(page, "联系人")
    page.keyboard.type(" = 1")
    expect(page.locator("[data-formula=where] .formula-faults")).to_contain_text("不能用于文本和数字")
    write_formula(page, "where", "is_customer")
    expect(page.locator("[data-formula=where]")).to_contain_text("结果：是/否")
    page.keyboard.press("Tab")
    assert field_of(saved(page), "customer").get("where") == "is_customer"


def test_a_function_that_is_loaded_late_is_there_before_the_form_computes(designer: Page) -> None:
    """Until its file has come the form waits; when it cannot come the page says so, and trying again is enough."""
    page = designer
    item(page, "new:text").click()
    write_formula(page, "formula", "RMBUPPER(total)")
    page.keyboard.press("Tab")
    saved(page)
    revision = call(page, "GET", DRAFT)["revision"]
    call(page, "POST", f"/api/apps/{APP}/versions", {"revision": revision})
    expect_errors(page, r"ERR_FAILED.*/assets/chinese-", r"Failed to load resource.*chinese")
    page.route("**/assets/chinese-*.js", lambda route: route.abort())
    page.goto(f"/apps/{APP}/records/sales_order/new?view=sales_orders")
    expect(page.get_by_role("alert")).to_be_visible()
    page.unroute("**/assets/chinese-*.js")
    page.get_by_role("button", name="重试").click()
    pick(page, cell("物料", 1), "丁腈浸胶手套")
    page.get_by_label(cell("数量", 1)).fill("3")
    page.get_by_label(cell("单价", 1)).fill("2.5")
    page.keyboard.press("Tab")
    expect(page.locator('[data-field="x_text"] output')).to_have_text("柒元伍角整")
