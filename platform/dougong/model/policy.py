"""A policy once it is resolved: whom it is for, what it lets them do, on which records and with which fields, as checked expressions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engines.entity.actions import READING
from engines.entity.entity import Formula

LEVELS = ("hidden", "masked", "read", "write")
"""What can be done with a field, the least first."""


@dataclass(frozen=True, slots=True)
class FieldGrant:
    """What a policy lets people do with one field. when: for which of its records, None for all of them."""

    level: str
    when: Formula | None = None


@dataclass(frozen=True, slots=True)
class PolicyPart:
    """A part of the condition on records as it was written: whose they are, or which of those.

    word: `own`, `department`, …, blank for a condition of the author's own. owner: the path that says whose they are.
    """

    word: str
    owner: str
    formula: Formula


@dataclass(frozen=True, slots=True)
class Policy:
    """What a role may do, or never may, with the records of an entity.

    role: full key, `trading_starter.sales`. actions: each by its own name, transitions as `transition.confirm`. rows: the condition on the
    records it is for, in the scope of the entity, None for all. fields: by key, of rows as `lines.price`; others: the level of those not
    named there. parts: the condition as it was written, part by part. changing: the condition for all but reading, where it is another: a
    record may be shared for reading only.
    """

    key: str
    role: str
    is_deny: bool
    actions: frozenset[str]
    rows: Formula | None
    fields: Mapping[str, FieldGrant] = field(default_factory=dict)
    others: str = "write"
    parts: tuple[PolicyPart, ...] = ()
    changing: Formula | None = None

    def condition(self, action: str) -> Formula | None:
        """Return the condition on the records with which an action may be done."""
        return self.rows if action in READING or self.changing is None else self.changing

    @property
    def names_fields(self) -> bool:
        """Whether it is about some fields and not about whole records."""
        return bool(self.fields)
