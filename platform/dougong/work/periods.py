"""Records before and after a change in; a refusal where one is dated in a closed period; else the periods stay open until it is saved.

A period is a record of the app. Whoever writes takes a shared lock on the periods of the days, whoever closes one changes its record: the
close waits for writes that have begun, and writes that come meanwhile wait for the close and then see it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import orjson
from sqlalchemy import JSON, ColumnClause, Text, and_, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import DATE
from sqlalchemy.types import Integer

from dougong.permissions.actor import SYSTEM
from dougong.store.errors import RecordInvalid
from dougong.store.read import rows_for
from dougong.store.save import Values
from dougong.store.statement import Statement, compile_statement
from dougong.work.unit import Unit
from engines.dataset.rows import SQL_TYPES
from engines.dataset.sql import live
from engines.entity.entity import Entity, PeriodLock
from engines.entity.messages import MESSAGES
from engines.values.issue import Issue, issue

Pair = tuple[Values | None, Values | None]
"""A record as it was and as it will be, None where it was not or will not be there."""


async def hold_periods(unit: Unit, entity: Entity, pairs: Iterable[Pair], at: int | None) -> None:
    """Raise RecordInvalid where a record is or will be dated in a closed period; hold the open ones until the transaction ends."""
    lock = entity.period_lock
    if lock is None:
        return
    days: dict[tuple[Any, ...], int] = {}
    offsets: dict[int, set[int]] = {}
    for offset, pair in enumerate(pairs):
        for record in pair:
            if record is not None and record.get(lock.date) is not None:
                told = (record[lock.date], *(record.get(key) for key in lock.same))
                offsets.setdefault(days.setdefault(told, len(days)), set()).add(offset)
    if not days:
        return
    given = [{"place": place, "day": told[0], **dict(zip(_same(lock), told[1:], strict=True))} for told, place in days.items()]
    statement = _statement(unit, entity, lock)
    values = {"now": unit.change_set.at, "today": unit.change_set.today, "user": unit.actor.id, "given": orjson.dumps(given, default=str).decode()}
    issues: list[tuple[int, Issue]] = []
    by_place = {place: told for told, place in days.items()}
    for row in await unit.executor.fetch(statement.sql, *statement.arguments(values)):
        if row["closed"]:
            for offset in offsets[row["place"]]:
                issues.append((offset, _closed(lock, by_place[row["place"]][0], row["title"], at, offset)))
    if issues:
        raise RecordInvalid(tuple(found for _, found in sorted(issues, key=lambda one: one[0])))


def _closed(lock: PeriodLock, day: date, title: str | None, at: int | None, offset: int) -> Issue:
    pointer = f"/{lock.date}" if at is None else f"/{at + offset}/{lock.date}"
    return issue(MESSAGES, "record-period-closed", pointer, None, period=title or "", day=day.isoformat())


def _same(lock: PeriodLock) -> list[str]:
    return [f"same_{place}" for place in range(len(lock.same))]


def _statement(unit: Unit, entity: Entity, lock: PeriodLock) -> Statement:
    """Return the statement that locks the periods of some days and says of each whether it is closed."""
    site, model = unit.site, unit.model
    shape = (model, "periods", entity.key)
    statement: Statement | None = site.compiled.get(shape)
    if statement is None:
        period = model.entities[lock.to]
        rows = rows_for(site, model, SYSTEM, period)
        kinds = [SQL_TYPES[period.fields[key].kind.column_type or ""]() for key in lock.same]
        listed: list[ColumnClause[Any]] = [column("place", Integer()), column("day", DATE()), *(column(name, kind) for name, kind in zip(_same(lock), kinds, strict=True))]
        given = func.json_to_recordset(cast(bindparam("given", type_=Text()), JSON)).table_valued(*listed, name="given").render_derived(with_types=True)
        on = [given.c.day >= rows.column((lock.first,)), given.c.day <= rows.column((lock.last,)), live(rows)]
        on += [given.c[name] == rows.column((key,)) for name, key in zip(_same(lock), lock.same, strict=True)]
        made = (
            select(given.c.place, rows.condition(lock.closed.tree).label("closed"), cast(rows.column((period.title,)), Text()).label("title"))
            .select_from(given.join(rows.root, and_(*on)))
            .order_by(rows.root.c.id)
            .with_for_update(read=True, of=rows.root)
        )
        statement = compile_statement(made)
        site.keep(shape, statement)
    return statement
