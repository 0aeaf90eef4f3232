"""A salesperson in a real browser sees their own orders, and in list, form, export and groups nothing of costs; their manager sees the department's."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.conftest import DESK, PHONE, Server, _watched
from tests.browser.journey import APP, RECORDS, assert_accessible, call, expect_errors, picture
from tests.starter_costs import COST, ORDER_COST, ORDER_PROFIT, PROFIT, with_costs
from tests.warm import run
from tests.workshop import Document

ORDERS, ITEMS = f"{APP}/views/sales_orders", f"{APP}/views/items?q=B1"
PEOPLE = "/api/apps/organization/records"
AS_SHOWN = """shown => new Promise(done => {
  const look = () => document.body.innerText.includes(shown) ? done(document.body.innerText) : requestAnimationFrame(look);
  look();
})"""
"""The text of the page at a moment at which it shows something: nothing is hidden on a page that is loading."""
SECRETS = (COST, PROFIT, ORDER_COST, ORDER_PROFIT, *(f"{text[:-6]},{text[-6:]}" for text in (COST, PROFIT, ORDER_COST, ORDER_PROFIT)))


def shown_costs(page: Page) -> Document:
    """Return the starter with costs of orders in its list and its form."""
    document = with_costs(call(page, "GET", "/api/apps/trading_starter/export"))
    for field in next(one for one in document["entities"] if one["key"] == "sales_order")["fields"]:
        if field["key"] in ("x_cost", "x_profit"):
            field["name"] = {"zh-CN": "成本", "en": "Cost"} if field["key"] == "x_cost" else {"zh-CN": "毛利", "en": "Profit"}
    view = next(one for one in document["views"] if one["key"] == "sales_orders")
    view["columns"] = [{"key": key, "width": 120} for key in ("number", "customer", "salesperson", "total", "x_cost", "x_profit")]
    goods = next(node for one in document["forms"] if one["key"] == "sales_order" for node in one["nodes"] if node["key"] == "goods")
    goods["nodes"] += [{"key": key, "kind": "input", "field": key, "span": 1} for key in ("x_cost", "x_profit")]
    return document


@pytest.fixture(scope="module")
def orders(server: Server, browser: Browser, signed_in: StorageState) -> dict[str, str]:
    """Make people of two departments and an order of each; return the ids of the orders by whose they are."""
    with browser.new_context(base_url=server.address, storage_state=signed_in) as context:
        page = context.new_page()
        revision = call(page, "GET", "/api/apps/trading_starter/draft")["revision"]
        kept = call(page, "PUT", "/api/apps/trading_starter/draft", {"revision": revision, "document": shown_costs(page)})
        call(page, "POST", "/api/apps/trading_starter/versions", {"revision": kept["revision"], "note": ""})
        roles = {row["key"]: row["id"] for row in call(page, "GET", f"{PEOPLE}/role?limit=200")["records"]}
        above = call(page, "POST", f"{PEOPLE}/department", {"name": "销售部"})["id"]
        below = call(page, "POST", f"{PEOPLE}/department", {"name": "华东销售", "parent_department": above})["id"]
        away = call(page, "POST", f"{PEOPLE}/department", {"name": "海外销售"})["id"]
        ids = {}
        for key, name, role, department in (("li", "李娜", "sales", below), ("lead", "赵强", "sales_manager", above), ("far", "孙远", "sales", away)):
            given = [{"role": roles[one]} for one in (f"trading_starter.{role}", "organization.member")]
            ids[key] = call(page, "POST", f"{PEOPLE}/user", {"name": name, "email": f"{key}@roles.example.com", "department": department, "roles": given})["id"]
        customer = call(page, "POST", f"{RECORDS}/partner", {"name": "角色测试客户", "is_customer": True, "credit_limit": "900000"})["id"]
        item = call(page, "POST", f"{RECORDS}/item", {"code": "B1", "name": "特制螺栓", "unit": "piece", "price": "8426.57", "cost_price": COST})["id"]
        order = {"customer": customer, "lines": [{"item": item, "quantity": "2"}]}
        return {key: call(page, "POST", f"{RECORDS}/sales_order", {**order, "salesperson": ids[key]})["id"] for key in ("li", "far")}


@contextlib.contextmanager
def page_of(server: Server, browser: Browser, person: str, language: str = "zh-CN", is_phone: bool = False) -> Iterator[Page]:
    """Open the product as one of the people, who sets a password by their link first."""
    printed = run("user", "link", f"{person}@roles.example.com", environment=os.environ | {"DATABASE_URL": server.database}).stdout
    with browser.new_context(base_url=server.address, locale=language, reduced_motion="reduce", **(PHONE if is_phone else DESK)) as context:
        token = urlsplit(printed.strip()).fragment
        assert context.request.post("/api/links/use", data={"token": token, "password": "correct horse battery"}).ok
        for page in _watched(context):
            call(page, "PATCH", "/api/session", {"language": language})
            yield page


def says_nothing_of_costs(page: Page, shown: str) -> None:
    """See that no cost and no profit is on the page that shows something, nor a field that is called so."""
    expect(page.get_by_text(shown).first).to_be_visible()
    text = page.evaluate(AS_SHOWN, shown)
    assert [secret for secret in SECRETS if secret in text] == []
    assert not re.search("成本|毛利|Cost|Profit", text)


def exported(page: Page) -> str:
    """Take the list out as CSV, as people do, and return the file's text."""
    page.get_by_role("button", name="更多").click()
    with page.expect_download() as download:
        page.get_by_role("menu").get_by_text("导出 CSV", exact=True).click()
    return Path(download.value.path()).read_text(encoding="utf-8-sig")


