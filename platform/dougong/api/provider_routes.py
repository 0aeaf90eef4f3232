"""Endpoints of providers that vouch for people: what the sign-in page offers, the way to one and back, and what administrators set."""

from importlib.util import find_spec
from urllib.parse import quote, urlencode

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dougong.api.asked import AskedAddress, AskedAdministrator, AskedHouse, AskedPerson
from dougong.api.guard import address_of, caller_of, cookie_value
from dougong.api.house import House
from dougong.api.outside_entry import enter_vouched
from dougong.api.provider_shapes import (
    ProviderBody,
    ProviderEntry,
    ProviderKey,
    ProvidersAnswer,
    SignInOptionsAnswer,
    SignInProvider,
    SignOutAnswer,
    TryAnswer,
    TryBody,
)
from dougong.api.session_routes import let_in
from dougong.audit.record import From
from dougong.errors import PlatformError, RequestInvalid
from dougong.mail.smtp import is_set_up
from dougong.people.attempts import count_way, forgive_way
from dougong.people.entry import HalfSignIn, note_refusal
from dougong.people.errors import TooManyAttempts
from dougong.people.ldap import look_up
from dougong.people.oidc import VALID, begin, discover, finish, return_address, sign_out_address
from dougong.people.places import inner_place
from dougong.people.provider_options import read_options
from dougong.people.providers import Provider, keep_provider, read_provider, read_providers, remove_provider

routes = APIRouter()

COOKIE = "dougong_oidc"
PATH = "/api/oidc"


@routes.get("/api/sign-in-options", operation_id="read_sign_in_options")
async def sign_in_options(house: AskedHouse) -> SignInOptionsAnswer:
    """Return how one can sign in, for everybody: the providers to go to, and whether a new password can be asked for by mail."""
    known = await read_providers(house.site)
    offered = [SignInProvider(key=one.key, name=one.name) for one in known if one.kind == "oidc" and one.is_active]
    return SignInOptionsAnswer(providers=offered, can_reset=is_set_up(house.site.settings))


@routes.get("/api/oidc/{key}/start", operation_id="start_oidc", status_code=302, response_class=Response)
async def start(key: ProviderKey, house: AskedHouse, request: Request) -> Response:
    """Send the browser to a provider to sign in; `next` is the place of this product where they want to be afterwards."""
    wanted = inner_place(request.query_params.get("next", ""))
    try:
        await count_way(house.site.pool, address_of(request.scope))
        provider = await read_provider(house.site, key, "oidc", is_active=True)
        begun = await begin(house.site, provider, wanted)
    except PlatformError as refused:
        return _refusal(house, key, refused)
    answer = RedirectResponse(begun.url, 302)
    answer.headers["Set-Cookie"] = _cookie(house, begun.browser_token, int(VALID.total_seconds()))
    return answer


@routes.get("/api/oidc/{key}/return", operation_id="return_from_oidc", status_code=302, response_class=Response)
async def come_back(key: ProviderKey, house: AskedHouse, request: Request) -> Response:
    """Take back the browser from a provider: it is signed in, or asked for the second step, or told what went wrong."""
    caller = caller_of(request.scope)
    cookies = b";".join(value for name, value in request.scope["headers"] if name == b"cookie")
    try:
        await count_way(house.site.pool, caller.address)
    except TooManyAttempts as refused:
        return _refusal(house, key, refused)  # not in the audit log: nobody is to fill it by asking
    try:
        provider = await read_provider(house.site, key, "oidc", is_active=True)
        returned = await finish(house.site, provider, dict(request.query_params), cookie_value(cookies, COOKIE.encode() + b"=").decode("latin-1"))
        entered = await enter_vouched(house, returned.vouched, caller)
        await forgive_way(house.site.pool, caller.address)
    except PlatformError as refused:
        await note_refusal(house.site.pool, str(refused.parts.get("email", "")), refused.code, caller)
        return _refusal(house, key, refused)
    place = f"/sign-in?{urlencode({'step': 'code', 'next': returned.next})}" if isinstance(entered, HalfSignIn) else returned.next
    answer = RedirectResponse(place, 302)
    await let_in(house, entered, request, answer)
    answer.status_code = 302
    answer.headers.append("Set-Cookie", _cookie(house, "", 0))
    return answer


