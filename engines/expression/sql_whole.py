"""The SQL of functions about multiples, divisors and whole numbers; never an error of the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Numeric, and_, case, cast, func, or_

from engines.expression.sql_context import Column
from engines.expression.sql_once import once
from engines.expression.sql_parts import number, text
from engines.expression.tree import TypedCall
from engines.values.decimals import LARGEST

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_LARGEST_FACTORIAL = 33


def within_limits(value: Column) -> Column:
    """Return a number, NULL for one of 10^38 and above."""
    return once(lambda value: case((func.abs(value) < number(LARGEST), value)), value)


def _mround(compiler: SqlCompiler, node: TypedCall, value: Column, step: Column) -> Column:
    def made(value: Column, step: Column) -> Column:
        rest = func.mod(value, func.nullif(step, number(0), type_=Numeric()), type_=Numeric())
        is_far = func.abs(rest) * number(2) >= func.abs(step)
        carry = case((is_far, func.sign(value, type_=Numeric()) * func.abs(step)), else_=number(0))
        return case((step == number(0), value * number(0)), else_=value - rest + carry)

    return once(made, value, step)


def _quotient(compiler: SqlCompiler, node: TypedCall, value: Column, divisor: Column) -> Column:
    return within_limits(func.div(value, func.nullif(divisor, number(0), type_=Numeric()), type_=Numeric()))


def _away(size: Column) -> Column:
    """Return the next even number not below a size."""
    return func.ceil(size / number(2), type_=Numeric()) * number(2)


def _even(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    return once(lambda value: func.sign(value, type_=Numeric()) * _away(func.abs(value, type_=Numeric())), value)


def _odd(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    def made(value: Column) -> Column:
        size = func.abs(value, type_=Numeric())
        result = case((size <= number(1), number(1)), else_=_away(size - number(1)) + number(1))
        return case((value < number(0), -result), else_=result)

    return once(made, value)


def _over_all(name: str) -> Callable[..., Column]:
    """Return the SQL of a function of two whole numbers over all of several."""

    def build(compiler: SqlCompiler, node: TypedCall, *values: Column) -> Column:
        def made(*values: Column) -> Column:
            result = values[0]
            for value in values[1:]:
                result = getattr(func, name)(result, value, type_=Numeric())
            return case((and_(*[value >= number(0) for value in values]), result))

        result = once(made, *[func.trunc(value, type_=Numeric()) for value in values])
        return within_limits(result)

    return build


def _negative(compiler: SqlCompiler, node: TypedCall, *values: Column) -> Column:
    return case((or_(*[value <= number(-1) for value in values]), text("NUM")))


def _fact(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    def made(whole: Column) -> Column:
        within = case((and_(whole >= number(0), whole <= number(_LARGEST_FACTORIAL)), whole))
        return func.factorial(cast(within, BigInteger()), type_=Numeric())

    return once(made, func.trunc(value, type_=Numeric()))


def _fact_error(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    return case((value <= number(-1), text("NUM")), (value >= number(_LARGEST_FACTORIAL + 1), text("LIMIT")))


WHOLE_VALUES: Mapping[str, Callable[..., Column]] = {
    "MROUND": _mround,
    "QUOTIENT": _quotient,
    "EVEN": _even,
    "ODD": _odd,
    "GCD": _over_all("gcd"),
    "LCM": _over_all("lcm"),
    "FACT": _fact,
}
WHOLE_ERRORS: Mapping[str, Callable[..., Column]] = {
    "QUOTIENT": lambda compiler, node, value, divisor: case((divisor == number(0), text("DIV0"))),
    "GCD": _negative,
    "LCM": _negative,
    "FACT": _fact_error,
}
