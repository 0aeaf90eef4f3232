"""States, warnings and settings as people meet them: buttons that move a record, a question before, what stands in the way, one record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import call, expect_errors, picture
from tests.workshop import Document, element, entity, package

CheckAxe = Callable[[Page], None]
APP = "/apps/offers"
OFFERS = "/api/apps/offers/records/offer"


def named(zh: str, en: str) -> Document:
    return {"zh-CN": zh, "en": en}


def offers() -> Document:
    """Return an app of offers, and its settings."""
    states = {
        "key": "state", "start": "draft", "name": named("状态", "Status"),
        "states": [
            {"key": "draft", "name": named("草稿", "Draft"), "color": "grey"}, {"key": "sent", "name": named("已发送", "Sent"), "color": "blue"},
            {"key": "won", "name": named("已赢单", "Won"), "color": "green", "read_only": True, "can_delete": False},
        ],
        "transitions": [
            {"key": "send", "name": named("发送", "Send"), "from": ["draft"], "to": "sent", "when": "amount > 0"},
            {"key": "win", "name": named("赢单", "Win"), "from": ["sent"], "to": "won", "confirm": named("赢单后不能再修改。", "It cannot be changed afterwards.")},
            {"key": "back", "name": named("退回", "Take back"), "from": ["sent"], "to": "draft"},
            {"key": "copy", "name": named("另存", "Keep"), "from": ["sent"], "to": "sent"},
            {"key": "hold", "name": named("搁置", "Hold"), "from": ["sent"], "to": "sent"},
        ],
    }  # fmt: skip
    offer = entity("offer", "name", element("name", "text", required=True), element("amount", "money"), states=states, rules=[
        {"key": "low", "check": "amount >= 10", "at": "amount", "severity": "warning", "message": named("金额偏低", "A small amount")},
    ])  # fmt: skip
    offer["name"], offer["fields"][0]["name"], offer["fields"][1]["name"] = named("报价", "Offer"), named("名称", "Name"), named("金额", "Amount")
    settings = entity("settings", "name", element("name", "text", default='"Main"'), kind="single")
    settings["name"] = named("设置", "Settings")
    views = [
        {"key": key, "kind": "list", "entity": key, "name": of["name"], "columns": [{"key": column} for column in columns]}
        for key, of, columns in (("offer", offer, ("name", "amount", "state")), ("settings", settings, ("name",)))
    ]
    menus = [{"key": "main", "name": named("菜单", "Menu"), "items": [{"key": key, "view": key} for key in ("offer", "settings")]}]
    return package("offers", offer, settings, views=views, menus=menus)


@pytest.fixture(scope="module")
def installed() -> dict[str, bool]:
    return {}


@pytest.fixture
def page(visit: Visit, installed: dict[str, bool]) -> Iterator[Page]:
    """Return a page of the administrator, on a server with the app."""
    with visit() as opened:
        if not installed:
            opened.goto("/")
            call(opened, "POST", "/api/apps", {"package": offers(), "demo": False})
            installed["offers"] = True
        yield opened


def test_a_record_is_moved_by_its_buttons_until_it_is_locked(page: Page, check_axe: CheckAxe) -> None:
    made = call(page, "POST", OFFERS, {"name": "甲方报价", "amount": "100"})
    page.goto(f"{APP}/views/offer")
    expect(page.get_by_text("草稿").first).to_be_visible()
    page.goto(f"{APP}/records/offer/{made['id']}?view=offer")
    expect(page.locator(".page-body").get_by_text("草稿")).to_be_visible()
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.locator(".page-body").get_by_text("已发送")).to_be_visible()
    expect(page.get_by_role("button", name="发送", exact=True)).to_have_count(0)
    picture(page, "states-sent")
    check_axe(page)
    page.get_by_role("button", name="赢单", exact=True).click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("赢单后不能再修改。")
    dialog.get_by_role("button", name="赢单").click()
    expect(page.locator(".page-body").get_by_text("已赢单")).to_be_visible()
    for gone in ("赢单", "编辑", "删除"):
        expect(page.get_by_role("button", name=gone, exact=True)).to_have_count(0)
    page.get_by_role("button", name="修改历史").click()
    changes = page.get_by_role("region", name="修改历史").get_by_role("listitem")
    expect(changes).to_have_count(3)
    for change, told in zip(changes.all(), ("赢单：已发送→已赢单", "发送：草稿→已发送"), strict=False):
        expect(change.locator(".history-fields")).to_have_text(f"状态{told}")
    picture(page, "states-history")


def test_the_rest_of_many_is_in_a_menu_and_a_refusal_is_told(page: Page) -> None:
    made = call(page, "POST", OFFERS, {"name": "乙方报价", "amount": "50", "state": "sent"})
    page.goto(f"{APP}/records/offer/{made['id']}")
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name="搁置").click()
    expect(page.get_by_text("已搁置")).to_be_visible()
    # Somebody else takes it back meanwhile.
    call(page, "POST", f"{OFFERS}/{made['id']}/transitions/back", {})
    expect_errors(page, "409")
    page.get_by_role("button", name="另存", exact=True).click()
    expect(page.get_by_role("alertdialog")).to_contain_text("已被修改")
    expect(page.locator(".page-body").get_by_text("草稿")).to_be_visible()


def test_a_warning_is_confirmed_in_the_form(page: Page) -> None:
    expect_errors(page, "422")
    page.goto(f"{APP}/records/offer/new?view=offer")
    page.get_by_label("名称").fill("丙方报价")
    page.get_by_label("金额").fill("5")
    expect(page.get_by_role("combobox", name="状态")).to_have_count(0)
    page.get_by_role("button", name="保存", exact=True).click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("金额偏低")
    picture(page, "states-warning")
    dialog.get_by_role("button", name="取消").click()
    expect(page.get_by_label("名称")).to_have_value("丙方报价")
    page.get_by_role("button", name="保存", exact=True).click()
    dialog.get_by_role("button", name="仍然保存").click()
    expect(page.get_by_role("heading", name="丙方报价")).to_be_visible()
    # In an import all of them are confirmed at once.
    page.goto(f"{APP}/import?entity=offer")
    page.locator('input[type="file"]').set_input_files({"name": "报价.csv", "mimeType": "text/csv", "buffer": "name,amount\n丁方报价,5\n".encode()})
    page.get_by_role("button", name="检查文件").click()
    expect(page.get_by_role("row", name="B2 金额偏低")).to_be_visible()
    picture(page, "import-warnings")
    page.get_by_role("button", name="仍然导入 1 条记录").click()
    expect(page.get_by_text("已导入 1 条记录")).to_be_visible()
    # And of many records that take a transition at once, those that are told of.
    call(page, "POST", OFFERS, {"name": "戊方报价", "amount": "50", "state": "sent"})
    call(page, "POST", OFFERS, {"name": "己方报价", "amount": "50"})
    page.goto(f"{APP}/views/offer")
    bar, offered = page.get_by_role("region", name="已选记录"), ("发送", "赢单", "退回")
    chosen = {"戊方报价": ("赢单", "退回"), "己方报价": (), "丙方报价": (), "丁方报价": ()}
    for name, open_ in chosen.items():
        page.get_by_role("row", name=name).get_by_role("checkbox").check()
        for one in offered:
            expect(bar.get_by_role("button", name=one, exact=True)).to_have_count(int(one in open_))
    page.get_by_role("row", name="戊方报价").get_by_role("checkbox").uncheck()
    bar.get_by_role("button", name="发送", exact=True).click()
    picture(page, "states-many")
    dialog.get_by_role("button", name="发送", exact=True).click()
    expect(page.get_by_text("发送：1 条记录")).to_be_visible()
    expect(dialog.get_by_role("listitem")).to_have_text([re.compile("丙方报价.*金额偏低"), re.compile("丁方报价.*金额偏低")])
    picture(page, "states-many-refused")
    dialog.get_by_role("button", name="仍然更改 2 条").click()
    expect(page.get_by_text("发送：2 条记录")).to_be_visible()
    expect(bar).to_have_count(0)
    sent = call(page, "GET", OFFERS + "?" + urlencode({"filter": 'state = "sent"'}))["records"]
    assert {"戊方报价", "己方报价", "丙方报价", "丁方报价"} <= {one["name"] for one in sent}


def test_settings_open_as_their_one_record_on_a_phone(visit: Visit, page: Page, check_axe: CheckAxe) -> None:
    with visit(is_phone=True) as phone:
        phone.goto(f"{APP}/views/settings")
        expect(phone.get_by_role("heading", name="Main")).to_be_visible()
        expect(phone.get_by_role("button", name="编辑")).to_be_visible()
        expect(phone.get_by_role("button", name="删除")).to_have_count(0)
        made = call(phone, "POST", OFFERS, {"name": "丁方报价", "amount": "50", "state": "sent"})
        phone.goto(f"{APP}/records/offer/{made['id']}")
        phone.get_by_role("button", name="更多操作").click()
        expect(phone.get_by_role("menuitem", name="退回")).to_be_visible()
        picture(phone, "states-phone")
        check_axe(phone)
        phone.get_by_role("menuitem", name="退回").click()
        expect(phone.locator(".page-body").get_by_text("草稿")).to_be_visible()
