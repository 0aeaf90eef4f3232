"""To import may be for some records only: rows about others are told at the check and refused when written, though each may be changed alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from tests.api.browser import problem_of
from tests.sheets import IMPORTS, RECORDS, act, change, create, issues, store, upload, xlsx
from tests.workshop import Document, Shop, Template, label, open_shop

HEADERS = ["编码", "品名", "单价"]
USERS = "/api/apps/organization/records/user"


def limited() -> Document:
    """Return the store with two roles that make and change all goods, and import cheap ones, or those of one supplier."""
    document = store()
    document["roles"] += [{"key": key, "name": label(key)} for key in ("clerk", "agent", "blind", "half")]
    for role, where in (("clerk", "price < 100"), ("agent", 'supplier.code = "E"')):
        for key, others in (("all", {"actions": ["create", "read", "update"], "rows": "all", "without": ["import"]}), ("import", {"actions": ["import"], "where": where})):
            document["policies"].append({"key": f"{role}_{key}", "role": role, "entity": "goods", **others})
        document["policies"].append({"key": f"{role}_supplier", "role": role, "entity": "supplier", "actions": ["read"], "rows": "all"})
    document["policies"] += [
        {"key": f"blind_{key}", "role": "blind", "entity": "goods", "rows": "all", **others}
        for key, others in (
            ("write", {"actions": ["create", "update", "import"]}),
            ("read", {"actions": ["read"], "where": 'remark = "shown"', "levels": [{"key": "price", "level": "hidden", "when": 'grade = "b"'}]}),
        )
    ]
    document["policies"].append(
        {"key": "half_all", "role": "half", "entity": "goods", "actions": ["create", "read", "update"], "levels": [{"key": "code", "level": "hidden", "when": 'grade = "b"'}]}
    )
    return document


@pytest.fixture(scope="module")
async def shop(shop_dsn: str, template: Template) -> AsyncIterator[Shop]:
    """Return a site with the store: `worker` is a clerk, `other` an agent."""
    async with open_shop(shop_dsn, template) as opened:
        assert (await opened.admin.post("/api/apps", {"package": limited(), "demo": False})).status_code == 201
        for code in ("E", "W"):
            await create(opened.admin, "supplier", name=code, code=code)
        for who, role in (("worker", "clerk"), ("other", "agent"), ("reader", "blind")):
            keys = ["organization.member", f"store.{role}"]
            ids = [row["id"] for row in await opened.database.fetch("SELECT id FROM app_organization.role WHERE key = ANY($1)", keys)]
            answer = await opened.admin.ask("PATCH", f"{USERS}/{opened.tickets[who].user_id}", {"roles": [{"role": str(one)} for one in ids]})
            assert answer.status_code == 200, answer.text
        yield opened


async def names(shop: Shop, prefix: str) -> Mapping[str, str]:
    """Return the names of goods whose code begins so, by code."""
    answer = await shop.admin.get(f'{RECORDS}/goods?sort=code&limit=200&filter=STARTSWITH(code, "{prefix}")')
    return {one["code"]: one["name"] for one in answer.json()["records"]}


async def test_rows_about_other_records_are_told_and_nothing_is_half_done(shop: Shop) -> None:
    cheap = await create(shop.admin, "goods", code="U1", name="cheap", price="5")
    dear = await create(shop.admin, "goods", code="U2", name="dear", price="500")
    await create(shop.admin, "goods", code="U3", name="cheap so far", price="5")
    await create(shop.admin, "goods", code="U4", name="dear so far", price="500")
    sheet = xlsx(HEADERS, ["U1", "new", 6], ["U2", "new", 500], ["U2x", "new", 6], ["U3", "new", 500], ["U4", "new", 6])
    made = await change(shop.worker, await upload(shop.worker, sheet, entity="goods"), mode="upsert", by=["code"])
    checked = await act(shop.worker, made, "check")
    assert [code for _, code in await issues(shop.worker, checked)] == ["access-denied"] * 3
    told = (await shop.worker.get(f"{IMPORTS}/{made['id']}/issues")).json()["issues"]
    assert [one["row"] for one in told] == [3, 5, 6], told
    assert "导入" in told[0]["message"]["zh-CN"] and "import" in told[0]["message"]["en"].lower(), told[0]
    problem_of(await shop.worker.post(f"{IMPORTS}/{made['id']}/run"), 409, "import-has-errors")
    assert await names(shop, "U") == {"U1": "cheap", "U2": "dear", "U3": "cheap so far", "U4": "dear so far"}
    for record in (cheap, dear):
        alone = await shop.worker.ask("PATCH", f"{RECORDS}/goods/{record['id']}", {"remark": "one by one"})
        assert alone.status_code == 200, alone.text
    skipping = await act(shop.worker, await change(shop.worker, checked, errors="skip"), "check")
    done = await act(shop.worker, skipping, "run")
    assert (done["state"], done["written"]) == ("done", 2)
    assert await names(shop, "U") == {"U1": "new", "U2": "dear", "U2x": "new", "U3": "cheap so far", "U4": "dear so far"}


@pytest.mark.parametrize("mode", ["create", "update", "upsert"])
async def test_what_another_record_says_counts_too(shop: Shop, mode: str) -> None:
    suppliers = {one["code"]: one["id"] for one in (await shop.admin.get(f"{RECORDS}/supplier")).json()["records"]}
    codes = [f"{mode}{code}" for code in suppliers]
    for code, supplier in zip(codes, suppliers.values(), strict=True):
        if mode != "create":
            await create(shop.admin, "goods", code=code, name="old", supplier=supplier)
    sheet = xlsx(["编码", "品名", "供应商"], *([code, "new", supplier] for code, supplier in zip(codes, suppliers, strict=True)))
    made = await upload(shop.other, sheet, entity="goods")
    columns = [{**one, "match": "code" if one["field"] == "supplier" else ""} for one in made["mapping"]["columns"]]
    checked = await act(shop.other, await change(shop.other, made, columns=columns, mode=mode, by=["code"]), "check")
    outside = 2 + list(suppliers).index("W")
    told = (await shop.other.get(f"{IMPORTS}/{made['id']}/issues")).json()["issues"]
    assert [(one["row"], one["code"]) for one in told] == [(outside, "access-denied")]
    assert checked["counts"]["wrong"] == 1
    assert set((await names(shop, mode)).values()) == ({"old"} if mode != "create" else set())


async def test_a_record_that_is_another_by_the_time_it_is_written_stops_the_import_whole(shop: Shop) -> None:
    for code in ("T1", "T2"):
        await create(shop.admin, "goods", code=code, name="old", price="5")
    sheet = xlsx(HEADERS[:2], ["T1", "new"], ["T2", "new"])
    made = await change(shop.worker, await upload(shop.worker, sheet, entity="goods"), mode="update", by=["code"])
    checked = await act(shop.worker, made, "check")
    assert checked["counts"]["errors"] == 0
    record = (await shop.admin.get(f'{RECORDS}/goods?filter=code = "T2"')).json()["records"][0]
    assert (await shop.admin.ask("PATCH", f"{RECORDS}/goods/{record['id']}", {"price": "500"})).status_code == 200
    failed = await act(shop.worker, checked, "run")
    assert (failed["state"], failed["written"]) == ("failed", 0), failed
    assert await names(shop, "T") == {"T1": "old", "T2": "old"}
    assert [code for _, code in await issues(shop.worker, failed)] == ["access-denied"]


@pytest.mark.parametrize("by", ["price", "code", "name"])
async def test_a_check_finds_no_record_and_no_value_that_is_hidden(shop: Shop, by: str) -> None:
    given = {"H1": {}, "H2": {}, "H3": {"remark": "shown", "grade": "b"}, "H4": {"remark": "shown", "grade": "a"}}
    numbers = {code: place + 4000 + 10 * ("price", "code", "name").index(by) for place, code in enumerate(given)}
    for code, others in given.items():
        number = numbers[code]
        await create(shop.admin, "goods", code=f"{by}{code}", name=f"{by} {number}", price=str(number), **others)
    sheet = [[f"{by}{code}", f"{by} {number}", number] for code, number in numbers.items()] + [["none", "none", 7777]]
    columns = {"code": 0, "name": 1, "price": 2}
    made = await upload(shop.reader, xlsx([HEADERS[columns[by]], "说明"], *([row[columns[by]], "shown"] for row in sheet)), entity="goods")
    checked = await act(shop.reader, await change(shop.reader, made, mode="update", by=[by]), "check")
    told = (await shop.reader.get(f"{IMPORTS}/{made['id']}/issues")).json()["issues"]
    missing = [2, 3, *([4] if by == "price" else []), 6]
    assert [(one["row"], one["code"]) for one in told] == [(row, "import-record-missing") for row in missing], told
    assert checked["counts"]["there"] == 5 - len(missing)


async def test_no_import_finds_records_to_change_by_what_some_of_them_hide(shop: Shop) -> None:
    await shop.give("guest", "store.half")
    made = await upload(shop.guest, xlsx(["编码", "品名"], ["S1", "new"]), entity="goods")
    planned = await change(shop.guest, made, mode="upsert", by=["code"])
    assert [one["code"] for one in planned["mapping_issues"]] == ["import-mapping-by-not-unique"]
