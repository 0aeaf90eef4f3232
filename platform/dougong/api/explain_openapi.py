"""What is told of a computed value, as OpenAPI says it."""

from typing import Any

Schema = dict[str, Any]

_WORDS: Schema = {"type": "object", "additionalProperties": {"type": "string"}, "description": "A text in each language."}
_PATH: Schema = {"type": "array", "items": {"type": "string"}, "description": "Keys from the record on."}
_RECORD: Schema = {
    "type": ["object", "null"],
    "properties": {"entity": {"type": "string"}, "id": {"type": "string", "format": "uuid"}, "title": {"type": ["string", "null"]}},
}
_INPUT: Schema = {
    "type": "object",
    "properties": {
        "path": _PATH, "name": _WORDS, "value": {}, "title": {"type": ["string", "null"]}, "record": _RECORD,
        "hidden": {"type": "boolean", "description": "There is a record here that you may not read."},
    },
}  # fmt: skip
_BEHIND: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "owner": {"type": ["string", "null"], "description": "The record a row belongs to."},
        "title": {},
        "values": {"type": "object", "additionalProperties": True},
    },
}
_LIST: Schema = {
    "type": "object",
    "properties": {
        "path": _PATH, "name": _WORDS, "entity": {"type": "string"},
        "columns": {"type": "array", "items": {"type": "object", "properties": {"key": {"type": "string"}, "name": _WORDS}}},
        "count": {"type": ["integer", "null"], "description": "How many records are behind the value that you may read."},
        "hidden": {"type": "integer", "description": "How many are behind it that you may not read."},
        "records": {"type": "array", "items": _BEHIND, "description": "The first 50 of them."},
    },
}  # fmt: skip
EXPLANATION: Schema = {
    "type": "object",
    "properties": {
        "field": {"type": "string"}, "name": _WORDS, "formula": {"type": "string", "description": "As it was written, by keys; empty where it names what whoever asks may not know of."},
        "words": {**_WORDS, "description": "The formula by labels, in each language."}, "value": {}, "error": {"type": ["string", "null"]},
        "inputs": {"type": "array", "items": _INPUT}, "lists": {"type": "array", "items": _LIST},
    },
}  # fmt: skip
"""How a computed value comes about."""
