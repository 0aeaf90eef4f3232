"""Records with a revision each in; what history knows of their changes after it out, the oldest first."""

from collections.abc import Mapping
from uuid import UUID

import orjson

from dougong.store.save import Executor
from engines.entity.merge import Step

_SINCE = """
    SELECT h.record_id, h.revision, h.actor, h.at, h.changes::text AS changes
    FROM unnest($3::uuid[], $4::integer[]) AS x(id, revision) JOIN dougong.history AS h ON h.record_id = x.id
    WHERE h.app = $1 AND h.entity = $2 AND h.revision > x.revision AND h.action <> 'create' ORDER BY h.id"""


async def read_changes_since(executor: Executor, app: str, entity: str, since: Mapping[UUID, int]) -> dict[UUID, dict[int, Step]]:
    """Return the changes of each record by the revision they made; history that is no longer kept is missing."""
    found: dict[UUID, dict[int, Step]] = {}
    for row in await executor.fetch(_SINCE, app, entity, list(since), list(since.values())):
        step = Step(row["revision"], str(row["actor"]), row["at"].isoformat(), orjson.loads(row["changes"]))
        found.setdefault(row["record_id"], {})[row["revision"]] = step
    return found
