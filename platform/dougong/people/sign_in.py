"""Sign-in with e-mail and password: counts the attempt, checks the password, starts a session; tells guessers nothing."""

from collections.abc import Awaitable, Callable

import structlog

from dougong.errors import PlatformError
from dougong.people.attempts import count_attempt, forgive_attempt
from dougong.people.credentials import read_password_hash, write_password_hash
from dougong.people.entry import HalfSignIn, SignIn, enter, note_refusal
from dougong.people.errors import AddressRefused, SignInFailed, TooManyAttempts
from dougong.people.networks import is_within
from dougong.people.passwords import Passwords, is_outdated
from dougong.people.persons import Person, find_user, read_person
from dougong.people.rules import read_rules
from dougong.people.sessions import Caller
from dougong.permissions.actor import SYSTEM
from dougong.sites import Site

Elsewhere = Callable[[str, str, Caller], Awaitable[SignIn | HalfSignIn | None]]
"""Lets in whoever has proven themselves to a directory with what they typed; None where none knows them."""


async def sign_in(
    site: Site, passwords: Passwords, email: str, password: str, caller: Caller, elsewhere: Elsewhere | None = None
) -> SignIn | HalfSignIn:
    """Return the person and the token of their new session, or of their half sign-in where a second factor is still to be shown.

    Raises SignInFailed, TooManyAttempts, and AddressRefused where nobody may come from. An unknown e-mail and a user without a
    password take the same queries and the same hashing as a wrong password, and whether a user is active, a program or must not
    come from this address is asked after the password only and answered alike, so that neither time nor answer tells who exists.
    elsewhere: asked when the password is none of ours.
    """
    rules = await read_rules(site.pool)
    if not rules.lets_anybody(caller.address):
        raise AddressRefused
    await count_attempt(site.pool, email, caller.address)
    user_id = await find_user(site, email)
    password_hash = await read_password_hash(site.pool, user_id or SYSTEM.id)
    fits = await passwords.fits(password_hash, password)
    person = await read_person(site, user_id) if fits and user_id else None
    reason = _reason(person, fits, person is not None and is_within(caller.address, rules.lists_for(person.actor)))
    try:
        entered = await elsewhere(email, password, caller) if elsewhere is not None and not fits else None
    except TooManyAttempts:
        raise  # not in the audit log: nobody is to fill it by asking
    except PlatformError as refused:
        await note_refusal(site.pool, email if user_id else "", refused.code, caller)
        raise
    if entered is not None:
        await forgive_attempt(site.pool, email, caller.address)
        return entered
    if person is None or password_hash is None or reason:
        structlog.get_logger("dougong.people").info("sign_in.refused", address=caller.address)
        await note_refusal(site.pool, email if user_id else "", reason, caller)
        raise SignInFailed
    if is_outdated(password_hash):
        await write_password_hash(site.pool, person.actor.id, await passwords.hash(password))
    await forgive_attempt(site.pool, email, caller.address)
    return await enter(site, person, caller, "password")


def _reason(person: Person | None, fits: bool, is_from_there: bool) -> str:
    """Return why a sign-in is refused, for the audit log alone; empty where it is not."""
    if person is None:
        return "inactive" if fits else "password"
    return "service" if person.is_service else "" if is_from_there else "address"
