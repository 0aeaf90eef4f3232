"""Departments as they were and as they would be in; a refusal where one would come to lie below itself, at any depth."""

from collections.abc import Sequence

from dougong.model.app_model import ORGANIZATION
from dougong.store.errors import RecordInvalid
from dougong.store.save import Executor
from dougong.work.inputs import placed
from dougong.work.moves import Images
from engines.entity.messages import MESSAGES
from engines.values.issue import issue

DEPARTMENTS = f"{ORGANIZATION}.department"
ABOVE = "parent_department"

_LOCK = "SELECT pg_advisory_xact_lock(7018413287519449459)"
_CIRCLES = f"""
    WITH RECURSIVE up(start, id) AS (
        SELECT d.id, d."{ABOVE}" FROM "app_organization"."department" d WHERE d.id = ANY($1::uuid[])
        UNION SELECT up.start, d."{ABOVE}" FROM up JOIN "app_organization"."department" d ON d.id = up.id WHERE up.id <> up.start)
    SELECT start FROM up WHERE id = start"""


def moves_departments(pairs: Sequence[Images]) -> bool:
    """Whether departments are put below another than before."""
    return any(after is not None and after.get(ABOVE) is not None and (before or {}).get(ABOVE) != after[ABOVE] for before, after in pairs)


async def hold_tree(executor: Executor) -> None:
    """Let nobody else move departments until the transaction ends: two moves that are right alone may make a circle together."""
    await executor.fetch(_LOCK)


async def refuse_circles(executor: Executor, pairs: Sequence[Images], at: int | None) -> None:
    """Raise RecordInvalid with an issue for each saved department that lies below itself now."""
    afters = [after for _, after in pairs]
    found = {row["start"] for row in await executor.fetch(_CIRCLES, [after["id"] for after in afters if after is not None])}
    issues = [
        one
        for offset, after in enumerate(afters)
        if after is not None and after["id"] in found
        for one in placed([issue(MESSAGES, "record-below-itself", f"/{ABOVE}")], at, offset)
    ]
    if issues:
        raise RecordInvalid(tuple(issues))
