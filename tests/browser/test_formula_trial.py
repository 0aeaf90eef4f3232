"""What a formula gives, below its box in the designer: for the newest record, for others, in words where it fails; never in the way of typing."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.canvas import DRAFT, FORM, field_of, formula_box, item, node, open_designer, saved, write_formula
from tests.browser.conftest import Visit
from tests.browser.journey import call, pick, picture, records

TEXTS = {
    "zh-CN": {"record": "试算记录", "older": "较旧的一条", "newer": "较新的一条", "blank": "空值", "divided": "除以了零或空值", "gives": "结果：数字"},
    "en": {
        "record": "Tried on", "older": "Older record", "newer": "Newer record", "blank": "blank", "divided": "divided by zero",
        "gives": "Gives a number",
    },
}  # fmt: skip


def value(page: Page, name: str = "formula") -> Locator:
    """Return where the value of an expression stands."""
    return page.locator(f"[data-formula={name}] .formula-value")


def shown(number: object) -> str:
    """Return an amount as the page writes it."""
    return f"{Decimal(str(number)):,.2f}"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_a_formula_gives_for_records(visit: Visit, check_axe: Callable[[Page], None], language: str) -> None:
    words = TEXTS[language]
    with visit(language=language) as page:
        call(page, "PATCH", "/api/session", {"language": language})
        try:
            open_designer(page)
            orders = records(page, "sales_order", sort="-id")
            node(page, "goods/total").click()
            expect(value(page)).to_have_text(shown(orders[0]["total"]))
            trial = page.locator("[data-formula=formula] .formula-trial")
            picked = trial.get_by_label(words["record"])
            expect(picked).to_have_value(orders[0]["number"])
            expect(trial.get_by_role("button", name=words["newer"])).to_be_disabled()
            trial.get_by_role("button", name=words["older"]).click()
            expect(value(page)).to_have_text(shown(orders[1]["total"]))
            expect(picked).to_have_value(orders[1]["number"])
            pick(page, words["record"], orders[2]["number"])
            expect(value(page)).to_have_text(shown(orders[2]["total"]))
            picture(page, f"formula-trial-{language}")
            check_axe(page)

            item(page, "new:money").click()
            write_formula(page, "formula", "total / (total - total)")
            expect(value(page)).to_contain_text("#DIV0!")
            expect(value(page)).to_contain_text(words["divided"])
            check_axe(page)
            picture(page, f"formula-trial-error-{language}")
            write_formula(page, "formula", "IF(total < 0, total)")
            expect(value(page)).to_have_text(words["blank"])
            write_formula(page, "formula", "total / 3")
            expect(value(page)).to_have_text(shown(Decimal(str(orders[2]["total"])) / 3))
            expect(picked).to_have_value(orders[2]["number"])
            write_formula(page, "formula", "total / ")
            expect(value(page)).to_have_class(re.compile("is-old"))
            expect(page.locator("[data-formula=formula] .formula-faults")).to_be_visible()
            expect(value(page)).to_have_count(0)
        finally:
            saved(page)
            call(page, "PATCH", "/api/session", {"language": "zh-CN"})
            call(page, "DELETE", DRAFT)


def test_what_is_not_published_is_said_and_a_condition_is_yes_or_no(designer: Page) -> None:
    page = designer
    item(page, "new:number").click()
    page.locator('[data-formula="default"]').wait_for()
    saved(page)
    item(page, "new:money").click()
    saved(page)
    write_formula(page, "formula", "total + x_number")
    orders = records(page, "sales_order", sort="-id")
    expect(value(page)).to_have_text(shown(orders[0]["total"]))
    expect(page.locator("[data-formula=formula] .formula-note")).to_contain_text("尚未发布，按空值计算")
    picture(page, "formula-trial-unpublished")
    expect(page.locator("[data-formula=default]")).to_have_count(1)
    page.keyboard.press("Tab")
    assert field_of(saved(page), "x_money")["formula"] == "total + x_number"

    node(page, "basic/customer").click()
    write_formula(page, "where", "is_customer")
    partner = records(page, "partner", sort="-id")[0]
    expect(value(page, "where")).to_have_text("是" if partner["is_customer"] else "否")
    expect(page.locator("[data-formula=where]").get_by_label("试算记录")).to_have_value(partner["name"])


def test_a_column_of_the_lines_is_tried_on_a_row_and_its_record(designer: Page) -> None:
    page = designer
    node(page, "goods/lines").click()
    page.locator('[data-column="amount"] .column-name').click()
    trial = page.locator("[data-formula=formula] .formula-trial")
    row = records(page, "sales_order.lines", sort="-id")[0]
    order = records(page, "sales_order", filter=f'number = "{row["parent__title"]}"')[0]
    expect(trial.get_by_label("试算记录")).to_have_value(f"{order['number']} · {row['item__title']}")
    expect(value(page)).to_have_text(shown(row["amount"]))
    write_formula(page, "formula", "parent.total - quantity")
    expect(value(page)).to_have_text(shown(Decimal(order["total"]) - Decimal(row["quantity"])))
    found = records(page, "sales_order", sort="id")[0]["number"]
    pick(page, "试算记录", found)
    expect(trial.get_by_label("试算记录")).to_have_value(re.compile(f"^{found} · "))
    saved(page)


def test_an_answer_that_comes_late_is_dropped_and_typing_goes_on(designer: Page) -> None:
    page = designer
    node(page, "goods/total").click()
    expect(value(page)).not_to_have_text("")

    def is_first(request: Request) -> bool:
        return request.url.endswith("/expressions/value") and '"1001 + 1"' in (request.post_data or "")

    # The answer to the first text never comes by itself.
    page.route("**/expressions/value", lambda route: None if is_first(route.request) else route.continue_())
    box = formula_box(page, "formula")
    with page.expect_request(is_first):
        write_formula(page, "formula", "1001 + 1")
    expect(value(page)).to_have_class(re.compile("is-old"))
    with page.expect_event("requestfailed", is_first):
        write_formula(page, "formula", "")
        page.keyboard.type("2001 + 1")
        expect(box).to_have_text("2001 + 1")
    expect(value(page)).to_have_text("2,002.00")
    expect(value(page)).not_to_have_class(re.compile("is-old"))


def test_on_a_phone_the_list_leaves_what_is_said_legible(visit: Visit, check_axe: Callable[[Page], None]) -> None:
    with visit(is_phone=True) as page:
        page.set_viewport_size({"width": 390, "height": 760})
        open_designer(page, FORM)
        node(page, "goods/total").click()
        box = formula_box(page, "formula")
        expect(value(page)).not_to_have_text("")
        picture(page, "formula-trial-phone")
        check_axe(page)
        box.tap()
        write_formula(page, "formula", "SUM(lines.amount) + prcie + to")
        expect(page.locator(".cm-tooltip-autocomplete")).to_be_visible()
        fault = page.locator("[data-formula=formula] .formula-faults li").first
        expect(fault).to_be_visible()
        popup, told = page.locator(".cm-tooltip-autocomplete").bounding_box(), fault.bounding_box()
        picture(page, "formula-phone-completion")
        assert popup and told
        assert popup["y"] + popup["height"] <= told["y"] or popup["y"] >= told["y"] + told["height"], (popup, told)
        line = box.bounding_box()
        assert line and popup["y"] + popup["height"] <= line["y"] + line["height"]
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        page.keyboard.press("Escape")
        saved(page)
        call(page, "DELETE", DRAFT)
