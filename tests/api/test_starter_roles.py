"""The roles of the starter: a salesperson sees their own orders without cost wherever they look; their manager sees the department's."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from dougong.packages.library import read_package
from tests.api.browser import Browser, problem_of
from tests.workshop import Shop, Template, _ticket, browser_of, open_shop

STARTER = "/api/apps/trading_starter"
RECORDS = f"{STARTER}/records"
PEOPLE = "/api/apps/organization/records"
COST = "7315.46"
PROFIT = "1111.11"


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
