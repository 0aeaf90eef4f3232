"""AppModel: the resolved, checked app that running code reads; built once a version, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dougong.model.definition import (
    AppDefinition,
    FormDefinition,
    MenuDefinition,
    RoleDefinition,
    ViewDefinition,
)
from dougong.model.policy import Policy
from engines.entity.compute import ComputePlan
from engines.entity.entity import FILES, Entity
from engines.entity.files import FILE_ENTITY
from engines.entity.graph import Graph
from engines.entity.input_schema import InputSchema
from engines.entity.projection import Projection
from engines.expression.tree import TypedTree

ORGANIZATION = "organization"
"""Key of the app whose records are the people of the site."""

Columns = Mapping[str, Mapping[str, str]]
"""Column of each field, by entity key and field key."""


@dataclass(frozen=True, slots=True, eq=False)
class AppModel:
    """One version of an app, ready to run.

    version: 0 for a draft. document: what the definition was parsed from, as its author wrote it.
    entities: by key, rows of sub-tables as `sales_order.lines`. policies: by entity key.
    projections: what each ledger adds up to, by its key. graph: what follows what among computed fields.
    organization: the people's app, None in that app itself. Compared by identity: a model is a version.
    """

    app: str
    version: int
    document: Mapping[str, Any]
    definition: AppDefinition
    entities: Mapping[str, Entity]
    plans: Mapping[str, ComputePlan]
    inputs: Mapping[str, InputSchema]
    forms: Mapping[str, FormDefinition]
    views: Mapping[str, ViewDefinition]
    view_filters: Mapping[str, TypedTree]
    menus: tuple[MenuDefinition, ...]
    roles: Mapping[str, RoleDefinition]
    policies: Mapping[str, tuple[Policy, ...]]
    organization: "AppModel | None" = field(default=None, repr=False)
    graph: Graph = field(default_factory=Graph, repr=False)
    projections: Mapping[str, tuple[Projection, ...]] = field(default_factory=dict)

    def home(self, entity_key: str) -> "AppModel":
        """Return the model an entity key belongs to: this one, or the organization's for `organization.…`."""
        if self.organization is not None and entity_key.startswith(f"{ORGANIZATION}."):
            return self.organization
        return self

    def entity(self, key: str) -> Entity:
        """Return the entity of this app, or of the organization for `organization.…`; KeyError when there is none."""
        if key == FILES:
            return FILE_ENTITY
        home = self.home(key)
        return home.entities[key.removeprefix(f"{ORGANIZATION}.") if home.app == ORGANIZATION else key]

    @property
    def columns(self) -> Columns:
        """The column of each stored field, of a list the table of its links."""
        return {
            key: {f.key: f.column or f.link_table or "" for f in entity.shown_fields}
            for key, entity in self.entities.items()
        }
