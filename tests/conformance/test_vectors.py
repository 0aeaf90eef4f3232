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


# Patterns and formats that are not written out, or that PostgreSQL would read differently: the runner counts them as failed, the
# designer is told so, and whoever asks the database does without.
UNTRANSLATED = {"expression-pattern-in-sql", "expression-format-in-sql"}


def test_sql_gives_the_expected_answers(sql: Mapping[str, Answer]) -> None:
    """One test for all vectors on a server, as each alone would be mostly set-up; what is wrong is said of each by its id."""
    assert sql.keys() == {question.vector.id for question in QUESTIONS}
    found = [(question, difference(question, sql[question.vector.id])) for question in QUESTIONS]
    wrong = [f"{question.vector.id}: {question.vector.text} {trouble}" for question, trouble in found if trouble]
    assert not wrong, "\n".join(wrong)


def difference(question: Question, found: Answer) -> str:
    """Return what is wrong with the answer to a vector, nothing when it is the expected one."""
    refused = () if question.tree is None else cannot_run(question.tree, "sql")
    if isinstance(found, Trouble):
        return "" if refused and {issue.code for issue in refused} <= UNTRANSLATED else found.reason
    if isinstance(found, Skipped) or holds(found, question.vector.expect):
        return ""
    return f"gives {written(found)}"


def test_only_functions_that_the_design_excepts_have_no_sql() -> None:
    without = {name for name, row in FUNCTIONS.items() if "sql" not in row.runs_in}
    assert without <= WITHOUT_SQL
