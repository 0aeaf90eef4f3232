"""An app in; computed values and sums of ledgers that are not what they should be put right in one transaction, and told.

History keeps what became of each record, as of any write: values that rest on other records are in nobody's. No rule, guard or
closed period stands against it, for nobody wants anything new.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from dougong.permissions.access import access_for
from dougong.permissions.actor import SYSTEM
from dougong.sites import Site
from dougong.store.before import read_before
from dougong.store.history_months import make_month
from dougong.store.names import table_name
from dougong.store.save import Changed, Pointing, Values, update
from dougong.store.sums import WrongSum, lock_sums, write_sums, wrong_sums
from dougong.store.verify import Difference, difference, put_right
from dougong.work.changes import correct_sums
from dougong.work.history import changes_of
from dougong.work.perform import change_set_of
from dougong.work.request import Request
from dougong.work.unit import Unit
from engines.entity.entity import Entity


@dataclass(frozen=True, slots=True)
class Mended:
    """What was wrong: computed fields, in the order they are computed, and records that keep sums."""

    computed: tuple[Difference, ...]
    sums: tuple[WrongSum, ...]


@dataclass(frozen=True, slots=True)
class _Mending:
    """One transaction: befores holds, by entity, the records about to be changed as they were."""

    unit: Unit
    befores: dict[str, dict[UUID, Values]] = field(default_factory=dict)


async def mend(site: Site, app: str) -> Mended:
    """Put right what is wrong in an app; a record that keeps sums and is missing is made, which its rules or a guard may refuse.

    Raises AppNotFound, RecordInvalid, RecordShort.
    """
    model = await site.app(app)
    change_set = change_set_of(site, Request(app, SYSTEM, (), "repair", is_shown=False))
    await make_month(site.pool, change_set.at)
    async with site.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT dougong.check_version($1, $2)", model.app, model.version)
        calendar = await site.calendar(connection)
        mending = _Mending(Unit(connection, site, model, SYSTEM, change_set, True, calendar, is_confirmed=True))
        computed = await _mend_computed(mending)
        sums = await _mend_sums(mending)
        if sums:
            await _mend_computed(mending)  # what rests on the sums
        await _keep_history(mending)
    return Mended(tuple(computed), tuple(sums))


async def _mend_computed(mending: _Mending) -> list[Difference]:
    unit, found = mending.unit, []
    for entity_key, key in unit.model.graph.order:
        entity = unit.model.entities[entity_key]
        own = entity.fields[key]
        # What is put right is of consequence for fields later in the order, which are looked through after it.
        first = left = await difference(unit.executor, unit.site, unit.model, entity, own)
        while left.records:
            ids = [wrong.id for wrong in left.records]
            if not own.is_far:
                await _note(mending, entity, ids)
            await put_right(unit.executor, unit.site, unit.model, entity, own, ids)
            left = await difference(unit.executor, unit.site, unit.model, entity, own)
        found += [first] if first.count else []
    return found


async def _mend_sums(mending: _Mending) -> list[WrongSum]:
    unit = mending.unit
    await lock_sums(unit.executor, unit.model)
    wrong = await wrong_sums(unit.executor, unit.site, unit.model)
    for key in {one.entity for one in wrong}:
        await _note(mending, unit.model.entities[key], [one.id for one in wrong if one.entity == key and one.id is not None])
    for one in wrong:
        if one.id is not None:
            await write_sums(unit.executor, unit.model, one)
    await correct_sums(unit, [one for one in wrong if one.id is None])
    return wrong


async def _note(mending: _Mending, entity: Entity, ids: Sequence[UUID]) -> None:
    """Lock records, those around rows, and remember how they were before anything of them was put right."""
    unit = mending.unit
    if entity.parent is not None:
        rows = await unit.executor.fetch(f"SELECT DISTINCT parent FROM {table_name(entity)} WHERE id = ANY($1::uuid[])", list(ids))
        entity, ids = unit.model.entities[entity.parent], [row["parent"] for row in rows]
    noted = mending.befores.setdefault(entity.key, {})
    noted |= await _read(unit, entity, [one for one in ids if one not in noted])


async def _keep_history(mending: _Mending) -> None:
    """Give every record that has changed its next revision, with what changed in history."""
    unit = mending.unit
    for key, befores in mending.befores.items():
        entity, plan = unit.model.entities[key], unit.model.plans[key]
        afters = await _read(unit, entity, list(befores))
        pairs = [(before, afters[record_id]) for record_id, before in befores.items()]
        changed = [Changed(before, after, changes) for before, after in pairs if (changes := changes_of(plan, before, after))]
        if changed:
            await update(unit.executor, unit.site, unit.model, entity, changed, Pointing((), ()), unit.change_set)


async def _read(unit: Unit, entity: Entity, ids: Sequence[UUID]) -> dict[UUID, Values]:
    access = access_for(unit.site, unit.model, SYSTEM, entity.key)
    found = await read_before(unit.executor, unit.site, unit.model, SYSTEM, access, "update", ids, True)
    return {record_id: record for record_id, (record, _) in found.items()}
