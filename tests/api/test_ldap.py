"""Sign-in against a real LDAP directory: TLS, filters, empty passwords, groups and roles, and a directory that cannot be asked."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import anyio
import asyncpg
import pytest
from starlette.types import ASGIApp

from dougong.app import open_application
from dougong.outgoing.addresses import Allowed, read_allowed
from tests.api.browser import Browser, open_browser, problem_of
from tests.api.conftest import ADMIN_PASSWORD, Prepared, settings_for
from tests.api.directory import BASE, PASSWORD, SALES, SERVICE, SERVICE_PASSWORD, Directory, open_directory

pytestmark = pytest.mark.anyio

LOGIN_FILTER = "(&(objectClass=inetOrgPerson)(|(mail={login})(uid={login})))"


@pytest.fixture(scope="module")
def directory() -> Iterator[Directory]:
    """Return the directory of this module."""
    with open_directory() as opened:
        yield opened


@pytest.fixture(scope="module")
async def house(house_dsn: str) -> AsyncIterator[ASGIApp]:
    """Return the running application of a site whose operator allows a directory on this machine."""
    async with open_application(replace(settings_for(house_dsn), outgoing_hosts=read_allowed("127.0.0.1"))) as app:
        yield app


@pytest.fixture
async def database(house_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Return a connection that looks at what is kept, with no attempts counted before."""
    connection = await asyncpg.connect(house_dsn)
    await connection.execute("DELETE FROM dougong.sign_in_attempt")
    yield connection
    await connection.close()


async def keep(boss: Browser, directory: Directory, secret: str = SERVICE_PASSWORD, **options: object) -> None:
    """Set up the directory, or change it."""
    known = {one["key"]: one["revision"] for one in (await boss.get("/api/providers")).json()["providers"]}
    given = {"host": "127.0.0.1", "port": directory.tls_port, "security": "ldaps", "ca": directory.ca, "bind_dn": SERVICE, "base": BASE,
             "filter": LOGIN_FILTER, **options}
    body = {"revision": known.get("corp", 0), "kind": "ldap", "name": "Corp", "is_active": True, "secret": secret, "options": given}
    answer = await boss.ask("PUT", "/api/providers/corp", body)
    assert answer.status_code == 200, answer.text
    assert SERVICE_PASSWORD not in answer.text


async def roles_of(house: ASGIApp, login: str) -> list[str]:
    answer = await open_browser(house).sign_in(login, PASSWORD)
    assert answer.status_code == 200, answer.text
    roles: list[str] = answer.json()["user"]["roles"]
    return roles


@pytest.mark.parametrize("security", ["ldaps", "starttls", "none"])
async def test_who_is_in_the_directory_signs_in_with_its_password(
    boss: Browser, house: ASGIApp, directory: Directory, database: asyncpg.Connection, security: str
) -> None:
    port = directory.tls_port if security == "ldaps" else directory.port
    await keep(boss, directory, creates=True, security=security, port=port, roles=["organization.member"])
    for login in ("chen@corp.example", "CHEN@CORP.EXAMPLE", "chen"):
        browser = open_browser(house)
        answer = await browser.sign_in(login, PASSWORD)
        assert answer.status_code == 200, answer.text
        user = answer.json()["user"]
        assert (user["name"], user["email"], user["roles"]) == ("Chen Chen", "chen@corp.example", ["organization.member"])
    problem_of(await open_browser(house).sign_in("chen", "wrong"), 401, "access-sign-in-failed")
    kept = await database.fetch("SELECT issuer, length(subject) AS length FROM dougong.outside_identity")
    assert [tuple(row) for row in kept] == [("ldap:corp", 36)]
    methods = [row["method"] for row in await database.fetch("SELECT details ->> 'method' AS method FROM dougong.audit WHERE deed = 'sign-in' ORDER BY id DESC LIMIT 1")]
    assert methods == ["ldap"]


@pytest.mark.parametrize(("login", "password"), [
    ("chen", ""), ("chen@corp.example", ""), ("", PASSWORD), ("*", PASSWORD), ("ch*", PASSWORD), ("chen)(uid=*", PASSWORD), ("*)(objectClass=*", PASSWORD),
    ("chen\\2a", PASSWORD), ("chen\0", PASSWORD), ("twin@corp.example", PASSWORD), ("nobody", PASSWORD), ("x" * 5000, PASSWORD),
    ("chen", PASSWORD + "\0"), ("chen", "\0"), ("chen", " "), ("reader", SERVICE_PASSWORD),
])
async def test_nobody_else_gets_in(boss: Browser, house: ASGIApp, directory: Directory, database: asyncpg.Connection, login: str, password: str) -> None:
    """No password at all, patterns and pieces of filters, a name of two people, and the service account itself."""
    await keep(boss, directory, creates=True)
    answer = await open_browser(house).sign_in(login, password)
    assert answer.status_code in (400, 401, 422), answer.text
    assert "set-cookie" not in answer.headers


