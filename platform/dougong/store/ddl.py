"""From the tables there are to the tables a model needs: statements that are instant, written by Alembic, run by the caller."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, DATE, JSONB, NUMERIC, TEXT, TIMESTAMP, UUID

from dougong.model.app_model import AppModel
from dougong.store.columns import Physical, Uniques
from dougong.store.ddl_any import check_entities
from dougong.store.ddl_links import create_link_tables
from dougong.store.names import name_of, quoted, unique_name
from dougong.store.uniques import held_by
from engines.entity.entity import Entity, Field

_TYPES: dict[str, Callable[[], Any]] = {
    'text COLLATE "C"': lambda: TEXT(collation="C"),
    "numeric": NUMERIC,
    "boolean": Boolean,
    "date": DATE,
    "timestamptz": lambda: TIMESTAMP(timezone=True),
    "uuid": UUID,
    'text[] COLLATE "C"': lambda: ARRAY(TEXT(collation="C")),
    "jsonb": JSONB,
}
_LIVE = text("deleted_at IS NULL")


@dataclass(frozen=True, slots=True)
class Existing:
    """What a schema has: columns and unique indexes by table, and the names of its constraints and indexes."""

    tables: Physical
    uniques: Uniques
    names: frozenset[str]


class _Statements:
    """Where Alembic writes; keeps each statement apart."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def write(self, chunk: str) -> None:
        statement = chunk.strip().rstrip(";").strip()
        if statement:
            self.found.append(statement)

    def flush(self) -> None:
        """Nothing is held back."""


def ddl_statements(model: AppModel, existing: Existing) -> tuple[str, ...]:
    """Return the statements that make the schema fit the model; what the model no longer has stays as it is, unconstrained."""
    out = _Statements()
    context = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": out})
    op = Operations(context)
    entities = list(model.entities.values())
    if not existing.tables:
        op.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(f'app_{model.app}')}")
    new = [e for e in entities if e.table not in existing.tables]
    for entity in sorted(new, key=lambda e: e.parent is not None):
        _create_table(op, entity)
    for entity in entities:
        if entity.table in existing.tables:
            _add_columns(op, entity, existing.tables[entity.table])
    for entity in entities:
        _references(op, model, entity, existing)
        create_link_tables(op, model, entity, existing.tables)
        _indexes(op, entity, existing)
    for statement in _retire(model, existing):
        op.execute(statement)
    return tuple(out.found)


def _create_table(op: Operations, entity: Entity) -> None:
    columns = _owner_columns() if entity.parent is None else _line_columns()
    extra: list[Any] = [PrimaryKeyConstraint("id", name=name_of(entity, "id", "pk"))]
    if entity.parent is not None:
        owner = entity.key.partition(".")[0]
        target = f"{entity.schema}.{owner}.id"
        extra.append(
            ForeignKeyConstraint(["parent"], [target], name=name_of(entity, "parent", "fk"), ondelete="CASCADE")
        )
    for field in entity.stored_fields:
        columns += _columns(field)
        extra += (
            [CheckConstraint(_scale_check(field), name=_scale_name(entity, field))] if field.scale is not None else []
        )
    op.create_table(entity.table, *columns, *extra, schema=entity.schema)


def _owner_columns() -> list[Column[Any]]:
    return [
        Column("id", UUID(), nullable=False),
        Column("revision", Integer(), nullable=False),
        Column("created_at", TIMESTAMP(timezone=True), nullable=False),
        Column("created_by", UUID(), nullable=False),
        Column("updated_at", TIMESTAMP(timezone=True), nullable=False),
        Column("updated_by", UUID(), nullable=False),
        Column("deleted_at", TIMESTAMP(timezone=True)),
    ]


def _line_columns() -> list[Column[Any]]:
    return [
        Column("id", UUID(), nullable=False),
        Column("parent", UUID(), nullable=False),
        Column("position", Integer(), nullable=False),
    ]


