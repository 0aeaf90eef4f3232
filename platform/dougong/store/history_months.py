"""The tables history lies in, one a month (UTC): a day in, the months around it made, those older than is kept dropped.

There is no table for everything else: a write into a month that is missing fails, and `perform` makes the month and tries again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import asyncpg

AHEAD = 3
"""How many months after the present one are made before they come."""

# Tells this lock from those of publishes (7319) and of turns (7320).
_LOCK = 7321
_PREFIX = "history_"

_MONTHS = """
    SELECT c.relname AS name, pg_total_relation_size(c.oid) AS size_bytes, greatest(c.reltuples, 0)::bigint AS rows
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'dougong.history'::regclass ORDER BY 1"""


@dataclass(frozen=True, slots=True)
class HistoryMonth:
    """One month of history: its first day, the size of its table with indexes, and about how many changes are in it."""

    first: date
    size_bytes: int
    rows: int

    @property
    def table(self) -> str:
        """Name of its table in the schema `dougong`."""
        return f"{_PREFIX}{self.first:%Y_%m}"


async def read_months(pool: asyncpg.Pool) -> Sequence[HistoryMonth]:
    """Return the months there are, the oldest first."""
    return [HistoryMonth(_first(row["name"]), row["size_bytes"], row["rows"]) for row in await pool.fetch(_MONTHS)]


async def tend_months(pool: asyncpg.Pool, keep: int) -> Sequence[HistoryMonth]:
    """Make this month and those to come, drop those that lie more than `keep` months back; return what was dropped.

    keep: 0 drops nothing. A month that somebody is just reading or writing stays until the next time.
    """
    there = await read_months(pool)
    this = datetime.now(UTC).date().replace(day=1)
    wanted = [_later(this, number) for number in range(AHEAD + 1)]
    missing = set(wanted) - {month.first for month in there}
    if missing:
        await _make(pool, sorted(missing))
    dropped = []
    for month in there:
        if keep and month.first < _later(this, -keep) and await _drop(pool, month):
            dropped.append(month)
    return dropped


def is_month_missing(error: asyncpg.PostgresError) -> bool:
    """Whether a write failed as history has no table for its month."""
    return error.sqlstate == "23514" and getattr(error, "table_name", None) == "history" and error.schema_name == "dougong"


async def make_month(pool: asyncpg.Pool, at: datetime) -> None:
    """Make the month of an instant unless it is there by now."""
    await _make(pool, [at.astimezone(UTC).date().replace(day=1)])


async def _make(pool: asyncpg.Pool, months: Sequence[date]) -> None:
    """Make months one process at a time; a table that is attached keeps nobody from writing into the others."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        there = {row["name"] for row in await connection.fetch(_MONTHS)}
        for first in months:
            name = f"{_PREFIX}{first:%Y_%m}"
            if name not in there:
                await connection.execute(f"CREATE TABLE dougong.{name} (LIKE dougong.history INCLUDING DEFAULTS)")
                await connection.execute(
                    f"ALTER TABLE dougong.history ATTACH PARTITION dougong.{name}"
                    f" FOR VALUES FROM ('{first} 00:00+00') TO ('{_later(first, 1)} 00:00+00')"
                )


async def _drop(pool: asyncpg.Pool, month: HistoryMonth) -> bool:
    """Drop a month if its table is free, rather than let everybody wait behind whoever is at it."""
    async with pool.acquire() as connection:
        try:
            async with connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
                await connection.execute("SET LOCAL lock_timeout = '200ms'")
                await connection.execute(f"DROP TABLE IF EXISTS dougong.{month.table}")
        except asyncpg.LockNotAvailableError:
            return False
    return True


def _first(name: str) -> date:
    year, month = name.removeprefix(_PREFIX).split("_")
    return date(int(year), int(month), 1)


def _later(first: date, months: int) -> date:
    """Return the first day of the month so many months later.

    >>> _later(date(2026, 11, 1), 3), _later(date(2026, 1, 1), -1)
    (datetime.date(2027, 2, 1), datetime.date(2025, 12, 1))
    """
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
