"""The way in: a wrong password, and the language somebody reads the page in, which goes along into their account."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server, Visit
from tests.browser.journey import APP, call, expect_errors


def sign_in(page: Page, server: Server, password: str) -> None:
    """Fill the page of the sign-in, in English, and send it."""
    page.get_by_label("E-mail").fill("admin@example.com")
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_the_language_chosen_before_goes_along(visit: Visit, server: Server) -> None:
    """A refusal says what was not right; afterwards the pages speak what was chosen on the way in, and so does the account."""
    with visit(is_signed_in=False) as page:
        expect_errors(page, "401")
        page.goto("/sign-in")
        page.get_by_role("button", name="English").click()
        sign_in(page, server, "not this one")
        expect(page.get_by_role("alert")).to_contain_text("E-mail and password do not match")
        expect(page.get_by_label("Password")).to_be_focused()
        sign_in(page, server, server.password)
        expect(page.get_by_role("heading", name="My apps")).to_be_visible()
        assert page.request.get("/api/session").json()["user"]["language"] == "en"
        call(page, "PATCH", "/api/session", {"language": "zh-CN"})


def test_who_signs_in_again_goes_on_where_they_were(visit: Visit, server: Server) -> None:
    """A list and a record that were refused meanwhile come by themselves after the password."""
    with visit() as page:
        expect_errors(page, "401")
        page.goto(f"{APP}/views/items")
        expect(page.get_by_role("grid").get_by_role("row").nth(2)).to_be_visible()
        page.context.clear_cookies()
        page.get_by_role("link", name="客户", exact=True).click()
        page.get_by_role("dialog", name="登录已过期").get_by_label("密码").fill(server.password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("grid").get_by_role("row").nth(2)).to_be_visible()
        page.context.clear_cookies()
        page.get_by_role("grid").get_by_role("link").first.click()
        page.get_by_role("dialog", name="登录已过期").get_by_label("密码").fill(server.password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="编辑")).to_be_visible()


def test_an_account_begins_in_the_language_of_its_reader(new_server: Server, browser: Browser) -> None:
    """Who sets the first password in an English browser goes on in English."""
    with browser.new_context(base_url=new_server.address, locale="en-GB") as context:
        page = context.new_page()
        page.goto(new_server.link)
        page.get_by_label("New password").fill(new_server.password)
        page.get_by_label("Once more").fill(new_server.password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="My apps")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="My apps")).to_be_visible()
