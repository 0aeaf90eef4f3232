"""Records about to be saved in, issues for their rows that have what a row of any record has already, or twice among them, out."""

from collections.abc import Iterator, Sequence
from typing import Any

from dougong.store.save import Values
from dougong.store.uniques import taken_places
from dougong.work.unit import Unit
from engines.entity.compute import ComputePlan
from engines.entity.entity import Entity, Unique
from engines.entity.uniques import key_of, not_unique
from engines.values.issue import Issue

Place = tuple[int, str, tuple[Any, ...]]
"""Number of the record, pointer of the row in it, key."""


async def row_clashes(
    unit: Unit, plan: ComputePlan, befores: Sequence[Values] | None, records: Sequence[Values]
) -> list[list[Issue]]:
    """Return the issues of each record.

    The index of a constraint could not tell which row it is. What others save meanwhile is left to it.
    """
    found: list[list[Issue]] = [[] for _ in records]
    for line, rows in plan.lines.items():
        for unique in rows.unique:
            if not unique.within_parent:
                await _judge(unit, rows, unique, list(_places(line, unique, befores, records)), records, found)
    return found


async def _judge(
    unit: Unit, rows: Entity, unique: Unique, places: Sequence[Place], records: Sequence[Values], found: list[list[Issue]]
) -> None:
    first: dict[tuple[Any, ...], int] = {}
    wanted = []
    for index, (number, at, key) in enumerate(places):
        if first.setdefault(key, index) == index:
            wanted.append((index, key))
        else:
            found[number] += not_unique(rows, unique, at)
    own = [record["id"] for record in records]
    taken = await taken_places(unit.executor, unit.site, unit.model, rows, unique, wanted, own) if wanted else ()
    for index in taken:
        number, at, _ = places[index]
        found[number] += not_unique(rows, unique, at)


def _places(line: str, unique: Unique, befores: Sequence[Values] | None, records: Sequence[Values]) -> Iterator[Place]:
    """Give the key of every row, but of those of a single record that have it still: nobody else can have taken it."""
    for number, record in enumerate(records):
        before = () if befores is None else befores[number].get(line, ())
        old = {row["id"]: key_of(unique, row) for row in before} if len(records) == 1 else {}
        if len(records) == 1 and [key_of(unique, row) for row in record[line]] == list(old.values()):
            return
        for position, row in enumerate(record[line]):
            key = key_of(unique, row)
            if key is not None:
                yield number, f"/{line}/{position}", key
