"""Each row of the functions table must be implemented where it says and be whole; its examples are asked as vectors."""

from __future__ import annotations

from engines.expression.evaluate import PYTHON_NAMES
from engines.expression.function import Arg
from engines.expression.functions import ALIASES, FUNCTIONS, GROUPS, WRITTEN
from engines.expression.rule import argument_words
from engines.expression.rules import RULES
from engines.expression.sql import SQL_NAMES
from engines.values.value_types import list_of, record_of


def test_each_row_is_implemented_where_it_says() -> None:
    assert {name for name, row in FUNCTIONS.items() if "python" in row.runs_in and not row.expands} == PYTHON_NAMES
    assert {name for name, row in FUNCTIONS.items() if "sql" in row.runs_in and not row.expands} == SQL_NAMES


def test_rows_are_whole() -> None:
    assert sum(len(rows) for rows in GROUPS.values()) == len(FUNCTIONS)
    assert set(RULES) <= set(WRITTEN) and set(ALIASES.values()) <= set(WRITTEN)
    for name, row in FUNCTIONS.items():
        assert row.doc["zh-CN"] and row.doc["en"], name
        of_rows = name in ("filter", "field", "entity", "OLD", "CHANGED") or row.takes[:1] == (Arg("list", list_of(record_of(None))),)
        # What only the database tells has no example that Python could compute: tests/api/test_policies.py shows it.
        assert row.examples or of_rows or row.runs_in == ("sql",) or name not in WRITTEN, name
        for arg in row.takes:
            assert name not in WRITTEN or argument_words(arg.name)["zh-CN"], name
