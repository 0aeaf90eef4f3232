"""What differs between two documents, in words a manager reads, and what uses an element: documents in, texts out."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dougong.model.app_model import AppModel
from dougong.model.compare import Change, compare
from dougong.model.resolve import resolve
from dougong.model.used_by import index_uses, used_by
from dougong.packages.library import read_package
from tests.runtime.test_model import JUNK, PLACES, replaced
from tests.workshop import Document, element, label, workshop


@pytest.fixture(scope="module")
def organization() -> AppModel:
    """Return the model of the organization package."""
    model, _ = resolve(read_package("organization"))
    assert model is not None
    return model


def app() -> Document:
    """Return the workshop with a form, views, a menu, states and everything else that is compared."""
    document = workshop()
    entities = {entity["key"]: entity for entity in document["entities"]}
    entities["thing"]["states"] = {
        "key": "phase", "name": label("Phase"), "start": "raw",
        "states": [{"key": "raw", "name": label("Raw")}, {"key": "done", "name": label("Done")}],
        "transitions": [{"key": "finish", "name": label("Finish"), "from": ["raw"], "to": "done", "when": "price > 0", "set": {"active": "FALSE"}}],
    }  # fmt: skip
    entities["maker"]["unique"] = [{"key": "place", "fields": ["name", "city"], "where": "active"}]
    inputs = [{"kind": "input", "key": key, "field": key} for key in ("number", "maker", "lines", "total")]
    sections = [("main", inputs[:3]), ("sums", inputs[3:])]
    document["forms"] = [{
        "key": "order", "entity": "order", "name": label("Order form"),
        "nodes": [{"kind": "section", "key": key, "name": label(key), "columns": 2, "nodes": nodes} for key, nodes in sections],
    }]  # fmt: skip
    document["views"] = [{
        "key": "open", "kind": "list", "entity": "order", "name": label("Open orders"), "form": "order", "filter": 'state = "draft"',
        "columns": [{"key": "number"}, {"key": "maker.city"}, {"key": "total"}], "sort": [{"key": "on", "order": "descending"}],
    }]  # fmt: skip
    document["menus"] = [{"key": "work", "name": label("Work"), "items": [{"key": "open", "view": "open"}]}]
    return document


def found(document: Document, path: str) -> Any:  # noqa: ANN401 – any part of a document
    """Return the part a pointer names."""
    here: Any = document
    for part in path.split("/")[1:]:
        here = next(one for one in here if one["key"] == part) if isinstance(here, list) else here[part]
    return here


def told(changes: tuple[Change, ...], pointer: str) -> dict[str, tuple[str | None, str | None]]:
    """Return the properties of what is told of a pointer, in English."""
    (change,) = (one for one in changes if one.pointer == pointer)
    return {one.name["en"]: (_english(one.before), _english(one.after)) for one in change.properties}


def _english(words: Mapping[str, str] | None) -> str | None:
    return None if words is None else words["en"]


# Where, what is set there, and what is told of it in English: property, before, after.
CASES: tuple[tuple[str, dict[str, Any], tuple[str, str | None, str | None]], ...] = (
    ("/entities/maker/fields/name", {"required": False}, ("required", "yes", "no")),
    ("/entities/maker/fields/name", {"max_length": 80}, ("longest text", "40", "80")),
    ("/entities/maker/fields/contact", {"kind": "long_text"}, ("kind", "Text", "Long text")),
    ("/entities/order", {"title": "remark"}, ("title field", "number", "remark")),
    ("/entities/order/fields/state", {"default": '"done"'}, ("default", '"draft"', '"done"')),
    ("/entities/order/fields/memo", {"to": "thing"}, ("target", "note", "thing")),
    ("/entities/order/fields/lines/fields/thing", {"where": "price > 0"}, ("choice of records", "active", "price > 0")),
    ("/entities/order/fields/contact", {"copy": "maker.city"}, ("copied from", "maker › contact", "maker › city")),
    ("/entities/order/fields/total", {"formula": "SUM(lines.amount) + maker.limit"}, ("formula", "SUM(lines.amount)", "SUM(lines.amount) + maker.limit")),
    ("/entities/order/rules/within_limit", {"severity": "warning"}, ("severity", "refuses the save", "warns")),
    ("/entities/order/rules/within_limit", {"at": "maker"}, ("field of the message", "total", "maker")),
    ("/entities/maker/unique/place", {"fields": ["city"]}, ("fields", "name, city", "city")),
    ("/entities/thing/states", {"start": "done"}, ("first state", "Raw", "Done")),
    ("/entities/thing/states/transitions/finish", {"to": "raw"}, ("state it leads to", "Done", "Raw")),
    ("/entities/thing/states/transitions/finish", {"set": {"active": "price > 1"}}, ("fields it sets", "active = FALSE", "active = price > 1")),
    ("/forms/order/nodes/main", {"columns": 3}, ("columns", "2", "3")),
    ("/views/open", {"filter": "total > 5"}, ("filter", 'state = "draft"', "total > 5")),
    ("/views/open", {"form": None}, ("form", "Order form", None)),
    ("/views/open/sort/on", {"order": "ascending"}, ("order", "descending", "ascending")),
    ("/policies/worker_order", {"rows": "all"}, ("records", "own records", "all records")),
    ("/policies/reader_order", {"actions": ["create", "read"]}, ("actions", "read", "create, read")),
    ("/policies/reader_order", {"role": "worker"}, ("role", "reader", "worker")),
    ("/roles/manager", {"may": ["publish"]}, ("rights on the app", "design, publish", "publish")),
    ("/menus/work/items/open", {"name": label("All")}, ("label", None, "All")),
)  # fmt: skip


@pytest.mark.parametrize(("pointer", "values", "expected"), CASES)
def test_values_are_told_in_words(organization: AppModel, pointer: str, values: dict[str, Any], expected: tuple[str, str | None, str | None]) -> None:
    changed = app()
    found(changed, pointer).update(values)
    changes = compare(app(), changed, organization)
    assert [change.pointer for change in changes] == [pointer]
    assert told(changes, pointer) == {expected[0]: expected[1:]}
    assert compare(changed, app(), organization)[0].properties[0].after == changes[0].properties[0].before


def test_labels_stand_for_keys_in_each_language(organization: AppModel) -> None:
    changed = app()
    found(changed, "/entities/order/fields/total")["formula"] = 'IF(state = "draft", COUNT(@thing[price > 1]), maker.limit)'
    (change,) = compare(app(), changed, organization)
    after = change.properties[0].after
    assert after is not None
    assert after["zh-CN"] == 'IF({state（中）} = "draft（中）", COUNT(@{thing（中）}[{price（中）} > 1]), {maker（中）}.{limit（中）})'


def test_what_moved_and_what_was_renamed_is_told_as_that(organization: AppModel) -> None:
    changed = app()
    found(changed, "/entities/order/fields/maker")["name"] = {"zh-CN": "厂商", "en": "Vendor"}
    fields = found(changed, "/entities/maker/fields")
    fields.insert(0, fields.pop(3))
    main, sums = (found(changed, f"/forms/order/nodes/{key}/nodes") for key in ("main", "sums"))
    sums.insert(0, {**main.pop(1), "span": 2})
    found(changed, "/views/open/columns").reverse()
    changes = {change.pointer: change for change in compare(app(), changed, organization)}
    assert {pointer: (change.kind, change.how, change.text["en"]) for pointer, change in changes.items()} == {
        "/entities/maker/fields/contact": ("changed", "moved", "Entity “maker” › field “contact”: moved to the front"),
        "/entities/order/fields/maker": ("changed", "renamed", "Entity “order” › field “Vendor”: renamed from “maker”"),
        "/forms/order/nodes/sums/nodes/maker": (
            "changed", "moved", "Form “Order form” › form element “sums” › form element “Vendor”: moved from form element “main”",
        ),
        "/views/open/columns/total": ("changed", "moved", "View “Open orders” › column “total”: moved to the front"),
        "/views/open/columns/maker.city": ("changed", "moved", "View “Open orders” › column “Vendor › city”: moved behind column “total”"),
    }  # fmt: skip
    assert told(tuple(changes.values()), "/forms/order/nodes/sums/nodes/maker") == {
        "place": ("Form “Order form” › form element “main”", "Form “Order form” › form element “sums”"), "width": ("1", "2"),
    }  # fmt: skip
    assert told(tuple(changes.values()), "/entities/maker/fields/contact") == {"order": ("behind “active”", "at the front")}


def test_a_list_in_another_order_is_told_once(organization: AppModel) -> None:
    changed = app()
    found(changed, "/entities/maker/fields").reverse()
    (change,) = compare(app(), changed, organization)
    assert (change.how, change.text["en"]) == ("ordered", "Entity “maker”: field order")
    assert told((change,), "/entities/maker/fields")["order"][1] == "limit, rate, contact, active, city, name"


def test_what_is_new_or_gone_is_told_with_what_it_says(organization: AppModel) -> None:
    changed = app()
    found(changed, "/entities/thing/fields").append(element("twice", "number", formula="price * 2"))
    del found(changed, "/policies")[0]
    new, gone = compare(app(), changed, organization)
    assert (new.kind, new.text["zh-CN"]) == ("added", "实体“thing（中）” › 字段“twice（中）”")
    assert told((new,), new.pointer) == {"kind": (None, "Number"), "formula": (None, "price * 2")}
    assert (gone.kind, gone.text["en"]) == ("removed", "Policy “Manager · maker”")
    assert told((gone,), gone.pointer)["actions"] == ("create, read, change, delete", None)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.sampled_from(PLACES), JUNK)
def test_documents_of_any_shape_are_compared_and_indexed(organization: AppModel, place: tuple[str | int, ...], value: object) -> None:
    document = replaced(workshop(), place, value)
    for change in (*compare(workshop(), document, organization), *compare(document, workshop(), organization)):
        assert all(change.text.values())
        assert all(one.name["zh-CN"] for one in change.properties)
    for pointer in index_uses(document, organization):
        assert pointer.startswith(("/", "organization:/"))


USES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("/entities/maker/fields/limit", ("/entities/order/rules/within_limit/check",)),
    ("/entities/maker/fields/city", ("/views/open/columns/maker.city", "/entities/maker/unique/place/fields")),
    ("/entities/order/fields/lines/fields/amount", ("/entities/order/fields/total/formula",)),
    ("/entities/order/fields/state/options/draft", ("/views/open/filter", "/entities/order/fields/state/default")),
    ("/entities/thing/states/states/done", ("/entities/thing/states/transitions/finish/to",)),
    ("/entities/thing/fields/price", ("/entities/thing/states/transitions/finish/when", "/entities/order/fields/lines/fields/price/copy")),
    ("/forms/order", ("/views/open/form",)),
    ("/views/open", ("/menus/work/items/open",)),
    ("/roles/reader", ("/policies/reader_order/role",)),
    ("organization:/entities/user", ("/entities/order/fields/reviewer/to",)),
)  # fmt: skip


@pytest.mark.parametrize(("pointer", "expected"), USES)
def test_what_uses_an_element_is_found(organization: AppModel, pointer: str, expected: tuple[str, ...]) -> None:
    document = app()
    uses = used_by(document, index_uses(document, organization), pointer)
    assert {use.pointer for use in uses} == set(expected)
    assert all("“" in use.text["zh-CN"] for use in uses)


def test_an_entity_is_used_by_what_uses_its_fields_and_not_by_itself(organization: AppModel) -> None:
    document = app()
    uses = {use.pointer for use in used_by(document, index_uses(document, organization), "/entities/maker")}
    assert {"/entities/order/fields/maker/to", "/entities/order/rules/within_limit/check", "/policies/worker_maker/entity"} <= uses
    assert not any(pointer.startswith("/entities/maker/") for pointer in uses)
    renamed = deepcopy(document)
    found(renamed, "/entities/maker")["name"] = label("Vendor")
    assert {use.pointer for use in used_by(renamed, index_uses(renamed, organization), "/entities/maker")} == uses
