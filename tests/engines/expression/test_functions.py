"""Each row of the functions table must be implemented where it says, and every example in it must hold."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engines.expression.check import text_to_typed
from engines.expression.evaluate import PYTHON_NAMES, EvalContext, compile_python
from engines.expression.function import Function
from engines.expression.functions import ALIASES, FUNCTIONS, GROUPS, WRITTEN
from engines.expression.python_choice import same
from engines.expression.rule import argument_words
from engines.expression.rules import RULES
from engines.expression.scope import Scope
from engines.expression.sql import SQL_NAMES
from engines.values.value_types import ErrorValue, Value

NOTHING = Scope({}, lambda entity: None)
CONTEXT = EvalContext(datetime(2026, 11, 23, 8, tzinfo=UTC), UTC)
EXAMPLES = [(row, text, answer) for row in FUNCTIONS.values() for text, answer in row.examples]


def answer_to(text: str) -> Value:
    checked = text_to_typed(text, NOTHING)
    assert checked.tree is not None, [issue.message["en"] for issue in checked.issues]
    return compile_python(checked.tree)({}, CONTEXT)


@pytest.mark.parametrize(("row", "text", "answer"), EXAMPLES, ids=[text for _, text, _ in EXAMPLES])
def test_an_example_gives_what_it_says(row: Function, text: str, answer: str) -> None:
    found, wanted = answer_to(text), answer_to(answer)
    assert not isinstance(found, ErrorValue) and same(found, wanted), f"{row.name}: {text} gives {found!r}"


def test_each_row_is_implemented_where_it_says() -> None:
    assert {name for name, row in FUNCTIONS.items() if "python" in row.runs_in} == PYTHON_NAMES
    assert {name for name, row in FUNCTIONS.items() if "sql" in row.runs_in} == SQL_NAMES


def test_rows_are_whole() -> None:
    assert sum(len(rows) for rows in GROUPS.values()) == len(FUNCTIONS)
    assert set(RULES) <= set(WRITTEN) and set(ALIASES.values()) <= set(WRITTEN)
    for name, row in FUNCTIONS.items():
        assert row.doc["zh-CN"] and row.doc["en"], name
        assert row.examples or name in ("filter", "field") or name not in WRITTEN, name
        for arg in row.takes:
            assert name not in WRITTEN or argument_words(arg.name)["zh-CN"], name
