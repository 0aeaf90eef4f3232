"""Every plain field kind in a real browser: filled in a form, read on the detail page and in a list, filtered, added in the designer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.canvas import field_of, item, open_designer, saved
from tests.browser.conftest import Visit
from tests.browser.journey import call, picture
from tests.workshop import element, entity, options, package

TREE = [
    {"key": "asia", "name": {"zh-CN": "亚洲", "en": "Asia"}},
    {"key": "china", "name": {"zh-CN": "中国", "en": "China"}, "parent": "asia"},
    {"key": "europe", "name": {"zh-CN": "欧洲", "en": "Europe"}},
]
NAMES = {
    "rich": ("富文本", "Rich"), "phone": ("电话", "Phone"), "email": ("邮箱", "E-mail"), "site": ("网址", "Site"), "code": ("条码", "Code"),
    "share": ("占比", "Share"), "weight": ("重量", "Weight"), "stars": ("评分", "Stars"), "opens": ("开门", "Opens"), "took": ("用时", "Took"),
    "tags": ("标签", "Tags"), "region": ("地区", "Region"), "home": ("住址", "Home"), "spot": ("位置", "Spot"), "extra": ("附加", "Extra"),
    "pin": ("口令", "Pin"), "double": ("两倍", "Double"),
}  # fmt: skip
TEXTS: dict[str, dict[str, str]] = {
    "zh-CN": {
        "save": "保存", "stars": "4 星", "province": "省", "city": "市", "district": "区县", "street": "街道和门牌", "latitude": "纬度", "longitude": "经度",
        "tree": "亚洲 / 中国", "show": "显示", "filter": "筛选", "field": "字段", "apply": "应用", "add": "添加一行", "tag": "b（中）", "bold": "加粗",
    },
    "en": {
        "save": "Save", "stars": "4 stars", "province": "Province", "city": "City", "district": "District", "street": "Street and number",
        "latitude": "Latitude", "longitude": "Longitude", "tree": "Asia / China", "show": "Show", "filter": "Filter", "field": "Field", "apply": "Apply",
        "add": "Add line", "tag": "b", "bold": "Bold",
    },
}  # fmt: skip


def named(key: str, kind: str, **properties: object) -> dict[str, Any]:
    """Return a field called by its words in each language."""
    zh, en = NAMES[key]
    return {**element(key, kind, **properties), "name": {"zh-CN": zh, "en": en}}


def kinds_package() -> dict[str, Any]:
    """Return an app with a field of every plain kind, and some of them in rows."""
    rows = element("lines", "lines", fields=[
        named("share", "percent"), named("took", "duration"), named("region", "tree_choice", options=TREE), named("tags", "choices", options=options("a", "b")),
    ])  # fmt: skip
    sample = entity(
        "sample", "name", {**element("name", "text"), "name": {"zh-CN": "名称", "en": "Name"}},
        named("phone", "phone"), named("email", "email"), named("site", "url"), named("code", "barcode", format="ean13"),
        named("share", "percent"), named("weight", "quantity", unit="kg"), named("stars", "rating"), named("opens", "time"),
        named("took", "duration"), named("tags", "choices", options=options("a", "b", "c")), named("region", "tree_choice", options=TREE),
        named("rich", "rich_text"), named("home", "address"), named("spot", "location"), named("extra", "json"), named("pin", "secret"),
        named("double", "number", formula="took * 2"), rows,
    )  # fmt: skip
    shown = ["name", "share", "weight", "stars", "opens", "took", "tags", "region", "home", "pin"]
    view = {"key": "samples", "kind": "list", "entity": "sample", "name": {"zh-CN": "样品", "en": "Samples"}, "columns": [{"key": key} for key in shown]}
    menu = {"key": "main", "name": {"zh-CN": "样品", "en": "Samples"}, "items": [{"key": "samples", "view": "samples", "name": {"zh-CN": "样品", "en": "Samples"}}]}
    return package("kinds", sample, views=[view], menus=[menu])


@pytest.fixture(scope="module")
def is_installed() -> list[bool]:
    """Return whether the app is there: it is installed by the first test of the module."""
    return []


def open_form(page: Page, is_installed: list[bool], language: str) -> None:
    """Open the form of a new record, in the app that is installed when it is first asked for."""
    page.goto("/")
    call(page, "PATCH", "/api/session", {"language": language})
    if not is_installed:
        call(page, "POST", "/api/apps", {"package": kinds_package(), "demo": False})
        is_installed.append(True)
    page.goto("/apps/kinds/records/sample/new?view=samples")


def fill(page: Page, language: str) -> None:
    """Fill every field as people do."""
    texts = TEXTS[language]
    words = {key: names[0 if language == "zh-CN" else 1] for key, names in NAMES.items()}
    page.locator("#field-name").fill(f"all {language}")
    page.locator("#field-phone").fill("13800138000")
    page.locator("#field-email").fill("li@example.com")
    page.locator("#field-site").fill("https://example.com/a")
    page.locator("#field-code").fill("6901234567892")
    page.locator("#field-share").fill("15.5")
    page.locator("#field-weight").fill("12.5")
    page.get_by_role("radio", name=texts["stars"]).check(force=True)
    page.locator("#field-opens").fill("08:30")
    page.locator("#field-took").fill("1:30")
    page.get_by_role("checkbox", name=texts["tag"]).first.check()
    region = page.locator("#field-region")
    region.click()
    region.fill("中国" if language == "zh-CN" else "China")
    page.get_by_role("option", name=texts["tree"]).click()
    editor = page.get_by_role("textbox", name=words["rich"])
    editor.click()
    page.get_by_role("button", name=texts["bold"], exact=True).click()
    page.keyboard.type("Strong words")
    page.get_by_label(texts["province"], exact=True).select_option("浙江省")
    page.get_by_label(texts["city"], exact=True).select_option("杭州市")
    page.get_by_label(texts["district"], exact=True).select_option("西湖区")
    page.get_by_label(texts["street"], exact=True).fill("文三路 1 号")
    page.get_by_label(texts["latitude"], exact=True).fill("30.28")
    page.get_by_label(texts["longitude"], exact=True).fill("120.12")
    page.locator("#field-extra").fill('{"size": 3')
    page.get_by_role("button", name=texts["save"], exact=True).click()
    expect(page.locator('[data-field="extra"] .form-error')).to_be_visible()
    page.locator("#field-extra").fill('{"size": 3}')
    page.locator("#field-pin").fill("open sesame")
    page.get_by_role("button", name=texts["add"]).click()
    page.get_by_label(re.compile(f"^{words['share']}.* 1")).fill("20%")
    page.get_by_label(re.compile(f"^{words['took']}.* 1")).fill("2h")
    page.get_by_label(re.compile(f"^{words['tags']}.* 1")).fill("b")
    page.keyboard.press("Enter")
    expect(page.locator('[data-field="code"] .barcode')).to_be_visible()
    expect(page.locator('[data-field="double"] output')).to_have_text("180")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_kind_is_filled_read_and_filtered(
    visit: Visit, is_installed: list[bool], check_axe: Callable[[Page], None], language: str
) -> None:
    """A record of all kinds is typed, saved and read back; its secret is shown when asked for; the list shows and filters it."""
    texts = TEXTS[language]
    with visit(language=language) as page:
        open_form(page, is_installed, language)
        fill(page, language)
        check_axe(page)
        picture(page, f"kinds-form-{language}")
        page.get_by_role("button", name=texts["save"], exact=True).click()
        expect(page.get_by_role("heading", name=f"all {language}")).to_be_visible()
        shown: dict[str, str | re.Pattern[str]] = {
            "share": "15.5%", "weight": "12.5 kg", "opens": "08:30", "took": "1:30", "tags": texts["tag"], "region": texts["tree"], "rich": "Strong words",
            "home": "浙江省杭州市西湖区文三路 1 号", "spot": "30.28, 120.12", "extra": re.compile(r'"size": 3'), "pin": re.compile("••••••"),
        }
        for key, text in shown.items():
            expect(page.locator(f'[data-field="{key}"] output')).to_have_text(text)
        expect(page.locator(".lines-table tbody output")).to_have_text(["20%", "2:00", "", texts["tag"]])
        expect(page.locator('[data-field="rich"] strong')).to_have_text("Strong words")
        expect(page.get_by_role("img", name="4 / 5")).to_be_visible()
        expect(page.locator('[data-field="site"] a')).to_have_attribute("href", "https://example.com/a")
        expect(page.get_by_role("img", name="6901234567892")).to_be_visible()
        page.locator('[data-field="pin"]').get_by_role("button", name=texts["show"]).click()
        expect(page.locator('[data-field="pin"] output')).to_have_text(re.compile("open sesame"))
        check_axe(page)
        picture(page, f"kinds-detail-{language}")
        page.goto("/apps/kinds/views/samples")
        row = page.get_by_role("row").filter(has_text=f"all {language}")
        for text in ("15.5%", "12.5 kg", "1:30", texts["tree"], "••••••"):
            expect(row).to_contain_text(text)
        page.get_by_role("button", name=texts["filter"], exact=True).click()
        page.get_by_role("dialog").get_by_label(texts["field"], exact=True).select_option("region")
        page.get_by_role("dialog").get_by_role("checkbox").first.check()
        page.get_by_role("dialog").get_by_role("button", name=texts["apply"]).click()
        expect(row).to_contain_text(texts["tree"])
        picture(page, f"kinds-list-{language}")


def test_on_a_phone_every_input_fits(visit: Visit, is_installed: list[bool]) -> None:
    """At phone width nothing is wider than the screen, and lists are the device's own."""
    with visit(language="en", is_phone=True) as page:
        open_form(page, is_installed, "en")
        page.set_viewport_size({"width": 390, "height": 844})
        page.locator("#field-region").select_option("china")
        page.locator("#field-took").fill("2h")
        expect(page.locator('[data-field="double"] output')).to_have_text("240")
        page.get_by_role("textbox", name="Rich").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        picture(page, "kinds-phone")


