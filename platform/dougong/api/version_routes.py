"""Endpoints of versions: all there are, one with its document, what differs between two, and what uses an element."""

import asyncio
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Annotated, Any

from fastapi import APIRouter, Query

from dougong.api.asked import AskedHouse, AskedSession, app_to
from dougong.api.shapes import label
from dougong.api.version_shapes import (
    Before,
    CompareAnswer,
    CompareBody,
    DifferenceEntry,
    DifferenceGroup,
    Pointer,
    PropertyEntry,
    UseEntry,
    UsesAnswer,
    VersionAnswer,
    VersionEntry,
    VersionName,
    VersionsAnswer,
)
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.compare import Change, compare
from dougong.model.diff import diff
from dougong.model.element_words import APP
from dougong.model.property_words import words_of
from dougong.model.used_by import Uses, index_uses, used_by
from dougong.people.persons import read_name
from dougong.registry.drafts import read_revision
from dougong.registry.errors import VersionNotFound
from dougong.registry.versions import ACTIVE, DRAFT, AppVersion, read_document, read_versions
from dougong.sites import Site

routes = APIRouter()

PAGE = 20
_GROUPS = ("", "entities", "forms", "views", "menus", "roles", "policies")
"""The lists of a document in the order people read them; others follow."""


@routes.get("/api/apps/{app}/versions", operation_id="list_versions")
async def versions(app: str, session: AskedSession, house: AskedHouse, before: Before = None) -> VersionsAnswer:
    """Return versions of the app, the newest first, twenty at a time. before: those older than this one."""
    await app_to("design", house.site, session.actor, app)
    found = await read_versions(house.site, app, before, PAGE + 1)
    names = await _names(house.site, found)
    numbers = [version.number for version in found]
    counts = [await _count(house.site, app, *pair) for pair in zip_longest(numbers[:PAGE], numbers[1 : PAGE + 1])]
    entries = [
        VersionEntry(
            number=version.number, note=version.note, author=names[version], published_at=version.published_at, active=version.is_active, changes=count
        )
        for version, count in zip(found, counts, strict=False)
    ]  # fmt: skip
    return VersionsAnswer(versions=entries, more=len(found) > PAGE)


@routes.get("/api/apps/{app}/versions/{number}", operation_id="read_version")
async def version(app: str, number: int, session: AskedSession, house: AskedHouse) -> VersionAnswer:
    """Return one version with its document."""
    await app_to("design", house.site, session.actor, app)
    found = [one for one in await read_versions(house.site, app, number + 1, 1) if one.number == number]
    if not found:
        raise VersionNotFound(app=app, version=number)
    document = dict(await read_document(house.site, app, str(number)))
    names, one = await _names(house.site, found), found[0]
    return VersionAnswer(
        number=number, note=one.note, author=names[one], published_at=one.published_at, active=one.is_active, document=document
    )  # fmt: skip


@routes.get("/api/apps/{app}/compare", operation_id="compare_versions")
async def compare_versions(
    app: str,
    session: AskedSession,
    house: AskedHouse,
    from_: Annotated[VersionName, Query(alias="from")] = ACTIVE,
    to: VersionName = DRAFT,
) -> CompareAnswer:
    """Return what leads from one version to another in words, the draft included, grouped by kind of element."""
    active = await app_to("design", house.site, session.actor, app)
    before, after = await read_document(house.site, app, from_), await read_document(house.site, app, to)
    return await compared(before, after, active)


@routes.post("/api/apps/{app}/compare", operation_id="compare_document")
async def compare_document(app: str, body: CompareBody, session: AskedSession, house: AskedHouse) -> CompareAnswer:
    """Return what leads from a version to a document that is sent, as `compare_versions` does."""
    active = await app_to("design", house.site, session.actor, app)
    return await compared(await read_document(house.site, app, body.version), body.document, active)


@routes.get("/api/apps/{app}/used-by", operation_id="read_uses")
async def uses(app: str, pointer: Pointer, session: AskedSession, house: AskedHouse, version: VersionName = DRAFT) -> UsesAnswer:
    """Return what uses an element of a version, in other apps too where it is one of the organization. pointer: `/entities/order/fields/total`."""
    active = await app_to("design", house.site, session.actor, app)
    document = await read_document(house.site, app, version)
    mark = (await read_revision(house.site.pool, app))[0] if version == DRAFT else active.version if version == ACTIVE else version
    index = await _index(house.site, (app, version, mark), document, active.organization or active)
    found = [UseEntry(app=app, pointer=use.pointer, text=label(use.text)) for use in used_by(document, index, pointer)]
    if app == ORGANIZATION:
        for model in await house.site.apps():
            if model.app != ORGANIZATION:
                index = await _index(house.site, (model.app, model.version), model.document, active)
                of_app = used_by(model.document, index, f"{ORGANIZATION}:{pointer}")
                found += [UseEntry(app=model.app, pointer=use.pointer, text=label(use.text)) for use in of_app]
    return UsesAnswer(uses=found)


async def _names(site: Site, versions: Iterable[AppVersion]) -> Mapping[AppVersion, str]:
    names = {author: await read_name(site, author) for author in {version.author for version in versions}}
    return {version: names[version.author] for version in versions}


async def _count(site: Site, app: str, number: int, former: int | None) -> int:
    """Return how much a version changed of the one before it; versions never change, so it is counted once."""
    place = ("changes of version", app, number, former)
    count: int | None = site.compiled.get(place)
    if count is None:
        after = await read_document(site, app, str(number))
        before = await read_document(site, app, str(former)) if former is not None else {}
        count = len(await asyncio.to_thread(diff, before, after))
        site.keep(place, count)
    return count


async def _index(site: Site, mark: tuple[object, ...], document: Mapping[str, Any], organization: AppModel) -> Uses:
    place = ("uses", organization, *mark)
    index: Uses | None = site.compiled.get(place)
    if index is None:
        index = await asyncio.to_thread(index_uses, document, organization)
        site.keep(place, index)
    return index


async def compared(before: Mapping[str, Any], after: Mapping[str, Any], active: AppModel) -> CompareAnswer:
    """Return what leads from one document to another as it is answered."""
    found = await asyncio.to_thread(compare, before, after, active.organization)
    order = [*_GROUPS, *dict.fromkeys(change.group for change in found if change.group not in _GROUPS)]
    groups = [(key, [_entry(change) for change in found if change.group == key]) for key in order]
    return CompareAnswer(
        groups=[DifferenceGroup(key=key, name=label(words_of(key) if key else APP), changes=changes) for key, changes in groups if changes],
        count=len(found),
    )


def _entry(change: Change) -> DifferenceEntry:
    properties = [
        PropertyEntry(
            name=label(one.name), before=None if one.before is None else label(one.before), after=None if one.after is None else label(one.after)
        )
        for one in change.properties
    ]  # fmt: skip
    return DifferenceEntry(pointer=change.pointer, kind=change.how or change.kind, text=label(change.text), properties=properties)
