"""What a caller gives for turning expressions into SQL: columns, rows of to-many paths, and what is known at run time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause

from engines.expression.tree import TypedPath
from engines.values.issue import Issue

Keys = tuple[str, ...]
# Collations that know all of Unicode, the best first: PostgreSQL 17 brings the first, the system's library the others.
CASE_COLLATIONS = ("pg_c_utf8", "C.utf8", "C.UTF-8", "und-x-icu")
Column = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows a to-many path leads to, as a correlated part of a query.

    source: gives what to select from, under an alias of its own (fresh for each call), when every column has been asked for:
    a column that lies beyond a reference adds a join.
    on: ties the rows to the record around. column: the column of keys from a row on.
    rows, error: as in `SqlContext`, from a row on.
    order: what the rows are in order by, the first of it first; without it their order is anybody's guess.
    """

    source: Callable[[], FromClause]
    on: Column
    column: Callable[[Keys], Column]
    rows: Callable[[Keys], Rows] | None = None
    error: Callable[[Keys], Column] | None = None
    order: tuple[Column, ...] = ()


class SqlPeople(Protocol):
    """Who leads whom and whose is what, as expressions over the ids of users, departments and records; see `failure.People`."""

    def manager_of(self, user: Column, level: Column) -> Column:
        """Return the manager of a user at a whole level from 1 on."""

    def leader_of(self, department: Column) -> Column:
        """Return the user who leads a department."""

    def path_of(self, department: Column) -> Column:
        """Return the names from the top department down, with slashes between."""

    def in_mine(self, whose: Column, of: str, below: bool) -> Column:
        """Return whether a user, or a department, is of the department of the user at work, or with `below` of one below it."""

    def led_by_me(self, user: Column) -> Column:
        """Return whether a user is of a department that the user at work leads, or of one below it."""

    def shared_with_me(self, record: Column, action: str) -> Column:
        """Return whether a record is shared with the user at work for `read` or `update`."""


@dataclass(frozen=True, slots=True)
class SqlContext:
    """What SQL may know of the world.

    now, today, user: bind parameters (timestamptz, date, uuid), or any expression. zone: the site's time zone.
    rows: the rows of a to-many path from the record on; without it such paths cannot be compiled.
    error: the companion column with the error code of a stored field that can fail.
    calendar: the list of days that a name of the site's calendar ("holidays", "workdays") stands for, as an array of dates.
    entity: all records of an entity by its key, as far as whoever asks may read them, in their order.
    case_collation: the collation whose rules UPPER and LOWER follow: the first of `CASE_COLLATIONS` the server has.
    roles, departments: arrays of texts without NULL, as in `EvalContext`. user_field: the value of a path from the user on.
    old, old_error: the column of keys, and its error, in the record before the change. people, flow_state: as in `EvalContext`. What is left out has no SQL.
    """

    now: Column
    today: Column
    user: Column
    zone: str = "Asia/Shanghai"
    rows: Callable[[Keys], Rows] | None = None
    error: Callable[[Keys], Column] | None = None
    case_collation: str = "default"
    calendar: Callable[[str], Column] | None = None
    roles: Column | None = None
    departments: Column | None = None
    user_field: Callable[[TypedPath], Column | None] | None = None
    people: SqlPeople | None = None
    old: Callable[[Keys], Column] | None = None
    old_error: Callable[[Keys], Column] | None = None
    flow_state: Column | None = None
    entity: Callable[[str], Rows] | None = None


class NotPushable(Exception):
    """Raised for a tree that has no SQL form; `issue` says which part, for the author.

    A caller that asks `cannot_run(tree, "sql")` first meets it only for lists of an unusual make and for trees whose
    SQL would grow beyond all measure.
    """

    def __init__(self, issue: Issue) -> None:
        """Make the exception of an issue."""
        self.issue = issue
        super().__init__(issue.message["en"])
