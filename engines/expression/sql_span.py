"""The SQL of functions over parts of dates and the spans between them; NULL as soon as an argument is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Numeric, Text, and_, case, cast, extract, func

from engines.expression.rows_moment import BASES, ISO_WEEKS, SPANS, WEEK_TYPES, WEEKDAY_NAMES, WEEKDAY_TYPES
from engines.expression.sql_context import Column
from engines.expression.sql_once import given, once
from engines.expression.sql_parts import number, text
from engines.expression.tree import TypedCall

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_MONTH_END = "(date_trunc('month', {day}::timestamp) + interval '1 month' - interval '1 day')"
_NAMES = "(array[" + ",".join(f"'{name}'" for name in WEEKDAY_NAMES) + "])[extract(isodow FROM given.day)::int]"


def _by_code(branches: Mapping[int, str]) -> str:
    """Return SQL that chooses by a type cut towards zero; NULL for one there is not."""
    return "CASE trunc(given.code) " + " ".join(f"WHEN {code} THEN {made}" for code, made in branches.items()) + " END"


_WEEKDAY = _by_code(
    {code: f"mod(weekday + {7 - first}, 7) + {least}" for code, (first, least) in WEEKDAY_TYPES.items()}
)
# How far 1 January is into its week: as far as the day, less the days since.
_WEEKNUM = _by_code(
    {code: f"(days + mod(mod(weekday + {7 - first} - days, 7) + 7, 7)) / 7 + 1" for code, first in WEEK_TYPES.items()}
    | {ISO_WEEKS: "extract(week FROM given.day)::int"}
)
_IN_YEAR = ", LATERAL (SELECT extract(isodow FROM given.day)::int - 1 AS weekday, extract(doy FROM given.day)::int - 1 AS days) AS place"


def _numbers(first: str, last: str) -> str:
    """Return a FROM that gives year, month and day of two dates as y1, m1, d1, y2, m2 and d2."""
    parts = [
        f"extract({part} FROM {day})::int AS {part[0]}{place}"
        for place, day in ((1, first), (2, last))
        for part in ("year", "month", "day")
    ]
    return f", LATERAL (SELECT {', '.join(parts)}) AS part"


_SPAN_NUMBERS = _numbers("given.start", "given.finish")
_YEARS = "(y2 - y1 - CASE WHEN (m2, d2) < (m1, d1) THEN 1 ELSE 0 END)"
_MONTHS = "((y2 - y1) * 12 + m2 - m1 - CASE WHEN d2 < d1 THEN 1 ELSE 0 END)"
# The last anniversary is counted on from the first of its month, so that 29 February has one on 1 March.
_COUNTS = {
    "Y": _YEARS,
    "M": _MONTHS,
    "D": "given.finish - given.start",
    "YM": f"mod({_MONTHS}, 12)",
    "YD": f"given.finish - (make_date(y1 + {_YEARS}, m1, 1) + (d1 - 1))",
}
_DATEDIF = (
    "CASE WHEN given.start <= given.finish THEN CASE upper(given.unit) "
    + " ".join(f"WHEN '{unit}' THEN {count}" for unit, count in _COUNTS.items())
    + " END END::numeric"
)
_AGE = f"CASE WHEN given.start <= given.finish THEN {_YEARS} END::numeric"

# The two dates in order, and whether they end a February.
_ORDERED = ", LATERAL (SELECT least(given.start, given.finish) AS one, greatest(given.start, given.finish) AS other) AS pair"
_ENDS = f""", LATERAL (SELECT m1 = 2 AND d1 = extract(day FROM {_MONTH_END.format(day="one")}) AS ends1,
  m2 = 2 AND d2 = extract(day FROM {_MONTH_END.format(day="other")}) AS ends2) AS february"""
_LEAP = "(mod({year}, 4) = 0 AND (mod({year}, 100) <> 0 OR mod({year}, 400) = 0))"
_LEAPS = "({year} / 4 - {year} / 100 + {year} / 400)"
_DAYS_360 = "(y2 - y1) * 360 + (m2 - m1) * 30"
_US = (
    f"{_DAYS_360} + CASE WHEN least(d1, 30) = 30 AND d2 = 31 THEN 0"
    " WHEN ends1 AND ends2 THEN 0 WHEN ends1 THEN d2 - 30 ELSE d2 - least(d1, 30) END"
)
_IS_LONGER = "(y1 <> y2 AND (y2 <> y1 + 1 OR (m1, d1) < (m2, d2)))"
_LEAP_DAY = f"""CASE WHEN y1 = y2 THEN {_LEAP.format(year="y1")}
  ELSE {_LEAP.format(year="y1")} AND m1 <= 2 OR {_LEAP.format(year="y2")} AND (m2, d2) >= (2, 29) END"""
_YEAR_DAYS = f"""CASE WHEN {_IS_LONGER} THEN 365 * (y2 - y1 + 1) + {_LEAPS.format(year="y2")} - {_LEAPS.format(year="(y1 - 1)")}
  WHEN {_LEAP_DAY} THEN 366 ELSE 365 END"""
_FRACTIONS = {
    0: (_US, "360"),
    1: (f"(other - one) * CASE WHEN {_IS_LONGER} THEN y2 - y1 + 1 ELSE 1 END", _YEAR_DAYS),
    2: ("other - one", "360"),
    3: ("other - one", "365"),
    4: (f"{_DAYS_360} + least(d2, 30) - least(d1, 30)", "360"),
}
_YEARFRAC = _by_code(
    {basis: f"round(round(({days})::numeric, 80) / ({year}), 20)" for basis, (days, year) in _FRACTIONS.items()}
)
_YEARFRAC_FROM = _ORDERED + _numbers("one", "other") + _ENDS


def _week_part(body: str) -> Callable[..., Column]:
    return lambda compiler, node, day, code: given(Numeric(), f"({body})::numeric", _IN_YEAR, day=day, code=code)


def _yearfrac(compiler: SqlCompiler, node: TypedCall, start: Column, finish: Column, code: Column) -> Column:
    # LEAST and GREATEST pass over a NULL, which here is a blank or an error.
    body = f"CASE WHEN given.start IS NOT NULL AND given.finish IS NOT NULL THEN {_YEARFRAC} END"
    return given(Numeric(), body, _YEARFRAC_FROM, start=start, finish=finish, code=code)


def _code_error(codes: Iterable[int]) -> Callable[..., Column]:
    """Return the error of a type there is not; a blank argument makes the answer blank before it is looked at."""

    def build(compiler: SqlCompiler, node: TypedCall, *values: Column) -> Column:
        *others, code = values
        unknown = func.trunc(code).not_in([number(known) for known in codes])
        return case((and_(*[value.is_not(None) for value in others], unknown), text("NUM")))

    return build


def _datedif_error(compiler: SqlCompiler, node: TypedCall, start: Column, finish: Column, unit: Column) -> Column:
    def made(start: Column, finish: Column, unit: Column) -> Column:
        there = and_(start.is_not(None), finish.is_not(None))
        unknown = func.upper(unit).not_in([text(name) for name in SPANS])
        return case((and_(there, unknown), text("VALUE")), (and_(unit.is_not(None), start > finish), text("NUM")))

    return once(made, start, finish, unit)


def _part(name: str) -> Callable[..., Column]:
    return lambda compiler, node, day: cast(extract(name, day), Numeric())


SPAN_VALUES: Mapping[str, Callable[..., Column]] = {
    "QUARTER": _part("quarter"),
    "WEEKDAY": _week_part(_WEEKDAY),
    "WEEKDAYNAME": lambda compiler, node, day: given(Text(), _NAMES, day=day),
    "WEEKNUM": _week_part(_WEEKNUM),
    "ISOWEEKNUM": _part("week"),
    "DAYSINMONTH": lambda compiler, node, day: given(
        Numeric(), f"extract(day FROM {_MONTH_END.format(day='given.day')})::numeric", day=day
    ),
    "DAYS": lambda compiler, node, end, start: cast(end - start, Numeric()),
    "DATEDIF": lambda compiler, node, start, finish, unit: given(
        Numeric(), _DATEDIF, _SPAN_NUMBERS, start=start, finish=finish, unit=unit
    ),
    "AGE": lambda compiler, node, start, finish: given(Numeric(), _AGE, _SPAN_NUMBERS, start=start, finish=finish),
    "YEARFRAC": _yearfrac,
}
SPAN_ERRORS: Mapping[str, Callable[..., Column]] = {
    "WEEKDAY": _code_error(WEEKDAY_TYPES),
    "WEEKNUM": _code_error((*WEEK_TYPES, ISO_WEEKS)),
    "YEARFRAC": _code_error(BASES),
    "DATEDIF": _datedif_error,
    "AGE": lambda compiler, node, birth, on: case((birth > on, text("NUM"))),
}
