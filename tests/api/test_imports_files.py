"""Files that lie, and files of all writers: what cannot be taken is refused early and named; what is read, is read the same both ways."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from datetime import date, datetime, time
from functools import partial
from os import environ, pathsep
from pathlib import Path
from typing import Any

import openpyxl
import orjson
import pytest
import xlsxwriter

from tests.api.browser import problem_of
from tests.sheets import IMPORTS, act, change, create, install, issues, settled, upload, xlsx
from tests.workshop import Shop, Template, open_shop

at = partial(datetime, tzinfo=None)
ENVIRONMENT = {**environ, "PYTHONPATH": pathsep.join(sys.path)}
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture(scope="module")
async def shop(shop_dsn: str, template: Template) -> AsyncIterator[Shop]:
    """Return a site with the store, where imports may have few rows and little memory."""
    limits = {"DOUGONG_IMPORT_ROWS": "1000", "DOUGONG_IMPORT_MB": "2"}
    async with open_shop(shop_dsn, template, **limits) as opened:
        await install(opened.admin)
        yield opened


def written_by_hand(rows: str, dimension: str = "A1:C9", styles: str = "", book: str = "") -> bytes:
    """Return a file as other programs write it: inline strings, styles by default, what the XML of the sheet says as it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        package = f'<Relationship Id="rId1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}">{package}</Relationships>')
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{book}<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        relation = f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}">{relation}</Relationships>')
        if styles:
            archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')
        archive.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>')
    return out.getvalue()


