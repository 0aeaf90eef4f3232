"""Records over HTTP: made, read, changed row by row, computed exactly, put in the trash; with history and notices."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.workshop import RECORDS, Shop, element, entity, package

ORDERS = f"{RECORDS}/order"


async def test_every_kind_of_value_comes_back_as_it_was_sent(shop: Shop) -> None:
    maker = await shop.create("maker", name="  Zhōu  ", city="上海", rate="1.23456", limit=12.5)
    assert (maker["name"], maker["rate"], maker["limit"], maker["active"]) == ("Zhōu", "1.2346", "12.5", True)
    thing = await shop.create("thing", name="bolt", price="1000000000000000000000000000000.01")
    note = await shop.create("note", name="private")
    sent: dict[str, Any] = {
        "maker": maker["id"], "on": "2026-02-28", "at": "2026-02-28T23:30:00.123456+08:00", "state": "done", "urgent": False,
        "remark": "two\nlines \\ \"quoted\" 😀 ", "contact": "李四", "memo": note["id"], "reviewer": None,
        "lines": [{"thing": thing["id"], "quantity": "0.001", "price": "1e3", "note": "ﬁ"}],
    }  # fmt: skip
    made = await shop.create("order", **sent)
    read = (await shop.manager.get(f"{ORDERS}/{made['id']}")).json()
    for record in (made, read):
        assert {key: record[key] for key in sent if key not in ("lines", "at")} == {
            key: value for key, value in sent.items() if key not in ("lines", "at")
        }
        assert datetime.fromisoformat(record["at"]) == datetime.fromisoformat(sent["at"])
        (row,) = record["lines"]
        assert (row["quantity"], row["price"], row["amount"], row["note"]) == ("0.001", "1000", "1", "ﬁ")
        assert record["created_by"] == record["updated_by"] == shop.tickets["manager"].user_id
        assert record["revision"] == 1
        assert record["created_at"] == record["updated_at"]
    titles = {"maker__title": "Zhōu", "memo__title": "private", "reviewer__title": None, "created_by__title": "manager"}
    assert {key: read[key] for key in titles} == titles
    assert read["lines"][0]["thing__title"] == "bolt"


async def test_blanks_and_defaults(shop: Shop) -> None:
    maker = await shop.create("maker", name="default maker", city="", contact=" ")
    assert (maker["city"], maker["contact"], maker["active"]) == (None, None, True)
    assert (await shop.create("maker", name="idle", active=None))["active"] is None
    order = await shop.order(state=None, remark="")
    assert (order["state"], order["remark"], order["urgent"]) == (None, None, None)
    assert order["reviewer"] == shop.tickets["manager"].user_id
    today = await shop.database.fetchval("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date::text")
    thing = order["lines"][0]["thing"]
    other = await shop.order(lines=[{"thing": thing}])
    assert (other["on"], other["state"], other["lines"][0]["quantity"]) == (today, "draft", "1")
    emptied = await shop.manager.ask("PATCH", f"{ORDERS}/{other['id']}", {"on": None, "lines": []})
    assert (emptied.json()["on"], emptied.json()["lines"]) == (None, [])


@pytest.mark.parametrize(("price", "quantities", "amounts", "total"), [
    ("0.1", ["1", "2"], ["0.1", "0.2"], "0.3"),
    ("0.005", ["1"], ["0.01"], "0.01"),
    ("1.15", ["0.5", "1.5"], ["0.58", "1.73"], "2.31"),
    ("99999999999999999999999999.99", ["1000000"], ["99999999999999999999999999990000"], "99999999999999999999999999990000"),
    ("0.01", ["0.5", "0.4"], ["0.01", "0"], "0.01"),
    (0.1, ["3"], ["0.3"], "0.3"),
])  # fmt: skip
async def test_computed_exactly(
    shop: Shop, price: object, quantities: list[str], amounts: list[str], total: str
) -> None:
    thing = await shop.create("thing", name="exact")
    order = await shop.order(lines=[{"thing": thing["id"], "quantity": q, "price": price} for q in quantities])
    assert [row["amount"] for row in order["lines"]] == amounts
    assert (order["total"], order["third"]) == (total, "0.33333333333333333333")
    page = (await shop.manager.get(f"{ORDERS}?fields=total,third,average&filter=id%20=%20id&sort=-id&limit=1")).json()
    assert [page["records"][0][key] for key in ("total", "third")] == [total, "0.33333333333333333333"]


async def test_a_formula_that_fails_says_so_and_recovers(shop: Shop) -> None:
    order = await shop.order(lines=[])
    assert (order["total"], order["average"], order["average__error"]) == ("0", None, "DIV0")
    path = f"{ORDERS}/{order['id']}"
    assert (await shop.manager.get(path)).json()["average__error"] == "DIV0"
    thing = await shop.create("thing", name="three")
    mended = await shop.manager.ask("PATCH", path, {"lines": [{"thing": thing["id"], "price": "1"}] * 3})
    assert (mended.json()["average"], mended.json()["average__error"]) == ("1", None)


async def test_rows_added_changed_removed_and_moved_at_once(shop: Shop) -> None:
    thing = (await shop.create("thing", name="row", price="2"))["id"]
    order = await shop.order(lines=[{"thing": thing, "quantity": str(n), "note": f"row {n}"} for n in (1, 2, 3, 4)])
    first, second, third, fourth = order["lines"]
    lines = [
        {"id": fourth["id"]},
        {"thing": thing, "quantity": "10", "note": "new"},
        {"id": first["id"], "quantity": "7", "note": None},
        {"id": third["id"], "thing": thing},
    ]
    answer = await shop.manager.ask("PATCH", f"{ORDERS}/{order['id']}", {"revision": 1, "lines": lines})
    assert answer.status_code == 200, answer.text
    read = (await shop.manager.get(f"{ORDERS}/{order['id']}")).json()
    for record in (answer.json(), read):
        shown = [(row["quantity"], row["price"], row["note"], row["amount"]) for row in record["lines"]]
        assert shown == [("4", "2", "row 4", "8"), ("10", "2", "new", "20"), ("7", "2", None, "14"), ("3", "2", "row 3", "6")]
        assert [row["id"] for row in record["lines"]][::2] == [fourth["id"], first["id"]]
        assert (record["total"], record["average"], record["revision"]) == ("48", "12", 2)
    assert await shop.database.fetchval("SELECT count(*) FROM app_workshop.order__lines WHERE id = $1", second["id"]) == 0
    kept = await shop.manager.ask("PATCH", f"{ORDERS}/{order['id']}", {"remark": "rows are left alone"})
    assert kept.json()["lines"] == answer.json()["lines"]


async def test_rows_belong_to_one_record(shop: Shop) -> None:
    mine, theirs = await shop.order(), await shop.order("worker")
    row = mine["lines"][0]
    thing = row["thing"]
    path = f"{ORDERS}/{mine['id']}"
    stolen = {"lines": [{"id": theirs["lines"][0]["id"], "thing": thing, "quantity": "9"}]}
    place = ("record-line-unknown", "/lines")
    await refused(shop, shop.manager, "PATCH", path, stolen, 422, "record-invalid", place, zh="没有这一行", en="has no such row")
    twice = {"lines": [{"id": row["id"], "quantity": "1"}, {"id": row["id"], "quantity": "2"}]}
    await refused(shop, shop.manager, "PATCH", path, twice, 422, "record-invalid", ("record-line-twice", "/lines/1/id"))
    body = {"maker": mine["maker"], "lines": [{"id": row["id"], "thing": thing}]}
    await refused(shop, shop.manager, "POST", ORDERS, body, 422, "record-invalid", place)


async def test_copies_are_taken_when_the_reference_is_set_or_changed_and_kept_after(shop: Shop) -> None:
    cheap = await shop.create("thing", name="cheap", price="1")
    dear = await shop.create("thing", name="dear", price="100")
    maker = await shop.create("maker", name="copied", contact="Ann", rate="0.5")
    other = await shop.create("maker", name="copied too", contact="Bob")
    lines = [{"thing": cheap["id"]}, {"thing": cheap["id"], "price": "3"}, {"thing": cheap["id"], "price": None}]
    order = await shop.create("order", maker=maker["id"], lines=lines)
    assert [row["price"] for row in order["lines"]] == ["1", "3", None]
    assert (order["contact"], order["rate"]) == ("Ann", "0.5")
    path = f"{ORDERS}/{order['id']}"

    async def change(**values: object) -> dict[str, Any]:
        answer = await shop.manager.ask("PATCH", path, values)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    for record, values in ((cheap, {"price": "50"}), (maker, {"contact": "Eve", "rate": "0.9"})):
        kind = "thing" if record is cheap else "maker"
        assert (await shop.manager.ask("PATCH", f"{RECORDS}/{kind}/{record['id']}", values)).status_code == 200
    same = await change(maker=maker["id"], lines=[{"id": row["id"], "thing": row["thing"]} for row in order["lines"]])
    assert ([row["price"] for row in same["lines"]], same["contact"], same["rate"]) == (["1", "3", None], "Ann", "0.5")
    moved = await change(maker=other["id"], lines=[{"id": row["id"], "thing": dear["id"]} for row in order["lines"][:2]])
    assert ([row["price"] for row in moved["lines"]], moved["contact"], moved["rate"]) == (["100", "100"], "Bob", None)
    kept = await change(maker=maker["id"], contact="asked for")
    assert (kept["contact"], kept["rate"]) == ("asked for", "0.9")
    kept = await change(lines=[{"id": moved["lines"][0]["id"], "thing": cheap["id"], "price": "7"}])
    assert (kept["lines"][0]["price"], kept["total"]) == ("7", "7")


async def test_preview_shows_what_saving_would_and_writes_nothing(shop: Shop) -> None:
    order = await shop.order()
    thing = order["lines"][0]["thing"]
    before = await shop.counts()
    new = {"maker": order["maker"], "lines": [{"thing": thing, "quantity": "4"}]}
    answer = await shop.manager.post(f"{ORDERS}/preview", new)
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["total"], shown["contact"], shown["lines"][0]["price"]) == ("10", "Ann", "2.5")
    change = {"id": order["id"], "revision": 1, "lines": [{"id": order["lines"][0]["id"], "quantity": "10"}]}
    assert (await shop.manager.post(f"{ORDERS}/preview", change)).json()["total"] == "25"
    problem_of(await shop.manager.post(f"{ORDERS}/preview", {"state": "lost"}), 422, "record-invalid")
    problem_of(await shop.reader.post(f"{ORDERS}/preview", new), 403, "access-denied")
    assert await shop.counts() == before
    saved = await shop.create("order", **new)
    for key in ("maker", "total", "third", "average", "contact", "rate", "state", "on"):
        assert shown[key] == saved[key]


async def test_trash(shop: Shop) -> None:
    order = await shop.order()
    memo = await shop.create("note", name="memo in use")
    path = f"{ORDERS}/{order['id']}"
    assert (await shop.manager.ask("PATCH", path, {"memo": memo["id"]})).status_code == 200
    for kind, key, words in (
        ("maker", order["maker"], {"zh": "有 1 条“order（中）”引用", "en": "Used in “order” (1)"}),
        ("thing", order["lines"][0]["thing"], {"zh": "有 1 条“order（中）”引用", "en": "Used in “order” (1)"}),
        ("note", memo["id"], {"zh": "引用这条记录", "en": "cannot be deleted"}),
    ):
        await refused(shop, shop.manager, "DELETE", f"{RECORDS}/{kind}/{key}", None, 409, "record-referenced", **words)
    gone = await shop.manager.ask("DELETE", path)
    assert (gone.status_code, gone.content) == (204, b"")
    problem_of(await shop.manager.get(path), 404, "record-not-found")
    assert order["id"] not in (await shop.manager.get(f"{ORDERS}?limit=200")).text
    assert (await shop.manager.get(f"{RECORDS}/order.lines?limit=200")).text.find(order["lines"][0]["id"]) == -1
    assert (await shop.manager.ask("DELETE", f"{RECORDS}/maker/{order['maker']}")).status_code == 204
    row = await shop.database.fetchrow('SELECT deleted_at, revision FROM app_workshop."order" WHERE id = $1', order["id"])
    assert row is not None
    assert row["deleted_at"] is not None
    assert row["revision"] == 3


async def test_people_in_use_in_another_app_are_not_deleted(shop: Shop) -> None:
    person = f"/api/apps/organization/records/user/{shop.tickets['other'].user_id}"
    await shop.order(reviewer=shop.tickets["other"].user_id)
    await refused(shop, shop.admin, "DELETE", person, None, 409, "record-referenced", zh="order（中）", en="order")


async def test_history_and_notices(shop: Shop) -> None:
    order = await shop.order()
    path = f"{ORDERS}/{order['id']}"
    first, second = order["lines"]
    lines = [{"id": first["id"], "quantity": "5"}, {"thing": first["thing"], "price": "1"}]
    await shop.manager.ask("PATCH", path, {"remark": "seen", "lines": lines})
    await shop.manager.ask("PATCH", path, {"remark": "seen"})
    await shop.manager.ask("DELETE", path)
    rows = await shop.database.fetch("SELECT * FROM dougong.history WHERE record_id = $1 ORDER BY id", order["id"])
    assert [(row["action"], row["revision"], row["entity"], row["channel"]) for row in rows] == [
        ("create", 1, "order", "api"), ("update", 2, "order", "api"), ("update", 3, "order", "api"), ("delete", 4, "order", "api"),
    ]  # fmt: skip
    assert {str(row["actor"]) for row in rows} == {shop.tickets["manager"].user_id}
    assert len({row["change_set"] for row in rows}) == 4
    made, changed, unchanged, _ = (json.loads(row["changes"]) for row in rows)
    assert {key: made[key] for key in order} == order
    assert changed["remark"] == [None, "seen"]
    assert changed["total"] == ["8", "13.5"]
    assert changed["lines"][first["id"]] == {"quantity": ["2", "5"], "amount": ["5", "12.5"]}
    assert changed["lines"][second["id"]][1] is None
    (added,) = [pair for key, pair in changed["lines"].items() if key not in (first["id"], second["id"])]
    assert added[0] is None
    assert added[1]["price"] == "1"
    assert unchanged == {}
    notices = await shop.database.fetch("SELECT kind, payload FROM seen.notice WHERE payload::text LIKE $1", f"%{order['id']}%")
    assert [(n["kind"], json.loads(n["payload"])) for n in notices] == [
        ("records-changed", {"entity": "order", "ids": [order["id"]]})
    ] * 4


async def test_writers_at_once_lose_nothing(shop: Shop) -> None:
    order = await shop.order()
    path = f"{ORDERS}/{order['id']}"
    answers = await asyncio.gather(
        *(shop.manager.ask("PATCH", path, {"revision": 1, "remark": f"writer {n}"}) for n in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    free = await asyncio.gather(*(shop.manager.ask("PATCH", path, {"remark": f"free {n}"}) for n in range(8)))
    assert {answer.status_code for answer in free} == {200}
    assert sorted(answer.json()["revision"] for answer in free) == list(range(3, 11))
    rows = await shop.database.fetch("SELECT changes FROM dougong.history WHERE record_id = $1 ORDER BY id", order["id"])
    remarks = [json.loads(row["changes"])["remark"] for row in rows[1:]]
    assert all(before[1] == after[0] for before, after in pairwise(remarks))


async def test_rows_of_all_records_are_a_list_too(shop: Shop) -> None:
    order = await shop.order()
    page = (await shop.manager.get(f"{RECORDS}/order.lines?filter=parent%20%3D%20parent&sort=-id&limit=2")).json()
    assert {row["id"] for row in page["records"]} == {row["id"] for row in order["lines"]}
    assert all(row["parent"] == order["id"] and row["parent__title"] == order["number"] for row in page["records"])
    alone = f"{RECORDS}/order.lines/{order['lines'][0]['id']}"
    problem_of(await shop.manager.get(alone), 404, "record-entity-not-found")


async def test_a_copy_fits_its_own_field(shop: Shop) -> None:
    source = entity("source", "name", element("name", "text"), element("fine", "number", scale=6), element("long", "long_text"))
    target = entity("target", "name", element("name", "text"), element("source", "reference", to="source"),
                    element("coarse", "number", scale=1, copy_from="source.fine"),
                    element("short", "text", max_length=5, copy_from="source.long"))  # fmt: skip
    assert (await shop.install(package("copying", source, target))).status_code == 201
    records = "/api/apps/copying/records"
    made = (await shop.admin.post(f"{records}/source", {"fine": "1.25", "long": "abcdefgh"})).json()
    answer = await shop.admin.post(f"{records}/target", {"source": made["id"]})
    assert answer.status_code == 201, answer.text
    assert (answer.json()["coarse"], answer.json()["short"]) == ("1.3", "abcde")
