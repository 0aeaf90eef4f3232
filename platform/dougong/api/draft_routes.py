"""Endpoints of drafts: read, kept by gestures or whole, discarded; what others do to them, the log, what is wrong with them."""

import asyncio
from collections.abc import Collection, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from dougong.api.asked import AskedHouse, AskedSession, app_to
from dougong.api.draft_shapes import (
    ConflictAnswer,
    ElementProblemsAnswer,
    GestureAnswer,
    GestureBody,
    GestureLabel,
    GesturesBody,
    GesturesSavedAnswer,
    LogAnswer,
    PersonAnswer,
    PresenceAnswer,
    PresenceBody,
    ProblemsAnswer,
)
from dougong.api.issue_answers import issue_answers
from dougong.api.shapes import DraftAnswer, DraftBody, DraftSavedAnswer, label
from dougong.model.command_json import command_json, commands_of
from dougong.model.stored_form import stored_form
from dougong.people.persons import read_name
from dougong.registry.draft_commands import Conflict, save_gestures, since_revision
from dougong.registry.draft_editors import leave_draft, note_editor, read_editors
from dougong.registry.draft_log import Gesture, Logged, read_log, read_undone
from dougong.registry.draft_problems import draft_problems
from dougong.registry.drafts import discard_draft, read_draft, save_draft
from dougong.sites import Site

routes = APIRouter()

PAGE = 50


@routes.get("/api/apps/{app}/draft", operation_id="read_draft")
async def show_draft(app: str, session: AskedSession, house: AskedHouse) -> DraftAnswer:
    """Return the draft; without one, the definition in use. Nothing is created."""
    await app_to("design", house.site, session.actor, app)
    draft = await read_draft(house.site, app)
    return DraftAnswer(revision=draft.revision, base_version=draft.base_version, document=dict(draft.document))


@routes.put("/api/apps/{app}/draft", operation_id="save_draft")
async def keep_draft(app: str, body: DraftBody, session: AskedSession, house: AskedHouse) -> DraftSavedAnswer:
    """Keep a whole draft, whatever is wrong in it; refused when somebody else has kept one since. Labels in expressions are kept as keys."""
    active = await app_to("design", house.site, session.actor, app)
    document = await asyncio.to_thread(stored_form, body.document, active.organization)
    draft = await save_draft(house.site, session.actor, app, body.revision, document)
    problems = await draft_problems(house.site, app)
    return DraftSavedAnswer(revision=draft.revision, issues=issue_answers(problems.issues))


@routes.delete("/api/apps/{app}/draft", operation_id="discard_draft", status_code=204)
async def drop_draft(app: str, session: AskedSession, house: AskedHouse) -> None:
    """Throw the draft away; the definition in use stays."""
    await app_to("design", house.site, session.actor, app)
    await discard_draft(house.site, session.actor, app)


@routes.post("/api/apps/{app}/draft/commands", operation_id="save_gestures")
async def keep_gestures(app: str, body: GesturesBody, session: AskedSession, house: AskedHouse) -> GesturesSavedAnswer:
    """Carry gestures out on the draft as it is now, though others have kept some since; where both changed an element, it stays theirs."""
    active = await app_to("design", house.site, session.actor, app)
    gestures = [_gesture(one) for one in body.gestures]
    outcome = await save_gestures(house.site, session.actor, app, body.revision, gestures, active.organization)
    people = _People(house.site)
    return GesturesSavedAnswer(
        revision=outcome.revision,
        base_version=outcome.base_version,
        reread=outcome.gestures is None,
        gestures=await _gestures(people, outcome.gestures or (), frozenset()),
        conflicts=[await _conflict(people, conflict) for conflict in outcome.conflicts],
    )


@routes.get("/api/apps/{app}/draft/gestures", operation_id="list_gestures")
async def show_log(
    app: str, session: AskedSession, house: AskedHouse, before: Annotated[int | None, Query(ge=0)] = None,
    whose: Annotated[str, Query(pattern="^(mine|all)$")] = "all", chapter: Annotated[str, Query(pattern="^(present|all)$")] = "all",
    limit: Annotated[int, Query(ge=1, le=500)] = PAGE,
) -> LogAnswer:  # fmt: skip
    """Return what was done to drafts of the app, the newest first: by all or by oneself, to the present draft or to earlier ones too."""
    await app_to("design", house.site, session.actor, app)
    pool = house.site.pool
    found, following = await read_log(pool, app, before, session.actor.id if whose == "mine" else None, chapter == "present", limit)
    undone = await read_undone(pool, app)
    return LogAnswer(gestures=await _gestures(_People(house.site), found, undone), next=following)


@routes.post("/api/apps/{app}/draft/presence", operation_id="attend_draft")
async def attend(app: str, body: PresenceBody, session: AskedSession, house: AskedHouse) -> PresenceAnswer:
    """Say that one has the draft open, or closes it, and return what others have done since a revision, and who they are."""
    await app_to("design", house.site, session.actor, app)
    pool = house.site.pool
    await (leave_draft if body.leaves else note_editor)(pool, app, session.actor.id)
    since = await since_revision(pool, app, body.revision)
    people = _People(house.site)
    return PresenceAnswer(
        revision=since.revision,
        base_version=since.base_version,
        reread=since.gestures is None,
        gestures=await _gestures(people, since.gestures or (), frozenset()),
        editors=[await people.of(user_id) for user_id in await read_editors(pool, app)],
    )


@routes.get("/api/apps/{app}/draft/problems", operation_id="read_problems")
async def problems(app: str, session: AskedSession, house: AskedHouse) -> ProblemsAnswer:
    """Return what is wrong with the draft as it is now, element by element."""
    await app_to("design", house.site, session.actor, app)
    found = await draft_problems(house.site, app)
    elements = [
        ElementProblemsAnswer(pointer=one.pointer, text=label(one.words), issues=issue_answers(one.issues)) for one in found.elements
    ]
    return ProblemsAnswer(revision=found.revision, count=len(found.issues), elements=elements)


class _People:
    """What people are called, each read once for an answer."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._known: dict[UUID, PersonAnswer] = {}

    async def of(self, user_id: UUID) -> PersonAnswer:
        if user_id not in self._known:
            self._known[user_id] = PersonAnswer(id=str(user_id), name=await read_name(self._site, user_id))
        return self._known[user_id]


def _gesture(body: GestureBody) -> Gesture:
    commands = commands_of([one.model_dump(by_alias=True, exclude_unset=True) for one in body.commands])
    return Gesture(body.id, body.label.model_dump(), commands, tuple(body.undoes))


async def _gestures(people: _People, found: Sequence[Logged], undone: Collection[UUID]) -> list[GestureAnswer]:
    return [
        GestureAnswer(
            id=str(one.id), revision=one.revision, kind=one.kind, actor=await people.of(one.actor), at=one.at.isoformat(),
            label=GestureLabel(**one.label), text=label(one.words), commands=[command_json(command) for command in one.commands],
            undoes=[str(other) for other in one.undoes], undone=one.id in undone, ended=one.ended, version=one.version,
        )
        for one in found
    ]  # fmt: skip


async def _conflict(people: _People, conflict: Conflict) -> ConflictAnswer:
    return ConflictAnswer(
        gesture=str(conflict.gesture),
        pointer=conflict.pointer,
        reason=conflict.reason,
        text=label(conflict.words),
        theirs=conflict.theirs,
        mine=conflict.mine,
        by=None if conflict.by is None else await people.of(conflict.by),
        at=None if conflict.at is None else conflict.at.isoformat(),
    )
