"""How quantities that must not run short are written in an app document, as pydantic types; it checks shapes, never meaning."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dougong.model.definition_element import Element, ExpressionText, Key, Words

Expressions = Annotated[dict[Key, ExpressionText], Field(min_length=1, max_length=20)]
"""An expression for each of some fields."""


class GuardDefinition(Element):
    """A condition on the record's own fields that holds after every change; guarded changes say how much of it is left."""

    check: ExpressionText
    message: Words


class ProjectionDefinition(Element):
    """What entries of a ledger add up to, kept in the records of another entity."""

    entity: Key
    rows: Key | None = None
    by: Expressions
    add: Expressions
    guard: ExpressionText | None = None
    message: Words = {}


class PeriodLockDefinition(BaseModel):
    """Which records close a stretch of days, so that nothing dated in it is made, changed or deleted any more."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: Key
    entity: Key
    first: Key
    last: Key
    closed: ExpressionText
    same: Annotated[list[Key], Field(max_length=4)] = []
