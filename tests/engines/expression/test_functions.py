"""Each row of the functions table must be implemented where it says and be whole; its examples are asked as vectors."""

from __future__ import annotations

from engines.expression.evaluate import PYTHON_NAMES
from engines.expression.functions import ALIASES, FUNCTIONS, GROUPS, WRITTEN
from engines.expression.rule import argument_words
from engines.expression.rules import RULES
from engines.expression.sql import SQL_NAMES


def test_each_row_is_implemented_where_it_says() -> None:
    assert {name for name, row in FUNCTIONS.items() if "python" in row.runs_in} == PYTHON_NAMES
    assert {name for name, row in FUNCTIONS.items() if "sql" in row.runs_in} == SQL_NAMES


def test_rows_are_whole() -> None:
    assert sum(len(rows) for rows in GROUPS.values()) == len(FUNCTIONS)
    assert set(RULES) <= set(WRITTEN) and set(ALIASES.values()) <= set(WRITTEN)
    for name, row in FUNCTIONS.items():
        assert row.doc["zh-CN"] and row.doc["en"], name
        assert row.examples or name in ("filter", "map", "field", "OLD", "CHANGED") or name not in WRITTEN, name
        for arg in row.takes:
            assert name not in WRITTEN or argument_words(arg.name)["zh-CN"], name
