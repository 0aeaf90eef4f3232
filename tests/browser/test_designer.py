"""The form designer and publishing in a real browser: by mouse, by keyboard alone, with what goes wrong on the way."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.canvas import (
    APP,
    DRAFT,
    begin_drag,
    drag,
    drop,
    fields,
    item,
    node,
    open_designer,
    order,
    saved,
    section,
    settles,
    show,
    write_formula,
)
from tests.browser.journey import call, expect_errors, picture


def test_add_by_drag(designer: Page) -> None:
    """A field dragged from the palette lands where the mark was: one step, saved by itself, there again after a reload."""
    page = designer
    before = section(page, "basic")
    begin_drag(page, item(page, "new:text"), node(page, f"basic/{before[0]}"), (0.9, 0.5))
    expect(page.locator(".drop-mark")).to_be_visible()
    picture(page, "designer-drag")
    drop(page)
    expect(node(page, "basic/x_text")).to_be_visible()
    settles(page, "basic", [before[0], "x_text", *before[1:]])
    assert section(page, "basic") == [before[0], "x_text", *before[1:]]

    page.locator("[name=name-zh-CN]").fill("送货备注")
    page.keyboard.press("Tab")
    expect(page.locator("[name=key]")).to_have_value("x_song_huo_bei_zhu")
    expect(node(page, "basic/x_song_huo_bei_zhu")).to_contain_text("送货备注")
    assert "x_song_huo_bei_zhu" in fields(saved(page))

    page.reload()
    expect(node(page, "basic/x_song_huo_bei_zhu")).to_be_visible()


def test_undo_and_redo_go_on_after_a_reload(designer: Page) -> None:
    """What was undone can be done again after the page was loaded anew, in the same order, until something new is done."""
    page = designer
    start = order(page)
    undo, redo = (page.get_by_role("button", name=re.compile(f"^{name}")) for name in ("撤销", "重做"))
    item(page, "new:text").click()
    item(page, "new:money").click()
    expect(page.locator('[data-node$="/x_money"]')).to_be_visible()
    both = order(page)
    undo.click()
    undo.click()
    expect(undo).to_be_disabled()
    assert "x_text" not in fields(saved(page))
    page.reload()
    expect(redo).to_be_enabled()
    expect(undo).to_be_disabled()
    assert order(page) == start
    redo.click()
    expect(page.locator('[data-node$="/x_text"]')).to_be_visible()
    saved(page)
    page.reload()
    expect(redo).to_be_enabled()
    redo.click()
    assert {"x_text", "x_money"} <= set(fields(saved(page)))
    assert order(page) == both
    expect(redo).to_be_disabled()
    page.reload()
    undo.click()
    expect(page.locator('[data-node$="/x_money"]')).to_have_count(0)
    item(page, "new:number").click()
    expect(page.locator('[data-node$="/x_number"]')).to_be_visible()
    saved(page)
    page.reload()
    expect(undo).to_be_enabled()
    expect(redo).to_be_disabled()


def test_one_gesture_is_one_step(designer: Page) -> None:
    """Undo takes back field and node together; the label and the key that followed it are one step, too."""
    page = designer
    start = order(page)
    drag(page, item(page, "new:money"), node(page, "more"), (0.5, 0.9))
    name = page.locator("[name=name-zh-CN]")
    for typed, key in (("运", "x_yun"), ("运费", "x_yun_fei")):
        name.fill(typed)
        expect(page.locator("[name=key]")).to_have_value(key)
        expect(name).to_be_focused()
    undo = page.get_by_role("button", name=re.compile("^撤销"))
    undo.click()
    expect(page.locator("[name=key]")).to_have_value("x_money")
    undo.click()
    expect(undo).to_be_disabled()
    assert order(page) == start
    assert "x_money" not in fields(saved(page))
    redo = page.get_by_role("button", name=re.compile("^重做"))
    redo.click()
    redo.click()
    expect(node(page, "more/x_yun_fei")).to_be_visible()
    assert "x_yun_fei" in fields(saved(page))


def test_by_keyboard_alone(designer: Page) -> None:
    """Without a mouse: add after the selection, move across sections, take off, undo and redo, save."""
    page = designer
    keys = page.keyboard
    basic, delivery = section(page, "basic"), section(page, "delivery")
    node(page, "basic").focus()
    keys.press("ArrowDown")
    expect(node(page, f"basic/{basic[0]}")).to_be_focused()
    item(page, "new:date").focus()
    keys.press("Enter")
    settles(page, "basic", [basic[0], "x_date", *basic[1:]])
    assert section(page, "basic") == [basic[0], "x_date", *basic[1:]]

    node(page, "basic/x_date").focus()
    keys.press("Alt+ArrowUp")
    settles(page, "basic", ["x_date"])
    expect(node(page, "basic/x_date")).to_be_focused()
    for _ in range(len(basic) + 1):
        keys.press("Alt+ArrowDown")
    settles(page, "delivery", ["x_date", *delivery])
    assert section(page, "delivery") == ["x_date", *delivery]
    expect(node(page, "delivery/x_date")).to_be_focused()

    keys.press("Delete")
    settles(page, "delivery", delivery)
    assert section(page, "delivery") == delivery
    expect(item(page, "field:x_date")).to_be_visible()
    keys.press("Control+z")
    settles(page, "delivery", ["x_date", *delivery])
    assert section(page, "delivery") == ["x_date", *delivery]
    keys.press("Control+y")
    settles(page, "delivery", delivery)
    assert section(page, "delivery") == delivery
    keys.press("Control+Shift+Z")
    document = saved(page)
    assert "x_date" in fields(document)


def test_reorder_by_drag(designer: Page) -> None:
    """Dragging moves a node within a section and across; a drop where it was is no step, Escape gives up."""
    page = designer
    before = section(page, "basic")
    drag(page, node(page, f"basic/{before[1]}"), node(page, f"basic/{before[0]}"), (0.1, 0.5))
    moved = [before[1], before[0], *before[2:]]
    settles(page, "basic", moved)
    assert section(page, "basic") == moved
    drag(page, node(page, f"basic/{moved[0]}"), node(page, f"basic/{moved[0]}"), (0.3, 0.6))
    begin_drag(page, node(page, f"basic/{moved[0]}"), node(page, f"basic/{moved[3]}"), (0.9, 0.5))
    page.keyboard.press("Escape")
    drop(page)
    settles(page, "basic", moved)
    assert section(page, "basic") == moved
    show(page, "历史")
    expect(page.locator(".history-list li")).to_have_count(2)

    drag(page, node(page, f"basic/{moved[0]}"), node(page, f"delivery/{section(page, 'delivery')[0]}"), (0.1, 0.5))
    settles(page, "delivery", [moved[0]])
    page.locator(".history-list li button").last.click()
    settles(page, "basic", before)
    assert section(page, "basic") == before


def test_sections(designer: Page) -> None:
    """A section is added among sections, filled by drag, and moved with what is in it."""
    page = designer
    drag(page, item(page, "new:section"), node(page, "basic"), (0.5, 0.02))
    node(page, "x_section").wait_for()
    assert order(page)[0] == "x_section"
    page.locator("[name=name-zh-CN]").fill("物流")
    drag(page, item(page, "new:boolean"), node(page, "x_section"), (0.5, 0.7))
    settles(page, "x_section", ["x_boolean"])
    assert section(page, "x_section") == ["x_boolean"]
    node(page, "x_section").focus()
    page.keyboard.press("Alt+ArrowDown")
    assert [key for key in order(page) if "/" not in key][:2] == ["basic", "x_section"]
    settles(page, "x_section", ["x_boolean"])
    assert section(page, "x_section") == ["x_boolean"]
    form = next(form for form in saved(page)["forms"] if form["key"] == "sales_order")
    assert form["nodes"][1]["name"]["zh-CN"] == "物流"


def test_every_kind(designer: Page) -> None:
    """A field of every kind, fresh from the palette, is right as it is: nothing stands in the way of publishing."""
    page = designer
    before = fields(call(page, "GET", DRAFT)["document"])
    kinds = page.locator(".palette-kinds [data-palette]")
    for kind in kinds.all():
        kind.click()
    added = [key for key in fields(saved(page)) if key not in before]
    assert len(added) == kinds.count() >= 11
    for key in added:
        expect(node(page, f"more/{key}")).to_be_visible()
        expect(node(page, f"more/{key}").locator(".frame-broken")).to_have_count(0)
    changes = call(page, "GET", f"{DRAFT}/changes")
    assert changes["issues"] == []
    assert {change["pointer"].rsplit("/", 1)[1] for change in changes["changes"]} >= set(added)


def test_columns_of_lines(designer: Page) -> None:
    """Columns of the lines: a new field, order, hidden; and the field's own properties."""
    page = designer
    node(page, "goods/lines").click()
    columns = page.locator(".column-list li")
    names = columns.evaluate_all("all => all.map(one => one.dataset.column)")
    page.get_by_label("新列的类型").select_option("money")
    page.get_by_role("button", name="添加列").click()
    page.locator("[name=name-zh-CN]").fill("折让")
    expect(page.locator("[name=key]")).to_have_value("x_zhe_rang")
    expect(page.locator("[name=name-zh-CN]")).to_be_focused()
    page.get_by_role("button", name=re.compile("^返回 明细")).click()
    page.get_by_role("button", name="前移列 折让").click()
    page.locator(f'[data-column="{names[1]}"]').get_by_role("button", name=re.compile("^隐藏列")).click()
    assert columns.evaluate_all("all => all.map(one => one.dataset.column)") == [*names[:-1], "x_zhe_rang", names[-1]]
    form = next(form for form in saved(page)["forms"] if form["key"] == "sales_order")
    lines = next(part for box in form["nodes"] for part in box["nodes"] if part["key"] == "lines")
    assert lines["columns"][1]["hidden"] is True


