"""The designer says where an element comes from: a package, changed here or not, or made here; one property is put back to the package's."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.canvas import DRAFT, FORM, field_of, item, node, saved
from tests.browser.conftest import Visit
from tests.browser.journey import assert_accessible, call, picture


def test_a_changed_property_goes_back_to_what_the_package_has(designer: Page) -> None:
    page = designer
    node(page, "basic/customer").click(position={"x": 6, "y": 6})
    origin = page.locator(".origin")
    expect(origin).to_have_text(re.compile(r"^来自 .+ \d+\.\d+\.\d+$"))
    label = page.locator("[name=name-zh-CN]")
    was = label.input_value()
    label.fill("买方")
    page.keyboard.press("Tab")
    page.get_by_role("switch", name="必填").click()
    expect(origin.locator("summary")).to_have_text(re.compile("，已在此修改$"))
    origin.locator("summary").click()
    lines = origin.get_by_role("listitem")
    expect(lines).to_have_count(2)
    expect(lines.filter(has_text=was)).to_contain_text(f"包中为 {was}")
    picture(page, "designer-origin")
    assert_accessible(page)
    lines.filter(has_text=was).get_by_role("button").click()
    expect(label).to_have_value(was)
    expect(lines).to_have_count(1)
    lines.get_by_role("button").click()
    expect(origin).to_have_text(re.compile(r"^来自 .+ \d+\.\d+\.\d+$"))
    assert field_of(saved(page), "customer")["name"]["zh-CN"] == was
    # To put back is a gesture like any other.
    page.get_by_role("button", name=re.compile("^撤销")).click()
    page.get_by_role("button", name=re.compile("^撤销")).click()
    expect(label).to_have_value("买方")
    item(page, "new:text").click()
    expect(origin).to_have_text("在本应用中添加")
    page.mouse.click(5, 5)


def test_it_is_said_in_english_on_a_phone(designer: Page, visit: Visit) -> None:
    document = call(designer, "GET", DRAFT)
    field_of(document["document"], "date")["name"]["en"] = "Order day"
    call(designer, "PUT", DRAFT, {"revision": document["revision"], "document": document["document"]})
    with visit(language="en", is_phone=True) as page:
        page.set_viewport_size({"width": 390, "height": 800})
        call(page, "PATCH", "/api/session", {"language": "en"})
        try:
            page.goto(FORM)
            node(page, "basic/date").click(position={"x": 6, "y": 6})
            page.locator(".origin summary").click()
            expect(page.locator(".origin")).to_contain_text(re.compile("^From .+, changed here"))
            expect(page.locator(".origin li")).to_contain_text("Label (English): Date in the package")
            page.locator(".origin").scroll_into_view_if_needed()
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert_accessible(page)
            picture(page, "designer-origin-phone-en")
        finally:
            call(page, "PATCH", "/api/session", {"language": "zh-CN"})
