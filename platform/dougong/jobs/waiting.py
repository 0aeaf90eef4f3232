"""The queue of jobs: a kind and its payload in, a job that a worker will do once the caller's transaction is committed out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import orjson

if TYPE_CHECKING:
    from pgqueuer.domain.settings import DBSettings
    from pgqueuer.ports.driver import Driver
    from pgqueuer.queries import Queries

SCHEMA = "dougong"


async def enqueue(connection: Any, kind: str, payload: Mapping[str, Any], after: timedelta | None = None) -> UUID:  # noqa: ANN401 – a connection, pooled or not
    """Put a job in the queue inside the caller's transaction and return its id; a rollback takes it out again.

    after: how long it waits before it may be begun.
    """
    from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver

    job = uuid4()
    await connection.execute(
        "INSERT INTO dougong.job (id, kind, payload) VALUES ($1, $2, $3)", job, kind, orjson.dumps(payload).decode()
    )
    await queries(AsyncpgDriver(connection)).enqueue(kind, job.bytes, execute_after=after)
    return job


async def cancel(connection: Any, job: UUID) -> None:  # noqa: ANN401
    """Ask a job to stop at the next place where it can; what it has done stays."""
    await connection.execute("UPDATE dougong.job SET is_cancelled = true, updated_at = now() WHERE id = $1", job)


def queries(driver: Driver) -> Queries:
    """Return pgqueuer's statements on the tables of our schema."""
    from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
    from pgqueuer.queries import Queries

    settings = _settings()
    return Queries(driver, QueryBuilderEnvironment(settings), QueryQueueBuilder(settings), QuerySchedulerBuilder(settings))


@lru_cache(maxsize=1)
def _settings() -> DBSettings:
    from pgqueuer.domain.settings import DBSettings

    return DBSettings(db_schema=SCHEMA)
