"""Entities of one record, such as settings: made at the publish, changed by people, read by the formulas of others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.workshop import Document, Shop, element, entity, label, package

RECORDS = "/api/apps/shop/records"


def shops(*more: Document, **others: Any) -> Document:  # noqa: ANN401
    """Return an app with settings."""
    settings = entity(
        "settings", "name", element("name", "text", default='"Shop"', required=True), element("rate", "number", scale=3, default="0.1"), *more,
        kind="single", rules=[{"key": "low", "check": "rate < 1", "at": "rate", "message": label("Too high")}],
    )  # fmt: skip
    sale = entity("sale", "name", element("name", "text"), element("rate", "number", scale=3, default="FIRST(@settings.rate)"),
                  rules=[{"key": "rate", "check": "rate >= FIRST(@settings.rate)", "message": label("Below the rate")}])  # fmt: skip
    return package("shop", settings, sale, **others)


@pytest.fixture(scope="module")
async def opened(shop: Shop) -> AsyncIterator[Shop]:
    seed = [{"key": "settings", "entity": "settings", "values": {"rate": "0.2"}}]
    made = await shop.install(shops(seed=seed))
    assert made.status_code == 201, made.text
    yield shop


async def test_there_is_one_record_and_stays_one(opened: Shop) -> None:
    page = (await opened.admin.get(f"{RECORDS}/settings?total=exact")).json()
    assert [(record["name"], record["rate"], page["total"]) for record in page["records"]] == [("Shop", "0.2", 1)]
    path = f"{RECORDS}/settings/{page['records'][0]['id']}"
    assert (await opened.admin.ask("PATCH", path, {"rate": "0.3"})).json()["rate"] == "0.3"
    await refused(opened, opened.admin, "PATCH", path, {"rate": "1"}, 422, "record-invalid", ("record-rule-broken", "/rate"))
    await refused(opened, opened.admin, "POST", f"{RECORDS}/settings", {"name": "x"}, 409, "record-single", en="has one record")
    same = {"id": page["records"][0]["id"]}
    await refused(opened, opened.admin, "POST", f"{RECORDS}/settings", same, 409, "record-single", zh="只有一条记录")
    await refused(opened, opened.admin, "DELETE", path, None, 409, "record-single")
    model = (await opened.admin.get("/api/apps/shop/model")).json()
    shown = next(found for found in model["entities"] if found["key"] == "settings")
    assert (shown["kind"], shown["actions"]) == ("single", ["read", "update", "export", "print"])


async def test_others_read_it_in_defaults_and_rules(opened: Shop) -> None:
    path = (await opened.admin.get(f"{RECORDS}/settings")).json()["records"][0]["id"]
    await opened.admin.ask("PATCH", f"{RECORDS}/settings/{path}", {"rate": "0.4"})
    made = await opened.admin.post(f"{RECORDS}/sale", {"name": "x"})
    assert made.json()["rate"] == "0.4"
    await refused(opened, opened.admin, "POST", f"{RECORDS}/sale", {"rate": "0.3"}, 422, "record-invalid", ("record-rule-broken", ""))


async def test_publishing_again_keeps_it_and_several_records_are_in_the_way(opened: Shop) -> None:
    before = (await opened.admin.get(f"{RECORDS}/settings")).json()["records"]
    document = shops(element("more", "text", default='"new"'))
    assert (await opened.publish(document)).status_code == 201
    after = (await opened.admin.get(f"{RECORDS}/settings")).json()["records"]
    assert [record["id"] for record in after] == [record["id"] for record in before]
    for name in ("a", "b"):
        assert (await opened.admin.post(f"{RECORDS}/sale", {"name": name})).status_code == 201
    document["entities"][1]["kind"] = "single"
    answer = await opened.publish(document)
    found = [(item["code"], item["pointer"]) for item in problem_of(answer, 422, "definition-invalid")["errors"]]
    assert found == [("definition-single-many", "/entities/sale/kind")]


async def test_what_cannot_be_made_of_defaults_is_told_at_publish(opened: Shop) -> None:
    for more, code, at in (
        (element("owner", "text", required=True), "definition-single-required", "/entities/settings/fields/owner"),
        (element("rows", "lines", required=True, fields=[element("x", "text")]), "definition-single-required", "/entities/settings/fields/rows"),
    ):
        answer = await opened.publish(shops(more))
        found = [(item["code"], item["pointer"]) for item in problem_of(answer, 422, "definition-invalid")["errors"]]
        assert found == [(code, at)]
    document = shops()
    other = entity("other", "name", element("name", "text"), element("n", "number", default="2"), kind="single",
                   rules=[{"key": "low", "check": "n < 1", "message": label("Too much")}])  # fmt: skip
    document["entities"].append(other)
    answer = await opened.publish(document)
    items = problem_of(answer, 422, "definition-invalid")["errors"]
    assert [(item["code"], item["pointer"]) for item in items] == [("definition-single-broken", "/entities/other/kind")]
    assert "Too much" in items[0]["detail"]
