"""The listed days of a year in the system tables: read, and replaced as a whole, with a revision so that nobody overwrites anybody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dougong.audit.record import Subject, record
from dougong.errors import PlatformError, RequestInvalid
from dougong.model.app_model import ORGANIZATION
from dougong.permissions.actor import Actor
from dougong.permissions.errors import CalendarDenied
from dougong.sites import CALENDAR_CHANNEL, Site
from dougong.workdays.announced import Day, Kind, Year
from dougong.workdays.messages import MESSAGES
from engines.values.issue import Issue, issue

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class CalendarConflict(PlatformError):
    """The year was changed by someone else after it was read."""

    code = "calendar-conflict"
    title = {"zh-CN": "日历已被他人修改", "en": "The calendar has changed"}
    status = 409
    sentence = {
        "zh-CN": "{year} 年的日历现为第 {current} 版，您的是第 {sent} 版。",
        "en": "The calendar of {year} is at revision {current}, yours is {sent}.",
    }


@dataclass(frozen=True, slots=True)
class KeptYear:
    """The listed days of a year. revision: 0 for a year nobody has listed days of. source: where they come from."""

    year: int
    revision: int
    source: str
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class KnownYear:
    """A year with listed days, and how many there are of each kind."""

    year: int
    source: str
    holidays: int
    workdays: int


async def read_years(site: Site) -> list[KnownYear]:
    """Return every year that was ever kept, or of which some day is listed."""
    rows = await site.pool.fetch(
        """SELECT year, coalesce(max(source), ''), count(*) FILTER (WHERE kind = 'holiday'), count(*) FILTER (WHERE kind = 'workday')
           FROM (SELECT year, source, NULL AS kind FROM dougong.calendar_year
                 UNION ALL SELECT extract(year FROM day)::integer, NULL, kind FROM dougong.calendar_day) AS known
           GROUP BY year ORDER BY year"""
    )
    return [KnownYear(*row.values()) for row in rows]


async def read_year(site: Site, year: int) -> KeptYear:
    """Return the listed days of a year in their order; none for a year nobody has looked at."""
    row = await site.pool.fetchrow("SELECT revision, source FROM dougong.calendar_year WHERE year = $1", year)
    days = await site.pool.fetch(
        "SELECT day, kind, name FROM dougong.calendar_day WHERE day BETWEEN $1 AND $2 ORDER BY day",
        date(year, 1, 1),
        date(year, 12, 31),
    )
    revision, source = (0, "") if row is None else (row["revision"], row["source"])
    return KeptYear(year, revision, source, tuple(Day(*found.values()) for found in days))


async def keep_year(site: Site, actor: Actor, year: int, revision: int, source: str, days: Sequence[Day]) -> KeptYear:
    """Replace the listed days of a year; the next formula that is computed counts by them.

    Raises CalendarDenied, CalendarConflict unless `revision` is the present one.
    """
    require_administrator(actor)
    async with site.pool.acquire() as connection, connection.transaction():
        await connection.execute("INSERT INTO dougong.calendar_year (year) VALUES ($1) ON CONFLICT DO NOTHING", year)
        current = await connection.fetchval("SELECT revision FROM dougong.calendar_year WHERE year = $1 FOR UPDATE", year)
        if current != revision:
            raise CalendarConflict(year=year, current=current, sent=revision)
        await connection.execute(
            "UPDATE dougong.calendar_year SET revision = revision + 1, source = $2, updated_by = $3, updated_at = now() WHERE year = $1",
            year, source, actor.id,
        )  # fmt: skip
        await connection.execute(
            "DELETE FROM dougong.calendar_day WHERE day BETWEEN $1 AND $2", date(year, 1, 1), date(year, 12, 31)
        )
        await connection.executemany(
            "INSERT INTO dougong.calendar_day (day, kind, name) VALUES ($1, $2, $3)", [(one.day, one.kind, one.name) for one in days]
        )
        await record(connection, "change-calendar", actor, Subject(text=str(year)), {"days": len(days), "source": source})
        await connection.execute("SELECT pg_notify($1, $2)", CALENDAR_CHANNEL, str(year))
    site.forget_calendar()
    return await read_year(site, year)


async def list_years(site: Site, actor: Actor, years: Iterable[Year], replaces: bool) -> list[int]:
    """Take the days of years as they were announced; years that have listed days are left alone unless they are to be replaced."""
    taken = []
    for year in years:
        kept = await read_year(site, year.year)
        if replaces or not kept.days:
            await keep_year(site, actor, year.year, kept.revision, year.source, year.days)
            taken.append(year.year)
    return taken


def require_administrator(actor: Actor) -> None:
    """Raise CalendarDenied unless the actor looks after the site."""
    if not actor.may_do("install", ORGANIZATION):
        raise CalendarDenied


def read_days(year: int, sent: Sequence[tuple[str, Kind, str]]) -> tuple[Day, ...]:
    """Return days as they were sent: date, kind and name; raises RequestInvalid with an issue for each that cannot be kept."""
    days: list[Day] = []
    issues: list[Issue] = []
    for place, (text, kind, name) in enumerate(sent):
        day = _date(text)
        code = "calendar-day-invalid" if day is None else _trouble(year, day, days)
        if code is not None:
            issues.append(issue(MESSAGES, code, f"/days/{place}/day", None, day=text, year=year))
        if day is not None:
            days.append(Day(day, kind, name))
    if issues:
        raise RequestInvalid(tuple(issues))
    return tuple(days)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _WRITTEN.fullmatch(text) else None
    except ValueError:
        return None


def _trouble(year: int, day: date, before: Sequence[Day]) -> str | None:
    if day.year != year:
        return "calendar-day-outside"
    return "calendar-day-repeated" if any(day == other.day for other in before) else None
