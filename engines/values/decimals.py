"""Exact decimals: the contexts every sum, product and quotient uses, rounding, and numbers as text; never a float."""

from __future__ import annotations

from decimal import (
    ROUND_05UP,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
)

# The limits are the context's own: more than 1,000 significant digits is Inexact, 10^38 and above is Overflow,
# and both are trapped, so that no operator has to look at its result.
EXACT = Context(
    prec=1000, rounding=ROUND_HALF_UP, Emin=-9999, Emax=37, traps=[Inexact, Overflow, InvalidOperation, DivisionByZero]
)
# For quotients and rounding: wide enough for any exact number, and free to round.
WIDE = Context(prec=1100, rounding=ROUND_HALF_UP, Emin=-99999, Emax=99999, traps=[InvalidOperation, DivisionByZero])
# Rounds so that a second rounding cannot go wrong (the last digit tells that something was cut off).
# 120 digits reach past the 20th decimal of every quotient below the limit of 10^38.
_STICKY = Context(prec=120, rounding=ROUND_05UP, Emin=-99999, Emax=99999, traps=[InvalidOperation, DivisionByZero])
# For roots, logarithms and what is made of them: so many digits that 20 are right at the end, whatever cancels out.
DEEP = Context(prec=130, rounding=ROUND_HALF_UP, Emin=-99999, Emax=99999, traps=[Overflow, InvalidOperation, DivisionByZero])

ZERO = Decimal(0)
ONE = Decimal(1)
LARGEST = Decimal(10) ** 38
QUOTIENT_SCALE = 20
APPROXIMATE_DIGITS = 20
APPROXIMATE_SCALE = 100
_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(101))


def number_text(number: Decimal) -> str:
    """Return the canonical text of a number: no exponent, no trailing zeros, no minus at zero.

    >>> number_text(Decimal("1.500")), number_text(Decimal("1E+3")), number_text(Decimal("-0.00"))
    ('1.5', '1000', '0')
    """
    if not number:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def step(scale: int) -> Decimal:
    """Return the unit of the last decimal place, such as 0.01 for 2."""
    return _STEPS[scale] if 0 <= scale <= 100 else Decimal((0, (1,), -scale))


def round_half_up(number: Decimal, scale: int) -> Decimal:
    """Return a number rounded to so many decimal places, halves away from zero; a negative scale rounds tens.

    >>> round_half_up(Decimal("2.345"), 2), round_half_up(Decimal("-2.5"), 0), round_half_up(Decimal(1250), -2)
    (Decimal('2.35'), Decimal('-3'), Decimal('1.3E+3'))
    """
    return number.quantize(step(scale), ROUND_HALF_UP, WIDE)


def quotient(number: Decimal, divisor: Decimal) -> Decimal:
    """Return number / divisor rounded half-up at 20 decimals; the divisor is not zero.

    Raises `decimal.Overflow` at 10^38 and above.

    >>> quotient(Decimal(2), Decimal(3)), quotient(Decimal(3), Decimal(4))
    (Decimal('0.66666666666666666667'), Decimal('0.75'))
    """
    raw = _STICKY.divide(number, divisor)
    # A zero may have a large exponent: 10^37 - 10^37 has.
    if raw.adjusted() > 37:
        if raw:
            raise Overflow
        return ZERO
    rounded = raw.quantize(_STEPS[QUOTIENT_SCALE], ROUND_HALF_UP, WIDE)
    return raw if raw == rounded else rounded


def approximation(number: Decimal) -> Decimal:
    """Return what a root or a logarithm answers: rounded half-up at 20 significant digits, and at 100 decimals.

    All back ends compute more digits than these, so that they agree to the last one. Raises `decimal.Overflow` at 10^38
    and above.

    >>> approximation(Decimal("1.00000000000000000000499")), approximation(Decimal("-66666666666666666666666.6"))
    (Decimal('1.0000000000000000000'), Decimal('-6.6666666666666666667E+22'))
    """
    if not number:
        return ZERO
    places = min(APPROXIMATE_SCALE, APPROXIMATE_DIGITS - 1 - number.adjusted())
    rounded = number.quantize(step(places), ROUND_HALF_UP, WIDE)
    if rounded.adjusted() > 37:
        raise Overflow
    return rounded if rounded else ZERO


def is_in_limits(number: Decimal) -> bool:
    """Tell whether a number is finite, below 10^38 and has at most 1,000 significant digits."""
    return number.is_finite() and (not number or number.adjusted() < 38) and len(number.as_tuple().digits) <= 1000
