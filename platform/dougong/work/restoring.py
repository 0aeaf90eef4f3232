"""Restores in, the records with their rows out of the trash, computed and judged as they would be today, out."""

from collections.abc import Sequence
from dataclasses import replace

from dougong.permissions.access import Access
from dougong.store.before import read_before
from dougong.store.errors import RecordInvalid
from dougong.store.save import Changed, Saved, Values, update
from dougong.work.asking import computed, judged
from dougong.work.befores import befores_of
from dougong.work.circumstances import context_of
from dougong.work.clashes import TellingClashes
from dougong.work.climbing import climb
from dougong.work.followed import hold_followed, shown_after
from dougong.work.history import changes_of
from dougong.work.inputs import placed
from dougong.work.lookup import Sent, look
from dougong.work.overlaps import refuse_overlaps
from dougong.work.periods import hold_periods
from dougong.work.request import Restore
from dougong.work.unit import Unit
from engines.entity.compute import ComputePlan, as_it_was, kept
from engines.entity.input_schema import check_limits
from engines.entity.rules import check_rules
from engines.values.issue import Issue


async def restore(unit: Unit, access: Access, changes: Sequence[Restore], at: int | None) -> list[Saved]:
    """Take records out of the trash; refuses what points to the trash, is not unique any more or breaks a limit or a rule."""
    plan, schema = unit.model.plans[access.entity.key], unit.model.inputs[access.entity.key]
    ids = [change.id for change in changes]
    await climb(unit, access.entity, ids)
    found = await read_before(unit.executor, unit.site, unit.model, unit.actor, access, "restore", ids, True, "trash")
    befores = befores_of(access, "restore", changes, [{} for _ in changes], found)
    # Whatever they point to is judged as if it were new: it may have gone to the trash as well.
    looked = await look(unit, plan, [Sent(None, _pointed(plan, before)) for before in befores])
    context = await context_of(unit, plan)
    changed: list[Changed] = []
    issues: list[Issue] = []
    for offset, before in enumerate(befores):
        after = await computed(unit, plan, before, {}, looked.found, context)
        known = await judged(unit, plan, after, looked.found, replace(context, old=as_it_was(plan, before)))
        wrong = [*check_limits(schema, after), *looked.missing[offset], *check_rules(plan, after, looked.found, known)]
        issues += placed(wrong, at, offset)
        changed.append(Changed(before, after := kept(plan, after), changes_of(plan, before, after)))
    if issues:
        raise RecordInvalid(tuple(issues))
    await hold_periods(unit, access.entity, ((None, one.after) for one in changed), at)
    await refuse_overlaps(unit, access.entity, [one.after for one in changed], at)
    follow = await hold_followed(unit, plan, ((None, one.after) for one in changed), at)
    with TellingClashes(access.entity, [one.after for one in changed], at):
        saved = await update(unit.executor, unit.site, unit.model, access.entity, changed, looked.pointing, unit.change_set, "restore")
    await follow()
    return await shown_after(unit, access.entity, saved)


def _pointed(plan: ComputePlan, record: Values) -> Values:
    """Return a record with its rows as if it were sent."""
    return {key: record[key] for key in (*plan.entity.fields, "id") if key in record}
