"""The Python implementations of functions over dates and times: a context for zone and now, then values; errors are raised."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal

from engines.expression.failure import EvalContext, Failure
from engines.values.decimals import quotient

MICROSECONDS_OF_DAY = 86_400_000_000
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}
SECONDS = {"hour": 3600, "minute": 60, "second": 1}
_FAR = 4_000_000


def local(moment: datetime, zone: tzinfo) -> datetime:
    """Return the wall-clock time of an instant in a zone, without its zone."""
    try:
        return moment.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        raise Failure("LIMIT") from None


def instant(wall: datetime, zone: tzinfo) -> datetime:
    """Return the instant a wall clock shows; of an hour that is skipped or comes twice, as PostgreSQL reads it.

    PostgreSQL takes the smaller offset: standard time for both.
    """
    early, late = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    first, second = early.utcoffset(), late.utcoffset()
    if first is None or second is None:
        raise Failure("LIMIT")
    try:
        return (wall - min(first, second)).replace(tzinfo=UTC)
    except OverflowError:
        raise Failure("LIMIT") from None


def whole(number: Decimal) -> int:
    """Return a count cut towards zero; one beyond every date fails."""
    result = int(number)
    if abs(result) > _FAR * 86_400:
        raise Failure("LIMIT")
    return result


def plus_days(day: date, days: int) -> date:
    """Return a date so many days later."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise Failure("LIMIT") from None


def plus_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a month that has no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if not 1 <= year <= 9999:
        raise Failure("LIMIT")
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def make_date(_: EvalContext, year: Decimal, month: Decimal, day: Decimal) -> date:
    """Return the date of a year, month and day, surplus months and days carried over."""
    count = whole(year) * 12 + whole(month) - 1
    if not 12 <= count < 120_000:
        raise Failure("LIMIT")
    return plus_days(date(count // 12, count % 12 + 1, 1), whole(day) - 1)


def today(context: EvalContext) -> date:
    """Return today in the zone of the context."""
    return local(context.now, context.zone).date()


def to_date(context: EvalContext, moment: datetime) -> date:
    """Return the date of an instant in the zone of the context."""
    return local(moment, context.zone).date()


def midnight(context: EvalContext, day: date) -> datetime:
    """Return the instant at which a date begins."""
    return instant(datetime(day.year, day.month, day.day), context.zone)  # noqa: DTZ001 (a wall clock has no zone)


def local_time(context: EvalContext, text: str) -> datetime:
    """Return the instant a text without zone writes."""
    return instant(datetime.fromisoformat(text), context.zone)


def shift_date(_: EvalContext, day: date, days: Decimal) -> date:
    """Return the date so many whole days later."""
    return plus_days(day, whole(days))


def shift_datetime(context: EvalContext, moment: datetime, days: Decimal) -> datetime:
    """Return the time so many days later on the wall clock."""
    whole(days)
    microseconds = int((days * MICROSECONDS_OF_DAY).to_integral_value())
    try:
        wall = local(moment, context.zone) + timedelta(microseconds=microseconds)
    except OverflowError:
        raise Failure("LIMIT") from None
    return instant(wall, context.zone)


def days_between(_: EvalContext, later: date, earlier: date) -> Decimal:
    """Return the days from one date to another."""
    return Decimal((later - earlier).days)


def time_between(_: EvalContext, later: datetime, earlier: datetime) -> Decimal:
    """Return the days from one instant to another, with their fraction."""
    return quotient(Decimal((later - earlier) // timedelta(microseconds=1)), Decimal(MICROSECONDS_OF_DAY))


def date_add(context: EvalContext, moment: date, count: Decimal, unit: str) -> date:
    """Return a date or time so many units later; hours and less are physical, the others wall-clock steps."""
    steps = whole(count)
    if unit in SECONDS:
        if not isinstance(moment, datetime):
            raise Failure("VALUE")
        try:
            return moment + timedelta(seconds=steps * SECONDS[unit])
        except OverflowError:
            raise Failure("LIMIT") from None
    if unit not in _MONTHS and unit not in _DAYS:
        raise Failure("VALUE")
    wall = local(moment, context.zone) if isinstance(moment, datetime) else moment
    if unit in _MONTHS:
        wall = plus_months(wall, steps * _MONTHS[unit])
    else:
        wall = plus_days(wall, steps * _DAYS[unit])
    return instant(wall, context.zone) if isinstance(wall, datetime) else wall


def date_diff(context: EvalContext, start: date, end: date, unit: str) -> Decimal:
    """Return the whole units elapsed, cut towards zero."""
    if unit in SECONDS:
        if not isinstance(start, datetime) or not isinstance(end, datetime):
            raise Failure("VALUE")
        return Decimal(_towards_zero((end - start) // timedelta(microseconds=1), SECONDS[unit] * 1_000_000))
    first = local(start, context.zone) if isinstance(start, datetime) else start
    last = local(end, context.zone) if isinstance(end, datetime) else end
    if unit in _MONTHS:
        return Decimal(_towards_zero(_months_between(first, last), _MONTHS[unit]))
    if unit not in _DAYS:
        raise Failure("VALUE")
    microseconds = (last - first) // timedelta(microseconds=1)
    return Decimal(_towards_zero(microseconds, _DAYS[unit] * MICROSECONDS_OF_DAY))


def _towards_zero(number: int, unit: int) -> int:
    return number // unit if number >= 0 else -(-number // unit)


def _months_between(first: date, last: date) -> int:
    """Return the whole months elapsed: month n has elapsed when `first` shifted by n months is reached."""
    months = (last.year - first.year) * 12 + last.month - first.month
    reached = plus_months(first, months)
    if last >= first:
        return months - 1 if reached > last else months
    return months + 1 if reached < last else months


def same_day_later(context: EvalContext, moment: date, months: Decimal) -> date:
    """Return the same day so many months later."""
    return date_add(context, moment, months, "month")


def end_of_month(_: EvalContext, day: date, months: Decimal) -> date:
    """Return the last day of the month so many months later."""
    there = plus_months(day, whole(months))
    return there.replace(day=monthrange(there.year, there.month)[1])


def datetime_text(context: EvalContext, moment: datetime) -> str:
    """Return a time as its wall clock shows it."""
    return local(moment, context.zone).isoformat(" ", "seconds")


DATE_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "DATE": make_date,
    "TODAY": today,
    "NOW": lambda context: context.now,
    "YEAR": lambda _, day: Decimal(day.year),
    "MONTH": lambda _, day: Decimal(day.month),
    "DAY": lambda _, day: Decimal(day.day),
    "DATEADD": date_add,
    "DATEDIFF": date_diff,
    "EDATE": same_day_later,
    "EOMONTH": end_of_month,
    "to_date": to_date,
    "midnight": midnight,
    "local_time": local_time,
    "shift_date": shift_date,
    "shift_datetime": shift_datetime,
    "days_between": days_between,
    "time_between": time_between,
    "date_text": lambda _, day: day.isoformat(),
    "datetime_text": datetime_text,
}
