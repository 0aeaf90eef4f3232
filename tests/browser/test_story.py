"""The ten minutes of a newcomer, in Chinese: sign in, fill an order, find it, add a field, publish, fill the new field."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.journey import expect_errors, pick, picture


def test_ten_minutes(new_page: Page, new_server: Server, check_axe: Callable[[Page], None]) -> None:
    page = new_page
    expect_errors(page, r"401 .*/api/session")
    sign_in(page, new_server)
    picture(page, "story-1-apps")
    check_axe(page)

    page.get_by_role("link", name=re.compile("进销存")).click()
    expect(page.get_by_role("heading", name="销售订单")).to_be_visible()
    expect(page.get_by_role("grid", name="销售订单").get_by_role("row").nth(5)).to_be_visible()
    picture(page, "story-2-list")
    check_axe(page)

    number = fill_order(page)
    check_axe(page)
    page.get_by_role("button", name="返回").click()
    expect(page.get_by_role("grid").get_by_role("link", name=number)).to_be_visible()

    design(page)
    page.goto("/apps/trading_starter/views/sales_orders")
    page.get_by_role("grid").get_by_role("link", name=number).click()
    page.get_by_role("button", name="编辑").click()
    page.get_by_role("textbox", name="送货备注").fill("走后门，周六送")
    picture(page, "story-6-new-field")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name=number)).to_be_visible()
    expect(page.locator('[data-field="x_song_huo_bei_zhu"]')).to_contain_text("走后门，周六送")
    picture(page, "story-7-filled")
    check_axe(page)


def sign_in(page: Page, server: Server) -> None:
    """Follow the one-time link and set a password; afterwards the link has lost its power."""
    page.goto(server.link)
    expect(page.get_by_role("heading", name="您好，管理员")).to_be_visible()
    page.get_by_label("新密码").fill("short")
    page.get_by_label("再输入一次").fill("short")
    page.get_by_role("button", name="设置密码并登录").click()
    expect(page.get_by_role("alert")).to_contain_text("至少")
    page.get_by_label("新密码").fill(server.password)
    page.get_by_label("再输入一次").fill(server.password)
    page.get_by_role("button", name="设置密码并登录").click()
    expect(page.get_by_role("heading", name="我的应用")).to_be_visible()
    assert page.request.post("/api/links/check", data={"token": urlsplit(server.link).fragment}).status == 404


def fill_order(page: Page) -> str:
    """Fill a sales order with two lines, see the totals follow, save it; return the number it got."""
    page.get_by_role("link", name="新建", exact=True).click()
    pick(page, "客户", "上海华东机电设备有限公司")
    expect(page.get_by_label("联系人")).not_to_have_value("")
    for position, (item, quantity) in enumerate((("丁腈浸胶手套", "10"), ("深沟球轴承 6204", "2.5")), 1):
        if position > 1:
            page.get_by_role("button", name="添加一行").click()
        pick(page, f"物料，第 {position} 行", item)
        page.get_by_label(f"数量，第 {position} 行").fill(quantity)
    prices = [page.get_by_label(f"单价，第 {position} 行").input_value() for position in (1, 2)]
    total = 10 * float(prices[0]) + 2.5 * float(prices[1])
    expect(page.locator('[data-field="total"] output')).to_have_text(f"{total:,.2f}")
    expect(page.locator('[data-field="total_quantity"] output')).to_have_text("12.5")
    picture(page, "story-3-order")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("销售订单已保存")).to_be_visible()
    heading = page.get_by_role("heading", name=re.compile(r"SO-\d{6}-\d{4}"))
    expect(heading).to_be_visible()
    expect(page.locator('[data-field="total"] output')).to_have_text(f"{total:,.2f}")
    picture(page, "story-4-saved")
    return heading.inner_text()


def design(page: Page) -> None:
    """Open the designer from the order, add a text field and publish it as version 2."""
    page.get_by_role("link", name="设计表单").click()
    page.locator("[data-node]").first.wait_for()
    page.locator('[data-node$="/nodes/basic"]').click(position={"x": 40, "y": 12})
    page.locator('[data-palette="new:text"]').click()
    page.get_by_label("名称").first.fill("送货备注")
    page.locator("[name=key]").wait_for()
    expect(page.locator("[name=key]")).to_have_value("x_song_huo_bei_zhu")
    page.keyboard.press("Control+s")
    expect(page.locator(".save-state [role=status]")).to_have_text(re.compile("已保存"))
    picture(page, "story-5-designer")
    page.get_by_role("link", name="发布").click()
    expect(page.get_by_text("送货备注").first).to_be_visible()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text(re.compile("版本 2|第 2 版|v2")).first).to_be_visible()
