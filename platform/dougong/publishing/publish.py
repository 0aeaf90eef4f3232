"""A document becomes the active version of an app: tables, version row, roles and the switch in one transaction, or nothing."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import asyncpg

from dougong.jobs.waiting import enqueue
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.definition import EntityDefinition
from dougong.model.messages import MESSAGES
from dougong.model.resolve_fields import unique_pointer
from dougong.permissions.actor import SYSTEM, Actor
from dougong.publishing.broken import unique_names
from dougong.publishing.late_indexes import TEXT_INDEXES, stop_building
from dougong.publishing.plan import plan_in
from dougong.publishing.singles import keep_singles
from dougong.registry.draft_packages import packages_published
from dougong.registry.drafts import hold_draft
from dougong.registry.errors import DefinitionInvalid
from dougong.registry.versions import activate, lock_app
from dougong.sites import Site
from dougong.store.errors import TryAgain
from dougong.store.fill_by_record import RecordFill, fill_by_record
from dougong.store.ids import seed_id
from dougong.store.names import name_of, quoted, unique_name
from dougong.store.save import Executor
from dougong.work.perform import HELD, OVERTAKEN, STALE, correct_sums_in, perform_in
from dougong.work.request import Change, Create, Request, Update
from engines.entity.entity import Entity
from engines.values.issue import Issue, issue

TRIES = 20
LOCK_TIMEOUT_MS = 100
"""A publish waits so long for a lock, shorter than PostgreSQL takes for a deadlock, then lets the others pass."""

_IN_THE_WAY = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


Read = Callable[[Executor], Awaitable[Mapping[str, Any]]]
"""Gives the document to publish, read where the publish is carried out."""


async def publish(site: Site, actor: Actor, app: str, document: Mapping[str, Any], note: str) -> int:
    """Return the number of the new active version; raises DefinitionInvalid with every issue, or TryAgain."""

    async def given(_executor: Executor) -> Mapping[str, Any]:
        return document

    return await _publish(site, actor, app, given, note)


async def publish_draft(site: Site, actor: Actor, app: str, revision: int, note: str) -> int:
    """Publish the draft of a revision, as `publish` does a document; raises DraftConflict when it has another by now."""

    async def held(executor: Executor) -> Mapping[str, Any]:
        return (await hold_draft(executor, app, revision)).document

    return await _publish(site, actor, app, held, note)


async def _publish(site: Site, actor: Actor, app: str, read: Read, note: str) -> int:
    for attempt in range(TRIES):
        try:
            async with site.pool.acquire() as connection, connection.transaction():
                await _hold_app(connection, app)
                model = await publish_in(connection, site, actor, app, await read(connection), note)
            site.forget(app)
            return model.version
        except asyncpg.PostgresError as error:
            if not is_in_the_way(site, error):
                raise
            await stop_building(site.pool, app)
            await asyncio.sleep(min(2, 0.02 * 2**attempt) * random.uniform(0.5, 1))
    raise TryAgain()


def is_in_the_way(site: Site, error: asyncpg.PostgresError) -> bool:
    """Whether others were in the way of a publish, so that it can be tried again; what has become stale is forgotten."""
    if error.sqlstate in (STALE, OVERTAKEN, HELD):
        site.forget(ORGANIZATION)
        return True
    return isinstance(error, _IN_THE_WAY)


async def publish_in(
    executor: Executor, site: Site, actor: Actor, app: str, document: Mapping[str, Any], note: str
) -> AppModel:
    """Publish inside a transaction the caller has open, and return the model that is active when it commits."""
    await _hold_app(executor, app)
    found = await plan_in(executor, site, app, document)
    if found.model is None:
        raise DefinitionInvalid(found.issues)
    for step in found.statements:
        if isinstance(step, RecordFill):
            await fill_by_record(executor, site, step)
        else:
            await _run(executor, found.model, step)
    packages = await packages_published(executor, app, document)
    await activate(executor, found.model, actor.id, note)
    if found.late:
        await enqueue(executor, TEXT_INDEXES, {"app": app})
    await _keep_roles(executor, site, found.model)
    if any("/projections" in note.pointer for note in found.changes):
        await correct_sums_in(executor, site, found.model)
    await keep_singles(executor, site, found.model)
    if packages:
        await site.follow_upgrade(executor, site, found.model, actor.id, packages)
    return found.model


async def _hold_app(executor: Executor, app: str) -> None:
    limits = "SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', '0', true)"
    await executor.fetch(limits, f"{LOCK_TIMEOUT_MS}ms")
    await lock_app(executor, app)


async def _run(executor: Executor, model: AppModel, statement: str) -> None:
    try:
        await executor.fetch(statement)
    except asyncpg.UniqueViolationError as error:
        for entry, entity in _defined(model):
            for unique in entity.unique:
                if error.constraint_name == unique_name(entity, unique):
                    at, name = unique_pointer(entry, unique.key), unique_names(entity, unique)
                    # What is saved while the index is made; whoever publishes again is told which records.
                    raise DefinitionInvalid(
                        (issue(MESSAGES, "definition-unique-broken", at, None, name=name, records="…"),)
                    ) from error
        raise
    except asyncpg.ProgramLimitExceededError as error:
        # Texts of a time when nothing was indexed here; the definition itself allows none that are so long.
        issues = tuple(_too_long(model, statement))
        raise (DefinitionInvalid(issues) if issues else error) from error


def _too_long(model: AppModel, statement: str) -> Iterator[Issue]:
    """Give an issue for the field or constraint whose index a statement was to make."""
    places = [
        (f"{entity.pointer}/fields/{field.key}/indexed", field.name, name_of(entity, field.column or "", "index"))
        for entity in model.entities.values()
        for field in entity.stored_fields
    ]
    places += [
        (unique_pointer(entry, unique.key), unique_names(entity, unique), unique_name(entity, unique))
        for entry, entity in _defined(model)
        for unique in entity.unique
    ]
    for place, label, name in places:
        if f" {name} " in statement or quoted(name) in statement:
            yield issue(MESSAGES, "definition-index-values", place, None, name=label)


def _defined(model: AppModel) -> Iterator[tuple[EntityDefinition, Entity]]:
    """Give every entity as it is resolved, rows too, with how it, or what owns it, is written."""
    entries = {entry.key: entry for entry in model.definition.entities if isinstance(entry, EntityDefinition)}
    for entity in model.entities.values():
        yield entries[entity.parent or entity.key], entity


async def _keep_roles(executor: Executor, site: Site, model: AppModel) -> None:
    """Make or rename the record of every role of the app in the organization, so that people can be given it."""
    organization = model if model.app == ORGANIZATION else await site.app(ORGANIZATION, executor)
    wanted = {seed_id(ORGANIZATION, "role", f"{model.app}.{role.key}"): role for role in model.roles.values()}
    rows = await executor.fetch(
        'SELECT id, name FROM "app_organization"."role" WHERE id = ANY($1::uuid[])', list(wanted)
    )
    there = {row["id"]: row["name"] for row in rows}
    creates: list[Change] = []
    updates: list[Change] = []
    for role_id, role in wanted.items():
        name = role.name.get("zh-CN") or next(iter(role.name.values()))
        if role_id not in there:
            values = {"key": f"{model.app}.{role.key}", "app": model.app, "name": name}
            creates.append(Create("role", values, role_id))
        elif there[role_id] != name:
            updates.append(Update("role", role_id, {"name": name}))
    for changes in (creates, updates):
        if changes:
            await perform_in(executor, site, organization, Request(ORGANIZATION, SYSTEM, tuple(changes), "publish"))
