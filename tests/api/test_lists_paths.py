"""Lists by paths: columns, filters and orders that lead through references, blanks and ties on the way, and what may not be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from tests.refusal import refused
from tests.workshop import Shop, element, entity, fetch_all, package

BASE = "/api/apps/paths/records"
ORDERS = f"{BASE}/order"
Record = dict[str, Any]


@pytest.fixture(scope="module")
async def orders(shop: Shop) -> Sequence[Record]:
    """Return orders of customers in regions: some without a customer, some customers without a region, many alike."""
    document = package(
        "paths",
        entity("region", "name", element("name", "text"), element("rank", "number")),
        entity("customer", "name", element("name", "text"), element("region", "reference", to="region"), element("since", "date")),
        entity("order", "number", element("number", "text"), element("customer", "reference", to="customer"), element("total", "number"),
               element("lines", "lines", fields=[element("what", "text"), element("size", "number")])),
    )  # fmt: skip
    document["views"].append({
        "key": "orders", "kind": "list", "entity": "order", "name": {"en": "Orders"}, "columns": [{"key": "number"}, {"key": "customer.region.name"}],
        "sort": [{"key": "customer.region"}, {"key": "created_by.name"}],
    })  # fmt: skip
    document["roles"].append({"key": "clerk", "name": {"en": "Clerk"}})
    document["policies"] += [
        {"key": "clerk_order", "role": "clerk", "entity": "order", "actions": ["read"], "rows": "all"},
        {"key": "clerk_customer", "role": "clerk", "entity": "customer", "actions": ["create", "read"], "rows": "own"},
    ]
    assert (await shop.install(document)).status_code == 201

    async def make(kind: str, **values: object) -> str:
        answer = await shop.admin.post(f"{BASE}/{kind}", values)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    regions = [await make("region", name=name, rank=rank) for name, rank in (("north", "2"), ("south", "1"), ("east", None))]
    customers = [
        await make("customer", name=name, region=region, since=since)
        for name, region, since in (
            ("Ann", regions[0], "2020-01-01"), ("Bob", regions[1], None), ("Ann", regions[2], "2021-05-05"), ("Cid", None, "2020-01-01"),
            (None, regions[0], None),
        )
    ]  # fmt: skip
    for n in range(36):
        customer = [None, *customers][n % 6]
        await make("order", number=f"N{n % 9}", customer=customer, total=str(n), lines=[{"what": "a", "size": str(n)}])
    fields = "number,total,customer,customer.name,customer.since,customer.region,customer.region.name,customer.region.rank"
    return list((await shop.admin.get(f"{ORDERS}?limit=200&fields={fields}")).json()["records"])


def in_order(records: Sequence[Record], sort: Sequence[str]) -> list[str]:
    """Return the ids in the order asked for: blanks last ascending and first descending; ids decide at the end."""
    found = list(records)
    for key in reversed([*sort, "-id" if sort[0].startswith("-") else "id"]):
        name = key.lstrip("-")
        name = f"{name}__title" if f"{name}__title" in records[0] else name

        def rank(record: Record, name: str = name) -> tuple[bool, Any]:
            value = record[name]
            return value is None, 0 if value is None else float(value) if name.endswith("rank") else value

        found.sort(key=rank, reverse=key.startswith("-"))
    return [record["id"] for record in found]


async def test_columns_that_references_lead_to(shop: Shop, orders: Sequence[Record]) -> None:
    first = min(orders, key=lambda record: int(record["total"]))
    assert list(first) == [
        "id", "revision", "number", "total", "customer", "customer__title", "customer.name", "customer.since", "customer.region",
        "customer.region__title", "customer.region.name", "customer.region.rank",
    ]  # fmt: skip
    assert {first[key] for key in list(first)[4:]} == {None}
    second = next(record for record in orders if record["total"] == "1")
    assert [second[key] for key in list(second)[5:8] + list(second)[9:]] == ["Ann", "Ann", "2020-01-01", "north", "north", "2"]
    line = (await shop.admin.get(f"{ORDERS}.lines?fields=size,parent.customer.region,parent.number&filter=size=1")).json()["records"]
    assert [(row["parent.customer.region__title"], row["parent.number"]) for row in line] == [("north", "N1")]


SORTS = [[f"{sign}{path}"] for path in ("customer", "customer.name", "customer.region", "customer.region.rank", "customer.since") for sign in ("", "-")]
SORTS += [["customer.region", "-customer.since"], ["-customer.region.rank", "number"], ["number", "-customer.region.name", "customer.name"]]


@pytest.mark.parametrize("sort", SORTS, ids=",".join)
async def test_walk_in_the_order_of_a_path(shop: Shop, orders: Sequence[Record], sort: list[str]) -> None:
    expected = in_order(orders, sort)
    for limit in (5, 7, 36):
        for backwards in (False, True):
            found = [record["id"] for record in await fetch_all(shop.admin, ORDERS, limit, backwards, sort=",".join(sort))]
            assert found == expected, (limit, backwards)


async def test_jump_to_a_value_at_the_end_of_a_path(shop: Shop, orders: Sequence[Record]) -> None:
    query = httpx.QueryParams({"sort": "customer.region.name", "from": '"north"', "limit": "200"})
    found = [record["id"] for record in (await shop.admin.get(f"{ORDERS}?{query}")).json()["records"]]
    rest = [r for r in orders if r["customer.region.name"] is None or r["customer.region.name"] >= "north"]
    assert found == in_order(rest, ["customer.region.name"])


@pytest.mark.parametrize(("text", "expected"), [
    ('customer.region.name = "north"', {1, 5}), ("customer.region.rank < 2", {2}), ("ISBLANK(customer.region)", {0, 4}),
    ('customer.name = "Ann" AND customer.region.name <> "east"', {1}), ("customer.since > DATE(2020, 6, 1)", {3}),
])  # fmt: skip
async def test_filter_by_a_path(shop: Shop, orders: Sequence[Record], text: str, expected: set[int]) -> None:
    query = httpx.QueryParams({"filter": text, "limit": "200", "total": "exact", "fields": "total"})
    page = (await shop.admin.get(f"{ORDERS}?{query}")).json()
    assert {int(record["total"]) % 6 for record in page["records"]} == expected
    assert page["total"] == len(page["records"]) == 6 * len(expected)


async def test_what_may_not_be_read_is_blank_in_columns_and_orders(shop: Shop, orders: Sequence[Record]) -> None:
    roles = (await shop.admin.get("/api/apps/organization/records/role?filter=key%3D%22paths.clerk%22")).json()["records"]
    reader = (await shop.admin.get(f"/api/apps/organization/records/user/{shop.tickets['reader'].user_id}")).json()
    given = [{"id": row["id"], "role": row["role"]} for row in reader["roles"]] + [{"role": roles[0]["id"]}]
    changed = await shop.admin.ask(
        "PATCH", f"/api/apps/organization/records/user/{reader['id']}", {"revision": reader["revision"], "roles": given}
    )
    assert changed.status_code == 200, changed.text
    mine = await shop.reader.post(f"{BASE}/customer", {"name": "Mine", "since": "2026-01-01"})
    assert mine.status_code == 201, mine.text
    await shop.admin.post(ORDERS, {"number": "mine", "customer": mine.json()["id"]})
    query = httpx.QueryParams({"sort": "customer.name,number", "fields": "number,customer.since,customer.region.name", "limit": "200"})
    seen = (await shop.reader.get(f"{ORDERS}?{query}")).json()["records"]
    assert [seen[0][key] for key in ("number", "customer.since", "customer.region.name")] == ["mine", "2026-01-01", None]
    assert {(r["customer.since"], r["customer.region.name"]) for r in seen[1:]} == {(None, None)}
    assert [r["number"] for r in seen[1:]] == sorted(r["number"] for r in seen[1:])
    for_all = (await shop.admin.get(f"{ORDERS}?{query}")).json()["records"]
    assert for_all[0]["customer.since"] in ("2020-01-01", "2021-05-05")


@pytest.mark.parametrize(("query", "code", "parameter"), [
    ({"fields": "customer.colour"}, "request-field-unknown", "fields"), ({"fields": "number.name"}, "request-field-unknown", "fields"),
    ({"fields": "lines.size"}, "request-field-unknown", "fields"), ({"fields": "customer."}, "request-field-unknown", "fields"),
    ({"sort": "-customer.colour"}, "request-sort-unknown", "sort"), ({"sort": "customer.name,-customer.name"}, "request-sort-too-many", "sort"),
    ({"sort": "customer.deleted_at"}, "request-sort-unknown", "sort"), ({"fields": "created_by.name.name"}, "request-field-unknown", "fields"),
    ({"after": '["Ann"]', "sort": "customer.name"}, "request-cursor-invalid", "after"),
])  # fmt: skip
async def test_paths_that_lead_nowhere(shop: Shop, orders: Sequence[Record], query: dict[str, str], code: str, parameter: str) -> None:
    path = f"{ORDERS}?{httpx.QueryParams(query)}"
    await refused(shop, shop.admin, "GET", path, None, 400, "request-query-invalid", (code, parameter))
