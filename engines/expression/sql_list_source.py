"""A list as a part of a query: the rows it comes from and their order; rows put together in a part of their own."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import FromClause, Select, Text, and_, cast, literal_column, null, select, true, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.selectable import SelectBase

from engines.expression.sql_context import Column, Keys, Rows
from engines.expression.sql_parts import Level, integer

# What rows are in order by, and whether it falls.
Order = tuple[tuple[Column, bool], ...]


def ordering(order: Order, backwards: bool = False) -> list[Column]:
    """Return what ORDER BY takes."""
    return [part.desc() if falls is not backwards else part for part, falls in order]


@dataclass(frozen=True, slots=True)
class Each:
    """What an aggregate can be made of: the value of each row, what the rows are in order by, and their errors."""

    value: Column
    order: Order
    errors: tuple[Column, ...]

    def gathered(self, value: Column) -> Column:
        """Return the argument of an aggregate for which the order of the rows counts."""
        return aggregate_order_by(value, *ordering(self.order)) if self.order else value


@dataclass(frozen=True, slots=True)
class Source:
    """A list as a part of a query: where its rows come from (asked last, see `Rows`), which count, and the value of each.

    level: the row, when the list is one of records. element: the value, when it is one of values, or the id of a record.
    errors: the codes of what can go wrong in a row, the first that is looked for first.
    failed: the code when the list as a whole is an error.
    is_column: the value is a column of the rows, not something computed from whatever is in reach.
    """

    source: Callable[[], FromClause]
    where: tuple[Column, ...]
    level: Level | None = None
    element: Column | None = None
    order: Order = ()
    errors: tuple[Column, ...] = ()
    failed: Column | None = None
    is_column: bool = True

    @property
    def value(self) -> Column:
        """Return the value of each row, of a record its id."""
        if self.element is not None:
            return self.element
        assert self.level is not None
        return self.level.column(("id",))

    def rows(self, *made: Column) -> Select[Any]:
        """Return a query of what is made of each row, or of all of them."""
        source = self.source()
        found = select(*made).select_from(source).correlate_except(source)
        return found.where(*self.where) if self.where else found

    def over(self, make: Callable[[Each], Column], of_values: bool = True) -> Column:
        """Return what an aggregate makes of all rows; `of_values`: it looks at their values.

        An aggregate whose argument names only columns of the query around would belong to that query: a computed value
        is first made a column of its own.
        """
        value = self.value if of_values else integer(1)
        if not self.errors and (self.is_column or not of_values):
            return self.rows(make(Each(value, self.order, ()))).scalar_subquery()
        order = [part.label(f"order_{place}") for place, (part, _) in enumerate(self.order)]
        errors = [part.label(f"error_{place}") for place, part in enumerate(self.errors)]
        rows = self.rows(value.label("value"), *order, *errors).subquery()
        falls = [fall for _, fall in self.order]
        each = Each(
            rows.c.value,
            tuple([(rows.c[part.name], fall) for part, fall in zip(order, falls, strict=True)]),
            tuple([rows.c[part.name] for part in errors]),
        )
        return select(make(each)).select_from(rows).correlate_except(rows).scalar_subquery()


def joined(outer: Source, inner: Source) -> Source:
    """Return the rows of an inner source for each row of an outer one, whose columns it may name."""
    return Source(
        lambda: outer.source().join(inner.source(), true()),
        (*outer.where, *inner.where),
        inner.level,
        inner.element,
        (*outer.order, *inner.order),
        inner.errors,
        is_column=inner.is_column,
    )


def one_at_least(source: Source) -> Source:
    """Return one row for the row of a source, or one of blanks where it has none."""
    one = select(integer(1).label("one")).subquery()
    return replace(source, source=lambda: one.outerjoin(source.source(), and_(true(), *source.where)), where=(), order=())


class Gathering:
    """Rows of one source or several in a part of their own, into which each column is written when it is first asked for."""

    def __init__(self, name: str, bases: Sequence[Source], finish: Callable[[Select[Any], Source], Select[Any]] | None = None) -> None:
        """Begin without columns; `finish` gives each query its order and limit."""
        self._name = name
        self._bases = bases
        self._finish = finish
        self._columns: dict[Hashable, list[Column]] = {}

    def export(self, key: Hashable, make: Callable[[Source], Column | None]) -> Column:
        """Return the column that holds what is made of each source, under a key of its own; None stands for NULL."""
        known = self._columns.get(key)
        if known is None:
            found = [make(base) for base in self._bases]
            kind = next((column.type for column in found if column is not None), Text())
            known = self._columns[key] = [
                cast(null(), kind) if column is None else column if column.type is kind or len(found) == 1 else cast(column, kind)
                for column in found
            ]
        place = list(self._columns).index(key)
        return literal_column(f"{self._name}.c{place}", known[0].type)

    def element(self) -> Column | None:
        """Return the column of the values; records that are rows of their own have none but the id among their fields."""
        if all(base.element is None for base in self._bases):
            return None
        return self.export("value", lambda base: base.value)

    def level(self) -> Level | None:
        """Return the row, when there is a source of records."""
        if not any(base.level is not None for base in self._bases):
            return None
        return Level(self._column, self._rows, self._error)

    def source(self) -> FromClause:
        """Return what to select from."""
        queries: list[SelectBase] = []
        for place, base in enumerate(self._bases):
            columns = [made[place].label(f"c{number}") for number, made in enumerate(self._columns.values())]
            query = base.rows(*columns or [integer(1).label("c0")])
            queries.append(query if self._finish is None else self._finish(query, base))
        whole: Any = queries[0] if len(queries) == 1 else union_all(*queries)
        return whole.lateral(self._name)  # type: ignore[no-any-return]

    def _column(self, keys: Keys) -> Column:
        return self.export(("column", keys), lambda base: None if base.level is None else base.level.column(keys))

    def _error(self, keys: Keys) -> Column:
        def made(base: Source) -> Column | None:
            return None if base.level is None or base.level.error is None else base.level.error(keys)

        return self.export(("error", keys), made)

    def _rows(self, keys: Keys) -> Rows:
        """Return the rows of a list each row has: what ties them to it is a column of this part."""
        found = [None if base.level is None or base.level.rows is None else base.level.rows(keys) for base in self._bases]
        given = [rows for rows in found if rows is not None]
        inner = given[0]
        outside = [[] if rows is None else _outside(rows) for rows in found]
        exported: dict[Column, Column] = {}
        for place, column in enumerate(_outside(inner)):
            made = [columns[place] if columns else None for columns in outside]
            sources = iter(made)
            exported[column] = self.export(("on", keys, place), lambda base, sources=sources: next(sources))  # type: ignore[misc]
        on = visitors.replacement_traverse(inner.on, {}, lambda part, **_: exported.get(part))  # type: ignore[call-overload]
        return Rows(inner.source, on, inner.column, inner.rows, inner.error, inner.order)


def _outside(rows: Rows) -> list[Column]:
    """Return the columns that tie rows to what lies outside them."""
    inside = {id(part) for part in visitors.iterate(rows.source()) if isinstance(part, FromClause)}
    found: list[Column] = []
    for part in visitors.iterate(rows.on):
        if isinstance(part, ColumnClause) and id(part.table) not in inside and part not in found:
            found.append(part)
    return found
