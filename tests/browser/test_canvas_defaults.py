"""The canvas shows what fields begin with in a new record, functions that come from files of their own included."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.browser.canvas import item, node, saved, write_formula
from tests.browser.journey import expect_errors, picture


def test_defaults_are_shown_as_a_new_record_has_them(designer: Page) -> None:
    page = designer
    expect(node(page, "basic/date").locator("input")).to_have_value(re.compile(r"\d{4}-\d\d-\d\d"))
    today = date.fromisoformat(node(page, "basic/date").locator("input").input_value())
    item(page, "new:date").click()
    write_formula(page, "default", 'DATEADD(TODAY(), 10, "day")')
    shown = page.locator("[data-selected] input")
    expect(shown).to_have_value((today + timedelta(days=10)).isoformat())
    saved(page)
    picture(page, "canvas-defaults")
    write_formula(page, "default", "")
    expect(shown).to_have_value("")
    saved(page)


def test_a_file_that_does_not_come_leaves_the_canvas_as_it_is(designer: Page) -> None:
    page = designer
    expect_errors(page, r"ERR_FAILED.*/assets/chinese-", r"Failed to load resource.*chinese")
    page.route("**/assets/chinese-*.js", lambda route: route.abort())
    item(page, "new:text").click()
    with page.expect_event("requestfailed", lambda request: "/assets/chinese-" in request.url):
        write_formula(page, "default", "RMBUPPER(12)")
    shown = page.locator("[data-selected] input")
    expect(shown).to_have_value("")
    page.unroute("**/assets/chinese-*.js")
    write_formula(page, "default", "RMBUPPER(13)")
    expect(shown).to_have_value("壹拾叁元整")
    saved(page)
