"""The calendars the State Council has announced: a JSON file of notices in, the days of each year out; nothing is looked up anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import orjson

from dougong.errors import PlatformError

Kind = Literal["holiday", "workday"]
CHINA = Path(__file__).with_name("china.json")


class CalendarUnreadable(PlatformError):
    """A file of announced days cannot be read; the reason says why."""

    code = "calendar-file-unreadable"
    title = {"zh-CN": "无法读取日历文件", "en": "The calendar file cannot be read"}
    status = 422
    sentence = {"zh-CN": "无法读取日历文件 {path}：{reason}", "en": "The calendar file {path} cannot be read: {reason}"}


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is not as its weekday says, and what for: a festival's name."""

    day: date
    kind: Kind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    """The days of a calendar year. source: the notices they are taken from."""

    year: int
    source: str
    days: tuple[Day, ...]


def read_announced(path: Path = CHINA) -> dict[int, Year]:
    """Return the days of each year of a file like `china.json`, every day in the year it lies in.

    A notice may name days of the year before (its New Year); those belong to that year, which then has a part of its days alone.
    Raises CalendarUnreadable for a file that is not there or of another form.
    """
    try:
        return _by_year(orjson.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise CalendarUnreadable(path=path, reason=trouble) from trouble


def _by_year(written: Mapping[str, Any]) -> dict[int, Year]:
    sources: dict[int, list[str]] = {}
    days: dict[int, dict[date, Day]] = {}
    for announced in written.values():
        for festival in announced["festivals"]:
            for day in _days(festival):
                days.setdefault(day.day.year, {})[day.day] = day
                notices = sources.setdefault(day.day.year, [])
                notices.extend(notice for notice in announced["notices"] if notice not in notices)
    return {
        year: Year(year, "，".join(sources[year]), tuple(sorted(found.values(), key=lambda day: day.day)))
        for year, found in sorted(days.items())
    }


def _days(festival: Mapping[str, Any]) -> list[Day]:
    first, last = date.fromisoformat(festival["from"]), date.fromisoformat(festival["to"])
    free = [Day(first + timedelta(days=count), "holiday", festival["name"]) for count in range((last - first).days + 1)]
    return free + [Day(date.fromisoformat(day), "workday", festival["name"]) for day in festival["workdays"]]