@routes.get("/api/oidc/sign-out", operation_id="read_sign_out")
async def sign_out(session: AskedPerson, house: AskedHouse) -> SignOutAnswer:
    """Return where the signed-in user also signs out of the provider they came by; null where none is wanted, or it does not answer."""
    if not session.method.startswith("oidc"):
        return SignOutAnswer(address=None)
    try:
        return SignOutAnswer(address=await sign_out_address(house.site, session.actor.id))
    except PlatformError as trouble:
        structlog.get_logger("dougong.people").warning("oidc.sign_out_failed", code=trouble.code, reason=trouble.detail("en"))
        return SignOutAnswer(address=None)


@routes.get("/api/providers", operation_id="list_providers")
async def list_providers(session: AskedAdministrator, house: AskedHouse) -> ProvidersAnswer:
    """Return the providers as they are set, without their secrets; for administrators alone."""
    known = [_entry(house, one) for one in await read_providers(house.site)]
    return ProvidersAnswer(providers=known, has_ldap=find_spec("bonsai") is not None)


@routes.put("/api/providers/{key}", operation_id="save_provider")
async def save_provider(key: ProviderKey, body: ProviderBody, session: AskedAdministrator, house: AskedHouse, address: AskedAddress) -> ProviderEntry:
    """Make or change a provider; for administrators alone."""
    options = read_options(body.kind, body.options)
    if isinstance(options, tuple):
        raise RequestInvalid(options)
    async with house.site.pool.acquire() as connection, connection.transaction():
        await keep_provider(
            connection, house.site, session.actor, key, body.kind, body.name, body.is_active, options, body.secret, body.revision, From(address)
        )
    house.site.told.clear()  # what is set is tried at once
    return _entry(house, await read_provider(house.site, key))


@routes.delete("/api/providers/{key}", operation_id="remove_provider", status_code=204)
async def drop_provider(key: ProviderKey, session: AskedAdministrator, house: AskedHouse, address: AskedAddress) -> None:
    """Remove a provider; whoever signed in by it stays a user. For administrators alone."""
    async with house.site.pool.acquire() as connection, connection.transaction():
        await remove_provider(connection, session.actor, key, From(address))


@routes.post("/api/providers/{key}/try", operation_id="try_provider")
async def try_provider(key: ProviderKey, body: TryBody, session: AskedAdministrator, house: AskedHouse) -> TryAnswer:
    """Ask a provider what it says of itself, or a directory whom it finds; refused with what went wrong. For administrators alone."""
    provider = await read_provider(house.site, key)
    if provider.kind == "oidc":
        said = await discover(house.site, provider, 0.0)
        return TryAnswer(found={name: str(said[name]) for name in ("issuer", "authorization_endpoint", "token_endpoint") if name in said})
    entry = await look_up(house.site, provider, body.login or session.email)
    if entry is None:
        return TryAnswer(found={})
    groups = {f"group {place}": group for place, group in enumerate(sorted(entry.groups), 1)}
    return TryAnswer(found={"dn": entry.dn, "id": entry.subject, "email": entry.email, "name": entry.name, **groups})


def _entry(house: House, provider: Provider) -> ProviderEntry:
    return ProviderEntry(
        key=provider.key, kind=provider.kind, name=provider.name, is_active=provider.is_active, options=provider.options.model_dump(mode="json"),
        has_secret=bool(provider.secret), revision=provider.revision, return_address=return_address(house.site, provider.key) if provider.kind == "oidc" else "",
    )


def _refusal(house: House, key: str, refused: PlatformError) -> Response:
    """Send the browser to the sign-in page, which tells the code in words; what the provider said besides is for the log."""
    structlog.get_logger("dougong.people").warning("oidc.refused", provider=key, code=refused.code, reason=refused.detail("en"))
    answer = RedirectResponse(f"/sign-in?refused={quote(refused.code)}", 302)
    answer.headers["Set-Cookie"] = _cookie(house, "", 0)
    return answer


def _cookie(house: House, token: str, max_age_s: int) -> str:
    secure = "; Secure" if house.site.settings.secure_cookies else ""
    return f"{COOKIE}={token}; Path={PATH}; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}"
