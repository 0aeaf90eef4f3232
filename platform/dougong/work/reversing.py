"""Entries of a ledger that are to be taken back in; entries that turn them round, saved like any others, out."""

from collections.abc import Mapping, Sequence
from typing import Any

from dougong.model.resolve_states import REVERSES
from dougong.permissions.access import Access, require
from dougong.store.before import read_before
from dougong.store.errors import LedgerOnly, RecordInvalid, RecordNotFound
from dougong.store.ids import new_id
from dougong.store.names import quoted, table_name
from dougong.store.save import Saved, Values
from dougong.work.asking import computed
from dougong.work.circumstances import context_of
from dougong.work.guarded import SaveNew
from dougong.work.inputs import placed, read_one
from dougong.work.lookup import Sent, look_up
from dougong.work.permitted import refuse_fields
from dougong.work.posting import turned_round
from dougong.work.request import Reverse
from dougong.work.unit import Unit
from engines.entity.compute import as_it_was
from engines.entity.entity import Entity
from engines.entity.messages import MESSAGES
from engines.values.issue import Issue, issue


async def reverse(create: SaveNew, unit: Unit, access: Access, changes: Sequence[Reverse], at: int | None) -> list[Saved]:
    """Save an entry for each that is taken back: the same but for what it measures, which is turned round, and what is sent for it."""
    entity = access.entity
    if entity.kind != "ledger":
        raise LedgerOnly(entity_zh=entity.name["zh-CN"], entity_en=entity.name["en"])
    require(access, "read", unit.actor)
    ids = [change.id for change in changes]
    found = await read_before(unit.executor, unit.site, unit.model, unit.actor, access, "read", ids, True)
    # Whoever takes back one of them at the same time has done so by now, or waits.
    query = f"SELECT {quoted(entity.fields[REVERSES].column or '')} AS id FROM {table_name(entity)} WHERE {quoted(entity.fields[REVERSES].column or '')} = ANY($1::uuid[])"
    taken_back = {row["id"] for row in await unit.executor.fetch(query, ids)}
    issues: list[Issue] = []
    sents: list[Values] = []
    for offset, change in enumerate(changes):
        if change.id not in found:
            raise RecordNotFound()
        original = found[change.id][0]
        assert access.inputs is not None
        given = read_one(access.inputs, change)
        own: list[Issue] = list(given) if not isinstance(given, dict) else _refused(entity, unit, given)
        if original[REVERSES] is not None or change.id in taken_back or ids.index(change.id) < offset:
            own.append(issue(MESSAGES, "record-reversed", f"/{REVERSES}"))
        mirror = _mirror(unit, entity, original, given if isinstance(given, dict) else {})
        if not own and not await _adds_up(unit, entity, original, mirror):
            own.append(issue(MESSAGES, "record-reversal-differs", ""))
        issues += placed(own, at, offset)
        sents.append(mirror)
    if issues:
        raise RecordInvalid(tuple(issues))
    saved = await create(unit, access, sents, at)
    await refuse_fields(unit, access, "create", None, sents, at)
    return saved


def _refused(entity: Entity, unit: Unit, given: Values) -> list[Issue]:
    """Return an issue for each value that a reversal takes from the entry: what is turned round, and what projections read."""
    read = {path[0] for projection in unit.model.projections.get(entity.key, ()) for formula in projection.by.values() for path in formula.reads}
    kept = {key.partition(".")[0] for key in entity.negates} | read | {field.key for field in entity.line_fields}
    return [issue(MESSAGES, "record-field-read-only", f"/{key}", None, name=entity.fields[key].name) for key in given if key in kept]


def _mirror(unit: Unit, entity: Entity, original: Values, given: Mapping[str, Any]) -> Values:
    sent = _turned(entity, original, "", entity.negates)
    for field in entity.line_fields:
        rows = unit.model.entities[field.lines or ""]
        sent[field.key] = [{"id": new_id(), **_turned(rows, row, f"{field.key}.", entity.negates)} for row in original[field.key]]
    return {"id": new_id(), **sent, **{key: value for key, value in given.items() if key != "revision"}, REVERSES: original["id"]}


def _turned(entity: Entity, record: Values, prefix: str, negates: Sequence[str]) -> Values:
    turned = {}
    for field in entity.fields.values():
        if field.formula is None and field.kind.is_input and field.lines is None:
            value = record.get(field.key)
            turned[field.key] = -value if f"{prefix}{field.key}" in negates and value is not None else value
    return turned


async def _adds_up(unit: Unit, entity: Entity, original: Values, mirror: Values) -> bool:
    projections = unit.model.projections.get(entity.key, ())
    if not projections:
        return True
    plan = unit.model.plans[entity.key]
    looked = await look_up(unit, plan, [Sent(None, mirror)])
    record = await computed(unit, plan, None, mirror, looked.found, await context_of(unit, plan))
    return turned_round(projections, unit.model.entities, unit, as_it_was(plan, original), record)
