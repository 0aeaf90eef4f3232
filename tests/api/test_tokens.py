"""API tokens: made and shown once, used in the header alone, within their scopes, until they end or are revoked, in every process."""

from __future__ import annotations

import asyncpg
import httpx
import pytest
from starlette.types import ASGIApp

from dougong.app import open_application
from tests.api.browser import Browser, open_browser, problem_of
from tests.api.conftest import settings_for
from tests.api.test_sessions import until

pytestmark = pytest.mark.anyio

TOKENS = "/api/account/tokens"
PARTNERS = "/api/apps/trading_starter/records/partner"


async def make(browser: Browser, *scopes: str, days: int = 7) -> str:
    """Make a token for who is signed in and return it."""
    answer = await browser.post(TOKENS, {"name": "nightly export", "scopes": list(scopes), "days": days, "password": browser.password})
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    assert token.startswith("dgt_") and len(token) == 47
    return token


def program(app: ASGIApp, token: str) -> Browser:
    """Return what speaks for a program: no cookies, a token in the header."""
    browser = open_browser(app, "198.51.100.77")
    browser.headers["authorization"] = f"Bearer {token}"
    return browser


async def test_a_token_reads_and_writes_without_a_session(app: ASGIApp, seller: Browser) -> None:
    bot = program(app, await make(seller, "read", "write"))
    assert (await bot.get(PARTNERS)).status_code == 200
    made = await bot.post(PARTNERS, {"name": "Made by a program", "is_customer": True})
    assert made.status_code == 201, made.text  # and no CSRF token was asked for
    assert "set-cookie" not in made.headers
    (listed,) = (await seller.get(TOKENS)).json()["tokens"]
    assert (listed["name"], listed["scopes"], listed["used_from"]) == ("nightly export", ["read", "write"], "198.51.100.77")
    assert listed["used_at"] is not None


async def test_a_token_counts_in_the_header_alone(app: ASGIApp, admin: Browser, seller: Browser) -> None:
    token = await make(seller, "read")
    guest = open_browser(app)
    for query in (f"?access_token={token}", f"?token={token}", f"?authorization=Bearer%20{token}"):
        answer = await guest.get(f"{PARTNERS}{query}")
        assert answer.status_code == 401, answer.text
    guest.client.cookies.set("dougong_session", token)
    problem_of(await guest.get(PARTNERS), 401, "access-not-signed-in")
    session = admin.client.cookies["dougong_session"]
    problem_of(await program(app, session).get(PARTNERS), 401, "access-not-signed-in")
    both = {"authorization": f"Bearer {token}", "cookie": f"dougong_session={session}", "x-csrf-token": admin.csrf_token}
    found = await open_browser(app).client.get("/api/session", headers=httpx.Headers(both))
    assert found.json()["user"]["email"] == "sales@example.com"  # the cookie is not looked at
    wrong = {**both, "authorization": "Bearer dgt_" + "A" * 43}
    assert (await open_browser(app).client.get("/api/session", headers=httpx.Headers(wrong))).status_code == 401
    basic = {**both, "authorization": "Basic eDp5"}  # of a proxy in front: none of our business
    found = await open_browser(app).client.get("/api/session", headers=httpx.Headers(basic))
    assert found.json()["user"]["email"] == "admin@example.com"


async def test_the_token_itself_is_nowhere_kept(seller: Browser, site_dsn: str) -> None:
    token = await make(seller, "read")
    connection = await asyncpg.connect(site_dsn)
    try:
        row = str(await connection.fetchrow("SELECT * FROM dougong.api_token"))
    finally:
        await connection.close()
    assert token not in row and token.removeprefix("dgt_") not in row
    assert token not in (await seller.get(TOKENS)).text


async def test_scopes_of_acts(app: ASGIApp, admin: Browser) -> None:
    draft = "/api/apps/trading_starter/draft"
    for scope, is_let in (("*.design", True), ("trading_starter.design", True), ("*.publish", False), ("organization.design", False), ("write", False)):
        answer = await program(app, await make(admin, scope)).get(draft)
        assert answer.status_code in ((200,) if is_let else (403, 404)), scope


@pytest.mark.parametrize(("scopes", "reads", "writes"), [
    (("read",), {"partner", "item", "user"}, set()),
    (("write",), {"partner", "item", "user"}, {"partner", "item"}),
    (("write", "*.administer"), {"partner", "item", "user"}, {"partner", "item", "user"}),
    (("trading_starter.read",), {"partner", "item"}, set()),
    (("trading_starter.partner.read", "trading_starter.item.write"), {"partner", "item"}, {"item"}),
    (("organization.write",), {"user"}, set()),
    (("organization.user.write", "organization.administer"), {"user"}, {"user"}),
    (("organization.read", "trading_starter.item.write", "*.administer"), {"user", "item"}, {"item"}),
    (("*.design", "*.install", "*.administer"), set(), set()),
], ids=lambda value: " ".join(value) if isinstance(value, tuple) else None)  # fmt: skip
async def test_scopes_of_records(app: ASGIApp, admin: Browser, scopes: tuple[str, ...], reads: set[str], writes: set[str]) -> None:
    """An administrator's token sees and changes what its scopes name and no more, by every way in; the rest does not exist for it."""
    bot = program(app, await make(admin, *scopes))
    homes = {"partner": "trading_starter", "item": "trading_starter", "user": "organization"}
    seen, listed, exported, changed = set(), set(), set(), set()
    for entity, home in homes.items():
        path = f"/api/apps/{home}/records/{entity}"
        first = (await admin.get(f"{path}?limit=1")).json()["records"][0]
        if (await bot.get(f"{path}/{first['id']}")).status_code == 200:
            seen.add(entity)
        if (await bot.get(path)).status_code == 200:
            listed.add(entity)
        if (await bot.get(f"{path}/export?format=csv")).status_code == 200:
            exported.add(entity)
        answer = await bot.ask("PATCH", f"{path}/{first['id']}", {"revision": first["revision"], "name": first["name"]})
        if answer.status_code == 200:
            changed.add(entity)
        else:
            assert answer.status_code in (403, 404), answer.text
    assert (seen, listed, exported, changed) == (reads, reads, reads, writes)
    models = [key for key in ("trading_starter", "organization") if (await bot.get(f"/api/apps/{key}/model")).status_code == 200]
    assert {homes[entity] for entity in reads} <= set(models)
    found = (await bot.get("/api/search?text=a")).text
    assert "partner" in reads or '"entity":"partner"' not in found


