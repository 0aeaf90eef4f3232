"""The second factor: set up, asked for after the password, codes that count once, recovery codes, removal, and where the site asks for one."""

from __future__ import annotations

import re
from uuid import UUID

import asyncpg
import pyotp
import pytest
from starlette.types import ASGIApp

from dougong.app import open_application
from dougong.people.links import create_link
from tests.api.authenticator import Authenticator, enrol
from tests.api.browser import Browser, open_browser, problem_of
from tests.api.conftest import ADMIN_PASSWORD, Prepared, settings_for
from tests.api.test_sessions import is_status, other_browser, until

pytestmark = pytest.mark.anyio

ADMIN = "admin@example.com"
FACTOR = "/api/account/second-factor"


async def half(app: ASGIApp, password: str = ADMIN_PASSWORD, address: str = "203.0.113.7") -> Browser:
    """Return a browser in which somebody has shown their password."""
    browser = open_browser(app, address)
    answer = await browser.sign_in(ADMIN, password)
    assert answer.status_code == 202, answer.text
    assert answer.json() == {"needs": "code", "seconds": 300}
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(r"dougong_half_session=[\w-]{43}; Path=/api/session; Max-Age=300; HttpOnly; SameSite=Strict", cookie)
    return browser


async def test_it_is_set_up_with_the_password_and_a_code(app: ASGIApp, admin: Browser) -> None:
    other = open_browser(app)
    await other.sign_in(ADMIN, ADMIN_PASSWORD)
    wrong = problem_of(await admin.post(FACTOR, {"password": "not this one"}), 422, "request-invalid")
    assert [(item["pointer"], item["code"]) for item in wrong["errors"]] == [("/password", "access-password-wrong")]
    problem_of(await admin.ask("PUT", FACTOR, {"code": "123456"}), 404, "access-second-factor-missing")

    begun = (await admin.post(FACTOR, {"password": ADMIN_PASSWORD})).json()
    assert begun["uri"].startswith("otpauth://totp/Dougong:admin%40example.com?secret=" + begun["secret"])
    assert begun["qr"].startswith("<svg ") and "<script" not in begun["qr"]
    assert (await admin.get("/api/account")).json()["second_factor"] is None
    assert (await open_browser(app).sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 200  # nothing holds yet
    wrong = problem_of(await admin.ask("PUT", FACTOR, {"code": "12345x"}), 422, "request-invalid")
    assert [(item["pointer"], item["code"]) for item in wrong["errors"]] == [("/code", "access-code-wrong")]

    code = Authenticator(begun["secret"]).code()
    codes = (await admin.ask("PUT", FACTOR, {"code": code})).json()["recovery_codes"]
    assert len(set(codes)) == 10 and all(re.fullmatch(r"([a-z2-9]{4}-){5}[a-z2-9]{4}", one) for one in codes)
    assert (await admin.get("/api/account")).json()["second_factor"]["recovery_codes"] == 10
    problem_of(await other.get("/api/session"), 401, "access-not-signed-in")  # it has shown no code
    problem_of(await admin.post(FACTOR, {"password": ADMIN_PASSWORD}), 409, "access-second-factor-exists")


async def test_half_a_sign_in_can_do_nothing_but_finish(app: ASGIApp, admin: Browser) -> None:
    phone = await enrol(admin, ADMIN_PASSWORD)
    browser = await half(app)
    token = browser.client.cookies["dougong_half_session"]
    for path in ("/api/session", "/api/account", "/api/apps", "/api/apps/organization/records/user"):
        problem_of(await browser.get(path), 401, "access-not-signed-in")
        browser.client.cookies.set("dougong_session", token)
        problem_of(await browser.get(path), 401, "access-not-signed-in")
        browser.client.cookies.delete("dougong_session")
    problem_of(await browser.post("/api/session/code", {"code": "000000"}), 401, "access-code-refused")
    done = await browser.post("/api/session/code", {"code": phone.code()})
    assert done.status_code == 200, done.text
    assert done.json()["user"]["email"] == ADMIN
    assert [cookie.split("=")[0] for cookie in done.headers.get_list("set-cookie")] == ["dougong_half_session", "dougong_session"]
    assert (await browser.get("/api/apps")).status_code == 200
    browser.client.cookies.set("dougong_half_session", token)
    problem_of(await browser.post("/api/session/code", {"code": phone.recovery_codes[0]}), 401, "access-code-refused")


async def test_a_code_counts_once(app: ASGIApp, admin: Browser) -> None:
    phone = await enrol(admin, ADMIN_PASSWORD)
    code = phone.code()
    assert (await (await half(app)).post("/api/session/code", {"code": code})).status_code == 200
    problem_of(await (await half(app)).post("/api/session/code", {"code": code}), 401, "access-code-refused")
    written = phone.recovery_codes[3]
    assert (await (await half(app)).post("/api/session/code", {"code": written.upper().replace("-", " ")})).status_code == 200
    problem_of(await (await half(app)).post("/api/session/code", {"code": written}), 401, "access-code-refused")
    assert (await admin.get("/api/account")).json()["second_factor"]["recovery_codes"] == 9
    renewed = await admin.post(f"{FACTOR}/recovery-codes", {"password": ADMIN_PASSWORD})
    assert len(renewed.json()["recovery_codes"]) == 10
    problem_of(await (await half(app)).post("/api/session/code", {"code": phone.recovery_codes[4]}), 401, "access-code-refused")
    assert (await (await half(app)).post("/api/session/code", {"code": renewed.json()["recovery_codes"][4]})).status_code == 200


async def test_codes_are_not_kept_as_they_are(admin: Browser, site_dsn: str) -> None:
    phone = await enrol(admin, ADMIN_PASSWORD)
    connection = await asyncpg.connect(site_dsn)
    try:
        kept = await connection.fetch("SELECT code_hash FROM dougong.recovery_code")
    finally:
        await connection.close()
    assert {len(row["code_hash"]) for row in kept} == {32}
    assert not any(code.replace("-", "").encode() in row["code_hash"] for row in kept for code in phone.recovery_codes)


async def test_guesses_of_a_code_are_counted_over_all_half_sign_ins(app: ASGIApp, admin: Browser) -> None:
    phone = await enrol(admin, ADMIN_PASSWORD)
    for number in range(10):
        browser = await half(app, address=f"198.51.100.{number}")
        problem_of(await browser.post("/api/session/code", {"code": "abcdef"}), 401, "access-code-refused")
    answer = await (await half(app)).post("/api/session/code", {"code": phone.code()})
    problem_of(answer, 429, "access-too-many-attempts")
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60


async def test_guesses_of_the_password_are_counted_in_a_session(admin: Browser) -> None:
    for _ in range(10):
        problem_of(await admin.post(FACTOR, {"password": "not this one"}), 422, "request-invalid")
    problem_of(await admin.post(FACTOR, {"password": ADMIN_PASSWORD}), 429, "access-too-many-attempts")


async def test_half_a_sign_in_runs_out(app: ASGIApp, admin: Browser, site_dsn: str) -> None:
    phone = await enrol(admin, ADMIN_PASSWORD)
    browser = await half(app)
    connection = await asyncpg.connect(site_dsn)
    try:
        await connection.execute("UPDATE dougong.sign_in_challenge SET expires_at = now()")
    finally:
        await connection.close()
    code = phone.code()
    for guest in (browser, open_browser(app)):
        problem_of(await guest.post("/api/session/code", {"code": code}), 401, "access-code-refused")


async def test_a_one_time_link_does_not_go_round_it(app: ASGIApp, admin: Browser, site_dsn: str) -> None:
    phone = await enrol(admin, ADMIN_PASSWORD)
    connection = await asyncpg.connect(site_dsn)
    try:
        token = await create_link(connection, UUID((await admin.get("/api/session")).json()["user"]["id"]))
    finally:
        await connection.close()
    browser = open_browser(app)
    assert (await browser.post("/api/links/use", {"token": token, "password": "eight plus two"})).status_code == 202
    problem_of(await browser.get("/api/session"), 401, "access-not-signed-in")
    assert (await browser.post("/api/session/code", {"code": phone.code()})).status_code == 200


async def test_it_is_given_up_with_the_password(app: ASGIApp, admin: Browser) -> None:
    problem_of(await admin.post(f"{FACTOR}/removal", {"password": ADMIN_PASSWORD}), 404, "access-second-factor-missing")
    problem_of(await admin.post(f"{FACTOR}/recovery-codes", {"password": ADMIN_PASSWORD}), 404, "access-second-factor-missing")
    await enrol(admin, ADMIN_PASSWORD)
    problem_of(await admin.post(f"{FACTOR}/removal", {"password": "not this one"}), 422, "request-invalid")
    assert (await admin.post(f"{FACTOR}/removal", {"password": ADMIN_PASSWORD})).status_code == 204
    assert (await open_browser(app).sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 200


async def test_where_one_is_required_nothing_goes_before_it(admin: Browser, seller: Browser, prepared: Prepared, site_dsn: str) -> None:
    """Also for sessions that are under way, in every process; an authenticator that is set up opens everything again."""
    connection = await asyncpg.connect(site_dsn)
    try:
        async with open_application(settings_for(site_dsn)) as process:
            other = other_browser(process, seller)
            assert (await other.get("/api/apps")).status_code == 200
            for whom, held in (("administrators", 200), ("everyone", 403)):
                await connection.execute("UPDATE dougong.sign_in_rule SET second_factor = $1", whom)
                await connection.execute("SELECT pg_notify('dougong_session', 'all')")
                for browser, status in ((admin, 403), (other, held)):

                    async def is_so(browser: Browser = browser, status: int = status) -> bool:
                        return (await browser.get("/api/apps")).status_code == status

                    await until(is_so)
            await until(lambda: is_status(other, 200))
            assert (await other.get("/api/session")).json()["must_enrol"] is True
            for path in ("/api/apps", "/api/apps/trading_starter/records/partner", "/api/account/sessions", "/api/account/tokens"):
                problem_of(await other.get(path), 403, "access-second-factor-required")
            problem_of(await other.post("/api/account/tokens", {"name": "x", "scopes": ["read"]}), 403, "access-second-factor-required")
            await enrol(other, prepared.passwords["sales@example.com"])
            assert (await other.get("/api/session")).json()["must_enrol"] is False
            assert (await other.get("/api/apps")).status_code == 200
    finally:
        await connection.close()


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, in six digits."""
    clock = pyotp.TOTP("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    assert [clock.generate_otp(second // 30) for second in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]
