"""Endpoints of rolling back: what it would change to go back to a version, and the act."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Response

from dougong.api.asked import AskedHouse, AskedLanguage, AskedSession, app_to
from dougong.api.issue_answers import issue_answers
from dougong.api.publish_routes import published_answer
from dougong.api.publish_shapes import PublishedAnswer
from dougong.api.version_routes import compared
from dougong.api.version_shapes import RestoreBody, RestorePlanAnswer
from dougong.model.diff import diff
from dougong.publishing.roll_back import plan_roll_back, roll_back
from dougong.registry.versions import DRAFT, read_document

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
