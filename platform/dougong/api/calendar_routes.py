"""Endpoints of the site's calendar: what formulas read, and the listed days of a year, which administrators change."""

from typing import Annotated

from fastapi import APIRouter, Path

from dougong.api.asked import AskedHouse, AskedSession
from dougong.api.shapes import CalendarAnswer, CalendarBody, CalendarDay, CalendarYearAnswer, CalendarYearEntry
from dougong.workdays.days import KeptYear, keep_year, read_days, read_year, read_years, require_administrator

routes = APIRouter()

AskedYear = Annotated[int, Path(ge=1900, le=2999)]


@routes.get("/api/calendar", operation_id="read_calendar")
async def calendar(session: AskedSession, house: AskedHouse) -> CalendarAnswer:
    """Return the calendar as formulas read it, all holidays and adjusted working days, and the years that are listed."""
    listed = await house.site.calendar()
    years = await read_years(house.site)
    return CalendarAnswer(
        holidays=[day.isoformat() for day in listed.holidays],
        workdays=[day.isoformat() for day in listed.workdays],
        years=[CalendarYearEntry(year=y.year, source=y.source, holidays=y.holidays, workdays=y.workdays) for y in years],
    )


@routes.get("/api/calendar/{year}", operation_id="read_calendar_year")
async def show_year(year: AskedYear, session: AskedSession, house: AskedHouse) -> CalendarYearAnswer:
    """Return the listed days of a year with their revision; a year nobody has listed days of is empty."""
    return _answer(await read_year(house.site, year))


@routes.put("/api/calendar/{year}", operation_id="save_calendar_year")
async def save_year(year: AskedYear, body: CalendarBody, session: AskedSession, house: AskedHouse) -> CalendarYearAnswer:
    """Replace the listed days of a year, for administrators alone; refused when somebody else has changed it since, or with each wrong day."""
    require_administrator(session.actor)
    days = read_days(year, [(day.day, day.kind, day.name) for day in body.days])
    return _answer(await keep_year(house.site, session.actor, year, body.revision, body.source, days))


def _answer(kept: KeptYear) -> CalendarYearAnswer:
    days = [CalendarDay(day=one.day.isoformat(), kind=one.kind, name=one.name) for one in kept.days]
    return CalendarYearAnswer(year=kept.year, revision=kept.revision, source=kept.source, days=days)
