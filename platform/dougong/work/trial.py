"""What a formula being written gives for one record as it is saved: tree and record in, value out; nothing is kept or changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ARRAY, and_, bindparam, false, func, literal_column, null, select
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.model.app_model import AppModel
from dougong.model.known_paths import is_there
from dougong.model.paths import Paths, PathStep
from dougong.model.published import published
from dougong.model.resolve_expressions import formula_of, value_types
from dougong.permissions.access import Access, access_for, require, seen_by
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.before import read_before
from dougong.store.errors import EntityNotFound, RecordNotFound
from dougong.store.names import table_name
from dougong.store.read import rows_for
from dougong.store.statement import compile_statement
from dougong.work.asking import answered_once
from dougong.work.circumstances import context_of_tree
from dougong.work.perform import change_set_of
from dougong.work.request import Request
from dougong.work.unit import Unit
from engines.dataset.rows import Rows
from engines.dataset.sql import live
from engines.entity.entity import SYSTEM_TYPES, Entity
from engines.expression.references import references
from engines.expression.sql_context import NotPushable
from engines.expression.tree import TypedTree
from engines.values.value_types import AnyRecord, ErrorValue, Value, name_among

STATEMENT_LIMIT_MS = 3000
MOST_PARTS = 20
MOST_CHARACTERS = 500
"""Of a list so many parts are shown, of a text so many characters."""

_LIMIT = ErrorValue("LIMIT")


@dataclass(frozen=True, slots=True)
class Trial:
    """A formula to be tried. is_asked: it is used in queries, so that PostgreSQL computes it, not Python."""

    text: str
    tree: TypedTree
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it. value: of a list its first parts, of a text its beginning. count: how many a list or a text has in all.

    titles: of the records it gives, by id, as far as the actor may read them.
    """

    value: Value
    count: int | None
    titles: Mapping[str, str]


async def try_formula(site: Site, model: AppModel, actor: Actor, entity_key: str, record_id: UUID, trial: Trial) -> Tried | None:
    """Return what a formula over the draft gives for a saved record, as far as the actor may read; None where only publishing can tell, or who may read all it reads.

    Raises EntityNotFound, ActionDenied, RecordNotFound.
    """
    try:
        entity = model.entity(entity_key)
    except KeyError:
        raise EntityNotFound(entity=entity_key) from None
    access = access_for(site, model, actor, entity_key)
    require(access, "read", actor)
    found = published(trial.tree, model, entity)
    seen = seen_by(site, model, actor)
    if any(_is_published(model, entity, path) and not is_there(seen, access.seen, path) for path in references(found.tree)):
        return None
    async with site.pool.acquire() as connection, connection.transaction(readonly=True):
        await connection.execute(f"SET LOCAL statement_timeout = {STATEMENT_LIMIT_MS}")
        request = Request(model.app, actor, (), "preview")
        unit = Unit(connection, site, model, actor, change_set_of(site, request), False, await site.calendar(connection))
        is_far = any(step.kind == "members" and step.way[0].field is not None for step in _steps(model, entity, found.tree))
        compute = _asked if trial.is_asked or is_far else _computed
        try:
            async with connection.transaction():
                value = await compute(unit, access, record_id, replace(trial, tree=found.tree), found.has_lists)
        except (NotPushable, asyncpg.QueryCanceledError, asyncpg.DataError):
            value = _LIMIT
        if value is _UNKNOWN:
            return None
        count = len(value) if isinstance(value, list | tuple | str) else None
        shown = _beginning(value)
        return Tried(shown, count, await _titles(unit, trial.tree, shown))


def _is_published(model: AppModel, entity: Entity, path: tuple[str, ...]) -> bool:
    try:
        return is_there(model, entity, path)
    except KeyError:
        return False  # an entity of the draft


def _steps(model: AppModel, entity: Entity, tree: TypedTree) -> Iterator[PathStep]:
    paths = Paths(model.app, dict(model.entities), model.organization)
    for path in references(tree):
        yield from paths.steps(entity, path)


_UNKNOWN = object()


def _beginning(value: Value) -> Value:
    if isinstance(value, list | tuple):
        return [_beginning(part) for part in value[:MOST_PARTS]]
    return value[:MOST_CHARACTERS] if isinstance(value, str) else value


