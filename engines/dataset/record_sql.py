"""One record by id -> one SELECT that answers with it as JSON, its rows and the titles of what it points to inside."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import UUID

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
    where = [rows.root.c.id == bindparam("id", type_=UUID()), standing(rows)]
    if condition is not None:
        where.append(rows.condition(condition))
    columns = output_columns(rows, _paths(entity, SYSTEM_TYPES, sources), True)
    for field in entity.line_fields:
        assert field.lines is not None
        columns.append(_lines(sources.entity(field.lines), sources, rows, context).label(field.key))
    inner = select(*columns).select_from(rows.source).where(and_(*where)).subquery("_r")
    return select(as_bytes(cast(func.row_to_json(literal_column("_r")), Text))).select_from(inner)


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
