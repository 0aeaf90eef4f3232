"""The Python forms of what is made of all values of lists: middle values, deviations, ranks, products of pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_05UP, ROUND_HALF_UP, Context, Decimal
from typing import Any

from engines.expression.failure import MAX_LIST, Failure, Given
from engines.expression.python_number import in_limits
from engines.expression.python_power import square_root
from engines.values.decimals import EXACT, ONE, ZERO, quotient
from engines.values.value_types import ErrorValue, Value

# Sums of squares are exact whatever their size; a variance is rounded at 40 decimals, for a root at 80.
_SQUARES = Context(prec=8000, Emin=-99999, Emax=99999)
_STICKY = Context(prec=400, rounding=ROUND_05UP, Emin=-99999, Emax=99999)
_VARIANCE_SCALE, _ROOT_SCALE = Decimal("1e-40"), Decimal("1e-80")
_ROUNDING = Context(prec=400, rounding=ROUND_HALF_UP, Emin=-99999, Emax=99999)
_TWO = Decimal(2)


def elements(value: Given) -> Sequence[Any]:
    """Return the elements of a list, none for a blank; an element that is an error makes the list fail."""
    if value is None:
        return ()
    if len(value) > MAX_LIST:
        raise Failure("LIMIT")
    for part in value:
        if part.__class__ is ErrorValue:
            raise Failure(part.code)
    return value  # type: ignore[no-any-return]


def filled(given: Iterable[Given]) -> list[Any]:
    """Return the values of arguments, lists spread out and blanks left out."""
    found: list[Any] = []
    for arg in given:
        parts = elements(arg) if isinstance(arg, list | tuple) else (arg,)
        found += [part for part in parts if part is not None and part != ""]
    return found


def identity(value: Given) -> Any:  # noqa: ANN401 (any key)
    """Return what tells two values apart: of a record its id, or, of a row that has none yet, the row itself.

    An empty text is a blank.
    """
    if isinstance(value, Mapping):
        known = value.get("id")
        return ("row", id(value)) if known is None else known
    return None if value == "" else value


def count_distinct(*given: Given) -> Decimal:
    """Return how many different values there are."""
    return Decimal(len({identity(value) for value in filled(given)}))


def median(*given: Given) -> Decimal | None:
    """Return the value in the middle, the mean of the two when there are two."""
    values = sorted(filled(given))
    if not values:
        return None
    middle = len(values) // 2
    if len(values) % 2:
        return values[middle]  # type: ignore[no-any-return]
    return quotient(EXACT.add(values[middle - 1], values[middle]), _TWO)


def product(*given: Given) -> Decimal | None:
    """Return the exact product, blank when there is nothing."""
    values = filled(given)
    total = ONE
    for value in values:
        total = EXACT.multiply(total, value)
    return total if values else None


def _variance(values: Sequence[Decimal], least: int, unit: Decimal) -> Decimal | None:
    """Return the variance rounded to a unit; `least` is 2 for a sample, 1 for a population."""
    count = len(values)
    if count < least:
        return None
    total = squares = ZERO
    for value in values:
        total = _SQUARES.add(total, value)
        squares = _SQUARES.add(squares, _SQUARES.multiply(value, value))
    above = _SQUARES.subtract(_SQUARES.multiply(count, squares), _SQUARES.multiply(total, total))
    return _STICKY.divide(above, Decimal(count * (count - least + 1))).quantize(unit, ROUND_HALF_UP, _ROUNDING)


def variance(least: int) -> Callable[..., Decimal | None]:
    """Return VAR (of at least 2) or VARP (of at least 1)."""

    def made(*given: Given) -> Decimal | None:
        found = _variance(filled(given), least, _VARIANCE_SCALE)
        return None if found is None else in_limits(found)

    return made


def deviation(least: int) -> Callable[..., Decimal | None]:
    """Return STDEV (of at least 2) or STDEVP (of at least 1)."""

    def made(*given: Given) -> Decimal | None:
        found = _variance(filled(given), least, _ROOT_SCALE)
        return None if found is None else square_root(found)

    return made


def mode(*given: Given) -> Value:
    """Return the least of the values that occur most often, blank when none occurs twice."""
    counts = Counter(filled(given))
    most = max(counts.values(), default=0)
    return min(value for value, count in counts.items() if count == most) if most > 1 else None


def placed(is_descending: bool) -> Callable[[Given, Decimal], Value]:
    """Return LARGE or SMALL."""

    def made(given: Given, which: Decimal) -> Value:
        values = sorted(filled((given,)), reverse=is_descending)
        place = int(which)
        return values[place - 1] if 1 <= place <= len(values) else None

    return made


def percentile(given: Given, share: Decimal) -> Decimal | None:
    """Return the value below which a share of the values lies, between two of them in proportion."""
    values = sorted(filled((given,)))
    if not ZERO <= share <= ONE:
        raise Failure("NUM")
    if not values:
        return None
    place = EXACT.multiply(share, len(values) - 1)
    low = int(place)
    rest = EXACT.subtract(place, low)
    if not rest:
        return values[low]  # type: ignore[no-any-return]
    return EXACT.add(values[low], EXACT.multiply(rest, EXACT.subtract(values[low + 1], values[low])))


def rank(value: Given, given: Given, order: Decimal) -> Decimal | None:
    """Return how many values come before a value, and one more; blank for a value that is not there."""
    values = filled((given,))
    if value is None or value == "" or value not in values:
        return None
    before = sum(1 for other in values if (other < value if order else other > value))
    return Decimal(before + 1)


def sum_of_products(*given: Given) -> Decimal:
    """Return the sum of the products of what stands side by side; a blank is 0."""
    lists = [elements(values) for values in given]
    if len({len(values) for values in lists}) > 1:
        raise Failure("VALUE")
    total = ZERO
    for parts in zip(*lists, strict=True):
        piece = ONE
        for part in parts:
            piece = EXACT.multiply(piece, ZERO if part is None else part)
        total = EXACT.add(total, piece)
    return total


def weighted_average(values: Given, weights: Given) -> Decimal | None:
    """Return the mean of values by weight; what lacks either does not count."""
    total = weight_sum = ZERO
    is_empty = True
    for value, weight in zip(elements(values), elements(weights), strict=False):
        if value is not None and weight is not None:
            total = EXACT.add(total, EXACT.multiply(value, weight))
            weight_sum = EXACT.add(weight_sum, weight)
            is_empty = False
    if is_empty:
        return None
    if not weight_sum:
        raise Failure("DIV0")
    return quotient(total, weight_sum)


MAKE_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "COUNTDISTINCT": count_distinct,
    "MEDIAN": median,
    "PRODUCT": product,
    "VAR": variance(2),
    "VARP": variance(1),
    "STDEV": deviation(2),
    "STDEVP": deviation(1),
    "MODE": mode,
    "LARGE": placed(True),
    "SMALL": placed(False),
    "PERCENTILE": percentile,
    "RANK": rank,
    "SUMPRODUCT": sum_of_products,
    "WAVG": weighted_average,
    "ANY": lambda given: any(elements(given)),
    "ALL": lambda given: all(elements(given)),
}
