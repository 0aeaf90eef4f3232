"""An installed app and its key typed out in; everything of it gone, in one transaction; and before that, what would go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from dougong.audit.record import Subject, record
from dougong.errors import RequestInvalid
from dougong.model.app_model import ORGANIZATION
from dougong.packages.errors import AppNeeded
from dougong.packages.messages import MESSAGES
from dougong.permissions.actor import Actor
from dougong.publishing.late_indexes import stop_building
from dougong.publishing.pause import pause
from dougong.publishing.publish import LOCK_TIMEOUT_MS, TRIES, is_in_the_way
from dougong.publishing.upkeep import keep_upkeep_off
from dougong.registry.versions import CHANNEL, lock_app, read_active
from dougong.sites import AppNotFound, Reader, Site
from dougong.store.errors import TryAgain
from dougong.store.names import quoted
from dougong.work.perform import perform_in
from dougong.work.request import Change, Delete, Request, Update
from engines.values.issue import issue

Labels = Mapping[str, str]

_TABLES = "SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 ORDER BY 1"
_LINKS = """
    SELECT c.relname AS name FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE f.contype = 'f' AND f.confrelid = 'dougong.file'::regclass AND n.nspname = $1 ORDER BY 1"""
_ROLES = 'SELECT id FROM "app_organization".role WHERE app = $1 AND starts_with(key, $1 || \'.\')'
_HOLDERS = """
    SELECT u.id, u.deleted_at IS NULL AS is_live, r.id AS row, r.role = ANY($1::uuid[]) AS goes
    FROM "app_organization"."user" u JOIN "app_organization"."user__roles" r ON r.parent = u.id
    WHERE EXISTS (SELECT FROM "app_organization"."user__roles" x WHERE x.parent = u.id AND x.role = ANY($1::uuid[])) ORDER BY u.id, r.position"""
# What is kept of an app is in tables with a column `app`, but for the audit log, which stays; versions and the app itself go after what refers to them.
_OF_APPS = """
    SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE n.nspname = 'dougong' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname = 'app' AND c.relname <> 'audit' AND NOT a.attisdropped
    ORDER BY c.relname = 'app_version', 1"""
_STAGING = """
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'dougong_staging'
    AND right(tablename, 32) IN (SELECT replace(id::text, '-', '') FROM dougong.import WHERE app = $1)"""
"""What imports under way have put down."""


@dataclass(frozen=True, slots=True)
class LeavingEntity:
    """An entity whose records go, also those in the trash and of an entity that was taken out of the app."""

    key: str
    name: Labels
    records: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """What goes with an app. tables: all it has. files: that only its records hold are collected later. people: who have roles in it."""

    app: str
    name: Labels
    entities: tuple[LeavingEntity, ...]
    tables: int
    records: int
    files: int
    versions: int
    roles: int
    people: int


async def read_leaving(site: Site, app: str) -> Leaving:
    """Return what would go with an app; raises AppNotFound, AppNeeded."""
    _see_that_it_can_go(app)
    return await _leaving(site.pool, app)


async def uninstall(site: Site, actor: Actor, app: str, typed: str) -> Leaving:
    """Remove an app for good and return what went; typed: its key, by which somebody says that they mean it.

    Raises AppNotFound, AppNeeded, RequestInvalid, RecordReferenced where another app points to a role of this one; then nothing went.
    """
    _see_that_it_can_go(app)
    if typed != app:
        raise RequestInvalid((issue(MESSAGES, "package-uninstall-key", "/key", None, app=app),))
    for attempt in range(TRIES):
        try:
            async with site.pool.acquire() as connection, connection.transaction():
                tables = await connection.fetch(_TABLES, f"app_{app}")
                await keep_upkeep_off(connection, [quoted(f"app_{app}", row["name"]) for row in tables])
                limits = "SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', '0', true)"
                await connection.fetch(limits, f"{LOCK_TIMEOUT_MS}ms")
                await lock_app(connection, app)
                gone = await _leaving(connection, app)
                await _uninstall(connection, site, actor, app)
                details = {"versions": gone.versions, "tables": gone.tables, "records": gone.records}
                await record(connection, "uninstall", actor, Subject(app, text=gone.name.get("zh-CN", app)), details)
            site.forget(app)
            return gone
        except asyncpg.PostgresError as error:
            if not is_in_the_way(site, error):
                raise
            await stop_building(site.pool, app)
            await pause(attempt)
    raise TryAgain()


def _see_that_it_can_go(app: str) -> None:
    if app == ORGANIZATION:
        raise AppNeeded(app=app)


async def _leaving(reader: Reader, app: str) -> Leaving:
    active = await read_active(reader, app)
    if not active.number:
        raise AppNotFound(app=app)
    schema = f"app_{app}"
    tables = [row["name"] for row in await reader.fetch(_TABLES, schema)]
    names = {one["key"]: one["name"] for one in active.document["entities"]}
    own = [name for name in tables if "__" not in name]
    counts = {name: await _count(reader, f"SELECT count(*) AS n FROM {quoted(schema, name)}") for name in own}
    entities = tuple(LeavingEntity(name, names.get(name, {"zh-CN": name, "en": name}), counts[name]) for name in own)
    links = [row["name"] for row in await reader.fetch(_LINKS, schema)]
    held = " UNION ".join(f"SELECT target FROM {quoted(schema, name)}" for name in links)
    roles = [row["id"] for row in await reader.fetch(_ROLES, app)]
    return Leaving(
        app,
        active.document["name"],
        entities,
        len(tables),
        sum(counts.values()),
        await _count(reader, f"SELECT count(*) AS n FROM ({held}) AS held") if links else 0,
        await _count(reader, "SELECT count(*) AS n FROM dougong.app_version WHERE app = $1", app),
        len(roles),
        len({row["id"] for row in await reader.fetch(_HOLDERS, roles) if row["is_live"]}),
    )


async def _count(reader: Reader, query: str, *arguments: object) -> int:
    (row,) = await reader.fetch(query, *arguments)
    return int(row["n"])


async def _uninstall(executor: Any, site: Site, actor: Actor, app: str) -> None:  # noqa: ANN401 – a connection
    await _take_roles(executor, site, actor, app)
    await executor.fetch(f"DROP SCHEMA IF EXISTS {quoted(f'app_{app}')} CASCADE")
    await executor.fetch(
        "INSERT INTO dougong.uninstalled_app (key, latest) SELECT app, max(number) FROM dougong.app_version WHERE app = $1 GROUP BY app"
        " ON CONFLICT (key) DO UPDATE SET latest = excluded.latest, at = now()",
        app,
    )
    for row in await executor.fetch(_STAGING, app):
        await executor.fetch(f"DROP TABLE {quoted('dougong_staging', row['name'])}")
    await executor.fetch("DELETE FROM dougong.cause WHERE change_set IN (SELECT change_set FROM dougong.history WHERE app = $1)", app)
    for row in await executor.fetch(_OF_APPS):
        await executor.fetch(f"DELETE FROM {quoted('dougong', row['name'])} WHERE app = $1", app)
    await executor.fetch("DELETE FROM dougong.app WHERE key = $1", app)
    await executor.fetch("SELECT pg_notify($1, $2)", CHANNEL, app)


async def _take_roles(executor: Any, site: Site, actor: Actor, app: str) -> None:  # noqa: ANN401
    """Take the roles of the app from whoever has them, and remove them; history says who did it."""
    roles = [row["id"] for row in await executor.fetch(_ROLES, app)]
    if not roles:
        return
    left: dict[UUID, list[Mapping[str, object]]] = {}
    for row in await executor.fetch(_HOLDERS, roles):
        if row["is_live"]:
            left.setdefault(row["id"], []).extend([] if row["goes"] else [{"id": row["row"]}])
    changes: list[Change] = [Update("user", user, {"roles": rows}) for user, rows in left.items()]
    organization = await site.app(ORGANIZATION, executor)
    platform = Actor(actor.id, actor.name, actor.language, is_system=True)
    if changes:
        await perform_in(executor, site, organization, Request(ORGANIZATION, platform, tuple(changes), "uninstall"))
    for role in roles:
        await perform_in(executor, site, organization, Request(ORGANIZATION, platform, (Delete("role", role),), "uninstall"))
    await executor.fetch('DELETE FROM "app_organization"."user__roles" WHERE role = ANY($1::uuid[])', roles)  # of people in the trash
    await executor.fetch('DELETE FROM "app_organization".role WHERE id = ANY($1::uuid[])', roles)
