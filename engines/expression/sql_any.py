"""The SQL of values of mixed types: each travels as JSON that names its type, and `read_any` gives the value back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Text, case, cast, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from engines.expression.sql_context import Column
from engines.expression.sql_once import once
from engines.expression.sql_parts import text
from engines.expression.tree import TypedCall
from engines.values.value_types import Value, ValueType, any_record, entities_of, type_from_text, type_text

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler


def _to_any(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    kind = node.args[0].type
    if kind.name == "any":
        return value

    def made(value: Column) -> Column:
        written = func.to_jsonb(cast(value, ARRAY(Text()) if kind.of is not None else Text()), type_=JSONB())
        return case((value.is_not(None), func.jsonb_build_array(text(type_text(kind)), written, type_=JSONB())))

    result = once(made, value)
    result.type = JSONB()
    return result


def filled_any(value: Column) -> Column:
    """Return a value of mixed types, NULL for an empty text and an empty list as well as for a blank."""

    def made(value: Column) -> Column:
        held = func.jsonb_extract_path(value, text("1"), type_=JSONB())
        return case((held.not_in([cast(text(empty), JSONB()) for empty in ('""', "[]")]), value))

    result = once(made, value)
    result.type = JSONB()
    return result


def read_any(raw: str | None) -> Value:
    """Return the value that a column of mixed types holds, as a driver gives its JSON.

    >>> read_any('["number", "12.50"]')
    Decimal('12.50')
    """
    if raw is None:
        return None
    kind, written = json.loads(raw)
    return _read(written, type_from_text(kind))


def _read(written: Any, kind: ValueType) -> Value:  # noqa: ANN401 (JSON)
    if kind.of is not None:
        element = kind.of
        return [None if part is None else _read(part, element) for part in written]
    if entities_of(kind):
        return any_record(written)
    return _READERS.get(kind.name, str)(written)


_READERS: Mapping[str, Callable[[str], Value]] = {
    "number": Decimal,
    "bool": lambda written: written == "true",
    "date": date.fromisoformat,
    "datetime": lambda written: datetime.fromisoformat(written),
    "record": UUID,
}

ANY_VALUES: Mapping[str, Callable[..., Column]] = {"to_any": _to_any}
