"""A package is taken out of an app: told first, what is changed or used decided about, published; its data comes back with it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.api.test_add_package import crm
from tests.api.test_roll_back import restore
from tests.refusal import refused
from tests.upgraded import part
from tests.workshop import Document, Shop, element, entity, label, package, publish

ALL = ["create", "read", "update", "delete"]


def service(app: str) -> Document:
    """Return a package with entities of its own, one of which points to the other, a field of the app's entity, records and a view."""
    case = entity("service_case", "name", element("name", "text", required=True), element("level", "reference", to="service_level"))
    document = package("service", entity("service_level", "name", element("name", "text", required=True)), case)
    document["requires"].append({"package": app, "version": ">=1"})
    document["roles"] = [{"key": "service_agent", "name": label("Agent"), "installer": True}]
    document["policies"] = [{**one, "key": f"service_{one['key']}", "role": "service_agent"} for one in document["policies"]]
    document["entities"].append({"extend": "good", "fields": [element("service_months", "number", scale=0)]})
    document["views"] = [
        {"key": "service_cases", "kind": "list", "entity": "service_case", "name": label("Cases"), "columns": [{"key": "name"}]}
    ]
    document["seed"] = [{"key": "gold", "entity": "service_level", "values": {"name": "Gold"}}]
    document["demo"] = [{"key": "oil", "entity": "good", "values": {"name": "Oil change", "service_months": "12"}}]
    return document


@dataclass(frozen=True)
class App:
    """An app that a package was added to."""

    shop: Shop
    path: str

    async def plan(self, **others: object) -> Document:
        answer = await self.shop.admin.post(f"{self.path}/packages/removal/plan", {"package": "service", **others})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def act(self, path: str, package: object, **others: object) -> None:
        """Carry out what changes the packages of the app, and publish it."""
        revision = (await self.shop.admin.get(f"{self.path}/draft")).json()["revision"]
        put = await self.shop.admin.post(f"{self.path}/{path}", {"package": package, "revision": revision, **others})
        assert put.status_code == 201, put.text
        done = await self.shop.admin.post(f"{self.path}/versions", {"revision": put.json()["revision"], "note": ""})
        assert done.status_code == 201, done.text

    async def entities(self) -> set[str]:
        return {one["key"] for one in (await self.shop.admin.get(f"{self.path}/export")).json()["entities"]}

    async def names(self, kind: str) -> list[str]:
        found = (await self.shop.admin.get(f"{self.path}/records/{kind}")).json()["records"]
        return [one["name"] for one in found]

    async def packages(self) -> set[str]:
        return {one["package"] for one in (await self.shop.admin.get(f"{self.path}/upgrade")).json()["packages"]}


async def installed(shop: Shop, key: str) -> App:
    """Return an app with the package added."""
    answer = await shop.install(package(key, entity("good", "name", element("name", "text", required=True))))
    assert answer.status_code == 201, answer.text
    app = App(shop, f"/api/apps/{key}")
    await app.act("packages", service(key))
    return app


async def test_what_nothing_uses_goes_and_comes_back_with_its_data(shop: Shop) -> None:
    app = await installed(shop, "plain")
    made = await shop.admin.post(f"{app.path}/records/good", {"name": "Pump", "service_months": "24"})
    assert made.status_code == 201, made.text
    assert (await shop.admin.post(f"{app.path}/records/service_level", {"name": "Silver"})).status_code == 201
    before = await shop.counts()
    found = await app.plan()
    assert await shop.counts() == before
    assert found["packages"] == [{"package": "service", "before": "1.0.0", "after": None}]
    assert (found["conflicts"], found["issues"]) == ([], [])
    gone = {one["change"]["pointer"] for one in found["merged"] if one["change"]["kind"] == "removed"}
    assert {"/entities/service_level", "/entities/service_case", "/entities/good/fields/service_months", "/views/service_cases"} <= gone
    assert "/entities/good" not in gone and not [one for one in gone if one.startswith(("/seed", "/demo"))]
    assert [(one["part"], one["key"], one["fate"]) for one in found["records"]] == [("seed", "gold", "retired")]
    warned = {one["pointer"]: one["code"] for one in found["warnings"]}
    assert warned["/entities/service_level"] == "definition-records-retired"
    records = f"{app.path}/package-records"
    await refused(shop, shop.admin, "GET", f"{records}?package=nothing", None, 404, "upgrade-package-unknown")
    assert (await shop.admin.get(f"{records}?package=service")).json() == {"seed": {"count": 1, "there": 1}, "demo": {"count": 1, "there": 0}}
    assert (await shop.admin.get(f"{records}?package=plain")).json()["seed"] == {"count": 0, "there": 0}
    assert (await shop.admin.post(f"{records}/demo?package=service", {})).json() == {"added": 1}
    told = {(one["part"], one["key"]): one["fate"] for one in (await app.plan())["records"]}
    assert told == {("seed", "gold"): "retired", ("demo", "oil"): "stays"}  # the app's own table stays
    assert (await shop.admin.ask("DELETE", f"{records}/demo?package=service")).json()["removed"][0]["count"] == 1
    await app.act("packages/removal", "service")
    assert (await app.entities(), await app.packages()) == ({"good"}, {"plain"})
    assert await app.names("good") == ["Pump"]
    assert (await shop.admin.get(f"{app.path}/records/service_level")).status_code == 404
    added = (await shop.admin.post(f"{app.path}/packages/plan", {"package": service("plain")})).json()
    assert [(one["key"], one["fate"]) for one in added["seed"]] == [("gold", "renewed")]  # it is in the retired table
    await app.act("packages", service("plain"))
    assert await app.names("service_level") == ["Gold", "Silver"]
    [good] = (await shop.admin.get(f"{app.path}/records/good")).json()["records"]
    assert good["service_months"] == "24"


