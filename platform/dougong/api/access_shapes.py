"""The answers of the endpoints about permissions, as pydantic types."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, JsonValue

from dougong.api.shapes import IssueAnswer, Label

Verdict = Literal["yes", "some", "no"]
"""`some`: with some of the records, or it depends on the record."""
Level = Literal["hidden", "masked", "read", "write"]
Reason = Literal["granted", "some", "no-policy", "rows", "denied", "field-hidden", "field-input", "field-read-only", "scopes"]


class RoleAnswer(BaseModel):
    """A role by its full key."""

    key: str
    name: Label


class GivenAnswer(BaseModel):
    """What gives somebody a role. source: user, position or group; name: of that record."""

    source: str
    name: str


class RoleHeldAnswer(RoleAnswer):
    """A role somebody has. given_by: what gives it, for administrators and for the user themselves."""

    given_by: list[GivenAnswer] = []


class FactAnswer(BaseModel):
    """A value of the record that a condition reads, as far as whoever asks may read it. title: what it is called where it is a record."""

    path: list[str]
    name: Label
    value: JsonValue
    title: str | None
    hidden: bool


class ConditionAnswer(BaseModel):
    """A condition of a policy. word: how it says whose records. text: as it is written. holds: null without a record."""

    word: str
    text: str
    words: Label
    holds: bool | None
    facts: list[FactAnswer]


class PolicyAnswer(BaseModel):
    """A policy of a role the user has. deny: it takes away. level, when: what it says of the field that is asked about."""

    key: str
    role: RoleAnswer
    deny: bool
    holds: bool | None
    conditions: list[ConditionAnswer]
    level: Level | None
    when: ConditionAnswer | None


class InputAnswer(BaseModel):
    """Something a computed field reads that may not be read in every record, so that the field is not shown there either."""

    path: list[str]
    name: Label
    shown: Verdict


class FieldAnswer(BaseModel):
    """What the user may do with a field. in_some: it depends on the record. discloses: it is shown whatever it is computed from."""

    path: str
    name: Label
    level: Level
    in_some: bool
    discloses: bool
    inputs: list[InputAnswer]


class WhoAnswer(BaseModel):
    """The user who is asked about."""

    id: UUID
    name: str
    department: str | None


class ExplainAnswer(BaseModel):
    """Why somebody may or may not do something. would_allow: roles they do not have and that would let them."""

    verdict: Verdict
    reason: Reason
    sentence: Label
    user: WhoAnswer
    entity: str
    record: UUID | None
    action: str
    roles: list[RoleHeldAnswer]
    policies: list[PolicyAnswer]
    would_allow: list[RoleAnswer]
    field: FieldAnswer | None


class MatrixAction(BaseModel):
    """An action a role may do. rows: which records it is for, in words, none for all; but: those that are taken away."""

    action: str
    rows: list[Label]
    but: list[Label]


class MatrixField(BaseModel):
    """What a role may do with a field at most. in_some: in some of the records only."""

    key: str
    name: Label
    level: Level
    in_some: bool


class MatrixCell(BaseModel):
    """What a role may do with an entity; nothing where it has no actions."""

    role: str
    entity: str
    actions: list[MatrixAction]
    fields: list[MatrixField]


class MatrixEntity(BaseModel):
    """An entity with every action there is with its records."""

    key: str
    name: Label
    actions: list[str]


class MatrixAnswer(BaseModel):
    """What each role may do with each entity."""

    roles: list[RoleAnswer]
    entities: list[MatrixEntity]
    cells: list[MatrixCell]


class LintAnswer(BaseModel):
    """What in the policies works and yet may not be what was meant."""

    warnings: list[IssueAnswer]
