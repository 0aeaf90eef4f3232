"""A small app whose records come from spreadsheets and go into them, and what tests do with its files."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from tests.api.browser import Browser
from tests.workshop import ALL, Document, element, entity, package

RECORDS = "/api/apps/store/records"
IMPORTS = "/api/apps/store/imports"


def named(zh: str, en: str) -> Document:
    """Return a label."""
    return {"zh-CN": zh, "en": en}


def called(field: Document, zh: str, en: str) -> Document:
    """Return a field with another label."""
    return {**field, "name": named(zh, en)}


def store() -> Document:
    """Return the app: suppliers, goods that point to them, and orders with lines."""
    supplier = entity(
        "supplier", "name",
        called(element("name", "text", required=True, max_length=40), "名称", "Name"),
        called(element("code", "text", unique=True, indexed=True), "编码", "Code"),
        called(element("secret_note", "text"), "备注", "Note"),
    )  # fmt: skip
    goods = entity(
        "goods", "name",
        called(element("code", "text", required=True, unique=True, max_length=20), "编码", "Code"),
        called(element("name", "text", required=True, max_length=40), "品名", "Name"),
        called(element("price", "money", min_="0"), "单价", "Price"),
        called(element("stock", "number", scale=3), "库存", "Stock"),
        called(element("made_on", "date"), "生产日期", "Made on"),
        called(element("seen_at", "datetime"), "盘点时间", "Seen at"),
        called(element("fresh", "boolean"), "鲜活", "Fresh"),
        called(element("grade", "choice", options=[
            {"key": "a", "name": named("一级", "First")}, {"key": "b", "name": named("二级", "Second")},
        ]), "等级", "Grade"),
        called(element("supplier", "reference", to="supplier"), "供应商", "Supplier"),
        called(element("remark", "long_text", max_length=200), "说明", "Remark"),
        called(element("worth", "money", formula="price * stock"), "金额", "Worth"),
        rules=[{"key": "not_free", "check": "ISBLANK(price) OR price <> 13", "at": "price", "message": named("不可为 13", "Never 13")}],
    )  # fmt: skip
    order = entity(
        "order", "number",
        called(element("number", "text", required=True, unique=True), "单号", "Number"),
        called(element("supplier", "reference", to="supplier", required=True), "供应商", "Supplier"),
        called(element("lines", "lines", fields=[
            called(element("goods", "reference", to="goods", required=True), "商品", "Goods"),
            called(element("quantity", "number", scale=2, required=True), "数量", "Quantity"),
        ]), "明细", "Lines"),
    )  # fmt: skip
    lot = entity(
        "lot", "mark",
        called(element("mark", "text", required=True, unique=True), "批号", "Lot"),
        called(element("serial", "sequence", pattern="L-{0000}", mode="fast"), "流水号", "Serial"),
        called(element("grams", "number", scale=0), "克重", "Grams"),
        called(element("rows", "lines", fields=[called(element("crate", "text", required=True), "箱", "Crate")]), "箱子", "Crates"),
        rules=[
            {"key": "light", "check": "ISBLANK(grams) OR grams > 9", "at": "grams", "severity": "warning", "message": named("偏轻", "Rather light")},
            {"key": "heavy", "check": "ISBLANK(grams) OR grams < 99", "at": "grams", "message": named("太重", "Too heavy")},
        ],
    )  # fmt: skip
    document = package("store", supplier, goods, order, lot)
    document["roles"].append({"key": "worker", "name": named("员工", "Worker")})
    document["policies"] += [
        {"key": f"worker_{kind}", "role": "worker", "entity": kind, "actions": actions, "rows": "own"}
        for kind, actions in (("goods", ALL), ("supplier", ["read"]))
    ]
    return document


async def install(admin: Browser) -> None:
    """Install the app; the administrator may do everything in it."""
    answer = await admin.post("/api/apps", {"package": store(), "demo": False})
    assert answer.status_code == 201, answer.text


async def create(browser: Browser, kind: str, **values: object) -> Document:
    """Return a new record."""
    answer = await browser.post(f"{RECORDS}/{kind}", values)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def cells(content: bytes, sheet: str | int = 0) -> list[list[Any]]:
    """Return the cells of a file as Excel would show them."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = book.worksheets[sheet] if isinstance(sheet, int) else book[sheet]
    return [list(row) for row in found.iter_rows(values_only=True)]


def xlsx(*rows: list[Any], **sheets: list[list[Any]]) -> bytes:
    """Return a file with these rows on its first sheet, and others by name."""
    book = openpyxl.Workbook()
    first = book.active
    for row in rows:
        first.append(row)
    for name, listed in sheets.items():
        other = book.create_sheet(name)
        for row in listed:
            other.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def upload(browser: Browser, content: bytes, name: str = "goods.xlsx", entity: str = "") -> Document:
    """Upload a file and return the import once it has been read."""
    answer = await browser.client.request(
        "POST", f"{IMPORTS}?name={name}&entity={entity}", content=content, headers={**browser.headers, "x-csrf-token": browser.csrf_token}
    )
    assert answer.status_code == 202, answer.text
    return await settled(browser, answer.json()["id"])


async def settled(browser: Browser, import_id: str) -> Document:
    """Return an import once no job works on it."""
    while True:
        answer = await browser.get(f"{IMPORTS}/{import_id}?wait=30")
        assert answer.status_code == 200, answer.text
        if answer.json()["state"] not in ("reading", "checking", "writing"):
            return dict(answer.json())


async def change(browser: Browser, made: Document, **mapping: object) -> Document:
    """Say what a sheet means."""
    answer = await browser.ask("PATCH", f"{IMPORTS}/{made['id']}", mapping)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def act(browser: Browser, made: Document, what: str, **headers: str) -> Document:
    """Check or run an import and return what came of it."""
    answer = await browser.post(f"{IMPORTS}/{made['id']}/{what}", **headers)
    assert answer.status_code == 202, answer.text
    return await settled(browser, made["id"])


async def issues(browser: Browser, made: Document) -> list[tuple[str, str]]:
    """Return the errors of a check: cells with their codes."""
    answer = await browser.get(f"{IMPORTS}/{made['id']}/issues")
    assert answer.status_code == 200, answer.text
    return [(one["cell"], one["code"]) for one in answer.json()["issues"]]
