"""The Python implementations of random numbers, made of the random digits that the context gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from engines.expression.failure import EvalContext, Failure

_DIGITS = 9
_BILLION = 10**_DIGITS


def _digits(context: EvalContext, draws: int) -> int:
    """Return a random whole number of nine digits for each draw."""
    if context.random is None:
        raise LookupError("the context of this evaluation gives no random digits")
    number = 0
    for _ in range(draws):
        number = number * _BILLION + context.random()
    return number


def fraction(context: EvalContext) -> Decimal:
    """Return a number from 0 up to, but not, 1, of 18 decimals."""
    return Decimal(_digits(context, 2)).scaleb(-2 * _DIGITS)


def between(context: EvalContext, low: Decimal, high: Decimal) -> Decimal:
    """Return a whole number between two numbers, both ends included."""
    least, most = int(low.to_integral_value(ROUND_CEILING)), int(high.to_integral_value(ROUND_FLOOR))
    if least > most:
        raise Failure("NUM")
    # The span is below 10^39; with nine digits more than that no number is noticeably likelier than another.
    draws = 6
    return Decimal(least + _digits(context, draws) * (most - least + 1) // _BILLION**draws)


RANDOM_FUNCTIONS: Mapping[str, Callable[..., object]] = {"RAND": fraction, "RANDBETWEEN": between}
