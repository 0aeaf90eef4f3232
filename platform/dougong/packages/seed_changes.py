"""The records of two versions of a package in, what becomes of those in an app out: new, renewed, or the customer's own by now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import orjson

from dougong.model.app_model import AppModel
from dougong.model.definition import SeedRecord
from dougong.packages.seeds import record_id
from dougong.store.ids import single_id
from dougong.store.names import table_name
from dougong.store.save import Executor
from engines.entity.entity import Entity

RENEWED = "upgrade-seed"
"""The channel by which history knows a record that an upgrade has changed."""

Document = Mapping[str, Any]
Fate = Literal["new", "renewed", "kept", "deleted"]
"""Of a record: it is made; it gets the new values; the customer edited it, so it stays; the customer deleted it, so it stays deleted."""


@dataclass(frozen=True, slots=True)
class SeedChange:
    """One record that differs between the versions. record: with the values that differ. id: in the app."""

    record: SeedRecord
    fate: Fate
    id: UUID


@dataclass(frozen=True, slots=True)
class _State:
    is_deleted: bool
    is_edited: bool


async def read_seed_changes(
    executor: Executor, model: AppModel, before: Document, after: Document, merged: Document
) -> tuple[SeedChange, ...]:
    """Return what becomes of each record that is not the same in both versions, in the order of the app's document.

    model: the version the app will have; a table of it that is not there yet holds no record, one that was retired may.
    Records the new version no longer has are the customer's.
    """
    differing = list(_differing(before, after, merged))
    there = {key for key in {record.entity for record in differing} if await _has_table(executor, model, key)}
    wanted = [record for record in differing if record.entity in there]
    found: dict[tuple[str, str], _State] = {}
    for entity in dict.fromkeys(record.entity for record in wanted):
        found |= await _read_states(executor, model, entity, [record for record in wanted if record.entity == entity])
    old = {_place(record) for record in _seed(before)}
    changes = []
    for record in wanted:
        state = found.get((record.entity, record.key))
        is_old = (record.entity, record.key) in old
        changes.append(SeedChange(record, _fate(state, is_old), _id(model, model.entity(record.entity), record)))
    made = [record for record in differing if record.entity not in there]
    return (*changes, *(SeedChange(record, "new", record_id(model, record.entity, record.key)) for record in made))


def held(changes: Iterable[SeedChange]) -> Document:
    """Return the records that will be written, as the part of a document they are."""
    return {"seed": [{"key": one.record.key, "values": one.record.values} for one in changes if one.fate in ("new", "renewed")]}


def _fate(state: _State | None, is_old: bool) -> Fate:
    if state is None:
        return "deleted" if is_old else "new"
    return "deleted" if state.is_deleted else "kept" if state.is_edited else "renewed"


def _seed(document: Document) -> Sequence[Mapping[str, Any]]:
    return document.get("seed") or ()


def _place(record: Mapping[str, Any]) -> tuple[str, str]:
    return (record["entity"], record["key"])


def _differing(before: Document, after: Document, merged: Document) -> Iterable[SeedRecord]:
    """Give the records of the merged document that the new version brings or changes, with the values that it does."""
    was, now = ({_place(record): record["values"] for record in _seed(one)} for one in (before, after))
    for record in _seed(merged):
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
    executor: Executor, model: AppModel, entity_key: str, records: Sequence[SeedRecord]
) -> Mapping[tuple[str, str], _State]:
    entity = model.entity(entity_key)
    ids = {_id(model, entity, record): record for record in records}
    query = f"SELECT id, revision, deleted_at IS NOT NULL AS is_deleted FROM {table_name(entity)} WHERE id = ANY($1::uuid[])"
    rows = await executor.fetch(query, list(ids))
    edits: dict[UUID, list[Any]] = {row["id"]: [] for row in rows}
    query = """SELECT record_id, channel, action, changes::text AS changes FROM dougong.history
               WHERE record_id = ANY($1::uuid[]) AND revision > 1 AND action = 'update'"""
    for row in await executor.fetch(query, list(edits)):
        edits[row["record_id"]].append(row)
    return {
        (entity_key, ids[row["id"]].key): _State(row["is_deleted"], _is_edited(row["revision"], ids[row["id"]], edits[row["id"]]))
        for row in rows
    }


def _is_edited(revision: int, record: SeedRecord, edits: Sequence[Any]) -> bool:
    """Whether somebody else than a package has changed what the package says of a record, or history no longer tells."""
    if len(edits) < revision - 1:
        return True
    others = [orjson.loads(edit["changes"]) for edit in edits if edit["channel"] != RENEWED]
    return any(name in changes for changes in others for name in record.values)
