"""A package becomes an app: composed, published, seeded, roles given, all in one transaction."""

import asyncio
import random
from collections.abc import Mapping
from typing import Any

import asyncpg
import orjson

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.packages.compose import compose
from dougong.packages.library import read_versions
from dougong.packages.package_file import see_files
from dougong.packages.seeds import plant
from dougong.permissions.actor import SYSTEM, Actor
from dougong.publishing.late_indexes import stop_building
from dougong.publishing.publish import TRIES, is_in_the_way, publish_in
from dougong.registry.errors import AppExists
from dougong.registry.versions import read_active
from dougong.sites import Site
from dougong.store.errors import TryAgain
from dougong.store.ids import new_id, seed_id
from dougong.store.save import Executor
from dougong.work.perform import perform_in
from dougong.work.request import Request, Update


async def install(site: Site, actor: Actor, package: Mapping[str, Any], demo: bool) -> AppModel:
    """Return the model of the installed app, active in this process.

    Raises PackageInvalid, DefinitionInvalid, AppExists; then nothing of the app is there.
    """
    document = compose(package, await read_versions(site))
    see_files(document, {})
    for attempt in range(TRIES):
        try:
            async with site.pool.acquire() as connection, connection.transaction():
                model = await _install(connection, site, actor, document, demo)
            site.forget(model.app)
            return await site.app(model.app)
        except asyncpg.PostgresError as error:
            if not is_in_the_way(site, error):
                raise
            await stop_building(site.pool, str(document.get("key")))
            await asyncio.sleep(min(2, 0.02 * 2**attempt) * random.uniform(0.5, 1))
    raise TryAgain()


async def _install(executor: Executor, site: Site, actor: Actor, document: Mapping[str, Any], demo: bool) -> AppModel:
    app = str(document.get("key"))
    if (await read_active(executor, app)).number:
        raise AppExists(app=app)
    model = await publish_in(executor, site, actor, app, document, "")
    if model.version > 1:  # somebody else has installed it since
        raise AppExists(app=app)
    if not actor.is_system:
        await _give_roles(executor, site, model, actor)
    # The records are made by the platform for the installing actor: a package may hold more than that actor's roles allow.
    planter = Actor(actor.id, actor.name, actor.language, is_system=True)
    await plant(executor, site, model, planter, model.definition.seed, "seed")
    if demo:
        await plant(executor, site, model, planter, model.definition.demo, "demo")
    await executor.fetch(
        "INSERT INTO dougong.installed_package (app, package, version, document, installed_by) VALUES ($1, $1, $2, $3::text::json, $4)",
        app, model.definition.version, orjson.dumps(dict(document)).decode(), actor.id,
    )  # fmt: skip
    return model


async def _give_roles(executor: Executor, site: Site, model: AppModel, actor: Actor) -> None:
    """Give the installing user the roles the package means for whoever installs it."""
    roles = [
        seed_id(ORGANIZATION, "role", f"{model.app}.{role.key}") for role in model.roles.values() if role.installer
    ]
    if not roles:
        return
    query = 'SELECT id, role FROM "app_organization"."user__roles" WHERE parent = $1 ORDER BY position'
    rows = [{"id": row["id"]} for row in await executor.fetch(query, actor.id)]
    given: list[Mapping[str, object]] = [*rows, *({"id": new_id(), "role": role} for role in roles)]
    change = Update("user", actor.id, {"roles": given})
    organization = await site.app(ORGANIZATION, executor)
    await perform_in(executor, site, organization, Request(ORGANIZATION, SYSTEM, (change,), "install"))
