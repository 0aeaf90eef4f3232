"""Three-way merges as tables: what merges by itself, what is a conflict, where vendors' elements land in a list the customer put in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from dougong.model.merge import Rule, Side, merge, resolve_conflicts
from dougong.model.merge_notes import merged_notes

Document = dict[str, Any]


def app(*fields: Document, **others: object) -> Document:
    """Return a document of one entity with these fields."""
    return {"key": "shop", "version": "1.0.0", "entities": [{"key": "item", "fields": list(fields)}], **others}


def field(key: str, **others: object) -> Document:
    return {"key": key, "kind": "text", "name": {"zh-CN": key, "en": key}, **others}


def form(**sections: list[str]) -> Document:
    """Return a document of one form: inputs by section."""
    nodes = [
        {"key": key, "kind": "section", "nodes": [{"key": one, "kind": "input", "field": one} for one in inputs]}
        for key, inputs in sections.items()
    ]
    return {"key": "shop", "forms": [{"key": "item", "entity": "item", "nodes": nodes}]}


def shown(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what `form` is made from."""
    return {section["key"]: [node["key"] for node in section["nodes"]] for section in document["forms"][0]["nodes"]}


def keys(document: Mapping[str, Any]) -> list[str]:
    return [one["key"] for one in document["entities"][0]["fields"]]


def test_each_side_changes_another_property_of_a_field() -> None:
    ours = app(field("a", name={"zh-CN": "甲", "en": "a"}, required=True))
    theirs = app(field("a", name={"zh-CN": "a", "en": "Alpha"}, help={"en": "First"}), version="2.0.0")
    found = merge(app(field("a")), ours, theirs)
    assert not found.conflicts
    assert found.document["version"] == "2.0.0"
    wanted = field("a", name={"zh-CN": "甲", "en": "Alpha"}, required=True, help={"en": "First"})
    assert found.document["entities"][0]["fields"] == [wanted]


CONFLICTS: list[tuple[str, Document, Document, Document, str, str, object, object, object]] = [
    ("label", app(field("a")), app(field("a", name={"en": "Ours", "zh-CN": "a"})), app(field("a", name={"en": "Theirs", "zh-CN": "a"})),
     "/entities/item/fields/a/name/en", "changed", "a", "Ours", "Theirs"),
    ("property", app(field("a", scale=2)), app(field("a", scale=3)), app(field("a")),
     "/entities/item/fields/a/scale", "changed", 2, 3, None),
    ("removed by us", app(field("a"), field("b")), app(field("b")), app(field("a", max=3), field("b")),
     "/entities/item/fields/a", "removed", field("a"), None, field("a", max=3)),
    ("removed by them", app(field("a"), field("b")), app(field("a", max=3), field("b")), app(field("b")),
     "/entities/item/fields/a", "removed", field("a"), field("a", max=3), None),
    ("added by both", app(), app(field("a", max=1)), app(field("a", max=2)), "/entities/item/fields/a/max", "changed", None, 1, 2),
    ("order", app(field("a"), field("b"), field("c")), app(field("b"), field("a"), field("c")), app(field("a"), field("c"), field("b")),
     "/entities/item/fields", "order", ["a", "b", "c"], ["b", "a", "c"], ["a", "c", "b"]),
    ("keyless list", app(search=["a"]), app(search=["a", "b"]), app(search=["c"]), "/search", "changed", ["a"], ["a", "b"], ["c"]),
    ("whole object", app(schema={"a": 1}), app(schema={"a": 2}), app(schema={"a": 1, "b": 2}),
     "/schema", "changed", {"a": 1}, {"a": 2}, {"a": 1, "b": 2}),
    ("columns that are not written are all columns", app(columns=[{"key": "a"}]), app(), app(columns=[{"key": "a"}, {"key": "b"}]),
     "/columns", "changed", [{"key": "a"}], None, [{"key": "a"}, {"key": "b"}]),
]  # fmt: skip


