"""People for whom a provider vouches: issuer, subject and e-mail in, the user they are out, or the new user they may become; else a refusal.

Whom a provider means is told by issuer and subject alone once they have been here. Before, an e-mail joins them to a user who is there
already only where the administrators trust the provider's e-mails, for whoever gives out an e-mail can be anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dougong.audit.record import From, Subject, record
from dougong.model.app_model import ORGANIZATION
from dougong.people.credentials import Connection
from dougong.people.persons import Person, find_record, find_user, read_person
from dougong.people.provider_errors import (
    OutsideEmailTaken,
    OutsideEmailUnverified,
    OutsidePersonInactive,
    OutsidePersonUnknown,
)
from dougong.people.providers import Provider
from dougong.sites import Site

_KEEP = """
INSERT INTO dougong.outside_identity (issuer, subject, user_id, provider) VALUES ($1, $2, $3, $4)
ON CONFLICT (issuer, subject) DO NOTHING RETURNING user_id
"""


@dataclass(frozen=True, slots=True)
class Vouched:
    """Somebody a provider vouches for.

    subject: never given to anybody else by this issuer. roles: those its groups give, of `managed`, which are all that groups can give.
    has_second_factor: whether they have shown one there that counts here.
    """

    provider: Provider
    issuer: str
    subject: str
    email: str
    is_verified: bool
    name: str
    language: str
    has_second_factor: bool = False
    roles: frozenset[str] = frozenset()
    managed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody who may become a user: the full keys of the roles they begin with."""

    email: str
    name: str
    language: str
    roles: frozenset[str]


async def recognise(site: Site, vouched: Vouched, origin: From) -> Person | NewUser:
    """Return the user whom a provider vouches for, or what they may become.

    Raises OutsidePersonInactive, OutsideEmailTaken, OutsideEmailUnverified or OutsidePersonUnknown.
    """
    query = "UPDATE dougong.outside_identity SET used_at = now() WHERE issuer = $1 AND subject = $2 RETURNING user_id"
    user_id = await site.pool.fetchval(query, vouched.issuer, vouched.subject)
    if user_id is not None:
        return await _active(site, user_id)
    options = vouched.provider.options
    user_id = await find_user(site, vouched.email)
    if user_id is not None:
        if options.links == "none" or (options.links == "verified" and not vouched.is_verified):
            raise OutsideEmailTaken(email=vouched.email)
        person = await _active(site, user_id)
        async with site.pool.acquire() as connection, connection.transaction():
            await join(connection, vouched, person, origin)
        return person
    if not options.creates or not vouched.email:
        raise OutsidePersonUnknown(email=vouched.email or vouched.name)
    if not vouched.is_verified and options.links != "all":
        raise OutsideEmailUnverified(email=vouched.email)
    if options.domains and vouched.email.rpartition("@")[2].lower() not in options.domains:
        raise OutsidePersonUnknown(email=vouched.email)
    name = vouched.name.strip()[:100] or vouched.email.partition("@")[0][:100]
    return NewUser(vouched.email.strip().lower(), name, vouched.language, frozenset(options.roles) | vouched.roles)


async def join(connection: Connection, vouched: Vouched, person: Person, origin: From) -> None:
    """Keep that this user is whom the provider means; what was kept before stays."""
    await connection.fetchval(_KEEP, vouched.issuer, vouched.subject, person.actor.id, vouched.provider.key)
    about = Subject(ORGANIZATION, "user", person.actor.id, person.email)
    await record(connection, "join-provider", person.actor, about, {"provider": vouched.provider.key, "issuer": vouched.issuer}, origin)


async def role_ids(site: Site, roles: frozenset[str]) -> list[UUID]:
    """Return the ids of roles by their full keys; a key nobody has published is left out."""
    found = [await find_record(site, "role", "key", role) for role in sorted(roles)]
    return [role for role in found if role is not None]


async def _active(site: Site, user_id: UUID) -> Person:
    person = await read_person(site, user_id)
    if person is None or person.is_service:
        raise OutsidePersonInactive
    return person
