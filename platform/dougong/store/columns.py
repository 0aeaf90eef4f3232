"""Which column each field gets: the model to be and the columns there are in, a column for every field out, none ever reused wrongly."""

from collections.abc import Collection, Mapping, Sequence

from dougong.model.app_model import AppModel, Columns
from dougong.store.save import Executor
from engines.entity.entity import Entity, Field, link_table_name

Physical = Mapping[str, Mapping[str, str]]
"""SQL type of each column, by table name."""

Uniques = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Columns of each unique index but the primary key's, by table name and index name."""

_COLUMNS = """
    SELECT c.relname AS table_name, a.attname AS column_name, format_type(a.atttypid, a.atttypmod) AS type, (
        SELECT f.confrelid::regclass::text FROM pg_constraint f
        WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum]) AS target
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"""
_UNIQUES = """
    SELECT c.relname AS table_name, x.relname AS name, array_agg(a.attname::text ORDER BY k.place) AS columns
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
    WHERE n.nspname = $1 AND i.indisunique AND NOT i.indisprimary GROUP BY 1, 2"""
_NAMES = {"timestamp with time zone": "timestamptz"}


async def read_physical(executor: Executor, app: str) -> Physical:
    """Return the tables of an app's schema with the type of each column, retired ones included.

    The type of a reference's column names its table as well: `uuid app_x.partner`.
    """
    tables: dict[str, dict[str, str]] = {}
    for row in await executor.fetch(_COLUMNS, f"app_{app}"):
        kind = _NAMES.get(row["type"], row["type"])
        target = (row["target"] or "").replace('"', "")
        tables.setdefault(row["table_name"], {})[row["column_name"]] = f"{kind} {target}".rstrip()
    return tables


async def read_uniques(executor: Executor, app: str) -> Uniques:
    """Return the unique indexes of an app's tables."""
    tables: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in await executor.fetch(_UNIQUES, f"app_{app}"):
        tables.setdefault(row["table_name"], {})[row["name"]] = tuple(row["columns"])
    return tables


def allot_columns(model: AppModel, active: Columns, physical: Physical, moved: Collection[tuple[str, str]] = ()) -> Columns:
    """Return the column of every stored field, and the table of every list.

    A field keeps the column it has while its type stays. One that comes back takes up the retired column of its key and
    type with the values in it. A successor of another type gets `<key>__2`, `<key>__3`, ….
    moved: entity and field key of fields that must go on in another column although their type stays.
    """
    return {
        key: {
            field.key: _place(model, entity, field, active.get(key, {}), physical, (key, field.key) in moved)
            for field in entity.shown_fields
        }
        for key, entity in model.entities.items()
    }


def _place(model: AppModel, entity: Entity, field: Field, active: Mapping[str, str], physical: Physical, is_moved: bool) -> str:
    if field.link_table is None:
        return _column(entity, field.key, _type(model, field), active, physical, is_moved)
    wanted = f"uuid {_table(model, field)}"
    first = [active[field.key]] if field.key in active else []
    for name in (*first, *(link_table_name(entity.key, field.key, f"__{n}" if n > 1 else "") for n in range(1, 1000))):
        if name not in physical or physical[name].get("target") == wanted:
            return name
    raise AssertionError(field.key)


def _table(model: AppModel, field: Field) -> str:
    """Return the table a field points into, with its schema."""
    target = model.entity(field.target or "")
    return f"{target.schema}.{target.table}"


def _type(model: AppModel, field: Field) -> str:
    column_type = (field.kind.column_type or "").split(" ")[0]
    if field.to is None:
        return column_type
    return f"{column_type} {_table(model, field)}"


def _column(entity: Entity, key: str, wanted: str, active: Mapping[str, str], physical: Physical, is_moved: bool) -> str:
    there = physical.get(entity.table, {})
    for name in _candidates(key, active):
        if there.get(name, wanted) == wanted and not (is_moved and name == active.get(key)):
            return name
    raise AssertionError(key)


def _candidates(key: str, active: Mapping[str, str]) -> Sequence[str]:
    first = [active[key]] if key in active else []
    return [*first, key, *(f"{key}__{n}" for n in range(2, 1000))]
