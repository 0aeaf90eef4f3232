"""Endpoints of rolling back: what it would change to go back to a version, the act; what is retired, and how it is removed for good."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Response

from dougong.api.asked import AskedHouse, AskedLanguage, AskedSession, app_to
from dougong.api.issue_answers import issue_answers
from dougong.api.publish_routes import published_answer
from dougong.api.publish_shapes import PublishedAnswer
from dougong.api.shapes import label
from dougong.api.version_routes import compared
from dougong.api.version_shapes import (
    PurgeBody,
    PurgedEntry,
    RestoreBody,
    RestorePlanAnswer,
    RetiredAnswer,
    RetiredEntry,
)
from dougong.model.diff import diff
from dougong.people.persons import read_name
from dougong.publishing.purge import purge, read_purged
from dougong.publishing.retired import read_retired
from dougong.publishing.roll_back import plan_roll_back, roll_back
from dougong.registry.versions import DRAFT, read_document
from dougong.sites import Site

routes = APIRouter()

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
_NOTES = {"zh-CN": "恢复到版本 {number}", "en": "Back to version {number}"}


@routes.get("/api/apps/{app}/versions/{number}/restore/plan", operation_id="plan_restore")
async def restore_plan(
    app: str, number: Number, session: AskedSession, house: AskedHouse, leave_out_broken: bool = False
) -> RestorePlanAnswer:  # fmt: skip
    """Return what going back to a version would change, what stands in its way, what it means for values there are, and the SQL it would run."""
    active = await app_to("publish", house.site, session.actor, app)
    found = await plan_roll_back(house.site, app, number, leave_out_broken)
    draft = await read_document(house.site, app, DRAFT)
    answer = await compared(active.document, found.document, active)
    return RestorePlanAnswer(
        groups=answer.groups,
        count=answer.count,
        issues=issue_answers(found.plan.issues),
        warnings=issue_answers(found.plan.warnings),
        left_out=issue_answers(found.left_out),
        statements=[] if found.plan.steps is None else list(found.plan.steps.written(house.site)),
        is_long=found.plan.steps is not None and found.plan.steps.is_long,
        revision=found.revision,
        draft_changes=len(await asyncio.to_thread(diff, active.document, draft)),
    )


@routes.post("/api/apps/{app}/versions/{number}/restore", operation_id="restore_version", status_code=201, responses={202: {"model": PublishedAnswer}})
async def restore(
    app: str, number: Number, body: RestoreBody, session: AskedSession, house: AskedHouse, language: AskedLanguage, response: Response
) -> PublishedAnswer:  # fmt: skip
    """Publish the document of a version anew: what was retired since comes back with its values; the draft is discarded.

    Where large tables are concerned it is under way afterwards (202).
    """
    await app_to("publish", house.site, session.actor, app)
    note = body.note or _NOTES[language].format(number=number)
    published = await roll_back(house.site, session.actor, app, number, body.revision, note, body.leave_out_broken)
    return await published_answer(house.site, published, response)


@routes.get("/api/apps/{app}/retired", operation_id="list_retired")
async def retired(app: str, session: AskedSession, house: AskedHouse) -> RetiredAnswer:
    """Return what earlier versions left behind that no version in use shows: what it is, what it holds, since when; and what was purged."""
    await app_to("publish", house.site, session.actor, app)
    return await _retired(house.site, app)


@routes.post("/api/apps/{app}/retired/purge", operation_id="purge_retired")
async def purge_retired(app: str, body: PurgeBody, session: AskedSession, house: AskedHouse) -> RetiredAnswer:
    """Remove retired data for good, by name; the key of the app is typed once more. Versions that had it come back without it."""
    await app_to("publish", house.site, session.actor, app)
    await purge(house.site, session.actor, app, body.names, body.app)
    return await _retired(house.site, app)


async def _retired(site: Site, app: str) -> RetiredAnswer:
    entries = [
        RetiredEntry(
            name=one.name, kind=one.kind, label=label(one.labels), version=one.version, since=one.since, count=one.count, size=one.size
        )
        for one in await read_retired(site.pool, site, app)
    ]  # fmt: skip
    purged = [
        PurgedEntry(
            name=one.name, label=label(one.labels), version=one.version, count=one.count, purged_by=await read_name(site, one.purged_by),
            purged_at=one.purged_at,
        )
        for one in await read_purged(site, app)
    ]  # fmt: skip
    return RetiredAnswer(retired=entries, purged=purged)
