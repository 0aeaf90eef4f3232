"""Records that references point to: what was sent in, what copies and rules need of the targets out, in one SELECT."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ARRAY, JSON, Text, and_, any_, bindparam, case, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.model.app_model import AppModel
from dougong.model.resolve_expressions import value_types
from dougong.permissions.access import Access, access_for
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.file_access import usable
from dougong.store.read import actor_context, judging_sources
from dougong.store.save import Pointing, Values
from dougong.store.statement import Statement, compile_statement
from dougong.work.unit import Unit
from engines.dataset.rows import Rows
from engines.dataset.sql import live
from engines.entity.compute import ComputePlan, Found, judging
from engines.entity.entity import FILES, Entity, Field
from engines.entity.files import FILE_FACTS, file_issues
from engines.entity.messages import MESSAGES
from engines.expression.references import is_steady
from engines.expression.sql_context import SqlContext
from engines.values.frozen import frozen
from engines.values.issue import Issue, issue
from engines.values.value_types import AnyRecord, ErrorValue, ValueType, entities_of, name_among


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """A reference field and what is read of the records it points to, for actors of some roles; compared by identity.

    line: key of its lines field, None for the record's own. to: key of the entity looked into; a reference to any has a need for
    each of its own. readers: what makes a value of the JSON that PostgreSQL
    writes for each key, None where it is the value. is_steady: what is found depends on nothing but the target itself,
    so that it holds as long as the target keeps its revision; of_user: and on who asks.
    """

    line: str | None
    field: Field
    to: str
    keys: tuple[str, ...]
    readers: tuple[Callable[[str], Any] | None, ...]
    is_read_by_rules: bool
    is_steady: bool
    of_user: bool

    def place(self, target: UUID, user: UUID) -> Hashable:
        """Return the key under which what a user was found is kept, also for others where it is the same for them."""
        return (self, target, user) if self.of_user else (self, target)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "number": Decimal,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "record": UUID,
}


_USER = frozenset({"CURRENTUSER"})
"""What gives the same to a user again and again, and not to others."""


@frozen
class Sent:
    """A record as it was, None when it is new, and what was sent for it."""

    before: Values | None
    sent: Values


@frozen
class LookedUp:
    """Targets by entity and id; for each record the issues of references that are missing or refused; what is new to hold."""

    found: Found
    missing: list[list[Issue]]
    pointing: Pointing


async def look_up(unit: Unit, plan: ComputePlan, records: Sequence[Sent]) -> LookedUp:
    """Return what the references of the records point to, for a save.

    The first try at new records takes targets as an earlier request found them, with their revision, which the save
    checks; a target that has changed since makes the request start again, and then look. It saves a round trip.
    """
    if not unit.is_locking and all(record.before is None for record in records):
        needs, targets, _ = _compiled(unit, plan)
        wanted = [_wanted_when_new(need, records) for need in needs]
        remembered = _recall(unit, needs, targets, wanted, len(records))
        if remembered is not None:
            return remembered
    return await look(unit, plan, records)


async def look(unit: Unit, plan: ComputePlan, records: Sequence[Sent]) -> LookedUp:
    """Return what the references of the records point to at this moment.

    Only references that are set or changed are judged: a record may keep pointing to something it could not point to now.
    """
    needs, targets_of, statement = _compiled(unit, plan)
    wanted = [_wanted(need, records) for need in needs]
    if not any(wanted):
        return LookedUp({}, [[] for _ in records], Pointing((), ()))
    now = unit.change_set.at
    ids = orjson.dumps(wanted, default=str).decode()
    own = {record.before["id"] for record in records if record.before is not None}
    values = {"now": now, "today": now.date(), "user": unit.actor.id, "ids": ids, "records": list(own)}
    rows = await unit.executor.fetch(statement.sql, *statement.arguments(values))
    found: dict[str, dict[UUID, Values]] = {}
    refused: set[tuple[int, UUID]] = set()
    for index, (need, targets) in enumerate(zip(needs, orjson.loads(rows[0][0]), strict=True)):
        _take(unit, need, index, targets or (), found, refused)
    fresh: list[dict[str, int | None]] = [
        {
            str(value): None
            for record in records
            for _, is_new, value in _values(need, record)
            # A record that points to itself, or to one saved with it, is held by the save already.
            if is_new and not (entity is plan.entity and value in own)
        }
        for need, entity in zip(needs, targets_of, strict=True)
    ]
    missing = [list(_judge(needs, record, found, refused)) for record in records]
    return LookedUp(found, missing, Pointing(targets_of, fresh))


def _compiled(unit: Unit, plan: ComputePlan) -> tuple[tuple[Need, ...], tuple[Entity, ...], Statement]:
    """Return the references of an entity and its rows, the entity each leads to, and the statement that looks into those."""
    site, model, actor = unit.site, unit.model, unit.actor
    shape = (model, "lookup", plan.entity.key, actor.rights)
    compiled: tuple[tuple[Need, ...], tuple[Entity, ...], Statement] | None = site.compiled.get(shape)
    if compiled is None:
        needs = tuple(_needs(site, model, actor, plan))
        compiled = needs, tuple(model.entity(need.to) for need in needs), _statement(site, model, actor, plan.entity, needs)
        site.keep(shape, compiled)
    return compiled


def _recall(unit: Unit, needs: Sequence[Need], targets: tuple[Entity, ...], wanted: Sequence[Sequence[UUID]], count: int) -> LookedUp | None:
    """Return what earlier requests of the same roles found, None unless all of it is there."""
    found: dict[str, dict[UUID, Values]] = {}
    held: list[dict[str, int | None]] = []
    for need, ids in zip(needs, wanted, strict=True):
        records = found.setdefault(need.to, {})
        revisions: dict[str, int | None] = {}
        for target in ids:
            kept: tuple[str, int, Values] | None = unit.site.targets.get(need.place(target, unit.actor.id))
            if kept is None:
                return None
            text, revision, values = kept
            revisions[text] = revision
            others = records.setdefault(target, values)
            if others is not values:
                records[target] = {**others, **values}
        held.append(revisions)
    return LookedUp(found, [[] for _ in range(count)], Pointing(targets, held))


def _needs(site: Site, model: AppModel, actor: Actor, plan: ComputePlan) -> Iterator[Need]:
    paths = {path for formula in judging(plan.entity) for path in formula.reads if len(path) > 1}
    for line, entity in ((None, plan.entity), *plan.lines.items()):
        for field in (*entity.reference_fields, *entity.link_fields, *entity.any_fields):
            copied = {
                f.copy.source for f in entity.fields.values() if f.copy is not None and f.copy.reference == field.key
            }
            for to in field.any_of or (field.target or "",):
                ruled = set(_ruled(field, to, paths if line is None else ()))
                if field.is_writable or copied or ruled:
                    judged = FILE_FACTS if field.links == FILES else ()
                    keys = tuple(sorted({*copied, *ruled, *judged}))
                    types = value_types(model.entity(to))
                    readers = tuple(_reader(types[key]) for key in keys)
                    access = access_for(site, model, actor, to)
                    is_steady, of_user = _is_steady(model, field, to, keys, access), access.rows.get("read") is not None
                    yield Need(line, field, to, keys, readers, bool(ruled), is_steady, of_user)


def _ruled(field: Field, to: str, paths: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Give what rules read of the records of an entity that a field points to."""
    for path in paths:
        if path[0] == field.key and not field.any_of:
            yield path[1]
        elif path[0] == field.key and len(path) > 2 and path[1] == name_among(to):
            yield path[2]


