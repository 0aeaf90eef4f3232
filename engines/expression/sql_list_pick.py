"""The SQL of what takes rows or values out of lists: one of them, some of them, each once, all in another order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Numeric, Select, case, exists, func, literal_column, not_, or_
from sqlalchemy.sql.functions import FunctionElement

from engines.expression.safe import is_safe
from engines.expression.sql_context import Column
from engines.expression.sql_list import (
    args_error,
    cast_to,
    element_of,
    level_of,
    list_error,
    list_value,
    sound,
)
from engines.expression.sql_list_make import filled, sortable
from engines.expression.sql_list_source import Gathering, Source, ordering
from engines.expression.sql_parts import first_of, integer, number, text
from engines.expression.tree import TypedCall, TypedLiteral, TypedTree
from engines.values.value_types import ValueType

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler


def written(node: TypedTree) -> int | None:
    """Return the whole number a node writes out, with or without a minus; None when it is anything else."""
    sign = 1
    if isinstance(node, TypedCall) and node.name == "neg":
        sign, node = -1, node.args[0]
    value = node.value if isinstance(node, TypedLiteral) else None
    return sign * int(value) if value is not None and abs(value) < 10**9 else None  # type: ignore[arg-type, call-overload]


def _places(source: Source, backwards: bool = False) -> Column:
    """Return the place of each row, counted from 1."""
    rank: FunctionElement[Any] = func.row_number()
    return rank.over(order_by=ordering(source.order, backwards) or None)


def _one_of(compiler: SqlCompiler, node: TypedCall, backwards: bool, skipped: int, failed: Column | None) -> Source:
    """Return one row of a list, by its place in the order or the order backwards."""

    def finish(query: Select[Any], base: Source) -> Select[Any]:
        query = query.order_by(*ordering(base.order, backwards)).limit(literal_column("1"))
        return query.offset(literal_column(str(skipped))) if skipped else query

    found = Gathering(compiler.name_part(), [compiler.source(node.args[0])], finish)
    return Source(found.source, (), found.level(), found.element(), failed=failed)


def _pick(backwards: bool) -> Callable[[SqlCompiler, TypedCall], Source]:
    def build(compiler: SqlCompiler, node: TypedCall) -> Source:
        return _one_of(compiler, node, backwards, 0, args_error(compiler, node))

    return build


def _lookup_source(compiler: SqlCompiler, node: TypedCall) -> Source:
    mode = node.args[1]
    backwards = isinstance(mode, TypedLiteral) and mode.value == "last"
    return _one_of(compiler, node, backwards, 0, _lookup_error(compiler, node))


def _lookup_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    failed, mode = list_error(compiler, node.args[0]), node.args[1]
    if not isinstance(mode, TypedLiteral) or mode.value != "only":
        return failed
    count = compiler.source(node.args[0]).rows(func.count()).scalar_subquery()
    return first_of([failed, case((count > integer(1), text("MULTI")))])


def _nth_source(compiler: SqlCompiler, node: TypedCall) -> Source:
    failed, place = args_error(compiler, node), written(node.args[1])
    if place:
        return _one_of(compiler, node, place < 0, abs(place) - 1, failed)
    found = Gathering(compiler.name_part(), [compiler.source(node.args[0])])
    forth = found.export("forth", lambda base: _places(base))
    back = found.export("back", lambda base: _places(base, backwards=True))
    wanted = func.trunc(compiler.value(node.args[1]), type_=Numeric())
    return Source(found.source, (or_(forth == wanted, back == -wanted),), found.level(), found.element(), failed=failed)


def _picked(compiler: SqlCompiler, node: TypedCall) -> Column:
    """Return the value of one row, of a record its id."""
    source = compiler.source(node)
    return sound(source, cast_to(source.rows(source.value).scalar_subquery(), node.type))


def _sort_source(compiler: SqlCompiler, node: TypedCall) -> Source:
    values, key_node, order = node.args
    rows, element = compiler.source(values), element_of(values)
    errors = rows.errors
    key, kind = rows.element, element
    if element.name == "record":
        compiler.levels.append(level_of(compiler, rows, values))
        key, error, kind = compiler.value(key_node), compiler.error(key_node), key_node.type
        compiler.levels.pop()
        errors = errors if error is None else (*errors, error)
    assert key is not None
    key = sortable(filled(key, kind), kind)
    # Blanks come last whatever the order.
    parts: list[tuple[Column, bool]] = [(key.is_(None), False)]
    direction = written(order)
    if direction is not None:
        parts.append((key, direction < 0))
    else:
        falls = compiler.value(order) < number(0)
        parts += [(case((falls, key)), True), (case((not_(falls), key)), False)]
    failed = first_of([rows.failed, compiler.error(order)])
    return replace(rows, order=(*parts, *rows.order), errors=errors, failed=failed)


def _reverse_source(compiler: SqlCompiler, node: TypedCall) -> Source:
    rows = compiler.source(node.args[0])
    return replace(rows, order=tuple([(part, not falls) for part, falls in rows.order]))


def _slice_source(compiler: SqlCompiler, node: TypedCall) -> Source:
    found = Gathering(compiler.name_part(), [compiler.source(node.args[0])])
    place = found.export("place", lambda base: _places(base))
    total = found.export("total", lambda base: func.count().over())
    start = func.trunc(compiler.value(node.args[1]), type_=Numeric())
    first = case((start < number(0), func.greatest(total + start + integer(1), integer(1))), else_=start)
    where = [place >= first]
    if len(node.args) > 2:
        where.append(place < first + func.trunc(compiler.value(node.args[2]), type_=Numeric()))
    return Source(found.source, tuple(where), found.level(), found.element(), ((place, False),), failed=_slice_error(compiler, node))


def _slice_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    own: Column | None = None
    if not is_safe("SLICE", node.args):
        start, *count = [compiler.value(arg) for arg in node.args[1:]]
        wrong = [func.trunc(start, type_=Numeric()) == number(0), *(func.trunc(value, type_=Numeric()) < number(0) for value in count)]
        own = case((or_(*wrong), text("VALUE")))
    return first_of([args_error(compiler, node), own])


def _identity(source: Source, element: ValueType) -> Column:
    return filled(source.value, element)


def _each_once(compiler: SqlCompiler, source: Source, element: ValueType, failed: Column | None) -> Source:
    """Return the rows of a source that have none like them before."""
    found = Gathering(compiler.name_part(), [source])
    place = found.export("place", lambda base: _places(base))
    copy = found.export(
        "copy", lambda base: func.row_number().over(partition_by=_identity(base, element), order_by=ordering(base.order) or None)
    )
    return Source(found.source, (copy == integer(1),), found.level(), _of_values(found.element(), element), ((place, False),), failed=failed)


def _of_values(value: Column | None, element: ValueType) -> Column | None:
    return None if value is None else filled(value, element)


def _unique_source(compiler: SqlCompiler, node: TypedCall) -> Source:
    return _each_once(compiler, compiler.source(node.args[0]), element_of(node), args_error(compiler, node))


def together(compiler: SqlCompiler, sources: list[Source], failed: Column | None) -> Source:
    """Return the rows of several sources, one after the other."""
    if len(sources) == 1:
        return replace(sources[0], failed=failed, errors=())
    found = Gathering(compiler.name_part(), sources)
    numbers = {id(source): place for place, source in enumerate(sources)}
    part = found.export("part", lambda base: integer(numbers[id(base)]))
    place = found.export("place", lambda base: _places(base))
    return Source(found.source, (), found.level(), found.element(), ((part, False), (place, False)), failed=failed)


def _union_source(compiler: SqlCompiler, node: TypedCall) -> Source:
    element = element_of(node)
    sources = [_of_kind(compiler.source(arg), element) for arg in node.args]
    failed = args_error(compiler, node)
    return _each_once(compiler, together(compiler, sources, failed), element, failed)


def _of_kind(source: Source, element: ValueType) -> Source:
    return source if source.element is None else replace(source, element=cast_to(source.element, element))


def _compared_source(is_in: bool) -> Callable[[SqlCompiler, TypedCall], Source]:
    """Return INTERSECT or EXCEPT: the rows of the first list that are, or are not, in the second."""

    def build(compiler: SqlCompiler, node: TypedCall) -> Source:
        element = element_of(node)
        one, other = [_of_kind(compiler.source(arg), element) for arg in node.args]
        same = _identity(other, element).is_not_distinct_from(_identity(one, element))
        found = exists(other.rows(literal_column("1")).where(same).scalar_subquery())
        kept = replace(one, where=(*one.where, found if is_in else not_(found)))
        return _each_once(compiler, kept, element, args_error(compiler, node))

    return build


PICK_SOURCES: Mapping[str, Callable[[Any, TypedCall], Source]] = {
    "FIRST": _pick(False),
    "LAST": _pick(True),
    "NTH": _nth_source,
    "LOOKUP": _lookup_source,
    "SORT": _sort_source,
    "REVERSE": _reverse_source,
    "SLICE": _slice_source,
    "UNIQUE": _unique_source,
    "UNION": _union_source,
    "INTERSECT": _compared_source(True),
    "EXCEPT": _compared_source(False),
}
_ONE = ("FIRST", "LAST", "NTH", "LOOKUP")
PICK_VALUES: Mapping[str, Callable[[Any, TypedCall], Column]] = {
    name: _picked if name in _ONE else list_value for name in PICK_SOURCES
}
PICK_ERRORS: Mapping[str, Callable[[Any, TypedCall], Column | None]] = {
    **dict.fromkeys(PICK_SOURCES, list_error),
    **dict.fromkeys(_ONE, args_error),
    "LOOKUP": _lookup_error,
    "SLICE": _slice_error,
    **dict.fromkeys(("UNIQUE", "UNION", "INTERSECT", "EXCEPT"), args_error),
}
