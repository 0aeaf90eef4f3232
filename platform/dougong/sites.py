"""A site: one organization's database with its pool, its active app models and what is compiled from them, passed to everything."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import asyncpg
import orjson
import structlog

from dougong.errors import PlatformError
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.resolve import resolve
from dougong.settings import Settings
from engines.expression.failure import Calendar
from engines.expression.sql_context import CASE_COLLATIONS

CALENDAR_CHANNEL = "dougong_calendar"
"""NOTIFY channel that tells every process that days of the calendar have changed."""

MOST_COMPILED = 2000
"""Compiled statements and accesses kept for a site; when it is full, all are dropped and come back as they are used."""

MOST_TARGETS = 20_000
"""Records remembered for the references that point to them."""


class AppNotFound(PlatformError):
    """There is no app with this key, or nothing of it is published."""

    code = "app-not-found"
    title = {"zh-CN": "没有这个应用", "en": "There is no such app"}
    status = 404
    sentence = {"zh-CN": "没有标识为“{app}”的应用。", "en": "There is no app {app}."}


class AppBroken(PlatformError):
    """The active version of an app does not resolve with this release; its issues say why."""

    code = "app-broken"
    title = {"zh-CN": "应用无法运行", "en": "The app cannot run"}
    status = 500
    sentence = {"zh-CN": "应用“{app}”的当前版本无法运行。", "en": "The active version of app {app} cannot run."}


async def find_case_collation(reader: "Reader") -> str:
    """Return the first collation of this server that knows the capitals of all of Unicode."""
    rows = await reader.fetch(
        "SELECT collname FROM pg_collation WHERE collname = ANY($1::text[])", list(CASE_COLLATIONS)
    )
    there = {row["collname"] for row in rows}
    return next((name for name in CASE_COLLATIONS if name in there), "default")


class Reader(Protocol):
    """What runs a query: the pool, or a connection."""

    async def fetch(self, query: str, *args: Any) -> list[Any]:  # noqa: ANN401 – asyncpg's own
        """Return the rows."""


@dataclass(slots=True, eq=False)
class Site:
    """One organization on this server.

    case_collation: the collation whose rules UPPER and LOWER follow on this server.
    models: active models by app key, each read again when its version is no longer the active one.
    compiled: statements by whatever tells them apart, models included. accesses: see permissions.
    targets: records that references pointed to, with their revision.
    forgotten: how often a model was dropped. listed_days: the calendar, None until a formula may need it; calendar_changes: how
    often it was dropped.
    """

    settings: Settings
    pool: "asyncpg.Pool[asyncpg.Record]"
    case_collation: str
    models: dict[str, AppModel] = field(default_factory=dict)
    compiled: dict[Hashable, Any] = field(default_factory=dict)
    accesses: dict[Hashable, Any] = field(default_factory=dict)
    targets: dict[Hashable, Any] = field(default_factory=dict)
    forgotten: int = 0
    listed_days: Calendar | None = None
    calendar_changes: int = 0

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone: what day it is, and the parts of a time, follow it."""
        return self.settings.time_zone

    async def app(self, key: str, reader: Reader | None = None) -> AppModel:
        """Return the active model of an app; raises AppNotFound.

        reader: the connection of a caller that holds one, who must not wait for a second.
        """
        return self.models.get(key) or await self._read(key, reader or self.pool)

    async def apps(self, reader: Reader | None = None) -> tuple[AppModel, ...]:
        """Return the active models of all apps that run, the organization first, then by key; one that does not is logged."""
        models = []
        for key in await self.app_keys(reader):
            try:
                models.append(await self.app(key, reader))
            except AppBroken as broken:
                structlog.get_logger("dougong.sites").error("app.broken", app=key, reason=str(broken))
        return tuple(models)

    async def app_keys(self, reader: Reader | None = None) -> tuple[str, ...]:
        """Return the keys of all installed apps in the order of `apps`."""
        query = "SELECT key FROM dougong.app WHERE active_version > 0 ORDER BY key <> $1, key"
        rows = await (reader or self.pool).fetch(query, ORGANIZATION)
        return tuple(row["key"] for row in rows)

    async def calendar(self, reader: "Reader | None" = None) -> Calendar:
        """Return the days of the calendar, kept until word comes that they have changed."""
        if self.listed_days is not None:
            return self.listed_days
        changes = self.calendar_changes
        rows = await (reader or self.pool).fetch("SELECT day, kind FROM dougong.calendar_day ORDER BY day")
        parts = [tuple(row["day"] for row in rows if row["kind"] == kind) for kind in ("holiday", "workday")]
        found = Calendar(*parts)
        if changes == self.calendar_changes:  # else it may have been read before the change
            self.listed_days = found
        return found

    def forget_calendar(self) -> None:
        """Drop the calendar, which has changed."""
        self.listed_days = None
        self.calendar_changes += 1

    def forget(self, key: str) -> None:
        """Drop a model that is no longer active; the organization's goes with all models that point into it."""
        if key == ORGANIZATION:
            self.models.clear()
        else:
            self.models.pop(key, None)
        self.forgotten += 1
        self.compiled.clear()
        self.accesses.clear()
        self.targets.clear()

    def forget_all(self) -> None:
        """Drop every model, as after a time without word of publishes."""
        self.forget(ORGANIZATION)

    def remember(self, key: Hashable, target: tuple[int, Any]) -> None:
        """Keep what a reference pointed to, with its revision; whoever uses it must see that the revision still holds."""
        if len(self.targets) >= MOST_TARGETS:
            self.targets.clear()
        self.targets[key] = target

    def keep(self, key: Hashable, compiled: Any) -> None:  # noqa: ANN401 – each caller keeps its own type
        """Keep something compiled for later requests."""
        if len(self.compiled) >= MOST_COMPILED:
            self.compiled.clear()
        self.compiled[key] = compiled

    async def _read(self, key: str, reader: Reader) -> AppModel:
        query = """
            SELECT v.number, v.definition::text, v.columns::text FROM dougong.app a
            JOIN dougong.app_version v ON v.app = a.key AND v.number = a.active_version WHERE a.key = $1"""
        forgotten = self.forgotten
        rows = await reader.fetch(query, key)
        if not rows:
            raise AppNotFound(app=key)
        number, definition, columns = rows[0]
        organization = None if key == ORGANIZATION else await self.app(ORGANIZATION, reader)
        model, issues = resolve(orjson.loads(definition), number, orjson.loads(columns), organization)
        if model is None:
            raise AppBroken(issues, app=key)
        if forgotten == self.forgotten:  # else a newer version may have become active while this one was read
            self.models[key] = model
        return model
