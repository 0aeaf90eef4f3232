"""The other ways in: an invitation by mail, a forgotten password, a provider's button, and the pages on which administrators see to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.api.provider import real_provider
from tests.browser.conftest import NewDatabase, Prepared, Server, Visit, beside_playwright, running_server
from tests.browser.journey import assert_accessible, call, copied_by_hand, expect_errors, picture
from tests.inbox import Inbox, open_inbox, text_of

USERS = "/api/apps/organization/records/user"


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    """Return the mail server of this module."""
    with open_inbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Return the address of this module's OpenID provider."""
    with real_provider() as address:
        yield address


@pytest.fixture(scope="module")
def server(new_database: NewDatabase, prepared_house: Prepared, inbox: Inbox) -> Iterator[Server]:
    """Start a server that sends mail and may call a provider on this machine."""
    settings = {
        "DOUGONG_SMTP_HOST": "127.0.0.1", "DOUGONG_SMTP_PORT": str(inbox.port), "DOUGONG_SMTP_TLS": "none",
        "DOUGONG_MAIL_FROM": "ERP <erp@example.com>", "DOUGONG_OUTGOING_HOSTS": "127.0.0.1",
    }  # fmt: skip
    with beside_playwright(new_database(prepared_house.dsn)) as database, running_server(database, settings) as started:
        yield replace(started, password=prepared_house.password)


def new_user(page: Page, name: str, email: str) -> None:
    """Make a user as the administrator."""
    call(page, "POST", USERS, {"name": name, "email": email, "language": "en"})


def link_in(inbox: Inbox, email: str) -> str:
    """Return the link in the next mail to somebody."""
    found = re.search(r"http\S+/link#[\w-]+", text_of(inbox.take(email)))
    assert found is not None
    return found[0]


def test_who_is_invited_by_mail_gets_in_and_a_forgotten_password_is_set_anew(visit: Visit, server: Server, inbox: Inbox) -> None:
    with visit() as page:
        new_user(page, "Wang Fang", "wang@example.com")
        page.goto("/invitations")
        page.get_by_label(re.compile("Wang Fang")).check()
        page.get_by_role("button", name="用邮件邀请").click()
        expect(page.get_by_text("已用邮件邀请 1 人")).to_be_visible()
        picture(page, "invitations")
        assert_accessible(page)
    with visit(language="en", is_signed_in=False) as page:
        page.goto(link_in(inbox, "wang@example.com"))
        expect(page.get_by_role("heading", name="Welcome, Wang Fang")).to_be_visible()
        assert page.url == f"{server.address}/link"
        page.get_by_label("New password").fill("eight plus two")
        page.get_by_label("Once more").fill("eight plus two")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="My apps")).to_be_visible()
    with visit(language="en", is_signed_in=False, is_phone=True) as page:
        page.goto("/sign-in")
        page.get_by_role("link", name="Forgot your password?").click()
        page.get_by_label("E-mail").fill("wang@example.com")
        page.get_by_role("button", name="Send the link").click()
        expect(page.get_by_text("a link is on its way")).to_be_visible()
        picture(page, "forgot-password-phone")
        assert_accessible(page)
        page.goto(link_in(inbox, "wang@example.com"))
        page.get_by_label("New password").fill("nine minus four")
        page.get_by_label("Once more").fill("nine minus four")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="My apps")).to_be_visible()
    assert "has changed" in inbox.take("wang@example.com")["subject"]


