"""A model whose tables are ready in, the version in use from the commit on out: version row, roles, sums and single records go with it."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from dougong.audit.record import Subject, author_of, record
from dougong.jobs.waiting import enqueue
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.diff import ChangeNote
from dougong.permissions.actor import SYSTEM
from dougong.publishing.late_indexes import TEXT_INDEXES
from dougong.publishing.singles import keep_singles
from dougong.registry.draft_kept import MadeOf
from dougong.registry.versions import activate
from dougong.sites import Site
from dougong.store.ids import seed_id
from dougong.store.save import Executor
from dougong.work.perform import correct_sums_in, perform_in
from dougong.work.request import Change, Create, Request, Update


async def make_active(
    executor: Executor, site: Site, model: AppModel, changes: Iterable[ChangeNote], has_late: bool, author: UUID, note: str,
    packages: Mapping[str, Mapping[str, Any]], made_of: MadeOf | None = None,
) -> None:  # fmt: skip
    """Make a model the version in use, inside the transaction that has made its tables ready; raises DefinitionInvalid.

    packages: what the app is made of from now on, none where that stays. has_late: whether indexes of texts are to be made afterwards. made_of: its draft, which others may have changed since.
    """
    await activate(executor, model, author, note, made_of)
    if has_late:
        await enqueue(executor, TEXT_INDEXES, {"app": model.app})
    await _keep_roles(executor, site, model)
    if any("/projections" in change.pointer for change in changes):
        await correct_sums_in(executor, site, model)
    await keep_singles(executor, site, model)
    restores = None if made_of is None else made_of.restores
    details = {"version": model.version, "note": note} | ({} if restores is None else {"to": restores})
    subject = Subject(model.app, text=title_of(model))
    await record(executor, "publish" if restores is None else "roll-back", await author_of(executor, author), subject, details)
    if packages:
        await site.follow_upgrade(executor, site, model, author, packages)


def title_of(model: AppModel) -> str:
    """Return what an app is called, in Chinese where it has such a name, as the names of roles are kept."""
    name = model.definition.name
    return name.get("zh-CN") or next(iter(name.values()))


async def _keep_roles(executor: Executor, site: Site, model: AppModel) -> None:
    """Make or rename the record of every role of the app in the organization, so that people can be given it."""
    organization = model if model.app == ORGANIZATION else await site.app(ORGANIZATION, executor)
    wanted = {seed_id(ORGANIZATION, "role", f"{model.app}.{role.key}"): role for role in model.roles.values()}
    rows = await executor.fetch(
        'SELECT id, name FROM "app_organization"."role" WHERE id = ANY($1::uuid[])', list(wanted)
    )
    there = {row["id"]: row["name"] for row in rows}
    creates: list[Change] = []
    updates: list[Change] = []
    for role_id, role in wanted.items():
        name = role.name.get("zh-CN") or next(iter(role.name.values()))
        if role_id not in there:
            values = {"key": f"{model.app}.{role.key}", "app": model.app, "name": name}
            creates.append(Create("role", values, role_id))
        elif there[role_id] != name:
            updates.append(Update("role", role_id, {"name": name}))
    for changes in (creates, updates):
        if changes:
            await perform_in(executor, site, organization, Request(ORGANIZATION, SYSTEM, tuple(changes), "publish"))
