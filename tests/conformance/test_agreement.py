"""Python, PostgreSQL and the browser must answer alike whatever typed formula is made of the functions table.

`python -m tests.conformance.explore` looks further, elsewhere each time, and much faster.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dougong.conformance.browser_answers import Browser
from dougong.conformance.python_answers import python_answers
from dougong.conformance.question import Question, Trouble
from dougong.conformance.report import written
from dougong.conformance.sql_answers import sql_answers
from dougong.database.pool import connect
from engines.expression.check import cannot_run
from engines.expression.tree import TypedTree
from engines.values.value_types import ErrorValue, Value
from tests.conformance.typed_formulas import agree, formulas, records, vector

ALIKE = settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
EXAMPLES = st.tuples(formulas(), st.lists(records, min_size=1, max_size=3))


def questions(formula: tuple[str, TypedTree], found: list[dict[str, Value]]) -> list[Question]:
    text, tree = formula
    return [Question(vector(text, record, number), tree) for number, record in enumerate(found)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as running:
        yield running


@ALIKE
@given(EXAMPLES)
def test_the_browser_answers_as_python_does(browser: Browser, example: tuple[tuple[str, TypedTree], list[dict[str, Value]]]) -> None:
    asked = questions(*example)
    wanted = python_answers(asked)
    for question in asked:
        assert question.tree is not None
        found, expected = browser.answer(question), wanted[question.vector.id]
        assert not isinstance(found, Trouble), (question.vector.text, found)
        assert agree(found, expected, question.tree), (question.vector.text, written(expected), written(found))


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def connection(every_dsn: str, loop: asyncio.Runner) -> Iterator[asyncpg.Connection[asyncpg.Record]]:
    opened = loop.run(connect(every_dsn))
    yield opened
    loop.run(opened.close())


@ALIKE
@given(EXAMPLES)
def test_postgresql_answers_as_python_does(
    connection: asyncpg.Connection[asyncpg.Record],
    loop: asyncio.Runner,
    example: tuple[tuple[str, TypedTree], list[dict[str, Value]]],
) -> None:
    asked = questions(*example)
    wanted, answers = python_answers(asked), loop.run(asked_in_passing(asked, connection))
    for question in asked:
        assert question.tree is not None
        found, expected = answers[question.vector.id], wanted[question.vector.id]
        if cannot_run(question.tree, "sql"):
            continue
        assert not isinstance(found, Trouble), (question.vector.text, found)
        # A limit met on the way is not looked at in SQL, where only the whole answer is.
        if expected == ErrorValue("LIMIT"):
            continue
        assert agree(found, expected, question.tree), (question.vector.text, written(expected), written(found))


async def asked_in_passing(asked: list[Question], connection: asyncpg.Connection[asyncpg.Record]) -> dict[str, Value]:
    """Return PostgreSQL's answers; the tables made for them are gone afterwards."""
    passing = connection.transaction()
    await passing.start()
    try:
        return dict(await sql_answers(asked, connection))
    finally:
        await passing.rollback()
