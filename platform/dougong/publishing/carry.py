"""A publish that takes its time goes on from where it stands, whoever stopped it: fills, indexes, the switch, constraints; or is undone."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from dougong.database.pool import connect
from dougong.errors import PlatformError
from dougong.jobs.job import MOST_TRIES, Job, JobCancelled
from dougong.jobs.waiting import enqueue
from dougong.model.app_model import AppModel
from dougong.model.diff import diff
from dougong.model.messages import MESSAGES
from dougong.people.persons import read_actor, read_name
from dougong.publishing.activation import make_active
from dougong.publishing.broken import read_broken
from dougong.publishing.catch_up import catch_up
from dougong.publishing.late_indexes import QUIETLY, stop_building
from dougong.publishing.messages import MESSAGES as PUBLISHING
from dougong.publishing.pause import pause
from dougong.publishing.plan import Steps, read_basis, steps_of
from dougong.publishing.publish import (
    LOCK_TIMEOUT_MS,
    TRIES,
    Wanted,
    hold_app,
    hold_tables,
    is_in_the_way,
    publish_what,
)
from dougong.publishing.stages import reached
from dougong.publishing.statements import run_statement, telling
from dougong.publishing.under_way import PUBLISHES, UnderWay, read_under_way, say, told, turn
from dougong.publishing.undo import undo_prepare
from dougong.publishing.upkeep import keep_upkeep_off
from dougong.registry.errors import DefinitionInvalid
from dougong.sites import Site, resolve_aside
from dougong.store.columns import read_physical
from dougong.store.errors import TryAgain
from dougong.store.fill import Fill, fills_of, together
from dougong.store.names import quoted, table_name
from dougong.store.required import Required, required, validate
from dougong.store.save import Executor
from dougong.store.touched import FILLING, MOST_AT_ONCE, forget_touched, unwatch_statements
from engines.values.issue import issue

_LEAST, _MOST, _AIM_S = 200, 5_000, 0.04
"""Records filled in one transaction: as many as take about so long, for whoever saves one of them waits for it."""

AGAIN = timedelta(seconds=5)
"""After so long a job looks again where another process goes on with its publish."""

_FIRST = UUID(int=0)
_COUNT = "SELECT greatest(reltuples, 0)::bigint AS n FROM pg_class WHERE oid = $1::text::regclass"
_UNCHECKED = """
    SELECT c.conrelid::regclass::text AS of, c.conname AS name FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
    WHERE n.nspname = $1 AND c.contype = 'f' AND NOT c.convalidated ORDER BY 1, 2"""
_WAITING = "SELECT count(*) AS n FROM (SELECT FROM dougong.touched WHERE app = $1 LIMIT $2) t"


class _Cancelled(Exception):
    """Somebody wants the publish to stop."""


@dataclass(slots=True)
class _Work:
    """A publish that is filling: its row, the models, what is left to do."""

    row: UnderWay
    before: AppModel
    model: AppModel
    fills: tuple[Fill, ...]
    steps: Steps
    place: dict[str, Any]
    total: int = 0


async def go_on(site: Site, dsn: str, job: Job) -> None:
    """Go on with the publish a job names, later where another process is at it, for that one may die."""
    publish_id = UUID(job.payload["publish"])
    try:
        found = await carry(site, dsn, publish_id)
    except JobCancelled:
        raise
    except Exception as trouble:
        # The next try goes on from here and may have more luck with the database; nothing else has.
        if not isinstance(trouble, asyncpg.PostgresError | asyncpg.InterfaceError | OSError) or job.tries + 1 >= MOST_TRIES:
            await _give_up(dsn, publish_id, trouble)
        raise
    if found is None:
        async with site.pool.acquire() as connection, connection.transaction():
            await enqueue(connection, PUBLISHES, dict(job.payload), AGAIN)


async def resume(site: Site) -> None:
    """Let jobs go on with every publish that whoever was at it has left; at a start, so that nobody waits for a dead worker's job."""
    async with site.pool.acquire() as connection, connection.transaction():
        for row in await connection.fetch("SELECT id FROM dougong.publish WHERE state IN ('filling', 'finishing')"):
            await enqueue(connection, PUBLISHES, {"publish": str(row["id"])})


