"""What elements of an app document share: keys, labels, numbers and what a field of every kind may say, as pydantic types."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

KEY_PATTERN = r"^[a-z](_?[a-z0-9])*$"
Key = Annotated[str, StringConstraints(pattern=KEY_PATTERN, max_length=40)]
"""Names an element for ever: lower case letters, digits and single underscores."""
EntityKey = Annotated[str, StringConstraints(pattern=r"^([a-z](_?[a-z0-9])*\.)?[a-z](_?[a-z0-9])*$", max_length=81)]
"""An entity of this app (`partner`) or of the organization package (`organization.user`)."""
PathKey = Annotated[str, StringConstraints(pattern=r"^[a-z](_?[a-z0-9])*(\.[a-z](_?[a-z0-9])*){0,4}$", max_length=56)]
"""A field, or one that references lead to: `customer.region.name`."""
FieldPath = Annotated[str, StringConstraints(pattern=r"^[a-z](_?[a-z0-9])*(\.[a-z](_?[a-z0-9])*)?$", max_length=81)]
"""A field of a record (`number`) or of its rows (`lines.item`)."""
Language = Literal["zh-CN", "en"]
PLAIN_PATTERN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]*$"
PlainText = Annotated[str, StringConstraints(max_length=2000, pattern=PLAIN_PATTERN)]
"""A text without control characters, nor those that turn the direction of others round; lines may end."""
Words = dict[Language, PlainText]
"""A text per language (BCP 47), in none while nobody has written it."""
Text = Annotated[Words, Field(min_length=1)]
"""A label per language."""
ExpressionText = Annotated[str, StringConstraints(max_length=10_000)]
NumberText = Annotated[str, StringConstraints(pattern=r"^-?\d{1,38}(\.\d{1,20})?$")]
"""A number in plain notation."""
Color = Literal["grey", "red", "orange", "gold", "green", "cyan", "blue", "purple", "pink"]
"""The colour of a tag."""
VERSION_PATTERN = r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$"
Version = Annotated[str, StringConstraints(pattern=VERSION_PATTERN)]


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
    required_when: ExpressionText | None = None
    read_only: bool = False
    indexed: bool = False
    unique: bool = False
    sensitive: bool = False
    default: ExpressionText | None = None
    formula: ExpressionText | None = None
    virtual: bool = False
    discloses: bool = False
    copy_from: ExpressionText | None = Field(default=None, alias="copy")

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_alias=True, validate_by_name=True)


class OptionDefinition(Element):
    """One value of a choice."""

    name: Text
    color: Color | None = None
