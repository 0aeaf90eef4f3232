"""The SQL of functions over dates and times; NULL as soon as an argument is, or where the calendar ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import (
    Date,
    DateTime,
    Integer,
    Interval,
    Numeric,
    Text,
    and_,
    case,
    cast,
    extract,
    func,
    literal_column,
    null,
)

from engines.expression.rows_date import UNITS
from engines.expression.sql_context import Column
from engines.expression.sql_number import quotient
from engines.expression.sql_once import once
from engines.expression.sql_parts import integer, number, text
from engines.expression.sql_step import days_later, fraction_later, month_end, months_later, seconds_later, whole
from engines.expression.tree import TypedCall, TypedLiteral

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_WALL = DateTime(timezone=False)
_INSTANT = DateTime(timezone=True)
# unit -> the step and how many of it
_STEPS = {
    "year": (months_later, 12), "quarter": (months_later, 3), "month": (months_later, 1), "week": (days_later, 7), "day": (days_later, 1),
}  # fmt: skip
_SECONDS = {"hour": 3600, "minute": 60, "second": 1}
_FIRST_DAY = literal_column("date '0001-01-01'", Date())
_END = literal_column("date '9999-12-31' + 1", Date())
_NONE = integer(0)
_ONE = integer(1)


def wall_clock(compiler: SqlCompiler, moment: Column) -> Column:
    """Return the wall-clock time of an instant in the site's zone."""
    return func.timezone(text(compiler.context.zone), moment, type_=_WALL)


def instant_of(compiler: SqlCompiler, wall: Column) -> Column:
    """Return the instant at which the wall clock of the site's zone shows a time."""
    return func.timezone(text(compiler.context.zone), cast(wall, _WALL), type_=_INSTANT)


def date_of(compiler: SqlCompiler, node: TypedCall, year: Column, month: Column, day: Column) -> Column:
    """Return the date of a year, month and day, surplus carried over; NULL beyond the calendar."""
    def made(months: Column, days: Column) -> Column:
        first = func.make_date(
            cast(func.div(months, number(12)), Integer()), cast(func.mod(months, number(12)), Integer()) + _ONE, _ONE, type_=Date()
        )
        return case((and_(months >= number(12), months < number(120_000)), days_later(first, days - number(1), None)))

    months = func.trunc(year, type_=Numeric()) * number(12) + func.trunc(month, type_=Numeric()) - number(1)
    return once(made, months, func.trunc(day, type_=Numeric()))


def _shift_date(compiler: SqlCompiler, node: TypedCall, day: Column, days: Column) -> Column:
    return days_later(day, days, whole(node.args[1]))


def _shift_datetime(compiler: SqlCompiler, node: TypedCall, moment: Column, days: Column) -> Column:
    return instant_of(compiler, fraction_later(wall_clock(compiler, moment), days))


def _time_between(compiler: SqlCompiler, node: TypedCall, later: Column, earlier: Column) -> Column:
    return quotient(extract("epoch", later - earlier), number(86_400))


def _added(compiler: SqlCompiler, moment: Column, is_time: bool, count: Column, written: int | None, unit: str) -> Column:
    """Return a date or time so many units later."""
    if unit in _SECONDS:
        return seconds_later(moment, count, _SECONDS[unit]) if is_time else null()
    step, times = _STEPS[unit]
    moved = step(wall_clock(compiler, moment) if is_time else moment, count, written, times)
    return instant_of(compiler, moved) if is_time else moved


def _dateadd(compiler: SqlCompiler, node: TypedCall, moment: Column, count: Column, unit: Column) -> Column:
    is_time = node.args[0].type.name == "datetime"
    written = node.args[2]
    if isinstance(written, TypedLiteral) and isinstance(written.value, str):
        return _added(compiler, moment, is_time, count, whole(node.args[1]), written.value)

    def made(moment: Column, count: Column, unit: Column) -> Column:
        return case(*[(unit == text(name), _added(compiler, moment, is_time, count, whole(node.args[1]), name)) for name in UNITS])

    return once(made, moment, count, unit)


