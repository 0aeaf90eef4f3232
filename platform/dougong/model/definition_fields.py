"""How fields are written in an app document, a class a kind, as pydantic types; it checks shapes, never meaning."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from dougong.model.definition_element import (
    EntityKey,
    ExpressionText,
    FieldBase,
    Key,
    NumberText,
    OptionDefinition,
    Text,
)
from dougong.model.definition_files import FilesField
from dougong.model.definition_kinds import PlainField, SecretField


class TextField(FieldBase):
    """One line of text."""

    kind: Literal["text"]
    min_length: Annotated[int, Field(ge=0, le=4000)] = 0
    max_length: Annotated[int, Field(ge=1, le=4000)] = 200
    pattern: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None
    pattern_message: Text | None = None


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
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    currency_field: Key | None = None


class BooleanField(FieldBase):
    """Yes or no."""

    kind: Literal["boolean"]


class DateField(FieldBase):
    """A day without a time zone."""

    kind: Literal["date"]
    min: ExpressionText | None = None
    max: ExpressionText | None = None


class DatetimeField(FieldBase):
    """An instant."""

    kind: Literal["datetime"]
    min: ExpressionText | None = None
    max: ExpressionText | None = None


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


class AnyReferenceField(FieldBase):
    """One record of one of several entities, of this app or of the organization package."""

    kind: Literal["any_reference"]
    to: Annotated[list[EntityKey], Field(min_length=1, max_length=50)]


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
    | PlainField
    | PointingField
    | AnyReferenceField
    | FilesField,
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
    | PlainField
    | SecretField
    | PointingField
    | AnyReferenceField
    | FilesField
    | SequenceField
    | LinesField,
    Field(discriminator="kind"),
]
