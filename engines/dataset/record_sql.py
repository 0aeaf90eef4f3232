"""One record by id -> one SELECT that answers with it as JSON, its rows and the titles of what it points to inside."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import UUID

from engines.dataset.links import NONE
from engines.dataset.paths import Path, path_of
from engines.dataset.query import Sources
from engines.dataset.rows import Rows
from engines.dataset.sql import as_bytes, live, output_columns
from engines.entity.entity import SYSTEM_TYPES, Entity
from engines.expression.sql_context import SqlContext
from engines.expression.tree import TypedTree


def record_sql(
    entity: Entity,
    sources: Sources,
    condition: TypedTree | None,
    context: SqlContext,
    standing: Callable[[Rows], ColumnElement[bool]] = live,
) -> Select[Any]:
    """Return the statement of one record; it binds `id`, and gives no row when there is none or the condition refuses it.

    standing: whether a record may be in the trash; usually it is not.
    """
    rows = Rows(entity, sources, context)
    inner = _records(rows, rows.root.c.id == bindparam("id", type_=UUID()), sources, condition, context, standing)
    return select(as_bytes(cast(func.row_to_json(literal_column("_r")), Text))).select_from(inner)


def records_sql(
    entity: Entity, sources: Sources, condition: TypedTree | None, context: SqlContext, ids: ColumnElement[Any]
) -> Select[Any]:
    """Return the statement of several records, `id` and `record`, of an array of ids; those the condition refuses are not among them."""
    rows = Rows(entity, sources, context)
    inner = _records(rows, rows.root.c.id == any_(ids), sources, condition, context, live)
    return select(inner.c.id, as_bytes(cast(func.row_to_json(literal_column("_r")), Text)).label("record")).select_from(inner)


def ids_sql(entity: Entity, sources: Sources, condition: TypedTree | None, context: SqlContext, ids: ColumnElement[Any]) -> Select[Any]:
    """Return the statement that gives those of an array of ids whose records are not in the trash and are not refused by the condition."""
    rows = Rows(entity, sources, context)
    where = [rows.root.c.id == any_(ids), live(rows), *([] if condition is None else [rows.policy(condition)])]
    return select(rows.root.c.id).select_from(rows.source).where(and_(*where))


def _records(
    rows: Rows, chosen: ColumnElement[bool], sources: Sources, condition: TypedTree | None, context: SqlContext,
    standing: Callable[[Rows], ColumnElement[bool]],
) -> Subquery:
    entity, where = rows.entity, [chosen, standing(rows)]
    if condition is not None:
        where.append(rows.policy(condition))
    columns = output_columns(rows, _paths(entity, SYSTEM_TYPES, sources), True)
    for field in entity.line_fields:
        assert field.lines is not None
        found, shown = _lines(sources.entity(field.lines), sources, rows, context), rows.shown((field.key,))
        columns.append((found if shown is None else case((shown, found), else_=NONE)).label(field.key))
    return select(*columns).select_from(rows.source).where(and_(*where)).subquery("_r")


def _paths(entity: Entity, first: Iterable[str], sources: Sources) -> list[Path]:
    keys = [*first, *(field.key for field in entity.read_fields)]
    return [path for key in keys if (path := path_of(entity, key, sources.entity)) is not None]


def _lines(entity: Entity, sources: Sources, owner: Rows, context: SqlContext) -> Any:  # noqa: ANN401 – a JSON column
    rows = Rows(entity, sources, context, "l")
    columns = output_columns(rows, _paths(entity, ("id",), sources), False)
    inner = (
        select(*columns)
        .select_from(rows.source)
        .where(rows.root.c.parent == owner.root.c.id)
        .order_by(rows.root.c.position)
        .correlate(owner.root)
        .lateral("_x")
    )
    found = select(func.json_agg(func.row_to_json(literal_column("_x")))).select_from(inner)
    return func.coalesce(found.scalar_subquery(), literal_column("'[]'::json"))