async def _asked(unit: Unit, access: Access, record_id: UUID, trial: Trial, has_lists: bool) -> Value:
    """Return the value as a query meets it."""
    rows = rows_for(unit.site, unit.model, unit.actor, access.seen)
    conditions = _readable(rows, access)
    value, error = (null(), null()) if has_lists else (rows.computed(trial.tree), rows.error(trial.tree))
    columns = (value.label("value"), (null() if error is None else error).label("error"))
    found = await _select(unit, rows, columns, conditions, [record_id])
    if not found:
        raise RecordNotFound()
    if has_lists:
        return _UNKNOWN
    return found[0]["value"] if found[0]["error"] is None else ErrorValue(found[0]["error"])


async def _computed(unit: Unit, access: Access, record_id: UUID, trial: Trial, has_lists: bool) -> Value:
    """Return the value as a form or a save computes it."""
    record = await _record(unit, access, record_id)
    formula = formula_of(trial.text, trial.tree)
    if formula.queries and has_lists:
        return _UNKNOWN
    context = replace(await context_of_tree(unit, trial.tree), old=dict(record))
    await _reach(unit, access, record, formula.reads)
    if formula.queries:
        context = await answered_once(unit, rows_for(unit.site, unit.model, unit.actor, access.seen), formula, record, context)
        record |= context.answers
    return formula.run(record, context)


async def _record(unit: Unit, access: Access, record_id: UUID) -> dict[str, Any]:
    """Return a record with its rows, or a row with the record around it, as formulas read them."""
    entity = access.entity
    if entity.parent is None:
        return await _owner(unit, access, record_id)
    rows = await unit.executor.fetch(f"SELECT parent FROM {table_name(entity)} WHERE id = $1", record_id)
    if not rows:
        raise RecordNotFound()
    owner = await _owner(unit, access_for(unit.site, unit.model, unit.actor, entity.parent), rows[0]["parent"])
    lists = (owner[field.key] for field in unit.model.entity(entity.parent).line_fields if field.lines == entity.key)
    # It may have been deleted since its record was looked for.
    row: dict[str, Any] | None = next((row for lines in lists for row in lines if row["id"] == record_id), None)
    if row is None:
        raise RecordNotFound()
    return row


async def _owner(unit: Unit, access: Access, record_id: UUID) -> dict[str, Any]:
    found = await read_before(unit.executor, unit.site, unit.model, unit.actor, access, "read", [record_id], False)
    if record_id not in found:
        raise RecordNotFound()
    owner = _with_errors(access.entity, found[record_id][0])
    for field in access.entity.line_fields:
        line = access_for(unit.site, unit.model, unit.actor, field.lines or "")
        rows = [_with_errors(line.entity, row) for row in owner[field.key]]
        await _hide(unit, line, rows)
        owner[field.key] = [row | {"parent": owner} for row in rows]
    await _hide(unit, access, [owner])
    return owner


async def _hide(unit: Unit, access: Access, records: Sequence[dict[str, Any]]) -> None:
    """Take out of records what the actor may not read in any, and make blank what they may not read in these."""
    for record in records:
        for key in access.entity.fields.keys() - access.seen.fields.keys():
            record.pop(key, None)
    limited = [field for field in access.seen.fields.values() if field.shown_when is not None]
    if not limited or not records:
        return
    rows = rows_for(unit.site, unit.model, unit.actor, access.seen)
    columns = [func.coalesce(rows.shown((field.key,)), false()).label(f"c{place}") for place, field in enumerate(limited)]
    shown = {row["id"]: row for row in await _select(unit, rows, [rows.root.c.id, *columns], (), [record["id"] for record in records])}
    for record in records:
        for place, field in enumerate(limited):
            if record["id"] not in shown or not shown[record["id"]][f"c{place}"]:
                record[field.key] = [] if field.lines is not None or field.links is not None else None


def _with_errors(entity: Entity, values: Mapping[str, Any]) -> dict[str, Any]:
    failing = (field.key for field in entity.stored_fields if field.error_column is not None)
    failed = {key: ErrorValue(code) for key in failing if (code := values.get(f"{key}__error")) is not None}
    # Formulas know ids by their own class, not by the driver's.
    return {key: UUID(bytes=value.bytes) if isinstance(value, UUID) else value for key, value in values.items()} | failed