def _reader(value_type: ValueType) -> Callable[[Any], Any] | None:
    read = _any_record if entities_of(value_type) else _READERS.get(value_type.name)
    if not value_type.fails:
        return read

    def read_failing(found: Any) -> Any:  # noqa: ANN401 – any JSON
        if isinstance(found, dict):
            return ErrorValue(found["error"])
        return found if read is None else read(found)

    return read_failing


def _any_record(found: Mapping[str, str]) -> AnyRecord:
    return AnyRecord(found["entity"], UUID(found["id"]))


def _is_steady(model: AppModel, field: Field, to: str, keys: Sequence[str], access: Access) -> bool:
    """Whether what somebody is found of a target is the same as long as its revision is: far fields change without."""
    if field.links == FILES:  # which may be used depends on who asks
        return False
    readable = access.rows.get("read")
    if readable is not None and not (is_steady(readable.tree, _USER) and "read" in access.told):
        return False
    where, target = field.where, model.entity(to)
    read = {*keys, *(path[0] for path in (where.reads if where is not None else ()))}
    if any(key in target.inverses or (key in target.fields and target.fields[key].is_far) for key in read):
        return False
    return where is None or (is_steady(where.tree) and all(len(path) == 1 for path in where.reads))


def _statement(site: Site, model: AppModel, actor: Actor, of: Entity, needs: Sequence[Need]) -> Statement:
    context = actor_context(site, model, actor)
    parts = [_targets(site, model, actor, of, need, index, context) for index, need in enumerate(needs)]
    wanted = select(cast(bindparam("ids", type_=Text()), JSON).label("ids")).cte("wanted")
    return compile_statement(select(cast(func.json_build_array(*parts), Text)).select_from(wanted))


