"""Endpoints by which one package is taken out of an app: what that would do, and the draft without it."""

import asyncio

from fastapi import APIRouter

from dougong.api.asked import AskedHouse, AskedSession
from dougong.api.upgrade_answers import removal_plan_answer
from dougong.api.upgrade_routes import see_that_they_may_add
from dougong.api.upgrade_shapes import RemovalApplyBody, RemovalBody, RemovalPlanAnswer, UpgradedAnswer
from dougong.packages.removal import plan_removal
from dougong.packages.upgrade import put_into_draft

routes = APIRouter()


@routes.post("/api/apps/{app}/packages/removal/plan", operation_id="plan_package_removal")
async def show_plan(app: str, body: RemovalBody, session: AskedSession, house: AskedHouse) -> RemovalPlanAnswer:
    """Return what taking a package out of the app would do: what goes, what of it was changed or is used, and its records. Nothing is written."""
    await see_that_they_may_add(house.site, session.actor, app)
    return await asyncio.to_thread(removal_plan_answer, await plan_removal(house.site, app, body.package, body.choices, body.rule))


@routes.post("/api/apps/{app}/packages/removal", operation_id="remove_package", status_code=201)
async def remove(app: str, body: RemovalApplyBody, session: AskedSession, house: AskedHouse) -> UpgradedAnswer:
    """Take a package out of the draft of the app, which is published as any other; tables and columns of it keep what is in them."""
    await see_that_they_may_add(house.site, session.actor, app)
    removal = await plan_removal(house.site, app, body.package, body.choices, body.rule)
    draft = await put_into_draft(house.site, session.actor, removal.upgrade, body.revision)
    return UpgradedAnswer(revision=draft.revision)
