"""Many changes in one request: all or each, their issues by pointer, by filter, repeats, and what none of them may do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.workshop import Shop, element, entity, label, package

PARTS = "/api/apps/store/records/part"
BINS = "/api/apps/store/records/bin"


def document() -> dict[str, Any]:
    """Return an app of parts with unique codes, and bins that hold them."""
    part = entity(
        "part", "code",
        element("code", "text", required=True, unique=True, max_length=10),
        element("name", "text"),
        element("price", "money", min_="0"),
        element("quantity", "number", scale=0, default="1"),
        element("worth", "money", formula="price * quantity"),
        element("bin", "reference", to="bin"),
        rules=[{"key": "cheap", "check": "ISBLANK(price) OR price < 1000", "at": "price", "message": label("Too dear")}],
    )  # fmt: skip
    lines = element("shelves", "lines", fields=[element("shelf", "text"), element("height", "number", scale=1)])
    place = entity(
        "bin", "name", element("name", "text", required=True), element("hall", "text"), element("row", "number", scale=1), lines,
        unique=[{"key": "place", "fields": ["hall", "row"]}],
    )  # fmt: skip
    return package("store", part, place)


@pytest.fixture(scope="module")
async def stocked(shop: Shop) -> AsyncIterator[Shop]:
    installed = await shop.install(document())
    assert installed.status_code == 201, installed.text
    yield shop


def creates(*codes: str, **values: object) -> list[dict[str, Any]]:
    """Return changes that make parts."""
    return [{"action": "create", "values": {"code": code, **values}} for code in codes]


async def bulk(shop: Shop, body: dict[str, Any], status: int = 200, path: str = PARTS, **headers: str) -> dict[str, Any]:
    """Return the answer to a request for many changes."""
    answer = await shop.admin.post(f"{path}/bulk", body, **headers)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def codes(shop: Shop, condition: str) -> list[str]:
    """Return the codes of the parts a filter matches."""
    page = (await shop.admin.client.get(PARTS, params={"filter": condition, "sort": "code", "limit": "200"})).json()
    return [row["code"] for row in page["records"]]


async def test_all_kinds_of_changes_in_one_change_set(stocked: Shop) -> None:
    made = await bulk(stocked, {"changes": creates("A1", "A2", "A3", price="2", quantity="3"), "return": "records"})
    assert (made["saved"], made["refused"]) == (3, 0)
    assert [(r["number"], r["revision"], r["record"]["worth"]) for r in made["results"]] == [(0, 1, "6"), (1, 1, "6"), (2, 1, "6")]
    first, second, third = (r["id"] for r in made["results"])
    changes = [
        {"action": "update", "id": first, "revision": 1, "values": {"price": "4"}},
        {"action": "update", "id": second, "values": {"name": "nut"}},
        {"action": "delete", "id": third},
        {"action": "upsert", "by": ["code"], "values": {"code": "A1", "name": "bolt"}},
        {"action": "upsert", "by": ["code"], "values": {"code": "A4", "price": "1"}},
        {"action": "restore", "id": third},
    ]
    done = await bulk(stocked, {"changes": changes, "return": "records"})
    assert [r["revision"] for r in done["results"]] == [2, 2, 2, 3, 1, 3]
    bolt = done["results"][3]["record"]
    assert (bolt["id"], bolt["name"], bolt["price"], bolt["worth"]) == (first, "bolt", "4", "12")
    rows = await stocked.database.fetch("SELECT DISTINCT channel FROM dougong.history WHERE change_set = $1", done["change_set"])
    assert [row["channel"] for row in rows] == ["bulk"]
    assert await stocked.database.fetchval("SELECT count(*) FROM dougong.history WHERE change_set = $1", done["change_set"]) == 6


async def test_one_wrong_of_all_saves_nothing_and_every_issue_is_told(stocked: Shop) -> None:
    await bulk(stocked, {"changes": creates("taken")})
    missing = str(uuid4())
    changes = [
        *creates("B1"),
        {"action": "create", "values": {"code": "far too long a code", "price": "-1"}},
        {"action": "create", "values": {"price": "1000"}},
        {"action": "create", "values": {"code": "B2", "bin": missing}},
        *creates("taken", "B3", "B3"),
        {"action": "update", "id": missing, "values": {"name": "x"}},
    ]
    await refused(
        stocked, stocked.admin, "POST", f"{PARTS}/bulk", {"changes": changes}, 422, "record-invalid",
        ("record-text-too-long", "/changes/1/values/code"), ("record-number-too-small", "/changes/1/values/price"),
        ("record-required", "/changes/2/values/code"), ("record-rule-broken", "/changes/2/values/price"),
        ("record-reference-missing", "/changes/3/values/bin"), ("record-not-unique", "/changes/4/values/code"),
        ("record-not-unique", "/changes/6/values/code"), ("record-not-found", "/changes/7"),
        zh="没有这条记录", en="There is no such record",
    )  # fmt: skip


async def test_each_saves_the_good_and_tells_the_others_by_row(stocked: Shop) -> None:
    there = await bulk(stocked, {"changes": creates("C0", "C9")})
    stale, known = (r["id"] for r in there["results"])
    changes = [
        *creates("C1", "C0", "C2", "C2"),
        {"action": "create", "id": known, "values": {"code": "C3"}},
        {"action": "update", "id": stale, "revision": 7, "values": {"name": "old"}},
        {"action": "update", "id": known, "values": {"name": "one"}},
        {"action": "update", "id": known, "values": {"name": "two"}},
        {"action": "upsert", "by": ["name"], "values": {"code": "C4"}},
        {"action": "upsert", "by": ["code"], "values": {"name": "nameless"}},
    ]
    done = await bulk(stocked, {"mode": "each", "changes": changes})
    assert (done["saved"], done["refused"]) == (3, 7)
    errors = {r["number"]: [(e["code"], e["pointer"]) for e in r["errors"]] for r in done["results"] if "errors" in r}
    assert errors == {
        1: [("record-not-unique", "/changes/1/values/code")],
        3: [("record-not-unique", "/changes/3/values/code")],
        4: [("record-exists", "/changes/4/values/id")],
        5: [("record-revision-conflict", "/changes/5")],
        7: [("record-change-twice", "/changes/7")],
        8: [("record-key-unknown", "/changes/8/by")],
        9: [("record-key-blank", "/changes/9/values/code")],
    }
    assert await codes(stocked, 'code >= "C" AND code < "D"') == ["C0", "C1", "C2", "C9"]


async def test_records_in_use_stay_and_the_others_go(stocked: Shop) -> None:
    made = await bulk(stocked, {"changes": [{"action": "create", "values": {"name": name}} for name in ("used", "free")]}, path=BINS)
    used, free = (r["id"] for r in made["results"])
    await bulk(stocked, {"changes": creates("D1", bin=used)})
    changes = [{"action": "delete", "id": one} for one in (used, free)]
    done = await bulk(stocked, {"mode": "each", "changes": changes}, path=BINS)
    assert [e["code"] for e in done["results"][0]["errors"]] == ["record-referenced"]
    assert done["results"][1]["revision"] == 2


async def test_all_records_a_filter_matches(stocked: Shop) -> None:
    await bulk(stocked, {"changes": [*creates("E1", "E2", price="5"), *creates("E3", price="900", quantity="2")]})
    wanted = 'code >= "E" AND code < "F"'
    done = await bulk(stocked, {"filter": wanted, "action": "update", "values": {"name": "filtered"}})
    assert (done["saved"], done["refused"], done["results"]) == (3, 0, [])
    assert await codes(stocked, 'name = "filtered"') == ["E1", "E2", "E3"]
    problem = problem_of(
        await stocked.admin.post(f"{PARTS}/bulk", {"filter": wanted, "action": "update", "values": {"price": "-1"}}), 422, "record-invalid"
    )
    assert {item["code"] for item in problem["errors"]} == {"record-number-too-small"}
    assert all(item["pointer"].startswith("/records/") and item["pointer"].endswith("/price") for item in problem["errors"])
    gone = await bulk(stocked, {"filter": wanted, "action": "delete", "mode": "each"})
    assert gone["saved"] == 3
    assert await codes(stocked, wanted) == []
    await refused(stocked, stocked.admin, "POST", f"{PARTS}/bulk", {"filter": "nonsense", "action": "delete"}, 400,
                  "request-query-invalid", ("expression-unknown-name", "filter"))  # fmt: skip


async def test_values_by_formula_from_each_record(stocked: Shop) -> None:
    made = await bulk(stocked, {"changes": [*creates("H1", price="10"), *creates("H2", price="20.05", name="x"), *creates("H3")]})
    wanted = 'code >= "H" AND code < "I"'
    by_filter = {"filter": wanted, "action": "update", "values": {"quantity": "2"}, "formulas": {"price": "price * 1.1", "name": 'code & "!"'}}
    assert (await bulk(stocked, by_filter))["saved"] == 3
    page = (await stocked.admin.client.get(PARTS, params={"filter": wanted, "sort": "code"})).json()["records"]
    assert [(r["price"], r["name"], r["worth"]) for r in page] == [("11", "H1!", "22"), ("22.06", "H2!", "44.12"), ("0", "H3!", "0")]
    one = made["results"][0]["id"]
    changes = [
        {"action": "update", "id": one, "formulas": formulas}
        for formulas in ({"price": "-price"}, {"price": "name"}, {"worth": "1"}, {"price": "price +"}, {"price": "1 / 0"}, {"name": "bin.name"})
    ]
    codes_of = []
    for change in changes:
        problem = problem_of(await stocked.admin.post(f"{PARTS}/bulk", {"changes": [change]}), 422, "record-invalid")
        codes_of.append(next((e["code"], e["pointer"]) for e in problem["errors"]))
    assert codes_of == [
        ("record-number-too-small", "/changes/0/values/price"), ("record-formula-type", "/changes/0/values/price"),
        ("record-field-read-only", "/changes/0/values/worth"), ("expression-expected-value-at-end", "/changes/0/values/price"),
        ("record-formula-failed", "/changes/0/values/price"), ("record-formula-reach", "/changes/0/values/name"),
    ]  # fmt: skip


async def test_rules_and_defaults_that_ask_see_the_records_before_them_in_the_request(shop: Shop) -> None:
    slot = entity(
        "slot", "name", element("name", "text"), element("day", "date"), element("place", "number", default="COUNT(@slot) + 1"),
        rules=[{"key": "two", "check": "COUNT(@slot[day = parent.day AND id <> parent.id]) < 2", "at": "day", "message": label("Full")}],
    )  # fmt: skip
    assert (await shop.install(package("slots", slot))).status_code == 201
    changes = [{"action": "create", "values": {"name": str(n), "day": f"2026-01-0{1 + n // 3}"}} for n in range(5)]
    path = "/api/apps/slots/records/slot"
    problem = problem_of(await shop.admin.post(f"{path}/bulk", {"changes": changes}), 422, "record-invalid")
    assert [(e["code"], e["pointer"]) for e in problem["errors"]] == [("record-rule-broken", "/changes/2/values/day")]
    done = await bulk(shop, {"mode": "each", "return": "records", "changes": changes}, path=path)
    assert [r["record"]["place"] if "record" in r else None for r in done["results"]] == ["1", "2", None, "3", "4"]


async def test_what_many_records_ask_of_others_is_answered_for_each(shop: Shop) -> None:
    rate = entity("rate", "kind", element("kind", "text"), element("price", "money"))
    job = entity(
        "job", "kind", element("kind", "text"), element("price", "money", default="LOOKUP(@rate, kind = parent.kind, price)"),
        rules=[{"key": "known", "check": "COUNT(@rate[kind = parent.kind AND price >= parent.price]) > 0", "at": "price",
                "message": label("Too dear")}],
    )  # fmt: skip
    assert (await shop.install(package("jobs", rate, job))).status_code == 201
    rates, jobs = (f"/api/apps/jobs/records/{key}" for key in ("rate", "job"))
    prices = [{"action": "create", "values": {"kind": kind, "price": price}} for kind, price in (("a", "1"), ("b", "2"))]
    await bulk(shop, {"changes": prices}, path=rates)
    asked = [{"kind": "a"}, {"kind": "b"}, {"kind": "a", "price": "0.5"}, {"kind": "c"}, {"kind": "b", "price": "3"}, {"kind": "b"}]
    changes = [{"action": "create", "values": values} for values in asked]
    done = await bulk(shop, {"mode": "each", "return": "records", "changes": changes}, path=jobs)
    assert [r["record"]["price"] if "record" in r else r["errors"][0]["code"] for r in done["results"]] == [
        "1", "2", "0.5", "record-rule-broken", "record-rule-broken", "2",
    ]  # fmt: skip
    wrong = [{"action": "update", "id": r["id"], "values": {"price": "1.5"}} for r in done["results"] if "id" in r]
    again = await bulk(shop, {"mode": "each", "changes": wrong}, path=jobs)
    assert ["errors" in r for r in again["results"]] == [True, False, True, False]


async def test_more_than_a_request_may_change_is_refused_with_the_count(stocked: Shop) -> None:
    await stocked.database.execute(
        """INSERT INTO app_store.part (id, revision, created_at, created_by, updated_at, updated_by, code, quantity, name)
           SELECT gen_random_uuid(), 1, now(), gen_random_uuid(), now(), gen_random_uuid(), 'M' || n, 1, 'many'
           FROM generate_series(1, 10001) AS n"""
    )
    await refused(stocked, stocked.admin, "POST", f"{PARTS}/bulk", {"filter": 'name = "many"', "action": "delete"}, 422,
                  "record-too-many", zh="10001 条", en="matches 10001 records")  # fmt: skip
    await stocked.database.execute("DELETE FROM app_store.part WHERE name = 'many'")


@pytest.mark.parametrize(("body", "places"), [
    ({}, [("request-bulk-form", "/changes")]),
    ({"changes": [], "filter": "TRUE", "action": "delete"}, [("request-bulk-form", "/changes")]),
    ({"filter": "TRUE"}, [("request-bulk-form", "/changes")]),
    ({"changes": [{"action": "update"}, {"action": "upsert"}]},
     [("request-value-missing", "/changes/0/id"), ("request-value-missing", "/changes/1/by")]),
    ({"changes": [{"action": "explode"}], "mode": "some"}, [("request-value-invalid", "/changes/0/action"), ("request-value-invalid", "/mode")]),
    ({"changes": [{"action": "create", "values": []}]}, [("request-value-wrong-type", "/changes/0/values")]),
    ({"changes": [{"action": "delete"}] * 10001}, [("request-value-too-long", "/changes")]),
], ids=["nothing", "both", "no action", "incomplete", "unknown words", "no object", "too many"])  # fmt: skip
async def test_what_is_no_request_for_many_changes(stocked: Shop, body: dict[str, Any], places: list[tuple[str, str]]) -> None:
    await refused(stocked, stocked.admin, "POST", f"{PARTS}/bulk", body, 422, "request-invalid", *places)


async def test_who_may_not_change_records_may_not_change_many(shop: Shop) -> None:
    note = await shop.create("note", name="theirs")
    body = {"changes": [{"action": "update", "id": note["id"], "values": {"name": "mine"}}], "mode": "each"}
    done = (await shop.worker.post("/api/apps/workshop/records/note/bulk", body)).json()
    assert [e["code"] for e in done["results"][0]["errors"]] == ["record-not-found"]
    problem_of(await shop.reader.post("/api/apps/workshop/records/order/bulk", {"changes": creates("x")}), 403, "access-denied")


async def test_a_repeat_has_the_first_answer_also_when_both_come_at_once(stocked: Shop) -> None:
    body = {"mode": "each", "changes": [*creates("F1", "F2", "F2")]}
    answers = await asyncio.gather(*(bulk(stocked, body, idempotency_key="bulk 1") for _ in range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert (answers[0]["saved"], answers[0]["refused"]) == (2, 1)
    assert await codes(stocked, 'code >= "F" AND code < "G"') == ["F1", "F2"]
    assert await bulk(stocked, body, idempotency_key="bulk 1") == answers[0]
    await refused(stocked, stocked.admin, "POST", f"{PARTS}/bulk", {**body, "mode": "all"}, 409, "request-idempotency-key-reused",
                  idempotency_key="bulk 1")  # fmt: skip
    swept = {"filter": 'code = "F1"', "action": "update", "values": {"code": "F0"}}
    once = await bulk(stocked, swept, idempotency_key="bulk 2")
    assert once["saved"] == 1
    assert await bulk(stocked, swept, idempotency_key="bulk 2") == once


async def test_upsert_by_keys_with_rows_matched_by_theirs(stocked: Shop) -> None:
    sent = {"name": "a", "hall": "north", "row": "1.04", "shelves": [{"shelf": "top", "height": "2"}, {"shelf": "low", "height": "1"}]}
    body = {"by": ["hall", "row"], "lines_by": {"shelves": ["shelf"]}, "values": sent}
    made = await stocked.admin.post(f"{BINS}/upsert", body)
    assert (made.status_code, made.json()["row"]) == (201, "1")
    again = {**sent, "name": "b", "row": "1", "shelves": [{"shelf": "low", "height": "1.5"}, {"shelf": "new"}]}
    changed = await stocked.admin.post(f"{BINS}/upsert", {**body, "values": again})
    assert (changed.status_code, changed.json()["id"], changed.json()["name"]) == (200, made.json()["id"], "b")
    low, new = changed.json()["shelves"]
    assert (low["id"], low["height"]) == (made.json()["shelves"][1]["id"], "1.5")
    assert new["id"] not in {row["id"] for row in made.json()["shelves"]}
    by_id = await stocked.admin.post(f"{BINS}/upsert", {"by": ["id"], "values": {"id": made.json()["id"], "name": "c"}})
    assert (by_id.status_code, by_id.json()["name"]) == (200, "c")
    path, wrong = f"{BINS}/upsert", {**body, "lines_by": {"shelves": ["color"]}}
    await refused(stocked, stocked.admin, "POST", path, wrong, 422, "record-invalid", ("record-line-key-unknown", "/lines_by/shelves"))
    twice = {"mode": "each", "changes": [{"action": "upsert", **body}, {"action": "upsert", **body}]}
    done = await bulk(stocked, twice, path=BINS)
    assert [e["code"] for r in done["results"] for e in r.get("errors", [])] == ["record-change-twice"]


async def test_of_two_who_make_the_same_record_one_makes_it_and_the_others_change_it(stocked: Shop) -> None:
    names = [f"writer {n}" for n in range(8)]
    answers = await asyncio.gather(
        *(stocked.admin.post(f"{PARTS}/upsert", {"by": ["code"], "values": {"code": "G1", "name": name}}) for name in names)
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert sorted(answer.json()["revision"] for answer in answers) == list(range(1, 9))
    changes = [{"action": "upsert", "by": ["code"], "values": {"code": f"G{n}"}} for n in range(50)]
    done = await asyncio.gather(*(bulk(stocked, {"changes": order}) for order in (changes, changes[::-1])))
    assert [answer["saved"] for answer in done] == [50, 50]
