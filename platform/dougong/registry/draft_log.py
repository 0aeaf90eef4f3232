"""The log of a draft: every gesture with who did it, when, and what it did, kept through publishing and discarding.

A chapter is what was done to one draft; it ends when that is published or discarded, and stays readable.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import orjson

from dougong.model.command_json import command_json, commands_of
from dougong.model.commands import Command, Document, Pointer
from dougong.model.commands_between import commands_between
from dougong.model.gestures import touched
from dougong.model.place_words import gesture_words
from dougong.permissions.actor import Actor
from dougong.store.save import Executor

Kind = Literal["edit", "document", "published", "discarded"]
Ended = Literal["published", "discarded"]
MOST_SINCE = 500
"""Revisions that are told gesture by gesture; who is further behind reads the draft again."""

_LAST = 2**31 - 1
_COLUMNS = "id, revision, kind, actor, at, label::text, words::text, commands::text, undoes, ended, version, seq"
_ADD = """
    INSERT INTO dougong.draft_gesture (app, id, revision, kind, actor, label, words, commands, touched, undoes, ended, version)
    VALUES ($1, $2, $3, $4, $5, $6::text::json, $7::text::json, $8::text::json, $9, $10, $11, $12) RETURNING at"""
_TOUCHED = f"""
    SELECT {_COLUMNS} FROM dougong.draft_gesture g WHERE app = $1 AND NOT id = ANY($3::uuid[]) AND (
        kind = 'document' OR EXISTS (
            SELECT FROM unnest(touched) AS t (at) WHERE at = $2 OR starts_with(at, $2 || '/') OR starts_with($2, at || '/')))
    ORDER BY seq DESC LIMIT 1"""

_WHOLE = {"zh-CN": "保存了整份定义", "en": "Saved the whole definition"}
_ENDINGS: Mapping[Ended, Mapping[str, str]] = {
    "published": {"zh-CN": "发布为第 {version} 版", "en": "Published as version {version}"},
    "discarded": {"zh-CN": "放弃草稿，回到第 {version} 版", "en": "Discarded the draft, back to version {version}"},
}


@dataclass(frozen=True, slots=True)
class Gesture:
    """What somebody did in one go. id: given by who did it. label: what their designer calls it. undoes: gestures it takes back."""

    id: UUID
    label: Mapping[str, Any]
    commands: tuple[Command, ...]
    undoes: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of the log. commands: as they were carried out. ended, version: how its chapter ended, and with which version in use."""

    id: UUID
    revision: int
    kind: Kind
    actor: UUID
    at: datetime
    label: Mapping[str, Any]
    words: Mapping[str, str]
    commands: tuple[Command, ...]
    undoes: tuple[UUID, ...]
    ended: Ended | None
    version: int | None
    seq: int


async def log_gesture(
    executor: Executor, app: str, revision: int, actor: Actor, gesture: Gesture, before: Document, after: Document
) -> None:
    """Keep what was carried out between two states of a draft."""
    await _add(executor, app, revision, "edit", actor.id, gesture, gesture_words(before, after, gesture.commands))


async def log_document(executor: Executor, app: str, revision: int, actor: Actor, before: Document, after: Document) -> None:
    """Keep that a draft was saved whole, as the commands that lead to it where there are such."""
    commands = commands_between(before, after)
    gesture = Gesture(uuid4(), {"message": "entry.document"}, commands or ())
    await _add(executor, app, revision, "document" if commands is None else "edit", actor.id, gesture, _WHOLE)


async def end_chapter(executor: Executor, app: str, actor: UUID, ended: Ended, through: int = _LAST) -> None:
    """End the chapter of a draft that has just been published or discarded; the app has its new revision already.

    through: the revision up to which that was done to the draft; what came later goes on.
    """
    rows = await executor.fetch("SELECT draft_revision, active_version FROM dougong.app WHERE key = $1", app)
    revision, version = rows[0]
    await executor.fetch(
        "UPDATE dougong.draft_gesture SET ended = $2, version = $3 WHERE app = $1 AND ended IS NULL AND revision <= $4",
        app, ended, version, through,
    )  # fmt: skip
    words = {language: text.format(version=version) for language, text in _ENDINGS[ended].items()}
    gesture = Gesture(uuid4(), {"message": f"entry.{ended}"}, ())
    await _add(executor, app, revision, ended, actor, gesture, words, ended, version)


