"""The bodies of requests for many changes and of upserts in, the changes they ask for out; what is wrong with them is told by pointer."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, InstanceOf, TypeAdapter, ValidationError

from dougong.api.body import parse_json
from dougong.api.messages import MESSAGES
from dougong.errors import RequestInvalid
from dougong.model.app_model import AppModel
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.errors import TooManyRecords
from dougong.store.page_request import PageRequest
from dougong.store.read import read_page
from dougong.work.perform_bulk import MOST_CHANGES, Mode
from dougong.work.request import Change, Create, Delete, Move, Restore, Update, Upsert
from engines.values.issue import issue

BULK_LIMIT_BYTES = 20_000_000
"""How large the body of a request for many changes may be."""

Action = Literal["create", "update", "upsert", "delete", "restore", "move"]
Text = Annotated[str, Field(min_length=1, max_length=10_000)]
Values = InstanceOf[dict[str, Any]]
"""The values of a record as they came: the write path looks into them, so that here they are not walked through and copied."""
Keys = Annotated[tuple[str, ...], Field(min_length=1, max_length=20)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UpsertBody(_Body):
    """One upsert: the values of the record, the fields that tell it apart, and those that tell its rows apart."""

    values: dict[str, Any]
    by: Keys
    lines_by: dict[str, Keys] = {}


class BulkChange(_Body):
    """One change of many."""

    action: Action
    id: UUID | None = None
    revision: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    values: Values | None = None
    by: Keys | None = None
    lines_by: dict[str, Keys] | None = None
    transition: str | None = None
    formulas: dict[str, Text] | None = None


class BulkBody(_Body):
    """Many changes, or one action for all records a filter and words to search for match."""

    mode: Mode = "all"
    answer: Annotated[Literal["ids", "records"], Field(alias="return")] = "ids"
    changes: Annotated[list[BulkChange], Field(max_length=MOST_CHANGES)] | None = None
    filter: str | None = None
    search: str = ""
    action: Literal["update", "delete", "move"] | None = None
    transition: str | None = None
    values: dict[str, Any] = {}
    formulas: dict[str, Text] = {}


class Asked(_Body):
    """A request for many changes of the records of one entity."""

    entity: str
    body: BulkBody

    @property
    def mode(self) -> Mode:
        """Whether all are saved or none, or each that can be."""
        return self.body.mode

    @property
    def is_by_filter(self) -> bool:
        """Whether the records are those a filter matches."""
        return self.body.changes is None


Body = TypeVar("Body")
_BULK = TypeAdapter(BulkBody)
_UPSERT = TypeAdapter(UpsertBody)


def read_bulk(entity: str, body: bytes) -> Asked:
    """Return what a body asks for; raises RequestInvalid with an issue for everything wrong with its shape."""
    asked = Asked(entity=entity, body=_read(_BULK, body))
    given = asked.body
    by_filter = given.filter is not None or given.action is not None or bool(given.search) or bool(given.values) or given.transition is not None
    if asked.is_by_filter == (given.action is None) or (given.changes is not None and by_filter):
        raise RequestInvalid((issue(MESSAGES, "request-bulk-form", "/changes"),))
    lacking = [
        issue(MESSAGES, "request-value-missing", f"/changes/{number}/{name}", None, name=name)
        for number, change in enumerate(given.changes or ())
        for name in _NEEDED[change.action]
        if getattr(change, name) is None
    ]
    if given.action == "move" and given.transition is None:
        lacking.append(issue(MESSAGES, "request-value-missing", "/transition", None, name="transition"))
    if lacking:
        raise RequestInvalid(tuple(lacking))
    return asked


def read_upsert(entity: str, body: bytes) -> Upsert:
    """Return the upsert a body asks for; raises RequestInvalid."""
    given = _read(_UPSERT, body)
    return Upsert(entity, given.by, given.values, given.lines_by)


async def changes_of_bulk(site: Site, model: AppModel, actor: Actor, asked: Asked) -> tuple[Change, ...]:
    """Return the changes; raises TooManyRecords where a filter matches more than one request may change."""
    if asked.body.changes is not None:
        return tuple(_CHANGES[change.action](asked.entity, change) for change in asked.body.changes)
    ids = await matching_ids(site, model, actor, asked.entity, asked.body.filter or "", asked.body.search)
    assert asked.body.action is not None
    return tuple(_BY_FILTER[asked.body.action](asked, record_id) for record_id in ids)


async def matching_ids(site: Site, model: AppModel, actor: Actor, entity: str, filter_: str, search: str) -> list[UUID]:
    """Return the records that a filter and words match; raises TooManyRecords."""
    page = PageRequest(filter=filter_, search=search, sort="id", fields=("id",), limit=MOST_CHANGES + 1)
    ids = [UUID(row["id"]) for row in orjson.loads(await read_page(site, model, actor, entity, page))["records"]]
    if len(ids) > MOST_CHANGES:
        counted = PageRequest(filter=filter_, search=search, fields=("id",), limit=1, total="exact")
        count = orjson.loads(await read_page(site, model, actor, entity, counted))["total"]
        raise TooManyRecords(count=count, limit=MOST_CHANGES)
    return ids


_NEEDED: Mapping[Action, tuple[str, ...]] = {
    "create": (), "update": ("id",), "upsert": ("by",), "delete": ("id",), "restore": ("id",), "move": ("id", "transition"),
}  # fmt: skip
"""What a change of an action must say."""

_CHANGES: Mapping[Action, Callable[[str, Any], Change]] = {
    "create": lambda entity, given: Create(entity, given.values or {}, given.id),
    "update": lambda entity, given: Update(entity, given.id, given.values or {}, given.revision, given.formulas or {}),
    "upsert": lambda entity, given: Upsert(entity, given.by, given.values or {}, given.lines_by or {}, given.id),
    "delete": lambda entity, given: Delete(entity, given.id, given.revision),
    "restore": lambda entity, given: Restore(entity, given.id, given.revision),
    "move": lambda entity, given: Move(entity, given.id, given.transition, given.values or {}, given.revision),
}
"""The change of each action."""

_BY_FILTER: Mapping[str, Callable[[Asked, UUID], Change]] = {
    "update": lambda asked, record_id: Update(asked.entity, record_id, asked.body.values, None, asked.body.formulas),
    "delete": lambda asked, record_id: Delete(asked.entity, record_id),
    "move": lambda asked, record_id: Move(asked.entity, record_id, asked.body.transition or "", asked.body.values),
}
"""The change of each action that all records a filter matches can take."""


def _read(adapter: TypeAdapter[Body], body: bytes) -> Body:
    given = parse_json(body)
    try:
        return adapter.validate_python(given)
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(found, body=given) from error
