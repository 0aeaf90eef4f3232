"""An earlier version in, a new version with its document out: what was retired since comes back with its values, what is newer is retired.

Unique constraints that records break which were saved meanwhile stand in the way. Whoever rolls back is told which records, and may
go on without those constraints: they are left out of the new version, never lifted behind anybody's back.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dougong.permissions.actor import Actor
from dougong.publishing.plan import PublishPlan, plan
from dougong.publishing.publish import Published, Wanted, publish_what
from dougong.publishing.purge import missing_in
from dougong.registry.draft_kept import MadeOf
from dougong.registry.drafts import hold_draft, read_revision
from dougong.registry.errors import VersionActive
from dougong.registry.version_packages import packages_to_restore
from dougong.registry.versions import read_document
from dougong.sites import Site
from dougong.store.save import Executor
from engines.values.issue import Issue

BROKEN = "definition-unique-broken"
"""Code of the issues whose constraints may be left out."""


@dataclass(frozen=True, slots=True)
class RollBackPlan:
    """What rolling back would do. left_out: what was wrong with the constraints it goes on without.

    revision: of the draft, which is discarded with a roll back as with every publish. document: what would be published.
    """

    plan: PublishPlan
    left_out: tuple[Issue, ...]
    revision: int
    document: Mapping[str, Any]


async def plan_roll_back(site: Site, app: str, version: int, leave_out: bool = False) -> RollBackPlan:
    """Return what it would change to go back to the document of a version; raises VersionNotFound, VersionActive.

    leave_out: go on without the unique constraints that records break.
    """
    if (await site.app(app)).version == version:
        raise VersionActive(version=version)
    revision, _ = await read_revision(site.pool, app)
    former = await read_document(site, app, str(version))
    found = await _planned(site, app, version, former)
    broken = tuple(issue for issue in found.issues if issue.code == BROKEN)
    if not broken or not leave_out or len(broken) < len(found.issues):
        return RollBackPlan(found, (), revision, former)
    document = without_unique(former, {issue.pointer for issue in broken})
    return RollBackPlan(await _planned(site, app, version, document), broken, revision, document)


async def _planned(site: Site, app: str, version: int, document: Mapping[str, Any]) -> PublishPlan:
    found = await plan(site, app, document)
    return replace(found, warnings=(*found.warnings, *await missing_in(site.pool, app, version)))


async def roll_back(site: Site, actor: Actor, app: str, version: int, revision: int, note: str, leave_out: bool = False) -> Published:
    """Publish the document of a version anew, at once or prepared for a job to go on with.

    revision: of the draft that whoever rolls back has seen, which is discarded; what others do to it while a job goes on stays.
    Raises DraftConflict when it has another by now, and DefinitionInvalid with every issue.
    """
    document = (await plan_roll_back(site, app, version, leave_out)).document

    async def held(executor: Executor) -> Wanted:
        if executor is not site.pool:
            await hold_draft(executor, app, revision)
        return Wanted(document, MadeOf(revision, version), packages=await packages_to_restore(executor, app, version))

    return await publish_what(site, actor.id, app, held, note)


def without_unique(document: Mapping[str, Any], pointers: Collection[str]) -> Mapping[str, Any]:
    """Return a document without some unique constraints: those of a list go, a field is no longer unique.

    pointers: `/entities/card/unique/code` or `/entities/card/fields/code/unique`.

    >>> without_unique({"entities": [{"key": "card", "fields": [{"key": "code", "unique": True}]}]}, ["/entities/card/fields/code/unique"])
    {'entities': [{'key': 'card', 'fields': [{'key': 'code', 'unique': False}]}]}
    """
    entities = []
    for entity in document.get("entities", ()):
        at = f"/entities/{entity.get('key')}"
        changed = dict(entity)
        if "fields" in entity:
            changed["fields"] = [
                {**field, "unique": False} if f"{at}/fields/{field['key']}/unique" in pointers else field for field in entity["fields"]
            ]
        if "unique" in entity:
            changed["unique"] = [one for one in entity["unique"] if f"{at}/unique/{one['key']}" not in pointers]
        entities.append(changed)
    return {**document, "entities": entities}
