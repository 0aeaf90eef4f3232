"""The app document as its author writes it (format dougong.app/1), as pydantic types; it checks shapes, never meaning."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

from dougong.model.definition_decision import DecisionDefinition
from dougong.model.definition_element import (
    Element,
    EntityKey,
    ExpressionText,
    FieldPath,
    Key,
    Language,
    PathKey,
    Text,
    Version,
    Words,
)
from dougong.model.definition_fields import FieldDefinition
from dougong.model.definition_policy import PolicyDefinition
from dougong.model.definition_states import StatesDefinition
from dougong.model.definition_stock import GuardDefinition, PeriodLockDefinition, ProjectionDefinition

EntityKind = Literal["record", "ledger", "single", "decision"]
"""How records of an entity come and go."""

FORMAT = "dougong.app/1"
FIRST_VERSION = "1.0.0"
"""Version of an app or a package whose document says none."""


class RuleDefinition(Element):
    """A condition that must hold when a record is saved, and what people are told, at which field, when it does not."""

    check: ExpressionText
    at: Key | None = None
    message: Words
    severity: Literal["error", "warning"] = "error"


class UniqueDefinition(Element):
    """Fields whose values together occur once among the records that are not in the trash."""

    fields: Annotated[list[FieldPath], Field(min_length=1, max_length=8)]
    where: ExpressionText | None = None
    within: Literal["parent"] | None = None
    message: Words = {}


class EntityDefinition(Element):
    """A kind of thing people keep records of."""

    kind: EntityKind = "record"
    name: Text
    title: Key
    fields: Annotated[list[FieldDefinition], Field(max_length=500)]
    search: Annotated[list[Key], Field(max_length=8)] | None = None
    rules: list[RuleDefinition] = []
    guards: list[GuardDefinition] = []
    projections: list[ProjectionDefinition] = []
    negates: list[FieldPath] = []
    period_lock: PeriodLockDefinition | None = None
    unique: list[UniqueDefinition] = []
    states: StatesDefinition | None = None
    decision: DecisionDefinition | None = None


class EntityExtension(BaseModel):
    """What this package adds to an entity of a package it requires."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    extend: EntityKey
    fields: list[FieldDefinition] = []
    rules: list[RuleDefinition] = []


class LineColumn(BaseModel):
    """A column of a sub-table in a form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Key
    width: Annotated[int, Field(ge=40, le=1200)] | None = None
    hidden: bool = False


class InputNode(Element):
    """One field on a form."""

    kind: Literal["input"]
    field: Key
    name: Text | None = None
    span: Annotated[int, Field(ge=1, le=4)] = 1
    hidden: bool = False
    read_only: bool = False
    columns: list[LineColumn] | None = None


class SectionNode(Element):
    """A titled group of inputs in one to four columns."""

    kind: Literal["section"]
    name: Text | None = None
    columns: Annotated[int, Field(ge=1, le=4)] = 2
    hidden: bool = False
    nodes: list[InputNode] = []


class FormDefinition(Element):
    """The screen of one record. offered_to: roles, without that whoever may read the records."""

    entity: Key
    name: Text
    nodes: list[SectionNode]
    offered_to: list[EntityKey] | None = None


class ViewColumn(BaseModel):
    """A column of a list view."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: PathKey
    width: Annotated[int, Field(ge=40, le=1200)] | None = None


class SortDefinition(BaseModel):
    """One field a view is sorted by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: PathKey
    order: Literal["ascending", "descending"] = "ascending"


class ViewDefinition(Element):
    """A list of records of one entity. offered_to: roles, without that whoever may read the records."""

    kind: Literal["list"]
    entity: Key
    name: Text
    form: Key | None = None
    filter: ExpressionText = ""
    columns: Annotated[list[ViewColumn], Field(min_length=1, max_length=100)]
    sort: Annotated[list[SortDefinition], Field(max_length=3)] = []
    offered_to: list[EntityKey] | None = None


class MenuItemDefinition(Element):
    """One entry of a menu."""

    view: Key
    name: Text | None = None


class MenuDefinition(Element):
    """A titled group of views in the app's navigation. offered_to: roles, without that everybody."""

    name: Text
    icon: str | None = None
    items: list[MenuItemDefinition]
    offered_to: list[EntityKey] | None = None


class RoleDefinition(Element):
    """A name for duties; what it may do is said by policies, and `may` says what it may do with the app itself."""

    name: Text
    installer: bool = False
    may: list[Literal["design", "publish", "install", "audit"]] = []


class SeedRecord(BaseModel):
    """A record that comes with the package; references name the keys of other seed records.

    by: key of the seed record of organization.user who counts as its creator; without it the installing user.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]*$", max_length=80)]
    entity: EntityKey
    by: Annotated[str, StringConstraints(max_length=80)] | None = None
    values: dict[str, Any]


class Requirement(BaseModel):
    """Another package this one builds on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    package: Key
    version: Annotated[str, StringConstraints(max_length=80)]


def _is_extension(value: Any) -> str:  # noqa: ANN401 – whatever the document holds
    extends = "extend" in value if isinstance(value, dict) else isinstance(value, EntityExtension)
    return "extension" if extends else "entity"


EntityEntry = Annotated[
    Annotated[EntityDefinition, Tag("entity")] | Annotated[EntityExtension, Tag("extension")],
    Discriminator(_is_extension),
]
"""An entity of the package, or what it adds to one of a package it requires."""


class AppDefinition(BaseModel):
    """A whole app, or a package of one, as a document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["dougong.app/1"]
    key: Key
    version: Version = FIRST_VERSION
    name: Text
    description: Text | None = None
    icon: str | None = None
    languages: Annotated[list[Language], Field(min_length=1)] = ["zh-CN", "en"]
    requires: list[Requirement] = []
    entities: Annotated[list[EntityEntry], Field(max_length=500)] = []
    forms: list[FormDefinition] = []
    views: list[ViewDefinition] = []
    menus: list[MenuDefinition] = []
    roles: list[RoleDefinition] = []
    policies: list[PolicyDefinition] = []
    seed: list[SeedRecord] = []
    demo: list[SeedRecord] = []
