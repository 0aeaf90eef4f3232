"""The Python implementations of functions over numbers: exact decimals in, exact decimals out; errors are raised."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    Inexact,
    InvalidOperation,
    Overflow,
)

from engines.expression.failure import Failure
from engines.values.decimals import EXACT, ONE, WIDE, ZERO, quotient, step

_HUNDREDTH = Decimal("0.01")
_MOST_PLACES = 1000


def divide(number: Decimal, divisor: Decimal) -> Decimal:
    """Return the quotient rounded at 20 decimals."""
    if not divisor:
        raise Failure("DIV0")
    return quotient(number, divisor)


def percent(number: Decimal) -> Decimal:
    """Return a hundredth."""
    return EXACT.multiply(number, _HUNDREDTH)


def in_limits(number: Decimal) -> Decimal:
    """Return a rounded result, refuse one of 10^38 and above."""
    if number.adjusted() > 37:
        raise Failure("LIMIT")
    return number


def places_of(places: Decimal) -> int:
    """Return a count of decimal places as a whole number within reach."""
    whole = int(places)
    return max(-_MOST_PLACES, min(_MOST_PLACES, whole))


def rounder(mode: str) -> Callable[[Decimal, Decimal], Decimal]:
    """Return a function that rounds a number to so many places in one mode."""

    def round_to(number: Decimal, places: Decimal) -> Decimal:
        return rounded(number, places_of(places), mode)

    return round_to


def rounded(number: Decimal, places: int, mode: str) -> Decimal:
    """Return a number rounded to so many places; as it is when it has no more than those."""
    if number.as_tuple().exponent >= -places:  # type: ignore[operator]
        return number
    result = number.quantize(step(places), mode, WIDE)
    return in_limits(result) if result else ZERO


def whole(number: Decimal) -> Decimal:
    """Return the greatest whole number not above it."""
    return number.to_integral_value(ROUND_FLOOR, WIDE)


def _multiple(number: Decimal, unit: Decimal, mode: str) -> Decimal:
    if unit <= 0:
        raise Failure("NUM")
    # floor(number / unit) must be exact, however long the quotient is.
    count, rest = WIDE.divmod(number, unit)
    if rest and (number < 0) == (mode == ROUND_FLOOR):
        count = WIDE.add(count, -ONE if mode == ROUND_FLOOR else ONE)
    return EXACT.multiply(count, unit)


def ceiling(number: Decimal, unit: Decimal) -> Decimal:
    """Return the least multiple of a unit not below a number."""
    return _multiple(number, unit, ROUND_CEILING)


def floor(number: Decimal, unit: Decimal) -> Decimal:
    """Return the greatest multiple of a unit not above a number."""
    return _multiple(number, unit, ROUND_FLOOR)


def modulo(number: Decimal, divisor: Decimal) -> Decimal:
    """Return the remainder with the divisor's sign."""
    if not divisor:
        raise Failure("DIV0")
    rest = WIDE.remainder(number, divisor)
    return EXACT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


def sign(number: Decimal) -> Decimal:
    """Return 1, 0 or -1."""
    return ONE if number > 0 else -ONE if number < 0 else ZERO


def clamp(number: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """Return a number, or the nearer bound when it lies outside both."""
    return low if number < low else min(number, high)


ARITHMETIC_ERRORS = (Inexact, Overflow, InvalidOperation)

NUMBER_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "add": EXACT.add,
    "sub": EXACT.subtract,
    "mul": EXACT.multiply,
    "div": divide,
    "neg": EXACT.minus,
    "percent": percent,
    "ABS": Decimal.copy_abs,
    "ROUND": rounder(ROUND_HALF_UP),
    "ROUNDUP": rounder(ROUND_UP),
    "ROUNDDOWN": rounder(ROUND_DOWN),
    "TRUNC": rounder(ROUND_DOWN),
    "ROUNDBANKER": rounder(ROUND_HALF_EVEN),
    "INT": whole,
    "CEILING": ceiling,
    "FLOOR": floor,
    "MOD": modulo,
    "SIGN": sign,
    "CLAMP": clamp,
}
