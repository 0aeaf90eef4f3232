"""Endpoints about people beside their records: which roles somebody has and why, and handing over their work."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from dougong.api.asked import AskedHouse, AskedLanguage, AskedSession
from dougong.api.messages import MESSAGES
from dougong.api.problem import problem_items
from dougong.api.sensitive import Reader, note_titles
from dougong.api.shapes import Label, ProblemItem, label
from dougong.audit.record import From, Subject, record
from dougong.errors import RequestInvalid
from dougong.model.app_model import ORGANIZATION
from dougong.people.persons import is_administrator, read_name, read_person
from dougong.people.roles import read_roles
from dougong.permissions.actor import Actor
from dougong.permissions.errors import ActDenied
from dougong.sites import Site
from dougong.store.errors import RecordNotFound
from dougong.work.hand_over import Place, Wanted, hand_over, preview_hand_over, read_places
from engines.values.issue import issue

routes = APIRouter()


class RoleGivenEntry(BaseModel):
    """A role somebody has. source: user, position or group; name: of the record that gives it."""

    key: str
    name: str
    source: str
    source_id: UUID
    source_name: str


class RolesGivenAnswer(BaseModel):
    """Every way in which a user has a role."""

    roles: list[RoleGivenEntry]


class HandOverAsked(BaseModel):
    """Which of somebody's records. open_only: of entities with states those that can still move. filters: conditions by `app.entity`, besides."""

    model_config = ConfigDict(extra="forbid")
    open_only: bool = True
    filters: dict[str, Annotated[str, Field(max_length=4000)]] = {}


class HandOverBody(HandOverAsked):
    """To whom, and at which places of the preview."""

    to: UUID
    places: Annotated[list[Annotated[str, Field(max_length=200)]], Field(min_length=1, max_length=2000)]


class HandOverPlace(BaseModel):
    """A field that points to the user. count: records that do, null where they are not yours to see or change. has_states: it may be finished."""

    key: str
    app: str
    app_name: Label
    entity: str
    entity_name: Label
    field: str
    field_name: Label
    kind: str
    has_states: bool
    count: int | None


class HandOverPreview(BaseModel):
    """Where records of all apps point to a user."""

    places: list[HandOverPlace]


class HandOverLeft(BaseModel):
    """A record that stays as it is, and why."""

    id: UUID
    title: str
    errors: list[ProblemItem]


class HandedEntity(BaseModel):
    """What became of the records of an entity; its change set can be undone. left: the first of those that stay."""

    app: str
    entity: str
    entity_name: Label
    changed: int
    change_set: UUID | None
    left_count: int
    left: list[HandOverLeft]


class HandOverAnswer(BaseModel):
    """What was handed over."""

    entities: list[HandedEntity]


@routes.get("/api/people/{user}/roles", operation_id="read_user_roles")
async def roles(user: UUID, session: AskedSession, house: AskedHouse) -> RolesGivenAnswer:
    """Return every way in which a user has a role: their own record, positions, groups. For administrators and the user."""
    await _see_that_they_may(house.site, session.actor, user)
    found = await read_roles(house.site.pool, await house.site.app(ORGANIZATION), user)
    return RolesGivenAnswer(
        roles=[RoleGivenEntry(key=one.key, name=one.role_name, source=one.source, source_id=one.source_id, source_name=one.name) for one in found]
    )


@routes.post("/api/people/{user}/hand-over/preview", operation_id="preview_hand_over")
async def preview(user: UUID, body: HandOverAsked, session: AskedSession, house: AskedHouse) -> HandOverPreview:
    """Return where records of all apps point to a user, with how many would be handed over; nothing is written."""
    await _see_that_they_may(house.site, session.actor, user)
    found = await preview_hand_over(house.site, session.actor, Wanted(user, body.open_only, body.filters))
    return HandOverPreview(places=[await _place(house.site, one.place, one.count) for one in found])


@routes.post("/api/people/{user}/hand-over", operation_id="hand_over")
async def carry_out(
    user: UUID, body: HandOverBody, session: AskedSession, house: AskedHouse, language: AskedLanguage, request: Request
) -> HandOverAnswer:
    """Let records at the places point to another user, each entity in a change set of its own; what cannot be changed is told with the reason."""
    site, actor = house.site, session.actor
    await _see_that_they_may(site, actor, user)
    to = await read_person(site, body.to)
    if to is None or body.to == user:
        raise RequestInvalid((issue(MESSAGES, "request-hand-over-to", "/to"),))
    known = {place.key: place for place in await read_places(site)}
    unknown = [issue(MESSAGES, "request-value-unknown", f"/places/{at}", None, name=key) for at, key in enumerate(body.places) if key not in known]
    if unknown:
        raise RequestInvalid(tuple(unknown))
    origin = From(request.client.host if request.client else "")
    details = {"to": to.actor.name, "to_id": str(body.to), "places": body.places, "open_only": body.open_only}
    await record(site.pool, "hand-over", actor, Subject(ORGANIZATION, "user", user, await read_name(site, user)), details, origin)
    handed = await hand_over(site, actor, Wanted(user, body.open_only, body.filters), body.to, [known[key] for key in dict.fromkeys(body.places)])
    if any(one.app == ORGANIZATION for one in handed):
        house.sessions.forget("all")
    for one in handed:
        address = request.client.host if request.client else ""
        await note_titles(Reader(site, actor, one.app, one.entity, address), "hand-over", [str(left.id) for left in one.left])
    return HandOverAnswer(
        entities=[
            HandedEntity(
                app=one.app, entity=one.entity, entity_name=label((await site.app(one.app)).entities[one.entity].name), changed=one.changed,
                change_set=one.change_set, left_count=one.left_count,
                left=[HandOverLeft(id=left.id, title=left.title, errors=[ProblemItem(**item) for item in problem_items(left.issues, language)]) for left in one.left],
            )
            for one in handed
        ]
    )  # fmt: skip


async def _place(site: Site, place: Place, count: int | None) -> HandOverPlace:
    model = await site.app(place.app)
    entity = model.entities[place.entity]
    owner = model.entities[f"{place.entity}.{place.rows}"] if place.rows else entity
    return HandOverPlace(
        key=place.key, app=place.app, app_name=label(model.definition.name), entity=place.entity, entity_name=label(entity.name),
        field=place.field, field_name=label(owner.fields[place.field].name), kind=place.kind, has_states=entity.states is not None, count=count,
    )  # fmt: skip


async def _see_that_they_may(site: Site, actor: Actor, user: UUID) -> None:
    """Raise ActDenied for whoever is neither an administrator nor the user, and RecordNotFound where nobody has the id."""
    if not is_administrator(actor) and actor.id != user:
        raise ActDenied
    if not await read_name(site, user):
        raise RecordNotFound
