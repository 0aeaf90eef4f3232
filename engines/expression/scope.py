"""Says which names an expression may use and what types they have; filled by whoever checks one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engines.expression.decision import Decision
from engines.values.value_types import ValueType


@dataclass(frozen=True, slots=True)
class Words:
    """What people call a field, and the options of a choice by key: the text in each language.

    is_system: every record has it; names are not looked up by its label.
    """

    label: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)
    is_system: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """The names around an expression.

    names: the fields of the record (or row) by key.
    entities: the fields of an entity by its key, for paths: "partner", "sales_order.lines", "organization.user".
    labels: a label in any language -> the keys it stands for.
    wholes: the entities all of whose records can be asked, by key, with what people call them.
    roots: names that are no fields: "parent" -> record_of("sales_order").
    words: what the fields of an entity are called, by key; with it, labels are read on paths and in rows too.
    entity: whose record it is.
    decisions: gives how a decision table decides by the key of its entity, None for an entity that is none.
    inverses: names, or paths over roots, that lead to records which point to the one around, not to parts of it.
    """

    names: Mapping[str, ValueType]
    entities: Callable[[str], Mapping[str, ValueType] | None]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roots: Mapping[str, ValueType] = field(default_factory=dict)
    words: Callable[[str], Mapping[str, Words]] | None = None
    entity: str | None = None
    wholes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inverses: frozenset[tuple[str, ...]] = frozenset()
    decisions: Callable[[str], Decision | None] = lambda entity: None