@pytest.mark.parametrize(("base", "ours", "theirs", "pointer", "cause", "was", "our", "their"), [c[1:] for c in CONFLICTS], ids=[c[0] for c in CONFLICTS])
def test_conflict_is_told_and_settled_for_either_side(
    base: Document, ours: Document, theirs: Document, pointer: str, cause: str, was: object, our: object, their: object
) -> None:
    found = merge(base, ours, theirs)
    conflict = found.conflicts[pointer]
    assert list(found.conflicts) == [pointer]
    assert (conflict.cause, conflict.base, conflict.ours, conflict.theirs) == (cause, was, our, their)
    assert found.open == (conflict,)
    settled: dict[Side, Mapping[str, Any]] = {}
    for side in ("ours", "theirs"):
        chosen = resolve_conflicts(found, {pointer: side})
        assert not chosen.open
        assert chosen.document == resolve_conflicts(found, {}, side).document
        settled[side] = chosen.document
    assert found.document == settled["ours"] == ours  # what the customer has stays until somebody chooses
    assert settled["theirs"] == theirs


@pytest.mark.parametrize(
    ("rule", "words", "scale"), [("ours", "Ours", 1), ("theirs", "Theirs", 2), ("labels", "Ours", 2)]
)
def test_rule_settles_what_is_not_chosen(rule: Rule, words: str, scale: int) -> None:
    base, ours, theirs = (
        app(field("name", scale=n, name={"en": text}), field("b", max=n)) for n, text in ((0, "Base"), (1, "Ours"), (2, "Theirs"))
    )
    found = resolve_conflicts(merge(base, ours, theirs), {"/entities/item/fields/b/max": "ours"}, rule)
    first, second = found.document["entities"][0]["fields"]
    assert (first["name"]["en"], first["scale"], second["max"]) == (words, scale, 1)
    assert not found.open
    assert len(found.conflicts) == 3


ORDERS = [
    ("abc", "cab", "abxc", "cabx"),  # the customer's order; what is new comes after its neighbour
    ("abc", "abc", "xabcy", "xabcy"),
    ("abc", "xaybcz", "acb", "xayczb"),  # the vendor's order; what the customer added as well
    ("abc", "abxc", "abyc", "abxyc"),  # the customer's own stays beside its neighbour
    ("abcd", "dab", "abxcd", "dabx"),
    ("abcd", "dcba", "dcbxa", "dcbxa"),
    ("", "xy", "zy", "xzy"),
]


@pytest.mark.parametrize(("base", "ours", "theirs", "merged"), ORDERS)
def test_order_is_merged(base: str, ours: str, theirs: str, merged: str) -> None:
    documents = [app(*(field(key) for key in order)) for order in (base, ours, theirs)]
    found = merge(*documents)
    assert ("".join(keys(found.document)), dict(found.conflicts)) == (merged, {})


FORMS = [
    # each side moves another input; a new one follows its neighbour to where the customer has it
    (form(a=["1", "2"], b=["3"]), form(a=["2"], b=["1", "3"]), form(a=["1", "2"], b=[], c=["3"]), {"a": ["2"], "b": ["1"], "c": ["3"]}),
    (form(a=["1", "2"], b=["3"]), form(b=["3"], a=["2", "1"]), form(a=["1", "4", "2"], b=["3"]), {"b": ["3"], "a": ["2", "1", "4"]}),
    # a section both emptied is gone; what one side moved out of it is not
    (form(a=["1", "2"], b=["3"]), form(a=["1", "2", "3"]), form(a=["2", "1"], b=["3"]), {"a": ["2", "3", "1"]}),
]


@pytest.mark.parametrize(("base", "ours", "theirs", "merged"), FORMS)
def test_inputs_move_between_sections(base: Document, ours: Document, theirs: Document, merged: dict[str, list[str]]) -> None:
    found = merge(base, ours, theirs)
    assert (shown(found.document), dict(found.conflicts)) == (merged, {})


