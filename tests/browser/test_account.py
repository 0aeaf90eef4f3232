"""How people sign in, in the browser: password, authenticator and recovery codes, sessions, tokens; and what administrators see to."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import httpx
from playwright.sync_api import Page, expect

from tests.api.authenticator import Authenticator
from tests.browser.conftest import Server, Visit
from tests.browser.journey import assert_accessible, call, expect_errors, picture

USERS = "/api/apps/organization/records/user"


def person(page: Page, server: Server, **values: object) -> tuple[str, str, str]:
    """Return e-mail, password and id of a new user whom the administrator has made."""
    email, password = f"{secrets.token_hex(4)}@example.com", secrets.token_urlsafe(12)
    made = call(page, "POST", USERS, {"name": "王小明", "email": email, "language": "zh_cn", **values})
    return email, password, made["id"]


def enter(page: Page, email: str, password: str) -> None:
    """Fill the page of the sign-in, in Chinese, and send it."""
    page.goto("/sign-in")
    page.get_by_label("电子邮箱").fill(email)
    page.get_by_label("密码", exact=True).fill(password)
    page.keyboard.press("Enter")


def secret_of(page: Page) -> str:
    """Return the secret that the page shows for an authenticator."""
    return page.locator(".account-secret code").inner_text().replace(" ", "")


def test_a_password_is_weighed_and_shown_while_it_is_typed(visit: Visit) -> None:
    """What the server would refuse is said before it is sent; a button shows what was typed, by keyboard too."""
    with visit() as page:
        page.goto("/account")
        box = page.get_by_label("新密码", exact=True)
        expect(page.get_by_text("至少 12 个字符", exact=True)).to_be_visible()
        for typed, said in (("short", "太短：至少 12 个字符"), ("abcabcabcabc", "太容易：只是重复或顺序"), ("admin@example.com", "与您的姓名或邮箱太接近"),
                            ("correct horse battery staple", "很强")):  # fmt: skip
            box.fill(typed)
            expect(page.get_by_text(said, exact=True)).to_be_visible()
        expect(box).to_have_attribute("type", "password")
        box.press("Tab")
        page.keyboard.press("Enter")
        expect(box).to_have_attribute("type", "text")
        expect(box).to_have_value("correct horse battery staple")
        expect(page.get_by_label("再输入一次")).to_have_attribute("type", "password")
        assert_accessible(page)
        picture(page, "account-password")


def test_an_authenticator_is_set_up_and_asked_for(visit: Visit, server: Server, check_axe: Callable[[Page], None]) -> None:
    """The administrator's own: QR code, first code, recovery codes; then both steps of a sign-in; then it is given up."""
    with visit() as page:
        expect_errors(page, "401", "422")
        page.goto("/")
        page.get_by_role("button", name=re.compile("的菜单")).click()
        page.get_by_role("menuitem", name="安全").click()
        expect(page.get_by_role("heading", name="两步验证")).to_be_visible()
        expect(page.get_by_text("当前", exact=True)).to_be_visible()
        assert_accessible(page)
        picture(page, "account")
        page.get_by_role("button", name="设置验证器").click()
        dialog = page.get_by_role("dialog", name="设置验证器")
        dialog.get_by_label("您的密码").fill("not this one")
        dialog.get_by_role("button", name="继续").click()
        expect(dialog.get_by_role("alert")).to_contain_text("当前密码不正确")
        dialog.get_by_label("您的密码").fill(server.password)
        dialog.get_by_role("button", name="继续").click()
        expect(page.get_by_role("img", name="验证器二维码")).to_be_visible()
        picture(page, "account-enrol")
        phone = Authenticator(secret_of(page))
        page.get_by_label("应用当前显示的验证码").fill(phone.code())
        page.get_by_role("button", name="确认").click()
        codes = page.get_by_role("dialog", name="恢复码")
        expect(codes.get_by_role("listitem")).to_have_count(10)
        recovery = codes.get_by_role("listitem").first.inner_text()
        check_axe(page)
        picture(page, "account-codes")
        codes.get_by_role("button", name="已保存").click()
        expect(page.get_by_text("还有 10 个恢复码可用")).to_be_visible()

        with visit(is_signed_in=False) as other:
            expect_errors(other, "401")
            enter(other, "admin@example.com", server.password)
            expect(other.get_by_role("heading", name="两步验证")).to_be_visible()
            picture(other, "sign-in-code")
            check_axe(other)
            other.get_by_label("验证码").fill("000000")
            other.keyboard.press("Enter")
            expect(other.get_by_role("alert")).to_contain_text("验证码不正确")
            other.get_by_label("验证码").fill(phone.code())
            other.keyboard.press("Enter")
            expect(other.get_by_role("heading", name="我的应用")).to_be_visible()
            other.context.clear_cookies()
            enter(other, "admin@example.com", server.password)
            other.get_by_label("验证码").fill(recovery)
            other.keyboard.press("Enter")
            expect(other.get_by_role("heading", name="我的应用")).to_be_visible()
        page.reload()
        expect(page.get_by_text("还有 9 个恢复码可用")).to_be_visible()
        page.get_by_role("button", name="停用两步验证").click()
        dialog = page.get_by_role("dialog", name="停用两步验证")
        dialog.get_by_label("您的密码").fill(server.password)
        dialog.get_by_role("button", name="停用两步验证").click()
        expect(page.get_by_role("button", name="设置验证器")).to_be_visible()


