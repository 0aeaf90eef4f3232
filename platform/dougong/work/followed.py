"""A save between two halves: what its records begin to point to is held before, what follows them is computed and judged after."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ARRAY, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.model.app_model import AppModel
from dougong.sites import Site
from dougong.store.errors import RecordInvalid
from dougong.store.read import judging_rows
from dougong.store.save import Executor, Saved, shown_now
from dougong.store.statement import Statement, compile_statement
from dougong.work.audited import is_audited, keep_deeds
from dougong.work.department_tree import DEPARTMENTS, hold_tree, moves_departments, refuse_circles
from dougong.work.follow import follow, followers, hold
from dougong.work.giving import refuse_beyond_own
from dougong.work.inputs import placed
from dougong.work.last_administrator import USERS
from dougong.work.leavers import end_links_of_other_emails, shut_leavers_out
from dougong.work.moves import Images, moves_of
from dougong.work.request import Change, GuardedUpdate
from dougong.work.unit import Unit
from engines.entity.compute import ComputePlan
from engines.entity.entity import Entity, Rule
from engines.entity.rules import broken
from engines.values.issue import Issue


async def is_followed(site: Site, model: AppModel, executor: Executor, changes: Sequence[Change]) -> bool:
    """Whether saving these changes takes further statements; an entity that cannot be written to is nobody's concern here."""
    for key in {change.entity for change in changes}:
        plan = model.plans.get(key)
        if plan is not None and is_audited(plan.entity):
            return True
        if plan is not None and (plan.late or await followers(site, model, executor, plan)):
            return True
    return False


async def hold_followed(
    unit: Unit, plan: ComputePlan, images: Iterable[Images], at: int | None, is_new: bool = False
) -> Callable[[], Awaitable[None]]:
    """Get ready to save records, and return what is to be called when they are saved.

    What follows is what is computed from them, the rules that read such fields, the audit log, and the end of what people are signed in with
    who are out. images: of each record before and after. at: number of the first change in its request, None where the request has but one.
    is_new: the records are being made. Raises RecordInvalid where whoever asks gives more than they have; what is returned raises it too.
    """
    models = await followers(unit.site, unit.model, unit.executor, plan)
    late = [rule for rule in plan.late if not (rule.is_warning and unit.is_confirmed)]
    is_kept = is_audited(plan.entity)
    if not (models or late or is_kept):
        return _nothing  # most records are followed by nothing: how they moved is nobody's concern
    pairs = list(images)
    moves = moves_of(plan, pairs, is_new) if models or late else {}
    if is_kept:
        await refuse_beyond_own(unit, plan.entity, pairs, is_new, at)
    is_moving = plan.entity.full_key == DEPARTMENTS and moves_departments(pairs)
    if is_moving:
        await hold_tree(unit.executor)
    if models:
        await hold(unit, models, moves)

    async def follow_all() -> None:
        if models:
            await follow(unit, models, plan, moves)
        if late:
            await _judge(unit, plan, late, [move.id for move in moves[plan.entity.key] if move.after is not None], at)
        if is_moving:
            await refuse_circles(unit.executor, pairs, at)
        if is_kept:
            await keep_deeds(unit, plan.entity, pairs, is_new)
        if plan.entity.full_key == USERS and not is_new:
            await shut_leavers_out(unit, pairs)
            await end_links_of_other_emails(unit, pairs)

    return follow_all


async def _nothing() -> None:
    pass


async def shown_after(unit: Unit, entity: Entity, saved: Sequence[Saved]) -> list[Saved]:
    """Return records that were just saved as they are after what followed; a repeat of the request is shown the same."""
    shown = await _shown(unit, entity, [record.id for record in saved if record.json != b"null"]) if unit.touched else {}
    if not shown:
        return list(saved)
    found = [replace(record, json=shown.get(record.id, record.json)) for record in saved]
    key = unit.change_set.key
    if key is not None:
        answer = b"[" + b",".join(record.json for record in found) + b"]"
        keep = "UPDATE dougong.idempotency SET answer = $3 WHERE actor = $1 AND key = $2"
        await unit.executor.fetch(keep, unit.actor.id, key.text, answer.decode())
    return found


async def as_they_are(unit: Unit, saved: Mapping[int, tuple[Change, Saved]]) -> dict[int, Saved]:
    """Return the records of a request by their number as they are after all its changes; a guarded change has an answer of its own."""
    plain = {number: pair for number, pair in saved.items() if not isinstance(pair[0], GuardedUpdate)}
    shown: dict[tuple[str, UUID], bytes] = {}
    for key in {change.entity for change, _ in plain.values()}:
        ids = [record.id for change, record in plain.values() if change.entity == key and record.json != b"null"]
        shown |= {(key, found): json for found, json in (await _shown(unit, unit.model.entities[key], ids)).items()}
    fresh = {number: replace(record, json=shown.get((change.entity, record.id), record.json)) for number, (change, record) in plain.items()}
    return {number: fresh.get(number, record) for number, (_, record) in saved.items()}


async def _shown(unit: Unit, entity: Entity, ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """Return those of some records that have been computed anew since they were last shown."""
    wanted = [record_id for record_id in ids if (entity.key, record_id) in unit.touched]
    unit.touched.difference_update((entity.key, record_id) for record_id in wanted)
    return await shown_now(unit.executor, unit.site, unit.model, entity, wanted) if wanted else {}


async def _judge(unit: Unit, plan: ComputePlan, rules: Sequence[Rule], ids: Sequence[UUID], at: int | None) -> None:
    """Raise RecordInvalid with an issue for every record and rule that reads far fields and does not hold now."""
    shape = (unit.model, "late rules", plan.entity.key, unit.actor.rights, unit.is_confirmed)
    statement: Statement | None = unit.site.compiled.get(shape)
    if statement is None:
        rows = judging_rows(unit.site, unit.model, unit.actor, plan.entity)
        holds = [func.coalesce(rows.condition(rule.check.tree), literal_column("false")).label(f"r{n}") for n, rule in enumerate(rules)]
        chosen = rows.root.c.id == bindparam("ids", type_=ARRAY(SQL_UUID())).any_()
        statement = compile_statement(select(rows.root.c.id, *holds).select_from(rows.source).where(chosen))
        unit.site.keep(shape, statement)
    now = unit.change_set.at
    values = {"now": now, "today": now.date(), "user": unit.actor.id, "ids": list(ids)}
    found = {row["id"]: row for row in await unit.executor.fetch(statement.sql, *statement.arguments(values))}
    issues: list[Issue] = []
    for offset, record_id in enumerate(ids):
        lost = [broken(rule) for number, rule in enumerate(rules) if not found[record_id][f"r{number}"]]
        issues += placed(lost, at, offset)
    if issues:
        raise RecordInvalid(tuple(issues))
