"""An entity from a spreadsheet: kinds, options, references and keys are guessed; the draft gets it; published, the same file is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import date, datetime
from functools import partial
from os import pathsep
from pathlib import Path

import pytest

from tests import warm
from tests.api.browser import problem_of
from tests.sheets import IMPORTS, RECORDS, act, cells, change, create, install, settled, upload, xlsx
from tests.workshop import Shop, Template, open_shop

at = partial(datetime, tzinfo=None)


@pytest.fixture(scope="module")
async def shop(shop_dsn: str, template: Template) -> AsyncIterator[Shop]:
    """Return a site with the store and two suppliers."""
    async with open_shop(shop_dsn, template) as opened:
        await install(opened.admin)
        for name in ("东方", "西山"):
            await create(opened.admin, "supplier", name=name)
        yield opened


async def test_an_entity_is_made_of_a_sheet_and_filled_with_it(shop: Shop) -> None:
    headers = ["员工编号", "姓名", "入职日期", "月薪", "在职", "部门", "手机", "邮箱", "签到时间", "供应商", "评分", "备注", "工时比例"]
    content = xlsx(headers, *(
        [f"E{n:03}", f"员工{n}", date(2026, 1, n), 8000.5, "是" if n % 2 else "否", "销售" if n % 3 else "仓库", "13800138000",
         f"e{n}@example.com", at(2026, 1, 2, 8, n), "东方" if n % 2 else "西山", n / 10, "多行\n文字", "12.5%"]
        for n in range(1, 13)
    ))  # fmt: skip
    made = await upload(shop.admin, content, "员工.xlsx")
    refused = await shop.reader.post(f"{IMPORTS}/{made['id']}/entity", {"name": "员工"})
    problem_of(refused, 404, "app-not-found")
    answer = await shop.admin.post(f"{IMPORTS}/{made['id']}/entity", {"name": "员工"})
    assert answer.status_code == 201, answer.text
    assert (answer.json()["entity"], answer.json()["form"]) == ("yuan_gong", "yuan_gong")
    draft = (await shop.admin.get("/api/apps/store/draft")).json()
    assert (await shop.admin.get("/api/apps/store/draft/problems")).json()["elements"] == []
    found = next(one for one in draft["document"]["entities"] if one["key"] == "yuan_gong")
    kinds = {one["key"]: one["kind"] for one in found["fields"]}
    assert kinds == {
        "yuan_gong_bian_hao": "text", "xing_ming": "text", "ru_zhi_ri_qi": "date", "yue_xin": "number", "zai_zhi": "boolean", "bu_men": "choice",
        "shou_ji": "phone", "you_xiang": "email", "qian_dao_shi_jian": "datetime", "gong_ying_shang": "reference", "ping_fen": "number",
        "bei_zhu": "long_text", "gong_shi_bi_li": "percent",
    }  # fmt: skip
    by_key = {one["key"]: one for one in found["fields"]}
    assert found["title"] == "xing_ming" and by_key["yuan_gong_bian_hao"]["unique"] is True
    assert [one["name"]["zh-CN"] for one in by_key["bu_men"]["options"]] == ["销售", "仓库"]
    assert by_key["gong_ying_shang"]["to"] == "supplier" and by_key["yue_xin"]["scale"] == 1

    published = await shop.admin.post("/api/apps/store/versions", {"revision": draft["revision"], "note": ""})
    assert published.status_code == 201, published.text
    made = await change(shop.admin, made, entity="yuan_gong")
    assert len([one for one in made["mapping"]["columns"] if one["field"]]) == 13
    done = await act(shop.admin, await act(shop.admin, made, "check"), "run")
    assert (done["state"], done["written"], done["counts"]["errors"]) == ("done", 12, 0)
    first = (await shop.admin.get(f"{RECORDS}/yuan_gong?sort=yuan_gong_bian_hao&limit=1")).json()["records"][0]
    assert (first["xing_ming"], first["yue_xin"], first["gong_shi_bi_li"], first["gong_ying_shang__title"]) == ("员工1", "8000.5", "0.125", "东方")


async def test_an_import_is_undone_by_its_change_set(shop: Shop) -> None:
    await create(shop.admin, "goods", code="Z1", name="before", price="1")
    sheet = xlsx(["编码", "品名", "单价"], ["Z1", "after", 2], ["Z2", "new", 3])
    made = await change(shop.admin, await upload(shop.admin, sheet, entity="goods"), mode="upsert", by=["code"])
    done = await act(shop.admin, await act(shop.admin, made, "check"), "run")
    undone = await shop.admin.post(f"/api/apps/store/change-sets/{done['change_set']}/undo", {"changed_since": "skip"})
    assert (undone.status_code, undone.json()["undone"]) == (200, 2), undone.text
    left = (await shop.admin.get(f'{RECORDS}/goods?filter=STARTSWITH(code, "Z")')).json()["records"]
    assert [(one["code"], one["name"], one["price"]) for one in left] == [("Z1", "before", "1")]


async def test_the_command_line_imports_and_exports(shop: Shop, tmp_path: Path) -> None:
    await settled(shop.admin, (await upload(shop.admin, xlsx(["x"], ["y"])))["id"])
    environment = {**os.environ, "PYTHONPATH": pathsep.join(sys.path), "DATABASE_URL": shop.dsn, "DOUGONG_STARTER": "none", "LANGUAGE": "en"}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return warm.run("records", *words, environment=environment)

    file = tmp_path / "goods.csv"
    file.write_text("编码,品名,单价\nY1,one,2\nY2,,x\n", encoding="gb18030")
    wrong = run("import", "store", "goods", str(file), "--dry")
    assert wrong.returncode == 1 and "B3: " in wrong.stderr and "C3: " in wrong.stderr and "2 errors" in wrong.stdout, wrong
    good = run("import", "store", "goods", str(file), "--skip")
    assert good.returncode == 0 and "1 records, change set" in good.stdout, good
    out = tmp_path / "out.xlsx"
    assert run("export", "store", "goods", str(out), "--filter", 'code = "Y1"', "--fields", "code,name").returncode == 0
    assert cells(out.read_bytes())[1:] == [["Y1", "one"]]
