"""Commands on a document: the vectors the designer passes as well, what leads from one document to another, gestures and words."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dougong.model.command_json import command_json, command_of, commands_of
from dougong.model.commands import (
    ABSENT,
    Refused,
    adapt,
    apply,
    apply_all,
    find,
    invert,
    invert_all,
    same,
)
from dougong.model.commands_between import commands_between
from dougong.model.gestures import Done, carry_out
from dougong.model.place_words import gesture_words, place_words
from tests.workshop import Document, workshop

VECTORS = json.loads((Path(__file__).parent / "command_vectors.json").read_text())
DOCUMENT: Document = VECTORS["document"]


@pytest.mark.parametrize("vector", VECTORS["apply"], ids=lambda vector: vector["name"])
def test_apply(vector: Document) -> None:
    command = command_of(vector["command"])
    before = deepcopy(DOCUMENT)
    applied = apply(DOCUMENT, command)
    assert before == DOCUMENT, "the document was touched"
    assert command_json(command) == vector["command"]
    if "refused" in vector:
        assert applied == Refused(vector["refused"], vector["pointer"])
        return
    assert not isinstance(applied, Refused)
    if vector.get("unchanged"):
        assert applied is DOCUMENT
        return
    found = find(applied, vector["at"])
    if "keys" in vector:
        assert [one["key"] for one in found] == vector["keys"]
    elif vector.get("absent"):
        assert found is ABSENT
    else:
        assert found == vector["value"]
    back = apply(applied, invert(command))
    assert not isinstance(back, Refused) and same(back, DOCUMENT)


@pytest.mark.parametrize("vector", VECTORS["adapt"], ids=lambda vector: vector["name"])
def test_adapt(vector: Document) -> None:
    found = adapt(DOCUMENT, command_of(vector["command"]))
    if "refused" in vector:
        assert isinstance(found, Refused) and found.reason == vector["refused"]
    else:
        assert not isinstance(found, Refused) and command_json(found) == vector["adapted"]


def test_what_lies_beside_a_change_is_shared() -> None:
    changed = apply(DOCUMENT, command_of({"kind": "set", "at": "/entities/order/title", "value": "total", "previous": "number"}))
    assert not isinstance(changed, Refused)
    assert changed["forms"] is DOCUMENT["forms"]
    assert changed["entities"][1] is DOCUMENT["entities"][1]
    assert changed["entities"][0]["fields"] is DOCUMENT["entities"][0]["fields"]


KEYS = st.sampled_from("abcdef")
LEAVES = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "a"])


def _keyed(values: Any) -> Any:  # noqa: ANN401
    objects = st.dictionaries(st.sampled_from(["p", "q", "zh-CN"]), values, max_size=2)
    return st.lists(KEYS, unique=True, max_size=5).flatmap(
        lambda keys: st.tuples(*[objects.map(lambda one, key=key: {**one, "key": key}) for key in keys]).map(list)  # type: ignore[misc]
    )


VALUES = st.recursive(
    LEAVES, lambda values: st.lists(values, max_size=2) | st.dictionaries(st.sampled_from(["p", "q"]), values, max_size=2) | _keyed(values), max_leaves=12
)
DOCUMENTS = st.dictionaries(st.sampled_from(["entities", "forms", "name"]), VALUES, max_size=3)


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_what_leads_from_one_document_to_another(before: Document, after: Document) -> None:
    commands = commands_between(before, after)
    assert commands is not None
    there = apply_all(before, commands)
    assert not isinstance(there, Refused) and same(there, after)
    back = apply_all(there, invert_all(commands))
    assert not isinstance(back, Refused) and same(back, before)


def test_an_element_taken_to_the_front_is_one_move() -> None:
    def document(keys: str) -> Document:
        return {"views": [{"key": key} for key in keys]}

    (command,) = commands_between(document("abcdef"), document("fabcde")) or ()
    assert command_json(command) == {
        "kind": "move", "key": "f", "from": {"list": "/views", "before": None}, "to": {"list": "/views", "before": "a"},
    }  # fmt: skip


def test_what_no_pointer_can_name() -> None:
    assert commands_between({}, {"a/b": 1}) is None
    assert commands_between({"x": {}}, {"x": {"a/b": 1}}) == commands_of([{"kind": "set", "at": "/x", "value": {"a/b": 1}, "previous": {}}])


LINES = "/entities/order/fields/lines/fields"


def test_labels_in_a_gesture_become_keys() -> None:
    document = workshop()
    price, quantity = find(document, f"{LINES}/price/name/en"), find(document, f"{LINES}/quantity/name/en")
    made = carry_out(document, commands_of([
        {"kind": "insert", "to": {"list": LINES, "before": None},
         "element": {"key": "x_twice", "kind": "number", "name": {"en": "Twice"}, "formula": f"{{{price}}} * {{{quantity}}}"}},
        {"kind": "set", "at": f"{LINES}/x_twice/formula", "value": f"{{{quantity}}} * 2", "previous": f"{{{price}}} * {{{quantity}}}"},
    ]), None)  # fmt: skip
    assert isinstance(made, Done), made
    assert find(made.document, f"{LINES}/x_twice/formula") == "quantity * 2"
    assert [command_json(one) for one in made.commands][1]["previous"] == "price * quantity"
    # Somebody who still sees the labels takes the field out again.
    element = {"key": "x_twice", "kind": "number", "name": {"en": "Twice"}, "formula": f"{{{quantity}}} * 2"}
    gone = carry_out(made.document, commands_of([{"kind": "remove", "from": {"list": LINES, "before": None}, "element": element}]), None)
    assert isinstance(gone, Done) and gone.document == document


def test_labels_become_keys_whatever_is_wrong_elsewhere() -> None:
    document: Any = deepcopy(workshop())
    document["forms"] = "none"
    document["entities"].append({"key": "half", "fields": [{"key": "a"}]})
    quantity = find(document, f"{LINES}/quantity/name/en")
    made = carry_out(document, commands_of([{"kind": "set", "at": f"{LINES}/amount/formula", "value": f"{{{quantity}}}",
                                            "previous": find(document, f"{LINES}/amount/formula")}]), None)  # fmt: skip
    assert isinstance(made, Done) and find(made.document, f"{LINES}/amount/formula") == "quantity"


@pytest.mark.parametrize(("written", "kept"), [
    ("SUM（{Lines}，{Quantity} * {Price}）", "SUM(lines,quantity * price)"), ("{Maker}.{Limit}", "maker.limit"),
    ("COUNT(@{Gauge}, {Maker}.{City} = \"x\")", "COUNT(@gauge, maker.city = \"x\")"), ("{Reviewer}.{Name}", "reviewer.{Name}"),
    ("{Lines}.{Thing}.{Price}", "lines.thing.price"), ("{Nobody} + 1", "{Nobody} + 1"), ("SUM(", "SUM("),
])  # fmt: skip
def test_labels_are_found_as_far_as_a_path_goes(written: str, kept: str) -> None:
    """What is not known, here the organization, stays as it is written."""
    document = workshop()
    at = "/entities/order/fields/third/formula"
    labels = {"Lines": "lines", "Quantity": "lines/fields/quantity", "Price": "lines/fields/price", "Maker": "maker"}
    for word, path in labels.items():
        document = _labelled(document, f"/entities/order/fields/{path}", word)
    document = _labelled(document, "/entities/order/fields/lines/fields/thing", "Thing")
    document = _labelled(document, "/entities/order/fields/reviewer", "Reviewer")
    for path, word in (("maker/fields/limit", "Limit"), ("maker/fields/city", "City"), ("gauge", "Gauge"), ("gauge/fields/maker", "Maker"), ("thing/fields/price", "Price")):
        document = _labelled(document, f"/entities/{path}", word)
    made = carry_out(document, commands_of([{"kind": "set", "at": at, "value": written, "previous": "1 / 3"}]), None)
    assert isinstance(made, Done) and find(made.document, at) == kept


def _labelled(document: Document, at: str, word: str) -> Document:
    command = {"kind": "set", "at": f"{at}/name/en", "value": word, "previous": find(document, f"{at}/name/en")}
    changed = apply(document, command_of(command))
    assert not isinstance(changed, Refused)
    return dict(changed)


def test_words() -> None:
    document: Document = {
        "entities": [{"key": "card", "name": {"en": "Card", "zh-CN": "卡片"}, "fields": [{"key": "a", "name": {"zh-CN": "甲"}, "kind": "text"}]}],
        "forms": [{"key": "main", "entity": "card", "name": {"en": "Main"}, "nodes": [{"key": "n", "kind": "input", "field": "a"}]}],
    }  # fmt: skip
    assert place_words(document, "/entities/card/fields/a/max_length") == {
        "zh-CN": "实体“卡片” › 字段“甲”：最多字数", "en": "Entity “Card” › field “甲”: longest text",
    }  # fmt: skip
    assert place_words(document, "/entities/card/fields/a/name/en")["en"].endswith("field “甲”: label")
    assert place_words(document, "/forms/main/nodes/n")["zh-CN"] == "表单“Main” › 表单元素“甲”"
    assert place_words(document, "/icon")["en"] == "App: icon"
    assert place_words(document, "/entities/gone")["en"] == "Entity “gone”"
    element = document["entities"][0]["fields"][0]
    place = {"list": "/entities/card/fields", "before": None}
    renamed = commands_of([{"kind": "remove", "from": place, "element": element}, {"kind": "insert", "to": place, "element": {**element, "key": "b"}}])
    after = apply_all(document, renamed)
    assert not isinstance(after, Refused)
    assert gesture_words(document, after, renamed) == {
        "zh-CN": "改键：实体“卡片” › 字段“甲” → b", "en": "Changed the key of: Entity “Card” › field “甲” → b",
    }  # fmt: skip
    sets = commands_of([{"kind": "set", "at": "/entities/card/fields/a/help", "value": {"en": "x"}}, {"kind": "set", "at": "/icon", "value": "y"}])
    assert gesture_words(document, document, sets)["zh-CN"] == "修改：实体“卡片” › 字段“甲”：说明等 2 处"
    assert gesture_words(document, document, sets[:1])["en"] == "Changed: Entity “Card” › field “甲”: help"
