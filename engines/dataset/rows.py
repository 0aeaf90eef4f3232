"""The rows of one entity with the records its paths reach, as SQLAlchemy tables and joins; each path is joined once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import (
    Column,
    ColumnElement,
    MetaData,
    Table,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATE, JSONB, NUMERIC, TEXT, TIMESTAMP, UUID
from sqlalchemy.sql.expression import FromClause
from sqlalchemy.types import Boolean, Integer, TypeEngine

from engines.dataset.any_reference import among, any_id, any_json, any_text
from engines.dataset.filter_text import FILTER_TEXTS
from engines.dataset.links import link_table_of
from engines.dataset.paths import path_of
from engines.dataset.query import Sources
from engines.entity.entity import ORGANIZATION, Entity, Field
from engines.entity.mask import KEPT, STARS
from engines.expression import sql_context
from engines.expression.sql import compile_condition, compile_error, compile_sql
from engines.expression.sql_context import SqlContext
from engines.expression.tree import TypedTree

SQL_TYPES: Mapping[str, Callable[[], TypeEngine[Any]]] = {
    'text COLLATE "C"': lambda: TEXT(),
    "numeric": lambda: NUMERIC(),
    "boolean": Boolean,
    "date": DATE,
    "timestamptz": lambda: TIMESTAMP(timezone=True),
    "uuid": lambda: UUID(),
    'text[] COLLATE "C"': lambda: ARRAY(TEXT()),
    "jsonb": lambda: JSONB(),
}
"""SQLAlchemy's type for each column type of the table of field kinds."""

_OWNER: Mapping[str, Callable[[], TypeEngine[Any]]] = {
    "id": UUID, "revision": Integer, "created_at": SQL_TYPES["timestamptz"], "created_by": UUID,
    "updated_at": SQL_TYPES["timestamptz"], "updated_by": UUID, "deleted_at": SQL_TYPES["timestamptz"],
}  # fmt: skip
_LINE: Mapping[str, Callable[[], TypeEngine[Any]]] = {"id": UUID, "parent": UUID, "position": Integer}


def table_of(entity: Entity) -> Table:
    """Return the table of an entity with the platform's columns and one for each stored field."""
    system = _OWNER if entity.parent is None else _LINE
    columns = [Column(key, make()) for key, make in system.items()]
    for field in entity.stored_fields:
        assert field.column is not None and field.kind.column_type is not None
        columns.append(Column(field.column, SQL_TYPES[field.kind.column_type]()))
        if field.error_column is not None:
            columns.append(Column(field.error_column, TEXT()))
        if field.entity_column is not None:
            columns.append(Column(field.entity_column, TEXT()))
    return Table(entity.table, MetaData(), *columns, schema=entity.schema)


