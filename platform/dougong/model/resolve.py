"""AppDefinition -> AppModel | Issues, in stages: fields, expressions, order of computing, screens, roles; it reads no database."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dougong.model.app_model import AppModel, Columns
from dougong.model.definition import AppDefinition
from dougong.model.format_upgrades import upgrade
from dougong.model.messages import MESSAGES
from dougong.model.parse import parse_definition
from dougong.model.resolve_expressions import resolve_expressions
from dougong.model.resolve_fields import resolve_fields
from dougong.model.resolve_graph import resolve_graph
from dougong.model.resolve_ledgers import resolve_ledgers
from dougong.model.resolve_order import resolve_order
from dougong.model.resolve_period_lock import resolve_period_locks
from dougong.model.resolve_policies import resolve_policies
from dougong.model.resolve_screens import resolve_screens
from engines.entity.compute import plan_compute
from engines.entity.entity import Entity
from engines.entity.graph import Graph
from engines.entity.input_schema import build_input_schema
from engines.values.issue import Issue, issue

Resolved = tuple[AppModel | None, tuple[Issue, ...]]


def resolve(
    document: Mapping[str, Any], version: int = 0, columns: Columns | None = None, organization: AppModel | None = None
) -> Resolved:
    """Return the model and no issues, or no model and every issue found.

    columns: columns that fields have already; a field that is not there gets a column named by its key.
    """
    present = upgrade(document)
    if isinstance(present, Issue):
        return None, (present,)
    document = present
    definition = parse_definition(document)
    if not isinstance(definition, AppDefinition):
        return None, definition
    entities, issues = resolve_fields(definition, columns or {}, organization)
    entities, found = resolve_expressions(definition, entities, organization)
    issues += found
    entities, projections, found = resolve_ledgers(definition, entities, organization)
    issues += found
    entities, found = resolve_period_locks(definition, entities, organization)
    issues += found
    entities, found = resolve_order(entities)
    issues += found
    graph = Graph()
    if not issues:
        graph, issues = resolve_graph(definition.key, entities, organization)
    screens, found = resolve_screens(definition, entities, organization)
    issues += found + _twice(definition)
    policies, found = resolve_policies(definition, entities, organization)
    issues += found
    if issues:
        return None, tuple(issues)
    owners = [e for e in entities.values() if e.parent is None]
    return (
        AppModel(
            definition.key,
            version,
            document,
            definition,
            entities,
            {e.key: plan_compute(e, entities.__getitem__) for e in owners},
            {e.key: build_input_schema(e, entities.__getitem__) for e in owners},
            {f.key: f for f in definition.forms},
            {v.key: v for v in definition.views},
            screens,
            tuple(definition.menus),
            {r.key: r for r in definition.roles},
            policies,
            organization,
            graph,
            projections,
        ),
        (),
    )


def _twice(definition: AppDefinition) -> list[Issue]:
    """Return an issue for every record, entry of a menu and requirement that is there a second time."""
    places: list[tuple[tuple[str, ...], str]] = [(("requires", one.package), f"/requires/{one.package}") for one in definition.requires]
    for part, records in (("seed", definition.seed), ("demo", definition.demo)):
        places += [(("record", record.entity, record.key), f"/{part}/{record.key}") for record in records]
    for menu in definition.menus:
        places += [(("menu", menu.key, item.key), f"/menus/{menu.key}/items/{item.key}") for item in menu.items]
    seen: set[tuple[str, ...]] = set()
    issues = []
    for place, at in places:
        if place in seen:
            issues.append(issue(MESSAGES, "definition-key-taken", at, None, name=place[-1]))
        seen.add(place)
    return issues


def with_version(model: AppModel, version: int) -> AppModel:
    """Return the same model as the version it was published as."""
    return replace(model, version=version)


def entity_of(model: AppModel, key: str) -> Entity | None:
    """Return the entity people may name in a request, None when there is none; rows are no such entity."""
    found = model.entities.get(key)
    return None if found is None or found.parent is not None else found
