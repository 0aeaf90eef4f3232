"""What is wrong with a draft, element by element: found off the way of saving, in a thread, once for each revision.

Resolving a large app takes a second of pure computing, so one app has one thread at most, and whoever asks meanwhile waits for it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.place_words import element_pointer, place_words
from dougong.model.resolve import resolve
from dougong.registry.drafts import Draft, read_draft, read_revision
from dougong.registry.errors import DefinitionInvalid
from dougong.sites import Site
from engines.values.issue import Issue


@dataclass(frozen=True, slots=True)
class ElementProblems:
    """What is wrong with one element, and what it is called."""

    pointer: str
    words: Mapping[str, str]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Problems:
    """What is wrong with the draft of a revision."""

    revision: int
    elements: tuple[ElementProblems, ...]

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Everything that is wrong, in the order in which it was found."""
        return tuple([issue for element in self.elements for issue in element.issues])


@dataclass(frozen=True, slots=True)
class _Finding:
    """Problems that are being looked for, or have been found. key: what they depend on."""

    key: tuple[int, int]
    task: asyncio.Task[Problems]


async def draft_problems(site: Site, app: str) -> Problems:
    """Return the problems of the draft as it is now, or as it was when others saved meanwhile; raises AppNotFound."""
    while True:
        revision, _ = await read_revision(site.pool, app)
        organization = None if app == ORGANIZATION else await site.app(ORGANIZATION)
        key = (revision, 0 if organization is None else organization.version)
        finding = site.problems.get(app)
        if finding is not None and not finding.task.done() and finding.key != key:
            await asyncio.wait([finding.task])
            continue
        if finding is None or finding.key != key or finding.task.cancelled() or finding.task.done() and finding.task.exception():
            finding = site.problems[app] = _Finding(key, asyncio.create_task(_find(site, app, organization)))
        return await asyncio.shield(finding.task)


async def draft_model(site: Site, app: str) -> AppModel:
    """Return the draft of an app as it would run; raises DefinitionInvalid with what is wrong with it, and AppNotFound."""
    organization = None if app == ORGANIZATION else await site.app(ORGANIZATION)
    draft = await read_draft(site, app)
    model, issues = await asyncio.to_thread(resolve, draft.document, organization=organization)
    if model is None:
        raise DefinitionInvalid(tuple(issues))
    return model


async def _find(site: Site, app: str, organization: AppModel | None) -> Problems:
    return await asyncio.to_thread(_problems, await read_draft(site, app), organization)


def _problems(draft: Draft, organization: AppModel | None) -> Problems:
    _, issues = resolve(draft.document, organization=organization)
    by_element: dict[str, list[Issue]] = {}
    for issue in issues:
        by_element.setdefault(element_pointer(issue.pointer), []).append(issue)
    return Problems(draft.revision, tuple([_element(draft.document, at, found) for at, found in by_element.items()]))


def _element(document: Mapping[str, Any], pointer: str, issues: list[Issue]) -> ElementProblems:
    return ElementProblems(pointer, place_words(document, pointer), tuple(issues))
