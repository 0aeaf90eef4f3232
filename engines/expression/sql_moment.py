"""The SQL of functions over times: made of numbers and texts, bounds of units, parts in the site's zone; NULL as soon as an argument is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, DateTime, Numeric, Text, and_, case, cast, extract, func
from sqlalchemy.types import TypeEngine

from engines.expression.rows_date import UNITS
from engines.expression.sql_context import Column
from engines.expression.sql_date import date_of, wall_clock
from engines.expression.sql_once import given, once
from engines.expression.sql_parts import number, text
from engines.expression.tree import TypedCall, TypedLiteral
from engines.expression.written_time import LONGEST, WRITTEN_TIME

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_INSTANT = DateTime(timezone=True)
# The years 1 to 9999 on the clock of UTC, and of a wall clock.
_IN_REACH = "moment >= '0001-01-01 00:00+00'::timestamptz AND moment < '9999-12-31 00:00+00'::timestamptz + interval '1 day'"
_DAY_IN_REACH = "last >= date '0001-01-01' AND last < date '9999-12-31' + 1"
_KEPT = f"CASE WHEN {_IN_REACH} THEN moment END"
_FAR = "4000000::numeric * 86400"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _zone(compiler: SqlCompiler) -> str:
    return _quoted(compiler.context.zone)


def _datetime(
    compiler: SqlCompiler, node: TypedCall, year: Column, month: Column, day: Column, hour: Column, minute: Column, second: Column
) -> Column:
    # Whole days are counted first, so that no step ever leaves the calendar.
    rest = f""", LATERAL (SELECT CASE WHEN abs(hour) <= {_FAR} AND abs(minute) <= {_FAR} AND abs(second) <= {_FAR}
      THEN trunc(hour) * 3600 + trunc(minute) * 60 + trunc(second) END AS seconds) AS clock
    , LATERAL (SELECT given.day - date '0001-01-01' + floor(seconds / 86400) AS number, seconds - floor(seconds / 86400) * 86400 AS over) AS cut
    , LATERAL (SELECT CASE WHEN number BETWEEN 0 AND 3652058
      THEN timezone({_zone(compiler)}, date '0001-01-01' + number::int + over::int * interval '1 second') END AS moment) AS made"""
    first = date_of(compiler, node, year, month, day)
    return given(_INSTANT, _KEPT, rest, day=first, hour=hour, minute=minute, second=second)


def _start(unit: str) -> str:
    return f"date_trunc('{unit}', wall)"


def _end(unit: str, least: str) -> str:
    return f"{_start(unit)} + interval '{'3 month' if unit == 'quarter' else f'1 {unit}'}' - interval '1 {least}'"


def _bound(is_end: bool) -> Callable[..., Column]:
    """Return the SQL of STARTOF or ENDOF: hours and less are physical, the others begin at midnight."""

    def of_date(unit: str) -> str:
        return _end(unit, "day") if is_end else _start(unit)

    def of_time(unit: str, zone: str) -> str:
        if unit in UNITS[5:]:
            later = f" + interval '1 {unit}' - interval '1 microsecond'" if is_end else ""
            return f"given.at - (wall - {_start(unit)}){later}"
        return f"timezone({zone}, {_end(unit, 'microsecond') if is_end else _start(unit)})"

    def build(compiler: SqlCompiler, node: TypedCall, moment: Column, unit: Column) -> Column:
        written = node.args[1]
        is_written = isinstance(written, TypedLiteral) and written.value is not None
        known = (str(written.value),) if isinstance(written, TypedLiteral) and is_written else UNITS
        kind: TypeEngine[Any]
        if node.args[0].type.name == "datetime":
            kind, zone = _INSTANT, _zone(compiler)
            branches = {name: of_time(name, zone) for name in known}
            kept, wall = _KEPT, f"timezone({zone}, given.at)"
            made = "moment"
        else:
            kind = Date()
            branches = {name: of_date(name) for name in known if name in UNITS[:5]}
            kept, wall = f"CASE WHEN {_DAY_IN_REACH} THEN last::date END", "given.at::timestamp"
            made = "last"
        if is_written:
            body = branches[known[0]]
        else:
            body = "CASE given.unit " + " ".join(f"WHEN '{name}' THEN {way}" for name, way in branches.items()) + " END"
        rest = f", LATERAL (SELECT {wall} AS wall) AS clock, LATERAL (SELECT {body} AS {made}) AS bound"
        return given(kind, kept, rest, at=moment, unit=unit)

    return build


def _unit_error(compiler: SqlCompiler, node: TypedCall, moment: Column, unit: Column) -> Column:
    known = UNITS if node.args[0].type.name == "datetime" else UNITS[:5]
    # A blank date makes the answer blank before the unit is looked at.
    return case((and_(moment.is_not(None), *[unit != text(name) for name in known]), text("VALUE")))


# What a text writes, part by part; every part is NULL when the text is no date.
_READ = f""", LATERAL (SELECT CASE WHEN length(given.value) <= {LONGEST} THEN regexp_match(given.value, {_quoted(WRITTEN_TIME)}) END AS m) AS matched
, LATERAL (SELECT coalesce(m[1], m[4])::int AS year, coalesce(m[2], m[5])::int AS month, coalesce(m[3], m[6])::int AS day,
  coalesce(m[8], '0')::int AS clock_hour, coalesce(m[9], m[12], '0')::int AS minute, coalesce(m[10], m[13], '0')::int AS second,
  rpad(left(coalesce(m[11], ''), 6), 6, '0')::int AS micros, coalesce(m[7], upper(m[14])) AS half,
  m[15] AS zone, CASE WHEN m[16] = '-' THEN 1 ELSE -1 END AS sign, coalesce(m[17], '0')::int AS zone_hours, coalesce(m[18], '0')::int AS zone_minutes) AS part
