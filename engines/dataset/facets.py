"""Facets of a list -> one SELECT that answers with the commonest values of each field and how many records have them, as JSON."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, DATE

from engines.dataset.groups import matching, titles_of
from engines.dataset.paths import Path
from engines.dataset.query import Sources
from engines.dataset.rows import Rows
from engines.dataset.sql import as_bytes
from engines.entity.entity import Entity
from engines.expression.sql_context import SqlContext
from engines.expression.tree import TypedTree

KINDS = ("bool", "option", "record", "date", "datetime", "text")
"""Types of values that facets are made of: days and times by the month, numbers not at all."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One field or path. is_chosen: whether values are chosen; has_blank: whether the blank is among them."""

    path: Path
    is_chosen: bool
    has_blank: bool


@dataclass(frozen=True, slots=True)
class FacetQuery:
    """Facets of the records that meet all policies and conditions, each counted among those that have a chosen value in every other facet."""

    entity: Entity
    policies: tuple[TypedTree, ...]
    conditions: tuple[TypedTree, ...]
    search: bool
    facets: tuple[Facet, ...]


def facets_sql(query: FacetQuery, sources: Sources, context: SqlContext) -> Select[Any]:
    """Return the statement; it binds `limit` and for the chosen values of each facet `chosen_0`, …, texts as an answer has them."""
    rows = Rows(query.entity, sources, context)
    values = [_value(rows.value(facet.path.names), facet.path, context) for facet in query.facets]
    chosen = [_is_chosen(value, facet, n) for n, (value, facet) in enumerate(zip(values, query.facets, strict=True))]
    counts = []
    for n in range(len(values)):
        others = [one for place, one in enumerate(chosen) if one is not None and place != n]
        counts.append((func.count().filter(and_(*others)) if others else func.count()).label(f"n{n}"))
    columns = [value.label(f"v{n}") for n, value in enumerate(values)]
    places: list[ColumnElement[Any]] = [literal_column(str(n + 1)) for n in range(len(values))]
    sets = [func.grouping(value).label(f"s{n}") for n, value in enumerate(values)]
    counted = (
        select(*columns, *counts, *sets)
        .select_from(rows.source)
        .where(matching(query.policies, query.conditions, query.search, rows))
        .group_by(func.grouping_sets(*places))
        .cte("counted")
    )
    parts: list[Any] = ["{"]
    for n, facet in enumerate(query.facets):
        value, count = counted.c[f"v{n}"], counted.c[f"n{n}"]
        of_facet = select(value.label("value"), count.label("count")).where(counted.c[f"s{n}"] == literal_column("0"), count > literal_column("0"))
        top = of_facet.order_by(count.desc(), value.asc()).limit(bindparam("limit")).subquery(f"t{n}")
        source: Any = top
        shown: list[Any] = [top.c.value, top.c["count"]]
        if facet.path.to is not None:
            named = titles_of(facet.path.to, sources, context, f"f{n}")
            source = top.outerjoin(named, named.c.id == top.c.value)
            shown.insert(1, named.c.title)
        row = select(*shown).select_from(source).order_by(top.c["count"].desc(), top.c.value.asc()).subquery("_r")
        listed = select(func.coalesce(cast(func.json_agg(func.row_to_json(literal_column("_r"))), Text), "[]")).select_from(row)
        parts += [f'{"," if n else ""}"{facet.path.key}":', listed.scalar_subquery()]
    return select(as_bytes(func.concat('{"facets":', *parts, "}}")))


def _value(column: ColumnElement[Any], path: Path, context: SqlContext) -> ColumnElement[Any]:
    kind = path.value_type.name
    if kind == "datetime":
        column = func.timezone(literal_column("'" + context.zone.replace("'", "''") + "'"), column)
    return cast(func.date_trunc(literal_column("'month'"), column), DATE()) if kind in ("date", "datetime") else column


def _is_chosen(value: ColumnElement[Any], facet: Facet, number: int) -> ColumnElement[bool] | None:
    if not facet.is_chosen:
        return None
    among = cast(value, Text) == func.any(bindparam(f"chosen_{number}", type_=ARRAY(Text())))
    return or_(among, value.is_(None)) if facet.has_blank else among
