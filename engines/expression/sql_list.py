"""The SQL of lists: rows of to-many paths and of references, filters, a value for each row, array columns; lists as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY as SQL_ARRAY
from sqlalchemy import Text, and_, case, cast, false, func, literal_column, null, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, array

from engines.expression.sql_context import Column, Keys
from engines.expression.sql_list_source import Each, Source, joined
from engines.expression.sql_parts import Level, first_of, integer, sql_type
from engines.expression.tree import TypedCall, TypedLiteral, TypedPath, TypedTree
from engines.values.value_types import ValueType, record_of

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler


def element_of(node: TypedTree) -> ValueType:
    """Return the type of the values of a list, or of what is no list."""
    return node.type.of if node.type.of is not None else node.type


def path_source(compiler: SqlCompiler, node: TypedPath) -> Source:
    """Return a path as a source: a list, or the one record it reaches."""
    level = compiler.levels[node.row]
    if not node.many:
        if node.type.of is not None:
            return replace(unnested(cast_to(level.column(node.names), node.type), element_of(node)), failed=compiler.error(node))
        one = select(integer(1).label("one")).subquery()
        return Source(lambda: one, (level.column(node.names).is_not(None),), _beyond(level, node.names), level.column(node.names))
    if level.rows is None:
        raise compiler.refuse(node)
    rows = level.rows(node.names[: node.many])
    rest, order = node.names[node.many :], tuple([(part, False) for part in rows.order])
    inner = Level(rows.column, rows.rows, rows.error)
    if not rest:
        return Source(rows.source, (rows.on,), inner, order=order)
    errors: tuple[Column, ...] = ()
    if node.may_fail:
        if rows.error is None:
            raise compiler.refuse(node)
        errors = (rows.error(rest),)
    column = rows.column(rest)
    if isinstance(column.type, SQL_ARRAY):
        # The error of a row that has no list would get lost with it.
        failed = row_error(Source(rows.source, (rows.on,), inner, order=order, errors=errors))
        values = unnested(cast_to(column, node.type), element_of(node))
        return replace(joined(Source(rows.source, (rows.on,), inner, order=order), values), failed=failed)
    column = cast_to(column, element_of(node))
    beyond = _beyond(inner, rest) if element_of(node).name == "record" else None
    return Source(rows.source, (rows.on,), beyond, column, order, errors)


def record_source(compiler: SqlCompiler, node: TypedTree) -> Source:
    """Return a record known by its id as a source: the one of its entity that has it, as far as it may be read."""
    if compiler.context.entity is None or node.type.entity is None:
        raise compiler.refuse(node)
    rows = compiler.context.entity(node.type.entity)
    found = rows.column(("id",)) == compiler.value(node)
    return Source(rows.source, (rows.on, found), Level(rows.column, rows.rows, rows.error), failed=compiler.error(node))


def nothing() -> Source:
    """Return what a blank is as a source: no rows."""
    one = select(integer(1).label("one")).subquery()
    return Source(lambda: one, (false(),), element=cast(null(), sql_type(record_of(None))))


def _beyond(level: Level, names: Keys) -> Level:
    """Return the record a path of references leads to."""
    rows, error = level.rows, level.error
    return Level(
        lambda keys: level.column((*names, *keys)),
        None if rows is None else lambda keys: rows((*names, *keys)),
        None if error is None else lambda keys: error((*names, *keys)),
    )


def unnested(values: Column, element: ValueType) -> Source:
    """Return the elements of an array."""
    rows = func.unnest(values).table_valued("value", with_ordinality="place").render_derived()
    column = rows.c.value
    column.type = sql_type(element)
    return Source(lambda: rows, (), None, column, ((rows.c.place, False),))


def level_of(compiler: SqlCompiler, source: Source, node: TypedTree) -> Level:
    """Return the row of a list of records; of a list of which nothing is known, one whose fields are blank."""
    if source.level is not None:
        return source.level
    if element_of(node).name != "blank":
        raise compiler.refuse(node)
    return Level(lambda keys: cast(literal_column("NULL"), Text()), None, None)


def _filtered(compiler: SqlCompiler, node: TypedCall) -> Source:
    rows = compiler.source(node.args[0])
    compiler.levels.append(level_of(compiler, rows, node.args[0]))
    condition, error = compiler.condition(node.args[1]), compiler.error(node.args[1])
    compiler.levels.pop()
    if error is None:
        return replace(rows, where=(*rows.where, condition))
    # A row whose condition is an error stays, so that the error is seen.
    return replace(rows, where=(*rows.where, or_(condition, error.is_not(None))), errors=(*rows.errors, error))


def _mapped(compiler: SqlCompiler, node: TypedCall) -> Source:
    given, made = node.args
    rows = compiler.source(given)
    level = level_of(compiler, rows, given)
    compiler.levels.append(level)
    if made.type.of is not None:
        return _flattened(compiler, node, rows)
    value, error = compiler.value(made), compiler.error(made)
    beyond: Level | None = None
    if made.type.name == "record":
        is_of_row = isinstance(made, TypedPath) and made.row == len(compiler.levels) - 1
        beyond = _beyond(level, made.names) if is_of_row else _made_record(compiler, made)  # type: ignore[union-attr]
    compiler.levels.pop()
    errors = rows.errors if error is None else (*rows.errors, error)
    return replace(rows, level=beyond, element=value, errors=errors, is_column=False)


def _made_record(compiler: SqlCompiler, node: TypedTree) -> Level:
    """Return the record that is computed for each row: each of its fields is looked for by itself."""

    around = [*compiler.levels]

    def column(keys: Keys) -> Column:
        # Asked for later, when other levels lie around.
        outside, compiler.levels = compiler.levels, around
        record = compiler.source(node)
        compiler.levels = outside
        return record.rows(level_of(compiler, record, node).column(keys)).scalar_subquery()

    return Level(column, None, None)


def _flattened(compiler: SqlCompiler, node: TypedCall, rows: Source) -> Source:
    """Return the lists that each row has, one after the other; the row is the innermost level, and taken off again."""
    given, made = node.args
    inner = compiler.source(made)
    compiler.levels.pop()
    found = joined(rows, inner)
    # An error of a row whose list is empty would get lost with it.
    failed = [rows.failed]
    if rows.errors:
        failed.append(row_error(compiler.source(given)))
    if inner.failed is not None:
        again = compiler.source(given)
        compiler.levels.append(level_of(compiler, again, given))
        failed.append(row_error(replace(again, errors=(compiler.source(made).failed,))))  # type: ignore[arg-type]
        compiler.levels.pop()
    return replace(found, failed=first_of(failed))


def _field_source(compiler: SqlCompiler, node: TypedCall) -> Source:
    """Return a list, or a record, that a record has."""
    rows = compiler.source(node.args[0])
    compiler.levels.append(level_of(compiler, rows, node.args[0]))
    return _flattened(compiler, node, rows)


def _field(compiler: SqlCompiler, node: TypedCall) -> Column:
    """Return what is made of one record, NULL when there is none."""
    if node.type.of is not None:
        return list_value(compiler, node)
    record = compiler.source(node.args[0])
    compiler.levels.append(level_of(compiler, record, node.args[0]))
    value = compiler.value(node.args[1])
    compiler.levels.pop()
    return sound(record, record.rows(value).scalar_subquery())


def _field_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    if node.type.of is not None:
        return list_error(compiler, node)
    record = compiler.source(node.args[0])
    compiler.levels.append(level_of(compiler, record, node.args[0]))
    error = compiler.error(node.args[1])
    compiler.levels.pop()
    return first_of([record.failed, None if error is None else record.rows(error).scalar_subquery()])


def sound(source: Source, value: Column) -> Column:
    """Return a value that is NULL where a list as a whole is an error."""
    return value if source.failed is None else case((source.failed.is_(None), value))


def row_error(source: Source) -> Column | None:
    """Return the code of the first error among the rows."""
    if not source.errors:
        return None

    def first(each: Each) -> Column:
        found = [
            func.array_agg(each.gathered(error), type_=ARRAY(Text())).filter(error.is_not(None))[integer(1)]
            for error in each.errors
        ]
        return found[0] if len(found) == 1 else func.coalesce(*found)

    return source.over(first, of_values=False)


def over(source: Source, make: Callable[[Each], Column], of_values: bool = True) -> Column:
    """Return what is made of all values; NULL when one of them, or the list, is an error."""
    if source.errors:
        made = lambda each: case((and_(*[func.count(error) == integer(0) for error in each.errors]), make(each)))
        return sound(source, source.over(made, of_values))
    return sound(source, source.over(make, of_values))


def list_error(compiler: SqlCompiler, node: TypedTree) -> Column | None:
    """Return the error code of a list-valued node."""
    if not node.may_fail:
        return None
    source = compiler.source(node)
    return first_of([source.failed, row_error(source)])


def args_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    """Return the error code of the arguments of a call."""
    return first_of([compiler.error(arg) for arg in node.args if arg.may_fail])


def list_is_empty(compiler: SqlCompiler, node: TypedTree) -> Column:
    """Return whether a list has no rows."""
    return compiler.source(node).rows(func.count()).scalar_subquery() == integer(0)


def _list(compiler: SqlCompiler, node: TypedCall) -> Column:
    """Return the values written in a list as an array, NULL where one is an error."""
    items = [cast(compiler.value(arg), sql_type(element_of(node))) for arg in node.args]
    made = array(items, type_=sql_type(element_of(node))) if items else cast(array([]), sql_type(node.type))
    return compiler.unless_failed(node.args, made)


def list_value(compiler: SqlCompiler, node: TypedTree) -> Column:
    """Return a list as an array in its order; of records, of their ids."""
    kind = sql_type(node.type)
    empty = cast(array([]), kind)
    return over(
        compiler.source(node),
        lambda each: func.coalesce(func.array_agg(each.gathered(cast_to(each.value, element_of(node))), type_=kind), empty, type_=kind),
    )


def cast_to(value: Column, wanted: ValueType) -> Column:
    """Return a value in the column type of a value type, as it is when it has it."""
    kind = sql_type(wanted)
    if isinstance(kind, ARRAY):
        return value if isinstance(value.type, SQL_ARRAY) and isinstance(value.type.item_type, type(kind.item_type)) else cast(value, kind)
    return value if isinstance(value.type, type(kind)) else cast(value, kind)


def _entity_source(compiler: SqlCompiler, node: TypedCall) -> Source:
    """Return all records of an entity that may be read."""
    key = node.args[0]
    if compiler.context.entity is None or not isinstance(key, TypedLiteral):
        raise compiler.refuse(node)
    rows = compiler.context.entity(str(key.value))
    return Source(rows.source, (rows.on,), Level(rows.column, rows.rows, rows.error), order=tuple([(part, False) for part in rows.order]))


LIST_SOURCES: Mapping[str, Callable[[Any, TypedCall], Source]] = {
    "filter": _filtered,
    "map": _mapped,
    "field": _field_source,
    "entity": _entity_source,
}
LIST_VALUES: Mapping[str, Callable[[Any, TypedCall], Column]] = {
    "list": _list,
    "filter": list_value,
    "map": list_value,
    "field": _field,
    "entity": list_value,
}
LIST_ERRORS: Mapping[str, Callable[[Any, TypedCall], Column | None]] = {
    "list": args_error,
    "filter": list_error,
    "map": list_error,
    "field": _field_error,
}
