"""Sessions: the CSRF token, expiry, sign-out seen by other processes, and what a kept session costs."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable

import asyncpg
import httpx
import pytest
from starlette.types import ASGIApp

from dougong.api.guard import signed_in
from dougong.api.house import House, put_house
from dougong.app import open_application
from dougong.files.contents import Contents
from dougong.people.passwords import Passwords
from dougong.people.sessions import DEAF_S, Sessions, start_session
from dougong.sites import Site
from tests.api.browser import Browser, open_browser, problem_of
from tests.api.conftest import ADMIN_PASSWORD, settings_for

pytestmark = pytest.mark.anyio

SOMEBODY = "/api/people/00000000-0000-7000-8000-0000000000aa"
UNSAFE = [
    ("PATCH", "/api/session"),
    ("DELETE", "/api/session"),
    ("PUT", "/api/account/password"),
    ("POST", "/api/account/second-factor"),
    ("PUT", "/api/account/second-factor"),
    ("POST", "/api/account/second-factor/removal"),
    ("POST", "/api/account/second-factor/recovery-codes"),
    ("DELETE", "/api/account/sessions"),
    ("DELETE", "/api/account/sessions/00000000-0000-7000-8000-0000000000aa"),
    ("POST", "/api/account/tokens"),
    ("DELETE", "/api/account/tokens/00000000-0000-7000-8000-0000000000aa"),
    ("DELETE", f"{SOMEBODY}/sessions"),
    ("DELETE", f"{SOMEBODY}/sessions/00000000-0000-7000-8000-0000000000aa"),
    ("DELETE", f"{SOMEBODY}/second-factor"),
    ("POST", f"{SOMEBODY}/tokens"),
    ("DELETE", f"{SOMEBODY}/tokens/00000000-0000-7000-8000-0000000000aa"),
    ("PUT", f"{SOMEBODY}/networks"),
    ("PUT", "/api/sign-in-rules"),
    ("POST", "/api/apps"),
    ("PUT", "/api/apps/trading_starter/draft"),
    ("DELETE", "/api/apps/trading_starter/draft"),
    ("POST", "/api/apps/trading_starter/versions"),
    ("POST", "/api/apps/trading_starter/expressions/check"),
    ("POST", "/api/apps/trading_starter/expressions/value"),
    ("POST", "/api/keys"),
    ("POST", "/api/apps/trading_starter/records/partner"),
    ("POST", "/api/apps/trading_starter/records/partner/preview"),
    ("PATCH", "/api/apps/trading_starter/records/partner/00000000-0000-7000-8000-0000000000aa"),
    ("DELETE", "/api/apps/trading_starter/records/partner/00000000-0000-7000-8000-0000000000aa"),
]
BODIES: dict[str, object] = {
    "/api/session": {"language": "en"},
    "/api/account/password": {"current": "x", "password": "y"},
    "/api/account/second-factor": {"password": "x"},
    "/api/account/second-factor/removal": {"password": "x"},
    "/api/account/second-factor/recovery-codes": {"password": "x"},
    f"{SOMEBODY}/tokens": {"name": "x", "scopes": ["read"]},
    f"{SOMEBODY}/networks": {"networks": []},
    "/api/sign-in-rules": {"revision": 0, "second_factor": "nobody"},
    "/api/account/tokens": {"name": "x", "scopes": ["read"]},
    "/api/apps": {"package": "trading_starter"},
    "/api/apps/trading_starter/draft": {"revision": 0, "document": {}},
    "/api/apps/trading_starter/versions": {"revision": 0},
    "/api/apps/trading_starter/expressions/check": {"text": "1", "entity": "partner"},
    "/api/apps/trading_starter/expressions/value": {
        "text": "1", "entity": "partner", "use": "default", "record": "00000000-0000-7000-8000-0000000000aa",
    },
    "/api/keys": {"label": "x"},
}


async def test_changes_need_the_csrf_token(admin: Browser) -> None:
    for method, path in UNSAFE:
        body = BODIES.get(path, {"name": "x"}) if method != "DELETE" else None
        for wrong in ("", "x" * 32):
            answer = await admin.ask(method, path, body, x_csrf_token=wrong)
            problem_of(answer, 403, "access-csrf-refused")
    assert (await admin.get("/api/session")).status_code == 200


@pytest.mark.parametrize("cookie", ["", "dougong_session=", "dougong_session=" + "A" * 43, "other=1; dougong_session=\xff"])
async def test_nobody_gets_anything(app: ASGIApp, cookie: str) -> None:
    guest = open_browser(app)
    sent = httpx.Headers({"cookie": cookie, "x-csrf-token": "x"}, encoding="latin-1") if cookie else httpx.Headers()
    for method, path in [*UNSAFE, ("GET", "/api/session"), ("GET", "/api/apps/trading_starter/records/partner")]:
        body = BODIES.get(path, {"name": "x"}) if method not in ("DELETE", "GET") else None
        answer = await guest.client.request(method, path, json=body, headers=sent)
        problem_of(answer, 401, "access-not-signed-in")


async def test_sign_out(admin: Browser) -> None:
    cookie = dict(admin.client.cookies)
    answer = await admin.ask("DELETE", "/api/session")
    assert answer.status_code == 204
    assert answer.headers["set-cookie"].startswith("dougong_session=; Path=/; Max-Age=0")
    admin.client.cookies.update(cookie)
    problem_of(await admin.get("/api/session"), 401, "access-not-signed-in")
    assert (await admin.sign_in("admin@example.com", ADMIN_PASSWORD)).status_code == 200
    last = (await admin.get("/api/audit?limit=2")).json()["entries"]
    assert [row["deed"] for row in last] == ["sign-in", "sign-out"], last
    assert last[1]["subject"] == "admin@example.com"


async def test_expired_session(admin: Browser, site_dsn: str, app: ASGIApp) -> None:
    async with open_application(settings_for(site_dsn)) as other_process:
        other = other_browser(other_process, admin)
        connection = await asyncpg.connect(site_dsn)
        try:
            await connection.execute("UPDATE dougong.session SET expires_at = now()")
        finally:
            await connection.close()
        problem_of(await other.get("/api/session"), 401, "access-not-signed-in")


async def test_session_in_use_is_extended_up_to_its_lifetime(admin: Browser, site_dsn: str) -> None:
    """Unused for twelve hours it ends, and after fourteen days in any case, unless the settings say less."""
    less = {"session_idle_minutes": 30, "session_hours": 12}
    connection = await asyncpg.connect(site_dsn)
    try:
        await connection.execute("DELETE FROM dougong.session WHERE created_at < (SELECT max(created_at) FROM dougong.session)")
        for age, left, wanted, said in (("1 day", 1, 12, {}), ("13 days 20 hours", 1, 4, {}), ("1 day", 20, 12, {}), ("1 hour", 9, 0.5, less),
                                        ("14 days", 1, 0, {}), ("12 hours", 0.4, 0, less)):  # fmt: skip
            await connection.execute(
                "UPDATE dougong.session SET created_at = now() - $1::text::interval, expires_at = now() + $2 * interval '1 hour'", age, left
            )
            async with open_application(settings_for(site_dsn, **said)) as process:
                assert (await other_browser(process, admin).get("/api/session")).status_code == (200 if wanted else 401)
            hours = await connection.fetchval("SELECT extract(epoch FROM max(expires_at) - now()) / 3600 FROM dougong.session")
            assert not wanted or round(hours, 1) == wanted, age
    finally:
        await connection.close()


async def test_sign_out_is_seen_by_other_processes(admin: Browser, site_dsn: str) -> None:
    async with open_application(settings_for(site_dsn)) as other_process:
        other = other_browser(other_process, admin)
        assert (await other.get("/api/session")).status_code == 200
        assert (await admin.ask("DELETE", "/api/session")).status_code == 204
        await until(lambda: is_status(other, 401))


async def test_sign_out_is_seen_after_the_listening_connection_was_lost(admin: Browser, site_dsn: str) -> None:
    async with open_application(settings_for(site_dsn)) as other_process:
        other = other_browser(other_process, admin)
        assert (await other.get("/api/session")).status_code == 200
        connection = await asyncpg.connect(site_dsn)
        try:
            ended = await connection.fetch(
                r"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^SELECT pg_notify\(\$1, \$2\)$'"
            )
        finally:
            await connection.close()
        assert len(ended) == 2
        assert (await admin.ask("DELETE", "/api/session")).status_code == 204
        await until(lambda: is_status(other, 401))


async def test_change_of_roles_is_seen_by_other_processes(admin: Browser, seller: Browser, site_dsn: str) -> None:
    user = (await seller.get("/api/session")).json()["user"]
    async with open_application(settings_for(site_dsn)) as other_process:
        other = other_browser(other_process, seller)
        assert (await other.get("/api/apps/trading_starter/records/partner")).status_code == 200
        path = f"/api/apps/organization/records/user/{user['id']}"
        revision = (await admin.get(path)).json()["revision"]
        answer = await admin.ask("PATCH", path, {"revision": revision, "roles": []})
        assert answer.status_code == 200, answer.text

        async def is_refused() -> bool:
            return (await other.get("/api/apps/trading_starter/records/partner")).status_code in (403, 404)

        await until(is_refused)
        assert (await other.get("/api/session")).json()["user"]["roles"] == []


async def test_signing_in_again_ends_the_session_before(admin: Browser, app: ASGIApp) -> None:
    former = other_browser(app, admin)
    assert (await admin.sign_in("admin@example.com", ADMIN_PASSWORD)).status_code == 200
    problem_of(await former.get("/api/session"), 401, "access-not-signed-in")


async def test_language_is_kept_in_the_users_record(admin: Browser) -> None:
    answer = await admin.ask("PATCH", "/api/session", {"language": "en"})
    assert answer.json()["user"]["language"] == "en"
    user = answer.json()["user"]
    assert (await admin.get(f"/api/apps/organization/records/user/{user['id']}")).json()["language"] == "en"
    problem_of(await admin.ask("PATCH", "/api/session", {"language": "de"}), 422, "request-invalid")


async def test_secure_cookie(site_dsn: str) -> None:
    async with open_application(settings_for(site_dsn, secure_cookies=True)) as app:
        browser = open_browser(app, base_url="https://dougong.test")
        answer = await browser.sign_in("admin@example.com", ADMIN_PASSWORD)
        cookie = answer.headers["set-cookie"]
        assert re.fullmatch(r"__Host-dougong_session=[\w-]{43}; Path=/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure", cookie)
        assert (await browser.get("/api/session")).status_code == 200
        planted = open_browser(app, base_url="https://dougong.test")  # as another host of the domain could set it
        planted.client.cookies.set("dougong_session", browser.client.cookies["__Host-dougong_session"])
        problem_of(await planted.get("/api/session"), 401, "access-not-signed-in")
        assert (await browser.sign_in("admin@example.com", ADMIN_PASSWORD)).headers["set-cookie"] != cookie
        taken = (await browser.ask("DELETE", "/api/session")).headers["set-cookie"]
        assert taken == "__Host-dougong_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"


async def test_kept_session_costs_no_query_and_little_time(site_dsn: str) -> None:
    async with asyncpg.create_pool(site_dsn, min_size=1, max_size=1) as pool:
        site = Site(settings_for(site_dsn), pool, "default")
        user_id = await pool.fetchval("SELECT user_id FROM dougong.credential LIMIT 1")
        token = await start_session(pool, user_id)
        house = House(site, Sessions(site), Passwords(), Contents(site.settings))
        headers = [(b"host", b"x"), (b"accept", b"*/*"), (b"cookie", b"theme=dark; dougong_session=" + token.encode())]
        scope = {"type": "http", "method": "GET", "path": "/api/session", "query_string": b"", "headers": headers}
        put_house(scope, house)
        first = await signed_in(scope)
        async with pool.acquire():  # the only connection: a query would wait for ever
            assert await asyncio.wait_for(signed_in(scope), 5) is first
            rounds: list[float] = []
            for _ in range(20):
                begun = time.perf_counter()
                for _ in range(100):
                    await signed_in(scope)
                rounds.append((time.perf_counter() - begun) / 100)
        assert min(rounds) < 15e-6


async def test_without_notifications_an_ended_session_lives_for_a_second(site_dsn: str) -> None:
    """What a process keeps that hears nothing, as behind a pooler that passes no notification on, is soon read again."""
    async with asyncpg.create_pool(site_dsn, min_size=1, max_size=1) as pool:
        site = Site(settings_for(site_dsn), pool, "default")
        user_id = await pool.fetchval("SELECT user_id FROM dougong.credential LIMIT 1")
        deaf, hearing = Sessions(site), Sessions(site)
        hearing.hear()
        token = (await start_session(pool, user_id)).encode()
        assert await hearing.find(token) is not None
        assert await deaf.find(token) is not None
        await pool.execute("DELETE FROM dougong.session")  # and no word of it

        async def has_ended() -> bool:
            return await deaf.find(token) is None

        await until(has_ended, 2 * DEAF_S)
        assert await hearing.find(token) is not None
        hearing.hear_nothing()
        assert await hearing.find(token) is None


def other_browser(app: ASGIApp, browser: Browser) -> Browser:
    """Return the same user's browser as it meets another process."""
    other = open_browser(app)
    other.client.cookies.update(browser.client.cookies)
    other.csrf_token = browser.csrf_token
    return other


async def is_status(browser: Browser, status: int) -> bool:
    """Say whether the session's endpoint answers with a status."""
    return (await browser.get("/api/session")).status_code == status


async def until(holds: Callable[[], Awaitable[bool]], limit_s: float = 5.0) -> None:
    """Wait until something holds; fail when it does not within the limit, which is less than sessions are kept."""
    async with asyncio.timeout(limit_s):
        while not await holds():
            await asyncio.sleep(0)
