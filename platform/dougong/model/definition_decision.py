"""How a decision table is written in an app document, as pydantic types; it checks shapes, never meaning."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from dougong.model.definition_element import Element, Key, Words
from engines.expression.decision import Match, Policy


class DecisionInputDefinition(Element):
    """What a row of a decision table is found by."""

    name: Words = {}
    match: Match
    field: Key | None = None
    start: Key | None = Field(default=None, alias="from")
    end: Key | None = Field(default=None, alias="to")

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_alias=True, validate_by_name=True)


class DecisionDefinition(BaseModel):
    """How the records of an entity decide."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    inputs: Annotated[list[DecisionInputDefinition], Field(min_length=1, max_length=12)]
    outputs: Annotated[list[Key], Field(min_length=1, max_length=20)]
    policy: Policy
    order: Key | None = None
    first: Key | None = None
    last: Key | None = None
    overlap: Literal["allow", "refuse"] = "allow"
