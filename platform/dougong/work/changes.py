"""The stages of a request, group by group: access, input, before-images, look-ups, compute, rules, access after, save."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any

from dougong.model.app_model import AppModel
from dougong.permissions.access import Access, require
from dougong.store.before import read_before
from dougong.store.errors import (
    EntityNotFound,
    LedgerKept,
    RecordInvalid,
    SumsKept,
    TransitionNotFound,
)
from dougong.store.read import known_access
from dougong.store.save import Changed, Saved, Values, trash, update
from dougong.store.sums import WrongSum
from dougong.work.ahead import PART, Ahead, step_of
from dougong.work.as_seen import as_seen
from dougong.work.asking import ask_for_defaults, ask_for_rules, judged
from dougong.work.assigning import assigned
from dougong.work.befores import befores_of
from dougong.work.circumstances import context_of
from dougong.work.clashes import TellingClashes
from dougong.work.climbing import climb
from dougong.work.followed import as_they_are, hold_followed, shown_after
from dougong.work.guarded import guarded
from dougong.work.hidden import hidden_in, leave_hidden
from dougong.work.history import changes_of
from dougong.work.inputs import placed, read_inputs
from dougong.work.last_administrator import USERS, keep_an_administrator
from dougong.work.lookup import Sent, look_up
from dougong.work.merging import merge_older
from dougong.work.moving import moved
from dougong.work.numbering import leaves_numbers, number_all, numbering_last
from dougong.work.overlaps import refuse_overlaps
from dougong.work.periods import hold_periods
from dougong.work.permitted import denied, not_open, refuse_after, refuse_bringing, refuse_fields, refuse_reverts
from dougong.work.posting import correction, keep_sums, post
from dougong.work.references import refuse_referenced
from dougong.work.refusals import EachRefused, told
from dougong.work.request import Change, Create, Delete, GuardedUpdate, Move, Restore, Reverse, Revert, Update, Upsert
from dougong.work.restoring import restore
from dougong.work.reversing import reverse
from dougong.work.singles import refuse_another, refuse_going
from dougong.work.unit import Unit, together
from dougong.work.upserting import upsert
from dougong.work.ways import denied_ways, in_first_state, refuse_ways
from dougong.work.wrong import Wrong, refuse_wrong
from engines.entity.actions import TRANSITION
from engines.entity.compute import as_it_was, kept, with_copies
from engines.entity.entity import Entity, Transition
from engines.entity.input_schema import check_limits
from engines.entity.rules import check_rules, check_warnings
from engines.entity.transitions import kept_by_state
from engines.values.issue import Issue

Group = Sequence[Change]


def groups_of(changes: Sequence[Change]) -> list[Group]:
    """Return neighbours of one entity and one kind of change together, in the order they were asked for."""
    if len(changes) == 1:
        return [changes]
    return [list(group) for _, group in groupby(changes, key=lambda change: (type(change), change.entity, getattr(change, "transition", "")))]


def parts_of(model: AppModel, group: Group) -> list[Group]:
    """Return what is saved at a time: the group, or one after the other where each must see those before it."""
    plan = model.plans.get(group[0].entity)
    if len(group) == 1 or plan is None or not plan.asks_itself or isinstance(group[0], GuardedUpdate):
        return [group]  # guarded changes lock all their records first, and are judged in their order
    return [[change] for change in group]


async def carry_out(unit: Unit, changes: Sequence[Change]) -> tuple[Saved, ...]:
    """Save every group of a request and return the records in the order of the changes."""
    saved: list[Saved] = []
    groups = [changes] if len(changes) == 1 else [part for whole in groups_of(changes) for part in parts_of(unit.model, whole)]
    unit = await numbering_last(unit, changes, len(groups) > 1)
    for group in groups:
        at = len(saved) if len(changes) > 1 else None
        try:
            saved += await STAGES[type(group[0])].save(unit, entity_access(unit, group[0]), group, at)
        except EachRefused as refused:
            raise RecordInvalid(tuple(i for n, error in refused.errors.items() for i in told(error, f"/{(at or 0) + n}"))) from refused
    if unit.unnumbered:
        saved = await number_all(unit, saved)
    if unit.touched and len(saved) > 1:
        saved = list((await as_they_are(unit, dict(enumerate(zip(changes, saved, strict=True))))).values())
    return tuple(await as_seen(unit.executor, unit.site, unit.model, unit.actor, list(zip(changes, saved, strict=True))))


def entity_access(unit: Unit, change: Change) -> Access:
    """Return what the actor may do with the entity of a change; raises EntityNotFound, AppNotFound, ActionDenied."""
    access = known_access(unit.site, unit.model, unit.actor, change.entity)
    if access.entity.parent is not None:
        raise EntityNotFound(entity=change.entity)
    if access.entity.kind == "ledger" and not isinstance(change, Create | Reverse):
        raise LedgerKept(entity_zh=access.entity.name["zh-CN"], entity_en=access.entity.name["en"])
    if access.entity.projected and (
        isinstance(change, Create | Delete | Upsert | Restore) or (isinstance(change, Revert) and access.entity.projected & change.values.keys())
    ):
        raise SumsKept(entity_zh=access.entity.name["zh-CN"], entity_en=access.entity.name["en"])
    for action in actions_of(change):
        if isinstance(change, Move) and not _is_known(access.entity, change):
            break  # that there is none is told of each record
        require(access, action, unit.actor)
    return access


def actions_of(change: Change) -> tuple[str, ...]:
    """Return what the actor must be allowed to do with the entity of a change: each transition is an action of its own."""
    return (f"{TRANSITION}.{change.transition}",) if isinstance(change, Move) else STAGES[type(change)].actions


async def read_befores(
    unit: Unit, access: Access, changes: Sequence[Delete | Move | Revert], sents: Sequence[Mapping[str, object]]
) -> list[Values]:
    """Return the records as they are, in the order of the changes; refuses what may not be seen, done, or was changed since."""
    (action,) = actions_of(changes[0])
    ids = [change.id for change in changes]
    await climb(unit, access.entity, ids)
    found = await read_before(unit.executor, unit.site, unit.model, unit.actor, access, action, ids, unit.is_locking)
    return befores_of(access, action, changes, sents, found)


async def read_merged(
    unit: Unit, access: Access, changes: Sequence[Update], sents: Sequence[Values], at: int | None
) -> tuple[list[Values], list[Values]]:
    """Return the records as they are, and what was sent for them without what would only put back what others changed since.

    Refuses as `read_befores` does, but for changes of other fields since: those are no conflict.
    """
    ids = [change.id for change in changes]
    await climb(unit, access.entity, ids, sents)
    found = await read_before(unit.executor, unit.site, unit.model, unit.actor, access, "update", ids, unit.is_locking)
    if access.shows:
        shown = [found[change.id][0] if found.get(change.id, ({}, False))[1] else {} for change in changes]
        sents = await leave_hidden(unit, access, shown, sents, at)
    merged, conflicts = await merge_older(unit, access, changes, sents, found)
    return befores_of(access, "update", changes, merged, found, conflicts), merged


async def _create(unit: Unit, access: Access, changes: Sequence[Create], at: int | None) -> list[Saved]:
    sents = read_inputs(access.inputs, changes, at)
    saved = await _save_new(unit, access, sents, at)
    await refuse_fields(unit, access, "create", None, sents, at)
    return saved


async def _save_new(unit: Unit, access: Access, sents: Sequence[Values], at: int | None) -> list[Saved]:
    """Save records that are made of typed values."""
    refuse_another(unit, access.entity, sents)
    plan = unit.model.plans[access.entity.key]
    await climb(unit, access.entity, (), sents)
    pairs = [Sent(None, sent) for sent in sents]
    looked = await look_up(unit, plan, pairs)
    context = await context_of(unit, plan)
    asking = together(unit, len(sents))
    await ask_for_defaults(asking, plan, sents, looked.found, context)
    made: list[Values] = []
    ways: list[Transition | None] = []
    wrong = Wrong()
    step = await step_of(unit, plan, len(sents))
    ahead = Ahead(unit, access.entity, looked.pointing)
    try:
        for first in range(0, len(sents), step):
            moves_to = [await moved(asking, access, plan, None, sent, None, looked.found, context) for sent in sents[first : first + step]]
            records = [found.record for found in moves_to]
            for record in records:
                record["created_by"] = record["updated_by"] = unit.actor.id
                record["created_at"] = record["updated_at"] = unit.change_set.at
            await ask_for_rules(asking, plan, records, looked.found, context)
            for offset, (found, record) in enumerate(zip(moves_to, records, strict=True), first):
                known = await judged(asking, plan, record, looked.found, context) if plan.asking_rules else context
                closed = not_open(unit, access, "create", None, sents[offset], record)
                wrong.note([*looked.missing[offset], *found.issues, *check_rules(plan, record, looked.found, known), *closed], at, offset)
                wrong.warn(check_warnings(plan, record, looked.found, known), at, offset)
            ways += [found.transition for found in moves_to]
            wrong.denied |= denied(unit, access, "create", records, first)
            if access.entity.states is not None:
                wrong.denied |= denied_ways(unit, access, in_first_state(access, records), ways[first:], first)
            made += records
            if step < len(sents):
                if len(made) - ahead.count >= PART and not wrong.is_any(unit):
                    ahead.write([kept(plan, record) for record in made[ahead.count :]])
                await asyncio.sleep(0)  # others have their turn, and PostgreSQL is sent what is to be written
        await refuse_wrong(unit, plan, None, made, wrong, at)
        rest = [kept(plan, record) for record in made[ahead.count :]]
        await hold_periods(unit, access.entity, ((None, record) for record in rest), at)
        await refuse_overlaps(unit, access.entity, rest, at)
        if access.entity.key in unit.model.projections:
            await post(_save_new, _save_changed, unit, access.entity, rest, at)
        follow = await hold_followed(unit, plan, ((None, record) for record in rest), at, is_new=True)
        with TellingClashes(access.entity, made, at):
            saved = await ahead.rest(rest, not leaves_numbers(unit, access.entity, rest))
        await follow()
    finally:
        await ahead.stop()
    await refuse_after(unit, access, "create", [record["id"] for record in made])
    await refuse_ways(unit, access, [record["id"] for record in made], ways)
    return await shown_after(unit, access.entity, saved)


async def correct_sums(unit: Unit, wrong: Sequence[WrongSum]) -> None:
    """Keep what the entries of ledgers add up to where it is not kept yet; raises RecordShort where a guard would not hold."""
    for posting in correction(unit, wrong):
        await keep_sums(_save_new, _save_changed, unit, posting, 0)


async def _update(unit: Unit, access: Access, changes: Sequence[Update], at: int | None) -> list[Saved]:
    befores, sents = await read_merged(unit, access, changes, read_inputs(access.inputs, changes, at), at)
    if any(change.formulas for change in changes):
        sents = assigned(unit, access, changes, befores, sents, await hidden_in(unit, access, befores), at)
        sents = await leave_hidden(unit, access, befores, sents, at)
    await refuse_fields(unit, access, "update", befores, sents, at)
    return await _save_changed(unit, access, changes, befores, sents, at)


async def _move(unit: Unit, access: Access, changes: Sequence[Move], at: int | None) -> list[Saved]:
    for change in changes:
        if not _is_known(access.entity, change):
            raise TransitionNotFound(transition=change.transition)
    sents = read_inputs(access.inputs, changes, at)
    befores = await read_befores(unit, access, changes, sents)
    await refuse_bringing(unit, access, befores, _bringing(sents))
    sents = await leave_hidden(unit, access, befores, sents, at)
    await refuse_fields(unit, access, "update", befores, sents, at)
    return await _save_changed(unit, access, changes, befores, sents, at)


async def _save_changed(
    unit: Unit, access: Access, changes: Sequence[Change], befores: Sequence[Values], sents: Sequence[Values], at: int | None
) -> list[Saved]:
    """Save records as they were with typed values that change."""
    plan = unit.model.plans[access.entity.key]
    pairs = [Sent(before, _without_head(sent)) for before, sent in zip(befores, sents, strict=True)]
    looked = await look_up(unit, plan, pairs)
    context = await context_of(unit, plan)
    asking = together(unit, len(changes))
    moves_to = []
    for change, before, pair in zip(changes, befores, pairs, strict=True):
        taken = change.transition if isinstance(change, Move) else None
        moves_to.append(await moved(asking, access, plan, before, pair.sent, taken, looked.found, context))
    afters = [found.record for found in moves_to]
    await ask_for_rules(asking, plan, afters, looked.found, context)
    # A transition alone is not held against what may be changed; values that are sent along with it are.
    held = _bringing(sents) if isinstance(changes[0], Move) else range(len(changes))
    unmade = denied(unit, access, "update", afters) if held else {}
    # A transition that was asked for was looked at when the record was read; one that leads to a state that was sent is looked at now.
    ways = [None if isinstance(change, Move) else found.transition for change, found in zip(changes, moves_to, strict=True)]
    wrong = Wrong(denied={place: error for place, error in unmade.items() if place in held} | denied_ways(unit, access, befores, ways))
    for offset, (before, found, after) in enumerate(zip(befores, moves_to, afters, strict=True)):
        known = await judged(asking, plan, after, looked.found, replace(context, old=as_it_was(plan, before)))
        wrong.note([*looked.missing[offset], *found.issues, *check_rules(plan, after, looked.found, known)], at, offset)
        wrong.warn(check_warnings(plan, after, looked.found, known), at, offset)
    await refuse_wrong(unit, plan, befores, afters, wrong, at)
    await refuse_ways(unit, access, [before["id"] for before in befores], ways)
    changed = [
        Changed(before, after := kept(plan, found.record), changes_of(plan, before, after, found.transition))
        for before, found in zip(befores, moves_to, strict=True)
    ]
    await hold_periods(unit, access.entity, ((c.before, c.after) for c in changed), at)
    await refuse_overlaps(unit, access.entity, [c.after for c in changed], at)
    if access.entity.full_key == USERS:
        await keep_an_administrator(unit.executor, befores, [c.after for c in changed])
    follow = await hold_followed(unit, plan, ((c.before, c.after) for c in changed), at)
    with TellingClashes(access.entity, [c.after for c in changed], at):
        saved = await update(unit.executor, unit.site, unit.model, access.entity, changed, looked.pointing, unit.change_set)
    await follow()
    if held:
        await refuse_after(unit, access, "update", [change.after["id"] for change in changed], held)
    return await shown_after(unit, access.entity, saved)


async def _delete(unit: Unit, access: Access, changes: Sequence[Delete], at: int | None) -> list[Saved]:
    refuse_going(access.entity)
    befores = await read_befores(unit, access, changes, [{} for _ in changes])
    states = access.entity.states
    if states is not None:
        kept_ones = [placed(kept_by_state(states, before), at, offset) for offset, before in enumerate(befores)]
        if any(kept_ones):
            raise RecordInvalid(tuple(found for issues in kept_ones for found in issues))
    await hold_periods(unit, access.entity, ((before, None) for before in befores), at)
    await refuse_referenced(unit, access.entity, [before["id"] for before in befores])
    if access.entity.full_key == USERS:
        await keep_an_administrator(unit.executor, befores, ())
    gone = [(before["id"], before["revision"]) for before in befores]
    plan = unit.model.plans[access.entity.key]
    follow = await hold_followed(unit, plan, ((before, None) for before in befores), at)
    saved = await trash(unit.executor, unit.site, unit.model, access.entity, gone, unit.change_set)
    await follow()
    return saved


async def _revert(unit: Unit, access: Access, changes: Sequence[Revert], at: int | None) -> list[Saved]:
    plan = unit.model.plans[access.entity.key]
    befores = await read_befores(unit, access, changes, [{} for _ in changes])
    refuse_reverts(unit, access, [change.values for change in changes], at)
    sents = [with_copies(plan, before, change.values) for before, change in zip(befores, changes, strict=True)]
    schema = unit.model.inputs[access.entity.key]
    issues: list[Issue] = []
    for offset, (before, sent) in enumerate(zip(befores, sents, strict=True)):
        issues += placed(check_limits(schema, sent, before), at, offset)
    if issues:
        raise RecordInvalid(tuple(issues))
    return await _save_changed(unit, access, changes, befores, sents, at)


def _is_known(entity: Entity, change: Move) -> bool:
    return entity.states is not None and change.transition in entity.states.transitions


def _bringing(sents: Sequence[Values]) -> list[int]:
    """Return the places of the changes that bring values."""
    return [place for place, sent in enumerate(sents) if not sent.keys() <= {"id", "revision"}]


def _without_head(sent: Values) -> Values:
    return {key: value for key, value in sent.items() if key not in ("id", "revision")}


Save = Callable[[Unit, Access, Sequence[Any], int | None], Awaitable[list[Saved]]]


@dataclass(frozen=True, slots=True)
class Stage:
    """How changes of one kind are saved: neighbours of one entity in, the saved records in their order out.

    actions: what the actor must be allowed to do with the entity, but for transitions. save: is given the number of the first change in its
    request, None where the request has but one. is_one_statement: one statement writes it all and can be a transaction
    of its own; what is read before is held by revisions.
    """

    actions: tuple[str, ...]
    save: Save
    is_one_statement: bool


STAGES: Mapping[type[Change], Stage] = {
    Create: Stage(("create",), _create, True),
    Update: Stage(("update",), _update, True),
    Reverse: Stage(("create",), partial(reverse, _save_new), False),
    GuardedUpdate: Stage(("update",), partial(guarded, _save_new, _save_changed), True),
    Delete: Stage(("delete",), _delete, False),
    Move: Stage((), _move, True),
    Upsert: Stage(("create", "update"), partial(upsert, _create, _update), False),
    Restore: Stage(("restore",), restore, False),
    Revert: Stage(("update",), _revert, True),
}
"""How each kind of change is saved; a new kind is a line here and a value in `request.py`."""


def is_one_statement(model: AppModel, changes: Sequence[Change]) -> bool:
    """Whether one statement can carry out all changes of a request."""
    groups = groups_of(changes)
    if len(groups) > 1 or len(parts_of(model, groups[0])) > 1 or not STAGES[type(groups[0][0])].is_one_statement:
        return False
    entity = model.entities.get(groups[0][0].entity)
    if entity is None:
        return True
    # What is locked before it is written stays locked until it is.
    is_locking = entity.period_lock is not None or (entity.decision is not None and entity.decision.refuses_overlap)
    return entity.key not in model.projections and not is_locking
