"""The Python implementations of functions over times: made of numbers and texts, bounds of units, parts in the zone of the context."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal

from engines.expression.failure import EvalContext, Failure
from engines.expression.python_date import instant, local, make_date, plus_days, whole
from engines.expression.written_time import LONGEST, WRITTEN_TIME

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_MICROSECOND = timedelta(microseconds=1)
_FAR = Decimal(10) ** 15
_SIZES = {"hour": timedelta(hours=1), "minute": timedelta(minutes=1), "second": timedelta(seconds=1)}
_WRITTEN_TIME = re.compile(WRITTEN_TIME)


def make_datetime(
    context: EvalContext, year: Decimal, month: Decimal, day: Decimal, hour: Decimal, minute: Decimal, second: Decimal
) -> datetime:
    """Return the time that a year, month, day, hour, minute and second make in the site's zone, surplus carried over."""
    first = make_date(context, year, month, day)
    seconds = whole(hour) * 3600 + whole(minute) * 60 + whole(second)
    try:
        return instant(datetime.combine(first, time()) + timedelta(seconds=seconds), context.zone)
    except OverflowError:
        raise Failure("LIMIT") from None


def start_of(context: EvalContext, moment: date, unit: str) -> date:
    """Return the start of the unit a date or time lies in; hours and less are physical, the others begin at midnight."""
    if not isinstance(moment, datetime):
        return _first_day(moment, unit)
    if unit in _SIZES:
        return moment - _into(local(moment, context.zone), unit)
    return instant(datetime.combine(_first_day(local(moment, context.zone).date(), unit), time()), context.zone)


def end_of(context: EvalContext, moment: date, unit: str) -> date:
    """Return the end of the unit a date or time lies in: its last day, its last microsecond."""
    if not isinstance(moment, datetime):
        return _last_day(moment, unit)
    if unit in _SIZES:
        return moment - _into(local(moment, context.zone), unit) + (_SIZES[unit] - _MICROSECOND)
    return instant(datetime.combine(_last_day(local(moment, context.zone).date(), unit), time.max), context.zone)


def _into(wall: datetime, unit: str) -> timedelta:
    """Return how far a wall clock is into its hour, minute or second."""
    return timedelta(
        minutes=wall.minute if unit == "hour" else 0,
        seconds=0 if unit == "second" else wall.second,
        microseconds=wall.microsecond,
    )


def _first_day(day: date, unit: str) -> date:
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    if unit == "year":
        return day.replace(month=1, day=1)
    raise Failure("VALUE")


def _last_day(day: date, unit: str) -> date:
    if unit == "day":
        return day
    if unit == "week":
        return plus_days(day, 6 - day.weekday())
    month = {"month": day.month, "quarter": (day.month + 2) // 3 * 3, "year": 12}.get(unit)
    if month is None:
        raise Failure("VALUE")
    return day.replace(month=month, day=monthrange(day.year, month)[1])


def written_date(context: EvalContext, text: str) -> date | None:
    """Return the date a text writes; of a time with a zone of its own, the date in the site's zone."""
    written = _read(text)
    if written is None:
        return None
    wall, zone = written
    return wall.date() if zone is None else local(_instant(wall, zone), context.zone).date()


def written_datetime(context: EvalContext, text: str) -> datetime | None:
    """Return the time a text writes, in the site's zone unless it names one; midnight where it writes a date alone."""
    written = _read(text)
    if written is None:
        return None
    wall, zone = written
    return instant(wall, context.zone) if zone is None else _instant(wall, zone)


def _instant(wall: datetime, offset: timedelta) -> datetime:
    try:
        return (wall - offset).replace(tzinfo=UTC)
    except OverflowError:
        raise Failure("LIMIT") from None


def _read(text: str) -> tuple[datetime, timedelta | None] | None:
    """Return the wall-clock time a text writes and the offset of its zone if it names one; nothing for an empty text."""
    if text == "":
        return None
    match = _WRITTEN_TIME.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        raise Failure("VALUE")
    year, month, day = (match[place] or match[place + 3] for place in (1, 2, 3))
    hour, minute, second = int(match[8] or 0), int(match[9] or match[12] or 0), int(match[10] or match[13] or 0)
    half = match[7] or (match[14] or "").upper()
    if half:
        if not 1 <= hour <= 12:
            raise Failure("VALUE")
        hour = hour % 12 + (12 if half in ("下午", "PM") else 0)
    try:
        wall = datetime(  # noqa: DTZ001 (a wall clock has no zone)
            int(year), int(month), int(day), hour, minute, second, int((match[11] or "")[:6].ljust(6, "0"))
        )
    except ValueError:
        raise Failure("VALUE") from None
    if not match[15]:
        return wall, None
    hours, minutes = int(match[17] or 0), int(match[18] or 0)
    if hours > 15 or minutes > 59:
        raise Failure("VALUE")
    offset = timedelta(hours=hours, minutes=minutes)
    return wall, -offset if match[16] == "-" else offset


def timestamp(_: EvalContext, moment: datetime) -> Decimal:
    """Return the milliseconds since 1970 began."""
    return Decimal((moment - _EPOCH) // _MILLISECOND)


def from_timestamp(_: EvalContext, milliseconds: Decimal) -> datetime:
    """Return the time so many milliseconds after 1970 began; parts of a millisecond are left out."""
    if abs(milliseconds) > _FAR:
        raise Failure("LIMIT")
    try:
        return _EPOCH + timedelta(milliseconds=int(milliseconds.to_integral_value(ROUND_FLOOR)))
    except OverflowError:
        raise Failure("LIMIT") from None


def _part(name: str) -> Callable[[EvalContext, datetime], Decimal]:
    return lambda context, moment: Decimal(getattr(local(moment, context.zone), name))


MOMENT_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "DATETIME": make_datetime,
    "HOUR": _part("hour"),
    "MINUTE": _part("minute"),
    "SECOND": _part("second"),
    "STARTOF": start_of,
    "ENDOF": end_of,
    "TODATE": written_date,
    "TODATETIME": written_datetime,
    "TIMESTAMP": timestamp,
    "FROMTIMESTAMP": from_timestamp,
}
