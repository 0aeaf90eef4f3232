"""One shape of refusal on every path, in the language asked for, and nothing shown of what went wrong inside."""

import asyncio
import re
from pathlib import Path
from threading import Thread

import asyncpg
import pytest
from starlette.types import ASGIApp

from dougong.api.error_table import error_table
from dougong.api.language import preferred_language
from dougong.api.platform_app import build_platform_app
from dougong.app import open_application
from dougong.database.embedded import ensure_running, stop
from tests.api.browser import Browser, open_browser, problem_of
from tests.api.conftest import settings_for

pytestmark = pytest.mark.anyio

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
OPEN_PATHS = {"/api/health", "/api/sign-in-options", "/schemas/app.json", "/problems/", "/api/openapi.json"}
RECORDS = ("/api/apps/trading_starter/records/partner", "/api/apps/trading_starter/records/partner/nonsense")


def routes() -> list[tuple[str, set[str]]]:
    """Return every path of the platform with the methods it takes; one of each parameter is filled in."""
    paths = build_platform_app().openapi()["paths"]
    return [
        (re.sub(r"\{app\}", "trading_starter", path).replace("{token}", "nonsense"), {m.upper() for m in operations})
        for path, operations in paths.items()
    ]


async def test_every_path_refuses_in_the_same_shape(app: ASGIApp) -> None:
    guest = open_browser(app)
    walked = 0
    for path, methods in [*routes(), *((path, METHODS) for path in RECORDS)]:
        for method in sorted(METHODS):
            if path in OPEN_PATHS and method in methods:
                continue
            body = b'{"nonsense": 1}' if method not in ("GET", "DELETE") else None
            answer = await guest.ask(method, path, body)
            walked += 1
            assert answer.status_code in (401, 404, 405, 422), (method, path, answer.text)
            problem_of(answer, answer.status_code, answer.json()["code"])
            assert (answer.status_code == 405) is (method not in methods), (method, path)
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == "no-store"
    assert walked > 70


async def test_wrong_method_names_the_right_ones(browser: Browser) -> None:
    answer = await browser.ask("PUT", "/api/session", {})
    problem_of(answer, 405, "request-method-not-allowed")
    assert answer.headers["allow"] == "DELETE, GET, PATCH, POST"


async def test_unknown_addresses(browser: Browser, admin: Browser) -> None:
    for path in ("/api/", "/api/nothing", "/problems/nothing", "/%00", "/api/apps/%00/model"):
        problem_of(await browser.get(path), 404, "request-address-unknown")
    problem_of(await admin.get("/api/apps/nothing/model"), 404, "app-not-found")
    problem_of(await admin.get("/api/apps/nothing/records/partner"), 404, "app-not-found")


async def test_language_of_a_refusal(browser: Browser) -> None:
    chinese = await browser.get("/api/session", accept_language="zh-CN,zh;q=0.9,en;q=0.8")
    assert chinese.headers["content-language"] == "zh-CN"
    assert problem_of(chinese, 401, "access-not-signed-in")["title"] == "尚未登录"
    english = await browser.get("/api/session", accept_language="en-GB;q=0.7,zh;q=0.3")
    assert english.headers["content-language"] == "en"
    assert problem_of(english, 401, "access-not-signed-in")["title"] == "Not signed in"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"), ("zh", "zh-CN"), ("zh-TW", "zh-CN"), ("ZH-hans-CN", "zh-CN"), ("en, zh", "en"), ("zh, en", "zh-CN"),
        ("en;q=0.5, zh;q=0.6", "zh-CN"), ("fr, de", "en"), ("fr, zh;q=0.1", "zh-CN"), ("*", "en"), ("zh;q=0", "en"),
        ("en;q=0, *;q=0.5", "zh-CN"), ("en;q=0", "en"), ("zh;q=x", "en"), ("zh ; q=0.8 , en;q=0.9", "en"), (";;,,=", "en"),
        ("zh;q=1.5", "en"), ("zh-CN;q=0.9,zh;q=0.1,en;q=0.5", "zh-CN"),
    ],
)  # fmt: skip
def test_preferred_language(header: str, language: str) -> None:
    assert preferred_language([header]) == language


