"""A package becomes an app: composed, published, seeded, roles given, all in one transaction."""

import asyncio
from collections.abc import Mapping
from typing import Any

import asyncpg

from dougong.audit.record import Row, Subject, keep
from dougong.files.contents import Contents
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.definition import FIRST_VERSION
from dougong.model.resolve import resolve
from dougong.packages.compose import compose
from dougong.packages.installed import Documents, packages_in, record_installed
from dougong.packages.installer_roles import give_roles
from dougong.packages.kept_files import FileIds, drop_files, keep_files
from dougong.packages.package_file import Package, named_files
from dougong.packages.seeds import plant
from dougong.packages.shelf import read_versions
from dougong.permissions.actor import Actor
from dougong.publishing.late_indexes import stop_building
from dougong.publishing.pause import pause
from dougong.publishing.publish import LOCK_TIMEOUT_MS, TRIES, is_in_the_way, publish_in
from dougong.registry.errors import AppExists, DefinitionInvalid
from dougong.registry.versions import lock_app, read_active
from dougong.sites import Site
from dougong.store.errors import TryAgain
from dougong.store.save import Executor


async def install(
    site: Site, actor: Actor, package: Mapping[str, Any], demo: bool, contents: Contents | None = None, files: Mapping[str, bytes] | None = None
) -> AppModel:
    """Return the model of the installed app, active in this process.

    contents, files: where files are kept, and those that came with the package, by SHA-256; records of it may hold such.
    Raises PackageInvalid, DefinitionInvalid, AppExists; then nothing of the app is there.
    """
    versions = await read_versions(site, package)
    document = await asyncio.to_thread(compose, package, versions)
    parts = packages_in(package, versions)
    await _see_that_it_resolves(site, document)
    kept = await keep_files(site, contents or Contents(site.settings), actor, Package(document, files or {}))
    try:
        return await _install_again(site, actor, document, parts, demo, kept)
    except BaseException:
        if kept:
            await drop_files(site, kept.values())
        raise


async def _see_that_it_resolves(site: Site, document: Mapping[str, Any]) -> None:
    """See that an app can be made of it before a file is kept for it; raises AppExists, DefinitionInvalid."""
    if not next(named_files(document), None):
        return
    if str(document["key"]) in await site.app_keys():
        raise AppExists(app=document["key"])
    model, issues = resolve(document, organization=await site.app(ORGANIZATION))
    if model is None:
        raise DefinitionInvalid(issues)


async def _install_again(
    site: Site, actor: Actor, document: Mapping[str, Any], parts: Documents, demo: bool, files: FileIds
) -> AppModel:
    """Install, again while others are in the way. parts: the packages the document is composed of."""
    for attempt in range(TRIES):
        try:
            async with site.pool.acquire() as connection, connection.transaction():
                model = await _install(connection, site, actor, document, parts, demo, files)
            site.forget(model.app)
            return await site.app(model.app)
        except asyncpg.PostgresError as error:
            if not is_in_the_way(site, error):
                raise
            await stop_building(site.pool, str(document.get("key")))
            await pause(attempt)
    raise TryAgain()


async def _install(
    executor: Executor, site: Site, actor: Actor, document: Mapping[str, Any], parts: Documents, demo: bool, files: FileIds
) -> AppModel:
    app = str(document.get("key"))
    await executor.fetch("SELECT set_config('lock_timeout', $1, true)", f"{LOCK_TIMEOUT_MS}ms")
    await lock_app(executor, app)
    if (await read_active(executor, app)).number:
        raise AppExists(app=app)
    model = await publish_in(executor, site, actor, app, document, "")
    await give_roles(executor, site, app, actor.id, [role.key for role in model.roles.values() if role.installer])
    await executor.fetch("INSERT INTO dougong.app_file SELECT $1, file FROM unnest($2::uuid[]) AS file", app, list(files.values()))
    # The records are made by the platform for the installing actor: a package may hold more than that actor's roles allow.
    planter = Actor(actor.id, actor.name, actor.language, is_system=True)
    await plant(executor, site, model, planter, model.definition.seed, "seed", files)
    if demo:
        await plant(executor, site, model, planter, model.definition.demo, "demo", files)
    await record_installed(executor, app, parts, actor.id, model.version)
    rows = [Row("install", actor, Subject(app), {"package": key, "version": part.get("version", FIRST_VERSION), "demo": demo}) for key, part in sorted(parts.items())]
    await keep(executor, rows)
    return model
