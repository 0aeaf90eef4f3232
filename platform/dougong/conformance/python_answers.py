"""Takes questions, gives the answers of the Python back end."""

from __future__ import annotations

from collections.abc import Iterable

from dougong.conformance.question import Answer, Question
from engines.expression.evaluate import compile_python


def python_answers(questions: Iterable[Question]) -> dict[str, Answer]:
    """Return the answer of Python to each question, by the vector's id."""
    return {
        question.vector.id: question.answer
        if question.tree is None
        else compile_python(question.tree)(question.vector.record, question.vector.context)
        for question in questions
    }
