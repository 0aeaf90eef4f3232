"""Entries of ledgers about to be saved in; the records that keep their sums, changed in the same transaction.

These records are locked, all in one order, before the entries are written, and stay as they are if a guard would not hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from dougong.permissions.access import Access, access_for
from dougong.permissions.actor import SYSTEM
from dougong.store.errors import RecordInvalid
from dougong.store.names import quoted, table_name
from dougong.store.save import Values
from dougong.store.sums import WrongSum
from dougong.work.guarded import SaveChanged, SaveNew, judge_targets, save_targets
from dougong.work.guarded_input import Key, Row, Target, lock_targets
from dougong.work.shortage import Short, shortage
from dougong.work.unit import Unit, without_key
from engines.entity.entity import Entity
from engines.entity.messages import MESSAGES
from engines.entity.projection import Projection, contributions
from engines.values.issue import Issue, issue
from engines.values.json_values import value_to_json


@dataclass(frozen=True, slots=True)
class Posting:
    """What all entries of a save add to the records of one entity, and the projections that say so."""

    target: Entity
    projections: tuple[Projection, ...]
    rows: list[Row]


async def post(create: SaveNew, update: SaveChanged, unit: Unit, ledger: Entity, entries: Sequence[Values], at: int | None) -> None:
    """Keep what the entries add up to; raises RecordShort where a guard would not hold, RecordInvalid where a key is blank."""
    inner = replace(unit, actor=SYSTEM, is_locking=True, is_confirmed=True, change_set=without_key(unit.change_set))
    for posting in _postings(unit, ledger, entries, at):
        await keep_sums(create, update, inner, posting, at)


async def keep_sums(create: SaveNew, update: SaveChanged, unit: Unit, posting: Posting, at: int | None) -> None:
    """Add what is posted to the records of one entity."""
    access = access_for(unit.site, unit.model, unit.actor, posting.target.key)
    targets = await lock_targets(unit, access, posting.rows, True)
    guards = [one.guard for one in posting.projections if one.guard is not None]
    judged, short = await judge_targets(unit, posting.target, targets, guards, False)
    if short:
        raise await _refused(unit, access, targets, short, at)
    try:
        await save_targets(create, update, unit, access, targets, judged)
    except RecordInvalid as invalid:
        # What the entries come to is refused by the rules of the record that keeps the sums.
        places = [int(found.pointer.split("/")[2]) for found in invalid.issues]
        issues = [found.at(_pointer(at, place)) for found, place in zip(invalid.issues, places, strict=True)]
        raise RecordInvalid(tuple(issues)) from invalid


def correction(unit: Unit, wrong: Sequence[WrongSum]) -> list[Posting]:
    """Return what has to be added to records so that they keep what the entries add up to."""
    found: dict[str, list[Row]] = {}
    for one in wrong:
        saved = dict(one.saved)
        add = {name: value - (saved[name] or 0) for name, value in one.computed}
        rows = found.setdefault(one.entity, [])
        rows.append(Row(len(rows), None, one.key, add, {}))
    projections = [projection for own in unit.model.projections.values() for projection in own]
    return [
        Posting(unit.model.entities[key], tuple(one for one in projections if one.to == key), rows) for key, rows in found.items()
    ]


def _postings(unit: Unit, ledger: Entity, entries: Sequence[Values], at: int | None) -> list[Posting]:
    """Return what is added to each entity, in the order in which everybody locks them."""
    model = unit.model
    order = {key: place for place, key in enumerate(model.entities)}
    found: dict[str, list[Projection]] = {}
    for projection in sorted(model.projections[ledger.key], key=lambda one: order[one.to]):
        found.setdefault(projection.to, []).append(projection)
    context = unit.context
    postings = []
    issues: list[Issue] = []
    for key, projections in found.items():
        target = model.entities[key]
        rows: list[Row] = []
        for place, entry in enumerate(entries):
            for projection in projections:
                for one in contributions(projection, target, entry, context):
                    inside = "" if one.row is None else f"/{projection.rows}/{one.row}"
                    blank = [name for name, value in one.key if value is None]
                    issues += [issue(MESSAGES, "record-projection-blank", f"{_pointer(at, place)}{inside}", None, name=target.fields[n].name) for n in blank]
                    rows.append(Row(place, None, one.key, one.add, {}))
        postings.append(Posting(target, tuple(projections), rows))
    if issues:
        raise RecordInvalid(tuple({(found.pointer, found.message["en"]): found for found in issues}.values()))
    return postings


async def _refused(unit: Unit, access: Access, targets: Sequence[Target], short: Sequence[Short], at: int | None) -> Exception:
    """Return the refusal, in which records are called by what their key points to."""
    keys: dict[int, Key] = {row.place: row.key for target in targets for row in target.rows}
    named = []
    for one in short:
        key = next((row.key for target in targets for row in target.rows if row.place == one.place and row.add is one.asked), keys[one.place])
        named.append(replace(one, name=" · ".join([await _called(unit, access.entity, name, value) for name, value in key])))
    return shortage(named, partial(_pointer, at))


def _pointer(at: int | None, place: int) -> str:
    return "" if at is None else f"/{at + place}"


async def _called(unit: Unit, entity: Entity, name: str, value: Any) -> str:  # noqa: ANN401 – a value of any type
    field = entity.fields[name]
    if field.to is None:
        return str(value_to_json(value))
    target = unit.model.entity(field.to)
    title = target.fields[target.title]
    rows = await unit.executor.fetch(f"SELECT {quoted(title.column or '')} FROM {table_name(target)} WHERE id = $1", value)
    return str(rows[0][0]) if rows and rows[0][0] is not None else str(value)


def turned_round(projections: Sequence[Projection], entities: Mapping[str, Entity], unit: Unit, entry: Values, mirror: Values) -> bool:
    """Whether an entry and its reversal add up to nothing everywhere."""
    sums: dict[tuple[str, Key, str], Any] = {}
    for projection in projections:
        for one in (*contributions(projection, entities[projection.to], entry, unit.context),
                    *contributions(projection, entities[projection.to], mirror, unit.context)):  # fmt: skip
            for name, amount in one.add.items():
                if not projection.add[name].reads:
                    continue  # such as the number of entries, which a reversal is one of
                place = projection.to, one.key, name
                sums[place] = sums.get(place, 0) + amount
    return not any(sums.values())
