"""Endpoints of designing: what publishing would change, publishing, versions, keys for labels."""

from fastapi import APIRouter

from dougong.api.asked import AskedHouse, AskedSession, app_to
from dougong.api.issue_answers import issue_answers
from dougong.api.shapes import (
    ChangeEntry,
    ChangesAnswer,
    KeyAnswer,
    KeyBody,
    PublishBody,
    PublishedAnswer,
    label,
)
from dougong.model.keys import suggest_key
from dougong.publishing.plan import plan
from dougong.publishing.publish import publish_draft
from dougong.registry.drafts import read_draft

routes = APIRouter()


@routes.get("/api/apps/{app}/draft/changes", operation_id="read_changes")
async def changes(app: str, session: AskedSession, house: AskedHouse) -> ChangesAnswer:
    """Return what publishing the draft would change, what stands in its way, and the SQL it would run."""
    await app_to("design", house.site, session.actor, app)
    draft = await read_draft(house.site, app)
    found = await plan(house.site, app, draft.document)
    return ChangesAnswer(
        changes=[ChangeEntry(pointer=note.pointer, kind=note.kind, text=label(note.text)) for note in found.changes],
        issues=issue_answers(found.issues),
        warnings=issue_answers(found.warnings),
        statements=[*(str(step) for step in found.statements), *(index.create(True) for index in found.late)],
    )


@routes.post("/api/apps/{app}/versions", operation_id="publish_app", status_code=201)
async def publish_app(app: str, body: PublishBody, session: AskedSession, house: AskedHouse) -> PublishedAnswer:
    """Publish the draft of this revision; it becomes the version in use."""
    await app_to("publish", house.site, session.actor, app)
    version = await publish_draft(house.site, session.actor, app, body.revision, body.note)
    return PublishedAnswer(version=version)


@routes.post("/api/keys", operation_id="suggest_key")
async def key(body: KeyBody, session: AskedSession) -> KeyAnswer:
    """Return a key for a label: Chinese by its pinyin."""
    return KeyAnswer(key=suggest_key(body.label, frozenset(body.taken), body.prefix))
