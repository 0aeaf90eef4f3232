"""What is too long, too large or too deep gets an issue or the error LIMIT, soon, and never an exception."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from time import monotonic, process_time

import pytest
from sqlalchemy import Numeric, bindparam, column

from engines.expression.check import text_to_typed
from engines.expression.evaluate import EvalContext, compile_python
from engines.expression.scope import Scope
from engines.expression.sql import compile_sql
from engines.expression.sql_context import NotPushable, SqlContext
from engines.expression.tree import MAX_DEPTH, MAX_LENGTH, MAX_NODES
from engines.values.value_types import NUMBER, TEXT, ErrorValue, ValueType, list_of, record_of

SCOPE = Scope({"a": NUMBER, "s": TEXT, "lines": list_of(record_of("line"))}, {"line": {"q": NUMBER}}.get)
CONTEXT = EvalContext(datetime(2026, 11, 23, 8, tzinfo=UTC), UTC)
LARGE = {"expression-too-long", "expression-too-large", "expression-too-deep"}
TEXTS = {
    "brackets": "(" * 10_000,
    "closed brackets": "(" * 200 + "1" + ")" * 200,
    "lists": "[" * 9_000,
    "signs": "-" * 10_000 + "1",
    "words": "NOT " * 4_000 + "a",
    "calls": "IF(" * 4_000,
    "filters": "lines" + "[q" * 4_000,
    "names": "a." * 9_000 + "a",
    "sum": " + ".join(["a"] * 3_000),
    "megabyte": "a" * 1_000_000,
    "megabyte of brackets": "(" * 1_000_000,
    "megabyte of text": '"' + "x" * 1_000_000,
    "nested": "IF(a > 1, " * 60 + "1" + ", 2)" * 60,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_text_beyond_all_measure_gets_an_issue(text: str) -> None:
    start = process_time()
    checked = text_to_typed(text, SCOPE)
    assert process_time() - start < 1
    assert checked.tree is None
    assert {issue.code for issue in checked.issues} & LARGE


class Counted(dict[str, ValueType]):
    """Names of a record that are asked for only so often."""

    asked = 0

    def __contains__(self, name: object) -> bool:
        """Say whether a name is one of them; whoever asks without end fails here rather than never."""
        self.asked += 1
        assert self.asked < MOST_ASKED
        return super().__contains__(name)


FLOORS = 40
MOST_ASKED = 3 * FLOORS**2
NESTED = [
    *((f"{name}({first}, ", ")") for name in ("SUM", "SORT", "WAVG", "SUMPRODUCT", "MAX", "ANY", "FILTER") for first in ("[]", "NULL", "a")),
    ("CONTAINS(", ', "x")'), ("CONTAINS([], ", ")"), ("WAVG([], 1, ", ")"), ("LARGE([], ", ", 1)"), ("IN(", ", [])"), ('IF(a, "", ', ")"), ("([] = ", ")"),
]  # fmt: skip


@pytest.mark.parametrize("leaf", ["unknown", "a"])
@pytest.mark.parametrize(("before", "after"), NESTED, ids=[f"{before}...{after}" for before, after in NESTED])
def test_calls_within_calls_are_read_about_as_often_as_they_are_written(before: str, after: str, leaf: str) -> None:
    names = Counted({"a": NUMBER})
    text_to_typed(before * FLOORS + leaf + after * FLOORS, Scope(names, lambda entity: None))
    assert names.asked > 0


def test_what_is_just_within_the_limits_is_computed() -> None:
    deep = text_to_typed("+".join(["a"] * (MAX_DEPTH - 1)), SCOPE).tree
    wide = text_to_typed(f"SUM({', '.join(['a'] * (MAX_NODES - 1))})", SCOPE).tree
    long = text_to_typed('LEN("' + "x" * (MAX_LENGTH - 10) + '")', SCOPE).tree
    assert deep is not None and wide is not None and long is not None
    assert compile_python(deep)({"a": Decimal(1)}, CONTEXT) == MAX_DEPTH - 1
    assert compile_python(wide)({"a": Decimal(1)}, CONTEXT) == MAX_NODES - 1
    assert compile_python(long)({}, CONTEXT) == MAX_LENGTH - 10


def test_sql_that_would_grow_beyond_all_measure_is_refused() -> None:
    tree = text_to_typed("IFERROR(IF(a > 1, NULL, 1 / " * 12 + "a" + "), 1)" * 12, SCOPE).tree
    assert tree is not None
    context = SqlContext(bindparam("now"), bindparam("today"), bindparam("user"))
    with pytest.raises(NotPushable) as refused:
        compile_sql(tree, lambda keys: column(keys[0], Numeric()), context)
    assert refused.value.issue.code == "expression-too-large"


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("a * 10", {"a": Decimal("1e37")}),
        ("a + a", {"a": Decimal("6e37")}),
        ("a / 0.1", {"a": Decimal("1e37")}),
        ("ROUND(a, -37)", {"a": Decimal(99999999999999999999999999999999999999)}),
        ("10 ^ a", {"a": Decimal(1000)}),
        ("1.000001 ^ a", {"a": Decimal(10**9)}),
        ("0.1 ^ -a", {"a": Decimal(90_000)}),
        ("2.5 ^ a", {"a": Decimal("1e30")}),
        ("(-2.5) ^ a", {"a": Decimal("1e30")}),
        ("EXP(a)", {"a": Decimal("1e37")}),
        ("FACT(a)", {"a": Decimal("1e37")}),
        ("LCM(a, a - 1)", {"a": Decimal(99999999999999999999999999999999999999)}),
        ("QUOTIENT(1, a)", {"a": Decimal("1e-900")}),
        ("MROUND(a * 9.5, a * 6)", {"a": Decimal("1e37")}),
        ("FV(a, 1000, 1)", {"a": Decimal(1)}),
        ("PV(-0.5, a, 1)", {"a": Decimal(1000)}),
        ("PMT(0.01, a, 1)", {"a": Decimal("1e10")}),
        ("NPV(-0.9999, lines.q)", {"lines": [{"q": Decimal(1)}] * 100_000}),
        ("IRR(lines.q)", {"lines": [{"q": Decimal(-1)}, *[{"q": Decimal(1)}] * 2000]}),
        ("COUNT(ALLOCATE(1, lines.q))", {"lines": [{"q": Decimal(1)}] * 100_001}),
        ("SUM(lines, q * 6)", {"lines": [{"q": Decimal("1e37")}, {"q": Decimal("1e37")}]}),
        ("s & s", {"s": "x" * 600_000}),
        ('SUBSTITUTE(s, "x", "yy")', {"s": "x" * 600_000}),
        ("COUNT(lines)", {"lines": [{"q": None}] * 100_001}),
        ("SUM(lines.q)", {"lines": [{"q": None}] * 100_001}),
        ("#9999-12-31# + a", {"a": Decimal(1)}),
        ("#2024-01-01# + a", {"a": Decimal("1e30")}),
        ('DATEADD(#2024-01-01#, a, "year")', {"a": Decimal("1e10")}),
        ("DATE(a, 1, 1)", {"a": Decimal(10_000)}),
    ],
)
def test_a_result_beyond_the_limits_is_an_error(text: str, record: dict[str, object]) -> None:
    tree = text_to_typed(text, SCOPE).tree
    assert tree is not None
    assert compile_python(tree)(record, CONTEXT) == ErrorValue("LIMIT")


ONES = Decimal("1." + "1" * 999)
FLOWS = [{"q": Decimal(-500_000)}, *[{"q": Decimal(number % 1000)} for number in range(1999)]]
TURNING = [{"q": Decimal((-1) ** number * number)} for number in range(2000)]


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("GCD(a, 39088169000000000000000000000000000007)", {"a": Decimal(63245986000000000000000000000000000001)}),
        ("a ^ 1000", {"a": ONES}),
        ("a ^ 0.123456789", {"a": ONES}),
        ("a ^ -333", {"a": Decimal("9.99")}),
        ("LN(a)", {"a": ONES}),
        ("LN(a)", {"a": Decimal("9.9e37")}),
        ("EXP(a)", {"a": ONES}),
        ("LOG(2, 1 + a)", {"a": Decimal("1e-900")}),
        ("SQRT(a)", {"a": ONES}),
        ("MROUND(a, 0.1 ^ 900)", {"a": Decimal("9e37")}),
        ("PMT(a, 360, 1, 1, 1)", {"a": ONES}),
        ("NPER(a, -1, 10 ^ 30)", {"a": Decimal("1e-20")}),
        ("RATE(10 ^ 9, a, -1)", {"a": Decimal("1e-9")}),
        ("RATE(0.5, a, 10 ^ 37)", {"a": Decimal("-1e-9")}),
        ("RATE(360, a, 1, -1, 1, 10 ^ 17)", {"a": Decimal("0.1")}),
        ("IRR(lines.q)", {"lines": FLOWS}),
        ("IRR(lines.q)", {"lines": TURNING}),
        ("IRR([a, -a], 10 ^ 15)", {"a": Decimal("1e37")}),
        ("MAX(ALLOCATE(a, lines.q, 20))", {"a": Decimal("9e37"), "lines": FLOWS[1:]}),
    ],
)
def test_hostile_numbers_come_to_an_end(text: str, record: dict[str, object]) -> None:
    tree = text_to_typed(text, SCOPE).tree
    assert tree is not None
    compile_python(tree)(record, CONTEXT)


@pytest.mark.parametrize("text", ["COUNT(lines[COUNT(lines[q > parent.q]) > 3])", "SUM(lines, SUM(lines.q))", "FIRST(SORT(lines, SUM(lines.q))).q"])
def test_lists_within_lists_come_to_an_end(text: str) -> None:
    tree = text_to_typed(text, SCOPE).tree
    assert tree is not None
    few, many = ([{"q": Decimal(number)} for number in range(count)] for count in (20, 60_000))
    run = compile_python(tree)
    assert isinstance(run({"lines": few}, CONTEXT), Decimal)
    # A clock ten times as fast: the second that lists within lists have is over sooner, and it is looked at as often.
    assert run({"lines": many}, replace(CONTEXT, clock=lambda: 10 * monotonic())) == ErrorValue("LIMIT")
