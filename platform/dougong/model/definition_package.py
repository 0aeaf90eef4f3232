"""A package as its author writes it: an app document, and what it adds to elements of packages it requires, as pydantic types."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from dougong.model.definition import (
    AppDefinition,
    EntityDefinition,
    FormDefinition,
    InputNode,
    MenuDefinition,
    MenuItemDefinition,
    RoleDefinition,
    RuleDefinition,
    SectionNode,
    UniqueDefinition,
    ViewColumn,
    ViewDefinition,
)
from dougong.model.definition_element import EntityKey, Key, OptionDefinition, PathKey
from dougong.model.definition_fields import FieldDefinition
from dougong.model.definition_states import StateDefinition, TransitionDefinition
from dougong.model.definition_stock import GuardDefinition


class Extension(BaseModel):
    """What every addition says: to which element, and before which of its parts, at the end without."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    extend: Key
    before: Key | None = None


def _is_extension(value: Any) -> str:  # noqa: ANN401 – whatever the document holds
    extends = "extend" in value if isinstance(value, dict) else isinstance(value, Extension)
    return "extension" if extends else "own"


_EITHER = Discriminator(_is_extension)


class FieldExtension(Extension):
    """Options it adds to a choice."""

    options: Annotated[list[OptionDefinition], Field(min_length=1, max_length=200)]


class StatesExtension(BaseModel):
    """States and transitions it adds to those there are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    states: Annotated[list[StateDefinition], Field(max_length=100)] = []
    transitions: Annotated[list[TransitionDefinition], Field(max_length=500)] = []


FieldEntry = Annotated[Annotated[FieldDefinition, Tag("own")] | Annotated[FieldExtension, Tag("extension")], _EITHER]


class EntityExtension(Extension):
    """What it adds to an entity."""

    extend: EntityKey
    fields: Annotated[list[FieldEntry], Field(max_length=500)] = []
    rules: list[RuleDefinition] = []
    guards: list[GuardDefinition] = []
    unique: list[UniqueDefinition] = []
    states: StatesExtension | None = None


class SectionExtension(Extension):
    """Inputs it adds to a section of a form."""

    nodes: list[InputNode]


SectionEntry = Annotated[Annotated[SectionNode, Tag("own")] | Annotated[SectionExtension, Tag("extension")], _EITHER]


class FormExtension(Extension):
    """Sections and inputs it adds to a form."""

    nodes: list[SectionEntry]


class ViewExtension(Extension):
    """Columns it adds to a list; `before` is the key of a column."""

    before: PathKey | None = None
    columns: Annotated[list[ViewColumn], Field(min_length=1, max_length=100)]


class MenuExtension(Extension):
    """Entries it adds to a menu."""

    items: list[MenuItemDefinition]


class RoleExtension(BaseModel):
    """What a role may do besides with the app itself; what it may do with records, policies say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    extend: Key
    may: list[Literal["design", "publish", "install", "audit"]]


_EntityEntry = Annotated[Annotated[EntityDefinition, Tag("own")] | Annotated[EntityExtension, Tag("extension")], _EITHER]
_Entities = Annotated[list[_EntityEntry], Field(max_length=500)]


class PackageDefinition(AppDefinition):
    """A package; composed with those it requires it is an app document, without additions."""

    # Each list is wider than what it becomes.
    entities: _Entities = []  # type: ignore[assignment]
    forms: list[Annotated[Annotated[FormDefinition, Tag("own")] | Annotated[FormExtension, Tag("extension")], _EITHER]] = []  # type: ignore[assignment]
    views: list[Annotated[Annotated[ViewDefinition, Tag("own")] | Annotated[ViewExtension, Tag("extension")], _EITHER]] = []  # type: ignore[assignment]
    menus: list[Annotated[Annotated[MenuDefinition, Tag("own")] | Annotated[MenuExtension, Tag("extension")], _EITHER]] = []  # type: ignore[assignment]
    roles: list[Annotated[Annotated[RoleDefinition, Tag("own")] | Annotated[RoleExtension, Tag("extension")], _EITHER]] = []  # type: ignore[assignment]
