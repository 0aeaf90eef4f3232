"""Wrong input to records: each refused with a status, a code, a place and words in two languages, and nothing is written."""

from __future__ import annotations

from typing import Any

import pytest

from tests.refusal import Place, refused
from tests.workshop import RECORDS, Shop

NOBODY = "00000000-0000-7000-8000-00000000dead"
ORDERS = f"{RECORDS}/order"


@pytest.fixture(scope="module")
async def good(shop: Shop) -> dict[str, Any]:
    """Return what makes a good order: every wrong one differs from it in one place."""
    maker = await shop.create("maker", name="good maker")
    thing = await shop.create("thing", name="good thing", price="1")
    return {"maker": maker["id"], "lines": [{"thing": thing["id"], "quantity": "1"} for _ in range(3)]}


WRONG_VALUES: list[tuple[dict[str, object], str, str, str, str]] = [
    ({"colour": "red"}, "record-field-unknown", "/colour", "没有字段“colour”。", "There is no field colour."),
    ({"number": "W-1"}, "record-field-read-only", "/number", "“number（中）”由系统填写", "number is filled in by the system"),
    ({"rate": "1"}, "record-field-read-only", "/rate", "由系统填写", "rate is filled in by the system"),
    ({"total": "1"}, "record-field-read-only", "/total", "由系统填写", "total is filled in by the system"),
    ({"created_by": NOBODY}, "record-field-unknown", "/created_by", "没有字段", "There is no field"),
    ({"contact": 5}, "record-wrong-type", "/contact", "应为文本", "must be text"),
    ({"contact": ["a"]}, "record-wrong-type", "/contact", "应为文本", "must be text"),
    ({"contact": "x" * 201}, "record-text-too-long", "/contact", "最多 200 个字符", "at most 200 characters"),
    ({"remark": "长" * 101}, "record-text-too-long", "/remark", "最多 100 个字符", "at most 100 characters"),
    ({"contact": "a\x00b"}, "record-text-invalid", "/contact", "无法保存的字符", "cannot be stored"),
    ({"remark": "a\x00b"}, "record-text-invalid", "/remark", "无法保存的字符", "cannot be stored"),
    ({"urgent": "yes"}, "record-wrong-type", "/urgent", "应为是或否", "must be true or false"),
    ({"urgent": 1}, "record-wrong-type", "/urgent", "应为是或否", "must be true or false"),
    ({"on": "2026-02-30"}, "record-date-invalid", "/on", "不是有效日期", "is not a date"),
    ({"on": "tomorrow"}, "record-date-invalid", "/on", "不是有效日期", "is not a date"),
    ({"on": 20000}, "record-date-invalid", "/on", "不是有效日期", "is not a date"),
    ({"on": "20000"}, "record-date-invalid", "/on", "不是有效日期", "is not a date"),
    ({"on": "86400"}, "record-date-invalid", "/on", "不是有效日期", "is not a date"),
    ({"on": "2026-02-03T10:00:00Z"}, "record-date-invalid", "/on", "不是有效日期", "is not a date"),
    ({"at": "2026-02-03T10:00:00"}, "record-datetime-invalid", "/at", "带时区", "with its zone"),
    ({"at": "2026-02-03T25:00:00Z"}, "record-datetime-invalid", "/at", "带时区", "with its zone"),
    ({"at": 1700000000}, "record-datetime-invalid", "/at", "带时区", "with its zone"),
    ({"at": "1700000000"}, "record-datetime-invalid", "/at", "带时区", "with its zone"),
    ({"state": "lost"}, "record-option-unknown", "/state", "没有这个选项", "has no such option"),
    ({"state": 1}, "record-option-unknown", "/state", "没有这个选项", "has no such option"),
    ({"maker": "Ann"}, "record-reference-invalid", "/maker", "不是有效的记录标识", "is not the id of a record"),
    ({"maker": NOBODY}, "record-reference-missing", "/maker", "不存在，或您无权使用", "does not exist or is not yours"),
    ({"maker": None}, "record-required", "/maker", "必须填写", "is required"),
    ({"lines": "none"}, "record-wrong-type", "/lines", "明细行的列表", "a list of rows"),
    ({"lines": None}, "record-wrong-type", "/lines", "明细行的列表", "a list of rows"),
    ({"id": "1"}, "record-wrong-type", "/id", "UUID", "UUID"),
    ({"revision": 0}, "record-wrong-type", "/revision", "整数", "a whole number"),
    ({"revision": "1"}, "record-wrong-type", "/revision", "整数", "a whole number"),
    ({"revision": True}, "record-wrong-type", "/revision", "整数", "a whole number"),
    ({"remark": "\ufb2c" * 34}, "record-text-too-long", "/remark", "最多 100 个字符", "at most 100 characters"),  # three each
    ({"lines": [5]}, "record-wrong-type", "/lines/0", "一个 JSON 对象", "a JSON object"),
    ({"a/b~c": 1}, "record-field-unknown", "/a~1b~0c", "没有字段“a/b~c”。", "There is no field a/b~c."),
    ({"remark": "forbidden"}, "record-rule-broken", "/remark", "That word is forbidden（中）", "That word is forbidden"),
]
WRONG_QUANTITIES: list[tuple[object, str, str, str]] = [
    ("many", "record-number-invalid", "不是有效数字", "is not a number"),
    (True, "record-number-invalid", "不是有效数字", "is not a number"),
    ("NaN", "record-number-invalid", "不是有效数字", "is not a number"),
    ("sNaN", "record-number-invalid", "不是有效数字", "is not a number"),
    ("Infinity", "record-number-invalid", "不是有效数字", "is not a number"),
    ({}, "record-number-invalid", "不是有效数字", "is not a number"),
    ("0", "record-number-too-small", "不能小于 0.001", "at least 0.001"),
    ("-1", "record-number-too-small", "不能小于 0.001", "at least 0.001"),
    ("1000000.001", "record-number-too-large", "不能大于 1000000", "at most 1000000"),
    ("1e999999", "record-number-too-large", "不能大于 1000000", "at most 1000000"),
    (10**40, "record-number-too-large", "不能大于 1000000", "at most 1000000"),
    (0.1234567890123456, "record-number-inexact", "以文本（加引号）发送", "send it as a string"),
    (None, "record-required", "必须填写", "is required"),
]


