"""A document becomes the active version of an app: at once in one transaction, or prepared so that a job does what takes its time."""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from dougong.jobs.waiting import enqueue
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.permissions.actor import Actor
from dougong.publishing.activation import make_active
from dougong.publishing.broken import read_in_use
from dougong.publishing.late_indexes import stop_building
from dougong.publishing.pause import pause
from dougong.publishing.plan import PublishPlan, plan_in, read_basis
from dougong.publishing.stages import reached
from dougong.publishing.statements import run_statement, telling
from dougong.publishing.under_way import PUBLISHES, keep, refuse_second
from dougong.publishing.upkeep import keep_upkeep_off
from dougong.registry.draft_kept import MadeOf
from dougong.registry.draft_packages import packages_published
from dougong.registry.drafts import hold_draft, read_draft
from dougong.registry.errors import DefinitionInvalid, DraftConflict
from dougong.registry.versions import lock_app
from dougong.sites import Site
from dougong.store.errors import TryAgain
from dougong.store.ids import new_id
from dougong.store.names import table_name
from dougong.store.save import Executor
from dougong.store.touched import watch_statements, watches
from dougong.work.perform import HELD, OVERTAKEN, STALE

TRIES = 20
LOCK_TIMEOUT_MS = 100
"""A publish waits so long for a lock, shorter than PostgreSQL takes for a deadlock, then lets the others pass."""

_ALTERED = re.compile(r"(?:ALTER TABLE|DROP TRIGGER \S+ ON) (\S+)")

_IN_THE_WAY = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a document: a version in use, or a publish that a job goes on with."""

    version: int | None
    under_way: UUID | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document to publish. made_of: its draft. publish: the one it belongs to where it was scheduled.

    packages: what the app is made of once it is published, as it was when it was scheduled; of others the draft says it.
    """

    document: Mapping[str, Any]
    made_of: MadeOf | None = None
    publish: UUID | None = None
    packages: Mapping[str, Mapping[str, Any]] | None = None


Read = Callable[[Executor], Awaitable[Wanted]]
"""Gives what to publish; it is asked before others are held up, and again while they are."""


async def publish(site: Site, actor: Actor, app: str, document: Mapping[str, Any], note: str) -> Published:
    """Publish a document as the next version; raises DefinitionInvalid with every issue, PublishUnderWay, or TryAgain."""

    async def given(_executor: Executor) -> Wanted:
        return Wanted(document)

    return await publish_what(site, actor.id, app, given, note)


async def publish_draft(site: Site, actor: Actor, app: str, revision: int, note: str) -> Published:
    """Publish the draft of a revision, as `publish` does a document; raises DraftConflict when it has another by now."""
    return await publish_what(site, actor.id, app, _draft(site, app, revision), note)


async def schedule_draft(site: Site, actor: Actor, app: str, revision: int, note: str, due_at: datetime) -> Published:
    """Let the draft of a revision be published at a time; raises DraftConflict, and DefinitionInvalid for what is wrong in it by now."""
    wanted = await _draft(site, app, revision)(site.pool)
    found = await plan_in(site.pool, site, app, wanted.document)
    if found.model is None or found.basis is None:
        raise DefinitionInvalid(found.issues)
    publish_id = new_id()
    async with site.pool.acquire() as connection, connection.transaction():
        base, packages = found.basis.active.number, await packages_published(connection, app, wanted.document)
        await keep(connection, publish_id, "scheduled", None, {}, base, wanted.made_of, wanted.document, packages, note, actor.id, due_at)
        await enqueue(connection, PUBLISHES, {"publish": str(publish_id)}, max(due_at - datetime.now(UTC), due_at - due_at))
    return Published(None, publish_id)


def _draft(site: Site, app: str, revision: int) -> Read:
    async def held(executor: Executor) -> Wanted:
        if executor is not site.pool:
            return Wanted((await hold_draft(executor, app, revision)).document, MadeOf(revision))
        draft = await read_draft(site, app)
        if draft.revision != revision:
            raise DraftConflict(current=draft.revision, sent=revision)
        return Wanted(draft.document, MadeOf(revision))

    return held


async def publish_what(site: Site, author: UUID, app: str, read: Read, note: str) -> Published:
    """Publish what a function reads; others are held up for as long as the switch takes, not while it is thought through."""
    for attempt in range(TRIES):
        try:
            found = await plan_in(site.pool, site, app, (await read(site.pool)).document)
            if found.model is None:
                raise DefinitionInvalid(found.issues)
            async with site.pool.acquire() as connection, connection.transaction():
                await keep_upkeep_off(connection, _statements(found))
                published = await _publish(connection, site, author, app, read, note, found)
            if published.version is not None:
                site.forget(app)
            return published
        except asyncpg.PostgresError as error:
            if not is_in_the_way(site, error):
                raise
            await stop_building(site.pool, app)
            await pause(attempt)
    raise TryAgain()


async def _publish(connection: Executor, site: Site, author: UUID, app: str, read: Read, note: str, thought: PublishPlan) -> Published:
    await hold_app(connection, app)
    await refuse_second(connection, app)
    wanted = await read(connection)
    found = await _still(connection, site, app, wanted.document, thought)
    if found.model is None or found.steps is None:
        raise DefinitionInvalid(found.issues)
    if found.steps.is_long:
        return Published(None, await _prepare(connection, site, author, wanted, note, found))
    await _carry_out(connection, site, found, author, note, wanted)
    return Published(found.model.version)


