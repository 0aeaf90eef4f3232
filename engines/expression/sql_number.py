"""The SQL of functions over numbers: exact numerics; NULL as soon as an argument is, and never an error of the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import Integer, Numeric, Text, and_, case, cast, func, null

from engines.expression.sql_context import Column
from engines.expression.sql_once import once
from engines.expression.sql_parts import integer, literal_number, number, text
from engines.expression.tree import TypedCall, TypedPath, TypedTree

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_MOST_PLACES = 1000


def quotient(value: Column, divisor: Column) -> Column:
    """Return a quotient rounded half-up at 20 decimals, NULL for a divisor of zero.

    PostgreSQL rounds its own quotient first, at the scale of what is divided: at 80 decimals that first rounding
    cannot bring about a half that is not there (the divisor has less than 60 digits).
    """
    return func.round(func.round(value, integer(80), type_=Numeric()) / func.nullif(divisor, number(0), type_=Numeric()), integer(20), type_=Numeric())


def _binary(operation: Callable[[Column, Column], Column]) -> Callable[..., Column]:
    return lambda compiler, node, left, right: operation(left, right)


def _div(compiler: SqlCompiler, node: TypedCall, value: Column, divisor: Column) -> Column:
    is_never_zero = bool(literal_number(node.args[1]))
    exact = func.round(func.round(value, integer(80), type_=Numeric()) / divisor, integer(20), type_=Numeric()) if is_never_zero else quotient(value, divisor)
    if not all(_is_stored(arg) for arg in node.args):
        return exact
    # Of numbers with at most 20 decimals PostgreSQL gives a quotient of a thousandth and more at exactly 20 decimals, rounded once.
    # What is asked first costs least, and holds for most quantities and prices.
    plain = func.round(value, integer(20), type_=Numeric()) / divisor
    is_positive = divisor > number(0)
    return case(
        (and_(is_positive, value >= divisor), plain), (and_(is_positive, value * number(1000) >= divisor), plain), else_=exact
    )


def _is_stored(node: TypedTree) -> bool:
    """Tell whether a node is a field or a written number: one that costs nothing twice and has at most 20 decimals."""
    if isinstance(node, TypedCall):
        return node.name == "or_zero" and _is_stored(node.args[0])
    written = literal_number(node)
    return isinstance(node, TypedPath) if written is None else -20 <= int(written.as_tuple().exponent)


def _places(node: TypedTree, places: Column) -> Column:
    """Return a count of decimal places as an integer within reach."""
    written = literal_number(node)
    if written is not None:
        return integer(max(-_MOST_PLACES, min(_MOST_PLACES, int(written))))
    bounded = func.greatest(func.least(func.trunc(places), number(_MOST_PLACES)), number(-_MOST_PLACES))
    # GREATEST and LEAST pass over a NULL, which here is an error.
    return case((places.is_not(None), cast(bounded, Integer)), else_=null())


def _round(compiler: SqlCompiler, node: TypedCall, value: Column, places: Column) -> Column:
    return func.round(value, _places(node.args[1], places), type_=Numeric())


def _trunc(compiler: SqlCompiler, node: TypedCall, value: Column, places: Column) -> Column:
    return func.trunc(value, _places(node.args[1], places), type_=Numeric())


def _roundup(compiler: SqlCompiler, node: TypedCall, value: Column, places: Column) -> Column:
    def made(value: Column, count: Column) -> Column:
        cut, unit = func.trunc(value, count, type_=Numeric()), _unit(node.args[1], count)
        return case((cut == value, cut), else_=cut + func.sign(value, type_=Numeric()) * unit)

    return once(made, value, _places(node.args[1], places))


def _roundbanker(compiler: SqlCompiler, node: TypedCall, value: Column, places: Column) -> Column:
    def made(value: Column, count: Column) -> Column:
        cut, unit = func.trunc(value, count, type_=Numeric()), _unit(node.args[1], count)
        even = func.mod(cut, unit * number(2), type_=Numeric()) == number(0)
        is_half = func.abs(value - cut, type_=Numeric()) * number(2) == unit
        return case((and_(is_half, even), cut), else_=func.round(value, count, type_=Numeric()))

    return once(made, value, _places(node.args[1], places))


def _unit(node: TypedTree, count: Column) -> Column:
    """Return the unit of so many decimal places."""
    written = literal_number(node)
    if written is None:
        return cast(text("1e").op("||", return_type=Text())(cast(-count, Text)), Numeric())
    return number(Decimal((0, (1,), -max(-_MOST_PLACES, min(_MOST_PLACES, int(written))))))


def _multiple(up: bool) -> Callable[..., Column]:
    def build(compiler: SqlCompiler, node: TypedCall, value: Column, step: Column) -> Column:
        def made(value: Column, step: Column) -> Column:
            rest = func.mod(value, step, type_=Numeric())
            carry = case((rest > number(0) if up else rest < number(0), step if up else -step), else_=number(0))
            return value - rest + carry

        # A step that is not positive becomes NULL, and so does the answer.
        positive = once(lambda step: case((step > number(0), step)), step)
        return once(made, value, step if literal_number(node.args[1]) else positive)

    return build


def _mod(compiler: SqlCompiler, node: TypedCall, value: Column, divisor: Column) -> Column:
    def adjusted(rest: Column, divisor: Column) -> Column:
        turned = and_(rest != number(0), (rest < number(0)) != (divisor < number(0)))
        return case((turned, rest + divisor), else_=rest)

    rest = func.mod(value, func.nullif(divisor, number(0), type_=Numeric()), type_=Numeric())
    return once(adjusted, rest, divisor)


def _clamp(compiler: SqlCompiler, node: TypedCall, value: Column, low: Column, high: Column) -> Column:
    def made(value: Column, low: Column, high: Column) -> Column:
        inside = case((value < low, low), (value > high, high), else_=value)
        if node.may_fail:
            known = and_(value.is_not(None), low.is_not(None), high.is_not(None))
            return case((known, inside))
        return inside

    return once(made, value, low, high)


NUMBER_VALUES: Mapping[str, Callable[..., Column]] = {
    "add": _binary(lambda left, right: left + right),
    "sub": _binary(lambda left, right: left - right),
    "mul": _binary(lambda left, right: left * right),
    "div": _div,
    "neg": lambda compiler, node, value: -value,
    "percent": lambda compiler, node, value: value * number(Decimal("0.01")),
    "ABS": lambda compiler, node, value: func.abs(value, type_=Numeric()),
    "ROUND": _round,
    "ROUNDUP": _roundup,
    "ROUNDDOWN": _trunc,
    "TRUNC": _trunc,
    "ROUNDBANKER": _roundbanker,
    "INT": lambda compiler, node, value: func.floor(value, type_=Numeric()),
    "CEILING": _multiple(up=True),
    "FLOOR": _multiple(up=False),
    "MOD": _mod,
    "SIGN": lambda compiler, node, value: func.sign(value, type_=Numeric()),
    "CLAMP": _clamp,
}
NUMBER_ERRORS: Mapping[str, Callable[..., Column]] = {
    "div": lambda compiler, node, value, divisor: case((divisor == number(0), text("DIV0"))),
    "MOD": lambda compiler, node, value, divisor: case((divisor == number(0), text("DIV0"))),
    "CEILING": lambda compiler, node, value, step: case((step <= number(0), text("NUM"))),
    "FLOOR": lambda compiler, node, value, step: case((step <= number(0), text("NUM"))),
}