@pytest.mark.parametrize(("wrong", "code", "pointer", "zh", "en"), WRONG_VALUES)
async def test_wrong_value(
    shop: Shop, good: dict[str, Any], wrong: dict[str, object], code: str, pointer: str, zh: str, en: str
) -> None:
    await refused(shop, shop.manager, "POST", ORDERS, {**good, **wrong}, 422, "record-invalid", (code, pointer), zh=zh, en=en)


@pytest.mark.parametrize(("quantity", "code", "zh", "en"), WRONG_QUANTITIES)
async def test_wrong_number_in_a_row(
    shop: Shop, good: dict[str, Any], quantity: object, code: str, zh: str, en: str
) -> None:
    lines = [good["lines"][0], good["lines"][1], {**good["lines"][2], "quantity": quantity}]
    place = (code, "/lines/2/quantity")
    problem = await refused(
        shop, shop.manager, "POST", ORDERS, {**good, "lines": lines}, 422, "record-invalid", place, zh=zh, en=en
    )
    assert problem["errors"][0]["field"] == "lines[2].quantity"


@pytest.mark.parametrize(("row", "code", "pointer"), [
    ("x", "record-wrong-type", "/lines/1"),
    ({"quantity": "1"}, "record-required", "/lines/1/thing"),
    ({"thing": NOBODY, "quantity": "1"}, "record-reference-missing", "/lines/1/thing"),
    ({"amount": "1"}, "record-field-read-only", "/lines/1/amount"),
    ({"parent": NOBODY}, "record-field-unknown", "/lines/1/parent"),
    ({"position": 1}, "record-field-unknown", "/lines/1/position"),
    ({"note": "x" * 21}, "record-text-too-long", "/lines/1/note"),
    ({"id": "x"}, "record-wrong-type", "/lines/1/id"),
])  # fmt: skip
async def test_wrong_row(shop: Shop, good: dict[str, Any], row: object, code: str, pointer: str) -> None:
    body = {**good, "lines": [good["lines"][0], row if not isinstance(row, dict) or "quantity" in row else {**good["lines"][1], **row}]}
    await refused(shop, shop.manager, "POST", ORDERS, body, 422, "record-invalid", (code, pointer))


