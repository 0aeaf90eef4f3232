"""How fields that hold a plain value of their own are written in an app document, a class a kind, as pydantic types; shapes, never meaning."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from dougong.model.definition_element import FieldBase, Key, NumberText, OptionDefinition

Scale = Annotated[int, Field(ge=0, le=20)]


class RichTextField(FieldBase):
    """Text with headings, lists, links and tables."""

    kind: Literal["rich_text"]
    max_length: Annotated[int, Field(ge=1, le=1_000_000)] = 100_000


class PhoneField(FieldBase):
    """A phone number."""

    kind: Literal["phone"]


class EmailField(FieldBase):
    """An e-mail address."""

    kind: Literal["email"]


class UrlField(FieldBase):
    """An address of the web."""

    kind: Literal["url"]


class BarcodeField(FieldBase):
    """Text shown as a bar code."""

    kind: Literal["barcode"]
    format: Literal["code128", "code39", "ean13", "ean8", "upca", "itf14", "qrcode", "datamatrix"] = "code128"


class SecretField(FieldBase):
    """A password or a key, never shown."""

    kind: Literal["secret"]
    max_length: Annotated[int, Field(ge=1, le=4000)] = 1000


class PercentField(FieldBase):
    """A fraction, shown as a percentage."""

    kind: Literal["percent"]
    scale: Scale = 4
    min: NumberText | None = None
    max: NumberText | None = None


class QuantityField(FieldBase):
    """A number with a unit."""

    kind: Literal["quantity"]
    scale: Scale = 3
    min: NumberText | None = None
    max: NumberText | None = None
    unit: Annotated[str, StringConstraints(min_length=1, max_length=20)] | None = None
    unit_field: Key | None = None


class RatingField(FieldBase):
    """A number of stars."""

    kind: Literal["rating"]
    max: Annotated[int, Field(ge=1, le=10)] = 5


class TimeField(FieldBase):
    """A time of day."""

    kind: Literal["time"]
    seconds: bool = False


class DurationField(FieldBase):
    """A span of time in minutes."""

    kind: Literal["duration"]
    show: Literal["hours", "days"] = "hours"
    min: NumberText | None = None
    max: NumberText | None = None


class ChoicesField(FieldBase):
    """Several of the listed options."""

    kind: Literal["choices"]
    options: Annotated[list[OptionDefinition], Field(min_length=1, max_length=500)]


class TreeOptionDefinition(OptionDefinition):
    """One value of a tree choice, and the option it lies under."""

    parent: Key | None = None


class TreeChoiceField(FieldBase):
    """One of options that lie under each other."""

    kind: Literal["tree_choice"]
    options: Annotated[list[TreeOptionDefinition], Field(min_length=1, max_length=2000)]


class AddressField(FieldBase):
    """A postal address in its parts."""

    kind: Literal["address"]
    country: bool = False


class LocationField(FieldBase):
    """A point on the earth."""

    kind: Literal["location"]


class JsonField(FieldBase):
    """Any JSON value."""

    kind: Literal["json"]
    json_schema: Annotated[dict[str, Any] | None, Field(alias="schema")] = None


PlainField = (
    RichTextField
    | PhoneField
    | EmailField
    | UrlField
    | BarcodeField
    | PercentField
    | QuantityField
    | RatingField
    | TimeField
    | DurationField
    | ChoicesField
    | TreeChoiceField
    | AddressField
    | LocationField
    | JsonField
)
"""Any of these but the secret, which no row may have."""
