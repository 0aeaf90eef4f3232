"""The SQL of ALLOCATE: window functions over the unnested weights; the parts come back as an array in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Numeric, Text, and_, case, cast, func, null, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, array

from engines.expression.python_allocate import LEAST_PLACES, MOST_PLACES
from engines.expression.sql_context import Column
from engines.expression.sql_list import list_error
from engines.expression.sql_once import once
from engines.expression.sql_parts import first_of, integer, literal_number, number, text
from engines.expression.tree import TypedCall, TypedTree

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_NUMBERS = ARRAY(Numeric())


def _allocate(compiler: SqlCompiler, node: TypedCall) -> Column:
    total, weights, places = node.args

    def made(total: Column, weights: Column, places: Column) -> Column:
        unit = _unit(node, places)
        parts = _parts(_units(total, places, unit), weights)
        signed = func.sign(total, type_=Numeric()) * unit
        one_more = case((parts.c.rank <= parts.c.left, number(1)), else_=number(0))
        part = func.array_agg(aggregate_order_by(signed * (parts.c.part + one_more), parts.c.place), type_=_NUMBERS)
        failed = or_(func.min(parts.c.weight) < number(0), func.bool_or(parts.c.part.is_(None)))
        found = select(case((failed, null()), else_=part)).select_from(parts).correlate_except(parts).scalar_subquery()
        known = and_(total.is_not(None), weights.is_not(None), places.is_not(None))
        nothing = func.cardinality(weights, type_=Integer()) == integer(0)
        return case((and_(known, nothing), cast(array([]), _NUMBERS)), (known, found))

    result = once(made, compiler.value(total), _weights(compiler, weights), _places(node, compiler.value(places)))
    result.type = _NUMBERS
    return result


def _allocate_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    total, weights, places = node.args

    def made(total: Column, weights: Column, places: Column) -> Column:
        parts = _parts(_units(total, places, _unit(node, places)), weights)
        code = case(
            (func.min(parts.c.weight) < number(0), text("NUM")), (func.bool_or(parts.c.part.is_(None)), text("DIV0"))
        )
        found = select(code).select_from(parts).correlate_except(parts).scalar_subquery()
        return case((and_(total.is_not(None), places.is_not(None)), found))

    own = once(made, compiler.value(total), _weights(compiler, weights), _places(node, compiler.value(places)))
    own.type = Text()
    return first_of([compiler.error(total), list_error(compiler, weights), compiler.error(places), own])


def _weights(compiler: SqlCompiler, weights: TypedTree) -> Column:
    """Return the weights as an array of numbers; a list of nothing but blanks has no type of its own."""
    value = compiler.value(weights)
    return cast(value, _NUMBERS) if weights.type.of is None or weights.type.of.name == "blank" else value


def _places(node: TypedCall, places: Column) -> Column:
    written = literal_number(node.args[2])
    if written is not None:
        return integer(max(LEAST_PLACES, min(MOST_PLACES, int(written))))
    bounded = func.greatest(func.least(func.trunc(places), number(MOST_PLACES)), number(LEAST_PLACES))
    # GREATEST and LEAST pass over a NULL, which here is an error.
    return once(lambda places: case((places.is_not(None), cast(bounded, Integer))), places)


def _unit(node: TypedCall, places: Column) -> Column:
    """Return the unit of the last place."""
    written = literal_number(node.args[2])
    if written is not None:
        return number(Decimal((0, (1,), -max(LEAST_PLACES, min(MOST_PLACES, int(written))))))
    return cast(text("1e").op("||", return_type=Text())(cast(-places, Text)), Numeric())


def _units(total: Column, places: Column, unit: Column) -> Column:
    """Return how many units a total has."""
    return func.div(func.abs(func.round(total, places, type_=Numeric())), unit, type_=Numeric())


def _parts(units: Column, weights: Column) -> Any:  # noqa: ANN401 (a subquery with columns of its own)
    """Return for each weight its place, its part of the units without decimals (NULL when it cannot be told), and its rank
    among those that are given one of the units that are left.
    """
    given = func.unnest(weights).table_valued("weight", with_ordinality="place", name="given").render_derived()
    weight: Column = func.coalesce(given.c.weight, number(0), type_=Numeric())
    shares = select(
        given.c.place, weight.label("weight"), func.sum(weight, type_=Numeric()).over().label("sum_of"), units.label("units")
    ).select_from(given).correlate_except(given).subquery("shares")  # fmt: skip
    share, divisor = shares.c.units * shares.c.weight, func.nullif(shares.c.sum_of, number(0), type_=Numeric())
    nothing = case((shares.c.units == number(0), number(0)))
    cut = select(
        shares.c.place,
        shares.c.weight,
        shares.c.units,
        func.coalesce(func.div(share, divisor), nothing, type_=Numeric()).label("part"),
        func.mod(share, divisor, type_=Numeric()).label("rest"),
    ).select_from(shares).correlate_except(shares).subquery("cut")  # fmt: skip
    return select(
        cut.c.place,
        cut.c.weight,
        cut.c.part,
        func.row_number().over(order_by=(cut.c.rest.desc(), cut.c.place)).label("rank"),
        (cut.c.units - func.sum(cut.c.part, type_=Numeric()).over()).label("left"),
    ).select_from(cut).correlate_except(cut).subquery("parts")  # fmt: skip


ALLOCATE_VALUES: Mapping[str, Callable[[Any, TypedCall], Column]] = {"ALLOCATE": _allocate}
ALLOCATE_ERRORS: Mapping[str, Callable[[Any, TypedCall], Column | None]] = {"ALLOCATE": _allocate_error}
