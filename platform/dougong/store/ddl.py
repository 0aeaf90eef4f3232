"""From the tables there are to the tables a model needs: statements that are instant, written by Alembic, run by the caller."""

from collections.abc import Callable, Iterable, Iterator, Mapping
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
from dougong.store.names import name_of, place_of, quoted, table_name, unique_name
from dougong.store.required import Required, lifted, required, validate
from dougong.store.uniques import held_in_index
from engines.entity.entity import Entity, Field

_OWNER = "created_by"

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


@dataclass(frozen=True, slots=True)
class Existing:
    """What a schema has: columns and unique indexes by table, and the names of its constraints and indexes.

    unfinished: the names of indexes that are of no use, for somebody stopped making them; they are in neither of the others.
    """

    tables: Physical
    uniques: Uniques
    names: frozenset[str]
    unfinished: frozenset[str] = frozenset()


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


@dataclass(frozen=True, slots=True)
class Building:
    """An index that is made of a table that is there: at once, while nobody writes, or while others go on and under another name first.

    form: what follows the table's name. is_replaced: one of its name is there, of other columns, and holds until this one takes its place.
    """

    entity: Entity
    name: str
    form: str
    is_unique: bool = False
    is_replaced: bool = False

    @property
    def place(self) -> str:
        """The name under which it is made while others go on."""
        return place_of(self.entity, self.name) if self.is_replaced else self.name

    @property
    def concurrently(self) -> str:
        """The statement that makes it while others go on, outside a transaction."""
        return self._create(self.place, "CONCURRENTLY ")

    @property
    def at_once(self) -> tuple[str, ...]:
        """The statements that make it in a transaction."""
        return (*self._dropped(), self._create(self.name, ""))

    @property
    def put_in_place(self) -> tuple[str, ...]:
        """The statements that give one that was made under another name its own."""
        renamed = f"ALTER INDEX {quoted(self.entity.schema, self.place)} RENAME TO {quoted(self.name)}"
        return (*self._dropped(), renamed) if self.is_replaced else ()

    def _dropped(self) -> tuple[str, ...]:
        return (f"DROP INDEX {quoted(self.entity.schema, self.name)}",) if self.is_replaced else ()

    def _create(self, name: str, how: str) -> str:
        return f"CREATE {'UNIQUE ' if self.is_unique else ''}INDEX {how}{quoted(name)} ON {table_name(self.entity)} {self.form}"


@dataclass(frozen=True, slots=True)
class DdlPlan:
    """What changes in a schema, in three parts.

    first: what those who work with the version in use do not notice: new tables, new columns and what holds of these alone.
    built: indexes of tables that are there. last: what holds of the next version only, and what it no longer needs.
    checked: constraints among `first` that were not yet looked through, as table and name. required: columns that must have a value,
    whose constraints are yet to be made.
    """

    first: tuple[str, ...]
    built: tuple[Building, ...]
    last: tuple[str, ...]
    checked: tuple[tuple[Entity, str], ...] = ()
    required: tuple[Required, ...] = ()

    @property
    def at_once(self) -> tuple[str, ...]:
        """All of it for one transaction, but for what is looked through when the records are filled."""
        return (*self.first, *(text for index in self.built for text in index.at_once), *self.last)

    @property
    def looked_through(self) -> tuple[str, ...]:
        """The statements that look through the records for what is `checked`, and make what is `required` where they have it."""
        return (*(validate(entity, name) for entity, name in self.checked), *(one.made_at_once for one in self.required))


def ddl_plan(model: AppModel, existing: Existing) -> DdlPlan:
    """Return what makes the schema fit the model; what the model no longer has stays as it is, unconstrained."""
    first, last = _Statements(), _Statements()
    op, after = (
        Operations(MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": out}))
        for out in (first, last)
    )
    entities = list(model.entities.values())
    if not existing.tables:
        op.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(f'app_{model.app}')}")
    new = [e for e in entities if e.table not in existing.tables]
    for entity in sorted(new, key=lambda e: e.parent is not None):
        _create_table(op, entity)
    for entity in entities:
        if entity.table in existing.tables:
            _add_columns(op, entity, existing.tables[entity.table])
    checked: list[tuple[Entity, str]] = []
    built: list[Building] = []
    for entity in entities:
        checked += _references(op, model, entity, existing)
        create_link_tables(op, model, entity, existing.tables)
        indexes = list(_indexes(model, entity, existing))
        if entity.table in existing.tables:
            built += indexes
        else:
            for index in indexes:
                for text_ in index.at_once:
                    op.execute(text_)
        _checks(after if entity.table in existing.tables else op, entity, existing)
    for statement in (*_retire(model, existing), *lifted(model, existing.tables, existing.names)):
        after.execute(statement)
    missing = tuple(one for one in required(model) if one.name not in existing.names)
    return DdlPlan(tuple(_in_one_go(first.found)), tuple(built), tuple(last.found), tuple(checked), missing)


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


