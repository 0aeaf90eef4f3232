"""What administrators see to: allowed networks, sessions, tokens and second factors of others, service accounts; and the audit log of all of it."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest
from starlette.types import ASGIApp

from dougong.app import open_application
from dougong.errors import RequestInvalid
from dougong.people.errors import TokenUnknown
from tests.api.authenticator import enrol
from tests.api.browser import Browser, open_browser, problem_of
from tests.api.command import command_for
from tests.api.conftest import ADMIN_PASSWORD, Prepared, settings_for
from tests.api.test_sessions import is_status, other_browser, until
from tests.api.test_tokens import PARTNERS, program

pytestmark = pytest.mark.anyio

RULES = "/api/sign-in-rules"
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.20"
SELLER = "sales@example.com"


async def user_of(browser: Browser) -> str:
    """Return the id of who is signed in."""
    found: str = (await browser.get("/api/session")).json()["user"]["id"]
    return found


async def set_rules(admin: Browser, **changed: object) -> dict[str, Any]:
    """Change the rules as they are now."""
    now = (await admin.get(RULES)).json()
    del now["address"]
    answer = await admin.ask("PUT", RULES, {**now, **changed})
    assert answer.status_code == 200, answer.text
    answered: dict[str, Any] = answer.json()
    return answered


async def deeds(dsn: str) -> list[tuple[str, str, str, str]]:
    """Return what is in the audit log about signing in: deed, who, what about, from where."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(
            "SELECT deed, actor_name, subject, address FROM dougong.audit WHERE deed !~ 'install|publish|organization|calendar|upgrade' ORDER BY id"
        )
    finally:
        await connection.close()
    return [tuple(row) for row in rows]


async def test_the_networks_of_the_site_hold_for_sign_in_sessions_and_tokens(
    app: ASGIApp, admin: Browser, seller: Browser, prepared: Prepared, site_dsn: str
) -> None:
    token = (await seller.post("/api/account/tokens", {"name": "x", "scopes": ["read"], "password": seller.password})).json()["token"]
    async with open_application(settings_for(site_dsn)) as process:
        far = open_browser(process, ELSEWHERE)
        assert (await far.sign_in(SELLER, prepared.passwords[SELLER])).status_code == 200
        bot = program(process, token)
        assert (await bot.get(PARTNERS)).status_code == 200

        rules = await set_rules(admin, networks=["203.0.113.0/24", "2001:db8::/32"])
        assert (rules["networks"], rules["address"]) == (["203.0.113.0/24", "2001:db8::/32"], HERE)
        await until(lambda: is_status(far, 403))
        problem_of(await far.get("/api/session"), 403, "access-address-refused")
        problem_of(await bot.get(PARTNERS), 403, "access-address-refused")
        assert (await seller.get("/api/session")).status_code == 200
        near = program(process, token)
        near.client = open_browser(process, "::ffff:203.0.113.9").client
        assert (await near.get(PARTNERS)).status_code == 200
        problem_of(await far.sign_in(SELLER, prepared.passwords[SELLER]), 403, "access-address-refused")
        problem_of(await far.sign_in("nobody@example.com", "wrong password"), 403, "access-address-refused")
        assert (await open_browser(process, "2001:db8::7").sign_in(SELLER, prepared.passwords[SELLER])).status_code == 200
        await set_rules(admin, networks=[])
        await until(lambda: is_status(far, 200))


async def test_lists_of_roles_and_users(app: ASGIApp, admin: Browser, seller: Browser, prepared: Prepared) -> None:
    """Every list of a role counts beside the site's; a user's own is in the place of all."""
    far = open_browser(app, ELSEWHERE)
    await set_rules(admin, roles=[{"role": "trading_starter.sales", "networks": ["203.0.113.0/24"]}])
    problem_of(await far.sign_in(SELLER, prepared.passwords[SELLER]), 401, "access-sign-in-failed")  # a right password is not told from a wrong one
    assert (await seller.get("/api/session")).status_code == 200
    own = f"/api/people/{await user_of(seller)}/networks"
    assert (await admin.ask("PUT", own, {"networks": [ELSEWHERE]})).status_code == 204
    assert (await far.sign_in(SELLER, prepared.passwords[SELLER])).status_code == 200
    problem_of(await seller.get("/api/session"), 403, "access-address-refused")
    assert (await admin.get(f"/api/people/{await user_of(far)}/account")).json()["networks"] == [f"{ELSEWHERE}/32"]
    assert (await admin.ask("PUT", own, {"networks": []})).status_code == 204
    problem_of(await far.get("/api/session"), 403, "access-address-refused")