def test_deleting_shows_what_uses_a_field(designer: Page) -> None:
    """A field other things rely on cannot be deleted, and they are named; taking it off the form is another thing."""
    page = designer
    node(page, "goods/lines").click()
    page.get_by_role("button", name="删除字段…").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("总金额")
    expect(dialog.get_by_role("button", name="删除字段")).to_be_disabled()
    dialog.get_by_role("button", name="取消").click()
    page.get_by_role("button", name="移出表单", exact=True).click()
    expect(node(page, "goods/lines")).to_have_count(0)
    expect(item(page, "field:lines")).to_be_visible()
    assert "lines" in fields(saved(page))

    item(page, "new:text").click()
    page.get_by_role("button", name="删除字段…").click()
    page.get_by_role("alertdialog").get_by_role("button", name="删除字段").click()
    assert "x_text" not in fields(saved(page))


def test_problems(designer: Page) -> None:
    """What is wrong is listed and leads to its node; a draft with problems is not published."""
    page = designer
    node(page, "goods/total").click()
    write_formula(page, "formula", "SUM(lines.nobody)")
    saved(page)
    expect(page.locator(".prop-fault")).not_to_be_empty()
    page.get_by_role("group", name="表单画布").click(position={"x": 4, "y": 4})
    show(page, "问题")
    page.locator(".problem-list button").first.click()
    expect(node(page, "goods/total")).to_be_focused()
    page.get_by_role("link", name="发布…").click()
    expect(page.get_by_role("alert")).to_contain_text("总金额")
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_disabled()
    page.get_by_role("button", name="放弃草稿").click()
    page.get_by_role("alertdialog").get_by_role("button", name="放弃草稿").click()
    expect(page.get_by_text("没有要发布的内容")).to_be_visible()
    assert call(page, "GET", f"{DRAFT}/changes")["changes"] == []


