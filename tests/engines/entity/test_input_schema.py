"""What may be sent for a field: any value in, the same out of the check of a whole record as out of the check of one value."""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dougong.model.app_model import AppModel
from dougong.model.resolve import resolve
from dougong.packages.library import read_package
from engines.entity.input_schema import COMPOSED, read_values, value_check
from engines.values.issue import Issue
from tests.workshop import element, entity, package

_TEXTS = st.text(st.characters(blacklist_categories=()), max_size=14) | st.text("ab \t\n\x00é́中　“１", max_size=14)
_NUMBERS = st.from_regex(r"\s?[+-]?[0-9]{0,40}(\.[0-9]{0,25})?([eE][+-]?[0-9]{1,3})?\s?", fullmatch=True) | st.sampled_from(["NaN", "Infinity", "1_0", "１"])
_TIMES = st.from_regex(r"[0-9]{1,5}[-/]?[0-9]{1,2}[-/]?[0-9]{1,2}([T ][0-9]{2}:?[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?", fullmatch=True)
_VALUES = st.one_of(
    _TEXTS, _NUMBERS, _TIMES, st.dates().map(str), st.datetimes().map(lambda at: f"{at.isoformat()}Z"),
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(allow_nan=None), st.dates(), st.datetimes(), st.lists(st.text(max_size=2), max_size=2),
)  # fmt: skip


@pytest.fixture(scope="module")
def cards() -> AppModel:
    """Return an app with a field of every kind that people write most."""
    organization, _ = resolve(read_package("organization"), 1)
    card = entity(
        "card", "name",
        element("name", "text", max_length=8), element("code", "text", min_length=2, max_length=5), element("note", "long_text", max_length=9),
        element("form", "text", pattern="[A-Z]+[0-9]"), element("n", "number"), element("some", "quantity", min_="-5", max="1000"),
        element("price", "money"), element("share", "percent"), element("takes", "duration"), element("on", "date"), element("at", "datetime"),
    )  # fmt: skip
    model, issues = resolve(package("cards", card), 1, {}, organization)
    assert model is not None, issues
    return model


@given(_VALUES)
@example("")
@example(" a ")
@example("é")
@example("2026-01-02T00:00:00")
@example("2026-01-02T03:04:05+08:00")
@example("1751990400")
@example("20260102")
def test_a_value_of_a_record_is_judged_as_one_alone(cards: AppModel, value: object) -> None:
    schema = cards.inputs["card"]
    for key, field in schema.entity.fields.items():
        if field.is_writable:
            alone: Any = value_check(field)(value)
            found = read_values(schema, {key: value})
            if isinstance(alone, Issue):
                assert isinstance(found, tuple), (key, found)
                assert [(one.code, one.message) for one in found] == [(alone.code, alone.message)]
            else:
                assert isinstance(found, dict), (key, found)
                assert (repr(found[key]), type(found[key])) == (repr(alone), type(alone)), key


def test_characters_that_need_no_composing() -> None:
    every = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    parts = {character: unicodedata.normalize("NFD", character) for character in every}
    # What can be the latter part of a character, and so join with what stands before it.
    joining = {part for whole in parts.values() for part in whole[1:]}
    known = [character for character in every if re.fullmatch(COMPOSED, character)]
    assert len(known) > 20_000
    for character in known:
        assert unicodedata.normalize("NFC", character) == character and character not in joining and not unicodedata.combining(character), hex(ord(character))