async def test_an_earlier_version_brings_the_package_back(shop: Shop) -> None:
    app = await installed(shop, "back")
    number = (await shop.admin.get(f"{app.path}/versions")).json()["versions"][0]["number"]
    await app.act("packages/removal", "service")
    await restore(shop, "back", number)
    assert await app.packages() == {"back", "service"}
    assert await app.names("service_level") == ["Gold"]


async def test_what_is_changed_or_used_is_decided_by_who_takes_it_out(shop: Shop) -> None:
    app = await installed(shop, "busy")
    document = (await shop.admin.get(f"{app.path}/export")).json()
    part(document, "entities", "service_case")["fields"].append(element("x_place", "text"))
    months = element("months", "number", formula="good.service_months")
    document["entities"].append(entity("x_visit", "name", element("name", "text"), months, element("good", "reference", to="good")))
    document["policies"].append({"key": "x_visit", "role": "manager", "entity": "x_visit", "actions": ALL})
    assert (await publish(shop.admin, "busy", document)).status_code == 201
    found = await app.plan()
    conflicts = {one["pointer"]: one for one in found["conflicts"]}
    assert {at: one["cause"] for at, one in conflicts.items()} == {
        "/entities/service_case": "removed",
        "/entities/service_level": "used",  # by the case, which stays while nobody says otherwise
        "/entities/good/fields/service_months": "used",
        "/policies/service_manager_service_case": "used",  # or nobody could see a case
        "/policies/service_manager_service_level": "used",
        "/roles/service_agent": "used",
    }
    [user] = conflicts["/entities/good/fields/service_months"]["used_by"]
    assert user["pointer"] == "/entities/x_visit/fields/months/formula"
    assert user["text"]["en"] == "Entity “x_visit” › field “months”: formula"
    assert user["text"]["zh-CN"] == "实体“x_visit（中）” › 字段“months（中）”：公式"
    assert (user["origin"]["en"], user["origin"]["zh-CN"]) == ("added here", "在本应用中添加")
    [user] = conflicts["/entities/service_level"]["used_by"]
    assert (user["pointer"], user["origin"]["en"]) == ("/entities/service_case/fields/level/to", "from service 1.0.0")
    assert conflicts["/entities/service_level"]["theirs"]["en"] == "removed"
    revision = {"package": "service", "revision": found["revision"]}
    await refused(shop, shop.admin, "POST", f"{app.path}/packages/removal", revision, 409, "upgrade-conflicts-open")
    out = await app.plan(choices={"/entities/service_case": "theirs"})
    assert "/entities/service_level" not in {one["pointer"] for one in out["conflicts"]}
    everything = await app.plan(rule="theirs")
    assert [one["pointer"] for one in everything["issues"]] == ["/entities/x_visit/fields/months/formula"]
    choices = {"/entities/service_case": "theirs", "/entities/good/fields/service_months": "ours", "/views/service_cases": "theirs", "/roles/service_agent": "theirs"}
    assert (await app.plan(choices=choices))["issues"] == []
    await app.act("packages/removal", "service", choices=choices)
    assert await app.entities() == {"good", "x_visit"}
    origins = (await shop.admin.get(f"{app.path}/provenance")).json()["elements"]
    assert origins["/entities/good/fields/service_months"]["package"] is None
    assert await app.packages() == {"busy"}


async def test_what_cannot_be_taken_out(shop: Shop) -> None:
    app = await installed(shop, "firm")
    more = crm()
    more["requires"] = [*more["requires"][:1], {"package": "service", "version": ">=1"}]
    more["entities"] = more["entities"][:1]
    await app.act("packages", more)
    plan = f"{app.path}/packages/removal/plan"
    words = {"zh": "这些包需要它：crm", "en": "require it: crm"}
    await refused(shop, shop.admin, "POST", plan, {"package": "service"}, 409, "package-required", **words)
    words = {"zh": "不要此应用请卸载", "en": "uninstall the app instead"}
    await refused(shop, shop.admin, "POST", plan, {"package": "firm"}, 409, "upgrade-package-own", **words)
    await refused(shop, shop.admin, "POST", plan, {"package": "nothing"}, 404, "upgrade-package-unknown")
    await refused(shop, shop.admin, "POST", plan, {"package": "crm", "choices": {"/entities/good": "ours"}}, 422, "upgrade-choice-unknown")
    await refused(shop, shop.manager, "POST", plan, {"package": "crm"}, 404, "app-not-found")
    await refused(shop, shop.manager, "POST", "/api/apps/workshop/packages/removal/plan", {"package": "crm"}, 403, "access-act-denied")
    stands = {one["package"]: one for one in (await shop.admin.get(f"{app.path}/upgrade")).json()["packages"]}
    assert {key: one["required_by"] for key, one in stands.items()} == {"firm": ["service"], "service": ["crm"], "crm": []}
    revision = (await shop.admin.get(f"{app.path}/draft")).json()["revision"]
    put = await shop.admin.post(f"{app.path}/packages/removal", {"package": "crm", "revision": revision})
    assert put.status_code == 201, put.text
    stands = {one["package"]: one for one in (await shop.admin.get(f"{app.path}/upgrade")).json()["packages"]}
    assert {key: (one["leaves"], one["required_by"]) for key, one in stands.items()} == {
        "firm": (False, ["service"]), "service": (False, []), "crm": (True, []),
    }  # fmt: skip
    assert (await shop.admin.ask("DELETE", f"{app.path}/draft")).status_code == 204
    assert await app.packages() == {"firm", "service", "crm"}
