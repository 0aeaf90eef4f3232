"""What an actor makes of records held against their policies: fields they may write in some records only, and records as they are afterwards."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.errors import PlatformError
from dougong.model.app_model import AppModel
from dougong.permissions.access import Access, access_for
from dougong.permissions.actor import Actor
from dougong.permissions.errors import ActionDenied
from dougong.sites import Site
from dougong.store.errors import RecordInvalid
from dougong.store.read import judging_rows
from dougong.store.save import Values
from dougong.store.statement import Statement, compile_statement
from dougong.work.inputs import placed
from dougong.work.refusals import refuse
from dougong.work.request import Change, Create
from dougong.work.unit import Unit
from engines.entity.entity import Entity, Formula
from engines.entity.messages import MESSAGES
from engines.values.issue import Issue, issue
from engines.values.same import is_same

_CHANGING = frozenset({"create", "update"})
_MANY = frozenset({"bulk", "import"})
"""Ways by which many records are changed at a time: actions of their own, which may be for some of the records only."""


def is_judged_after(site: Site, model: AppModel, actor: Actor, changes: Iterable[Change]) -> bool:
    """Whether the database has to be asked, when records have been saved, if the actor may have made that of them."""
    for change in changes:
        if change.entity not in model.entities:
            continue
        access = access_for(site, model, actor, change.entity)
        # A new record is in the state that was sent for it when it can be told whether its transition may be taken.
        if access.asked_writes or (access.asked_after and (isinstance(change, Create) or access.asked_after & _CHANGING)):
            return True
    return False


def denied(unit: Unit, access: Access, action: str, records: Sequence[Values], first: int = 0) -> dict[int, PlatformError]:
    """Return what the actor may not make of some records by their place, from `first` on, as far as the records themselves say it."""
    condition = access.rows[action]
    if condition is None or action not in access.told:
        return {}
    return {
        place: ActionDenied(action, access.entity.name)
        for place, record in enumerate(records, first)
        if condition.run(record, unit.context) is not True
    }


async def refuse_after(unit: Unit, access: Access, action: str, ids: Sequence[UUID], among: Collection[int] | None = None) -> None:
    """Raise ActionDenied where records, as they are saved now, are not such that the actor may make them so.

    among: the places of those that are looked at, None for all.
    """
    if action in access.asked_after:
        refuse(await denied_now(unit, access, action, ids, range(len(ids)) if among is None else among), len(ids))


async def refuse_bringing(unit: Unit, access: Access, befores: Sequence[Values], places: Collection[int]) -> None:
    """Raise ActionDenied where values are sent along with a transition of a record, as it is, that the actor may not change otherwise."""
    if not places:
        return
    if "update" not in access.rows:
        refuse({place: ActionDenied("update", access.entity.name) for place in places}, len(befores))
    wrong = denied(unit, access, "update", befores) or await denied_now(unit, access, "update", [before["id"] for before in befores], places)
    refuse({place: error for place, error in wrong.items() if place in places}, len(befores))


async def denied_now(unit: Unit, access: Access, action: str, ids: Sequence[UUID], places: Collection[int]) -> dict[int, PlatformError]:
    """Return by their place what the actor may not do with some records as they are saved now, as far as the records themselves do not say it."""
    condition = access.rows[action]
    if condition is None or action in access.told or not places:
        return {}
    found = await judge(unit, access, ("after", action), {"": condition}, [ids[place] for place in places])
    return {place: ActionDenied(action, access.entity.name) for place in places if not found[ids[place]][""]}


async def outside_way(unit: Unit, access: Access, ids: Sequence[UUID | None]) -> frozenset[UUID]:
    """Return those of some records, as they are now, that the actor may change one by one and not by the way this request comes: many at a time."""
    condition = access.rows.get(unit.change_set.channel) if unit.change_set.channel in _MANY else None
    known = [one for one in ids if one is not None]
    if condition is None or not known:
        return frozenset()
    found = await judge(unit, access, ("way", unit.change_set.channel), {"": condition}, known)
    return frozenset(one for one, held in found.items() if not held[""])


def refuse_outside(unit: Unit, access: Access, ids: Sequence[UUID], outside: frozenset[UUID]) -> None:
    """Raise ActionDenied for records that may not be changed by the way this request comes."""
    refuse({place: denied_way(unit, access) for place, one in enumerate(ids) if one in outside}, len(ids))


def denied_way(unit: Unit, access: Access) -> PlatformError:
    """Return what says that a record may not be changed by the way this request comes."""
    return ActionDenied(unit.change_set.channel, access.entity.name)


async def refuse_fields(
    unit: Unit, access: Access, action: str, befores: Sequence[Values] | None, sents: Sequence[Values], at: int | None
) -> None:
    """Raise RecordInvalid where a value is sent for a field that may not be written in that record, as it is saved now.

    befores: records as they are, whose values may be sent again; None where they are new: what those say themselves is told by `not_open`.
    """
    limited = access.writes.get(action)
    if not limited:
        return
    if befores is not None:
        told = [not_open(unit, access, action, before, sent, before) for before, sent in zip(befores, sents, strict=True)]
        if any(told):
            raise RecordInvalid(tuple(one for offset, wrong in enumerate(told) for one in placed(wrong, at, offset)))
    limited = access.asked_writes.get(action)
    if not limited:
        return
    touched = [set(_touched(access.entity, limited, None if befores is None else befores[n], sent)) for n, sent in enumerate(sents)]
    ids = [record["id"] for record in (sents if befores is None else befores)]
    asked = [record_id for record_id, keys in zip(ids, touched, strict=True) if keys]
    if not asked:
        return
    found = await judge(unit, access, ("fields", action), limited, asked)
    issues: list[Issue] = []
    for offset, (record_id, keys) in enumerate(zip(ids, touched, strict=True)):
        wrong = [key for key in sorted(keys) if not found[record_id][key]]
        issues += placed([not_writable(unit.model, access.entity, key) for key in wrong], at, offset)
    if issues:
        raise RecordInvalid(tuple(issues))


def not_open(unit: Unit, access: Access, action: str, before: Values | None, sent: Values, record: Values) -> list[Issue]:
    """Return an issue for each value that is sent for a field that may not be written in a record, as far as the record itself says it.

    record: the one whose values decide; before: what is there already and may be sent again, None for a new record.
    """
    limited = access.told_writes.get(action)
    if not limited:
        return []
    wrong = [key for key in _touched(access.entity, limited, before, sent) if limited[key].run(record, unit.context) is not True]
    return [not_writable(unit.model, access.entity, key) for key in sorted(wrong)]


def refuse_reverts(unit: Unit, access: Access, given: Sequence[Mapping[str, Any]], at: int | None) -> None:
    """Raise RecordInvalid where earlier values are to hold again in fields that the actor may not write."""
    issues: list[Issue] = []
    for offset, values in enumerate(given):
        wrong = [key for key in values if key in access.entity.fields and not _is_open(unit, access, key)]
        issues += placed([not_writable(unit.model, access.entity, key) for key in wrong], at, offset)
    if issues:
        raise RecordInvalid(tuple(issues))


def _is_open(unit: Unit, access: Access, key: str) -> bool:
    field = access.seen.fields.get(key)
    if field is None or field.is_read_only or any(one.partition(".")[0] == key for one in access.writes.get("update", {})):
        return access.entity.fields[key].is_read_only and field is not None  # what nobody may send is put back with the rest
    if field.lines is None:
        return True
    rows = access_for(unit.site, unit.model, unit.actor, field.lines).seen
    return all(inner.key in rows.fields and rows.fields[inner.key].is_read_only == inner.is_read_only for inner in unit.model.entities[field.lines].fields.values())


def _touched(entity: Entity, limited: Mapping[str, Formula], before: Values | None, sent: Values) -> Iterator[str]:
    """Give the fields among some that something else is sent for than is there."""
    for path in limited:
        lines, _, key = path.rpartition(".")
        if not lines:
            if key in sent and (before is None or entity.fields[key].lines is not None or not is_same(before.get(key), sent[key])) and sent[key] is not None or before is not None and key in sent and before.get(key) is not None and sent[key] is None:
                yield path
            continue
        there = {} if before is None else {row["id"]: row for row in before.get(lines, ())}
        if any(key in row and not is_same(there.get(row.get("id"), {}).get(key), row[key]) for row in sent.get(lines) or ()):
            yield path


def not_writable(model: AppModel, entity: Entity, path: str) -> Issue:
    """Return the issue with a value for a field that may not be written."""
    lines, _, key = path.rpartition(".")
    field = (model.entities[f"{entity.key}.{lines}"] if lines else entity).fields[key]
    return issue(MESSAGES, "record-field-read-only", f"/{path.replace('.', '/')}", None, name=field.name)


async def judge(
    unit: Unit, access: Access, what: tuple[str, str], conditions: Mapping[str, Formula], ids: Sequence[UUID]
) -> Mapping[UUID, Mapping[str, bool]]:
    """Return for each of some records, as they are in the transaction now, which conditions hold."""
    shape = (unit.model, *what, access.entity.key, unit.actor.rights)
    statement: Statement | None = unit.site.compiled.get(shape)
    if statement is None:
        rows = judging_rows(unit.site, unit.model, unit.actor, access.entity)
        holds = [func.coalesce(rows.policy(one.tree), literal_column("false")).label(f"c{n}") for n, one in enumerate(conditions.values())]
        chosen = rows.root.c.id == bindparam("ids", type_=ARRAY(SQL_UUID())).any_()
        statement = compile_statement(select(rows.root.c.id, *holds).select_from(rows.source).where(chosen))
        unit.site.keep(shape, statement)
    now = unit.change_set.at
    values = {"now": now, "today": now.date(), "user": unit.actor.id, "ids": list(ids)}
    found = await unit.executor.fetch(statement.sql, *statement.arguments(values))
    return {row["id"]: {key: bool(row[f"c{n}"]) for n, key in enumerate(conditions)} for row in found}