def test_links_are_shown_to_be_handed_on_and_mail_is_tried_out(visit: Visit, inbox: Inbox) -> None:
    with visit(is_phone=True) as page:
        new_user(page, "陈晨", "chen@example.com")
        page.goto("/invitations")
        page.get_by_label(re.compile("陈晨")).check()
        page.get_by_role("button", name="显示链接").click()
        expect(page.get_by_text(re.compile(r"/link#[\w-]{43}"))).to_be_visible()
        picture(page, "invitations-phone")
        link, copy = page.get_by_text(re.compile(r"/link#[\w-]{43}")).inner_text(), page.get_by_role("button", name="全部复制")
        copy.click()
        expect(page.get_by_text("已复制")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == f"陈晨 <chen@example.com>\n{link}"
        page.evaluate("navigator.clipboard.writeText('something else')")
        assert copied_by_hand(page, copy).split() == ["陈晨", "chen@example.com", link]
        user = page.request.get(f"{USERS}?filter=email%20%3D%20%22chen%40example.com%22").json()["records"][0]["id"]
        page.goto(f"/people/{user}/account")
        page.get_by_role("region", name="登录链接").get_by_role("button", name="用邮件邀请").click()
        assert "/link#" in text_of(inbox.take("chen@example.com"))
        page.goto("/invitations")
        page.get_by_role("button", name="给我发一封测试邮件").click()
        expect(page.get_by_text("测试邮件已发到 admin@example.com")).to_be_visible()
        assert "测试邮件" in inbox.take("admin@example.com")["subject"]
        inbox.refusals = {"admin@example.com": "554 you are on a list"}
        expect_errors(page, "502")
        page.get_by_role("button", name="给我发一封测试邮件").click()
        expect(page.get_by_role("alert").filter(has_text="554 you are on a list")).to_be_visible()
        inbox.refusals = {}
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_provider_is_set_up_tried_and_lets_somebody_in(visit: Visit, server: Server, provider: str) -> None:
    with visit() as page:
        page.goto("/providers")
        page.get_by_role("button", name="OpenID Connect").click()
        dialog = page.get_by_role("dialog", name="OpenID Connect")
        dialog.get_by_label("按钮上的名称").fill("Company sign-on")
        dialog.get_by_label("签发者").fill("sso.example.com")
        dialog.get_by_label("客户端 ID").fill("erp")
        dialog.get_by_label("密钥", exact=True).fill("s3cret")
        dialog.get_by_label("按邮箱关联已有用户").select_option("verified")
        expect_errors(page, "422")
        dialog.get_by_role("button", name="保存").click()
        expect(dialog.get_by_role("alert")).to_contain_text("应为 OpenID 提供方的网址")
        dialog.get_by_label("签发者").fill(provider)
        dialog.get_by_role("button", name="保存").click()
        expect(page.get_by_role("heading", name="Company sign-on")).to_be_visible()
        expect(page.get_by_text(f"{server.address}/api/oidc/sso/return")).to_be_visible()
        page.get_by_role("button", name="试一试").click()
        expect(page.get_by_text(f"token_endpoint: {provider}")).to_be_visible()
        picture(page, "providers")
        assert_accessible(page)
        page.get_by_role("button", name="修改").click()
        assert page.get_by_role("dialog").get_by_label("密钥", exact=True).input_value() == ""
    with visit(language="en", is_signed_in=False) as page:
        expect_errors(page, "picocss")  # the provider's own page wants its looks from elsewhere
        page.goto("/sign-in?next=/calendar")
        expect(page.get_by_role("link", name="Sign in with Company sign-on")).to_be_visible()
        picture(page, "sign-in-provider")
        page.get_by_role("link", name="Sign in with Company sign-on").click()
        page.wait_for_url(f"{provider}/**")
        page.locator("input[name=sub]").fill("s-1")
        page.locator("button[type=submit]").first.click()
        page.wait_for_url(f"{server.address}/calendar**")
        assert page.request.get("/api/session").json()["user"]["email"] == "sales@example.com"
    with visit(language="en", is_signed_in=False, is_phone=True) as page:
        page.goto("/sign-in?refused=access-outside-unknown")
        expect(page.get_by_role("alert")).to_contain_text("You have no user here")
        page.goto("/sign-in?refused=<b>anything")
        expect(page.get_by_role("alert")).to_contain_text("Signing in there did not work")
        assert_accessible(page)


def test_a_directory_is_set_up_on_a_phone(visit: Visit) -> None:
    """Each list of its options is what was typed, after a save and a look again."""
    with visit(is_phone=True) as page:
        page.goto("/providers")
        page.get_by_role("button", name="LDAP").click()
        dialog = page.get_by_role("dialog", name="LDAP")
        dialog.get_by_label("按钮上的名称").fill("公司目录")
        dialog.get_by_label("主机").fill("127.0.0.1")
        dialog.get_by_label("端口").fill("1")
        dialog.get_by_label("查找起点").fill("dc=corp")
        dialog.get_by_label("各组的角色").fill("cn=Sales: north,dc=corp: trading_starter.sales organization.member")
        dialog.get_by_label("新用户的角色").fill("organization.member")
        picture(page, "directory-phone")
        dialog.get_by_role("button", name="保存").click()
        expect(page.get_by_role("heading", name="公司目录")).to_be_visible()
        expect_errors(page, "502")
        page.get_by_role("region", name="公司目录").get_by_role("button", name="试一试").click()
        expect(page.get_by_role("alert")).to_contain_text("无法访问目录服务")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.get_by_role("region", name="公司目录").get_by_role("button", name="修改").click()
        again = page.get_by_role("dialog", name="公司目录")
        expect(again.get_by_label("各组的角色")).to_have_value("cn=Sales: north,dc=corp: trading_starter.sales organization.member")
        assert_accessible(page)
        page.keyboard.press("Escape")
        page.get_by_role("region", name="公司目录").get_by_role("button", name="移除").click()
        page.get_by_role("alertdialog").get_by_role("button", name="移除").click()
        expect(page.get_by_role("heading", name="公司目录", exact=True)).to_be_hidden()
