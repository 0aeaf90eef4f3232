"""The Python implementations of functions about multiples, divisors and whole numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_UP, Decimal

from engines.expression.failure import Failure
from engines.values.decimals import EXACT, LARGEST, ONE, WIDE, ZERO

_TWO = Decimal(2)
_FACTORIALS = tuple(Decimal(math.factorial(number)) for number in range(34))


def nearest_multiple(number: Decimal, unit: Decimal) -> Decimal:
    """Return the multiple of a unit that is nearest, halves away from zero; 0 for a unit of 0."""
    if not unit:
        return ZERO
    count, rest = WIDE.divmod(number, unit)
    if WIDE.multiply(rest, _TWO).copy_abs() >= unit.copy_abs():
        count = WIDE.add(count, ONE if (number < 0) == (unit < 0) else -ONE)
    return EXACT.multiply(count, unit)


def whole_quotient(number: Decimal, divisor: Decimal) -> Decimal:
    """Return the quotient without its decimals."""
    if not divisor:
        raise Failure("DIV0")
    # 10^38 and above is LIMIT, which EXACT tells.
    return EXACT.plus(WIDE.divide_int(number, divisor))


def even(number: Decimal) -> Decimal:
    """Return the next even whole number, away from zero."""
    pairs = WIDE.multiply(number, Decimal("0.5")).to_integral_value(ROUND_UP, WIDE)
    return EXACT.multiply(pairs, _TWO)


def odd(number: Decimal) -> Decimal:
    """Return the next odd whole number, away from zero; 1 for 0."""
    if -1 <= number <= 1:
        return -ONE if number < 0 else ONE
    sign = ONE if number > 0 else -ONE
    return EXACT.add(even(EXACT.subtract(number, sign)), sign)


def _wholes(numbers: tuple[Decimal, ...]) -> list[int]:
    wholes = [int(number) for number in numbers]
    if min(wholes) < 0:
        raise Failure("NUM")
    return wholes


def greatest_divisor(*numbers: Decimal) -> Decimal:
    """Return the greatest common divisor of numbers cut to whole ones."""
    return Decimal(math.gcd(*_wholes(numbers)))


def least_multiple(*numbers: Decimal) -> Decimal:
    """Return the least common multiple of numbers cut to whole ones."""
    result = 1
    wholes = _wholes(numbers)
    if 0 in wholes:
        return ZERO
    for whole in wholes:
        result = math.lcm(result, whole)
        if result >= LARGEST:
            raise Failure("LIMIT")
    return Decimal(result)


def factorial(number: Decimal) -> Decimal:
    """Return the product of the whole numbers up to one."""
    whole = int(number)
    if whole < 0:
        raise Failure("NUM")
    if whole >= len(_FACTORIALS):
        raise Failure("LIMIT")
    return _FACTORIALS[whole]


WHOLE_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "MROUND": nearest_multiple,
    "QUOTIENT": whole_quotient,
    "EVEN": even,
    "ODD": odd,
    "GCD": greatest_divisor,
    "LCM": least_multiple,
    "FACT": factorial,
}