def test_sessions_and_tokens_on_a_phone_in_english(visit: Visit, server: Server) -> None:
    """Another session is ended from a phone; a token is made, used by a program, and revoked."""
    with visit(language="en", is_phone=True) as page:
        page.set_viewport_size({"width": 390, "height": 800})
        call(page, "PATCH", "/api/session", {"language": "en"})
        try:
            with httpx.Client(base_url=server.address, headers={"user-agent": "nightly/1.0", "x-forwarded-for": "198.51.100.9"}) as other:
                other.post("/api/session", json={"email": "admin@example.com", "password": server.password}).raise_for_status()
                page.goto("/account")
                expect(page.get_by_text("198.51.100.9 · password")).to_be_visible()  # as a trusted proxy says
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
                assert_accessible(page)
                picture(page, "account-phone-en")
                page.get_by_role("button", name="End the session of nightly/1.0").click()
                expect(page.get_by_text("198.51.100.9")).to_have_count(0)
                assert other.get("/api/session").status_code == 401
            page.get_by_role("button", name="New token").click()
            dialog = page.get_by_role("dialog", name="New token")
            dialog.get_by_label("What it is for").fill("nightly export")
            dialog.get_by_label("Your password").fill("a guess")
            expect_errors(page, "422")
            dialog.get_by_role("button", name="Make").click()
            expect(dialog.get_by_role("alert")).to_contain_text("Choose at least one thing")
            dialog.get_by_label("All apps").select_option("read")
            picture(page, "account-token-en")
            dialog.get_by_role("button", name="Make").click()
            expect(dialog.get_by_role("alert")).to_contain_text("This is not your present password.")
            dialog.get_by_label("Your password").fill(server.password)
            dialog.get_by_role("button", name="Make").click()
            shown = page.get_by_role("dialog", name="Your new token")
            token = shown.get_by_role("code").inner_text()
            assert re.fullmatch(r"dgt_[\w-]{43}", token)
            shown.get_by_role("button", name="Copy", exact=True).click()
            assert page.evaluate("navigator.clipboard.readText()") == token
            page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")  # as over plain http
            shown.get_by_role("button", name="Copied", exact=True).click()
            expect(shown.get_by_role("textbox", name="Copy")).to_have_value(token)
            shown.get_by_role("button", name="I have kept a copy").click()
            with httpx.Client(base_url=server.address, headers={"authorization": f"Bearer {token}"}) as program:
                assert program.get("/api/apps/trading_starter/records/partner").status_code == 200
                page.get_by_role("button", name="Revoke nightly export").click()
                page.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()
                expect(page.get_by_text("There are no tokens.")).to_be_visible()
                assert program.get("/api/apps/trading_starter/records/partner").status_code == 401
        finally:
            call(page, "PATCH", "/api/session", {"language": "zh-CN"})


def test_an_administrator_sees_to_a_service_account(admin_page: Page, server: Server) -> None:
    page = admin_page
    page.goto("/")
    email, _, user = person(page, server, kind="service")
    page.goto(f"/apps/organization/records/user/{user}")
    page.get_by_role("link", name="登录与安全").click()
    expect(page.get_by_role("heading", name="王小明的登录与安全")).to_be_visible()
    expect(page.get_by_text(email)).to_be_visible()
    page.get_by_role("button", name="新建令牌").click()
    dialog = page.get_by_role("dialog", name="新建令牌")
    dialog.get_by_label("用途").fill("网店")
    dialog.get_by_label("所有应用").select_option("write")
    dialog.get_by_label("您的密码").fill(server.password)
    dialog.get_by_role("button", name="创建").click()
    page.get_by_role("dialog", name="新的令牌").get_by_role("button", name="已保存").click()
    expect(page.get_by_text("从未使用")).to_be_visible()
    page.get_by_label("此人可以从哪些网络访问").fill("192.0.2.0/24\n2001:db8::/32")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存", exact=True)).to_be_visible()
    assert_accessible(page)
    picture(page, "account-service")
    assert call(page, "GET", f"/api/people/{user}/account")["networks"] == ["192.0.2.0/24", "2001:db8::/32"]


def test_rules_that_would_lock_out_are_refused_and_a_required_factor_is_set_up_first(visit: Visit, admin_page: Page, server: Server) -> None:
    page = admin_page
    expect_errors(page, "422", "403")
    page.goto("/sign-in-rules")
    expect(page.get_by_role("heading", name="登录规则")).to_be_visible()
    page.get_by_label("对所有人").fill("192.0.2.0/24")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("您现在的地址 127.0.0.1 不在其中")
    page.get_by_label("对所有人").fill("127.0.0.0/8")
    page.get_by_role("button", name="为角色设置").click()
    page.get_by_label("角色（完整标识）").fill("trading_starter.sales")
    page.get_by_label("对具有该角色的人").fill("127.0.0.1")
    page.get_by_label("所有人", exact=True).check()
    assert_accessible(page)
    picture(page, "sign-in-rules")
    page.get_by_role("button", name="保存").click()
    # From this moment nothing is answered before a second factor is set up, to the administrator either.
    page.goto("/")
    expect(page.get_by_role("alert")).to_contain_text("本系统要求两步验证")
    expect(page).to_have_url(re.compile("/account$"))
    picture(page, "account-must-enrol")
    page.get_by_role("button", name="设置验证器").click()
    page.get_by_label("您的密码").fill(server.password)
    page.get_by_role("button", name="继续").click()
    page.get_by_label("应用当前显示的验证码").fill(Authenticator(secret_of(page)).code())
    page.get_by_role("button", name="确认").click()
    page.get_by_role("button", name="已保存").click()
    expect(page.get_by_role("heading", name="API 令牌")).to_be_visible()
    page.goto("/sign-in-rules")
    expect(page.get_by_label("角色（完整标识）")).to_have_value("trading_starter.sales")
    rules = call(page, "GET", "/api/sign-in-rules")
    call(page, "PUT", "/api/sign-in-rules", {"revision": rules["revision"], "second_factor": "nobody"})
