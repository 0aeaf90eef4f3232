"""Users, positions and groups as they were and as they would be in, a refusal out where whoever asks gives or takes roles, or takes over people, beyond their own.

Administrators and the platform may give everything. Anybody else whom policies let write here gives and takes only roles they have themselves, and
leaves alone what a sign-in goes by, e-mail, kind, activity and last day, of people with roles that they lack, whom they do not delete either.
"""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from dougong.model.app_model import ORGANIZATION
from dougong.people.messages import MESSAGES
from dougong.people.roles import read_roles
from dougong.permissions.actor import Actor
from dougong.store.errors import RecordInvalid
from dougong.store.save import Values
from dougong.work.inputs import placed
from dougong.work.moves import Images
from dougong.work.unit import Unit
from engines.entity.entity import Entity
from engines.values.issue import Issue, issue

_SIGNS_IN_BY = ("email", "kind", "active", "left_on")
_KEYS = 'SELECT id, key FROM "app_organization"."role" WHERE id = ANY($1::uuid[])'
_OF_POSITIONS = """
    SELECT l.parent AS id, r.key FROM "app_organization"."position__roles" AS l JOIN "app_organization"."role" AS r ON r.id = l.role
    WHERE l.parent = ANY($1::uuid[])"""


async def refuse_beyond_own(unit: Unit, entity: Entity, pairs: Sequence[Images], is_new: bool, at: int | None) -> None:
    """Raise RecordInvalid where somebody who is no administrator gives or takes roles they lack, or ends or changes how somebody signs in who has such."""
    if entity.app != ORGANIZATION or entity.key not in ("user", "position", "group") or _gives_everything(unit.actor):
        return
    issues: list[Issue] = []
    for offset, (before, after) in enumerate(pairs):
        if after is None:
            issues += placed(await _beyond_when_deleted(unit, entity, before or {}), at, offset)
            continue
        found = [issue(MESSAGES, "access-role-beyond-own", f"/{key}") for key in await _beyond(unit, before or {}, after)]
        if entity.key == "user" and not is_new:
            changed = [key for key in _SIGNS_IN_BY if before is None or before.get(key) != after.get(key)]
            if changed and await _has_more(unit, after["id"]):
                found += [issue(MESSAGES, "access-person-beyond-own", f"/{key}") for key in changed]
        issues += placed(found, at, offset)
    if issues:
        raise RecordInvalid(tuple(issues))


def _gives_everything(actor: Actor) -> bool:
    """Whether somebody is the platform, or an administrator, with whatever token: what that may write is said before."""
    return actor.is_system or "*.install" in actor.may


async def _beyond_when_deleted(unit: Unit, entity: Entity, before: Values) -> list[Issue]:
    """Return an issue where somebody who has roles that the actor lacks, or what gives such, would go to the trash."""
    if entity.key == "user":
        return [issue(MESSAGES, "access-person-beyond-own")] if await _has_more(unit, before["id"]) else []
    return [issue(MESSAGES, "access-role-beyond-own")] if await _lacks(unit, _ids(before.get("roles"), "role")) else []


async def _beyond(unit: Unit, before: Values, after: Values) -> list[str]:
    """Return the fields by which a record gives or takes roles that the actor lacks: roles themselves, positions of a user, members of a group."""
    fields: list[str] = []
    had, has = _ids(before.get("roles"), "role"), _ids(after.get("roles"), "role")
    if await _lacks(unit, had ^ has):
        fields.append("roles")
    if "members" in after and _members(after) != _members(before) and await _lacks(unit, had | has):
        fields.append("members")
    for key, held, holds in _positions(before, after):
        if held != holds and any(row["key"] not in unit.actor.roles for row in await unit.executor.fetch(_OF_POSITIONS, list(held ^ holds))):
            fields.append(key)
    return fields


def _positions(before: Values, after: Values) -> Iterator[tuple[str, set[UUID], set[UUID]]]:
    had, has = before.get("main_position"), after.get("main_position")
    yield "main_position", set() if had is None else {had}, set() if has is None else {has}
    yield "other_positions", _ids(before.get("other_positions"), "other_position"), _ids(after.get("other_positions"), "other_position")


async def _lacks(unit: Unit, roles: set[UUID]) -> bool:
    return bool(roles) and any(row["key"] not in unit.actor.roles for row in await unit.executor.fetch(_KEYS, list(roles)))


async def _has_more(unit: Unit, user: UUID) -> bool:
    """Whether somebody has roles, their own or of positions and groups, that the actor lacks: with roles go acts."""
    return any(given.key not in unit.actor.roles for given in await read_roles(unit.executor, unit.model, user))


def _members(record: Values) -> set[UUID]:
    return set(record.get("members") or ())


def _ids(rows: object, key: str) -> set[UUID]:
    """Return what the rows of a record point to by a field."""
    return {row[key] for row in rows if isinstance(row, Mapping) and row.get(key) is not None} if isinstance(rows, Sequence) else set()
