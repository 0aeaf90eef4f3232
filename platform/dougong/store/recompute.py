"""Computed fields of an entity in, the statements out that bring them up to date: for some records, or for all there are."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, Text, Update, bindparam, case, cast, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.model.app_model import AppModel
from dougong.permissions.actor import SYSTEM
from dougong.sites import Site
from dougong.store.names import link_table, quoted, table_name
from dougong.store.read import sources, sql_context
from engines.dataset.rows import SQL_TYPES, Rows
from engines.entity.entity import Entity, Field
from engines.entity.graph import Hop


def recompute(site: Site, model: AppModel, entity: Entity, fields: Sequence[Field], is_for_some: bool) -> Update:
    """Return the UPDATE that gives fields what their formulas come to now, and answers with id and new values where they differ.

    is_for_some: it binds `ids`, the records concerned. Raises NotPushable where PostgreSQL cannot compute a formula.
    """
    from_ = sources(site, model, SYSTEM)
    rows = Rows(entity, from_, sql_context(site))
    columns: dict[str, Any] = {}
    for field in fields:
        columns |= computed_columns(rows, field)
    new = select(rows.root.c.id, *(column.label(name) for name, column in columns.items())).select_from(rows.source)
    if is_for_some:
        new = new.where(rows.root.c.id == bindparam("ids", type_=ARRAY(SQL_UUID())).any_())
    found, table = new.subquery("new"), from_.table(entity)
    return (
        update(table)
        .values({name: found.c[name] for name in columns})
        .where(table.c.id == found.c.id, or_(*(table.c[name].is_distinct_from(found.c[name]) for name in columns)))
    )


def computed_columns(rows: Rows, field: Field) -> dict[str, Any]:
    """Return what a computed field and its error come to, by the names of their columns."""
    assert field.formula is not None and field.column is not None and field.kind.column_type is not None
    error = rows.error(field.formula.tree)
    value = cast(_kept(field, rows.computed(field.formula.tree)), SQL_TYPES[field.kind.column_type]())
    columns = {field.column: value if error is None else case((error.is_(None), value), else_=null())}
    if field.error_column is not None:
        columns[field.error_column] = cast(null() if error is None else error, Text)
    return columns


def _kept(field: Field, value: Any) -> Any:  # noqa: ANN401 – a column of any type
    """Return what of a value a field keeps: decimals up to its scale, text up to its length."""
    if field.scale is not None:
        return func.round(value, field.scale)
    if field.value_type.name == "text" and field.max_length is not None:
        return func.nullif(func.left(value, field.max_length), "")
    return value


def image_keys(fields: Iterable[Field]) -> tuple[str, ...]:
    """Return the keys of fields and of their errors."""
    keys: list[str] = []
    for field in fields:
        keys += [field.key, f"{field.key}__error"] if field.error_column is not None else [field.key]
    return tuple(keys)


def column_of(entity: Entity, key: str) -> str:
    """Return the name of the column of a field, of its error, or of a platform field."""
    field = entity.fields.get(key.removesuffix("__error"))
    if field is None:
        return key
    return (field.error_column if key.endswith("__error") else field.column) or key


def lock_sql(entity: Entity, keys: Iterable[str], is_shared: bool = False) -> str:
    """Return the statement that locks live records, in the order of their ids, and answers with some of their values.

    Never FOR UPDATE: others must be able to begin to point to them.
    """
    columns = "".join(f", {quoted(column_of(entity, key))} AS {quoted(key)}" for key in keys)
    live = " AND deleted_at IS NULL" if entity.parent is None else ""
    mode = "SHARE" if is_shared else "NO KEY UPDATE"
    return f"SELECT id{columns} FROM {table_name(entity)} WHERE id = ANY($1::uuid[]){live} ORDER BY id FOR {mode}"


def add_sql(entity: Entity, fields: Sequence[Field], keys: Iterable[str]) -> str:
    """Return the statement that locks records in the order of their ids and adds to fields of them; it answers with values after it.

    It takes one JSON list of id and amount for each field. A blank is not added to: nobody knows what it would be. What other
    writers have added while the lock was waited for counts, for the amount is added to the newest row.
    """
    columns = [quoted(one.column or one.key) for one in fields]
    given = ", ".join(["id uuid", *(f"{column} numeric" for column in columns)])
    sets = ", ".join(f"{column} = t.{column} + d.{column}" for column in columns)
    known = " AND ".join(f"t.{column} IS NOT NULL" for column in columns)
    shown = "".join(f", t.{quoted(column_of(entity, key))} AS {quoted(key)}" for key in keys)
    live = "" if entity.parent is not None else " AND x.deleted_at IS NULL"
    return (
        f"WITH d AS MATERIALIZED (SELECT * FROM json_to_recordset($1::json) AS x({given})),"
        f" l AS MATERIALIZED (SELECT x.id FROM {table_name(entity)} AS x WHERE x.id = ANY(ARRAY(SELECT id FROM d)){live}"
        f" ORDER BY x.id FOR NO KEY UPDATE)"
        f" UPDATE {table_name(entity)} AS t SET {sets} FROM d, l WHERE t.id = l.id AND d.id = l.id AND {known} RETURNING t.id{shown}"
    )


def hop_sql(hop: Hop, start: Entity, end: Entity) -> str:
    """Return the statement that goes one step back: ids in, the ids of those that read them out."""
    if hop.kind in ("target", "owner"):
        column = quoted("parent" if hop.kind == "owner" else column_of(start, hop.field or ""))
        return f"SELECT DISTINCT {column} AS id FROM {table_name(start)} WHERE id = ANY($1::uuid[]) AND {column} IS NOT NULL"
    if hop.kind == "listing":
        listed = end.fields[hop.field or ""]
        return f"SELECT DISTINCT record AS id FROM {link_table(end, listed)} WHERE target = ANY($1::uuid[])"
    column = quoted("parent" if hop.kind == "rows" else column_of(end, hop.field or ""))
    live = " AND deleted_at IS NULL" if end.parent is None else ""
    return f"SELECT id FROM {table_name(end)} WHERE {column} = ANY($1::uuid[]){live}"