def test_input_moved_by_both_is_a_conflict_of_its_place() -> None:
    found = merge(form(a=["1"], b=[], c=[]), form(a=[], b=["1"], c=[]), form(a=[], b=[], c=["1"]))
    conflict = found.conflicts["/forms/item/nodes/b/nodes/1/in"]
    assert (conflict.base, conflict.ours, conflict.theirs) == ("a", "b", "c")
    assert shown(resolve_conflicts(found, {conflict.pointer: "theirs"}).document) == {"a": [], "b": [], "c": ["1"]}


def test_section_one_side_removed_and_the_other_put_something_into() -> None:
    base = form(a=["1"], b=["2"])
    ours, theirs = form(a=["1"], b=["2", "mine"]), form(a=["1", "2"])
    found = merge(base, ours, theirs)
    assert [(c.pointer, c.cause) for c in found.open] == [("/forms/item/nodes/b", "removed")]
    assert shown(found.document) == {"a": ["1", "2"], "b": ["mine"]}
    assert shown(resolve_conflicts(found, {}, "theirs").document) == shown(theirs)
    turned = merge(base, theirs, ours)
    assert shown(turned.document) == shown(theirs)
    assert shown(resolve_conflicts(turned, {}, "theirs").document) == {"a": ["1", "2"], "b": ["mine"]}


def test_section_comes_along_with_what_is_kept_of_it() -> None:
    base, theirs = form(a=["1"], b=["2", "3"]), form(a=["1"])
    ours = form(a=["1"], b=["2", "3"])
    ours["forms"][0]["nodes"][1]["nodes"][0]["span"] = 2
    found = merge(base, ours, theirs)
    assert [c.pointer for c in found.open] == ["/forms/item/nodes/b/nodes/2"]
    assert shown(found.document) == {"a": ["1"], "b": ["2"]}
    assert shown(resolve_conflicts(found, {}, "theirs").document) == {"a": ["1"]}


def test_input_moved_into_a_removed_section_goes_back_where_it_was() -> None:
    found = merge(form(a=["1"], b=["2"]), form(a=[], b=["1", "2"]), form(a=["1"]))
    assert [c.pointer for c in found.open] == ["/forms/item/nodes/b"]
    assert shown(found.document) == {"a": [], "b": ["1"]}
    assert shown(resolve_conflicts(found, {}, "theirs").document) == {"a": ["1"]}


def test_keys_that_repeat_are_left_as_they_are() -> None:
    ours = app(field("a"), field("a", max=1))
    found = merge(app(field("a")), ours, app(field("a"), field("b")))
    assert found.document == ours
    assert list(found.conflicts) == ["/entities/item/fields"]


def test_seed_records_of_two_entities_may_share_a_key() -> None:
    def seeds(*records: tuple[str, str, str]) -> Document:
        return {"seed": [{"key": key, "entity": entity, "values": {"name": name}} for entity, key, name in records]}

    base = seeds(("color", "red", "Red"), ("wine", "red", "Red"))
    found = merge(base, seeds(("color", "red", "Rot"), ("wine", "red", "Red")), seeds(("color", "red", "Red"), ("wine", "red", "Rouge")))
    assert found.document == seeds(("color", "red", "Rot"), ("wine", "red", "Rouge"))


def test_what_merges_by_itself_is_told_in_words() -> None:
    base = app(field("a"), field("b"), field("c", max=1))
    ours = app(field("a", name={"zh-CN": "甲", "en": "Alpha"}), field("c", max=2), field("x_new"))
    theirs = app(field("a", scale=2), field("b"), field("c", max=3), field("d"), version="2.0.0")
    notes = merged_notes(merge(base, ours, theirs))
    assert [(note.side, note.change.kind, note.change.pointer) for note in notes] == [
        ("theirs", "changed", "/entities/item/fields/a"), ("theirs", "added", "/entities/item/fields/d"), ("theirs", "changed", "/"),
        ("ours", "changed", "/entities/item/fields/a"), ("ours", "added", "/entities/item/fields/x_new"),
        ("ours", "removed", "/entities/item/fields/b"),
    ]  # fmt: skip
    assert notes[0].change.text["en"].endswith(": decimals")
    assert notes[3].change.text["zh-CN"].endswith("：原名“a”")
