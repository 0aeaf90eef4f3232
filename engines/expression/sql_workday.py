"""The SQL of functions over working days: closed forms for weekends, sorted arrays of the listed days, no row per day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Date, Integer, Numeric, cast, extract
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from engines.expression.rows_workday import DATES
from engines.expression.sql_context import Column
from engines.expression.sql_list import list_error
from engines.expression.sql_once import given
from engines.expression.sql_parts import first_of, integer, sql_type, typed_null
from engines.expression.tree import TypedCall, TypedTree

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_MOST = 4_000_000
# Days are counted from Monday 0001-01-01, which is 0.
_MONDAY = "date '0001-01-01'"
_LAST = 3_652_058

# How many days from Monday to Friday there are up to a day; and the day up to which there are so many.
_WEEKDAYS = "({day} / 7 * 5 + least(mod({day}, 7) + 1, 5))"
_WEEKDAY = "(({count} - 1) / 5 * 7 + mod({count} - 1, 5))"

# The days that are not as their weekday says: 1 for one that is worked, -1 for one that is not; and what they add up to.
_EXCEPTIONS = f"""(SELECT number, step, sum(step) OVER (ORDER BY number)::int AS total FROM (
    SELECT free.day - {_MONDAY} AS number, -1 AS step
      FROM (SELECT unnest(given.holidays) AS day EXCEPT SELECT unnest(given.workdays)) AS free
    UNION ALL
    SELECT worked.day - {_MONDAY}, 1 FROM (SELECT DISTINCT unnest(given.workdays) AS day) AS worked
  ) AS listed WHERE (mod(number, 7) < 5) = (step < 0)) AS exceptions"""
# Of all exceptions in their order: the day, the sum with it, the working days before it. Where the lists are those of the
# calendar, PostgreSQL makes these arrays once a query, and each row looks into them by halves.
_ARRAYS = {
    "days": "number",
    "sums": "total",
    "ranks": f"{_WEEKDAYS.format(day='(number - 1)')} + total - step",
}
_ARRAY = f"(SELECT coalesce(array_agg({{made}} ORDER BY number), '{{{{}}}}') FROM {_EXCEPTIONS})"
_SUM = "coalesce(given.sums[width_bucket({day}, given.days)], 0)"


def _worked(day: str, has_lists: bool) -> str:
    """Return how many working days there are up to a day."""
    weekdays = _WEEKDAYS.format(day=day)
    return f"({weekdays} + {_SUM.format(day=day)})" if has_lists else weekdays


def _between(has_lists: bool) -> tuple[str, str]:
    count = f"{_worked('greatest(first, last)', has_lists)} - {_worked('(least(first, last) - 1)', has_lists)}"
    body = f"CASE WHEN first <= last THEN 1 WHEN first > last THEN -1 END * ({count})::numeric"
    return body, f", LATERAL (SELECT given.first_day - {_MONDAY} AS first, given.last_day - {_MONDAY} AS last) AS span"


def _walk(has_lists: bool) -> tuple[str, str]:
    """Return SQL that finds a working day by its rank: how many there are up to it, itself included."""
    body = f"CASE WHEN steps = 0 THEN given.day WHEN number BETWEEN 0 AND {_LAST} THEN {_MONDAY} + number END"
    rank = f"CASE WHEN steps > 0 THEN {_worked('start', has_lists)} + steps ELSE {_worked('(start - 1)', has_lists)} + steps + 1 END"
    found = _WEEKDAY.format(count="rank")
    place = "0 AS place"
    if has_lists:
        # The last exception before which the rank is not reached may itself be the day, when it is one of a weekend.
        place = "width_bucket(rank - 1, given.ranks) AS place"
        plain = _WEEKDAY.format(count="(rank - coalesce(given.sums[place], 0))")
        found = f"greatest({plain}, CASE WHEN mod(given.days[place], 7) > 4 THEN given.days[place] END)"
    rest = f""", LATERAL (SELECT CASE WHEN abs(given.count) <= {_MOST} THEN trunc(given.count)::int END AS steps, given.day - {_MONDAY} AS start) AS walk
, LATERAL (SELECT {rank} AS rank) AS ranked, LATERAL (SELECT {place}) AS before
, LATERAL (SELECT CASE WHEN rank > 0 THEN {found} END AS number) AS landed"""
    return body, rest


def _lists(compiler: SqlCompiler, nodes: tuple[TypedTree, ...]) -> dict[str, Column]:
    """Return the two lists of days, one that is left out as NULL, which has no rows."""
    columns: list[Column] = [cast(compiler.value(node), sql_type(DATES)) for node in nodes]
    columns += [typed_null(DATES)] * (2 - len(columns))
    return dict(zip(("holidays", "workdays"), columns, strict=True))


def _exceptions(compiler: SqlCompiler, nodes: tuple[TypedTree, ...]) -> dict[str, Column]:
    lists = _lists(compiler, nodes)
    return {name: given(ARRAY(Integer()), _ARRAY.format(made=made), **lists) for name, made in _ARRAYS.items()}


def _counted(node: TypedCall, kind: TypeEngine[Any], sql: tuple[str, str], compiler: SqlCompiler, **values: Column) -> Column:
    """Return SQL over dates and, where lists of days are given, over what these make of the calendar."""
    lists = node.args[2:]
    body, rest = sql
    if not lists:
        return given(kind, body, rest, **values)
    return compiler.unless_failed(lists, given(kind, body, rest, **values, **_exceptions(compiler, lists)))


def _networkdays(compiler: SqlCompiler, node: TypedCall) -> Column:
    start, end = compiler.value(node.args[0]), compiler.value(node.args[1])
    return _counted(node, Numeric(), _between(len(node.args) > 2), compiler, first_day=start, last_day=end)


def _workday(compiler: SqlCompiler, node: TypedCall) -> Column:
    day, count = compiler.value(node.args[0]), compiler.value(node.args[1])
    return _counted(node, Date(), _walk(len(node.args) > 2), compiler, day=day, count=count)


def _isworkday(compiler: SqlCompiler, node: TypedCall) -> Column:
    day = compiler.value(node.args[0])
    if len(node.args) == 1:
        return extract("isodow", day) < integer(6)
    body = "CASE WHEN given.day = ANY(given.workdays) THEN TRUE WHEN given.day = ANY(given.holidays) THEN FALSE ELSE extract(isodow FROM given.day) < 6 END"
    return compiler.unless_failed(node.args[1:], given(Boolean(), body, day=day, **_lists(compiler, node.args[1:])))


def _error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    return first_of([compiler.error(arg) if arg.type.of is None else list_error(compiler, arg) for arg in node.args])


def _calendar(compiler: SqlCompiler, node: TypedCall) -> Column:
    if compiler.context.calendar is None:
        raise compiler.refuse(node)
    return compiler.context.calendar(node.name.partition(".")[2])


WORKDAY_VALUES: Mapping[str, Callable[[SqlCompiler, TypedCall], Column]] = {
    "NETWORKDAYS": _networkdays,
    "WORKDAY": _workday,
    "ISWORKDAY": _isworkday,
    "calendar.holidays": _calendar,
    "calendar.workdays": _calendar,
}
WORKDAY_ERRORS: Mapping[str, Callable[[SqlCompiler, TypedCall], Column | None]] = {
    "NETWORKDAYS": _error,
    "WORKDAY": _error,
    "ISWORKDAY": _error,
}
