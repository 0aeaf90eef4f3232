"""Documents: whatever is written in one, resolving it gives a model or issues with places, never a failure; and its keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dougong.model.app_model import AppModel
from dougong.model.definition import AppDefinition
from dougong.model.diff import diff
from dougong.model.keys import suggest_key
from dougong.model.property_words import PROPERTY_WORDS
from dougong.model.resolve import resolve
from dougong.packages.compose import compose
from dougong.packages.errors import PackageInvalid
from dougong.packages.library import read_package
from dougong.registry.errors import DefinitionInvalid
from engines.entity.entity import RESERVED_KEYS
from tests.workshop import Document, element, entity, label, package, with_fields, workshop

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4)
    | st.sampled_from(["key", "number", "lines", "order", "SUM(lines.amount)", "1 +", "a.b.c", "organization.user", "order.lines"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["key", "kind", "extend", "fields", "x"]), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip


@pytest.fixture(scope="module")
def organization() -> AppModel:
    """Return the people's app."""
    model, issues = resolve(read_package("organization"), 1)
    assert model is not None, issues
    return model


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 – any JSON
    """Give every place of a document."""
    parts = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield (*at, key)
        yield from places(part, (*at, key))


PLACES = list(places(workshop()))


def replaced(document: Document, place: tuple[str | int, ...], value: object) -> Document:
    """Return a copy with another value at a place."""
    changed: Any = deepcopy(document)
    here = changed
    for part in place[:-1]:
        here = here[part]
    here[place[-1]] = value
    return dict(changed)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(PLACES), JUNK)
def test_junk_anywhere_is_an_issue_or_fine(organization: AppModel, place: tuple[str | int, ...], value: object) -> None:
    document = replaced(workshop(), place, value)
    model, issues = resolve(document, 1, {}, organization)
    assert (model is None) == bool(issues)
    for found in issues:
        assert found.message["zh-CN"]
        assert found.message["en"]
        assert found.pointer == "" or found.pointer.startswith("/")
        assert "should" not in found.message["zh-CN"]
    for note in (*diff(workshop(), document), *diff(document, workshop()), *diff({}, document)):
        assert note.text["zh-CN"]
        assert note.text["en"]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.sampled_from([place for place in PLACES if len(place) <= 3]), JUNK)
def test_junk_in_a_package_that_requires_another(place: tuple[str | int, ...], value: object) -> None:
    document = {**workshop(), "requires": [{"package": "trading_starter", "version": ""}]}
    try:
        composed = compose(replaced(document, place, value), lambda key: [read_package(key)] if key == "trading_starter" else [])
    except (PackageInvalid, DefinitionInvalid) as refusal:
        assert refusal.issues
    else:
        resolve(composed)


@pytest.mark.parametrize("key", sorted(RESERVED_KEYS))
def test_reserved_keys_are_refused_in_records_and_rows(organization: AppModel, key: str) -> None:
    rows = element("rows", "lines", fields=[element(key, "text")])
    document = package("reserved", entity("card", "name", element("name", "text"), element(key, "text"), rows))
    _, issues = resolve(document, 1, {}, organization)
    assert {(found.code, found.pointer) for found in issues} == {
        ("definition-key-reserved", f"/entities/card/fields/{key}"), ("definition-key-reserved", f"/entities/card/fields/rows/fields/{key}"),
    }  # fmt: skip


def test_reserved_keys_are_those_that_were_promised() -> None:
    promised = "id revision created_at created_by updated_at updated_by deleted_at parent position"
    assert RESERVED_KEYS == set(promised.split())


@pytest.mark.parametrize("key", ["select", "order", "table", "user", "null", "a", "a1", "x_shelf", "x" * 40])
def test_words_of_sql_are_keys_like_others(organization: AppModel, key: str) -> None:
    document = package(key, entity(key, key, element(key, "text", unique=True, indexed=True), element(f"{key[:36]}_no", "number")))
    document["policies"] = []
    model, issues = resolve(document, 1, {}, organization)
    assert model is not None, issues


@pytest.mark.parametrize("key", ["", "A", "1a", "a-b", "a__b", "_a", "a_", "销售", "x" * 41, "a b", 'a"b'])
def test_no_key(organization: AppModel, key: str) -> None:
    model, issues = resolve(package("keys", entity("card", "name", element("name", "text"), element(key, "text"))), 1, {}, organization)
    assert model is None
    assert {found.code for found in issues} == {"definition-shape"}


@given(st.text(max_size=60), st.lists(st.text(max_size=5), max_size=3), st.sampled_from(["", "x_"]))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_suggested_key_is_a_key_and_free(text: str, taken: list[str], prefix: str) -> None:
    key = suggest_key(text, [*taken, "field"], prefix)
    assert re.fullmatch(r"[a-z](_?[a-z0-9])*", key), key
    assert len(key) <= 40
    assert key not in taken
    assert key not in RESERVED_KEYS
    assert key.startswith(prefix)


def test_computed_fields_are_computed_in_the_order_they_need(organization: AppModel) -> None:
    rows = element("rows", "lines", fields=[
        element("n", "number"), element("last", "number", formula="parent.third + n"), element("share", "number", formula="n * 2")])  # fmt: skip
    fields = [element("name", "text"), element("third", "number", formula="second + 1"), element("second", "number", formula="first * 2"),
              element("end", "number", formula="SUM(rows.last)"), element("first", "number", formula="SUM(rows.share)"), rows]  # fmt: skip
    model, issues = resolve(package("ordered", entity("card", "name", *fields)), 1, {}, organization)
    assert model is not None, issues
    order = model.entities["card"].computed
    assert sorted(order) == sorted(["third", "second", "end", "first", "rows.last", "rows.share"])
    before = [("rows.share", "first"), ("first", "second"), ("second", "third"), ("third", "rows.last"), ("rows.last", "end")]
    assert all(order.index(a) < order.index(b) for a, b in before)
    circle = with_fields(model.document if isinstance(model.document, dict) else {}, "card", element("first", "number", formula="end"))
    _, issues = resolve(circle, 1, {}, organization)
    assert [found.code for found in issues] == ["definition-formula-cycle"]
    assert " → " in issues[0].message["en"]


def test_one_label_is_enough(organization: AppModel) -> None:
    document = package("labels", entity("card", "name", element("name", "text")))
    document["entities"][0]["name"] = {"en": "Card"}
    model, _ = resolve(document, 1, {}, organization)
    assert model is not None
    assert model.entities["card"].name == {"zh-CN": "Card", "en": "Card"}
    document["entities"][0]["name"] = {"de": "Karte", **label("Card")}
    assert resolve(document, 1, {}, organization)[0] is None


def test_the_schema_says_what_is_accepted() -> None:
    schema = AppDefinition.model_json_schema()
    assert schema["properties"]["format"]["const"] == "dougong.app/1"
    assert AppDefinition.model_validate(workshop()).key == "workshop"


def test_every_property_has_a_name_people_read() -> None:
    """The list of changes and what is wrong speak of properties in words, in both languages."""
    schema = AppDefinition.model_json_schema()
    written = {name for shape in (schema, *schema["$defs"].values()) for name in shape.get("properties", {})}
    assert written == PROPERTY_WORDS.keys()
    assert all(words["zh-CN"] and words["en"] for words in PROPERTY_WORDS.values())
