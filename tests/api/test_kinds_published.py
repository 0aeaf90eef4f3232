"""Kinds that change when a version is published: values stay where the column can hold them, and what they lose is said before."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workshop import Document, Shop, element, entity, options, package, publish

RECORDS = "/api/apps/shapes/records/shape"
FIRST = {
    "a": element("a", "text"), "b": element("b", "number", scale=4), "c": element("c", "choice", options=options("x", "y")),
    "d": element("d", "choices", options=options("x", "y")), "e": element("e", "number", scale=0), "f": element("f", "url"),
}  # fmt: skip
VALUES = {"a": "13800138000", "b": "0.25", "c": "x", "d": ["x", "y"], "e": "90", "f": "https://a.cn"}


def shapes(**changed: Document) -> Document:
    """Return an app with fields, some of them of other kinds than at first."""
    return package("shapes", entity("shape", "name", element("name", "text"), *(FIRST | changed).values()))


@pytest.fixture(scope="module")
async def record(shop: Shop) -> dict[str, Any]:
    """Return a record that was made under the first version."""
    assert (await shop.install(shapes())).status_code == 201
    answer = await shop.admin.post(RECORDS, {"name": "first", **VALUES})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_values_stay_where_their_column_fits_the_new_kind(shop: Shop, record: dict[str, Any]) -> None:
    kinds = {"a": element("a", "phone"), "b": element("b", "percent"), "c": element("c", "tree_choice", options=options("x", "y")),
             "e": element("e", "duration"), "f": element("f", "text")}  # fmt: skip
    answer = await publish(shop.admin, "shapes", shapes(**kinds))
    assert answer.status_code == 201, answer.text
    now = (await shop.admin.get(f"{RECORDS}/{record['id']}")).json()
    assert {key: now[key] for key in VALUES} == VALUES
    changed = await shop.admin.ask("PATCH", f"{RECORDS}/{record['id']}", {"revision": 1, "b": "0.5", "d": ["y"]})
    assert (changed.status_code, changed.json()["b"], changed.json()["d"]) == (200, "0.5", ["y"]), changed.text


async def test_values_another_column_must_hold_come_back_with_the_former_kind(shop: Shop, record: dict[str, Any]) -> None:
    answer = await publish(shop.admin, "shapes", shapes(d=element("d", "json"), e=element("e", "time")))
    assert answer.status_code == 201, answer.text
    now = (await shop.admin.get(f"{RECORDS}/{record['id']}")).json()
    assert (now["d"], now["e"]) == (None, None)
    again = await publish(shop.admin, "shapes", shapes())
    assert again.status_code == 201, again.text
    back = (await shop.admin.get(f"{RECORDS}/{record['id']}")).json()
    assert (back["d"], back["e"]) == (["y"], "90")


async def test_options_that_go_are_counted_before(shop: Shop, record: dict[str, Any]) -> None:
    document = shapes(d=element("d", "choices", options=options("x")))
    revision = (await shop.admin.get("/api/apps/shapes/draft")).json()["revision"]
    kept = await shop.admin.ask("PUT", "/api/apps/shapes/draft", {"revision": revision, "document": document})
    assert kept.status_code == 200, kept.text
    changes = (await shop.admin.get("/api/apps/shapes/draft/changes")).json()
    assert [(found["code"], found["pointer"]) for found in changes["warnings"]] == [("definition-values-outside", "/entities/shape/fields/d")]
