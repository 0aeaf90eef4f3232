"""Working days by closed forms must be those that counting day by day finds, and as fast for any count."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.expression.failure import Failure
from engines.expression.python_workday import is_workday, workday, working_days

DAYS = st.dates(date(2024, 1, 1), date(2024, 3, 31))
LISTS = st.lists(DAYS, max_size=40)
ONE_DAY = timedelta(days=1)


def counted(start: date, end: date, holidays: list[date], workdays: list[date]) -> int:
    if start > end:
        return -counted(end, start, holidays, workdays)
    days = [start + timedelta(days=place) for place in range((end - start).days + 1)]
    return sum(is_workday(day, holidays, workdays) is True for day in days)


def walked(day: date, count: int, holidays: list[date], workdays: list[date]) -> date:
    step = ONE_DAY if count > 0 else -ONE_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_workday(day, holidays, workdays) is True
    return day


@given(DAYS, DAYS, LISTS, LISTS)
def test_working_days_are_those_that_counting_finds(start: date, end: date, holidays: list[date], workdays: list[date]) -> None:
    assert working_days(start, end, holidays, workdays) == counted(start, end, holidays, workdays)


@given(DAYS, st.integers(-90, 90), LISTS, LISTS)
def test_a_working_day_is_the_one_that_walking_reaches(day: date, count: int, holidays: list[date], workdays: list[date]) -> None:
    assert workday(day, Decimal(count), holidays, workdays) == walked(day, count, holidays, workdays)


def test_no_count_takes_long() -> None:
    begun = perf_counter()
    assert workday(date(1, 1, 1), Decimal(2_000_000)) == date(1, 1, 1) + timedelta(weeks=400_000)
    for count in (Decimal(10) ** 9, Decimal(10) ** 9 * -1, Decimal(10) ** 30):
        with pytest.raises(Failure, match="LIMIT"):
            workday(date(2024, 1, 1), count)
    assert perf_counter() - begun < 0.1