def _targets(
    site: Site, model: AppModel, actor: Actor, of: Entity, need: Need, index: int, context: SqlContext
) -> Any:  # noqa: ANN401
    from_ = judging_sources(site, model, actor)
    entity = model.entity(need.to)
    rows = Rows(entity, from_, context)
    readable = from_.readable(need.to)
    # One JSON parameter for all references: an array for each costs the server several times as much. As an array, not
    # as a set to join with, it always leads PostgreSQL to the primary key.
    ids = f"ARRAY(SELECT one::uuid FROM json_array_elements_text(wanted.ids -> {index}) AS one)"
    where = [rows.root.c.id == any_(literal_column(ids, ARRAY(SQL_UUID()))), live(rows)]
    if readable is False:
        where.append(literal_column("false"))
    elif readable is not None:
        where.append(rows.policy(readable))
    if need.field.links == FILES:
        where.append(usable(site, model, of, actor, rows.root))
    fits: Any = literal_column("true")
    if need.field.where is not None:
        fits = func.coalesce(rows.condition(need.field.where.tree), literal_column("false"))
    values = [_as_json(entity, rows, key) for key in need.keys]
    target = func.json_build_array(rows.root.c.id, rows.root.c.revision, fits, *values)
    return select(func.json_agg(target)).select_from(rows.source).where(and_(*where)).scalar_subquery()


def _as_json(entity: Entity, rows: Rows, key: str) -> Any:  # noqa: ANN401
    field = entity.fields.get(key)
    column = rows.column((key,))
    if field is not None and field.value_type.name == "number":
        column = cast(func.trim_scale(column), Text)
    if field is None or field.error_column is None:
        return column
    error = rows.column((f"{key}__error",))
    return case((error.is_(None), func.to_json(column)), else_=func.json_build_object("error", error))


def _wanted(need: Need, records: Sequence[Sent]) -> list[UUID]:
    ids = {value for record in records for _, _, value in _values(need, record)}
    return list(ids)


def _wanted_when_new(need: Need, records: Sequence[Sent]) -> list[UUID]:
    """Return the same for new records, of which only what they hold matters, not where it stands: most references of most saves."""
    if need.field.kind.is_list or need.field.any_of:
        return _wanted(need, records)
    key, line = need.field.key, need.line
    if line is None:
        held = [record.sent.get(key) for record in records]
    else:
        held = [row.get(key) for record in records for row in record.sent.get(line) or ()]
    return [target for target in dict.fromkeys(held) if target is not None]


