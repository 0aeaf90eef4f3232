"""Ids of records by entity in, what people call those records out, as far as the actor may read them: the one place where records are named by id."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ARRAY, Text, and_, bindparam, cast, select
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.model.app_model import AppModel
from dougong.permissions.access import access_for
from dougong.permissions.actor import Actor
from dougong.sites import Reader, Site
from dougong.store.read import moment, rows_for
from dougong.store.statement import Statement, compile_statement

Titles = Mapping[str, Mapping[str, str | None]]
"""Titles by entity key as the app writes it (`organization.user`) and by id as text."""


async def read_titles(reader: Reader, site: Site, model: AppModel, actor: Actor, wanted: Mapping[str, Collection[str]]) -> Titles:
    """Return the titles of records, those in the trash too; what the actor may not read is not among them.

    reader: the pool, or the connection of a transaction whose own records are asked for too.
    """
    found: dict[str, Mapping[str, str | None]] = {}
    for key, ids in wanted.items():
        access = access_for(site, model, actor, key)
        if not ids or "read" not in access.rows:
            continue
        shape = (model, "titles", key, actor.rights)
        statement: Statement | None = site.compiled.get(shape)
        if statement is None:
            rows = rows_for(site, model, actor, access.seen)
            condition = access.rows["read"]
            where = [rows.root.c.id == bindparam("ids", type_=ARRAY(SQL_UUID())).any_()]
            if condition is not None:
                where.append(rows.policy(condition.tree))
            title = cast(rows.column((access.seen.title,)), Text).label("title")
            statement = compile_statement(select(rows.root.c.id, title).select_from(rows.source).where(and_(*where)))
            site.keep(shape, statement)
        values = moment(site, actor) | {"ids": [UUID(one) for one in sorted(ids)]}
        found[key] = {str(row["id"]): row["title"] for row in await reader.fetch(statement.sql, *statement.arguments(values))}
    return found


async def read_names(reader: Reader, site: Site, model: AppModel, actor: Actor, key: str, ids: Collection[UUID]) -> Mapping[str, str]:
    """Return what records of one entity may be called to the actor in a sentence: those without a title, or with one that is hidden, are not among them."""
    titles = (await read_titles(reader, site, model, actor, {key: {str(one) for one in ids}})).get(key, {})
    return {one: title for one, title in titles.items() if title and title != one}
