"""Every vector and every example of the functions table must have its answer in Python; `tests/conformance` asks PostgreSQL."""

from __future__ import annotations

import pytest

from engines.expression.check import text_to_typed
from engines.expression.evaluate import compile_python
from engines.expression.vectors import Vector, holds, read_examples, read_vectors
from engines.values.value_types import ErrorValue

VECTORS = (*read_vectors(), *read_examples())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.id)
def test_python_gives_the_expected_answer(vector: Vector) -> None:
    checked = text_to_typed(vector.text, vector.scope)
    if checked.tree is None:
        # What types refuse is the error that a spreadsheet would show.
        assert vector.expect == ErrorValue("VALUE"), [issue.message["en"] for issue in checked.issues]
        return
    found = compile_python(checked.tree)(vector.record, vector.context)
    assert holds(found, vector.expect), f"{vector.text} gives {found!r}"


def test_ids_are_unique() -> None:
    assert len({vector.id for vector in VECTORS}) == len(VECTORS)
