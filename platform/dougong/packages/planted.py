"""Seed and demo records of an installed app: taken out through the write path where nobody needs or changed them, and put in again."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal, TypeVar
from uuid import UUID

import asyncpg
import orjson

from dougong.errors import PlatformError
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.definition import SeedRecord
from dougong.packages.installed import read_installed
from dougong.packages.kept_files import FileIds
from dougong.packages.messages import MESSAGES
from dougong.packages.seeds import plant, record_id
from dougong.packages.upgrade_errors import UpgradePackageUnknown
from dougong.permissions.actor import SYSTEM, Actor
from dougong.publishing.pause import pause
from dougong.publishing.publish import TRIES, is_in_the_way
from dougong.sites import Reader, Site
from dougong.store.errors import TryAgain
from dougong.store.names import quoted, table_name
from dougong.work.perform import perform_in
from dougong.work.refusals import EachRefused
from dougong.work.request import Change, Delete, Request, Restore
from engines.entity.entity import Entity, Field
from engines.values.issue import Issue, issue

Part = Literal["seed", "demo"]
Labels = Mapping[str, str]
T = TypeVar("T")

PLATFORM_CHANNELS = ("install", "install-seed", "install-demo", "publish", "upgrade-seed", "repair", "uninstall")
"""Ways in which the platform changes records on its own: none of them makes a record somebody's."""

_FILES = """
    SELECT encode(f.hash, 'hex') AS hash, f.name, f.id FROM dougong.app_file a JOIN dougong.file f ON f.id = a.target WHERE a.app = $1"""
_CHANGES = """
    SELECT record_id, changes::text AS changes FROM dougong.history
    WHERE app = $1 AND entity = $2 AND record_id = ANY($3::uuid[]) AND action = 'update' AND channel <> ALL($4::text[])"""
_KNOWN = "SELECT FROM dougong.version_package WHERE app = $1 AND package = $2 UNION SELECT FROM dougong.installed_package WHERE app = $1 AND package = $2"
_DEMO = """
    SELECT DISTINCT record ->> 'entity' AS entity, record ->> 'key' AS key
    FROM dougong.version_package p, json_array_elements(p.document -> 'demo') AS record
    WHERE p.app = $1 AND $2 IN ('', p.package) ORDER BY 1, 2"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many records of a part the app has in its definition, and how many of them are there outside the trash.

    Demo records that are left of earlier versions count in both.
    """

    count: int
    there: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that stays, and why."""

    entity: str
    key: str
    id: UUID
    title: str
    reason: Issue


@dataclass(frozen=True, slots=True)
class Cleared:
    """What went to the trash, by entity, and what stays."""

    removed: Mapping[str, int]
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class PlantedRecord:
    """A record of the package that is there, where it is in the document, and its title."""

    record: SeedRecord
    id: UUID
    title: str
    is_live: bool


async def read_standings(site: Site, app: str, package: str = "") -> Mapping[str, Standing]:
    """Return how much there is of seed and demo records, of one package of the app or of all; raises AppNotFound, UpgradePackageUnknown."""
    model = await site.app(app)
    found: dict[str, Standing] = {}
    parts: tuple[Part, ...] = ("seed", "demo")
    for part in parts:
        records = await _records(site.pool, model, part, package)
        former = len(await _former(site.pool, model, part, package))
        there = sum(place.is_live for place in await planted(site.pool, model, records))
        found[part] = Standing(len(records) + former, there + former)
    return found


async def clear_records(site: Site, actor: Actor, app: str, part: Part, package: str = "") -> Cleared:
    """Put the records of a part into the trash, the last planted first; those that are used, or changed by people, stay.

    package: one of the app, whose records alone are meant; raises UpgradePackageUnknown.
    """
    return await _in_transaction(site, lambda executor: _clear(executor, site, actor, app, part, package))


async def add_records(site: Site, actor: Actor, app: str, part: Part, package: str = "") -> int:
    """Put the records of a part in, those that are in the trash out of it; return how many. Raises PackageInvalid.

    package: one of the app, whose records alone are meant; raises UpgradePackageUnknown.
    """
    return await _in_transaction(site, lambda executor: _add(executor, site, actor, app, part, package))


async def _records(reader: Reader, model: AppModel, part: Part, package: str) -> Sequence[SeedRecord]:
    """Return the records of a part that the app has in its definition; of one package those that it brought."""
    records: Sequence[SeedRecord] = getattr(model.definition, part)
    if not package:
        return records
    if not await reader.fetch(_KNOWN, model.app, package):
        raise UpgradePackageUnknown(app=model.app, package=package)
    own = {(one["entity"], one["key"]) for one in (await read_installed(reader, model.app)).get(package, {}).get(part, ())}
    return [one for one in records if (one.entity, one.key) in own]


async def _former(reader: Reader, model: AppModel, part: Part, package: str) -> list[PlantedRecord]:
    """Return the demo records that are there of earlier versions of the app's packages, and of packages it had."""
    if part == "seed":  # what a version no longer has of these is people's
        return []
    present = {(one.entity, one.key) for one in (*model.definition.seed, *model.definition.demo)}
    places = [(row["entity"], row["key"]) for row in await reader.fetch(_DEMO, model.app, package)]
    records = [SeedRecord(key=key, entity=entity, values={}) for entity, key in places if (entity, key) not in present]
    return [place for place in await planted(reader, model, records) if place.is_live]