def _unit_error(compiler: SqlCompiler, node: TypedCall, moment: Column, other: Column, unit: Column) -> Column:
    known = UNITS if node.args[0].type.name == "datetime" else UNITS[:5]
    # A blank argument makes the answer blank before the unit is looked at.
    unknown = and_(moment.is_not(None), other.is_not(None), *[unit != text(name) for name in known])
    return case((unknown, text("VALUE")))


def _months_between(first: Column, last: Column) -> Column:
    """Return the whole months elapsed between two wall-clock times, cut towards zero."""
    months = (extract("year", last) - extract("year", first)) * number(12) + extract("month", last) - extract("month", first)
    counted = cast(months, Integer())

    def adjusted(first: Column, last: Column, counted: Column) -> Column:
        reached = first + func.make_interval(_NONE, counted, type_=Interval())
        late = and_(last >= first, reached > last)
        early = and_(last < first, reached < last)
        return cast(case((late, counted - _ONE), (early, counted + _ONE), else_=counted), Numeric())

    return once(adjusted, first, last, counted)


def _elapsed(compiler: SqlCompiler, start: Column, end: Column, is_time: bool, unit: str) -> Column:
    if unit in _SECONDS:
        if not is_time:
            return null()
        return func.div(extract("epoch", end - start), number(_SECONDS[unit]), type_=Numeric())
    first = wall_clock(compiler, start) if is_time else cast(start, _WALL)
    last = wall_clock(compiler, end) if is_time else cast(end, _WALL)
    step, times = _STEPS[unit]
    if step is months_later:
        return func.div(once(_months_between, first, last), number(times), type_=Numeric())
    return func.div(extract("epoch", last - first), number(86_400 * times), type_=Numeric())


def _datediff(compiler: SqlCompiler, node: TypedCall, start: Column, end: Column, unit: Column) -> Column:
    is_time = node.args[0].type.name == "datetime"
    written = node.args[2]
    if isinstance(written, TypedLiteral) and isinstance(written.value, str):
        return _elapsed(compiler, start, end, is_time, written.value)

    def made(start: Column, end: Column, unit: Column) -> Column:
        return case(*[(unit == text(name), _elapsed(compiler, start, end, is_time, name)) for name in UNITS])

    return once(made, start, end, unit)


def _edate(compiler: SqlCompiler, node: TypedCall, moment: Column, months: Column) -> Column:
    return _added(compiler, moment, node.args[0].type.name == "datetime", months, whole(node.args[1]), "month")


def _eomonth(compiler: SqlCompiler, node: TypedCall, day: Column, months: Column) -> Column:
    return month_end(day, months, whole(node.args[1]))


def _part(name: str) -> Callable[..., Column]:
    return lambda compiler, node, day: cast(extract(name, day), Numeric())


DATE_VALUES: Mapping[str, Callable[..., Column]] = {
    "DATE": date_of,
    "TODAY": lambda compiler, node: compiler.context.today,
    "NOW": lambda compiler, node: compiler.context.now,
    "YEAR": _part("year"),
    "MONTH": _part("month"),
    "DAY": _part("day"),
    "DATEADD": _dateadd,
    "DATEDIFF": _datediff,
    "EDATE": _edate,
    "EOMONTH": _eomonth,
    "to_date": lambda compiler, node, moment: cast(wall_clock(compiler, moment), Date()),
    "midnight": lambda compiler, node, day: instant_of(compiler, day),
    "local_time": lambda compiler, node, written: instant_of(compiler, written),
    "shift_date": _shift_date,
    "shift_datetime": _shift_datetime,
    "days_between": lambda compiler, node, later, earlier: cast(later - earlier, Numeric()),
    "time_between": _time_between,
    "date_text": lambda compiler, node, day: func.to_char(day, text("YYYY-MM-DD"), type_=Text()),
    "datetime_text": lambda compiler, node, moment: func.to_char(
        wall_clock(compiler, moment), text("YYYY-MM-DD HH24:MI:SS"), type_=Text()
    ),
}
DATE_ERRORS: Mapping[str, Callable[..., Column]] = {
    "DATEADD": _unit_error,
    "DATEDIFF": _unit_error,
}
