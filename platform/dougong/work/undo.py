"""A change set in; what undoing it would do to each record, and doing it, out: made goes to the trash, trashed comes back, values return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal
from uuid import UUID

from dougong.errors import PlatformError
from dougong.model.app_model import AppModel
from dougong.permissions.access import Access, access_for
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.before import read_before
from dougong.store.change_sets import KnownSet, Touched, read_change_set, read_steps, read_touched
from dougong.store.ids import new_id
from dougong.store.save import Executor, Values
from dougong.work.perform_bulk import MOST_CHANGES, Bulk, perform_bulk
from dougong.work.request import Change, Delete, Request, Restore, Revert
from engines.entity.entity import Entity
from engines.entity.merge import Step
from engines.entity.messages import MESSAGES
from engines.entity.revert import revert
from engines.entity.shown import value_shown
from engines.values.issue import Issue, issue

Deed = Literal["restore", "revert", "trash", "none"]
_Reverted = tuple[Values, tuple[str, ...], tuple[Issue, ...]]
Policy = Literal["skip", "refuse", "overwrite"]
"""What happens to values that were changed since: they stay, they stop the undoing of all, or they are overwritten."""


class ChangeSetNotFound(PlatformError):
    """History knows no such change set of the app, or it is somebody else's."""

    code = "record-change-set-not-found"
    title = {"zh-CN": "没有这个变更集", "en": "There is no such change set"}
    status = 404


class ChangedSince(PlatformError):
    """Records were changed after the change set that was to be undone only as a whole."""

    code = "record-changed-since"
    title = {"zh-CN": "之后又有修改", "en": "Changed since"}
    status = 409
    sentence = {
        "zh-CN": "有 {count} 条记录之后又被修改，未撤销任何内容。",
        "en": "Changed since then: {count} records. Nothing was undone.",
    }


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing does to one record.

    kept: keys of the values that were changed since. is_changed_since: whether anything of it was. is_gone: it is neither among
    the records nor in the trash, or not the actor's to see. secrets: an issue for each secret it changed, which nobody has kept.
    """

    entity: str
    id: UUID
    deed: Deed
    change: Change | None
    title: str = ""
    kept: tuple[str, ...] = ()
    is_changed_since: bool = False
    is_gone: bool = False
    secrets: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of undoing: the new change set, how many records, and those that are as they were, with what refused some."""

    change_set: UUID
    count: int
    left: Sequence[tuple[Undoing, Sequence[Issue]]] = field(default_factory=tuple)


async def known_set(site: Site, actor: Actor, app: str, change_set: UUID) -> KnownSet:
    """Return a change set the actor made, or any where they may publish the app; raises ChangeSetNotFound."""
    found = await read_change_set(site.pool, app, change_set)
    if found is None or not (found.actor == actor.id or actor.is_system or actor.may_do("publish", app)):
        raise ChangeSetNotFound()
    return found


async def undo(site: Site, model: AppModel, actor: Actor, change_set: UUID, policy: Policy) -> Undone:
    """Undo a change set with the rights of who asks, in requests of up to 10,000 records that share one new change set.

    Raises ChangeSetNotFound, ChangedSince.
    """
    await known_set(site, actor, model.app, change_set)
    touched = in_order(await read_touched(site.pool, model.app, change_set))
    parts = [touched[first : first + MOST_CHANGES] for first in range(0, len(touched), MOST_CHANGES)]
    if policy == "refuse":
        plans = [await plan(site.pool, site, model, actor, change_set, part, policy) for part in parts]
        count = sum(one.is_changed_since for of in plans for one in of)
        if count:
            raise ChangedSince(count=count)
    undone = Undone(new_id(), 0)
    for part in parts:
        undone = await _undo_part(site, model, actor, change_set, part, policy, undone)
    return undone


def in_order(touched: Sequence[Touched]) -> list[Touched]:
    """Return the records in the order of undoing: what comes back first, then values, then what goes; the last made goes first."""
    ranks = {"restore": 0, "revert": 1, "trash": 2, "none": 3}
    latest: dict[str, int] = {}
    for one in touched:
        latest[one.entity] = max(latest.get(one.entity, 0), one.place)
    return sorted(touched, key=lambda one: (ranks[_deed(one)], -latest[one.entity], -one.place))


