"""Lists over HTTP: filters, search, fields, totals, and every parameter that is not right."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.refusal import refused
from tests.workshop import RECORDS, Shop

GAUGES = f"{RECORDS}/gauge"
WORDS = ["100%", "1000", "a_b", "axb", "back\\slash", "backslash", "ÄÖÜ", "äöü", "表单引擎", "quote'\"", "", "%", "_", "\\"]


@pytest.fixture(scope="module")
async def gauges(shop: Shop) -> list[dict[str, Any]]:
    """Return gauges with words that a careless search would misread, and one in the trash."""
    maker = await shop.create("maker", name="gauge maker", city="上海")
    made = [
        await shop.create("gauge", name=words, words=words, n=str(n), d=f"2026-01-{n + 1:02}", b=n % 2 == 0, c="xyz"[n % 3],
                          t=f"2026-01-01T{n:02}:00:00Z", maker=maker["id"] if n % 4 == 0 else None)
        for n, words in enumerate(WORDS)
    ]  # fmt: skip
    gone = await shop.create("gauge", name="100% gone", words="100% gone", n="3")
    assert (await shop.manager.ask("DELETE", f"{GAUGES}/{gone['id']}")).status_code == 204
    return made


async def ask(shop: Shop, path: str = GAUGES, **query: str) -> dict[str, Any]:
    answer = await shop.manager.get(f"{path}?{httpx.QueryParams({'limit': '200', **query})}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def folded(text: str) -> str:
    """Return a text as search compares it: large and small letters of ASCII are the same."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


async def names(shop: Shop, **query: str) -> set[str | None]:
    return {record["name"] for record in (await ask(shop, **query))["records"]}


@pytest.mark.parametrize("words", [word for word in WORDS if word] + ["0%", "k\\s", "单引", "QUOTE", "'", "a_"])
async def test_search_takes_words_as_they_are(shop: Shop, gauges: list[dict[str, Any]], words: str) -> None:
    found = await names(shop, search=words, total="exact")
    assert found == {word for word in WORDS if folded(words) in folded(word)}
    page = await ask(shop, search=words, total="exact", limit="1")
    assert page["total"] == len(found)


@pytest.mark.parametrize(("text", "expected"), [
    ('name = "100%"', {0}), ("n < 2", {0, 1}), ("n >= 12 AND b", {12}), ('c = "y"', {1, 4, 7, 10, 13}), ("NOT b", {1, 3, 5, 7, 9, 11, 13}),
    ("d = DATE(2026, 1, 3)", {2}), ("BETWEEN(d, DATE(2026, 1, 2), DATE(2026, 1, 3))", {1, 2}), ("NOSUCH(t) = 8", None),
    ('CONTAINS(name, "%")', {0, 11}), ('STARTSWITH(name, "a")', {2, 3}), ("ISBLANK(name)", {10}), ("ISBLANK(maker)", None),
    ('maker.city = "上海"', {0, 4, 8, 12}), ('maker.name = "gauge maker" AND n > 4', {8, 12}), ('IN(c, "x", "z") AND n < 3', {0, 2}),
    ("n / 0 = 1", set()), ("1 / n > 0.4", {1, 2}), ("n = 0.0", {0}), ("created_by = CURRENTUSER() AND n = 5", {5}), ("TRUE", set(range(14))),
    ("revision = 1 AND n = 6", {6}), ('words = "quote\'""" OR FALSE', {9}), ("t < NOW() AND d < TODAY()", set(range(14))),
])  # fmt: skip
async def test_filter(shop: Shop, gauges: list[dict[str, Any]], text: str, expected: set[int] | None) -> None:
    if text == "NOSUCH(t) = 8":  # no such function: told with its place in the text
        await refused(shop, shop.manager, "GET", f"{GAUGES}?filter=NOSUCH(t)", None, 400, "request-query-invalid",
                      ("expression-unknown-function", "filter"))  # fmt: skip
        return
    expected = {n for n in range(14) if n % 4} if expected is None else expected
    page = await ask(shop, filter=text, total="exact", sort="n")
    assert [int(record["n"]) for record in page["records"]] == sorted(expected)
    assert (page["total"], page["total_is_exact"]) == (len(expected), True)


