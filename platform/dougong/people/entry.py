"""The way in: a person whose identity some method has proven in, a session out, or where a second factor is missing half a sign-in.

Every method ends here: password, one-time link and whoever else vouches for people. A half sign-in is a token of its own
that can do nothing but bring the code, within minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from dougong.audit.record import From, Subject, record
from dougong.people.attempts import count_attempt, forgive_attempt
from dougong.people.credentials import Connection
from dougong.people.errors import AddressRefused, CodeRefused
from dougong.people.networks import is_within
from dougong.people.persons import Person, read_person
from dougong.people.rules import VOUCHED, read_rules
from dougong.people.second_factor import accepts, read_second_factor
from dougong.people.sessions import Caller, idle_of, start_session
from dougong.people.tokens import digest, new_token
from dougong.sites import Site

HALF_VALID = timedelta(minutes=5)
LONGEST_EMAIL = 254

@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that has just happened: who it is, and the session's token for the cookie."""

    person: Person
    token: str


@dataclass(frozen=True, slots=True)
class HalfSignIn:
    """A first step that has just succeeded: who it is, and the token that allows the second."""

    person: Person
    token: str


async def require_address(pool: asyncpg.Pool, person: Person, address: str) -> None:
    """Raise AddressRefused where a person may not come from an address."""
    rules = await read_rules(pool)
    if not is_within(address, rules.lists_for(person.actor)):
        raise AddressRefused


async def enter(site: Site, person: Person, caller: Caller, method: str) -> SignIn | HalfSignIn:
    """Sign in a person whose identity a method has proven; raises AddressRefused where they may not come from.

    method: `password`, `link`, `ldap`, `oidc`, or `oidc-two-step` where the provider has seen to a second factor; it is kept with the session and shown in lists.
    """
    await require_address(site.pool, person, caller.address)
    if method not in VOUCHED and await read_second_factor(site.pool, person.actor.id) is not None:
        token = new_token()
        await site.pool.execute(
            "INSERT INTO dougong.sign_in_challenge (token_hash, user_id, method, expires_at) VALUES ($1, $2, $3, now() + $4::interval)",
            digest(token.encode()), person.actor.id, method, HALF_VALID,
        )  # fmt: skip
        return HalfSignIn(person, token)
    async with site.pool.acquire() as connection, connection.transaction():
        return await _start(site, connection, person, caller, method)


async def finish(site: Site, token: str, code: str, caller: Caller, now: datetime) -> SignIn:
    """Finish a half sign-in with a code of the authenticator or a recovery code; raises CodeRefused, TooManyAttempts or AddressRefused.

    Attempts are counted for the user, however many half sign-ins somebody makes who knows the password.
    """
    token_hash = digest(token.encode())
    row = await site.pool.fetchrow(
        "SELECT user_id, method FROM dougong.sign_in_challenge WHERE token_hash = $1 AND expires_at > now()", token_hash
    )
    if row is None:
        raise CodeRefused
    user_id, guessed = row["user_id"], f"code of {row['user_id']}"
    await count_attempt(site.pool, guessed, caller.address)
    person = await read_person(site, user_id)
    if person is None or not await accepts(site, user_id, code, now):
        await note_refusal(site.pool, person.email if person else str(user_id), "code", caller)
        raise CodeRefused
    await require_address(site.pool, person, caller.address)
    await forgive_attempt(site.pool, guessed, caller.address)
    async with site.pool.acquire() as connection, connection.transaction():
        if await connection.fetchval("DELETE FROM dougong.sign_in_challenge WHERE token_hash = $1 RETURNING user_id", token_hash) is None:
            raise CodeRefused  # another request with the same token was quicker
        return await _start(site, connection, person, caller, row["method"])


async def note_refusal(pool: asyncpg.Pool, email: str, reason: str, caller: Caller) -> None:
    """Note in the audit log that somebody could not sign in, and for administrators why."""
    await record(pool, "sign-in-refused", None, Subject(text=email[:LONGEST_EMAIL]), {"reason": reason}, From(caller.address))


async def _start(site: Site, connection: Connection, person: Person, caller: Caller, method: str) -> SignIn:
    token = await start_session(connection, person.actor.id, caller, method, idle_of(site.settings))
    await record(connection, "sign-in", person.actor, Subject(text=person.email), {"method": method}, From(caller.address))
    return SignIn(person, token)
