"""Two people design one form at once: each sees the other and what they do, and where both change the same, one decides."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.canvas import (
    APP,
    FORM,
    field_of,
    fields,
    item,
    node,
    open_designer,
    saved,
    show,
    write_formula,
)
from tests.browser.conftest import DESK, Server, Visit, _watched
from tests.browser.journey import call, expect_errors, picture
from tests.warm import run

ROOT = Path(__file__).parents[2]
UNDO = re.compile("^撤销")


@pytest.fixture
def colleague(server: Server, browser: Browser) -> Iterator[Page]:
    """Return a page of somebody else who may design the app."""
    printed = run("user", "link", "manager@example.com", environment=os.environ | {"DATABASE_URL": server.database}).stdout
    with browser.new_context(base_url=server.address, locale="zh-CN", reduced_motion="reduce", **DESK) as context:
        token = urlsplit(printed.strip()).fragment
        assert context.request.post("/api/links/use", data={"token": token, "password": "correct horse battery"}).ok
        yield from _watched(context)


def label_box(page: Page, path: str) -> None:
    """Select a field of the form, whose label is in the panel then."""
    node(page, path).click(position={"x": 6, "y": 6})
    expect(page.locator("[name=name-zh-CN]")).to_be_visible()


def test_two_people_design_one_form(designer: Page, colleague: Page, check_axe: Callable[[Page], None]) -> None:
    mine, theirs = designer, colleague
    open_designer(theirs)
    expect(theirs.locator(".editors")).to_contain_text("管理员")
    expect(mine.locator(".editors")).to_contain_text("王建国")

    item(mine, "new:text").click()
    expect(mine.locator('[data-node$="/x_text"]')).to_be_visible()
    saved(mine)
    expect(theirs.locator('[data-node$="/x_text"]')).to_be_visible()

    # The colleague loses the network for a moment and changes what is changed here too, and something else.
    expect_errors(theirs, "ERR_INTERNET_DISCONNECTED")
    theirs.context.set_offline(True)
    for path, text in (("basic/customer", "客户乙"), ("basic/date", "日期乙"), ("more/remark", "备注乙")):
        label_box(theirs, path)
        theirs.locator("[name=name-zh-CN]").fill(text)
    for path, text in (("basic/customer", "客户甲"), ("basic/date", "日期甲")):
        label_box(mine, path)
        mine.locator("[name=name-zh-CN]").fill(text)
    saved(mine)
    theirs.context.set_offline(False)
    theirs.keyboard.press("Control+s")
    notices = theirs.locator(".conflicts .notice")
    expect(notices).to_have_count(2)
    expect(notices.first).to_contain_text("客户甲")
    expect(notices.first).to_contain_text("客户乙")
    expect(notices.first).to_contain_text("管理员")
    expect(node(theirs, "basic/customer")).to_contain_text("客户甲")
    picture(theirs, "designer-conflict")
    check_axe(theirs)
    theirs.set_viewport_size({"width": 390, "height": 800})
    assert theirs.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    expect(notices.first.get_by_role("button", name="保留我的")).to_be_in_viewport()
    picture(theirs, "designer-conflict-phone")
    theirs.set_viewport_size({"width": 1360, "height": 800})
    notices.first.get_by_role("button", name="采用对方的").click()
    notices.first.get_by_role("button", name="保留我的").click()
    expect(notices).to_have_count(0)
    expect(node(theirs, "basic/date")).to_contain_text("日期乙")
    document = saved(theirs)
    assert [field_of(document, key)["name"]["zh-CN"] for key in ("customer", "date", "remark")] == ["客户甲", "日期乙", "备注乙"]
    for path, text in (("basic/date", "日期乙"), ("more/remark", "备注乙")):
        expect(node(mine, path)).to_contain_text(text)

    # What one did is undone after the page was loaded anew, past what others did; what they have changed since is not.
    mine.reload()
    mine.locator("[data-node]").first.wait_for()
    undo = mine.get_by_role("button", name=UNDO)
    undo.click()
    expect(mine.get_by_role("button", name=re.compile("无法撤销或重做"))).to_be_visible()
    mine.get_by_role("button", name=re.compile("无法撤销或重做")).click()
    undo.click()
    undo.click()
    expect(undo).to_be_disabled()
    document = saved(mine)
    assert "x_text" not in fields(document)
    assert field_of(document, "date")["name"]["zh-CN"] == "日期乙"
    expect(theirs.locator('[data-node$="/x_text"]')).to_have_count(0)
    show(mine, "历史")
    log = mine.locator(".kept-log li")
    expect(log.first).to_contain_text("管理员")
    expect(mine.locator(".kept-log")).to_contain_text("王建国")
    expect(mine.locator(".kept-log .log-undone").first).to_be_visible()
    picture(mine, "designer-log")
    check_axe(mine)
    theirs.goto("/")


def test_all_problems_of_the_app(designer: Page, visit: Visit, check_axe: Callable[[Page], None]) -> None:
    """The page lists what is wrong anywhere in the app by element, in both languages and on a phone, and leads to where it is mended."""
    page = designer
    node(page, "goods/total").click()
    write_formula(page, "formula", "SUM(lines.gone)")
    page.keyboard.press("Tab")
    saved(page)
    show(page, "问题")
    page.get_by_role("link", name="整个应用的问题").click()
    element = page.locator(".problem-elements > li")
    expect(element.first).to_contain_text("总金额")
    picture(page, "designer-problems")
    check_axe(page)
    call(page, "PATCH", "/api/session", {"language": "en"})
    try:
        with visit(language="en", is_phone=True) as phone:
            phone.goto(f"/design/{APP}/problems")
            expect(phone.locator(".problem-elements > li").first).to_contain_text("field “")
            assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            picture(phone, "designer-problems-phone")
            check_axe(phone)
    finally:
        call(page, "PATCH", "/api/session", {"language": "zh-CN"})
    element.first.get_by_role("link", name="去修改").first.click()
    expect(page).to_have_url(re.compile(re.escape(FORM)))
    expect(page.locator("[data-formula=formula]")).to_be_visible()
    page.get_by_role("button", name=UNDO).click()
    saved(page)
    page.goto(f"/design/{APP}/problems")
    expect(page.get_by_text("没有问题")).to_be_visible()