async def test_everything_wrong_is_told_at_once(shop: Shop, good: dict[str, Any]) -> None:
    wrong = {**good, "state": "lost", "contact": 1, "x": 1, "lines": [{**good["lines"][0], "quantity": "0", "note": 1}]}
    shapes = [("record-option-unknown", "/state"), ("record-wrong-type", "/contact"), ("record-field-unknown", "/x"),
              ("record-number-too-small", "/lines/0/quantity"), ("record-wrong-type", "/lines/0/note")]  # fmt: skip
    await refused(shop, shop.manager, "POST", ORDERS, wrong, 422, "record-invalid", *shapes)
    broken = {"remark": "forbidden", "maker": NOBODY, "lines": [{"quantity": None}]}
    meanings = [("record-rule-broken", "/remark"), ("record-reference-missing", "/maker"),
                ("record-required", "/lines/0/thing"), ("record-required", "/lines/0/quantity")]  # fmt: skip
    await refused(shop, shop.manager, "POST", ORDERS, broken, 422, "record-invalid", *meanings)


@pytest.mark.parametrize(("body", "status", "code", "place"), [
    (b"", 422, "record-invalid", ("record-not-json", "")),
    (b"{", 422, "record-invalid", ("record-not-json", "")),
    (b'{"contact": "\xff"}', 422, "record-invalid", ("record-not-json", "")),
    (b"[]", 422, "record-invalid", ("record-not-object", "")),
    (b"null", 422, "record-invalid", ("record-not-object", "")),
    (b'"x"', 422, "record-invalid", ("record-not-object", "")),
    (b'{"remark":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 422, "record-invalid", ("record-not-json", "")),
    (b'{"remark":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"}", 422, "record-invalid", ("record-not-json", "")),
    (b"[" * 190 + b"]" * 190, 422, "record-invalid", ("record-not-object", "")),
    (b'{"remark":"' + b"x" * 3_000_000 + b'"}', 413, "request-too-large", None),
    (b" " * 50_000_000, 413, "request-too-large", None),
], ids=lambda value: value[:12] if isinstance(value, bytes) else None)  # fmt: skip
async def test_body_that_is_no_record(shop: Shop, body: bytes, status: int, code: str, place: Place | None) -> None:
    await refused(shop, shop.manager, "POST", ORDERS, body, status, code, *([place] if place else []))


async def test_too_many_rows(shop: Shop, good: dict[str, Any]) -> None:
    many = {**good, "lines": good["lines"][:1] * 2001}
    place = ("record-too-many-lines", "/lines")
    await refused(shop, shop.manager, "POST", ORDERS, many, 422, "record-invalid", place, zh="最多 2000 行", en="at most 2000 rows")


async def test_wrong_values_change_nothing(shop: Shop) -> None:
    order = await shop.order()
    path = f"{ORDERS}/{order['id']}"
    for wrong, code, pointer in (
        ({"remark": "forbidden"}, "record-rule-broken", "/remark"),
        ({"maker": NOBODY}, "record-reference-missing", "/maker"),
        ({"maker": None}, "record-required", "/maker"),
        ({"colour": 1}, "record-field-unknown", "/colour"),
        ({"lines": [{**order["lines"][0], "quantity": "x"}]}, "record-field-read-only", "/lines/0/amount"),
        ({"lines": [{"id": order["lines"][1]["id"], "quantity": "0"}]}, "record-number-too-small", "/lines/0/quantity"),
        ({"lines": [{"id": order["lines"][1]["id"], "thing": None}]}, "record-required", "/lines/0/thing"),
    ):
        places = [(code, pointer)]
        if code == "record-field-read-only":
            places.append(("record-number-invalid", "/lines/0/quantity"))
        await refused(shop, shop.manager, "PATCH", path, {"revision": 1, **wrong}, 422, "record-invalid", *places)
    kept = (await shop.manager.get(path)).json()
    assert {key: kept[key] for key in order if key != "lines"} == {key: order[key] for key in order if key != "lines"}


async def test_rules_follow_references_and_totals(shop: Shop, good: dict[str, Any]) -> None:
    strict = await shop.create("maker", name="strict maker", limit="10")
    row = {**good["lines"][0], "price": "10", "quantity": "1"}
    order = await shop.create("order", maker=strict["id"], lines=[row])
    broken, above = ("record-rule-broken", "/total"), {"zh": "Above the limit（中）", "en": "Above the limit"}
    body = {"maker": strict["id"], "lines": [{**row, "price": "10.01"}]}
    await refused(shop, shop.manager, "POST", ORDERS, body, 422, "record-invalid", broken, **above)
    path = f"{ORDERS}/{order['id']}"
    more = {"lines": [{"id": order["lines"][0]["id"]}, {**row, "price": "0.01"}]}
    await refused(shop, shop.manager, "PATCH", path, more, 422, "record-invalid", broken, **above)
    assert (await shop.manager.ask("PATCH", path, {"maker": good["maker"], **more})).status_code == 200


async def test_what_may_be_referred_to(shop: Shop, good: dict[str, Any]) -> None:
    idle = await shop.create("maker", name="idle maker", active=False)
    unset = await shop.create("maker", name="maker who is neither", active=None)
    order = await shop.order()
    place = ("record-reference-refused", "/maker")
    for maker in (idle, unset):
        await refused(shop, shop.manager, "POST", ORDERS, {**good, "maker": maker["id"]}, 422, "record-invalid", place,
                      zh="不能选择这条记录", en="cannot be chosen")  # fmt: skip
    assert (await shop.manager.ask("PATCH", f"{RECORDS}/maker/{order['maker']}", {"active": False})).status_code == 200
    kept = await shop.manager.ask("PATCH", f"{ORDERS}/{order['id']}", {"maker": order["maker"], "remark": "still theirs"})
    assert kept.status_code == 200, kept.text
    trashed = await shop.create("maker", name="trashed maker")
    assert (await shop.manager.ask("DELETE", f"{RECORDS}/maker/{trashed['id']}")).status_code == 204
    missing = ("record-reference-missing", "/maker")
    await refused(shop, shop.manager, "POST", ORDERS, {**good, "maker": trashed["id"]}, 422, "record-invalid", missing)


async def test_unique_value(shop: Shop) -> None:
    one = await shop.create("maker", name="only one")
    two = await shop.create("maker", name="only two")
    place, words = ("record-not-unique", "/name"), {"zh": "的值已存在", "en": "already has this value"}
    await refused(shop, shop.manager, "POST", f"{RECORDS}/maker", {"name": " only one "}, 422, "record-invalid", place, **words)
    await refused(
        shop, shop.manager, "PATCH", f"{RECORDS}/maker/{two['id']}", {"name": "only one"}, 422, "record-invalid", place, **words
    )
    assert (await shop.manager.ask("DELETE", f"{RECORDS}/maker/{one['id']}")).status_code == 204
    assert (await shop.manager.ask("PATCH", f"{RECORDS}/maker/{two['id']}", {"name": "only one"})).status_code == 200


async def test_the_record_in_the_address_is_the_one_meant(shop: Shop) -> None:
    one, two = await shop.order(), await shop.order()
    path, words = f"{ORDERS}/{one['id']}", {"zh": "不是地址中那条记录", "en": "not that of the record in the address"}
    body = {"id": two["id"], "remark": "which of them?"}
    await refused(shop, shop.manager, "PATCH", path, body, 422, "record-invalid", ("record-id-differs", "/id"), **words)
    assert (await shop.manager.ask("PATCH", path, {"id": one["id"], "remark": "this one"})).status_code == 200


@pytest.mark.parametrize(("method", "shape", "allowed"), [
    ("PUT", f"{ORDERS}/{NOBODY}", "DELETE, GET, PATCH"), ("DELETE", ORDERS, "GET, POST"), ("GET", f"{ORDERS}/preview", "POST"),
])  # fmt: skip
async def test_wrong_method_names_the_right_ones(shop: Shop, method: str, shape: str, allowed: str) -> None:
    answer = await shop.manager.ask(method, shape)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


async def test_stale_revision(shop: Shop) -> None:
    order = await shop.order()
    path = f"{ORDERS}/{order['id']}"
    changed = await shop.manager.ask("PATCH", path, {"revision": 1, "remark": "first"})
    assert changed.json()["revision"] == 2
    words = {"zh": "现为第 2 版，您的是第 1 版", "en": "revision 2 now, yours is 1"}
    late = {"revision": 1, "remark": "second"}
    clash = ("record-field-changed", "/remark")
    await refused(shop, shop.manager, "PATCH", path, late, 409, "record-revision-conflict", clash, zh="已被manager改成", en="by manager")
    await refused(shop, shop.manager, "DELETE", f"{path}?revision=1", None, 409, "record-revision-conflict", **words)
    assert (await shop.manager.get(path)).json()["remark"] == "first"
    assert (await shop.manager.ask("PATCH", path, {"remark": "whatever is there"})).json()["revision"] == 3
    assert (await shop.manager.ask("DELETE", f"{path}?revision=3")).status_code == 204
    await refused(shop, shop.manager, "PATCH", path, {"remark": "x"}, 404, "record-not-found")


@pytest.mark.parametrize(("method", "path", "status", "code"), [
    ("GET", f"{RECORDS}/nothing", 404, "record-entity-not-found"),
    ("POST", f"{RECORDS}/nothing", 404, "record-entity-not-found"),
    ("POST", f"{RECORDS}/order.lines", 404, "record-entity-not-found"),
    ("PATCH", f"{RECORDS}/order.lines/{NOBODY}", 404, "record-entity-not-found"),
    ("DELETE", f"{RECORDS}/order.lines/{NOBODY}", 404, "record-entity-not-found"),
    ("GET", f"{ORDERS}/{NOBODY}", 404, "record-not-found"),
    ("GET", f"{ORDERS}/1", 404, "record-not-found"),
    ("GET", f"{ORDERS}/%F0%9F%90%8E", 404, "record-not-found"),
    ("PATCH", f"{ORDERS}/{NOBODY}", 404, "record-not-found"),
    ("DELETE", f"{ORDERS}/{NOBODY}", 404, "record-not-found"),
    ("DELETE", f"{ORDERS}/{NOBODY}?revision=0", 400, "request-query-invalid"),
    ("DELETE", f"{ORDERS}/{NOBODY}?force=1", 400, "request-query-invalid"),
    ("PUT", f"{ORDERS}/{NOBODY}", 405, "request-method-not-allowed"),
    ("DELETE", ORDERS, 405, "request-method-not-allowed"),
    ("GET", f"{ORDERS}/{NOBODY}/lines", 404, "request-address-unknown"),
    ("GET", "/api/apps/nothing/records/order", 404, "app-not-found"),
    ("POST", "/api/apps/nothing/records/order", 404, "app-not-found"),
    ("GET", "/api/apps/%22/records/order", 404, "app-not-found"),
])  # fmt: skip
async def test_address(shop: Shop, method: str, path: str, status: int, code: str) -> None:
    body: object = {} if method in ("POST", "PATCH", "PUT") else None
    places = [("request-parameter-invalid", "revision")] if "revision=0" in path else []
    places += [("request-parameter-unknown", "force")] if "force" in path else []
    await refused(shop, shop.manager, method, path, body, status, code, *places)
