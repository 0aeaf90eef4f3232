"""A package of an app in, the app's next draft without it out; told first: what goes, what of it is still used, and what becomes of its records."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dougong.model.app_model import AppModel
from dougong.model.definition import SeedRecord
from dougong.model.merge import Document, Rule, Side
from dougong.model.merge_removal import MergedRemoval, merge_removal
from dougong.model.provenance import Provenance, provenance
from dougong.model.stored_form import stored_form
from dougong.model.used_by import Use
from dougong.packages.installed import Documents, composed, required_by
from dougong.packages.planted import Part, planted
from dougong.packages.upgrade import Upgrade, packages_of_draft
from dougong.packages.upgrade_errors import (
    PackageRequired,
    UpgradeChoiceUnknown,
    UpgradePackageOwn,
    UpgradePackageUnknown,
)
from dougong.publishing.plan import plan
from dougong.registry.drafts import read_draft
from dougong.sites import Reader, Site


@dataclass(frozen=True, slots=True)
class LeavingRecord:
    """A record the package brought that is there. fate: out of use with its table, or it stays, for its table does."""

    part: Part
    record: SeedRecord
    title: str
    fate: Literal["retired", "stays"]


@dataclass(frozen=True, slots=True)
class User:
    """What uses an element that would go, and where that comes from."""

    use: Use
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Removal:
    """What taking a package out would do. used: by what stays, for each element to decide about; records: those it brought."""

    upgrade: Upgrade
    used: Mapping[str, tuple[User, ...]]
    records: tuple[LeavingRecord, ...]


async def plan_removal(site: Site, app: str, package: str, choices: Mapping[str, Side], rule: Rule | None) -> Removal:
    """Return what taking a package out of an app would do; nothing is written.

    Elements that were changed in the app, or that something uses which stays, are conflicts: `ours` keeps them as the app's own,
    `theirs` takes them out. Raises UpgradePackageUnknown, UpgradePackageOwn, PackageRequired, UpgradeChoiceUnknown.
    """
    before = await packages_of_draft(site, app)
    if package not in before:
        raise UpgradePackageUnknown(app=app, package=package)
    if package == app:
        raise UpgradePackageOwn(app=app)
    needing = required_by(before, package)
    if needing:
        raise PackageRequired(package=package, by=", ".join(needing))
    after = {key: document for key, document in before.items() if key != package}
    draft, model = await read_draft(site, app), await site.app(app)
    found = await asyncio.to_thread(_merged, app, model.organization, before, draft.document, after, choices, rule)
    for pointer in choices:
        if pointer not in found.merge.conflicts:
            raise UpgradeChoiceUnknown(pointer=pointer)
    planned = await plan(site, app, found.merge.document)
    origins = await asyncio.to_thread(_origins, app, model.organization, before, found.merge.ours)
    used = {pointer: tuple(User(use, _origin(origins, use.pointer)) for use in users) for pointer, users in found.used.items()}
    records = await _leaving_records(site.pool, model, before[package], found.merge.document)
    return Removal(Upgrade(model, draft, before, after, found.merge, planned, ()), used, records)


def _merged(
    app: str, organization: AppModel | None, before: Documents, ours: Document, after: Documents, choices: Mapping[str, Side], rule: Rule | None
) -> MergedRemoval:
    base, mine, theirs = (stored_form(one, organization) for one in (composed(app, before), ours, composed(app, after)))
    return merge_removal(base, mine, theirs, organization, choices, rule)


def _origins(app: str, organization: AppModel | None, packages: Documents, document: Document) -> Mapping[str, Provenance]:
    return provenance(packages.values(), stored_form(composed(app, packages), organization), document)


def _origin(origins: Mapping[str, Provenance], pointer: str) -> Provenance:
    """Return where the element comes from that a place lies in: the innermost one that is known."""
    while pointer and pointer not in origins:
        pointer = pointer.rpartition("/")[0]
    return origins.get(pointer, Provenance(None, None, False))


async def _leaving_records(reader: Reader, model: AppModel, package: Document, after: Document) -> tuple[LeavingRecord, ...]:
    tables = {entity["key"] for entity in after["entities"]}
    found: list[LeavingRecord] = []
    parts: tuple[Part, ...] = ("seed", "demo")
    for part in parts:
        records = [SeedRecord.model_validate(one) for one in package.get(part, ())]
        for place in await planted(reader, model, records):
            if place.is_live:
                stays = "." in place.record.entity or place.record.entity in tables
                found.append(LeavingRecord(part, place.record, place.title, "stays" if stays else "retired"))
    return tuple(found)
