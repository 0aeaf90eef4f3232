"""A document in; what publishing it would do to the records there are out: done to some thousand of each table, looked at, and taken back."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

import asyncpg
from sqlalchemy import ARRAY, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.model.app_model import AppModel
from dougong.model.paths import Paths
from dougong.permissions.access import access_for
from dougong.permissions.actor import SYSTEM, Actor
from dougong.publishing.locks import PlannedStep, Size, planned_steps, read_sizes
from dougong.publishing.pause import pause
from dougong.publishing.plan import PublishPlan, Steps, plan
from dougong.publishing.publish import TRIES, hold_app
from dougong.publishing.samples import Samples, choose_samples, read_newest
from dougong.publishing.statements import run_statement, telling
from dougong.publishing.upkeep import keep_upkeep_off
from dougong.registry.errors import DefinitionInvalid
from dougong.sites import Site
from dougong.store.convert import conversion
from dougong.store.errors import TryAgain
from dougong.store.fill import Fill, Place, places_of
from dougong.store.names import quoted, table_name
from dougong.store.read import moment, rows_for
from dougong.store.save import Executor
from dougong.store.statement import compile_statement
from dougong.store.touched import FILLING
from engines.entity.entity import Entity, Field, Rule
from engines.expression.sql_context import NotPushable
from engines.values.issue import Issue

MOST_NAMED = 5
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """A computed value of one record, as text, before and after."""

    record: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about records of one entity. looked: how many were looked at, all of them where is_whole; count: how many it concerns.

    kind: `computed` values that would change, `rule`s that records break, values that are `lost` to another kind.
    """

    kind: Literal["computed", "rule", "lost"]
    pointer: str
    name: Labels
    looked: int
    is_whole: bool
    count: int
    records: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Unseen:
    """A computed field or a rule of which nothing is told, for a single record reads more others than were tried."""

    pointer: str
    name: Labels


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A plan, the sizes of the tables it concerns, its steps with their locks, and what was found. problems: what would stop it."""

    plan: PublishPlan
    sizes: tuple[Size, ...] = ()
    steps: tuple[PlannedStep, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[Issue, ...] = ()
    unseen: tuple[Unseen, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it will take, as a rule of thumb."""
        return sum(step.seconds for step in self.steps)


_NONE = object()
"""No rows at all."""


class _TakenBack(Exception):
    """Everything was looked at; the transaction is rolled back."""


async def rehearse(site: Site, actor: Actor, app: str, document: Mapping[str, Any]) -> Rehearsal:
    """Return what publishing a document would do; nothing is left of it. Raises TryAgain where others are in the way for long.

    Records and values of an entity are shown to whoever may read all its records; others are told how many.
    """
    found = await plan(site, app, document)
    if found.model is None or found.steps is None or found.basis is None or not found.basis.active.number:
        return Rehearsal(found)
    before = await site.app(app)
    sizes = await read_sizes(site.pool, found.model, found.steps, found.basis)
    steps = planned_steps(site, app, found.steps, sizes)
    lost = [one async for one in _lost(site, before, found.model)]
    for attempt in range(TRIES):
        try:
            samples = await choose_samples(site.pool, found.model, found.steps.fills, found.basis.tables)
            findings, unseen = await _tried(site, before, found.model, found.steps, samples)
            told = tuple(_for(site, before, actor, one) for one in (*lost, *findings))
            return Rehearsal(found, sizes, steps, told, (), tuple(unseen))
        except DefinitionInvalid as refused:
            return Rehearsal(found, sizes, steps, tuple(_for(site, before, actor, one) for one in lost), refused.issues)
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            await pause(attempt)
    raise TryAgain()


def _for(site: Site, before: AppModel, actor: Actor, found: Finding) -> Finding:
    """Return a finding as somebody may see it."""
    key = found.pointer.split("/")[2]
    rows = access_for(site, before, actor, key).rows if key in before.entities else {}
    return found if rows.get("read", _NONE) is None else replace(found, records=(), examples=())


async def _tried(site: Site, before: AppModel, model: AppModel, steps: Steps, samples: Samples) -> tuple[list[Finding], list[Unseen]]:
    """Do to some records what would be done to all, look at them, and take it back."""
    findings: list[Finding] = []
    unseen: list[Unseen] = []
    try:
        async with site.pool.acquire() as connection, connection.transaction():
            await keep_upkeep_off(connection, (*steps.ddl.first, *steps.ddl.last))
            await hold_app(connection, model.app)
            await connection.fetch(FILLING)
            # Indexes are left out: to make them would hold others up, and duplicates are looked for by the plan.
            for statement in (*steps.ddl.first, *steps.ddl.last):
                await run_statement(connection, model, statement)
            for fill, looked in zip(steps.fills, samples.looked, strict=True):
                with telling(model):
                    findings += await _filled(connection, site, before, fill, samples, looked)
                if samples.newest[fill.entity.key] and not looked:
                    unseen += [Unseen(f"{fill.entity.pointer}/fields/{one.key}", one.name) for one in fill.fields]
            for entity, rule, reads in _rules(before, model, steps.fills):
                newest, is_whole = await read_newest(connection, entity)
                ids = samples.right(entity.key, newest, reads)
                if newest and not ids:
                    unseen.append(Unseen(f"{entity.pointer}/rules/{rule.key}", rule.message))
                findings += await _broken(connection, site, model, entity, rule, ids, is_whole and len(ids) == len(newest))
            raise _TakenBack
    except _TakenBack:
        return findings, unseen


