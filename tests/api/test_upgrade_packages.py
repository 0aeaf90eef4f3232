"""Apps composed of several packages: what each is made of, one package upgraded alone, others along only where that needs it."""

from __future__ import annotations

from copy import deepcopy
from uuid import uuid4

import orjson
import pytest

from dougong.packages.library import read_package
from tests.api.browser import problem_of
from tests.upgraded import STARTER, next_version, part, starter
from tests.workshop import Document, Shop, element, entity, package, publish

APP = "/api/apps/our_trade"


def whole(version: str = "1.0.0", wanted: str = ">=1,<3") -> Document:
    """Return a package that is built on the starter, with a list of its own."""
    visit = entity("visit", "place", element("place", "text", required=True), element("partner", "reference", to="partner"))
    document = package("our_trade", visit, version=version)
    document["roles"][0]["key"] = "trader"
    document["policies"] = [{**policy, "role": "trader"} for policy in document["policies"]]
    document["requires"].append({"package": STARTER, "version": wanted})
    addition = {"extend": "partner", "fields": [element("our_trade_tier", "text")]}
    return {**document, "entities": [*document["entities"], addition]}


@pytest.fixture(scope="module")
async def installed(shop: Shop) -> Document:
    """Return the document of the composed app."""
    answer = await shop.install(whole())
    assert answer.status_code == 201, answer.text
    return dict((await shop.admin.get(f"{APP}/export")).json())


async def stands(shop: Shop) -> dict[str, tuple[str, str | None]]:
    found = (await shop.admin.get(f"{APP}/upgrade")).json()["packages"]
    return {one["package"]: (one["version"], one["draft_version"]) for one in found}


async def test_each_package_is_kept_with_the_app(shop: Shop, installed: Document) -> None:
    assert await stands(shop) == {"our_trade": ("1.0.0", None), STARTER: ("1.1.0", None)}
    found = (await shop.admin.get(f"{APP}/provenance")).json()["elements"]
    origins = {pointer: (one["package"], one["changed"]) for pointer, one in found.items()}
    assert origins["/entities/visit/fields/place"] == ("our_trade", False)
    assert origins["/entities/partner/fields/our_trade_tier"] == ("our_trade", False)
    assert origins["/entities/partner/fields/phone"] == origins["/entities/partner"] == (STARTER, False)
    assert not [pointer for pointer, (name, changed) in origins.items() if name is None or changed]


async def test_one_package_is_upgraded_and_the_others_stay(shop: Shop, installed: Document) -> None:
    new = next_version(starter())
    found = (await shop.admin.post(f"{APP}/upgrade/plan", {"package": new})).json()
    assert found["packages"] == [{"package": STARTER, "before": "1.1.0", "after": "2.0.0"}]
    assert (found["conflicts"], found["issues"]) == ([], [])
    put = await shop.admin.post(f"{APP}/upgrade", {"package": new, "revision": found["revision"]})
    assert put.status_code == 201, put.text
    assert await stands(shop) == {"our_trade": ("1.0.0", None), STARTER: ("1.1.0", "2.0.0")}
    origins = (await shop.admin.get(f"{APP}/provenance")).json()["elements"]
    assert origins["/entities/partner/fields/website"]["text"]["en"] == f"from {STARTER} 2.0.0"
    document = (await shop.admin.get(f"{APP}/draft")).json()["document"]
    assert {"website", "our_trade_tier"} <= {one["key"] for one in part(document, "entities", "partner")["fields"]}
    assert (await shop.admin.ask("DELETE", f"{APP}/draft")).status_code == 204
    too_new = next_version(starter(), "3.0.0")
    answer = problem_of(await shop.admin.post(f"{APP}/upgrade/plan", {"package": too_new}), 422, "package-invalid")
    assert [one["pointer"] for one in answer["errors"]] == [f"/requires/{STARTER}"]
    assert "our_trade" in answer["errors"][0]["detail"]


async def test_the_own_package_brings_what_it_requires_besides(shop: Shop, installed: Document) -> None:
    new = whole("1.1.0")
    new["entities"][0]["fields"].append(element("length", "number"))
    found = (await shop.admin.post(f"{APP}/upgrade/plan", {"package": new})).json()
    assert found["packages"] == [{"package": "our_trade", "before": "1.0.0", "after": "1.1.0"}]
    new["requires"] = [one for one in new["requires"] if one["package"] != STARTER]
    new["entities"] = [one for one in new["entities"] if "extend" not in one]
    without = (await shop.admin.post(f"{APP}/upgrade/plan", {"package": new})).json()
    assert {"package": STARTER, "before": "1.1.0", "after": None} in without["packages"]
    assert "/entities/partner" in {one["change"]["pointer"] for one in without["merged"] if one["change"]["kind"] == "removed"}


