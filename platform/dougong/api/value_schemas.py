"""How a value of each field kind is written in JSON: a field in, the JSON Schema of its value out; blank values are null."""

from collections.abc import Callable, Mapping
from typing import Any

from engines.entity.check_bags import ADDRESS_PARTS
from engines.entity.check_texts import LONGEST_BARCODE, LONGEST_EMAIL, LONGEST_PHONE, LONGEST_URL
from engines.entity.entity import Field
from engines.entity.input_schema import most_links
from engines.values.decimals import number_text

Schema = dict[str, Any]

ID: Mapping[str, str] = {"type": "string", "format": "uuid"}
_NUMBER = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}


def _text(field: Field) -> Schema:
    schema: Schema = {"type": "string", "maxLength": field.max_length}
    if field.min_length is not None:
        schema["minLength"] = field.min_length
    if field.matches is not None:
        schema["pattern"] = f"^(?:{field.matches.pattern})$"
    return schema


def _number(field: Field) -> Schema:
    unit = field.details.get("unit") or field.details.get("currency")
    return {**_NUMBER, **({"description": unit} if unit else {})}


def _option(field: Field) -> Schema:
    return {"type": "string", "enum": [option.key for option in field.options]}


def _choices(field: Field) -> Schema:
    return {"type": "array", "uniqueItems": True, "items": _option(field)}


def _one_id(field: Field) -> Schema:
    return {**ID, "description": f"The id of a record of {field.to}."}


def _any_record(field: Field) -> Schema:
    entity = {"type": "string", "enum": list(field.any_of)}
    return {
        "type": "object", "additionalProperties": False, "required": ["entity", "id"], "properties": {"entity": entity, "id": dict(ID)},
        "description": f"A record of one of these entities: {', '.join(field.any_of)}.",
    }  # fmt: skip


def _ids(field: Field) -> Schema:
    return {"type": "array", "items": dict(ID), "maxItems": most_links(field), "description": f"Ids of records of {field.links}, in their order."}


def _address(field: Field) -> Schema:
    parts = {key: {"type": ["string", "null"], "maxLength": most} for key, most in ADDRESS_PARTS.items()}
    return {"type": "object", "additionalProperties": False, "properties": parts}


def _location(field: Field) -> Schema:
    parts = {"latitude": dict(_NUMBER), "longitude": dict(_NUMBER)}
    return {"type": "object", "additionalProperties": False, "required": list(parts), "properties": parts}


VALUE_SCHEMAS: Mapping[str, Callable[[Field], Schema]] = {
    "text": _text,
    "long_text": _text,
    "rich_text": lambda field: {"type": "string", "contentMediaType": "text/html", "maxLength": field.max_length},
    "phone": lambda field: {"type": "string", "maxLength": LONGEST_PHONE},
    "email": lambda field: {"type": "string", "format": "email", "maxLength": LONGEST_EMAIL},
    "url": lambda field: {"type": "string", "format": "uri", "maxLength": LONGEST_URL},
    "barcode": lambda field: {"type": "string", "maxLength": LONGEST_BARCODE, "description": field.details["format"]},
    "secret": lambda field: {"type": "string", "description": "Sent once; what is answered is a handle, not the secret."},
    "number": _number,
    "money": _number,
    "percent": _number,
    "quantity": _number,
    "rating": lambda field: {**_NUMBER, "description": f"1 to {number_text(field.maximum)}" if field.maximum else ""},
    "duration": lambda field: {**_NUMBER, "description": "Minutes"},
    "boolean": lambda field: {"type": "boolean"},
    "date": lambda field: {"type": "string", "format": "date"},
    "datetime": lambda field: {"type": "string", "format": "date-time"},
    "time": lambda field: {"type": "string", "pattern": r"^\d{2}:\d{2}(:\d{2})?$"},
    "choice": _option,
    "choices": _choices,
    "tree_choice": _option,
    "reference": _one_id,
    "member": _one_id,
    "department": _one_id,
    "any_reference": _any_record,
    "references": _ids,
    "members": _ids,
    "departments": _ids,
    "attachments": _ids,
    "images": _ids,
    "signature": _ids,
    "sequence": lambda field: {"type": "string"},
    "address": _address,
    "location": _location,
    "json": lambda field: dict(field.details["schema"]) if "schema" in field.details else {},
}
"""Every kind that has a column."""
