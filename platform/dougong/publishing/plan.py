"""What a publish would do: a document in, its changes in words, what is wrong, and the steps out; nothing is changed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.diff import ChangeNote, diff
from dougong.model.messages import MESSAGES
from dougong.publishing.broken import read_broken
from dougong.publishing.consequences import read_warnings
from dougong.publishing.late_indexes import NAMES
from dougong.publishing.locked import locked_issues
from dougong.registry.versions import Active, read_active
from dougong.sites import Site, resolve_aside
from dougong.store.columns import Physical, Uniques, allot_columns, read_physical, read_uniques
from dougong.store.counters_publish import counter_statements
from dougong.store.fill import Fill, fills_of, stale_fields, together
from dougong.store.required import Required, validate
from dougong.store.save import Executor
from dougong.store.text_indexes import TextIndex, plan_text_indexes, read_large, read_unfinished
from engines.values.issue import Issue, issue

if TYPE_CHECKING:
    from dougong.store.ddl import DdlPlan


@dataclass(frozen=True, slots=True)
class Basis:
    """What a plan rests on: the version in use, the people's model, and the schema with the tables of it that are large."""

    active: Active
    organization: AppModel | None
    tables: Physical
    uniques: Uniques
    names: frozenset[str]
    unfinished: frozenset[str]
    large: frozenset[str]


@dataclass(frozen=True, slots=True)
class Steps:
    """What a publish does to the schema and to the records there are.

    texts: statements for indexes of texts; late: those that a job makes after it, for the tables are large. counters: statements for
    numbers. is_long: it takes so long that others must be able to go on meanwhile.
    """

    ddl: "DdlPlan"
    texts: tuple[str, ...]
    late: tuple[TextIndex, ...]
    fills: tuple[Fill, ...]
    counters: tuple[str, ...]
    is_long: bool

    @property
    def before_fills(self) -> tuple[str, ...]:
        """The statements that come before the fills where all is done at once."""
        return (*self.ddl.at_once, *self.texts)

    @property
    def after_fills(self) -> tuple[str, ...]:
        """The statements that come after them."""
        return (*self.ddl.looked_through, *self.counters)

    def written(self, site: Site) -> tuple[str, ...]:
        """Return all there is to do as SQL, as it is shown before it is done."""
        if not self.is_long:
            filled = tuple(fill.written(site) for fill in self.fills)
            return (*self.before_fills, *filled, *self.after_fills, *self._later())
        indexes = (index.concurrently for index in self.ddl.built)
        placed = (text for index in self.ddl.built for text in index.put_in_place)
        filled = tuple(fill.written(site) for fill in together(self.fills))
        switched = (*placed, *self.ddl.last, *self.texts, *self.counters)
        return (*self.ddl.first, *filled, *indexes, *switched, *self._looked_through(), *self._later())

    def _looked_through(self) -> tuple[str, ...]:
        """Return what looks through the records once the version is in use; `required` only where no record lacks a value."""
        made = (text for one in self.ddl.required for text in (one.made, validate(one.entity, one.name)))
        return (*(validate(entity, name) for entity, name in self.ddl.checked), *made)

    def _later(self) -> tuple[str, ...]:
        return tuple(index.create(True) for index in self.late)


@dataclass(frozen=True, slots=True)
class PublishPlan:
    """What a publish would do. model, steps: None while there are issues. warnings: what it means for values there are."""

    changes: tuple[ChangeNote, ...]
    issues: tuple[Issue, ...]
    model: AppModel | None = None
    steps: Steps | None = None
    warnings: tuple[Issue, ...] = ()
    basis: Basis | None = None


async def plan(site: Site, app: str, document: Mapping[str, Any]) -> PublishPlan:
    """Return what publishing a document as the next version of an app would do."""
    found = await plan_in(site.pool, site, app, document)
    if found.model is None or found.basis is None or not found.basis.active.number:
        return found
    return replace(found, warnings=await read_warnings(site.pool, site, await site.app(app), found.model))


async def plan_in(executor: Executor, site: Site, app: str, document: Mapping[str, Any]) -> PublishPlan:
    """Return the same as a connection inside a transaction sees it."""
    basis = await read_basis(executor, site, app)
    changes = diff(basis.active.document, document)
    before = await _in_use(executor, site, app, basis)
    model, issues = await resolve_next(executor, site, app, document, basis, before)
    if model is None:
        return PublishPlan(changes, issues, basis=basis)
    broken = await read_broken(executor, before, model, basis.tables)
    if broken:
        return PublishPlan(changes, broken, basis=basis)
    # Alembic is met only by those who publish, and brought in beside the requests: it takes a tenth of a second.
    await asyncio.to_thread(import_module, "dougong.store.ddl")
    steps = steps_of(site, before, model, basis)
    if steps.is_long:
        # Whoever reads the version in use must not meet values of the next one while they are being filled in.
        model = await _moved(document, model, before, basis, {(entity.key, field.key) for entity, field in stale_fields(before, model)})
        steps = replace(steps_of(site, before, model, basis), is_long=True)
    return PublishPlan(changes, (), model, steps, basis=basis)


