"""Change sets in history: which there were, the newest first, how much each changed, and what one did to each record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson

from dougong.store.save import Executor
from engines.entity.merge import Step

MOST_LOOKED_AT = 2000
"""Change sets looked at for one page; a page that finds fewer than it wants says where to go on."""

# Each step goes to the next lower id through the index: ids sort as change sets were begun.
_SETS = """
    WITH RECURSIVE sets AS (
        SELECT 0 AS n, $2::uuid AS change_set, NULL::text COLLATE "C" AS app, NULL::uuid AS actor, NULL::text COLLATE "C" AS channel, NULL::timestamptz AS at
        UNION ALL
        SELECT sets.n + 1, next.* FROM sets CROSS JOIN LATERAL (
            SELECT h.change_set, h.app, h.actor, h.channel, h.at FROM dougong.history AS h
            WHERE h.change_set < sets.change_set ORDER BY h.change_set DESC LIMIT 1) AS next
        WHERE sets.n < $6)
    SELECT change_set, app = $1 AND ($3::uuid IS NULL OR actor = $3) AND ($4::text[] IS NULL OR channel = ANY($4)) AS fits,
        actor, channel, at FROM sets WHERE n > 0
    AND (n = $6 OR (app = $1 AND ($3::uuid IS NULL OR actor = $3) AND ($4::text[] IS NULL OR channel = ANY($4)))) LIMIT $5"""
_COUNTS = """
    SELECT change_set, entity, action, count(*) AS count FROM dougong.history
    WHERE change_set = ANY($1::uuid[]) AND app = $2 GROUP BY 1, 2, 3 ORDER BY 2, 3"""
_TOUCHED = """
    SELECT entity, record_id, (array_agg(action ORDER BY id))[1] AS first, (array_agg(action ORDER BY id DESC))[1] AS last,
        bool_or(action NOT IN ('create', 'delete', 'restore')) AS is_changed, min(revision) AS first_revision,
        max(revision) AS last_revision, max(id) AS place
    FROM dougong.history WHERE change_set = $1 AND app = $2 AND at >= $3 GROUP BY 1, 2"""
_STEPS = """
    SELECT h.record_id, h.revision, h.actor, h.at, h.change_set = $5 AS is_own, h.changes::text AS changes
    FROM unnest($3::uuid[], $4::integer[]) AS x(id, revision) JOIN dougong.history AS h ON h.record_id = x.id
    WHERE h.app = $1 AND h.entity = $2 AND h.revision >= x.revision AND h.action <> 'create' ORDER BY h.id"""
_HIGHEST = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class KnownSet:
    """A change set: who made it, by which channel, when it began."""

    id: UUID
    actor: UUID
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change set did to one record: the first and the last action, whether values changed, its revisions, its place in time."""

    entity: str
    id: UUID
    first: str
    last: str
    is_changed: bool
    first_revision: int
    last_revision: int
    place: int


async def read_change_sets(
    executor: Executor, app: str, before: UUID | None, actor: UUID | None, channels: Sequence[str] | None, limit: int
) -> tuple[list[KnownSet], UUID | None]:
    """Return the change sets of an app before another, and where to go on, None at the end."""
    rows = await executor.fetch(_SETS, app, before or _HIGHEST, actor, None if channels is None else list(channels), limit + 1, MOST_LOOKED_AT)
    fitting = [KnownSet(row["change_set"], row["actor"], row["channel"], row["at"]) for row in rows if row["fits"]][:limit]
    if len(rows) > limit:
        return fitting, fitting[-1].id
    is_cut = bool(rows) and not rows[-1]["fits"]
    return fitting, rows[-1]["change_set"] if is_cut else None


async def read_change_set(executor: Executor, app: str, change_set: UUID) -> KnownSet | None:
    """Return one change set of an app."""
    query = "SELECT actor, channel, at FROM dougong.history WHERE change_set = $1 AND app = $2 ORDER BY id LIMIT 1"
    rows = await executor.fetch(query, change_set, app)
    return KnownSet(change_set, rows[0]["actor"], rows[0]["channel"], rows[0]["at"]) if rows else None


async def count_changes(executor: Executor, app: str, sets: Collection[UUID]) -> Mapping[UUID, list[tuple[str, str, int]]]:
    """Return how many changes each change set made, by entity and action."""
    found: dict[UUID, list[tuple[str, str, int]]] = {}
    for row in await executor.fetch(_COUNTS, list(sets), app):
        found.setdefault(row["change_set"], []).append((row["entity"], row["action"], row["count"]))
    return found


async def read_touched(executor: Executor, app: str, change_set: UUID) -> list[Touched]:
    """Return the records a change set touched."""
    begun = datetime.fromtimestamp((change_set.int >> 80) / 1000, UTC) - timedelta(days=1)
    return [Touched(*row) for row in await executor.fetch(_TOUCHED, change_set, app, begun)]


async def read_steps(
    executor: Executor, app: str, entity: str, change_set: UUID, touched: Sequence[Touched]
) -> Mapping[UUID, tuple[list[Step], list[Step]]]:
    """Return for each record the changes of a change set, and those that came after, the oldest first."""
    found: dict[UUID, tuple[list[Step], list[Step]]] = {one.id: ([], []) for one in touched}
    ids, revisions = [one.id for one in touched], [one.first_revision for one in touched]
    for row in await executor.fetch(_STEPS, app, entity, ids, revisions, change_set):
        step = Step(row["revision"], str(row["actor"]), row["at"].isoformat(), orjson.loads(row["changes"]))
        found[row["record_id"]][0 if row["is_own"] else 1].append(step)
    return found
