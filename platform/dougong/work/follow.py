"""Moves of records in; every computed field that follows them brought up to date in the same transaction, in published order.

What a field reads is first locked, or was by whoever changed it; then, in a statement of its own, it is aggregated: such a
statement sees all that was committed before the lock was got.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import orjson

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.permissions.actor import SYSTEM
from dougong.sites import Site
from dougong.store.fill_by_record import RecordFill, fill_some
from dougong.store.read import moment
from dougong.store.recompute import add_sql, column_of, hop_sql, image_keys, lock_sql, recompute
from dougong.store.save import Executor, Values
from dougong.store.statement import Statement, compile_statement
from dougong.work.moves import Move, Moves, as_read, begins, matters, starts
from dougong.work.unit import Unit
from engines.entity.compute import ComputePlan
from engines.entity.entity import Entity, Field
from engines.entity.graph import Hold, Link, Node, Ref, Step, Way
from engines.expression.failure import EvalContext
from engines.expression.sql_context import NotPushable
from engines.values.decimals import ZERO, number_text, round_half_up

Ids = set[UUID]
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""The time for shares in sums, which do not depend on it."""


async def followers(site: Site, model: AppModel, executor: Executor, plan: ComputePlan) -> tuple[AppModel, ...]:
    """Return the apps in which something is computed from records of an entity: its own, and for people all others."""
    found = (model,) if model.graph.follows(plan.keys) else ()
    if model.app != ORGANIZATION:
        return found
    named = [f"{ORGANIZATION}.{key}" for key in plan.keys]
    return (*found, *(app for app in await site.apps(executor) if app.graph.follows(named)))


async def hold(unit: Unit, models: Iterable[AppModel], moves: Moves) -> None:
    """Lock what records are about to begin to point to, as far as computed fields read it, before they are saved."""
    for model in models:
        for entity, moved in moves.items():
            holds = model.graph.holds.get(_named(model, unit, entity), ())
            if holds:
                await _hold(unit.executor, model, holds, moved)


async def follow(unit: Unit, models: Iterable[AppModel], plan: ComputePlan, moves: Moves) -> None:
    """Compute anew what follows the moves of saved records; `unit.touched` gets the records of the app that differ now."""
    for model in models:
        following = Following(unit.executor, unit.site, model)
        for entity, moved in moves.items():
            following.note(_named(model, unit, entity), moved, plan)
        if following.waiting or following.amounts:
            if model is not unit.model:
                await unit.executor.fetch("SELECT dougong.check_version($1, $2)", model.app, model.version)
            await following.run()
        if model is unit.model:
            unit.touched.update(following.touched)


def _named(model: AppModel, unit: Unit, entity: str) -> str:
    """Return how a model calls an entity of the app that is written to."""
    return entity if model is unit.model else f"{ORGANIZATION}.{entity}"


async def _hold(executor: Executor, model: AppModel, holds: Sequence[Hold], moved: Sequence[Move]) -> None:
    begun: dict[tuple[Ref, ...], Ids] = {}
    following: dict[tuple[Ref, ...], set[Ref]] = {}
    for one in holds:
        # The record around a row is being saved itself, so its image says where it points.
        is_row = one.refs[0].field == "parent"
        refs = one.refs[1:] if is_row else one.refs
        images = [(move.owner if is_row else move.after) or {} for move in moved if begins(one, move)]
        ids = {found for image in images for found in _pointed(image, refs[0].field)} if refs else set()
        if ids:
            begun.setdefault(refs[:1], set()).update(ids)
            for place in range(1, len(refs)):
                following.setdefault(refs[:place], set()).add(refs[place])
    while begun:
        begun = await _hold_level(executor, model, begun, following)


def _pointed(image: Values, key: str) -> Sequence[UUID]:
    """Return what a reference, or a list of them, leads to."""
    found = image.get(key)
    return () if found is None else found if isinstance(found, list) else (found,)


async def _hold_level(
    executor: Executor, model: AppModel, begun: dict[tuple[Ref, ...], Ids], following: dict[tuple[Ref, ...], set[Ref]]
) -> dict[tuple[Ref, ...], Ids]:
    """Lock records entity by entity, each entity's in the order of their ids; return what they point to in turn."""
    further: dict[tuple[Ref, ...], Ids] = {}
    for end in sorted({refs[-1].end for refs in begun}):
        here = {refs: ids for refs, ids in begun.items() if refs[-1].end == end}
        keys = sorted({ref.field for refs in here for ref in following.get(refs, ())})
        sql = lock_sql(model.entity(end), keys, all(refs[-1].is_shared for refs in here))
        rows = await executor.fetch(sql, list(set().union(*here.values())))
        for refs, ids in here.items():
            for ref in following.get(refs, ()):
                found = {row[ref.field] for row in rows if row["id"] in ids and row[ref.field] is not None}
                if found:
                    further[(*refs, ref)] = found
    return further


