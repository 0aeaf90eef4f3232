"""The SQL of functions over dates and times; NULL as soon as an argument is, or where the calendar ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Date,
    DateTime,
    Float,
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
from sqlalchemy.types import TypeEngine

from engines.expression.rows_date import UNITS
from engines.expression.sql_context import Column
from engines.expression.sql_number import quotient
from engines.expression.sql_once import once
from engines.expression.sql_parts import integer, number, text
from engines.expression.tree import TypedCall, TypedLiteral

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_WALL = DateTime(timezone=False)
_INSTANT = DateTime(timezone=True)
# unit -> the argument of make_interval and how many of it
_STEPS = {"year": ("months", 12), "quarter": ("months", 3), "month": ("months", 1), "week": ("days", 7), "day": ("days", 1)}
_SECONDS = {"hour": 3600, "minute": 60, "second": 1}
_MOST_STEPS = 4_000_000
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


def within_years(made: Column, kind: TypeEngine[Any]) -> Column:
    """Return a date or wall-clock time, NULL when it lies outside the years 1 to 9999."""

    def kept(made: Column) -> Column:
        return case((and_(made >= _FIRST_DAY, made < _END), made))

    result = once(kept, made)
    result.type = kind
    return result


def whole_steps(count: Column, most: int = _MOST_STEPS) -> Column:
    """Return a count as an integer, NULL when it is out of all reach."""
    return once(lambda count: case((func.abs(count) <= number(most), cast(func.trunc(count), Integer()))), count)


def date_of(compiler: SqlCompiler, node: TypedCall, year: Column, month: Column, day: Column) -> Column:
    """Return the date of a year, month and day, surplus carried over; NULL beyond the calendar."""
    def made(months: Column, days: Column) -> Column:
        first = func.make_date(
            cast(func.div(months, number(12)), Integer()), cast(func.mod(months, number(12)), Integer()) + _ONE, _ONE, type_=Date()
        )
        return case((and_(months >= number(12), months < number(120_000)), first + days - _ONE))

    months = func.trunc(year, type_=Numeric()) * number(12) + func.trunc(month, type_=Numeric()) - number(1)
    return within_years(once(made, months, whole_steps(day)), Date())


def _shift_date(compiler: SqlCompiler, node: TypedCall, day: Column, days: Column) -> Column:
    return within_years(day + whole_steps(days), Date())


def _shift_datetime(compiler: SqlCompiler, node: TypedCall, moment: Column, days: Column) -> Column:
    reach = once(lambda days: case((func.abs(days) <= number(_MOST_STEPS), cast(days, Float()))), days)
    wall = wall_clock(compiler, moment) + reach * literal_column("interval '1 day'", Interval())
    return instant_of(compiler, within_years(wall, _WALL))


def _time_between(compiler: SqlCompiler, node: TypedCall, later: Column, earlier: Column) -> Column:
    return quotient(extract("epoch", later - earlier), number(86_400))


def _added(compiler: SqlCompiler, moment: Column, is_time: bool, count: Column, unit: str) -> Column:
    """Return a date or time so many units later."""
    if unit in _SECONDS:
        if not is_time:
            return null()
        seconds = cast(whole_steps(count, _MOST_STEPS * 86_400 // _SECONDS[unit] // 400), Float()) * literal_column(f"{_SECONDS[unit]}.0", Float())
        moved = moment + func.make_interval(_NONE, _NONE, _NONE, _NONE, _NONE, _NONE, seconds, type_=Interval())
        return within_years(moved, _INSTANT)
    name, times = _STEPS[unit]
    steps = whole_steps(count, _MOST_STEPS // times) * integer(times)
    parts = (_NONE, steps) if name == "months" else (_NONE, _NONE, _NONE, steps)
    wall = wall_clock(compiler, moment) if is_time else cast(moment, _WALL)
    moved = within_years(wall + func.make_interval(*parts, type_=Interval()), _WALL)
    return instant_of(compiler, moved) if is_time else cast(moved, Date())


def _dateadd(compiler: SqlCompiler, node: TypedCall, moment: Column, count: Column, unit: Column) -> Column:
    is_time = node.args[0].type.name == "datetime"
    written = node.args[2]
    if isinstance(written, TypedLiteral) and isinstance(written.value, str):
        return _added(compiler, moment, is_time, count, written.value)

    def made(moment: Column, count: Column, unit: Column) -> Column:
        return case(*[(unit == text(name), _added(compiler, moment, is_time, count, name)) for name in UNITS])

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
    name, times = _STEPS[unit]
    if name == "months":
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
    return _added(compiler, moment, node.args[0].type.name == "datetime", months, "month")


def _eomonth(compiler: SqlCompiler, node: TypedCall, day: Column, months: Column) -> Column:
    first = func.date_trunc(text("month"), cast(day, _WALL), type_=_WALL)
    steps = whole_steps(months) + _ONE
    last = first + func.make_interval(_NONE, steps, type_=Interval()) - literal_column("interval '1 day'", Interval())
    return cast(within_years(last, _WALL), Date())


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