class Rows:
    """An entity's table with a growing set of joins, one for each reference path something asked for."""

    def __init__(
        self, entity: Entity, sources: Sources, context: SqlContext, name: str = "t", root: FromClause | None = None, host: Rows | None = None
    ) -> None:
        """Begin with the entity's own table alone, called `name` in the statement.

        root: the table where it is in the statement already. host: the rows whose joins what is joined here comes after.
        """
        self.entity = entity
        self.root = sources.table(entity).alias(name) if root is None else root
        self._name = name
        self._count = 0
        self._host = host
        self._guard: Rows | None = None
        self._sources = sources
        self._context = context
        self._joined: dict[tuple[str, ...], tuple[Entity, FromClause]] = {(): (entity, self.root)}
        self._from: FromClause = self.root

    @property
    def source(self) -> FromClause:
        """The table with every join asked for so far."""
        return self._from

    @property
    def guard(self) -> Rows:
        """The same records with everything they have, for conditions of policies; what those join is joined here."""
        if self._guard is None:
            whole = self._sources.whole(self.entity)
            self._guard = Rows(whole, self._sources.unlimited, self._context, f"{self._name}0", self.root, self._host or self)
        return self._guard

    def policy(self, tree: TypedTree) -> ColumnElement[Any]:
        """Return a condition that a policy has for the record, whatever of it who asks may read."""
        return self.guard.condition(tree)

    def shown(self, names: tuple[str, ...]) -> ColumnElement[Any] | None:
        """Return the condition that a record on the way shows who asks the field that a path ends at, None where each does."""
        entity, table = self.join(names[:-1])
        field = entity.fields.get(names[-1]) or entity.fields.get(names[-1].removesuffix("__error"))
        if field is None or field.shown_when is None:
            return None
        return self.policy(field.shown_when.tree) if table is self.root else self._beside(entity, table, field.shown_when.tree)

    def _beside(self, entity: Entity, table: FromClause, tree: TypedTree) -> ColumnElement[Any]:
        """Return a condition that a policy has for a record that references lead to."""
        whole, unlimited = self._sources.whole(entity), self._sources.unlimited
        alone = Rows(whole, unlimited, self._context, f"{table.name}0", table)  # type: ignore[attr-defined]
        condition = alone.condition(tree)
        if alone.source is table:
            return condition
        # It reads further records, which cannot be joined before the one they are joined to.
        again = Rows(whole, unlimited, self._context, f"{table.name}1")  # type: ignore[attr-defined]
        meets = again.condition(tree)
        return exists(select(literal_column("1")).select_from(again.source).where(again.root.c.id == table.c.id, meets).correlate(table))

    @property
    def titled(self) -> tuple[str, ...]:
        """The path to what people call a record: its title, of a reference the title of what it points to."""
        path = path_of(self.entity, self.entity.title, self._sources.entity)
        return (self.entity.title,) if path is None else path.in_order

    def column(self, names: tuple[str, ...]) -> ColumnElement[Any]:
        """Return the column a path ends at; records on the way are joined, blank where the actor may not read them."""
        entity, table = self.join(names[:-1])
        field = entity.fields.get(names[-1])
        if field is not None and field.is_virtual:
            column = self._virtual(field, names[:-1])
        else:
            column = column_in(entity, table, names[-1])
        return self._where_shown(names, masked(column) if field is not None and field.is_masked else column)

    def _where_shown(self, names: tuple[str, ...], column: ColumnElement[Any]) -> ColumnElement[Any]:
        shown = self.shown(names)
        return column if shown is None else case((shown, column), else_=null())

    def value(self, names: tuple[str, ...]) -> ColumnElement[Any]:
        """Return the column a path ends at as the value it is in expressions and cursors: every number is a numeric."""
        entity, table = self.join(names[:-1])
        return self._where_shown(names, self._value(entity, table, names))

    def _value(self, entity: Entity, table: FromClause, names: tuple[str, ...]) -> ColumnElement[Any]:
        field = entity.fields.get(names[-1])
        if field is not None and field.is_virtual:
            return self._virtual(field, names[:-1])
        if field is not None and field.any_of and field.to is None:
            return any_text(table, field)
        column = column_in(entity, table, names[-1])
        if field is not None and field.kind.read_by == "filters":
            return FILTER_TEXTS[field.kind.key](column)
        return cast(column, NUMERIC()) if isinstance(column.type, Integer) else column

    def _virtual(self, field: Field, at: tuple[str, ...]) -> ColumnElement[Any]:
        """Return what the formula of a field comes to for the record a path leads to, in the rights of who asks."""
        assert field.formula is not None
        value = compile_sql(field.formula.tree, lambda names: self.value((*at, *names)), self._scope(at))
        if field.scale is not None:
            value = func.round(cast(value, NUMERIC()), field.scale)
        kind = None if field.kind.column_type is None else SQL_TYPES.get(field.kind.column_type)
        return value if kind is None else cast(value, kind())

    def condition(self, tree: TypedTree, at: tuple[str, ...] = ()) -> ColumnElement[Any]:
        """Return a condition on the record, or on the record a path leads to, for a WHERE or an ON."""
        return compile_condition(tree, lambda names: self.value((*at, *names)), self._scope(at))

    def computed(self, tree: TypedTree) -> ColumnElement[Any]:
        """Return what an expression over the record comes to: NULL for a blank and for an error."""
        return compile_sql(tree, self.value, self._scope(()))

    def error(self, tree: TypedTree) -> ColumnElement[Any] | None:
        """Return the error code of an expression over the record, NULL where it has a value; None when it cannot fail."""
        return compile_error(tree, self.value, self._scope(()))

    def asked(
        self, tree: TypedTree, given: Callable[[tuple[str, ...]], ColumnElement[Any]]
    ) -> tuple[ColumnElement[Any], ColumnElement[Any] | None]:
        """Return the value and the error of an expression over a record whose values are given, not read: what it asks of entities."""
        scope = replace(self._context, entity=self._all_of)
        return compile_sql(tree, given, scope), compile_error(tree, given, scope)

    @property
    def scope(self) -> SqlContext:
        """What an expression over the record may ask of the query."""
        return self._scope(())

    def _scope(self, at: tuple[str, ...]) -> SqlContext:
        return replace(
            self._context,
            error=lambda names: self.column((*at, *names[:-1], f"{names[-1]}__error")),
            rows=lambda names: self._rows((*at, *names)),
            entity=self._all_of,
        )

    def _rows(self, path: tuple[str, ...]) -> sql_context.Rows:
        """Return the rows of a sub-table, or the records that point back, as a correlated part of the query."""
        for place in range(1, len(path)):
            if self._is_list(path[:place]):
                return self._within(path[:place], path[place:])
        return self._list(path)[1]

    def _is_list(self, path: tuple[str, ...]) -> bool:
        entity, _ = self.join(path[:-1])
        field = entity.fields.get(path[-1])
        return path[-1] in entity.inverses if field is None else field.lines is not None or field.links is not None

    def _within(self, path: tuple[str, ...], further: tuple[str, ...]) -> sql_context.Rows:
        """Return the lists that each row of a list has, one after the other."""
        outside, outer = self._list(path)
        inner = outside._rows(further)
        return replace(inner, source=lambda: outer.source().join(inner.source(), inner.on), on=outer.on, order=(*outer.order, *inner.order))

    def _list(self, path: tuple[str, ...]) -> tuple[Rows, sql_context.Rows]:
        """Return the rows of a list that a record on a path of references has."""
        owner, table = self.join(path[:-1])
        field = owner.fields.get(path[-1])
        if field is not None and field.links is not None:
            return self._linked(owner, table, field, self.shown(path))
        inverse = None if field is not None else owner.inverses[path[-1]]
        key = owner.everywhere(inverse.source if inverse is not None else (field.lines if field is not None else None) or "")
        self._count += 1
        inner = Rows(self._sources.entity(key), self._sources, self._context, f"{self._name}_{self._count}")
        shown = self.shown(path) if inverse is None else inner.shown((inverse.field,))
        if inverse is None:
            on: ColumnElement[bool] = inner.root.c.parent == table.c.id
        else:
            on = and_(column_in(inner.entity, inner.root, inverse.field) == table.c.id, *inner.living(self._sources.readable(key)))
        return inner, sql_context.Rows(
            lambda: inner.source,
            on if shown is None else and_(on, shown),
            inner.value,
            lambda names: inner._rows(names),
            lambda names: inner.column((*names[:-1], f"{names[-1]}__error")),
            (inner.root.c.position,) if inverse is None else (inner.root.c.id,),
        )

    def _linked(
        self, owner: Entity, table: FromClause, field: Field, shown: ColumnElement[Any] | None
    ) -> tuple[Rows, sql_context.Rows]:
        """Return the records of a list that the actor may read, in the order of the list."""
        self._count += 1
        link = link_table_of(owner, field).alias(f"{self._name}_{self._count}k")
        inner, on = self._of(owner.everywhere(field.links or ""), f"{self._name}_{self._count}", link)
        return inner, sql_context.Rows(
            lambda: inner.source,
            and_(link.c.record == table.c.id, on, *([] if shown is None else [shown])),
            inner.value,
            lambda names: inner._rows(names),
            lambda names: inner.column((*names[:-1], f"{names[-1]}__error")),
            (link.c.position,),
        )

    def beside(self, target: ColumnElement[Any], key: str) -> tuple[Rows, ColumnElement[bool]]:
        """Return the records of an entity, and the condition that one is the target and may be read."""
        self._count += 1
        inner, on = self._of(key, f"{self._name}_{self._count}")
        return inner, and_(inner.root.c.id == target, on)

    def _of(self, key: str, name: str, link: FromClause | None = None) -> tuple[Rows, ColumnElement[bool]]:
        """Return the records of an entity, or those of it that links lead to, and the condition that the actor may read one."""
        inner = Rows(self._sources.entity(key), self._sources, self._context, name)
        if link is not None:
            inner._from = link.join(inner.root, inner.root.c.id == link.c.target)
        readable = self._sources.readable(key)
        if readable is False:
            return inner, false()
        return inner, true() if readable is None else inner.policy(readable)

    def living(self, readable: TypedTree | None | Literal[False]) -> list[ColumnElement[bool]]:
        """Return the conditions that a record, or the owner of a row, is not in the trash and may be read."""
        owner = self.root if self.entity.parent is None else self.join(("parent",))[1]
        conditions: list[ColumnElement[bool]] = [owner.c.deleted_at.is_(None)]
        if readable is False:
            conditions.append(false())
        elif readable is not None:
            conditions.append(self.policy(readable))
        return conditions

    def _all_of(self, key: str) -> sql_context.Rows:
        """Return all records of an entity that are live and that the actor may read."""
        self._count += 1
        inner = Rows(self._sources.entity(key), self._sources, self._context, f"{self._name}_{self._count}")
        return sql_context.Rows(
            lambda: inner.source,
            and_(*inner.living(self._sources.readable(key))),
            inner.value,
            lambda names: inner._rows(names),
            lambda names: inner.column((*names[:-1], f"{names[-1]}__error")),
            (inner.root.c.id,),
        )

    def join(self, path: tuple[str, ...]) -> tuple[Entity, FromClause]:
        """Return the entity and the joined table a path of references leads to."""
        found = self._joined.get(path)
        if found is not None:
            return found
        entity, table = self.join(path[:-1])
        if path[-1] == "id" and "id" not in entity.fields:
            return entity, table
        field = entity.fields.get(path[-1])
        if field is not None and field.any_of and field.to is None:
            self._joined[path] = among(entity, field), table
            return self._joined[path]
        to, readable = self._target(entity, path[-1])
        target = self._sources.table(to).alias("_".join((self._name, *path)))
        self._joined[path] = (to, target)
        on = target.c.id == column_in(entity, table, path[-1])
        shown = self.shown(path)
        if shown is not None:
            on = and_(on, shown)
        if readable is False:
            on = and_(on, false())
        elif readable is not None:
            on = and_(on, self._beside(to, target, readable))
        # A row has an owner, always: said so, PostgreSQL may begin at either table and on several cores.
        is_owner = path == ("parent",) and self.entity.parent is not None
        self._join(target, on, not is_owner)
        return to, target

    def _join(self, target: FromClause, on: ColumnElement[bool], is_outer: bool) -> None:
        if self._host is not None:
            self._host._join(target, on, is_outer)
        else:
            self._from = self._from.join(target, on, isouter=is_outer)

    def _target(self, entity: Entity, key: str) -> tuple[Entity, TypedTree | None | Literal[False]]:
        if key == "parent" and entity.parent is not None:
            # Whoever reads rows has met the owner's condition already.
            return self._sources.entity(entity.everywhere(entity.parent)), None
        field = entity.fields.get(key)
        to = field.to if field is not None else f"{ORGANIZATION}.user"
        assert to is not None
        to = entity.everywhere(to)
        return self._sources.entity(to), self._sources.readable(to)


def masked(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return what is shown of a text that is masked: as much as `mask` leaves of it."""
    text = cast(text, TEXT())
    stars: ColumnElement[Any] = literal_column(f"'{STARS}'")
    parts = [(length, func.concat(func.left(text, first), stars, func.right(text, last))) for length, first, last in KEPT]
    whole = func.char_length(text)
    return case((text.is_(None), null()), *((whole >= length, part) for length, part in parts), else_=stars)


def column_in(entity: Entity, table: FromClause, key: str) -> ColumnElement[Any]:
    """Return the column of a field, of a platform field or of a field's error in a table of the entity."""
    field = entity.fields.get(key)
    if field is not None and field.any_of:
        return any_json(table, field) if field.to is None else any_id(table, field)
    if field is not None and field.column is not None:
        return table.c[field.column]
    if key.endswith("__error"):
        failing = entity.fields[key.removesuffix("__error")]
        assert failing.error_column is not None
        return table.c[failing.error_column]
    return table.c[key]
