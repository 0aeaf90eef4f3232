"""Who asks: a request's raw headers in, its session out; refuses the unknown, and changes without the CSRF token."""

from hmac import compare_digest

from starlette.types import Scope

from dougong.api.house import house_of
from dougong.people.errors import CsrfRefused, NotSignedIn
from dougong.people.sessions import Session

COOKIE = "dougong_session"

_PREFIX = COOKIE.encode() + b"="
_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))


async def signed_in(scope: Scope) -> Session:
    """Return the session of a request; raises NotSignedIn, and CsrfRefused when an unsafe method lacks the token.

    It costs no query while the session is kept in this process.
    """
    cookie = csrf_token = b""
    for name, value in scope["headers"]:
        if name == b"cookie":
            cookie = cookie + b";" + value if cookie else value
        elif name == b"x-csrf-token":
            csrf_token = value
    session = await find_session(scope, cookie)
    if session is None:
        raise NotSignedIn
    if scope["method"] not in _SAFE_METHODS and not compare_digest(csrf_token, session.csrf_token.encode()):
        raise CsrfRefused
    return session


async def find_session(scope: Scope, cookie: bytes | None = None) -> Session | None:
    """Return the session of a request, None if it has none; the CSRF token does not matter here."""
    if cookie is None:
        cookie = b";".join(value for name, value in scope["headers"] if name == b"cookie")
    token = session_token(cookie)
    return await house_of(scope).sessions.find(token) if token else None


def session_token(cookie: bytes) -> bytes:
    """Return the session's token in a Cookie header, empty if there is none.

    >>> session_token(b"theme=dark; dougong_session=abc; x=1")
    b'abc'
    >>> session_token(b"not_dougong_session=abc")
    b''
    """
    if cookie.startswith(_PREFIX):
        return cookie[len(_PREFIX) :].partition(b";")[0].strip()
    for pair in cookie.split(b";"):
        pair = pair.strip()
        if pair.startswith(_PREFIX):
            return pair[len(_PREFIX) :]
    return b""


def session_cookie(token: str, *, secure: bool, max_age_s: int) -> str:
    """Return the Set-Cookie header that gives a session to a browser; an age of 0 takes it away."""
    attributes = f"{COOKIE}={token}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax"
    return attributes + "; Secure" if secure else attributes
