"""What nobody should write must give an issue or an answer all the same, never an exception."""

from __future__ import annotations

from tests.engines.expression.fuzz import fuzz


def test_hostile_texts_meet_no_fault() -> None:
    found = fuzz(10_000, seed=1)
    assert found.faults == []
    assert found.understood > 250
