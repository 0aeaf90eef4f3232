"""Upgrades over HTTP: what an app is made of, what merges and what is in conflict, the draft it becomes, published with its records."""

from __future__ import annotations

import asyncio
from copy import deepcopy
from datetime import UTC, datetime

import pytest

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.upgraded import STARTER, customized, next_version, part, starter
from tests.workshop import Document, Shop, element, entity, package, publish

UPGRADE = f"/api/apps/{STARTER}/upgrade"
DRAFT = f"/api/apps/{STARTER}/draft"
PHONE = "/entities/partner/fields/phone/name/en"

NAMING = ("sales_partner", "sales_partner_own", "purchaser_partner", "purchaser_partner_own", "warehouse_partner", "sales_manager_partner", "finance_partner")
"""The policies of the starter that say something of the field the customer took out."""


@pytest.fixture(scope="module")
async def ours(shop: Shop) -> Document:
    """Return the starter as the customer has changed and published it."""
    answer = await shop.install(starter())
    assert answer.status_code == 201, answer.text
    changed = customized(starter())
    assert (await publish(shop.admin, STARTER, changed)).status_code == 201
    return changed


async def revision(shop: Shop) -> int:
    return int((await shop.admin.get(UPGRADE)).json()["revision"])


async def planned(shop: Shop, path: str = UPGRADE, **body: object) -> Document:
    """Return what an upgrade would do; planning it writes nothing."""
    before = await shop.counts()
    answer = await shop.admin.post(f"{path}/plan", body)
    assert answer.status_code == 200, answer.text
    assert await shop.counts() == before
    return dict(answer.json())


async def test_an_app_says_what_it_is_made_of(shop: Shop, ours: Document) -> None:
    [stand] = (await shop.admin.get(UPGRADE)).json()["packages"]
    assert (stand["package"], stand["version"], stand["newest"], stand["draft_version"]) == (STARTER, "1.1.0", None, None)
    assert stand["hash"].startswith("sha256:")
    assert stand["name"] == starter()["name"]


async def test_plan_says_what_merges_and_what_is_in_conflict(shop: Shop, ours: Document) -> None:
    found = await planned(shop, package=next_version(starter()))
    assert found["packages"] == [{"package": STARTER, "before": "1.1.0", "after": "2.0.0"}]
    assert (found["issues"], found["is_draft_changed"]) == ([], False)
    [conflict] = found["conflicts"]
    assert (conflict["pointer"], conflict["cause"], conflict["chosen"]) == (PHONE, "changed", None)
    assert (conflict["base_value"], conflict["ours_value"], conflict["theirs_value"]) == ("Phone", "Direct line", "Telephone")
    assert (conflict["ours"]["zh-CN"], conflict["theirs"]["en"]) == ("Direct line", "Telephone")
    assert "Direct line" in conflict["place"]["en"] and conflict["place"]["zh-CN"].endswith("：名称（英文）")
    merged = {(one["side"], one["change"]["kind"], one["change"]["pointer"]) for one in found["merged"]}
    assert merged == {
        ("theirs", "added", "/entities/partner/fields/website"), ("theirs", "added", "/forms/partner/nodes/basic/nodes/website"),
        ("theirs", "changed", "/entities/partner/fields/contact"), ("theirs", "changed", "/entities/item/fields/spec"),
        ("theirs", "changed", "/"),
        ("ours", "changed", "/entities/partner/fields/contact"), ("ours", "added", "/entities/partner/fields/x_score"),
        ("ours", "added", "/entities/partner/rules/x_score_positive"), ("ours", "removed", "/entities/partner/fields/bank_account"),
        ("ours", "removed", "/forms/partner/nodes/accounts/nodes/bank_account"), ("ours", "changed", "/forms/partner/nodes/basic/nodes"),
        ("ours", "added", "/forms/partner/nodes/basic/nodes/x_score"),
        *(("ours", "removed", f"/policies/{key}/levels/bank_account") for key in NAMING),
    }  # fmt: skip
    assert {one["pointer"] for one in found["changes"]} == {pointer for side, _, pointer in merged if side == "theirs"}
    chosen = await planned(shop, package=next_version(starter()), choices={PHONE: "theirs"})
    assert chosen["conflicts"][0]["chosen"] == "theirs"
    assert "/entities/partner/fields/phone" in {one["pointer"] for one in chosen["changes"]}
    by_rule = await planned(shop, package=next_version(starter()), rule="labels")
    assert by_rule["conflicts"][0]["chosen"] == "ours"


