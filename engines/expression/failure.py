"""How an error value travels inside an evaluation: raised where it arises, a value again where evaluation ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, Protocol
from uuid import UUID

from engines.values.frozen import frozen

# The record, or inside rows the pair (environment around, row); and a value whose type the checker has settled.
Environment = Any
Given = Any

MAX_TEXT = 1_000_000
MAX_LIST = 100_000
# What lists within lists may take; nothing else grows faster than what is given.
MOST_SECONDS = 1.0


class People(Protocol):
    """Who leads whom, as far as the caller knows; a user or department is its id or a mapping with "id" and fields."""

    def manager_of(self, user: UUID, level: int) -> Given:
        """Return the manager of a user, or of that manager and so on, None when there is none."""

    def leader_of(self, department: UUID) -> Given:
        """Return the user who leads a department, None when nobody does."""

    def path_of(self, department: UUID) -> str | None:
        """Return the names from the top department down to this one, with slashes between; None when there is no such department."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which the site's calendar differs from weeks of Monday to Friday."""

    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()


NO_CALENDAR = Calendar()


@frozen
class EvalContext:
    """What an evaluation may know of the world.

    now: an aware time, the same for the whole request. zone: the site's time zone.
    user: the id of the user at work, or a mapping with "id" and the fields an expression may ask for.
    random: gives nine random digits as a whole number, others each time; without it nothing random can be computed.
    calendar: the site's, which a formula reads as `calendar.holidays` and `calendar.workdays`.
    user_fields: the values of paths from the user on, for a user who is but an id.
    roles: what names a role of the user. departments: what names the user's department or one above it: ids and names as texts.
    old: the record before the change, None when it is new. flow_state: the key of the state a flow has brought it to.
    people, new_id, sequence (a rule to its next number): what a caller may leave out; a formula that asks for it is DENIED.
    entities: gives all records of an entity by its key; without it they are denied.
    clock: gives seconds that only grow, by which lists within lists come to an end; without it nothing is timed.
    answers: what whole entities answered, by the names of the queries of a formula; row_answers: the same of each row, by its id.
    """

    now: datetime
    zone: tzinfo
    user: UUID | object | None = None
    random: Callable[[], int] | None = None
    calendar: Calendar = NO_CALENDAR
    user_fields: Mapping[tuple[str, ...], Any] | None = None
    roles: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    people: People | None = None
    old: Mapping[str, Any] | None = None
    flow_state: str | None = None
    new_id: Callable[[], UUID] | None = None
    clock: Callable[[], float] | None = None
    sequence: Callable[[str], str] | None = None
    entities: Callable[[str], Sequence[Mapping[str, object]]] | None = None
    answers: Mapping[str, object] = field(default_factory=dict)
    row_answers: Mapping[UUID, Mapping[str, object]] = field(default_factory=dict)


class Failure(Exception):
    """An error value on its way up; `code` is one of the error codes."""

    __slots__ = ("code",)

    def __init__(self, code: str) -> None:
        """Make the failure of a code."""
        self.code = code
