"""Endpoints of shares: who a record is shared with, sharing it and taking that back; the request in, JSON out.

    GET    /api/apps/{app}/records/{entity}/{id}/shares            who it is shared with
    POST   /api/apps/{app}/records/{entity}/{id}/shares            share it
    DELETE /api/apps/{app}/records/{entity}/{id}/shares/{share}    take that back
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from dougong.api.answer import send_empty, send_json
from dougong.api.body import parse_json
from dougong.api.guard import address_of
from dougong.audit.record import From, Subject, record
from dougong.store.errors import RecordInvalid, RecordNotFound
from dougong.store.messages import MESSAGES
from dougong.store.shares import Share, add_share, read_shares, remove_share, see_sharable
from engines.values.issue import issue

if TYPE_CHECKING:
    from dougong.api.records import Call

Schema = dict[str, Any]


class ShareBody(BaseModel):
    """Whom a record is shared with: a user, a department or a role; whether they may change it, and until when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to_user: UUID | None = None
    to_department: UUID | None = None
    to_role: str | None = None
    may_update: bool = False
    expires_at: AwareDatetime | None = None


async def list_shares(call: "Call") -> None:
    """Answer with the shares of a record to whoever may share it."""
    model = await call.model()
    await see_sharable(call.site, model, call.actor, call.entity, call.record_id())
    await send_json(call.send, 200, orjson.dumps({"shares": await read_shares(call.site, model, call.actor, call.record_id())}))


async def share_record(call: "Call") -> None:
    """Share a record; once more with the same changes what they may do."""
    body = _read(await call.body())
    if body.expires_at is not None and body.expires_at <= datetime.now(UTC):
        raise RecordInvalid((issue(MESSAGES, "share-over", "/expires_at"),))
    model = await call.model()
    title = await see_sharable(call.site, model, call.actor, call.entity, call.record_id(), body.may_update)
    share = Share(body.to_user, body.to_department, body.to_role, body.may_update, body.expires_at)
    async with call.site.pool.acquire() as connection, connection.transaction():
        share_id = await add_share(connection, call.site, model, call.actor, call.entity, call.record_id(), share)
        to = str(body.to_user or body.to_department or body.to_role)
        await record(connection, "share", call.actor, _subject(call, title), {"to": to, "may_update": body.may_update}, From(address_of(call.scope)))
    shown = next(one for one in await read_shares(call.site, model, call.actor, call.record_id()) if one["id"] == str(share_id))
    await send_json(call.send, 201, orjson.dumps(shown))


async def take_back(call: "Call") -> None:
    """Take a share back."""
    model = await call.model()
    title = await see_sharable(call.site, model, call.actor, call.entity, call.record_id())
    try:
        share_id = UUID(call.part)
    except ValueError:
        raise RecordNotFound() from None
    async with call.site.pool.acquire() as connection, connection.transaction():
        if not await remove_share(connection, model, call.record_id(), share_id):
            raise RecordNotFound()
        await record(connection, "unshare", call.actor, _subject(call, title), {}, From(address_of(call.scope)))
    await send_empty(call.send)


def _subject(call: "Call", title: str) -> Subject:
    return Subject(call.app, call.entity, call.record_id(), title)


def _read(body: bytes) -> ShareBody:
    """Return what a body asks for; raises RequestValidationError with what is wrong with its shape, or NotJson."""
    sent = parse_json(body)
    try:
        return ShareBody.model_validate(sent)
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(found, body=sent) from error


def share_schema() -> Schema:
    """Return what a share looks like, sent and answered."""
    text: Schema = {"type": ["string", "null"]}
    ids = {key: {**text, "format": "uuid"} for key in ("to_user", "to_department")}
    return {"type": "object", "properties": {**ids, "to_role": text, "may_update": {"type": "boolean"}, "expires_at": {**text, "format": "date-time"}}}
