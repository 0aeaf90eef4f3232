"""PostgreSQL must answer as Python does: value, error code and condition, over rows full of blanks, zeros and edges."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import groupby
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Column, ColumnElement, MetaData, Select, Table, bindparam, null, select
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.schema import CreateTable

from engines.expression.check import text_to_typed
from engines.expression.evaluate import compile_python
from engines.expression.python_date import today
from engines.expression.sql import compile_condition, compile_error, compile_sql
from engines.expression.sql_context import Keys, Rows, SqlContext
from engines.expression.sql_parts import sql_type
from engines.expression.tree import TypedLiteral, TypedTree
from engines.expression.vectors import AGREEMENT_FIELDS, AGREEMENT_LINE, AGREEMENT_SCOPE, read_agreement
from engines.values.value_types import (
    BOOL,
    NUMBER,
    TEXT,
    ErrorValue,
    ValueType,
)

DIALECT = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]
META = MetaData()


def table(name: str, fields: Mapping[str, ValueType]) -> Table:
    columns = [Column(key, sql_type(kind)) for key, kind in fields.items() if kind.of is None]
    return Table(name, META, *columns, prefixes=["TEMPORARY"])


ORDERS = table("orders", {**AGREEMENT_FIELDS, "ratio__error": TEXT})
LINES = table("lines", {**AGREEMENT_LINE, "place": NUMBER})
VECTORS = {text: list(vectors) for text, vectors in groupby(read_agreement(), key=lambda vector: vector.text)}
RECORDS = [vector.record for vector in next(iter(VECTORS.values()))]
CONTEXT = read_agreement()[0].context


def context_of(source: Table) -> SqlContext:
    def rows(keys: Keys) -> Rows:
        lines = LINES.alias()
        return Rows(lambda: lines, lines.c.order == source.c.id, lambda path: lines.c[path[0]], order=(lines.c.place,))

    def parameter(name: str, kind: str) -> ColumnElement[Any]:
        return bindparam(name, type_=sql_type(ValueType(kind)), required=True)

    return SqlContext(
        parameter("now", "datetime"), parameter("today", "date"), parameter("user", "record"), str(CONTEXT.zone), rows,
        lambda keys: source.c[f"{keys[-1]}__error"], "C.utf8",
    )  # fmt: skip


def statement(tree: TypedTree) -> Select[Any]:
    def column(keys: Keys) -> ColumnElement[Any]:
        return ORDERS.c[keys[0]]

    context = context_of(ORDERS)
    error = compile_error(tree, column, context)
    condition = compile_condition(tree, column, context) if tree.type == BOOL else null()
    value = compile_sql(tree, column, context)
    return select(value.label("value"), (null() if error is None else error).label("error"), condition.label("holds")).order_by(
        ORDERS.c.id
    ).select_from(ORDERS)


@pytest.fixture(scope="module")
def answers(every_dsn: str) -> Mapping[str, list[Any] | Exception]:
    """Return what PostgreSQL answers to every formula for every record."""
    return asyncio.run(ask_all(every_dsn))


async def ask_all(dsn: str) -> dict[str, list[Any] | Exception]:
    connection = await asyncpg.connect(dsn)
    found: dict[str, list[Any] | Exception] = {}
    try:
        await fill(connection)
        for text in VECTORS:
            tree = text_to_typed(text, AGREEMENT_SCOPE).tree
            assert tree is not None, text
            compiled = statement(tree).compile(dialect=DIALECT)
            given = {**compiled.params, "now": CONTEXT.now, "today": today(CONTEXT), "user": CONTEXT.user}
            try:
                found[text] = await connection.fetch(str(compiled), *[given[name] for name in compiled.positiontup or ()])
            except asyncpg.PostgresError as error:
                found[text] = AssertionError(f"{error}\n{compiled}")
    finally:
        await connection.close()
    return found


async def fill(connection: asyncpg.Connection) -> None:
    for made in (ORDERS, LINES):
        await connection.execute(str(CreateTable(made).compile(dialect=DIALECT)))
    for record in RECORDS:
        ratio = record["ratio"]
        code = ratio.code if isinstance(ratio, ErrorValue) else None
        row = {**record, "ratio": None if code is not None else ratio, "ratio__error": code}
        await insert(connection, ORDERS, row)
        lines: list[dict[str, Any]] = record["lines"]  # type: ignore[assignment]
        for place, line in enumerate(lines):
            await insert(connection, LINES, {**line, "place": place})


async def insert(connection: asyncpg.Connection, into: Table, row: Mapping[str, Any]) -> None:
    places = ", ".join(f"${place}" for place in range(1, len(into.c) + 1))
    await connection.execute(f"INSERT INTO {into.name} VALUES ({places})", *[row[column.name] for column in into.c])


def alike(found: object, wanted: object) -> bool:
    return found == wanted and isinstance(found, bool) == isinstance(wanted, bool)


def literals(node: TypedTree) -> set[str]:
    if isinstance(node, TypedLiteral):
        return {str(node.value)}
    return {value for arg in getattr(node, "args", ()) for value in literals(arg)}


@pytest.mark.parametrize("text", VECTORS)
def test_only_what_the_author_wrote_becomes_a_parameter(text: str) -> None:
    tree = text_to_typed(text, AGREEMENT_SCOPE).tree
    assert tree is not None
    compiled = statement(tree).compile(dialect=DIALECT)
    given = {str(value) for name, value in compiled.params.items() if name not in ("now", "today", "user")}
    assert given <= literals(tree)


@pytest.mark.parametrize("text", VECTORS)
def test_postgresql_answers_as_python_does(text: str, answers: Mapping[str, list[Any] | Exception]) -> None:
    tree = text_to_typed(text, AGREEMENT_SCOPE).tree
    assert tree is not None
    run = compile_python(tree)
    rows = answers[text]
    if isinstance(rows, Exception):
        raise rows
    for record, row in zip(RECORDS, rows, strict=True):
        wanted = run(record, CONTEXT)
        where = {key: record[key] for key in record if key in text}
        if isinstance(wanted, ErrorValue):
            assert row["value"] is None, (where, wanted, row)
            if wanted.code != "LIMIT":
                assert row["error"] == wanted.code, (where, wanted, row)
        else:
            assert row["error"] is None, (where, wanted, row)
            assert alike(row["value"], wanted), (where, wanted, row)
        if tree.type == BOOL:
            assert (row["holds"] is True) == (wanted is True), (where, wanted, row)
