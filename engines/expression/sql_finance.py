"""The SQL of PMT, PV, FV and SLN: computed to as many digits as Python does, and rounded alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Numeric, and_, case, func

from engines.expression.python_finance import MOST_GROWTH, MOST_PERIODS, SMALLEST_RATE
from engines.expression.sql_context import Column
from engines.expression.sql_number import quotient
from engines.expression.sql_once import once
from engines.expression.sql_parts import number, text
from engines.expression.sql_power import WIDENER, approximation, logarithm, raised
from engines.expression.tree import TypedCall

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

# Below e^-1000 nothing is left of what is added to 1.
_LEAST_GROWTH = number(-1000)


def _exponent(rate: Column, periods: Column) -> Column:
    """Return the logarithm of what 1 grows to over so many periods."""
    return periods * logarithm(number(1) + rate)


def _early(rate: Column, kind: Column) -> Column:
    """Return what a payment at the beginning of a period is worth at its end; NULL as soon as either is."""
    return number(1) + rate * func.sign(func.abs(kind, type_=Numeric()), type_=Numeric())


def _counts(rate: Column) -> Column:
    return func.abs(rate, type_=Numeric()) >= number(SMALLEST_RATE)


def _within(rate: Column, periods: Column) -> Column:
    return and_(rate > number(-1), func.abs(periods, type_=Numeric()) <= number(MOST_PERIODS))


def _payment(
    compiler: SqlCompiler, node: TypedCall, rate: Column, periods: Column, present: Column, future: Column, kind: Column
) -> Column:
    def whole(rate: Column, periods: Column, present: Column, future: Column, kind: Column) -> Column:
        fitting = case((and_(_within(rate, periods), periods != number(0)), periods))
        return once(powers, _exponent(rate, fitting), rate, fitting, present, future, _early(rate, kind))

    def powers(exponent: Column, rate: Column, periods: Column, present: Column, future: Column, early: Column) -> Column:
        # Whichever of growth and discount is below 1 cannot overflow.
        small = raised(func.greatest(-func.abs(exponent, type_=Numeric()), _LEAST_GROWTH, type_=Numeric()))
        return once(made, small, exponent, rate, periods, present, future, early)

    def made(
        small: Column, exponent: Column, rate: Column, periods: Column, present: Column, future: Column, early: Column
    ) -> Column:
        worth = case((exponent < number(0), present * small + future), else_=-(present + future * small))
        span = func.nullif((number(1) - small) * early, number(0), type_=Numeric())
        without = -(present + future) * WIDENER / func.nullif(periods * early, number(0), type_=Numeric())
        return case((periods.is_not(None), case((_counts(rate), worth * rate / span), else_=without)))

    return approximation(once(whole, rate, periods, present, future, kind))


def _payment_error(
    compiler: SqlCompiler, node: TypedCall, rate: Column, periods: Column, present: Column, future: Column, kind: Column
) -> Column:
    return case(
        (rate <= number(-1), text("NUM")),
        (func.abs(periods, type_=Numeric()) > number(MOST_PERIODS), text("LIMIT")),
        (periods == number(0), text("NUM")),
    )


def _value(sign: int) -> Callable[..., Column]:
    """Return the SQL of PV (-1: amounts shrink with each period) or FV (1: they grow)."""

    def build(
        compiler: SqlCompiler, node: TypedCall, rate: Column, periods: Column, paid: Column, other: Column, kind: Column
    ) -> Column:
        def whole(rate: Column, periods: Column, paid: Column, other: Column, kind: Column) -> Column:
            fitting = case((_within(rate, periods), periods))
            exponent = _exponent(rate, fitting if sign > 0 else -fitting)
            return once(powers, exponent, rate, fitting, paid, other, _early(rate, kind))

        def powers(exponent: Column, rate: Column, periods: Column, paid: Column, other: Column, early: Column) -> Column:
            fitting = case((exponent < _LEAST_GROWTH, _LEAST_GROWTH), (exponent <= number(MOST_GROWTH), exponent))
            return once(made, raised(fitting), rate, periods, paid, other, early)

        def made(power: Column, rate: Column, periods: Column, paid: Column, other: Column, early: Column) -> Column:
            annuity = early * (power - number(1)) / func.nullif(rate, number(0), type_=Numeric()) * number(sign)
            without = -(other + paid * periods) * case((early.is_not(None), number(1)))
            return case((_counts(rate), -(paid * annuity + other * power)), else_=without)

        return approximation(once(whole, rate, periods, paid, other, kind))

    return build


def _value_error(
    compiler: SqlCompiler, node: TypedCall, rate: Column, periods: Column, paid: Column, other: Column, kind: Column
) -> Column:
    return case(
        (rate <= number(-1), text("NUM")),
        (func.abs(periods, type_=Numeric()) > number(MOST_PERIODS), text("LIMIT")),
    )


def _straight_line(compiler: SqlCompiler, node: TypedCall, cost: Column, salvage: Column, life: Column) -> Column:
    return quotient(cost - salvage, life)


FINANCE_VALUES: Mapping[str, Callable[..., Column]] = {
    "PMT": _payment,
    "PV": _value(-1),
    "FV": _value(1),
    "SLN": _straight_line,
}
FINANCE_ERRORS: Mapping[str, Callable[..., Column]] = {
    "PMT": _payment_error,
    "PV": _value_error,
    "FV": _value_error,
    "SLN": lambda compiler, node, cost, salvage, life: case((life == number(0), text("DIV0"))),
}
