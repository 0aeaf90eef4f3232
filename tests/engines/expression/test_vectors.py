"""Every vector, in Python and in SQL on each PostgreSQL at hand, must have its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Column, Values, bindparam, cast, column, false, literal, select, true, values
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql.expression import ColumnElement

from engines.expression.check import cannot_run, text_to_typed
from engines.expression.conversions import common
from engines.expression.evaluate import compile_python
from engines.expression.failure import Given
from engines.expression.python_date import today
from engines.expression.sql import compile_condition, compile_error, compile_sql
from engines.expression.sql_context import CASE_COLLATIONS, Keys, Rows, SqlContext
from engines.expression.sql_parts import sql_type
from engines.expression.tree import TypedTree
from engines.expression.vectors import Vector, holds, read_vectors
from engines.values.value_types import BLANK, TEXT, ErrorValue, Value, ValueType

Connection = asyncpg.Connection

VECTORS = read_vectors()
DIALECT = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]


def typed(vector: Vector) -> TypedTree | None:
    """Return the typed tree, None when the checker already says the error that is expected."""
    checked = text_to_typed(vector.text, vector.scope)
    if checked.tree is None:
        assert vector.expect == ErrorValue("VALUE"), [issue.message["en"] for issue in checked.issues]
    return checked.tree


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.id)
def test_python_gives_the_expected_answer(vector: Vector) -> None:
    tree = typed(vector)
    if tree is not None:
        found = compile_python(tree)(vector.record, vector.context)
        assert holds(found, vector.expect), f"{vector.text} gives {found!r}"


@pytest.fixture(scope="module")
def sql_answers(every_dsn: str) -> Mapping[str, Value]:
    """Return the answer of PostgreSQL to every vector, computed over one connection."""
    return asyncio.run(ask_all(every_dsn))


async def ask_all(dsn: str) -> dict[str, Value]:
    connection = await asyncpg.connect(dsn)
    present = {row["collname"] for row in await connection.fetch("SELECT collname FROM pg_collation")}
    collation = next(name for name in CASE_COLLATIONS if name in present)
    answers: dict[str, Value] = {}
    try:
        for vector in VECTORS:
            tree = text_to_typed(vector.text, vector.scope).tree
            if tree is not None and not cannot_run(tree, "sql"):
                try:
                    answers[vector.id] = await ask_all_ways(connection, vector, tree, collation)
                except (AssertionError, asyncpg.PostgresError) as error:
                    answers[vector.id] = error
    finally:
        await connection.close()
    return answers


async def ask_all_ways(connection: Connection, vector: Vector, tree: TypedTree, collation: str) -> Value:
    """Return the value or error of a vector, which as a condition must match exactly where it is TRUE."""
    context, columns = sql_context(vector, collation), resolver(vector.record, vector.scope.names)
    error = compile_error(tree, columns, context)
    code = await ask(connection, error, vector) if error is not None else None
    found = await ask(connection, compile_sql(tree, columns, context), vector)
    if tree.type.name == "bool":
        matches = await ask(connection, compile_condition(tree, columns, context), vector)
        assert (matches is True) == (found is True), f"{vector.text} as a condition gives {matches!r}"
    if code is None:
        return found
    assert found is None, f"{vector.text} has the error {code} and the value {found!r}"
    return ErrorValue(str(code))


async def ask(connection: Connection, expression: ColumnElement[Any], vector: Vector) -> Value:
    compiled = select(expression).compile(dialect=DIALECT)
    user = vector.context.user
    given = {
        "now": vector.context.now,
        "today": today(vector.context),
        "user": user["id"] if isinstance(user, Mapping) else user,
    }
    parameters = {**compiled.params, **{name: part for name, part in given.items() if name in compiled.params}}
    try:
        return await connection.fetchval(str(compiled), *[parameters[name] for name in compiled.positiontup or ()])
    except asyncpg.PostgresError as error:
        raise AssertionError(f"{vector.id} {vector.text}: {error}\n{compiled}") from error


def sql_context(vector: Vector, collation: str) -> SqlContext:
    def parameter(name: str, kind: str) -> ColumnElement[Any]:
        return bindparam(name, type_=sql_type(ValueType(kind)), required=True)

    return SqlContext(
        parameter("now", "datetime"),
        parameter("today", "date"),
        parameter("user", "record"),
        str(vector.context.zone),
        rows_of([vector.record], vector),
        case_collation=collation,
    )


def resolver(record: Mapping[str, Any], names: Mapping[str, ValueType]) -> Callable[[Keys], ColumnElement[Any]]:
    """Return what gives the column of a path: here a constant out of the vector's record."""

    def found(keys: Keys) -> ColumnElement[Any]:
        value: Any = record
        for key in keys:
            value = value.get(key) if value is not None else None
        return constant(value, names.get(keys[0]) if len(keys) == 1 else None)

    return found


def constant(value: Given, known: ValueType | None = None) -> ColumnElement[Any]:
    if isinstance(value, Mapping):
        value = value["id"]
    if isinstance(value, list):
        parts = [part["id"] if isinstance(part, Mapping) else part for part in value]
        return cast(literal(parts, sql_type(kind_of(value))), sql_type(kind_of(value)))
    kind = kind_of(value) if value is not None or known is None or known.name in ("record", "list") else known
    if isinstance(value, bool):
        return true() if value else false()
    return cast(literal(value, sql_type(kind)), sql_type(kind))


def kind_of(value: Given) -> ValueType:
    if isinstance(value, list):
        return ValueType("list", common([kind_of(part) for part in value]))
    if isinstance(value, Mapping):
        return ValueType("record")
    names = {Decimal: "number", str: "text", bool: "bool", datetime: "datetime", type(None): "text"}
    return BLANK if value is None else ValueType(names.get(type(value), "date" if hasattr(value, "year") else "record"))


def rows_of(records: list[Any], vector: Vector) -> Callable[[Keys], Rows]:
    """Return what gives the rows of a to-many path: here a VALUES list out of the vector's record."""

    def rows(keys: Keys) -> Rows:
        found: list[Any] = records
        for key in keys:
            found = [part for record in found for part in (record.get(key) or [])]
        names = sorted({name for row in found for name, part in row.items() if not isinstance(part, list | Mapping)})
        kinds = {name: common([kind_of(row.get(name)) for row in found]) for name in names}
        kinds = {name: TEXT if kind == BLANK else kind for name, kind in kinds.items()}
        columns = [column("present", sql_type(ValueType("bool"))), *(Column(name, sql_type(kinds[name])) for name in names)]
        lines = [(True, *(row.get(name) for name in names)) for row in found] or [(False, *(None for _ in names))]
        lines = [tuple(cast(part, columns[place].type) for place, part in enumerate(line)) for line in lines]
        source = values(*columns, name="rows").data(lines)
        return Rows(lambda: source, source.c.present, lambda path: row_column(source, path))

    return rows


def row_column(source: Values, path: Keys) -> ColumnElement[Any]:
    # A field that no row has is a blank in all of them.
    if path[0] not in source.c:
        return cast(literal(None), sql_type(ValueType("number")))
    return source.c[path[0]]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.id)
def test_sql_gives_the_expected_answer(vector: Vector, sql_answers: Mapping[str, Value]) -> None:
    tree = typed(vector)
    if tree is None:
        return
    if vector.id not in sql_answers:
        # Values of mixed types have no column type; the designer is told so.
        assert cannot_run(tree, "sql")
        return
    found = sql_answers[vector.id]
    if isinstance(found, Exception):
        raise found
    assert holds(found, vector.expect), f"{vector.text} gives {found!r}"
