"""A business changes its app without fear: installed, changed as a customer, rehearsed, published, upgraded with a conflict, rolled back."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from dougong.packages.library import read_package
from tests.browser.canvas import APP, FORM, drag, item, node, open_designer, saved, section, settles, write_formula
from tests.browser.journey import call, picture

API = f"/api/apps/{APP}"
RECORDS = f"{API}/records/sales_order"
RULE = "订单须写明联系人"


def test_a_monday_morning(admin_page: Page, tmp_path: Path) -> None:
    page = admin_page
    install(page)
    order = next(record for record in call(page, "GET", f"{RECORDS}?limit=100")["records"] if record["remark"])

    open_designer(page, FORM)
    change_as_a_customer(page)
    rehearse_and_publish(page, order["number"])
    assert "remark" not in call(page, "GET", f"{RECORDS}/{order['id']}")

    upgrade(page, tmp_path)
    document = call(page, "GET", f"{API}/export")
    fields = {field["key"]: field for field in entity(document)["fields"]}
    assert (fields["phone"]["name"]["zh-CN"], fields["address"]["name"]["zh-CN"]) == ("联系电话", "收货地址")
    assert {"x_song_huo_bei_zhu", "carrier"} <= fields.keys() and "remark" not in fields
    assert [rule["message"]["zh-CN"] for rule in entity(document)["rules"]][-1] == RULE
    assert document["version"] == "2.0.0"

    roll_back(page)
    assert call(page, "GET", f"{RECORDS}/{order['id']}")["remark"] == order["remark"]
    page.goto(f"/apps/{APP}/views/sales_orders")
    page.get_by_role("grid").get_by_role("link", name=order["number"]).click()
    expect(page.locator('[data-field="remark"]')).to_contain_text(order["remark"])
    picture(page, "change-7-back")


def install(page: Page) -> None:
    """Take away the app that came with the site, and install the starter anew with its demo records; numbers of versions go on."""
    call(page, "POST", f"{API}/uninstall", {"key": APP})
    page.goto("/library")
    tile = page.get_by_role("listitem").filter(has_text="进销存").filter(has=page.get_by_role("button", name="安装"))
    tile.first.get_by_role("button", name="安装").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="安装", exact=True).click()
    expect(page).to_have_url(re.compile(f"/apps/{APP}"))


def change_as_a_customer(page: Page) -> None:
    """Rename two fields, add one, move it, remove one with the values it has, and write a rule."""
    for path, name in (("delivery/phone", "联系电话"), ("delivery/address", "收货地址")):
        node(page, path).click()
        page.locator("[name=name-zh-CN]").fill(name)
        page.keyboard.press("Tab")
    delivery = section(page, "delivery")
    drag(page, item(page, "new:text"), node(page, f"delivery/{delivery[0]}"), (0.9, 0.5))
    page.locator("[name=name-zh-CN]").fill("送货备注")
    page.keyboard.press("Tab")
    expect(page.locator("[name=key]")).to_have_value("x_song_huo_bei_zhu")
    node(page, "delivery/x_song_huo_bei_zhu").focus()
    page.keyboard.press("Alt+ArrowUp")
    settles(page, "delivery", ["x_song_huo_bei_zhu", *delivery])
    node(page, "more/remark").click()
    page.get_by_role("button", name="删除字段…").click()
    page.get_by_role("alertdialog").get_by_role("button", name="删除字段").click()
    saved(page)
    open_designer(page, FORM)
    page.get_by_role("button", name="添加规则").click()
    write_formula(page, "check", "NOT ISBLANK(contact)")
    page.locator("[name=message-zh-CN]").fill(RULE)
    page.locator("[name=message-en]").fill("An order names a contact")
    document = saved(page)
    assert entity(document)["rules"][-1]["check"] == "NOT ISBLANK(contact)"
    picture(page, "change-1-designed")


def rehearse_and_publish(page: Page, number: str) -> None:
    """See what would happen to the data, then publish."""
    page.goto(f"/design/{APP}/publish")
    expect(page.get_by_text(re.compile("“备注”在 .* 条记录中有值，将不再显示"))).to_be_visible()
    page.get_by_role("button", name="在数据上试发布").click()
    report = page.get_by_role("region", name="试发布的结果")
    expect(report.get_by_text(re.compile("大约需要"))).to_be_visible()
    picture(page, "change-2-rehearsed")
    page.get_by_label("说明").fill("周一的改动")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("版本 3 已发布并启用。")).to_be_visible()
    assert number


def upgrade(page: Page, folder: Path) -> None:
    """Upload the vendor's next version, decide the one conflict for our own side, publish."""
    file = folder / "trading_starter-2.json"
    file.write_text(json.dumps(next_version()), encoding="utf-8")
    page.goto("/library")
    page.get_by_label("上传应用包").set_input_files(file)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.goto(f"/design/{APP}/upgrade")
    expect(page.get_by_text("可升级到 2.0.0")).to_be_visible()
    conflict = page.get_by_role("group", name=re.compile("字段“联系电话”：名称"))
    expect(conflict.get_by_text("手机")).to_be_visible()
    expect(page.get_by_text("还有 1 处冲突没有选择")).to_be_visible()
    picture(page, "change-3-conflict")
    conflict.get_by_role("radio", name="本应用").check()
    page.get_by_role("button", name="放进草稿").click()
    expect(page.get_by_role("heading", name="发布 进销存")).to_be_visible()
    picture(page, "change-4-upgrade")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("版本 4 已发布并启用。")).to_be_visible()


def roll_back(page: Page) -> None:
    """Go back to the version that was installed."""
    page.get_by_role("link", name="比较与恢复").click()
    page.get_by_role("button", name="恢复到版本 2").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("说明").fill("备注还是要的")
    picture(page, "change-5-roll-back")
    dialog.get_by_role("button", name="恢复", exact=True).click()
    expect(page.get_by_text("已恢复，版本 5 正在使用。")).to_be_visible()
    picture(page, "change-6-versions")


def next_version() -> dict[str, Any]:
    """Return the package as its vendor ships it next: a field more, a label changed that the customer has changed as well."""
    document = deepcopy(dict(read_package(APP)))
    document["version"] = "2.0.0"
    fields = entity(document)["fields"]
    next(field for field in fields if field["key"] == "phone")["name"]["zh-CN"] = "手机"
    fields.append({"key": "carrier", "kind": "text", "name": {"zh-CN": "承运人", "en": "Carrier"}})
    return document


def entity(document: dict[str, Any]) -> dict[str, Any]:
    """Return the sales order of a document."""
    return next(dict(one) for one in document["entities"] if one.get("key") == "sales_order")
