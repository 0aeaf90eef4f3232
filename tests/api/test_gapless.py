"""Gapless numbers: none is missing and none given twice, whoever saves at once and whatever fails; and how counters go on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from copy import deepcopy
from typing import Any

import pytest

from dougong.model.resolve import resolve
from dougong.packages.library import read_package
from dougong.store.counters import verify_numbers
from tests.workshop import Document, Shop, element, entity, label, options, package

BOOKS = "/api/apps/books/records"
PATTERN = "V-{yyyyMM}-{000}"


def books(**numbering: object) -> Document:
    """Return an app of vouchers that are numbered by company and month, of notes with an idea of their own, and of fast slips."""
    voucher = entity(
        "voucher", "number",
        element("number", "sequence", pattern=PATTERN, **{"mode": "gapless", "per": ["company"], "date": "on", **numbering}),
        element("company", "choice", options=options("east", "west")),
        element("on", "date", required=True),
        element("code", "text", unique=True),
        element("amount", "money", min_="0"),
        unique=[{"key": "numbers", "fields": ["company", "number"]}],
    )  # fmt: skip
    slip = entity("slip", "number", element("number", "sequence", pattern="{yyyy}/{00}", reset="year", start=5), element("text", "text"))
    return package("books", voucher, slip)


@pytest.fixture(scope="module")
async def bookshop(shop: Shop) -> AsyncIterator[Shop]:
    installed = await shop.install(books())
    assert installed.status_code == 201, installed.text
    yield shop


async def numbers(shop: Shop, company: str, month: str) -> list[str]:
    rows = await shop.database.fetch(
        "SELECT number FROM app_books.voucher WHERE company = $1 AND number LIKE $2 ORDER BY number", company, f"V-{month}-%"
    )
    return [row["number"] for row in rows]


async def test_numbers_have_no_gaps_whoever_saves_at_once_and_whatever_fails(bookshop: Shop) -> None:
    async def post(place: int) -> int:
        # Every third asks for a code that is taken, which only the database can say, when the number is given already.
        code = "same" if place % 3 == 0 else f"code {place}"
        voucher = {"company": "east", "on": "2026-03-05", "code": code, "amount": "1"}
        return int((await bookshop.admin.post(f"{BOOKS}/voucher", voucher)).status_code)

    answers = await asyncio.gather(*(post(place) for place in range(60)))
    assert sorted(set(answers)) == [201, 422]
    assert answers.count(201) == 41
    assert await numbers(bookshop, "east", "202603") == [f"V-202603-{place:03}" for place in range(1, 42)]


async def test_each_company_and_month_counts_for_itself(bookshop: Shop) -> None:
    made = [
        (await bookshop.admin.post(f"{BOOKS}/voucher", {"company": company, "on": on})).json()["number"]
        for company, on in (("west", "2026-04-30"), ("west", "2026-04-01"), ("west", "2026-05-01"), (None, "2026-04-02"))
    ]
    assert made == ["V-202604-001", "V-202604-002", "V-202605-001", "V-202604-001"]


async def test_a_number_stays_used_when_its_record_goes_to_the_trash(bookshop: Shop) -> None:
    first = (await bookshop.admin.post(f"{BOOKS}/voucher", {"company": "west", "on": "2026-06-01"})).json()
    assert (await bookshop.admin.ask("DELETE", f"{BOOKS}/voucher/{first['id']}")).status_code == 204
    second = (await bookshop.admin.post(f"{BOOKS}/voucher", {"company": "west", "on": "2026-06-01"})).json()
    assert (first["number"], second["number"]) == ("V-202606-001", "V-202606-002")


async def test_fast_numbers_begin_where_the_field_says(bookshop: Shop) -> None:
    made = [(await bookshop.admin.post(f"{BOOKS}/slip", {"text": "a"})).json()["number"] for _ in range(2)]
    assert [number[5:] for number in made] == ["05", "06"]


async def test_a_repeat_of_a_request_takes_no_number(bookshop: Shop) -> None:
    body = {"company": "west", "on": "2026-07-01"}
    answers = [(await bookshop.admin.ask("POST", f"{BOOKS}/voucher", body, Idempotency_Key="voucher 1")).json()["number"] for _ in range(2)]
    assert answers == ["V-202607-001"] * 2
    assert await numbers(bookshop, "west", "202607") == ["V-202607-001"]


async def test_counting_goes_on_after_the_highest_there_is_when_it_changes(bookshop: Shop) -> None:
    assert (await bookshop.publish(books(mode="fast", per=[], date=None))).status_code == 201
    today = (await bookshop.admin.post(f"{BOOKS}/voucher", {"on": "2026-01-01"})).json()["number"]
    assert (await bookshop.publish(books())).status_code == 201
    month = f"{today[2:6]}-{today[6:8]}-15"
    later = [(await bookshop.admin.post(f"{BOOKS}/voucher", {"on": month})).json()["number"] for _ in range(2)]
    assert [int(number[-3:]) - int(today[-3:]) for number in later] == [1, 2]
    assert (await bookshop.admin.post(f"{BOOKS}/voucher", {"company": "east", "on": "2026-03-01"})).json()["number"] == "V-202603-042"
    assert (await bookshop.publish(books(mode="fast", per=[], date=None))).status_code == 201
    again = (await bookshop.admin.post(f"{BOOKS}/voucher", {"on": "2026-01-01"})).json()["number"]
    assert int(again[-3:]) - int(later[-1][-3:]) == 1
    assert (await bookshop.publish(books())).status_code == 201


async def test_verify_finds_what_is_missing_and_what_is_there_twice(bookshop: Shop) -> None:
    organization, _ = resolve(read_package("organization"), 1)
    model, issues = resolve(books(), 1, {}, organization)
    assert model is not None, issues
    assert await verify_numbers(bookshop.database, model) == []
    for number in range(1, 4):
        await bookshop.admin.post(f"{BOOKS}/voucher", {"company": "west", "on": "2026-08-01", "code": f"verify {number}"})
    transaction = bookshop.database.transaction()
    await transaction.start()
    await bookshop.database.execute("DELETE FROM app_books.voucher WHERE code = 'verify 2'")
    found = await verify_numbers(bookshop.database, model)
    assert [(row["entity"], row["field"], row["scope"], row["period"], row["n"], row["found"]) for row in found] == [
        ("voucher", "number", "west", "202608", 3, 2)
    ]
    await transaction.rollback()


def changed(**numbering: Any) -> Document:  # noqa: ANN401 – any property
    return deepcopy(books(**numbering))


@pytest.mark.parametrize(
    ("document", "code", "pointer"),
    [
        pytest.param(changed(reset="day"), "definition-sequence-reset", "reset", id="the day is not shown"),
        pytest.param(changed(mode="fast", date=None), "definition-sequence-gapless", "per", id="fast numbers by company"),
        pytest.param(changed(mode="fast", per=[]), "definition-sequence-gapless", "date", id="fast numbers by date"),
        pytest.param(changed(per=["amount"]), "definition-sequence-per", "per", id="counted by an amount"),
        pytest.param(changed(per=["nobody"]), "definition-field-unknown", "per", id="counted by no field"),
        pytest.param(changed(date="code"), "definition-sequence-date", "date", id="a text for the day"),
    ],
)
def test_what_cannot_be_counted_is_refused(document: Document, code: str, pointer: str) -> None:
    organization, _ = resolve(read_package("organization"), 1)
    _, issues = resolve(document, 1, {}, organization)
    assert [(found.code, found.pointer) for found in issues] == [(code, f"/entities/voucher/fields/number/{pointer}")]


ROLLED = "/api/apps/rolled/records"


def rolled() -> Document:
    """Return an app in which saving a voucher goes on to its account, so that the number is given at the end of the transaction."""
    way_back = {"key": "vouchers", "name": label("Vouchers")}
    account = entity("account", "name", element("name", "text"), element("total", "money", formula="SUM(vouchers.amount)"))
    voucher = entity(
        "voucher", "serial",
        element("serial", "sequence", pattern="{0000}", mode="gapless"), element("code", "text", unique=True),
        element("account", "reference", to="account", inverse=way_back), element("amount", "money"),
        element("lines", "lines", fields=[element("text", "text")]),
        element("share", "number", scale=2, formula="amount + 0 * account.total"),
        rules=[{"key": "low", "check": "share > 0", "message": label("Too little")}],
    )  # fmt: skip
    return package("rolled", account, voucher)


async def serials(shop: Shop) -> list[str]:
    rows = await shop.database.fetch("SELECT serial FROM app_rolled.voucher ORDER BY serial")
    return [row["serial"] for row in rows]


async def test_numbers_that_wait_for_what_follows_have_no_gaps_either(shop: Shop) -> None:
    assert (await shop.install(rolled())).status_code == 201
    made = [(await shop.admin.post(f"{ROLLED}/account", {"name": name})).json()["id"] for name in ("a", "b", "c")]

    async def post(place: int) -> int:
        # Some are refused by the database when they are saved, some when what follows them is judged.
        body = {"account": made[place % 3], "code": "same" if place % 5 == 0 else f"c{place}", "amount": "-1" if place % 7 == 0 else "1"}
        return int((await shop.admin.post(f"{ROLLED}/voucher", body)).status_code)

    answers = await asyncio.gather(*(post(place) for place in range(50)))
    assert set(answers) == {201, 422}
    count = answers.count(201)
    assert await serials(shop) == [f"{place:04}" for place in range(1, count + 1)]

    body = {"account": made[0], "amount": "2", "lines": [{"text": "x"}]}
    answers_of_one = [await shop.admin.ask("POST", f"{ROLLED}/voucher", body, Idempotency_Key="rolled 1") for _ in range(2)]
    first, again = (answer.json() for answer in answers_of_one)
    assert first == again
    assert (first["serial"], first["revision"], [row["text"] for row in first["lines"]]) == (f"{count + 1:04}", 1, ["x"])
    assert (await shop.admin.get(f"{ROLLED}/voucher/{first['id']}")).json()["serial"] == first["serial"]
    history = await shop.database.fetchval("SELECT changes::text FROM dougong.history WHERE record_id = $1", first["id"])
    assert json.loads(history)["serial"] == first["serial"]

    changes = [{"action": "create", "values": {"account": made[1], "code": code, "amount": "1"}} for code in ("d1", "d2", "d1", "d3")]
    bulk = (await shop.admin.post(f"{ROLLED}/voucher/bulk", {"mode": "each", "return": "records", "changes": changes})).json()
    assert [row.get("record", {}).get("serial") for row in bulk["results"]] == [
        f"{count + 2:04}", f"{count + 3:04}", None, f"{count + 4:04}",
    ]  # fmt: skip
    assert await serials(shop) == [f"{place:04}" for place in range(1, count + 5)]
