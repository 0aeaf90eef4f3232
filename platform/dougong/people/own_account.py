"""What people change of how they themselves sign in: password, second factor; who they are is proven again each time.

Somebody who has no password, as those for whom a provider vouches, must have signed in within the last minutes instead.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dougong.audit.record import From, Subject, record
from dougong.errors import RequestInvalid
from dougong.people.attempts import count_attempt, forgive_attempt
from dougong.people.credentials import is_vouched_for, read_password_hash, write_password_hash
from dougong.people.errors import PasswordElsewhere, SecondFactorMissing, SignInAgainFirst
from dougong.people.messages import MESSAGES
from dougong.people.notices import notify
from dougong.people.passwords import Passwords
from dougong.people.second_factor import confirm, make_recovery_codes, read_second_factor, remove_second_factor
from dougong.people.sessions import Session, end_sessions_of
from dougong.sites import Site
from engines.values.issue import issue

FRESH = timedelta(minutes=10)


async def prove(site: Site, passwords: Passwords, session: Session, password: str, address: str, pointer: str = "/password") -> None:
    """See that it is really the session's user who asks: their password, counted as an attempt, or a sign-in of the last minutes.

    Raises RequestInvalid with an issue at `pointer`, SignInAgainFirst or TooManyAttempts.
    """
    user_id = session.actor.id
    password_hash = await read_password_hash(site.pool, user_id)
    if password_hash is None:
        query = "SELECT created_at > now() - $2::interval FROM dougong.session WHERE token_hash = $1"
        if not await site.pool.fetchval(query, session.token_hash, FRESH):
            raise SignInAgainFirst
        return
    guessed = f"password of {user_id}"
    await count_attempt(site.pool, guessed, address)
    if not await passwords.fits(password_hash, password):
        raise RequestInvalid((issue(MESSAGES, "access-password-wrong", pointer, None),))
    await forgive_attempt(site.pool, guessed, address)


async def change_password(site: Site, passwords: Passwords, session: Session, password: str, address: str) -> None:
    """Set the user's password, in whose transaction all their other sessions and their one-time links end.

    Raises PasswordElsewhere for a first one of somebody for whom a provider vouches: who leaves there must not have a password here.
    """
    if await is_vouched_for(site.pool, session.actor.id):
        raise PasswordElsewhere
    password_hash = await passwords.hash(password)
    async with site.pool.acquire() as connection, connection.transaction():
        await write_password_hash(connection, session.actor.id, password_hash)
        await connection.execute("UPDATE dougong.sign_in_link SET used_at = now() WHERE user_id = $1 AND used_at IS NULL", session.actor.id)
        await notify(connection, site.settings, "password-changed", session.actor.id, session.actor.id)
        await end_sessions_of(connection, session.actor.id, session.token_hash)
        await record(connection, "change-password", session.actor, Subject(text=session.email), origin=From(address))


async def confirm_second_factor(site: Site, session: Session, code: str, address: str, now: datetime) -> list[str]:
    """Put the authenticator into use that shows this code and return recovery codes; the user's other sessions end.

    Raises RequestInvalid with an issue at `/code`, SecondFactorMissing or TooManyAttempts.
    """
    guessed = f"code of {session.actor.id}"
    await count_attempt(site.pool, guessed, address)
    async with site.pool.acquire() as connection, connection.transaction():
        codes = await confirm(connection, site, session.actor.id, code, now)
        if codes is None:
            raise RequestInvalid((issue(MESSAGES, "access-code-wrong", "/code", None),))
        await notify(connection, site.settings, "second-factor-changed", session.actor.id, session.actor.id)
        await end_sessions_of(connection, session.actor.id, session.token_hash)
        await record(connection, "set-up-second-factor", session.actor, Subject(text=session.email), origin=From(address))
    await forgive_attempt(site.pool, guessed, address)
    return codes


async def give_up_second_factor(site: Site, session: Session, address: str) -> None:
    """Take the user's own second factor away; raises SecondFactorMissing."""
    async with site.pool.acquire() as connection, connection.transaction():
        await remove_second_factor(connection, session.actor.id)
        await notify(connection, site.settings, "second-factor-changed", session.actor.id, session.actor.id)
        await end_sessions_of(connection, session.actor.id, session.token_hash)
        await record(connection, "remove-second-factor", session.actor, Subject(text=session.email), origin=From(address))


async def renew_recovery_codes(site: Site, session: Session, address: str) -> list[str]:
    """Return new recovery codes of the user, those before end; raises SecondFactorMissing."""
    async with site.pool.acquire() as connection, connection.transaction():
        if await read_second_factor(connection, session.actor.id) is None:
            raise SecondFactorMissing
        await notify(connection, site.settings, "second-factor-changed", session.actor.id, session.actor.id)
        await record(connection, "renew-recovery-codes", session.actor, Subject(text=session.email), origin=From(address))
        return await make_recovery_codes(connection, session.actor.id)
