"""Endpoints of upgrades: what an app is made of, what a newer version would change, and the draft it becomes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from dougong.api.asked import AskedHouse, AskedSession, app_to
from dougong.api.shapes import label
from dougong.api.upgrade_answers import upgrade_plan_answer
from dougong.api.upgrade_shapes import (
    OriginEntry,
    OriginsAnswer,
    PackageName,
    PackageStandEntry,
    PackageStandsAnswer,
    ProvenanceAnswer,
    ProvenanceEntry,
    UpgradeApplyBody,
    UpgradeBody,
    UpgradedAnswer,
    UpgradePlanAnswer,
)
from dougong.api.version_shapes import Pointer
from dougong.model.app_model import ORGANIZATION
from dougong.model.merge import Document, Rule, Side
from dougong.packages.installed import version_of
from dougong.packages.package_file import content_hash
from dougong.packages.package_json import see_that_it_is_exact
from dougong.packages.upgrade import (
    Upgrade,
    plan_addition,
    plan_upgrade,
    put_into_draft,
    read_origins,
    read_provenance,
    read_stands,
)
from dougong.permissions.actor import Actor
from dougong.permissions.errors import ActDenied
from dougong.registry.drafts import read_revision
from dougong.sites import Site

routes = APIRouter()


@routes.get("/api/apps/{app}/upgrade", operation_id="list_installed_packages")
async def stands(app: str, session: AskedSession, house: AskedHouse) -> PackageStandsAnswer:
    """Return the packages the app is made of, and to what they can be upgraded."""
    await app_to("design", house.site, session.actor, app)
    revision, _ = await read_revision(house.site.pool, app)
    entries = [
        PackageStandEntry(
            package=one.package,
            name=label(one.document["name"]),
            version=version_of(one.document),
            hash=content_hash(one.document),
            installed_at=one.installed_at,
            newest=None if one.newest is None else version_of(one.newest),
            draft_version=one.draft_version,
            leaves=one.leaves,
            required_by=list(one.required_by),
        )
        for one in await read_stands(house.site, app)
    ]
    return PackageStandsAnswer(packages=entries, revision=revision)


@routes.post("/api/apps/{app}/upgrade/plan", operation_id="plan_upgrade")
async def show_plan(
    app: str, body: UpgradeBody, session: AskedSession, house: AskedHouse, request: Request
) -> UpgradePlanAnswer:
    """Return what an upgrade would do: what merges by itself, conflicts, what publishing it would change. Nothing is written."""
    await app_to("design", house.site, session.actor, app)
    return await asyncio.to_thread(upgrade_plan_answer, await _planned(plan_upgrade, house.site, app, body, request))


@routes.post("/api/apps/{app}/upgrade", operation_id="upgrade_app", status_code=201)
async def apply(
    app: str, body: UpgradeApplyBody, session: AskedSession, house: AskedHouse, request: Request
) -> UpgradedAnswer:
    """Put an upgrade into the draft, which is published as any other; refused while a conflict is not decided."""
    await app_to("design", house.site, session.actor, app)
    upgrade = await _planned(plan_upgrade, house.site, app, body, request)
    draft = await put_into_draft(house.site, session.actor, upgrade, body.revision)
    return UpgradedAnswer(revision=draft.revision)


@routes.post("/api/apps/{app}/packages/plan", operation_id="plan_addition")
async def show_addition(
    app: str, body: UpgradeBody, session: AskedSession, house: AskedHouse, request: Request
) -> UpgradePlanAnswer:
    """Return what installing a package into the app would do, told as of an upgrade. Nothing is written."""
    await see_that_they_may_add(house.site, session.actor, app)
    return await asyncio.to_thread(upgrade_plan_answer, await _planned(plan_addition, house.site, app, body, request))


@routes.post("/api/apps/{app}/packages", operation_id="add_package", status_code=201)
async def add(app: str, body: UpgradeApplyBody, session: AskedSession, house: AskedHouse, request: Request) -> UpgradedAnswer:
    """Put a package into the draft of the app; once that is published its records are made. For those who may install."""
    await see_that_they_may_add(house.site, session.actor, app)
    addition = await _planned(plan_addition, house.site, app, body, request)
    draft = await put_into_draft(house.site, session.actor, addition, body.revision)
    return UpgradedAnswer(revision=draft.revision)


@routes.get("/api/apps/{app}/provenance", operation_id="read_provenance")
async def show_provenance(app: str, session: AskedSession, house: AskedHouse) -> ProvenanceAnswer:
    """Return where every element of the app's draft comes from: a package, changed here or not, or the app itself."""
    await app_to("design", house.site, session.actor, app)
    found = await read_provenance(house.site, app)
    return ProvenanceAnswer(
        elements={
            pointer: ProvenanceEntry(package=one.package, version=one.version, changed=one.changed, text=label(one.text))
            for pointer, one in found.items()
        }
    )


@routes.get("/api/apps/{app}/provenance/packages", operation_id="read_origins")
async def show_origins(app: str, session: AskedSession, house: AskedHouse, under: Annotated[list[Pointer], Query(max_length=20)]) -> OriginsAnswer:
    """Return what the packages of the draft say of the elements at or below some pointers, as it was before it was changed here."""
    await app_to("design", house.site, session.actor, app)
    packages, found = await read_origins(house.site, app, under)
    return OriginsAnswer(
        packages={key: PackageName(name=label(document["name"]), version=version_of(document)) for key, document in packages.items()},
        elements={pointer: OriginEntry(package=one.package, values=dict(one.values)) for pointer, one in found.items()},
    )


Plan = Callable[[Site, str, str | Document, str | None, Mapping[str, Side], Rule | None], Awaitable[Upgrade]]


async def _planned(plan: Plan, site: Site, app: str, body: UpgradeBody, request: Request) -> Upgrade:
    if not isinstance(body.package, str):
        await asyncio.to_thread(see_that_it_is_exact, await request.body(), "/package")
    return await plan(site, app, body.package, body.version, body.choices, body.rule)


async def see_that_they_may_add(site: Site, actor: Actor, app: str) -> None:
    """See that somebody may change which packages an app is made of; raises AppNotFound, ActDenied."""
    await app_to("design", site, actor, app)
    if not actor.may_do("install", ORGANIZATION):
        raise ActDenied
