"""The SQL of steps through the calendar: a date or time and a count in, the one so many months, days or seconds later out.

PostgreSQL raises an error for what lies before 4713 BC. So each step is taken only where its end lies in the years 1 to 9999, and is
NULL elsewhere: a count that is written out is held against the moment itself, any other is added up first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import (
    Date,
    DateTime,
    Float,
    Integer,
    Interval,
    Numeric,
    and_,
    case,
    cast,
    extract,
    func,
    literal_column,
)

from engines.expression.safe import written_whole
from engines.expression.sql_context import Column
from engines.expression.sql_once import once
from engines.expression.sql_parts import integer, number, text
from engines.expression.tree import TypedTree

WALL = DateTime(timezone=False)
_INSTANT = DateTime(timezone=True)
_FIRST = literal_column("date '0001-01-01'", Date())
_DAY = literal_column("interval '1 day'", Interval())
_NONE = integer(0)
_DAYS = 3_652_059
# Seconds from 1970 to the beginning of year 1 and to the end of year 9999.
_BEGIN_S, _END_S = -62_135_596_800, 253_402_300_800


def whole(node: TypedTree) -> int | None:
    """Return the count of steps a node writes out, its sign with it; None when it writes none, or one beyond all reach.

    >>> from decimal import Decimal
    >>> from engines.values.value_types import NUMBER
    >>> from engines.expression.tree import TypedCall, TypedLiteral
    >>> whole(TypedCall("neg", (TypedLiteral(Decimal("2.5"), NUMBER),), NUMBER))
    -2
    """
    written = written_whole(node)
    return None if written is None or abs(written) > 10**7 else written


def months_later(day: Column, count: Column, written: int | None, times: int = 1) -> Column:
    """Return a date or wall-clock time so many times `count` months later; months end with their last day."""
    is_date = isinstance(day.type, Date)

    def moved(day: Column, months: Column) -> Column:
        later = cast(day, WALL) + func.make_interval(_NONE, months, type_=Interval())
        return cast(later, Date()) if is_date else later

    return _by_months(day, count, written, times, moved)


def month_end(day: Column, count: Column, written: int | None) -> Column:
    """Return the last day of the month so many months later."""

    def moved(day: Column, months: Column) -> Column:
        first = func.date_trunc(text("month"), cast(day, WALL), type_=WALL)
        return cast(first + func.make_interval(_NONE, months + integer(1), type_=Interval()) - _DAY, Date())

    return _by_months(day, count, written, 1, moved)


def _by_months(
    day: Column, count: Column, written: int | None, times: int, moved: Callable[[Column, Column], Column]
) -> Column:
    if written is not None:
        return _where(day, _month_bounds(written * times), lambda day: moved(day, integer(written * times)))

    def made(day: Column, months: Column) -> Column:
        there = extract("year", day) * number(12) + extract("month", day) - number(1) + months
        return case((and_(there >= number(12), there < number(120_000)), moved(day, cast(months, Integer()))))

    return once(made, day, func.trunc(count, type_=Numeric()) * number(times))


def days_later(day: Column, count: Column, written: int | None, times: int = 1) -> Column:
    """Return a date or wall-clock time so many times `count` days later."""
    is_date = isinstance(day.type, Date)

    def moved(day: Column, days: Column) -> Column:
        return day + days if is_date else day + func.make_interval(_NONE, _NONE, _NONE, days, type_=Interval())

    if written is not None:
        return _where(day, _day_bounds(written * times), lambda day: moved(day, integer(written * times)))

    def made(day: Column, days: Column) -> Column:
        there = cast((day if is_date else cast(day, Date())) - _FIRST, Numeric()) + days
        return case((and_(there >= number(0), there < number(_DAYS)), moved(day, cast(days, Integer()))))

    return once(made, day, func.trunc(count, type_=Numeric()) * number(times))


def seconds_later(moment: Column, count: Column, times: int) -> Column:
    """Return an instant so many times `count` seconds later."""
    return _later(moment, func.trunc(count, type_=Numeric()) * number(times), literal_column("interval '1 second'", Interval()))


def fraction_later(wall: Column, days: Column) -> Column:
    """Return a wall-clock time so many days later, parts of days with them."""

    def made(wall: Column, days: Column) -> Column:
        there = extract("epoch", wall) + days * number(86_400)
        return case((_in_years(there), wall + cast(days, Float()) * _DAY))

    return once(made, wall, days)


def _later(moment: Column, seconds: Column, unit: Column) -> Column:
    def made(moment: Column, seconds: Column) -> Column:
        return case((_in_years(extract("epoch", moment) + seconds), moment + cast(seconds, Float()) * unit))

    return once(made, moment, seconds)


def _in_years(seconds: Column) -> Column:
    return and_(seconds >= number(_BEGIN_S), seconds < number(_END_S))


# The first day from which a step stays in the calendar, and the last: None where every day will do; nothing where none does.
_Bounds = tuple[date | None, date | None] | None


def _month_bounds(months: int) -> _Bounds:
    if abs(months) >= 119_988:
        return None
    if months >= 0:
        return None, _month(119_999 - months + 1) - timedelta(days=1) if months else None
    return _month(12 - months), None


def _day_bounds(days: int) -> _Bounds:
    if abs(days) >= _DAYS:
        return None
    if days >= 0:
        return None, date.max - timedelta(days=days) if days else None
    return date.min - timedelta(days=days), None


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


def _where(day: Column, bounds: _Bounds, moved: Callable[[Column], Column]) -> Column:
    if bounds is None:
        return cast(literal_column("NULL"), day.type)
    least, most = bounds
    if least is None and most is None:
        return moved(day)

    def made(day: Column) -> Column:
        if least is not None:
            return case((day >= literal_column(f"date '{least.isoformat()}'", Date()), moved(day)))
        assert most is not None
        return case((day < literal_column(f"date '{most.isoformat()}' + 1", Date()), moved(day)))

    return once(made, day)
