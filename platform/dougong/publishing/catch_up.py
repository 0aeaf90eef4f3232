"""Records that were changed while columns were filled in; the fills of those and of all that follows them, in their order, out."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from dougong.model.app_model import AppModel
from dougong.sites import Site
from dougong.store.fill import Fill
from dougong.store.names import table_name
from dougong.store.recompute import hop_sql, lock_sql
from dougong.store.save import Executor
from dougong.store.touched import take_touched

Touched = dict[str, set[UUID]]


async def catch_up(executor: Executor, site: Site, model: AppModel, fills: Sequence[Fill]) -> int:
    """Fill anew what was changed, some thousand records at most, in the transaction of the caller; return how many there were."""
    touched: Touched = dict(await take_touched(executor, model.app))
    count = sum(len(ids) for ids in touched.values())
    if not count:
        return 0
    for fill in fills:
        ids = sorted(await _concerned(executor, model, fill, touched))
        if ids:
            await executor.fetch(lock_sql(fill.entity, ()), ids)
            differ = await fill.fill_some(executor, site, ids)
            if differ:
                touched.setdefault(fill.entity.key, set()).update(differ)
    return count


async def _concerned(executor: Executor, model: AppModel, fill: Fill, touched: Mapping[str, set[UUID]]) -> set[UUID]:
    """Return the records whose fields a fill has to look at again."""
    entity = fill.entity
    ids = await _together(executor, model, fill, touched)
    for source, links in model.graph.links.items():
        begun = touched.get(source, set())
        for way in {link.way for link in links if link.target in fill.places} if begun else ():
            here = begun
            for hop in way:
                if here:
                    rows = await executor.fetch(hop_sql(hop, model.entity(hop.start), model.entity(hop.end)), list(here))
                    here = {row["id"] for row in rows}
            ids |= here
    return ids | touched.get(entity.key, set())


async def _together(executor: Executor, model: AppModel, fill: Fill, touched: Mapping[str, set[UUID]]) -> set[UUID]:
    """Return the records of the fill's entity that are of one piece with a changed one: its owner, or the rows of its owner."""
    entity = fill.entity
    owner = model.entities[entity.parent or entity.key]
    owners = set(touched.get(owner.key, ()))
    for field in owner.line_fields:
        rows = model.entities[field.lines or ""]
        if touched.get(rows.key):
            found = await executor.fetch(f"SELECT DISTINCT parent FROM {table_name(rows)} WHERE id = ANY($1::uuid[])", list(touched[rows.key]))
            owners |= {row["parent"] for row in found}
    if entity is owner or not owners:
        return owners
    found = await executor.fetch(f"SELECT id FROM {table_name(entity)} WHERE parent = ANY($1::uuid[])", list(owners))
    return {row["id"] for row in found}
