"""Invitations: users who have no way in yet, and a link for each: by mail, or handed to the administrator who asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import asyncpg

from dougong.audit.record import From, Subject, record
from dougong.errors import RequestInvalid
from dougong.mail.errors import MailNotSetUp
from dougong.mail.post import post
from dougong.mail.smtp import is_set_up
from dougong.model.app_model import ORGANIZATION
from dougong.people.links import Purpose, create_link, link_url
from dougong.people.messages import MESSAGES
from dougong.people.persons import Person, read_person
from dougong.permissions.actor import Actor
from dougong.settings import public_url
from dougong.sites import Site
from engines.values.issue import issue

MOST_AT_ONCE = 500
MOST_SHOWN = 1000
By = Literal["mail", "link"]

_WAITING = """
SELECT u.id, u.name, u.email, link.invited_at, coalesce(mail.state, '') AS mail_state, coalesce(mail.reason, '') AS reason
FROM "app_organization"."user" AS u
LEFT JOIN LATERAL (
    SELECT max(created_at) AS invited_at FROM dougong.sign_in_link WHERE user_id = u.id AND used_at IS NULL AND expires_at > now()) AS link ON true
LEFT JOIN LATERAL (
    SELECT state, reason FROM dougong.mail WHERE user_id = u.id AND kind = 'invitation' ORDER BY created_at DESC LIMIT 1) AS mail ON true
WHERE u.deleted_at IS NULL AND u.active AND NOT EXISTS (SELECT FROM dougong.credential WHERE user_id = u.id)
AND NOT EXISTS (SELECT FROM dougong.outside_identity WHERE user_id = u.id)
AND to_jsonb(u) ->> 'kind' IS DISTINCT FROM 'service'
ORDER BY u.name, u.id LIMIT $1
"""


@dataclass(frozen=True, slots=True)
class Invitee:
    """A user with no way in. invited_at: of the latest link that can still be used. mail_state: of the latest invitation by mail, empty if none."""

    id: UUID
    name: str
    email: str
    invited_at: datetime | None
    mail_state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Invited:
    """A user who was invited; link: to be handed to them, empty where it goes by mail."""

    person: Person
    link: str


async def read_invitees(pool: asyncpg.Pool) -> list[Invitee]:
    """Return the active people who have no way in, neither a password nor a provider that knows them, by name, the first thousand."""
    return [Invitee(**row) for row in await pool.fetch(_WAITING, MOST_SHOWN)]


async def invite(site: Site, actor: Actor, user_ids: Sequence[UUID], by: By, origin: From) -> list[Invited]:
    """Invite users, all or nobody: who has a password already gets a link to set a new one.

    Raises MailNotSetUp, or RequestInvalid with an issue for each who does not exist or may not sign in.
    """
    if by == "mail" and not is_set_up(site.settings):
        raise MailNotSetUp
    found = [(place, user_id, await read_person(site, user_id)) for place, user_id in enumerate(dict.fromkeys(user_ids))]
    unknown = [issue(MESSAGES, "access-invitee-unknown", f"/users/{place}", None, id=user_id) for place, user_id, person in found if person is None or person.is_service]
    if unknown:
        raise RequestInvalid(tuple(unknown))
    persons = [person for *_, person in found if person is not None]
    invited: list[Invited] = []
    async with site.pool.acquire() as connection, connection.transaction():
        ids = [person.actor.id for person in persons]
        rows = await connection.fetch("SELECT user_id FROM dougong.credential WHERE user_id = ANY($1)", ids)
        known = {row["user_id"] for row in rows}
        for person in persons:
            purpose: Purpose = "reset" if person.actor.id in known else "invitation"
            link = ""
            if by == "mail":
                await post(connection, purpose, person.actor.id, actor.id, **({"inviter": actor.name} if purpose == "invitation" else {}))
            else:
                link = link_url(public_url(site.settings), await create_link(connection, person.actor.id, purpose))
            invited.append(Invited(person, link))
            await record(connection, "invite", actor, Subject(ORGANIZATION, "user", person.actor.id, person.email), {"by": by}, origin)
    return invited