async def test_what_cannot_be_upgraded(shop: Shop, ours: Document) -> None:
    new, at = next_version(starter()), await revision(shop)
    words = {"zh": "尚有 1 处冲突", "en": f"1 conflicts are not decided, one at {PHONE}"}
    await refused(shop, shop.admin, "POST", UPGRADE, {"package": new, "revision": at}, 409, "upgrade-conflicts-open", **words)
    body = {"package": new, "rule": "ours", "revision": at + 1}
    await refused(shop, shop.admin, "POST", UPGRADE, body, 409, "definition-draft-conflict")
    plan = f"{UPGRADE}/plan"
    body = {"package": new, "choices": {"/name/en": "ours"}}
    await refused(shop, shop.admin, "POST", plan, body, 422, "upgrade-choice-unknown", zh="/name/en 处没有冲突", en="no conflict at /name/en")
    words = {"zh": "已是 1.1.0 版", "en": "trading_starter 1.1.0; 1.1.0 is not newer"}
    await refused(shop, shop.admin, "POST", plan, {"package": starter()}, 409, "upgrade-not-newer", **words)
    words = {"zh": "没有“trading_starter”的 3.0.0 版", "en": "no version 3.0.0"}
    await refused(shop, shop.admin, "POST", plan, {"package": STARTER, "version": "3.0.0"}, 404, "upgrade-version-unknown", **words)
    words = {"zh": "中没有包“other”", "en": "not made of package other"}
    await refused(shop, shop.admin, "POST", plan, {"package": package("other")}, 404, "upgrade-package-unknown", **words)
    broken = {**new, "entities": [{"key": "partner"}]}
    answer = problem_of(await shop.admin.post(plan, {"package": broken}), 422, "definition-invalid")
    assert ("definition-property-missing", "/entities/partner/name") in {(one["code"], one["pointer"]) for one in answer["errors"]}
    missing = {**new, "requires": [*new["requires"], {"package": "nowhere", "version": ">=1"}]}
    places = [("package-requires-missing", "/requires/nowhere")]
    await refused(shop, shop.admin, "POST", plan, {"package": missing}, 422, "package-invalid", *places)
    for who, method, path, sent in (
        (shop.worker, "GET", UPGRADE, None), (shop.worker, "POST", plan, {"package": new}),
        (shop.worker, "POST", UPGRADE, {"package": new, "revision": at}), (shop.worker, "GET", f"/api/apps/{STARTER}/provenance", None),
    ):  # fmt: skip
        await refused(shop, who, method, path, sent, 404, "app-not-found")


async def test_provenance_of_elements(shop: Shop, ours: Document) -> None:
    found = (await shop.admin.get(f"/api/apps/{STARTER}/provenance")).json()["elements"]

    def told(pointer: str) -> tuple[object, ...]:
        return (found[pointer]["package"], found[pointer]["version"], found[pointer]["changed"], found[pointer]["text"]["en"])

    assert told("/entities/partner") == (STARTER, "1.1.0", False, "from trading_starter 1.1.0")
    assert told("/entities/partner/fields/phone") == (STARTER, "1.1.0", True, "from trading_starter 1.1.0, changed here")
    assert told("/entities/partner/fields/x_score") == (None, None, False, "added here")
    assert told("/forms/partner/nodes/basic/nodes/name")[2] is False
    assert found["/entities/partner/fields/phone"]["text"]["zh-CN"] == "来自 trading_starter 1.1.0，已在此修改"


