"""The Python implementations of loans and annuities; money paid out is negative, as in spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, Overflow
from typing import Any

from engines.expression.failure import MAX_LIST, Failure, Given
from engines.values.decimals import DEEP, EXACT, ONE, ZERO, approximation, quotient
from engines.values.value_types import ErrorValue

# A rate below this counts as none: over the most periods there may be, it changes none of the 20 digits.
SMALLEST_RATE = Decimal("1e-30")
MOST_PERIODS = Decimal(10**9)
# Growth beyond e^138 = 10^60 is LIMIT, whatever it is then multiplied by.
MOST_GROWTH = 138
# Below e^-1000 nothing is left of what is added to 1.
_LEAST_GROWTH = Decimal(-1000)
# Discounting a long list must be quick; 60 digits are enough for 20, since nothing is subtracted but amounts.
_FLOWS = Context(prec=60, rounding=ROUND_HALF_UP, Emin=-99999, Emax=99999, traps=[Overflow])


def growth_exponent(rate: Decimal, periods: Decimal) -> Decimal:
    """Return the logarithm of what 1 grows to over so many periods; 0 for a rate that counts as none."""
    if rate <= -1:
        raise Failure("NUM")
    if periods.copy_abs() > MOST_PERIODS:
        raise Failure("LIMIT")
    if rate.copy_abs() < SMALLEST_RATE:
        return ZERO
    return DEEP.multiply(periods, DEEP.ln(DEEP.add(ONE, rate)))


def _power_of_e(exponent: Decimal) -> Decimal:
    if exponent > MOST_GROWTH:
        raise Failure("LIMIT")
    return DEEP.exp(max(exponent, _LEAST_GROWTH))


def _early(rate: Decimal, kind: Decimal) -> Decimal:
    """Return what a payment at the beginning of a period is worth at its end."""
    return DEEP.add(ONE, rate) if kind else ONE


def payment(rate: Decimal, periods: Decimal, present: Decimal, future: Decimal, kind: Decimal) -> Decimal:
    """Return the payment of each period that brings `present` to `future`."""
    return approximation(exact_payment(rate, periods, present, future, kind))


def exact_payment(rate: Decimal, periods: Decimal, present: Decimal, future: Decimal, kind: Decimal) -> Decimal:
    """Return the payment to all its digits."""
    exponent = growth_exponent(rate, periods)
    if not periods:
        raise Failure("NUM")
    if rate.copy_abs() < SMALLEST_RATE:
        return DEEP.divide(DEEP.minus(DEEP.add(present, future)), periods)
    # Whichever of growth and discount is below 1 cannot overflow.
    if exponent < 0:
        power = _power_of_e(exponent)
        worth = DEEP.add(DEEP.multiply(present, power), future)
        span = DEEP.subtract(ONE, power)
    else:
        power = _power_of_e(exponent.copy_negate())
        worth = DEEP.minus(DEEP.add(present, DEEP.multiply(future, power)))
        span = DEEP.subtract(ONE, power)
    if not span:
        raise Failure("NUM")
    return DEEP.divide(DEEP.multiply(worth, rate), DEEP.multiply(span, _early(rate, kind)))


def future_value(rate: Decimal, periods: Decimal, paid: Decimal, present: Decimal, kind: Decimal) -> Decimal:
    """Return what so many payments and a first amount will be worth."""
    exponent = growth_exponent(rate, periods)
    if rate.copy_abs() < SMALLEST_RATE:
        return approximation(DEEP.minus(DEEP.add(present, DEEP.multiply(paid, periods))))
    growth = _power_of_e(exponent)
    annuity = DEEP.multiply(_early(rate, kind), DEEP.divide(DEEP.subtract(growth, ONE), rate))
    return approximation(DEEP.minus(DEEP.add(DEEP.multiply(paid, annuity), DEEP.multiply(present, growth))))


def present_value(rate: Decimal, periods: Decimal, paid: Decimal, future: Decimal, kind: Decimal) -> Decimal:
    """Return what so many payments and a last amount are worth today: time runs backwards, and payments are taken back."""
    return future_value(rate, periods.copy_negate(), paid.copy_negate(), future, kind)


def periods_of(rate: Decimal, paid: Decimal, present: Decimal, future: Decimal, kind: Decimal) -> Decimal:
    """Return how many payments bring `present` to `future`."""
    if rate <= -1:
        raise Failure("NUM")
    if rate.copy_abs() < SMALLEST_RATE:
        if not paid:
            raise Failure("NUM")
        return approximation(DEEP.divide(DEEP.minus(DEEP.add(present, future)), paid))
    paid_late = DEEP.multiply(paid, _early(rate, kind))
    last = DEEP.subtract(paid_late, DEEP.multiply(future, rate))
    first = DEEP.add(paid_late, DEEP.multiply(present, rate))
    if not first or not last or (first < 0) != (last < 0):
        raise Failure("NUM")
    return approximation(DEEP.divide(DEEP.ln(DEEP.divide(last, first)), DEEP.ln(DEEP.add(ONE, rate))))


def _principal(
    rate: Decimal, period: Decimal, periods: Decimal, present: Decimal, future: Decimal, kind: Decimal
) -> tuple[Decimal, Decimal]:
    """Return the payment of one period and how much of it is principal."""
    if period < 1 or period > periods:
        raise Failure("NUM")
    paid = exact_payment(rate, periods, present, future, kind)
    if rate.copy_abs() < SMALLEST_RATE or (kind and period == 1):
        return paid, paid
    # -rate * (present + future) * v^(periods - period + 1) / (1 - v^periods), v being what 1 is worth a period earlier.
    whole = growth_exponent(rate, periods)
    before = DEEP.multiply(whole, DEEP.divide(DEEP.subtract(period, ONE), periods))
    if whole < 0:
        part, span = _power_of_e(before), DEEP.subtract(_power_of_e(whole), ONE)
    else:
        part, span = _power_of_e(DEEP.subtract(before, whole)), DEEP.subtract(ONE, _power_of_e(whole.copy_negate()))
    owed = DEEP.multiply(DEEP.minus(DEEP.add(present, future)), rate)
    return paid, DEEP.divide(DEEP.multiply(owed, part), DEEP.multiply(span, _early(rate, kind)))


def interest_part(
    rate: Decimal, period: Decimal, periods: Decimal, present: Decimal, future: Decimal, kind: Decimal
) -> Decimal:
    """Return the interest in the payment of one period."""
    paid, principal = _principal(rate, period, periods, present, future, kind)
    return approximation(DEEP.subtract(paid, principal))


def principal_part(
    rate: Decimal, period: Decimal, periods: Decimal, present: Decimal, future: Decimal, kind: Decimal
) -> Decimal:
    """Return the principal in the payment of one period."""
    return approximation(_principal(rate, period, periods, present, future, kind)[1])


def straight_line(cost: Decimal, salvage: Decimal, life: Decimal) -> Decimal:
    """Return the depreciation of each period, the same in all."""
    if not life:
        raise Failure("DIV0")
    return quotient(EXACT.subtract(cost, salvage), life)


def net_present_value(rate: Decimal, *amounts: Given) -> Decimal:
    """Return what amounts at the end of each period are worth today; blanks in lists take no period."""
    if rate == -1:
        raise Failure("DIV0")
    flows = flows_of(amounts)
    discount = _FLOWS.divide(ONE, DEEP.add(ONE, rate))
    total = ZERO
    for flow in reversed(flows):
        total = _FLOWS.multiply(_FLOWS.add(total, flow), discount)
        if total.adjusted() > 60 and total:
            raise Failure("LIMIT")
    return approximation(total)


def flows_of(amounts: Sequence[Any]) -> list[Decimal]:
    """Return the numbers among values and lists of such, blanks left out."""
    flows: list[Decimal] = []
    for amount in amounts:
        for part in amount if amount.__class__ is list or amount.__class__ is tuple else (amount,):
            if part.__class__ is ErrorValue:
                raise Failure(part.code)
            if part is not None:
                flows.append(part)
    if len(flows) > MAX_LIST:
        raise Failure("LIMIT")
    return flows


FINANCE_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "PMT": payment,
    "PV": present_value,
    "FV": future_value,
    "NPER": periods_of,
    "IPMT": interest_part,
    "PPMT": principal_part,
    "SLN": straight_line,
    "NPV": net_present_value,
}
