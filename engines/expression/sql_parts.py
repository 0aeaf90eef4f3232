"""Small parts that all SQL modules share: column types, typed NULLs, the first of several errors, the level of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import UUID, Boolean, Date, DateTime, Integer, Numeric, Text, cast, func, literal_column, null
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

from engines.expression.sql_context import Column, Keys, Rows
from engines.expression.tree import TypedLiteral, TypedTree
from engines.values.value_types import ValueType

_TYPES: Mapping[str, TypeEngine[Any]] = {
    "number": Numeric(),
    "text": Text(),
    "option": Text(),
    "bool": Boolean(),
    "date": Date(),
    "datetime": DateTime(timezone=True),
    "record": UUID(),
    "blank": Text(),
    "any": JSONB(),
}


@dataclass(frozen=True, slots=True)
class Level:
    """The record or row whose columns are in reach."""

    column: Callable[[Keys], Column]
    rows: Callable[[Keys], Rows] | None
    error: Callable[[Keys], Column] | None


def sql_type(value_type: ValueType) -> TypeEngine[Any]:
    """Return the column type of a value type."""
    if value_type.of is not None:
        return ARRAY(_TYPES[value_type.of.name])
    return _TYPES[value_type.name]


def typed_null(value_type: ValueType) -> Column:
    """Return a NULL that knows its type."""
    return cast(null(), sql_type(value_type))


def first_of(errors: list[Column | None]) -> Column | None:
    """Return the first error that is one, None when there can be none."""
    found = [error for error in errors if error is not None]
    if not found:
        return None
    return found[0] if len(found) == 1 else func.coalesce(*found)


def text(value: str) -> Column:
    """Return a text of the compiler's own, written into the SQL."""
    return literal_column("'" + value.replace("'", "''") + "'", Text())


def number(value: int | Decimal) -> Column:
    """Return a number of the compiler's own, written into the SQL."""
    return literal_column(format(Decimal(value), "f"), Numeric())


def integer(value: int) -> Column:
    """Return an integer of the compiler's own, written into the SQL."""
    return literal_column(str(value), Integer())


def literal_number(node: TypedTree) -> Decimal | None:
    """Return the number a node writes out, None when it is anything else."""
    value = node.value if isinstance(node, TypedLiteral) else None
    return value if isinstance(value, Decimal) else None
