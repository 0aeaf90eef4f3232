"""The calendar of working days: an administrator marks a day by clicks, on a desk and on the narrowest phone; a form counts by it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import APP, assert_accessible, call, expect_errors, picture


def test_a_day_is_marked_by_clicks_and_saved(admin_page: Page) -> None:
    page = admin_page
    page.goto("/")
    page.get_by_role("button", name=re.compile("的菜单")).click()
    page.get_by_role("menuitem", name="工作日历").click()
    expect(page.get_by_role("heading", name=re.compile("年工作日历"))).to_be_visible()
    page.goto("/calendar/2026")
    expect(page.get_by_text("国办发明电〔2025〕7号")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(12)
    expect(page.get_by_role("button", name=re.compile("2026年10月1日.*节假日.*国庆节"))).to_be_visible()
    picture(page, "calendar")
    page.get_by_role("link", name="2027 年").click()
    day = page.get_by_role("button", name=re.compile("2027年10月1日"))
    expect(day).to_have_accessible_name(re.compile("工作日$"))
    day.click()
    expect(day).to_have_accessible_name(re.compile("节假日$"))
    page.get_by_role("button", name=re.compile("2027年10月9日")).dblclick()
    assert_accessible(page)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("2027 年的日历已保存")).to_be_visible()
    days = call(page, "GET", "/api/calendar/2027")["days"]
    assert [(one["day"], one["kind"]) for one in days] == [("2027-10-01", "holiday"), ("2027-10-09", "workday")]


def test_what_somebody_else_has_changed_is_not_overwritten(admin_page: Page) -> None:
    page = admin_page
    page.goto("/calendar/2028")
    page.get_by_role("button", name=re.compile("2028年1月3日")).click()
    call(page, "PUT", "/api/calendar/2028", {"revision": 0, "days": [{"day": "2028-01-04", "kind": "holiday"}]})
    expect_errors(page, "409")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("2028 年的日历现为第 1 版")
    page.get_by_role("button", name="重新载入").click()
    expect(page.get_by_role("button", name=re.compile("2028年1月4日.*节假日"))).to_be_visible()


def test_it_fits_on_the_narrowest_phone_in_english(visit: Visit) -> None:
    with visit(language="en", is_phone=True) as page:
        page.set_viewport_size({"width": 360, "height": 740})
        call(page, "PATCH", "/api/session", {"language": "en"})
        try:
            page.goto("/calendar/2026")
            expect(page.get_by_role("heading", name="Working days of 2026")).to_be_visible()
            expect(page.get_by_role("button", name=re.compile("October 10, 2026.*worked in exchange"))).to_be_attached()
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert_accessible(page)
            picture(page, "calendar-phone-en")
        finally:
            call(page, "PATCH", "/api/session", {"language": "zh-CN"})


def test_a_form_fills_in_the_next_working_day(admin_page: Page) -> None:
    """A default reads functions that are loaded later, and the calendar."""
    page = admin_page
    read = call(page, "GET", "/api/apps/trading_starter/draft")
    document = read["document"]
    order = next(one for one in document["entities"] if one["key"] == "sales_order")
    field = next(one for one in order["fields"] if one["kind"] == "date" and one.get("default"))
    field["default"] = "WORKDAY(#2026-09-30#, 1, calendar.holidays, calendar.workdays)"
    kept = call(page, "PUT", "/api/apps/trading_starter/draft", {"revision": read["revision"], "document": document})
    assert kept["issues"] == []
    call(page, "POST", "/api/apps/trading_starter/versions", {"revision": kept["revision"]})
    page.goto(f"{APP}/records/sales_order/new")
    expect(page.get_by_label(field["name"]["zh-CN"], exact=True)).to_have_value("2026-10-08")