@pytest.mark.parametrize(("text", "expected"), [
    ("NULL", set()), ("NOT NULL", set(range(14))), ("IF(b, NULL)", set()), ("NULL OR n = 1", {1}), ("NULL AND b", set()),
    ("b < TRUE", {1, 3, 5, 7, 9, 11, 13}), ("b >= TRUE AND n < 3", {0, 2}), ("FALSE < b AND n < 3", {0, 2}), ("NULL > TRUE", set()),
    ("b <= NOT b AND n < 3", {1}), ("BETWEEN(b, FALSE, n > 11 OR b) AND n > 10", {12, 13} | {11}), ("b > NULL", set()),
    ('BETWEEN(name, "a", "b")', {2, 3}), ("BETWEEN(name, words, words) AND n < 2", {0, 1}), ('BETWEEN(c, "x", "y") AND n < 3', {0, 1}),
    ('BETWEEN("b", "a", words) AND n < 9', {4, 5, 6, 7, 8}), ("BETWEEN(NULL, name, words)", set()),
    ("DATE(2025 + revision, 1, n + 1) = d", set(range(14))), ("revision < 99999999999", set(range(14))), ("revision / 2 = 0.5 AND n = 1", {1}),
])  # fmt: skip
async def test_filter_with_blanks_and_truths_and_bounds(
    shop: Shop, gauges: list[dict[str, Any]], text: str, expected: set[int]
) -> None:
    page = await ask(shop, filter=text, sort="n")
    assert {int(record["n"]) for record in page["records"]} == expected


async def test_filter_that_would_make_a_text_beyond_all_measure(shop: Shop, gauges: list[dict[str, Any]]) -> None:
    bomb = "name"
    for _ in range(5):
        bomb = f'SUBSTITUTE({bomb}, "b", "{"b" * 300}")'
    assert (await ask(shop, filter=f"LEN({bomb}) > 1000000"))["records"] == []


@pytest.mark.parametrize("key", ["99999999999", '"1e37"', "-1", "1.5", '"0.5"'])
async def test_position_by_a_revision_may_be_any_number(shop: Shop, gauges: list[dict[str, Any]], key: str) -> None:
    everything = len((await ask(shop))["records"])
    above = (await ask(shop, sort="revision", **{"from": key}))["records"]
    below = (await ask(shop, sort="-revision", **{"from": key}))["records"]
    assert len(above) + len(below) == everything
    for place in ("after", "before"):
        await ask(shop, sort="revision", **{place: f'[{key}, "{gauges[0]["id"]}"]'})


async def test_filter_over_rows(shop: Shop) -> None:
    thing = await shop.create("thing", name="listed", price="2")
    sizes = [0, 1, 3]
    orders = [await shop.order(lines=[{"thing": thing["id"], "quantity": str(n + 1)} for n in range(size)]) for size in sizes]
    path = f"{RECORDS}/order"
    for text, expected in (
        ("COUNT(lines) > 0", [1, 2]), ("SUM(lines.amount) = 12", [2]), ("total = 2", [1]), ("COUNT(lines[quantity > 1]) = 2", [2]),
        ("ISERROR(average)", [0]), ("average > 2", [2]), ('maker.contact = "Ann" AND total = 0', [0]),
    ):  # fmt: skip
        found = {record["id"] for record in (await ask(shop, path, filter=text))["records"]}
        assert found == {orders[n]["id"] for n in expected}, text
    dear = await shop.create("thing", name="dear", price="7")
    both = await shop.order(lines=[{"thing": one["id"], "quantity": "1"} for one in (thing, dear)])
    for text in (
        "SUM(lines.thing.price) = 9", "MAX(lines.thing.price) = 7 AND COUNT(lines) = 2", "COUNT(lines[thing.price > 2]) = 1",
        "SUM(lines[thing.price > 2].amount) = 7", 'IN("dear", lines.thing.name)', "IN(7, lines.thing.price) AND total = 9",
        'COUNT(lines[thing.name = "dear" AND parent.total = 9]) = 1', "AVERAGE(lines.thing.price) = 4.5",
    ):  # fmt: skip
        found = {record["id"] for record in (await ask(shop, path, filter=text))["records"]}
        assert found == {both["id"]}, text
    rows = (await ask(shop, f"{path}.lines", filter="parent.total = 12 AND quantity > 1", sort="quantity"))["records"]
    assert [row["quantity"] for row in rows] == ["2", "3"]
    assert (await ask(shop, f"{path}.lines", search="nothing holds this"))["records"] == []


async def test_fields(shop: Shop, gauges: list[dict[str, Any]]) -> None:
    first = (await ask(shop, sort="n", limit="1"))["records"][0]
    assert list(first) == ["id", "revision", "name", "words", "n", "d", "t", "b", "c", "maker", "maker__title"]
    some = (await ask(shop, sort="n", limit="1", fields="maker,created_by,n"))["records"][0]
    assert list(some) == ["id", "revision", "maker", "maker__title", "created_by", "n"]
    assert (some["maker__title"], some["created_by"]) == ("gauge maker", shop.tickets["manager"].user_id)
    order = await shop.order()
    listed = (await ask(shop, f"{RECORDS}/order", sort="-id", limit="1"))["records"][0]
    assert listed["id"] == order["id"]
    assert "lines" not in listed


async def test_totals(shop: Shop, gauges: list[dict[str, Any]]) -> None:
    for query, expected in (
        ({}, (None, None)), ({"total": "none"}, (None, None)), ({"total": "exact"}, (14, True)), ({"total": "estimate"}, (14, True)),
        ({"total": "exact", "filter": "n > 100"}, (0, True)), ({"total": "estimate", "search": "%"}, (2, True)),
    ):  # fmt: skip
        page = await ask(shop, **query)
        assert (page["total"], page["total_is_exact"]) == expected


