"""Groups of records -> one SELECT that answers with them as JSON: what they share, measures over each, how many groups there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, cast, false, func, literal_column, select
from sqlalchemy.dialects.postgresql import NUMERIC
from sqlalchemy.sql.selectable import Subquery

from engines.dataset.query import Sources
from engines.dataset.rows import Rows
from engines.dataset.sql import as_bytes, is_found, live
from engines.entity.entity import ORGANIZATION, Entity
from engines.expression.sql import compile_condition
from engines.expression.sql_context import SqlContext
from engines.expression.tree import TypedTree
from engines.values.value_types import NUMBER, ValueType

Column = ColumnElement[Any]
AGGREGATES: Mapping[str, Callable[[Column], Column]] = {
    "COUNT": func.count,
    "SUM": func.sum,
    "AVERAGE": lambda value: func.round(func.avg(value), literal_column("20")),
    "MIN": func.min,
    "MAX": func.max,
}
"""What a measure can be, by the name that field kinds give it. Quotients have 20 decimals everywhere."""


@dataclass(frozen=True, slots=True)
class Group:
    """What the records of one group share. to: the entity whose records it names; is_words: text in the order of people."""

    tree: TypedTree
    to: Entity | None = None
    is_words: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of each group. tree: what is counted or summed up, None for the records themselves."""

    aggregate: str
    tree: TypedTree | None

    @property
    def type(self) -> ValueType:
        """Type of the figure."""
        return self.tree.type if self.tree is not None and self.aggregate in ("MIN", "MAX") else NUMBER


@dataclass(frozen=True, slots=True)
class GroupQuery:
    """Groups of the records that meet all policies and conditions.

    having: a condition on groups, which reads `g1`, … and `m1`, …. sort: those names, and whether each descends; blanks come last
    ascending and first descending. search: as in a Query.
    """

    entity: Entity
    policies: tuple[TypedTree, ...]
    conditions: tuple[TypedTree, ...]
    search: bool
    groups: tuple[Group, ...]
    measures: tuple[Measure, ...]
    having: TypedTree | None
    sort: tuple[tuple[str, bool], ...]


def groups_sql(query: GroupQuery, sources: Sources, context: SqlContext) -> Select[Any]:
    """Return the statement of a page of groups.

    It binds `limit` and `offset` beside what conditions and search bind.
    """
    made = _aggregated(query, sources, context)
    source: Any = made
    titles: dict[str, Column] = {}
    for number, group in enumerate(query.groups, 1):
        if group.to is not None:
            named = titles_of(group.to, sources, context, f"n{number}")
            source = source.outerjoin(named, named.c.id == made.c[f"g{number}"])
            titles[f"g{number}"] = named.c.title
    found = select(*made.c, *(title.label(f"{key}_title") for key, title in titles.items())).select_from(source)
    if query.having is not None:
        found = found.where(compile_condition(query.having, lambda names: made.c[names[0]], context))
    groups = found.cte("groups")
    ordered = select(groups).order_by(*_order(query, groups)).limit(bindparam("limit")).offset(bindparam("offset")).cte("page")
    shown = [
        func.json_build_array(*(shown_as(ordered.c[f"g{n}"], group.tree.type) for n, group in enumerate(query.groups, 1))).label("values"),
        func.json_build_array(*(ordered.c.get(f"g{n}_title", literal_column("NULL")) for n in range(1, len(query.groups) + 1))).label("titles"),
        func.json_build_array(*(_figure(ordered.c[f"m{n}"], measure) for n, measure in enumerate(query.measures, 1))).label("measures"),
    ]
    row = select(*shown).select_from(ordered).order_by(*_order(query, ordered)).subquery("_r")
    listed = select(func.coalesce(cast(func.json_agg(func.row_to_json(literal_column("_r"))), Text), "[]")).select_from(row)
    count = select(func.count()).select_from(groups).scalar_subquery()
    return select(as_bytes(func.concat('{"groups":', listed.scalar_subquery(), ',"total":', count, "}")))


def titles_of(entity: Entity, sources: Sources, context: SqlContext, name: str) -> Subquery:
    """Return the ids and titles of the records of an entity that the actor may read."""
    rows = Rows(entity, sources, context, f"{name}_of")
    readable = sources.readable(entity.full_key if entity.app == ORGANIZATION else entity.key)
    statement = select(rows.root.c.id.label("id"), rows.column((entity.title,)).label("title"))
    if readable is False:
        statement = statement.where(false())
    elif readable is not None:
        statement = statement.where(rows.policy(readable))
    return statement.select_from(rows.source).subquery(name)


def shown_as(column: Column, value_type: ValueType) -> Column:
    """Return a value as JSON has it: numbers as text in plain notation."""
    return cast(func.trim_scale(cast(column, NUMERIC())), Text) if value_type.name == "number" else column


def matching(policies: tuple[TypedTree, ...], conditions: tuple[TypedTree, ...], search: bool, rows: Rows) -> Column:
    """Return the condition that a record is live, meets all policies and conditions and has the words looked for."""
    where = [live(rows), *(rows.policy(tree) for tree in policies), *(rows.condition(tree) for tree in conditions)]
    return and_(*where, is_found(rows)) if search else and_(*where)


def _aggregated(query: GroupQuery, sources: Sources, context: SqlContext) -> Subquery:
    rows = Rows(query.entity, sources, context)
    columns = [rows.computed(group.tree).label(f"g{n}") for n, group in enumerate(query.groups, 1)]
    for n, measure in enumerate(query.measures, 1):
        value = literal_column("*") if measure.tree is None else rows.computed(measure.tree)
        columns.append(AGGREGATES[measure.aggregate](value).label(f"m{n}"))
    where = matching(query.policies, query.conditions, query.search, rows)
    places: list[Column] = [literal_column(str(n)) for n in range(1, len(query.groups) + 1)]
    return select(*columns).select_from(rows.source).where(where).group_by(*places).subquery("a")


def _order(query: GroupQuery, columns: Any) -> list[Column]:  # noqa: ANN401 – the columns of a CTE
    keys = []
    for name, descends in query.sort:
        group = query.groups[int(name[1:]) - 1] if name.startswith("g") else None
        key = columns.c[name]
        if group is not None and group.to is not None:
            key = columns.c[f"{name}_title"]
        if group is not None and _is_words(group):
            key = func.dougong.sort_key(key)
        keys.append(key.desc() if descends else key.asc())
    return keys


def _is_words(group: Group) -> bool:
    """Whether what a group is ordered by are words: of numbers such as SO-0001 a key would be made for every group, for nothing."""
    titled = None if group.to is None else group.to.fields.get(group.to.title)
    return group.is_words if titled is None else titled.is_words


def _figure(column: Column, measure: Measure) -> Column:
    return column if measure.aggregate == "COUNT" else shown_as(column, measure.type)