def row(number: int, *cells: str) -> str:
    """Return a row of inline strings."""
    letters = "ABCDEFGH"
    inside = "".join(f'<c r="{letters[n]}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for n, cell in enumerate(cells))
    return f'<row r="{number}">{inside}</row>'


def by_excel_writer() -> bytes:
    """Return a file with everything cells can be."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("货品")
    sheet.write_row(2, 1, ["编码", "品名", "单价"])
    sheet.write_row(3, 1, ["X1", "a & b <c>", 0.1 + 0.2])
    sheet.write_datetime(4, 1, at(2026, 1, 31), book.add_format({"num_format": "yyyy/m/d"}))
    sheet.write_datetime(4, 2, at(2026, 1, 31, 8, 30), book.add_format({"num_format": 'yyyy"年"m"月"d"日" hh:mm'}))
    sheet.write_datetime(4, 3, time(10, 30), book.add_format({"num_format": "h:mm"}))
    sheet.write_number(5, 1, 1.25, book.add_format({"num_format": "[h]:mm"}))
    sheet.write_number(5, 2, 12, book.add_format({"num_format": '0.00" days"'}))
    sheet.write_boolean(5, 3, True)
    sheet.write_formula(6, 1, "=1/0", None, "#DIV/0!")
    sheet.write_formula(6, 2, '="x"&"y"', None, "xy")
    sheet.write_formula(6, 3, "=B4", None, "")
    sheet.merge_range(7, 1, 8, 2, "merged")
    sheet.write_rich_string(9, 1, "rich ", book.add_format({"bold": True}), "text")
    sheet.write_string(9, 2, "  two\nlines ")
    book.close()
    return out.getvalue()


def by_openpyxl() -> bytes:
    """Return a file of another writer, with dates counted from 1904 and a formula nobody has computed."""
    book = openpyxl.Workbook()
    book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001 – a sheet knows no time zones
    book.active.append(["编码", date(2026, 1, 31), at(2026, 1, 31, 8, 30), "=1+1", None, True])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


BY_HAND = written_by_hand(
    row(1, "code", "name") + '<row r="2"><c t="str" r="A2"><v>a&amp;b</v></c><c r="B2" s="1"><v>46053</v></c><c r="C2" t="b"><v>1</v></c></row>'
    + '<row r="4"><c r="B4" t="e"><v>#N/A</v></c><c r="C4"><f>A1</f></c></row>',
    styles='<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>',
)  # fmt: skip


@pytest.mark.parametrize("content", [by_excel_writer(), by_openpyxl(), BY_HAND], ids=["excel-writer", "openpyxl", "by-hand"])
def test_large_and_small_sheets_are_read_alike(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(content)
    held, streamed = (_read(path, held_bytes) for held_bytes in (10**9, 0))
    assert held == streamed
    assert len(held) > 1


def _read(path: Path, held_bytes: int) -> list[Any]:
    command = [sys.executable, "-m", "dougong.sheets.read_sheet", str(path), "", "1000", "1000", "60", str(held_bytes)]
    out = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=True).stdout.splitlines()
    return [orjson.loads(line.partition(b"\t")[2].replace(b"\\\\", b"\\") or line) for line in out]


def test_cells_are_what_they_show(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(by_excel_writer())
    said, *rows = _read(path, 0)
    assert said["sheets"] == ["货品"] and said["merged"] == [[8, 1, 9, 2]]
    assert rows == [
        [None, "编码", "品名", "单价"],
        [None, "X1", "a & b <c>", 0.3],
        [None, {"d": "2026-01-31"}, {"t": "2026-01-31T08:30:00"}, {"h": "10:30:00"}],
        [None, {"p": 108000.0}, 12.0, True],
        [None, {"e": "#DIV/0!"}, "xy", {"f": "="}],
        [None, "merged"],
        [None, "rich text", "  two\nlines "],
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import-file-empty"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "import-file-unreadable"),
        (b"PK\x03\x04 not a zip", "import-file-unreadable"),
        (by_excel_writer()[:2000], "import-file-unreadable"),
        (b"\xff\xff,\x81\n", "import-file-unreadable"),
        (xlsx(), "import-file-empty"),
        (b" \n , \n", "import-file-empty"),
        (written_by_hand(row(1, "a"), "A1:A2000000"), "import-file-too-long"),
        (xlsx(*([n] for n in range(1002))), "import-file-too-long"),
        (b"a\n" * 1002, "import-file-too-long"),
        (b",".join([b"x"] * 501), "import-file-too-long"),
        (written_by_hand("<row>" + " " * 30_000_000 + "</row>"), "import-file-unsafe"),
    ],
    ids=["blank", "program", "no-zip", "cut-off", "no-encoding", "no-cells", "blanks", "says-2-million", "rows", "csv-rows", "columns", "bomb"],
)  # fmt: skip
async def test_what_is_no_sheet_is_refused_and_named(shop: Shop, content: bytes, code: str) -> None:
    made = await upload(shop.admin, content)
    assert (made["state"], made["refusal"]["code"]) == ("failed", code)
    assert made["refusal"]["message"]["zh-CN"]
    assert await shop.database.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'dougong_staging'") == 0


async def test_a_file_that_is_too_large_is_refused_while_it_comes(shop: Shop) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 100_000

    answer = await shop.admin.client.request(
        "POST", f"{IMPORTS}?name=x.csv", content=pieces(), headers={"x-csrf-token": shop.admin.csrf_token}
    )
    problem_of(answer, 413, "import-file-too-large")
    assert await shop.database.fetchval("SELECT count(*) FROM dougong.import_part") == 0


async def test_errors_and_formulas_without_a_result_are_told(shop: Shop) -> None:
    hand = written_by_hand(row(1, "Code", "Name", "Price") + '<row r="2"><c r="A2" t="inlineStr"><is><t>F1</t></is></c><c r="B2" t="e"><v>#REF!</v></c><c r="C2"><f>1+1</f></c></row>')
    made = await upload(shop.admin, hand, entity="goods")
    checked = await act(shop.admin, made, "check")
    assert await issues(shop.admin, checked) == [("B2", "import-cell-error"), ("C2", "import-cell-formula")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
async def test_texts_of_every_usual_encoding_are_read(shop: Shop, encoding: str) -> None:
    text = "编码;品名;单价\r\nC1;\"茶;叶\";'=1\r\n"
    made = await upload(shop.admin, text.encode(encoding), "goods.csv", "goods")
    assert (made["encoding"].replace("-sig", ""), made["delimiter"]) == (encoding.replace("-sig", ""), ";")
    assert [one["field"] for one in made["mapping"]["columns"]] == ["code", "name", "price"]
    assert made["columns"][1]["samples"] == ["茶;叶"] and made["columns"][2]["samples"] == ["=1"]


async def test_a_reference_in_several_records_is_told(shop: Shop) -> None:
    for code in ("1", "2"):
        answer = await shop.admin.post("/api/apps/store/records/supplier", {"name": "same", "code": code})
        assert answer.status_code == 201
    made = await upload(shop.admin, xlsx(["Code", "Name", "Supplier"], ["R1", "x", "same"], ["R2", "y", 1]), entity="goods")
    checked = await act(shop.admin, made, "check")
    assert await issues(shop.admin, checked) == [("C2", "import-reference-ambiguous"), ("C3", "import-reference-missing")]
    columns = [{**one, "match": "code" if one["field"] == "supplier" else ""} for one in made["mapping"]["columns"]]
    checked = await act(shop.admin, await change(shop.admin, checked, columns=columns), "check")
    assert await issues(shop.admin, checked) == [("C2", "import-reference-missing")]


async def test_a_file_of_libreoffice_is_taken_in_and_told_off(shop: Shop) -> None:
    """`goods.xlsx` is what LibreOffice 7.4 makes of `goods.fods`: formulas, dates, merged cells, truth values that are numbers with a format."""
    content = (Path(__file__).parents[1] / "files" / "goods.xlsx").read_bytes()
    await create(shop.admin, "supplier", name="东方茶业", code="tea")
    made = await upload(shop.admin, content, entity="goods")
    assert [one["field"] for one in made["mapping"]["columns"]] == [
        "code", "name", "price", "stock", "made_on", "seen_at", "fresh", "grade", "supplier", "remark",
    ]  # fmt: skip
    checked = await act(shop.admin, made, "check")
    assert (await issues(shop.admin, checked), checked["state"]) == ([], "checked")
    assert (await act(shop.admin, checked, "run"))["written"] == 2
    first, second = (await shop.admin.get("/api/apps/store/records/goods?sort=code&filter=STARTSWITH(code, \"L\")")).json()["records"]
    assert {key: first[key] for key in ("name", "price", "stock", "made_on", "fresh", "grade", "supplier__title", "remark")} == {
        "name": "龙井 & 碧螺春", "price": "0.1", "stock": "1.2", "made_on": "2026-01-31", "fresh": True, "grade": "a",
        "supplier__title": "东方茶业", "remark": "多行\n说明",
    }  # fmt: skip
    assert datetime.fromisoformat(first["seen_at"]) == datetime.fromisoformat("2026-02-03T08:05:00+08:00")
    # A merged cell counts for its first row; a date written as text is read as well.
    assert (second["supplier"], second["made_on"], second["fresh"], second["grade"]) == (None, "2026-02-28", False, "b")

    wrong = await change(shop.admin, await upload(shop.admin, content, entity="goods"), sheet="错误")
    told = await issues(shop.admin, await act(shop.admin, await settled(shop.admin, wrong["id"]), "check"))
    assert told == [("C2", "import-cell-error"), ("D2", "record-date-invalid"), ("A3", "import-cell-required")]
    assert (await shop.admin.get('/api/apps/store/records/goods?filter=STARTSWITH(code, "M")')).json()["records"] == []
