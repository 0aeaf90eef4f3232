"""How the calls for groups and facets are described in the OpenAPI document of an app; plain schemas out."""

from typing import Any

Schema = dict[str, Any]

_ANY: Schema = {"type": "array", "items": {}}
_TEXT: Schema = {"type": "string"}
GROUP_ANSWER: Schema = {
    "type": "object",
    "properties": {
        "groups": {"type": "array", "items": {"type": "object", "properties": {"values": _ANY, "titles": _ANY, "measures": _ANY}}},
        "total": {"type": "integer", "description": "How many groups there are."},
    },
}
FACET_ANSWER: Schema = {
    "type": "object",
    "properties": {
        "facets": {
            "type": "object",
            "additionalProperties": {
                "type": "array",
                "items": {"type": "object", "properties": {"value": {}, "title": {"type": ["string", "null"]}, "count": {"type": "integer"}}},
            },
        },
    },
}
GROUP_PARAMETERS: tuple[tuple[str, Schema, str], ...] = (
    ("by", _TEXT, "Up to three fields, paths or expressions whose values make the groups: `customer,MONTH(date)`."),
    ("measures", _TEXT, "Figures of each group, COUNT, SUM, AVERAGE, MIN or MAX: `SUM(total),COUNT()`."),
    ("having", _TEXT, "A condition on groups, over what was asked for: `SUM(total) > 1000`."),
    ("sort", _TEXT, "Groups or measures as they were asked for, `-` before one turns its order round: `-SUM(total)`."),
    ("limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50}, "How many groups a page has at most."),
    ("offset", {"type": "integer", "minimum": 0, "default": 0}, "How many groups come before the page."),
)
FACET_PARAMETERS: tuple[tuple[str, Schema, str], ...] = (
    ("fields", _TEXT, "Up to eight fields or paths, separated by commas; days and times are counted by the month."),
    ("chosen", _TEXT, 'Chosen values by field, as JSON: `{"state": ["draft", null]}`; each field is counted under those of the others.'),
    ("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}, "How many values of each field, the commonest first."),
)
