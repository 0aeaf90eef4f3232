"""The SQL of what is made of all values of lists: sums, extremes, middle values, deviations, ranks, tests of all rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Numeric, Text, and_, case, cast, exists, func, literal_column, not_, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, array

from engines.expression.sql_any import filled_any
from engines.expression.sql_choice import equal
from engines.expression.sql_context import Column
from engines.expression.sql_list import args_error, cast_to, element_of, level_of, over, unnested
from engines.expression.sql_list_product import product_of
from engines.expression.sql_list_source import Each, Source
from engines.expression.sql_number import quotient
from engines.expression.sql_once import once
from engines.expression.sql_parts import first_of, integer, literal_number, number, sql_type, text
from engines.expression.sql_power import approximation
from engines.expression.tree import TypedCall, TypedTree
from engines.values.value_types import ValueType, list_of

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_TEXTS = ("text", "option")
_MOST = 100_000
_VARIANCE_SCALE, _ROOT_SCALE = 40, 80


def filled(value: Column, element: ValueType) -> Column:
    """Return the value of a row, NULL when it is blank."""
    if element.name == "any":
        return filled_any(value)
    return func.nullif(value, text(""), type_=Text()) if element.name in _TEXTS else value


def sortable(value: Column, element: ValueType) -> Column:
    """Return a value by which rows can be put in order: texts by code point."""
    return value.collate("C") if element.name in _TEXTS else value


def _part_sum(compiler: SqlCompiler, node: TypedTree) -> Column:
    if node.type.of is None:
        return compiler.unless_failed((node,), func.coalesce(compiler.value(node), number(0), type_=Numeric()))
    return over(compiler.source(node), lambda each: func.coalesce(_total(each.value), number(0), type_=Numeric()))


def _total(value: Column) -> Column:
    return func.sum(value if isinstance(value.type, Numeric) else cast(value, Numeric()), type_=Numeric())


def _part_count(compiler: SqlCompiler, node: TypedTree) -> Column:
    if node.type.of is None:
        found = filled(compiler.value(node), node.type)
        return compiler.unless_failed((node,), cast(case((found.is_(None), number(0)), else_=number(1)), Numeric()))
    source, element = compiler.source(node), element_of(node)
    if source.element is None:
        return over(source, lambda each: cast(func.count(integer(1)), Numeric()), of_values=False)
    return over(source, lambda each: cast(func.count(filled(each.value, element)), Numeric()))


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
        return over(
            compiler.source(node.args[0]),
            lambda each: quotient(_total(each.value), cast(func.count(each.value), Numeric())),
        )
    return quotient(_sum(compiler, node), _count(compiler, node))


def _extreme(name: str, among: str) -> Callable[[SqlCompiler, TypedCall], Column]:
    def part(compiler: SqlCompiler, node: TypedTree, wanted: ValueType) -> Column:
        if node.type.of is None:
            value = compiler.value(node)
            return func.nullif(value, text("")) if wanted.name in _TEXTS else value
        return over(compiler.source(node), lambda each: among_rows(filled(each.value, wanted), wanted))

    def among_rows(value: Column, wanted: ValueType) -> Column:
        made: Column
        if wanted.name == "bool":
            made = getattr(func, "bool_and" if name == "min" else "bool_or")(value)
        else:
            made = getattr(func, name)(sortable(value, wanted), type_=sql_type(wanted))
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


def _gathered(compiler: SqlCompiler, node: TypedCall, element: ValueType) -> Source:
    """Return all values of the arguments as one source."""
    if len(node.args) == 1 and node.args[0].type.of is not None:
        return compiler.source(node.args[0])
    kind = sql_type(list_of(element))
    whole: Column | None = None
    for arg in node.args:
        value = compiler.value(arg)
        part: Column = cast(value, kind) if arg.type.of is not None else cast(array([cast(value, sql_type(element))]), kind)
        whole = part if whole is None else whole.op("||", return_type=kind)(part)
    assert whole is not None
    return replace(unnested(whole, element), failed=args_error(compiler, node))


def _of_all(make: Callable[[Column, ValueType], Column]) -> Callable[[SqlCompiler, TypedCall], Column]:
    """Return the SQL of an aggregate over the values that are not blank."""

    def build(compiler: SqlCompiler, node: TypedCall) -> Column:
        element = next((kind for arg in node.args if (kind := element_of(arg)).name != "blank"), element_of(node.args[0]))
        source = _gathered(compiler, node, element)
        return over(source, lambda each: make(filled(each.value, element), element))

    return build


def _count_distinct(value: Column, element: ValueType) -> Column:
    return cast(func.count(value.distinct()), Numeric())


def _numbers(value: Column) -> Column:
    return value if isinstance(value.type, Numeric) else cast(value, Numeric())


def _median(value: Column, element: ValueType) -> Column:
    half: Column = literal_column("0.5")
    value = _numbers(value)
    low = func.percentile_disc(half, type_=Numeric()).within_group(value)
    high = func.percentile_disc(half, type_=Numeric()).within_group(value.desc())
    return case((low == high, low), else_=quotient(low + high, number(2)))


def _mode(value: Column, element: ValueType) -> Column:
    most = func.mode(type_=sql_type(element)).within_group(sortable(value, element))
    return case((func.count(value) > func.count(value.distinct()), most))


def _variance(least: int, is_root: bool) -> Callable[[Column, ValueType], Column]:
    def made(value: Column, element: ValueType) -> Column:
        value = _numbers(value)
        count, total, squares = cast(func.count(value), Numeric()), _total(value), _total(value * value)
        above = func.round(count * squares - total * total, integer(100), type_=Numeric())
        found = func.round(above / (count * (count - number(least - 1))), integer(_ROOT_SCALE if is_root else _VARIANCE_SCALE), type_=Numeric())
        return case((count >= number(least), approximation(func.sqrt(found, type_=Numeric())) if is_root else found))

    return made


def _product(compiler: SqlCompiler, node: TypedCall) -> Column:
    source = _gathered(compiler, node, node.type)
    values = over(source, lambda each: func.array_agg(_numbers(each.value), type_=ARRAY(Numeric())).filter(each.value.is_not(None)))
    return product_of(values)


def _in_order(compiler: SqlCompiler, node: TypedTree, is_descending: bool) -> Column:
    """Return the values of a list that are not blank as an array, from the least or from the greatest."""
    element = element_of(node)

    def made(each: Each) -> Column:
        value = filled(each.value, element)
        order = sortable(value, element)
        ordered = aggregate_order_by(value, order.desc() if is_descending else order)
        return func.array_agg(ordered, type_=ARRAY(sql_type(element))).filter(value.is_not(None))

    return over(compiler.source(node), made)


def place_in(place: Column) -> Column:
    """Return a number as a place in an array, NULL where no array has one."""
    return once(lambda place: case((place.between(number(1), number(_MOST)), cast(func.trunc(place), Integer))), place)


def _placed(is_descending: bool) -> Callable[[SqlCompiler, TypedCall], Column]:
    def build(compiler: SqlCompiler, node: TypedCall) -> Column:
        values = _in_order(compiler, node.args[0], is_descending)
        return once(lambda values, place: values[place], values, place_in(compiler.value(node.args[1])))

    return build


def _percentile(compiler: SqlCompiler, node: TypedCall) -> Column:
    def made(values: Column, share: Column) -> Column:
        place = share * cast(func.cardinality(values) - integer(1), Numeric())
        low = cast(func.floor(place), Integer)
        below, above = values[low + integer(1)], values[low + integer(2)]
        between = below + (place - cast(low, Numeric())) * (above - below)
        return case((and_(share >= number(0), share <= number(1)), func.coalesce(between, below)))

    values = _in_order(compiler, node.args[0], False)
    return once(made, cast(values, ARRAY(Numeric())) if element_of(node.args[0]).name == "blank" else values, compiler.value(node.args[1]))


def _percentile_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    share = compiler.value(node.args[1])
    own = None if (written := literal_number(node.args[1])) is not None and 0 <= written <= 1 else _unless_between(share)
    return first_of([args_error(compiler, node), own])


def _unless_between(share: Column) -> Column:
    return once(lambda share: case((or_(share < number(0), share > number(1)), text("NUM"))), share)


def _rank(compiler: SqlCompiler, node: TypedCall) -> Column:
    given, values, order = node.args
    wanted = element_of(values) if element_of(values).name != "blank" else given.type
    value = filled(cast_to(compiler.value(given), wanted), wanted)
    written = literal_number(order)
    rises = (written != 0) if written is not None else compiler.value(order) != number(0)

    def made(each: Each) -> Column:
        other = filled(each.value, wanted)
        left, right = sortable(other, wanted), value
        before: Column = left < right if rises is True else left > right if rises is False else case((rises, left < right), else_=left > right)
        return case((func.bool_or(other == value), cast(func.count().filter(before) + integer(1), Numeric())))

    return compiler.unless_failed((given, order), over(compiler.source(values), made))


def _side_by_side(compiler: SqlCompiler, node: TypedCall, make: Callable[[list[Column]], Column]) -> Column:
    """Return what is made of lists side by side; what a shorter one lacks is NULL."""
    values = [cast(compiler.value(arg), ARRAY(Numeric())) for arg in node.args]
    names = [f"value_{place}" for place in range(len(values))]
    rows = func.unnest(*values).table_valued(*names).render_derived()
    parts: list[Column] = [rows.c[name] for name in names]
    for part in parts:
        part.type = Numeric()
    made = select(make(parts)).select_from(rows).correlate_except(rows).scalar_subquery()
    return compiler.unless_failed(node.args, made)


def _sum_of_products(compiler: SqlCompiler, node: TypedCall) -> Column:
    def made(parts: list[Column]) -> Column:
        product: Column = func.coalesce(parts[0], number(0), type_=Numeric())
        for part in parts[1:]:
            product = product * func.coalesce(part, number(0), type_=Numeric())
        return func.coalesce(func.sum(product), number(0), type_=Numeric())

    total = _side_by_side(compiler, node, made)
    differs = _lengths_differ(compiler, node)
    return total if differs is None else case((not_(differs), total))


def _lengths_differ(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    """Return whether lists have not all one length, None when they are of the same rows."""
    rows = [arg.args[0] if isinstance(arg, TypedCall) and arg.name == "map" else None for arg in node.args]
    if len(rows) == 1 or (rows[0] is not None and all(given == rows[0] for given in rows)):
        return None
    lengths = [compiler.source(arg).rows(func.count()).scalar_subquery() for arg in node.args]
    return or_(*[lengths[0] != length for length in lengths[1:]])


def _sum_of_products_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    differs = _lengths_differ(compiler, node)
    return first_of([args_error(compiler, node), None if differs is None else case((differs, text("VALUE")))])


def _both(parts: list[Column]) -> Column:
    return and_(*[part.is_not(None) for part in parts])


def _weighted(parts: list[Column]) -> Column:
    weights = func.sum(parts[1], type_=Numeric()).filter(_both(parts))
    return quotient(func.sum(parts[0] * parts[1], type_=Numeric()), weights)


def _weighted_average(compiler: SqlCompiler, node: TypedCall) -> Column:
    return _side_by_side(compiler, node, _weighted)


def _weighted_average_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    def made(parts: list[Column]) -> Column:
        return case((func.sum(parts[1], type_=Numeric()).filter(_both(parts)) == number(0), text("DIV0")))

    return first_of([args_error(compiler, node), _side_by_side(compiler, node, made)])


def _test(is_all: bool) -> Callable[[SqlCompiler, TypedCall], Column]:
    def build(compiler: SqlCompiler, node: TypedCall) -> Column:
        (tested,) = node.args
        assert isinstance(tested, TypedCall)
        if tested.may_fail:
            values = compiler.source(tested)
            make = func.bool_and if is_all else func.bool_or
            return over(values, lambda each: func.coalesce(make(each.value), literal_column("true" if is_all else "false")))
        rows = compiler.source(tested.args[0])
        compiler.levels.append(level_of(compiler, rows, tested.args[0]))
        condition = compiler.value(tested.args[1]) if is_all else compiler.condition(tested.args[1])
        compiler.levels.pop()
        found = exists(rows.rows(literal_column("1")).where(not_(condition) if is_all else condition).scalar_subquery())
        return not_(found) if is_all else found

    return build


def _index_of(compiler: SqlCompiler, node: TypedCall) -> Column:
    values, given = node.args
    element = element_of(values)
    value = filled(cast_to(compiler.value(given), element), element)

    def made(each: Each) -> Column:
        kind = ARRAY(sql_type(element))
        found = func.array_agg(each.gathered(filled(each.value, element)), type_=kind)
        return cast(func.array_position(found, value), Numeric())

    return compiler.unless_failed((given,), over(compiler.source(values), made))


def _in(compiler: SqlCompiler, node: TypedCall) -> Column:
    value, *candidates = node.args
    found = [_is_candidate(compiler, value, candidate) for candidate in candidates]
    return compiler.unless_failed(node.args, or_(*found) if len(found) > 1 else found[0])


def _is_candidate(compiler: SqlCompiler, value: TypedTree, candidate: TypedTree) -> Column:
    if candidate.type.of is None:
        return equal(compiler, value, candidate)
    source = compiler.source(candidate)
    element = element_of(candidate)
    kind = value.type if element.name == "blank" else element
    given, wanted = cast_to(source.value, kind), compiler.value(value)
    if value.type.name == "blank":
        wanted = cast_to(wanted, kind)
    if kind.name in _TEXTS:
        same = func.coalesce(given, text("")) == func.coalesce(wanted, text(""))
    else:
        same = given.is_not_distinct_from(wanted)
    return exists(source.rows(literal_column("1")).where(same).scalar_subquery())


def _no_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    return args_error(compiler, node)


MAKE_VALUES: Mapping[str, Callable[[Any, TypedCall], Column]] = {
    "SUM": _sum,
    "COUNT": _count,
    "AVERAGE": _average,
    "MIN": _extreme("min", "least"),
    "MAX": _extreme("max", "greatest"),
    "COUNTDISTINCT": _of_all(_count_distinct),
    "MEDIAN": _of_all(_median),
    "MODE": _of_all(_mode),
    "VAR": _of_all(_variance(2, False)),
    "VARP": _of_all(_variance(1, False)),
    "STDEV": _of_all(_variance(2, True)),
    "STDEVP": _of_all(_variance(1, True)),
    "PRODUCT": _product,
    "LARGE": _placed(True),
    "SMALL": _placed(False),
    "PERCENTILE": _percentile,
    "RANK": _rank,
    "SUMPRODUCT": _sum_of_products,
    "WAVG": _weighted_average,
    "ANY": _test(False),
    "ALL": _test(True),
    "INDEXOF": _index_of,
    "IN": _in,
}
MAKE_ERRORS: Mapping[str, Callable[[Any, TypedCall], Column | None]] = {
    **dict.fromkeys(MAKE_VALUES, args_error),
    "PERCENTILE": _percentile_error,
    "SUMPRODUCT": _sum_of_products_error,
    "WAVG": _weighted_average_error,
}