async def read_since(executor: Executor, app: str, revision: int, present: int) -> tuple[Logged, ...] | None:
    """Return what leads from one revision of a draft to the present one; None where that is more than commands, or too much."""
    if revision == present:
        return ()
    if present - revision > MOST_SINCE:
        return None
    rows = await executor.fetch(
        f"SELECT {_COLUMNS} FROM dougong.draft_gesture WHERE app = $1 AND revision > $2 AND revision <= $3 ORDER BY seq",
        app, revision, present,
    )  # fmt: skip
    found = tuple([_logged(row) for row in rows])
    is_whole = len({one.revision for one in found}) == present - revision and all(one.kind == "edit" for one in found)
    return found if is_whole else None


async def read_open(executor: Executor, app: str, after: int) -> tuple[Logged, ...]:
    """Return what was done to the present draft after a revision, in its order."""
    rows = await executor.fetch(
        f"SELECT {_COLUMNS} FROM dougong.draft_gesture WHERE app = $1 AND ended IS NULL AND revision > $2 ORDER BY seq", app, after
    )
    return tuple([_logged(row) for row in rows])


async def is_discarded_since(executor: Executor, app: str, revision: int) -> bool:
    """Return whether somebody has gone back to the version in use after a revision."""
    query = "SELECT EXISTS (SELECT FROM dougong.draft_gesture WHERE app = $1 AND kind = 'discarded' AND revision > $2) AS found"
    return bool((await executor.fetch(query, app, revision))[0]["found"])


async def known_gestures(executor: Executor, app: str, ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of these gestures are in the log already."""
    rows = await executor.fetch("SELECT id FROM dougong.draft_gesture WHERE app = $1 AND id = ANY($2::uuid[])", app, list(ids))
    return frozenset(row["id"] for row in rows)


async def who_touched(executor: Executor, app: str, pointer: Pointer, but: Sequence[UUID]) -> Logged | None:
    """Return the last line that is about an element, what it is in or what is in it; `but` are lines that do not count."""
    rows = await executor.fetch(_TOUCHED, app, pointer, list(but))
    return _logged(rows[0]) if rows else None


async def last_published(executor: Executor, app: str, revision: int) -> Logged | None:
    """Return the last publish after a revision of the draft."""
    rows = await executor.fetch(
        f"""SELECT {_COLUMNS} FROM dougong.draft_gesture WHERE app = $1 AND kind = 'published' AND revision > $2
            ORDER BY seq DESC LIMIT 1""",
        app, revision,
    )  # fmt: skip
    return _logged(rows[0]) if rows else None


async def read_log(
    executor: Executor, app: str, before: int | None, actor: UUID | None, is_open: bool, limit: int
) -> tuple[tuple[Logged, ...], int | None]:
    """Return lines of the log, the newest first, and where the next page begins.

    actor: only what this person did. is_open: only the present chapter.
    """
    rows = await executor.fetch(
        f"""SELECT {_COLUMNS} FROM dougong.draft_gesture WHERE app = $1 AND ($2::bigint IS NULL OR seq < $2)
            AND ($3::uuid IS NULL OR actor = $3) AND (NOT $4 OR ended IS NULL) ORDER BY seq DESC LIMIT $5""",
        app, before, actor, is_open, limit + 1,
    )  # fmt: skip
    found = tuple([_logged(row) for row in rows[:limit]])
    return found, found[-1].seq if len(rows) > limit else None


async def read_undone(executor: Executor, app: str) -> frozenset[UUID]:
    """Return the gestures of the present chapter that are undone: what undid them is not undone itself."""
    rows = await executor.fetch(
        "SELECT id, undoes FROM dougong.draft_gesture WHERE app = $1 AND ended IS NULL AND undoes <> '{}' ORDER BY seq DESC", app
    )
    undone: set[UUID] = set()
    for row in rows:
        if row["id"] not in undone:
            undone.update(row["undoes"])
    return frozenset(undone)


async def _add(
    executor: Executor, app: str, revision: int, kind: Kind, actor: UUID, gesture: Gesture, words: Mapping[str, str],
    ended: Ended | None = None, version: int | None = None,
) -> None:  # fmt: skip
    commands = orjson.dumps([command_json(one) for one in gesture.commands]).decode()
    label, said = orjson.dumps(dict(gesture.label)).decode(), orjson.dumps(dict(words)).decode()
    await executor.fetch(
        _ADD, app, gesture.id, revision, kind, actor, label, said, commands, list(touched(gesture.commands)), list(gesture.undoes),
        ended, version,
    )  # fmt: skip


def _logged(row: Any) -> Logged:  # noqa: ANN401 – asyncpg's own
    id_, revision, kind, actor, at, label, words, commands, undoes, ended, version, seq = row.values()
    written = commands_of(orjson.loads(commands))
    return Logged(id_, revision, kind, actor, at, orjson.loads(label), orjson.loads(words), written, tuple(undoes), ended, version, seq)