async def _clear(executor: Any, site: Site, actor: Actor, app: str, part: Part, package: str) -> Cleared:  # noqa: ANN401 – a connection
    model = await site.app(app, executor)
    there = [place for place in await planted(executor, model, await _records(executor, model, part, package)) if place.is_live]
    there += await _former(executor, model, part, package)
    changed = await _changed(executor, model, there)
    kept = [_kept(place, issue(MESSAGES, "package-record-changed", f"/{part}/{place.record.key}")) for place in there if place.id in changed]
    removed: dict[str, int] = {}
    left = [place for place in reversed(there) if place.id not in changed]
    while True:
        refused: list[tuple[PlantedRecord, PlatformError]] = []
        for entity_key, group in groupby(left, key=lambda place: place.record.entity):
            places = list(group)
            stays = await _delete(executor, site, model, actor, entity_key, places)
            removed[entity_key] = removed.get(entity_key, 0) + len(places) - len(stays)
            refused += stays
        if not refused or len(refused) == len(left):
            break
        left = [place for place, _ in refused]  # what went may have been what these were used by
    kept += [_kept(place, Issue(why.code, _words(why), f"/{part}/{place.record.key}")) for place, why in refused]
    return Cleared({key: count for key, count in removed.items() if count}, tuple(kept))


async def _delete(
    executor: Any, site: Site, model: AppModel, actor: Actor, entity_key: str, places: Sequence[PlantedRecord]  # noqa: ANN401
) -> list[tuple[PlantedRecord, PlatformError]]:
    """Put records of one entity into the trash, all in one request or, where that is refused, each by itself; return those that stay."""
    try:
        async with executor.transaction():
            await _perform(executor, site, model, actor, [Delete(model.entity(entity_key).key, place.id) for place in places], entity_key)
    except (PlatformError, EachRefused):
        refused: list[tuple[PlantedRecord, PlatformError]] = []
        for place in places:
            try:
                async with executor.transaction():
                    await _perform(executor, site, model, actor, [Delete(model.entity(entity_key).key, place.id)], entity_key)
            except PlatformError as why:
                refused.append((place, why))
        return refused
    return []


async def _add(executor: Any, site: Site, actor: Actor, app: str, part: Part, package: str) -> int:  # noqa: ANN401
    model = await site.app(app, executor)
    records = await _records(executor, model, part, package)
    there = await planted(executor, model, records)
    for entity_key, group in groupby([place for place in there if not place.is_live], key=lambda place: place.record.entity):
        await _restore(executor, site, model, actor, entity_key, list(group))
    files: FileIds = {(row["hash"], row["name"]): row["id"] for row in await executor.fetch(_FILES, app)}
    known = {place.record.key + place.record.entity for place in there}
    missing = [record for record in records if record.key + record.entity not in known and model.entity(record.entity).kind != "single"]
    await plant(executor, site, model, Actor(actor.id, actor.name, actor.language, is_system=True), missing, part, files)
    return len(missing) + sum(not place.is_live for place in there)


