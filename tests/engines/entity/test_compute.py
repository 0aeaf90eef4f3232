"""Computing a record: what was there and what was sent in, the whole record out; and what may be sent at all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from dougong.model.app_model import AppModel
from dougong.model.resolve import resolve
from dougong.packages.library import read_package
from engines.entity.compute import compute
from engines.entity.input_schema import read_input, read_values
from engines.entity.rules import check_rules
from engines.entity.sequence_pattern import parse_pattern
from engines.expression.failure import EvalContext
from engines.values.value_types import ErrorValue
from tests.workshop import element, entity, package, workshop

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
USER = UUID(int=7)
CONTEXT = EvalContext(NOW, ZoneInfo("Asia/Shanghai"), USER)
MAKER, THING, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
FOUND: dict[str, Any] = {
    "maker": {MAKER: {"id": MAKER, "contact": "Ann", "rate": Decimal("0.5"), "limit": Decimal(10)}},
    "thing": {THING: {"id": THING, "price": Decimal("2.5")}, OTHER: {"id": OTHER, "price": None}},
}


@pytest.fixture(scope="module")
def organization() -> AppModel:
    """Return the people's app."""
    model, _ = resolve(read_package("organization"), 1)
    assert model is not None
    return model


@pytest.fixture(scope="module")
def model(organization: AppModel) -> AppModel:
    """Return the workshop."""
    found, issues = resolve(workshop(), 1, {}, organization)
    assert found is not None, issues
    return found


def row(number: int, **values: object) -> dict[str, object]:
    """Return a row with an id."""
    return {"id": UUID(int=100 + number), **values}


def test_a_new_record(model: AppModel) -> None:
    sent: dict[str, Any] = {"id": UUID(int=9), "maker": MAKER, "lines": [row(1, thing=THING), row(2, thing=THING, quantity=Decimal("3.0004"), price=Decimal("0.335"))]}
    record = compute(model.plans["order"], None, sent, FOUND, CONTEXT)
    assert (record["on"], record["state"], record["reviewer"], record["contact"], record["rate"]) == (
        date(2026, 11, 24), "draft", USER, "Ann", Decimal("0.5"),
    )  # fmt: skip
    lines = [(r["quantity"], r["price"], r["amount"], r["position"]) for r in record["lines"]]
    assert lines == [(Decimal(1), Decimal("2.5"), Decimal("2.5"), 0), (Decimal(3), Decimal("0.34"), Decimal("1.02"), 1)]
    assert (record["total"], record["average"], record["average__error"]) == (Decimal("3.52"), Decimal("1.76"), None)
    assert record["number"] is None
    assert sent["lines"][0] == row(1, thing=THING), "what was sent is left as it is"


@pytest.mark.parametrize(("sent", "expected"), [
    ({"remark": "x"}, {"remark": "x", "total": Decimal(5), "contact": "Ann"}),
    ({"lines": []}, {"total": Decimal(0), "average": ErrorValue("DIV0"), "average__error": "DIV0"}),
    ({"lines": [row(1)]}, {"total": Decimal(5), "average__error": None}),
    ({"lines": [row(1, quantity=Decimal(4))]}, {"total": Decimal(10)}),
    ({"lines": [row(1, thing=OTHER)]}, {"total": Decimal(0)}),
    ({"lines": [row(1, thing=OTHER, price=Decimal(1))]}, {"total": Decimal(2)}),
    ({"lines": [row(1), row(2, thing=THING)]}, {"total": Decimal("7.5")}),
    ({"maker": MAKER, "contact": None}, {"contact": None}),
    ({"on": None}, {"on": None, "state": "draft"}),
])  # fmt: skip
def test_a_change(model: AppModel, sent: dict[str, object], expected: dict[str, object]) -> None:
    plan = model.plans["order"]
    first = {"id": UUID(int=9), "maker": MAKER, "lines": [row(1, thing=THING, quantity=Decimal(2))]}
    before = compute(plan, None, first, FOUND, CONTEXT)
    kept = {**before, "lines": [{k: v for k, v in r.items() if k not in ("parent", "position")} for r in before["lines"]]}
    after = compute(plan, kept, sent, FOUND, CONTEXT)
    assert {key: after[key] for key in expected} == expected