def test_broken_node(designer: Page) -> None:
    """A node whose field is gone, and one of a kind nobody knows, are drawn as cards that can be taken off."""
    page = designer
    draft = call(page, "GET", DRAFT)
    form = next(form for form in draft["document"]["forms"] if form["key"] == "sales_order")
    form["nodes"][0]["nodes"][:0] = [
        {"key": "ghost", "kind": "input", "field": "ghost"},
        {"key": "odd", "kind": "hologram"},
    ]
    call(page, "PUT", DRAFT, {"revision": draft["revision"], "document": draft["document"]})
    open_designer(page)
    for key in ("ghost", "odd"):
        card = node(page, f"basic/{key}").locator(".frame-broken")
        expect(card).to_be_visible()
        card.get_by_role("button").click()
        expect(node(page, f"basic/{key}")).to_have_count(0)
    expect(node(page, "basic/customer")).to_be_visible()


def test_two_authors(designer: Page) -> None:
    """Somebody else saved the draft meanwhile: both changes are kept, nothing is asked."""
    page = designer
    draft = call(page, "GET", DRAFT)
    form = next(form for form in draft["document"]["forms"] if form["key"] == "sales_order")
    form["nodes"][0]["name"]["zh-CN"] = "要点"
    call(page, "PUT", DRAFT, {"revision": draft["revision"], "document": draft["document"]})
    node(page, "basic/customer").click()
    page.get_by_role("button", name="隐藏", exact=True).click()
    document = saved(page)
    form = next(form for form in document["forms"] if form["key"] == "sales_order")
    assert form["nodes"][0]["name"]["zh-CN"] == "要点"
    assert next(part for part in form["nodes"][0]["nodes"] if part["key"] == "customer")["hidden"] is True
    expect(node(page, "basic")).to_contain_text("要点")


