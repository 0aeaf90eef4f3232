"""Endpoints of designing: drafts, what publishing would change, publishing, versions, keys for labels."""

from collections.abc import Iterable, Mapping

from fastapi import APIRouter

from dougong.api.asked import AskedHouse, AskedSession, app_to
from dougong.api.shapes import (
    ChangeEntry,
    ChangesAnswer,
    DraftAnswer,
    DraftBody,
    DraftSavedAnswer,
    IssueAnswer,
    KeyAnswer,
    KeyBody,
    PublishBody,
    PublishedAnswer,
    VersionEntry,
    VersionsAnswer,
    label,
)
from dougong.model.app_model import ORGANIZATION
from dougong.model.keys import suggest_key
from dougong.model.stored_form import stored_form
from dougong.people.persons import read_name
from dougong.publishing.plan import plan
from dougong.publishing.publish import publish_draft
from dougong.registry.drafts import discard_draft, read_draft, save_draft
from dougong.registry.versions import read_versions
from dougong.sites import Site, resolve_aside
from engines.values.issue import Issue

routes = APIRouter()


@routes.get("/api/apps/{app}/draft", operation_id="read_draft")
async def show_draft(app: str, session: AskedSession, house: AskedHouse) -> DraftAnswer:
    """Return the draft; without one, the definition in use. Nothing is created."""
    await app_to("design", house.site, session.actor, app)
    draft = await read_draft(house.site, app)
    issues = await _issues(house.site, app, draft.document)
    document = dict(draft.document)
    return DraftAnswer(revision=draft.revision, base_version=draft.base_version, document=document, issues=issues)


@routes.put("/api/apps/{app}/draft", operation_id="save_draft")
async def keep_draft(app: str, body: DraftBody, session: AskedSession, house: AskedHouse) -> DraftSavedAnswer:
    """Keep a draft, whatever is wrong in it; refused when somebody else has kept one since. Labels in expressions are kept as keys."""
    active = await app_to("design", house.site, session.actor, app)
    document = stored_form(body.document, active.organization)
    draft = await save_draft(house.site, session.actor, app, body.revision, document)
    return DraftSavedAnswer(revision=draft.revision, issues=await _issues(house.site, app, document))


@routes.delete("/api/apps/{app}/draft", operation_id="discard_draft", status_code=204)
async def drop_draft(app: str, session: AskedSession, house: AskedHouse) -> None:
    """Throw the draft away; the definition in use stays."""
    await app_to("design", house.site, session.actor, app)
    await discard_draft(house.site, app)


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


@routes.get("/api/apps/{app}/versions", operation_id="list_versions")
async def versions(app: str, session: AskedSession, house: AskedHouse) -> VersionsAnswer:
    """Return all versions of the app, the newest first."""
    await app_to("design", house.site, session.actor, app)
    found = await read_versions(house.site, app)
    names = {author: await read_name(house.site, author) for author in {version.author for version in found}}
    entries = [
        VersionEntry(
            number=version.number,
            note=version.note,
            author=names[version.author],
            published_at=version.published_at,
            active=version.is_active,
        )
        for version in found
    ]
    return VersionsAnswer(versions=entries)


@routes.post("/api/keys", operation_id="suggest_key")
async def key(body: KeyBody, session: AskedSession) -> KeyAnswer:
    """Return a key for a label: Chinese by its pinyin."""
    return KeyAnswer(key=suggest_key(body.label, frozenset(body.taken), body.prefix))


def issue_answers(issues: Iterable[Issue]) -> list[IssueAnswer]:
    """Return issues as they are answered, in both languages."""
    return [IssueAnswer(code=i.code, message=label(i.message), pointer=i.pointer, span=i.span) for i in issues]


async def _issues(site: Site, app: str, document: Mapping[str, object]) -> list[IssueAnswer]:
    organization = None if app == ORGANIZATION else await site.app(ORGANIZATION)
    _, issues = await resolve_aside(document, organization=organization)
    return issue_answers(issues)
