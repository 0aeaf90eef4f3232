"""Updates of records that have changed since they were read in; what is left to write of each, or who changed the same value, out."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dougong.model.app_model import ORGANIZATION
from dougong.permissions.access import Access, seen_by
from dougong.store.changes_since import read_changes_since
from dougong.store.errors import RevisionConflict
from dougong.store.save import Values
from dougong.store.titles import read_names
from dougong.work.request import Update
from dougong.work.unit import Unit
from engines.entity.entity import Entity
from engines.entity.merge import Conflict, merge
from engines.entity.messages import MESSAGES
from engines.entity.shown import as_shown
from engines.values.issue import issue

_SOMEBODY = {"zh-CN": "其他人", "en": "somebody else"}
Found = Mapping[UUID, tuple[Values, bool]]


async def merge_older(
    unit: Unit, access: Access, changes: Sequence[Update], sents: Sequence[Values], found: Found
) -> tuple[list[Values], dict[int, RevisionConflict]]:
    """Return what was sent without what it would only put back, and by the place of the change the conflicts of those that have some."""
    older: dict[int, int] = {}
    for place, (change, sent) in enumerate(zip(changes, sents, strict=True)):
        wanted = change.revision if change.revision is not None else sent.get("revision")
        if wanted is not None and change.id in found and wanted != found[change.id][0]["revision"]:
            older[place] = wanted
    if not older:
        return list(sents), {}
    merged, conflicts = list(sents), {}
    plan = unit.model.plans[access.entity.key]
    since = {changes[place].id: wanted for place, wanted in older.items()}
    steps = await read_changes_since(unit.executor, unit.model.app, access.entity.key, since)
    people: Mapping[str, str] | None = None
    for place, wanted in older.items():
        now = found[changes[place].id][0]
        known = steps.get(changes[place].id, {})
        revisions = range(wanted + 1, now["revision"] + 1)
        if wanted > now["revision"] or any(revision not in known for revision in revisions):
            conflicts[place] = RevisionConflict(current=now["revision"], sent=wanted, conflicts=[])
            continue
        merged[place], clashes = merge(access.entity, plan.lines, now, sents[place], [known[revision] for revision in revisions])
        if clashes:
            people = people or await _names(unit, {UUID(step.actor) for of in steps.values() for step in of.values()})
            issues = tuple(_issue(access.entity, plan.lines, clash, people) for clash in clashes)
            listed = [_shown(unit, access, plan.lines, clash, people) for clash in clashes]
            conflicts[place] = RevisionConflict(issues, current=now["revision"], sent=wanted, conflicts=listed)
    return merged, conflicts


def _issue(entity: Entity, lines: Mapping[str, Entity], clash: Conflict, people: Mapping[str, str]) -> Any:  # noqa: ANN401
    owner = lines[clash.pointer.split("/")[1]] if clash.pointer.count("/") == 3 else entity
    return issue(MESSAGES, "record-field-changed", clash.pointer, None, name=owner.fields[clash.key].name,
                 who=people.get(clash.step.actor, _SOMEBODY))  # fmt: skip


def _shown(unit: Unit, access: Access, lines: Mapping[str, Entity], clash: Conflict, people: Mapping[str, str]) -> dict[str, object]:
    sides = [clash.was, clash.theirs, clash.mine]
    list_key, _, row_key = clash.pointer[1:].partition("/")
    owner = lines.get(list_key)
    path = clash.key if not row_key else f"{list_key}.{clash.key}"
    if path in access.shows:
        sides[0] = None  # as in history, of which it is: it may be from a time when the record did not show it
    elif owner is not None:  # of a row as a whole
        seen = seen_by(unit.site, unit.model, unit.actor).entities
        sides = [as_shown(seen[owner.key], seen.__getitem__, side) if isinstance(side, Mapping) else side for side in sides]
    return {
        "pointer": clash.pointer, "was": sides[0], "theirs": sides[1], "mine": sides[2],
        "changed_by": clash.step.actor, "changed_by__title": people.get(clash.step.actor), "changed_at": clash.step.at,
    }  # fmt: skip


async def _names(unit: Unit, actors: set[UUID]) -> Mapping[str, str]:
    """Return what the people who changed something are called, as far as who asks may read it."""
    users = "user" if unit.model.organization is None else f"{ORGANIZATION}.user"
    return await read_names(unit.executor, unit.site, unit.model, unit.actor, users, actors)