, LATERAL (SELECT CASE WHEN half IS NULL THEN clock_hour WHEN clock_hour BETWEEN 1 AND 12
    THEN mod(clock_hour, 12) + CASE WHEN half IN ('下午', 'PM') THEN 12 ELSE 0 END END AS hour,
  CASE WHEN year >= 1 AND month BETWEEN 1 AND 12 AND day >= 1 THEN make_date(year, month, 1) + (day - 1) END AS reached) AS checked
, LATERAL (SELECT CASE WHEN extract(month FROM reached) = month AND hour <= 23 AND minute <= 59 AND second <= 59 AND zone_hours <= 15 AND zone_minutes <= 59
    THEN reached + make_interval(hours => hour, mins => minute, secs => second) + micros * interval '1 microsecond' END AS wall) AS valid
, LATERAL (SELECT CASE WHEN zone IS NULL THEN timezone(@zone, wall)
    ELSE timezone('UTC', wall + sign * make_interval(hours => zone_hours, mins => zone_minutes)) END AS moment) AS made"""


def _read(compiler: SqlCompiler) -> str:
    return _READ.replace("@zone", _zone(compiler))


def _todatetime(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    return given(_INSTANT, _KEPT, _read(compiler), value=value)


def _todate(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    zone = _zone(compiler)
    day = f"CASE WHEN zone IS NULL THEN wall::date WHEN {_IN_REACH} THEN timezone({zone}, moment)::date END"
    rest = _read(compiler) + f", LATERAL (SELECT {day} AS last) AS local"
    return given(Date(), f"CASE WHEN {_DAY_IN_REACH} THEN last END", rest, value=value)


def _written_error(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    def made(value: Column) -> Column:
        # An empty text is blank; one that is read may lie beyond the calendar.
        code = f"CASE WHEN wall IS NULL THEN 'VALUE' WHEN {beyond} THEN 'LIMIT' END"
        return case((value != text(""), given(Text(), code, _read(compiler), value=value)))

    beyond = f"NOT ({_IN_REACH})" if node.name == "TODATETIME" else f"zone IS NOT NULL AND NOT ({_IN_REACH})"
    return once(made, value)


def _hour(name: str) -> Callable[..., Column]:
    return lambda compiler, node, moment: func.floor(extract(name, wall_clock(compiler, moment)), type_=Numeric())


def _timestamp(compiler: SqlCompiler, node: TypedCall, moment: Column) -> Column:
    return func.floor(cast(extract("epoch", moment), Numeric()) * number(1000), type_=Numeric())


def _from_timestamp(compiler: SqlCompiler, node: TypedCall, milliseconds: Column) -> Column:
    rest = """, LATERAL (SELECT CASE WHEN given.milliseconds >= -62135596800000 AND given.milliseconds < 253402300800000 THEN floor(given.milliseconds) END AS whole) AS cut
    , LATERAL (SELECT timezone('UTC', timestamp '1970-01-01' + make_interval(days => div(whole, 86400000)::int)
      + mod(whole, 86400000)::int * interval '1 millisecond') AS moment) AS made"""
    return given(_INSTANT, _KEPT, rest, milliseconds=milliseconds)


MOMENT_VALUES: Mapping[str, Callable[..., Column]] = {
    "DATETIME": _datetime,
    "HOUR": _hour("hour"),
    "MINUTE": _hour("minute"),
    "SECOND": _hour("second"),
    "STARTOF": _bound(is_end=False),
    "ENDOF": _bound(is_end=True),
    "TODATE": _todate,
    "TODATETIME": _todatetime,
    "TIMESTAMP": _timestamp,
    "FROMTIMESTAMP": _from_timestamp,
}
MOMENT_ERRORS: Mapping[str, Callable[..., Column]] = {
    "STARTOF": _unit_error,
    "ENDOF": _unit_error,
    "TODATE": _written_error,
    "TODATETIME": _written_error,
}
