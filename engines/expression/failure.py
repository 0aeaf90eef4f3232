"""How an error value travels inside an evaluation: raised where it arises, a value again where evaluation ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

# The record, or inside rows the pair (environment around, row); and a value whose type the checker has settled.
Environment = Any
Given = Any

MAX_TEXT = 1_000_000
MAX_LIST = 100_000


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which the site's calendar differs from weeks of Monday to Friday."""

    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()


NO_CALENDAR = Calendar()


@dataclass(frozen=True, slots=True)
class EvalContext:
    """What an evaluation may know of the world.

    now: an aware time, the same for the whole request. zone: the site's time zone.
    user: the id of the user at work, or a mapping with "id" and the fields an expression may ask for.
    random: gives nine random digits as a whole number, others each time; without it nothing random can be computed.
    calendar: the site's, which a formula reads as `calendar.holidays` and `calendar.workdays`.
    """

    now: datetime
    zone: tzinfo
    user: UUID | object | None = None
    random: Callable[[], int] | None = None
    calendar: Calendar = NO_CALENDAR


class Failure(Exception):
    """An error value on its way up; `code` is one of the error codes."""

    __slots__ = ("code",)

    def __init__(self, code: str) -> None:
        """Make the failure of a code."""
        self.code = code