async def test_what_is_no_network_and_what_would_lock_out(admin: Browser) -> None:
    sent = {"revision": 0, "second_factor": "nobody", "networks": ["203.0.113.0/24", "office"], "roles": [{"role": "hr.nobody", "networks": ["1.2.3.4/40"]}]}
    problem = problem_of(await admin.ask("PUT", RULES, sent), 422, "request-invalid")
    assert {(item["pointer"], item["code"]) for item in problem["errors"]} == {
        ("/networks/1", "access-network-invalid"), ("/roles/0/networks/0", "access-network-invalid"), ("/roles/0/role", "access-role-unknown"),
    }  # fmt: skip
    mine = f"/api/people/{await user_of(admin)}/networks"
    role = {"role": "organization.administrator", "networks": ["192.0.2.0/24"]}
    for path, body in (
        (RULES, {"revision": 0, "second_factor": "nobody", "networks": ["192.0.2.0/24"]}),
        (RULES, {"revision": 0, "second_factor": "nobody", "roles": [role]}),
        (mine, {"networks": ["192.0.2.0/24"]}),
    ):
        problem = problem_of(await admin.ask("PUT", path, body), 422, "request-invalid")
        assert [(item["code"], HERE in item["detail"]) for item in problem["errors"]] == [("access-networks-lock-out", True)]
    assert (await admin.ask("PUT", mine, {"networks": [HERE]})).status_code == 204
    await set_rules(admin, roles=[role])  # their own list is in the place of their role's
    assert (await admin.get("/api/session")).status_code == 200
    problem_of(await admin.ask("PUT", RULES, {"revision": 0, "second_factor": "nobody"}), 409, "access-rules-conflict")


async def test_administrators_end_sessions_tokens_and_second_factors(app: ASGIApp, admin: Browser, seller: Browser, prepared: Prepared, site_dsn: str) -> None:
    user = await user_of(seller)
    phone = await enrol(seller, prepared.passwords[SELLER])
    again = open_browser(app, ELSEWHERE)
    assert (await again.sign_in(SELLER, prepared.passwords[SELLER])).status_code == 202
    assert (await again.post("/api/session/code", {"code": phone.code()})).status_code == 200
    again.csrf_token = (await again.get("/api/session")).json()["csrf_token"]
    assert (await seller.post("/api/account/tokens", {"name": "mine", "scopes": ["read"], "password": seller.password})).status_code == 201

    seen = (await admin.get(f"/api/people/{user}/account")).json()
    assert (seen["email"], seen["is_service"], seen["has_password"], seen["second_factor"]["recovery_codes"]) == (SELLER, False, True, 10)
    assert [one["address"] for one in seen["sessions"]] == [ELSEWHERE, HERE]
    assert [one["method"] for one in seen["sessions"]] == ["password", "password"]
    assert [one["name"] for one in seen["tokens"]] == ["mine"]

    async with open_application(settings_for(site_dsn)) as process:
        elsewhere = other_browser(process, again)
        elsewhere.client = open_browser(process, ELSEWHERE).client
        elsewhere.client.cookies.update(again.client.cookies)
        assert (await elsewhere.get("/api/session")).status_code == 200
        assert (await admin.ask("DELETE", f"/api/people/{user}/sessions/{seen['sessions'][0]['id']}")).status_code == 204
        await until(lambda: is_status(elsewhere, 401))
    problem_of(await admin.ask("DELETE", f"/api/people/{user}/sessions/{seen['sessions'][0]['id']}"), 404, "access-session-unknown")
    assert (await seller.get("/api/session")).status_code == 200
    assert (await admin.ask("DELETE", f"/api/people/{user}/tokens/{seen['tokens'][0]['id']}")).status_code == 204
    assert (await admin.ask("DELETE", f"/api/people/{user}/second-factor")).status_code == 204
    problem_of(await admin.ask("DELETE", f"/api/people/{user}/second-factor"), 404, "access-second-factor-missing")
    problem_of(await seller.get("/api/session"), 401, "access-not-signed-in")
    assert (await seller.sign_in(SELLER, prepared.passwords[SELLER])).status_code == 200
    assert (await admin.ask("DELETE", f"/api/people/{user}/sessions")).status_code == 204
    problem_of(await seller.get("/api/session"), 401, "access-not-signed-in")
    problem_of(await admin.get("/api/people/00000000-0000-7000-8000-0000000000aa/account"), 404, "access-person-unknown")
    assert [(deed, who == seen["name"], address) for deed, who, subject, address in await deeds(site_dsn) if subject == SELLER] == [
        ("sign-in", True, HERE), ("set-up-second-factor", True, HERE), ("sign-in", True, ELSEWHERE), ("make-token", True, HERE),
        ("end-session", False, HERE), ("revoke-token", False, HERE), ("remove-second-factor", False, HERE), ("sign-in", True, HERE),
        ("end-session", False, HERE),
    ]  # fmt: skip


async def test_others_may_do_none_of_it(seller: Browser) -> None:
    user = f"/api/people/{await user_of(seller)}"
    some = "00000000-0000-7000-8000-0000000000aa"
    for method, path, body in (
        ("GET", f"{user}/account", None), ("DELETE", f"{user}/sessions", None), ("DELETE", f"{user}/sessions/{some}", None),
        ("DELETE", f"{user}/second-factor", None), ("POST", f"{user}/tokens", {"name": "x", "scopes": ["read"]}),
        ("DELETE", f"{user}/tokens/{some}", None), ("PUT", f"{user}/networks", {"networks": []}), ("GET", RULES, None),
        ("PUT", RULES, {"revision": 0, "second_factor": "nobody"}),
    ):  # fmt: skip
        problem_of(await seller.ask(method, path, body), 403, "access-administrator-required")