async def test_a_token_that_writes_makes_no_administrators(app: ASGIApp, admin: Browser) -> None:
    """By no way in: one record, many, an upsert; with `organization.administer` beside it may."""
    people = "/api/apps/organization/records/user"
    role = (await admin.get("/api/apps/organization/records/role?limit=100")).json()["records"]
    administrator = next(one["id"] for one in role if one["key"] == "organization.administrator")
    body = {"name": "Eve", "email": "eve@example.com", "active": True, "roles": [{"role": administrator}]}
    for scopes in (("write",), ("organization.write",), ("organization.user.write",), ("write", "trading_starter.administer")):
        bot = program(app, await make(admin, *scopes))
        problem_of(await bot.post(people, body), 403, "access-denied")
        problem_of(await bot.post(f"{people}/bulk", {"changes": [{"action": "create", "values": body}]}), 403, "access-denied")
    assert (await program(app, await make(admin, "write", "organization.administer")).post(people, body)).status_code == 201


async def test_scopes_that_are_none(admin: Browser) -> None:
    asked = ["read", "trading_starter.sales_order.read", "trading_starter.nothing.read", "nothing.read", "all", "*.cook", "*.read", "READ"]
    problem = problem_of(await admin.post(TOKENS, {"name": "x", "scopes": asked, "password": admin.password}), 422, "request-invalid")
    assert [item["pointer"] for item in problem["errors"]] == [f"/scopes/{place}" for place in range(2, 8)]
    assert {item["code"] for item in problem["errors"]} == {"access-scope-unknown"}
    for body in ({"name": " ", "scopes": ["read"]}, {"name": "x", "scopes": []}, {"name": "x", "scopes": ["read"], "days": 4000}):
        problem_of(await admin.post(TOKENS, body), 422, "request-invalid")


async def test_a_token_cannot_make_itself_at_home(app: ASGIApp, admin: Browser) -> None:
    bot = program(app, await make(admin, "read", "write", "*.install", "*.design", "*.publish"))
    for method, path, body in (
        ("GET", "/api/account", None), ("GET", TOKENS, None), ("POST", TOKENS, {"name": "x", "scopes": ["read"]}),
        ("PUT", "/api/account/password", {"current": "x", "password": "y"}), ("POST", "/api/account/second-factor", {}),
        ("DELETE", "/api/account/sessions", None), ("DELETE", "/api/session", None), ("PATCH", "/api/session", {"language": "en"}),
    ):  # fmt: skip
        problem_of(await bot.ask(method, path, body), 403, "access-token-refused")


async def test_making_one_needs_the_password(app: ASGIApp, seller: Browser) -> None:
    """A session that was left open makes no key that outlives it; who has no password has just signed in."""
    body = {"name": "x", "scopes": ["read"]}
    for given in ({}, {"password": "a guess"}):
        problem = problem_of(await seller.post(TOKENS, {**body, **given}), 422, "request-invalid")
        assert [(one["code"], one["pointer"]) for one in problem["errors"]] == [("access-password-wrong", "/password")]
    assert (await seller.get(TOKENS)).json()["tokens"] == []
    assert (await seller.post(TOKENS, {**body, "password": seller.password})).status_code == 201


async def test_revoking_is_seen_by_other_processes(admin: Browser, seller: Browser, site_dsn: str) -> None:
    token = await make(seller, "read")
    async with open_application(settings_for(site_dsn)) as other_process:
        bot = program(other_process, token)
        assert (await bot.get(PARTNERS)).status_code == 200
        (listed,) = (await seller.get(TOKENS)).json()["tokens"]
        problem_of(await admin.ask("DELETE", f"{TOKENS}/{listed['id']}"), 404, "access-token-unknown")  # it is not theirs
        assert (await seller.ask("DELETE", f"{TOKENS}/{listed['id']}")).status_code == 204

        async def is_refused() -> bool:
            return (await bot.get(PARTNERS)).status_code == 401

        await until(is_refused)
        problem_of(await seller.ask("DELETE", f"{TOKENS}/{listed['id']}"), 404, "access-token-unknown")


async def test_a_token_runs_out_and_goes_with_its_user(app: ASGIApp, admin: Browser, seller: Browser, site_dsn: str) -> None:
    lasting, ended = await make(seller, "read"), await make(seller, "write")
    connection = await asyncpg.connect(site_dsn)
    try:
        await connection.execute("UPDATE dougong.api_token SET expires_at = now() WHERE scopes = '{write}'")
    finally:
        await connection.close()
    problem_of(await program(app, ended).get(PARTNERS), 401, "access-not-signed-in")
    assert (await program(app, lasting).get(PARTNERS)).status_code == 200
    user = (await seller.get("/api/session")).json()["user"]["id"]
    changed = await admin.ask("PATCH", f"/api/apps/organization/records/user/{user}", {"active": False})
    assert changed.status_code == 200, changed.text

    async def is_refused() -> bool:
        return (await program(app, lasting).get(PARTNERS)).status_code == 401

    await until(is_refused)
