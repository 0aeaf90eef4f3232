"""Guarded changes in; each made as far as its guard leaves it, or none of them; what each was granted and its record, out.

Amounts that are all there are added in one statement (`adding`). Else the records are locked first, all in one order; then what would become
of each is computed and judged; then all are saved.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal

import asyncpg

from dougong.permissions.access import Access, access_for, require
from dougong.store.errors import RecordInvalid
from dougong.store.ids import new_ids
from dougong.store.names import unique_name
from dougong.store.save import Saved, Values
from dougong.work.adding import add_at_once, answer_of
from dougong.work.asking import computed
from dougong.work.circumstances import context_of
from dougong.work.clashes import Clashing
from dougong.work.guarded_input import Row, Target, lock_targets, read_guard, read_rows
from dougong.work.hidden import leave_hidden
from dougong.work.lookup import Sent, look_up
from dougong.work.permitted import refuse_fields
from dougong.work.repeats import claim_key, keep_answer
from dougong.work.request import Change, GuardedUpdate
from dougong.work.shortage import Amounts, Broken, Short, shortage
from dougong.work.unit import Overtaken, Unit, without_key
from engines.entity.compute import ComputePlan, Found
from engines.entity.entity import Entity, Field, Rule
from engines.entity.grant import largest
from engines.entity.messages import MESSAGES
from engines.entity.shown import value_shown
from engines.expression.failure import EvalContext
from engines.values.decimals import number_text
from engines.values.frozen import frozen
from engines.values.issue import issue

SaveNew = Callable[[Unit, Access, Sequence[Values], int | None], Awaitable[list[Saved]]]
SaveChanged = Callable[[Unit, Access, Sequence[Change], Sequence[Values], Sequence[Values], int | None], Awaitable[list[Saved]]]


@dataclass(slots=True)
class Judged:
    """What becomes of one record: amounts and values so far, what each change was granted, and what is sent to come to it."""

    add: dict[str, Decimal]
    put: Values
    granted: dict[int, Amounts]
    sent: Values = field(default_factory=dict)


@frozen
class Judge:
    """What tells what would become of a record, and whether that may be."""

    unit: Unit
    plan: ComputePlan
    found: Found
    context: EvalContext
    guards: tuple[Rule, ...]

    async def after(self, target: Target, add: Amounts, put: Values) -> tuple[Values, Values]:
        """Return what is sent for the record so that it comes to the amounts, and the record as it would be."""
        sent: Values = {**dict(target.key), **put}
        base = target.before
        if base is None:
            base = await computed(self.unit, self.plan, None, sent, self.found, self.context)
        sent |= {name: (put.get(name, base[name]) or 0) + amount for name, amount in add.items()}
        return sent, await computed(self.unit, self.plan, target.before, sent, self.found, self.context)

    async def broken(self, target: Target, add: Amounts, put: Values) -> Broken | None:
        """Return the first guard that would not hold, the least and greatest values of fields that are added to being guards as well."""
        _, record = await self.after(target, add, put)
        for changed in (self.plan.entity.fields[name] for name in add):
            value = record[changed.key]
            if changed.minimum is not None and value < changed.minimum:
                return _limit(changed, "record-number-too-small", changed.minimum)
            if changed.maximum is not None and value > changed.maximum:
                return _limit(changed, "record-number-too-large", changed.maximum)
        return next((Broken(guard.key, guard.message) for guard in self.guards if guard.check.run(record, self.context) is not True), None)


async def guarded(
    create: SaveNew, update: SaveChanged, unit: Unit, access: Access, changes: Sequence[GuardedUpdate], at: int | None
) -> list[Saved]:
    """Save guarded changes of one entity; create, update: what saves the records that come of them.

    Raises RecordShort with what is short where all must be granted, RecordInvalid.
    """
    key = unit.change_set.key
    is_partial = changes[0].is_partial
    if changes[0].is_create:
        require(access, "create", unit.actor)
    if changes[0].guard:
        require(access, "read", unit.actor)
    guard = read_guard(unit, access, changes[0].guard)
    rows = read_rows(unit, access.seen, changes, at or 0)
    if not unit.is_locking:
        added = await add_at_once(unit, access, () if guard is None else (guard,), changes[0], rows)
        if added is None:
            # It takes more than one statement, or something is short: the next try looks closer.
            raise Overtaken
        return added
    if key is not None:
        await claim_key(unit.executor, unit.change_set, key)
    targets = await lock_targets(unit, access, rows, changes[0].is_create)
    await _refuse_fields(unit, access, targets)
    judged, short = await judge_targets(unit, access.entity, targets, [] if guard is None else [guard], is_partial)
    if short:
        raise shortage(short, lambda place: f"/rows/{place}")
    inner = replace(unit, change_set=without_key(unit.change_set))
    saved = await save_targets(create, update, inner, access, targets, judged)
    made = [result.sent for target, result in zip(targets, judged, strict=True) if target.before is None]
    with _at_rows([target.rows[0].place for target in targets if target.before is None]):
        await refuse_fields(unit, access, "create", None, made, 0)
    answers: dict[int, Saved] = {}
    for target, result, record in zip(targets, judged, saved, strict=True):
        for row in target.rows:
            before = target.before or {}
            record = record or Saved(before["id"], before["revision"], b"null")
            answers[row.place] = answer_of(result.granted[row.place], record)
    ordered = [answers[row.place] for row in rows]
    if key is not None:
        await keep_answer(unit.executor, unit.change_set, key, b"[" + b",".join(one.json for one in ordered) + b"]")
    return ordered


async def _refuse_fields(unit: Unit, access: Access, targets: Sequence[Target]) -> None:
    """Raise RecordInvalid where a change is for a field that may not be written in its record, before anything is told of what it comes to."""
    if not access.writes and not access.shows:
        return
    changes = [(target.before, row, target) for target in targets if target.before is not None for row in target.rows]
    befores = [before for before, _, _ in changes]
    sents = [row.put | {name: (before[name] or 0) + amount for name, amount in row.add.items() if amount} for before, row, _ in changes]
    with _at_rows([row.place for _, row, _ in changes]):
        left = await leave_hidden(unit, access, befores, sents, 0)
        await refuse_fields(unit, access, "update", befores, left, 0)
    for (_, row, target), kept in zip(changes, left, strict=True):
        if row.put.keys() - kept.keys():
            target.rows[target.rows.index(row)] = replace(row, put={name: value for name, value in row.put.items() if name in kept})


async def judge_targets(
    unit: Unit, entity: Entity, targets: Sequence[Target], guards: Sequence[Rule], is_partial: bool
) -> tuple[list[Judged], list[Short]]:
    """Return what becomes of each record, and the changes that ask for too much where each must be granted whole."""
    plan = unit.model.plans[entity.key]
    puts = [_together(target.rows) for target in targets]
    looked = await look_up(unit, plan, [Sent(target.before, {**dict(target.key), **put}) for target, put in zip(targets, puts, strict=True)])
    judge = Judge(unit, plan, looked.found, await context_of(unit, plan), (*guards, *entity.guards))
    judged: list[Judged] = []
    short: list[Short] = []
    for target, put in zip(targets, puts, strict=True):
        if is_partial:
            judged.append(await _grant(judge, target, short))
            continue
        add = _sum(row.add for row in target.rows)
        if await judge.broken(target, add, put) is None:
            judged.append(Judged(add, put, {row.place: row.add for row in target.rows}))
        else:
            judged.append(await _grant(judge, target, short))
    for target, result in zip(targets, judged, strict=True):
        result.sent, _ = await judge.after(target, result.add, result.put)
    return judged, [] if is_partial else [one for one in short if one.is_short]


async def _grant(judge: Judge, target: Target, short: list[Short]) -> Judged:
    """Return what the guards leave of each change when those before it have been made as far as that goes."""
    so_far = Judged({}, {}, {})
    for row in target.rows:
        put = {**so_far.put, **row.put}
        broken = await judge.broken(target, _sum([so_far.add, row.add]), put)
        granted: Amounts = row.add
        if broken is not None:
            granted = {}
            available = None
            if len(row.add) == 1:
                name, asked = next(iter(row.add.items()))
                granted = {name: await _left(judge, target, so_far, name, asked, put)}
                available = granted[name]
            short.append(Short(row.place, _called(judge, target), broken, row.add, available))
        if broken is None or any(granted.values()):
            so_far.add, so_far.put = _sum([so_far.add, granted]), put
        so_far.granted[row.place] = granted
    return so_far


async def _left(judge: Judge, target: Target, so_far: Judged, name: str, asked: Decimal, put: Values) -> Decimal:
    step = Decimal(1).scaleb(-(judge.plan.entity.fields[name].scale or 0)).copy_sign(asked)

    async def holds(steps: int) -> bool:
        return await judge.broken(target, _sum([so_far.add, {name: steps * step}]), put) is None

    return await largest(holds, int(asked / step)) * step


async def save_targets(
    create: SaveNew, update: SaveChanged, unit: Unit, access: Access, targets: Sequence[Target], judged: Sequence[Judged]
) -> list[Saved | None]:
    """Save what becomes of the records and return them in the order of the targets, None for those that stay as they are."""
    saved: list[Saved | None] = [None] * len(targets)
    made: list[tuple[int, Values]] = []
    changed: list[tuple[int, Values, Values]] = []
    for place, (target, result) in enumerate(zip(targets, judged, strict=True)):
        if target.before is None:
            made.append((place, result.sent))
        elif any(result.add.values()) or result.put:
            changed.append((place, target.before, result.sent))
    for (_, sent), record_id in zip(made, new_ids(len(made)), strict=True):
        sent["id"] = record_id
    if changed:
        places = [place for place, _, _ in changed]
        changes = [GuardedUpdate(access.entity.key, sent) for _, _, sent in changed]
        updating = update(unit, access, changes, [before for _, before, _ in changed], [sent for _, _, sent in changed], 0)
        records = await _placed(targets, places, updating)
        for place, record in zip(places, records, strict=True):
            saved[place] = record
    if made:
        places = [place for place, _ in made]
        try:
            records = await _placed(targets, places, create(unit, access, [sent for _, sent in made], 0))
        except (asyncpg.UniqueViolationError, Clashing) as clash:
            error = clash.error if isinstance(clash, Clashing) else clash
            keys = {unique_name(access.entity, u) for u in access.entity.unique if set(u.fields) == set(dict(targets[places[0]].key))}
            if error.constraint_name not in keys:
                raise
            # Somebody made it meanwhile: the next try finds it.
            raise Overtaken from clash
        for place, record in zip(places, records, strict=True):
            saved[place] = record
    return saved


async def _placed(targets: Sequence[Target], places: Sequence[int], saving: Awaitable[list[Saved]]) -> list[Saved]:
    """Give what is wrong with records the number of the change it came by."""
    with _at_rows([targets[place].rows[0].place for place in places]):
        return await saving


@contextmanager
def _at_rows(numbers: Sequence[int]) -> Iterator[None]:
    """Give what is wrong with some records the numbers of their changes."""
    try:
        yield
    except RecordInvalid as invalid:
        issues = []
        for found in invalid.issues:
            number, _, rest = found.pointer.removeprefix("/").partition("/")
            issues.append(found.at(f"/rows/{numbers[int(number)]}{f'/{rest}' if rest else ''}"))
        raise RecordInvalid(tuple(issues)) from invalid


def _called(judge: Judge, target: Target) -> str:
    """Return what a record is called as far as its own title says it to whoever asks."""
    seen = access_for(judge.unit.site, judge.unit.model, judge.unit.actor, judge.plan.entity.key).seen
    titled = seen.fields.get(seen.title)
    title = None if titled is None or target.before is None else value_shown(titled, target.before.get(titled.key))
    return title if isinstance(title, str) else ""


def _limit(field: Field, code: str, limit: Decimal) -> Broken:
    return Broken("", issue(MESSAGES, code, "", None, name=field.name, limit=number_text(limit)).message)


def _together(rows: Sequence[Row]) -> Values:
    """Return the values that changes of one record set together; raises RecordInvalid where two set a field otherwise."""
    put: Values = {}
    issues = []
    for row in rows:
        for name, value in row.put.items():
            if name in put and put[name] != value:
                issues.append(issue(MESSAGES, "record-guarded-twice", f"/rows/{row.place}/set/{name}", None, name=name))
            put[name] = value
    if issues:
        raise RecordInvalid(tuple(issues))
    return put


def _sum(amounts: Iterable[Amounts]) -> dict[str, Decimal]:
    total: dict[str, Decimal] = {}
    for one in amounts:
        for name, amount in one.items():
            total[name] = total.get(name, Decimal(0)) + amount
    return total
