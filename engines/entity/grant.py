"""How much of what is asked a condition leaves: a condition on amounts in, the largest amount that meets it out."""

from collections.abc import Awaitable, Callable


async def largest(holds: Callable[[int], Awaitable[bool]], most: int) -> int:
    """Return the largest whole number up to `most` that meets a condition which larger ones meet no more easily; 0 when none does.

    The answer is always one that was found to meet it.
    """
    if most == 0 or await holds(most):
        return most
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        if await holds(middle):
            low = middle
        else:
            high = middle
    return low
