"""What a publish would do: a document in, its changes in words, what is wrong, and the statements out; nothing is changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.diff import ChangeNote, diff
from dougong.model.messages import MESSAGES
from dougong.model.property_words import words_of
from dougong.publishing.broken import read_broken
from dougong.publishing.consequences import read_warnings
from dougong.publishing.late_indexes import NAMES
from dougong.registry.versions import Active, read_active
from dougong.sites import Site, resolve_aside
from dougong.store.columns import allot_columns, read_physical, read_uniques
from dougong.store.counters_publish import counter_statements
from dougong.store.fill import fill_statements
from dougong.store.fill_by_record import RecordFill
from dougong.store.save import Executor
from dougong.store.text_indexes import TextIndex, plan_text_indexes, read_large, read_unfinished
from engines.values.issue import Issue, issue

_FREE = frozenset({"name", "help", "default", "indexed"})
"""What may change of a locked element: how it is called, found and filled in."""


@dataclass(frozen=True, slots=True)
class PublishPlan:
    """What a publish would do. model: None while there are issues. warnings: what it means for values there are.

    late: the indexes that a job makes after it, for the tables are large.
    """

    changes: tuple[ChangeNote, ...]
    issues: tuple[Issue, ...]
    statements: tuple[str | RecordFill, ...]
    model: AppModel | None
    warnings: tuple[Issue, ...] = ()
    late: tuple[TextIndex, ...] = ()


async def plan(site: Site, app: str, document: Mapping[str, Any]) -> PublishPlan:
    """Return what publishing a document as the next version of an app would do."""
    found = await plan_in(site.pool, site, app, document)
    if found.model is None or found.model.version == 1:
        return found
    return replace(found, warnings=await read_warnings(site.pool, await site.app(app), found.model))


async def plan_in(executor: Executor, site: Site, app: str, document: Mapping[str, Any]) -> PublishPlan:
    """Return the same as a connection inside a transaction sees it."""
    active = await read_active(executor, app)
    changes = diff(active.document, document)
    model, issues = await resolve_next(executor, site, app, document, active)
    if model is None:
        return PublishPlan(changes, issues, (), None)
    # Alembic is met only by those who publish.
    from dougong.store.ddl import Existing, ddl_statements

    before, _ = await resolve_aside(active.document, active.number, active.columns, model.organization)
    physical = await read_physical(executor, app)
    broken = await read_broken(executor, before, model, physical)
    if broken:
        return PublishPlan(changes, broken, (), None)
    names = frozenset(row["name"] for row in await executor.fetch(NAMES, f"app_{app}"))
    existing = Existing(physical, await read_uniques(executor, app), names)
    fill = fill_statements(site, before, model, physical)
    counters = counter_statements(before, model, physical)
    texts = plan_text_indexes(model, physical, names, await read_large(executor, app), await read_unfinished(executor, app))
    return PublishPlan(changes, (), (*ddl_statements(model, existing), *texts.now, *fill, *counters), model, late=texts.late)


async def resolve_next(
    executor: Executor, site: Site, app: str, document: Mapping[str, Any], active: Active
) -> tuple[AppModel | None, tuple[Issue, ...]]:
    """Return the model a document would be as the next version, its columns allotted, or every issue."""
    organization = None if app == ORGANIZATION else await site.app(ORGANIZATION, executor)
    model, issues = await resolve_aside(document, active.latest + 1, active.columns, organization)
    if model is None:
        return None, (*_locked(active.document, document), *issues)
    issues = (*_identity(app, model), *_locked(active.document, document))
    if not issues and app == ORGANIZATION and active.number:
        issues = await _dependants(executor, site, model)
    if issues:
        return None, issues
    columns = allot_columns(model, active.columns, await read_physical(executor, app))
    if columns != model.columns:
        model, issues = await resolve_aside(document, active.latest + 1, columns, organization)
    return model, issues


def _identity(app: str, model: AppModel) -> list[Issue]:
    return [] if model.app == app else [issue(MESSAGES, "definition-app-key", "/key")]


def _locked(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Issue]:
    """Return an issue for every locked element that is gone or of another kind, and for every change of how it works."""
    now = dict(_elements("", after))
    issues = []
    for pointer, element in _elements("", before):
        name = pointer.rpartition("/")[2]
        if not element.get("locked"):
            continue
        if pointer not in now or now[pointer].get("kind") != element.get("kind"):
            issues.append(issue(MESSAGES, "definition-locked-removed", pointer, None, name=name))
            continue
        for key in _changed(element, now[pointer]):
            at = f"{pointer}/{key}"
            issues.append(issue(MESSAGES, "definition-locked-changed", at, None, name=name, property=words_of(key)))
    return issues


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the properties of a locked element that differ and may not; parts with keys are locked one by one."""
    names = [name for name in dict.fromkeys([*before, *after]) if name not in _FREE]
    return [
        name
        for name in names
        if (before.get(name) or None) != (after.get(name) or None)
        and not (_is_keyed(before.get(name)) and _is_keyed(after.get(name)))
    ]


def _is_keyed(value: object) -> bool:
    return value is None or isinstance(value, list) and all(isinstance(e, dict) and "key" in e for e in value)


def _elements(pointer: str, value: Any) -> list[tuple[str, Mapping[str, Any]]]:  # noqa: ANN401 – any JSON
    found: list[tuple[str, Mapping[str, Any]]] = []
    for name, part in value.items() if isinstance(value, Mapping) else ():
        for element in part if isinstance(part, list) else ():
            if isinstance(element, Mapping) and "key" in element:
                here = f"{pointer}/{name}/{element['key']}"
                found += [(here, element), *_elements(here, element)]
    return found


async def _dependants(executor: Executor, site: Site, organization: AppModel) -> tuple[Issue, ...]:
    """Return what would be wrong in other active apps with the organization's next version."""
    issues: list[Issue] = []
    for model in await site.apps(executor):
        if model.app != ORGANIZATION:
            issues += (await resolve_aside(model.document, model.version, model.columns, organization))[1]
    return tuple(issues)
