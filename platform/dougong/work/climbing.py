"""Records about to be read for a change in; what their references lead up to locked first, the topmost first, so that nobody is in a knot.

It is no more than manners: whatever is missed here is locked later, and if that makes a knot, the request begins again.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from dougong.store.names import quoted, table_name
from dougong.store.recompute import column_of, lock_sql
from dougong.store.save import Values
from dougong.work.unit import Unit
from engines.entity.entity import Entity
from engines.entity.graph import Climb

Ids = set[UUID]


async def climb(unit: Unit, entity: Entity, ids: Iterable[UUID], sents: Sequence[Mapping[str, object]] | None = None) -> None:
    """Lock what records, as they are and as they were sent, lead up to.

    sents: what was sent for them; None for all that they hold. Where nothing is followed of what was sent, nothing is locked.
    """
    graph = unit.model.graph
    climbs = graph.climbs.get(entity.key, ())
    watched = graph.watched.get(entity.key, frozenset())
    if not climbs or not (sents is None or any(watched & sent.keys() for sent in sents)):
        return
    reached: dict[str, Ids] = {}
    given = list(ids)
    for one in climbs:
        start = unit.model.entity(one.start)
        if one.start == entity.key:
            found = await _pointed(unit, start, one, "id", given) | _sent(sents or (), None, one.field)
        elif start.parent == entity.key:
            line = one.start.partition(".")[2]
            found = await _pointed(unit, start, one, "parent", given) | _sent(sents or (), line, one.field)
        else:
            found = await _pointed(unit, start, one, "id", list(reached.get(one.start, ())))
        reached.setdefault(one.end, set()).update(found)
    for end in reversed(list(reached)):
        if reached[end] and end != entity.key:
            await unit.executor.fetch(lock_sql(unit.model.entity(end), ()), list(reached[end]))


async def _pointed(unit: Unit, start: Entity, one: Climb, by: str, ids: Sequence[UUID]) -> Ids:
    """Return what the records with these ids, or the rows of them, point to at this moment."""
    if not ids:
        return set()
    column = quoted(column_of(start, one.field))
    query = f"SELECT DISTINCT {column} AS id FROM {table_name(start)} WHERE {by} = ANY($1::uuid[]) AND {column} IS NOT NULL"
    return {row["id"] for row in await unit.executor.fetch(query, list(ids))}


def _sent(sents: Sequence[Mapping[str, object]], line: str | None, key: str) -> Ids:
    holders: list[Values] = []
    for sent in sents:
        rows = sent if line is None else sent.get(line)
        holders += [dict(rows)] if isinstance(rows, Mapping) else [row for row in rows or () if isinstance(row, dict)] if isinstance(rows, list) else []
    return {value for holder in holders if isinstance(value := holder.get(key), UUID)}