async def plan(
    executor: Executor, site: Site, model: AppModel, actor: Actor, change_set: UUID, touched: Sequence[Touched], policy: Policy
) -> list[Undoing]:
    """Return what undoing does to each of some records."""
    found: list[Undoing] = []
    for (entity, deed), group in groupby(touched, key=lambda one: (one.entity, _deed(one))):
        records = list(group)
        if entity not in model.entities or "read" not in access_for(site, model, actor, entity).rows or deed == "none":
            found += [Undoing(entity, one.id, "none", None, is_gone=deed != "none") for one in records]
            continue
        access = access_for(site, model, actor, entity)
        action, place = ("restore", "trash") if deed == "restore" else ("update" if deed == "revert" else "delete", "live")
        ids = [one.id for one in records]
        there = await read_before(executor, site, model, actor, access, action, ids, False, "trash" if place == "trash" else "live")
        values = await _reverted(executor, model, entity, change_set, records, there, policy) if deed == "revert" else {}
        for one in records:
            found.append(_undoing(access, one, deed, there.get(one.id), values.get(one.id), policy))
    return found


def _deed(touched: Touched) -> Deed:
    """Return what undoes what was done to a record, whatever was done in between."""
    is_made, is_trashed = touched.first in ("create", "restore"), touched.last == "delete"
    if is_made:
        return "none" if is_trashed else "trash"
    if is_trashed:
        return "restore"
    return "revert"


def _undoing(
    access: Access, one: Touched, deed: Deed, there: tuple[Values, bool] | None, reverted: _Reverted | None, policy: Policy
) -> Undoing:
    if there is None:
        return Undoing(one.entity, one.id, deed, None, is_gone=True)
    now, _ = there
    titled = access.seen.fields.get(access.seen.title)
    title = "" if titled is None else str(value_shown(titled, now.get(titled.key)) or "")
    is_changed = now["revision"] != one.last_revision
    change: Change | None
    kept: tuple[str, ...] = ()
    secrets: tuple[Issue, ...] = ()
    if deed == "revert":
        values, kept, secrets = reverted or ({}, (), ())
        change = Revert(one.entity, one.id, values, now["revision"]) if values else None
    elif deed == "restore":
        change = Restore(one.entity, one.id, now["revision"])
    else:
        change = Delete(one.entity, one.id, now["revision"])
    if policy != "overwrite" and is_changed and deed != "revert":
        change = None
    kept = tuple(key for key in kept if key in access.seen.fields)
    return Undoing(one.entity, one.id, deed, change, title, kept, is_changed, secrets=secrets)


async def _reverted(
    executor: Executor, model: AppModel, entity: str, change_set: UUID, records: Sequence[Touched],
    there: Mapping[UUID, tuple[Values, bool]], policy: Policy,
) -> dict[UUID, _Reverted]:
    """Return for each record the values to write, the keys of those that were changed since, and the secrets that do not come back."""
    plan_of = model.plans[entity]
    steps = await read_steps(executor, model.app, entity, change_set, records)
    found = {}
    for one in records:
        if one.id in there:
            own, since = steps[one.id]
            values, conflicts = revert(plan_of.entity, plan_of.lines, there[one.id][0], own, since, () if policy == "overwrite" else since)
            kept = dict.fromkeys(conflict.pointer.split("/")[1] for conflict in conflicts)
            found[one.id] = values, tuple(kept), tuple(_secrets(plan_of.entity, plan_of.lines, own))
    return found


def _secrets(entity: Entity, lines: Mapping[str, Entity], own: Sequence[Step]) -> list[Issue]:
    """Return an issue for each secret that some steps have changed, in the record or in rows that stay."""
    found: dict[str, Issue] = {}
    for step in own:
        for key, change in step.changes.items():
            rows = [one for one in change.values() if isinstance(one, Mapping)] if key in lines else [step.changes]
            fields = lines[key].fields if key in lines else {key: entity.fields[key]} if key in entity.fields else {}
            for of in fields.values():
                if of.kind.key == "secret" and any(of.key in row for row in rows):
                    found.setdefault(f"{key}/{of.key}", issue(MESSAGES, "record-secret-gone", f"/0/{key}", None, name=of.name))
    return list(found.values())


async def _undo_part(
    site: Site, model: AppModel, actor: Actor, change_set: UUID, touched: Sequence[Touched], policy: Policy, undone: Undone
) -> Undone:
    """Undo what a change set did to some records, in one request."""
    plans = await plan(site.pool, site, model, actor, change_set, touched, policy)
    doing = [one for one in plans if one.change is not None]
    came: list[Bulk] = []

    def write(bulk: Bulk) -> bytes:
        came[:] = [bulk]
        return b"{}"

    changes = tuple(one.change for one in doing if one.change is not None)
    # What rules warn of was confirmed, or held, when the values were there before.
    request = Request(model.app, actor, changes, "undo", change_set=undone.change_set, is_confirmed=True)
    await perform_bulk(site, request, "all" if policy == "refuse" else "each", write)
    refused = came[0].each.refused
    left = [(one, tuple(refused[number])) for number, one in enumerate(doing) if number in refused]
    left += [(one, one.secrets) for one in plans if one.kept or one.secrets or (one.change is None and one.deed != "none")]
    return Undone(undone.change_set, undone.count + len(came[0].each.saved), (*undone.left, *left))
