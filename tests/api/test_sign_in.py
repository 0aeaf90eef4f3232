"""Sign-in: e-mail and password, the rate limit, one-time links; what succeeds and what is refused, and how it is told."""

import re
from uuid import UUID

import asyncpg
import pytest
from starlette.types import ASGIApp

from dougong.people.links import create_link
from tests.api.browser import Browser, open_browser, problem_of
from tests.api.conftest import ADMIN_PASSWORD, Prepared

pytestmark = pytest.mark.anyio

ADMIN = "admin@example.com"
NEW_PASSWORD = "eight plus two"


async def test_password_opens_a_session(browser: Browser) -> None:
    answer = await browser.sign_in("Admin@Example.com ", ADMIN_PASSWORD)
    assert answer.status_code == 200, answer.text
    session = answer.json()
    assert session["user"]["email"] == ADMIN
    assert session["user"]["language"] == "zh-CN"
    assert "organization.administrator" in session["user"]["roles"]
    assert "trading_starter.manager" in session["user"]["roles"]
    assert set(session["may"]) == {"install", "design", "publish"}
    cookie = answer.headers["set-cookie"]
    assert re.match(r"dougong_session=[\w-]{43}; Path=/; Max-Age=\d+; HttpOnly; SameSite=Lax$", cookie)
    assert session["csrf_token"] not in cookie
    again = await browser.get("/api/session")
    assert again.json() == session


async def test_demo_user_signs_in_with_the_printed_password(seller: Browser) -> None:
    session = (await seller.get("/api/session")).json()
    assert session["user"]["roles"] == ["organization.member", "trading_starter.sales"]
    assert session["may"] == []


async def test_refusal_says_the_same_for_everybody(browser: Browser) -> None:
    for email in (ADMIN, "nobody@example.com", "", "x" * 300, "管理员@example.com", "a' OR 1=1 --@x"):
        answer = await browser.sign_in(email, "wrong password")
        problem = problem_of(answer, 401, "access-sign-in-failed")
        assert "set-cookie" not in answer.headers
        assert email not in answer.text or not email
        assert problem["detail"] == "E-mail and password do not match, or the user is not active."


async def test_inactive_user_is_refused_and_their_session_ends(
    app: ASGIApp, admin: Browser, seller: Browser, prepared: Prepared
) -> None:
    user = (await seller.get("/api/session")).json()["user"]
    path = f"/api/apps/organization/records/user/{user['id']}"
    record = (await admin.get(path)).json()
    changed = await admin.ask("PATCH", path, {"revision": record["revision"], "active": False})
    assert changed.status_code == 200, changed.text
    problem_of(await seller.get("/api/session"), 401, "access-not-signed-in")
    answer = await open_browser(app).sign_in(user["email"], prepared.passwords[user["email"]])
    problem_of(answer, 401, "access-sign-in-failed")


async def test_trashed_user_is_refused(app: ASGIApp, admin: Browser, site_dsn: str) -> None:
    values = {"name": "王小明", "email": "wang@example.com", "language": "zh_cn"}
    user = (await admin.post("/api/apps/organization/records/user", values)).json()
    browser = open_browser(app)
    token = await _make_link(site_dsn, user["id"])
    assert (await browser.post("/api/links/use", {"token": token, "password": NEW_PASSWORD})).status_code == 200
    trashed = await admin.ask("DELETE", f"/api/apps/organization/records/user/{user['id']}")
    assert trashed.status_code == 204, trashed.text
    problem_of(await browser.get("/api/session"), 401, "access-not-signed-in")
    problem_of(await open_browser(app).sign_in("wang@example.com", NEW_PASSWORD), 401, "access-sign-in-failed")


async def test_too_many_attempts_for_an_email(app: ASGIApp) -> None:
    for number in range(10):
        guess = await open_browser(app, f"198.51.100.{number}").sign_in(ADMIN, "wrong password")
        problem_of(guess, 401, "access-sign-in-failed")
    answer = await open_browser(app, "198.51.100.99").sign_in(ADMIN.upper(), ADMIN_PASSWORD)
    problem_of(answer, 429, "access-too-many-attempts")
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60