async def _give_up(dsn: str, publish_id: UUID, trouble: Exception) -> None:
    """Undo a publish that fails for a reason nobody thought of, so that the app can be published again."""
    connection = await connect(dsn)
    try:
        row = await read_under_way(connection, publish_id)
        if row.state == "filling":
            await undo_prepare(connection, row, "failed", {"reason": repr(trouble)})
    finally:
        await connection.close()


async def carry(site: Site, dsn: str, publish_id: UUID) -> UnderWay | None:
    """Go on with a publish until it is over and return what became of it; None where another process is at it.

    dsn: of the site, for a connection of its own: it is held longer than a request may hold one. What fails for a reason that is
    not in the document is raised, and can be gone on with later.
    """
    connection = await connect(dsn)
    try:
        await connection.execute(QUIETLY)
        if not await connection.fetchval("SELECT pg_try_advisory_lock(7320, hashtext($1))", str(publish_id)):
            return None
        row = await read_under_way(connection, publish_id)
        if row.state == "scheduled":
            await _begin(site, row)
            row = await read_under_way(connection, publish_id)
        if row.state == "filling":
            await _fill_and_switch(connection, site, row)
            row = await read_under_way(connection, publish_id)
        if row.state == "finishing":
            await _finish(connection, site, row)
        return await read_under_way(connection, publish_id)
    finally:
        await connection.close()


async def _begin(site: Site, row: UnderWay) -> None:
    """Publish what is due; nobody has looked at what it would do to another version than the one it was planned for.

    Whoever planned it must be somebody who may publish now: nothing is done with a right that was taken away.
    """

    async def due(executor: Executor) -> Wanted:
        rows = await executor.fetch("SELECT active_version FROM dougong.app WHERE key = $1", row.app)
        if rows[0]["active_version"] != row.base_version:
            raise DefinitionInvalid((issue(MESSAGES, "definition-published-since", "", None, version=rows[0]["active_version"]),))
        return Wanted(row.document, row.made_of, row.id, row.packages)

    try:
        await _refuse_unless_allowed(site, row)
        published = await publish_what(site, row.author, row.app, due, row.note)
    except PlatformError as refused:
        if isinstance(refused, TryAgain):
            raise
        await turn(site.pool, row.id, "failed", told(refused.issues) if refused.issues else {"reason": str(refused)})
        return
    if published.version is not None:
        await turn(site.pool, row.id, "done", None, published.version)


async def _refuse_unless_allowed(site: Site, row: UnderWay) -> None:
    """Raise DefinitionInvalid unless the author may still sign in, and publish the app."""
    author = await read_actor(site, row.author)
    if author is None or not author.may_do("publish", row.app):
        code = "publish-author-gone" if author is None else "publish-author-denied"
        raise DefinitionInvalid((issue(PUBLISHING, code, "", None, name=await read_name(site, row.author)),))


async def _fill_and_switch(connection: Any, site: Site, row: UnderWay) -> None:  # noqa: ANN401 – asyncpg's
    try:
        work = await _open(connection, site, row)
        await _fill(connection, site, work)
        try:
            with telling(work.model):
                await _build(connection, work)
                await reached("caught-up")
                await _catch_up(connection, site, work)
                await reached("switch")
                await _switch(connection, site, work)
        except DefinitionInvalid as refused:
            named = await read_broken(connection, work.before, work.model, await read_physical(connection, row.app))
            raise DefinitionInvalid(named or refused.issues) from refused
    except _Cancelled:
        await undo_prepare(connection, await read_under_way(connection, row.id), "cancelled", None)
    except DefinitionInvalid as refused:
        await undo_prepare(connection, await read_under_way(connection, row.id), "failed", told(refused.issues))
    else:
        await reached("switched")


