"""Guarded changes: nothing runs short whoever takes at once; what is there is granted, what is not is told; nothing is half done."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from dougong.model.resolve import resolve
from dougong.packages.library import read_package
from tests.api.browser import problem_of
from tests.workshop import Document, Shop, element, entity, label, package

STORE = "/api/apps/depot/records"
STOCK = f"{STORE}/stock"


def depot(is_followed: bool = False, **others: object) -> Document:
    """Return an app of stock by item and place, of which no more can be reserved than is there.

    is_followed: items know what of them is reserved, so that a change takes more than one statement.
    """
    taken = [element("taken", "number", scale=1, formula="SUM(stocks.reserved)")] if is_followed else []
    way_back = {"key": "stocks", "name": label("Stocks")}
    item = entity("item", "name", element("name", "text"), *taken)
    stock = entity(
        "stock", "name",
        element("name", "text"),
        element("item", "reference", to="item", inverse=way_back), element("place", "text"),
        element("on_hand", "number", scale=1, default="0", min_="0", max_="1000000"), element("reserved", "number", scale=1, default="0"),
        element("free", "number", scale=1, formula="on_hand - reserved"),
        element("note", "text", max_length=5),
        unique=[{"key": "where", "fields": ["item", "place"]}],
        **{"guards": [{"key": "available", "check": "free >= 0", "message": label("Not enough")}], **others},
    )  # fmt: skip
    document = package("depot", item, stock)
    document["roles"].append({"key": "looker", "name": label("Looker")})
    return document


@pytest.fixture(scope="module", params=[False, True], ids=["one statement", "several"])
async def depots(shop: Shop, request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    """The app, in which guarded changes are first made in one statement, then followed by others."""
    document = depot(request.param)
    made = await (shop.publish(document) if request.param else shop.install(document))
    assert made.status_code == 201, made.text
    yield shop


async def take(shop: Shop, *rows: Document, **body: Any) -> httpx.Response:  # noqa: ANN401 – any JSON
    return await shop.admin.post(f"{STOCK}/guarded", {"rows": list(rows), **body})


async def stock_of(shop: Shop, on_hand: str, name: str = "nuts") -> str:
    made = await shop.admin.post(STOCK, {"name": name, "on_hand": on_hand})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def stocks_of(shop: Shop, item: str) -> list[Document]:
    found: list[Document] = (await shop.admin.get(f"{STOCK}?filter=item = {json.dumps(item)}")).json()["records"]
    return found


async def amounts(shop: Shop, record: str) -> tuple[str, str, str]:
    found = (await shop.admin.get(f"{STOCK}/{record}")).json()
    return found["on_hand"], found["reserved"], found["free"]


async def test_all_or_nothing_with_what_there_is(depots: Shop) -> None:
    few, many = await stock_of(depots, "3", "few"), await stock_of(depots, "10")
    answer = await take(depots, {"id": many, "add": {"reserved": "4"}}, {"id": few, "add": {"reserved": "2"}}, {"id": few, "add": {"reserved": "2"}})
    found = problem_of(answer, 409, "record-short")
    assert found["short"] == [{"row": 2, "guard": "available", "asked": {"reserved": "2"}, "available": "1"}]
    assert [(one["pointer"], one["detail"]) for one in found["errors"]] == [("/rows/2", "Not enough (few: 2 asked, 1 available)")]
    assert await amounts(depots, many) == ("10", "0", "10")
    answer = await take(depots, {"id": many, "add": {"reserved": "4"}}, {"id": few, "add": {"reserved": "3"}, "set": {"note": "all"}})
    assert answer.status_code == 200, answer.text
    assert [(row["granted"], row["record"]["free"], row["record"]["note"]) for row in answer.json()["rows"]] == [
        ({"reserved": "4"}, "6", None), ({"reserved": "3"}, "0", "all"),
    ]  # fmt: skip


async def test_what_is_left_is_granted(depots: Shop) -> None:
    few = await stock_of(depots, "3.7")
    answer = await take(depots, *({"id": few, "add": {"reserved": "1.5"}} for _ in range(4)), mode="granted")
    assert [row["granted"]["reserved"] for row in answer.json()["rows"]] == ["1.5", "1.5", "0.7", "0"]
    assert await amounts(depots, few) == ("3.7", "3.7", "0")
    nothing = (await take(depots, {"id": few, "add": {"reserved": "1"}}, mode="granted")).json()["rows"][0]
    assert (nothing["granted"], nothing["record"], nothing["revision"]) == ({"reserved": "0"}, None, 2)


async def test_what_comes_first_in_a_request_may_need_what_comes_later(depots: Shop) -> None:
    few = await stock_of(depots, "1")
    answer = await take(depots, {"id": few, "add": {"reserved": "5"}}, {"id": few, "add": {"on_hand": "4"}})
    assert answer.status_code == 200, answer.text
    assert await amounts(depots, few) == ("5", "5", "0")


async def test_a_guard_of_the_request_and_the_least_value_of_a_field_hold_too(depots: Shop) -> None:
    few = await stock_of(depots, "5")
    answer = await take(depots, {"id": few, "add": {"on_hand": "-3"}}, guard="on_hand >= 4")
    assert problem_of(answer, 409, "record-short")["short"] == [{"row": 0, "guard": None, "asked": {"on_hand": "-3"}, "available": "-1"}]
    told = """NOT(note = "it's 5%") AND free > 0.5 AND CONTAINS(name, "nu")"""
    assert (await take(depots, {"id": few, "add": {"on_hand": "-1"}}, guard=told)).status_code == 200
    assert (await take(depots, {"id": few, "add": {"on_hand": "1"}}, guard="on_hand = 5")).status_code == 200
    answer = await take(depots, {"id": few, "add": {"on_hand": "-9"}})
    assert problem_of(answer, 409, "record-short")["short"][0]["available"] == "-5"
    answer = await take(depots, {"id": few, "add": {"on_hand": "1", "reserved": "7"}})
    assert problem_of(answer, 409, "record-short")["short"][0]["available"] is None


async def test_a_guard_holds_for_every_change(depots: Shop) -> None:
    few = await stock_of(depots, "5")
    answer = await depots.admin.ask("PATCH", f"{STOCK}/{few}", {"reserved": "6"})
    assert [one["code"] for one in problem_of(answer, 422, "record-invalid")["errors"]] == ["record-rule-broken"]
    answer = await depots.admin.post(STOCK, {"on_hand": "1", "reserved": "2"})
    assert [one["code"] for one in problem_of(answer, 422, "record-invalid")["errors"]] == ["record-rule-broken"]


async def test_records_are_found_by_their_key_and_made_where_they_are_missing(depots: Shop) -> None:
    item = (await depots.admin.post(f"{STORE}/item", {"name": "bolt"})).json()["id"]
    row = {"key": {"item": item, "place": "A"}, "add": {"on_hand": "2"}}
    missing = problem_of(await take(depots, row), 422, "record-invalid")
    assert [(one["code"], one["pointer"]) for one in missing["errors"]] == [("record-guarded-missing", "/rows/0")]
    answers = await asyncio.gather(*(take(depots, row, row, create=True) for _ in range(6)))
    assert [answer.status_code for answer in answers] == [200] * 6
    answers = await asyncio.gather(*(take(depots, row, row) for _ in range(3)))
    assert [[one["granted"]["on_hand"] for one in answer.json()["rows"]] for answer in answers] == [["2", "2"]] * 3
    assert [one["on_hand"] for one in await stocks_of(depots, item)] == ["36"]
    # A record in the trash is not there, under whatever key.
    gone = answers[0].json()["rows"][0]["id"]
    assert (await depots.admin.ask("DELETE", f"{STOCK}/{gone}")).status_code == 204
    assert problem_of(await take(depots, row), 422, "record-invalid")["errors"][0]["code"] == "record-guarded-missing"
    assert problem_of(await take(depots, {"id": gone, "add": {"on_hand": "1"}}), 422, "record-invalid")["errors"][0]["code"] == "record-guarded-missing"


async def test_history_and_repeats(depots: Shop) -> None:
    few = await stock_of(depots, "5")
    row = {"id": few, "add": {"reserved": "4"}}
    key = f"take 4 of {few}"
    answers = [await depots.admin.post(f"{STOCK}/guarded", {"rows": [row]}, Idempotency_Key=key) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({answer.text for answer in answers}) == 1
    assert await amounts(depots, few) == ("5", "4", "1")
    history = await depots.database.fetch("SELECT action, changes::text FROM dougong.history WHERE record_id = $1 ORDER BY id", few)
    assert [row["action"] for row in history] == ["create", "update"]
    assert json.loads(history[1]["changes"]) == {"reserved": ["0", "4"], "free": ["5", "1"]}
    again = await depots.admin.post(f"{STOCK}/guarded", {"rows": [row, row]}, Idempotency_Key=key)
    assert problem_of(again, 409, "request-idempotency-key-reused")


async def test_many_clients_never_take_more_than_there_is(depots: Shop) -> None:
    items = [await stock_of(depots, "20") for _ in range(5)]
    chance = random.Random(7)

    async def client() -> list[dict[str, int]]:
        taken = []
        for _ in range(3):
            wanted = {item: chance.randint(1, 3) for item in chance.sample(items, 3)}
            answer = await take(depots, *({"id": item, "add": {"reserved": str(count)}} for item, count in wanted.items()))
            assert answer.status_code in (200, 409), answer.text
            if answer.status_code == 200:
                taken.append(wanted)
        return taken

    taken = [one for found in await asyncio.gather(*(client() for _ in range(20))) for one in found]
    for item in items:
        count = sum(wanted.get(item, 0) for wanted in taken)
        assert count <= 20
        assert (await amounts(depots, item))[1] == str(count)
    left = [20 - sum(wanted.get(item, 0) for wanted in taken) for item in items]
    assert sum(free < 3 for free in left) >= 3  # it did run short


async def test_who_may_not_change_records_may_not_take_of_them(depots: Shop) -> None:
    few = await stock_of(depots, "5")
    answer = await depots.guest.post(f"{STOCK}/guarded", {"rows": [{"id": few, "add": {"reserved": "1"}}]})
    problem_of(answer, 404, "app-not-found")


UNKNOWN = "01890000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("row", "others", "code", "pointer"),
    [
        pytest.param({"id": UNKNOWN, "add": {"on_hand": "1"}}, {}, "record-guarded-missing", "/rows/0", id="nobody"),
        pytest.param({"add": {"on_hand": "1"}}, {}, "record-guarded-key", "/rows/0", id="neither id nor key"),
        pytest.param({"key": {"place": "A"}, "add": {"on_hand": "1"}}, {}, "record-guarded-key", "/rows/0", id="part of a key"),
        pytest.param({"id": UNKNOWN, "add": {"note": "1"}}, {}, "record-guarded-add", "/rows/0/add/note", id="add to a text"),
        pytest.param({"id": UNKNOWN, "add": {"free": "1"}}, {}, "record-field-read-only", "/rows/0/add/free", id="add to a computed field"),
        pytest.param({"id": UNKNOWN, "add": {"x": "1"}}, {}, "record-field-unknown", "/rows/0/add/x", id="add to no field"),
        pytest.param({"id": UNKNOWN, "add": {"on_hand": "many"}}, {}, "record-number-invalid", "/rows/0/add/on_hand", id="add no number"),
        pytest.param({"id": UNKNOWN, "set": {"note": "too long"}}, {}, "record-text-too-long", "/rows/0/set/note", id="set too long"),
        pytest.param({"id": UNKNOWN, "set": {"note": "a"}}, {"mode": "granted"}, "record-guarded-one", "/rows/0/add", id="a part of nothing"),
        pytest.param({"id": UNKNOWN, "add": {"on_hand": "1"}}, {"guard": "on_hand >="}, "expression-expected-value-at-end", "/guard", id="no expression"),
        pytest.param({"id": UNKNOWN, "add": {"on_hand": "1"}}, {"guard": "on_hand"}, "definition-formula-type", "/guard", id="no condition"),
        pytest.param({"id": UNKNOWN, "add": {"on_hand": "1"}}, {"guard": 'item.name = "a"'}, "definition-guard-path", "/guard", id="another record"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_named(depots: Shop, row: Document, others: Document, code: str, pointer: str) -> None:
    found = problem_of(await take(depots, row, **others), 422, "record-invalid")["errors"]
    assert [(one["code"], one["pointer"]) for one in found] == [(code, pointer)]


async def test_two_values_for_one_field_of_one_record_are_refused(depots: Shop) -> None:
    few = await stock_of(depots, "5")
    answer = await take(depots, {"id": few, "set": {"note": "a"}}, {"id": few, "set": {"note": "b"}})
    assert [(one["code"], one["pointer"]) for one in problem_of(answer, 422, "record-invalid")["errors"]] == [("record-guarded-twice", "/rows/1/set/note")]


async def test_a_body_of_the_wrong_shape_is_refused(depots: Shop) -> None:
    found = problem_of(await take(depots, mode="some"), 422, "request-invalid")["errors"]
    assert sorted(one["pointer"] for one in found) == ["/mode", "/rows"]


def test_a_guard_reads_its_own_record_alone_and_says_something() -> None:
    organization, _ = resolve(read_package("organization"), 1)
    guards = [{"key": "far", "check": 'item.name = "a"', "message": label("no")}, {"key": "mute", "check": "free >= 0", "message": {"en": " "}}]
    _, issues = resolve(depot(guards=guards), 1, {}, organization)
    at = "/entities/stock/guards"
    assert {(found.code, found.pointer) for found in issues} == {("definition-guard-path", f"{at}/far/check"), ("definition-rule-message", f"{at}/mute/message")}
