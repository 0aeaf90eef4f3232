"""The SQL of functions over working days: closed forms for weekends, one sorted pass over the listed days, no row per day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Date, Numeric, cast, extract

from engines.expression.rows_workday import DATES
from engines.expression.sql_context import Column
from engines.expression.sql_list import list_error
from engines.expression.sql_once import given
from engines.expression.sql_parts import first_of, integer, sql_type, typed_null
from engines.expression.tree import TypedCall, TypedTree

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_MOST = 4_000_000
# Days are counted from Monday 0001-01-01, which is 0. Going backwards the line is turned round, so that weekends stay
# weekends and every day stays above 0, where PostgreSQL's division cuts as one would wish.
_MONDAY = "date '0001-01-01'"
_LAST = 3_652_058
_TURN = 4_200_004

# How many days from Monday to Friday there are up to a day; and the day up to which there are so many.
_WEEKDAYS = "({day} / 7 * 5 + least(mod({day}, 7) + 1, 5))"
_WEEKDAY = "(({count} - 1) / 5 * 7 + mod({count} - 1, 5))"

# The days that are not as their weekday says: 1 for one that is worked, -1 for one that is not.
_EXCEPTIONS = f"""(SELECT number, step FROM (
    SELECT free.day - {_MONDAY} AS number, -1 AS step
      FROM (SELECT unnest(given.holidays) AS day EXCEPT SELECT unnest(given.workdays)) AS free
    UNION ALL
    SELECT worked.day - {_MONDAY}, 1 FROM (SELECT DISTINCT unnest(given.workdays) AS day) AS worked
  ) AS listed WHERE (mod(number, 7) < 5) = (step < 0))"""

_NETWORKDAYS = (
    "CASE WHEN first <= last THEN 1 WHEN first > last THEN -1 END * ("
    + _WEEKDAYS.format(day="greatest(first, last)")
    + " - "
    + _WEEKDAYS.format(day="(least(first, last) - 1)")
    + "{listed})::numeric"
)
_LISTED = (
    f" + (SELECT coalesce(sum(step), 0) FROM {_EXCEPTIONS} AS exceptions"
    " WHERE number BETWEEN least(first, last) AND greatest(first, last))"
)
_SPAN = f", LATERAL (SELECT given.first_day - {_MONDAY} AS first, given.last_day - {_MONDAY} AS last) AS span"

# The exceptions that lie before the answer are those before which the count is not reached; what they add is known then.
_BEFORE = _WEEKDAYS.format(day="(number - 1)") + " - " + _WEEKDAYS.format(day="start")
_REACHED = f"""(SELECT greatest({_WEEKDAY.format(count="target")}, extra) FROM (
    SELECT {_WEEKDAYS.format(day="start")} + size - coalesce(sum(step), 0)::int AS target, max(number) FILTER (WHERE step > 0) AS extra FROM (
      SELECT number, step, {_BEFORE} + sum(step) OVER (ORDER BY number) - step AS before FROM (
        SELECT CASE WHEN backwards THEN {_TURN} - number ELSE number END AS number, step FROM {_EXCEPTIONS} AS exceptions
      ) AS turned WHERE number > start
    ) AS steps WHERE before < size
  ) AS summed)"""
_PLAIN = _WEEKDAY.format(count=f"({_WEEKDAYS.format(day='start')} + size)")
_WALK = f""", LATERAL (SELECT given.count < 0 AS backwards, CASE WHEN abs(given.count) <= {_MOST} THEN abs(trunc(given.count))::int END AS size) AS walk
, LATERAL (SELECT CASE WHEN backwards THEN {_TURN} - (given.day - {_MONDAY}) ELSE given.day - {_MONDAY} END AS start) AS place
, LATERAL (SELECT {{reached}} AS there) AS found
, LATERAL (SELECT CASE WHEN backwards THEN {_TURN} - there ELSE there END AS number) AS landed"""
_WORKDAY = f"CASE WHEN size = 0 THEN given.day WHEN number BETWEEN 0 AND {_LAST} THEN {_MONDAY} + number END"


def _lists(compiler: SqlCompiler, nodes: tuple[TypedTree, ...]) -> dict[str, Column]:
    """Return the two lists of days, one that is left out as NULL, which has no rows."""
    columns: list[Column] = [cast(compiler.value(node), sql_type(DATES)) for node in nodes]
    columns += [typed_null(DATES)] * (2 - len(columns))
    return dict(zip(("holidays", "workdays"), columns, strict=True))


def _networkdays(compiler: SqlCompiler, node: TypedCall) -> Column:
    start, end = compiler.value(node.args[0]), compiler.value(node.args[1])
    if len(node.args) == 2:
        return given(Numeric(), _NETWORKDAYS.format(listed=""), _SPAN, first_day=start, last_day=end)
    days = given(
        Numeric(), _NETWORKDAYS.format(listed=_LISTED), _SPAN, first_day=start, last_day=end, **_lists(compiler, node.args[2:])
    )
    return compiler.unless_failed(node.args[2:], days)


def _workday(compiler: SqlCompiler, node: TypedCall) -> Column:
    day, count = compiler.value(node.args[0]), compiler.value(node.args[1])
    if len(node.args) == 2:
        return given(Date(), _WORKDAY, _WALK.format(reached=_PLAIN), day=day, count=count)
    found = given(Date(), _WORKDAY, _WALK.format(reached=_REACHED), day=day, count=count, **_lists(compiler, node.args[2:]))
    return compiler.unless_failed(node.args[2:], found)


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
