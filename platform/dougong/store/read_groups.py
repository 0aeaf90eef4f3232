"""Reading groups and facets of a list: an actor's question in, JSON bytes out, through one SELECT that the actor's policies have joined."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select

from dougong.model.app_model import AppModel
from dougong.permissions.access import access_for, seen_by
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.errors import QueryInvalid
from dougong.store.group_request import FacetRequest, GroupRequest, read_facets_query, read_groups_query
from dougong.store.page_request import PageRequest
from dougong.store.read import actor_context, moment, readable_entity, sources
from dougong.store.statement import Statement, compile_statement
from engines.dataset.facets import facets_sql
from engines.dataset.groups import groups_sql
from engines.dataset.query import Sources
from engines.entity.entity import Entity
from engines.expression.sql_context import NotPushable, SqlContext
from engines.expression.tree import TypedTree

Known = Callable[[str], bool]
Make = Callable[[Entity, TypedTree | None, Known, Sources, SqlContext], Select[Any]]


async def read_groups(site: Site, model: AppModel, actor: Actor, entity_key: str, request: GroupRequest) -> bytes:
    """Return a page of groups as JSON; raises QueryInvalid with an issue for each wrong parameter."""

    def make(entity: Entity, tree: TypedTree | None, is_known: Known, from_: Sources, context: SqlContext) -> Select[Any]:
        return groups_sql(read_groups_query(seen_by(site, model, actor), entity, request, tree, is_known), from_, context)

    values = {"limit": request.limit, "offset": request.offset}
    return await _read(site, model, actor, entity_key, ("groups", request.shape), request.of, values, make)


async def read_facets(site: Site, model: AppModel, actor: Actor, entity_key: str, request: FacetRequest) -> bytes:
    """Return the commonest values of fields with their counts as JSON; raises QueryInvalid with an issue for each wrong parameter."""

    def make(entity: Entity, tree: TypedTree | None, is_known: Known, from_: Sources, context: SqlContext) -> Select[Any]:
        return facets_sql(read_facets_query(seen_by(site, model, actor), entity, request, tree, is_known), from_, context)

    chosen = request.chosen or {}
    values: dict[str, Any] = {"limit": request.limit}
    for number, key in enumerate(dict.fromkeys(request.fields)):
        values[f"chosen_{number}"] = [value for value in chosen.get(key, ()) if value is not None]
    return await _read(site, model, actor, entity_key, ("facets", request.shape), request.of, values, make)


async def _read(
    site: Site, model: AppModel, actor: Actor, entity_key: str, asked: tuple[object, ...], of: PageRequest, values: Mapping[str, Any], make: Make
) -> bytes:
    access = readable_entity(site, model, actor, entity_key)
    shape = (model, *asked, entity_key, actor.rights)
    statement: Statement | None = site.compiled.get(shape)
    if statement is None:
        condition = access.rows["read"]
        tree = None if condition is None else condition.tree
        try:
            made = make(
                access.seen, tree, lambda key: access_for(site, model, actor, key).allows("read"),
                sources(site, model, actor), actor_context(site, model, actor),
            )  # fmt: skip
            statement = compile_statement(made)
        except NotPushable as refused:
            raise QueryInvalid((refused.issue.at("/filter"),)) from refused
        site.keep(shape, statement)
    words = of.words
    if words is not None:
        values = {**values, **words.bound}
    found: bytes = await site.pool.fetchval(statement.sql, *statement.arguments({**moment(site, actor), **values}))
    return found