def _in_one_go(statements: Iterable[str]) -> Iterator[str]:
    """Give statements with columns that are added to one table one after the other added by one: its readers are stopped once."""
    adding, columns = "", list[str]()
    for statement in statements:
        table, found, column = statement.partition(" ADD COLUMN ")
        if not found or table != adding:
            if columns:
                yield f"{adding} ADD COLUMN {', ADD COLUMN '.join(columns)}"
            adding, columns = table, []
        if found and table.startswith("ALTER TABLE ") and "," not in table:
            columns.append(column)
        else:
            yield statement
    if columns:
        yield f"{adding} ADD COLUMN {', ADD COLUMN '.join(columns)}"


def _references(op: Operations, model: AppModel, entity: Entity, existing: Existing) -> Iterator[tuple[Entity, str]]:
    """Make the constraints of references that have none yet, and give those that were not looked through."""
    for field in entity.reference_fields:
        assert field.to is not None and field.column is not None
        target = model.entity(field.to)
        name = name_of(entity, field.column, "fk")
        if name in existing.names:
            continue
        # NOT VALID: so the table is not locked while its records are looked through.
        is_there = entity.table in existing.tables
        op.create_foreign_key(
            name, entity.table, target.table, [field.column], ["id"],
            source_schema=entity.schema, referent_schema=target.schema, postgresql_not_valid=is_there,
        )  # fmt: skip
        if is_there:
            yield entity, name


def is_owner_asked(model: AppModel, entity: Entity) -> bool:
    """Return whether a policy that allows something asks who made a record, so that lists find people's own by an index."""
    granting = (policy for policy in model.policies.get(entity.key, ()) if not policy.is_deny)
    return any(read[0] == _OWNER for policy in granting for part in policy.parts for read in part.formula.reads)


def _indexes(model: AppModel, entity: Entity, existing: Existing) -> Iterator[Building]:
    live = "" if entity.parent is not None else " WHERE deleted_at IS NULL"
    if entity.parent is not None and name_of(entity, "parent", "index") not in existing.names:
        yield Building(entity, name_of(entity, "parent", "index"), "(parent, position)")
    for field in entity.stored_fields:
        name = name_of(entity, field.column or "", "index")
        if field.is_indexed and name not in existing.names:
            columns = [field.entity_column or "", field.column or ""] if field.any_of else [field.column or "", "id"]
            yield Building(entity, name, f"({', '.join(map(quoted, columns))}){live}", False, name in existing.unfinished)
    owner = name_of(entity, _OWNER, "index")
    if is_owner_asked(model, entity) and owner not in existing.names:
        yield Building(entity, owner, f"({_OWNER}, id){live}", False, owner in existing.unfinished)
    for unique in entity.unique:
        if unique.within_parent:
            continue
        name = unique_name(entity, unique)
        columns = [entity.fields[key].column or "" for key in unique.fields]
        present = existing.uniques.get(entity.table, {}).get(name)
        if present != tuple(columns):
            held = held_in_index(entity, unique)
            where = "" if held is None else f" WHERE {held}"
            is_replaced = present is not None or name in existing.unfinished
            yield Building(entity, name, f"({', '.join(map(quoted, columns))}){where}", True, is_replaced)


def _checks(op: Operations, entity: Entity, existing: Existing) -> None:
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
        indexed |= {_OWNER} if is_owner_asked(model, entity) else set()
        for column in sorted(existing.tables.get(entity.table, {}).keys() - indexed):
            name = name_of(entity, column, "index")
            if name in existing.names:
                yield f"DROP INDEX {quoted(entity.schema, name)}"