def test_an_analyst_adds_kinds_without_json(designer: Page) -> None:
    """Added from the palette with their properties: stars, a unit from a field beside, a tree, a pattern."""
    page = designer
    call(page, "PATCH", "/api/session", {"language": "zh-CN"})
    open_designer(page)
    item(page, "new:rating").click()
    page.get_by_label("几颗星").select_option("10")
    item(page, "new:quantity").click()
    page.get_by_label("单位取自").select_option("")
    page.get_by_role("textbox", name="单位", exact=True).fill("kg")
    item(page, "new:tree_choice").click()
    expect(page.get_by_label("上级").nth(2)).to_have_value("option_1")
    page.get_by_label("上级").nth(1).select_option("option_1")
    item(page, "new:barcode").click()
    page.get_by_label("格式", exact=True).select_option("qrcode")
    item(page, "new:secret").click()
    document = saved(page)
    assert field_of(document, "x_rating")["max"] == 10
    assert field_of(document, "x_quantity")["unit"] == "kg"
    assert [option.get("parent") for option in field_of(document, "x_tree_choice")["options"]] == [None, "option_1", "option_1"]
    assert field_of(document, "x_barcode")["format"] == "qrcode"
    assert field_of(document, "x_secret")["kind"] == "secret"
    expect(page.locator(".prop-fault")).to_have_count(0)
    picture(page, "kinds-designer")
