"""Endpoints of publishing: a draft becomes a version, at once, in the background or at a time; how far it is; calling it off."""

from uuid import UUID

from fastapi import APIRouter, Response

from dougong.api.asked import AskedHouse, AskedSession, app_to
from dougong.api.issue_answers import issue_answers
from dougong.api.publish_shapes import PublishBody, PublishedAnswer, PublishEntry, PublishesAnswer, PublishIssue
from dougong.api.rehearsal_shapes import ExampleEntry, FindingEntry, RehearsalAnswer, SizeEntry, StepEntry, UnseenEntry
from dougong.api.shapes import label
from dougong.people.persons import read_name
from dougong.publishing.publish import Published, publish_draft, schedule_draft
from dougong.publishing.rehearse import Finding, rehearse
from dougong.publishing.under_way import PublishNotFound, UnderWay, cancel_publish, list_under_way, read_under_way
from dougong.registry.drafts import read_draft
from dougong.sites import Site

routes = APIRouter()


@routes.post("/api/apps/{app}/versions", operation_id="publish_app", status_code=201, responses={202: {"model": PublishedAnswer}})
async def publish_app(app: str, body: PublishBody, session: AskedSession, house: AskedHouse, response: Response) -> PublishedAnswer:
    """Publish the draft of this revision. Where large tables are concerned, or a time is given, it is under way afterwards (202)."""
    await app_to("publish", house.site, session.actor, app)
    if body.due_at is None:
        published = await publish_draft(house.site, session.actor, app, body.revision, body.note)
    else:
        published = await schedule_draft(house.site, session.actor, app, body.revision, body.note, body.due_at)
    house.sessions.forget("all")  # a package that was added may give the publisher a role
    return await published_answer(house.site, published, response)


@routes.post("/api/apps/{app}/draft/rehearsal", operation_id="rehearse_publish")
async def rehearse_draft(app: str, session: AskedSession, house: AskedHouse) -> RehearsalAnswer:
    """Try the draft on the records there are and take it back: what would be computed, broken, lost, and how long it would take."""
    await app_to("publish", house.site, session.actor, app)
    draft = await read_draft(house.site, app)
    found = await rehearse(house.site, session.actor, app, draft.document)
    plan = found.plan
    return RehearsalAnswer(
        revision=draft.revision, issues=issue_answers(plan.issues), problems=issue_answers(found.problems), warnings=issue_answers(plan.warnings),
        is_long=plan.steps is not None and plan.steps.is_long, seconds=round(found.seconds, 1),
        sizes=[SizeEntry(entity=one.entity, name=label(one.name), rows=one.rows, bytes=one.bytes, large=one.is_large) for one in found.sizes],
        steps=[StepEntry(sql=one.sql, lock=one.lock, waits=one.waits, rows=one.rows, seconds=round(one.seconds, 2)) for one in found.steps],
        findings=[_finding(one) for one in found.findings],
        unseen=[UnseenEntry(pointer=one.pointer, name=label(one.name)) for one in found.unseen],
    )  # fmt: skip


@routes.get("/api/apps/{app}/publishes", operation_id="list_publishes")
async def publishes(app: str, session: AskedSession, house: AskedHouse) -> PublishesAnswer:
    """Return the publishes of the app that took their time, the newest first."""
    await app_to("design", house.site, session.actor, app)
    return PublishesAnswer(publishes=[await _entry(house.site, row) for row in await list_under_way(house.site, app)])


@routes.get("/api/apps/{app}/publishes/{publish}", operation_id="read_publish")
async def show_publish(app: str, publish: UUID, session: AskedSession, house: AskedHouse) -> PublishEntry:
    """Return how far a publish is."""
    await app_to("design", house.site, session.actor, app)
    found = await read_under_way(house.site.pool, publish)
    if found.app != app:
        raise PublishNotFound()
    return await _entry(house.site, found)


@routes.delete("/api/apps/{app}/publishes/{publish}", operation_id="cancel_publish", status_code=204)
async def call_off(app: str, publish: UUID, session: AskedSession, house: AskedHouse) -> None:
    """Call off a publish whose version is not in use yet; everything is then as it was before."""
    await app_to("publish", house.site, session.actor, app)
    await cancel_publish(house.site, app, publish)


async def published_answer(site: Site, published: Published, response: Response) -> PublishedAnswer:
    """Return what became of a document as it is answered: 202 where the publish is under way."""
    if published.under_way is None:
        return PublishedAnswer(version=published.version)
    response.status_code = 202
    return PublishedAnswer(version=None, publish=await _entry(site, await read_under_way(site.pool, published.under_way)))


def _finding(found: Finding) -> FindingEntry:
    examples = [ExampleEntry(record=one.record, before=one.before, after=one.after) for one in found.examples]
    return FindingEntry(
        kind=found.kind, pointer=found.pointer, name=label(found.name), looked=found.looked, whole=found.is_whole, count=found.count,
        records=list(found.records), examples=examples,
    )  # fmt: skip


async def _entry(site: Site, row: UnderWay) -> PublishEntry:
    problem = row.problem or {}
    issues = [PublishIssue(code=one["code"], message=label(one["message"]), pointer=one["pointer"]) for one in problem.get("issues", ())]
    return PublishEntry(
        id=str(row.id), state=row.state, version=row.version, note=row.note, author=await read_name(site, row.author), created_at=row.created_at,
        due_at=row.due_at, ended_at=row.ended_at, stage=row.stage, done=row.done, total=row.total,
        cancelling=row.is_cancelled and row.ended_at is None, issues=issues, reason=problem.get("reason"),
    )  # fmt: skip
