"""Reading: an actor's question in, JSON bytes out, through one SELECT that the actor's policies have joined."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Literal
from uuid import UUID

import orjson
from sqlalchemy import ARRAY, ColumnElement, Table, bindparam, literal_column
from sqlalchemy.dialects.postgresql import DATE, TEXT, TIMESTAMP
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.model.app_model import AppModel
from dougong.permissions.access import Access, access_for, require, seen_by
from dougong.permissions.actor import SYSTEM, Actor
from dougong.sites import AppNotFound, Site
from dougong.store.errors import EntityNotFound, QueryInvalid, RecordNotFound
from dougong.store.mine_sql import MineSql
from dougong.store.page_request import PageRequest, read_query
from dougong.store.people_sql import user_field
from dougong.store.statement import Statement, compile_statement
from engines.dataset.query import Query, Sources
from engines.dataset.record_sql import record_sql
from engines.dataset.rows import Rows, table_of
from engines.dataset.search import search_near
from engines.dataset.sql import COUNTED, matching_sql, page_sql
from engines.entity.entity import Entity
from engines.expression.sql_context import NotPushable, SqlContext
from engines.expression.tree import TypedTree

_NOTHING = b'{"records":[]'
_MORE = b'%d,"total_is_exact":false}' % COUNTED


def sql_context(site: Site) -> SqlContext:
    """Return the parameters `now`, `today` and `user` of every statement made from expressions."""
    return SqlContext(
        now=bindparam("now", type_=TIMESTAMP(timezone=True)),
        today=bindparam("today", type_=DATE()),
        user=bindparam("user", type_=SQL_UUID()),
        zone=str(site.zone),
        case_collation=site.case_collation,
        calendar=_listed_days,
    )


def _listed_days(part: str) -> ColumnElement[Any]:
    """Return a list of the site's calendar as an array; the query reads it once, whatever the number of its rows."""
    kind = {"holidays": "holiday", "workdays": "workday"}[part]
    return literal_column(
        f"(SELECT coalesce(array_agg(day ORDER BY day), '{{}}') FROM dougong.calendar_day WHERE kind = '{kind}')", ARRAY(DATE())
    )


def actor_context(site: Site, model: AppModel, actor: Actor) -> SqlContext:
    """Return the same with what expressions may know of the actor; it holds for actors of the same roles."""
    context, organization = sql_context(site), model.organization or model
    everything = sources(site, organization, SYSTEM)
    roles, full = (bindparam(None, sorted(of), type_=ARRAY(TEXT()), unique=True) for of in (actor.roles_in(model.app), actor.roles))
    people = MineSql(organization, context.user, full)
    return replace(
        context,
        roles=roles,
        departments=people.departments_of(context.user),
        user_field=lambda path: user_field(organization, everything, context, path),
        people=people,
    )


def moment(site: Site, actor: Actor) -> dict[str, Any]:
    """Return the values of those parameters for one request."""
    now = datetime.now(site.zone)
    return {"now": now, "today": now.date(), "user": actor.id}


def rows_for(site: Site, model: AppModel, actor: Actor, entity: Entity) -> Rows:
    """Return the rows of an entity, as this actor sees it, for what they are shown of it and of what it reaches."""
    return Rows(entity, sources(site, model, actor), actor_context(site, model, actor))


def judging_rows(site: Site, model: AppModel, actor: Actor, entity: Entity) -> Rows:
    """Return the rows of an entity for rules and other expressions of the app, which read all fields, but of other records those the actor may."""
    return Rows(entity, judging_sources(site, model, actor), actor_context(site, model, actor))


def sources(site: Site, model: AppModel, actor: Actor) -> Sources:
    """Return where a query of this actor finds other entities, as they see them, and which of their rows they may see."""
    return Sources(seen_by(site, model, actor).entity, _readable(site, model, actor), _tables(site, model), partial(_whole, model))


def judging_sources(site: Site, model: AppModel, actor: Actor) -> Sources:
    """Return the same with every field there is: rules, defaults and copies hold for whoever writes, whatever they may read."""
    return Sources(model.entity, _readable(site, model, actor), _tables(site, model), partial(_whole, model))


def _readable(site: Site, model: AppModel, actor: Actor) -> Callable[[str], TypedTree | None | Literal[False]]:
    def readable(key: str) -> TypedTree | None | Literal[False]:
        rows = access_for(site, model, actor, key).rows
        if "read" not in rows:
            return False
        condition = rows["read"]
        return None if condition is None else condition.tree

    return readable


def _whole(model: AppModel, entity: Entity) -> Entity:
    """Return an entity with everything it has."""
    return model.entity(entity.key if entity.app == model.app else entity.full_key)


def _tables(site: Site, model: AppModel) -> Callable[[Entity], Table]:
    return lambda entity: _table(site, model, entity)


def _table(site: Site, model: AppModel, entity: Entity) -> Table:
    """Return the table of an entity, made once a version: making one costs more than the statement around it."""
    shape = (model, "table", entity.app, entity.key)
    table: Table | None = site.compiled.get(shape)
    if table is None:
        table = table_of(_whole(model, entity))
        site.keep(shape, table)
    return table