@dataclass(slots=True)
class Following:
    """What has to be computed anew in one app, and what was.

    waiting: by field, the ways to it and where they begin. amounts: by field that is a sum or a count, what to add to which record.
    touched: records that differ now, as entity key and id.
    """

    executor: Executor
    site: Site
    model: AppModel
    waiting: dict[Node, dict[Way, Ids]] = field(default_factory=dict)
    amounts: dict[Node, dict[UUID, Decimal]] = field(default_factory=dict)
    touched: set[tuple[str, UUID]] = field(default_factory=set)

    def note(self, entity: str, moved: Iterable[Move], plan: ComputePlan | None = None) -> None:
        """Take up what moves of an entity's records are of consequence for."""
        for link in self.model.graph.links.get(entity, ()):
            is_known = plan is not None and not link.way and _known_as(plan, link.target) in plan.known
            inverse = self.model.graph.additive.get(link.target) if link.way else None
            for move in moved:
                if matters(link, move) and not (is_known and move.is_new):
                    if inverse is not None and self._add(link, inverse, move):
                        continue
                    begun = starts(link, move)
                    if begun:
                        self.waiting.setdefault(link.target, {}).setdefault(link.way, set()).update(begun)

    async def run(self) -> None:
        """Compute step by step; what differs then is of consequence for later steps."""
        for step in self.model.graph.steps:
            ways: dict[Way, Ids] = {}
            for key in step.fields:
                for way, begun in self.waiting.get((step.entity, key), {}).items():
                    ways.setdefault(way, set()).update(begun)
            ids: Ids = set()
            for way, begun in ways.items():
                ids |= await self._back(way, begun)
            ids |= await self._add_up(step, ids)
            if ids:
                await self._compute(step, ids)

    def _add(self, link: Link, inverse: str, move: Move) -> bool:
        """Note by how much a sum changes for each record that a move leaves or comes to; False where only summing anew can tell."""
        entity, key = link.target
        field = self.model.entities[entity].fields[key]
        assert field.formula is not None
        context = EvalContext(_NEVER, self.site.zone)
        amounts: dict[UUID, Decimal] = {}
        for image, sign in ((move.before, -1), (move.after, 1)):
            target = None if image is None else image.get(link.way[0].field or "")
            if image is None or target is None:
                continue
            share = field.formula.run({inverse: [as_read(self.model.entity(link.source), image)]}, context)
            amount = ZERO if share is None else share
            if not isinstance(amount, Decimal) or round_half_up(amount, field.scale or 0) != amount:
                return False
            amounts[target] = amounts.get(target, ZERO) + sign * amount
        noted = self.amounts.setdefault(link.target, {})
        for target, amount in amounts.items():
            noted[target] = noted.get(target, ZERO) + amount
        return True

    async def _add_up(self, step: Step, computed: Ids) -> Ids:
        """Add to the sums of a step, but for records that are computed anyway; return those that have to be: their sum was a blank."""
        entity = self.model.entity(step.entity)
        added: dict[UUID, dict[str, Decimal]] = {}
        for key in step.fields:
            for target, amount in self.amounts.get((step.entity, key), {}).items():
                if amount and target not in computed:
                    added.setdefault(target, {})[key] = amount
        if not added:
            return set()
        fields = [entity.fields[key] for key in step.fields if any(key in amounts for amounts in added.values())]
        keys = tuple(dict.fromkeys([*image_keys(fields), *self._kept_keys(step.entity)]))
        shape = (self.model, "add", step.entity, tuple(one.key for one in fields))
        sql: str | None = self.site.compiled.get(shape)
        if sql is None:
            sql = add_sql(entity, fields, keys)
            self.site.keep(shape, sql)
        given = [
            {"id": str(target), **{one.column or one.key: number_text(amounts.get(one.key, ZERO)) for one in fields}}
            for target, amounts in added.items()
        ]
        moved = []
        for row in await self.executor.fetch(sql, orjson.dumps(given).decode()):
            after = dict(row.items())
            amounts = added.pop(row["id"])
            moved.append(Move({**after, **{key: after[key] - amount for key, amount in amounts.items()}}, after))
            self._touch(entity, after)
        self.note(step.entity, moved)
        return set(added)

    async def _back(self, way: Way, ids: Ids) -> Ids:
        """Return the records that a way leads to, whose first step is done where it was in an image."""
        for place, hop in enumerate(way):
            if not ids:
                return ids
            end = self.model.entity(hop.end)
            if place or hop.kind not in ("target", "owner"):
                rows = await self.executor.fetch(hop_sql(hop, self.model.entity(hop.start), end), list(ids))
                ids = {row["id"] for row in rows}
            if hop.is_held and ids:
                await self.executor.fetch(lock_sql(end, ()), list(ids))
        return ids

    async def _compute(self, step: Step, ids: Ids) -> None:
        entity = self.model.entity(step.entity)
        fields = [entity.fields[key] for key in step.fields]
        keys = tuple(dict.fromkeys([*image_keys(fields), *self._kept_keys(step.entity)]))
        before = {row["id"]: dict(row.items()) for row in await self.executor.fetch(lock_sql(entity, keys), list(ids))}
        if not before:
            return
        after = {record_id: dict(image) for record_id, image in before.items()}
        for record_id, new in await self._recompute(entity, fields, list(before)):
            after[record_id].update(new)
            self._touch(entity, after[record_id])
        moved = [Move(before[record_id], image) for record_id, image in after.items() if image != before[record_id]]
        if moved:
            self.note(step.entity, moved)

    def _kept_keys(self, entity: str) -> list[str]:
        """Return the keys an image needs so that the ways from it can begin."""
        firsts = [link.way[0] for link in self.model.graph.links.get(entity, ()) if link.way]
        keys = {hop.field for hop in firsts if hop.kind == "target" and hop.field is not None}
        links = self.model.graph.links.get(entity, ())
        shares = {key for link in links if link.way and link.target in self.model.graph.additive for key in link.fields}
        keys |= set(image_keys(self.model.entity(entity).fields[key] for key in shares))
        is_row = self.model.entity(entity).parent is not None
        return [*sorted(keys), "parent"] if is_row else sorted(keys)

    def _touch(self, entity: Entity, image: Values) -> None:
        if entity.app == self.model.app:
            self.touched.add((entity.key, image["id"]) if entity.parent is None else (entity.parent, image["parent"]))

    async def _recompute(self, entity: Entity, fields: Sequence[Field], ids: list[UUID]) -> list[tuple[UUID, Values]]:
        """Return the new values of those records that differ from what was saved."""
        shape = (self.model, "recompute", entity.key, tuple(one.key for one in fields))
        made: tuple[Statement | None, tuple[Field, ...]] | None = self.site.compiled.get(shape)
        if made is None:
            made = _compiled(self.site, self.model, entity, fields)
            self.site.keep(shape, made)
        statement, others = made
        found: list[tuple[UUID, Values]] = []
        if statement is not None:
            values = moment(self.site, SYSTEM) | {"ids": ids}
            rows = await self.executor.fetch(statement.sql, *statement.arguments(values))
            found += [(row["id"], dict(row.items())) for row in rows]
        for one in others:
            for row in await fill_some(self.executor, self.site, RecordFill(self.model, entity, one), ids):
                new = {one.key: row["value"]} | ({f"{one.key}__error": row["error"]} if one.error_column is not None else {})
                found.append((row["id"], new))
        return found


def _known_as(plan: ComputePlan, node: Node) -> str:
    entity, key = node
    return key if entity == plan.entity.key else f"{entity.partition('.')[2]}.{key}"


def _compiled(site: Site, model: AppModel, entity: Entity, fields: Sequence[Field]) -> tuple[Statement | None, tuple[Field, ...]]:
    """Return the statement that computes fields, and the fields that PostgreSQL cannot compute."""
    pushable: list[Field] = []
    others: list[Field] = []
    for one in fields:
        try:
            compile_statement(recompute(site, model, entity, [one], True))
            pushable.append(one)
        except NotPushable:
            others.append(one)
    if not pushable:
        return None, tuple(others)
    made = recompute(site, model, entity, pushable, True)
    table = made.table
    shown = [table.c[column_of(entity, key)].label(key) for key in image_keys(pushable)]
    return compile_statement(made.returning(table.c.id, *shown)), tuple(others)
