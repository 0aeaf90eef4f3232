"""A whole list: an actor's question in, batches of records as JSON bytes out, read through a cursor in one snapshot."""

from collections.abc import AsyncGenerator
from dataclasses import replace

from dougong.model.app_model import AppModel
from dougong.permissions.access import access_for, require, seen_by
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.errors import QueryInvalid
from dougong.store.page_request import PageRequest, read_query
from dougong.store.read import actor_context, moment, readable_entity, sources
from dougong.store.statement import compile_statement
from engines.dataset.query import Query
from engines.dataset.sql import rows_sql
from engines.expression.sql_context import NotPushable

BATCH = 1000


def whole_query(site: Site, model: AppModel, actor: Actor, entity_key: str, request: PageRequest) -> Query:
    """Return what is asked, policies included: records that may both be read and exported. Raises ActionDenied, QueryInvalid with an issue
    for each wrong parameter.
    """
    access = readable_entity(site, model, actor, entity_key)
    require(access, "export", actor)
    condition = access.rows["read"]
    tree = None if condition is None else condition.tree
    query = read_query(seen_by(site, model, actor), access.seen, request, tree, lambda key: access_for(site, model, actor, key).allows("read"))
    exported = access.rows["export"]
    return query if exported is None or exported is condition else replace(query, policies=(*query.policies, exported.tree))


async def read_all(
    site: Site, model: AppModel, actor: Actor, query: Query, request: PageRequest
) -> AsyncGenerator[list[bytes]]:
    """Give every record of a list in its order, a batch at a time; raises QueryInvalid where the filter cannot be asked of the database."""
    try:
        statement = compile_statement(rows_sql(query, sources(site, model, actor), actor_context(site, model, actor)))
    except NotPushable as refused:
        raise QueryInvalid((refused.issue.at("/filter"),)) from refused
    values = moment(site, actor) | request.bounds(query)
    async with site.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        cursor = await connection.cursor(statement.sql, *statement.arguments(values))
        while rows := await cursor.fetch(BATCH):
            yield [row[0] for row in rows]
