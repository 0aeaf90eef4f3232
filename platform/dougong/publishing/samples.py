"""The fills of a publish in; records to try them on out: of each fill those whose new values are right, because all that they read is tried too.

A sum over lines is only right where all lines of its record have been filled. So the records of a fill are the newest ones of its
entity, fewer where they read too many others, none where even one does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from dougong.model.app_model import AppModel
from dougong.store.columns import Physical
from dougong.store.fill import Fill, Place
from dougong.store.names import link_table, quoted, table_name
from dougong.store.recompute import column_of
from dougong.store.save import Executor
from engines.entity.entity import FILES, Entity
from engines.entity.graph import Hop, Way

MOST_LOOKED_AT = 3_000
"""Records of a table that are looked at: the newest, for others are held up meanwhile. Of a table with fewer, all."""

_MOST_TRIED = 2 * MOST_LOOKED_AT
"""Records of a table that are filled, with those that only others read."""

_MOST_AT_ALL = 20_000
"""Records times fills that are looked at where there are many fills: what is filled so goes on for about as long as others may be held up."""

Ids = list[UUID]


@dataclass(frozen=True, slots=True)
class Samples:
    """newest: by entity its newest records; whole: entities of which these are all. tried: by entity the records that are to be filled.

    looked: by fill, in their order, those of the newest whose values are right after it.
    """

    fills: tuple[Fill, ...]
    newest: Mapping[str, Ids]
    whole: frozenset[str]
    tried: Mapping[str, Ids]
    looked: tuple[Ids, ...]

    def is_all(self, fill: Fill, ids: Ids) -> bool:
        """Whether the records that were looked at are all there are of the fill's entity."""
        return fill.entity.key in self.whole and len(ids) == len(self.newest[fill.entity.key])

    def right(self, entity: str, ids: Ids, reads: frozenset[Place]) -> Ids:
        """Return those of some records of an entity of which all fields are right that something reads; others' fields only where all are right."""
        for fill, looked in zip(self.fills, self.looked, strict=True):
            if not fill.places & reads:
                continue
            if fill.entity.key == entity:
                known = set(looked)
                ids = [one for one in ids if one in known]
            elif not self.is_all(fill, looked):
                return []
        return ids