async def test_a_name_with_a_star_is_that_name(boss: Browser, house: ASGIApp, directory: Directory, database: asyncpg.Connection) -> None:
    await keep(boss, directory, creates=True)
    answer = await open_browser(house).sign_in("star*", PASSWORD)
    assert answer.json()["user"]["email"] == "star@corp.example"


async def test_the_email_joins_a_user_only_where_the_directory_is_trusted(
    boss: Browser, house: ASGIApp, directory: Directory, database: asyncpg.Connection, prepared: Prepared
) -> None:
    await keep(boss, directory, creates=True)
    problem_of(await open_browser(house).sign_in("sales@example.com", PASSWORD), 403, "access-outside-email-taken")
    await keep(boss, directory, links="verified")
    assert "trading_starter.sales" in await roles_of(house, "sales@example.com")
    assert (await open_browser(house).sign_in("sales@example.com", prepared.passwords["sales@example.com"])).status_code == 200
    problem_of(await open_browser(house).sign_in("nomail", PASSWORD), 403, "access-outside-unknown")


async def test_groups_give_roles_and_take_them(boss: Browser, house: ASGIApp, directory: Directory, database: asyncpg.Connection) -> None:
    """Roles that no group gives stay as they are."""
    group = SALES.replace(",", ", ").upper()
    await keep(boss, directory, creates=True, group_roles=[{"group": group, "roles": ["trading_starter.sales"]}, {"group": "cn=x", "roles": ["trading_starter.manager"]}])
    assert await roles_of(house, "chen") == ["organization.member", "trading_starter.sales"]
    await keep(boss, directory, creates=True, group_roles=[{"group": "cn=Nobody,dc=x", "roles": ["trading_starter.sales"]}])
    assert await roles_of(house, "chen") == ["organization.member"]


async def test_roles_of_positions_stay_those_of_positions(
    boss: Browser, house: ASGIApp, directory: Directory, database: asyncpg.Connection
) -> None:
    """A sign-in that gives roles does not write those a position gives into the user, where they would stay for ever."""
    await keep(boss, directory, creates=True)
    await roles_of(house, "chen")
    user = await database.fetchval("SELECT id FROM app_organization.user WHERE email = 'chen@corp.example'")
    manager = await database.fetchval("SELECT id FROM app_organization.role WHERE key = 'trading_starter.manager'")
    post = (await boss.post("/api/apps/organization/records/position", {"name": "Head", "roles": [{"role": str(manager)}]})).json()
    path = f"/api/apps/organization/records/user/{user}"
    assert (await boss.ask("PATCH", path, {"main_position": post["id"]})).status_code == 200
    await keep(boss, directory, creates=True, group_roles=[{"group": SALES, "roles": ["trading_starter.sales"]}])
    assert {"trading_starter.manager", "trading_starter.sales"} <= set(await roles_of(house, "chen"))
    assert (await boss.ask("PATCH", path, {"main_position": None})).status_code == 200
    await keep(boss, directory, creates=True)
    assert "trading_starter.manager" not in await roles_of(house, "chen")
    assert (await boss.ask("PATCH", path, {"roles": []})).status_code == 200


async def test_the_last_administrator_gets_in_and_stays_one(
    boss: Browser, house: ASGIApp, directory: Directory, database: asyncpg.Connection
) -> None:
    """Though no group says so any more; the audit log tells."""
    await keep(boss, directory, creates=True)
    await roles_of(house, "chen")
    people = "/api/apps/organization/records/user"
    user = await database.fetchval("SELECT id FROM app_organization.user WHERE email = 'chen@corp.example'")
    admin = await database.fetchval("SELECT id FROM app_organization.user WHERE email = 'admin@example.com'")
    role = await database.fetchval("SELECT id FROM app_organization.role WHERE key = 'organization.administrator'")
    assert (await boss.ask("PATCH", f"{people}/{user}", {"roles": [{"role": str(role)}]})).status_code == 200
    groups = [{"group": "cn=Admins,dc=x", "roles": ["organization.administrator"]}, {"group": SALES, "roles": ["trading_starter.sales"]}]
    await keep(boss, directory, creates=True, group_roles=groups)
    await database.execute("UPDATE app_organization.user SET active = false WHERE id = $1", admin)
    try:
        assert {"organization.administrator", "trading_starter.sales"} <= set(await roles_of(house, "chen"))
        assert await database.fetchval("SELECT count(*) FROM dougong.audit WHERE deed = 'keep-administrator'") == 1
    finally:
        await database.execute("UPDATE app_organization.user SET active = true WHERE id = $1", admin)
    assert "organization.administrator" not in await roles_of(house, "chen")


