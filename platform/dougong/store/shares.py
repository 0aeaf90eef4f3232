"""A record and who it is to be shared with in, its shares out: rows that policies of shared records look into, kept with when they end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.permissions.access import require
from dougong.permissions.actor import Actor
from dougong.permissions.errors import ActionDenied
from dougong.sites import Reader, Site
from dougong.store.errors import RecordInvalid, RecordNotFound
from dougong.store.ids import new_id
from dougong.store.messages import MESSAGES
from dougong.store.read import moment, readable_entity, rows_for
from dougong.store.statement import Statement, compile_statement
from dougong.store.titles import read_titles
from engines.dataset.sql import live
from engines.values.issue import Issue, issue

_LIST = """
    SELECT id, to_user, to_department, to_role, may_update, expires_at, created_at, created_by FROM dougong.share
    WHERE app = $1 AND record_id = $2 AND (expires_at IS NULL OR expires_at > now()) ORDER BY created_at, id"""
_ADD = """
    INSERT INTO dougong.share (id, app, entity, record_id, to_user, to_department, to_role, may_update, expires_at, created_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (record_id, to_user, to_department, to_role) DO UPDATE SET
        may_update = excluded.may_update, expires_at = excluded.expires_at, created_by = excluded.created_by, created_at = now()
    RETURNING id"""
_REMOVE = "DELETE FROM dougong.share WHERE id = $1 AND app = $2 AND record_id = $3 RETURNING to_user, to_department, to_role"
_ROLES = 'SELECT key, name FROM "app_organization"."role" WHERE key = ANY($1::text[]) AND deleted_at IS NULL'


@dataclass(frozen=True, slots=True)
class Share:
    """Whom a record is shared with: one of a user, a department (those below it belong to it) or a role by its full key; and until when."""

    to_user: UUID | None = None
    to_department: UUID | None = None
    to_role: str | None = None
    may_update: bool = False
    expires_at: datetime | None = None


async def see_sharable(site: Site, model: AppModel, actor: Actor, entity_key: str, record_id: UUID, may_update: bool = False) -> str:
    """Return the title of a record the actor may share; raises RecordNotFound where they may not see it, ActionDenied.

    may_update: it is to be shared so that it may be changed, which they pass on only where they may do it themselves.
    """
    access = readable_entity(site, model, actor, entity_key)
    require(access, "share", actor)
    if may_update:
        require(access, "update", actor)
    shape = (model, "sharable", entity_key, actor.rights)
    statement: Statement | None = site.compiled.get(shape)
    if statement is None:
        rows = rows_for(site, model, actor, access.seen)
        where = [rows.root.c.id == bindparam("id", type_=SQL_UUID()), live(rows)]
        where += [rows.policy(one.tree) for one in (access.rows["read"], access.rows["share"]) if one is not None]
        title, update = rows.column(rows.titled), access.rows.get("update")
        changes = literal_column("true") if update is None else func.coalesce(rows.policy(update.tree), literal_column("false"))
        statement = compile_statement(select(title.label("title"), changes.label("may_update")).select_from(rows.source).where(and_(*where)))
        site.keep(shape, statement)
    found = await site.pool.fetchrow(statement.sql, *statement.arguments(moment(site, actor) | {"id": record_id}))
    if found is None:
        raise RecordNotFound()
    if may_update and not found["may_update"]:
        raise ActionDenied("update", access.entity.name)
    return str(found["title"] or "")


async def read_shares(site: Site, model: AppModel, actor: Actor, record_id: UUID) -> list[dict[str, Any]]:
    """Return the shares of a record that have not ended, with what those it is shared with are called as far as the actor may read it."""
    rows = await site.pool.fetch(_LIST, model.app, record_id)
    users = {str(row[key]) for row in rows for key in ("to_user", "created_by") if row[key] is not None}
    departments = {str(row["to_department"]) for row in rows if row["to_department"] is not None}
    prefix = "" if model.organization is None else f"{ORGANIZATION}."
    titles = await read_titles(site.pool, site, model, actor, {f"{prefix}user": users, f"{prefix}department": departments})
    roles = {row["key"]: row["name"] for row in await site.pool.fetch(_ROLES, [row["to_role"] for row in rows if row["to_role"]])}
    called: Mapping[str, str | None] = {**titles.get(f"{prefix}user", {}), **titles.get(f"{prefix}department", {}), **roles}
    return [
        {
            "id": str(row["id"]), "to_user": _text(row["to_user"]), "to_department": _text(row["to_department"]), "to_role": row["to_role"],
            "title": called.get(str(row["to_user"] or row["to_department"] or row["to_role"])), "may_update": row["may_update"],
            "expires_at": row["expires_at"], "created_at": row["created_at"], "created_by": str(row["created_by"]),
            "created_by__title": called.get(str(row["created_by"])),
        }
        for row in rows
    ]  # fmt: skip


async def wrong_share(site: Site, model: AppModel, actor: Actor, share: Share) -> Sequence[Issue]:
    """Return what is wrong with a share: who is named must be there and be known to the actor, and may get no more than the actor has."""
    given = [key for key in ("to_user", "to_department", "to_role") if getattr(share, key) is not None]
    if len(given) != 1:
        return (issue(MESSAGES, "share-one", "/to_user"),)
    key = given[0]
    if share.to_user == actor.id:
        return (issue(MESSAGES, "share-oneself", "/to_user"),)  # else a share that ends would be made one that does not
    prefix = "" if model.organization is None else f"{ORGANIZATION}."
    if key == "to_role":
        found = [row["key"] for row in await site.pool.fetch(_ROLES, [share.to_role])]
    else:
        entity = f"{prefix}{key.removeprefix('to_')}"
        found = list((await read_titles(site.pool, site, model, actor, {entity: {str(getattr(share, key))}})).get(entity, {}))
    return () if found else (issue(MESSAGES, "share-unknown", f"/{key}"),)


async def add_share(
    reader: Reader, site: Site, model: AppModel, actor: Actor, entity_key: str, record_id: UUID, share: Share
) -> UUID:
    """Share a record that the actor may share so, or share it anew; raises RecordInvalid."""
    issues = await wrong_share(site, model, actor, share)
    if issues:
        raise RecordInvalid(tuple(issues))
    args = (share.to_user, share.to_department, share.to_role, share.may_update, share.expires_at, actor.id)
    (row,) = await reader.fetch(_ADD, new_id(), model.app, entity_key, record_id, *args)
    return UUID(bytes=row["id"].bytes)


async def remove_share(reader: Reader, model: AppModel, record_id: UUID, share_id: UUID) -> bool:
    """Take a share back; return whether there was one."""
    return bool(await reader.fetch(_REMOVE, share_id, model.app, record_id))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
