"""The records of two versions of a package in, what becomes of those in an app out: new, renewed, or the customer's own by now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

import orjson

from dougong.model.app_model import AppModel
from dougong.model.definition import SeedRecord
from dougong.packages.installed import Documents
from dougong.packages.planted import PLATFORM_CHANNELS, Part, is_changed_by_people
from dougong.packages.seeds import record_id, seed_values, texts_in
from dougong.store.ids import single_id
from dougong.store.names import table_name
from dougong.store.save import Executor
from engines.entity.entity import Entity

RENEWED = "upgrade-seed"
"""The channel by which history knows a record that an upgrade has changed."""

Document = Mapping[str, Any]
Fate = Literal["new", "renewed", "kept", "deleted", "unmet"]
"""Of a record: it is made; it gets the new values; the customer edited it, so it stays; the customer deleted it, so it stays deleted;
what it points to was deleted, so it is not made, or stays."""
PARTS: tuple[Part, ...] = ("seed", "demo")


@dataclass(frozen=True, slots=True)
class Composition:
    """Packages by key, and the document they make together."""

    packages: Documents
    document: Document


@dataclass(frozen=True, slots=True)
class SeedChange:
    """One record that differs between the versions. record: with the values that differ. id: in the app."""

    part: Part
    record: SeedRecord
    fate: Fate
    id: UUID


@dataclass(frozen=True, slots=True)
class _State:
    is_deleted: bool
    is_edited: bool


async def read_seed_changes(
    executor: Executor, model: AppModel, before: Composition, after: Composition, merged: Document
) -> tuple[SeedChange, ...]:
    """Return what becomes of each record that is not the same in both versions, in the order of the app's document.

    model: the version the app will have; a table of it that is not there yet holds no record, one that was retired may. Records the new
    version no longer has are the customer's. Demo records follow for those packages whose demo data the app has.
    """
    changes: list[SeedChange] = []
    for part in PARTS:
        found = await _changes(executor, model, part, before.document, after.document, merged)
        changes += found if part == "seed" else await _where_demo_is(executor, model, before.packages, after.packages, found)
    return await _met(executor, model, merged, changes)


def held(changes: Iterable[SeedChange]) -> Document:
    """Return the records that will be written, as the parts of a document they are."""
    written = [one for one in changes if one.fate in ("new", "renewed")]
    return {part: [{"key": one.record.key, "values": one.record.values} for one in written if one.part == part] for part in PARTS}


async def _changes(executor: Executor, model: AppModel, part: Part, before: Document, after: Document, merged: Document) -> list[SeedChange]:
    differing = list(_differing(part, before, after, merged))
    there = {key for key in {record.entity for record in differing} if await _has_table(executor, model, key)}
    wanted = [record for record in differing if record.entity in there]
    found: dict[tuple[str, str], _State] = {}
    for entity in dict.fromkeys(record.entity for record in wanted):
        found |= await _read_states(executor, model, part, entity, [record for record in wanted if record.entity == entity])
    old = {_place(record) for record in _records(part, before)}
    changes = []
    for record in wanted:
        fate = _fate(found.get((record.entity, record.key)), (record.entity, record.key) in old)
        changes.append(SeedChange(part, record, fate, _id(model, model.entity(record.entity), record)))
    made = [record for record in differing if record.entity not in there]
    return [*changes, *(SeedChange(part, record, "new", record_id(model, record.entity, record.key)) for record in made)]


async def _where_demo_is(
    executor: Executor, model: AppModel, before: Documents, after: Documents, changes: Sequence[SeedChange]
) -> list[SeedChange]:
    """Return the changes of demo records of packages of which a demo record is there: whoever took them out wants no others."""
    if not changes:
        return []
    owners = {_place(record): key for documents in (before, after) for key, package in documents.items() for record in _records("demo", package)}
    there = set()
    for key, package in before.items():
        records = [SeedRecord.model_validate(one) for one in _records("demo", package)]
        if await _live(executor, model, records):
            there.add(key)
    return [one for one in changes if owners.get((one.record.entity, one.record.key)) in there]


async def _met(executor: Executor, model: AppModel, merged: Document, changes: Sequence[SeedChange]) -> tuple[SeedChange, ...]:
    """Return the changes with those marked that point to records of the packages that were deleted, or will not be made."""
    places = [SeedRecord.model_validate(record) for part in PARTS for record in _records(part, merged)]
    ids = {str(record_id(model, one.entity, one.key)): one for one in places}
    wanted = {one.id: _pointed_to(model, one) & ids.keys() for one in changes if one.fate in ("new", "renewed")}
    looked_at = [ids[text] for text in set().union(*wanted.values())]
    present = {str(one) for one in await _live(executor, model, looked_at)} | {str(one.id) for one in changes if one.fate == "new"}
    unmet: set[UUID] = set()
    while more := {place for place, texts in wanted.items() if place not in unmet and texts - present}:
        unmet |= more
        present -= {str(one.id) for one in changes if one.fate == "new" and one.id in more}
    return tuple(replace(one, fate="unmet") if one.id in unmet and one.fate in ("new", "renewed") else one for one in changes)


def _pointed_to(model: AppModel, change: SeedChange) -> set[str]:
    entity = model.entity(change.record.entity)
    return set(texts_in(dict(seed_values(model, entity, change.record.values, {}))))


async def _live(executor: Executor, model: AppModel, records: Sequence[SeedRecord]) -> set[UUID]:
    """Return the ids of the records that are there outside the trash; the one record of a single entity is none of a package's."""
    found: set[UUID] = set()
    for key in dict.fromkeys(record.entity for record in records):
        if await _has_table(executor, model, key) and model.entity(key).kind != "single":
            ids = [record_id(model, key, record.key) for record in records if record.entity == key]
            query = f"SELECT id FROM {table_name(model.entity(key))} WHERE id = ANY($1::uuid[]) AND deleted_at IS NULL"
            found |= {row["id"] for row in await executor.fetch(query, ids)}
    return found


