"""What is asked of an entity: fields, conditions, order and one page of it, as plain values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Table

from engines.dataset.paths import Path
from engines.entity.entity import Entity
from engines.expression.tree import TypedTree

PageKind = Literal["start", "end", "after", "before", "from"]
Total = Literal["none", "exact", "estimate"]


@dataclass(frozen=True, slots=True)
class Sort:
    """One field or path to sort by; blanks come last ascending and first descending."""

    path: Path
    descending: bool = False

    @property
    def is_id(self) -> bool:
        """Whether it is the record's own id, which is never blank and never twice."""
        return self.path.names == ("id",)


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of the ordered set: from an end, after or before a row, or from a value of the first sort field on."""

    kind: PageKind
    limit: int
    blanks: tuple[bool, ...] = ()
    """For after and before: which sort values of that row are blank; they change the shape of the condition."""


@dataclass(frozen=True, slots=True)
class Query:
    """A list of records.

    entity: as who asks sees it. fields: own and system fields and what references lead to, in the order of the answer.
    conditions: what is asked for, all must hold. policies: what policies demand of the records, judged whatever who asks may read.
    sort: ends in `id`, so that the order is total. search: whether words are looked for in the
    texts of the entity's search fields. trash: of what is in the trash.
    """

    entity: Entity
    fields: tuple[Path, ...]
    conditions: tuple[TypedTree, ...]
    sort: tuple[Sort, ...]
    page: Page
    search: bool = False
    total: Total = "none"
    trash: bool = False
    policies: tuple[TypedTree, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a query finds other entities: `entity` by key, as who asks sees it; `readable` the condition on rows they may read, False for none.

    table: the SQLAlchemy table of an entity. whole: the entity with everything it has, in which conditions of policies are judged.
    """

    entity: Callable[[str], Entity]
    readable: Callable[[str], TypedTree | None | Literal[False]]
    table: Callable[[Entity], Table]
    whole: Callable[[Entity], Entity] = lambda entity: entity

    @property
    def unlimited(self) -> "Sources":
        """The same for whom nothing is hidden: conditions of policies may read what the actor may not."""

        def entity(key: str) -> Entity:
            return self.whole(self.entity(key))

        return Sources(entity, lambda _: None, self.table)