async def choose_samples(executor: Executor, model: AppModel, fills: Sequence[Fill], tables: Physical) -> Samples:
    """Return the records to try fills on. tables: as they were before anything was tried."""
    most = max(1, min(MOST_LOOKED_AT, _MOST_AT_ALL // max(1, len(fills))))
    newest: dict[str, Ids] = {}
    whole: set[str] = set()
    for fill in fills:
        if fill.entity.key not in newest:
            newest[fill.entity.key], is_whole = await read_newest(executor, fill.entity, most)
            whole |= {fill.entity.key} if is_whole else set()
    tried: dict[str, dict[UUID, None]] = {key: {} for key in newest}
    looked: list[Ids] = []
    for place, fill in enumerate(fills):
        ids = _right(fills[:place], looked, fill, newest[fill.entity.key])
        behind = _behind(fills, place)
        while ids:
            needed = await _needed(executor, model, behind, {fill.entity.key: dict.fromkeys(ids)}, tables)
            if needed is not None and all(len(tried[key] | more) <= _MOST_TRIED for key, more in needed.items()):
                for key, more in needed.items():
                    tried[key] |= more
                break
            ids = ids[: len(ids) // 2]
        looked.append(ids)
    return Samples(tuple(fills), newest, frozenset(whole), {key: list(ids) for key, ids in tried.items()}, tuple(looked))


async def read_newest(executor: Executor, entity: Entity, most: int = MOST_LOOKED_AT) -> tuple[Ids, bool]:
    """Return the newest records of an entity, and whether these are all there are."""
    rows = await executor.fetch(f"SELECT id FROM {table_name(entity)} ORDER BY id DESC LIMIT {most + 1}")
    return [row["id"] for row in rows[:most]], len(rows) <= most


def _right(fills: Sequence[Fill], looked: Sequence[Ids], fill: Fill, ids: Ids) -> Ids:
    """Return those of some records whose own fields that a fill reads are right."""
    for former, known in zip(fills, looked, strict=True):
        if former.entity.key == fill.entity.key and former.places & fill.reads:
            there = set(known)
            ids = [one for one in ids if one in there]
    return ids


def _behind(fills: Sequence[Fill], place: int) -> tuple[Fill, ...]:
    """Return a fill and all before it whose fields it reads, whether itself or by way of others, the last first."""
    reads, found = set(fills[place].reads), [fills[place]]
    for former in reversed(fills[:place]):
        if former.places & reads:
            reads |= former.reads
            found.append(former)
    return tuple(found)


async def _needed(
    executor: Executor, model: AppModel, behind: Sequence[Fill], needed: dict[str, dict[UUID, None]], tables: Physical
) -> dict[str, dict[UUID, None]] | None:
    """Return records with all the others whose filled fields they read, by entity; None where those are too many."""
    filled = frozenset(place for fill in behind for place in fill.places)
    for fill in behind:
        for source, way in _ways(model, fill, filled):
            ids: Ids = list(needed.get(fill.entity.key, ()))
            for hop in reversed(way):
                ids = await _read_by(executor, model, hop, ids, tables)
            if len(ids) > _MOST_TRIED:
                return None
            needed.setdefault(source, {}).update(dict.fromkeys(ids))
    return needed


def _ways(model: AppModel, fill: Fill, filled: frozenset[Place]) -> Iterator[tuple[str, Way]]:
    """Give the entities whose filled fields a fill reads, with the way from a record of theirs to those that read it."""
    for source, links in model.graph.links.items():
        for link in links:
            if link.target in fill.places and source != FILES and any((source, field) in filled for field in link.fields):
                yield source, link.way
    yield from _ways_within(model, fill, filled)


def _ways_within(model: AppModel, fill: Fill, filled: frozenset[Place]) -> Iterator[tuple[str, Way]]:
    """Give the same of records that are of one piece: rows and what owns them, which no link of the graph is needed for."""
    entity = fill.entity
    for source in sorted({key for key, _ in fill.reads & filled if key in model.entities and key != entity.key}):
        parent = model.entities[source].parent
        if parent == entity.key:
            yield source, (Hop("owner", source, entity.key),)
        elif entity.parent == source:
            yield source, (Hop("rows", source, entity.key),)
        elif parent is not None and parent == entity.parent:
            yield source, (Hop("owner", source, parent), Hop("rows", parent, entity.key))


async def _read_by(executor: Executor, model: AppModel, hop: Hop, ids: Ids, tables: Physical) -> Ids:
    """Go one step of a way from its end to its beginning: ids of those that read in, of those that are read out; one more than may be at most."""
    start, end = model.entity(hop.start), model.entity(hop.end)
    if hop.kind in ("target", "owner"):
        column = "parent" if hop.kind == "owner" else column_of(start, hop.field or "")
        table, wanted, known = table_name(start), "id", column
    elif hop.kind == "listing":
        listed = end.fields[hop.field or ""]
        table, wanted, known = link_table(end, listed), "target", "record"
    else:
        column = "parent" if hop.kind == "rows" else column_of(end, hop.field or "")
        table, wanted, known = table_name(end), column, "id"
    if not ids or not _is_there(table, (wanted, known), model.app, tables):
        return []
    sql = (
        f"SELECT DISTINCT {quoted(wanted)} AS id FROM {table} WHERE {quoted(known)} = ANY($1::uuid[]) "
        f"AND {quoted(wanted)} IS NOT NULL LIMIT {_MOST_TRIED + 1}"
    )
    return [row["id"] for row in await executor.fetch(sql, ids)]


def _is_there(table: str, columns: Sequence[str], app: str, tables: Physical) -> bool:
    """Whether a table has columns already; those of other apps do not change."""
    schema, _, name = table.replace('"', "").partition(".")
    return schema != f"app_{app}" or set(columns) <= tables.get(name, {}).keys()