async def _still(executor: Executor, site: Site, app: str, document: Mapping[str, Any], thought: PublishPlan) -> PublishPlan:
    """Return a plan that was made before others were held up where what it rests on is still so, else another."""
    if thought.model is None or thought.model.document != document or thought.basis != await read_basis(executor, site, app):
        return await plan_in(executor, site, app, document)
    before = await site.app(app, executor) if thought.basis.active.number else None
    broken = await read_in_use(executor, before, thought.model, thought.basis.tables)
    return replace(thought, issues=broken, model=None) if broken else thought


async def publish_in(
    executor: Executor, site: Site, actor: Actor, app: str, document: Mapping[str, Any], note: str
) -> AppModel:
    """Publish at once inside a transaction the caller has open, and return the model that is active when it commits."""
    await hold_app(executor, app)
    await refuse_second(executor, app)
    found = await plan_in(executor, site, app, document)
    if found.model is None:
        raise DefinitionInvalid(found.issues)
    await _carry_out(executor, site, found, actor.id, note, Wanted(document))
    return found.model


async def _carry_out(executor: Executor, site: Site, found: PublishPlan, author: UUID, note: str, wanted: Wanted) -> None:
    assert found.model is not None
    assert found.steps is not None
    packages = wanted.packages
    if packages is None:
        packages = await packages_published(executor, found.model.app, found.model.document)
    await hold_tables(executor, _of_there(found, (*found.steps.before_fills, *found.steps.after_fills)))
    for statement in found.steps.before_fills:
        await run_statement(executor, found.model, statement)
    for fill in found.steps.fills:
        with telling(found.model):
            await fill.fill_all(executor, site)
    for statement in found.steps.after_fills:
        await run_statement(executor, found.model, statement)
    await make_active(executor, site, found.model, found.changes, bool(found.steps.late), author, note, packages, wanted.made_of)


def _statements(found: PublishPlan) -> tuple[str, ...]:
    """Return what a plan does while others are held up, first of all."""
    assert found.model is not None
    assert found.steps is not None
    if found.steps.is_long:
        return (*found.steps.ddl.first, *_watched(found))
    return (*found.steps.before_fills, *found.steps.after_fills)


def _watched(found: PublishPlan) -> tuple[str, ...]:
    """Return the statements that have changes of records written down while columns are filled."""
    assert found.model is not None
    assert found.steps is not None
    assert found.basis is not None
    filled = [place for fill in found.steps.fills for place in fill.places]
    return watch_statements(found.model.app, watches(found.model, filled, found.basis.tables))


def _of_there(found: PublishPlan, statements: Iterable[str]) -> Iterator[str]:
    """Give the statements about tables that are there already."""
    assert found.model is not None
    assert found.basis is not None
    there = {table_name(entity) for entity in found.model.entities.values() if entity.table in found.basis.tables}
    there |= {name.replace('"', "") for name in there}
    for statement in statements:
        altered = _ALTERED.match(statement)
        if altered is not None and altered[1] in there:
            yield statement


async def _prepare(connection: Executor, site: Site, author: UUID, wanted: Wanted, note: str, found: PublishPlan) -> UUID:
    """Make what nobody notices who works with the version in use, and let a job go on; return the id of the publish."""
    assert found.model is not None
    assert found.steps is not None
    assert found.basis is not None
    publish_id = wanted.publish or new_id()
    await reached("prepare")
    await hold_tables(connection, _of_there(found, found.steps.ddl.first))
    for statement in found.steps.ddl.first:
        await run_statement(connection, found.model, statement)
    for statement in _watched(found):
        await connection.fetch(statement)
    packages = wanted.packages
    if packages is None:
        packages = await packages_published(connection, found.model.app, wanted.document)
    base, tables = found.basis.active.number, found.basis.tables
    await keep(
        connection, publish_id, "filling", found.model, tables, base, wanted.made_of, wanted.document, packages, note, author
    )
    if wanted.publish is None:  # else the job that was scheduled goes on
        await enqueue(connection, PUBLISHES, {"publish": str(publish_id)})
    return publish_id


def is_in_the_way(site: Site, error: asyncpg.PostgresError) -> bool:
    """Whether others were in the way of a publish, so that it can be tried again; what has become stale is forgotten."""
    if error.sqlstate in (STALE, OVERTAKEN, HELD):
        site.forget(ORGANIZATION)
        return True
    return isinstance(error, _IN_THE_WAY)


async def hold_tables(executor: Executor, statements: Iterable[str]) -> None:
    """Lock the tables that statements alter, all at once, before the first of them is altered.

    Who reads several of them takes them in an order of its own: the less time lies between the first and the last, the more rarely
    the publish waits for somebody who waits for it.
    """
    tables = sorted({found[1] for found in map(_ALTERED.match, statements) if found is not None})
    if len(tables) > 1:
        await executor.fetch(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")


async def hold_app(executor: Executor, app: str) -> None:
    """Keep writers and other publishers of an app out until the transaction ends, but wait for none of them long."""
    limits = "SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', '0', true)"
    await executor.fetch(limits, f"{LOCK_TIMEOUT_MS}ms")
    await lock_app(executor, app)
