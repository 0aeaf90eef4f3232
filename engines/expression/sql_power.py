"""The SQL of powers, roots and logarithms: rounded as `approximation` rounds; never an error of the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import Integer, Numeric, Text, and_, case, cast, func, null, or_

from engines.expression.python_power import HIGHEST_EXPONENT, LOWEST_EXPONENT, MOST_EXACT_DIGITS, PI
from engines.expression.sql_context import Column
from engines.expression.sql_once import once
from engines.expression.sql_parts import integer, literal_number, number, text
from engines.expression.tree import TypedCall
from engines.values.decimals import APPROXIMATE_DIGITS, APPROXIMATE_SCALE, LARGEST

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

# Enough decimals for 20 digits of a result at 100 decimals.
SCALE = 130
# Multiplying by it gives a number that many decimals more, and PostgreSQL computes to as many as a number has.
WIDENER = number(Decimal((0, (1,) + (0,) * SCALE, -SCALE)))
# A written exponent up to this is exact, for what has more than 100 digits as well.
_SMALL = 10


def approximation(value: Column) -> Column:
    """Return a number rounded at 20 significant digits and at 100 decimals; NULL for one of 10^38 and above."""

    def made(value: Column) -> Column:
        size = func.abs(value, type_=Numeric())
        above = integer(APPROXIMATE_DIGITS) - func.char_length(cast(func.trunc(size), Text), type_=Integer())
        decimals = func.substr(cast(size, Text), integer(3))
        zeros = func.char_length(decimals, type_=Integer()) - func.char_length(func.ltrim(decimals, text("0")), type_=Integer())
        below = func.least(integer(APPROXIMATE_SCALE), integer(APPROXIMATE_DIGITS) + zeros, type_=Integer())
        places = case((size >= number(1), above), else_=below)
        rounded = func.trim_scale(func.round(value, places, type_=Numeric()), type_=Numeric())
        return case((size < number(LARGEST), rounded))

    return once(made, value)


def logarithm(value: Column) -> Column:
    """Return a natural logarithm to many digits, NULL for what has none."""
    return once(lambda value: func.ln(case((value > number(0), value * WIDENER)), type_=Numeric()), value)


def exponential(value: Column) -> Column:
    """Return e raised to a number, NULL for one of 10^38 and above."""

    def made(value: Column) -> Column:
        within = case((and_(value <= number(HIGHEST_EXPONENT), value >= number(LOWEST_EXPONENT)), value))
        return case((value < number(LOWEST_EXPONENT), number(0)), else_=approximation(raised(within)))

    return once(made, value)


def raised(exponent: Column) -> Column:
    """Return e raised to a number that is known to be small, to many digits."""
    return func.exp(func.round(exponent * WIDENER, integer(SCALE), type_=Numeric()), type_=Numeric())


def _pow(compiler: SqlCompiler, node: TypedCall, base: Column, exponent: Column) -> Column:
    written = literal_number(node.args[1])
    if written is not None and written == int(written) and 1 <= written <= _SMALL:
        return once(lambda base: _exact_power(base, number(written)), base)

    def made(base: Column, exponent: Column) -> Column:
        is_whole = exponent == func.trunc(exponent)
        figures = func.replace(cast(func.trim_scale(func.abs(base)), Text), text("."), text(""), type_=Text())
        digits = cast(func.greatest(func.char_length(func.btrim(figures, text("0"))), func.min_scale(base)), Numeric())
        is_exact = and_(is_whole, digits * func.abs(exponent, type_=Numeric()) <= number(MOST_EXACT_DIGITS))
        is_turned = and_(base < number(0), func.mod(exponent, number(2), type_=Numeric()) != number(0))
        size = exponential(exponent * logarithm(func.nullif(func.abs(base, type_=Numeric()), number(0), type_=Numeric())))
        return case(
            (or_(base.is_(None), exponent.is_(None)), null()),
            (exponent == number(0), number(1)),
            (base == number(0), case((exponent > number(0), number(0)))),
            (and_(is_exact, exponent > number(0)), _exact_power(base, exponent)),
            (is_exact, _inverse_power(base, -exponent)),
            (or_(base > number(0), is_whole), case((is_turned, -size), else_=size)),
        )

    return once(made, base, exponent)


def _growth(base: Column, exponent: Column) -> Column:
    """Return, for a positive exponent, at least how many digits before the point the power has, without one."""
    return exponent * cast(func.char_length(cast(func.trunc(func.abs(base)), Text)) - integer(1), Numeric())


def _exact_power(base: Column, exponent: Column) -> Column:
    """Return a power to all its digits: PostgreSQL keeps as many decimals as its first argument has."""
    small = case((_growth(base, exponent) <= number(38), base))
    result = once(lambda result: case((func.abs(result) < number(LARGEST), func.trim_scale(result, type_=Numeric()))), _raw_power(small, exponent))
    result.type = Numeric()
    return result


def _raw_power(base: Column, exponent: Column) -> Column:
    scale = cast(func.least(func.min_scale(base) * exponent, number(1000)), Integer())
    return func.power(func.round(base, scale, type_=Numeric()), exponent, type_=Numeric())


def _inverse_power(base: Column, exponent: Column) -> Column:
    """Return what 1 divided by a power is."""
    large = _growth(base, exponent) > number(250)
    small = case((_growth(base, exponent) <= number(250), base))
    # What has become 0 is so small that its inverse is beyond all limits.
    return case((large, number(0)), else_=approximation(WIDENER / func.nullif(_raw_power(small, exponent), number(0), type_=Numeric())))


def _pow_error(compiler: SqlCompiler, node: TypedCall, base: Column, exponent: Column) -> Column:
    def made(base: Column, exponent: Column) -> Column:
        return case(
            (and_(base == number(0), exponent < number(0)), text("DIV0")),
            (and_(base < number(0), exponent != func.trunc(exponent)), text("NUM")),
        )

    return once(made, base, exponent)


def _sqrt(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    return approximation(once(lambda value: func.sqrt(case((value >= number(0), value * WIDENER)), type_=Numeric()), value))


def _log(compiler: SqlCompiler, node: TypedCall, value: Column, base: Column) -> Column:
    other = once(lambda base: case((base != number(1), base)), base)
    return approximation(logarithm(value) / logarithm(other))


def _log_error(compiler: SqlCompiler, node: TypedCall, value: Column, base: Column) -> Column:
    return case((or_(value <= number(0), base <= number(0)), text("NUM")), (base == number(1), text("DIV0")))


def _not_positive(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    return case((value <= number(0), text("NUM")))


POWER_VALUES: Mapping[str, Callable[..., Column]] = {
    "pow": _pow,
    "SQRT": _sqrt,
    "EXP": lambda compiler, node, value: exponential(value),
    "LN": lambda compiler, node, value: approximation(logarithm(value)),
    "LOG": _log,
    "LOG10": lambda compiler, node, value: approximation(logarithm(value) / logarithm(number(10))),
    "PI": lambda compiler, node: number(PI),
}
POWER_ERRORS: Mapping[str, Callable[..., Column]] = {
    "pow": _pow_error,
    "SQRT": lambda compiler, node, value: case((value < number(0), text("NUM"))),
    "EXP": lambda compiler, node, value: case((exponential(value).is_(None), text("LIMIT"))),
    "LN": _not_positive,
    "LOG": _log_error,
    "LOG10": _not_positive,
}
