"""New records of one save in, as they are judged; those that PostgreSQL wrote meanwhile, in the same transaction, out.

A save of many records has two hands: while PostgreSQL writes those that are judged, Python judges the next. What is written
ahead is undone with the rest where any of them is refused, so this is only for saves that ask PostgreSQL nothing in between
and take nothing that would be missed: no numbers, no locks but those of references, which come with the first.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dougong.store.save import Executor, Pointing, Saved, Values, insert
from dougong.work.follow import followers
from dougong.work.unit import Unit
from engines.entity.compute import ComputePlan, judging
from engines.entity.entity import Entity

PART = 1000
"""How many records are worth a statement of their own."""
_HELD = Pointing((), ())
"""What is left to hold after the first statement."""
STEP = 50
"""How many are judged between two looks at what PostgreSQL does, and at other requests."""


@dataclass(frozen=True, slots=True)
class _InTurn:
    """A connection that is given one statement after the other."""

    executor: Executor
    turn: asyncio.Lock

    async def fetch(self, query: str, *args: Any) -> Any:  # noqa: ANN401 – asyncpg's own
        async with self.turn:
            return await self.executor.fetch(query, *args)


class Ahead:
    """Writes records of one save before all of them are judged, until it is stopped. count: how many are written or waiting for it."""

    def __init__(self, unit: Unit, entity: Entity, pointing: Pointing) -> None:
        """Begin with nothing written. pointing: what all of them begin to point to."""
        self._unit, self._entity, self._pointing = unit, entity, pointing
        self._connection: _InTurn | None = None
        self._tasks: list[asyncio.Task[list[Saved]]] = []
        self.count = 0

    def write(self, records: Sequence[Values]) -> None:
        """Have more records written; what is wrong with it is told by `rest`."""
        self._connection = self._connection or _InTurn(self._unit.executor, asyncio.Lock())
        self._tasks.append(asyncio.create_task(self._insert(self._connection, records, True)))
        self.count += len(records)

    async def rest(self, records: Sequence[Values], is_counting: bool) -> list[Saved]:
        """Write the last records and return all in their order. is_counting: as for `insert`."""
        if not self._tasks:
            return await self._insert(self._unit.executor, records, is_counting)
        written = [one for task in self._tasks for one in await task]
        return [*written, *await self._insert(self._unit.executor, records, is_counting)]

    async def stop(self) -> None:
        """Wait until the connection is free again; nobody asks any more what became of it."""
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _insert(self, executor: Executor, records: Sequence[Values], is_counting: bool) -> list[Saved]:
        pointing, self._pointing = self._pointing, _HELD
        return await insert(executor, self._unit.site, self._unit.model, self._entity, records, pointing, self._unit.change_set, is_counting)


async def step_of(unit: Unit, plan: ComputePlan, count: int) -> int:
    """Return how many new records are judged at a time: all of them where none can be written before the others are judged."""
    if count <= PART or not unit.is_locking or unit.change_set.key is not None or _asks(unit, plan):
        return max(count, 1)
    return max(count, 1) if await followers(unit.site, unit.model, unit.executor, plan) else STEP


def _asks(unit: Unit, plan: ComputePlan) -> bool:
    """Whether judging a record takes more than it, or saving it more than the statement, or what would be missed."""
    entity, lines = plan.entity, plan.lines.values()
    is_locking = entity.period_lock is not None or (entity.decision is not None and entity.decision.refuses_overlap)
    is_asking = bool(plan.own.asking or plan.asking) or any(formula.queries for formula in judging(entity))
    is_unique = any(not unique.within_parent for rows in lines for unique in rows.unique)
    is_numbered = any(field.pattern is not None for one in (entity, *lines) for field in one.stored_fields)
    return entity.key in unit.model.projections or is_locking or is_asking or is_unique or is_numbered or bool(plan.late)