def test_a_salesperson_sees_own_orders_without_cost(server: Server, browser: Browser, orders: dict[str, str]) -> None:
    with page_of(server, browser, "li") as page:
        page.goto(ORDERS)
        rows = page.get_by_role("grid").get_by_role("row")
        expect(rows).to_have_count(2)  # the heads, and the one order that is theirs
        says_nothing_of_costs(page, "角色测试客户")
        assert_accessible(page)
        picture(page, "roles-sales-list")
        text = exported(page)
        assert "角色测试客户" in text
        assert "16853.14" in text
        assert not any(secret in text for secret in SECRETS)
        assert "成本" not in text
        page.get_by_role("button", name="分组").click()
        page.get_by_role("menu").get_by_text("客户", exact=True).click()
        expect(page.locator("tr.group")).to_have_count(1)
        says_nothing_of_costs(page, "角色测试客户")
        page.goto(f"{APP}/records/sales_order/{orders['li']}?view=sales_orders")
        says_nothing_of_costs(page, "16,853.14")
        picture(page, "roles-sales-order")
        page.get_by_role("button", name="修改历史").click()
        expect(page.get_by_role("region", name="修改历史").get_by_role("listitem")).to_have_count(1)
        says_nothing_of_costs(page, "新建了记录")
        expect_errors(page, "404")
        page.goto(f"{APP}/records/sales_order/{orders['far']}?view=sales_orders")
        expect(page.get_by_role("alert")).to_contain_text("没有这条记录")
        expect(page.get_by_text("角色测试客户")).to_have_count(0)
        picture(page, "roles-sales-foreign")
        page.goto(ITEMS)
        says_nothing_of_costs(page, "特制螺栓")
        picture(page, "roles-sales-items")


def test_a_salesperson_on_a_phone_in_english(server: Server, browser: Browser, orders: dict[str, str]) -> None:
    with page_of(server, browser, "li", "en", True) as page:
        page.goto(f"{APP}/records/sales_order/{orders['li']}?view=sales_orders")
        says_nothing_of_costs(page, "16,853.14")
        picture(page, "roles-sales-order-phone-en")
        page.goto(ORDERS)
        says_nothing_of_costs(page, "角色测试客户")
        picture(page, "roles-sales-list-phone-en")


def test_their_manager_sees_the_departments_orders_with_cost(server: Server, browser: Browser, orders: dict[str, str]) -> None:
    with page_of(server, browser, "lead") as page:
        page.goto(ORDERS)
        rows = page.get_by_role("grid").get_by_role("row")
        expect(rows).to_have_count(2)
        expect(rows.nth(1)).to_contain_text("李娜")
        expect(rows.nth(1)).to_contain_text("14,630.92")
        expect(rows.nth(1)).to_contain_text("2,222.22")
        picture(page, "roles-manager-list")
        text = exported(page)
        assert ORDER_COST in text
        assert "孙远" not in text
        page.goto(f"{APP}/records/sales_order/{orders['li']}?view=sales_orders")
        expect(page.locator('[data-field="x_profit"]')).to_contain_text("2,222.22")
        picture(page, "roles-manager-order")
