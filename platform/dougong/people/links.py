"""One-time links: lets somebody set their password and sign in once, without having one; only the digest is kept."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Literal
from uuid import UUID

import asyncpg

from dougong.audit.record import From, Subject, record
from dougong.model.app_model import ORGANIZATION
from dougong.people.credentials import Connection, write_password_hash
from dougong.people.errors import LinkInvalid
from dougong.people.notices import notify
from dougong.people.persons import Person, read_person
from dougong.people.sessions import end_sessions_of
from dougong.people.tokens import digest, new_token
from dougong.sites import Reader, Site

Purpose = Literal["invitation", "reset"]
VALID: Mapping[str, timedelta] = {"invitation": timedelta(days=7), "reset": timedelta(minutes=30)}
"""How long a link can be used, by its purpose."""

_MAKE = """
WITH ended AS (UPDATE dougong.sign_in_link SET used_at = now() WHERE user_id = $2 AND purpose = $3 AND used_at IS NULL)
INSERT INTO dougong.sign_in_link (token_hash, user_id, purpose, expires_at) VALUES ($1, $2, $3, now() + $4::interval)
"""
_USE = """
UPDATE dougong.sign_in_link SET used_at = now()
WHERE token_hash = $1 AND used_at IS NULL AND expires_at > now() RETURNING user_id, purpose
"""


async def create_link(connection: Connection | asyncpg.Pool, user_id: UUID, purpose: str = "invitation") -> str:
    """Make a link for a user and return its token; it can be used once, as long as `VALID` says for its purpose, and those before it no more."""
    token = new_token()
    await connection.execute(_MAKE, digest(token.encode()), user_id, purpose, VALID[purpose])
    return token


async def end_links(executor: Reader, users: Sequence[UUID]) -> None:
    """End all links of users that have not been used: whoever had them mailed may be somebody else."""
    await executor.fetch("UPDATE dougong.sign_in_link SET used_at = now() WHERE user_id = ANY($1::uuid[]) AND used_at IS NULL", list(users))


async def read_link(site: Site, token: str) -> Person:
    """Return whose link this is; raises LinkInvalid if it cannot be used (any more)."""
    user_id = await site.pool.fetchval(
        "SELECT user_id FROM dougong.sign_in_link WHERE token_hash = $1 AND used_at IS NULL AND expires_at > now()",
        digest(token.encode()),
    )
    person = await read_person(site, user_id) if user_id else None
    if person is None or person.is_service:
        raise LinkInvalid
    return person


async def use_link(site: Site, token: str, password_hash: str, origin: From) -> Person:
    """Set the user's password, end their sessions and other links, and return who may now be let in; raises LinkInvalid.

    Of two requests with the same link one succeeds: the link is marked as used in the same transaction.
    """
    person = await read_link(site, token)
    async with site.pool.acquire() as connection, connection.transaction():
        used = await connection.fetchrow(_USE, digest(token.encode()))
        if used is None:
            raise LinkInvalid
        user_id = used["user_id"]
        await write_password_hash(connection, user_id, password_hash)
        await end_links(connection, [user_id])
        await end_sessions_of(connection, user_id)
        about = Subject(ORGANIZATION, "user", user_id, person.email)
        await record(connection, "use-link", person.actor, about, {"purpose": used["purpose"]}, origin)
        if used["purpose"] == "reset":
            await notify(connection, site.settings, "password-changed", user_id, user_id)
    return person


def link_url(public_url: str, token: str) -> str:
    """Return the address a person opens; the token is its fragment, which no browser sends, so that it is in no log and no Referer.

    >>> link_url("https://erp.example.com", "abc")
    'https://erp.example.com/link#abc'
    """
    return f"{public_url}/link#{token}"
