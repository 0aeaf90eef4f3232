"""Who asks: a request's raw headers in, its session or API token out; refuses the unknown, and changes without the CSRF token.

A header `Authorization: Bearer dgt_…` speaks for itself: cookies are not looked at then, and no CSRF token is needed, because
no browser sends it by itself. An API token anywhere else, in a cookie or an address, is nobody's.
"""

from hmac import compare_digest

from starlette.types import Scope

from dougong.api.house import house_of
from dougong.api.view_as import viewing
from dougong.people.errors import CsrfRefused, NotSignedIn, SecondFactorRequired
from dougong.people.sessions import Caller, Session
from dougong.people.tokens import API_TOKEN
from dougong.permissions.errors import ViewingOnly

COOKIE = "dougong_session"
HOST_COOKIE = "__Host-dougong_session"
"""What the session's cookie is called where browsers come by https alone: no other host, not even one of the same domain, can set it."""

HALF_COOKIE = "dougong_half_session"
HALF_PATH = "/api/session"

_PREFIX = COOKIE.encode() + b"="
_HOST_PREFIX = HOST_COOKIE.encode() + b"="
_BEARER = b"bearer "
_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
_TO_ENROL = frozenset(("/api/session", "/api/account", "/api/account/second-factor"))
"""Where somebody may go who must set up a second factor first."""


async def signed_in(scope: Scope) -> Session:
    """Return the session of a request; raises NotSignedIn, and CsrfRefused when an unsafe method lacks the token.

    Raises AddressRefused where the user may not come from, SecondFactorRequired where they must set one up first. It costs no query
    while the session is kept in this process.
    """
    cookie = csrf_token = authorization = view_as = b""
    for name, value in scope["headers"]:
        if name == b"cookie":
            cookie = cookie + b";" + value if cookie else value
        elif name == b"x-csrf-token":
            csrf_token = value
        elif name == b"authorization":
            authorization = value
        elif name == b"x-view-as":
            view_as = value
    session = await _find(scope, cookie, authorization)
    if session is None:
        raise NotSignedIn
    if session.must_enrol and scope["path"] not in _TO_ENROL:
        raise SecondFactorRequired
    if b"view_as=" in scope["query_string"]:
        view_as = view_as or _viewed_by_address(scope)
    if view_as:
        return await viewing(scope, session, view_as, address_of(scope))
    if scope["method"] not in _SAFE_METHODS and not session.is_token and not compare_digest(csrf_token, session.csrf_token.encode()):
        raise CsrfRefused
    return session


def _viewed_by_address(scope: Scope) -> bytes:
    """Return as whom an address says that it is looked, and take that out of it: pictures and downloads carry no header of ours.

    From another site nobody is made to look as somebody: the browser says where a request comes from.
    """
    pairs = [pair.partition(b"=") for pair in scope["query_string"].split(b"&")]
    scope["query_string"] = b"&".join(b"".join(pair) for pair in pairs if pair[0] != b"view_as")
    is_from_elsewhere = any(name == b"sec-fetch-site" and value not in (b"same-origin", b"none") for name, value in scope["headers"])
    if is_from_elsewhere:
        raise ViewingOnly
    return next((value for name, _, value in pairs if name == b"view_as"), b"")


async def find_session(scope: Scope) -> Session | None:
    """Return the session of a request, None if it has none; the CSRF token does not matter here."""
    headers = scope["headers"]
    cookie = b";".join(value for name, value in headers if name == b"cookie")
    return await _find(scope, cookie, next((value for name, value in headers if name == b"authorization"), b""))


async def _find(scope: Scope, cookie: bytes, authorization: bytes) -> Session | None:
    is_bearer = authorization[: len(_BEARER)].lower() == _BEARER
    house = house_of(scope)
    token = authorization[len(_BEARER) :].strip() if is_bearer else session_token(cookie, secure=house.site.settings.secure_cookies)
    if not token or token.startswith(API_TOKEN) is not is_bearer:
        return None
    return await house.sessions.find(token, address_of(scope))


def address_of(scope: Scope) -> str:
    """Return the network address a request came from; what trusted proxies said of it is put there by the server."""
    client = scope.get("client")
    return client[0] if client else ""


def caller_of(scope: Scope) -> Caller:
    """Return where a request comes from."""
    agent = next((value for name, value in scope["headers"] if name == b"user-agent"), b"")
    return Caller(address_of(scope), agent.decode("utf-8", "replace"))


def session_token(cookie: bytes, *, secure: bool) -> bytes:
    """Return the session's token in a Cookie header, empty if there is none; secure: whether cookies go by https alone.

    >>> session_token(b"theme=dark; dougong_session=abc; x=1", secure=False)
    b'abc'
    >>> session_token(b"dougong_session=planted; __Host-dougong_session=abc", secure=True)
    b'abc'
    """
    return cookie_value(cookie, _HOST_PREFIX if secure else _PREFIX)


def cookie_value(cookie: bytes, prefix: bytes) -> bytes:
    """Return what follows a name and its equals sign in a Cookie header, empty if it is not there.

    >>> cookie_value(b"not_dougong_session=abc", b"dougong_session=")
    b''
    """
    if cookie.startswith(prefix):
        return cookie[len(prefix) :].partition(b";")[0].strip()
    for pair in cookie.split(b";"):
        pair = pair.strip()
        if pair.startswith(prefix):
            return pair[len(prefix) :]
    return b""


def half_session_token(scope: Scope) -> bytes:
    """Return the token of a half sign-in that a request carries, empty if there is none."""
    cookie = b";".join(value for name, value in scope["headers"] if name == b"cookie")
    return cookie_value(cookie, HALF_COOKIE.encode() + b"=")


def session_cookie(token: str, *, secure: bool, max_age_s: int) -> str:
    """Return the Set-Cookie header that gives a session to a browser; an age of 0 takes it away."""
    attributes = f"={token}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax"
    return f"{HOST_COOKIE}{attributes}; Secure" if secure else COOKIE + attributes


def half_session_cookie(token: str, *, secure: bool, max_age_s: int) -> str:
    """Return the Set-Cookie header that gives a half sign-in to a browser, for the endpoint of the second step alone."""
    attributes = f"{HALF_COOKIE}={token}; Path={HALF_PATH}; Max-Age={max_age_s}; HttpOnly; SameSite=Strict"
    return attributes + "; Secure" if secure else attributes
