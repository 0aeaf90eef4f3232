"""Definitions of fields that are not right: each property of a kind, refused where it stands; and tables that know every kind."""

from __future__ import annotations

import pytest

from dougong.api.value_schemas import VALUE_SCHEMAS as JSON_SCHEMAS
from dougong.model.app_model import AppModel
from dougong.model.resolve import resolve
from dougong.packages.library import read_package
from engines.entity.field_kinds import FIELD_KINDS
from engines.entity.input_schema import VALUE_SCHEMAS
from tests.workshop import Document, element, entity, options, package

WRONG: list[tuple[str, Document, str, str]] = [
    ("pattern", element("f", "text", pattern="[a"), "definition-text-pattern", "f/pattern"),
    ("lengths", element("f", "text", min_length=9, max_length=3), "definition-range-invalid", "f"),
    ("durations", element("f", "duration", min_="9", max_="3"), "definition-range-invalid", "f"),
    ("stars", element("f", "rating", max_=11), "definition-shape", "f/max"),
    ("currency", element("f", "money", currency="yuan"), "definition-shape", "f/currency"),
    ("unit-unknown", element("f", "quantity", unit_field="nowhere"), "definition-field-unknown", "f/unit_field"),
    ("unit-kind", element("f", "quantity", unit_field="flag"), "definition-unit-kind", "f/unit_field"),
    ("currency-kind", element("f", "money", currency_field="flag"), "definition-unit-kind", "f/currency_field"),
    ("format", element("f", "barcode", format="morse"), "definition-shape", "f/format"),
    ("parent-unknown", element("f", "tree_choice", options=[{**options("a")[0], "parent": "z"}]), "definition-option-parent", "f/options/a/parent"),
    ("parent-circle", element("f", "tree_choice", options=[{**options("a")[0], "parent": "a"}]), "definition-option-parent", "f/options/a/parent"),
    ("option-twice", element("f", "choices", options=options("a", "a")), "definition-key-taken", "f/options/a"),
    ("schema", element("f", "json", schema={"type": "objekt"}), "definition-json-schema", "f/schema"),
    ("schema-elsewhere", element("f", "json", schema={"$ref": "https://example.com/s"}), "definition-json-schema", "f/schema"),
    ("index-json", element("f", "json", indexed=True), "definition-index-kind", "f/indexed"),
    ("index-choices", element("f", "choices", options=options("a"), indexed=True), "definition-index-kind", "f/indexed"),
    ("unique-rich", element("f", "rich_text", unique=True), "definition-index-kind", "f/unique"),
    ("unique-secret", element("f", "secret", unique=True), "definition-index-kind", "f/unique"),
    ("formula-choices", element("f", "choices", options=options("a"), formula='["a"]'), "definition-formula-kind", "f"),
    ("formula-address", element("f", "address", formula='"x"'), "definition-formula-kind", "f"),
    ("default-secret", element("f", "secret", default='"x"'), "definition-formula-kind", "f"),
    ("any-formula", element("f", "any_reference", to=["sample"], default="NULL"), "definition-formula-kind", "f"),
    ("any-unique", element("f", "any_reference", to=["sample"], unique=True), "definition-index-kind", "f/unique"),
    ("any-none", element("f", "any_reference", to=[]), "definition-shape", "f/to"),
    ("any-unknown", element("f", "any_reference", to=["sample", "nobody"]), "definition-entity-unknown", "f/to"),
    ("any-twice", element("f", "any_reference", to=["sample", "sample"]), "definition-entity-twice", "f/to"),
    ("secret-in-rows", element("f", "lines", fields=[element("s", "secret")]), "definition-kind-unknown", "f/fields/s"),
]  # fmt: skip
HIDDEN = ("rich_text", "secret", "address", "location", "json")


def resolved(*fields: Document, **others: object) -> tuple[AppModel | None, list[tuple[str, str]]]:
    organization, _ = resolve(read_package("organization"), 1)
    sample = entity("sample", "name", element("name", "text"), element("flag", "boolean"), *fields)
    model, issues = resolve(package("kinds", sample, **others), 1, {}, organization)
    return model, [(found.code, found.pointer) for found in issues]


@pytest.mark.parametrize(("field", "code", "place"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_wrong_property_is_refused_where_it_stands(field: Document, code: str, place: str) -> None:
    assert resolved(field) == (None, [(code, f"/entities/sample/fields/{place}")])


@pytest.mark.parametrize("kind", HIDDEN)
def test_what_expressions_may_not_read_is_unknown_to_formulas(kind: str) -> None:
    _, issues = resolved(element("f", kind), element("g", "boolean", formula="ISBLANK(f)"))
    assert issues == [("expression-unknown-name", "/entities/sample/fields/g/formula")]


@pytest.mark.parametrize("kind", [kind for kind in HIDDEN if kind != "secret"])
def test_filters_of_views_read_it_as_a_text_and_nothing_is_sorted_by_it(kind: str) -> None:
    view = {"key": "all", "name": {"en": "All"}, "kind": "list", "entity": "sample", "columns": [{"key": "f"}]}
    model, issues = resolved(element("f", kind), views=[{**view, "filter": 'CONTAINS(f, "x")'}])
    assert model is not None, issues
    _, issues = resolved(element("f", kind), views=[{**view, "sort": [{"key": "f"}]}])
    assert issues == [("definition-sort-kind", "/views/all/sort/f")]


READS: list[tuple[str, list[tuple[str, str]]]] = [
    ('f.entity = "sample"', []), ("ISBLANK(f) OR f = other", []), ("f.sample = me", []), ('IN(f, "sample/00000000-0000-7000-8000-000000000001")', []),
    ("f = me", [("expression-operand", "g/formula")]), ("f.name = \"x\"", [("expression-unknown-field", "g/formula")]),
    ('f = "00000000-0000-7000-8000-000000000001"', [("expression-operand", "g/formula")]), ("f < other", [("expression-operand", "g/formula")]),
    ('f.user.name = "x"', [("definition-formula-unfollowed", "g/formula")]),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "wrong"), READS, ids=[formula for formula, _ in READS])
def test_what_expressions_say_of_a_record_of_one_of_several_entities(formula: str, wrong: list[tuple[str, str]]) -> None:
    among = element("f", "any_reference", to=["sample", "organization.user"]), element("other", "any_reference", to=["sample"])
    _, issues = resolved(*among, element("me", "reference", to="sample"), element("g", "boolean", formula=formula))
    assert issues == [(code, f"/entities/sample/fields/{place}") for code, place in wrong]
    virtual, issues = resolved(*among, element("g", "boolean", formula='f.user.name = "x"', virtual=True))
    assert virtual is not None and issues == []


def test_every_table_by_kind_has_every_kind() -> None:
    assert set(VALUE_SCHEMAS) == {row.key for row in FIELD_KINDS.values() if row.is_input and row.key != "lines"}
    assert set(JSON_SCHEMAS) == {row.key for row in FIELD_KINDS.values() if row.key != "lines"}
