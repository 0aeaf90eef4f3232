"""Drafts and publishing over HTTP: kept with a revision, shown as changes, refused with places, published as versions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.workshop import Document, Shop, element, entity, label, options, package, publish, with_fields, without

DRAFT = "/api/apps/drafted/draft"
VERSIONS = "/api/apps/drafted/versions"


@pytest.fixture(scope="module")
async def document(shop: Shop) -> Document:
    """Return the document of an installed app that has a form, a view, a menu and a rule."""
    card = entity(
        "card", "name", element("name", "text", required=True), element("points", "number"),
        element("rank", "choice", options=options("low", "high")),
        element("rows", "lines", fields=[element("worth", "number"), element("twice", "number", formula="worth * 2")]),
        element("sum", "number", formula="SUM(rows.worth)"),
        rules=[{"key": "positive", "check": "ISBLANK(points) OR points > 0", "at": "points", "message": label("More")}],
        unique=[{"key": "both", "fields": ["name", "rank"]}],
    )  # fmt: skip
    made = package(
        "drafted", card,
        forms=[{"key": "card", "entity": "card", "name": label("Card"), "nodes": [
            {"key": "basic", "kind": "section", "name": label("Basics"), "nodes": [
                {"key": "name", "kind": "input", "field": "name"},
                {"key": "rows", "kind": "input", "field": "rows", "columns": [{"key": "worth"}]}]}]}],
        views=[{"key": "cards", "kind": "list", "entity": "card", "name": label("Cards"), "form": "card", "filter": "points > 0",
                "columns": [{"key": "name"}], "sort": [{"key": "points"}]}],
        menus=[{"key": "main", "name": label("Main"), "items": [{"key": "cards", "view": "cards"}]}],
    )  # fmt: skip
    answer = await shop.install(made)
    assert answer.status_code == 201, answer.text
    return made


async def revision(shop: Shop) -> int:
    """Return the revision the draft has now."""
    return int((await shop.admin.get(DRAFT)).json()["revision"])


async def test_a_draft_is_kept_with_a_revision(shop: Shop, document: Document) -> None:
    first = (await shop.admin.get(DRAFT)).json()
    assert first["revision"] == 0
    assert first["document"] == document
    before = await shop.counts()
    assert await shop.counts() == before
    kept = await shop.admin.ask("PUT", DRAFT, {"revision": 0, "document": {"half": "written"}})
    assert (kept.status_code, kept.json()["revision"]) == (200, 1)
    assert {found["code"] for found in kept.json()["issues"]} >= {"definition-property-missing", "definition-property-unknown"}
    read = (await shop.admin.get(DRAFT)).json()
    assert (read["revision"], read["document"]) == (1, {"half": "written"})
    words = {"zh": "草稿现为第 1 版，您的是第 0 版", "en": "at revision 1, yours is 0"}
    await refused(shop, shop.admin, "PUT", DRAFT, {"revision": 0, "document": {}}, 409, "definition-draft-conflict", **words)
    await refused(shop, shop.admin, "POST", VERSIONS, {"revision": 0, "note": ""}, 409, "definition-draft-conflict", **words)
    answers = await asyncio.gather(
        *(shop.admin.ask("PUT", DRAFT, {"revision": 1, "document": {"writer": n}}) for n in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
    assert (await shop.admin.ask("DELETE", DRAFT)).status_code == 204
    last = (await shop.admin.get(DRAFT)).json()
    assert {**last, "revision": 0} == first


async def test_drafts_are_for_those_who_may_design(shop: Shop, document: Document) -> None:
    for method, path, body in (
        ("GET", DRAFT, None), ("PUT", DRAFT, {"revision": 0, "document": {}}), ("DELETE", DRAFT, None),
        ("GET", f"{DRAFT}/changes", None), ("GET", f"{DRAFT}/problems", None), ("GET", f"{DRAFT}/gestures", None),
        ("POST", f"{DRAFT}/presence", {"revision": 0}), ("POST", f"{DRAFT}/commands", {"revision": 0, "gestures": [
            {"id": "0198c0de-0000-7000-8000-000000000000", "label": {"message": "x"},
             "commands": [{"kind": "set", "at": "/icon", "value": "x"}]}]}), ("POST", VERSIONS, {"revision": 0, "note": ""}), ("GET", VERSIONS, None),
    ):  # fmt: skip
        await refused(shop, shop.manager, method, path, body, 404, "app-not-found")
        own = path.replace("drafted", "workshop")
        if method == "GET":
            assert (await shop.manager.get(own)).status_code == 200
        await refused(shop, shop.worker, method, own, body, 403, "access-act-denied")


async def test_changes_are_told_in_words_and_published_as_a_version(shop: Shop, document: Document) -> None:
    changed = with_fields(document, "card", element("colour", "text"), element("points", "number", scale=4))
    kept = await shop.admin.ask("PUT", DRAFT, {"revision": await revision(shop), "document": changed})
    before = await shop.counts()
    told = (await shop.admin.get(f"{DRAFT}/changes")).json()
    assert await shop.counts() == before
    assert told["issues"] == []
    notes = {note["pointer"]: (note["kind"], note["text"]) for note in told["changes"]}
    assert notes["/entities/card/fields/colour"] == (
        "added", {"zh-CN": "实体“card（中）” › 字段“colour（中）”", "en": "Entity “card” › field “colour”"},
    )  # fmt: skip
    assert notes["/entities/card/fields/points"][0] == "changed"
    assert notes["/entities/card/fields/points"][1] == {
        "zh-CN": "实体“card（中）” › 字段“points（中）”：小数位", "en": "Entity “card” › field “points”: decimals",
    }  # fmt: skip
    assert any("ADD COLUMN colour" in statement for statement in told["statements"])
    answer = await shop.admin.post(VERSIONS, {"revision": kept.json()["revision"], "note": "colour"})
    assert answer.status_code == 201
    listed = (await shop.admin.get(VERSIONS)).json()["versions"]
    assert [version["active"] for version in listed] == [True] + [False] * (len(listed) - 1)
    assert (listed[0]["number"], listed[0]["note"]) == (answer.json()["version"], "colour")
    after = (await shop.admin.get(DRAFT)).json()
    assert (after["base_version"], after["document"]) == (answer.json()["version"], changed)
    assert (await publish(shop.admin, "drafted", document)).status_code == 201


async def test_a_revision_names_one_document_for_ever(shop: Shop, document: Document) -> None:
    """Who read the draft before it was published or discarded overwrites neither the new version nor the next draft."""
    for end in ("publish", "discard"):
        before = await revision(shop)
        mine = (await shop.admin.ask("PUT", DRAFT, {"revision": before, "document": {**document, "icon": "mine"}})).json()["revision"]
        if end == "publish":
            assert (await shop.admin.post(VERSIONS, {"revision": mine, "note": ""})).status_code == 201
        else:
            assert (await shop.admin.ask("DELETE", DRAFT)).status_code == 204
        after = await revision(shop)
        for stale in (before, mine):
            problem_of(await shop.admin.ask("PUT", DRAFT, {"revision": stale, "document": document}), 409, "definition-draft-conflict")
        theirs = (await shop.admin.ask("PUT", DRAFT, {"revision": after, "document": {**document, "icon": "theirs"}})).json()["revision"]
        for stale in (before, mine, after):
            problem_of(await shop.admin.ask("PUT", DRAFT, {"revision": stale, "document": document}), 409, "definition-draft-conflict")
            problem_of(await shop.admin.post(VERSIONS, {"revision": stale, "note": ""}), 409, "definition-draft-conflict")
        assert (await shop.admin.get(DRAFT)).json()["document"]["icon"] == "theirs"
        assert (await shop.admin.post(VERSIONS, {"revision": theirs, "note": ""})).status_code == 201
    assert (await publish(shop.admin, "drafted", document)).status_code == 201


async def test_what_is_saved_while_a_draft_is_published_is_not_lost(shop: Shop, document: Document) -> None:
    """Of a save and a publish of the same revision one goes first, and the other is told."""
    for number in range(8):
        first = (await shop.admin.ask("PUT", DRAFT, {"revision": await revision(shop), "document": {**document, "icon": f"a{number}"}})).json()["revision"]
        published, kept = await asyncio.gather(
            shop.admin.post(VERSIONS, {"revision": first, "note": ""}),
            shop.admin.ask("PUT", DRAFT, {"revision": first, "document": {**document, "icon": f"b{number}"}}),
        )
        assert {published.status_code, kept.status_code} in ({201, 409}, {409, 200}), (published.text, kept.text)
        icon = (await shop.admin.get(DRAFT)).json()["document"]["icon"]
        assert icon == (f"a{number}" if published.status_code == 201 else f"b{number}")
    assert (await publish(shop.admin, "drafted", document)).status_code == 201


def put(*path: str | int, value: object) -> Callable[[Document], Document]:
    """Return what puts a value at a place of a copy of a document."""

    def change(document: Document) -> Document:
        changed: Any = deepcopy(document)
        here = changed
        for part in path[:-1]:
            here = here[part]
        here[path[-1]] = value
        return dict(changed)

    return change


CARD = "/entities/card"
WRONG: list[tuple[Callable[[Document], Document], str, str]] = [
    (put("colour", value="red"), "definition-property-unknown", "/colour"),
    (put("format", value="dougong.app/2"), "definition-format-newer", "/format"),
    (put("key", value="other"), "definition-app-key", "/key"),
    (put("key", value="No Key"), "definition-shape", "/key"),
    (put("entities", value="none"), "definition-shape", "/entities"),
    (put("entities", 0, "title", value="colour"), "definition-field-unknown", f"{CARD}/title"),
    (put("entities", 0, "title", value="points"), "definition-title-kind", f"{CARD}/title"),
    (put("entities", 0, "fields", 1, "scale", value=21), "definition-shape", f"{CARD}/fields/points/scale"),
    (put("entities", 0, "fields", 1, "kind", value="colour"), "definition-kind-unknown", f"{CARD}/fields/points"),
    (put("entities", 0, "fields", 1, "key", value="created_at"), "definition-key-reserved", f"{CARD}/fields/created_at"),
    (put("entities", 0, "fields", 1, "key", value="a__b"), "definition-shape", f"{CARD}/fields/a__b/key"),
    (put("entities", 0, "fields", 1, "key", value="x" * 41), "definition-shape", f"{CARD}/fields/{'x' * 41}/key"),
    (put("entities", 0, "fields", 2, "key", value="points"), "definition-key-taken", f"{CARD}/fields/points"),
    (put("entities", 0, "fields", 1, "default", value="points +"), "expression-expected-value-at-end", f"{CARD}/fields/points/default"),
    (put("entities", 0, "fields", 1, "default", value='"text"'), "definition-formula-type", f"{CARD}/fields/points/default"),
    (put("entities", 0, "fields", 1, "formula", value="COUNT(@card)"), "definition-formula-entity", f"{CARD}/fields/points/formula"),
    (put("entities", 0, "fields", 1, "formula", value="colour"), "expression-unknown-name", f"{CARD}/fields/points/formula"),
    (put("entities", 0, "fields", 1, "formula", value="points + 1"), "definition-formula-cycle", f"{CARD}/fields/points"),
    (put("entities", 0, "fields", 1, "formula", value="YEAR(TODAY())"), "definition-formula-volatile", f"{CARD}/fields/points/formula"),
    (put("entities", 0, "fields", 3, "fields", 0, "formula", value="parent.sum"), "definition-formula-cycle", f"{CARD}/fields/sum"),
    (put("entities", 0, "fields", 1, "copy", value="name.length"), "definition-copy-invalid", f"{CARD}/fields/points/copy"),
    (put("entities", 0, "fields", 1, value=element("points", "number", min_="2", max_="1")), "definition-range-invalid", f"{CARD}/fields/points"),
    (put("entities", 0, "fields", 0, value=element("name", "text", unique=True, max_length=601)), "definition-index-long",
     f"{CARD}/fields/name/unique"),
    (put("entities", 0, "fields", 1, value=element("points", "long_text", indexed=True)), "definition-index-long", f"{CARD}/fields/points/indexed"),
    (put("entities", 0, "fields", 3, "fields", 0, "unique", value=True), "definition-unique-rows", f"{CARD}/fields/rows/fields/worth/unique"),
    (put("entities", 0, "fields", 3, "unique", value=True), "definition-unique-lines", f"{CARD}/fields/rows/unique"),
    (put("entities", 0, "fields", 1, value=element("points", "number", required=True, read_only=True)), "definition-required-read-only",
     f"{CARD}/fields/points/read_only"),
    (put("entities", 0, "rules", 0, "check", value="points >"), "expression-expected-value-at-end", f"{CARD}/rules/positive/check"),
    (put("entities", 0, "rules", 0, "check", value="points"), "definition-formula-type", f"{CARD}/rules/positive/check"),
    (put("entities", 0, "rules", 0, "at", value="colour"), "definition-field-unknown", f"{CARD}/rules/positive/at"),
    (put("entities", 0, "rules", 0, "check", value=""), "expression-empty", f"{CARD}/rules/positive/check"),
    (put("entities", 0, "rules", 0, "message", value={}), "definition-rule-message", f"{CARD}/rules/positive/message"),
    (put("entities", 0, "rules", 0, "message", value={"en": " "}), "definition-rule-message", f"{CARD}/rules/positive/message"),
    (put("entities", 0, "unique", 0, "fields", value=["colour"]), "definition-field-unknown", f"{CARD}/unique/both"),
    (put("entities", 0, "unique", 0, "fields", value=["rows"]), "definition-unique-lines", f"{CARD}/unique/both"),
    (put("forms", 0, "entity", value="colour"), "definition-entity-unknown", "/forms/card/entity"),
    (put("forms", 0, "nodes", 0, "nodes", 0, "field", value="colour"), "definition-field-unknown", "/forms/card/nodes/basic/nodes/name/field"),
    (put("forms", 0, "nodes", 0, "nodes", 0, "field", value="rows"), "definition-node-field-twice", "/forms/card/nodes/basic/nodes/rows"),
    (put("forms", 0, "nodes", 0, "nodes", 1, "columns", value=[{"key": "x"}]), "definition-field-unknown",
     "/forms/card/nodes/basic/nodes/rows/columns/x"),
    (put("forms", 0, "nodes", 0, "nodes", 0, "columns", value=[]), "definition-columns-kind", "/forms/card/nodes/basic/nodes/name/columns"),
    (put("views", 0, "entity", value="colour"), "definition-entity-unknown", "/views/cards/entity"),
    (put("views", 0, "form", value="colour"), "definition-form-unknown", "/views/cards/form"),
    (put("views", 0, "filter", value="points >"), "expression-expected-value-at-end", "/views/cards/filter"),
    (put("views", 0, "filter", value="points"), "definition-formula-type", "/views/cards/filter"),
    (put("views", 0, "columns", value=[{"key": "colour"}]), "definition-field-unknown", "/views/cards/columns/colour"),
    (put("views", 0, "columns", value=[{"key": "rows"}]), "definition-column-lines", "/views/cards/columns/rows"),
    (put("views", 0, "columns", value=[{"key": "name.x"}]), "definition-field-unknown", "/views/cards/columns/name.x"),
    (put("views", 0, "sort", value=[{"key": "created_by.x"}]), "definition-field-unknown", "/views/cards/sort/created_by.x"),
    (put("menus", 0, "items", 0, "view", value="colour"), "definition-view-unknown", "/menus/main/items/cards/view"),
    (put("policies", 0, "role", value="colour"), "definition-role-unknown", "/policies/manager_card/role"),
    (put("policies", 0, "entity", value="colour"), "definition-entity-unknown", "/policies/manager_card/entity"),
    (put("policies", 0, "actions", value=["burn"]), "definition-shape", "/policies/manager_card/actions/0"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "pointer"), WRONG, ids=[f"{row[1]} {row[2]}" for row in WRONG])
async def test_what_is_wrong_is_told_with_its_place(
    shop: Shop, document: Document, change: Callable[[Document], Document], code: str, pointer: str
) -> None:
    wrong = change(document)
    kept = (await shop.admin.ask("PUT", DRAFT, {"revision": await revision(shop), "document": wrong})).json()
    told = (await shop.admin.get(f"{DRAFT}/changes")).json()
    assert told["statements"] == []
    assert (code, pointer) in {(found["code"], found["pointer"]) for found in told["issues"]}, told["issues"]
    assert all(found["message"]["zh-CN"] and found["message"]["en"] for found in told["issues"])
    assert not any("should" in found["message"]["zh-CN"] for found in told["issues"]), told["issues"]
    places = [(found["code"], found["pointer"]) for found in told["issues"]]
    body = {"revision": kept["revision"], "note": "wrong"}
    await refused(shop, shop.admin, "POST", VERSIONS, body, 422, "definition-invalid", *places)
    assert (await shop.admin.ask("DELETE", DRAFT)).status_code == 204


async def test_unknown_kinds_of_everything_at_once(shop: Shop, document: Document) -> None:
    wrong = without(document, "card", "name")
    wrong["entities"][0]["fields"] += [element("one", "hologram"), element("two", "reference", to="nobody"), element("three", "sequence", pattern="X")]
    wrong["views"][0]["kind"] = "globe"
    kept = (await shop.admin.ask("PUT", DRAFT, {"revision": await revision(shop), "document": wrong})).json()
    shapes = [("definition-kind-unknown", f"{CARD}/fields/one"), ("definition-shape", "/views/cards/kind")]
    body = {"revision": kept["revision"], "note": ""}
    await refused(shop, shop.admin, "POST", VERSIONS, body, 422, "definition-invalid", *shapes, zh="hologram", en="hologram")
    wrong["views"][0]["kind"] = "list"
    wrong["entities"][0]["fields"] = [f for f in wrong["entities"][0]["fields"] if f["key"] != "one"]
    kept = (await shop.admin.ask("PUT", DRAFT, {"revision": kept["revision"], "document": wrong})).json()
    found = {(issue["code"], issue["pointer"]) for issue in kept["issues"]}
    assert found >= {
        ("definition-entity-unknown", f"{CARD}/fields/two/to"), ("definition-pattern-invalid", f"{CARD}/fields/three/pattern"),
        ("definition-field-unknown", f"{CARD}/title"), ("definition-field-unknown", f"{CARD}/unique/both"),
        ("definition-field-unknown", "/forms/card/nodes/basic/nodes/name/field"), ("definition-field-unknown", "/views/cards/columns/name"),
    }  # fmt: skip
    problem_of(await shop.admin.post(VERSIONS, {"revision": kept["revision"], "note": ""}), 422, "definition-invalid")
    assert (await shop.admin.ask("DELETE", DRAFT)).status_code == 204
