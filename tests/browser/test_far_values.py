"""Values that follow other records, in a real browser: a form says that they are computed later, and shows none that is out of date."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.api.test_rollups import APP, document
from tests.browser.conftest import Visit
from tests.browser.journey import assert_accessible, call, picture

RECORDS = f"/api/apps/{APP}/records"


def test_a_form_shows_no_value_that_would_be_another_when_it_is_saved(admin_page: Page) -> None:
    page = admin_page
    call(page, "POST", "/api/apps", {"package": document(), "demo": False})
    customer = call(page, "POST", f"{RECORDS}/customer", {"name": "Ann", "level": "A"})["id"]
    order = call(page, "POST", f"{RECORDS}/order", {"name": "one", "customer": customer})["id"]
    level, others = (page.locator(f'[data-field="{key}"] output') for key in ("level", "others"))

    page.goto(f"/apps/{APP}/records/order/new")
    expect(level).to_have_text("保存后计算")
    page.goto(f"/apps/{APP}/records/order/{order}/edit")
    expect(level).to_have_text("A")
    page.locator('[data-field="name"] input').fill("two")
    expect(level).to_have_text("保存后计算")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("button", name="编辑")).to_be_visible()
    expect(level).to_have_text("A")
    expect(others).to_have_text("1")


def test_how_a_value_comes_about_is_told_beside_it(visit: Visit) -> None:
    """The formula in words, what it reads with the way to it, and the records behind a sum; on a phone too, in English."""
    with visit() as page:
        customer = call(page, "POST", f"{RECORDS}/customer", {"name": "Zoe", "level": "B"})["id"]
        order = call(page, "POST", f"{RECORDS}/order", {"name": "first", "customer": customer})["id"]
        page.goto(f"/apps/{APP}/records/order/{order}")
        page.get_by_role("button", name="“level（中）”是怎么算出来的").click()
        dialog = page.get_by_role("dialog", name="“level（中）”是怎么算出来的")
        expect(dialog.locator("code")).to_have_text("customer（中）.level（中）")
        expect(dialog.locator("dd")).to_contain_text("B")
        assert_accessible(page)
        picture(page, "explain")
        dialog.get_by_role("link", name="Zoe").click()
        expect(page.get_by_role("heading", name="Zoe")).to_be_visible()
    with visit(is_phone=True) as page:
        call(page, "PATCH", "/api/session", {"language": "en"})
        page.goto(f"/apps/{APP}/records/customer/{customer}")
        page.get_by_role("button", name=re.compile("How .* comes about")).first.click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("link", name="first").first).to_be_visible()
        picture(page, "explain-phone-en")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        call(page, "PATCH", "/api/session", {"language": "zh-CN"})
