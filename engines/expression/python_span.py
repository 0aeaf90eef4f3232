"""The Python implementations of functions over parts of dates and the spans between them: dates in, numbers and names out."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from engines.expression.failure import Failure
from engines.expression.rows_moment import ISO_WEEKS, WEEK_TYPES, WEEKDAY_NAMES, WEEKDAY_TYPES
from engines.values.decimals import quotient


def weekday(day: date, kind: Decimal) -> Decimal:
    """Return the number of a weekday, as spreadsheets number them by type."""
    found = WEEKDAY_TYPES.get(_code(kind))
    if found is None:
        raise Failure("NUM")
    first, number = found
    return Decimal((day.weekday() - first) % 7 + number)


def week_of_year(day: date, kind: Decimal) -> Decimal:
    """Return the week of the year, the first being the one with 1 January, or the ISO week."""
    code = _code(kind)
    if code == ISO_WEEKS:
        return iso_week(day)
    first = WEEK_TYPES.get(code)
    if first is None:
        raise Failure("NUM")
    new_year = day.replace(month=1, day=1)
    return Decimal(((day - new_year).days + (new_year.weekday() - first) % 7) // 7 + 1)


def _code(number: Decimal) -> int:
    """Return a type cut towards zero, as spreadsheets do; 0 for one beyond all types."""
    return int(number) if abs(number) < 100 else 0


def iso_week(day: date) -> Decimal:
    """Return the ISO week."""
    # isocalendar cannot look into the year 0, to which the first days of the calendar do not belong: 0001-01-01 is a Monday.
    return Decimal(day.isocalendar().week)


def days_in_month(day: date) -> Decimal:
    """Return how many days the month of a date has."""
    return Decimal(monthrange(day.year, day.month)[1])


def span(start: date, end: date, unit: str) -> Decimal:
    """Return the years, months or days from a date to a later one, each counted as the calendar's numbers say."""
    counts = _SPANS.get(unit.upper())
    if counts is None:
        raise Failure("VALUE")
    if start > end:
        raise Failure("NUM")
    return Decimal(counts(start, end))


def _years(start: date, end: date) -> int:
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _days_beyond_years(start: date, end: date) -> int:
    """Return the days since the last anniversary; 29 February has its own on 1 March in other years."""
    year = start.year + _years(start, end)
    if (start.month, start.day) == (2, 29) and not isleap(year):
        return (end - date(year, 3, 1)).days
    return (end - start.replace(year=year)).days


_SPANS: Mapping[str, Callable[[date, date], int]] = {
    "Y": _years,
    "M": _months,
    "D": lambda start, end: (end - start).days,
    "YM": lambda start, end: _months(start, end) % 12,
    "YD": _days_beyond_years,
}


def age(birth: date, on: date) -> Decimal:
    """Return the age in years; nobody has one before they are born."""
    return span(birth, on, "Y")


def year_fraction(start: date, end: date, basis: Decimal) -> Decimal:
    """Return the fraction of a year between two dates, whichever comes first."""
    code = int(basis) if abs(basis) < 100 else -1
    if code not in range(5):
        raise Failure("NUM")
    first, last = sorted((start, end))
    if code == 0:
        return quotient(Decimal(_days_360_us(first, last)), Decimal(360))
    if code == 4:
        return quotient(Decimal(_days_360_european(first, last)), Decimal(360))
    days = Decimal((last - first).days)
    if code == 1:
        year_days, years = _year_lengths(first, last)
        return quotient(days * years, Decimal(year_days))
    return quotient(days, Decimal(360 if code == 2 else 365))


def _days_360_us(first: date, last: date) -> int:
    start, end = min(first.day, 30), last.day
    if start == 30 and end == 31:
        end = 30
    elif _ends_february(first):
        start = 30
        if _ends_february(last):
            end = 30
    return _days_360(first, last) + end - start


def _days_360_european(first: date, last: date) -> int:
    return _days_360(first, last) + min(last.day, 30) - min(first.day, 30)


def _days_360(first: date, last: date) -> int:
    return (last.year - first.year) * 360 + (last.month - first.month) * 30


def _ends_february(day: date) -> bool:
    return day.month == 2 and day.day == monthrange(day.year, 2)[1]


def _year_lengths(first: date, last: date) -> tuple[int, int]:
    """Return the days of so many years whose mean is the year that counts, as spreadsheets settled it where OpenFormula was silent."""
    is_other_year = first.year != last.year
    if is_other_year and (last.year != first.year + 1 or (first.month, first.day) < (last.month, last.day)):
        years = last.year - first.year + 1
        return 365 * years + _leap_years(last.year) - _leap_years(first.year - 1), years
    # The whole of a year when both lie in it, else the 29 February that lies between them, the ends included.
    has_leap_day = (
        isleap(first.year) and first.month <= 2 or isleap(last.year) and (last.month, last.day) >= (2, 29)
        if is_other_year
        else isleap(first.year)
    )
    if has_leap_day:
        return 366, 1
    return 365, 1


def _leap_years(year: int) -> int:
    """Return how many leap years there are up to a year."""
    return year // 4 - year // 100 + year // 400


SPAN_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "QUARTER": lambda day: Decimal((day.month + 2) // 3),
    "WEEKDAY": weekday,
    "WEEKDAYNAME": lambda day: WEEKDAY_NAMES[day.weekday()],
    "WEEKNUM": week_of_year,
    "ISOWEEKNUM": iso_week,
    "DAYSINMONTH": days_in_month,
    "DAYS": lambda end, start: Decimal((end - start).days),
    "DATEDIF": span,
    "AGE": age,
    "YEARFRAC": year_fraction,
}
