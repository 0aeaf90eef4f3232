"""Records of the organization and settings as they were and as they are in, rows of the audit log out; which values changed stands in history."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from dougong.audit.record import Row, Subject, keep
from dougong.model.app_model import ORGANIZATION
from dougong.work.moves import Images
from dougong.work.unit import Unit
from engines.entity.entity import Entity

ROLES = f"{ORGANIZATION}.role"
_ROLE_KEYS = 'SELECT id, key FROM "app_organization"."role" WHERE id = ANY($1::uuid[])'


def is_audited(entity: Entity) -> bool:
    """Whether saving records of the entity is a deed of administration: people and what they may do, and settings of apps.

    Records of roles come and go with the versions of apps, whose publishing is a deed of its own.
    """
    return entity.kind == "single" or (entity.app == ORGANIZATION and entity.full_key != ROLES)


async def keep_deeds(unit: Unit, entity: Entity, images: Iterable[Images], is_new: bool) -> None:
    """Add a row for each record that was saved, in the same transaction. images: each before and after; is_new: they were made."""
    pairs = list(images)
    roles = {pair: _roles(unit, entity, before, after) for pair, (before, after) in enumerate(pairs)}
    keys = await _role_keys(unit, {role for given, taken in roles.values() for role in (*given, *taken)})
    rows = []
    for place, (before, after) in enumerate(pairs):
        record = after or before or {}
        details: dict[str, object] = {"action": _action(before, after, is_new), "channel": unit.change_set.channel}
        if before is not None and after is not None:
            details["fields"] = [key for key in entity.fields if before.get(key) != after.get(key)]
        for name, among in zip(("roles_given", "roles_taken"), roles[place], strict=True):
            if among:
                details[name] = sorted(keys.get(role, str(role)) for role in among)
        title = record.get(entity.title)
        subject = Subject(entity.app, entity.key, record["id"], "" if title is None else str(title))
        deed = "change-settings" if entity.kind == "single" else "change-organization"
        rows.append(Row(deed, unit.actor, subject, details))
    await keep(unit.executor, rows)


def _action(before: object, after: object, is_new: bool) -> str:
    if after is None:
        return "delete"
    if before is not None:
        return "update"
    return "create" if is_new else "restore"


def _roles(unit: Unit, entity: Entity, before: Mapping[str, object] | None, after: Mapping[str, object] | None) -> tuple[set[UUID], set[UUID]]:
    """Return the roles a record gives now and did not before, and those it did and does not now."""
    had, has = _named(unit, entity, before), _named(unit, entity, after)
    return has - had, had - has


def _named(unit: Unit, entity: Entity, record: Mapping[str, object] | None) -> set[UUID]:
    if record is None:
        return set()
    found: set[UUID] = set()
    for field in entity.fields.values():
        if field.lines is None:
            continue
        to_roles = [one.key for one in unit.model.entity(field.lines).fields.values() if one.to is not None and entity.everywhere(one.to) == ROLES]
        rows = record.get(field.key)
        for row in rows if isinstance(rows, Sequence) else ():
            found |= {row[key] for key in to_roles if row.get(key) is not None}
    return found


async def _role_keys(unit: Unit, ids: set[UUID]) -> Mapping[UUID, str]:
    rows = await unit.executor.fetch(_ROLE_KEYS, list(ids)) if ids else []
    return {row["id"]: row["key"] for row in rows}
