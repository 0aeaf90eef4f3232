"""A decision table in a real browser: it is tried for some inputs and a day, and says which rows match."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.canvas import open_designer
from tests.browser.conftest import Visit
from tests.browser.journey import call, picture
from tests.workshop import Document, element, entity, options, package

CheckAxe = Callable[[Page], None]
KEY = "browser_decisions"


def _name(chinese: str, english: str) -> Document:
    return {"name": {"zh-CN": chinese, "en": english}}


def _install(page: Page) -> None:
    if any(app["key"] == KEY for app in page.request.get("/api/apps").json()["apps"]):
        return
    levels = [{**option, **_name(*names)} for option, names in zip(options("gold", "plain"), (("金牌", "Gold"), ("普通", "Plain")), strict=True)]
    decision = {
        "inputs": [
            {"key": "level", "match": "eq", "field": "level"},
            {"key": "amount", "match": "range", "from": "low", "to": "high", **_name("金额", "Amount")},
        ],
        "outputs": ["most"], "policy": "first", "first": "begins", "last": "ends",
    }  # fmt: skip
    limit = entity(
        "limit", "name", element("name", "text") | _name("名称", "Name"), element("level", "choice", options=levels) | _name("客户级别", "Level"),
        element("low", "money") | _name("金额起", "From"), element("high", "money") | _name("金额止", "To"),
        element("most", "percent") | _name("最高折扣", "Most"), element("begins", "date") | _name("生效日", "First day"),
        element("ends", "date") | _name("失效日", "Last day"), kind="decision", decision=decision,
    )  # fmt: skip
    limit |= _name("折扣上限", "Discount limits")
    view = {"key": "limits", "kind": "list", "entity": "limit", "columns": [{"key": key} for key in ("name", "level", "low", "high", "most")], **_name("折扣上限", "Discount limits")}
    form = {
        "key": "limit", "entity": "limit", **_name("折扣上限", "Discount limit"),
        "nodes": [{"key": "all", "kind": "section", "columns": 2, "nodes": [{"key": key, "kind": "input", "field": key} for key in ("name", "level", "most")]}],
    }  # fmt: skip
    call(page, "POST", "/api/apps", {"package": package(KEY, limit, views=[view], forms=[form]), "demo": False})
    for row in (
        {"name": "一般", "most": "0.02"},
        {"name": "金牌大单", "level": "gold", "low": "10000", "most": "0.1"},
        {"name": "金牌小单", "level": "gold", "high": "10000", "most": "0.05"},
        {"name": "春季促销", "level": "gold", "most": "0.3", "begins": "2026-03-01", "ends": "2026-05-31"},
    ):
        call(page, "POST", f"/api/apps/{KEY}/records/limit", row)


CHINESE = {"try": "试算", "level": "客户级别", "gold": "金牌", "amount": "金额", "day": "日期", "rows": "匹配 3 行"}
ENGLISH = {"try": "Try it", "level": "Level", "gold": "Gold", "amount": "Amount", "day": "Day", "rows": "3 rows match"}


@pytest.mark.parametrize("place", ["desk", "phone"])
def test_a_table_is_tried_above_its_list(visit: Visit, check_axe: CheckAxe, place: str) -> None:
    """In Chinese on a desk, in English on a phone."""
    said, language = (CHINESE, "zh-CN") if place == "desk" else (ENGLISH, "en")
    with visit(language=language, is_phone=place == "phone") as page:
        if place == "phone":
            page.set_viewport_size({"width": 390, "height": 800})
        call(page, "PATCH", "/api/session", {"language": language})
        _install(page)
        page.goto(f"/apps/{KEY}/views/limits")
        page.get_by_role("button", name=said["try"], exact=True).click()
        panel = page.get_by_role("dialog")
        panel.get_by_role("button", name=said["try"], exact=True).click()
        expect(panel).to_contain_text("2%")
        panel.get_by_label(said["level"]).select_option(said["gold"])
        panel.get_by_label(said["amount"]).fill("12000")
        panel.get_by_label(said["day"]).fill("2026-03-01")
        panel.get_by_role("button", name=said["try"], exact=True).click()
        expect(panel).to_contain_text(said["rows"])
        expect(panel.get_by_role("definition").first).to_have_text("10%")
        expect(panel.get_by_role("listitem")).to_contain_text(["金牌大单", "春季促销", "一般"])
        picture(page, f"decide-{place}")
        check_axe(page)
        panel.get_by_role("link", name="春季促销").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("春季促销")


def test_how_a_table_decides_is_said_in_the_designer(visit: Visit, check_axe: CheckAxe) -> None:
    with visit() as page:
        call(page, "PATCH", "/api/session", {"language": "zh-CN"})
        _install(page)
        open_designer(page, f"/design/{KEY}/forms/limit")
        group = page.get_by_role("region", name="决策表", exact=True)
        expect(group.get_by_role("switch", name="记录是决策表的行")).to_be_checked()
        group.get_by_role("button", name="添加输入").click()
        added = group.locator("[data-input]").nth(2)
        added.get_by_label("匹配方式").select_option("开头是")
        expect(added.get_by_label("字段")).to_have_value("name")
        group.get_by_role("button", name="上移输入“名称”").click()
        group.get_by_label("结果", exact=True).select_option("唯一一行")
        group.get_by_label("失效日").select_option("不限")
        group.get_by_role("switch", name="不许行重叠").click()
        page.keyboard.press("Control+s")
        expect(page.locator(".save-state [role=status]")).to_have_text("已保存")
        picture(page, "decide-designer")
        check_axe(page)
        entity = call(page, "GET", f"/api/apps/{KEY}/draft")["document"]["entities"][0]
        decision = entity["decision"]
        assert [(one["match"], one.get("field")) for one in decision["inputs"]] == [("eq", "level"), ("prefix", "name"), ("range", None)]
        assert {key: decision.get(key) for key in ("policy", "first", "last", "overlap")} == {"policy": "only", "first": "begins", "last": None, "overlap": "refuse"}
        group.get_by_role("switch", name="记录是决策表的行").click()
        expect(group.locator("[data-input]")).to_have_count(0)
