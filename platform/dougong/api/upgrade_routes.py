"""Endpoints of upgrades: what an app is made of, what a newer version would change, and the draft it becomes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request

from dougong.api.asked import AskedHouse, AskedSession, app_to
from dougong.api.issue_answers import issue_answers
from dougong.api.shapes import ChangeEntry, label
from dougong.api.upgrade_shapes import (
    ConflictEntry,
    MergedEntry,
    MovedEntry,
    PackageStandEntry,
    PackageStandsAnswer,
    ProvenanceAnswer,
    ProvenanceEntry,
    SeedEntry,
    UpgradeApplyBody,
    UpgradeBody,
    UpgradedAnswer,
    UpgradePlanAnswer,
)
from dougong.model.app_model import ORGANIZATION
from dougong.model.conflict_words import conflict_words
from dougong.model.diff import ChangeNote
from dougong.model.merge import Conflict, Document, Merge, Rule, Side
from dougong.model.merge_notes import merged_notes
from dougong.model.place_words import place_words
from dougong.packages.installed import version_of
from dougong.packages.package_file import content_hash
from dougong.packages.package_json import see_that_it_is_exact
from dougong.packages.seed_changes import SeedChange
from dougong.packages.upgrade import Upgrade, plan_addition, plan_upgrade, put_into_draft, read_provenance, read_stands
from dougong.permissions.actor import Actor
from dougong.permissions.errors import ActDenied
from dougong.registry.drafts import read_revision
from dougong.sites import Site

routes = APIRouter()


@routes.get("/api/apps/{app}/upgrade", operation_id="list_installed_packages")
async def stands(app: str, session: AskedSession, house: AskedHouse) -> PackageStandsAnswer:
    """Return the packages the app is made of, and to what they can be upgraded."""
    await app_to("design", house.site, session.actor, app)
    revision, _ = await read_revision(house.site.pool, app)
    entries = [
        PackageStandEntry(
            package=one.package,
            name=label(one.document["name"]),
            version=version_of(one.document),
            hash=content_hash(one.document),
            installed_at=one.installed_at,
            newest=None if one.newest is None else version_of(one.newest),
            draft_version=one.draft_version,
        )
        for one in await read_stands(house.site, app)
    ]
    return PackageStandsAnswer(packages=entries, revision=revision)


@routes.post("/api/apps/{app}/upgrade/plan", operation_id="plan_upgrade")
async def show_plan(
    app: str, body: UpgradeBody, session: AskedSession, house: AskedHouse, request: Request
) -> UpgradePlanAnswer:
    """Return what an upgrade would do: what merges by itself, conflicts, what publishing it would change. Nothing is written."""
    await app_to("design", house.site, session.actor, app)
    return await asyncio.to_thread(_plan_answer, await _planned(plan_upgrade, house.site, app, body, request))


@routes.post("/api/apps/{app}/upgrade", operation_id="upgrade_app", status_code=201)
async def apply(
    app: str, body: UpgradeApplyBody, session: AskedSession, house: AskedHouse, request: Request
) -> UpgradedAnswer:
    """Put an upgrade into the draft, which is published as any other; refused while a conflict is not decided."""
    await app_to("design", house.site, session.actor, app)
    upgrade = await _planned(plan_upgrade, house.site, app, body, request)
    draft = await put_into_draft(house.site, session.actor, upgrade, body.revision)
    return UpgradedAnswer(revision=draft.revision)


@routes.post("/api/apps/{app}/packages/plan", operation_id="plan_addition")
async def show_addition(
    app: str, body: UpgradeBody, session: AskedSession, house: AskedHouse, request: Request
) -> UpgradePlanAnswer:
    """Return what installing a package into the app would do, told as of an upgrade. Nothing is written."""
    await _see_that_they_may_add(house.site, session.actor, app)
    return await asyncio.to_thread(_plan_answer, await _planned(plan_addition, house.site, app, body, request))


@routes.post("/api/apps/{app}/packages", operation_id="add_package", status_code=201)
async def add(app: str, body: UpgradeApplyBody, session: AskedSession, house: AskedHouse, request: Request) -> UpgradedAnswer:
    """Put a package into the draft of the app; once that is published its records are made. For those who may install."""
    await _see_that_they_may_add(house.site, session.actor, app)
    addition = await _planned(plan_addition, house.site, app, body, request)
    draft = await put_into_draft(house.site, session.actor, addition, body.revision)
    return UpgradedAnswer(revision=draft.revision)


@routes.get("/api/apps/{app}/provenance", operation_id="read_provenance")
async def show_provenance(app: str, session: AskedSession, house: AskedHouse) -> ProvenanceAnswer:
    """Return where every element of the app's draft comes from: a package, changed here or not, or the app itself."""
    await app_to("design", house.site, session.actor, app)
    found = await read_provenance(house.site, app)
    return ProvenanceAnswer(
        elements={
            pointer: ProvenanceEntry(package=one.package, version=one.version, changed=one.changed, text=label(one.text))
            for pointer, one in found.items()
        }
    )


Plan = Callable[[Site, str, str | Document, str | None, Mapping[str, Side], Rule | None], Awaitable[Upgrade]]


async def _planned(plan: Plan, site: Site, app: str, body: UpgradeBody, request: Request) -> Upgrade:
    if not isinstance(body.package, str):
        see_that_it_is_exact(await request.body(), "/package")
    return await plan(site, app, body.package, body.version, body.choices, body.rule)


async def _see_that_they_may_add(site: Site, actor: Actor, app: str) -> None:
    await app_to("design", site, actor, app)
    if not actor.may_do("install", ORGANIZATION):
        raise ActDenied


def _plan_answer(upgrade: Upgrade) -> UpgradePlanAnswer:
    found = upgrade.merge
    return UpgradePlanAnswer(
        revision=upgrade.draft.revision,
        is_draft_changed=upgrade.draft.document != upgrade.app.document,
        packages=[MovedEntry(package=package, before=was, after=now) for package, was, now in upgrade.moved],
        merged=[MergedEntry(side=note.side, change=_change(note.change)) for note in merged_notes(found)],
        conflicts=[_conflict(found, conflict) for conflict in found.conflicts.values()],
        changes=[_change(note) for note in upgrade.plan.changes],
        issues=issue_answers(upgrade.plan.issues),
        warnings=issue_answers(upgrade.plan.warnings),
        seed=[_seed(found.document, change) for change in upgrade.seeds],
    )


def _change(note: ChangeNote) -> ChangeEntry:
    return ChangeEntry(pointer=note.pointer, kind=note.kind, text=label(note.text))


def _conflict(found: Merge, conflict: Conflict) -> ConflictEntry:
    words = conflict_words(found, conflict)
    return ConflictEntry(
        pointer=conflict.pointer,
        cause=conflict.cause,
        place=label(words.place),
        base=label(words.base),
        ours=label(words.ours),
        theirs=label(words.theirs),
        base_value=conflict.base,
        ours_value=conflict.ours,
        theirs_value=conflict.theirs,
        chosen=found.chosen.get(conflict.pointer),
    )


def _seed(document: Mapping[str, Any], change: SeedChange) -> SeedEntry:
    record = change.record
    place = place_words(document, f"/entities/{record.entity}")
    text = {language: f"{words} “{record.key}”" for language, words in place.items()}
    return SeedEntry(entity=record.entity, key=record.key, text=label(text), fate=change.fate)