async def test_a_service_account_has_tokens_and_never_signs_in(app: ASGIApp, admin: Browser, seller: Browser, prepared: Prepared) -> None:
    user = await user_of(seller)
    problem_of(await admin.post(f"/api/people/{user}/tokens", {"name": "x", "scopes": ["read"], "password": ADMIN_PASSWORD}), 409, "access-not-a-service")
    changed = await admin.ask("PATCH", f"/api/apps/organization/records/user/{user}", {"kind": "service"})
    assert changed.status_code == 200, changed.text
    await until(lambda: is_status(seller, 401))
    problem_of(await open_browser(app).sign_in(SELLER, prepared.passwords[SELLER]), 401, "access-sign-in-failed")
    body = {"name": "shop", "scopes": ["trading_starter.read"], "days": 365}
    problem_of(await admin.post(f"/api/people/{user}/tokens", {**body, "password": "a guess"}), 422, "request-invalid")
    made = await admin.post(f"/api/people/{user}/tokens", {**body, "password": ADMIN_PASSWORD})
    assert made.status_code == 201, made.text
    await set_rules(admin, second_factor="everyone")  # asks people, of whom the administrator is one
    problem_of(await admin.get(RULES), 403, "access-second-factor-required")
    await enrol(admin, ADMIN_PASSWORD)
    bot = program(app, made.json()["token"])
    assert (await bot.get(PARTNERS)).status_code == 200
    (listed,) = (await admin.get(f"/api/people/{user}/account")).json()["tokens"]
    assert (listed["name"], listed["scopes"]) == ("shop", ["trading_starter.read"])


async def test_commands(app: ASGIApp, admin: Browser, seller: Browser, prepared: Prepared, site_dsn: str) -> None:
    """What whoever reaches the server's console can do about it, while the server runs."""

    async def run(*words: str, code: int = 0) -> str:
        result = await asyncio.to_thread(command_for(site_dsn), *words, code=code)
        return str(result.output)

    token = (await run("user", "make-token", SELLER, "import", "--scope", "trading_starter.read", "--days", "3")).strip()
    bot = program(app, token)
    assert (await bot.get(PARTNERS)).status_code == 200
    shown = (await run("user", "tokens", SELLER)).split()
    assert shown[-2:] == ["import", "trading_starter.read"] and token not in shown
    await run("user", "revoke-token", shown[0])

    async def is_refused() -> bool:
        return (await bot.get(PARTNERS)).status_code == 401

    await until(is_refused)
    with pytest.raises(TokenUnknown):
        await run("user", "revoke-token", shown[0])
    with pytest.raises(RequestInvalid):
        await run("user", "make-token", SELLER, "x", "--scope", "everything")

    await enrol(seller, prepared.passwords[SELLER])
    await run("user", "reset-second-factor", SELLER)
    await until(lambda: is_status(seller, 401))
    assert (await seller.sign_in(SELLER, prepared.passwords[SELLER])).status_code == 200
    await run("user", "end-sessions", SELLER)
    await until(lambda: is_status(seller, 401))

    await set_rules(admin, networks=["203.0.113.0/24"])
    far = open_browser(app, ELSEWHERE)
    problem_of(await far.sign_in(SELLER, prepared.passwords[SELLER]), 403, "access-address-refused")
    assert (await run("user", "clear-networks")).strip() == "1"
    assert (await far.sign_in(SELLER, prepared.passwords[SELLER])).status_code == 200
    assert ("change-sign-in-rules", "Dougong", "", "") in await deeds(site_dsn)


async def test_refused_sign_ins_are_in_the_log_with_their_reason(app: ASGIApp, admin: Browser, site_dsn: str) -> None:
    await open_browser(app).sign_in("admin@example.com", "wrong password")
    await open_browser(app).sign_in("correct horse battery", "typed into the wrong box")
    phone = await enrol(admin, ADMIN_PASSWORD)
    browser = open_browser(app, ELSEWHERE)
    await browser.sign_in("admin@example.com", ADMIN_PASSWORD)
    await browser.post("/api/session/code", {"code": "000000"})
    found = await deeds(site_dsn)
    assert found[-4:] == [
        ("sign-in-refused", "", "admin@example.com", HERE), ("sign-in-refused", "", "", HERE),
        ("set-up-second-factor", "管理员", "admin@example.com", HERE), ("sign-in-refused", "", "admin@example.com", ELSEWHERE),
    ]  # fmt: skip
    connection = await asyncpg.connect(site_dsn)
    try:
        kept = str(await connection.fetch("SELECT details::text, subject FROM dougong.audit"))
    finally:
        await connection.close()
    assert '"reason": "password"' in kept and '"reason": "code"' in kept
    assert not any(secret in kept for secret in (phone.secret, phone.recovery_codes[0], "correct horse battery", ADMIN_PASSWORD))