async def test_a_directory_can_be_tried_out(boss: Browser, directory: Directory) -> None:
    await keep(boss, directory)
    found = (await boss.post("/api/providers/corp/try", {"login": "chen"})).json()["found"]
    assert (found["dn"], found["email"], found["name"], found["group 1"]) == (f"uid=chen,ou=People,{BASE}", "chen@corp.example", "Chen Chen", SALES.lower())
    assert (await boss.post("/api/providers/corp/try", {"login": "nobody"})).json() == {"found": {}}


async def test_guesses_count_for_the_entry_however_it_is_spelled(
    boss: Browser, house: ASGIApp, directory: Directory, database: asyncpg.Connection
) -> None:
    """Directories find an entry by either name, without regard to case, width or blanks within; from many addresses."""
    await keep(boss, directory, creates=True)
    spellings = ("chen", "CHEN", "Chen", "cHen", "chEn", "cheN", "CHen", "cHEN", "chen@corp.example", "CHEN@corp.example")
    for place, login in enumerate(spellings):
        problem_of(await open_browser(house, f"198.51.100.{place}").sign_in(login, "wrong"), 401, "access-sign-in-failed")
    await database.execute("DELETE FROM dougong.sign_in_attempt WHERE key LIKE 'email:%'")
    problem_of(await open_browser(house, "198.51.100.99").sign_in("chen@CORP.example", PASSWORD), 429, "access-too-many-attempts")
    await database.execute("DELETE FROM dougong.sign_in_attempt")
    for place in range(10):
        await open_browser(house, f"198.51.100.{place}").sign_in("no\uff42ody" if place % 2 else "NoBody", "wrong")
    problem_of(await open_browser(house, "198.51.100.99").sign_in("nobody", PASSWORD), 429, "access-too-many-attempts")


async def test_a_directory_that_is_down_shuts_out_nobody_of_another(
    boss: Browser, house: ASGIApp, directory: Directory, database: asyncpg.Connection
) -> None:
    """Whom no other vouches for is told, and the audit log too."""
    await keep(boss, directory, creates=True)
    await database.execute(
        """INSERT INTO dougong.sign_in_provider (key, kind, name, is_active, options, secret, revision, created_at)
           SELECT 'down', kind, 'Down', true, options || '{"port": 1}', '', 1, created_at - interval '1 day' FROM dougong.sign_in_provider WHERE key = 'corp'"""
    )
    try:
        await roles_of(house, "chen")
        problem_of(await open_browser(house).sign_in("chen", "wrong"), 502, "access-directory-unavailable")
        reason = await database.fetchval("SELECT details ->> 'reason' FROM dougong.audit WHERE deed = 'sign-in-refused' ORDER BY id DESC LIMIT 1")
        assert reason == "access-directory-unavailable"
    finally:
        await database.execute("DELETE FROM dougong.sign_in_provider WHERE key = 'down'")


async def test_a_kept_secret_goes_nowhere_else(boss: Browser) -> None:
    """Who changes where a provider is must know its secret: else it would be sent there at the next sign-in."""
    oidc = {"issuer": "https://sso.example.com", "client_id": "erp"}
    ldap = {"host": "dc.example.com", "base": "dc=example", "ca": "-----BEGIN CERTIFICATE-----\nown\n"}
    for key, kind, options, others in (
        ("moved", "oidc", oidc, ({"issuer": "https://evil.example.com"},)),
        ("dir", "ldap", ldap, ({"host": "evil.example.com"}, {"port": 389}, {"security": "none"}, {"ca": "-----BEGIN CERTIFICATE-----\nother\n"}, {"ca": ""})),
    ):
        body = {"revision": 1, "kind": kind, "name": "X", "is_active": False, "options": options}
        assert (await boss.ask("PUT", f"/api/providers/{key}", {**body, "revision": 0, "secret": SERVICE_PASSWORD})).status_code == 200
        for other in others:
            moved = {**body, "options": {**options, **other}}
            problem = problem_of(await boss.ask("PUT", f"/api/providers/{key}", moved), 422, "request-invalid")
            assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [("/secret", "access-provider-secret-again")]
        same = {**options, "ca": "-----BEGIN CERTIFICATE-----\r\nown"} if kind == "ldap" else options
        assert (await boss.ask("PUT", f"/api/providers/{key}", {**body, "name": "Y", "options": same})).status_code == 200
        moved = {**body, "revision": 2, "secret": SERVICE_PASSWORD, "options": {**options, **others[0]}}
        assert (await boss.ask("PUT", f"/api/providers/{key}", moved)).status_code == 200
        assert (await boss.ask("DELETE", f"/api/providers/{key}")).status_code == 204


