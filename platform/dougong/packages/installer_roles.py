"""Roles of an app and whoever installs it in; the roles given to them out, beside those they have."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from dougong.model.app_model import ORGANIZATION
from dougong.permissions.actor import SYSTEM
from dougong.sites import Site
from dougong.store.ids import new_id, seed_id
from dougong.store.save import Executor
from dougong.work.perform import perform_in
from dougong.work.request import Request, Update


async def give_roles(executor: Executor, site: Site, app: str, user_id: UUID, keys: Iterable[str]) -> None:
    """Give a user the roles of these keys that they do not have; the platform itself needs none."""
    wanted = [seed_id(ORGANIZATION, "role", f"{app}.{key}") for key in keys]
    if not wanted or user_id == SYSTEM.id:
        return
    query = 'SELECT id, role FROM "app_organization"."user__roles" WHERE parent = $1 ORDER BY position'
    rows = await executor.fetch(query, user_id)
    there = {row["role"] for row in rows}
    made: list[Mapping[str, object]] = [{"id": new_id(), "role": role} for role in wanted if role not in there]
    if made:
        change = Update("user", user_id, {"roles": [*({"id": row["id"]} for row in rows), *made]})
        organization = await site.app(ORGANIZATION, executor)
        await perform_in(executor, site, organization, Request(ORGANIZATION, SYSTEM, (change,), "install"))
