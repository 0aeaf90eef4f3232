"""The app document as its author writes it (format dougong.app/1), as pydantic types; it checks shapes, never meaning."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

FORMAT = "dougong.app/1"

Key = Annotated[str, StringConstraints(pattern=r"^[a-z](_?[a-z0-9])*$", max_length=40)]
"""Names an element for ever: lower case letters, digits and single underscores."""
EntityKey = Annotated[str, StringConstraints(pattern=r"^([a-z](_?[a-z0-9])*\.)?[a-z](_?[a-z0-9])*$", max_length=81)]
"""An entity of this app (`partner`) or of the organization package (`organization.user`)."""
Language = Literal["zh-CN", "en"]
Words = dict[Language, Annotated[str, StringConstraints(max_length=2000)]]
"""A text per language (BCP 47), in none while nobody has written it."""
Text = Annotated[Words, Field(min_length=1)]
"""A label per language."""
ExpressionText = Annotated[str, StringConstraints(max_length=10_000)]
NumberText = Annotated[str, StringConstraints(pattern=r"^-?\d{1,38}(\.\d{1,20})?$")]
"""A number in plain notation."""
Version = Annotated[str, StringConstraints(pattern=r"^\d{1,6}\.\d{1,6}\.\d{1,6}$")]


class Element(BaseModel):
    """What every element of the document shares: unknown properties are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Key
    locked: bool = False


class FieldBase(Element):
    """What a field of every kind may say."""

    name: Text
    help: Text | None = None
    required: bool = False
    read_only: bool = False
    indexed: bool = False
    unique: bool = False
    default: ExpressionText | None = None
    formula: ExpressionText | None = None
    copy_from: ExpressionText | None = Field(default=None, alias="copy")

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_alias=True, validate_by_name=True)


class TextField(FieldBase):
    """One line of text."""

    kind: Literal["text"]
    max_length: Annotated[int, Field(ge=1, le=4000)] = 200


class LongTextField(FieldBase):
    """Text of several lines."""

    kind: Literal["long_text"]
    max_length: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000


class NumberField(FieldBase):
    """An exact decimal number."""

    kind: Literal["number"]
    scale: Annotated[int, Field(ge=0, le=20)] = 2
    min: NumberText | None = None
    max: NumberText | None = None


class MoneyField(FieldBase):
    """An amount of money; two decimals unless the scale says otherwise."""

    kind: Literal["money"]
    scale: Annotated[int, Field(ge=0, le=20)] = 2
    min: NumberText | None = None
    max: NumberText | None = None


class BooleanField(FieldBase):
    """Yes or no."""

    kind: Literal["boolean"]


class DateField(FieldBase):
    """A day without a time zone."""

    kind: Literal["date"]


class DatetimeField(FieldBase):
    """An instant."""

    kind: Literal["datetime"]


class OptionDefinition(Element):
    """One value of a choice."""

    name: Text
    color: Literal["grey", "red", "orange", "gold", "green", "cyan", "blue", "purple", "pink"] | None = None


class ChoiceField(FieldBase):
    """One of the listed options."""

    kind: Literal["choice"]
    options: Annotated[list[OptionDefinition], Field(min_length=1, max_length=500)]


class InverseDefinition(BaseModel):
    """The way back of a reference, as its target sees it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Key
    name: Text


class ReferenceField(FieldBase):
    """Another record, of this app or of the organization package."""

    kind: Literal["reference"]
    to: EntityKey
    where: ExpressionText | None = None
    inverse: InverseDefinition | None = None


class SequenceField(FieldBase):
    """A number given by the platform, such as SO-202611-0001; its counter restarts with its date part."""

    kind: Literal["sequence"]
    pattern: Annotated[str, StringConstraints(max_length=80)]
    mode: Literal["fast"] = "fast"


LineField = Annotated[
    TextField
    | LongTextField
    | NumberField
    | MoneyField
    | BooleanField
    | DateField
    | DatetimeField
    | ChoiceField
    | ReferenceField,
    Field(discriminator="kind"),
]


class LinesField(FieldBase):
    """Rows owned by the record; an entity of their own, `<entity>.<key>`."""

    kind: Literal["lines"]
    fields: Annotated[list[LineField], Field(min_length=1, max_length=200)]


FieldDefinition = Annotated[
    TextField
    | LongTextField
    | NumberField
    | MoneyField
    | BooleanField
    | DateField
    | DatetimeField
    | ChoiceField
    | ReferenceField
    | SequenceField
    | LinesField,
    Field(discriminator="kind"),
]


class RuleDefinition(Element):
    """A condition that must hold when a record is saved, and what people are told, at which field, when it does not."""

    check: ExpressionText
    at: Key | None = None
    message: Words


class UniqueDefinition(Element):
    """Fields whose values together occur once among the records that are not in the trash."""

    fields: Annotated[list[Key], Field(min_length=1, max_length=8)]


class EntityDefinition(Element):
    """A kind of thing people keep records of."""

    name: Text
    title: Key
    fields: Annotated[list[FieldDefinition], Field(max_length=500)]
    rules: list[RuleDefinition] = []
    unique: list[UniqueDefinition] = []


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
    """The screen of one record."""

    entity: Key
    name: Text
    nodes: list[SectionNode]


class ViewColumn(BaseModel):
    """A column of a list view."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Key
    width: Annotated[int, Field(ge=40, le=1200)] | None = None


class SortDefinition(BaseModel):
    """One field a view is sorted by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Key
    order: Literal["ascending", "descending"] = "ascending"


class ViewDefinition(Element):
    """A list of records of one entity."""

    kind: Literal["list"]
    entity: Key
    name: Text
    form: Key | None = None
    filter: ExpressionText = ""
    columns: Annotated[list[ViewColumn], Field(min_length=1, max_length=100)]
    sort: Annotated[list[SortDefinition], Field(max_length=3)] = []


class MenuItemDefinition(Element):
    """One entry of a menu."""

    view: Key
    name: Text | None = None


class MenuDefinition(Element):
    """A titled group of views in the app's navigation."""

    name: Text
    icon: str | None = None
    items: list[MenuItemDefinition]


class RoleDefinition(Element):
    """A name for duties; what it may do is said by policies, and `may` says what it may do with the app itself."""

    name: Text
    installer: bool = False
    may: list[Literal["design", "publish", "install"]] = []


class PolicyDefinition(Element):
    """What a role may do with the records of an entity; without one it may do nothing."""

    role: Key
    entity: Key
    actions: Annotated[list[Literal["create", "read", "update", "delete"]], Field(min_length=1)]
    rows: Literal["all", "own"] = "all"


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
    version: Version = "1.0.0"
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
