"""Endpoints of sign-in: session and one-time links; what they do is in `people`, here are cookies and answers."""

from dataclasses import replace

from fastapi import APIRouter, Response
from starlette.requests import Request

from dougong.api.asked import AskedHouse, AskedSession
from dougong.api.guard import find_session, session_cookie
from dougong.api.house import House
from dougong.api.messages import MESSAGES
from dougong.api.shapes import Act, LanguageBody, LinkAnswer, PasswordBody, SessionAnswer, SessionUser, SignInBody
from dougong.errors import RequestInvalid
from dougong.model.app_model import ORGANIZATION
from dougong.people.errors import NotSignedIn
from dougong.people.links import SignIn, read_link, use_link
from dougong.people.passwords import MINIMUM_LENGTH
from dougong.people.persons import LANGUAGES
from dougong.people.sessions import LIFETIME, Session, end_session
from dougong.people.sign_in import sign_in
from dougong.work.perform import perform
from dougong.work.request import Request as WorkRequest
from dougong.work.request import Update
from engines.values.issue import issue

routes = APIRouter()

_ACTS: tuple[Act, ...] = ("install", "design", "publish")


@routes.post("/api/session", operation_id="sign_in")
async def start(body: SignInBody, house: AskedHouse, request: Request, response: Response) -> SessionAnswer:
    """Sign in with e-mail and password; the answer sets the session's cookie."""
    address = request.client.host if request.client else ""
    entered = await sign_in(house.site, house.passwords, body.email, body.password, address)
    return await _enter(house, entered, request, response)


@routes.get("/api/session", operation_id="read_session")
async def read(session: AskedSession, house: AskedHouse) -> SessionAnswer:
    """Return who is signed in."""
    return _answer(house, session)


@routes.patch("/api/session", operation_id="change_session")
async def change(body: LanguageBody, session: AskedSession, house: AskedHouse, request: Request) -> SessionAnswer:
    """Set the language of the signed-in user, in their own record."""
    key = next(key for key, language in LANGUAGES.items() if language == body.language)
    update = Update("user", session.actor.id, {"language": key})
    themselves = replace(session.actor, is_system=True)  # their own profile, whatever their roles allow
    await perform(house.site, WorkRequest(ORGANIZATION, themselves, (update,), "profile"))
    house.sessions.forget(f"user:{session.actor.id}")
    changed = await find_session(request.scope)
    if changed is None:
        raise NotSignedIn
    return _answer(house, changed)


@routes.delete("/api/session", operation_id="sign_out", status_code=204)
async def end(session: AskedSession, house: AskedHouse, response: Response) -> None:
    """Sign out; the session is over in every process and the cookie is taken back."""
    await end_session(house.site.pool, session.token_hash)
    house.sessions.forget(f"session:{session.token_hash.hex()}")
    secure = house.site.settings.secure_cookies
    response.headers["Set-Cookie"] = session_cookie("", secure=secure, max_age_s=0)


@routes.get("/api/links/{token}", operation_id="read_link")
async def show_link(token: str, house: AskedHouse) -> LinkAnswer:
    """Return whose one-time link it is; it stays usable."""
    person = await read_link(house.site, token)
    return LinkAnswer(name=person.actor.name, email=person.email)


@routes.post("/api/links/{token}", operation_id="use_link")
async def follow_link(
    token: str, body: PasswordBody, house: AskedHouse, request: Request, response: Response
) -> SessionAnswer:
    """Set the password of the link's user and sign them in; the link is used up, other sessions of the user end."""
    await read_link(house.site, token)
    if len(body.password) < MINIMUM_LENGTH:
        raise RequestInvalid((issue(MESSAGES, "access-password-too-short", "/password", None, limit=MINIMUM_LENGTH),))
    entered = await use_link(house.site, token, await house.passwords.hash(body.password))
    house.sessions.forget(f"user:{entered.person.actor.id}")
    return await _enter(house, entered, request, response)


async def _enter(house: House, entered: SignIn, request: Request, response: Response) -> SessionAnswer:
    """Give the browser its new session; the one it had before ends."""
    former = await find_session(request.scope)
    if former is not None:
        await end_session(house.site.pool, former.token_hash)
        house.sessions.forget(f"session:{former.token_hash.hex()}")
    session = await house.sessions.find(entered.token.encode())
    if session is None:
        raise NotSignedIn
    secure, age = house.site.settings.secure_cookies, int(LIFETIME.total_seconds())
    response.headers["Set-Cookie"] = session_cookie(entered.token, secure=secure, max_age_s=age)
    return _answer(house, session)


def _answer(house: House, session: Session) -> SessionAnswer:
    actor = session.actor
    user = SessionUser(
        id=actor.id,
        name=actor.name,
        email=session.email,
        language="zh-CN" if actor.language == "zh-CN" else "en",
        roles=sorted(actor.roles),
    )
    may = [act for act in _ACTS if f"*.{act}" in actor.may]
    return SessionAnswer(user=user, may=may, csrf_token=session.csrf_token, time_zone=str(house.site.zone))
