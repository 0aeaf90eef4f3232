"""What the designer does with one field: who may write it, where its value comes from, another like it, what publishing means for it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.canvas import (
    APP,
    DRAFT,
    FORM,
    field_of,
    fields,
    item,
    node,
    open_designer,
    order,
    saved,
    section,
    settles,
)
from tests.browser.journey import call, expect_errors, pick, picture

BROKEN_WORDS = """() => [...document.querySelectorAll('.palette-kinds .palette-item > span')].filter(
    (name) => !name.textContent.includes(' ') && name.offsetHeight > 20).map((name) => name.textContent)"""
"""The kinds in the palette whose one word takes two lines."""
TEXTS = {
    "zh-CN": {
        "copy": "取值自", "phone": "客户 › 电话", "read_only": "只读", "unique": "不能重复", "indexed": "加快查找", "required": "必填",
        "on_form": "在此表单上只读", "refused": "必填的只读字段要有默认值",
    },
    "en": {
        "copy": "Taken from", "phone": "Customer › Phone", "read_only": "Read-only", "unique": "No value twice", "indexed": "Fast to find",
        "required": "Required", "on_form": "Read-only on this form", "refused": "A required field nobody may write needs a default",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_where_a_value_comes_from_and_what_may_be_done_with_it(designer: Page, check_axe: Callable[[Page], None], language: str) -> None:
    """Copied, read-only, unique, indexed: each is set, taken back by one undo, and refused beside its switch where it makes no sense."""
    page, texts = designer, TEXTS[language]
    if language == "en":
        page.evaluate("localStorage.setItem('dougong.language', 'en')")
        call(page, "PATCH", "/api/session", {"language": "en"})
        open_designer(page)
        assert page.evaluate(BROKEN_WORDS) == []
    try:
        node(page, "delivery/contact").click()
        expect(page.get_by_label(texts["copy"])).to_have_value("customer.contact")
        item(page, "new:text").click()
        page.get_by_role("switch", name=texts["required"], exact=True).click()
        page.get_by_role("switch", name=texts["read_only"], exact=True).click()
        saved(page)
        expect(page.locator(".prop-fault")).to_contain_text(texts["refused"])
        page.get_by_label(texts["copy"]).select_option(label=texts["phone"])
        for name in ("unique", "indexed", "on_form"):
            page.get_by_role("switch", name=texts[name], exact=True).click()
        document = saved(page)
        expect(page.locator(".prop-fault")).to_have_count(0)
        said = {"copy": "customer.phone", "read_only": True, "unique": True, "indexed": True, "required": True}
        field = field_of(document, "x_text")
        assert {name: field.get(name) for name in said} == said
        check_axe(page)
        page.get_by_role("switch", name=texts["unique"], exact=True).scroll_into_view_if_needed()
        picture(page, f"designer-field-{language}")
        statements = " ".join(call(page, "GET", f"{DRAFT}/changes")["statements"])
        assert "CREATE UNIQUE INDEX" in statements
        for _ in range(3):
            page.get_by_role("button", name=re.compile("^(撤销|Undo)")).click()
        field = field_of(saved(page), "x_text")
        assert (field.get("copy"), field.get("unique"), field.get("indexed")) == ("customer.phone", None, None)
    finally:
        call(page, "PATCH", "/api/session", {"language": "zh-CN"})


def test_what_was_added_is_seen(designer: Page) -> None:
    """A field added below what the canvas shows is brought into sight, and so is what undo brings back."""
    page = designer
    page.set_viewport_size({"width": 1100, "height": 600})
    canvas = page.locator(".canvas")
    expect(node(page, "basic/number")).to_be_in_viewport()
    item(page, "new:text").click()
    expect(node(page, "more/x_text")).to_be_in_viewport()
    expect(item(page, "new:text")).to_be_focused()
    canvas.evaluate("canvas => canvas.scrollTo(0, 0)")
    node(page, "basic/number").click()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")
    expect(node(page, "more/x_text")).to_be_in_viewport()
    item(page, "new:any_reference").click()
    expect(node(page, "more/x_any_reference").locator("option")).to_have_text("往来单位")


def test_what_a_kind_or_a_place_does_not_allow_is_not_offered(designer: Page) -> None:
    """Rows have no unique fields, lines no switches, a computed field copies nothing."""
    page = designer
    node(page, "goods/lines").click()
    for name in ("不能重复", "加快查找", "只读"):
        expect(page.get_by_role("switch", name=name, exact=True)).to_have_count(0)
    page.locator(".column-list .column-name").first.click()
    expect(page.get_by_role("switch", name="只读", exact=True)).to_be_visible()
    expect(page.get_by_role("switch", name="不能重复", exact=True)).to_have_count(0)
    node(page, "goods/total").click()
    expect(page.get_by_role("switch", name="只读", exact=True)).to_be_disabled()
    expect(page.get_by_label("取值自")).to_be_disabled()


def test_another_field_like_this_one(designer: Page) -> None:
    """A duplicate has the properties of its model, a key and a label of its own; it is one step, by key and by button."""
    page = designer
    before = section(page, "delivery")
    node(page, "delivery/contact").focus()
    page.keyboard.press("Control+d")
    settles(page, "delivery", ["contact", "x_text", *before[1:]])
    expect(node(page, "delivery/x_text")).to_be_focused()
    expect(page.locator("[name=name-zh-CN]")).to_have_value("联系人（副本）")
    page.get_by_role("button", name="复制一个").click()
    settles(page, "delivery", ["contact", "x_text", "x_text_2", *before[1:]])
    document = saved(page)
    assert field_of(document, "x_text")["copy"] == "customer.contact"
    for _ in range(2):
        page.keyboard.press("Control+z")
    settles(page, "delivery", before)
    assert "x_text" not in fields(saved(page))


def test_copied_here_and_pasted_there(designer: Page) -> None:
    """A field travels over the clipboard to another form with its columns; text that is marked, and other text, are left alone."""
    page = designer
    node(page, "goods/lines").focus()
    page.keyboard.press("Control+c")
    page.get_by_label("正在设计的表单").select_option("purchase_order")
    page.locator('[data-root="/forms/purchase_order/nodes"]').wait_for()
    first = next(path for path in order(page) if "/" in path)
    node(page, first).focus()
    page.keyboard.press("Control+v")
    pasted = page.locator('[data-node$="/x_lines"]')
    expect(pasted).to_be_focused()
    document = saved(page)
    entity = next(entity for entity in document["entities"] if entity["key"] == "purchase_order")
    lines = next(field for field in entity["fields"] if field["key"] == "x_lines")
    assert [field["key"] for field in lines["fields"]] == [field["key"] for field in field_of(document, "lines")["fields"]]
    page.keyboard.press("Control+z")
    expect(pasted).to_have_count(0)
    page.evaluate("navigator.clipboard.writeText('something else')")
    node(page, first).focus()
    page.keyboard.press("Control+v")
    expect(page.locator(".canvas [data-node]")).to_have_count(len(order(page)))
    expect(pasted).to_have_count(0)


def test_a_field_published_by_somebody_else_keeps_its_key(designer: Page) -> None:
    """Published meanwhile, a field takes the label that is typed but no other key: that would take it and its values away."""
    page = designer
    item(page, "new:text").click()
    saved(page)
    draft = call(page, "GET", DRAFT)
    call(page, "POST", f"/api/apps/{APP}/versions", {"revision": draft["revision"], "note": ""})
    expect(page.locator("[name=key]")).to_be_disabled()  # once the news has come to this page
    page.locator("[name=name-zh-CN]").fill("改了名称")
    page.keyboard.press("Tab")
    document = saved(page)
    assert field_of(document, "x_text")["name"]["zh-CN"] == "改了名称"
    assert not [key for key in fields(document) if key.startswith("x_gai")]
    node(page, "more/x_text").click()
    expect(page.locator("[name=key]")).to_be_disabled()
    expect(page.locator("[name=key]")).to_have_value("x_text")


def test_a_label_typed_before_a_publish_is_heard_of_stays_under_the_published_key(designer: Page) -> None:
    """Nothing is asked of whoever typed: the text is theirs, the key is the one that was published."""
    page = designer
    item(page, "new:text").click()
    saved(page)
    key = page.locator("[name=key]").input_value()
    page.route("**/draft/presence", lambda route: route.abort())  # this page hears nothing by itself
    draft = call(page, "GET", DRAFT)
    call(page, "POST", f"/api/apps/{APP}/versions", {"revision": draft["revision"], "note": ""})
    expect_errors(page, "draft/presence")
    with page.expect_response("**/api/keys"):
        page.locator("[name=name-zh-CN]").fill("写在前面")
        page.keyboard.press("Tab")
    document = saved(page)
    assert field_of(document, key)["name"]["zh-CN"] == "写在前面"
    assert not [key for key in fields(document) if key.startswith("x_xie")]
    expect(page.locator(".conflicts")).to_have_count(0)
    expect(page.locator("[name=key]")).to_be_disabled()
    expect(page.locator("[name=key]")).to_have_value(key)
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("[name=name-zh-CN]")).not_to_have_value("写在前面")


def test_a_publish_says_what_it_means_for_data(designer: Page, check_axe: Callable[[Page], None]) -> None:
    """Values that vanish or are missing are counted before the button is pressed, and what changes is told in words."""
    page = designer
    node(page, "more/remark").click()
    page.get_by_role("switch", name="必填", exact=True).click()
    node(page, "delivery/address").click()
    page.get_by_role("button", name="删除字段…").click()
    page.get_by_role("alertdialog").get_by_role("button", name="删除字段").click()
    page.get_by_role("link", name="发布…").click()
    warnings = page.locator(".publish-warnings li")
    expect(warnings).to_have_count(2)
    expect(warnings.first).to_have_text(re.compile("“送货地址”在 \\d+ 条记录中有值，将不再显示"))
    expect(warnings.last).to_have_text(re.compile("“备注”将成为必填，但 \\d+ 条记录中没有值"))
    changes = page.locator(".change-list")
    expect(changes).to_contain_text("字段“备注”：必填")
    expect(changes).to_contain_text("表单元素“送货地址”")
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_enabled()
    check_axe(page)
    picture(page, "designer-warnings")


def test_a_new_field_is_seen_in_the_list(designer: Page, check_axe: Callable[[Page], None]) -> None:
    """A switch makes a new field a column of a list; published, the list shows what was filled in."""
    page = designer
    item(page, "new:text").click()
    page.locator("[name=name-zh-CN]").fill("渠道")
    page.keyboard.press("Tab")
    expect(page.locator("[name=key]")).to_have_value("x_qu_dao")
    lists = page.get_by_role("region", name="在列表中显示")
    lists.get_by_role("switch", name="销售订单", exact=True).click()
    page.get_by_role("button", name=re.compile("^撤销：在列表中显示 渠道")).click()
    expect(lists.get_by_role("switch", name="销售订单", exact=True)).not_to_be_checked()
    page.get_by_role("button", name=re.compile("^重做：在列表中显示 渠道")).click()
    check_axe(page)
    page.get_by_role("link", name="发布…").click()
    expect(page.locator(".change-list")).to_contain_text("视图“销售订单” › 列“渠道”")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text(re.compile("版本 \\d+ 已发布"))).to_be_visible()
    order = call(page, "GET", f"/api/apps/{APP}/records/sales_order?limit=1&sort=-number")["records"][0]
    call(page, "PATCH", f"/api/apps/{APP}/records/sales_order/{order['id']}", {"x_qu_dao": "老客户介绍"})
    page.goto(f"/apps/{APP}/views/sales_orders?sort=-number")
    expect(page.get_by_role("columnheader", name="渠道")).to_have_count(1)
    page.get_by_role("columnheader", name="渠道").scroll_into_view_if_needed()
    expect(page.get_by_role("gridcell", name="老客户介绍").first).to_be_visible()
    picture(page, "designer-in-list")


def test_a_copied_field_is_filled_by_choosing_the_record(designer: Page) -> None:
    """Published, the field takes its value from the customer that is chosen; read-only on this form, nobody types into it."""
    page = designer
    node(page, "delivery/contact").click()
    item(page, "new:text").click()
    page.locator("[name=name-zh-CN]").fill("客户来电")
    page.keyboard.press("Tab")
    expect(page.locator("[name=key]")).to_have_value("x_ke_hu_lai_dian")
    page.get_by_label("取值自").select_option("customer.phone")
    page.get_by_role("switch", name="在此表单上只读", exact=True).click()
    page.get_by_role("link", name="发布…").click()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text(re.compile("版本 \\d+ 已发布"))).to_be_visible()
    customer = call(page, "GET", f"/api/apps/{APP}/records/partner?filter=is_customer%20%26%26%20NOT%20ISBLANK(phone)&limit=1")["records"][0]
    page.goto(f"/apps/{APP}/records/sales_order/new")
    pick(page, "客户", customer["name"])
    expect(page.get_by_text(customer["phone"]).first).to_be_visible()
    expect(page.get_by_role("textbox", name="客户来电")).to_have_count(0)
    open_designer(page, FORM)
