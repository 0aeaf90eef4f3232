"""Who has the draft of an app open: somebody asks for news of it every few seconds, or has gone."""

from uuid import UUID

from dougong.store.save import Executor

SEEN_S = 20
"""Who has not asked for so long has gone."""

_NOTE = """
    INSERT INTO dougong.draft_editor (app, user_id, seen_at) VALUES ($1, $2, now())
    ON CONFLICT (app, user_id) DO UPDATE SET seen_at = now() WHERE draft_editor.seen_at < now() - interval '2 seconds'"""


async def note_editor(executor: Executor, app: str, user_id: UUID) -> None:
    """Remember that somebody has the draft open now."""
    await executor.fetch(_NOTE, app, user_id)


async def leave_draft(executor: Executor, app: str, user_id: UUID) -> None:
    """Remember that somebody has closed the draft, and forget who has long gone."""
    await executor.fetch(
        "DELETE FROM dougong.draft_editor WHERE app = $1 AND user_id = $2 OR seen_at < now() - interval '1 day'", app, user_id
    )


async def read_editors(executor: Executor, app: str) -> tuple[UUID, ...]:
    """Return who has the draft open, in the order in which they are known."""
    rows = await executor.fetch(
        "SELECT user_id FROM dougong.draft_editor WHERE app = $1 AND seen_at > now() - $2 * interval '1 second' ORDER BY user_id",
        app, SEEN_S,
    )  # fmt: skip
    return tuple(row["user_id"] for row in rows)
