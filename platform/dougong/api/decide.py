"""The body of a request to try a decision table in, the values it gives out; and how the call is described in OpenAPI."""

from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError

from dougong.api.body import parse_json
from engines.entity.entity import Entity
from engines.values.value_types import ERROR_CODES

Schema = dict[str, Any]


class DecideBody(BaseModel):
    """Values by the key of an input, and the day for which the table is asked, today without one."""

    model_config = ConfigDict(extra="forbid")

    inputs: dict[str, Any] = {}
    date: str | None = None


def read_decide(body: bytes) -> DecideBody:
    """Return what is asked; raises RequestValidationError with what is wrong with its shape, or NotJson."""
    sent = parse_json(body)
    try:
        return DecideBody.model_validate(sent)
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(found, body=sent) from error


def decide_schema(entity: Entity) -> Schema:
    """Return what is sent to try a table."""
    assert entity.decision is not None
    inputs = {one.key: {"description": one.name.get("en", one.key)} for one in entity.decision.inputs}
    properties = {
        "inputs": {"type": "object", "properties": inputs, "additionalProperties": False},
        "date": {"type": ["string", "null"], "format": "date", "description": "Without it today."},
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def decide_answer(entity: Entity, record: Schema) -> Schema:
    """Return what the answer looks like, whose records look like one."""
    assert entity.decision is not None
    answer = {"type": "object", "properties": {"value": {}, "error": {"enum": list(ERROR_CODES)}}}
    properties = {
        "date": {"type": ["string", "null"], "format": "date", "description": "The day that was asked for, where rows hold for a time."},
        "answers": {"type": "object", "properties": dict.fromkeys(entity.decision.outputs, answer)},
        "total": {"type": "integer", "description": "How many rows match."},
        "records": {"type": "array", "items": record, "description": "The first 100 of them, in the order in which they count."},
    }
    return {"type": "object", "properties": properties}
