"""Imports: a file is read, its columns guessed, the whole of it checked before anything is written, then written in one change set."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from functools import partial

import pytest

from tests.api.browser import problem_of
from tests.sheets import IMPORTS, RECORDS, act, cells, change, create, install, issues, upload, xlsx
from tests.workshop import Document, Shop, Template, open_shop

at = partial(datetime, tzinfo=None)
HEADERS = ["编码", "品名", "单价", "库存", "生产日期", "盘点时间", "鲜活", "等级", "供应商", "说明"]


@pytest.fixture(scope="module")
async def shop(shop_dsn: str, template: Template) -> AsyncIterator[Shop]:
    """Return a site with the store and two suppliers."""
    async with open_shop(shop_dsn, template) as opened:
        await install(opened.admin)
        await create(opened.admin, "supplier", name="东方", code="E")
        await create(opened.admin, "supplier", name="西山", code="W")
        await create(opened.admin, "supplier", name="西山", code="W2")
        yield opened


async def goods(shop: Shop, condition: str) -> list[Document]:
    """Return goods that meet a condition, by code."""
    answer = await shop.admin.get(f"{RECORDS}/goods?sort=code&limit=200&filter={condition}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["records"])


async def test_a_sheet_becomes_records(shop: Shop) -> None:
    content = xlsx(
        HEADERS,
        ["A1", "茶", 12.5, 3, date(2026, 1, 31), at(2026, 1, 31, 8, 30), "是", "一级", "东方", "first"],
        ["A2", "米", "￥1,234.50", "１２", "2026年2月3日", "2026/2/3 8:05", False, "b", "E", None],
    )
    made = await upload(shop.admin, content)
    assert made["state"] == "mapping", made
    assert made["mapping"]["entity"] == "goods" and made["mapping"]["header_row"] == 1 and made["mapping"]["by"] == ["code"]
    found = {one["field"]: one["column"] for one in made["mapping"]["columns"]}
    assert list(found) == ["code", "name", "price", "stock", "made_on", "seen_at", "fresh", "grade", "supplier", "remark"]
    assert made["columns"][2]["samples"] == ["12.5", "￥1,234.50"]
    checked = await act(shop.admin, made, "check")
    assert await issues(shop.admin, checked) == [("I3", "import-reference-missing")]
    refused = await shop.admin.post(f"{IMPORTS}/{made['id']}/run")
    problem_of(refused, 409, "import-has-errors")
    assert await goods(shop, 'STARTSWITH(code, "A")') == []

    columns = [{**one, "match": "code" if one["field"] == "supplier" else ""} for one in made["mapping"]["columns"]]
    made = await change(shop.admin, made, columns=columns, errors="skip")
    checked = await act(shop.admin, made, "check")
    assert await issues(shop.admin, checked) == [("I2", "import-reference-missing")]
    done = await act(shop.admin, checked, "run")
    assert (done["state"], done["written"]) == ("done", 1)
    rice = (await goods(shop, 'STARTSWITH(code, "A")'))[0]
    assert {key: rice[key] for key in ("code", "name", "price", "stock", "made_on", "seen_at", "fresh", "grade", "supplier__title", "worth")} == {
        "code": "A2", "name": "米", "price": "1234.5", "stock": "12", "made_on": "2026-02-03", "seen_at": rice["seen_at"], "fresh": False,
        "grade": "b", "supplier__title": "东方", "worth": "14814",
    }  # fmt: skip
    assert datetime.fromisoformat(rice["seen_at"]) == datetime.fromisoformat("2026-02-03T08:05:00+08:00")
    history = await shop.database.fetchrow("SELECT channel, change_set::text FROM dougong.history WHERE entity = 'goods' AND record_id = $1", rice["id"])
    assert history is not None and tuple(history) == ("import", done["change_set"])


async def test_every_wrong_cell_is_told_and_nothing_is_written(shop: Shop) -> None:
    content = xlsx(
        ["编码", "品名", "单价", "库存", "生产日期", "鲜活", "等级", "说明"],
        ["E1", "x" * 41, -1, "many", "31/01/2026", "maybe", "三级", "y" * 201],
        [None, None, 1, 1, 46053, True, "first", 5],
        ["E3", "ok", "1.234,50", 1, 20260131, 1, None, None],
        ["E1", "twice", None, None, None, None, None, None],
        ["E5", "by a rule", 13, None, None, None, None, None],
    )
    made = await upload(shop.admin, content, entity="goods")
    checked = await act(shop.admin, made, "check")
    assert await issues(shop.admin, checked) == [
        ("B2", "record-text-too-long"), ("C2", "record-number-too-small"), ("D2", "record-number-invalid"), ("E2", "record-date-invalid"),
        ("F2", "record-wrong-type"), ("G2", "record-option-unknown"), ("H2", "record-text-too-long"),
        ("A3", "import-cell-required"), ("B3", "import-cell-required"), ("C4", "record-number-invalid"), ("A5", "import-row-twice"),
        ("C6", "record-rule-broken"),
    ]  # fmt: skip
    assert checked["counts"] == {"rows": 5, "records": 5, "there": 0, "wrong": 5, "errors": 12, "warnings": 0}
    assert await goods(shop, 'STARTSWITH(code, "E")') == []
    # The orders of days and the signs of fractions are a choice.
    again = await change(shop.admin, checked, dates="dmy", decimal=",")
    told = await issues(shop.admin, await act(shop.admin, again, "check"))
    assert ("E2", "record-date-invalid") not in told and ("C4", "record-number-invalid") not in told
    english = (await shop.admin.get(f"{IMPORTS}/{made['id']}/issues?column=7")).json()["issues"]
    assert [one["message"]["en"] for one in english] == ["Remark may have at most 200 characters."]
    marked = await shop.admin.get(f"{IMPORTS}/{made['id']}/issues.xlsx", accept_language="zh-CN")
    rows = cells(marked.content)
    assert rows[0][-1] == "错误" and rows[0][0] == "编码" and rows[1][0] == "E1" and "B2: " in rows[1][-1] and rows[3][-1] is None


async def test_records_are_changed_by_their_keys(shop: Shop) -> None:
    for code in ("U1", "U2"):
        await create(shop.admin, "goods", code=code, name=code, price="1", remark="kept")
    sheet = xlsx(["编码", "品名", "单价", "说明"], ["U1", "one", 2, None], ["U9", "nine", 3, "new"])
    made = await change(shop.admin, await upload(shop.admin, sheet, entity="goods"), mode="update", by=["code"])
    checked = await act(shop.admin, made, "check")
    assert await issues(shop.admin, checked) == [("A3", "import-record-missing")]
    made = await change(shop.admin, checked, mode="upsert")
    checked = await act(shop.admin, made, "check")
    assert (checked["counts"]["errors"], checked["counts"]["there"], checked["counts"]["records"]) == (0, 1, 2)
    done = await act(shop.admin, checked, "run")
    assert (done["state"], done["written"]) == ("done", 2)
    found = {one["code"]: (one["name"], one["price"], one["remark"]) for one in await goods(shop, 'STARTSWITH(code, "U")')}
    assert found == {"U1": ("one", "2", "kept"), "U2": ("U2", "1", "kept"), "U9": ("nine", "3", "new")}
    emptied = await change(shop.admin, await upload(shop.admin, sheet, entity="goods"), mode="update", by=["code"], blanks="empty")
    done = await act(shop.admin, await act(shop.admin, emptied, "check"), "run")
    assert done["state"] == "done" and [one["remark"] for one in await goods(shop, 'code = "U1"')] == [None]
    created = await change(shop.admin, await upload(shop.admin, sheet, entity="goods"), mode="create")
    checked = await act(shop.admin, created, "check")
    assert await issues(shop.admin, checked) == [("A2", "import-record-exists"), ("A3", "import-record-exists")]


async def test_rows_with_one_key_are_one_record_with_lines(shop: Shop) -> None:
    for code in ("L1", "L2"):
        await create(shop.admin, "goods", code=code, name=code)
    sheet = xlsx(
        ["单号", "供应商", "明细 / 商品", "数量"],
        ["O1", "东方", "L1", 1],
        ["O1", None, "L2", 2.5],
        [None, None, "L1", "4"],
        ["O2", "东方", "L1", 1],
        ["O2", "其他", "L1", None],
    )
    made = await upload(shop.admin, sheet)
    assert (made["mapping"]["entity"], made["mapping"]["by"]) == ("order", ["number"])
    assert [one["field"] for one in made["mapping"]["columns"]] == ["number", "supplier", "lines.goods", "lines.quantity"]
    checked = await act(shop.admin, made, "check")
    assert await issues(shop.admin, checked) == [("B6", "import-reference-missing"), ("B6", "import-row-differs"), ("D6", "import-cell-required")]
    done = await act(shop.admin, await act(shop.admin, await change(shop.admin, checked, errors="skip"), "check"), "run")
    assert (done["state"], done["written"], done["counts"]["records"]) == ("done", 1, 2)
    orders = (await shop.admin.get(f"{RECORDS}/order?filter=number=\"O1\"")).json()["records"]
    lines = (await shop.admin.get(f"{RECORDS}/order/{orders[0]['id']}")).json()["lines"]
    assert [(line["goods__title"], line["quantity"]) for line in lines] == [("L1", "1"), ("L2", "2.5"), ("L1", "4")]


async def test_a_mapping_is_looked_over(shop: Shop) -> None:
    made = await upload(shop.admin, xlsx(["品名", "品名", "x"], ["a", "b", "c"]), entity="goods")
    assert [one["field"] for one in made["mapping"]["columns"]] == ["name", "", ""]
    told = {(one["pointer"], one["code"]) for one in made["mapping_issues"]}
    assert told == {("/columns", "import-mapping-required")}
    columns = [
        {"column": 0, "field": "name"}, {"column": 1, "field": "name"}, {"column": 9, "field": "code"}, {"column": 2, "field": "worth"},
        {"column": 2, "field": "supplier", "match": "nothing"},
    ]  # fmt: skip
    made = await change(shop.admin, made, columns=columns, mode="upsert", by=["name"], header_row=99)
    codes = {one["code"] for one in made["mapping_issues"]}
    assert codes == {
        "import-mapping-field-twice", "import-mapping-column-unknown", "import-mapping-field-unknown", "import-mapping-match-unknown",
        "import-mapping-by-missing", "import-mapping-header",
    }  # fmt: skip
    refused = await shop.admin.post(f"{IMPORTS}/{made['id']}/check")
    assert problem_of(refused, 422, "request-invalid")["errors"]
    by_name = await change(shop.admin, made, columns=[{"column": 0, "field": "name"}, {"column": 1, "field": "code"}], header_row=1)
    assert [one["code"] for one in by_name["mapping_issues"]] == ["import-mapping-by-not-unique"]
    no_by = await change(shop.admin, made, by=[])
    assert [one["code"] for one in no_by["mapping_issues"]] == ["import-mapping-by-missing"]
    empty = await change(shop.admin, made, columns=[])
    assert [one["code"] for one in empty["mapping_issues"]] == ["import-mapping-empty"]
    sheet = await shop.admin.ask("PATCH", f"{IMPORTS}/{made['id']}", {"sheet": "none"})
    assert problem_of(sheet, 422, "request-invalid")["errors"][0]["code"] == "import-mapping-sheet"


async def test_another_sheet_of_the_file_can_be_read(shop: Shop) -> None:
    content = xlsx(["nothing"], ["here"], goods=[["2026"], [], ["Code", "Name"], ["S1", "second sheet"]])
    made = await upload(shop.admin, content, entity="goods")
    assert made["sheets"] == ["Sheet", "goods"]
    await change(shop.admin, made, sheet="goods")
    made = (await shop.admin.get(f"{IMPORTS}/{made['id']}?wait=30")).json()
    assert (made["mapping"]["sheet"], made["mapping"]["header_row"], made["rows"]) == ("goods", 3, 3)
    done = await act(shop.admin, await act(shop.admin, made, "check"), "run")
    assert done["written"] == 1


async def test_an_import_is_its_owners_alone(shop: Shop) -> None:
    made = await upload(shop.admin, xlsx(["编码", "品名"], ["P1", "p"]), entity="goods")
    for what in ("", "/issues"):
        problem_of(await shop.manager.get(f"{IMPORTS}/{made['id']}{what}"), 404, "import-not-found")
    problem_of(await shop.guest.get(IMPORTS), 404, "app-not-found")
    listed = (await shop.admin.get(IMPORTS)).json()["imports"]
    assert listed[0]["id"] == made["id"] and listed[0]["entity"] == "goods"
    problem_of(await shop.admin.post(f"{IMPORTS}/{made['id']}/run"), 409, "import-not-now")
    cancelled = await act(shop.admin, made, "cancel")
    assert cancelled["state"] == "cancelled"
    assert (await shop.admin.ask("DELETE", f"{IMPORTS}/{made['id']}")).status_code == 204
    problem_of(await shop.admin.get(f"{IMPORTS}/{made['id']}"), 404, "import-not-found")
    staged = await shop.database.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'dougong_staging' AND tablename LIKE $1", f"%{made['id'].replace('-', '')}")
    assert staged == 0


async def test_what_rules_warn_of_is_confirmed_once_and_a_check_takes_no_numbers(shop: Shop) -> None:
    sheet = xlsx(["批号", "克重", "箱子 / 箱"], ["G1", 5, "c1"], [None, None, "c2"], ["G2", 50, "c3"], ["G3", 6, "c4"], ["G4", 500, "c5"])
    made = await change(shop.admin, await upload(shop.admin, sheet, entity="lot"), errors="skip")
    checked = await act(shop.admin, made, "check")
    checked = await act(shop.admin, checked, "check")
    counts = {key: checked["counts"][key] for key in ("records", "wrong", "errors", "warnings")}
    assert counts == {"records": 4, "wrong": 1, "errors": 1, "warnings": 2}
    assert await issues(shop.admin, checked) == [("B2", "record-warning"), ("B5", "record-warning"), ("B6", "record-rule-broken")]
    of = {severity: (await shop.admin.get(f"{IMPORTS}/{made['id']}/issues?severity={severity}")).json()["issues"] for severity in ("warning", "error")}
    assert [(one["cell"], one["severity"], one["message"]["en"]) for one in of["warning"]] == [("B2", "warning", "Rather light"), ("B5", "warning", "Rather light")]
    assert [one["cell"] for one in of["error"]] == ["B6"]
    marked = cells((await shop.admin.get(f"{IMPORTS}/{made['id']}/issues.xlsx", accept_language="en")).content)
    assert marked[1][-1] == "B2: Warning: Rather light" and marked[5][-1] == "B6: Too heavy"
    problem_of(await shop.admin.post(f"{IMPORTS}/{made['id']}/run"), 409, "import-unconfirmed")
    assert (await shop.admin.get(f"{RECORDS}/lot")).json()["records"] == []
    done = await act(shop.admin, checked, "run", x_confirm_warnings="true")
    assert (done["state"], done["written"]) == ("done", 3)
    found = (await shop.admin.get(f"{RECORDS}/lot?sort=serial")).json()["records"]
    assert [(one["mark"], one["serial"]) for one in found] == [("G1", "L-0001"), ("G2", "L-0002"), ("G3", "L-0003")]
