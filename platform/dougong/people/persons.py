"""Who somebody is: records of the organization in, `Person` and `Actor` out; the inactive and the trashed are nobody.

Roles come of the user's record, their positions and groups; what a role may do beyond records (`install`, `design`, `publish`) says the active model of
its app. Everything is read with the system actor through the store's one read path.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import orjson

from dougong.model.app_model import ORGANIZATION
from dougong.people.errors import UserNotFound
from dougong.people.roles import read_roles
from dougong.permissions.actor import SYSTEM, Actor
from dougong.sites import AppBroken, AppNotFound, Site
from dougong.store.errors import RecordNotFound
from dougong.store.page_request import PageRequest
from dougong.store.read import read_page, read_record

# Choice keys cannot hold a hyphen, so the language of a user is kept as a key.
LANGUAGES: Mapping[str, str] = {"zh_cn": "zh-CN", "en": "en"}

SERVICE = "service"
"""The kind of users that are programs."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user who may act: the actor of their requests, and the e-mail they are known by.

    is_service: a program's account, which has tokens and never signs in. until: when their last day is over, at the site.
    """

    actor: Actor
    email: str
    is_service: bool = False
    until: datetime | None = None


async def read_person(site: Site, user_id: UUID) -> Person | None:
    """Return the user with this id, None if there is none or they may not sign in."""
    organization = await site.app(ORGANIZATION)
    try:
        user = orjson.loads(await read_record(site, organization, SYSTEM, "user", user_id))
    except RecordNotFound:
        return None
    until = _end_of(site, user.get("left_on"))
    if user["active"] is not True or (until is not None and until <= datetime.now(site.zone)):
        return None
    roles = frozenset([given.key for given in await read_roles(site.pool, organization, user_id)])
    language = LANGUAGES.get(user["language"], "en")
    return Person(Actor(user_id, user["name"], language, roles, await _may(site, roles)), user["email"], user.get("kind") == SERVICE, until)


async def find_person(site: Site, email: str) -> Person | None:
    """Return the user with this e-mail, None if there is none or they may not sign in; case does not count."""
    user_id = await find_user(site, email)
    return await read_person(site, user_id) if user_id else None


def is_administrator(actor: Actor) -> bool:
    """Say whether an actor looks after the site: its people and how they sign in."""
    return actor.may_do("install", ORGANIZATION)


async def acting(site: Site, email: str) -> Actor:
    """Return the actor a command acts as: the user with this e-mail, or the first administrator; raises UserNotFound."""
    person = await find_person(site, email or site.settings.admin_email)
    if person is None:
        raise UserNotFound(email=email or site.settings.admin_email)
    return person.actor


async def find_user(site: Site, email: str) -> UUID | None:
    """Return the id of the user with this e-mail, whether they may sign in or not; case does not count."""
    wanted = email.strip().lower()
    return await find_record(site, "user", "email", wanted) if wanted else None


async def find_role(site: Site, key: str) -> UUID | None:
    """Return the id of the role with this full key, None if there is none."""
    return await find_record(site, "role", "key", key) if key else None


async def read_actor(site: Site, user_id: UUID) -> Actor | None:
    """Return the actor a user is, None if there is no such user or they may not sign in."""
    person = await read_person(site, user_id)
    return person.actor if person else None


async def read_name(site: Site, user_id: UUID) -> str:
    """Return how a user is called, also one who may not sign in any more; empty where no record says it."""
    if user_id == SYSTEM.id:
        return SYSTEM.name
    try:
        user = orjson.loads(await read_record(site, await site.app(ORGANIZATION), SYSTEM, "user", user_id))
    except RecordNotFound:
        return ""
    return str(user["name"])


async def find_record(site: Site, entity: str, field: str, text: str) -> UUID | None:
    """Return the id of the organization's record whose text field has this value, None if there is none.

    The value is a parameter of one statement, so guessed e-mails fill no cache of statements.
    """
    organization = await site.app(ORGANIZATION)
    request = PageRequest(
        sort=field, fields=(field,), limit=1, position="from", cursor=orjson.dumps([text]).decode()
    )
    page: dict[str, Any] = orjson.loads(await read_page(site, organization, SYSTEM, entity, request))
    return next((UUID(record["id"]) for record in page["records"] if record[field] == text), None)


async def read_user_ids(site: Site) -> list[UUID]:
    """Return the ids of all users, the inactive too, but for those in the trash."""
    organization = await site.app(ORGANIZATION)
    ids: list[UUID] = []
    request = PageRequest(sort="id", fields=("id",), limit=200)
    while True:
        page = orjson.loads(await read_page(site, organization, SYSTEM, "user", request))
        ids += [UUID(record["id"]) for record in page["records"]]
        if page["next"] is None:
            return ids
        request = replace(request, position="after", cursor=orjson.dumps(page["next"]).decode())


def _end_of(site: Site, left_on: str | None) -> datetime | None:
    """Return when somebody's last day is over, at the site."""
    return None if left_on is None else datetime.combine(date.fromisoformat(left_on) + timedelta(days=1), time(), site.zone)


async def _may(site: Site, roles: frozenset[str]) -> frozenset[str]:
    """Return the acts of full role keys: `<app>.<act>`, and `*.<act>` for roles of the organization."""
    acts: set[str] = set()
    for full_key in roles:
        app, _, key = full_key.partition(".")
        try:
            role = (await site.app(app)).roles.get(key)
        except (AppNotFound, AppBroken):
            continue  # whoever has a role of an app that cannot run can still sign in and mend it
        if role is not None:
            acts |= {f"{'*' if app == ORGANIZATION else app}.{act}" for act in role.may}
    return frozenset(acts)