async def test_what_packages_say_of_elements(shop: Shop, ours: Document) -> None:
    path = f"/api/apps/{STARTER}/provenance/packages"
    found = (await shop.admin.get(f"{path}?under=/entities/partner&under=/forms/partner")).json()
    assert found["packages"] == {STARTER: {"name": starter()["name"], "version": "1.1.0"}}
    phone = found["elements"]["/entities/partner/fields/phone"]
    assert (phone["package"], phone["values"]["name"]["en"], phone["values"]["kind"]) == (STARTER, "Phone", "text")
    # What was taken away here is said as well, what was added is not; nor are elements inside others said twice.
    assert {"/entities/partner/fields/bank_account", "/forms/partner/nodes/basic"} <= found["elements"].keys()
    assert "/entities/partner/fields/x_score" not in found["elements"]
    assert found["elements"]["/entities/partner"]["values"].keys().isdisjoint({"fields", "rules", "key"})
    assert all(pointer.startswith(("/entities/partner", "/forms/partner")) for pointer in found["elements"])
    assert not any(pointer.startswith("/entities/partner_") for pointer in found["elements"])
    await refused(shop, shop.admin, "GET", path, None, 422, "request-invalid", ("request-value-missing", "under"))
    await refused(shop, shop.worker, "GET", f"{path}?under=/entities", None, 404, "app-not-found")


@pytest.mark.parametrize(("side", "version", "words"), [("ours", "2.0.0", "Direct line"), ("theirs", "3.0.0", "Telephone no.")])
async def test_upgrade_becomes_a_draft_and_a_version(shop: Shop, ours: Document, side: str, version: str, words: str) -> None:
    new = next_version(starter(), version)
    part(new, "entities", "partner", "fields", "phone")["name"]["en"] = "Telephone" if side == "ours" else words
    partner = await shop.admin.post(f"/api/apps/{STARTER}/records/partner", {"name": f"Kept {side}", "is_customer": True, "x_score": "7"})
    assert partner.status_code == 201, partner.text
    body = {"package": new, "choices": {PHONE: side}, "revision": await revision(shop)}
    answer = await shop.admin.post(UPGRADE, body)
    assert answer.status_code == 201, answer.text
    draft = (await shop.admin.get(DRAFT)).json()
    assert draft["revision"] == answer.json()["revision"]
    [stand] = (await shop.admin.get(UPGRADE)).json()["packages"]
    assert stand["draft_version"] == version
    published = await shop.admin.post(f"/api/apps/{STARTER}/versions", {"revision": draft["revision"], "note": "upgrade"})
    assert published.status_code == 201, published.text
    [stand] = (await shop.admin.get(UPGRADE)).json()["packages"]
    assert (stand["version"], stand["draft_version"]) == (version, None)
    active = (await shop.admin.get(f"/api/apps/{STARTER}/export")).json()
    fields = {one["key"]: one for one in part(active, "entities", "partner")["fields"]}
    assert fields["phone"]["name"]["en"] == words
    assert fields["contact"]["name"]["en"] == "Liaison" and fields["contact"]["max_length"] == 77
    assert {"website", "x_score"} <= fields.keys() and "bank_account" not in fields
    assert active["version"] == version
    inputs = [node["key"] for node in part(active, "forms", "partner", "nodes", "basic")["nodes"]]
    theirs = [node["key"] for node in part(starter(), "forms", "partner", "nodes", "basic")["nodes"]]
    assert [key for key in inputs if key in theirs] == theirs[::-1]
    assert inputs[-1] == "x_score" and inputs[inputs.index("short_name") + 1] == "website"
    read = (await shop.admin.get(f"/api/apps/{STARTER}/records/partner/{partner.json()['id']}")).json()
    assert (read["x_score"], read["website"]) == ("7", None)


