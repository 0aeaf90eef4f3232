"""The Python implementations of powers, roots and logarithms: exact where that is short, else right to 20 digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from engines.expression.failure import Failure
from engines.values.decimals import DEEP, EXACT, ONE, ZERO, approximation

# A power that has no more digits than this is exact.
MOST_EXACT_DIGITS = 1000
# Beyond e^88 is 10^38, and below e^-300 nothing is left at 100 decimals.
HIGHEST_EXPONENT = 88
LOWEST_EXPONENT = -300
PI = Decimal("3.1415926535897932385")


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """Return a power: exact for whole exponents as long as it has at most 1,000 digits, else right to 20 digits."""
    if not exponent:
        return ONE
    if not base:
        if exponent < 0:
            raise Failure("DIV0")
        return ZERO
    if exponent != exponent.to_integral_value():
        if base < 0:
            raise Failure("NUM")
        return exponential(DEEP.multiply(exponent, DEEP.ln(base)))
    # As many digits as the power may have, decimals included.
    _, digits, scale = base.normalize(EXACT).as_tuple()
    if max(len(digits), -int(scale)) * exponent.copy_abs() <= MOST_EXACT_DIGITS:
        return _exact_power(base, exponent)
    size = base.copy_abs()
    if size == 1:
        return base if _is_odd(exponent) else ONE
    result = exponential(DEEP.multiply(exponent, DEEP.ln(size)))
    return result.copy_negate() if base < 0 and _is_odd(exponent) else result


def _exact_power(base: Decimal, exponent: Decimal) -> Decimal:
    if exponent > 0:
        if exponent * base.adjusted() > 38:
            raise Failure("LIMIT")
        return EXACT.power(base, exponent)
    return approximation(DEEP.divide(ONE, DEEP.power(base, exponent.copy_negate())))


def _is_odd(whole: Decimal) -> bool:
    return int(whole) % 2 == 1


def exponential(number: Decimal) -> Decimal:
    """Return e raised to a number."""
    if number > HIGHEST_EXPONENT:
        raise Failure("LIMIT")
    return ZERO if number < LOWEST_EXPONENT else approximation(DEEP.exp(number))


def square_root(number: Decimal) -> Decimal:
    """Return the square root."""
    if number < 0:
        raise Failure("NUM")
    return approximation(DEEP.sqrt(number))


def logarithm(number: Decimal) -> Decimal:
    """Return the natural logarithm."""
    if number <= 0:
        raise Failure("NUM")
    return approximation(DEEP.ln(number))


def logarithm_to(number: Decimal, base: Decimal) -> Decimal:
    """Return the logarithm to a base."""
    if number <= 0 or base <= 0:
        raise Failure("NUM")
    if base == 1:
        raise Failure("DIV0")
    return approximation(DEEP.divide(DEEP.ln(number), DEEP.ln(base)))


def common_logarithm(number: Decimal) -> Decimal:
    """Return the logarithm to the base 10."""
    if number <= 0:
        raise Failure("NUM")
    return approximation(DEEP.log10(number))


POWER_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "pow": power,
    "SQRT": square_root,
    "EXP": exponential,
    "LN": logarithm,
    "LOG": logarithm_to,
    "LOG10": common_logarithm,
    "PI": lambda: PI,
}
