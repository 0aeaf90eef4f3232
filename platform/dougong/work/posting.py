"""Entries of ledgers about to be saved in; the records that keep their sums, changed in the same transaction.

These records are locked, all in one order, before the entries are written, and stay as they are if a guard would not hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from dougong.permissions.access import access_for, seen_by
from dougong.permissions.actor import SYSTEM, Actor
from dougong.store.errors import RecordInvalid
from dougong.store.save import Values
from dougong.store.sums import WrongSum
from dougong.store.titles import read_names
from dougong.work.guarded import SaveChanged, SaveNew, judge_targets, save_targets
from dougong.work.guarded_input import Key, Row, Target, lock_targets
from dougong.work.shortage import Short, shortage
from dougong.work.unit import Unit, without_key
from engines.entity.entity import SYSTEM_TYPES, Entity, Field
from engines.entity.messages import MESSAGES
from engines.entity.projection import Projection, contributions
from engines.values.frozen import frozen
from engines.values.issue import Issue, issue
from engines.values.json_values import value_to_json


@frozen
class Posting:
    """What all entries of a save add to the records of one entity, and the projections that say so.

    actor: who enters them. told: the fields of a record's key that are worked out from what they may read of an entry.
    """

    target: Entity
    projections: tuple[Projection, ...]
    rows: list[Row]
    actor: Actor
    told: frozenset[str]


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
        raise await _refused(unit, posting, targets, short, at)
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
        Posting(unit.model.entities[key], tuple(one for one in projections if one.to == key), rows, SYSTEM, frozenset()) for key, rows in found.items()
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
        told = frozenset(name for name in target.fields if all(_is_told(unit, ledger, one, name) for one in projections))
        postings.append(Posting(target, tuple(projections), rows, unit.actor, told))
    if issues:
        raise RecordInvalid(tuple({(found.pointer, found.message["en"]): found for found in issues}.values()))
    return postings


def _is_told(unit: Unit, ledger: Entity, projection: Projection, name: str) -> bool:
    """Whether a field of the key is worked out from what the actor may read, whole, of every entry; or sends, where they may read none."""
    may_read = access_for(unit.site, unit.model, unit.actor, ledger.key).allows("read")
    seen = seen_by(unit.site, unit.model, unit.actor).entities
    rows = ledger.key if projection.rows is None else f"{ledger.key}.{projection.rows}"
    for path in projection.by[name].reads if name in projection.by else ():
        of, key = (ledger.key, path[1]) if path[0] == "parent" else (rows, path[0])
        field = seen[of].fields.get(key)
        if key in SYSTEM_TYPES:
            continue
        if field is None or field.is_masked or field.shown_when is not None or not (may_read or _is_sent(field)):
            return False
    return True


def _is_sent(field: Field) -> bool:
    """Whether a value of a new entry can be nothing but what was sent for it."""
    return field.formula is None and field.copy is None and field.default is None


async def _refused(unit: Unit, posting: Posting, targets: Sequence[Target], short: Sequence[Short], at: int | None) -> Exception:
    """Return the refusal, in which records are called by what their key points to, as far as who enters may read it."""
    keys: dict[int, Key] = {row.place: row.key for target in targets for row in target.rows}
    named = []
    for one in short:
        key = next((row.key for target in targets for row in target.rows if row.place == one.place and row.add is one.asked), keys[one.place])
        called = [await _called(unit, posting, name, value) for name, value in key if name in posting.told]
        named.append(replace(one, name=" · ".join(filter(None, called))))
    return shortage(named, partial(_pointer, at))


def _pointer(at: int | None, place: int) -> str:
    return "" if at is None else f"/{at + place}"


async def _called(unit: Unit, posting: Posting, name: str, value: Any) -> str:  # noqa: ANN401 – a value of any type
    field = posting.target.fields[name]
    if field.to is None:
        return str(value_to_json(value))
    return (await read_names(unit.executor, unit.site, unit.model, posting.actor, field.to, [value])).get(str(value), "")


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