def _fate(state: _State | None, is_old: bool) -> Fate:
    if state is None:
        return "deleted" if is_old else "new"
    return "deleted" if state.is_deleted else "kept" if state.is_edited else "renewed"


def _records(part: Part, document: Document) -> Sequence[Mapping[str, Any]]:
    return document.get(part) or ()


def _place(record: Mapping[str, Any]) -> tuple[str, str]:
    return (record["entity"], record["key"])


def _differing(part: Part, before: Document, after: Document, merged: Document) -> Iterator[SeedRecord]:
    """Give the records of the merged document that the new version brings or changes, with the values that it does."""
    was, now = ({_place(record): record["values"] for record in _records(part, one)} for one in (before, after))
    for record in _records(part, merged):
        place = _place(record)
        if place not in now:
            continue
        old = was.get(place, {})
        values = {
            name: value
            for name, value in record["values"].items()
            if place not in was or (name not in old or old[name] != value) and old.get(name) != now[place].get(name)
        }
        if values or place not in was:
            yield SeedRecord.model_validate({**record, "values": values})


async def _has_table(executor: Executor, model: AppModel, entity_key: str) -> bool:
    try:
        entity = model.entity(entity_key)
    except KeyError:
        return False
    [row] = await executor.fetch("SELECT to_regclass($1) IS NOT NULL AS is_there", table_name(entity))
    return entity.parent is None and bool(row["is_there"])


def _id(model: AppModel, entity: Entity, record: SeedRecord) -> UUID:
    return single_id(entity.app, entity.key) if entity.kind == "single" else record_id(model, record.entity, record.key)


async def _read_states(
    executor: Executor, model: AppModel, part: Part, entity_key: str, records: Sequence[SeedRecord]
) -> Mapping[tuple[str, str], _State]:
    home, entity = model.home(entity_key), model.entity(entity_key)
    ids = {_id(model, entity, record): record for record in records}
    query = f"SELECT id, revision, deleted_at IS NOT NULL AS is_deleted FROM {table_name(entity)} WHERE id = ANY($1::uuid[])"
    rows = await executor.fetch(query, list(ids))
    acts: dict[UUID, list[Any]] = {row["id"]: [] for row in rows}
    query = """SELECT record_id, channel, action, changes::text AS changes FROM dougong.history
               WHERE record_id = ANY($1::uuid[]) AND revision > 1"""
    for row in await executor.fetch(query, list(acts)):
        acts[row["record_id"]].append(row)
    found = {}
    for row in rows:
        record = ids[row["id"]]
        edits = [orjson.loads(one["changes"]) for one in acts[row["id"]] if one["action"] == "update" and one["channel"] not in PLATFORM_CHANNELS]
        # Of demo data that was filled in by somebody nothing changes; of other records the values that nobody filled in do.
        is_theirs = any(is_changed_by_people(home, entity, one) if part == "demo" else bool(one.keys() & record.values) for one in edits)
        is_edited = len(acts[row["id"]]) < row["revision"] - 1 or is_theirs  # or history no longer tells
        found[entity_key, record.key] = _State(row["is_deleted"], is_edited)
    return found