async def test_draft_of_somebody_is_merged_and_discarding_it_drops_the_upgrade(shop: Shop, ours: Document) -> None:
    draft = (await shop.admin.get(DRAFT)).json()
    changed = deepcopy(draft["document"])
    part(changed, "entities", "item", "fields", "barcode")["name"] = {"zh-CN": "条码", "en": "Code on the box"}
    kept = await shop.admin.ask("PUT", DRAFT, {"revision": draft["revision"], "document": changed})
    new = next_version(starter(), "4.0.0")
    found = await planned(shop, package=new, rule="ours")
    assert found["is_draft_changed"] is True
    answer = await shop.admin.post(UPGRADE, {"package": new, "rule": "ours", "revision": kept.json()["revision"]})
    assert answer.status_code == 201, answer.text
    merged = (await shop.admin.get(DRAFT)).json()["document"]
    assert part(merged, "entities", "item", "fields", "barcode")["name"]["en"] == "Code on the box"
    assert merged["version"] == "4.0.0"
    # a second upgrade of the same draft goes on from the first
    again = await planned(shop, package=next_version(starter(), "5.0.0"))
    assert again["packages"][0]["before"] == "4.0.0"
    assert not again["conflicts"]
    before = (await shop.admin.get(UPGRADE)).json()["packages"][0]["version"]
    assert (await shop.admin.ask("DELETE", DRAFT)).status_code == 204
    [stand] = (await shop.admin.get(UPGRADE)).json()["packages"]
    assert (stand["version"], stand["draft_version"]) == (before, None)
    assert await shop.database.fetchval("SELECT count(*) FROM dougong.draft_package") == 0


def goods(version: str, *records: tuple[str, Document]) -> Document:
    """Return a package whose records are what matters."""
    good = entity("good", "name", element("name", "text", required=True), element("price", "money"), element("note", "text"))
    seed = [{"key": key, "entity": "good", "values": values} for key, values in records]
    return {**package("goods", good), "version": version, "seed": seed}


async def test_records_of_a_package_follow_unless_somebody_edited_them(shop: Shop) -> None:
    first = goods("1.0.0", *((key, {"name": key, "price": "1"}) for key in ("plain", "edited", "noted", "deleted", "same", "dropped")))
    assert (await shop.install(first)).status_code == 201
    records = "/api/apps/goods/records/good"
    ids = {one["name"]: one["id"] for one in (await shop.admin.get(records)).json()["records"]}
    assert (await shop.admin.ask("PATCH", f"{records}/{ids['edited']}", {"price": "5"}, if_match='"1"')).status_code == 200
    assert (await shop.admin.ask("PATCH", f"{records}/{ids['noted']}", {"note": "mine"}, if_match='"1"')).status_code == 200
    assert (await shop.admin.ask("DELETE", f"{records}/{ids['deleted']}", if_match='"1"')).status_code in (200, 204)
    second = goods(
        "2.0.0", *((key, {"name": key, "price": "2"}) for key in ("plain", "edited", "noted", "deleted")),
        ("same", {"name": "same", "price": "1"}), ("added", {"name": "added", "price": "3"}),
    )  # fmt: skip
    found = await planned(shop, "/api/apps/goods/upgrade", package=second)
    fates = {one["key"]: one["fate"] for one in found["seed"]}
    assert fates == {"plain": "renewed", "edited": "kept", "noted": "renewed", "deleted": "deleted", "added": "new"}
    assert found["seed"][0]["text"]["en"] == "Entity “good” “plain”"
    put = await shop.admin.post("/api/apps/goods/upgrade", {"package": second, "revision": found["revision"]})
    answer = await shop.admin.post("/api/apps/goods/versions", {"revision": put.json()["revision"], "note": ""})
    assert answer.status_code == 201, answer.text
    now = {one["name"]: (one["price"], one["note"]) for one in (await shop.admin.get(f"{records}?fields=name,price,note")).json()["records"]}
    assert now == {
        "plain": ("2", None), "edited": ("5", None), "noted": ("2", "mine"), "same": ("1", None), "dropped": ("1", None), "added": ("3", None),
    }  # fmt: skip
    history = await shop.database.fetch("SELECT DISTINCT channel FROM dougong.history WHERE app = 'goods' AND action = 'update'")
    assert {row["channel"] for row in history} == {"api", "upgrade-seed"}
    # what an upgrade renewed is still the package's; what somebody edited still is not
    third = goods("3.0.0", *((key, {"name": key, "price": "9"}) for key in ("plain", "edited")))
    found = await planned(shop, "/api/apps/goods/upgrade", package=third)
    assert {one["key"]: one["fate"] for one in found["seed"]} == {"plain": "renewed", "edited": "kept"}


