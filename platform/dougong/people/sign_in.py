"""Sign-in with e-mail and password: counts the attempt, checks the password, starts a session; tells guessers nothing."""

import structlog

from dougong.people.attempts import count_attempt, forgive_attempt
from dougong.people.credentials import read_password_hash, write_password_hash
from dougong.people.errors import SignInFailed
from dougong.people.links import SignIn
from dougong.people.passwords import Passwords, is_outdated
from dougong.people.persons import find_user, read_person
from dougong.people.sessions import start_session
from dougong.permissions.actor import SYSTEM
from dougong.sites import Site


async def sign_in(site: Site, passwords: Passwords, email: str, password: str, address: str) -> SignIn:
    """Return the person and the token of their new session; raises SignInFailed or TooManyAttempts.

    An unknown e-mail and a user without a password take the same queries and the same hashing as a wrong password, and
    whether a user is active is asked after the password only, so that neither time nor answer tells who exists.
    """
    await count_attempt(site.pool, email, address)
    user_id = await find_user(site, email)
    password_hash = await read_password_hash(site.pool, user_id or SYSTEM.id)
    fits = await passwords.fits(password_hash, password)
    person = await read_person(site, user_id) if fits and user_id else None
    if person is None or password_hash is None:
        structlog.get_logger("dougong.people").info("sign_in.refused", address=address)
        raise SignInFailed
    if is_outdated(password_hash):
        await write_password_hash(site.pool, person.actor.id, await passwords.hash(password))
    await forgive_attempt(site.pool, email, address)
    return SignIn(person, await start_session(site.pool, person.actor.id))
