"""Packages on each PostgreSQL at hand: installed with their records or not at all, told what is wrong with places, exported equal."""

from __future__ import annotations

import asyncio
from uuid import UUID

import orjson
import pytest

from dougong.packages.package_file import package_text
from dougong.store.ids import seed_id
from tests.api.browser import problem_of
from tests.refusal import Place, refused
from tests.workshop import Document, Shop, element, entity, label, package


def library(key: str = "library") -> Document:
    """Return a package with seed and demo records that point to each other and to people."""
    shelf = entity("shelf", "name", element("name", "text", required=True, unique=True), element("keeper", "reference", to="organization.user"))
    book = entity(
        "book", "name", element("name", "text", required=True), element("shelf", "reference", to="shelf"), element("number", "sequence", pattern="B{000}"),
        element("chapters", "lines", fields=[element("title", "text", required=True), element("next", "reference", to="shelf"), element("pages", "number", scale=0)]),
        element("pages", "number", scale=0, formula="SUM(chapters.pages)"),
    )  # fmt: skip
    document = package(key, shelf, book)
    document["seed"] = [
        {"key": "top", "entity": "shelf", "values": {"name": "Top"}},
        {"key": "b1", "entity": "book", "values": {"name": "First", "shelf": "top", "chapters": [
            {"title": "One", "pages": "10", "next": "top"}, {"title": "Two", "pages": "20"}]}},
    ]  # fmt: skip
    document["demo"] = [
        {"key": "eve", "entity": "organization.user", "values": {
            "name": "Eve", "email": f"eve@{key.replace('_', '-')}.example.com", "roles": [{"role": f"organization.role:{key}.manager"}]}},
        {"key": "low", "entity": "shelf", "values": {"name": "Low", "keeper": "eve"}},
    ]  # fmt: skip
    return document


@pytest.mark.parametrize("demo", [False, True])
async def test_install_brings_its_records(shop: Shop, demo: bool) -> None:
    document = library(f"library_{demo}".lower())
    key = document["key"]
    answer = await shop.install(document, demo=demo)
    assert (answer.status_code, answer.json()) == (201, {"key": key, "version": 1})
    books = (await shop.admin.get(f"/api/apps/{key}/records/book?fields=name,shelf,pages,number,created_by")).json()["records"]
    assert [(b["name"], b["shelf__title"], b["pages"], b["number"]) for b in books] == [("First", "Top", "30", "B001")]
    assert UUID(books[0]["id"]) == seed_id(key, "book", "b1")
    assert books[0]["created_by"] == shop.tickets["admin"].user_id
    shelves = (await shop.admin.get(f"/api/apps/{key}/records/shelf?sort=name")).json()["records"]
    assert [(s["name"], s["keeper__title"]) for s in shelves] == [*([("Low", "Eve")] if demo else []), ("Top", None)]
    channels = await shop.database.fetch("SELECT DISTINCT channel FROM dougong.history WHERE app = $1", key)
    assert {row["channel"] for row in channels} == {"install-seed", *(["install-demo"] if demo else [])}
    words = {"zh": f"应用“{key}”已安装", "en": f"App {key} is installed already"}
    await refused(shop, shop.admin, "POST", "/api/apps", {"package": document, "demo": demo}, 409, "app-exists", **words)


async def test_installing_is_for_those_who_may(shop: Shop) -> None:
    body = {"package": library("forbidden"), "demo": False}
    for who in (shop.manager, shop.worker, shop.guest):
        await refused(shop, who, "POST", "/api/apps", body, 403, "access-act-denied")
    assert (await shop.admin.post("/api/apps", body)).status_code == 201
    problem_of(await shop.manager.get("/api/apps/forbidden/records/book"), 404, "app-not-found")


async def test_two_install_at_once(shop: Shop) -> None:
    answers = await asyncio.gather(*(shop.install(library("twice")) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409], [answer.text for answer in answers]
    answers = await asyncio.gather(*(shop.install(library(f"several_{n}")) for n in range(4)))
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]


def changed(**others: object) -> Document:
    """Return the package with parts of it replaced; `seed` and `demo` are added to."""
    document = library("broken")
    for name, value in others.items():
        document[name] = [*document[name], value] if name in ("seed", "demo") else value
    return document


def book(**values: object) -> Document:
    """Return a seed record that is a book."""
    return {"key": "b2", "entity": "book", "values": {"name": "Second", **values}}


