"""How the calls for many changes, upserts and the trash are described in the OpenAPI document of an app; plain schemas out."""

from typing import Any, get_args

from dougong.api.bulk_body import Action
from dougong.work.perform_bulk import MOST_CHANGES, Mode

Schema = dict[str, Any]

_KEYS: Schema = {"type": "array", "items": {"type": "string"}, "minItems": 1}
_UUID: Schema = {"type": "string", "format": "uuid"}
_FORMULAS: Schema = {
    "type": "object", "additionalProperties": {"type": "string"}, "description": "Of an update: expressions over the record as it is.",
}  # fmt: skip
_ERRORS: Schema = {"type": "array", "items": {"type": "object"}}


def upsert_schema(values: Schema) -> Schema:
    """Return what an upsert of records with such values sends."""
    properties = {"values": values, "by": _KEYS, "lines_by": {"type": "object", "additionalProperties": _KEYS}}
    return {"type": "object", "required": ["values", "by"], "properties": properties, "additionalProperties": False}


def bulk_schema(values: Schema) -> Schema:
    """Return what a request for many changes of records with such values sends."""
    change = {
        "action": {"enum": list(get_args(Action))}, "id": _UUID, "revision": {"type": "integer"}, "values": values, "by": _KEYS,
        "lines_by": {"type": "object", "additionalProperties": _KEYS}, "transition": {"type": "string"},
        "formulas": _FORMULAS,
    }  # fmt: skip
    one = {"type": "object", "required": ["action"], "properties": change, "additionalProperties": False}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "mode": {"enum": list(get_args(Mode)), "default": "all"},
            "return": {"enum": ["ids", "records"], "default": "ids"},
            "changes": {"type": "array", "items": one, "maxItems": MOST_CHANGES},
            "filter": {"type": "string", "description": "In the place of `changes`: an expression; the records it is true of."},
            "search": {"type": "string"},
            "action": {"enum": ["update", "delete", "move"], "description": "What is done with all records that match."},
            "transition": {"type": "string", "description": "Of `move`: the transition that all of them take."},
            "values": values,
            "formulas": _FORMULAS,
        },
    }


BULK_ANSWER: Schema = {
    "type": "object",
    "properties": {
        "change_set": _UUID,
        "saved": {"type": "integer"},
        "refused": {"type": "integer"},
        "results": {
            "type": "array",
            "description": "Of each change; with a filter only of those that were refused.",
            "items": {
                "type": "object",
                "properties": {
                    "number": {"type": "integer"}, "id": _UUID, "revision": {"type": "integer"}, "record": {"type": "object"},
                    "errors": _ERRORS,
                },
            },
        },
    },
}  # fmt: skip