async def read_basis(executor: Executor, site: Site, app: str) -> Basis:
    """Return what a plan rests on."""
    active = await read_active(executor, app)
    organization = None if app == ORGANIZATION else await site.app(ORGANIZATION, executor)
    unfinished = await read_unfinished(executor, app)
    names = frozenset(row["name"] for row in await executor.fetch(NAMES, f"app_{app}"))
    tables, uniques = await read_physical(executor, app), await read_uniques(executor, app)
    whole = {table: {name: of for name, of in found.items() if name not in unfinished} for table, found in uniques.items()}
    return Basis(active, organization, tables, whole, names, unfinished, await read_large(executor, app, site.settings.large_rows))


def steps_of(site: Site, before: AppModel | None, model: AppModel, basis: Basis) -> Steps:
    """Return what leads from the version in use to a model whose columns are allotted."""
    from dougong.store.ddl import Existing, ddl_plan

    ddl = ddl_plan(model, Existing(basis.tables, basis.uniques, basis.names - basis.unfinished, basis.unfinished))
    # A large table is not looked through at every publish for a field that some of its records still lack.
    ddl = replace(ddl, required=tuple(one for one in ddl.required if one.entity.table not in basis.large or _is_new(before, one)))
    texts = plan_text_indexes(model, basis.tables, basis.names, basis.large, basis.unfinished)
    fills = fills_of(site, before, model, basis.tables, basis.active.published_at)
    tables = {*(one.entity.table for one in ddl.built), *(fill.entity.table for fill in fills), *(entity.table for entity, _ in ddl.checked)}
    tables |= {one.entity.table for one in ddl.required}
    return Steps(ddl, texts.now, texts.late, fills, counter_statements(before, model, basis.tables), bool(tables & basis.large))


def _is_new(before: AppModel | None, one: Required) -> bool:
    entity = None if before is None else before.entities.get(one.entity.key)
    former = None if entity is None else entity.fields.get(one.field.key)
    return former is None or not former.is_required or former.column != one.field.column


async def _in_use(executor: Executor, site: Site, app: str, basis: Basis) -> AppModel | None:
    """Return the model of the version in use, which this process may not have heard of yet."""
    active = basis.active
    kept = site.models.get(app)
    if kept is not None and kept.version == active.number:
        return kept
    return (await resolve_aside(active.document, active.number, active.columns, basis.organization))[0]


async def resolve_next(
    executor: Executor, site: Site, app: str, document: Mapping[str, Any], basis: Basis, before: AppModel | None
) -> tuple[AppModel | None, tuple[Issue, ...]]:
    """Return the model a document would be as the next version, its columns allotted, or every issue."""
    active = basis.active
    model, issues = await resolve_aside(document, active.latest + 1, active.columns, basis.organization)
    if model is None:
        return None, (*locked_issues(active.document, document), *issues)
    issues = (*_identity(app, model), *locked_issues(active.document, document))
    if not issues and app == ORGANIZATION and active.number:
        issues = await _dependants(executor, site, model)
    if issues:
        return None, issues
    return await _moved(document, model, before, basis, set()), ()


async def _moved(document: Mapping[str, Any], model: AppModel, before: AppModel | None, basis: Basis, moved: set[tuple[str, str]]) -> AppModel:
    """Return the model with its columns; what people have written and what is computed never share one."""
    for key, entity in model.entities.items():
        former = None if before is None else before.entities.get(key)
        for field in entity.stored_fields:
            was = None if former is None else former.fields.get(field.key)
            if was is not None and was.column is not None and (was.formula is None) != (field.formula is None):
                moved = moved | {(key, field.key)}
    columns = allot_columns(model, basis.active.columns, basis.tables, moved)
    if columns == model.columns:
        return model
    found, _ = await resolve_aside(document, model.version, columns, basis.organization)
    assert found is not None
    return found


def _identity(app: str, model: AppModel) -> list[Issue]:
    return [] if model.app == app else [issue(MESSAGES, "definition-app-key", "/key")]


async def _dependants(executor: Executor, site: Site, organization: AppModel) -> tuple[Issue, ...]:
    """Return what would be wrong in other active apps with the organization's next version."""
    issues: list[Issue] = []
    for model in await site.apps(executor):
        if model.app != ORGANIZATION:
            issues += (await resolve_aside(model.document, model.version, model.columns, organization))[1]
    return tuple(issues)
