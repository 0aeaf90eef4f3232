"""Help while an expression is written: checking it for its use, completing it, its names and stored form, the table of functions."""

import copy
from typing import Any

import pytest

from engines.expression.functions import FUNCTION_NAMES, WRITTEN
from tests.api.browser import Browser, problem_of

pytestmark = pytest.mark.anyio

APP = "/api/apps/trading_starter"
CHECK = f"{APP}/expressions/check"


async def ask(admin: Browser, text: str, entity: str = "sales_order", **others: object) -> dict[str, Any]:
    answer = await admin.post(CHECK, {"text": text, "entity": entity, **others})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_completions_at_a_position(admin: Browser) -> None:
    found = await ask(admin, "SUM(lines, qu)", position=13)
    first = found["completions"][0]
    assert (first["kind"], first["insert"], first["span"], first["caret"]) == ("field", "quantity", [11, 13], 8)
    assert first["label"] == {"zh-CN": "数量", "en": "Quantity"}
    assert first["type"] == "number"
    assert (found["signature"]["name"], found["signature"]["active"]) == ("SUM", 0)
    assert found["signature"]["arguments"][0]["label"] == {"zh-CN": "值", "en": "value"}

    async def inserts(text: str, entity: str = "sales_order") -> list[str]:
        completions = (await ask(admin, text, entity, position=len(text)))["completions"]
        return [entry["insert"] for entry in completions]

    assert (await inserts("数"))[0] != "quantity", "the order has no such field, its lines have"
    assert (await inserts("数", "sales_order.lines"))[0] == "quantity"
    assert (await inserts("sl", "sales_order.lines"))[0] == "quantity", "by the first letters of its pinyin"
    assert (await inserts("customer."))[0] == "name"
    assert "state" in await inserts("parent.", "sales_order.lines")
    assert (await inserts("state = "))[:2] == ['"draft"', '"confirmed"']
    assert (await inserts("CURRENTUSER()."))[0] == "name"
    assert (await inserts("em", "organization.user"))[0] == "email"
    assert await inserts("12") == []


async def test_without_a_position_nothing_is_offered(admin: Browser) -> None:
    found = await ask(admin, "SUM(lines.amount)")
    assert (found["completions"], found["signature"], found["type"]) == ([], None, "number")


async def test_issues_say_what_would_put_them_right(admin: Browser) -> None:
    found = await ask(admin, "SUM(lines.amont)")
    issue = found["issues"][0]
    assert (issue["code"], issue["span"]) == ("expression-unknown-field", [10, 15])
    assert issue["fixes"] == [{"span": [10, 15], "insert": "amount"}]
    assert (found["type"], found["tree"]) == (None, None)


async def test_labels_are_stored_as_keys_and_names_are_told(admin: Browser) -> None:
    found = await ask(admin, "SUM（明细，数量 * 单价）  // 合计")
    assert found["issues"] == []
    assert found["canonical"] == "SUM(lines,quantity * price)  // 合计"
    assert [(name["key"], name["entity"], name["span"]) for name in found["names"]] == [
        ("lines", "sales_order", [4, 6]),
        ("quantity", "sales_order.lines", [7, 9]),
        ("price", "sales_order.lines", [12, 14]),
    ]
    again = await ask(admin, found["canonical"])
    assert again["tree"] == found["tree"]


async def test_the_use_decides_what_is_allowed(admin: Browser) -> None:
    async def codes(text: str, **others: object) -> list[str]:
        return [issue["code"] for issue in (await ask(admin, text, "sales_order", **others))["issues"]]

    assert await codes("TODAY()", use="default", wanted="date") == []
    assert await codes("TODAY()", use="formula", wanted="date") == ["definition-formula-volatile"]
    assert await codes("customer.name", use="formula", wanted="text") == []
    assert await codes("customer.name", use="default", wanted="text") == ["definition-formula-path"]
    assert await codes("COUNT(customer.sales_orders)", use="formula", wanted="number") == []
    assert await codes("COUNT(customer.sales_orders) > 1", use="rule") == ["definition-formula-path"]
    assert await codes("COUNT(stock_movements) > 1", use="rule") == ["definition-formula-path"]
    assert await codes("1 + 1", use="default", wanted="text") == ["definition-formula-type"]
    assert await codes("1 + 1", use="rule") == ["definition-formula-type"]
    assert await codes("state = \"draft\"", use="where") == []
    assert await codes("FIND(number, 1) = 1", use="where") == []
    found = await ask(admin, "TODA", use="formula", position=4)
    assert "TODAY()" not in [entry["insert"] for entry in found["completions"]]
    found = await ask(admin, "TODA", use="default", position=4)
    assert "TODAY()" in [entry["insert"] for entry in found["completions"]]


