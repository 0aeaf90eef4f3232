"""How fields are written in an app document, a class a kind, as pydantic types; it checks shapes, never meaning."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z](_?[a-z0-9])*$", max_length=40)]
"""Names an element for ever: lower case letters, digits and single underscores."""
EntityKey = Annotated[str, StringConstraints(pattern=r"^([a-z](_?[a-z0-9])*\.)?[a-z](_?[a-z0-9])*$", max_length=81)]
"""An entity of this app (`partner`) or of the organization package (`organization.user`)."""
PathKey = Annotated[str, StringConstraints(pattern=r"^[a-z](_?[a-z0-9])*(\.[a-z](_?[a-z0-9])*){0,4}$", max_length=56)]
"""A field, or one that references lead to: `customer.region.name`."""
Language = Literal["zh-CN", "en"]
Words = dict[Language, Annotated[str, StringConstraints(max_length=2000)]]
"""A text per language (BCP 47), in none while nobody has written it."""
Text = Annotated[Words, Field(min_length=1)]
"""A label per language."""
ExpressionText = Annotated[str, StringConstraints(max_length=10_000)]
NumberText = Annotated[str, StringConstraints(pattern=r"^-?\d{1,38}(\.\d{1,20})?$")]
"""A number in plain notation."""
Color = Literal["grey", "red", "orange", "gold", "green", "cyan", "blue", "purple", "pink"]
"""The colour of a tag."""
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
    color: Color | None = None


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


class ReferencesField(FieldBase):
    """Several other records, of this app or of the organization package."""

    kind: Literal["references"]
    to: EntityKey
    where: ExpressionText | None = None
    inverse: InverseDefinition | None = None


class MemberField(FieldBase):
    """A person of the organization."""

    kind: Literal["member"]
    where: ExpressionText | None = None
    inverse: InverseDefinition | None = None


class MembersField(FieldBase):
    """People of the organization."""

    kind: Literal["members"]
    where: ExpressionText | None = None
    inverse: InverseDefinition | None = None


class DepartmentField(FieldBase):
    """A department of the organization."""

    kind: Literal["department"]
    where: ExpressionText | None = None
    inverse: InverseDefinition | None = None


class DepartmentsField(FieldBase):
    """Departments of the organization."""

    kind: Literal["departments"]
    where: ExpressionText | None = None
    inverse: InverseDefinition | None = None


PointingField = ReferenceField | ReferencesField | MemberField | MembersField | DepartmentField | DepartmentsField
"""Fields that point to records."""


class SequenceField(FieldBase):
    """A number given by the platform, such as SO-202611-0001; its counter restarts with its date part."""

    kind: Literal["sequence"]
    pattern: Annotated[str, StringConstraints(max_length=80)]
    mode: Literal["fast", "gapless"] = "fast"
    reset: Literal["none", "year", "month", "day"] | None = None
    start: Annotated[int, Field(ge=1, le=999_999_999)] = 1
    per: Annotated[list[Key], Field(max_length=4)] = []
    date: Key | None = None


LineField = Annotated[
    TextField
    | LongTextField
    | NumberField
    | MoneyField
    | BooleanField
    | DateField
    | DatetimeField
    | ChoiceField
    | PointingField,
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
    | PointingField
    | SequenceField
    | LinesField,
    Field(discriminator="kind"),
]
