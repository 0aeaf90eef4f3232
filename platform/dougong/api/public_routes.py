"""Endpoints for visitors of public links, who have no account: open one, look for what a reference may point to, send a form.

The token comes in a header, never in an address, and is all that speaks for a visitor: cookies are not looked at, so that no other site can
make a browser send anything here. Whoever is signed in is nobody else here.
"""

from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid5

import orjson
from fastapi import APIRouter, Header, Query, Response
from starlette.requests import Request

from dougong.api.asked import AskedAddress, AskedHouse
from dougong.api.model_view import offered_by, screen_model
from dougong.api.public_link_shapes import OpenedAnswer, OpenPublicLinkBody, SentAnswer
from dougong.api.record_query import read_confirmation, read_key
from dougong.api.records import Call
from dougong.api.sensitive import note_records
from dougong.audit.record import From, Subject, record
from dougong.people.link_errors import PublicLinkLocked, PublicLinkUnknown
from dougong.people.link_gate import QUESTIONS, SENDINGS, enter, require_pass, unlock
from dougong.people.link_rights import Visitor, visitor_of
from dougong.people.public_links import count_use, require_open
from dougong.permissions.access import seen_by
from dougong.sites import Site
from dougong.store.page_request import PageRequest
from dougong.store.read import read_page, read_record
from dougong.work.perform import perform
from dougong.work.request import Create
from dougong.work.request import Request as Wanted

routes = APIRouter()

OFFERED = 20
_VALUES = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}
LinkToken = Annotated[str, Header(alias="X-Link-Token", description="What stands behind the # of the link's address.", max_length=200)]
LinkPass = Annotated[str, Header(alias="X-Link-Pass", description="What opening answered, where the link has a password.", max_length=200)]


@routes.post("/api/public/open", operation_id="open_public_link")
async def open_public_link(body: OpenPublicLinkBody, house: AskedHouse, address: AskedAddress, request: Request, token: LinkToken = "") -> OpenedAnswer:
    """Open a public link: return the form, and of a link that reads a record that record, which counts as one use."""
    site = house.site
    link = await enter(site.pool, token.encode(), address, QUESTIONS)
    require_open(link)
    visitor = await visitor_of(site, link)
    try:
        given = await unlock(site.pool, house.passwords, link, body.password, address)
    except PublicLinkLocked:
        if body.password is not None:
            subject = Subject(link.app, link.entity, link.record_id, link.name)
            await record(site.pool, "refuse-public-link", None, subject, {"link": str(link.id)}, From(address))
        raise
    found = await _record(visitor, site, request) if link.kind == "read" else None
    model = screen_model(site, visitor.model, visitor.actor, link.entity, visitor.form, link.kind == "fill")
    return OpenedAnswer(kind=link.kind, entity=link.entity, form=link.form, model=model, record=found, pass_=given)


@routes.get("/api/public/records/{entity}", operation_id="look_up_by_public_link", response_model=dict[str, Any])
async def look_up(
    entity: str, house: AskedHouse, address: AskedAddress, token: LinkToken = "", given: LinkPass = "",
    search: Annotated[str, Query(max_length=200)] = "",
    filter: Annotated[str, Query(max_length=4000, description="As the field has it.")] = "",  # noqa: A002 – as in lists
) -> Response:  # fmt: skip
    """Return what the records are called that a reference of the form may point to, where whoever made the link lets visitors choose."""
    visitor = await _visitor(house.site, token, given, address, QUESTIONS)
    require_open(visitor.link)
    if visitor.link.kind != "fill":
        raise PublicLinkUnknown
    model, actor = seen_by(house.site, visitor.model, visitor.actor), visitor.actor
    own = model.entities[visitor.link.entity]
    rows = {path: (own if "." not in path else model.entities[f"{own.key}.{path.partition('.')[0]}"]).fields.get(path.rpartition(".")[2]) for path in visitor.link.lookups}
    offered = {one for path, field in rows.items() if path in visitor.paths and field is not None for one in offered_by(model, field)}
    if (entity, filter) not in offered:
        raise PublicLinkUnknown
    title = model.entity(entity).title
    asked = PageRequest(filter=filter, search=search, sort=title or "", fields=(title,) if title else ("id",), limit=OFFERED)
    return Response(await read_page(house.site, visitor.model, actor, entity, asked), media_type="application/json")


@routes.post("/api/public/records", operation_id="send_by_public_link", status_code=201, openapi_extra=_VALUES)
async def send(house: AskedHouse, address: AskedAddress, request: Request, token: LinkToken = "", given: LinkPass = "") -> SentAnswer:
    """Send a form that was filled in by a public link: one record is made, and nothing of it answered."""
    visitor = await _visitor(house.site, token, given, address, SENDINGS)
    link, headers = visitor.link, request.scope["headers"]
    if link.kind != "fill":
        raise PublicLinkUnknown
    key = read_key(headers)
    # A key of a visitor means nothing beside those of other requests of whoever made the link.
    own_key = None if key is None else str(uuid5(NAMESPACE_URL, f"{link.id} {key}"))
    change = Create(link.entity, await request.body())
    await perform(house.site, Wanted(link.app, visitor.actor, (change,), "link", own_key, is_confirmed=read_confirmation(headers), link=link.id))
    return SentAnswer(can_again=link.most_uses is None or link.uses + 1 < link.most_uses)


async def _visitor(site: Site, token: str, given: str, address: str, limits: tuple[int, int]) -> Visitor:
    """Return who comes by a link that can be used; one that is used up is told when it is counted, so that a repeat finds what it came to."""
    link = await enter(site.pool, token.encode(), address, limits)
    require_pass(link, given)
    return await visitor_of(site, link)


async def _record(visitor: Visitor, site: Site, request: Request) -> dict[str, Any]:
    """Return the record of a link that reads one, with what its form shows; counted before it is answered, and in the audit log where it is sensitive."""
    link, actor = visitor.link, visitor.actor
    assert link.record_id is not None
    found = orjson.loads(await read_record(site, visitor.model, actor, link.entity, link.record_id))
    shown = _shown(visitor, found, "")
    await count_use(site.pool, link.id)
    call = Call(site, actor, link.app, link.entity, str(link.record_id), "", request.scope, request.receive, request._send)
    await note_records(call, "link", orjson.dumps(shown))
    return shown


def _shown(visitor: Visitor, record: dict[str, Any], lines: str) -> dict[str, Any]:
    """Return a record or a row with what is shown of it, and what belongs to that: titles of references, why a value failed."""
    found: dict[str, Any] = {}
    for key, value in record.items():
        path = f"{lines}{key.partition('__')[0]}"
        if key in ("id", "revision"):
            found[key] = value
        elif path in visitor.paths:
            is_rows = isinstance(value, list) and any(one.startswith(f"{path}.") for one in visitor.paths)
            found[key] = [_shown(visitor, row, f"{path}.") for row in value] if is_rows else value
    return found