async def _reach(unit: Unit, access: Access, record: dict[str, Any], reads: Iterable[tuple[str, ...]]) -> None:
    """Put into a record what its formula reads of the records it points to, as far as the actor may read those."""
    paths = sorted(path for path in reads if _leaves(unit.model, access.entity, path))
    if not paths:
        return
    rows = rows_for(unit.site, unit.model, unit.actor, access.seen)
    columns = []
    for place, path in enumerate(paths):
        target, _ = rows.join(path[:-1])
        field = target.fields.get(path[-1])
        is_failing = field is not None and field.error_column is not None
        error = rows.column((*path[:-1], f"{path[-1]}__error")) if is_failing else null()
        columns += [rows.value(path).label(f"v{place}"), error.label(f"e{place}")]
    found = (await _select(unit, rows, columns, _readable(rows, access), [record["id"]]))[0]
    for place, path in enumerate(paths):
        error = found[f"e{place}"]
        _put(record, path, found[f"v{place}"] if error is None else ErrorValue(error))


def _leaves(model: AppModel, entity: Entity, path: tuple[str, ...]) -> bool:
    """Whether a path goes through references alone, beyond the record and the one around it."""
    steps = enumerate(path[:-1])
    for place, key in steps:
        field = entity.fields.get(key)
        if field is not None and field.lines is not None:
            return False
        if field is not None and field.any_of:
            _, chosen = next(steps, (0, ""))
            to = next((one for one in field.any_of if name_among(one) == chosen), None)
            if to is None:
                return False
            entity = model.entity(entity.everywhere(to))
            continue
        if key == "parent" and entity.parent is not None:
            entity = model.entity(entity.parent)
            if place + 2 == len(path):
                return False
        elif field is not None and field.to is not None:
            entity = model.entity(entity.everywhere(field.to))
        elif key in SYSTEM_TYPES and value_types(entity)[key].name == "record" and key != "id":
            entity = (model.organization or model).entities["user"]
        else:
            return False
    field = entity.fields.get(path[-1])
    return len(path) > 1 and ((field is not None and field.column is not None) or path[-1] in SYSTEM_TYPES)


def _put(record: dict[str, Any], path: tuple[str, ...], value: Value) -> None:
    for key in path[:-1]:
        there = record.get(key)
        if there is None:
            return
        if isinstance(there, AnyRecord):
            there = record[key] = {"id": there, name_among(there.entity): {"id": there.id}, "entity": there.entity}
        if not isinstance(there, dict):
            there = record[key] = {"id": there}
        record = there
    record[path[-1]] = value


async def _titles(unit: Unit, tree: TypedTree, shown: Value) -> dict[str, str]:
    """Return the titles of the records among what is shown, by id."""
    parts = shown if isinstance(shown, list | tuple) else (shown,)
    ids = [part["id"] if isinstance(part, Mapping) else part for part in parts if isinstance(part, Mapping | UUID)]
    key = (tree.type.of or tree.type).entity
    if not ids or key is None:
        return {}
    access = access_for(unit.site, unit.model, unit.actor, key)
    if access.entity.parent is not None or not access.allows("read"):
        return {}
    rows = rows_for(unit.site, unit.model, unit.actor, access.seen)
    columns = (rows.root.c.id, rows.column((access.seen.title,)).label("title"))
    found = await _select(unit, rows, columns, _readable(rows, access), ids)
    return {str(row["id"]): str(row["title"]) for row in found if row["title"] is not None}


def _readable(rows: Rows, access: Access) -> list[Any]:
    condition = access.rows["read"]
    return [live(rows), literal_column("true") if condition is None else rows.policy(condition.tree)]


async def _select(unit: Unit, rows: Rows, columns: Iterable[Any], conditions: Iterable[Any], ids: list[UUID]) -> list[Any]:
    chosen = rows.root.c.id == bindparam("ids", type_=ARRAY(SQL_UUID())).any_()
    statement = compile_statement(select(*columns).select_from(rows.source).where(and_(chosen, *conditions)))
    now = unit.change_set.at
    values = {"now": now, "today": now.date(), "user": unit.actor.id, "ids": ids}
    return list(await unit.executor.fetch(statement.sql, *statement.arguments(values)))
