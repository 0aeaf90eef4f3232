"""Endpoints of one's own account: password, second factor, sessions and API tokens; an API token itself cannot call them."""

from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter

from dougong.api.account_shapes import (
    AccountAnswer,
    EnrolmentAnswer,
    OwnPasswordBody,
    ProofBody,
    RecoveryCodesAnswer,
    SessionsAnswer,
    TokenBody,
    TokenMadeAnswer,
    TokensAnswer,
    enrolment_answer,
    factor_answer,
    session_entry,
    token_entry,
)
from dougong.api.asked import AskedAddress, AskedHouse, AskedPerson
from dougong.api.session_routes import SITE_NAME, require_good_password
from dougong.api.shapes import CodeBody
from dougong.people.accounts import By, end_one_session, end_sessions, issue_token, take_token
from dougong.people.api_tokens import read_tokens
from dougong.people.credentials import read_password_hash
from dougong.people.own_account import (
    change_password,
    confirm_second_factor,
    give_up_second_factor,
    prove,
    renew_recovery_codes,
)
from dougong.people.persons import Person
from dougong.people.rules import read_rules
from dougong.people.second_factor import begin, read_second_factor
from dougong.people.session_list import read_sessions
from dougong.people.sessions import Session

routes = APIRouter()


@routes.get("/api/account", operation_id="read_account")
async def read(session: AskedPerson, house: AskedHouse) -> AccountAnswer:
    """Return how whoever is signed in signs in: whether by a password, and with which second factor."""
    pool, actor = house.site.pool, session.actor
    rules = await read_rules(pool)
    return AccountAnswer(
        has_password=await read_password_hash(pool, actor.id) is not None,
        second_factor=factor_answer(await read_second_factor(pool, actor.id)),
        second_factor_required=rules.needs_second_factor(_themselves(session)),
    )


@routes.put("/api/account/password", operation_id="change_password", status_code=204)
async def set_password(body: OwnPasswordBody, session: AskedPerson, house: AskedHouse, address: AskedAddress) -> None:
    """Change one's own password; the present one is asked for, and all other sessions of the user end."""
    await prove(house.site, house.passwords, session, body.current, address, "/current")
    await require_good_password(house, _themselves(session), body.password)
    await change_password(house.site, house.passwords, session, body.password, address)
    house.sessions.forget(f"user:{session.actor.id}")


@routes.post("/api/account/second-factor", operation_id="begin_second_factor")
async def begin_factor(body: ProofBody, session: AskedPerson, house: AskedHouse, address: AskedAddress) -> EnrolmentAnswer:
    """Begin to set up an authenticator: the password is asked for, the secret is shown once and holds nothing until a code confirms it."""
    await prove(house.site, house.passwords, session, body.password, address)
    return enrolment_answer(await begin(house.site, session.actor.id, session.email, SITE_NAME))


@routes.put("/api/account/second-factor", operation_id="confirm_second_factor")
async def confirm_factor(body: CodeBody, session: AskedPerson, house: AskedHouse, address: AskedAddress) -> RecoveryCodesAnswer:
    """Put the authenticator into use with a code it shows; returns the recovery codes, once. All other sessions of the user end."""
    codes = await confirm_second_factor(house.site, session, body.code, address, datetime.now(UTC))
    house.sessions.forget(f"user:{session.actor.id}")
    return RecoveryCodesAnswer(recovery_codes=codes)


@routes.post("/api/account/second-factor/removal", operation_id="remove_second_factor", status_code=204)
async def remove_factor(body: ProofBody, session: AskedPerson, house: AskedHouse, address: AskedAddress) -> None:
    """Give up one's second factor; the password is asked for. Where the site requires one, another must be set up before anything else."""
    await prove(house.site, house.passwords, session, body.password, address)
    await give_up_second_factor(house.site, session, address)
    house.sessions.forget(f"user:{session.actor.id}")


@routes.post("/api/account/second-factor/recovery-codes", operation_id="renew_recovery_codes")
async def renew_codes(body: ProofBody, session: AskedPerson, house: AskedHouse, address: AskedAddress) -> RecoveryCodesAnswer:
    """Return new recovery codes, once; those before end. The password is asked for."""
    await prove(house.site, house.passwords, session, body.password, address)
    return RecoveryCodesAnswer(recovery_codes=await renew_recovery_codes(house.site, session, address))


@routes.get("/api/account/sessions", operation_id="list_sessions")
async def sessions(session: AskedPerson, house: AskedHouse) -> SessionsAnswer:
    """Return one's own sessions."""
    known = await read_sessions(house.site.pool, session.actor.id)
    return SessionsAnswer(sessions=[session_entry(one, session.id) for one in known])


@routes.delete("/api/account/sessions", operation_id="end_other_sessions", status_code=204)
async def end_others(session: AskedPerson, house: AskedHouse, address: AskedAddress) -> None:
    """End all of one's sessions but the one that asks."""
    await end_sessions(house.site, By(session.actor, address), _themselves(session), session.token_hash)
    house.sessions.forget(f"user:{session.actor.id}")


@routes.delete("/api/account/sessions/{session_id}", operation_id="end_own_session", status_code=204)
async def end_one(session_id: UUID, session: AskedPerson, house: AskedHouse, address: AskedAddress) -> None:
    """End one of one's own sessions."""
    await end_one_session(house.site, By(session.actor, address), _themselves(session), session_id)
    house.sessions.forget(f"user:{session.actor.id}")


@routes.get("/api/account/tokens", operation_id="list_tokens")
async def tokens(session: AskedPerson, house: AskedHouse) -> TokensAnswer:
    """Return one's own API tokens."""
    return TokensAnswer(tokens=[token_entry(one) for one in await read_tokens(house.site.pool, session.actor.id)])


@routes.post("/api/account/tokens", operation_id="make_token", status_code=201)
async def make(body: TokenBody, session: AskedPerson, house: AskedHouse, address: AskedAddress) -> TokenMadeAnswer:
    """Make an API token of one's own: the password is asked for. It is shown this once, and can do what its user can, within its scopes."""
    await prove(house.site, house.passwords, session, body.password, address)
    made = await issue_token(house.site, By(session.actor, address), _themselves(session), body.name, body.scopes, body.days)
    return TokenMadeAnswer(id=made.id, token=made.token)


@routes.delete("/api/account/tokens/{token_id}", operation_id="revoke_own_token", status_code=204)
async def revoke(token_id: UUID, session: AskedPerson, house: AskedHouse, address: AskedAddress) -> None:
    """End one of one's own API tokens, in every process."""
    await take_token(house.site, By(session.actor, address), _themselves(session), token_id)
    house.sessions.forget(f"user:{session.actor.id}")


def _themselves(session: Session) -> Person:
    return Person(session.actor, session.email)