async def _restore(executor: Any, site: Site, model: AppModel, actor: Actor, entity_key: str, places: Sequence[PlantedRecord]) -> None:  # noqa: ANN401
    """Take records of one entity out of the trash: all in one request or, where one points to another of them, one after the other."""
    changes = [Restore(model.entity(entity_key).key, place.id) for place in places]
    try:
        async with executor.transaction():
            await _perform(executor, site, model, actor, changes, entity_key)
    except (PlatformError, EachRefused):
        for change in changes:
            await _perform(executor, site, model, actor, [change], entity_key)


async def _perform(executor: Any, site: Site, model: AppModel, actor: Actor, changes: Sequence[Change], entity_key: str) -> None:  # noqa: ANN401
    home = model.home(entity_key)
    who = SYSTEM if home.app == ORGANIZATION and model.app != ORGANIZATION else Actor(actor.id, actor.name, actor.language, is_system=True)
    await perform_in(executor, site, home, Request(home.app, who, tuple(changes), "install-demo", is_confirmed=True))


async def planted(reader: Reader, model: AppModel, records: Sequence[SeedRecord]) -> list[PlantedRecord]:
    """Return those of the records that are there, also in the trash, in their order; the one record of a single entity is nobody's to take."""
    found: dict[tuple[str, UUID], Any] = {}
    for entity_key in dict.fromkeys(record.entity for record in records):
        entity = _entity(model, entity_key)
        if entity is None or entity.kind == "single":
            continue
        ids = [record_id(model, entity_key, record.key) for record in records if record.entity == entity_key]
        column = quoted(entity.fields[entity.title].column or "id")
        query = f"SELECT id, {column}::text AS title, deleted_at IS NULL AS is_live FROM {table_name(entity)} WHERE id = ANY($1::uuid[])"
        found |= {(entity_key, row["id"]): row for row in await reader.fetch(query, ids)}
    places = []
    for record in records:
        row = found.get((record.entity, record_id(model, record.entity, record.key)))
        if row is not None:
            places.append(PlantedRecord(record, row["id"], row["title"] or "", row["is_live"]))
    return places


async def _changed(reader: Reader, model: AppModel, places: Sequence[PlantedRecord]) -> set[UUID]:
    """Return the records in which people changed something; what is only computed anew is no change of theirs."""
    changed: set[UUID] = set()
    for entity_key in dict.fromkeys(place.record.entity for place in places):
        home, entity = model.home(entity_key), model.entity(entity_key)
        ids = [place.id for place in places if place.record.entity == entity_key]
        for row in await reader.fetch(_CHANGES, home.app, entity.key, ids, list(PLATFORM_CHANNELS)):
            if is_changed_by_people(home, entity, orjson.loads(row["changes"])):
                changed.add(row["record_id"])
    return changed


def is_changed_by_people(home: AppModel, entity: Entity, changes: Mapping[str, Any]) -> bool:
    """Whether something in a change was not computed: of rows, one that came or went counts, and a field of one that was filled in."""
    for key, change in changes.items():
        field = entity.fields.get(key)
        if field is None or field.lines is None or not isinstance(change, Mapping):
            if not _is_computed(field) and not key.endswith("__error"):
                return True
            continue
        rows = home.entities[field.lines]
        for parts in change.values():
            if not isinstance(parts, Mapping) or any(not _is_computed(rows.fields.get(name)) and not name.endswith("__error") for name in parts):
                return True
    return False


def _is_computed(field: Field | None) -> bool:
    return field is not None and field.formula is not None


def _entity(model: AppModel, key: str) -> Entity | None:
    try:
        return model.entity(key)
    except KeyError:
        return None


def _kept(place: PlantedRecord, reason: Issue) -> Kept:
    return Kept(place.record.entity, place.record.key, place.id, place.title, reason)


def _words(why: PlatformError) -> Labels:
    if why.issues:
        return why.issues[0].message
    return {language: why.detail(language) for language in ("zh-CN", "en")}


async def _in_transaction(site: Site, act: Callable[[Any], Awaitable[T]]) -> T:
    """Carry something out whole, again while others are in the way."""
    for attempt in range(TRIES):
        try:
            async with site.pool.acquire() as connection, connection.transaction():
                return await act(connection)
        except asyncpg.PostgresError as error:
            if not is_in_the_way(site, error):
                raise
            site.forget_all()
            await pause(attempt)
    raise TryAgain()
