"""A newer version of a package in, an app's next draft out: merged with what the customer changed, what differs told first."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.commands_between import commands_between
from dougong.model.merge import Merge, Rule, Side, merge, resolve_conflicts
from dougong.model.provenance import Origin, Provenance, origins, provenance
from dougong.model.stored_form import stored_form
from dougong.packages.compose import clashes_with, well_formed
from dougong.packages.errors import PackageInvalid
from dougong.packages.installed import (
    Document,
    Documents,
    beside,
    composed,
    is_newer,
    packages_in,
    read_installed,
    required_by,
    version_of,
)
from dougong.packages.kept_files import missing_files
from dougong.packages.seed_changes import Composition, SeedChange, held, read_seed_changes
from dougong.packages.shelf import read_shelf, read_versions
from dougong.packages.upgrade_errors import (
    UpgradeChoiceUnknown,
    UpgradeConflictsOpen,
    UpgradeNotNewer,
    UpgradePackageThere,
    UpgradePackageUnknown,
    UpgradeVersionUnknown,
)
from dougong.permissions.actor import Actor
from dougong.publishing.plan import PublishPlan, plan
from dougong.registry.draft_log import Gesture, log_document, log_gesture
from dougong.registry.draft_packages import keep_packages, read_packages
from dougong.registry.drafts import Draft, hold_draft, read_draft, write_draft
from dougong.sites import Site


@dataclass(frozen=True, slots=True)
class PackageStand:
    """A package an app is made of, and the newest version there is of it, None where the app has it.

    draft_version: what the draft upgrades it to. leaves: whether the draft takes it out. required_by: packages of the draft that need it.
    """

    package: str
    document: Document
    installed_at: datetime
    newest: Document | None
    draft_version: str | None
    leaves: bool
    required_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What an upgrade would do. before, after: the packages the app is made of; app: its active version; seeds: once it is published."""

    app: AppModel
    draft: Draft
    before: Documents
    after: Documents
    merge: Merge
    plan: PublishPlan
    seeds: tuple[SeedChange, ...]

    @property
    def moved(self) -> Sequence[tuple[str, str | None, str | None]]:
        """The packages that change, with the versions they had and get; None for one that is new or no longer there."""
        keys = [key for key in dict.fromkeys([*self.before, *self.after]) if self.before.get(key) != self.after.get(key)]
        return [(key, _version_in(self.before, key), _version_in(self.after, key)) for key in keys]


async def read_stands(site: Site, app: str) -> tuple[PackageStand, ...]:
    """Return the packages an app is made of, each with what it can be upgraded to."""
    pending = await read_packages(site.pool, app)
    installed = await read_installed(site.pool, app)
    shelf = await read_shelf(site, installed)
    times = await site.pool.fetch("SELECT package, installed_at FROM dougong.installed_package WHERE app = $1", app)
    installed_at = {row["package"]: row["installed_at"] for row in times}
    stands = []
    for key, document in installed.items():
        there = shelf.get(key, [])
        found = there[0].document if there else None
        draft_version = version_of(pending[key]) if key in pending and pending[key] != document else None
        newest = found if is_newer(found, document) else None
        needing = tuple(required_by(pending or installed, key))
        stands.append(PackageStand(key, document, installed_at[key], newest, draft_version, bool(pending) and key not in pending, needing))
    return tuple(stands)


async def plan_upgrade(
    site: Site, app: str, package: str | Document, version: str | None, choices: Mapping[str, Side], rule: Rule | None
) -> Upgrade:
    """Return what upgrading an app to a version of a package would do; nothing is written.

    package: a document, or the key of one of the library, whose newest version is meant unless `version` says which.
    Raises UpgradePackageUnknown, UpgradeVersionUnknown, UpgradeNotNewer, UpgradeChoiceUnknown, PackageInvalid.
    """
    before = await packages_of_draft(site, app)
    new = await _wanted(site, package, version) if isinstance(package, str) else well_formed(package)
    key = str(new.get("key"))
    if key not in before:
        raise UpgradePackageUnknown(app=app, package=key)
    if not is_newer(new, before[key]):
        raise UpgradeNotNewer(package=key, version=version_of(new), installed=version_of(before[key]))
    return await _plan(site, app, before, await _next(site, app, before, new), choices, rule)


async def plan_addition(
    site: Site, app: str, package: str | Document, version: str | None, choices: Mapping[str, Side], rule: Rule | None
) -> Upgrade:
    """Return what installing a package into an app would do, with what it requires; nothing is written. Arguments as of `plan_upgrade`.

    Raises UpgradePackageThere, UpgradeVersionUnknown, UpgradeChoiceUnknown, PackageInvalid: also for keys the app has itself.
    """
    before = await packages_of_draft(site, app)
    new = await _wanted(site, package, version) if isinstance(package, str) else well_formed(package)
    key = str(new.get("key"))
    if key in before:
        raise UpgradePackageThere(app=app, package=key)
    after = await _next(site, app, before, new)
    draft, base = await read_draft(site, app), composed(app, before)
    added = [document for name, document in after.items() if name not in before]
    taken = tuple(clashes_with(app, base, draft.document, added))
    if taken:
        raise PackageInvalid(taken)
    return await _plan(site, app, before, after, choices, rule)