async def _filled(
    executor: Executor, site: Site, before: AppModel, fill: Fill, samples: Samples, ids: list[UUID]
) -> list[Finding]:
    """Fill some records; of computed fields that were there before, tell how many have another value now."""
    former = before.entities.get(fill.entity.key)
    told = [] if fill.sets or former is None else [(one, former.fields.get(one.key)) for one in fill.fields]
    known = [(one, was) for one, was in told if was is not None and was.column is not None]
    was = {one.key: await _texts(executor, fill.entity, former_one, ids) for one, former_one in known}
    await fill.fill_some(executor, site, samples.tried[fill.entity.key])
    is_whole, findings = samples.is_all(fill, ids), []
    for one, _ in known:
        now = await _texts(executor, fill.entity, one, ids)
        changed = [record for record in ids if was[one.key][record] != now[record]]
        titles = await _titles(executor, before, former or fill.entity, changed[:MOST_NAMED])
        examples = tuple(Example(titles[record], was[one.key][record], now[record]) for record in changed[:MOST_NAMED])
        if changed:
            at = f"{fill.entity.pointer}/fields/{one.key}"
            findings.append(Finding("computed", at, one.name, len(ids), is_whole, len(changed), (), examples))
    return findings


async def _texts(executor: Executor, entity: Entity, field: Field, ids: Sequence[UUID]) -> dict[UUID, str | None]:
    column = quoted(field.column or "")
    text = f"trim_scale({column})::text" if field.value_type.name == "number" else f"{column}::text"
    if field.error_column is not None:
        text = f"coalesce('#' || {quoted(field.error_column)}, {text})"
    rows = await executor.fetch(f"SELECT id, {text} AS value FROM {table_name(entity)} WHERE id = ANY($1::uuid[])", list(ids))
    return {row["id"]: row["value"] for row in rows}


def _rules(before: AppModel, model: AppModel, fills: Sequence[Fill]) -> Iterator[tuple[Entity, Rule, frozenset[Place]]]:
    """Give the rules that are new, say something else, or read what is filled in, with all the fields they read."""
    paths = Paths(model.app, dict(model.entities), model.organization)
    filled = {place for fill in fills for place in fill.places}
    for entity in model.entities.values():
        former = before.entities.get(entity.key)
        known = {} if former is None else {rule.key: rule.check.text for rule in former.rules}
        for rule in entity.rules if former is not None else ():
            reads = frozenset(place for path in rule.check.reads for place in places_of(paths, entity, path))
            if known.get(rule.key) != rule.check.text or reads & filled:
                yield entity, rule, reads


async def _broken(
    executor: Executor, site: Site, model: AppModel, entity: Entity, rule: Rule, ids: Sequence[UUID], is_whole: bool
) -> list[Finding]:
    try:
        rows = rows_for(site, model, SYSTEM, entity)
        holds = func.coalesce(rows.condition(rule.check.tree), literal_column("false")).label("holds")
        chosen = rows.root.c.id == bindparam("ids", type_=ARRAY(SQL_UUID())).any_()
        live = () if entity.parent is not None else (rows.root.c.deleted_at.is_(None),)
        statement = compile_statement(select(rows.root.c.id, holds).select_from(rows.source).where(chosen, *live))
    except NotPushable:
        return []  # it asks what was before a change, which no saved record has
    found = await executor.fetch(statement.sql, *statement.arguments(moment(site, SYSTEM) | {"ids": list(ids)}))
    wrong = [row["id"] for row in found if not row["holds"]]
    if not wrong:
        return []
    titles = await _titles(executor, model, entity, wrong[:MOST_NAMED])
    at = f"{entity.pointer}/rules/{rule.key}"
    return [Finding("rule", at, rule.message, len(found), is_whole, len(wrong), tuple(titles.values()))]


async def _lost(site: Site, before: AppModel, model: AppModel) -> AsyncIterator[Finding]:
    """Give the values that cannot go over to another kind, with the first records that have one; all records are looked at."""
    for key, entity in before.entities.items():
        after = model.entities.get(key)
        for field in entity.stored_fields if after is not None else ():
            wanted = after.fields.get(field.key) if after is not None else None
            if wanted is None or wanted.column == field.column or wanted.formula is not None or field.formula is not None:
                continue
            rule = conversion(field, wanted, str(site.zone))
            if rule is not None:
                sql = f"SELECT id, count(*) OVER () AS n FROM {table_name(entity)} WHERE {rule.is_lost} ORDER BY id DESC LIMIT {MOST_NAMED}"
                rows = await site.pool.fetch(sql)
                if rows:
                    titles = await _titles(site.pool, before, entity, [row["id"] for row in rows])
                    values = await _texts(site.pool, entity, field, [row["id"] for row in rows])
                    examples = tuple(Example(titles[row["id"]], values[row["id"]], None) for row in rows)
                    at, count = f"{entity.pointer}/fields/{field.key}", rows[0]["n"]
                    yield Finding("lost", at, field.name, count, True, count, (), examples)


async def _titles(executor: Executor, model: AppModel, entity: Entity, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return what records are called, rows by what owns them."""
    owner = model.entities[entity.parent] if entity.parent is not None else entity
    title = quoted(owner.fields[owner.title].column or "id")
    joined = f" JOIN {table_name(owner)} o ON o.id = t.parent" if owner is not entity else f" JOIN {table_name(owner)} o ON o.id = t.id"
    sql = f"SELECT t.id, coalesce(o.{title}::text, o.id::text) AS title FROM {table_name(entity)} t{joined} WHERE t.id = ANY($1::uuid[])"
    found = {row["id"]: row["title"] for row in await executor.fetch(sql, list(ids))}
    return {record: found[record] for record in ids if record in found}