async def test_too_many_attempts_from_an_address(app: ASGIApp, site_dsn: str) -> None:
    connection = await asyncpg.connect(site_dsn)
    try:
        first = open_browser(app, "2001:db8::1")
        problem_of(await first.sign_in("a@example.com", "wrong password"), 401, "access-sign-in-failed")
        await connection.execute("UPDATE dougong.sign_in_attempt SET failures = 60 WHERE key LIKE 'address:%'")
    finally:
        await connection.close()
    neighbour = open_browser(app, "2001:db8::2")
    problem_of(await neighbour.sign_in(ADMIN, ADMIN_PASSWORD), 429, "access-too-many-attempts")
    other = open_browser(app, "2001:db8:1::1")
    assert (await other.sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 200


async def test_who_is_shut_out_by_address_shuts_out_nobody_else(app: ASGIApp, site_dsn: str) -> None:
    """Their guesses at the password of somebody who is elsewhere count no more."""
    guesser, owner = open_browser(app, "198.51.100.7"), open_browser(app, "192.0.2.1")
    connection = await asyncpg.connect(site_dsn)
    try:
        problem_of(await guesser.sign_in("a@example.com", "wrong password"), 401, "access-sign-in-failed")
        await connection.execute("UPDATE dougong.sign_in_attempt SET failures = 60 WHERE key LIKE '%address:%'")
    finally:
        await connection.close()
    for _ in range(12):
        problem_of(await guesser.sign_in(ADMIN, "wrong password"), 429, "access-too-many-attempts")
    assert (await owner.sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 200


async def test_success_forgives_earlier_failures(app: ASGIApp) -> None:
    for _ in range(3):
        for _ in range(8):
            problem_of(await open_browser(app).sign_in(ADMIN, "wrong password"), 401, "access-sign-in-failed")
        assert (await open_browser(app).sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 200


async def test_block_ends(app: ASGIApp, site_dsn: str) -> None:
    for _ in range(11):
        answer = await open_browser(app).sign_in(ADMIN, "wrong password")
    problem_of(answer, 429, "access-too-many-attempts")
    connection = await asyncpg.connect(site_dsn)
    try:
        await connection.execute("UPDATE dougong.sign_in_attempt SET blocked_until = now() - interval '1 second'")
    finally:
        await connection.close()
    assert (await open_browser(app).sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 200


async def test_link_works_once(app: ASGIApp, seller: Browser, site_dsn: str) -> None:
    user = (await seller.get("/api/session")).json()["user"]
    token = await _make_link(site_dsn, user["id"])
    guest = open_browser(app)
    shown = await guest.post("/api/links/check", {"token": token})
    assert shown.json() == {"name": user["name"], "email": user["email"]}

    short = problem_of(await guest.post("/api/links/use", {"token": token, "password": "short"}), 422, "request-invalid")
    assert [(item["pointer"], item["code"]) for item in short["errors"]] == [("/password", "access-password-too-short")]

    entered = await guest.post("/api/links/use", {"token": token, "password": NEW_PASSWORD})
    assert entered.status_code == 200, entered.text
    assert entered.json()["user"] == user
    assert (await guest.get("/api/session")).status_code == 200
    problem_of(await seller.get("/api/session"), 401, "access-not-signed-in")

    problem_of(await guest.post("/api/links/check", {"token": token}), 404, "access-link-invalid")
    problem_of(await open_browser(app).post("/api/links/use", {"token": token, "password": NEW_PASSWORD}), 404, "access-link-invalid")
    assert (await open_browser(app).sign_in(user["email"], NEW_PASSWORD)).status_code == 200


async def test_link_runs_out(app: ASGIApp, seller: Browser, site_dsn: str) -> None:
    user = (await seller.get("/api/session")).json()["user"]
    token = await _make_link(site_dsn, user["id"])
    connection = await asyncpg.connect(site_dsn)
    try:
        await connection.execute("UPDATE dougong.sign_in_link SET expires_at = now()")
    finally:
        await connection.close()
    problem_of(await open_browser(app).post("/api/links/check", {"token": token}), 404, "access-link-invalid")


async def test_links_end_with_the_email_and_with_newer_ones(app: ASGIApp, admin: Browser, seller: Browser, site_dsn: str) -> None:
    guest, user_id = open_browser(app), (await seller.get("/api/session")).json()["user"]["id"]
    user = f"/api/apps/organization/records/user/{user_id}"

    async def is_good(token: str) -> bool:
        return bool((await guest.post("/api/links/check", {"token": token})).status_code == 200)

    first = await _make_link(site_dsn, user_id)
    reset = await _make_link(site_dsn, user_id, "reset")
    second = await _make_link(site_dsn, user_id)
    assert [await is_good(one) for one in (first, reset, second)] == [False, True, True]
    assert (await admin.ask("PATCH", user, {"name": "Sal"})).status_code == 200
    assert await is_good(second)
    assert (await admin.ask("PATCH", user, {"email": "sal@example.com"})).status_code == 200
    assert [await is_good(one) for one in (reset, second)] == [False, False]
    problem_of(await guest.post("/api/links/use", {"token": second, "password": NEW_PASSWORD}), 404, "access-link-invalid")
    assert await is_good(await _make_link(site_dsn, user_id))


async def test_unknown_link(browser: Browser) -> None:
    problem_of(await browser.post("/api/links/check", {"token": "nonsense"}), 404, "access-link-invalid")
    problem_of(await browser.post("/api/links/use", {"token": "nonsense", "password": NEW_PASSWORD}), 404, "access-link-invalid")


async def test_first_start_prints_a_link_and_the_demo_users(prepared: Prepared) -> None:
    assert "http://127.0.0.1:8000/link#" in prepared.printed
    assert set(prepared.passwords) == {ADMIN, "sales@example.com", "manager@example.com"}


async def _make_link(dsn: str, user_id: str, purpose: str = "invitation") -> str:
    connection = await asyncpg.connect(dsn)
    try:
        return await create_link(connection, UUID(user_id), purpose)
    finally:
        await connection.close()


async def test_the_last_administrator_stays(admin: Browser, seller: Browser) -> None:
    users = "/api/apps/organization/records/user"
    roles = {role["key"]: role["id"] for role in (await admin.get("/api/apps/organization/records/role")).json()["records"]}
    administrator = {"role": roles["organization.administrator"]}
    own = f"{users}/{(await admin.get('/api/session')).json()['user']['id']}"
    as_it_was = (await admin.get(own)).json()
    for method, body in (("PATCH", {"active": False}), ("PATCH", {"roles": []}), ("DELETE", None)):
        for language, words in (("zh-CN", "最后一位有效的系统管理员"), ("en", "the last active administrator")):
            problem = problem_of(await admin.ask(method, own, body, accept_language=language), 409, "access-last-administrator")
            assert words in problem["detail"]
    assert (await admin.get(own)).json() == as_it_was
    assert (await admin.ask("PATCH", own, {"name": "renamed", "roles": [administrator]})).status_code == 200
    second = f"{users}/{(await seller.get('/api/session')).json()['user']['id']}"
    assert (await admin.ask("PATCH", second, {"active": False, "roles": [administrator]})).status_code == 200
    problem_of(await admin.ask("PATCH", own, {"active": False}), 409, "access-last-administrator")
    assert (await admin.ask("PATCH", second, {"active": True})).status_code == 200
    assert (await admin.ask("PATCH", own, {"active": False})).status_code == 200
    problem_of(await admin.get(users), 401, "access-not-signed-in")