async def test_names_of_the_draft_count(admin: Browser) -> None:
    draft = (await admin.get(f"{APP}/draft")).json()
    document = copy.deepcopy(draft["document"])
    partner = next(entity for entity in document["entities"] if entity["key"] == "partner")
    partner["fields"].append({"key": "x_score", "kind": "number", "name": {"zh-CN": "评分", "en": "Score"}})
    kept = await admin.ask("PUT", f"{APP}/draft", {"revision": draft["revision"], "document": document})
    assert kept.status_code == 200, kept.text
    found = await ask(admin, "customer.评", position=10)
    assert found["completions"][0]["insert"] == "x_score"


async def test_what_cannot_be_asked_is_refused(admin: Browser, seller: Browser) -> None:
    problem_of(await admin.post(CHECK, {"text": "1", "entity": "nothing"}), 404, "record-entity-not-found")
    problem_of(await seller.post(CHECK, {"text": "1", "entity": "partner"}), 403, "access-act-denied")
    for wrong in ({"position": -1}, {"use": "anything"}, {"wanted": "list<"}, {"wanted": "<>"}, {"position": 1.5}):
        problem_of(await admin.post(CHECK, {"text": "1", "entity": "partner", **wrong}), 422, "request-invalid")
    found = await ask(admin, "1", "partner", position=20_000)
    assert found["type"] == "number"


async def test_functions_are_listed(admin: Browser, browser: Browser) -> None:
    problem_of(await browser.get("/api/functions"), 401, "access-not-signed-in")
    groups = (await admin.get("/api/functions")).json()["groups"]
    rows = {row["name"]: row for group in groups for row in group["functions"]}
    assert set(rows) == set(WRITTEN)
    spelled = set(rows) | {alias for row in rows.values() for alias in row["aliases"]}
    assert spelled >= set(FUNCTION_NAMES)
    assert all(group["name"]["zh-CN"] and group["name"]["en"] for group in groups)
    round_ = rows["ROUND"]
    assert (round_["written"], round_["insert"], round_["caret"], round_["type"]) == ("ROUND(value, [places])", "ROUND()", 6, "number")
    assert round_["arguments"][1] == {
        "name": "places", "label": {"zh-CN": "小数位数", "en": "places"}, "type": "number", "optional": True, "default": "0",
    }  # fmt: skip
    assert round_["examples"]
    assert rows["add"]["written"] == "a + b"
    assert rows["pow"]["aliases"] == ["POWER"]


async def test_a_draft_is_kept_with_keys_so_that_labels_may_change(admin: Browser) -> None:
    draft = (await admin.get(f"{APP}/draft")).json()
    document = copy.deepcopy(draft["document"])
    order = next(entity for entity in document["entities"] if entity["key"] == "sales_order")
    lines = next(field for field in order["fields"] if field["key"] == "lines")
    total = next(field for field in order["fields"] if field["key"] == "total")
    total["formula"] = "SUM（明细, 数量 * {Price}） // 合计"
    amount = next(field for field in lines["fields"] if field["key"] == "amount")
    amount["formula"] = "数量 * 单价 + 没有"
    order["rules"] = [{"key": "enough", "check": "总金额 >= 0", "message": {"en": "Too little"}}]
    customer = next(field for field in order["fields"] if field["key"] == "customer")
    customer["where"] = "名称 <> \"\""
    kept = await admin.ask("PUT", f"{APP}/draft", {"revision": draft["revision"], "document": document})
    assert kept.status_code == 200, kept.text
    assert [issue["code"] for issue in kept.json()["issues"]] == ["expression-unknown-name"]
    total["formula"], amount["formula"] = "SUM(lines, quantity * price) // 合计", "quantity * price + 没有"
    order["rules"][0]["check"], customer["where"] = "total >= 0", "name <> \"\""
    assert (await admin.get(f"{APP}/draft")).json()["document"] == document
    for field in lines["fields"]:
        field["name"] = {"zh-CN": f"{field['name']['zh-CN']}（新）"}
    again = await admin.ask("PUT", f"{APP}/draft", {"revision": kept.json()["revision"], "document": document})
    assert [issue["code"] for issue in again.json()["issues"]] == ["expression-unknown-name"]
