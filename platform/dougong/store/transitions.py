"""Which transitions are open to an actor now: ids of records in, the keys of their transitions out, in one SELECT."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, and_, bindparam, case, cast, func, literal, null, or_, select
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID
from sqlalchemy.dialects.postgresql import array

from dougong.model.app_model import AppModel
from dougong.permissions.access import access_for
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.read import judging_rows, moment
from dougong.store.statement import Statement, compile_statement
from engines.dataset.rows import Rows
from engines.dataset.sql import live
from engines.entity.actions import TRANSITION
from engines.entity.entity import Entity, Formula, Transition


async def read_transitions(site: Site, model: AppModel, actor: Actor, entity: Entity, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[str]]:
    """Return the transitions of each record that it is in the state for, whose guard holds, and that the actor may take."""
    taken = access_for(site, model, actor, entity.key).rows
    if entity.states is None or taken.keys().isdisjoint(f"{TRANSITION}.{key}" for key in entity.states.transitions):
        return {}  # who may take none needs no question to be told so
    shape = (model, "transitions", entity.key, actor.rights)
    statement: Statement | None = site.compiled.get(shape)
    if statement is None:
        statement = _statement(site, model, actor, entity)
        site.keep(shape, statement)
    values = moment(site, actor) | {"ids": list(ids)}
    return {row["id"]: row["open"] for row in await site.pool.fetch(statement.sql, *statement.arguments(values))}


def _statement(site: Site, model: AppModel, actor: Actor, entity: Entity) -> Statement:
    states = entity.states
    assert states is not None
    rows = judging_rows(site, model, actor, entity)
    where = [rows.root.c.id == bindparam("ids", type_=ARRAY(SQL_UUID())).any_(), live(rows)]
    access = access_for(site, model, actor, entity.key)
    condition = access.rows.get("read")
    if not access.allows("read"):
        where.append(literal(False))
    elif condition is not None:
        where.append(rows.policy(condition.tree))
    state = func.coalesce(rows.column((states.key,)), states.start)
    allowed = [(one, access.rows[name]) for one in states.transitions.values() if (name := f"{TRANSITION}.{one.key}") in access.rows]
    if not allowed:
        where.append(literal(False))
    keys: list[ColumnElement[Any]] = [_if_open(rows, state, transition, may) for transition, may in allowed]
    open_ = func.array_remove(cast(array(keys), ARRAY(Text())), null())
    return compile_statement(select(rows.root.c.id, open_.label("open")).select_from(rows.source).where(and_(*where)))


def _if_open(rows: Rows, state: ColumnElement[Any], transition: Transition, may: Formula | None) -> ColumnElement[Any]:
    condition = or_(*(state == source for source in transition.sources))
    if may is not None:
        condition = and_(condition, rows.policy(may.tree))
    if transition.when is not None:
        condition = and_(condition, rows.condition(transition.when.tree))
    return case((condition, literal(transition.key, Text())), else_=null())
