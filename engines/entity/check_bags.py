"""What somebody sent for a field whose value has parts in, the parts as they are kept out; the wrong is refused with its code."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from engines.entity.check_texts import Check, plain_text
from engines.entity.entity import Field
from engines.entity.json_schema import broken_rule
from engines.entity.refusal import refused
from engines.values.decimals import number_text, round_half_up

ADDRESS_PARTS: Mapping[str, int] = {"country": 80, "province": 80, "city": 80, "district": 80, "street": 400, "postcode": 20}
"""Parts of an address and how long each may be."""
LARGEST_JSON_BYTES = 100_000
_DECIMALS = 7
"""About a centimetre on the ground."""


def _address(field: Field) -> Callable[[object], object]:
    def check(value: object) -> dict[str, str] | None:
        if not isinstance(value, Mapping):
            raise refused("record-address-expected")
        for key in value:
            if key not in ADDRESS_PARTS:
                raise refused("record-part-unknown", part=str(key))
        found = {}
        for key, most in ADDRESS_PARTS.items():
            text = "" if value.get(key) is None else plain_text(value[key]).strip()
            if len(text) > most:
                raise refused("record-text-too-long", limit=most)
            if text:
                found[key] = text
        return found or None

    return check


def _location(field: Field) -> Callable[[object], object]:
    def check(value: object) -> dict[str, str] | None:
        if not isinstance(value, Mapping):
            raise refused("record-location-invalid")
        parts = dict(value)
        given = [parts.pop("latitude", None), parts.pop("longitude", None)]
        if parts:
            raise refused("record-part-unknown", part=str(next(iter(parts))))
        if given == [None, None]:
            return None
        latitude, longitude = (_degrees(part, most) for part, most in zip(given, (90, 180), strict=True))
        return {"latitude": latitude, "longitude": longitude}

    return check


def _degrees(value: object, most: int) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise refused("record-location-invalid")
    try:
        number = Decimal(value.strip() if isinstance(value, str) else str(value))
    except InvalidOperation:
        raise refused("record-location-invalid") from None
    if not number.is_finite() or abs(number) > most:
        raise refused("record-location-invalid")
    return number_text(round_half_up(number, _DECIMALS))


def _json(field: Field) -> Callable[[object], object]:
    schema: Mapping[str, Any] | None = field.details.get("schema")

    def check(value: object) -> object:
        try:
            written = orjson.dumps(value)
        except (TypeError, ValueError, RecursionError):
            raise refused("record-json-unstorable") from None
        # PostgreSQL keeps no NUL in jsonb.
        if b"\\u0000" in written:
            raise refused("record-json-unstorable")
        if len(written) > LARGEST_JSON_BYTES:
            raise refused("record-json-too-large", limit=LARGEST_JSON_BYTES)
        if schema is not None and (broken := broken_rule(schema, value)) is not None:
            raise refused("record-json-schema", reason=broken)
        return value

    return check


BAG_CHECKS: Mapping[str, Check] = {"address": _address, "location": _location, "json": _json}
"""The checks of these kinds."""
