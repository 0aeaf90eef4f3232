"""Roles and permissions in a real browser: designed in the matrix, explained on a record, and seen with somebody else's eyes."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import assert_accessible, call, expect_errors, picture

KEY = "access_shown"
APP = f"/api/apps/{KEY}"
USERS = "/api/apps/organization/records/user"


def both(zh: str, en: str) -> dict[str, str]:
    """Return a label in both languages."""
    return {"zh-CN": zh, "en": en}


def installed(page: Page) -> dict[str, str]:
    """Install a small app whose clerks see their own cards without the cost, unless that is done, and return the ids of its people."""
    if KEY not in {app["key"] for app in call(page, "GET", "/api/apps")["apps"]}:
        fields: list[dict[str, Any]] = [
            {"key": "name", "kind": "text", "name": both("名称", "Name")},
            {"key": "cost", "kind": "money", "name": both("成本", "Cost")},
            {"key": "owner", "kind": "reference", "to": "organization.user", "name": both("负责人", "Owner")},
        ]
        levels = [{"key": "cost", "level": "hidden"}]
        document = {
            "format": "dougong.app/1", "key": KEY, "version": "1.0.0", "name": both("卡片", "Cards"), "requires": [{"package": "organization", "version": ">=1.0,<2"}],
            "entities": [{"key": "card", "name": both("卡片", "Card"), "title": "name", "fields": fields}],
            "roles": [{"key": "chief", "name": both("主管", "Chief"), "installer": True, "may": ["design", "publish"]}, {"key": "clerk", "name": both("文员", "Clerk")}],
            "policies": [{"key": "chief", "role": "chief", "entity": "card", "actions": ["create", "read", "update", "delete"]},
                         {"key": "clerk", "role": "clerk", "entity": "card", "actions": ["read", "update"], "rows": "own", "owner": "owner", "levels": levels}],
            "forms": [{"key": "card", "entity": "card", "name": both("卡片", "Card"), "nodes": [
                {"key": "main", "kind": "section", "nodes": [{"key": key, "kind": "input", "field": key} for key in ("name", "cost", "owner")]}]}],
            "views": [{"key": "cards", "kind": "list", "entity": "card", "name": both("全部卡片", "Cards"), "columns": [{"key": "name"}, {"key": "cost"}]}],
            "menus": [{"key": "cards", "name": both("卡片", "Cards"), "items": [{"key": "cards", "view": "cards"}]}],
        }  # fmt: skip
        call(page, "POST", "/api/apps", {"package": document})
        roles = {one["key"]: one["id"] for one in call(page, "GET", "/api/apps/organization/records/role?limit=200")["records"]}
        for name, email in (("李文", "clerk1@example.com"), ("王文", "clerk2@example.com")):
            call(page, "POST", USERS, {"name": name, "email": email, "roles": [{"role": roles["organization.member"]}, {"role": roles[f"{KEY}.clerk"]}]})
    return {one["name"]: one["id"] for one in call(page, "GET", f"{USERS}?limit=200")["records"]}


def test_permissions_are_designed_in_the_matrix(admin_page: Page, visit: Visit) -> None:
    page = admin_page
    installed(page)
    call(page, "DELETE", f"{APP}/draft")
    page.goto(f"/design/{KEY}/forms/card")
    page.get_by_role("link", name="角色与权限").click()
    clerk = page.get_by_role("button", name=re.compile("^文员对卡片"))
    expect(clerk).to_have_accessible_name("文员对卡片——查看: 部分记录，新建: 不可以，修改: 部分记录，删除: 不可以")
    clerk.click()
    side = page.get_by_role("complementary", name="所选的角色与策略")
    policy = side.get_by_role("group", name="允许 · clerk")
    policy.get_by_label("新建").check()
    policy.get_by_label("谁的记录").select_option("all")
    expect(clerk).to_have_accessible_name("文员对卡片——查看: 全部记录，新建: 全部记录，修改: 全部记录，删除: 不可以")
    policy.get_by_label("“名称”的权限").select_option("read")
    when = policy.get_by_role("textbox", name="“名称”在哪些记录")
    when.click()
    page.keyboard.type("cost > 5")
    expect(when).to_have_text("成本 > 5")  # the editor of every other condition: it says fields by their names
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    side.get_by_role("button", name="禁止…").click()
    denial = side.get_by_role("group", name="禁止 · clerk_card_not")
    expect(denial.get_by_label("删除")).to_be_checked()
    expect(clerk).to_have_accessible_name("文员对卡片——查看: 全部记录，新建: 全部记录，修改: 全部记录，删除: 禁止")
    expect(page.get_by_role("region", name=re.compile("可能不是本意"))).to_contain_text("角色“文员”的成员无论还有什么角色，都不能对任何记录删除、从回收站恢复")
    assert_accessible(page)
    picture(page, "access-matrix")
    with page.expect_download() as started:
        page.get_by_role("link", name="导出矩阵（CSV）").click()
    assert started.value.suggested_filename == f"{KEY}-permissions.csv"
    assert "文员" in started.value.path().read_text(encoding="utf-8-sig")
    other = page.context.new_page()
    other.goto(f"/design/{KEY}/problems")
    expect(other.get_by_role("region", name=re.compile("可能并非本意"))).to_contain_text("角色“文员”的成员无论还有什么角色")
    panel, button = (other.locator(one).bounding_box() for one in (".publish-part:has(.problem-warnings)", ".problem-warnings + .button"))
    assert panel is not None and button is not None and button["width"] < panel["width"] / 3
    picture(other, "problems-policies")
    other.close()
    page.get_by_role("button", name="撤销").click()
    expect(denial).not_to_be_visible()
    page.get_by_role("button", name="新建角色").click()
    side.get_by_label("名称（中文）").fill("审核")
    side.get_by_label("设计").click()
    expect(page.get_by_role("button", name="审核", exact=True)).to_be_visible()
    expect(page.get_by_text("已保存")).to_be_visible()
    document = call(page, "GET", f"{APP}/draft")["document"]
    assert document["roles"][-1] == {"key": "x_role", "name": {"zh-CN": "审核"}, "may": ["design"]}
    written = document["policies"][1]
    assert (written["actions"], written.get("rows"), {one["key"]: one["level"] for one in written["levels"]}) == (
        ["read", "update", "create"], None, {"cost": "hidden", "name": "read"},
    )  # fmt: skip
    page.goto("about:blank")
    with visit(language="zh-CN", is_phone=True) as phone:
        phone.set_viewport_size({"width": 390, "height": 840})
        phone.goto(f"/design/{KEY}/access")
        phone.get_by_role("button", name=re.compile("^文员对卡片")).click()
        expect(phone.get_by_role("group", name="允许 · clerk")).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        picture(phone, "access-matrix-phone")
        phone.goto("about:blank")
    call(page, "DELETE", f"{APP}/draft")


def test_why_somebody_may_not_and_what_they_see(admin_page: Page) -> None:
    page = admin_page
    people = installed(page)
    mine = call(page, "POST", f"{APP}/records/card", {"name": "李的卡片", "cost": "7", "owner": people["李文"]})
    call(page, "POST", f"{APP}/records/card", {"name": "王的卡片", "cost": "8", "owner": people["王文"]})
    page.goto(f"/apps/{KEY}/records/card/{mine['id']}")
    page.get_by_role("button", name="权限").click()
    window = page.get_by_role("dialog", name="谁能对“李的卡片”做什么，为什么")
    box = window.get_by_role("combobox", name="用户")
    box.click()
    box.fill("王文")
    page.get_by_role("option", name=re.compile("王文")).click()
    expect(window).to_contain_text("王文不可以：其角色的策略不涉及这条记录。")
    expect(window).to_contain_text("“负责人”是本人")
    expect(window).to_contain_text("负责人: 李文")
    expect(window).to_contain_text("以下角色可以：主管")
    assert_accessible(page)
    picture(page, "access-why")
    box.click()
    box.fill("李文")
    page.get_by_role("option", name=re.compile("李文")).click()
    expect(window).to_contain_text("李文可以：其角色的策略允许。")
    window.get_by_label("字段").select_option("cost")
    expect(window).to_contain_text("李文不可以：此字段对其隐藏。")
    picture(page, "access-why-field")

    page.goto(f"/apps/organization/records/user/{people['李文']}")
    page.get_by_role("button", name="以其身份查看").click()
    bar = page.get_by_role("status").filter(has_text="李文")
    expect(bar).to_have_text(re.compile("您正以“李文”的身份查看，只能查看，不能修改。"))
    page.goto(f"/apps/{KEY}/views/cards")
    expect(page.get_by_text("李的卡片").first).to_be_visible()
    expect(page.get_by_text("王的卡片")).to_have_count(0)
    expect(page.get_by_role("columnheader", name="成本")).to_have_count(0)
    assert_accessible(page)
    picture(page, "access-view-as")
    page.goto(f"/apps/{KEY}/records/card/{mine['id']}/edit")
    expect_errors(page, "403")
    page.get_by_label("名称").fill("改名")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("您正以他人的身份查看", exact=False).last).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(bar).to_have_count(0)
    page.goto(f"/apps/{KEY}/views/cards")
    expect(page.get_by_text("王的卡片").first).to_be_visible()
    assert call(page, "GET", f"{APP}/records/card/{mine['id']}")["name"] == "李的卡片"
