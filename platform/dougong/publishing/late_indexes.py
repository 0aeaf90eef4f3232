"""Indexes of texts that a publish left to be made: the job that makes them while people go on writing, and how a publish gets past it.

PostgreSQL makes an index CONCURRENTLY in several transactions, in which the table cannot be changed. The next publish is not kept waiting:
it stops the making, and the job begins again for whatever version is in use then. What a crash or a stop left unfinished is dropped first.
"""

from datetime import timedelta

import asyncpg
import structlog

from dougong.database.pool import connect
from dougong.jobs.job import Job
from dougong.jobs.waiting import enqueue
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.sites import AppNotFound, Site
from dougong.store.columns import read_physical
from dougong.store.names import quoted, table_name
from dougong.store.save import Executor
from dougong.store.text_indexes import TextIndex, plan_text_indexes, read_unfinished

TEXT_INDEXES = "text-indexes"
"""The kind of the job; its payload names the app."""

AGAIN = timedelta(seconds=2)
"""After so long the job looks again where another process is at the same app, or a publish stopped it."""

QUIETLY = "SET statement_timeout = 0; SET max_parallel_maintenance_workers = 0; SET max_parallel_workers_per_gather = 0"
"""What a connection is told that works while others do: to take the time of one processor, so that they have the rest."""

_BUILDERS = """
    SELECT p.pid FROM pg_stat_progress_create_index p JOIN pg_class c ON c.oid = p.relid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE p.datname = current_database() AND p.command = 'CREATE INDEX CONCURRENTLY' AND n.nspname = ANY($1::text[])"""
NAMES = """
    SELECT conname AS name FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = $1
    UNION SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND relkind = 'i'"""
"""The names of constraints and indexes in a schema."""


async def stop_building(executor: Executor, app: str) -> None:
    """Stop whoever makes an index of an app, or of people it points to, so that tables can be changed; the job goes on afterwards."""
    await executor.fetch(f"SELECT pg_cancel_backend(pid) FROM ({_BUILDERS}) b", [f"app_{app}", f"app_{ORGANIZATION}"])


async def build_text_indexes(site: Site, dsn: str, job: Job) -> None:
    """Make the indexes that the version in use is missing, one after the other; the job looks again later where it cannot.

    dsn: of the site, for a connection of its own: to make an index takes longer than a request may.
    """
    app = str(job.payload["app"])
    connection = await connect(dsn)
    try:
        await connection.execute(QUIETLY)
        while True:
            if await connection.fetch(_BUILDERS, [f"app_{app}"]):
                break
            missing = await _missing(connection, site, app)
            if not missing:
                return
            await _build(connection, missing[0], await read_unfinished(connection, app))
    except AppNotFound:
        return
    except (asyncpg.QueryCanceledError, asyncpg.DeadlockDetectedError, asyncpg.UndefinedTableError, asyncpg.DuplicateTableError) as trouble:
        # A publish was in the way, or another process that began at the same moment.
        structlog.get_logger("dougong.publishing").info("text index.again", app=app, reason=str(trouble))
    finally:
        await connection.close()
    async with site.pool.acquire() as later, later.transaction():
        await enqueue(later, TEXT_INDEXES, dict(job.payload), AGAIN)


async def _missing(connection: Executor, site: Site, app: str) -> tuple[TextIndex, ...]:
    model = await _in_use(connection, site, app)
    names = [row["name"] for row in await connection.fetch(NAMES, f"app_{app}")]
    large = {entity.table for entity in model.entities.values()}
    return plan_text_indexes(model, await read_physical(connection, app), names, large, await read_unfinished(connection, app)).late


async def _in_use(connection: Executor, site: Site, app: str) -> AppModel:
    """Return the version in use, of which this process may not have heard yet."""
    model = await site.app(app, connection)
    rows = await connection.fetch("SELECT active_version FROM dougong.app WHERE key = $1", app)
    if rows and rows[0]["active_version"] != model.version:
        site.forget(app)
        return await site.app(app, connection)
    return model


async def _build(connection: Executor, index: TextIndex, unfinished: frozenset[str]) -> None:
    if index.name in unfinished:
        await connection.fetch(f"DROP INDEX CONCURRENTLY IF EXISTS {quoted(index.entity.schema, index.name)}")
    await connection.fetch(index.create(True))
    if index.statistics is not None:
        await connection.fetch(index.statistics)
        await connection.fetch(f"ANALYZE {table_name(index.entity)}")