@pytest.mark.parametrize(("values", "places"), [
    ({}, []),
    ({"maker": None}, ["/maker"]),
    ({"remark": "forbidden"}, ["/remark"]),
    ({"lines": [row(1, thing=THING, quantity=Decimal(5))]}, ["/total"]),
    ({"lines": [row(1, thing=None, quantity=None)]}, ["/lines/0/quantity", "/lines/0/thing"]),
])  # fmt: skip
def test_rules(model: AppModel, values: dict[str, object], places: list[str]) -> None:
    plan = model.plans["order"]
    sent: dict[str, Any] = {"id": UUID(int=9), "maker": MAKER, "lines": [row(1, thing=THING)], **values}
    record = compute(plan, None, sent, FOUND, CONTEXT)
    assert sorted(found.pointer for found in check_rules(plan, record, FOUND, CONTEXT)) == places


@pytest.mark.parametrize(("text", "value"), [
    (b'"12.50"', Decimal("12.50")), (b"12.5", Decimal("12.5")), (b"1e2", Decimal(100)), (b'"1E+2"', Decimal(100)), (b"-0", Decimal(0)),
    (b"123456789012345678901234567890", Decimal(123456789012345678901234567890)), (b"0.1", Decimal("0.1")), (b"null", None),
    (b'"99999999999999999999999999999999999999"', Decimal("9" * 38)),
    (b'"100000000000000000000000000000000000000"', "record-number-too-large"), (b'"-1e38"', "record-number-too-small"), (b"1e400", "record-number-invalid"),
    (b"0.12345678901234567", "record-number-inexact"), (b'""', "record-number-invalid"), (b"true", "record-number-invalid"), (b"[]", "record-number-invalid"),
])  # fmt: skip
def test_numbers_in_json(organization: AppModel, text: bytes, value: object) -> None:
    model, issues = resolve(package("numbers", entity("card", "name", element("name", "text"), element("n", "number"))), 1, {}, organization)
    assert model is not None, issues
    found = read_input(model.inputs["card"], b'{"n":' + text + b"}")
    assert (found["n"] if isinstance(found, dict) else found[0].code) == value


def test_values_of_programs_are_checked_like_json(model: AppModel) -> None:
    good = read_values(model.inputs["order"], {"maker": str(MAKER), "on": "2026-01-01", "lines": [{"quantity": "1"}]})
    assert good == {"maker": MAKER, "on": date(2026, 1, 1), "lines": [{"quantity": Decimal(1)}]}
    bad = read_values(model.inputs["order"], {"maker": 5, "x": 1, "lines": [{"quantity": "x"}]})
    assert not isinstance(bad, dict)
    assert {found.pointer for found in bad} == {"/maker", "/x", "/lines/0/quantity"}


@pytest.mark.parametrize(("text", "around", "period", "width"), [
    ("SO-{yyyyMM}-{0000}", ("SO-202602-", ""), "202602", 4), ("{0}", ("", ""), "", 1), ("甲{yy}{MM}{dd}/{00}%d", ("甲260203/", "%d"), "260203", 2),
    ("{00}-{yyyy}", ("", "-2026"), "2026", 2), ("100%{000}", ("100%", ""), "", 3), ("{yyyyMMdd}{0}", ("20260203", ""), "20260203", 1),
])  # fmt: skip
def test_patterns(text: str, around: tuple[str, str], period: str, width: int) -> None:
    pattern = parse_pattern(text)
    assert pattern is not None
    assert (pattern.around(date(2026, 2, 3)), pattern.period(date(2026, 2, 3)), pattern.width) == (around, period, width)


@pytest.mark.parametrize("text", ["", "SO", "{yyyy}", "{00}{00}", "{0", "0}", "{}", "{hh}{0}", "{0}{", "}{0}"])
def test_no_pattern(text: str) -> None:
    assert parse_pattern(text) is None