async def test_undoing_the_upgrade_leaves_the_app_with_the_version_it_had(shop: Shop, installed: Document) -> None:
    found = (await shop.admin.post(f"{APP}/upgrade/plan", {"package": next_version(starter())})).json()
    put = await shop.admin.post(f"{APP}/upgrade", {"package": next_version(starter()), "revision": found["revision"]})
    [upgrade] = (await shop.admin.get(f"{APP}/draft/gestures?chapter=present")).json()["gestures"]
    assert upgrade["label"]["message"] == "entry.upgrade"
    back = [{"kind": "set", "at": "/icon", "value": "shop", "previous": "shop"}, {"kind": "set", "at": "/icon", "value": "cart", "previous": "shop"}]
    undo = {"id": str(uuid4()), "label": {"message": "entry.undo"}, "commands": back, "undoes": [upgrade["id"]]}
    assert (await stands(shop))[STARTER] == ("1.1.0", "2.0.0")
    put = await shop.admin.post(f"{APP}/draft/commands", {"revision": put.json()["revision"], "gestures": [undo]})
    assert put.json()["conflicts"] == [], put.text
    assert (await stands(shop))[STARTER] == ("1.1.0", None)
    answer = await shop.admin.post(f"{APP}/versions", {"revision": put.json()["revision"], "note": ""})
    assert answer.status_code == 201, answer.text
    assert (await stands(shop))[STARTER] == ("1.1.0", None)


async def test_publishing_something_else_is_no_upgrade(shop: Shop, installed: Document) -> None:
    found = (await shop.admin.post(f"{APP}/upgrade/plan", {"package": whole("1.5.0")})).json()
    assert (await shop.admin.post(f"{APP}/upgrade", {"package": whole("1.5.0"), "revision": found["revision"], "rule": "ours"})).status_code == 201
    assert (await shop.admin.ask("DELETE", f"{APP}/draft")).status_code == 204
    assert (await publish(shop.admin, "our_trade", installed)).status_code == 201
    assert (await stands(shop))["our_trade"] == ("1.0.0", None)


async def test_an_app_of_earlier_days_is_one_package(shop: Shop, installed: Document) -> None:
    await shop.database.execute("DELETE FROM dougong.installed_package WHERE app = 'our_trade'")
    await shop.database.execute(
        """INSERT INTO dougong.installed_package (app, package, version, document, installed_by)
           VALUES ('our_trade', 'our_trade', '1.0.0', $1::text::json, '00000000-0000-7000-8000-000000000001')""",
        orjson.dumps(installed).decode(),
    )
    assert await stands(shop) == {"our_trade": ("1.0.0", None)}
    found = (await shop.admin.get(f"{APP}/provenance")).json()["elements"]
    assert found["/entities/partner/fields/phone"]["text"]["en"] == "from our_trade 1.0.0"
    answer = await shop.admin.post(f"{APP}/upgrade/plan", {"package": {**installed, "version": "1.1.0"}})
    assert answer.status_code == 200, answer.text
    assert answer.json()["conflicts"] == []


async def test_the_organization_is_upgraded_like_any_app(shop: Shop) -> None:
    new = deepcopy(dict(read_package("organization")))
    new["version"] = "1.99.0"
    part(new, "entities", "department")["fields"].append(element("cost_center", "text"))
    path = "/api/apps/organization/upgrade"
    found = (await shop.admin.post(f"{path}/plan", {"package": new})).json()
    assert (found["conflicts"], found["issues"]) == ([], [])
    assert "/entities/department/fields/cost_center" in {one["pointer"] for one in found["changes"]}
    put = await shop.admin.post(path, {"package": new, "revision": found["revision"]})
    answer = await shop.admin.post("/api/apps/organization/versions", {"revision": put.json()["revision"], "note": ""})
    assert answer.status_code == 201, answer.text
    [stand] = (await shop.admin.get(path)).json()["packages"]
    assert (stand["package"], stand["version"]) == ("organization", "1.99.0")
