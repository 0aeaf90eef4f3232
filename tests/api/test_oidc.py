"""Sign-in through OpenID providers: a real one as a process, and one that lies in every way it can; whom it lets in, and whom not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pyotp
import pytest
from anyio import to_thread
from joserfc.jwk import RSAKey
from starlette.types import ASGIApp

from dougong.app import open_application
from dougong.outgoing.addresses import read_allowed
from dougong.people import told
from dougong.people.attempts import WAYS_BY_ADDRESS
from tests.api.browser import Browser, open_browser, problem_of
from tests.api.conftest import Prepared, settings_for
from tests.api.provider import (
    SECRET,
    Forger,
    begin,
    come_back,
    forging_provider,
    keep,
    real_provider,
    shown_code,
    sign_in_there,
)

pytestmark = pytest.mark.anyio

ADDRESS = "https://erp.example.com"


@pytest.fixture(scope="module")
async def house(house_dsn: str) -> AsyncIterator[ASGIApp]:
    """Return the running application of a site whose operator allows providers on this machine."""
    settings = replace(settings_for(house_dsn), outgoing_hosts=read_allowed("127.0.0.1"), public_url=ADDRESS)
    async with open_application(settings) as app:
        yield app


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Return the address of the real provider of this module."""
    with real_provider() as address:
        yield address


@pytest.fixture(scope="module")
def forger() -> Iterator[Forger]:
    """Return the lying provider of this module."""
    with forging_provider() as made:
        yield made


