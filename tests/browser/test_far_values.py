"""Values that follow other records, in a real browser: a form says that they are computed later, and shows none that is out of date."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.api.test_rollups import APP, document
from tests.browser.journey import call

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
