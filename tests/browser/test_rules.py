"""Rules of an entity and filters of lists, written in the designer: what is missing is told, mistakes are mended, people meet them at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.canvas import APP, DRAFT, FORM, formula_box, item, node, open_designer, saved, show, write_formula
from tests.browser.conftest import Visit
from tests.browser.journey import call, pick, picture
from tests.browser.orders import CUSTOMER, cell, open_new, save

Document = dict[str, Any]
CheckAxe = Callable[[Page], None]
MESSAGE = "送货地址写满三个字以上"
KEY = "x_song_huo_di_zhi_xie_man_san_ge_zi_yi"


def rules_of(document: Document) -> list[dict[str, Any]]:
    """Return the rules of the sales order."""
    entity = next(entity for entity in document["entities"] if entity["key"] == "sales_order")
    rules: list[dict[str, Any]] = entity["rules"]
    return rules


def filter_of(document: Document, key: str) -> str:
    """Return the filter of a list."""
    found: str = next(view for view in document["views"] if view["key"] == key)["filter"]
    return found


def keys(page: Page) -> list[str]:
    """Return the keys of the rules as the panel of the form lists them."""
    found: list[str] = page.locator("[data-rule]").evaluate_all("rules => rules.map(rule => rule.dataset.rule)")
    return found


def rules(page: Page, name: str = "规则") -> Locator:
    """Return the part of the panel that lists the rules."""
    return page.get_by_role("region", name=name, exact=True)


def publish(page: Page, change: str) -> None:
    """Publish the draft by the page for it, which tells of a change."""
    page.get_by_role("link", name="发布…").click()
    expect(page.locator(".change-list")).to_contain_text(change)
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text(re.compile("版本 \\d+ 已发布"))).to_be_visible()


def test_a_rule_is_written_mended_published_and_met(designer: Page, check_axe: CheckAxe) -> None:
    """It lacks everything at first and says so; its mistake is mended by a button; published, the form refuses with its words at its field."""
    page = designer
    rules(page).get_by_role("button", name="添加规则").click()
    expect(page.get_by_role("alert")).to_contain_text("还缺条件和提示文字")
    expect(page.get_by_role("heading", name="新规则")).to_be_focused()
    saved(page)
    show(page, "问题")
    expect(page.locator(".problem-list li")).to_have_count(2)
    expect(page.locator(".problem-list")).to_contain_text("规则缺少提示文字")
    page.locator(".problem-list button").first.click()
    picture(page, "rule-new")
    check_axe(page)

    box = formula_box(page, "check")
    box.click()
    page.keyboard.type("LEN(adress) > 3")
    expect(page.locator(".formula-wrong")).to_have_text("adress")
    expect(page.locator(".formula-faults")).to_contain_text("没有名为“adress”的字段；是否要写“address”？")
    picture(page, "rule-mistake")
    check_axe(page)
    page.get_by_role("button", name="改为 address").click()
    expect(page.locator("[data-formula=check]")).to_contain_text("结果：是/否")
    expect(page.get_by_role("alert")).to_contain_text("还缺提示文字")
    page.locator("[name=message-zh-CN]").fill(MESSAGE)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.locator("[name=message-en]").fill("Give the address in full")
    page.get_by_label("提示位置").select_option(label="送货地址")
    expect(page.locator("[name=key]")).to_have_value(KEY)
    document = saved(page)
    expect(page.locator(".side-count")).to_have_count(0)
    words = {"zh-CN": MESSAGE, "en": "Give the address in full"}
    assert rules_of(document)[-1] == {"key": KEY, "check": "LEN(address) > 3", "at": "address", "message": words}
    picture(page, "rule-written")
    check_axe(page)
    page.get_by_role("button", name="返回表单").click()
    expect(page.locator(f'[data-part$="/rules/{KEY}"]')).to_be_focused()
    expect(rules(page).locator(f"[data-rule={KEY}]")).to_have_text(re.compile(f"{MESSAGE}\\s*送货地址"))
    picture(page, "rules")
    check_axe(page)

    publish(page, f"实体“销售订单” › 规则“{MESSAGE}”")
    open_new(page)
    pick(page, "客户", CUSTOMER)
    pick(page, cell("物料", 1), "丁腈浸胶手套")
    page.get_by_label(cell("数量", 1)).fill("3")
    page.get_by_label("送货地址").fill("沪")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator('[data-field="address"]')).to_contain_text(MESSAGE)
    expect(page.get_by_label("送货地址")).to_be_focused()
    picture(page, "rule-met")
    check_axe(page)
    page.get_by_label("送货地址").fill("上海市长宁路 1 号")
    save(page)

    open_designer(page)
    rules(page).get_by_role("button", name=re.compile(f"^{MESSAGE}")).click()
    expect(page.locator("[name=key]")).to_be_disabled()


def test_rules_are_ordered_deleted_and_brought_back(designer: Page) -> None:
    """Each is one step of the history; what undo brings back is seen, and a rule under a new key is the same rule."""
    page = designer
    before = keys(page)
    rules(page).get_by_role("button", name=re.compile("^下移规则 交货日期")).click()
    assert keys(page) == [before[1], before[0], *before[2:]]
    rules(page).get_by_role("button", name=re.compile("^删除规则 交货日期")).click()
    expect(rules(page).get_by_role("button", name="添加规则")).to_be_focused()
    assert [rule["key"] for rule in rules_of(saved(page))] == [before[1], *before[2:]]
    undo = page.get_by_role("button", name=re.compile("^撤销"))
    undo.click()
    expect(page.get_by_role("heading", name="交货日期不能早于订单日期")).to_be_visible()
    page.get_by_role("button", name="删除规则", exact=True).click()
    expect(rules(page).get_by_role("button", name="添加规则")).to_be_focused()
    undo.click()
    page.get_by_role("button", name="返回表单").click()
    undo.click()
    assert keys(page) == before

    rules(page).get_by_role("button", name="添加规则").click()
    page.locator("[name=key]").fill("some_total")
    page.keyboard.press("Tab")
    expect(page.locator("[name=key]")).to_have_value("some_total")
    page.locator("[name=message-en]").fill("Order something")
    write_formula(page, "check", "total > 0")
    page.keyboard.press("Tab")
    assert rules_of(saved(page))[-1] == {"key": "some_total", "check": "total > 0", "message": {"en": "Order something"}}
    show(page, "历史")
    entries = page.locator(".history-entry").all_inner_texts()
    assert entries[:4] == ["设置 Order something 的条件", "设置 some_total 的提示文字", "键改为 some_total", "新规则"]
    show(page, "属性")
    for text in ("", "Order something"):
        undo.click()
        expect(page.locator("[name=message-en]")).to_have_value("Order something" if text == "" else "")
    undo.click()
    expect(page.locator("[name=key]")).to_have_value("x_rule")
    undo.click()
    assert keys(page) == before
    assert [rule["key"] for rule in rules_of(saved(page))] == before


def test_a_field_takes_its_rules_along_or_stays(designer: Page) -> None:
    """A field a rule names is not deleted; a new field that gets another key gets it in its rules too."""
    page = designer
    node(page, "basic/delivery_on").click()
    page.get_by_role("button", name="删除字段…").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("交货日期不能早于订单日期")
    expect(dialog.get_by_role("button", name="删除字段")).to_be_disabled()
    dialog.get_by_role("button", name="取消").click()

    item(page, "new:text").click()
    saved(page)
    page.locator(".canvas").click(position={"x": 5, "y": 5})
    rules(page).get_by_role("button", name="添加规则").click()
    write_formula(page, "check", "LEN(x_text) < 9")
    page.get_by_label("提示位置").select_option("x_text")
    page.locator("[name=message-zh-CN]").fill("字数太多")
    node(page, "basic/x_text").click()
    page.locator("[name=name-zh-CN]").fill("渠道")
    page.keyboard.press("Tab")
    expect(page.locator("[name=key]")).to_have_value("x_qu_dao")
    assert rules_of(saved(page))[-1] == {"key": "x_zi_shu_tai_duo", "check": "LEN(x_qu_dao) < 9", "at": "x_qu_dao", "message": {"zh-CN": "字数太多"}}
    expect(page.locator(".side-count")).to_have_count(0)


def test_a_list_is_filtered_otherwise(designer: Page, check_axe: CheckAxe) -> None:
    """The filter of a list is written like every expression; published, the list shows what it lets through, under its new name."""
    page = designer
    lists = page.get_by_role("region", name="列表", exact=True)
    lists.get_by_role("button", name=re.compile("^近期交货")).click()
    before = filter_of(saved(page), "orders_due")
    write_formula(page, "filter", 'stat = "shipped"')
    saved(page)
    expect(page.locator(".formula-faults")).to_contain_text("没有名为“stat”的字段")
    show(page, "问题")
    page.locator(".problem-list").get_by_role("button", name=re.compile("^近期交货")).click()
    page.get_by_role("button", name="改为 state").click()
    expect(page.locator("[data-formula=filter]")).to_contain_text("结果：是/否")
    page.keyboard.press("Tab")
    picture(page, "view-filter")
    check_axe(page)
    for _ in range(2):
        page.get_by_role("button", name=re.compile("^撤销：设置 近期交货 的筛选")).click()
    assert filter_of(saved(page), "orders_due") == before
    for _ in range(2):
        page.get_by_role("button", name=re.compile("^重做：设置 近期交货 的筛选")).click()
    page.locator("[name=name-zh-CN]").fill("在途订单")
    columns = page.get_by_role("region", name="列表的列")
    columns.get_by_label("新列的字段").select_option("customer")
    columns.get_by_label("客户的字段").select_option("level")
    columns.get_by_role("button", name="添加列").click()
    columns.get_by_role("button", name="前移列 客户 · 等级").click()
    columns.get_by_role("button", name="添加列").scroll_into_view_if_needed()
    picture(page, "view-columns")
    check_axe(page)
    assert filter_of(saved(page), "orders_due") == 'state = "shipped"'
    view = next(view for view in saved(page)["views"] if view["key"] == "orders_due")
    assert view["columns"][-2]["key"] == "customer.level"
    publish(page, "视图“在途订单”：名称、筛选")
    page.goto(f"/apps/{APP}/views/orders_due")
    expect(page.get_by_role("heading", name="在途订单")).to_be_visible()
    states = page.locator('[role=gridcell][aria-colindex]').filter(has_text=re.compile("^(草稿|已确认|已发货|已完成|已取消)$"))
    expect(states.first).to_be_visible()
    assert set(states.all_inner_texts()) == {"已发货"}
    page.get_by_role("columnheader", name="客户 · 等级").scroll_into_view_if_needed()
    expect(page.get_by_role("columnheader", name="客户 · 等级")).to_have_count(1)
    picture(page, "view-filtered")


@pytest.mark.parametrize("is_phone", [False, True])
def test_in_english(visit: Visit, check_axe: CheckAxe, is_phone: bool) -> None:
    with visit(language="en", is_phone=is_phone) as page:
        call(page, "PATCH", "/api/session", {"language": "en"})
        try:
            open_designer(page, FORM)
            picture(page, f"rules-en{'-phone' if is_phone else ''}")
            rules(page, "Rules").get_by_role("button", name="Add rule").click()
            expect(page.get_by_role("alert")).to_contain_text("Still missing: Condition, Message.")
            write_formula(page, "check", "totl > 0")
            expect(page.get_by_role("button", name="Write total")).to_be_visible()
            picture(page, f"rule-en{'-phone' if is_phone else ''}")
            check_axe(page)
            assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
            page.get_by_role("button", name="Write total").click()
            page.get_by_role("button", name="Back to the form").click()
            expect(rules(page, "Rules")).to_contain_text("New rule")
            expect(rules(page, "Rules")).to_contain_text("Not finished")
            rules(page, "Rules").scroll_into_view_if_needed()
            picture(page, f"rules-unfinished-en{'-phone' if is_phone else ''}")
            check_axe(page)
            page.get_by_role("region", name="Lists", exact=True).get_by_role("button", name=re.compile("^Deep discounts")).click()
            expect(formula_box(page, "filter")).to_be_visible()
            picture(page, f"view-en{'-phone' if is_phone else ''}")
            assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        finally:
            call(page, "PATCH", "/api/session", {"language": "zh-CN"})
            call(page, "DELETE", DRAFT)
