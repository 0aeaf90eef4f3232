"""Values survive their JSON form, and JSON that fits no type is an issue with its place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.values.decimals import is_in_limits, number_text, quotient, round_half_up
from engines.values.issue import Issue
from engines.values.json_values import value_from_json, value_to_json
from engines.values.messages import MESSAGES
from engines.values.value_types import (
    BLANK,
    BOOL,
    DATE,
    DATETIME,
    ERROR_CODES,
    NUMBER,
    OPTION,
    TEXT,
    ErrorValue,
    Value,
    ValueType,
    list_of,
    record_of,
    type_from_text,
    type_text,
)

ID = UUID("0192f0c4-7b1a-7cc3-9d7e-2f6a3c1b5e90")
GOOD: list[tuple[object, ValueType, Value]] = [
    ("12.50", NUMBER, Decimal("12.5")),
    (3, NUMBER, Decimal(3)),
    (0.1, NUMBER, Decimal("0.1")),
    (" -1e3 ", NUMBER, Decimal(-1000)),
    ("", NUMBER, None),
    ("", TEXT, None),
    (None, BOOL, None),
    ("e\u0301", TEXT, "é"),
    ("draft", OPTION, "draft"),
    (False, BOOL, False),
    ("2024-02-29", DATE, date(2024, 2, 29)),
    ("2026-11-23T08:00:00+08:00", DATETIME, datetime(2026, 11, 23, 0, tzinfo=UTC)),
    ("2026-11-23T08:00:00Z", DATETIME, datetime(2026, 11, 23, 8, tzinfo=UTC)),
    (str(ID), record_of("partner"), ID),
    (["1", None], list_of(NUMBER), [Decimal(1), None]),
    ("x", BLANK, None),
]
BAD: list[tuple[object, ValueType, str]] = [
    ("abc", NUMBER, "value-not-a-number"),
    ("NaN", NUMBER, "value-not-a-number"),
    (float("inf"), NUMBER, "value-not-a-number"),
    ("１２", NUMBER, "value-not-a-number"),
    ("1_000", NUMBER, "value-not-a-number"),
    (True, NUMBER, "value-not-a-number"),
    ({}, NUMBER, "value-not-a-number"),
    ("1" * 5000, NUMBER, "value-not-a-number"),
    ("1e38", NUMBER, "value-number-too-large"),
    (10**38, NUMBER, "value-number-too-large"),
    (1, TEXT, "value-not-a-text"),
    ("a\x00b", TEXT, "value-text-unstorable"),
    ("\ud800", TEXT, "value-text-unstorable"),
    ("true", BOOL, "value-not-a-boolean"),
    (1, BOOL, "value-not-a-boolean"),
    ("2026-02-30", DATE, "value-not-a-date"),
    ("20260223", DATE, "value-not-a-date"),
    ("2026-11-23T08:00:00", DATETIME, "value-not-a-datetime"),
    ("0001-01-01T00:00:00+14:00", DATETIME, "value-not-a-datetime"),
    ("x", DATETIME, "value-not-a-datetime"),
    ("0192f0c4", record_of(None), "value-not-a-record"),
    ("1", list_of(NUMBER), "value-not-a-list"),
]


@pytest.mark.parametrize(("raw", "value_type", "value"), GOOD)
def test_json_that_fits_is_read(raw: object, value_type: ValueType, value: Value) -> None:
    found = value_from_json(raw, value_type)
    assert found == value and type(found) is type(value)
    assert value_from_json(value_to_json(found), value_type) == value


@pytest.mark.parametrize(("raw", "value_type", "code"), BAD)
def test_json_that_does_not_fit_is_an_issue(raw: object, value_type: ValueType, code: str) -> None:
    found = value_from_json(raw, value_type, "/field")
    assert isinstance(found, Issue)
    assert (found.code, found.pointer) == (code, "/field")
    assert set(found.message) == {"zh-CN", "en"}


def test_an_issue_in_a_list_names_its_place() -> None:
    found = value_from_json(["1", "x"], list_of(NUMBER), "/tags")
    assert isinstance(found, Issue) and found.pointer == "/tags/1"
    assert found.at("/other").pointer == "/other"


def test_every_message_is_met() -> None:
    assert {code for *_, code in BAD} == set(MESSAGES)


@pytest.mark.parametrize("text", ["number", "list<text>", "record:sales_order.lines", "list<record:a>", "record"])
def test_types_are_written_and_read(text: str) -> None:
    assert type_text(type_from_text(text)) == text


def test_other_values_have_a_json_form() -> None:
    assert value_to_json({"id": ID, "name": "x"}) == str(ID)
    assert value_to_json(ErrorValue(ERROR_CODES[0])) == {"error": "DIV0"}
    assert value_to_json(datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))) == "2026-01-01T00:00:00Z"
    with pytest.raises(TypeError):
        value_to_json(object())


numbers = st.decimals(min_value=Decimal("-1e30"), max_value=Decimal("1e30"), allow_nan=False, places=9)


@given(numbers)
def test_the_text_of_a_number_is_canonical(number: Decimal) -> None:
    text = number_text(number)
    assert Decimal(text) == number and "E" not in text
    assert text == "0" or not text.endswith(".") and not ("." in text and text.endswith("0"))
    assert value_from_json(text, NUMBER) == number


@given(numbers, numbers.filter(bool))
def test_a_quotient_is_the_nearest_number_of_20_decimals(number: Decimal, divisor: Decimal) -> None:
    found = quotient(number, divisor) if abs(number / divisor) < Decimal("1e37") else None
    if found is not None:
        assert abs(Fraction(number) / Fraction(divisor) - Fraction(found)) <= Fraction(1, 2 * 10**20)


def test_halves_are_rounded_away_from_zero() -> None:
    assert [round_half_up(Decimal(text), 0) for text in ("0.5", "1.5", "2.5", "-0.5", "-2.5")] == [1, 2, 3, -1, -3]
    assert not is_in_limits(Decimal("1e38")) and is_in_limits(Decimal("-9e37"))