def known_access(site: Site, model: AppModel, actor: Actor, key: str) -> Access:
    """Return the access to an entity the actor names; what they may do nothing with does not exist for them.

    Raises EntityNotFound, or AppNotFound in an app they may know nothing of.
    """
    if key in model.entities:
        access = access_for(site, model, actor, key)
        if access.rows:
            return access
    if any(actor.may_do(act, model.app) for act in ("design", "publish")):
        raise EntityNotFound(entity=key)
    if any(access_for(site, model, actor, other).rows for other in model.entities):
        raise EntityNotFound(entity=key)
    raise AppNotFound(app=model.app)


def readable_entity(site: Site, model: AppModel, actor: Actor, key: str) -> Access:
    """Return the access to an entity the actor names; raises EntityNotFound, AppNotFound, ActionDenied where reading is not among it."""
    access = known_access(site, model, actor, key)
    require(access, "read", actor)
    return access


async def read_record(site: Site, model: AppModel, actor: Actor, entity_key: str, record_id: UUID) -> bytes:
    """Return one record as JSON; raises RecordNotFound also where the actor may not see it."""
    access = readable_entity(site, model, actor, entity_key)
    if access.entity.parent is not None:
        raise EntityNotFound(entity=entity_key)
    shape = (model, "record", entity_key, actor.rights)
    statement: Statement | None = site.compiled.get(shape)
    if statement is None:
        condition = access.rows["read"]
        tree = None if condition is None else condition.tree
        made = record_sql(access.seen, sources(site, model, actor), tree, actor_context(site, model, actor))
        statement = compile_statement(made)
        site.keep(shape, statement)
    values = moment(site, actor)
    values["id"] = record_id
    found: bytes | None = await site.pool.fetchval(statement.sql, *statement.arguments(values))
    if found is None:
        raise RecordNotFound()
    return found


async def read_page(site: Site, model: AppModel, actor: Actor, entity_key: str, request: PageRequest) -> bytes:
    """Return a page of records as JSON; raises QueryInvalid with an issue for each wrong parameter.

    Where nothing has the words somebody looks for, the page is of what has them but for a letter, and says so: `similar`.
    """
    page = await _page(site, model, actor, entity_key, request)
    if request.words is not None and not request.similar and request.position == "start" and page.startswith(_NOTHING):
        near = await _page(site, model, actor, entity_key, replace(request, similar=True)) if search_near(request.search) else page
        return page if near.startswith(_NOTHING) else near
    return page


async def _page(site: Site, model: AppModel, actor: Actor, entity_key: str, request: PageRequest) -> bytes:
    access = readable_entity(site, model, actor, entity_key)
    if request.trash:
        require(access, "delete", actor)
    shape = (model, "page", entity_key, actor.rights, request.shape)
    compiled: tuple[Statement, Query, Statement | None] | None = site.compiled.get(shape)
    if compiled is None:
        condition = access.rows["read"]
        tree = None if condition is None else condition.tree
        seen = seen_by(site, model, actor)
        query = read_query(seen, access.seen, request, tree, lambda key: access_for(site, model, actor, key).allows("read"))
        deletable = access.rows["delete"] if request.trash else None
        if deletable is not None:
            query = replace(query, policies=(*query.policies, deletable.tree))
        from_, context = sources(site, model, actor), actor_context(site, model, actor)
        try:
            made = compile_statement(page_sql(query, from_, context))
        except NotPushable as refused:
            raise QueryInvalid((refused.issue.at("/filter"),)) from refused
        is_narrowed = query.total == "estimate" and (query.policies or query.conditions or query.search)
        compiled = made, query, compile_statement(matching_sql(query, from_, context)) if is_narrowed else None
        site.keep(shape, compiled)
    statement, query, matching = compiled
    values = moment(site, actor) | request.bounds(query)
    page: bytes = await site.pool.fetchval(statement.sql, *statement.arguments(values))
    if matching is not None and page.endswith(_MORE):
        plan = orjson.loads(await site.pool.fetchval(f"EXPLAIN (FORMAT JSON) {matching.sql}", *matching.arguments(values)))
        page = page.removesuffix(_MORE) + b"%d%s" % (max(COUNTED, plan[0]["Plan"]["Plan Rows"]), _MORE.removeprefix(b"%d" % COUNTED))
    return page[:-1] + b',"similar":true}' if request.similar and request.words == search_near(request.search) else page


async def read_rows(
    site: Site, model: AppModel, actor: Actor, entity_key: str, condition: str = "", fields: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """Return up to 200 records that meet a condition, as values JSON carries; for the platform's own questions."""
    request = PageRequest(filter=condition, fields=fields, limit=200)
    found: list[dict[str, Any]] = orjson.loads(await read_page(site, model, actor, entity_key, request))["records"]
    return found


async def read_system_rows(site: Site, app: str, entity_key: str, condition: str) -> list[Mapping[str, Any]]:
    """Return records of an app as the platform sees them."""
    return list(await read_rows(site, await site.app(app), SYSTEM, entity_key, condition))