async def test_a_directory_that_cannot_be_asked(boss: Browser, house: ASGIApp, directory: Directory, database: asyncpg.Connection) -> None:
    """Users of our own sign in all the same; of others it is told, and of administrators why."""
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    for options, secret in (
        ({"port": closed.getsockname()[1]}, SERVICE_PASSWORD), ({"ca": ""}, SERVICE_PASSWORD), ({}, "not the service's"),
        ({"security": "starttls", "port": directory.port, "ca": ""}, SERVICE_PASSWORD),
        ({"id_attribute": "nonsense"}, SERVICE_PASSWORD),
    ):  # fmt: skip
        await keep(boss, directory, secret, creates=True, **options)
        refused = await open_browser(house).sign_in("chen", PASSWORD)
        assert refused.status_code == 502, (options, refused.text)
        problem_of(refused, 502, "access-directory-unavailable")
        problem = problem_of(await boss.post("/api/providers/corp/try", {"login": "chen"}), 502, "access-directory-unavailable")
        assert secret not in problem["detail"]
        assert (await open_browser(house).sign_in("admin@example.com", ADMIN_PASSWORD)).status_code == 200
    closed.close()


async def test_a_silent_directory_stops_nobody_else(boss: Browser, house: ASGIApp, directory: Directory, database: asyncpg.Connection) -> None:
    """While one waits for it, others are served, also where the library waits without end for a TLS handshake: a process of its own asks it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        await keep(boss, directory, port=silent.getsockname()[1], security="ldaps")
        order: list[str] = []
        accepted: list[socket.socket] = []
        came = threading.Event()

        def accept() -> None:
            accepted.append(silent.accept()[0])
            came.set()

        accepting = threading.Thread(target=accept)
        accepting.start()

        async def waits() -> None:
            problem_of(await open_browser(house).sign_in("chen", PASSWORD), 502, "access-directory-unavailable")
            order.append("waited")

        async with anyio.create_task_group() as group:
            group.start_soon(waits)
            await anyio.to_thread.run_sync(came.wait)
            assert (await boss.get("/api/session")).status_code == 200
            order.append("served")
        accepting.join()
        accepted[0].close()
    assert order == ["served", "waited"]


async def test_a_server_without_the_library_says_so(
    boss: Browser, house: ASGIApp, directory: Directory, database: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(boss, directory)
    monkeypatch.setitem(sys.modules, "bonsai", None)
    problem_of(await open_browser(house).sign_in("chen", PASSWORD), 501, "access-directory-not-installed")
    problem_of(await boss.post("/api/providers/corp/try", {"login": "chen"}), 501, "access-directory-not-installed")


async def test_directories_are_asked_through_the_guard(boss: Browser, house: ASGIApp, directory: Directory, house_dsn: str, database: asyncpg.Connection) -> None:
    for host in ("10.0.0.1", "169.254.169.254", "2130706433", "[::1]"):
        await keep(boss, directory, host=host)
        problem_of(await boss.post("/api/providers/corp/try", {"login": "chen"}), 422, "outgoing-address-refused")
    await keep(boss, directory)
    async with open_application(replace(settings_for(house_dsn), outgoing_hosts=Allowed())) as strict:
        problem_of(await open_browser(strict).sign_in("chen", PASSWORD), 422, "outgoing-address-refused")


@pytest.mark.parametrize("text", ["mail={login}", "(mail=x)", "(mail={login}", "(|(mail={login}))(uid=*)("])
async def test_a_filter_must_hold_what_was_typed(boss: Browser, text: str) -> None:
    options = {"host": "ldap.example.com", "base": BASE, "filter": text}
    body = {"revision": 0, "kind": "ldap", "name": "X", "is_active": True, "options": options}
    problem = problem_of(await boss.ask("PUT", "/api/providers/wrong", body), 422, "request-invalid")
    assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [("/options/filter", "access-provider-filter")]
