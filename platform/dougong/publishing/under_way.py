"""Publishes that take their time: the row of each in `dougong.publish`, from the plan to what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson

from dougong.errors import PlatformError
from dougong.jobs.waiting import enqueue
from dougong.model.app_model import AppModel, Columns
from dougong.model.stored_document import present_document, stored_document
from dougong.publishing.late_indexes import stop_building
from dougong.registry.draft_kept import MadeOf
from dougong.sites import Site
from dougong.store.columns import Physical
from dougong.store.save import Executor
from engines.values.issue import Issue

State = Literal["scheduled", "filling", "finishing", "done", "cancelled", "failed"]
"""`filling`: columns and indexes nobody uses yet are made; `finishing`: the version is in use, its constraints are looked through."""

_COLUMNS = """id, app, state, base_version, version, draft_revision, restores, definition::text, columns::text, tables::text, packages::text, note, author,
    created_at, due_at, ended_at, is_cancelled, stage, place::text, done, total, problem::text"""


_CANCEL = """
    UPDATE dougong.publish SET is_cancelled = true, updated_at = now(), state = CASE state WHEN 'scheduled' THEN 'cancelled' ELSE state END,
        ended_at = CASE state WHEN 'scheduled' THEN now() END
    WHERE id = $1 AND state IN ('scheduled', 'filling') RETURNING state"""

PUBLISHES = "publish"
"""The kind of the job that goes on with a publish; its payload names it."""


class PublishUnderWay(PlatformError):
    """Somebody is publishing the app already, and it takes its time."""

    code = "publish-under-way"
    title = {"zh-CN": "应用正在发布", "en": "The app is being published"}
    status = 409
    sentence = {
        "zh-CN": "应用“{app}”正在发布（开始于 {since}），请等它完成或取消它。",
        "en": "App {app} is being published since {since}; wait until that is done, or cancel it.",
    }


class PublishNotFound(PlatformError):
    """There is no such publish of the app."""

    code = "publish-not-found"
    title = {"zh-CN": "没有这次发布", "en": "There is no such publish"}
    status = 404


class PublishOver(PlatformError):
    """The publish has ended, or the version is in use already, so that it cannot be cancelled."""

    code = "publish-over"
    title = {"zh-CN": "发布已结束，不能取消", "en": "The publish is over and cannot be cancelled"}
    status = 409


@dataclass(frozen=True, slots=True)
class UnderWay:
    """One publish. version: what it became. tables: those there were before it. place: where it goes on. done, total: records.

    packages: what the app is made of once its version is in use, none where that stays.

    problem: why it failed, as issues, or as one sentence for whoever runs the server.
    """

    id: UUID
    app: str
    state: State
    base_version: int
    version: int | None
    made_of: MadeOf | None
    document: Mapping[str, Any]
    columns: Columns
    tables: Physical
    packages: Mapping[str, Mapping[str, Any]]
    note: str
    author: UUID
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    is_cancelled: bool
    stage: str
    place: Mapping[str, Any]
    done: int
    total: int
    problem: Mapping[str, Any] | None


async def read_under_way(executor: Executor, publish: UUID) -> UnderWay:
    """Return one publish; raises PublishNotFound."""
    rows = await executor.fetch(f"SELECT {_COLUMNS} FROM dougong.publish WHERE id = $1", publish)
    if not rows:
        raise PublishNotFound()
    return _read(rows[0])


async def list_under_way(site: Site, app: str, most: int = 20) -> list[UnderWay]:
    """Return the publishes of an app that took their time, the newest first."""
    rows = await site.pool.fetch(f"SELECT {_COLUMNS} FROM dougong.publish WHERE app = $1 ORDER BY created_at DESC LIMIT $2", app, most)
    return [_read(row) for row in rows]


async def refuse_second(executor: Executor, app: str) -> None:
    """Raise PublishUnderWay while another publish of the app is filling columns; the caller holds the app."""
    rows = await executor.fetch("SELECT created_at FROM dougong.publish WHERE app = $1 AND state = 'filling'", app)
    if rows:
        raise PublishUnderWay(app=app, since=f"{rows[0]['created_at']:%Y-%m-%d %H:%M:%S}Z")


async def cancel_publish(site: Site, app: str, publish: UUID) -> None:
    """Let a publish stop at the next place where it can and leave everything as it was; raises PublishNotFound, PublishOver."""
    found = await read_under_way(site.pool, publish)
    if found.app != app:
        raise PublishNotFound()
    async with site.pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(_CANCEL, publish) is None:
            raise PublishOver()
        if found.state == "filling":  # where its job has given up, another one undoes what it did
            await enqueue(connection, PUBLISHES, {"publish": str(publish)})
    await stop_building(site.pool, app)


async def keep(
    executor: Executor, publish: UUID, state: State, model: AppModel | None, tables: Physical, base: int, made_of: MadeOf | None,
    document: Mapping[str, Any], packages: Mapping[str, Mapping[str, Any]], note: str, author: UUID, due_at: datetime | None = None,
) -> None:  # fmt: skip
    """Keep a publish that begins, or one that was scheduled and is due now."""
    await executor.fetch(
        """INSERT INTO dougong.publish (id, app, state, base_version, version, draft_revision, restores, definition, columns, tables, packages, note,
               author, due_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::json, $9::text::jsonb, $10::text::json, $11::text::json, $12, $13, $14)
           ON CONFLICT (id) DO UPDATE SET state = excluded.state, base_version = excluded.base_version, version = excluded.version,
               columns = excluded.columns, tables = excluded.tables, updated_at = now()""",
        publish, str(document.get("key")), state, base, None if model is None else model.version,
        None if made_of is None else made_of.revision, None if made_of is None else made_of.restores, _text(document),
        _text({} if model is None else model.columns), _text(tables), _text(packages), note, author, due_at,
    )  # fmt: skip


async def say(executor: Executor, publish: UUID, stage: str, place: Mapping[str, Any], done: int, total: int) -> bool:
    """Say how far a publish is; return whether somebody wants it to stop."""
    rows = await executor.fetch(
        """UPDATE dougong.publish SET stage = $2, place = $3::text::json, done = $4, total = $5, updated_at = now() WHERE id = $1
           RETURNING is_cancelled""",
        publish, stage, _text(place), done, total,
    )  # fmt: skip
    return bool(rows[0]["is_cancelled"])


async def turn(executor: Executor, publish: UUID, state: State, problem: Mapping[str, Any] | None = None, version: int | None = None) -> None:
    """Let a publish be in another state."""
    await executor.fetch(
        """UPDATE dougong.publish SET state = $2, problem = $3::text::json, version = coalesce($4, version), updated_at = now(),
               ended_at = CASE WHEN $2 IN ('done', 'cancelled', 'failed') THEN now() END WHERE id = $1""",
        publish, state, None if problem is None else _text(problem), version,
    )  # fmt: skip


def told(issues: tuple[Issue, ...]) -> Mapping[str, Any]:
    """Return issues as they are kept."""
    return {"issues": [{"code": one.code, "message": dict(one.message), "pointer": one.pointer} for one in issues]}


def _text(value: object) -> str:
    return orjson.dumps(value, default=dict).decode()


def _read(row: Any) -> UnderWay:  # noqa: ANN401 – asyncpg's
    values = dict(row.items())
    for name in ("columns", "tables", "place", "problem"):
        values[name] = None if values[name] is None else orjson.loads(values[name])
    values["document"] = stored_document(values.pop("definition"))
    values["packages"] = {key: present_document(document) for key, document in orjson.loads(values["packages"] or "{}").items()}
    revision, restores = values.pop("draft_revision"), values.pop("restores")
    values["made_of"] = None if revision is None else MadeOf(revision, restores)
    return UnderWay(**values)