def _values(need: Need, record: Sent) -> Iterator[tuple[str, bool, UUID]]:
    """Give each id a reference holds: where it stands, whether it was set or changed now, the id."""
    key = need.field.key
    if need.field.kind.is_list:
        yield from _list_values(need, record)
    elif need.line is None:
        was = None if record.before is None else record.before.get(key)
        if (target := _target_of(need, record.sent.get(key))) is not None:
            yield f"/{key}", record.sent[key] != was, target
        elif key not in record.sent and need.is_read_by_rules and (target := _target_of(need, was)) is not None:
            yield f"/{key}", False, target
    else:
        yield from _row_values(need, record)


def _row_values(need: Need, record: Sent) -> Iterator[tuple[str, bool, UUID]]:
    key, line = need.field.key, need.line or ""
    old = {} if record.before is None else {row["id"]: row for row in record.before[line]}
    for position, row in enumerate(record.sent.get(line) or ()):
        if (target := _target_of(need, row.get(key))) is not None:
            was = old.get(row["id"], {}).get(key)
            yield f"/{line}/{position}/{key}", row[key] != was, target


def _target_of(need: Need, value: UUID | AnyRecord | None) -> UUID | None:
    """Return the id in a value, None where it is blank or points to another entity than is looked into."""
    if isinstance(value, AnyRecord):
        return value.id if value.entity == need.to else None
    return value


def _list_values(need: Need, record: Sent) -> Iterator[tuple[str, bool, UUID]]:
    """Give each id a list holds, of the record or of its rows."""
    key, before = need.field.key, record.before or {}
    if need.line is None:
        was = before.get(key, ())
        if key in record.sent:
            yield from _entries(f"/{key}", record.sent[key], was)
        elif need.is_read_by_rules:
            yield from _entries(f"/{key}", was, was)
        return
    old = {row["id"]: row for row in before.get(need.line, ())}
    for position, row in enumerate(record.sent.get(need.line) or ()):
        if key in row:
            yield from _entries(f"/{need.line}/{position}/{key}", row[key], old.get(row["id"], {}).get(key, ()))


def _entries(pointer: str, ids: Sequence[UUID], was: Sequence[UUID]) -> Iterator[tuple[str, bool, UUID]]:
    known = set(was)
    for position, target in enumerate(ids):
        yield f"{pointer}/{position}", target not in known, target


def _take(
    unit: Unit,
    need: Need,
    index: int,
    targets: Sequence[Sequence[Any]],
    found: dict[str, dict[UUID, Values]],
    refused: set[tuple[int, UUID]],
) -> None:
    records = found.setdefault(need.to, {})
    for raw_id, revision, fits, *values in targets:
        target = UUID(raw_id)
        read: Values = {"id": target}
        for key, reader, value in zip(need.keys, need.readers, values, strict=True):
            read[key] = value if value is None or reader is None else reader(value)
        records[target] = {**records[target], **read} if target in records else read
        if not fits:
            refused.add((index, target))
        elif need.is_steady:
            unit.site.remember(need.place(target, unit.actor.id), (raw_id, revision, read))


def _judge(
    needs: Sequence[Need], record: Sent, found: Mapping[str, Any], refused: set[tuple[int, UUID]]
) -> Iterator[Issue]:
    for index, need in enumerate(needs):
        for pointer, is_new, target in _values(need, record):
            there = found.get(need.to, {}).get(target)
            if is_new and need.field.files is not None:
                yield from file_issues(need.field, pointer, there)
            elif is_new and there is None:
                yield issue(MESSAGES, "record-reference-missing", pointer, None, name=need.field.name)
            elif is_new and (index, target) in refused:
                yield issue(MESSAGES, "record-reference-refused", pointer, None, name=need.field.name)
