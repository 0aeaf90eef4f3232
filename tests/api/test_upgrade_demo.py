"""Demo records in an upgrade: unedited ones follow, edited and deleted ones stay, none come where there are none; all are found again."""

from __future__ import annotations

from tests.workshop import Document, Shop, element, entity, package

Values = dict[str, object]


def stock(key: str, version: str, *records: tuple[str, Values]) -> Document:
    """Return a package whose demo records are what matters: goods, and moves that point to them."""
    good = entity("good", "name", element("name", "text", required=True), element("price", "money"), element("note", "text"))
    move = entity("move", "name", element("name", "text"), element("good", "reference", to="good", required=True))
    demo = [{"key": place, "entity": "move" if "good" in values else "good", "values": values} for place, values in records]
    return {**package(key, good, move), "version": version, "demo": demo}


def good(name: str, price: str) -> tuple[str, Values]:
    """Return a demo record."""
    return name, {"name": name, "price": price}


async def upgraded(shop: Shop, key: str, new: Document) -> dict[str, str]:
    """Upgrade an app, and return what the plan said becomes of each demo record."""
    path = f"/api/apps/{key}"
    found = await shop.admin.post(f"{path}/upgrade/plan", {"package": new})
    assert found.status_code == 200, found.text
    put = await shop.admin.post(f"{path}/upgrade", {"package": new, "revision": found.json()["revision"]})
    assert put.status_code == 201, put.text
    answer = await shop.admin.post(f"{path}/versions", {"revision": put.json()["revision"], "note": ""})
    assert answer.status_code == 201, answer.text
    assert {one["part"] for one in found.json()["seed"]} <= {"demo"}
    return {one["key"]: one["fate"] for one in found.json()["seed"]}


async def prices(shop: Shop, key: str) -> dict[str, str]:
    found = (await shop.admin.get(f"/api/apps/{key}/records/good")).json()["records"]
    return {one["name"]: one["price"] for one in found}


async def test_demo_records_follow_unless_somebody_edited_them(shop: Shop) -> None:
    names = ("plain", "edited", "noted", "deleted", "dropped", "same")
    assert (await shop.install(stock("demos", "1.0.0", *(good(name, "1") for name in names)), demo=True)).status_code == 201
    records = "/api/apps/demos/records/good"
    ids = {one["name"]: one["id"] for one in (await shop.admin.get(records)).json()["records"]}
    for name, values in (("edited", {"price": "5"}), ("noted", {"note": "mine"})):
        assert (await shop.admin.ask("PATCH", f"{records}/{ids[name]}", values, if_match='"1"')).status_code == 200
    assert (await shop.admin.ask("DELETE", f"{records}/{ids['deleted']}", if_match='"1"')).status_code in (200, 204)
    await shop.admin.post(records, {"name": "own", "price": "7"})
    second = stock(
        "demos", "2.0.0", *(good(name, "2") for name in ("plain", "edited", "noted", "deleted")), good("same", "1"), good("added", "3"),
        ("moved", {"name": "moved", "good": "added"}), ("lost", {"name": "lost", "good": "deleted"}),
    )  # fmt: skip
    fates = await upgraded(shop, "demos", second)
    assert fates == {
        "plain": "renewed", "edited": "kept", "noted": "kept", "deleted": "deleted", "added": "new", "moved": "new", "lost": "unmet",
    }  # fmt: skip
    now = {"plain": "2", "edited": "5", "noted": "1", "dropped": "1", "same": "1", "added": "3", "own": "7"}
    assert await prices(shop, "demos") == now
    assert [one["name"] for one in (await shop.admin.get("/api/apps/demos/records/move")).json()["records"]] == ["moved"]
    third = stock("demos", "3.0.0", *(good(name, "9") for name in ("plain", "edited", "same")))
    assert await upgraded(shop, "demos", third) == {"plain": "renewed", "edited": "kept", "same": "renewed"}
    path = "/api/apps/demos/package-records"
    assert (await shop.admin.get(path)).json()["demo"] == {"count": 7, "there": 7}  # with those of versions before
    cleared = (await shop.admin.ask("DELETE", f"{path}/demo")).json()
    assert {one["entity"]: one["count"] for one in cleared["removed"]} == {"good": 4, "move": 1}
    assert {one["key"]: one["code"] for one in cleared["kept"]} == {"edited": "package-record-changed", "noted": "package-record-changed"}
    assert await prices(shop, "demos") == {"edited": "5", "noted": "1", "own": "7"}


async def test_no_demo_records_come_to_an_app_that_has_none(shop: Shop) -> None:
    for key, demo in (("bare", False), ("cleared", True)):
        assert (await shop.install(stock(key, "1.0.0", good("one", "1")), demo=demo)).status_code == 201
        await shop.admin.ask("DELETE", f"/api/apps/{key}/package-records/demo")
        assert await upgraded(shop, key, stock(key, "2.0.0", good("one", "2"), good("two", "2"))) == {}
        assert await prices(shop, key) == {}
        added = (await shop.admin.post(f"/api/apps/{key}/package-records/demo", {})).json()
        assert added == {"added": 2}
        assert await upgraded(shop, key, stock(key, "3.0.0", good("one", "3"), good("two", "2"), good("new", "3"))) == {"one": "renewed", "new": "new"}


async def test_demo_records_that_were_taken_out_and_put_in_again_follow(shop: Shop) -> None:
    assert (await shop.install(stock("again", "1.0.0", good("one", "1")), demo=True)).status_code == 201
    await shop.admin.ask("DELETE", "/api/apps/again/package-records/demo")
    assert (await shop.admin.post("/api/apps/again/package-records/demo", {})).json() == {"added": 1}
    assert await upgraded(shop, "again", stock("again", "2.0.0", good("one", "2"))) == {"one": "renewed"}
    assert await prices(shop, "again") == {"one": "2"}
