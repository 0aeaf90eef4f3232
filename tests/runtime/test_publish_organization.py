"""Publishing the organization: what signing in relies on stays as it is, and no other app is broken by it."""

from __future__ import annotations

import pytest

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.runtime.cards import cards, create, installed, published
from tests.workshop import Shop, element, label, publish, with_fields, without


async def test_locked_elements_stay(shop: Shop) -> None:
    draft = (await shop.admin.get("/api/apps/organization/draft")).json()
    document = draft["document"]
    others = {**document, "entities": [e for e in document["entities"] if e["key"] != "role"]}
    for wrong, place in (
        (without(document, "user", "email"), "/entities/user/fields/email"),
        (with_fields(document, "user", {**element("active", "text"), "locked": True}), "/entities/user/fields/active"),
        (without(document, "user", "roles"), "/entities/user/fields/roles"),
        ({**document, "roles": document["roles"][1:], "policies": []}, "/roles/administrator"),
        (others, "/entities/role"),
    ):
        revision = (await shop.admin.get("/api/apps/organization/draft")).json()["revision"]
        kept = (await shop.admin.ask("PUT", "/api/apps/organization/draft", {"revision": revision, "document": wrong})).json()
        found = (await shop.admin.get("/api/apps/organization/draft/changes")).json()["issues"]
        assert ("definition-locked-removed", place) in {(issue["code"], issue["pointer"]) for issue in found}, found
        body, places = {"revision": kept["revision"], "note": ""}, [(issue["code"], issue["pointer"]) for issue in found]
        await refused(shop, shop.admin, "POST", "/api/apps/organization/versions", body, 422, "definition-invalid", *places)
    assert (await shop.admin.ask("DELETE", "/api/apps/organization/draft")).status_code == 204


@pytest.mark.parametrize(
    ("kind", "key", "name", "value"),
    [
        ("user", "email", "locked", False), ("user", "email", "unique", False), ("user", "email", "max_length", 1),
        ("user", "email", "read_only", True), ("user", "active", "formula", "FALSE"), ("user", "language", "required", False),
        ("roles", "administrator", "may", ["install"]), ("policies", "administrator_user", "actions", ["read"]),
    ],
)  # fmt: skip
async def test_a_lock_holds_what_signing_in_relies_on(shop: Shop, kind: str, key: str, name: str, value: object) -> None:
    """Neither the lock nor what is behind it can be changed; what people read and are offered can."""
    document = (await shop.admin.get("/api/apps/organization/draft")).json()["document"]
    parts, at = (document[kind], f"/{kind}") if kind in document else (document["entities"], f"/entities/{kind}/fields")
    if kind not in document:
        parts = next(entity for entity in document["entities"] if entity["key"] == kind)["fields"]
    part = next(part for part in parts if part["key"] == key)
    part[name] = value
    answer = await publish(shop.admin, "organization", document)
    problem = problem_of(answer, 422, "definition-invalid")
    assert ("definition-locked-changed", f"{at}/{key}/{name}") in {(found["code"], found["pointer"]) for found in problem["errors"]}
    assert (await shop.admin.ask("DELETE", "/api/apps/organization/draft")).status_code == 204


async def test_a_locked_field_may_be_called_otherwise(shop: Shop) -> None:
    before = (await shop.admin.get("/api/apps/organization/draft")).json()["document"]
    language = {**next(f for e in before["entities"] if e["key"] == "user" for f in e["fields"] if f["key"] == "language"), "help": label("Which")}
    assert (await publish(shop.admin, "organization", with_fields(before, "user", language))).status_code == 201
    assert (await publish(shop.admin, "organization", before)).status_code == 201


async def test_organization_may_not_break_another_app(shop: Shop) -> None:
    before = (await shop.admin.get("/api/apps/organization/draft")).json()["document"]
    more = with_fields(before, "user", element("nickname", "text"))
    await published(shop, more)
    rule = [{"key": "known", "check": 'ISBLANK(by) OR by.nickname <> "x"', "at": "by", "message": label("Not x")}]
    document = await installed(shop, "leaning", element("by", "reference", to="organization.user"), rules=rule)
    user = shop.tickets["worker"].user_id
    card = await create(shop, document, by=user)
    draft = "/api/apps/organization/draft"
    revision = (await shop.admin.get(draft)).json()["revision"]
    kept = (await shop.admin.ask("PUT", draft, {"revision": revision, "document": before})).json()
    body = {"revision": kept["revision"], "note": ""}
    problem = await refused(
        shop, shop.admin, "POST", "/api/apps/organization/versions", body, 422, "definition-invalid",
        ("expression-unknown-field", "/entities/card/rules/known/check"),
    )  # fmt: skip
    assert "nickname" in problem["errors"][0]["detail"]
    assert (await shop.admin.ask("DELETE", draft)).status_code == 204
    assert (await shop.admin.ask("PATCH", f"/api/apps/organization/records/user/{user}", {"nickname": "x"})).status_code == 200
    path = f"{cards(document)}/{card['id']}"
    await refused(shop, shop.admin, "PATCH", path, {"by": user}, 422, "record-invalid", ("record-rule-broken", "/by"))
