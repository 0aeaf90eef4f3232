"""Versions over HTTP: listed with what they changed, read whole, compared in words with each other and the draft; what uses an element."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.api.browser import problem_of
from tests.workshop import Document, Shop, element, entity, label, package, with_fields, without

pytestmark = pytest.mark.anyio

APP = "/api/apps/versioned"


@pytest.fixture(scope="module")
def document() -> Document:
    """Return an app whose numbers are summed up."""
    return package(
        "versioned",
        entity("card", "name", element("name", "text"), element("n", "number"), element("twice", "number", formula="n * 2"),
               element("owner", "member")),
    )  # fmt: skip


def saying(document: Document, key: str, **values: object) -> Document:
    """Return a copy of the app in which a field says something else."""
    changed = deepcopy(document)
    next(field for field in changed["entities"][0]["fields"] if field["key"] == key).update(values)
    return changed


@pytest.fixture(scope="module")
async def published(shop: Shop, document: Document) -> Document:
    """Publish three versions, and return the document of the last; its draft is changed once more."""
    assert (await shop.install(document)).status_code == 201
    second = with_fields(saying(document, "n", scale=4), "card", element("colour", "text"))
    third = without(second, "card", "colour")
    for number, changed in ((2, second), (3, third)):
        assert (await shop.publish(changed)).json()["version"] == number
    draft = saying(third, "twice", formula="n * 3")
    revision = (await shop.admin.get(f"{APP}/draft")).json()["revision"]
    assert (await shop.admin.ask("PUT", f"{APP}/draft", {"revision": revision, "document": draft})).status_code == 200
    return third


def pointers(answer: dict[str, Any]) -> dict[str, str]:
    """Return what kind of change is told of each pointer."""
    return {change["pointer"]: change["kind"] for group in answer["groups"] for change in group["changes"]}


async def test_versions_are_listed_with_how_much_they_changed(shop: Shop, published: Document) -> None:
    listed = (await shop.admin.get(f"{APP}/versions")).json()
    assert [(one["number"], one["active"], one["changes"]) for one in listed["versions"][:2]] == [(3, True, 1), (2, False, 2)]
    assert not listed["more"]
    older = (await shop.admin.get(f"{APP}/versions?before=3")).json()["versions"]
    assert [one["number"] for one in older] == [2, 1]
    read = (await shop.admin.get(f"{APP}/versions/3")).json()
    assert (read["number"], read["active"], read["document"]) == (3, True, published)


async def test_any_two_versions_are_compared(shop: Shop, published: Document) -> None:
    answer = (await shop.admin.get(f"{APP}/compare?from=1&to=2")).json()
    assert [(group["key"], group["name"]["en"]) for group in answer["groups"]] == [("entities", "entities")]
    assert pointers(answer) == {"/entities/card/fields/n": "changed", "/entities/card/fields/colour": "added"}
    assert answer["count"] == 2
    (change,) = (one for one in answer["groups"][0]["changes"] if one["pointer"].endswith("/n"))
    assert change["properties"] == [{"name": {"zh-CN": "小数位", "en": "decimals"}, "before": {"zh-CN": "2", "en": "2"}, "after": {"zh-CN": "4", "en": "4"}}]
    back = (await shop.admin.get(f"{APP}/compare?from=2&to=1")).json()
    assert pointers(back) == {"/entities/card/fields/n": "changed", "/entities/card/fields/colour": "removed"}
    assert (await shop.admin.get(f"{APP}/compare?from=2&to=2")).json() == {"groups": [], "count": 0}


async def test_the_draft_and_a_document_are_compared(shop: Shop, published: Document) -> None:
    answer = (await shop.admin.get(f"{APP}/compare")).json()
    (change,) = answer["groups"][0]["changes"]
    assert change["properties"] == [{
        "name": {"zh-CN": "公式", "en": "formula"}, "before": {"zh-CN": "{n（中）} * 2", "en": "n * 2"}, "after": {"zh-CN": "{n（中）} * 3", "en": "n * 3"},
    }]  # fmt: skip
    named = {**published, "name": label("Other")}
    sent = await shop.admin.post(f"{APP}/compare", {"version": "active", "document": named})
    assert pointers(sent.json()) == {"/": "renamed"}


async def test_what_uses_an_element_is_told(shop: Shop, published: Document) -> None:
    answer = (await shop.admin.get(f"{APP}/used-by?pointer=/entities/card/fields/n")).json()
    assert answer["uses"] == [{
        "app": "versioned", "pointer": "/entities/card/fields/twice/formula",
        "text": {"zh-CN": "实体“card（中）” › 字段“twice（中）”：公式", "en": "Entity “card” › field “twice”: formula"},
    }]  # fmt: skip
    assert (await shop.admin.get(f"{APP}/used-by?pointer=/entities/card/fields/colour&version=2")).json() == {"uses": []}


async def test_the_organization_is_used_by_other_apps(shop: Shop, published: Document) -> None:
    answer = (await shop.admin.get("/api/apps/organization/used-by?pointer=/entities/user")).json()
    assert ("versioned", "/entities/card/fields/owner/kind") in {(use["app"], use["pointer"]) for use in answer["uses"]}
    assert "organization" in {use["app"] for use in answer["uses"]}


async def test_what_is_not_there_or_not_allowed_is_refused(shop: Shop, published: Document) -> None:
    problem_of(await shop.admin.get(f"{APP}/compare?from=9"), 404, "app-version-not-found")
    problem_of(await shop.admin.get(f"{APP}/versions/9"), 404, "app-version-not-found")
    problem_of(await shop.admin.get(f"{APP}/compare?from=last"), 422, "request-invalid")
    problem_of(await shop.admin.get(f"{APP}/used-by?pointer=card"), 422, "request-invalid")
    for path in ("versions", "versions/1", "compare", "used-by?pointer=/entities/card"):
        problem_of(await shop.guest.get(f"{APP}/{path}"), 404, "app-not-found")
