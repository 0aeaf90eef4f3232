"""The body of a guarded request in, its changes out; what each was granted, as JSON, out again."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dougong.api.body import parse_json
from dougong.work.request import GuardedUpdate, Outcome


class GuardedRow(BaseModel):
    """One change: the record by `id` or `key`, amounts to `add` and values to `set`."""

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = None
    key: dict[str, Any] = {}
    add: dict[str, Any] = {}
    set: dict[str, Any] = {}


class GuardedBody(BaseModel):
    """Changes that are made if guards hold: all of them or none, or as much of each as is granted."""

    model_config = ConfigDict(extra="forbid")

    rows: list[GuardedRow] = Field(min_length=1, max_length=10_000)
    mode: Literal["all", "granted"] = "all"
    guard: str = Field("", max_length=10_000)
    create: bool = False


def read_guarded(entity: str, body: bytes) -> tuple[GuardedUpdate, ...]:
    """Return the changes a body asks for; raises RequestValidationError with what is wrong with its shape, or NotJson."""
    sent = parse_json(body)
    try:
        asked = GuardedBody.model_validate(sent)
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(found, body=sent) from error
    is_partial = asked.mode == "granted"
    return tuple(
        GuardedUpdate(entity, row.model_dump(mode="json", exclude_none=True), asked.guard, is_partial, asked.create) for row in asked.rows
    )


def guarded_answer(outcome: Outcome) -> bytes:
    """Return what each row was granted and its record as saved."""
    return b'{"rows":[' + b",".join(record.json for record in outcome.records) + b'],"change_set":' + orjson.dumps(str(outcome.change_set)) + b"}"


def guarded_schema(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the answer looks like, whose records look like one."""
    row = {
        "id": {"type": "string", "format": "uuid"},
        "revision": {"type": "integer"},
        "granted": {"type": "object", "additionalProperties": {"type": "string"}},
        "record": {"oneOf": [record, {"type": "null"}]},
    }
    rows = {"type": "array", "items": {"type": "object", "properties": row}}
    return {"type": "object", "properties": {"rows": rows, "change_set": {"type": "string", "format": "uuid"}}}