def _columns(field: Field) -> list[Column[Any]]:
    assert field.column is not None and field.kind.column_type is not None
    columns: list[Column[Any]] = [Column(field.column, _TYPES[field.kind.column_type]())]
    if field.error_column is not None:
        columns.append(Column(field.error_column, TEXT(collation="C")))
    if field.entity_column is not None:
        columns.append(Column(field.entity_column, TEXT(collation="C")))
    return columns


def _scale_check(field: Field) -> str:
    return f"scale({quoted(field.column or '')}) <= {field.scale}"


def _add_columns(op: Operations, entity: Entity, there: Mapping[str, str]) -> None:
    for field in entity.stored_fields:
        for column in _columns(field):
            if column.name not in there:
                op.add_column(entity.table, column, schema=entity.schema)


def _references(op: Operations, model: AppModel, entity: Entity, existing: Existing) -> None:
    for field in entity.reference_fields:
        assert field.to is not None and field.column is not None
        target = model.entity(field.to)
        name = name_of(entity, field.column, "fk")
        if name in existing.names:
            continue
        # NOT VALID: the new column is empty, so there is nothing to look through while the table is locked.
        op.create_foreign_key(
            name, entity.table, target.table, [field.column], ["id"],
            source_schema=entity.schema, referent_schema=target.schema,
            postgresql_not_valid=entity.table in existing.tables,
        )  # fmt: skip


def _indexes(op: Operations, entity: Entity, existing: Existing) -> None:
    live = None if entity.parent is not None else _LIVE
    if entity.parent is not None and name_of(entity, "parent", "index") not in existing.names:
        op.create_index(name_of(entity, "parent", "index"), entity.table, ["parent", "position"], schema=entity.schema)
    for field in entity.stored_fields:
        name = name_of(entity, field.column or "", "index")
        if field.is_indexed and name not in existing.names:
            columns = [field.entity_column or "", field.column or ""] if field.any_of else [field.column or "", "id"]
            op.create_index(name, entity.table, columns, schema=entity.schema, postgresql_where=live)
    for unique in entity.unique:
        if unique.within_parent:
            continue
        name = unique_name(entity, unique)
        columns = [entity.fields[key].column or "" for key in unique.fields]
        present = existing.uniques.get(entity.table, {}).get(name)
        if present is not None and present != tuple(columns):
            op.drop_index(name, entity.table, schema=entity.schema)
        if present != tuple(columns):
            held = held_by(entity, unique)
            op.create_index(name, entity.table, columns, schema=entity.schema, unique=True, postgresql_where=held)
    for field in entity.stored_fields:
        if entity.table in existing.tables and field.scale is not None:
            _scale(op, entity, field, existing)
        if field.any_of:
            check_entities(op, entity, field, existing.names)


def _scale_name(entity: Entity, field: Field) -> str:
    return name_of(entity, f"{field.column}__{field.scale}", "scale")


def _scale(op: Operations, entity: Entity, field: Field, existing: Existing) -> None:
    """Put the present scale in the check; values saved under an earlier one may keep more decimals until they change."""
    wanted = _scale_name(entity, field)
    if wanted in existing.names:
        return
    for scale in range(21):
        former = name_of(entity, f"{field.column}__{scale}", "scale")
        if former in existing.names:
            op.drop_constraint(former, entity.table, schema=entity.schema)
    op.create_check_constraint(
        wanted, entity.table, text(_scale_check(field)), schema=entity.schema, postgresql_not_valid=True
    )


def _retire(model: AppModel, existing: Existing) -> Iterator[str]:
    """Give the statements that lift unique constraints and indexes the model no longer has from tables that stay."""
    for entity in model.entities.values():
        wanted = {unique_name(entity, unique) for unique in entity.unique if not unique.within_parent}
        for name in sorted(existing.uniques.get(entity.table, {}).keys() - wanted):
            yield f"DROP INDEX {quoted(entity.schema, name)}"
        indexed = {field.column for field in entity.stored_fields if field.is_indexed} | {"parent"}
        for column in sorted(existing.tables.get(entity.table, {}).keys() - indexed):
            name = name_of(entity, column, "index")
            if name in existing.names:
                yield f"DROP INDEX {quoted(entity.schema, name)}"