async def test_records_that_break_a_rule_stop_the_publish(shop: Shop) -> None:
    assert (await shop.install({**goods("1.0.0"), "key": "strict"})).status_code == 201
    bad = {**goods("2.0.0", ("bad", {"name": "bad", "price": "much"})), "key": "strict"}
    found = await planned(shop, "/api/apps/strict/upgrade", package=bad)
    put = await shop.admin.post("/api/apps/strict/upgrade", {"package": bad, "revision": found["revision"]})
    body = {"revision": put.json()["revision"], "note": ""}
    answer = problem_of(await shop.admin.post("/api/apps/strict/versions", body), 422, "package-invalid")
    assert [one["pointer"] for one in answer["errors"]] == ["/seed/bad/values/price"]
    [stand] = (await shop.admin.get("/api/apps/strict/upgrade")).json()["packages"]
    assert (stand["version"], stand["draft_version"]) == ("1.0.0", "2.0.0")


async def test_rolling_back_an_upgrade_goes_back_to_the_package_it_was_made_of(shop: Shop) -> None:
    first = {**goods("1.0.0", ("one", {"name": "one", "price": "1"})), "key": "back"}
    second = {**goods("2.0.0", ("one", {"name": "one", "price": "2"})), "key": "back"}
    part(second, "entities", "good")["fields"].append(element("size", "number"))
    assert (await shop.install(first)).status_code == 201
    for document in (second, second):  # upgraded, rolled back, and upgraded again
        found = await planned(shop, "/api/apps/back/upgrade", package=document)
        assert ("theirs", "/entities/good/fields/size") in {(one["side"], one["change"]["pointer"]) for one in found["merged"]}
        put = await shop.admin.post("/api/apps/back/upgrade", {"package": document, "revision": found["revision"]})
        published = await shop.admin.post("/api/apps/back/versions", {"revision": put.json()["revision"], "note": ""})
        assert published.status_code == 201, published.text
        [stand] = (await shop.admin.get("/api/apps/back/upgrade")).json()["packages"]
        assert stand["version"] == "2.0.0"
        revision = (await shop.admin.get("/api/apps/back/upgrade")).json()["revision"]
        answer = await shop.admin.post("/api/apps/back/versions/1/restore", {"revision": revision, "note": ""})
        assert answer.status_code == 201, answer.text
        [stand] = (await shop.admin.get("/api/apps/back/upgrade")).json()["packages"]
        assert stand["version"] == "1.0.0"
        goods_now = (await shop.admin.get("/api/apps/back/records/good?fields=name,price")).json()["records"]
        assert [(one["name"], one["price"]) for one in goods_now] == [("one", "2")]  # going back leaves records as they are


async def test_an_upgrade_that_is_published_by_a_job_is_finished_too(shop: Shop) -> None:
    first = {**goods("1.0.0", ("one", {"name": "one", "price": "1"})), "key": "later"}
    second = {**goods("2.0.0", ("one", {"name": "one", "price": "2"}), ("two", {"name": "two"})), "key": "later"}
    assert (await shop.install(first)).status_code == 201
    found = await planned(shop, "/api/apps/later/upgrade", package=second)
    put = await shop.admin.post("/api/apps/later/upgrade", {"package": second, "revision": found["revision"]})
    body = {"revision": put.json()["revision"], "note": "", "due_at": datetime.now(UTC).isoformat()}
    answer = await shop.admin.post("/api/apps/later/versions", body)
    assert answer.status_code == 202, answer.text
    job = f"/api/apps/later/publishes/{answer.json()['publish']['id']}"
    while (await shop.admin.get(job)).json()["ended_at"] is None:
        await asyncio.sleep(0)
    [stand] = (await shop.admin.get("/api/apps/later/upgrade")).json()["packages"]
    assert (stand["version"], stand["draft_version"]) == ("2.0.0", None)
    records = (await shop.admin.get("/api/apps/later/records/good?fields=name,price&sort=name")).json()["records"]
    assert [(one["name"], one["price"]) for one in records] == [("one", "2"), ("two", None)]
