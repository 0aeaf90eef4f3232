"""Endpoints of sign-in: session and second step; what they do is in `people`, here are cookies and answers."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Response
from starlette.requests import Request

from dougong.api.asked import AskedAddress, AskedHouse, AskedPerson, AskedSession
from dougong.api.guard import (
    caller_of,
    find_session,
    half_session_cookie,
    half_session_token,
    session_cookie,
    session_token,
)
from dougong.api.house import House
from dougong.api.outside_entry import enter_by_directory
from dougong.api.shapes import (
    Act,
    CodeBody,
    LanguageBody,
    SecondStepAnswer,
    SessionAnswer,
    SessionUser,
    SignInBody,
)
from dougong.audit.record import From, Subject, record
from dougong.errors import RequestInvalid
from dougong.model.app_model import ORGANIZATION
from dougong.people.entry import HALF_VALID, HalfSignIn, SignIn, finish
from dougong.people.errors import NotSignedIn
from dougong.people.password_policy import password_issues
from dougong.people.persons import LANGUAGES, Person
from dougong.people.sessions import Session, end_session, lifetime_of
from dougong.people.sign_in import sign_in
from dougong.people.tokens import digest
from dougong.work.perform import perform
from dougong.work.request import Request as WorkRequest
from dougong.work.request import Update

routes = APIRouter()

SITE_NAME = "Dougong"

_ACTS: tuple[Act, ...] = ("install", "design", "publish", "audit")
STEPS: dict[int | str, dict[str, Any]] = {202: {"model": SecondStepAnswer, "description": "A code is needed: send it to /api/session/code"}}


@routes.post("/api/session", operation_id="sign_in", responses=STEPS)
async def start(body: SignInBody, house: AskedHouse, request: Request, response: Response) -> SessionAnswer | SecondStepAnswer:
    """Sign in with e-mail and password; the answer sets the session's cookie, or (202) that of a half sign-in which needs a code."""
    entered = await sign_in(house.site, house.passwords, body.email, body.password, caller_of(request.scope), partial(enter_by_directory, house))
    return await let_in(house, entered, request, response)


@routes.post("/api/session/code", operation_id="show_code")
async def second_step(body: CodeBody, house: AskedHouse, request: Request, response: Response) -> SessionAnswer:
    """Finish a sign-in with the six digits of the authenticator or a recovery code; the answer sets the session's cookie."""
    token = half_session_token(request.scope).decode("latin-1")
    entered = await finish(house.site, token, body.code, caller_of(request.scope), datetime.now(UTC))
    response.headers.append("Set-Cookie", half_session_cookie("", secure=house.site.settings.secure_cookies, max_age_s=0))
    return await _begin(house, entered, request, response)


@routes.get("/api/session", operation_id="read_session")
async def read(session: AskedSession, house: AskedHouse) -> SessionAnswer:
    """Return who is signed in."""
    return _answer(house, session)


@routes.patch("/api/session", operation_id="change_session")
async def change(body: LanguageBody, session: AskedPerson, house: AskedHouse, request: Request) -> SessionAnswer:
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
async def end(session: AskedPerson, house: AskedHouse, address: AskedAddress, response: Response) -> None:
    """Sign out; the session is over in every process and the cookie is taken back."""
    async with house.site.pool.acquire() as connection, connection.transaction():
        await end_session(connection, session.token_hash)
        await record(connection, "sign-out", session.actor, Subject(text=session.email), origin=From(address))
    house.sessions.forget(f"session:{session.token_hash.hex()}")
    secure = house.site.settings.secure_cookies
    response.headers["Set-Cookie"] = session_cookie("", secure=secure, max_age_s=0)


async def require_good_password(house: House, person: Person, password: str) -> None:
    """Raise RequestInvalid, with issues at `/password`, where a person must not have a password."""
    own = (person.actor.name, person.email, SITE_NAME, house.site.settings.public_url or "")
    issues = await asyncio.to_thread(password_issues, password, "/password", own)
    if issues:
        raise RequestInvalid(issues)


async def let_in(house: House, entered: SignIn | HalfSignIn, request: Request, response: Response) -> SessionAnswer | SecondStepAnswer:
    """Give the browser its new session, or what it needs for the second step."""
    if isinstance(entered, SignIn):
        return await _begin(house, entered, request, response)
    secure, age = house.site.settings.secure_cookies, int(HALF_VALID.total_seconds())
    response.headers["Set-Cookie"] = half_session_cookie(entered.token, secure=secure, max_age_s=age)
    response.status_code = 202
    return SecondStepAnswer(needs="code", seconds=age)


async def _begin(house: House, entered: SignIn, request: Request, response: Response) -> SessionAnswer:
    """Give the browser its new session; the one it had before ends."""
    secure, age = house.site.settings.secure_cookies, int(lifetime_of(house.site.settings).total_seconds())
    former = session_token(b";".join(value for name, value in request.scope["headers"] if name == b"cookie"), secure=secure)
    if former:
        await end_session(house.site.pool, digest(former))
        house.sessions.forget(f"session:{digest(former).hex()}")
    session = await house.sessions.find(entered.token.encode(), caller_of(request.scope).address)
    if session is None:
        raise NotSignedIn
    response.headers.append("Set-Cookie", session_cookie(entered.token, secure=secure, max_age_s=age))
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
    return SessionAnswer(
        user=user, may=may, csrf_token=session.csrf_token, time_zone=str(house.site.zone), must_enrol=session.must_enrol
    )
