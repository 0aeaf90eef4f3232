"""Lists as files: the records, order and fields of the list, for people; formulas made harmless; empty files to fill."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from tests.api.browser import problem_of
from tests.sheets import RECORDS, cells, create, install
from tests.workshop import Shop, Template, open_shop

at = partial(datetime, tzinfo=None)
CHINESE = {"accept_language": "zh-CN"}


@pytest.fixture(scope="module")
async def shop(shop_dsn: str, template: Template) -> AsyncIterator[Shop]:
    """Return a site with the store and some goods in it."""
    async with open_shop(shop_dsn, template) as opened:
        await install(opened.admin)
        supplier = await create(opened.admin, "supplier", name="东方", code="E")
        await create(
            opened.admin, "goods", code="A1", name="茶", price="1234.5", stock="2", made_on="2026-01-31", seen_at="2026-01-31T16:30:00Z",
            fresh=True, grade="a", supplier=supplier["id"],
        )  # fmt: skip
        await create(opened.admin, "goods", code="A2", name="=1+1", price="-0", stock="12345678901234567.125", made_on="1899-12-31", fresh=False)
        await create(opened.admin, "goods", code="@3", name="-cmd", remark="two\nlines, \"quoted\"")
        yield opened


def rows_of(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV file, which Excel must recognize as UTF-8."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def test_a_sheet_has_what_people_see(shop: Shop) -> None:
    answer = await shop.admin.get(f"{RECORDS}/goods/export?sort=code&format=xlsx", **CHINESE)
    assert answer.status_code == 200
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert answer.headers["content-disposition"].startswith('attachment; filename="goods.xlsx"; filename*=UTF-8\'\'goods%EF')
    found = cells(answer.content)
    assert found[0] == ["编码", "品名", "单价", "库存", "生产日期", "盘点时间", "鲜活", "等级", "供应商", "说明", "金额"]
    tea: list[Any] = ["A1", "茶", 1234.5, 2, at(2026, 1, 31), at(2026, 2, 1, 0, 30), "是", "一级", "东方", None, 2469]
    assert found[2] == tea
    # More digits than a spreadsheet can keep, and days before its calendar, are texts: nothing is lost. A formula is a text too.
    assert found[3][1:5] == ["=1+1", 0, "12345678901234567.125", "1899-12-31"]


async def test_the_file_holds_the_list_asked_for(shop: Shop) -> None:
    answer = await shop.admin.get(f"{RECORDS}/goods/export?format=csv&language=en&sort=-code&fields=code,supplier.code,name&filter=stock>1")
    assert answer.status_code == 200
    assert rows_of(answer.content) == [["Code", "Supplier / Code", "Name"], ["A2", "", "'=1+1"], ["A1", "E", "茶"]]
    searched = await shop.admin.get(f"{RECORDS}/goods/export?format=csv&fields=code&search=茶")
    assert [row[0] for row in rows_of(searched.content)[1:]] == ["A1"]
    empty = await shop.admin.get(f"{RECORDS}/goods/export?format=csv&fields=code&filter=FALSE&language=zh-CN")
    assert rows_of(empty.content) == [["编码"]]


async def test_texts_that_would_run_as_formulas_are_made_harmless(shop: Shop) -> None:
    answer = await shop.admin.get(f"{RECORDS}/goods/export?format=csv&fields=code,name,price,remark&sort=code")
    assert [row[:2] for row in rows_of(answer.content)[1:]] == [["'@3", "'-cmd"], ["A1", "茶"], ["A2", "'=1+1"]]
    assert rows_of(answer.content)[1][3] == 'two\nlines, "quoted"'


async def test_only_what_may_be_read_is_written(shop: Shop) -> None:
    problem_of(await shop.guest.get(f"{RECORDS}/goods/export"), 404, "app-not-found")
    assert (await shop.admin.get(f"{RECORDS}/goods/export?format=csv")).status_code == 200
    person = (await shop.admin.get("/api/apps/organization/records/user?filter=name=\"worker\"")).json()["records"][0]
    full = (await shop.admin.get(f"/api/apps/organization/records/user/{person['id']}")).json()
    role = (await shop.admin.get('/api/apps/organization/records/role?filter=key="store.worker"')).json()["records"][0]
    roles = [*({"id": row["id"], "role": row["role"]} for row in full["roles"]), {"role": role["id"]}]
    changed = await shop.admin.ask("PATCH", f"/api/apps/organization/records/user/{person['id']}", {"roles": roles})
    assert changed.status_code == 200, changed.text
    await create(shop.worker, "goods", code="W1", name="own")
    answer = await shop.worker.get(f"{RECORDS}/goods/export?format=csv&fields=code&language=en")
    assert rows_of(answer.content) == [["Code"], ["W1"]]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("format=pdf", "format"),
        ("language=fr", "language"),
        ("limit=5", "limit"),
        ("fields=nothing", "fields"),
        ("filter=stock>", "filter"),
        ("sort=nothing", "sort"),
        ("x=1", "x"),
    ],
    ids=["format", "language", "page", "field", "filter", "sort", "unknown"],
)
async def test_what_is_wrong_is_told_before_the_file_begins(shop: Shop, query: str, parameter: str) -> None:
    answer = await shop.admin.get(f"{RECORDS}/goods/export?{query}")
    assert answer.status_code == 400
    assert {error["parameter"] for error in answer.json()["errors"]} == {parameter}


async def test_a_template_has_every_field_to_fill(shop: Shop) -> None:
    answer = await shop.admin.get(f"{RECORDS}/order/template?language=zh-CN")
    assert cells(answer.content) == [["单号*", "供应商*", "明细 / 商品*", "明细 / 数量*"]]
    goods = await shop.admin.get(f"{RECORDS}/goods/template?language=en")
    assert cells(goods.content)[0] == ["Code*", "Name*", "Price", "Stock", "Made on", "Seen at", "Fresh", "Grade", "Supplier", "Remark"]
    assert [list(row) for row in cells(goods.content, "options")] == [["Yes", "First"], ["No", "Second"]]
