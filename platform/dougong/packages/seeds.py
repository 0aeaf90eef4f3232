"""Seed and demo records of a package in, requests of the write path out: keys become ids, neighbours travel together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any
from uuid import UUID

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.definition import SeedRecord
from dougong.model.messages import MESSAGES
from dougong.packages.errors import PackageInvalid
from dougong.packages.kept_files import FileIds
from dougong.packages.package_file import is_file
from dougong.permissions.actor import SYSTEM, Actor
from dougong.sites import Site
from dougong.store.errors import RecordInvalid
from dougong.store.ids import seed_id, single_id
from dougong.store.names import table_name
from dougong.store.save import Executor
from dougong.work.perform import perform_in
from dougong.work.request import Create, Request, Update
from engines.entity.entity import FILES, Entity
from engines.values.issue import Issue, issue

MOST_AT_ONCE = 500
_NO_FILES: FileIds = {}


async def plant(
    executor: Executor, site: Site, model: AppModel, actor: Actor, records: Sequence[SeedRecord], part: str, files: FileIds = _NO_FILES
) -> None:
    """Create the records that are not there yet, in their order; raises PackageInvalid with the record at fault.

    files: what the files they name are kept as. part: `seed` or `demo`, for pointers. People's records are made by the platform, the app's by the installing actor.
    """
    for (entity_key, by), group in groupby(records, key=lambda record: (record.entity, record.by)):
        found = list(group)
        creator = actor if by is None else replace(actor, id=seed_id(ORGANIZATION, "user", by))
        for start in range(0, len(found), MOST_AT_ONCE):
            await _plant(executor, site, model, creator, entity_key, found[start : start + MOST_AT_ONCE], part, files)


async def _plant(
    executor: Executor,
    site: Site,
    model: AppModel,
    actor: Actor,
    entity_key: str,
    records: Sequence[SeedRecord],
    part: str,
    files: FileIds,
) -> None:
    home = model.home(entity_key)
    try:
        entity = model.entity(entity_key)
        if entity.parent is not None:
            raise KeyError(entity_key)
    except KeyError:
        unknown = [
            issue(MESSAGES, "definition-entity-unknown", f"/{part}/{r.key}/entity", None, name=entity_key)
            for r in records
        ]
        raise PackageInvalid(tuple(unknown)) from None
    ids = [record_id(model, entity_key, record.key) for record in records]
    query = f"SELECT id FROM {table_name(entity)} WHERE id = ANY($1::uuid[])"
    there = {row["id"] for row in await executor.fetch(query, ids)}
    changes: list[Create | Update] = []
    planted: list[SeedRecord] = []
    for record, new_id in zip(records, ids, strict=True):
        if entity.kind == "single":
            # The one record is there already; what the package says of it is what it becomes.
            changes.append(Update(entity.key, single_id(entity.app, entity.key), dict(seed_values(model, entity, record.values, files))))
            planted.append(record)
        elif new_id not in there:
            changes.append(Create(entity.key, dict(seed_values(model, entity, record.values, files)), new_id))
            planted.append(record)
    who = SYSTEM if home.app == ORGANIZATION and model.app != ORGANIZATION else actor
    for run in _runs(changes):
        now, planted = planted[: len(run)], planted[len(run) :]
        try:
            await perform_in(executor, site, home, Request(home.app, who, tuple(run), f"install-{part}", is_confirmed=True))
        except RecordInvalid as error:
            raise PackageInvalid(tuple(located(found, now, part) for found in error.issues)) from error


def _runs(changes: Sequence[Create | Update]) -> Iterator[Sequence[Create | Update]]:
    """Give the changes in requests in which none points to a record that the same request makes: it has to be there before."""
    run: list[Create | Update] = []
    made: set[str] = set()
    for change in changes:
        if not made.isdisjoint(texts_in(change.values)):
            yield run
            run, made = [], set()
        run.append(change)
        made.add(str(change.id))
    if run:
        yield run


def texts_in(value: object) -> Iterator[str]:
    """Give every text in the values of a record."""
    if isinstance(value, str):
        yield value
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for part in parts:
        yield from texts_in(part)


def record_id(model: AppModel, entity_key: str, key: str) -> UUID:
    """Return the id of a seed record by the entity and key it has in the document."""
    prefix = f"{ORGANIZATION}."
    is_person = entity_key.startswith(prefix)
    return seed_id(ORGANIZATION if is_person else model.app, entity_key.removeprefix(prefix), key)


def seed_values(model: AppModel, entity: Entity, values: Mapping[str, Any], files: FileIds) -> Iterator[tuple[str, Any]]:
    """Give the values of a record as requests have them: keys of other records of the package become ids, files their ids."""
    for key, value in values.items():
        field = entity.fields.get(key)
        if field is not None and field.links == FILES and isinstance(value, list):
            yield key, [_file(one, files) for one in value]
        elif field is not None and field.target is not None and isinstance(value, str):
            target, _, seed_key = value.rpartition(":")
            to = target or field.target or ""
            full = f"{ORGANIZATION}.{to}" if entity.app == ORGANIZATION and "." not in to else to
            yield key, str(record_id(model, full, seed_key))
        elif field is not None and field.any_of and isinstance(value, Mapping) and isinstance(value.get("id"), str):
            to = str(value.get("entity"))
            full = f"{ORGANIZATION}.{to}" if entity.app == ORGANIZATION and "." not in to else to
            yield key, {**value, "id": str(record_id(model, full, value["id"]))}
        elif field is not None and field.links is not None and isinstance(value, list):
            yield key, [next(seed_values(model, entity, {key: one}, files))[1] for one in value]
        elif field is not None and field.lines is not None and isinstance(value, list):
            rows = (model if entity.app == model.app else model.home(f"{ORGANIZATION}.")).entities[field.lines]
            yield key, [dict(seed_values(model, rows, row, files)) for row in value]
        else:
            yield key, value


def _file(value: Any, files: FileIds) -> Any:  # noqa: ANN401 – any JSON
    """Return the id of a file that is named by its content; what is named otherwise, or unknown, the write path refuses."""
    kept = files.get((value["file"], value["name"])) if is_file(value) else None
    return value if kept is None else str(kept)


def located(found: Issue, records: Sequence[SeedRecord], part: str) -> Issue:
    """Give a record's issue the pointer of the seed record it comes from."""
    head, _, rest = found.pointer.lstrip("/").partition("/")
    if len(records) == 1:
        return found.at(f"/{part}/{records[0].key}/values{found.pointer}")
    index = int(head) if head.isdigit() else 0
    return found.at(f"/{part}/{records[index].key}/values/{rest}")
