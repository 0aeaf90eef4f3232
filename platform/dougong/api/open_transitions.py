"""Many records in, of each transition of their states how many of them could take it now out: what may be offered for all of them."""

from collections import Counter
from typing import Annotated, Any
from uuid import UUID

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dougong.api.body import parse_json
from dougong.api.bulk_body import matching_ids
from dougong.api.messages import MESSAGES
from dougong.errors import RequestInvalid
from dougong.model.app_model import AppModel
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.read import readable_entity
from dougong.store.transitions import read_transitions
from dougong.work.perform_bulk import MOST_CHANGES
from engines.entity.entity import Entity
from engines.values.issue import issue

Schema = dict[str, Any]


class OpenBody(BaseModel):
    """Records by their ids, or those a filter and words to search for match."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ids: Annotated[frozenset[UUID], Field(max_length=MOST_CHANGES)] | None = None
    filter: str | None = None
    search: str = ""


def read_open(body: bytes) -> OpenBody:
    """Return which records a body names; raises RequestValidationError or RequestInvalid with what is wrong with it, or NotJson."""
    sent = parse_json(body)
    try:
        given = OpenBody.model_validate(sent)
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(found, body=sent) from error
    if (given.ids is None) == (given.filter is None and not given.search):
        raise RequestInvalid((issue(MESSAGES, "request-records-form", "/ids"),))
    return given


async def open_transitions(site: Site, model: AppModel, actor: Actor, entity_key: str, given: OpenBody) -> dict[str, Any]:
    """Return how many `records` there are, and of each of the `transitions` its `key` and for how many it is `open`."""
    entity = readable_entity(site, model, actor, entity_key).seen
    ids = given.ids
    if ids is None:
        ids = frozenset(await matching_ids(site, model, actor, entity_key, given.filter or "", given.search))
    if entity.states is None:
        return {"records": len(ids), "transitions": []}
    found = await read_transitions(site, model, actor, entity, sorted(ids))
    counts = Counter(key for keys in found.values() for key in keys)
    return {"records": len(ids), "transitions": [{"key": key, "open": counts[key]} for key in entity.states.transitions]}


def open_schema() -> Schema:
    """Return what is sent to be told which transitions are open."""
    ids = {"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": MOST_CHANGES}
    properties = {"ids": ids, "filter": {"type": "string", "description": "In the place of `ids`: an expression."}, "search": {"type": "string"}}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def open_answer(entity: Entity) -> Schema:
    """Return what is answered to that."""
    keys = list(entity.states.transitions) if entity.states is not None else []
    each = {"type": "object", "properties": {"key": {"enum": keys}, "open": {"type": "integer"}}}
    return {"type": "object", "properties": {"records": {"type": "integer"}, "transitions": {"type": "array", "items": each}}}
