"""Takes questions and a connection to PostgreSQL, gives its answers, computed over tables of the records; keeps nothing there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

import asyncpg
from sqlalchemy import ColumnElement, MetaData, bindparam, cast, literal, null, select
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateTable

from dougong.conformance.circumstances import circumstances, values_of
from dougong.conformance.environment_table import EnvironmentTable, environment_table
from dougong.conformance.question import Answer, Question, Skipped, Trouble
from engines.expression.check import cannot_run
from engines.expression.python_date import today
from engines.expression.references import functions_used
from engines.expression.rows_workday import DATES
from engines.expression.sql import compile_condition, compile_result
from engines.expression.sql_any import read_any
from engines.expression.sql_context import CASE_COLLATIONS, NotPushable, SqlContext
from engines.expression.sql_parts import sql_type
from engines.expression.tree import TypedTree
from engines.expression.vectors import Vector
from engines.values.value_types import ANY, BOOL, ErrorValue, Value, ValueType

_DIALECT = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]

_PROBLEMS = (asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError)

# The functions that need no SQL: marked so in the design of the language, section 6.
WITHOUT_SQL = frozenset({
    "URLENCODE", "RAND", "RANDBETWEEN", "NPER", "RATE", "NPV", "IRR", "IPMT", "PPMT", "XIRR", "RMBUPPER", "CNNUMBER",
    "IDCARDVALID", "IDCARDAGE", "USCCVALID", "EMAILVALID", "IDCARDREGION", "IDCARDREGIONNAME", "BANKCARDVALID", "PINYIN",
    "LUNARDATE", "UUID", "SEQ",
})  # fmt: skip


async def sql_answers(questions: Iterable[Question], connection: asyncpg.Connection[asyncpg.Record]) -> dict[str, Answer]:
    """Return the answer of PostgreSQL to each question, by the vector's id."""
    asked = list(questions)
    present = {row["collname"] for row in await connection.fetch("SELECT collname FROM pg_collation")}
    collation = next(name for name in CASE_COLLATIONS if name in present)
    numbers = count(1)
    groups: dict[str, list[Question]] = {}
    for question in asked:
        groups.setdefault(_shape(question.vector), []).append(question)
    answers: dict[str, Answer] = {}
    for group in groups.values():
        try:
            environments = environment_table(group[0].vector.scope, MetaData(), numbers)
            places = [environments.add(question.vector.record) for question in group]
            await _fill(environments, connection)
        except (*_PROBLEMS, ValueError, TypeError, KeyError) as problem:
            # What no table can hold is no reason to leave the other questions unasked.
            answers |= {question.vector.id: _trouble(problem) for question in group}
            continue
        for question, place in zip(group, places, strict=True):
            answers[question.vector.id] = await _answer(question, place, environments, collation, connection)
    return answers


def _shape(vector: Vector) -> str:
    """Return what two records have in common that fit into one table."""

    def describe(names: Mapping[str, ValueType]) -> str:
        return ", ".join(f"{name}: {_type_of(kind)}" for name, kind in names.items())

    def _type_of(kind: ValueType) -> str:
        element = kind.of or kind
        fields = vector.scope.entities(element.entity) if element.entity else None
        inner = "" if fields is None else f"({describe(fields)})"
        return f"{kind.name}<{element.name}{inner}>{kind.fails}"

    return describe(vector.scope.names)


async def _fill(environments: EnvironmentTable, connection: asyncpg.Connection[asyncpg.Record]) -> None:
    for each in environments.tables():
        await connection.execute(str(CreateTable(each.table).compile(dialect=_DIALECT)))
        names = [column.name for column in each.table.c]
        if each.lines:
            rows = [tuple(line.get(name) for name in names) for line in each.lines]
            await connection.copy_records_to_table(each.table.name, columns=names, records=rows)


async def _answer(
    question: Question, place: int, environments: EnvironmentTable, collation: str, connection: asyncpg.Connection[asyncpg.Record]
) -> Answer:
    tree = question.tree
    if tree is None:
        return question.answer
    refused = cannot_run(tree, "sql")
    if refused:
        without = functions_used(tree) & WITHOUT_SQL
        reason = "; ".join(issue.message["en"] for issue in refused)
        return Skipped(reason) if without else Trouble(reason)
    try:
        return await _computed(tree, question.vector, place, environments, collation, connection)
    except NotPushable as refusal:
        return Trouble(refusal.issue.message["en"])
    except _PROBLEMS as problem:
        return _trouble(problem)


def _trouble(problem: Exception) -> Trouble:
    return Trouble(f"{type(problem).__name__}: {problem}")


async def _computed(
    tree: TypedTree, vector: Vector, place: int, environments: EnvironmentTable, collation: str,
    connection: asyncpg.Connection[asyncpg.Record],
) -> Answer:  # fmt: skip
    source = environments.table
    columns, context = environments.column(source), sql_context(environments, vector, collation)
    value, error = compile_result(tree, columns, context)
    condition = compile_condition(tree, columns, context) if tree.type == BOOL else null()
    query = select(
        value.label("value"),
        (null() if error is None else error).label("error"),
        condition.label("condition"),
    ).where(source.c.row_number == place)
    compiled = query.compile(dialect=_DIALECT)
    parameters = {**compiled.params, **_given(vector, compiled.params)}
    row = await connection.fetchrow(str(compiled), *[parameters[name] for name in compiled.positiontup or ()])
    assert row is not None
    if tree.type == BOOL and (row["condition"] is True) != (row["value"] is True):
        return Trouble(f"as a value it is {row['value']!r}, as a condition {row['condition']!r}")
    if row["error"] is None:
        return _read(row["value"], tree.type)
    if row["value"] is not None:
        return Trouble(f"it has the error {row['error']} and the value {row['value']!r}")
    return ErrorValue(row["error"])


def _read(value: Any, kind: ValueType) -> Value:  # noqa: ANN401 (as the driver gives it)
    if kind == ANY:
        return read_any(value)
    if kind.of == ANY and value is not None:
        return [read_any(part) for part in value]
    return value


def sql_context(environments: EnvironmentTable, vector: Vector, collation: str) -> SqlContext:
    """Return what the SQL of a vector may know: its time and user as parameters, its rows as tables."""

    def parameter(name: str, kind: str) -> ColumnElement[Any]:
        return bindparam(name, type_=sql_type(ValueType(kind)), required=True)

    return SqlContext(
        now=parameter("now", "datetime"),
        today=parameter("today", "date"),
        user=parameter("user", "record"),
        zone=str(vector.context.zone),
        rows=environments.rows(environments.table),
        error=environments.error(environments.table),
        case_collation=collation,
        calendar=lambda part: cast(literal(list(getattr(vector.context.calendar, part)), sql_type(DATES)), sql_type(DATES)),
        **circumstances(vector),
    )


def _given(vector: Vector, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the named parameters that a query asks for."""
    user = vector.context.user
    known = {
        "now": vector.context.now,
        "today": today(vector.context),
        "user": user["id"] if isinstance(user, Mapping) else user,
        **values_of(vector),
    }
    return {name: value for name, value in known.items() if name in wanted}
