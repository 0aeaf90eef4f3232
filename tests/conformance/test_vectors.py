"""Every vector and every example of the functions table must have its answer in SQL on each PostgreSQL at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from dougong.conformance.question import Answer, Question, Skipped, Trouble, ask
from dougong.conformance.report import written
from dougong.conformance.sql_answers import WITHOUT_SQL, sql_answers
from dougong.database.pool import connect
from engines.expression.check import cannot_run
from engines.expression.functions import FUNCTIONS
from engines.expression.vectors import holds, read_examples, read_vectors

QUESTIONS = tuple(ask(vector) for vector in (*read_vectors(), *read_examples()))


@pytest.fixture(scope="module")
def sql(every_dsn: str) -> Mapping[str, Answer]:
    async def asked() -> Mapping[str, Answer]:
        connection = await connect(every_dsn)
        try:
            return await sql_answers(QUESTIONS, connection)
        finally:
            await connection.close()

    return asyncio.run(asked())


def compare(question: Question, found: Answer) -> None:
    if isinstance(found, Trouble):
        pytest.fail(f"{question.vector.text}: {found.reason}")
    assert holds(found, question.vector.expect), f"{question.vector.text} gives {written(found)}"


# Patterns and formats that are not written out, or that PostgreSQL would read differently: the runner counts them as failed, the
# designer is told so, and whoever asks the database does without.
UNTRANSLATED = {"expression-pattern-in-sql", "expression-format-in-sql"}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.vector.id)
def test_sql_gives_the_expected_answer(question: Question, sql: Mapping[str, Answer]) -> None:
    found = sql[question.vector.id]
    refused = () if question.tree is None else cannot_run(question.tree, "sql")
    if isinstance(found, Trouble) and refused and {issue.code for issue in refused} <= UNTRANSLATED:
        return
    if not isinstance(found, Skipped):
        compare(question, found)


def test_only_functions_that_the_design_excepts_have_no_sql() -> None:
    without = {name for name, row in FUNCTIONS.items() if "sql" not in row.runs_in}
    assert without <= WITHOUT_SQL
