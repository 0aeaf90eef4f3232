"""Small parts that all SQL modules share: column types, typed NULLs, the first of several errors, the level of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import UUID, Boolean, Date, DateTime, Integer, Numeric, Text, case, cast, func, literal_column, null
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

from engines.expression.failure import MAX_LIST, MAX_TEXT
from engines.expression.sql_context import Column, Keys, Rows
from engines.expression.tree import TypedLiteral, TypedTree
from engines.values.value_types import ValueType, entities_of

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
        return ARRAY(sql_type(value_type.of))
    # A record of one of several entities is known by a text with both.
    return _TYPES["text" if entities_of(value_type) else value_type.name]


def typed_null(value_type: ValueType) -> Column:
    """Return a NULL that knows its type."""
    return cast(null(), sql_type(value_type))


def first_of(errors: list[Column | None]) -> Column | None:
    """Return the first error that is one, None when there can be none."""
    found = [error for error in errors if error is not None]
    if not found:
        return None
    return found[0] if len(found) == 1 else func.coalesce(*found)


def limited(value: Column, kind: ValueType) -> tuple[Column, Column | None]:
    """Return a value that is NULL beyond the limits of its type, and the condition that it lies beyond; None when it cannot."""
    if kind.name == "number":
        # Each of these computes the value once, which a CASE over it would not.
        most = number(Decimal(10) ** 38)
        bounded = func.least(func.greatest(value, -most), most, type_=Numeric())
        kept = func.nullif(func.nullif(bounded, most, type_=Numeric()), -most, type_=Numeric())
        return kept, func.abs(value, type_=Numeric()) >= most
    if kind.name == "text":
        beyond = func.char_length(value, type_=Integer()) > integer(MAX_TEXT)
        return case((beyond, typed_null(kind)), else_=value), beyond
    if kind.of is not None:
        beyond = func.cardinality(value, type_=Integer()) > integer(MAX_LIST)
        return case((beyond, typed_null(kind)), else_=value), beyond
    return value, None


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
