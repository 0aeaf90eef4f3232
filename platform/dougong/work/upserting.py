"""Upserts in; those whose record is there changed, the others made, out in their order: one SELECT finds them all."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from dougong.errors import PlatformError
from dougong.permissions.access import Access
from dougong.store.errors import RecordInvalid
from dougong.store.names import name_of, quoted, table_name, unique_name
from dougong.store.save import Saved, Values
from dougong.store.save_sql import columns_of
from dougong.work.clashes import Clashing
from dougong.work.inputs import placed, read_one, renumbered
from dougong.work.permitted import denied_way, outside_way
from dougong.work.refusals import EachRefused, refuse
from dougong.work.request import Create, Update, Upsert
from dougong.work.row_keys import identify_rows, unknown_row_keys
from dougong.work.unit import Overtaken, Unit
from engines.entity.entity import Entity
from engines.entity.messages import MESSAGES
from engines.values.decimals import round_half_up
from engines.values.issue import Issue, issue

Step = Callable[[Unit, Access, Sequence[Any], int | None], Awaitable[list[Saved]]]
Keyed = tuple[tuple[str, ...], tuple[object, ...]]
"""Fields and their values, by which a record is found."""


async def upsert(create: Step, update: Step, unit: Unit, access: Access, changes: Sequence[Upsert], at: int | None) -> list[Saved]:
    """Make or change records by the fields that tell them apart.

    Raises Overtaken where somebody else made one of them meanwhile: begun again, the request changes it.
    """
    sents, keys = _read(unit, access, changes, at)
    there = await _find(unit, access.entity, keys)
    await identify_rows(unit, access.entity, changes, sents, there)
    outside = await outside_way(unit, access, list(there.values()))
    refused: dict[int, PlatformError] = {place: denied_way(unit, access) for place, record_id in there.items() if record_id in outside}
    places: tuple[list[int], list[int]] = ([], [])
    for place in range(len(changes)):
        if place not in refused:
            places[place in there].append(place)
    creates = [Create(access.entity.key, sents[place], changes[place].id) for place in places[0]]
    updates = [Update(access.entity.key, there[place], _without_id(sents[place])) for place in places[1]]
    issues: list[Issue] = []
    saved: dict[int, Saved] = {}
    for step, group, own in ((create, creates, places[0]), (update, updates, places[1])):
        numbers = [(at or 0) + place for place in own]
        try:
            records = await step(unit, access, group, None if at is None else 0) if group else []
            saved |= dict(zip(own, records, strict=True))
        except RecordInvalid as invalid:
            issues += invalid.issues if at is None else renumbered(invalid.issues, numbers)
        except EachRefused as each:
            refused |= {own[place]: error for place, error in each.errors.items()}
        except asyncpg.UniqueViolationError as error:
            raise _met(access.entity, changes, error) from error
        except Clashing as clash:
            met = _met(access.entity, changes, clash.error)
            raise met if isinstance(met, Overtaken) else Clashing(clash.error, clash.entity, clash.records, numbers) from clash
        except PlatformError as error:
            if len(group) > 1:
                raise
            refused[own[0]] = error
    if issues:
        raise RecordInvalid(tuple(issues))
    refuse(refused, len(changes))
    return [saved[place] for place in range(len(changes))]


def _read(unit: Unit, access: Access, changes: Sequence[Upsert], at: int | None) -> tuple[list[Values], list[Keyed]]:
    """Return what was sent for each record and by what it is found; raises RecordInvalid with the issues of all."""
    entity, schema = access.entity, access.inputs
    assert schema is not None
    # Whether a value is there that its record hides is not to be found out by what is found by it.
    known = {("id",), *(tuple(sorted(one.fields)) for one in entity.unique if one.where is None and not access.shows.keys() & set(one.fields))}
    sents: list[Values] = []
    keys: list[Keyed] = []
    issues: list[Issue] = []
    seen: dict[Keyed, int] = {}
    for offset, change in enumerate(changes):
        sent = read_one(schema, change)
        if not isinstance(sent, dict):
            issues += placed(sent, at, offset)
            continue
        found = [*unknown_row_keys(unit.model, access, change.lines_by)]
        if tuple(sorted(change.by)) not in known:
            found.append(issue(MESSAGES, "record-key-unknown", "/by", None, name=", ".join(change.by)))
        else:
            values = tuple(_kept(entity, key, sent.get(key)) for key in change.by)
            blank = [key for key, value in zip(change.by, values, strict=True) if value is None]
            found += [issue(MESSAGES, "record-key-blank", f"/{key}", None, name=_name(entity, key)) for key in blank]
            first = seen.setdefault((change.by, values), offset)
            if not blank and first != offset:
                found.append(issue(MESSAGES, "record-change-twice", "", None, first=(at or 0) + first + 1))
            keys.append((change.by, values))
        issues += placed(found, at, offset)
        sents.append(sent)
    if issues:
        raise RecordInvalid(tuple(issues))
    return sents, keys


async def _find(unit: Unit, entity: Entity, keys: Sequence[Keyed]) -> dict[int, UUID]:
    """Return the ids of the records that are there, by the place of their change."""
    columns = {c.key: c for c in columns_of(entity)}
    there: dict[int, UUID] = {}
    for by in dict.fromkeys(by for by, _ in keys):
        asked = [{"place": place, **dict(zip(by, values, strict=True))} for place, (of, values) in enumerate(keys) if of == by]
        types = {key: "uuid" if key == "id" else columns[key].type for key in by}
        listed = ", ".join(f"{quoted(key)} {types[key]}" for key in by)
        equal = " AND ".join(f"t.{quoted('id' if key == 'id' else columns[key].name)} = x.{quoted(key)}" for key in by)
        rows = await unit.executor.fetch(
            f"SELECT x.place, t.id FROM json_to_recordset($1::json) AS x(place integer, {listed})"
            f" JOIN {table_name(entity)} AS t ON {equal} WHERE t.deleted_at IS NULL",
            orjson.dumps(asked, default=str).decode(),
        )
        there |= {row["place"]: row["id"] for row in rows}
    return there


def _met(entity: Entity, changes: Sequence[Upsert], error: asyncpg.UniqueViolationError) -> Exception:
    """Return Overtaken where another has made a record of the same keys, else the error."""
    by = {tuple(sorted(change.by)) for change in changes}
    names = {unique_name(entity, unique) for unique in entity.unique if tuple(sorted(unique.fields)) in by}
    if ("id",) in by:
        names.add(name_of(entity, "id", "pk"))
    return Overtaken() if error.constraint_name in names else error


def _kept(entity: Entity, key: str, value: object) -> object:
    """Return a value as it is stored, to be found by."""
    scale = entity.fields[key].scale if key in entity.fields else None
    return value if value is None or scale is None else round_half_up(value, scale)  # type: ignore[arg-type]


def _name(entity: Entity, key: str) -> str | Mapping[str, str]:
    return entity.fields[key].name if key in entity.fields else key


def _without_id(sent: Values) -> Values:
    return {key: value for key, value in sent.items() if key != "id"}