async def test_an_estimate_stops_counting(shop: Shop, gauges: list[dict[str, Any]]) -> None:
    await shop.database.execute(
        """INSERT INTO app_workshop.thing (id, revision, created_at, created_by, updated_at, updated_by, name)
            SELECT gen_random_uuid(), 1, now(), id, now(), id, 'many' FROM app_organization."user", generate_series(1, 2500)""",
        timeout=60,
    )
    page = await ask(shop, f"{RECORDS}/thing", total="estimate", filter='name = "many"')
    assert (page["total"], page["total_is_exact"]) == (10_000, False)
    assert (await ask(shop, f"{RECORDS}/thing", total="exact", filter='name = "many"'))["total"] == 15_000
    await shop.database.execute("ANALYZE app_workshop.thing")
    page = await ask(shop, f"{RECORDS}/thing", total="estimate")
    assert page["total"] >= 15_000
    assert page["total_is_exact"] is False


WRONG: list[tuple[dict[str, str], str, str]] = [
    ({"limit": "0"}, "request-parameter-invalid", "limit"),
    ({"limit": "201"}, "request-parameter-invalid", "limit"),
    ({"limit": "-1"}, "request-parameter-invalid", "limit"),
    ({"limit": "many"}, "request-parameter-invalid", "limit"),
    ({"limit": "٣"}, "request-parameter-invalid", "limit"),
    ({"total": "about"}, "request-parameter-invalid", "total"),
    ({"at": "middle"}, "request-parameter-invalid", "at"),
    ({"colour": "red"}, "request-parameter-unknown", "colour"),
    ({"fields": "name,colour"}, "request-field-unknown", "fields"),
    ({"fields": "deleted_at"}, "request-field-unknown", "fields"),
    ({"sort": "colour"}, "request-sort-unknown", "sort"),
    ({"sort": "--n"}, "request-sort-unknown", "sort"),
    ({"sort": "n,d,t,b"}, "request-sort-too-many", "sort"),
    ({"sort": "n,-n"}, "request-sort-too-many", "sort"),
    ({"filter": "n >"}, "expression-expected-value-at-end", "filter"),
    ({"filter": "colour = 1"}, "expression-unknown-name", "filter"),
    ({"filter": "n + 1"}, "request-filter-type", "filter"),
    ({"filter": "maker.colour = 1"}, "expression-unknown-field", "filter"),
    ({"after": "[]"}, "request-cursor-invalid", "after"),
    ({"after": "x", "sort": "n"}, "request-cursor-invalid", "after"),
    ({"after": '["1"]', "sort": "n"}, "request-cursor-invalid", "after"),
    ({"after": '["one", "00000000-0000-7000-8000-000000000001"]', "sort": "n"}, "request-cursor-invalid", "after"),
    ({"before": '["1", "x"]', "sort": "n"}, "request-cursor-invalid", "before"),
    ({"before": '["1", null, 3]', "sort": "n"}, "request-cursor-invalid", "before"),
    ({"from": "yesterday", "sort": "d"}, "request-cursor-invalid", "from"),
    ({"from": "null", "sort": "n"}, "request-cursor-invalid", "from"),
    ({"from": '{"a": 1}', "sort": "n"}, "request-cursor-invalid", "from"),
    ({"from": '"NaN"', "sort": "n"}, "request-cursor-invalid", "from"),
]


@pytest.mark.parametrize(("query", "code", "pointer"), WRONG, ids=[str(row[0]) for row in WRONG])
async def test_wrong_parameter(shop: Shop, query: dict[str, str], code: str, pointer: str) -> None:
    path = f"{GAUGES}?{httpx.QueryParams(query)}"
    await refused(shop, shop.manager, "GET", path, None, 400, "request-query-invalid", (code, pointer))


async def test_all_wrong_parameters_are_told_at_once(shop: Shop) -> None:
    path = f"{GAUGES}?limit=0&total=x&colour=1"
    places = [("request-parameter-invalid", "limit"), ("request-parameter-invalid", "total"), ("request-parameter-unknown", "colour")]
    await refused(shop, shop.manager, "GET", path, None, 400, "request-query-invalid", *places)
    path = f"{GAUGES}?filter=n%2B&sort=colour&fields=colour"
    places = [("expression-expected-value-at-end", "filter"), ("request-sort-unknown", "sort"), ("request-field-unknown", "fields")]
    await refused(shop, shop.manager, "GET", path, None, 400, "request-query-invalid", *places)


@pytest.mark.parametrize("query", ["filter=%FF", "search=%00", "filter=" + "(" * 5000, "sort=" + "n," * 3000, "after=" + "%5B" * 3000])
async def test_junk_is_refused(shop: Shop, query: str) -> None:
    answer = await shop.manager.get(f"{GAUGES}?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
