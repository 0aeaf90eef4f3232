"""What follows what: which computed fields of which entities change when a record does, as plain values; built once a version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Node = tuple[str, str]
"""A computed field: entity key and field key."""

HopKind = Literal["target", "owner", "pointing", "rows", "listing"]


@dataclass(frozen=True, slots=True)
class Hop:
    """One step back, from records of entity `start` towards those of entity `end` that read them.

    kind: `target`: what the reference `field` of start points to; `owner`: what owns the rows; `pointing`: the records of end
    whose reference `field` points to start's; `rows`: the rows of end that start owns; `listing`: those of end whose list `field` holds one.
    is_held: the records arrived at are locked before the way goes on, for what they hold together has changed.
    """

    kind: HopKind
    start: str
    end: str
    field: str | None = None
    is_held: bool = False


Way = tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Computed field `target` reads `fields` of entity `source`; `way` leads from a record that changed to those that read it."""

    source: str
    fields: frozenset[str]
    way: Way
    target: Node

    @property
    def counts_records(self) -> bool:
        """Whether it matters that a record of the source is there at all: it is in a list, or it is the one computed."""
        return not self.way or self.way[0].kind in ("target", "owner")


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to be followed: its field, or `parent`, the entity it leads to, and whether others may hold that record too."""

    field: str
    end: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """References from a record of `entity` to what computed fields read: whoever sets one of `fields` holds all they lead to.

    Else what they lead to could change meanwhile, and its writer would not see yet who has begun to point to it.
    """

    entity: str
    fields: frozenset[str]
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Climb:
    """References that lead up from an entity, and so on from where they lead: `field` of `start`, `parent` for rows, to `end`.

    Whoever saves a record locks what its references climb to before the record itself, the topmost first, as those do who go
    down from there: so neither waits for the other while it is waited for.
    """

    start: str
    field: str
    end: str


@dataclass(frozen=True, slots=True)
class Step:
    """Fields of one entity that are computed together: none of them reads another."""

    entity: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """All computed fields of an app in the order they are computed; of those that read other records, what they follow.

    order: every stored computed field. steps: the far ones. links, holds: by the entity whose record changes.
    additive: the far fields that are sums and counts of the records which point to theirs, each with the way back it adds up.
    climbs: by the entity that is saved, its rows included, nearest first; none where nothing is computed downwards.
    watched: by entity, the fields that something far follows, whatever computes them. down: those of them that are read by records
    which point to theirs, so that whoever changes one locks first the record and then those.
    """

    order: tuple[Node, ...] = ()
    steps: tuple[Step, ...] = ()
    links: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    holds: Mapping[str, tuple[Hold, ...]] = field(default_factory=dict)
    additive: Mapping[Node, str] = field(default_factory=dict)
    climbs: Mapping[str, tuple[Climb, ...]] = field(default_factory=dict)
    watched: Mapping[str, frozenset[str]] = field(default_factory=dict)
    down: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def follows(self, entities: Iterable[str]) -> bool:
        """Whether anything has to be computed anew when a record of one of these entities changes."""
        return not self.links.keys().isdisjoint(entities)
