"""The SQL of lists: rows of to-many paths, filters, row expressions, array columns, and what is made of their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import FromClause, Numeric, Select, Text, and_, case, cast, exists, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, array

from engines.expression.sql_choice import equal
from engines.expression.sql_context import Column
from engines.expression.sql_number import quotient
from engines.expression.sql_parts import Level, first_of, integer, number, sql_type, text
from engines.expression.tree import TypedCall, TypedPath, TypedTree
from engines.values.value_types import ValueType

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_TEXTS = ("text", "option")


@dataclass(frozen=True, slots=True)
class Each:
    """What an aggregate can be made of: the value of each row, what the rows are in order by, and their errors."""

    value: Column
    order: tuple[Column, ...]
    errors: tuple[Column, ...]

    def gathered(self, value: Column, backwards: bool = False) -> Column:
        """Return the argument of an aggregate for which the order of the rows counts."""
        order = [part.desc() if backwards else part for part in self.order]
        return aggregate_order_by(value, *order) if order else value


@dataclass(frozen=True, slots=True)
class Source:
    """A list as a part of a query: where its rows come from (asked last, see `Rows`), which count, and the value of each.

    level: the row, when the list is one of records. element: the value, when it is one of values.
    order: what the rows are in order by. errors: the codes of what can go wrong in a row, the first that is looked for first.
    failed: the code when the list as a whole is an error.
    is_column: the value is a column of the rows, not something computed from whatever is in reach.
    """

    source: Callable[[], FromClause]
    where: tuple[Column, ...]
    level: Level | None = None
    element: Column | None = None
    order: tuple[Column, ...] = ()
    errors: tuple[Column, ...] = ()
    failed: Column | None = None
    is_column: bool = True

    def rows(self, *made: Column) -> Select[Any]:
        """Return a query of what is made of each row, or of all of them."""
        source = self.source()
        found = select(*made).select_from(source).correlate_except(source)
        return found.where(*self.where) if self.where else found

    def over(self, make: Callable[[Each], Column]) -> Column:
        """Return what an aggregate makes of all rows.

        An aggregate whose argument names only columns of the query around would belong to that query: a computed value
        is first made a column of its own.
        """
        value = integer(1) if self.element is None else self.element
        if not self.errors and self.is_column:
            return self.rows(make(Each(value, self.order, ()))).scalar_subquery()
        order = [part.label(f"order_{place}") for place, part in enumerate(self.order)]
        errors = [part.label(f"error_{place}") for place, part in enumerate(self.errors)]
        rows = self.rows(value.label("value"), *order, *errors).subquery()
        each = Each(rows.c.value, tuple([rows.c[part.name] for part in order]), tuple([rows.c[part.name] for part in errors]))
        return select(make(each)).select_from(rows).correlate_except(rows).scalar_subquery()


def source_of(compiler: SqlCompiler, node: TypedTree) -> Source:
    """Return a list-valued node as a source of rows."""
    if isinstance(node, TypedPath):
        return _path_source(compiler, node)
    if isinstance(node, TypedCall):
        if node.name == "filter":
            return _filtered(compiler, node)
        if node.name == "map" and node.args[1].type.of is None:
            return _mapped(compiler, node)
        if node.name not in LIST_VALUES or node.name == "list":
            return replace(_unnested(compiler.value(node), _element(node)), failed=compiler.error(node))
    raise compiler.refuse(node)


def _element(node: TypedTree) -> ValueType:
    return node.type.of if node.type.of is not None else node.type


def _path_source(compiler: SqlCompiler, node: TypedPath) -> Source:
    level = compiler.levels[node.row]
    if not node.many:
        return _unnested(level.column(node.names), _element(node))
    if level.rows is None:
        raise compiler.refuse(node)
    rows = level.rows(node.names[: node.many])
    rest = node.names[node.many :]
    if not rest:
        return Source(rows.source, (rows.on,), Level(rows.column, rows.rows, rows.error), order=rows.order)
    errors: tuple[Column, ...] = ()
    if node.may_fail:
        if rows.error is None:
            raise compiler.refuse(node)
        errors = (rows.error(rest),)
    return Source(rows.source, (rows.on,), None, rows.column(rest), rows.order, errors)


def _unnested(values: Column, element: ValueType) -> Source:
    rows = func.unnest(values).table_valued("value", with_ordinality="place").render_derived()
    column = rows.c.value
    column.type = sql_type(element)
    return Source(lambda: rows, (), None, column, (rows.c.place,))


def _filtered(compiler: SqlCompiler, node: TypedCall) -> Source:
    rows = source_of(compiler, node.args[0])
    if rows.level is None:
        raise compiler.refuse(node)
    compiler.levels.append(rows.level)
    condition, error = compiler.condition(node.args[1]), compiler.error(node.args[1])
    compiler.levels.pop()
    if error is None:
        return replace(rows, where=(*rows.where, condition))
    # A row whose condition is an error stays, so that the error is seen.
    return replace(rows, where=(*rows.where, or_(condition, error.is_not(None))), errors=(*rows.errors, error))


def _mapped(compiler: SqlCompiler, node: TypedCall) -> Source:
    rows = source_of(compiler, node.args[0])
    if rows.level is None:
        raise compiler.refuse(node)
    compiler.levels.append(rows.level)
    value, error = compiler.value(node.args[1]), compiler.error(node.args[1])
    compiler.levels.pop()
    errors = rows.errors if error is None else (*rows.errors, error)
    return replace(rows, level=None, element=value, errors=errors, is_column=False)


def _row_error(source: Source) -> Column | None:
    """Return the code of one of the errors among the rows."""
    if not source.errors:
        return None

    def first(each: Each) -> Column:
        found = [
            func.array_agg(each.gathered(error), type_=ARRAY(Text())).filter(error.is_not(None))[integer(1)]
            for error in each.errors
        ]
        return found[0] if len(found) == 1 else func.coalesce(*found)

    return source.over(first)


def _over(source: Source, make: Callable[[Each], Column]) -> Column:
    """Return what is made of all values; NULL when one of them, or the list, is an error."""
    if source.errors:
        result = source.over(lambda each: case((and_(*[func.count(error) == integer(0) for error in each.errors]), make(each))))
    else:
        result = source.over(make)
    return result if source.failed is None else case((source.failed.is_(None), result))


def _filled(value: Column, element: ValueType) -> Column:
    """Return the value of a row, NULL when it is blank."""
    return func.nullif(value, text(""), type_=Text()) if element.name in _TEXTS else value


def _part_sum(compiler: SqlCompiler, node: TypedTree) -> Column:
    if node.type.of is None:
        return compiler.unless_failed((node,), func.coalesce(compiler.value(node), number(0), type_=Numeric()))
    return _over(source_of(compiler, node), lambda each: func.coalesce(_total(each.value), number(0), type_=Numeric()))


def _total(value: Column) -> Column:
    return func.sum(value if isinstance(value.type, Numeric) else cast(value, Numeric()), type_=Numeric())


def _part_count(compiler: SqlCompiler, node: TypedTree) -> Column:
    if node.type.of is None:
        filled = _filled(compiler.value(node), node.type)
        return compiler.unless_failed((node,), cast(case((filled.is_(None), number(0)), else_=number(1)), Numeric()))
    source, element = source_of(compiler, node), _element(node)
    return _over(source, lambda each: cast(func.count(_filled(each.value, element)), Numeric()))


def _added(parts: list[Column]) -> Column:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _sum(compiler: SqlCompiler, node: TypedCall) -> Column:
    return _added([_part_sum(compiler, arg) for arg in node.args])


def _count(compiler: SqlCompiler, node: TypedCall) -> Column:
    return _added([_part_count(compiler, arg) for arg in node.args])


def _average(compiler: SqlCompiler, node: TypedCall) -> Column:
    if len(node.args) == 1 and node.args[0].type.of is not None:
        return _over(
            source_of(compiler, node.args[0]),
            lambda each: quotient(_total(each.value), cast(func.count(each.value), Numeric())),
        )
    return quotient(_sum(compiler, node), _count(compiler, node))


def _extreme(name: str, among: str) -> Callable[[SqlCompiler, TypedCall], Column]:
    def part(compiler: SqlCompiler, node: TypedTree, wanted: ValueType) -> Column:
        if node.type.of is None:
            value = compiler.value(node)
            return func.nullif(value, text("")) if wanted.name in _TEXTS else value
        return _over(source_of(compiler, node), lambda each: among_rows(_filled(each.value, wanted), wanted))

    def among_rows(value: Column, wanted: ValueType) -> Column:
        made: Column
        if wanted.name == "bool":
            made = getattr(func, "bool_and" if name == "min" else "bool_or")(value)
        else:
            ordered = value.collate("C") if wanted.name in _TEXTS else value
            made = getattr(func, name)(ordered, type_=sql_type(wanted))
        return made

    def build(compiler: SqlCompiler, node: TypedCall) -> Column:
        parts = [part(compiler, arg, node.type) for arg in node.args]
        if len(parts) == 1:
            return parts[0]
        if node.type.name in _TEXTS:
            parts = [value.collate("C") for value in parts]
        # LEAST and GREATEST pass over NULL, which is right for a blank and wrong for an error.
        return compiler.unless_failed(node.args, getattr(func, among)(*parts, type_=sql_type(node.type)))

    return build


def list_error(compiler: SqlCompiler, node: TypedTree) -> Column | None:
    """Return the error code of a list-valued node."""
    if not node.may_fail:
        return None
    source = source_of(compiler, node)
    return first_of([source.failed, _row_error(source)])


def args_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    """Return the first error of the arguments of a call, lists among them."""
    return first_of(
        [compiler.error(arg) if arg.type.of is None else list_error(compiler, arg) for arg in node.args if arg.may_fail]
    )


def list_is_empty(compiler: SqlCompiler, node: TypedTree) -> Column:
    """Return whether a list has no rows."""
    source = source_of(compiler, node)
    return source.rows(func.count()).scalar_subquery() == integer(0)


def _list(compiler: SqlCompiler, node: TypedCall) -> Column:
    """Return the values written in a list as an array, NULL where one is an error."""
    items = [cast(compiler.value(arg), sql_type(_element(node))) for arg in node.args]
    made = array(items, type_=sql_type(_element(node))) if items else cast(array([]), sql_type(node.type))
    return compiler.unless_failed(node.args, made)


def list_value(compiler: SqlCompiler, node: TypedTree) -> Column:
    """Return a list as an array in its order; of records, of their ids."""
    source = source_of(compiler, node)
    if source.element is None:
        assert source.level is not None
        source = replace(source, element=source.level.column(("id",)))
    kind = sql_type(node.type)
    empty = cast(array([]), kind)

    return _over(source, lambda each: func.coalesce(func.array_agg(each.gathered(each.value), type_=kind), empty, type_=kind))


def _in(compiler: SqlCompiler, node: TypedCall) -> Column:
    value, *candidates = node.args
    found = [_is_candidate(compiler, value, candidate) for candidate in candidates]
    return compiler.unless_failed(node.args, or_(*found) if len(found) > 1 else found[0])


def _is_candidate(compiler: SqlCompiler, value: TypedTree, candidate: TypedTree) -> Column:
    if candidate.type.of is None:
        return equal(compiler, value, candidate)
    source = source_of(compiler, candidate)
    wanted = compiler.value(value)
    given = source.level.column(("id",)) if source.level is not None else source.element
    assert given is not None
    if value.type.name in _TEXTS:
        same = func.coalesce(given, text("")) == func.coalesce(wanted, text(""))
    else:
        same = given.is_not_distinct_from(wanted)
    return exists(source.rows(literal_column("1")).where(same).scalar_subquery())


LIST_VALUES: Mapping[str, Callable[[Any, TypedCall], Column]] = {
    "SUM": _sum,
    "COUNT": _count,
    "AVERAGE": _average,
    "MIN": _extreme("min", "least"),
    "MAX": _extreme("max", "greatest"),
    "IN": _in,
    "list": _list,
    "filter": list_value,
    "map": list_value,
}
LIST_ERRORS: Mapping[str, Callable[[Any, TypedCall], Column | None]] = {
    "SUM": args_error,
    "COUNT": args_error,
    "AVERAGE": args_error,
    "MIN": args_error,
    "MAX": args_error,
    "IN": args_error,
    "list": args_error,
    "filter": list_error,
    "map": list_error,
}