async def test_a_bug_shows_nothing_but_its_number(admin: Browser, site_dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
    connection = await asyncpg.connect(site_dsn)
    try:
        await connection.execute("ALTER TABLE dougong.draft RENAME TO hidden_draft")
    finally:
        await connection.close()
    problem = problem_of(await admin.get("/api/apps/trading_starter/draft"), 500, "internal-error")
    number = re.search(r"[0-9a-f]{32}", problem["detail"])
    assert number
    assert "draft" not in problem["detail"]
    captured = capsys.readouterr()
    assert number[0] in captured.out + captured.err
    assert "UndefinedTableError" in captured.out + captured.err


async def test_lost_database_is_no_bug(home: Path) -> None:
    address = ensure_running(home)
    async with open_application(settings_for(address, starter="")) as app:
        browser = open_browser(app)
        stop(home)
        problem_of(await browser.get("/api/health"), 503, "database-unavailable")
        answer = await browser.sign_in("admin@example.com", "a password")
        problem_of(answer, 503, "database-unavailable")
        assert int(answer.headers["retry-after"]) > 0
        ensure_running(home)
        assert (await browser.get("/api/health")).json() == {"status": "ok"}
        problem_of(await browser.sign_in("admin@example.com", "a password"), 401, "access-sign-in-failed")


async def test_connection_lost_inside_a_transaction_is_no_bug(admin: Browser, site_dsn: str) -> None:
    partner = "/api/apps/trading_starter/records/partner"
    made = (await admin.post(partner, {"name": "held"})).json()
    connection = await asyncpg.connect(site_dsn)
    try:
        async with connection.transaction():
            await connection.execute("SELECT FROM app_trading_starter.partner WHERE id = $1 FOR UPDATE", made["id"])
            asked = asyncio.create_task(admin.ask("DELETE", f"{partner}/{made['id']}"))
            ended: list[asyncpg.Record] = []
            while not ended:
                ended = await connection.fetch(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
            answer = await asked
    finally:
        await connection.close()
    problem_of(answer, 503, "database-unavailable")
    assert (await admin.ask("DELETE", f"{partner}/{made['id']}")).status_code == 204


async def test_connection_lost_in_the_pool_is_no_bug(admin: Browser, site_dsn: str) -> None:
    """The server says goodbye to connections that rest, and the next request comes before this process has heard of it."""
    partner = "/api/apps/trading_starter/records/partner"
    assert (await admin.get(partner)).status_code == 200
    ended = Thread(target=lambda: asyncio.run(end_all(site_dsn)))
    ended.start()
    ended.join()
    answers = [await admin.get(partner) for _ in range(6)]  # the pool has 4
    for answer in answers:
        assert answer.status_code == 200 or problem_of(answer, 503, "database-unavailable")
    assert answers[-1].status_code == 200


async def end_all(dsn: str) -> None:
    """End every other connection to a database, and return when they are gone."""
    connection = await asyncpg.connect(dsn)
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    try:
        await connection.fetch(f"SELECT pg_terminate_backend(pid) {others}")
        while await connection.fetchval(f"SELECT count(*) {others}"):
            pass
    finally:
        await connection.close()


async def test_every_code_has_its_page(browser: Browser) -> None:
    listed = await browser.get("/problems/", accept_language="zh")
    assert listed.headers["content-type"] == "text/html; charset=utf-8"
    for code, row in error_table().items():
        assert f'href="/problems/{code}"' in listed.text
        for language in ("zh-CN", "en"):
            assert row.title[language] and row.sentence[language]
    page = await browser.get("/problems/access-sign-in-failed", accept_language="zh")
    assert page.status_code == 200
    assert 'lang="zh-CN"' in page.text and "登录失败" in page.text and "401" in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
