"""Every vector and every example of the functions table must have its answer in Python; `tests/conformance` asks PostgreSQL.

A file of vectors is one test, for two thousand tests of one formula each would take most of the time; what is wrong is said of
each vector by its id.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from engines.expression.check import text_to_typed
from engines.expression.evaluate import compile_python
from engines.expression.vectors import FOLDER, Vector, holds, read_examples, read_vector, read_vectors, refusal

FILES = sorted(path.name for path in FOLDER.glob("*.jsonl"))


@pytest.mark.parametrize("name", FILES)
def test_python_gives_the_expected_answers(name: str) -> None:
    vectors = [read_vector(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]
    assert vectors
    ask(vectors)


def test_python_gives_what_the_examples_say() -> None:
    ask(read_examples())


def ask(vectors: Iterable[Vector]) -> None:
    """Ask all vectors and name each that is not answered as it expects."""
    found = []
    for vector in vectors:
        try:
            trouble = difference(vector)
        except Exception as problem:  # noqa: BLE001 (the vectors after it are asked all the same)
            trouble = f"raises {type(problem).__name__}: {problem}"
        if trouble:
            found.append(f"{vector.id}: {vector.text} {trouble}")
    if found:
        pytest.fail("\n".join(found))


def difference(vector: Vector) -> str:
    """Return what is wrong with the answer to a vector, nothing when it is the expected one."""
    checked = text_to_typed(vector.text, vector.scope)
    if checked.tree is None:
        # What types refuse is the error that a spreadsheet would show.
        refused = [issue.message["en"] for issue in checked.issues]
        return "" if vector.expect == refusal(checked.issues) else f"is refused: {refused}"
    found = compile_python(checked.tree)(vector.record, vector.context)
    return "" if holds(found, vector.expect) else f"gives {found!r}, not {vector.expect!r}"


def test_ids_are_unique() -> None:
    vectors = (*read_vectors(), *read_examples())
    assert len({vector.id for vector in vectors}) == len(vectors)
