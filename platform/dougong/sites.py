"""A site: one organization's database with its pool, its active app models and what is compiled from them, passed to everything."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import orjson
import structlog

from dougong.errors import PlatformError
from dougong.model.app_model import ORGANIZATION, AppModel, Columns
from dougong.model.resolve import Resolved, resolve
from dougong.model.stored_document import stored_document
from dougong.sealing import Seals
from dougong.settings import Settings
from engines.expression.failure import Calendar
from engines.expression.sql_context import CASE_COLLATIONS

CALENDAR_CHANNEL = "dougong_calendar"
"""NOTIFY channel that tells every process that days of the calendar have changed."""

MOST_COMPILED = 2000
"""Compiled statements kept for a site; when it is full, all are dropped and come back as they are used."""

MOST_TARGETS = 20_000
"""Records remembered for the references that point to them."""

MOST_ACCESSES = 5_000
"""Entities of which is kept what sets of roles, and public links, come to, each set counting as one more; beyond that the oldest sets are
dropped, and come back as they are used. Of 20 fields one takes 23 kB as long as it is only read, 130 kB once it has been written to."""


_Place = tuple[str, int, AppModel | None, tuple[int, int]]
"""A model on its way: app, version, the organization it points into, and what has been dropped until then."""


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


async def resolve_aside(
    document: Mapping[str, Any], version: int = 0, columns: Columns | None = None, organization: AppModel | None = None
) -> Resolved:
    """Resolve a document in a thread of its own, so that requests go on meanwhile."""
    return await asyncio.to_thread(resolve, document, version, columns, organization)


def _resolve_text(definition: str, number: int, columns: str, organization: AppModel | None) -> Resolved:
    return resolve(stored_document(definition), number, orjson.loads(columns), organization)


Follow = Callable[[Reader, "Site", AppModel, UUID, Mapping[str, Any]], Awaitable[None]]
"""What is to be done inside a publish whose draft upgrades the app: with its new model, for an author, to packages by key."""


async def nothing_follows(_reader: Reader, _site: "Site", _model: AppModel, _author: UUID, _packages: Mapping[str, Any]) -> None:
    """Leave it at the publish: a site that knows no packages."""


@dataclass(slots=True, eq=False)
class Site:
    """One organization on this server.

    case_collation: the collation whose rules UPPER and LOWER follow on this server.
    models: active models by app key, each read again when its version is no longer the active one.
    compiled: statements by whatever tells them apart, models included. accesses, of which most_accesses are kept: see permissions.
    targets: records that references pointed to, with their revision.
    problems: what is wrong with the drafts of apps, see registry.
    forgotten: how often a model was dropped, by app key. resolving: models on their way, so that a version is resolved once for all
    who wait for it. doubted: apps that may have a new version; renewal: the task that looks after them. listed_days: the calendar, None until a formula may need it; calendar_changes: how
    often it was dropped. follow_upgrade: finishes an upgrade in the transaction of its publish; publishing itself knows no packages. seals: what keeps secrets unread in the database.
    told: what providers of sign-in said of themselves, by address, with when they were asked.
    """

    settings: Settings
    pool: "asyncpg.Pool[asyncpg.Record]"
    case_collation: str
    models: dict[str, AppModel] = field(default_factory=dict)
    compiled: dict[Hashable, Any] = field(default_factory=dict)
    accesses: dict[Hashable, Any] = field(default_factory=dict)
    most_accesses: int = MOST_ACCESSES
    targets: dict[Hashable, Any] = field(default_factory=dict)
    problems: dict[str, Any] = field(default_factory=dict)
    forgotten: dict[str, int] = field(default_factory=dict)
    resolving: "dict[_Place, asyncio.Task[Resolved]]" = field(default_factory=dict)
    doubted: set[str] = field(default_factory=set)
    renewal: "asyncio.Task[None] | None" = None
    listed_days: Calendar | None = None
    calendar_changes: int = 0
    follow_upgrade: Follow = nothing_follows
    told: dict[str, tuple[float, Mapping[str, Any]]] = field(default_factory=dict)
    seals: Seals = field(init=False)

    def __post_init__(self) -> None:
        """Know where the site's keys are."""
        self.seals = Seals(self.settings)

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
        self.forgotten[key] = self.forgotten.get(key, 0) + 1
        self._clear()

    def drop(self, model: AppModel) -> None:
        """Drop a model that has turned out no longer to be active, unless another has taken its place already."""
        if self.models.get(model.app) is model:
            self.forget(model.app)

    def renew(self, key: str) -> None:
        """Bring a model up to date in the background, where a new version of it is said to be active; all of the organization's for that.

        Until the new model is there readers go on with the one there is. Who writes by it is told by the database that it is no
        longer active, drops it and waits for the new one.
        """
        self.doubted.add(key)
        if self.renewal is None:
            self.renewal = asyncio.get_running_loop().create_task(self._renew())

    def forget_all(self) -> None:
        """Drop every model, as after a time without word of publishes."""
        self.forget(ORGANIZATION)

    def remember(self, key: Hashable, target: tuple[str, int, Any]) -> None:
        """Keep what a reference pointed to, after its id as text and its revision; whoever uses it must see that the revision still holds."""
        if len(self.targets) >= MOST_TARGETS:
            self.targets.clear()
        self.targets[key] = target

    def keep(self, key: Hashable, compiled: Any) -> None:  # noqa: ANN401 – each caller keeps its own type
        """Keep something compiled for later requests."""
        if len(self.compiled) >= MOST_COMPILED:
            self.compiled.clear()
        self.compiled[key] = compiled

    def _clear(self) -> None:
        self.compiled.clear()
        self.accesses.clear()
        self.targets.clear()

    async def _renew(self) -> None:
        try:
            while self.doubted:
                keys, self.doubted = self.doubted, set()
                try:
                    await self._bring_up_to_date(keys)
                except Exception as trouble:  # noqa: BLE001 – whatever it was: the next request reads the model and is told
                    structlog.get_logger("dougong.sites").warning("renewal.failed", apps=sorted(keys), reason=str(trouble))
                    for key in keys:
                        self.forget(key)
        finally:
            self.renewal = None

    async def _bring_up_to_date(self, keys: Iterable[str]) -> None:
        """Put the active models of these apps in the place of those that were; they change places in one step."""
        rows = await self.pool.fetch("SELECT key, active_version FROM dougong.app")
        active = {row["key"]: row["active_version"] for row in rows}
        wanted = [key for key in keys if key in self.models and active.get(key) != self.models[key].version]
        organization = self.models.get(ORGANIZATION)
        if ORGANIZATION in wanted:
            organization = await self._resolved(ORGANIZATION, None, self.pool)
            wanted = [key for key in self.models if key != ORGANIZATION]
        marks = {key: self._mark(key) for key in wanted}
        found = {key: await self._resolved(key, organization, self.pool) for key in wanted}
        if organization is not None and organization is not self.models.get(ORGANIZATION):
            found[ORGANIZATION] = organization
        # What was dropped meanwhile is read again by whoever needs it.
        self.models.update({key: model for key, model in found.items() if key in self.models and marks.get(key, self._mark(key)) == self._mark(key)})
        if found:
            self._clear()

    def _mark(self, key: str) -> tuple[int, int]:
        """Return what changes when a model is dropped."""
        return self.forgotten.get(key, 0), self.forgotten.get(ORGANIZATION, 0)

    async def _read(self, key: str, reader: Reader) -> AppModel:
        organization = None if key == ORGANIZATION else await self.app(ORGANIZATION, reader)
        return await self._resolved(key, organization, reader)

    async def _resolved(self, key: str, organization: AppModel | None, reader: Reader) -> AppModel:
        """Return the active version of an app as a model that points into an organization; who asks for the same waits for the same."""
        mark = self._mark(key)
        rows = await reader.fetch("SELECT active_version FROM dougong.app WHERE key = $1 AND active_version > 0", key)
        if not rows:
            raise AppNotFound(app=key)
        number = rows[0]["active_version"]
        place = (key, number, organization, mark)
        kept = self._is_kept(place)
        if kept is not None:
            return kept
        if place not in self.resolving:
            query = "SELECT definition::text, columns::text FROM dougong.app_version WHERE app = $1 AND number = $2"
            ((definition, columns),) = await reader.fetch(query, key, number)
            kept = self._is_kept(place)
            if kept is not None:
                return kept
            if place not in self.resolving:
                work = asyncio.to_thread(_resolve_text, definition, number, columns, organization)
                task = self.resolving[place] = asyncio.get_running_loop().create_task(work)
                task.add_done_callback(lambda done: self._has_resolved(place, done))
        # Whoever gives up waiting does not take it from the others.
        model, issues = await asyncio.shield(self.resolving[place])
        if model is None:
            raise AppBroken(issues, app=key)
        return model

    def _is_kept(self, place: "_Place") -> AppModel | None:
        """Return the model of a place where another request was quicker."""
        key, number, organization, mark = place
        kept = self.models.get(key)
        is_same = kept is not None and mark == self._mark(key) and (kept.version, kept.organization) == (number, organization)
        return kept if is_same else None

    def _has_resolved(self, place: "_Place", done: "asyncio.Task[Resolved]") -> None:
        key, _, organization, mark = place
        del self.resolving[place]
        model = None if done.cancelled() or done.exception() else done.result()[0]
        is_of_today = key == ORGANIZATION or organization is self.models.get(ORGANIZATION)
        if model is not None and key not in self.models and is_of_today and mark == self._mark(key):
            self.models[key] = model  # with another mark a newer version may have become active meanwhile
        # A model stays for long and is without circles: to look through it in rounds of the garbage collector would only stop requests.
        gc.freeze()
