"""Lists of other records as parts of a query: an entity's field in, its table of links, its ids and its titles as JSON out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, FromClause, Integer, MetaData, Table, func, literal_column, select
from sqlalchemy.dialects.postgresql import UUID, aggregate_order_by

from engines.entity.entity import FILES, Entity, Field

if TYPE_CHECKING:
    from engines.dataset.rows import Rows

NONE: ColumnElement[Any] = literal_column("'[]'::json")


def link_table_of(entity: Entity, field: Field) -> Table:
    """Return the table that keeps the lists of a field: which record points to which target, at which place."""
    assert field.link_table is not None
    columns = (Column("record", UUID()), Column("target", UUID()), Column("position", Integer))
    return Table(field.link_table, MetaData(), *columns, schema=entity.schema)


def link_columns(rows: Rows, names: tuple[str, ...], field: Field) -> list[ColumnElement[Any]]:
    """Return the columns of a list as JSON shows it: the ids, and the titles of the records the actor may read beside them."""
    key, (owner, table) = ".".join(names), rows.join(names[:-1])
    if field.links == FILES:
        return [_ids(owner, table, field).label(key), _files(rows, owner, table, field).label(f"{key}__files")]
    return [_ids(owner, table, field).label(key), _titles(rows, owner, table, field).label(f"{key}__title")]


def _ids(owner: Entity, table: FromClause, field: Field) -> ColumnElement[Any]:
    link = link_table_of(owner, field).alias("k")
    listed = select(func.json_agg(aggregate_order_by(link.c.target, link.c.position)))
    found = listed.select_from(link).where(link.c.record == table.c.id).correlate(table)
    return func.coalesce(found.scalar_subquery(), NONE)


def _titles(rows: Rows, owner: Entity, table: FromClause, field: Field) -> ColumnElement[Any]:
    link = link_table_of(owner, field).alias("k")
    target, on = rows.beside(link.c.target, owner.everywhere(field.links or ""))
    title = target.column((target.entity.title,))
    listed = select(func.json_agg(aggregate_order_by(title, link.c.position)))
    found = listed.select_from(link.outerjoin(target.source, on)).where(link.c.record == table.c.id)
    return func.coalesce(found.correlate(table).scalar_subquery(), NONE)


def _files(rows: Rows, owner: Entity, table: FromClause, field: Field) -> ColumnElement[Any]:
    """Return what is known of each file of a list; whoever reads the record may read its files."""
    link = link_table_of(owner, field).alias("k")
    file, on = rows.beside(link.c.target, FILES)
    facts: list[Any] = []
    for name in ("id", "name", "type", "size", "width", "height"):
        facts += [literal_column(f"'{name}'"), file.root.c[name]]
    each = func.json_build_object(*facts)
    listed = select(func.json_agg(aggregate_order_by(each, link.c.position))).select_from(link.join(file.source, on))
    return func.coalesce(listed.where(link.c.record == table.c.id).correlate(table).scalar_subquery(), NONE)
