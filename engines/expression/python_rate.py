"""The Python implementations of rates that nothing but trying finds: RATE, IRR and XIRR; the one nearest to the guess.

Where the value changes its sign is looked for in floats, which is quick; the answer is then computed in decimals.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, Overflow
from itertools import pairwise

from engines.expression.failure import Failure, Given
from engines.expression.python_finance import MOST_PERIODS, flows_of
from engines.values.decimals import DEEP, ONE, WIDE, approximation, step
from engines.values.value_types import ErrorValue

MOST_FLOWS = 2000
# Rates are looked for between -99.9999998 % and 2.4 * 10^17: e^-20 - 1 and e^40 - 1.
_LOWEST, _HIGHEST = -20.0, 40.0
_FIRST_STEP, _STEP_GROWTH, _STEPS = 0.01, 1.2, 38
_HALVINGS = 52
_APART, _NEAR, _CLOSE_ENOUGH = Decimal("1e-12"), Decimal("1e-6"), Decimal("1e-34")
_RATE_PLACES = step(30)
_FLOWS = Context(prec=80, rounding=ROUND_HALF_UP, Emin=-99999, Emax=99999, traps=[Overflow])


def _solve(rough: Callable[[float], float], exact: Callable[[Decimal], Decimal], guess: Decimal) -> Decimal:
    """Return the rate nearest to a guess at which a function of ln(1 + rate) is 0."""
    if guess <= -1:
        raise Failure("NUM")
    start = float(DEEP.ln(DEEP.add(ONE, guess)))
    low, high = _bracket(rough, start)
    is_rising = rough(low) < 0 or rough(high) > 0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if (rough(middle) < 0) == is_rising:
            low = middle
        else:
            high = middle
    found = _polished(exact, Decimal((low + high) / 2))
    rate = DEEP.subtract(DEEP.exp(found), ONE)
    return approximation(rate.quantize(_RATE_PLACES, ROUND_HALF_UP, WIDE))


def _bracket(rough: Callable[[float], float], start: float) -> tuple[float, float]:
    """Return two places between which the sign changes, as near to the start as steps that grow can tell."""
    if not _LOWEST <= start <= _HIGHEST:
        raise Failure("NUM")
    up = down = start
    up_value = down_value = rough(start)
    width = _FIRST_STEP
    for _ in range(_STEPS):
        if up < _HIGHEST:
            before, up = up, min(up + width, _HIGHEST)
            value_before, up_value = up_value, rough(up)
            if (value_before < 0) != (up_value < 0):
                return before, up
        if down > _LOWEST:
            before, down = down, max(down - width, _LOWEST)
            value_before, down_value = down_value, rough(down)
            if (value_before < 0) != (down_value < 0):
                return down, before
        width *= _STEP_GROWTH
    raise Failure("NUM")


def _polished(exact: Callable[[Decimal], Decimal], near: Decimal) -> Decimal:
    """Return where a function is 0, by secants from a place near it."""
    last, here = near, DEEP.add(near, _APART)
    value_last, value = exact(last), exact(here)
    for _ in range(20):
        if not value:
            return here
        slope = DEEP.subtract(value, value_last)
        if not slope:
            break
        following = DEEP.subtract(here, DEEP.divide(DEEP.multiply(value, DEEP.subtract(here, last)), slope))
        if DEEP.subtract(following, near).copy_abs() > _NEAR:
            break
        if DEEP.subtract(following, here).copy_abs() < _CLOSE_ENOUGH:
            return following
        last, value_last, here = here, value, following
        value = exact(here)
    raise Failure("NUM")


def _shares(amounts: Sequence[Decimal]) -> list[Decimal]:
    """Return amounts as parts of the largest; only amounts of both signs can be worth nothing."""
    if not amounts or min(amounts) >= 0 or max(amounts) <= 0:
        raise Failure("NUM")
    largest = max(amount.copy_abs() for amount in amounts)
    return [DEEP.divide(amount, largest) for amount in amounts]


def _rate_of_flows(amounts: list[Decimal], times: Sequence[int], periods: int, guess: Decimal) -> Decimal:
    """Return the rate at which amounts at whole times, in order, are worth nothing; so many times are one period."""
    if len(amounts) > MOST_FLOWS:
        raise Failure("LIMIT")
    shares = _shares(amounts)
    # An amount of 0 counts for nothing, and a value to which only far amounts add would vanish in floats.
    first = next(time for share, time in zip(shares, times, strict=True) if share)
    times = [time - first for share, time in zip(shares, times, strict=True) if share]
    shares = [share for share in shares if share]
    end = times[-1]
    early = [(float(share), time / periods) for share, time in zip(shares, times, strict=True)]
    late = [(float(share), (end - time) / periods) for share, time in zip(shares, times, strict=True)]
    gaps = [following - time for time, following in pairwise(times)]

    def rough(place: float) -> float:
        # On either side of 0 the powers are below 1.
        if place < 0:
            return sum([share * math.exp(place * time) for share, time in late])
        return sum([share * math.exp(-place * time) for share, time in early])

    def exact(place: Decimal) -> Decimal:
        base = DEEP.exp(DEEP.divide(place, Decimal(periods)).copy_abs().copy_negate())
        powers = {gap: _FLOWS.power(base, gap) for gap in set(gaps)}
        parts, steps = (shares, gaps) if place < 0 else (shares[::-1], gaps[::-1])
        total = parts[0]
        for part, gap in zip(parts[1:], steps, strict=True):
            total = _FLOWS.add(_FLOWS.multiply(total, powers[gap]), part)
        return total

    return _solve(rough, exact, guess)


def internal_rate(amounts: Sequence[Given], guess: Decimal) -> Decimal | None:
    """Return the rate at which amounts, one a period, are worth nothing; blank without any."""
    flows = flows_of([amounts])
    return _rate_of_flows(flows, range(len(flows)), 1, guess) if flows else None


def internal_rate_by_date(amounts: Sequence[Given], days: Sequence[Given], guess: Decimal) -> Decimal | None:
    """Return the yearly rate at which amounts on days are worth nothing; pairs with a blank are left out."""
    for part in (*amounts, *days):
        if part.__class__ is ErrorValue:
            raise Failure(part.code)
    if len(amounts) != len(days):
        raise Failure("NUM")
    if len(amounts) > MOST_FLOWS:
        raise Failure("LIMIT")
    pairs: list[tuple[date, Decimal]] = [
        (day, amount) for amount, day in zip(amounts, days, strict=True) if amount is not None and day is not None
    ]
    pairs.sort(key=lambda pair: pair[0])
    if not pairs:
        return None
    times = [(day - pairs[0][0]).days for day, _ in pairs]
    return _rate_of_flows([amount for _, amount in pairs], times, 365, guess)


def rate(
    periods: Decimal, paid: Decimal, present: Decimal, future: Decimal, kind: Decimal, guess: Decimal
) -> Decimal:
    """Return the rate at which so many payments bring `present` to `future`."""
    if periods <= 0:
        raise Failure("NUM")
    if periods > MOST_PERIODS:
        raise Failure("LIMIT")
    shares = _shares((paid, present, future))
    rough_paid, rough_present, rough_future = (float(share) for share in shares)
    count, is_early = float(periods), bool(kind)
    exact_paid, exact_present, exact_future = shares

    def rough(place: float) -> float:
        power = math.exp(-count * abs(place))
        annuity = abs(math.expm1(-count * abs(place)) / math.expm1(place)) if place else count
        worth = rough_paid * (math.exp(place) if is_early else 1.0) * annuity
        if place < 0:
            return rough_present * power + worth + rough_future
        return rough_present + worth + rough_future * power

    def exact(place: Decimal) -> Decimal:
        power = DEEP.exp(max(DEEP.multiply(place.copy_abs().copy_negate(), periods), Decimal(-1000)))
        growth = DEEP.exp(place)
        if place.copy_abs() < Decimal("1e-50"):
            annuity = periods
        else:
            annuity = DEEP.divide(DEEP.subtract(power, ONE), DEEP.subtract(growth, ONE)).copy_abs()
        worth = DEEP.multiply(exact_paid, DEEP.multiply(annuity, growth) if is_early else annuity)
        if place < 0:
            return DEEP.add(DEEP.add(DEEP.multiply(exact_present, power), worth), exact_future)
        return DEEP.add(DEEP.add(exact_present, worth), DEEP.multiply(exact_future, power))

    return _solve(rough, exact, guess)


RATE_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "RATE": rate,
    "IRR": internal_rate,
    "XIRR": internal_rate_by_date,
}
