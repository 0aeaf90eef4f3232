"""The roles of the starter: a salesperson sees their own orders without cost wherever they look; their manager sees the department's."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from dougong.packages.library import read_package
from tests.api.browser import Browser, problem_of
from tests.api.conftest import NewDatabase
from tests.starter_costs import COST, ORDER_COST, ORDER_PROFIT, PROFIT, with_costs
from tests.workshop import Document, Shop, Template, _ticket, browser_of, open_shop, publish

STARTER = "/api/apps/trading_starter"
RECORDS = f"{STARTER}/records"
PEOPLE = "/api/apps/organization/records"

@dataclass
class Company:
    """The starter with people of two departments: `li` and `lead` of one, `far` of another, `money`, `store` and `boss`."""

    shop: Shop
    who: Mapping[str, Browser]
    ids: Mapping[str, str]
    orders: Mapping[str, dict[str, Any]]
    item: str
    customer: str


@pytest.fixture(scope="module")
async def company(shop_dsn: str, template: Template) -> AsyncIterator[Company]:
    async with open_shop(shop_dsn, template) as shop:
        made = await shop.install(dict(read_package("trading_starter")))
        assert made.status_code == 201, made.text
        assert (await publish(shop.admin, "trading_starter", with_costs(dict(read_package("trading_starter"))))).status_code == 201
        roles = {row["key"]: row["id"] for row in (await shop.admin.get(f"{PEOPLE}/role?limit=200")).json()["records"]}
        above = await _made(shop.admin, f"{PEOPLE}/department", {"name": "Sales"})
        below = await _made(shop.admin, f"{PEOPLE}/department", {"name": "Sales east", "parent_department": above["id"]})
        away = await _made(shop.admin, f"{PEOPLE}/department", {"name": "Sales abroad"})
        wanted = {"li": ("sales", below), "lead": ("sales_manager", above), "far": ("sales", away), "money": ("finance", away), "store": ("warehouse", away),
                  "boss": ("boss", away), "buyer": ("purchaser", away)}  # fmt: skip
        who, ids = {}, {}
        for name, (role, department) in wanted.items():
            given = [{"role": roles[key]} for key in (f"trading_starter.{role}", "organization.member")]
            person = {"name": name, "email": f"{name}@starter.example.com", "department": department["id"], "roles": given}
            ids[name] = (await _made(shop.admin, f"{PEOPLE}/user", person))["id"]
            who[name] = browser_of(shop.app, await _ticket(shop.database, shop.app, ids[name]))
        customer = await _made(shop.admin, f"{RECORDS}/partner", {"name": "Acme", "bank_account": "6222020200112233445", "credit_limit": "900000"})
        item = await _made(shop.admin, f"{RECORDS}/item", {"code": "B1", "name": "bolt", "unit": "piece", "price": "8426.57", "cost_price": COST})
        assert item["gross_profit"] == PROFIT
        order = {"customer": customer["id"], "lines": [{"item": item["id"], "quantity": "2"}]}
        orders = {name: await _made(who[name], f"{RECORDS}/sales_order", order) for name in ("li", "far")}
        yield Company(shop, who, ids, orders, item["id"], customer["id"])


@pytest.fixture
def other_dsn(new_database: NewDatabase, template: Template) -> Iterator[str]:
    """Return the address of another database with people and no starter."""
    with new_database(template.dsn) as dsn:
        yield dsn


async def _made(browser: Browser, path: str, values: Mapping[str, Any]) -> dict[str, Any]:
    answer = await browser.post(path, dict(values))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def _listed(browser: Browser, entity: str, **query: str) -> set[str]:
    answer = await browser.get(f"{RECORDS}/{entity}?{httpx.QueryParams({'limit': '200', **query})}")
    assert answer.status_code == 200, answer.text
    return {record["id"] for record in answer.json()["records"]}


async def test_whose_orders_somebody_sees(company: Company) -> None:
    li, far = company.orders["li"]["id"], company.orders["far"]["id"]
    for name, expected in (("li", {li}), ("far", {far}), ("lead", {li}), ("boss", {li, far}), ("money", {li, far}), ("store", {li, far})):
        assert await _listed(company.who[name], "sales_order") == expected, name
        groups = (await company.who[name].get(f"{RECORDS}/sales_order/groups?by=salesperson&measures=COUNT()")).json()["groups"]
        assert {group["values"][0] for group in groups} == {company.orders[key]["salesperson"] for key, one in company.orders.items() if one["id"] in expected}
        for record_id in {li, far} - expected:
            problem_of(await company.who[name].get(f"{RECORDS}/sales_order/{record_id}"), 404, "record-not-found")
            problem_of(await company.who[name].get(f"{RECORDS}/sales_order/{record_id}/history"), 404, "record-not-found")
        exported = (await company.who[name].get(f"{RECORDS}/sales_order/export?format=csv")).text
        assert all((company.orders[key]["number"] in exported) is (one["id"] in expected) for key, one in company.orders.items())


@pytest.mark.parametrize(("name", "sees"), [("li", False), ("store", False), ("lead", True), ("boss", True), ("money", True)])
async def test_who_sees_what_things_cost(company: Company, name: str, sees: bool) -> None:
    who, path = company.who[name], f"{RECORDS}/item"
    for exit_ in (path, f"{path}/{company.item}", f"{path}/{company.item}/history", f"{path}/export?format=csv", f"{path}/export?format=xlsx", f"{STARTER}/search?text=bolt"):
        answer = await who.get(exit_)
        assert answer.status_code == 200, answer.text
        body = _parts(answer.content)
        is_told = COST.encode() in body or PROFIT.encode() in body
        assert is_told is (sees and "search" not in exit_), exit_
    model = (await who.get(f"{STARTER}/model")).text
    described = (await who.get(f"{STARTER}/openapi.json")).text
    assert ("cost_price" in model, "cost_price" in described) == (sees, sees)
    for query in ("filter=cost_price>0", "sort=cost_price", "fields=gross_profit"):
        answer = await who.get(f"{path}?{query}")
        assert answer.status_code == (200 if sees else 400), answer.text
    assert (await who.get(f"{path}/groups?by=category&measures=SUM(cost_price)")).status_code == (200 if sees else 400)
    assert (await who.get(f"{RECORDS}/sales_order?fields=lines.item.cost_price")).status_code == 400
    assert (await who.get(f'{RECORDS}/sales_order?filter=SUM(lines.item.cost_price)>0')).status_code == (200 if sees else 400)


@pytest.mark.parametrize(("name", "sees"), [("li", False), ("store", False), ("lead", True), ("boss", True), ("money", True)])
async def test_who_sees_what_an_order_costs(company: Company, name: str, sees: bool) -> None:
    """What is computed from costs is for those who may know costs, wherever it comes out, though no policy names it."""
    who, path, order = company.who[name], f"{RECORDS}/sales_order", company.orders["li"]["id"]
    exits = [path, f"{path}/{order}", f"{path}/{order}/history", f"{path}/export?format=csv", f"{path}/export?format=xlsx", f"{path}?search={company.orders['li']['number']}"]
    for exit_ in exits:
        answer = await who.get(exit_)
        assert answer.status_code == 200, answer.text
        body = _parts(answer.content)
        if "history" not in exit_:
            assert (ORDER_COST.encode() in body, ORDER_PROFIT.encode() in body) == (sees, sees), exit_
        assert sees or b"x_cost" not in body and b"x_profit" not in body, exit_
    for place in ("model", "openapi.json"):
        assert ("x_profit" in (await who.get(f"{STARTER}/{place}")).text) is sees
    asked = ["filter=x_profit>0", "filter=total-x_cost>0", "sort=-x_profit", "fields=x_cost"]
    groups = ["by=salesperson&measures=SUM(x_profit)", "by=x_cost&measures=COUNT()", "by=state&measures=COUNT()&filter=x_profit>0"]
    for place in [*(f"{path}?{query}" for query in asked), *(f"{path}/groups?{query}" for query in groups), f"{path}/export?format=csv&fields=x_profit"]:
        answer = await who.get(place)
        assert answer.status_code == (200 if sees else 400), f"{place}: {answer.text}"
        assert sees or ORDER_PROFIT not in answer.text
    answer = await who.get(f"{path}/{order}/explain/x_profit")
    assert answer.status_code == (200 if sees else 404), answer.text
    if sees:
        of_li = await who.get(f"{path}/groups?{httpx.QueryParams({'by': 'salesperson', 'measures': 'SUM(x_profit)', 'filter': f'id = {chr(34)}{order}{chr(34)}'})}")
        assert [group["measures"] for group in of_li.json()["groups"]] == [[ORDER_PROFIT]]


def _parts(body: bytes) -> bytes:
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return b"".join(file.read(name) for name in file.namelist())


async def test_the_store_sees_no_prices(company: Company) -> None:
    order = (await company.who["store"].get(f"{RECORDS}/sales_order/{company.orders['li']['id']}")).json()
    assert not {"total", "credit_limit"} & order.keys()
    assert not {"price", "amount", "discount"} & order["lines"][0].keys()
    assert order["lines"][0]["quantity"] == "2"
    assert "price" not in (await company.who["store"].get(f"{RECORDS}/item/{company.item}")).json()


async def test_bank_accounts_and_credit_limits(company: Company) -> None:
    path = f"{RECORDS}/partner/{company.customer}"
    for name, shown in (("li", "622****3445"), ("buyer", "622****3445"), ("money", "6222020200112233445"), ("boss", "6222020200112233445")):
        assert (await company.who[name].get(path)).json()["bank_account"] == shown
    problem_of(await company.who["li"].ask("PATCH", path, {"contact": "Mine"}), 403, "access-denied")
    assert (await company.who["money"].ask("PATCH", path, {"credit_limit": "800000", "bank_account": "6222020200112233446"})).status_code == 200
    problem_of(await company.who["money"].ask("PATCH", path, {"name": "Mine"}), 422, "record-invalid")
    assert (await company.who["boss"].ask("PATCH", path, {"credit_limit": "900000"})).status_code == 200
    own = await _made(company.who["li"], f"{RECORDS}/partner", {"name": "Own customer"})
    problem_of(await company.who["li"].ask("PATCH", f"{RECORDS}/partner/{own['id']}", {"credit_limit": "5"}), 422, "record-invalid")
    problem_of(await company.who["li"].ask("PATCH", f"{RECORDS}/partner/{own['id']}", {"bank_account": "5"}), 422, "record-invalid")


async def test_menus_are_those_of_the_role(company: Company) -> None:
    for name, expected in (("li", {"sales", "basics"}), ("store", {"sales", "purchasing", "stock", "basics"}), ("buyer", {"purchasing", "stock", "basics"})):
        menus = (await company.who[name].get(f"{STARTER}/model")).json()["menus"]
        assert {menu["key"] for menu in menus} == expected


async def test_an_order_cannot_be_given_away_or_taken(company: Company) -> None:
    path = f"{RECORDS}/sales_order/{company.orders['li']['id']}"
    problem_of(await company.who["li"].ask("PATCH", path, {"salesperson": company.ids["far"]}), 403, "access-denied")
    problem_of(await company.who["far"].ask("PATCH", path, {"salesperson": company.ids["far"]}), 404, "record-not-found")


def _first(document: Document) -> Document:
    """Return the starter as version 1.0.0 was: four roles, and all fields for whoever sees a record."""
    gone = ("sales_manager", "finance", "boss")
    policies = [{key: value for key, value in one.items() if key not in ("levels", "owner", "others")} for one in document["policies"] if one["role"] not in gone]
    menus = [{key: value for key, value in one.items() if key != "offered_to"} for one in document["menus"]]
    roles = [one for one in document["roles"] if one["key"] not in gone]
    return {**document, "version": "1.0.0", "roles": roles, "policies": policies, "menus": menus}


async def test_a_company_with_the_first_version_gets_the_roles(other_dsn: str, template: Template) -> None:
    new = dict(read_package("trading_starter"))
    async with open_shop(other_dsn, template) as shop:
        assert (await shop.install(_first(new))).status_code == 201
        seller = await _person(shop, "trading_starter.sales")
        item = await _made(shop.admin, f"{RECORDS}/item", {"code": "B2", "name": "nut", "unit": "piece", "cost_price": COST})
        assert (await seller.get(f"{RECORDS}/item/{item['id']}")).json()["cost_price"] == COST
        planned = (await shop.admin.post(f"{STARTER}/upgrade/plan", {"package": new})).json()
        assert (planned["conflicts"], planned["issues"]) == ([], [])
        revision = (await shop.admin.get(f"{STARTER}/draft")).json()["revision"]
        upgraded = await shop.admin.post(f"{STARTER}/upgrade", {"package": new, "choices": {}, "revision": revision})
        assert upgraded.status_code == 201, upgraded.text
        published = await shop.admin.post(f"{STARTER}/versions", {"revision": upgraded.json()["revision"], "note": ""})
        assert published.status_code == 201, published.text
        assert (await shop.admin.get(f"{STARTER}/export")).json() == new
        assert "cost_price" not in (await seller.get(f"{RECORDS}/item/{item['id']}")).json()
        assert (await (await _person(shop, "trading_starter.finance")).get(f"{RECORDS}/item/{item['id']}")).json()["cost_price"] == COST


async def _person(shop: Shop, role: str) -> Browser:
    """Return somebody with a role of the app, signed in."""
    roles = {row["key"]: row["id"] for row in (await shop.admin.get(f"{PEOPLE}/role?limit=200")).json()["records"]}
    person = {"name": role, "email": f"{role}@starter.example.com", "roles": [{"role": roles[role]}, {"role": roles["organization.member"]}]}
    made = await _made(shop.admin, f"{PEOPLE}/user", person)
    return browser_of(shop.app, await _ticket(shop.database, shop.app, made["id"]))
