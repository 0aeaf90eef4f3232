"""Takes questions and answers, gives the lines that say where they differ and how many passed; runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from dougong.conformance.question import Answer, Question, Skipped, Trouble
from engines.expression.vectors import Approximate, holds
from engines.values.decimals import number_text
from engines.values.value_types import ErrorValue


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found. differences: one line each."""

    passed: int
    failed: int
    skipped: int
    differences: tuple[str, ...]

    @property
    def closing(self) -> str:
        """Return the last line."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def report(questions: Iterable[Question], answers: Mapping[str, Answer]) -> Report:
    """Return what is to be said about answers."""
    passed = skipped = 0
    differences = []
    for question in questions:
        vector, found = question.vector, answers[question.vector.id]
        if isinstance(found, Skipped):
            skipped += 1
        elif isinstance(found, Trouble):
            differences.append(f"{vector.id} {vector.text}\n    {found.reason}")
        elif holds(found, vector.expect):
            passed += 1
        else:
            differences.append(f"{vector.id} {vector.text}\n    expected {written(vector.expect)}, got {written(found)}")
    return Report(passed, len(differences), skipped, tuple(differences))


def written(value: object) -> str:
    """Return a value as a formula would write it.

    >>> written([Decimal("1.50"), "a", None])
    '[1.5, "a", NULL]'
    """
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case Decimal():
            return number_text(value)
        case str():
            return '"' + value.replace('"', '""') + '"'
        case datetime():
            return f"#{value.isoformat(' ')}#"
        case date():
            return f"#{value.isoformat()}#"
        case ErrorValue():
            return f"#{value.code}!"
        case Approximate():
            return f"about {number_text(value.value)}"
        case UUID():
            return str(value)
        case list() | tuple():
            return "[" + ", ".join(written(part) for part in value) + "]"
        case Mapping():
            return "{" + ", ".join(f"{name}: {written(part)}" for name, part in value.items()) + "}"
    return repr(value)
