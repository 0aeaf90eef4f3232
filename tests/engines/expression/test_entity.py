"""Whole entities (`@customer`): how they are written, read, computed in Python, and what is known of them beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import bindparam, column

from engines.expression.check import cannot_run, text_to_typed
from engines.expression.evaluate import EvalContext, compile_python
from engines.expression.parse import parse
from engines.expression.references import is_steady, references
from engines.expression.scope import Scope
from engines.expression.sql import compile_sql
from engines.expression.sql_context import NotPushable, SqlContext
from engines.expression.tree import TypedTree
from engines.expression.tree_json import tree_from_json, tree_to_json
from engines.expression.write import write
from engines.values.value_types import NUMBER, TEXT, ErrorValue, Value, list_of, record_of

ENTITIES = {
    "customer": {"id": record_of("customer"), "level": TEXT, "credit": NUMBER, "orders": list_of(record_of("order"))},
    "order": {"total": NUMBER},
    "organization.user": {"name": TEXT},
}
WHOLES = {"customer": ("客户", "Customer"), "organization.user": ("用户", "User"), "price list": ("价目",)}
SCOPE = Scope({"level": TEXT, "a": NUMBER}, ENTITIES.get, wholes=WHOLES)
CUSTOMERS: list[Mapping[str, object]] = [
    {"id": UUID(int=1), "level": "A", "credit": Decimal(10), "orders": [{"total": Decimal(1)}, {"total": Decimal(2)}]},
    {"id": UUID(int=2), "level": "B", "credit": None, "orders": []},
    {"id": UUID(int=3), "level": "A", "credit": Decimal(5), "orders": [{"total": Decimal(7)}]},
]
RECORD = {"level": "A", "a": Decimal(6)}
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def typed(text: str) -> TypedTree:
    checked = text_to_typed(text, SCOPE)
    assert checked.tree is not None, checked.issues
    return checked.tree


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("COUNT(@customer)", Decimal(3)),
        ('SUM(@customer[level = "A"].credit)', Decimal(15)),
        ('SUM(@客户[level = "A"], credit * 2)', Decimal(30)),
        ('SUM(@{客户}[level = "A"].orders.total)', Decimal(10)),
        ("COUNT(＠customer[level = parent.level])", Decimal(2)),
        ('LOOKUP(@customer, credit < a, credit, "last")', Decimal(5)),
        ('LOOKUP(@customer, level = "B").level', "B"),
        ('LOOKUP(@customer, level = "A", credit, "only")', ErrorValue("MULTI")),
        ("ANY(@customer, credit > parent.a)", True),
        ("COUNT(@organization.user)", Decimal(1)),
        ('COUNT(@organization.user[name = "x"])', Decimal(0)),
        ("@organization.user.name", ["Li"]),
    ],
)
def test_python_asks_the_rows_it_is_given(text: str, wanted: Value) -> None:
    entities: dict[str, list[Mapping[str, object]]] = {"customer": CUSTOMERS, "organization.user": [{"name": "Li"}]}
    context = EvalContext(NOW, UTC, entities=entities.__getitem__)
    assert compile_python(typed(text))(RECORD, context) == wanted
    assert compile_python(tree_from_json(tree_to_json(typed(text))))(RECORD, context) == wanted


def test_without_rows_they_are_denied() -> None:
    tree = typed("COUNT(@customer)")
    assert compile_python(tree)(RECORD, EvalContext(NOW, UTC)) == ErrorValue("DENIED")
    with pytest.raises(NotPushable):
        compile_sql(tree, lambda keys: column(keys[0]), SqlContext(bindparam("now"), bindparam("today"), bindparam("user")))


def test_what_is_read_of_them_is_known() -> None:
    tree = typed("SUM(@customer[level = parent.level].orders.total) + LOOKUP(@customer, credit > a).credit")
    assert sorted(references(tree)) == [
        ("@customer",), ("@customer", "credit"), ("@customer", "level"), ("@customer", "orders", "total"), ("a",), ("level",),
    ]  # fmt: skip
    assert not is_steady(tree)
    assert cannot_run(tree, "browser") and not cannot_run(tree, "sql") and not cannot_run(tree, "python")


@pytest.mark.parametrize("text", ["@customer", "COUNT(@{price list}[a > 1])", "@customer[level = \"A\"].credit", "@organization.user"])
def test_they_are_written_as_they_are_read(text: str) -> None:
    tree = parse(text).tree
    assert tree is not None and write(tree) == text


def test_what_goes_before_the_rows_of_a_choice_is_known() -> None:
    line = Scope({"ok": NUMBER, "lines": list_of(record_of("line")), "others": list_of(record_of("line"))}, {"line": {"q": NUMBER}}.get)
    tree = text_to_typed("IF(ok > 1, FIRST(lines), LAST(SORT(others, q))).q", line).tree
    assert tree is not None
    assert sorted(references(tree)) == [("lines",), ("lines", "q"), ("ok",), ("others",), ("others", "q")]
