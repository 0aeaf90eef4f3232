"""The Python implementations of functions over working days: closed forms for weekends, one pass over the listed days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from engines.expression.failure import EvalContext, Failure
from engines.expression.python_date import whole

Days = Iterable[date | None] | None
# Days are counted from Monday 0001-01-01, which is 0; turning the line round keeps weekends weekends.
_LAST = date.max.toordinal() - 1
_TURN = 4


def _number(day: date) -> int:
    return day.toordinal() - 1


def _weekdays(day: int) -> int:
    """Return how many days from Monday to Friday there are from day 0 to a day, itself included."""
    week, weekday = divmod(day, 7)
    return week * 5 + min(weekday + 1, 5)


def _weekday(count: int) -> int:
    """Return the day from Monday to Friday up to which there are so many."""
    week, weekday = divmod(count - 1, 5)
    return week * 7 + weekday


def _exceptions(holidays: Days, workdays: Days) -> dict[int, int]:
    """Return the days that are not as their weekday says: 1 for one that is worked, -1 for one that is not."""
    worked = {_number(day) for day in workdays or () if day is not None}
    free = {_number(day) for day in holidays or () if day is not None}
    return {day: 1 for day in worked if day % 7 > 4} | {day: -1 for day in free - worked if day % 7 < 5}


def working_days(start: date | None, end: date | None, holidays: Days = None, workdays: Days = None) -> Decimal | None:
    """Return how many working days there are between two dates, both included; negative when they are the wrong way round."""
    if start is None or end is None:
        return None
    first, last = sorted((_number(start), _number(end)))
    count = _weekdays(last) - _weekdays(first - 1)
    count += sum(step for day, step in _exceptions(holidays, workdays).items() if first <= day <= last)
    return Decimal(count if start <= end else -count)


def workday(day: date | None, count: Decimal | None, holidays: Days = None, workdays: Days = None) -> date | None:
    """Return the date so many working days later, earlier when the count is negative, the date itself for none."""
    if day is None or count is None:
        return None
    left = whole(count)
    if left == 0:
        return day
    turned = left < 0
    exceptions = _exceptions(holidays, workdays).items()
    steps = [((_TURN - other) if turned else other, step) for other, step in exceptions]
    start = _number(day)
    reached = _reached(_TURN - start if turned else start, abs(left), steps)
    reached = _TURN - reached if turned else reached
    if not 0 <= reached <= _LAST:
        raise Failure("LIMIT")
    return date.fromordinal(reached + 1)


def _reached(start: int, left: int, exceptions: list[tuple[int, int]]) -> int:
    """Return the day of the last of so many working days after a day."""
    position = start
    for day, step in sorted(exceptions):
        if day <= start:
            continue
        between = _weekdays(day - 1) - _weekdays(position)
        if left <= between:
            break
        left -= between
        position = day
        if step > 0:
            left -= 1
            if left == 0:
                return day
    return _weekday(_weekdays(position) + left)


def is_workday(day: date | None, holidays: Days = None, workdays: Days = None) -> bool | None:
    """Tell whether a day is worked: listed as such, or from Monday to Friday and no holiday."""
    if day is None:
        return None
    if workdays is not None and day in workdays:
        return True
    return day.weekday() < 5 and (holidays is None or day not in holidays)


def _holidays(context: EvalContext) -> tuple[date, ...]:
    return context.calendar.holidays


def _workdays(context: EvalContext) -> tuple[date, ...]:
    return context.calendar.workdays


WORKDAY_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "NETWORKDAYS": working_days,
    "WORKDAY": workday,
    "ISWORKDAY": is_workday,
}
CALENDAR_FUNCTIONS: Mapping[str, Callable[..., object]] = {"calendar.holidays": _holidays, "calendar.workdays": _workdays}
