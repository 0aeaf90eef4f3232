"""Endpoints of designing: what publishing would change, publishing, versions, keys for labels."""

from fastapi import APIRouter

from dougong.api.asked import AskedHouse, AskedSession, app_to
from dougong.api.issue_answers import issue_answers
from dougong.api.shapes import (
    ChangeEntry,
    ChangesAnswer,
    KeyAnswer,
    KeyBody,
    label,
)
from dougong.model.keys import suggest_key
from dougong.model.renamed_keys import renamed_keys
from dougong.packages.customer_keys import read_key_warnings
from dougong.publishing.plan import plan
from dougong.registry.drafts import read_draft

routes = APIRouter()


@routes.get("/api/apps/{app}/draft/changes", operation_id="read_changes")
async def changes(app: str, session: AskedSession, house: AskedHouse) -> ChangesAnswer:
    """Return what publishing the draft would change, what stands in its way, and the SQL it would run."""
    await app_to("design", house.site, session.actor, app)
    draft = await read_draft(house.site, app)
    found = await plan(house.site, app, draft.document)
    active = {} if found.basis is None else found.basis.active.document
    keys = (*renamed_keys(active, draft.document), *await read_key_warnings(house.site, app, active, draft.document))
    return ChangesAnswer(
        changes=[ChangeEntry(pointer=note.pointer, kind=note.kind, text=label(note.text)) for note in found.changes],
        issues=issue_answers(found.issues),
        warnings=issue_answers((*found.warnings, *keys)),
        statements=[] if found.steps is None else list(found.steps.written(house.site)),
        is_long=found.steps is not None and found.steps.is_long,
    )




@routes.post("/api/keys", operation_id="suggest_key")
async def key(body: KeyBody, session: AskedSession) -> KeyAnswer:
    """Return a key for a label: Chinese by its pinyin."""
    return KeyAnswer(key=suggest_key(body.label, frozenset(body.taken), body.prefix))
