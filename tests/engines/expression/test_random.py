"""Random numbers are made of the digits the context gives, and of nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import pytest

from engines.expression.check import text_to_typed
from engines.expression.evaluate import compile_python
from engines.expression.failure import EvalContext
from engines.expression.scope import Scope
from engines.values.value_types import Value

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
NOTHING = Scope({}, lambda entity: None)


def ask(text: str, context: EvalContext) -> Value:
    tree = text_to_typed(text, NOTHING).tree
    assert tree is not None
    return compile_python(tree)({}, context)


def test_each_face_of_a_die_comes_as_often() -> None:
    draw = Random(1)
    context = EvalContext(NOW, UTC, random=lambda: draw.randrange(10**9))
    faces = Counter(ask("RANDBETWEEN(1, 6)", context) for _ in range(3000))
    assert set(faces) == {Decimal(face) for face in range(1, 7)}
    assert all(400 < count < 600 for count in faces.values())


@pytest.mark.parametrize(("digits", "low", "high"), [(0, 0, "-1e37"), (999_999_999, "0.999999999999999999", "1e37")])
def test_the_ends_are_reached(digits: int, low: str, high: str) -> None:
    context = EvalContext(NOW, UTC, random=lambda: digits)
    assert ask("RAND()", context) == Decimal(low)
    assert ask("RANDBETWEEN(-10^37, 10^37)", context) == Decimal(high)


def test_a_context_without_random_digits_gives_no_number() -> None:
    with pytest.raises(LookupError):
        ask("RAND()", EvalContext(NOW, UTC))
