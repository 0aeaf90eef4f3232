"""A package is installed into an app that is there: shown first, with what it requires; put into the draft, published with its records."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.refusal import refused
from tests.upgraded import part
from tests.workshop import Document, Shop, element, entity, package, publish

APP = "/api/apps/base_app"
ADD = f"{APP}/packages"


def crm(version: str = "1.0.0", *more: Document) -> Document:
    """Return a package that adds to the app: an entity of its own with a record, a field of the app's entity, a role."""
    lead = entity("crm_lead", "name", element("name", "text", required=True), element("good", "reference", to="good"), *more)
    document = package("crm", lead, version=version)
    document["requires"].append({"package": "base_app", "version": ">=1"})
    document["roles"] = [{"key": "crm_seller", "name": {"en": "Seller"}, "installer": True}]
    document["policies"] = [{**document["policies"][0], "role": "crm_seller"}]
    document["entities"].append({"extend": "good", "fields": [element("crm_score", "number", scale=0)]})
    document["seed"] = [{"key": "first", "entity": "crm_lead", "values": {"name": "First lead"}}]
    return document


@pytest.fixture(scope="module")
async def app(shop: Shop) -> Document:
    """Return the app as the customer has it: with an entity of their own."""
    answer = await shop.install(package("base_app", entity("good", "name", element("name", "text", required=True))))
    assert answer.status_code == 201, answer.text
    document = (await shop.admin.get(f"{APP}/export")).json()
    document["entities"].append(entity("x_own", "name", element("name", "text")))
    assert (await publish(shop.admin, "base_app", document)).status_code == 201
    return dict(document)


async def test_what_cannot_be_added(shop: Shop, app: Document) -> None:
    plan = f"{ADD}/plan"
    words = {"zh": "中已有包“base_app”", "en": "made of package base_app already"}
    await refused(shop, shop.admin, "POST", plan, {"package": "base_app"}, 404, "upgrade-version-unknown")
    await refused(shop, shop.admin, "POST", plan, {"package": package("base_app")}, 409, "upgrade-package-there", **words)
    clash = crm()
    clash["entities"].append(entity("x_own", "name", element("name", "text")))
    clash["policies"].append({**clash["policies"][0], "key": "x_own", "entity": "x_own"})
    words = {"zh": "包“base_app”和“crm”中都有“x_own”", "en": "x_own is both in package base_app and in package crm"}
    await refused(shop, shop.admin, "POST", plan, {"package": clash}, 422, "package-invalid", ("package-key-clash", "/entities/x_own"), **words)
    clash = crm()
    clash["entities"].append(entity("good", "name", element("name", "text")))
    await refused(shop, shop.admin, "POST", plan, {"package": clash}, 422, "package-invalid", ("package-key-clash", "/entities/good"))
    for path, body in ((plan, {"package": crm()}), (ADD, {"package": crm(), "revision": 0})):
        await refused(shop, shop.manager, "POST", path, body, 404, "app-not-found")
    workshop = "/api/apps/workshop/packages"
    await refused(shop, shop.manager, "POST", f"{workshop}/plan", {"package": crm()}, 403, "access-act-denied")


async def test_a_package_is_added_and_upgraded_with_the_app(shop: Shop, app: Document) -> None:
    before = await shop.counts()
    found = (await shop.admin.post(f"{ADD}/plan", {"package": crm()})).json()
    assert await shop.counts() == before
    assert found["packages"] == [{"package": "crm", "before": None, "after": "1.0.0"}]
    assert (found["conflicts"], found["issues"]) == ([], [])
    added = {one["change"]["pointer"] for one in found["merged"] if one["side"] == "theirs"}
    assert {"/entities/crm_lead", "/entities/good/fields/crm_score", "/roles/crm_seller", "/seed/first"} <= added
    assert [(one["key"], one["fate"]) for one in found["seed"]] == [("first", "new")]
    put = await shop.admin.post(ADD, {"package": crm(), "revision": found["revision"]})
    assert put.status_code == 201, put.text
    answer = await shop.admin.post(f"{APP}/versions", {"revision": put.json()["revision"], "note": ""})
    assert answer.status_code == 201, answer.text
    leads = (await shop.admin.get(f"{APP}/records/crm_lead")).json()["records"]  # as the installer's new role allows
    assert [one["name"] for one in leads] == ["First lead"]
    stands = {one["package"]: one["version"] for one in (await shop.admin.get(f"{APP}/upgrade")).json()["packages"]}
    assert stands == {"base_app": "1.0.0", "crm": "1.0.0"}
    origins = (await shop.admin.get(f"{APP}/provenance")).json()["elements"]
    told = {pointer: (origins[pointer]["package"], origins[pointer]["changed"]) for pointer in origins}
    assert told["/entities/crm_lead"] == told["/entities/good/fields/crm_score"] == ("crm", False)
    assert (told["/entities/good"], told["/entities/x_own"]) == (("base_app", False), (None, False))
    new = crm("1.1.0", element("phone", "phone"))
    found = (await shop.admin.post(f"{APP}/upgrade/plan", {"package": new})).json()
    assert found["packages"] == [{"package": "crm", "before": "1.0.0", "after": "1.1.0"}]
    assert {one["pointer"] for one in found["changes"]} == {"/entities/crm_lead/fields/phone"}
    own = deepcopy(package("base_app", entity("good", "name", element("name", "text", required=True), element("size", "number"))))
    own["version"] = "1.2.0"
    found = (await shop.admin.post(f"{APP}/upgrade/plan", {"package": own})).json()
    assert found["packages"] == [{"package": "base_app", "before": "1.0.0", "after": "1.2.0"}]
    assert not [one for one in found["merged"] if one["change"]["kind"] == "removed"]
    put = await shop.admin.post(f"{APP}/upgrade", {"package": own, "revision": found["revision"]})
    document = (await shop.admin.get(f"{APP}/draft")).json()["document"]
    assert {"name", "size", "crm_score"} == {one["key"] for one in part(document, "entities", "good")["fields"]}
    assert {"good", "x_own", "crm_lead"} == {one["key"] for one in document["entities"]}
