"""Endpoints of change sets: which there were, what undoing one would do, and undoing it."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from dougong.api.asked import AskedAddress, AskedHouse, AskedLanguage, AskedSession, known_app, readable_entities
from dougong.api.change_set_shapes import (
    ChangeCount,
    ChangeSetAnswer,
    ChangeSetEntry,
    ChangeSetsAnswer,
    UndoAnswer,
    UndoBody,
    UndoingEntry,
)
from dougong.api.problem import problem_items
from dougong.api.sensitive import Reader, note_titles
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.permissions.access import access_for
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.change_sets import KnownSet, count_changes, read_change_sets, read_touched
from dougong.store.titles import read_titles
from dougong.work.undo import Undoing, in_order, known_set, plan, undo
from engines.values.issue import Issue

routes = APIRouter()

PAGE = 50
MOST_LISTED = 200
USERS = f"{ORGANIZATION}.user"


@routes.get("/api/apps/{app}/change-sets", operation_id="list_change_sets")
async def list_change_sets(
    app: str, session: AskedSession, house: AskedHouse, before: UUID | None = None,
    whose: Annotated[str, Query(pattern="^(mine|all)$")] = "mine", channel: Annotated[list[str] | None, Query()] = None,
) -> ChangeSetsAnswer:  # fmt: skip
    """Return change sets, the newest first: one's own, or all for those who may publish the app."""
    site, actor = house.site, session.actor
    model = await known_app(site, actor, app)
    mine = None if whose == "all" and actor.may_do("publish", app) else actor.id
    sets, following = await read_change_sets(site.pool, app, before, mine, channel, PAGE)
    return ChangeSetsAnswer(change_sets=await _entries(site, model, actor, sets), next=None if following is None else str(following))


@routes.get("/api/apps/{app}/change-sets/{change_set}", operation_id="read_change_set")
async def read_one(
    app: str, change_set: UUID, session: AskedSession, house: AskedHouse, address: AskedAddress, after: Annotated[int, Query(ge=0)] = 0
) -> ChangeSetAnswer:
    """Return a change set with what undoing it would do to each record, and which were changed since."""
    site, actor = house.site, session.actor
    model = await known_app(site, actor, app)
    found = await known_set(site, actor, app, change_set)
    (entry,) = await _entries(site, model, actor, [found])
    touched = in_order(await read_touched(site.pool, app, change_set))
    records = await plan(site.pool, site, model, actor, change_set, touched[after : after + MOST_LISTED], "skip")
    more = after + MOST_LISTED if len(touched) > after + MOST_LISTED else None
    await _note(site, actor, app, address, "change-set", records)
    listed = [_entry(one, ()) for one in records]
    return ChangeSetAnswer(**entry.model_dump(), record_count=len(touched), records=listed, next=more)


@routes.post("/api/apps/{app}/change-sets/{change_set}/undo", operation_id="undo_change_set")
async def undo_one(
    app: str, change_set: UUID, body: UndoBody, session: AskedSession, house: AskedHouse, language: AskedLanguage, address: AskedAddress
) -> UndoAnswer:
    """Undo a change set: what it made goes to the trash, what it trashed comes back, values return; this can be undone as well."""
    site, actor = house.site, session.actor
    model = await known_app(site, actor, app)
    undone = await undo(site, model, actor, change_set, body.changed_since)
    if app == ORGANIZATION:
        house.sessions.forget("all")
    await _note(site, actor, app, address, "undo", [one for one, _ in undone.left[:MOST_LISTED]])
    left = [_entry(one, issues, language) for one, issues in undone.left[:MOST_LISTED]]
    return UndoAnswer(change_set=str(undone.change_set), undone=undone.count, left_count=len(undone.left), left=left)


async def _note(site: Site, actor: Actor, app: str, address: str, exit_name: str, listed: Sequence[Undoing]) -> None:
    """Write down which records an answer calls by a sensitive title."""
    ids: dict[str, list[str]] = {}
    for one in listed:
        if one.title:
            ids.setdefault(one.entity, []).append(str(one.id))
    for entity, of in ids.items():
        await note_titles(Reader(site, actor, app, entity, address), exit_name, of)


async def _entries(site: Site, model: AppModel, actor: Actor, sets: Sequence[KnownSet]) -> list[ChangeSetEntry]:
    readable = set(readable_entities(site, model, actor))
    # How many records others changed, of which not all may be read, would tell how many there are.
    countable = {key for key in readable if access_for(site, model, actor, key).rows["read"] is None}
    counts = await count_changes(site.pool, model.app, [one.id for one in sets])
    names = (await read_titles(site.pool, site, model, actor, {USERS: {str(one.actor) for one in sets}})).get(USERS, {})
    return [
        ChangeSetEntry(
            id=str(one.id), actor=str(one.actor), actor_title=names.get(str(one.actor)), channel=one.channel, at=one.at.isoformat(),
            counts=[ChangeCount(entity=e, action=a, count=n) for e, a, n in counts.get(one.id, ()) if e in countable or (e in readable and one.actor == actor.id)],
        )
        for one in sets
    ]  # fmt: skip


def _entry(one: Undoing, issues: Sequence[Issue], language: str = "en") -> UndoingEntry:
    errors = problem_items(tuple(found.at(_within(found.pointer)) for found in issues), language)
    return UndoingEntry(
        entity=one.entity, id=str(one.id), title=one.title, deed=one.deed, is_changed_since=one.is_changed_since, is_gone=one.is_gone,
        kept=list(one.kept), errors=errors,
    )  # fmt: skip


def _within(pointer: str) -> str:
    """Return the pointer inside the record: without the number of its change."""
    _, slash, rest = pointer[1:].partition("/")
    return slash + rest