async def _open(connection: Any, site: Site, row: UnderWay) -> _Work:  # noqa: ANN401
    basis = await read_basis(connection, site, row.app)
    active = basis.active
    before, issues = await resolve_aside(active.document, active.number, active.columns, basis.organization)
    assert row.version is not None
    model = None
    if before is not None:
        model, issues = await resolve_aside(row.document, row.version, row.columns, basis.organization)
    if before is None or model is None:
        raise DefinitionInvalid(issues)
    steps = steps_of(site, before, model, basis)
    # The columns that are filled are there by now: which they are is seen from the tables as they were.
    fills = fills_of(site, before, model, row.tables, active.published_at)
    return _Work(row, before, model, together(fills), steps, dict(row.place))


async def _fill(connection: Any, site: Site, work: _Work) -> None:  # noqa: ANN401
    """Fill the records there are, some at a time, in the order of their ids; what is changed meanwhile is written down by triggers."""
    row = work.row
    first, last, done = int(row.place.get("fill", 0)), UUID(row.place.get("after", str(_FIRST))), row.done
    counts = [(await connection.fetch(_COUNT, table_name(fill.entity)))[0]["n"] for fill in work.fills]
    work.total = sum(counts)
    size = _LEAST
    for number, fill in enumerate(work.fills):
        if number < first:
            continue
        await reached("fill")
        page = f"SELECT id FROM {table_name(fill.entity)} WHERE id > $1 ORDER BY id LIMIT $2 FOR NO KEY UPDATE"
        last = last if number == first else _FIRST
        while True:
            begun = monotonic()
            try:
                async with connection.transaction():
                    await connection.fetch(FILLING)
                    ids = [found["id"] for found in await connection.fetch(page, last, size)]
                    await fill.fill_some(connection, site, ids)
                    place = {"fill": number, "after": str(ids[-1])} if ids else {"fill": number + 1}
                    is_cancelled = await say(connection, row.id, "fill", place, done + len(ids), max(work.total, done + len(ids)))
            except asyncpg.DeadlockDetectedError:
                size = max(1, size // 2)
                continue
            work.place, done = place, done + len(ids)
            if is_cancelled:
                raise _Cancelled
            if not ids:
                break
            last = ids[-1]
            took = monotonic() - begun
            work.total = max(work.total, done)
            size = max(_LEAST, min(_MOST, int(size * min(2.0, max(0.5, _AIM_S / max(took, 0.001))))))


async def _build(connection: Any, work: _Work) -> None:  # noqa: ANN401
    """Make the indexes while others go on; one that a crash left half made is made anew."""
    work.place = {"fill": len(work.fills), "indexes": [index.place for index in work.steps.ddl.built] or work.place.get("indexes", [])}
    for index in work.steps.ddl.built:
        if await say(connection, work.row.id, "index", work.place, work.total, work.total):
            raise _Cancelled
        await reached("index")
        name = quoted(index.entity.schema, index.place)
        state = await connection.fetch("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1::text)", name)
        if state and state[0]["indisvalid"] and (index.place != index.name or not index.is_replaced):
            continue
        if state:
            await connection.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        for attempt in range(TRIES):
            try:
                await run_statement(connection, work.model, index.concurrently)
                break
            except (asyncpg.DeadlockDetectedError, asyncpg.QueryCanceledError):
                await connection.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
                if await say(connection, work.row.id, "index", work.place, work.total, work.total):
                    raise _Cancelled from None
                if attempt == TRIES - 1:
                    raise


async def _catch_up(connection: Any, site: Site, work: _Work) -> None:  # noqa: ANN401
    """Fill anew what was changed meanwhile until so little is left that it can be done while others are held up."""
    while (await connection.fetch(_WAITING, work.row.app, MOST_AT_ONCE))[0]["n"] > MOST_AT_ONCE // 4:
        if await _one_round(connection, site, work):
            raise _Cancelled
    if await _one_round(connection, site, work):
        raise _Cancelled


async def _one_round(connection: Any, site: Site, work: _Work) -> bool:  # noqa: ANN401
    for attempt in range(TRIES):
        try:
            async with connection.transaction():
                await connection.fetch(FILLING)
                await catch_up(connection, site, work.model, work.fills)
                return await say(connection, work.row.id, "catch-up", work.place, work.total, work.total)
        except asyncpg.DeadlockDetectedError:
            await asyncio.sleep(0.02 * (attempt + 1) * random.random())
    raise TryAgain()


async def _switch(connection: Any, site: Site, work: _Work) -> None:  # noqa: ANN401
    for attempt in range(10 * TRIES):
        try:
            async with connection.transaction():
                unwatched = await unwatch_statements(connection, work.row.app)
                placed = [text for index in work.steps.ddl.built for text in index.put_in_place]
                statements = (*placed, *work.steps.ddl.last, *work.steps.texts)
                await keep_upkeep_off(connection, (*unwatched, *statements))
                await _switch_in(connection, site, work, unwatched, statements)
            site.forget(work.row.app)
            return
        except asyncpg.PostgresError as error:
            if not is_in_the_way(site, error):
                raise
            await stop_building(site.pool, work.row.app)
            await asyncio.sleep(min(1, 0.02 * 2 ** min(attempt, 6)) * random.uniform(0.5, 1))
        await _catch_up(connection, site, work)
    raise TryAgain()


async def _switch_in(connection: Any, site: Site, work: _Work, unwatched: Sequence[str], statements: Sequence[str]) -> None:  # noqa: ANN401
    """Make the new version the one in use, in one transaction that holds up others for milliseconds."""
    row = work.row
    await hold_app(connection, row.app)
    if await say(connection, row.id, "switch", work.place, work.total, work.total):
        raise _Cancelled
    await connection.fetch(FILLING)
    while await catch_up(connection, site, work.model, work.fills):
        pass
    await forget_touched(connection, row.app)
    await hold_tables(connection, (*unwatched, *work.steps.ddl.last))
    for statement in unwatched:
        await connection.fetch(statement)
    for statement in (*statements, *work.steps.counters):
        await run_statement(connection, work.model, statement)
    changes = diff(work.before.document, row.document)
    await make_active(connection, site, work.model, changes, bool(work.steps.late), row.author, row.note, row.packages, row.made_of)
    await turn(connection, row.id, "finishing", None, work.model.version)


async def _finish(connection: Any, site: Site, row: UnderWay) -> None:  # noqa: ANN401
    """Look through the records for constraints that came NOT VALID; one that older records break goes on to hold for what is saved."""
    await reached("finish")
    for found in await connection.fetch(_UNCHECKED, f"app_{row.app}"):
        try:
            await connection.execute(f"ALTER TABLE {found['of']} VALIDATE CONSTRAINT {quoted(found['name'])}")
        except (asyncpg.IntegrityConstraintViolationError, asyncpg.UndefinedObjectError, asyncpg.UndefinedTableError) as trouble:
            structlog.get_logger("dougong.publishing").warning("constraint.unchecked", constraint=found["name"], reason=str(trouble))
    model = await site.app(row.app)
    basis = await read_basis(connection, site, row.app)
    for one in required(model) if model.version == row.version else ():
        if one.name not in basis.names:
            await _require(connection, row, one)
    await turn(connection, row.id, "done")


async def _require(connection: Any, row: UnderWay, one: Required) -> None:  # noqa: ANN401
    """Make the constraint of a column that must have a value where no record lacks one; it is held for as long as it takes to write it down."""
    if (await connection.fetch(one.lacks))[0]["lacks"]:
        return
    for attempt in range(TRIES):
        try:
            async with connection.transaction():
                await keep_upkeep_off(connection, (one.made,))
                await connection.fetch("SELECT set_config('lock_timeout', $1, true)", f"{LOCK_TIMEOUT_MS}ms")
                rows = await connection.fetch("SELECT active_version FROM dougong.app WHERE key = $1 FOR SHARE", row.app)
                if rows[0]["active_version"] != row.version:
                    return  # the next version says what must have a value
                await connection.execute(one.dropped)
                await connection.execute(one.made)
            await connection.execute(validate(one.entity, one.name))
            return
        except asyncpg.CheckViolationError:
            await connection.execute(one.dropped)
            return
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            await pause(attempt)
    structlog.get_logger("dougong.publishing").warning("constraint.unmade", constraint=one.name, reason="others were in the way")
