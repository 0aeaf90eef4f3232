"""The Python implementation of ALLOCATE: a total in parts by weight that add up to it, to the last cent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from engines.expression.failure import MAX_LIST, Failure
from engines.values.decimals import EXACT, WIDE, ZERO, step
from engines.values.value_types import ErrorValue, Value

# Places beyond these count as these.
MOST_PLACES = 20
LEAST_PLACES = -37


def allocate(total: Decimal, weights: Sequence[Value], places: Decimal) -> list[Decimal]:
    """Return a part for each weight; the parts add up to the total rounded to so many places.

    Each part is cut to the places; what is left goes, one unit each, to the parts that lost most, the first among
    equals. A blank weight counts as 0. A negative weight is NUM; weights of which all are 0 are DIV0 unless the total is 0.
    """
    if len(weights) > MAX_LIST:
        raise Failure("LIMIT")
    shares = [_weight(weight) for weight in weights]
    if not shares:
        return []
    if min(shares) < 0:
        raise Failure("NUM")
    unit = step(max(LEAST_PLACES, min(MOST_PLACES, int(places))))
    count = abs(int(WIDE.divide(total.quantize(unit, ROUND_HALF_UP, WIDE), unit)))
    if not count:
        return [ZERO] * len(shares)
    wholes = _as_wholes(shares)
    sum_of = sum(wholes)
    if not sum_of:
        raise Failure("DIV0")
    parts, rests = [], []
    for whole in wholes:
        part, rest = divmod(count * whole, sum_of)
        parts.append(part)
        rests.append(rest)
    left = count - sum(parts)
    if left:
        for place in sorted(range(len(parts)), key=lambda place: -rests[place])[:left]:
            parts[place] += 1
    signed = -unit if total < 0 else unit
    return [EXACT.multiply(Decimal(part), signed) for part in parts]


def _weight(weight: Value) -> Decimal:
    if weight.__class__ is ErrorValue:
        raise Failure(weight.code)
    if weight is None:
        return ZERO
    assert isinstance(weight, Decimal)
    return weight


def _as_wholes(numbers: list[Decimal]) -> list[int]:
    """Return numbers in the ratio of these, all whole."""
    scale = max(0, *(-number.as_tuple().exponent for number in numbers))  # type: ignore[operator]
    return [int(number.scaleb(scale, WIDE)) for number in numbers] if scale else [int(number) for number in numbers]


ALLOCATE_FUNCTIONS: Mapping[str, Callable[..., object]] = {"ALLOCATE": allocate}
