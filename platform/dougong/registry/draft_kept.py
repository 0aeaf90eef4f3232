"""A version that has just become active in, what becomes of the draft out: it goes with it, or rests on it with what was done since.

A version that takes its time, or waits for it, is made of the draft of an earlier revision. What people did meanwhile is theirs:
it stays, on top of the new version, and can be undone; what the version contains is in its log, and cannot.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from dougong.model.app_model import AppModel
from dougong.model.gestures import Done, carry_out
from dougong.registry.draft_log import Logged, end_chapter, is_discarded_since, read_open
from dougong.store.save import Executor

_PACKAGES_OF_BEFORE = """
    DELETE FROM dougong.draft_package p USING dougong.draft_gesture g
    WHERE p.app = $1 AND g.app = $1 AND g.id = p.gesture AND g.revision <= $2"""


@dataclass(frozen=True, slots=True)
class MadeOf:
    """The draft a version was made of. restores: the version whose document was published in place of the draft's, which then goes."""

    revision: int
    restores: int | None = None


async def end_draft(executor: Executor, model: AppModel, author: UUID, made_of: MadeOf | None) -> None:
    """Let the draft go that a version was made of; one that somebody has changed since rests on the version that is active now."""
    row = (await executor.fetch("SELECT draft_revision FROM dougong.app WHERE key = $1 FOR NO KEY UPDATE", model.app))[0]
    if made_of is None or made_of.revision == row["draft_revision"]:
        await executor.fetch("DELETE FROM dougong.draft WHERE app = $1", model.app)
        await _next_revision(executor, model)
        await end_chapter(executor, model.app, author, "published")
        return
    await _next_revision(executor, model)
    through = await _rest_on(executor, model, made_of)
    await executor.fetch("UPDATE dougong.draft SET base_version = $2 WHERE app = $1", model.app, model.version)
    await executor.fetch(_PACKAGES_OF_BEFORE, model.app, through)
    await end_chapter(executor, model.app, author, "published", through)


async def _rest_on(executor: Executor, model: AppModel, made_of: MadeOf) -> int:
    """Make the draft the new version with what was done since; return the revision up to which the new version contains what was done.

    A draft of which the version was not made, and which cannot be done anew on it, stays whole: all of it is still to be published.
    """
    is_same_draft = made_of.restores is None and not await is_discarded_since(executor, model.app, made_of.revision)
    if is_same_draft:
        return made_of.revision
    since = await read_open(executor, model.app, made_of.revision)
    document = await asyncio.to_thread(_done_on, model, since)
    if document is None:
        return 0
    text = orjson.dumps(dict(document)).decode()
    await executor.fetch("UPDATE dougong.draft SET definition = $2::text::json WHERE app = $1", model.app, text)
    return made_of.revision


def _done_on(model: AppModel, gestures: Sequence[Logged]) -> Mapping[str, Any] | None:
    """Return the document of a version with gestures done to it, None where one of them meets something else than it knew."""
    document: Mapping[str, Any] = model.document
    for gesture in gestures:
        done = carry_out(document, gesture.commands, model.organization) if gesture.kind == "edit" else None
        if not isinstance(done, Done):
            return None
        document = done.document
    return document


async def _next_revision(executor: Executor, model: AppModel) -> None:
    # Of an app that was just installed nobody has seen a draft yet.
    await executor.fetch(
        """UPDATE dougong.app SET draft_revision = draft_revision + 1 WHERE key = $1
           AND EXISTS (SELECT FROM dougong.app_version WHERE app = $1 AND number < $2)""",
        model.app, model.version,
    )  # fmt: skip
