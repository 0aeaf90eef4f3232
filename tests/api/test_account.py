"""One's own account: the password and which are refused, the list of sessions, and ending them."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest
from starlette.types import ASGIApp

from dougong.people.links import create_link
from tests.api.browser import Browser, open_browser, problem_of
from tests.api.conftest import ADMIN_PASSWORD

pytestmark = pytest.mark.anyio

ADMIN = "admin@example.com"
PASSWORD = "/api/account/password"
NEW = "seven green umbrellas"


async def test_a_new_password_ends_the_other_sessions_and_links(app: ASGIApp, admin: Browser, site_dsn: str) -> None:
    other = open_browser(app)
    await other.sign_in(ADMIN, ADMIN_PASSWORD)
    connection = await asyncpg.connect(site_dsn)
    try:
        link = await create_link(connection, UUID((await admin.get("/api/session")).json()["user"]["id"]))
    finally:
        await connection.close()
    wrong = problem_of(await admin.ask("PUT", PASSWORD, {"current": "not this one", "password": NEW}), 422, "request-invalid")
    assert [(item["pointer"], item["code"]) for item in wrong["errors"]] == [("/current", "access-password-wrong")]
    assert (await other.get("/api/session")).status_code == 200
    assert (await admin.ask("PUT", PASSWORD, {"current": ADMIN_PASSWORD, "password": NEW})).status_code == 204
    assert (await admin.get("/api/session")).status_code == 200
    problem_of(await other.get("/api/session"), 401, "access-not-signed-in")
    problem_of(await open_browser(app).post("/api/links/check", {"token": link}), 404, "access-link-invalid")
    problem_of(await open_browser(app).sign_in(ADMIN, ADMIN_PASSWORD), 401, "access-sign-in-failed")
    assert (await open_browser(app).sign_in(ADMIN, NEW)).status_code == 200


@pytest.mark.parametrize(("password", "code"), [
    ("eleven char", "access-password-too-short"),
    ("q1w2e3r4t5y6", "access-password-common"),
    ("Basketball2024!", "access-password-common"),
    ("aaaaaaaaaaaa", "access-password-common"),
    ("abcabcabcabc", "access-password-common"),
    ("zyxwvutsrqpo", "access-password-common"),
    ("admin@example.com", "access-password-personal"),
    ("Dougong-2026", "access-password-personal"),
    ("管理员管理员管理员管理员", "access-password-personal"),
])  # fmt: skip
async def test_passwords_that_are_refused(admin: Browser, password: str, code: str) -> None:
    problem = problem_of(await admin.ask("PUT", PASSWORD, {"current": ADMIN_PASSWORD, "password": password}), 422, "request-invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/password", code)]


async def test_every_other_password_will_do(app: ASGIApp, admin: Browser) -> None:
    """Neither capitals nor digits nor marks are asked for; letters of any script, blanks and a thousand characters are taken as they are."""
    current = ADMIN_PASSWORD
    for password in ("lowercase only words", "  blanks around it  ", "床前明月光疑是地上霜举头", "🦊🐼🐨🐸🦉🐙🦋🐢🦀🐬🐳🦔", "long " * 199 + "words"):
        changed = await admin.ask("PUT", PASSWORD, {"current": current, "password": password})
        assert changed.status_code == 204, changed.text
        assert (await open_browser(app).sign_in(ADMIN, password)).status_code == 200
        current = password
    problem_of(await admin.ask("PUT", PASSWORD, {"current": current, "password": "x" * 1001}), 422, "request-invalid")


async def test_sessions_are_listed_and_ended(app: ASGIApp, admin: Browser, seller: Browser) -> None:
    others = [open_browser(app, "198.51.100.1"), open_browser(app, "2001:db8::5")]
    for number, other in enumerate(others):
        other.headers["user-agent"] = f"Browser {number}"
        assert (await other.sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 200
    listed = (await admin.get("/api/account/sessions")).json()["sessions"]
    assert [(one["agent"], one["address"], one["is_this"], one["method"]) for one in listed[:2]] == [
        ("Browser 1", "2001:db8::5", False, "password"), ("Browser 0", "198.51.100.1", False, "password"),
    ]  # fmt: skip
    assert [one["is_this"] for one in listed].count(True) == 1
    assert "token" not in listed[0] and "csrf" not in str(listed)
    gone = listed[0]["id"]
    problem_of(await seller.ask("DELETE", f"/api/account/sessions/{gone}"), 404, "access-session-unknown")
    assert (await admin.ask("DELETE", f"/api/account/sessions/{gone}")).status_code == 204
    problem_of(await others[1].get("/api/session"), 401, "access-not-signed-in")
    assert (await others[0].get("/api/session")).status_code == 200
    assert (await admin.ask("DELETE", "/api/account/sessions")).status_code == 204
    problem_of(await others[0].get("/api/session"), 401, "access-not-signed-in")
    assert (await admin.get("/api/session")).status_code == 200
    assert len((await admin.get("/api/account/sessions")).json()["sessions"]) == 1


async def test_a_session_is_new_with_each_sign_in(app: ASGIApp) -> None:
    """Nobody can give somebody a session to sign in to: what the browser brings along is not taken into use."""
    browser = open_browser(app)
    browser.client.cookies.set("dougong_session", "A" * 43)
    browser.client.cookies.set("dougong_half_session", "B" * 43)
    answer = await browser.sign_in(ADMIN, ADMIN_PASSWORD)
    assert answer.status_code == 200
    assert "A" * 43 not in answer.headers["set-cookie"]


async def test_who_comes_by_a_provider_sets_no_first_password(admin: Browser, site_dsn: str) -> None:
    """They would go on getting in with it after they have left there."""
    connection = await asyncpg.connect(site_dsn)
    try:
        await connection.execute("DELETE FROM dougong.credential")
        await connection.execute(
            """INSERT INTO dougong.outside_identity (issuer, subject, user_id, provider)
               SELECT 'https://sso.example.com', 'x', user_id, 'sso' FROM dougong.session LIMIT 1"""
        )
        problem_of(await admin.ask("PUT", PASSWORD, {"current": "", "password": NEW}), 409, "access-password-elsewhere")
        assert (await admin.get("/api/account")).json()["has_password"] is False
        await connection.execute("DELETE FROM dougong.outside_identity")
        assert (await admin.ask("PUT", PASSWORD, {"current": "", "password": NEW})).status_code == 204
    finally:
        await connection.close()


async def test_without_a_password_a_fresh_sign_in_proves_who_it_is(admin: Browser, site_dsn: str) -> None:
    connection = await asyncpg.connect(site_dsn)
    try:
        await connection.execute("DELETE FROM dougong.credential")
        assert (await admin.get("/api/account")).json()["has_password"] is False
        assert (await admin.post("/api/account/second-factor", {})).status_code == 200
        await connection.execute("UPDATE dougong.session SET created_at = now() - interval '1 hour'")
        problem_of(await admin.post("/api/account/second-factor", {}), 403, "access-sign-in-again")
        problem_of(await admin.ask("PUT", PASSWORD, {"current": "", "password": NEW}), 403, "access-sign-in-again")
    finally:
        await connection.close()
