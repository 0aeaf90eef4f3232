"""What a formula asks of whole entities is taken out of it, and its answers stand in the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engines.expression.check import text_to_typed
from engines.expression.entity_queries import record_paths, split
from engines.expression.evaluate import EvalContext, compile_python
from engines.expression.scope import Scope
from engines.values.value_types import NUMBER, TEXT, ErrorValue, list_of, record_of

ENTITIES = {"price": {"code": TEXT, "amount": NUMBER}, "line": {"code": TEXT, "q": NUMBER}}
SCOPE = Scope({"code": TEXT, "a": NUMBER, "lines": list_of(record_of("line"))}, ENTITIES.get, wholes={"price": ()})
CONTEXT = EvalContext(datetime(2026, 11, 23, 8, tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    ("text", "count", "is_whole", "reads"),
    [
        ("a + 1", 0, True, []),
        ("COUNT(@price) + SUM(@price.amount) * a", 2, True, []),
        ("LOOKUP(@price, code = parent.code, amount) * a", 1, True, [("code",)]),
        ("LOOKUP(@price, code = parent.code).amount > a", 1, True, [("code",)]),
        ("LOOKUP(@price, code = parent.code)", 1, True, [("code",)]),
        ("ISBLANK(LOOKUP(@price, amount > a))", 1, True, [("a",)]),
        ("SUM(lines, q * COUNT(@price))", 1, True, []),
        ("SUM(lines, q * COUNT(@price[amount > a]))", 1, True, [("a",)]),
        ("SUM(lines, q * LOOKUP(@price, code = parent.code, amount))", 1, True, [("lines",)]),
        ("COUNT(@price[ANY(@price, amount > parent.amount)])", 1, True, []),
        ("COUNT(@price[amount > MIN(@price.amount)])", 1, True, []),
        ("IF(a > 1, MAX(@price.amount), NULL)", 1, True, []),
    ],
)
def test_the_questions_are_found(text: str, count: int, is_whole: bool, reads: list[tuple[str, ...]]) -> None:
    tree = text_to_typed(text, SCOPE).tree
    assert tree is not None
    parts = split(tree, text)
    assert (len(parts.queries), parts.is_whole) == (count, is_whole)
    assert [path.names for _, query in parts.queries for path in record_paths(query)] == reads


def test_answers_stand_for_them() -> None:
    text = "IFERROR(SUM(lines, q * COUNT(@price[amount > a])) + COUNT(@price), -1)"
    tree = text_to_typed(text, SCOPE).tree
    assert tree is not None
    parts = split(tree, text)
    run, (first, second) = compile_python(parts.rest), [name for name, _ in parts.queries]
    record = {"a": Decimal(1), "lines": [{"q": Decimal(2)}, {"q": Decimal(3)}]}
    assert run({**record, first: Decimal(10), second: Decimal(7)}, CONTEXT) == 57
    assert run({**record, first: ErrorValue("MULTI"), second: Decimal(7)}, CONTEXT) == -1
