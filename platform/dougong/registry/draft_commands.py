"""Gestures and the revision they were made on in, the draft as it is now with them carried out; where both meet, conflicts.

Others may have saved since: what they left alone is carried out, what they changed too is told element by element and left as
they made it. A gesture that was sent before is not carried out twice.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dougong.model.app_model import AppModel
from dougong.model.commands import ABSENT, Document, Json, Move, Pointer, Remove, element_at, find
from dougong.model.gestures import Done, Hindrance, Meeting, as_json, carry_out, renamed
from dougong.model.place_words import place_words
from dougong.permissions.actor import Actor
from dougong.registry.draft_log import (
    Gesture,
    Logged,
    known_gestures,
    last_published,
    log_gesture,
    read_since,
    who_touched,
)
from dougong.registry.drafts import Draft, lock_draft, read_revision, write_draft
from dougong.registry.errors import DraftConflict
from dougong.registry.versions import Coming, read_active, read_coming
from dougong.sites import Site
from dougong.store.save import Executor


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where a gesture met what somebody else did. by, at: who, and when, where the log says it."""

    gesture: UUID
    pointer: Pointer
    reason: Hindrance
    words: Mapping[str, str]
    theirs: Json
    mine: Json
    by: UUID | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Since:
    """The draft's revision, and what leads to it from the one that was asked about; None: read the draft again."""

    revision: int
    base_version: int
    gestures: tuple[Logged, ...] | None


@dataclass(frozen=True, slots=True)
class Outcome(Since):
    """What came of gestures that were sent."""

    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    gesture: Gesture
    before: Document
    after: Document


async def save_gestures(
    site: Site, actor: Actor, app: str, revision: int, gestures: Sequence[Gesture], organization: AppModel | None
) -> Outcome:
    """Carry gestures out on the draft as it is now; raises AppNotFound, or DraftConflict for a revision that is not there yet."""
    ids = [gesture.id for gesture in gestures]
    async with site.pool.acquire() as connection, connection.transaction():
        draft = await lock_draft(connection, app)
        if revision > draft.revision:
            raise DraftConflict(current=draft.revision, sent=revision)
        since = await read_since(connection, app, revision, draft.revision)
        known = await known_gestures(connection, app, ids)
        moved = _moved(since or (), ids)
        is_behind = since is None and await last_published(connection, app, revision) is not None
        # Only what takes an element out can give it another key; most gestures do not, and whole documents are long to read.
        is_removing = any(isinstance(command, Remove) for gesture in gestures for command in gesture.commands)
        coming = await read_coming(connection, app) if is_removing else []
        fixed = [*([(await read_active(connection, app)).document] if is_behind else []), *(one.document for one in coming)]
        new = [gesture for gesture in gestures if gesture.id not in known]
        steps, meetings = await asyncio.to_thread(_carry_out, draft, new, moved, fixed, organization)
        conflicts = [
            await _conflict(connection, app, draft.document, gesture, meeting, ids, coming) for gesture, meeting in meetings
        ]
        if steps:
            draft = await write_draft(connection, actor, app, steps[-1].after)
            for step in steps:
                await log_gesture(connection, app, draft.revision, actor, step.gesture, step.before, step.after)
            since = await read_since(connection, app, revision, draft.revision)
    return Outcome(draft.revision, draft.base_version, since, tuple(conflicts))


async def since_revision(executor: Executor, app: str, revision: int) -> Since:
    """Return what has been done to a draft since a revision; raises AppNotFound."""
    present, base_version = await read_revision(executor, app)
    return Since(present, base_version, await read_since(executor, app, min(revision, present), present))


def _carry_out(
    draft: Draft, gestures: Sequence[Gesture], moved: frozenset[Pointer], fixed: Sequence[Document], organization: AppModel | None
) -> tuple[list[_Step], list[tuple[Gesture, Meeting]]]:
    document: Document = draft.document
    steps: list[_Step] = []
    meetings: list[tuple[Gesture, Meeting]] = []
    for gesture in gestures:
        hindered = _moved_twice(gesture, moved) or _renamed(gesture, fixed)
        done = hindered or carry_out(document, gesture.commands, organization)
        if not isinstance(done, Done):
            meetings += [(gesture, meeting) for meeting in done]
        elif done.commands:
            carried_out = Gesture(gesture.id, gesture.label, done.commands, gesture.undoes)
            steps.append(_Step(carried_out, document, done.document))
            document = done.document
    return steps, meetings


def _moved(since: Sequence[Logged], ids: Sequence[UUID]) -> frozenset[Pointer]:
    """Return the elements that others have moved."""
    return frozenset(
        element_at(command) for one in since if one.id not in ids for command in one.commands if isinstance(command, Move)
    )


def _moved_twice(gesture: Gesture, moved: frozenset[Pointer]) -> tuple[Meeting, ...]:
    moves = [element_at(command) for command in gesture.commands if isinstance(command, Move)]
    return tuple([Meeting(pointer, "changed", None, None) for pointer in dict.fromkeys(moves) if pointer in moved])


def _renamed(gesture: Gesture, fixed: Sequence[Document]) -> tuple[Meeting, ...]:
    """Return what a gesture gives another key that a document has which is in use by now, or will be."""
    return next((found for found in (renamed(gesture.commands, document) for document in fixed) if found), ())


async def _conflict(
    executor: Executor, app: str, document: Document, gesture: Gesture, meeting: Meeting, ids: Sequence[UUID], coming: Sequence[Coming]
) -> Conflict:
    is_published = meeting.reason == "published"
    last = await (last_published(executor, app, 0) if is_published else who_touched(executor, app, meeting.pointer, ids))
    mine = meeting.mine if isinstance(meeting.mine, Mapping) else None
    words = place_words(document, meeting.pointer, mine)
    by, at = (None, None) if last is None else (last.actor, last.at)
    if is_published:
        by, at = next(((one.by, one.at) for one in coming if find(one.document, meeting.pointer) is not ABSENT), (by, at))
    return Conflict(gesture.id, meeting.pointer, meeting.reason, words, as_json(meeting.theirs), as_json(meeting.mine), by, at)
