"""Takes the records of vectors that have the same fields, gives temporary tables that hold them and the columns of their paths."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Column, ColumnElement, FromClause, Integer, MetaData, Table, Text, cast, null

from engines.expression.scope import Scope
from engines.expression.sql_context import Keys, Rows
from engines.expression.sql_parts import sql_type
from engines.values.value_types import ANY, AnyRecord, ErrorValue, Value, ValueType, entities_of, record_of

_OF_ROWS = UUID("6f1c1f6e-52c3-4b0e-9d1d-2f6f0f8f1d11")
_ERROR = "__error"


@dataclass(frozen=True, slots=True)
class EnvironmentTable:
    """A table with one row for each record, and one table for each list of records in it.

    A field reached over references has a column of its own, named by its keys with dots between.
    mixed: the columns of which each value names its type.
    """

    table: Table
    lists: Mapping[Keys, EnvironmentTable]
    mixed: frozenset[str] = frozenset()
    lines: list[dict[str, Any]] = field(default_factory=list)

    def tables(self) -> Iterator[EnvironmentTable]:
        """Give this table and those of all lists, outer ones first."""
        yield self
        for inner in self.lists.values():
            yield from inner.tables()

    def add(self, record: Mapping[str, Value], owner: int = 0, position: int = 0) -> int:
        """Keep a record and the rows of its lists; return the number of its row."""
        number = len(self.lines) + 1
        line: dict[str, Any] = {"row_number": number, "owner_number": owner, "position": position}
        for name in [column.name for column in self.table.c]:
            if name not in line and not name.endswith(_ERROR):
                value = _reach(record, tuple(name.split(".")))
                if isinstance(value, ErrorValue):
                    line[name + _ERROR] = value.code
                stored = _stored(value, number, name)
                line[name] = _told(stored) if name in self.mixed else stored
        line.setdefault("id", None)
        if line["id"] is None:
            line["id"] = uuid5(_OF_ROWS, f"{self.table.name}/{number}")
        self.lines.append(line)
        for keys, inner in self.lists.items():
            rows = _reach(record, keys)
            for place, row in enumerate(rows if isinstance(rows, list) else []):
                inner.add(row, number, place)
        return number

    def column(self, source: FromClause) -> Callable[[Keys], ColumnElement[Any]]:
        """Return what gives the column of a path in this table or an alias of it."""

        def found(keys: Keys) -> ColumnElement[Any]:
            name = ".".join(keys)
            # Of an empty list nothing is known; a field of its rows is a blank.
            return source.c[name] if name in source.c else cast(null(), Text())

        return found

    def error(self, source: FromClause) -> Callable[[Keys], ColumnElement[Any]]:
        """Return what gives the companion column with the error of a path."""
        return lambda keys: source.c[".".join(keys) + _ERROR]

    def rows(self, source: FromClause) -> Callable[[Keys], Rows]:
        """Return what gives the rows of a path over one list or several."""

        def found(keys: Keys) -> Rows:
            return _rows(self, source, keys)

        return found


def _rows(outer: EnvironmentTable, source: FromClause, keys: Keys) -> Rows:
    """Return the rows of a path: the tables of its lists, one joined to the other."""
    tables: list[FromClause] = []
    current, above, way = outer, source, list(keys)
    conditions: list[ColumnElement[bool]] = []
    while way:
        length = next(size for size in range(1, len(way) + 1) if tuple(way[:size]) in current.lists)
        current = current.lists[tuple(way[:length])]
        alias = current.table.alias()
        conditions.append(alias.c.owner_number == above.c.row_number)
        tables.append(alias)
        above, way = alias, way[length:]
    last = tables[-1]
    joined: FromClause = tables[0]
    for table, condition in zip(tables[1:], conditions[1:], strict=True):
        joined = joined.join(table, condition)
    order = tuple([table.c.position for table in tables])
    return Rows(lambda: joined, conditions[0], current.column(last), current.rows(last), current.error(last), order)


def environment_table(scope: Scope, metadata: MetaData, numbers: Iterator[int] | None = None) -> EnvironmentTable:
    """Return the empty tables of a scope's records."""
    return _table(dict(scope.names), scope, metadata, numbers or count())


def _table(names: Mapping[str, ValueType], scope: Scope, metadata: MetaData, numbers: Iterator[int]) -> EnvironmentTable:
    columns: dict[str, Column[Any]] = {"id": Column("id", sql_type(record_of(None)))}
    lists: dict[Keys, EnvironmentTable] = {}
    mixed: set[str] = set()
    for keys, kind in _fields(names, scope, ()):
        name = ".".join(keys)
        if kind.of is not None and kind.of.name in ("record", "blank"):
            inner = (scope.entities(kind.of.entity) if kind.of.entity else None) or {}
            lists[keys] = _table(inner, scope, metadata, numbers)
        if kind.of is not None and kind.of.name == "record":
            continue
        columns[name] = Column(name, sql_type(kind))
        if kind.fails:
            columns[name + _ERROR] = Column(name + _ERROR, Text())
        if ANY in (kind, kind.of):
            mixed.add(name)
    numbered = [Column(name, Integer()) for name in ("row_number", "owner_number", "position")]
    table = Table(f"environment_{next(numbers)}", metadata, *numbered, *columns.values(), prefixes=["TEMPORARY"])
    return EnvironmentTable(table, lists, frozenset(mixed))


_KINDS = {Decimal: "number", bool: "bool", date: "date", datetime: "datetime", UUID: "record"}


def _told(value: Any) -> Any:  # noqa: ANN401
    """Return a stored value as JSON that names its type, as `sql_any` has it."""
    if isinstance(value, list):
        return [_told(part) for part in value]
    if value is None:
        return None
    written = str(value).lower() if isinstance(value, bool) else str(value)
    return json.dumps([_KINDS.get(type(value), "text"), written])


def _fields(names: Mapping[str, ValueType], scope: Scope, way: Keys) -> Iterator[tuple[Keys, ValueType]]:
    """Give every field with the keys that lead to it, those of referenced records too."""
    for name, kind in names.items():
        yield (*way, name), kind
        if kind.name == "record" and kind.entity is not None:
            yield from _fields(scope.entities(kind.entity) or {}, scope, (*way, name))
        if entities_of(kind):
            yield (*way, name, "id"), record_of(None)


def _reach(record: Any, keys: Keys) -> Any:  # noqa: ANN401 (a value of a vector)
    value = record
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _stored(value: Any, number: int, name: str) -> Any:  # noqa: ANN401
    """Return what a column keeps: of a record its id, of an error nothing."""
    if isinstance(value, ErrorValue):
        return None
    if isinstance(value, Mapping) and isinstance(value.get("id"), AnyRecord):
        value = value["id"]
    if isinstance(value, AnyRecord):
        return value.id if name.endswith(".id") else str(value)
    if isinstance(value, Mapping):
        return value.get("id") or uuid5(_OF_ROWS, f"{name}/{number}")
    if isinstance(value, list):
        return [_stored(part, number, name) for part in value]
    return value