def test_lost_network(designer: Page) -> None:
    """What cannot be sent is said to be unsaved, kept in the browser, and sent on the next visit."""
    page = designer
    expect_errors(page, "ERR_FAILED .*/draft")
    page.route(f"**{DRAFT}/commands", lambda route: route.abort())
    item(page, "new:text").click()
    expect(page.locator(".save-failed")).to_be_visible()
    page.unroute(f"**{DRAFT}/commands")
    open_designer(page)
    expect(page.locator('[data-node$="/x_text"]')).to_be_visible()
    assert "x_text" in fields(saved(page))


def test_publish_and_fill(designer: Page, check_axe: Callable[[Page], None]) -> None:
    """Add, hide, publish: the form people fill has the new field but not the hidden one; the key is fixed from then on."""
    page = designer
    shown, hidden = (f"{name}{uuid.uuid4().hex[:6]}" for name in ("客户采购单号", "内部批注"))
    for name in (hidden, shown):
        drag(page, item(page, "new:text"), node(page, "basic/customer"), (0.1, 0.5))
        page.locator("[name=name-zh-CN]").fill(name)
        page.keyboard.press("Tab")
        expect(page.locator("[name=key]")).to_have_value(re.compile("^x_(ke_hu|nei_bu)"))
        if name == hidden:
            page.get_by_role("button", name="隐藏", exact=True).click()
    key = page.locator("[name=key]").input_value()
    page.get_by_role("link", name="发布…").click()
    expect(page.locator(".change-list")).to_contain_text(shown)
    page.get_by_text("数据库语句").click()
    expect(page.locator(".publish-sql")).to_contain_text(key)
    picture(page, "designer-publish")
    check_axe(page)
    page.get_by_label("说明").fill(f"记下{shown}")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text(re.compile("版本 \\d+ 已发布"))).to_be_visible()
    expect(page.locator(".version-list li").first).to_contain_text(f"记下{shown}")
    expect(page.locator(".version-list .tag")).to_have_count(1)

    page.goto(f"/apps/{APP}/records/sales_order/new")
    expect(page.get_by_label(shown)).to_be_visible()
    expect(page.get_by_label(hidden)).to_have_count(0)
    open_designer(page)
    node(page, f"basic/{key}").click()
    expect(page.locator("[name=key]")).to_be_disabled()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_accessible(designer: Page, check_axe: Callable[[Page], None], language: str) -> None:
    """axe finds nothing in either language: nothing selected, a field, lines, the history, a window, a phone's preview."""
    page = designer
    english = language == "en"
    if english:
        call(page, "PATCH", "/api/session", {"language": "en"})
        page.evaluate("localStorage.setItem('dougong.language', 'en')")
        open_designer(page)
    try:
        check_axe(page)
        for path in ("basic", "basic/customer", "basic/state", "goods/lines"):
            node(page, path).click(position={"x": 6, "y": 6})
            check_axe(page)
        picture(page, f"designer-lines-{language}")
        page.get_by_role("button", name="Delete field…" if english else "删除字段…").click()
        check_axe(page)
        page.get_by_role("alertdialog").get_by_role("button", name="Cancel" if english else "取消").click()
        show(page, "History" if english else "历史")
        page.get_by_role("button", name="Phone" if english else "手机", exact=True).click()
        check_axe(page)
        page.set_viewport_size({"width": 800, "height": 1000})
        expect(page.get_by_text("larger screen" if english else "更大的屏幕")).to_be_visible()
        check_axe(page)
    finally:
        call(page, "PATCH", "/api/session", {"language": "zh-CN"})
