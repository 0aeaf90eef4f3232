"""Lists in order: walking by cursors from either end gives exactly the sorted set, whatever is blank or equal; and jumps."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workshop import Shop, element, entity, fetch_all, options, package

PATH = "/api/apps/ordered/records/gauge"
FIELDS = ("words", "n", "d", "t", "b", "c", "maker", "id", "revision", "created_at")
Record = dict[str, Any]


@pytest.fixture(scope="module")
async def gauges(shop: Shop) -> Sequence[Record]:
    """Return records with many equal and many blank values."""
    makers = entity("maker", "name", element("name", "text"))
    gauge = entity(
        "gauge", "words", element("words", "text"), element("n", "number", scale=5), element("d", "date", indexed=True),
        element("t", "datetime"), element("b", "boolean"), element("c", "choice", options=options("x", "y", "z")),
        element("maker", "reference", to="maker"),
    )  # fmt: skip
    assert (await shop.install(package("ordered", makers, gauge))).status_code == 201
    made = [(await shop.admin.post("/api/apps/ordered/records/maker", {"name": str(n)})).json()["id"] for n in range(2)]
    choices: dict[str, Sequence[object]] = {
        "words": [None, "a", "B", "b", "é", "中", "中文", '"', "\\"],
        "n": [None, "0", "-1.5", "1.50000", "10", "9", "100000000000000000000000000000.00001"],
        "d": [None, "2026-01-01", "2025-12-31", "1999-01-01", "2026-11-23"],
        "t": [None, "2026-01-01T00:00:00+08:00", "2025-12-31T16:00:00Z", "2026-01-01T00:00:00.000001Z"],
        "b": [None, True, False],
        "c": ["x", None, "z"],
        "maker": [None, *made],
    }
    for number in range(60):
        values = {key: found[(number * (index + 1) + number // 7) % len(found)] for index, (key, found) in enumerate(choices.items())}
        answer = await shop.admin.post(PATH, values)
        assert answer.status_code == 201, answer.text
    ids = {record["id"] for record in await fetch_all(shop.admin, PATH, 200, sort="id")}
    assert len(ids) == 60
    listed = (await shop.admin.get(f"{PATH}?limit=200&fields={','.join(FIELDS)}")).json()["records"]
    assert {record["id"] for record in listed} == ids
    return list(listed)


def value(record: Record, key: str) -> Any:  # noqa: ANN401 – whatever the field holds
    found = record[key]
    if found is None:
        return None
    if key == "n":
        return Decimal(found)
    if key in ("t", "created_at"):
        return datetime.fromisoformat(found)
    if key == "words":  # people do not tell small letters from large ones; the Chinese ones here begin alike
        return "".join(letter.lower() if letter.isascii() else letter for letter in found).encode()
    return found.encode() if isinstance(found, str) else found


def in_order(records: Sequence[Record], sort: Sequence[str]) -> list[str]:
    """Return the ids as the list must have them: blanks last ascending and first descending; ids decide at the end."""
    keys = [*sort, "-id" if sort[0].startswith("-") else "id"] if sort else ["-id"]

    def compare(one: Record, two: Record) -> int:
        for key in keys:
            a, b = value(one, key.lstrip("-")), value(two, key.lstrip("-"))
            if a != b:
                is_after = b is not None and (a is None or a > b)
                return (1 if is_after else -1) * (-1 if key.startswith("-") else 1)
        return 0

    return [record["id"] for record in sorted(records, key=cmp_to_key(compare))]


SORTS = [[f"{sign}{key}"] for key in FIELDS for sign in ("", "-")] + [[]]
SORTS += [[f"{one}{a}", f"{two}{b}"] for a, b in (("c", "n"), ("n", "b"), ("b", "words"), ("d", "t")) for one in ("", "-") for two in ("", "-")]
SORTS += [["b", "-c", "d"], ["-c", "-b", "-n"], ["-maker", "d", "-words"]]


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: ",".join(sort) or "as made")
async def test_walk_from_either_end(shop: Shop, gauges: Sequence[Record], sort: list[str]) -> None:
    expected = in_order(gauges, sort)
    query = {"sort": ",".join(sort), "fields": "id"} if sort else {"fields": "id"}
    for limit in (7, 60):
        for backwards in (False, True):
            found = [record["id"] for record in await fetch_all(shop.admin, PATH, limit, backwards, **query)]
            assert found == expected, (limit, backwards)


CONDITIONS: Mapping[str, Callable[[Record], bool]] = {
    "b": lambda r: r["b"] is True, "ISBLANK(n)": lambda r: r["n"] is None, 'c = "x"': lambda r: r["c"] == "x", "FALSE": lambda r: False,
}  # fmt: skip
SIGNED = st.tuples(st.sampled_from(["", "-"]), st.sampled_from(FIELDS[:7]))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(SIGNED, min_size=1, max_size=3, unique_by=lambda pair: pair[1]), st.integers(1, 60), st.sampled_from(sorted(CONDITIONS)))
async def test_walk_with_any_filter_and_limit(
    shop: Shop, gauges: Sequence[Record], signed: list[tuple[str, str]], limit: int, text: str
) -> None:
    sort = ["".join(pair) for pair in signed]
    expected = in_order([record for record in gauges if CONDITIONS[text](record)], sort)
    for backwards in (False, True):
        found = await fetch_all(shop.admin, PATH, limit, backwards, sort=",".join(sort), filter=text)
        assert [record["id"] for record in found] == expected


async def test_there_and_back(shop: Shop, gauges: Sequence[Record]) -> None:
    expected = in_order(gauges, ["-d", "n"])
    query = {"sort": "-d,n", "limit": "13"}
    first = (await shop.admin.get(f"{PATH}?{httpx.QueryParams(query)}")).json()
    second = (await shop.admin.get(f"{PATH}?{httpx.QueryParams({**query, 'after': json.dumps(first['next'])})}")).json()
    again = (await shop.admin.get(f"{PATH}?{httpx.QueryParams({**query, 'before': json.dumps(second['previous'])})}")).json()
    assert [record["id"] for record in first["records"]] == expected[:13]
    assert [record["id"] for record in second["records"]] == expected[13:26]
    assert again["records"] == first["records"]
    assert again["next"] == first["next"]
    last = (await shop.admin.get(f"{PATH}?{httpx.QueryParams({**query, 'at': 'end'})}")).json()
    assert [record["id"] for record in last["records"]] == expected[-13:]
    assert last["next"] is None
    before = (await shop.admin.get(f"{PATH}?{httpx.QueryParams({**query, 'before': json.dumps(last['previous'])})}")).json()
    assert [record["id"] for record in before["records"]] == expected[-26:-13]


@pytest.mark.parametrize(("sort", "start"), [
    ("d", '"2026-01-01"'), ("-d", '"2026-01-01"'), ("d", '"2000-06-15"'), ("-d", '"2000-06-15"'), ("d", '"2099-01-01"'), ("-d", '"1900-01-01"'),
    ("n", '"9"'), ("-n", "9"), ("n", '"1.5"'), ("words", '"b"'), ("-words", '"中"'), ("words", "b"), ("t", '"2025-12-31T16:00:00Z"'),
    ("b", "true"), ("-b", "true"), ("c", '"y"'), ("d,-n", '["2026-01-01"]'), ("id", None), ("-id", None), ("revision", "1"),
])  # fmt: skip
async def test_jump(shop: Shop, gauges: Sequence[Record], sort: str, start: str | None) -> None:
    keys = sort.split(",")
    key = keys[0].lstrip("-")
    start = json.dumps(gauges[20]["id"]) if start is None else start
    try:
        given_value = json.loads(start)
    except json.JSONDecodeError:
        given_value = start
    bound = value({key: given_value[0] if isinstance(given_value, list) else str(given_value) if key == "n" else given_value}, key)
    rest = []
    for record in gauges:
        found = value(record, key)
        is_there = not sort.startswith("-") if found is None else found <= bound if sort.startswith("-") else found >= bound
        rest += [record] if is_there else []
    expected = in_order(rest, keys)
    walked: list[str] = []
    page = (await shop.admin.get(f"{PATH}?{httpx.QueryParams({'sort': sort, 'limit': '9', 'from': start})}")).json()
    assert [record["id"] for record in page["records"]] == expected[:9]
    while page["next"]:
        walked += [record["id"] for record in page["records"]]
        page = (await shop.admin.get(f"{PATH}?{httpx.QueryParams({'sort': sort, 'limit': '9', 'after': json.dumps(page['next'])})}")).json()
    assert walked + [record["id"] for record in page["records"]] == expected


async def test_a_jump_leads_both_ways(shop: Shop, gauges: Sequence[Record]) -> None:
    expected = in_order(gauges, ["d"])
    page = (await shop.admin.get(f"{PATH}?{httpx.QueryParams({'sort': 'd', 'limit': '5', 'from': json.dumps('2026-01-01')})}")).json()
    at = expected.index(page["records"][0]["id"])
    assert at > 5
    query = {"sort": "d", "limit": "5", "before": json.dumps(page["previous"])}
    back = (await shop.admin.get(f"{PATH}?{httpx.QueryParams(query)}")).json()
    assert [record["id"] for record in back["records"]] == expected[at - 5 : at]


async def test_records_made_meanwhile_disturb_no_walk(shop: Shop) -> None:
    words = "made while somebody reads"
    for n in range(6):
        await shop.admin.post(PATH, {"words": words, "n": str(n * 10)})
    query = {"sort": "n", "limit": "3", "filter": f'words = "{words}"'}
    page = (await shop.admin.get(f"{PATH}?{httpx.QueryParams(query)}")).json()
    for between in ("5", "25"):
        await shop.admin.post(PATH, {"words": words, "n": between})
    rest = (await shop.admin.get(f"{PATH}?{httpx.QueryParams({**query, 'limit': '9', 'after': json.dumps(page['next'])})}")).json()
    assert [record["n"] for record in page["records"] + rest["records"]] == ["0", "10", "20", "25", "30", "40", "50"]
