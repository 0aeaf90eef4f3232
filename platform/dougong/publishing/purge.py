"""Names of what is retired in, the same gone for good out: in one short transaction, written down so that versions that had it can say so."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import orjson
import structlog

from dougong.audit.record import Subject, record
from dougong.errors import PlatformError
from dougong.model.element_words import Labels
from dougong.permissions.actor import Actor
from dougong.publishing.late_indexes import stop_building
from dougong.publishing.messages import MESSAGES
from dougong.publishing.pause import pause
from dougong.publishing.publish import TRIES, hold_app
from dougong.publishing.retired import Retired, read_retired
from dougong.publishing.under_way import refuse_second
from dougong.publishing.upkeep import keep_upkeep_off
from dougong.sites import Site
from dougong.store.errors import TryAgain
from dougong.store.names import quoted
from dougong.store.save import Executor
from engines.values.issue import Issue, issue

AT_LEAST = timedelta(minutes=1)
"""What was retired so long ago no process reads any more, even one that hears of publishes late."""

_LOG = """
    INSERT INTO dougong.purge (app, table_name, column_name, entity, field, version, labels, record_count, purged_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9)"""
_LOGGED = """
    SELECT p.table_name, p.column_name, p.entity, p.field, p.version, p.labels::text, p.record_count, p.purged_by, p.purged_at FROM dougong.purge p
    WHERE p.app = $1 ORDER BY p.id DESC"""
_MISSING = """
    SELECT p.entity, p.field, p.labels::text, p.purged_at FROM dougong.purge p
    JOIN dougong.app_version v ON v.app = p.app AND v.number = $2
    WHERE p.app = $1 AND p.purged_at > v.published_at AND p.version >= v.number
      AND CASE WHEN p.field IS NULL THEN v.columns ? p.entity
               ELSE v.columns->p.entity->>p.field = coalesce(p.column_name, p.table_name) END
    ORDER BY p.id"""


class PurgeRefused(PlatformError):
    """Something of what is to be purged cannot be; the issues say what. Nothing was purged."""

    code = "purge-refused"
    title = {"zh-CN": "没有清除任何数据", "en": "Nothing was purged"}
    status = 422


@dataclass(frozen=True, slots=True)
class Purged:
    """What was purged, and by whom. name, version: as of what is retired."""

    name: str
    entity: str
    field: str | None
    version: int
    labels: Labels
    count: int
    purged_by: UUID
    purged_at: datetime


async def purge(site: Site, actor: Actor, app: str, names: Sequence[str], typed: str) -> tuple[Retired, ...]:
    """Remove retired columns and tables with all they hold, and return them.

    typed: the key of the app once more. Raises PurgeRefused with every issue, PublishUnderWay, or TryAgain.
    """
    for attempt in range(TRIES):
        try:
            async with site.pool.acquire() as connection, connection.transaction():
                await keep_upkeep_off(connection, [quoted(f"app_{app}", name.partition(".")[0]) for name in names])
                await hold_app(connection, app)
                await refuse_second(connection, app)
                chosen = _chosen(await read_retired(connection, site, app), app, names, typed)
                for one in chosen:
                    await _remove(connection, app, one, actor)
                    subject = Subject(app, one.entity, text=one.labels.get("zh-CN", one.name))
                    await record(connection, "purge", actor, subject, {"name": one.name, "field": one.field, "records": one.count})
            structlog.get_logger("dougong.publishing").warning("retired.purged", app=app, names=list(names), by=str(actor.id))
            return chosen
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            await stop_building(site.pool, app)
            await pause(attempt)
    raise TryAgain()


async def read_purged(site: Site, app: str) -> tuple[Purged, ...]:
    """Return what was purged of an app, the latest first."""
    rows = await site.pool.fetch(_LOGGED, app)
    return tuple(
        Purged(
            f"{row['table_name']}.{row['column_name']}" if row["column_name"] else row["table_name"], row["entity"], row["field"], row["version"],
            orjson.loads(row["labels"]), row["record_count"], row["purged_by"], row["purged_at"],
        )
        for row in rows
    )  # fmt: skip


async def missing_in(executor: Executor, app: str, version: int) -> tuple[Issue, ...]:
    """Return a warning for everything a version had that was purged since: it comes back empty."""
    issues = []
    for row in await executor.fetch(_MISSING, app, version):
        labels: Mapping[str, str] = orjson.loads(row["labels"])
        at = _pointer(row["entity"], row["field"])
        issues.append(issue(MESSAGES, "definition-values-purged", at, None, name=labels, date=row["purged_at"].date().isoformat()))
    return tuple(issues)


def _chosen(retired: Collection[Retired], app: str, names: Sequence[str], typed: str) -> tuple[Retired, ...]:
    known = {one.name: one for one in retired}
    issues = [issue(MESSAGES, "purge-name-unknown", f"/names/{place}", None, name=name) for place, name in enumerate(names) if name not in known]
    latest = datetime.now(UTC) - AT_LEAST
    for place, name in enumerate(names):
        if name in known and known[name].since > latest:
            issues.append(issue(MESSAGES, "purge-too-soon", f"/names/{place}", None, name=known[name].labels))
    if typed != app:
        issues.append(issue(MESSAGES, "purge-app-key", "/app", None, app=app))
    if issues:
        raise PurgeRefused(tuple(issues))
    return tuple(known[name] for name in dict.fromkeys(names))


async def _remove(connection: Executor, app: str, one: Retired, actor: Actor) -> None:
    schema = f"app_{app}"
    for column in one.columns:
        await connection.fetch(f"ALTER TABLE {quoted(schema, one.table)} DROP COLUMN {quoted(column)}")
    for table in one.tables:
        # Only retired references can still point to it: their constraints go with it.
        await connection.fetch(f"DROP TABLE IF EXISTS {quoted(schema, table)} CASCADE")
    labels = orjson.dumps(dict(one.labels)).decode()
    await connection.fetch(_LOG, app, one.table, one.column, one.entity, one.field, one.version, labels, one.count, actor.id)


def _pointer(entity: str, field: str | None) -> str:
    owner, _, rows = entity.partition(".")
    at = f"/entities/{owner}" + (f"/fields/{rows}" if rows else "")
    return at if field is None else f"{at}/fields/{field}"
