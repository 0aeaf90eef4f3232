"""How policies are written in an app document, as pydantic types; it checks shapes, never meaning."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from dougong.model.definition_element import Element, EntityKey, ExpressionText, FieldPath, Key, PathKey

ActionText = Annotated[
    str,
    StringConstraints(
        pattern=r"^(create|read|update|delete|restore|export|import|print|bulk|share|transition|transition\.[a-z](_?[a-z0-9])*)$", max_length=60
    ),
]
"""What can be done with records: one of `engines.entity.actions.ACTIONS`, or `transition.` with the key of a transition."""
RowsWord = Literal["all", "own", "department", "department_below", "reports", "shared"]
"""Whose records a policy is for."""
FieldLevel = Literal["hidden", "masked", "read", "write"]
"""What a policy lets people do with a field."""


class PolicyField(BaseModel):
    """What a policy lets people do with one field; `when` says for which of its records, as by their state."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: FieldPath
    level: FieldLevel
    when: ExpressionText | None = None


class PolicyDefinition(Element):
    """What a role may do, or with `deny` may never do, with the records of an entity; without one it may do nothing.

    role: of the app, or of the organization. without: what of that which `actions` bring along it does not bring.
    owner: the reference to a user or a department that says whose a record is. where: which of those records.
    levels: what may be done with single fields; others: with those not named there.
    """

    role: EntityKey
    entity: Key
    deny: bool = False
    actions: Annotated[list[ActionText], Field(min_length=1, max_length=200)]
    without: Annotated[list[ActionText], Field(max_length=200)] = []
    rows: RowsWord = "all"
    owner: PathKey = "created_by"
    where: ExpressionText | None = None
    levels: Annotated[list[PolicyField], Field(max_length=500)] = []
    others: Literal["hidden", "read", "write"] = "write"