@pytest.fixture
async def database(house_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Return a connection that looks at what is kept."""
    connection = await asyncpg.connect(house_dsn)
    yield connection
    await connection.close()


async def through(house: ASGIApp, sub: str, key: str = "real", browser: Browser | None = None) -> tuple[Browser, str]:
    """Sign in through the real provider; return the browser and where it is in the end."""
    browser = browser or open_browser(house, base_url=ADDRESS)
    back = await to_thread.run_sync(sign_in_there, await begin(browser, key), sub)
    assert back.startswith(f"{ADDRESS}/api/oidc/{key}/return?")
    answer = await come_back(browser, key, {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()})
    return browser, str(answer.headers["location"])


async def test_a_verified_email_joins_a_user_once_the_provider_is_trusted(boss: Browser, house: ASGIApp, provider: str, database: asyncpg.Connection) -> None:
    await keep(boss, "real", provider)
    assert (await open_browser(house).get("/api/sign-in-options")).json() == {"providers": [{"key": "real", "name": "Real"}], "can_reset": False}
    _, place = await through(house, "s-1")
    assert shown_code(place) == "access-outside-email-taken"
    await keep(boss, "real", provider, links="verified")
    _, place = await through(house, "s-2")
    assert shown_code(place) == "access-outside-email-taken"
    browser, place = await through(house, "s-1")
    assert place == "/apps/trading_starter"
    session = (await browser.get("/api/session")).json()
    assert session["user"]["email"] == "sales@example.com"
    assert "oidc" in {one["method"] for one in (await browser.get("/api/account/sessions")).json()["sessions"]}
    # From now on the subject says who it is, whatever the provider is trusted for.
    await keep(boss, "real", provider)
    again, place = await through(house, "s-1")
    assert (await again.get("/api/session")).json()["user"]["id"] == session["user"]["id"]
    kept = await database.fetch("SELECT issuer, subject, user_id::text FROM dougong.outside_identity")
    assert [tuple(row) for row in kept] == [(provider, "s-1", session["user"]["id"])]
    deeds = [row["deed"] for row in await database.fetch("SELECT deed FROM dougong.audit WHERE deed IN ('join-provider', 'change-provider') ORDER BY id")]
    assert deeds == ["change-provider", "change-provider", "join-provider", "change-provider"]


async def test_users_are_made_at_their_first_sign_in_where_that_is_wanted(boss: Browser, house: ASGIApp, provider: str) -> None:
    await keep(boss, "real", provider)
    assert shown_code((await through(house, "s-3"))[1]) == "access-outside-unknown"
    await keep(boss, "real", provider, creates=True, domains=["Company.example"], roles=["trading_starter.sales", "no_app.no_role"])
    browser, place = await through(house, "s-3")
    assert place == "/apps/trading_starter"
    assert "new@company.example" not in (await boss.get("/api/invitations")).text
    user = (await browser.get("/api/session")).json()["user"]
    assert (user["name"], user["email"], user["language"], user["roles"]) == ("新同事", "new@company.example", "zh-CN", ["trading_starter.sales"])
    assert shown_code((await through(house, "s-4"))[1]) == "access-outside-unknown"
    assert shown_code((await through(house, "s-5"))[1]) == "access-outside-email-unverified"


async def test_a_user_who_may_not_sign_in_comes_by_no_provider_either(boss: Browser, house: ASGIApp, provider: str) -> None:
    await keep(boss, "real", provider, creates=True)
    browser, _ = await through(house, "s-4")
    user = (await browser.get("/api/session")).json()["user"]
    path = f"/api/apps/organization/records/user/{user['id']}"
    assert (await boss.ask("PATCH", path, {"active": False})).status_code == 200
    assert shown_code((await through(house, "s-4"))[1]) == "access-outside-inactive"


async def test_the_second_factor_is_asked_for_unless_the_provider_is_trusted_for_it(
    boss: Browser, house: ASGIApp, provider: str, forger: Forger, prepared: Prepared
) -> None:
    await keep(boss, "real", provider, links="verified")
    manager = open_browser(house)
    await manager.sign_in("manager@example.com", prepared.passwords["manager@example.com"])
    begun = await manager.post("/api/account/second-factor", {"password": prepared.passwords["manager@example.com"]})
    clock = pyotp.TOTP(begun.json()["secret"])
    assert (await manager.ask("PUT", "/api/account/second-factor", {"code": clock.at(datetime.now(UTC), counter_offset=-1)})).status_code == 200
    browser, place = await through(house, "s-6")
    assert place == "/sign-in?step=code&next=%2Fapps%2Ftrading_starter"
    problem_of(await browser.get("/api/session"), 401, "access-not-signed-in")
    assert (await browser.post("/api/session/code", {"code": clock.now()})).status_code == 200
    assert (await browser.get("/api/session")).json()["user"]["email"] == "manager@example.com"
    for trust, amr, needs_code in (("never", ["mfa"], True), ("amr", ["pwd"], True), ("amr", None, True), ("amr", ["pwd", "mfa"], False), ("always", None, False)):
        await keep(boss, "forged", forger.issuer, links="verified", second_factor=trust)
        forger.claims = {"sub": "f-9", "email": "manager@example.com", "amr": amr}
        browser = open_browser(house, base_url=ADDRESS)
        answer = await come_back(browser, "forged", forger.send_back(await begin(browser, "forged")))
        assert ("step=code" in answer.headers["location"]) is needs_code, (trust, amr)
    forger.claims = {}


async def test_who_declines_is_told(boss: Browser, house: ASGIApp, forger: Forger, database: asyncpg.Connection) -> None:
    await keep(boss, "forged", forger.issuer)
    browser = open_browser(house, base_url=ADDRESS)
    brought = forger.send_back(await begin(browser, "forged"), error="access_denied", error_description="No <b>thanks</b>")
    answer = await come_back(browser, "forged", brought)
    assert shown_code(answer.headers["location"]) == "access-provider-refused"
    assert await database.fetchval("SELECT details ->> 'reason' FROM dougong.audit WHERE deed = 'sign-in-refused' ORDER BY id DESC LIMIT 1") == "access-provider-refused"


async def test_what_is_sent_to_the_provider(boss: Browser, house: ASGIApp, forger: Forger) -> None:
    for client_auth in ("basic", "post", "none"):
        await keep(boss, "forged", forger.issuer, links="verified", client_auth=client_auth)
        browser = open_browser(house, base_url=ADDRESS)
        url = await begin(browser, "forged")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert (asked["response_type"], asked["client_id"], asked["scope"], asked["code_challenge_method"]) == ("code", "erp", "openid email profile", "S256")
        assert asked["redirect_uri"] == f"{ADDRESS}/api/oidc/forged/return"
        assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) == 43
        answer = await come_back(browser, "forged", forger.send_back(url))
        assert answer.headers["location"] == "/apps/trading_starter"
        sent = forger.asked[-1]
        assert (sent["grant_type"], sent["redirect_uri"], len(sent["code_verifier"])) == ("authorization_code", asked["redirect_uri"], 43)
        assert sent["authorization"].startswith("Basic ") is (client_auth == "basic")
        assert (sent.get("client_secret") == SECRET) is (client_auth == "post")
        cookies = answer.headers.get_list("set-cookie")
        assert any(cookie.startswith("dougong_oidc=; Path=/api/oidc; Max-Age=0; HttpOnly; SameSite=Lax") for cookie in cookies)


LIES: dict[str, dict[str, object]] = {
    "wrong issuer": {"claims": {"iss": "https://evil.example"}},
    "another's issuer, a slash more": {"claims": {"iss": "/"}},
    "wrong audience": {"claims": {"aud": "another client"}},
    "audiences without azp": {"claims": {"aud": ["erp", "another"], "azp": "another"}},
    "wrong nonce": {"claims": {"nonce": "x" * 43}},
    "no nonce": {"claims": {"nonce": None}},
    "expired": {"claims": {"exp": 1_700_000_000}},
    "no expiry": {"claims": {"exp": None}},
    "not yet": {"claims": {"nbf": 4_000_000_000}},
    "issued in future": {"claims": {"iat": 4_000_000_000}},
    "no subject": {"claims": {"sub": None}},
    "empty subject": {"claims": {"sub": ""}},
    "subject is no text": {"claims": {"sub": 7}},
    "wrong access token hash": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "unsigned": {"algorithm": "none"},
    "signed with the public key": {"algorithm": "HS256"},
    "signed by another": {"signs_with": RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}, private=True)},
    "no token": {"token_status": 400},
    "server error": {"token_status": 500},
    "redirected": {"token_status": 302},
    "discovery of another": {"metadata": {"issuer": "https://evil.example"}},
    "no token endpoint": {"metadata": {"token_endpoint": None}},
    "plain keys elsewhere": {"metadata": {"jwks_uri": "http://evil.example/jwks"}},
    "no PKCE": {"metadata": {"code_challenge_methods_supported": ["plain"]}},
}


@pytest.mark.parametrize("lie", LIES)
async def test_no_lie_lets_anybody_in(boss: Browser, house: ASGIApp, forger: Forger, lie: str) -> None:
    """Each lie is refused after a sign-in that is honest but for it; without it the same sign-in succeeds."""
    await keep(boss, "forged", forger.issuer, links="verified")
    browser = open_browser(house, base_url=ADDRESS)
    honest = {name: getattr(forger, name) for name in LIES[lie]}
    brought = forger.send_back(await begin(browser, "forged"))
    for name, value in LIES[lie].items():
        setattr(forger, name, {one: f"{forger.issuer}/" if text == "/" else text for one, text in value.items()} if isinstance(value, dict) else value)
    await keep(boss, "forged", forger.issuer, links="verified")  # what it said of itself before is asked for anew
    try:
        answer = await come_back(browser, "forged", brought)
    finally:
        for name, value in honest.items():
            setattr(forger, name, value)
    await keep(boss, "forged", forger.issuer, links="verified")
    assert shown_code(answer.headers["location"]) == "access-provider-answer-refused"
    problem_of(await browser.get("/api/session"), 401, "access-not-signed-in")
    again = await come_back(browser, "forged", forger.send_back(await begin(browser, "forged")))
    assert again.headers["location"] == "/apps/trading_starter"


async def test_what_was_brought_back_counts_once_in_the_browser_that_began(boss: Browser, house: ASGIApp, forger: Forger, database: asyncpg.Connection) -> None:
    await keep(boss, "forged", forger.issuer, links="verified")
    await keep(boss, "other", forger.issuer + "/other", links="verified")
    browser, thief = open_browser(house, base_url=ADDRESS), open_browser(house, base_url=ADDRESS)
    url = await begin(browser, "forged")
    brought = forger.send_back(url)
    await begin(thief, "forged")
    for who, key, what in (
        (thief, "forged", brought), (open_browser(house, base_url=ADDRESS), "forged", brought), (browser, "other", brought),
        (browser, "forged", {**brought, "state": "x" * 43}), (browser, "forged", {"code": "code-1"}),
    ):  # fmt: skip
        kept = dict(who.client.cookies)
        answer = await come_back(who, key, what)
        assert shown_code(answer.headers["location"]) in ("access-provider-sign-in-lost", "access-provider-answer-refused")
        who.client.cookies.update(kept)
    kept = dict(browser.client.cookies)
    assert (await come_back(browser, "forged", brought)).headers["location"] == "/apps/trading_starter"
    browser.client.cookies.update(kept)
    assert shown_code((await come_back(browser, "forged", brought)).headers["location"]) == "access-provider-sign-in-lost"
    mixed = open_browser(house, base_url=ADDRESS)
    wrong = forger.send_back(await begin(mixed, "forged"), iss="https://evil.example")
    assert shown_code((await come_back(mixed, "forged", wrong)).headers["location"]) == "access-provider-answer-refused"
    late = open_browser(house, base_url=ADDRESS)
    brought = forger.send_back(await begin(late, "forged"))
    await database.execute("UPDATE dougong.oidc_sign_in SET expires_at = now()")
    assert shown_code((await come_back(late, "forged", brought)).headers["location"]) == "access-provider-sign-in-lost"


@pytest.mark.parametrize(("wanted", "place"), [
    ("/apps/x?y=1#z", "/apps/x?y=1#z"), ("//evil.example", "/"), ("https://evil.example/", "/"), ("/\\evil.example", "/"), ("\\\\evil.example", "/"),
    ("/%0d%0aSet-Cookie:x", "/%0d%0aSet-Cookie:x"), ("/\r\nSet-Cookie: x=1", "/"), ("javascript:alert(1)", "/"), ("", "/"), ("/" + "a" * 3000, "/"),
    ("/\t/evil.example", "/"), (" //evil.example", "/"),
])
async def test_one_comes_back_to_a_place_of_this_product_alone(boss: Browser, house: ASGIApp, forger: Forger, wanted: str, place: str) -> None:
    await keep(boss, "forged", forger.issuer, links="verified")
    browser = open_browser(house, base_url=ADDRESS)
    answer = await come_back(browser, "forged", forger.send_back(await begin(browser, "forged", wanted)))
    assert answer.headers["location"] == place


async def test_one_signs_out_of_the_provider_too_where_that_is_wanted(boss: Browser, house: ASGIApp, forger: Forger) -> None:
    assert (await boss.get("/api/oidc/sign-out")).json() == {"address": None}
    for wanted in (False, True):
        await keep(boss, "forged", forger.issuer, links="verified", signs_out=wanted)
        browser = open_browser(house, base_url=ADDRESS)
        await come_back(browser, "forged", forger.send_back(await begin(browser, "forged")))
        address = (await browser.get("/api/oidc/sign-out")).json()["address"]
        assert (address is not None) is wanted
    assert address == f"{forger.issuer}/end?client_id=erp&post_logout_redirect_uri=https%3A%2F%2Ferp.example.com%2Fsign-in"
    forger.metadata = {"issuer": "https://evil.example"}
    await keep(boss, "forged", forger.issuer, links="verified", signs_out=True)
    assert (await browser.get("/api/oidc/sign-out")).json() == {"address": None}
    forger.metadata = {}
    await keep(boss, "forged", forger.issuer, links="verified")


async def test_a_provider_tells_of_itself_once_in_a_while_and_of_its_keys_when_they_change(boss: Browser, house: ASGIApp, forger: Forger) -> None:
    await keep(boss, "forged", forger.issuer, links="verified")
    forger.paths.clear()
    for _ in range(3):
        browser = open_browser(house, base_url=ADDRESS)
        answer = await come_back(browser, "forged", forger.send_back(await begin(browser, "forged")))
        assert answer.headers["location"] == "/apps/trading_starter"
    counts = [forger.paths.count(path) for path in ("/.well-known/openid-configuration", "/jwks", "/token")]
    assert counts == [1, 1, 3]
    former, told.FRESH_S = told.FRESH_S, 0.0  # so that nobody waits ten seconds here
    key = forger.key
    try:
        forger.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}, private=True)
        answer = await come_back(browser, "forged", forger.send_back(await begin(browser, "forged")))
    finally:
        forger.key, told.FRESH_S = key, former
    assert answer.headers["location"] == "/apps/trading_starter"
    assert forger.paths.count("/jwks") == 2


async def test_ways_to_a_provider_and_back_are_counted(boss: Browser, house: ASGIApp, forger: Forger, database: asyncpg.Connection) -> None:
    await keep(boss, "forged", forger.issuer, links="verified")
    await database.execute("DELETE FROM dougong.sign_in_attempt")
    browser = open_browser(house, base_url=ADDRESS)
    url = await begin(browser, "forged")
    counted = "SELECT failures FROM dougong.sign_in_attempt WHERE key LIKE 'way %'"
    assert await database.fetchval(counted) == 1
    assert (await come_back(browser, "forged", forger.send_back(url))).headers["location"] == "/apps/trading_starter"
    assert await database.fetchval(counted) == 0, "who arrives gives theirs back"
    await database.execute("UPDATE dougong.sign_in_attempt SET failures = $1 WHERE key LIKE 'way %'", WAYS_BY_ADDRESS)
    rows = await database.fetchval("SELECT count(*) FROM dougong.audit")
    for path in ("start", "return?state=x"):
        answer = await browser.client.get(f"/api/oidc/forged/{path}")
        assert (answer.status_code, shown_code(answer.headers["location"])) == (302, "access-too-many-attempts")
    assert await database.fetchval("SELECT count(*) FROM dougong.audit") == rows, "nobody fills the log by asking"
    elsewhere = open_browser(house, "203.0.113.99", base_url=ADDRESS)
    assert (await elsewhere.client.get("/api/oidc/forged/start")).headers["location"].startswith(forger.issuer)
    await database.execute("DELETE FROM dougong.sign_in_attempt")


async def test_the_email_may_come_from_userinfo_of_the_same_subject(boss: Browser, house: ASGIApp, forger: Forger) -> None:
    await keep(boss, "forged", forger.issuer, links="verified")
    forger.claims = {"sub": "f-7", "email": None, "email_verified": None}
    for subject, is_in in (("another", False), ("f-7", True)):
        forger.userinfo = {"sub": subject, "email": "sales@example.com", "email_verified": True}
        browser = open_browser(house, base_url=ADDRESS)
        answer = await come_back(browser, "forged", forger.send_back(await begin(browser, "forged")))
        assert (answer.headers["location"] == "/apps/trading_starter") is is_in
    forger.claims, forger.userinfo = {}, {}


async def test_who_sets_providers_and_what_is_shown_of_them(boss: Browser, house: ASGIApp, forger: Forger, prepared: Prepared, database: asyncpg.Connection) -> None:
    seller = open_browser(house)
    await seller.sign_in("sales@example.com", prepared.passwords["sales@example.com"])
    body = {"revision": 0, "kind": "oidc", "name": "X", "is_active": True, "secret": SECRET, "options": {"issuer": forger.issuer, "client_id": "erp"}}
    for refused in (await seller.get("/api/providers"), await seller.ask("PUT", "/api/providers/x", body), await seller.ask("DELETE", "/api/providers/x"),
                    await seller.post("/api/providers/x/try", {})):
        problem_of(refused, 403, "access-administrator-required")
    made = await boss.ask("PUT", "/api/providers/x", body)
    assert made.json()["has_secret"] is True and made.json()["return_address"] == f"{ADDRESS}/api/oidc/x/return"
    problem_of(await boss.ask("PUT", "/api/providers/x", body), 409, "access-provider-conflict")
    without = {name: value for name, value in body.items() if name != "secret"}
    kept = await boss.ask("PUT", "/api/providers/x", {**without, "revision": 1, "is_active": False})
    assert kept.json()["has_secret"] is True
    problem_of(await boss.ask("PUT", "/api/providers/x", {**without, "revision": 1}), 409, "access-provider-conflict")
    listed = await boss.get("/api/providers")
    audit = [row["row"] for row in await database.fetch("SELECT a::text AS row FROM dougong.audit AS a")]
    assert SECRET not in made.text + kept.text + listed.text + "".join(audit) and any("change-provider" in row for row in audit)
    assert (await open_browser(house).client.get("/api/oidc/x/start")).headers["location"] == "/sign-in?refused=access-provider-unknown"
    tried = await boss.post("/api/providers/x/try", {})
    assert tried.json()["found"]["issuer"] == forger.issuer
    assert (await boss.ask("DELETE", "/api/providers/x")).status_code == 204
    problem_of(await boss.ask("DELETE", "/api/providers/x"), 404, "access-provider-unknown")


@pytest.mark.parametrize(("options", "pointer", "code"), [
    ({"issuer": "sso.example.com", "client_id": "erp"}, "/options/issuer", "access-provider-issuer"),
    ({"issuer": "ftp://sso.example.com", "client_id": "erp"}, "/options/issuer", "access-provider-issuer"),
    ({"issuer": "https://sso.example.com?x=1", "client_id": "erp"}, "/options/issuer", "access-provider-issuer"),
    ({"issuer": "https://sso.example.com", "client_id": "erp", "scopes": "email"}, "/options/scopes", "access-provider-scopes"),
    ({"issuer": "https://sso.example.com"}, "/options/client_id", "access-provider-option"),
    ({"issuer": "https://sso.example.com", "client_id": "erp", "links": "anything"}, "/options/links", "access-provider-option"),
    ({"issuer": "https://sso.example.com", "client_id": "erp", "nonsense": 1}, "/options/nonsense", "access-provider-option"),
    ({"issuer": "https://sso.example.com", "client_id": "erp", "domains": ["no domain"]}, "/options/domains/0", "access-provider-option"),
    ({"issuer": "https://sso.example.com", "client_id": "erp", "roles": ["administrator"]}, "/options/roles/0", "access-provider-option"),
])
async def test_wrong_options_are_named(boss: Browser, options: dict[str, object], pointer: str, code: str) -> None:
    body = {"revision": 0, "kind": "oidc", "name": "X", "is_active": True, "options": options}
    problem = problem_of(await boss.ask("PUT", "/api/providers/wrong", body), 422, "request-invalid")
    assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(("issuer", "code"), [
    ("https://10.0.0.1", "outgoing-address-refused"), ("https://169.254.169.254", "outgoing-address-refused"),
    ("http://8.8.8.8", "access-provider-answer-refused"),
    ("http://127.0.0.1:1", "outgoing-failed"),
])
async def test_providers_are_called_through_the_guard(boss: Browser, house: ASGIApp, issuer: str, code: str) -> None:
    await keep(boss, "guarded", issuer)
    answer = await boss.post("/api/providers/guarded/try", {})
    assert answer.json()["code"] == code, answer.text
    assert shown_code((await open_browser(house).client.get("/api/oidc/guarded/start")).headers["location"]) == code
    json.dumps(answer.json())