INVALID: list[tuple[Document, str, Place]] = [
    (changed(seed=book(colour="red")), "package-invalid", ("record-field-unknown", "/seed/b2/values/colour")),
    (changed(seed=book(name=None)), "package-invalid", ("record-required", "/seed/b2/values/name")),
    (changed(seed=book(shelf="nowhere")), "package-invalid", ("record-reference-missing", "/seed/b2/values/shelf")),
    (changed(seed=book(number="B9")), "package-invalid", ("record-field-read-only", "/seed/b2/values/number")),
    (changed(seed=book(chapters=[{"title": "One"}, {"pages": "x"}])), "package-invalid", ("record-number-invalid", "/seed/b2/values/chapters/1/pages")),
    (changed(seed=book(chapters=[{"title": "One", "next": "nowhere"}])), "package-invalid",
     ("record-reference-missing", "/seed/b2/values/chapters/0/next")),
    (changed(seed={"key": "x", "entity": "nobody", "values": {}}), "package-invalid", ("definition-entity-unknown", "/seed/x/entity")),
    (changed(seed={"key": "x", "entity": "shelf", "values": {"name": "Top"}}), "package-invalid", ("record-not-unique", "/seed/x/values/name")),
    (changed(seed={"key": "x", "entity": "book.chapters", "values": {}}), "package-invalid", ("definition-entity-unknown", "/seed/x/entity")),
    (changed(demo={"key": "x", "entity": "organization.user", "values": {"name": "X", "email": "x"}}), "package-invalid",
     ("record-rule-broken", "/demo/x/values/email")),
    (changed(requires=[{"package": "nothing_like_it", "version": ">=1.0"}]), "package-invalid",
     ("package-requires-missing", "/requires/nothing_like_it")),
    (changed(requires=[{"package": "trading_starter", "version": ">=9"}]), "package-invalid",
     ("package-requires-missing", "/requires/trading_starter")),
    (changed(requires=[{"package": "trading_starter", "version": "newest"}]), "package-invalid",
     ("package-requires-range", "/requires/trading_starter/version")),
    ({**changed(requires=[{"package": "crm_erp", "version": ""}]), "key": "trading_starter"}, "package-invalid",
     ("package-requires-cycle", "/requires/crm_erp")),
    (changed(entities=[entity("book", "name", element("name", "hologram"))]), "definition-invalid",
     ("definition-kind-unknown", "/entities/book/fields/name")),
    (changed(entities=[{"extend": "nobody", "fields": []}]), "package-invalid", ("package-extends-unknown", "/entities/nobody")),
    (changed(colour="red"), "definition-invalid", ("definition-property-unknown", "/colour")),
    (changed(key="Not A Key"), "definition-invalid", ("definition-shape", "/key")),
    (changed(format="dougong.app/9"), "definition-invalid", ("definition-format-newer", "/format")),
    ({}, "definition-invalid", ("definition-property-missing", "/key")),
    ({"key": 5, "requires": 5, "entities": 5}, "definition-invalid", ("definition-shape", "/entities")),
    ({"key": "x", "requires": [{"package": "trading_starter", "version": ""}], "entities": 5}, "definition-invalid", ("definition-shape", "/entities")),
    ({"key": "x", "requires": [{"package": "trading_starter", "version": ""}], "entities": [{"key": ["a"]}, 5]}, "definition-invalid",
     ("definition-shape", "/entities/20/key")),
]  # fmt: skip


@pytest.mark.parametrize(("document", "code", "place"), INVALID, ids=[f"{row[2][0]} {row[2][1]}" for row in INVALID])
async def test_what_is_wrong_is_told_and_nothing_is_installed(shop: Shop, document: Document, code: str, place: Place) -> None:
    answer = await shop.install(document, demo=True)
    problem = problem_of(answer, 422, code)
    found = [(item["code"], item["pointer"]) for item in problem["errors"]]
    if place[1].startswith("/entities/20"):
        assert "definition-shape" in {code for code, _ in found}, found
    else:
        assert place in found
    await refused(shop, shop.admin, "POST", "/api/apps", {"package": document, "demo": True}, 422, code, *found)
    there = await shop.database.fetchval("SELECT count(*) FROM pg_namespace WHERE nspname = 'app_broken'")
    assert there == 0


async def test_what_is_not_there_cannot_be_installed(shop: Shop) -> None:
    body = {"package": "nothing_like_it", "demo": False}
    words = {"zh": "模板库中没有“nothing_like_it”", "en": "The library has no package nothing_like_it"}
    await refused(shop, shop.admin, "POST", "/api/apps", body, 404, "package-not-found", **words)
    for wrong in (5, "../../etc/passwd", "Not A Key"):
        problem = problem_of(await shop.admin.post("/api/apps", {"package": wrong}), 422, "request-invalid")
        assert [(found["pointer"], found["field"]) for found in problem["errors"]] == [("/package", "package")]


async def test_export_gives_the_package_back(shop: Shop) -> None:
    document = library("exported")
    assert (await shop.install(document, demo=True)).status_code == 201
    answer = await shop.admin.get("/api/apps/exported/export")
    assert answer.json() == document
    assert package_text(answer.json()) == orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"
    assert list(answer.json()) == list(document)


async def test_an_extension_adds_to_a_package_it_requires(shop: Shop) -> None:
    more = package(
        "extended", roles=[], requires=[{"package": "organization", "version": ">=1.0"}, {"package": "trading_starter", "version": ">=1.0,<2"}],
        entities=[{"extend": "partner", "fields": [element("extended_score", "number")], "rules": [
            {"key": "extended_low", "check": "ISBLANK(extended_score) OR extended_score < 5", "at": "extended_score", "message": label("Low")}]}],
    )  # fmt: skip
    assert (await shop.install(more)).status_code == 201
    path = "/api/apps/extended/records/partner"
    made = await shop.admin.post(path, {"name": "A", "extended_score": "4"})
    assert (made.status_code, made.json()["extended_score"]) == (201, "4")
    problem_of(await shop.admin.post(path, {"name": "B", "extended_score": "5"}), 422, "record-invalid")
