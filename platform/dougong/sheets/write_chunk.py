"""One chunk of an import: records of a sheet in, saved by the one write path in one transaction, or tried in one that is rolled back."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dougong.model.app_model import AppModel
from dougong.permissions.actor import Actor
from dougong.sheets import staging_sql
from dougong.sheets.errors import ImportNotNow
from dougong.sheets.imports import STATES, Import
from dougong.sheets.plan import Plan
from dougong.sites import Site
from dougong.store.save import ChangeSet
from dougong.work.carry_out_each import Each, carry_out_each
from dougong.work.perform import try_until_done
from dougong.work.request import Change, Create, Outcome, Request, Update, Upsert
from dougong.work.turns import take_turns, turns_of
from dougong.work.unit import Unit
from engines.values.issue import Issue

CHANNEL = "import"
WARNING = "record-warning"
"""The code of what a rule warns of."""
CHUNK = 5000
"""Records of one request."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What would refuse records if they were written now, and what rules warn of, by the number of the record."""

    refused: dict[int, list[Issue]]
    warned: dict[int, list[Issue]]


class _Undone(Exception):
    """A transaction was carried out and is rolled back: to see whether it could be, or because some of it could not."""


async def next_records(site: Site, found: Import, plan: Plan, after: int) -> list[Any]:
    """Return the next records to write: first row, the id it is about, JSON of its values."""
    return list(await site.pool.fetch(staging_sql.records_sql(found, plan), after, CHUNK))


def changes_of(plan: Plan, rows: Sequence[Any]) -> tuple[Change, ...]:
    """Return what is asked of the write path for records of a sheet."""
    if plan.mode == "create":
        return tuple(Create(plan.entity.key, row["values"]) for row in rows)
    if plan.mode == "update":
        return tuple(Update(plan.entity.key, row["id"], row["values"]) for row in rows)
    by = tuple(target.field.key for target in plan.by)
    return tuple(Upsert(plan.entity.key, by, row["values"]) for row in rows)


async def try_chunk(site: Site, found: Import, plan: Plan, actor: Actor, rows: Sequence[Any]) -> Tried:
    """Write records as if what rules warn of were not confirmed, those they warn of as if it were, and keep nothing of it."""
    request = Request(found.app, actor, changes_of(plan, rows), CHANNEL, change_set=found.change_set, is_shown=False)

    tried = Tried({}, {})

    async def attempt(site: Site, model: AppModel, change_set: ChangeSet, tries: int) -> Outcome:
        rehearsal = replace(change_set, is_rehearsal=True)
        with contextlib.suppress(_Undone):
            async with site.pool.acquire() as connection, connection.transaction():
                refused = (await _carry_out(site, model, request, rehearsal, connection)).refused
                warned = {n: issues for n, issues in refused.items() if all(one.code == WARNING for one in issues)}
                again = replace(request, changes=tuple(request.changes[n] for n in warned), is_confirmed=True)
                still = (await _carry_out(site, model, again, rehearsal, connection)).refused if warned else {}
                numbers = list(warned)
                tried.warned.update(warned)
                tried.refused.update({n: refused[n] for n in refused.keys() - warned.keys()} | {numbers[n]: issues for n, issues in still.items()})
                raise _Undone
        return Outcome((), change_set.id)

    await try_until_done(site, request, attempt)
    return tried


async def write_chunk(
    site: Site, found: Import, plan: Plan, actor: Actor, rows: Sequence[Any], chunk: int, is_confirmed: bool
) -> dict[int, list[Issue]]:
    """Write a chunk with the mark that it is written; return what was refused, in which case nothing is unless good rows alone are asked for."""
    request = Request(found.app, actor, changes_of(plan, rows), CHANNEL, change_set=found.change_set, is_shown=False, is_confirmed=is_confirmed)
    refused: dict[int, list[Issue]] = {}

    async def attempt(site: Site, model: AppModel, change_set: ChangeSet, tries: int) -> Outcome:
        refused.clear()
        with contextlib.suppress(_Undone):
            async with site.pool.acquire() as connection, connection.transaction():
                await _take(connection, found, chunk)
                each = await _carry_out(site, model, request, change_set, connection)
                refused.update(each.refused)
                if refused and plan.errors == "none":
                    raise _Undone
                await connection.execute(
                    """UPDATE dougong.import SET chunk = chunk + 1, done = done + $2, counts = counts || jsonb_build_object('last', $3::int),
                       updated_at = now() WHERE id = $1""",
                    found.id, len(each.saved), rows[-1]["rec"],
                )  # fmt: skip
        return Outcome((), change_set.id)

    await try_until_done(site, request, attempt)
    return refused


async def _take(connection: Any, found: Import, chunk: int) -> None:  # noqa: ANN401
    """Hold the import for this chunk; raises ImportNotNow where another worker has written it meanwhile."""
    row = await connection.fetchrow("SELECT state, chunk FROM dougong.import WHERE id = $1 FOR UPDATE", found.id)
    if row is None or row["chunk"] != chunk or row["state"] not in ("writing", "failed"):
        state = STATES[row["state"] if row is not None else "cancelled"]
        raise ImportNotNow(state=state["en"], state_zh=state["zh-CN"])


async def _carry_out(site: Site, model: AppModel, request: Request, change_set: ChangeSet, connection: Any) -> Each:  # noqa: ANN401
    unit = Unit(connection, site, model, request.actor, change_set, True, await site.calendar(connection), request.is_confirmed)
    turns = turns_of(model, request.changes)
    if turns:
        await take_turns(connection, turns)
    return await carry_out_each(unit, connection, request.changes)