async def packages_of_draft(site: Site, app: str) -> Documents:
    """Return the packages the draft of an app is made of; raises UpgradePackageUnknown for an app that no package is kept of."""
    await site.app(app)  # raises AppNotFound
    found = await read_packages(site.pool, app) or await read_installed(site.pool, app)
    if app not in found:
        raise UpgradePackageUnknown(app=app, package=app)
    return found


async def _plan(
    site: Site, app: str, before: Documents, after: Documents, choices: Mapping[str, Side], rule: Rule | None
) -> Upgrade:
    draft = await read_draft(site, app)
    installed = await read_installed(site.pool, app)
    model = await site.app(app)
    merged = await asyncio.to_thread(_merged, app, model.organization, before, draft.document, after)
    found = await asyncio.to_thread(resolve_conflicts, merged, choices, rule)
    for pointer in choices:
        if pointer not in found.conflicts:
            raise UpgradeChoiceUnknown(pointer=pointer)
    planned = await plan(site, app, found.document)
    seeds: tuple[SeedChange, ...] = ()
    if planned.model is not None:
        was = Composition(installed, found.base if installed == before else composed(app, installed))  # the draft may upgrade them already
        seeds = await read_seed_changes(site.pool, planned.model, was, Composition(after, found.theirs), found.document)
        missing = await missing_files(site.pool, held(seeds))
        planned = replace(planned, model=None, issues=missing) if missing else planned
    return Upgrade(model, draft, before, after, found, planned, seeds)


def _merged(app: str, organization: AppModel | None, before: Documents, ours: Document, after: Documents) -> Merge:
    """Return the merge of an app's packages as they were, what it is now, and its packages as they will be; requests go on meanwhile."""
    was, will_be = composed(app, before), composed(app, after)
    base = stored_form(was, organization)
    return merge(base, base if ours == was else stored_form(ours, organization), stored_form(will_be, organization))


async def put_into_draft(site: Site, actor: Actor, upgrade: Upgrade, revision: int) -> Draft:
    """Return the draft an upgrade has become; once that is published, the app is made of the newer packages.
    Raises UpgradeConflictsOpen, and DraftConflict unless `revision` is the present one, which the upgrade was planned on.
    """
    still_open = upgrade.merge.open
    if still_open:
        raise UpgradeConflictsOpen(count=len(still_open), pointer=still_open[0].pointer)
    app = upgrade.app.app
    async with site.pool.acquire() as connection, connection.transaction():
        before = (await hold_draft(connection, app, revision)).document
        draft = await write_draft(connection, actor, app, upgrade.merge.document)
        commands = commands_between(before, draft.document)
        gesture = Gesture(uuid4(), {"message": "entry.upgrade"}, commands or ())
        if commands is None:
            await log_document(connection, app, draft.revision, actor, before, draft.document)
        elif commands:
            await log_gesture(connection, app, draft.revision, actor, gesture, before, draft.document)
        await keep_packages(connection, app, upgrade.after, gesture.id)
    return draft


async def read_provenance(site: Site, app: str) -> Mapping[str, Provenance]:
    """Return where every element of an app's draft comes from, of the packages that draft upgrades to where it does."""
    draft = await read_draft(site, app)
    packages = await read_packages(site.pool, app) or await read_installed(site.pool, app)
    organization = (await site.app(app)).organization
    return await asyncio.to_thread(_origins, app, organization, packages, draft.document)


async def read_origins(site: Site, app: str, under: Sequence[str]) -> tuple[Documents, Mapping[str, Origin]]:
    """Return the packages an app's draft is made of, and what they say of the elements at or below some pointers."""
    packages = await read_packages(site.pool, app) or await read_installed(site.pool, app)
    organization = (await site.app(app)).organization
    return packages, await asyncio.to_thread(_origins_under, app, organization, packages, under)


def _origins_under(app: str, organization: AppModel | None, packages: Documents, under: Sequence[str]) -> Mapping[str, Origin]:
    return origins(packages.values(), stored_form(composed(app, packages), organization), under)


def _origins(app: str, organization: AppModel | None, packages: Documents, document: Document) -> Mapping[str, Provenance]:
    return provenance(packages.values(), stored_form(composed(app, packages), organization), stored_form(document, organization))


def _version_in(documents: Documents, key: str) -> str | None:
    return version_of(documents[key]) if key in documents else None


async def _wanted(site: Site, package: str, version: str | None) -> Document:
    for found in (await read_shelf(site, [package])).get(package, []):  # the newest first
        if version in (None, found.version):
            return found.document
    raise UpgradeVersionUnknown(package=package, version=version or "")


async def _next(site: Site, app: str, before: Documents, new: Document) -> Documents:
    """Return the packages an app is made of with the new one: others stay as they are unless what is required wants them newer."""
    root = new if new["key"] == app else before[app]
    added = [new if one["key"] == new["key"] else one for one in beside(app, before)]
    if new["key"] not in before:
        added.append(new)
    others = {*before, *(place["package"] for document in (root, new) for place in document.get("requires", ()))} - {ORGANIZATION}
    versions = await read_versions(site, {"requires": [{"package": key} for key in sorted(others)]})

    def staying(key: str) -> Sequence[Document]:
        return [new] if key == new["key"] else [before[key]] if key in before else versions(key)

    def moving(key: str) -> Sequence[Document]:
        newer = [one for one in versions(key) if key in before and is_newer(one, before[key])]
        return staying(key) if key == new["key"] else [*staying(key), *newer]

    try:
        return packages_in(root, staying, added)
    except PackageInvalid:
        return packages_in(root, moving, added)
