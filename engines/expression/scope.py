"""Says which names an expression may use and what types they have; filled by whoever checks one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engines.values.value_types import ValueType


@dataclass(frozen=True, slots=True)
class Scope:
    """The names around an expression.

    names: the fields of the record (or row) by key.
    entities: the fields of an entity by its key, for paths: "partner", "sales_order.lines", "organization.user".
    labels: a label in any language -> the keys it stands for, anywhere in the app.
    roots: names that are no fields: "parent" -> record_of("sales_order").
    """

    names: Mapping[str, ValueType]
    entities: Callable[[str], Mapping[str, ValueType] | None]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roots: Mapping[str, ValueType] = field(default_factory=dict)
