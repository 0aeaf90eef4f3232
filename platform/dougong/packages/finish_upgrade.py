"""An app whose upgrade is being published in; its new records planted, those nobody edited renewed, what it is made of kept, out."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from uuid import UUID

from dougong.audit.record import Row, Subject, author_of, keep
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.definition import FIRST_VERSION
from dougong.packages.errors import PackageInvalid
from dougong.packages.installed import Documents, composed, is_newer, read_installed, record_installed
from dougong.packages.installer_roles import give_roles
from dougong.packages.kept_files import FileIds, copy_files
from dougong.packages.seed_changes import PARTS, RENEWED, Composition, SeedChange, held, read_seed_changes
from dougong.packages.seeds import located, plant, seed_values
from dougong.permissions.actor import SYSTEM, Actor
from dougong.sites import Site
from dougong.store.errors import RecordInvalid
from dougong.store.save import Executor
from dougong.work.perform import perform_in
from dougong.work.request import Request, Update


async def finish_upgrade(executor: Executor, site: Site, model: AppModel, author: UUID, packages: Documents) -> None:
    """Do what belongs to an upgrade beside its document, in the transaction that publishes it; raises PackageInvalid.

    packages: those the app is made of from now on, by key. Records somebody edited or deleted stay as they are, and all of them
    where the app goes back to an earlier version. The author gets the roles that a package which is new means for its installer.
    """
    before = await read_installed(executor, model.app)
    if not any(key in before and is_newer(before[key], document) for key, document in packages.items()):
        await _renew_records(executor, site, model, author, before, packages)
    added = [document for key, document in packages.items() if key not in before]
    roles = [role["key"] for document in added for role in document.get("roles", ()) if role.get("installer") and role["key"] in model.roles]
    await give_roles(executor, site, model.app, author, roles)
    await record_installed(executor, model.app, packages, author, model.version)
    who = await author_of(executor, author)
    await keep(executor, [Row(deed, who, Subject(model.app), details) for deed, details in _deeds(before, packages)])


def _deeds(before: Documents, after: Documents) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Give what became of each package of an app."""
    for key in sorted({*before, *after}):
        if key not in after:
            yield "remove-package", {"package": key, "version": before[key].get("version", FIRST_VERSION)}
        elif key not in before:
            yield "install", {"package": key, "version": after[key].get("version", FIRST_VERSION)}
        elif before[key].get("version", FIRST_VERSION) != after[key].get("version", FIRST_VERSION):
            yield "upgrade", {"package": key, "version": after[key].get("version", FIRST_VERSION), "from": before[key].get("version", FIRST_VERSION)}


async def _renew_records(
    executor: Executor, site: Site, model: AppModel, author: UUID, before: Documents, packages: Documents
) -> None:
    old, new = (Composition(documents, composed(model.app, documents)) for documents in (before, packages))
    changes = await read_seed_changes(executor, model, old, new, model.document)
    planter = Actor(author, "", "zh-CN", is_system=True)
    files = await copy_files(executor, author, held(changes))
    await executor.fetch("INSERT INTO dougong.app_file SELECT $1, file FROM unnest($2::uuid[]) AS file", model.app, list(files.values()))
    for part in PARTS:
        made = [one.record for one in changes if one.part == part and one.fate == "new"]
        await plant(executor, site, model, planter, made, part, files)
        renewed = [one for one in changes if one.part == part and one.fate == "renewed"]
        for entity, group in groupby(renewed, key=lambda one: one.record.entity):
            await _renew(executor, site, model, planter, entity, list(group), files)


async def _renew(
    executor: Executor, site: Site, model: AppModel, planter: Actor, entity_key: str, changes: Sequence[SeedChange], files: FileIds
) -> None:
    entity, home = model.entity(entity_key), model.home(entity_key)
    who = SYSTEM if home.app == ORGANIZATION and model.app != ORGANIZATION else planter
    updates = tuple(Update(entity.key, one.id, dict(seed_values(model, entity, one.record.values, files))) for one in changes)
    try:
        await perform_in(executor, site, home, Request(home.app, who, updates, RENEWED, is_confirmed=True))
    except RecordInvalid as error:
        records = [one.record for one in changes]
        raise PackageInvalid(tuple(located(found, records, changes[0].part) for found in error.issues)) from error
