"""Endpoints of public links for those who make and look after them; what visitors do with them is in `public_routes`."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from dougong.api.asked import AskedAddress, AskedHouse, AskedPerson, known_app
from dougong.api.public_link_shapes import (
    ChangePublicLinkBody,
    MadePublicLinkAnswer,
    MakePublicLinkBody,
    PublicLinkEntry,
    PublicLinksAnswer,
)
from dougong.api.shapes import label
from dougong.audit.record import From, Subject, record
from dougong.errors import PlatformError, RequestInvalid
from dougong.people.link_errors import PublicLinkOver, PublicLinkPaused, PublicLinkUnknown, PublicLinkUsedUp
from dougong.people.link_rights import called, looks_after, published_by, require_sound, see_opens, visitor_of
from dougong.people.messages import MESSAGES
from dougong.people.persons import is_administrator, read_name
from dougong.people.public_links import (
    Opens,
    PublicLink,
    change_link,
    hold_link,
    list_links,
    make_link,
    public_link_url,
    read_link_by_id,
    require_open,
    revoke_link,
)
from dougong.permissions.actor import Actor
from dougong.settings import public_url
from dougong.sites import Site
from engines.values.issue import issue

routes = APIRouter()

_STATES: dict[type[PlatformError], str] = {PublicLinkPaused: "paused", PublicLinkOver: "over", PublicLinkUsedUp: "used-up", PublicLinkUnknown: "stopped"}


@routes.get("/api/public-links", operation_id="list_public_links")
async def list_public_links(
    session: AskedPerson, house: AskedHouse,
    app: Annotated[str | None, Query(description="Only those of this app.")] = None,
    entity: Annotated[str | None, Query(description="Only those of this entity.")] = None,
    record: Annotated[UUID | None, Query(description="Only those that open this record.")] = None,
) -> PublicLinksAnswer:  # fmt: skip
    """Return the public links one made, those of apps one may publish, and for administrators all."""
    site, actor = house.site, session.actor
    found = await list_links(site.pool, actor.id, is_administrator(actor), await published_by(site, actor), app, entity, record)
    return PublicLinksAnswer(links=[await _entry(site, one) for one in found])


@routes.post("/api/public-links", operation_id="make_public_link", status_code=201)
async def make_public_link(body: MakePublicLinkBody, session: AskedPerson, house: AskedHouse, address: AskedAddress) -> MadePublicLinkAnswer:
    """Make a public link: of a record one may share, or of a form of an app one may publish. Its address is told this once."""
    site, actor = house.site, session.actor
    model = await known_app(site, actor, body.app)
    _require_ahead(body.expires_at)
    opens = Opens(body.kind, model.app, body.entity, body.record, body.form, tuple(dict.fromkeys(body.lookups)))
    if (body.kind == "read") != (body.record is not None):
        raise RequestInvalid((issue(MESSAGES, "access-public-link-record", "/record"),))
    title = await see_opens(site, model, actor, opens)
    require_sound(site, model, actor, opens)
    password_hash = None if body.password is None else await house.passwords.hash(body.password)
    async with site.pool.acquire() as connection, connection.transaction():
        link, token = await make_link(connection, actor.id, opens, body.name, password_hash, body.expires_at, body.most_uses)
        details = {"kind": link.kind, "link": str(link.id), "form": link.form, "title": title, "has_password": password_hash is not None}
        await record(connection, "make-public-link", actor, _subject(link), details, From(address))
    return MadePublicLinkAnswer(link=await _entry(site, link), url=public_link_url(public_url(site.settings), token))


@routes.patch("/api/public-links/{link_id}", operation_id="change_public_link")
async def change_public_link(
    link_id: UUID, body: ChangePublicLinkBody, session: AskedPerson, house: AskedHouse, address: AskedAddress
) -> PublicLinkEntry:
    """Change the name, the password, the end or the limit of a public link, pause it, or let it go on."""
    site, actor = house.site, session.actor
    sent = body.model_fields_set
    if "expires_at" in sent:
        _require_ahead(body.expires_at)
    await _looked_after(site, actor, link_id)
    changes: dict[str, Any] = {key: getattr(body, key) for key in sent & {"expires_at", "most_uses"}}
    changes |= {key: value for key in ("name", "is_paused") if (value := getattr(body, key)) is not None}
    if "password" in sent:
        changes["password_hash"] = None if body.password is None else await house.passwords.hash(body.password)
    async with site.pool.acquire() as connection, connection.transaction():
        # Read again and held: while the password was hashed, somebody else may have paused it.
        link = await change_link(connection, replace(await hold_link(connection, link_id), **changes))
        details = {"what": ", ".join(sorted(sent)), "link": str(link.id)}
        await record(connection, "change-public-link", actor, _subject(link), details, From(address))
    return await _entry(site, link)


@routes.delete("/api/public-links/{link_id}", operation_id="revoke_public_link", status_code=204)
async def revoke_public_link(link_id: UUID, session: AskedPerson, house: AskedHouse, address: AskedAddress) -> None:
    """Take a public link back for good."""
    link = await _looked_after(house.site, session.actor, link_id)
    async with house.site.pool.acquire() as connection, connection.transaction():
        await revoke_link(connection, link.id)
        await record(connection, "revoke-public-link", session.actor, _subject(link), {"link": str(link.id)}, From(address))


async def _looked_after(site: Site, actor: Actor, link_id: UUID) -> PublicLink:
    link = await read_link_by_id(site.pool, link_id)
    if not looks_after(actor, link):
        raise PublicLinkUnknown
    return link


def _require_ahead(until: datetime | None) -> None:
    if until is not None and until <= datetime.now(UTC):
        raise RequestInvalid((issue(MESSAGES, "access-public-link-ends", "/expires_at"),))


def _subject(link: PublicLink) -> Subject:
    return Subject(link.app, link.entity, link.record_id, link.name)


async def _state(site: Site, link: PublicLink) -> str:
    """Return whether a link can be used now, or why not; `stopped` where its maker may not do any more what it opens."""
    try:
        require_open(link)
        await visitor_of(site, link)
    except PlatformError as stopped:
        return _STATES[type(stopped)]
    return "open"


async def _entry(site: Site, link: PublicLink) -> PublicLinkEntry:
    name = await called(site, link.app, link.entity)
    return PublicLinkEntry(
        id=link.id, kind=link.kind, app=link.app, app_name=label(name[0]), entity=link.entity, entity_name=label(name[1]), record=link.record_id, form=link.form,
        lookups=list(link.lookups), name=link.name, has_password=link.password_hash is not None, expires_at=link.expires_at, most_uses=link.most_uses,
        uses=link.uses, used_at=link.used_at, is_paused=link.is_paused, state=await _state(site, link),  # type: ignore[arg-type]
        created_at=link.created_at, created_by=link.created_by, created_by_name=await read_name(site, link.created_by),
    )  # fmt: skip
