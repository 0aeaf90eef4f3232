"""Groups and facets of lists: figures over what records share, of the rows the actor may read alone; and every parameter that is wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from tests.refusal import refused
from tests.workshop import Shop, element, entity, options, package

BASE = "/api/apps/grouped/records"
SALES = f"{BASE}/sale"


@pytest.fixture(scope="module")
async def sales(shop: Shop) -> Sequence[str]:
    """Return the ids of three customers, after 24 sales to them and to nobody."""
    document = package(
        "grouped",
        entity("customer", "name", element("name", "text"), element("city", "text")),
        entity("sale", "name", element("name", "text"), element("customer", "reference", to="customer"), element("on", "date"),
               element("at", "datetime"), element("state", "choice", options=options("draft", "done")), element("paid", "boolean"),
               element("total", "money"), element("ratio", "number", formula="total / (total - 5)"),
               element("lines", "lines", fields=[element("size", "number")])),
    )  # fmt: skip
    document["roles"].append({"key": "clerk", "name": {"en": "Clerk"}})
    document["policies"].append({"key": "clerk_sale", "role": "clerk", "entity": "sale", "actions": ["create", "read"], "rows": "own"})
    assert (await shop.install(document)).status_code == 201
    customers = []
    for name, city in (("张三", "上海"), ("阿里", "杭州"), ("北京公司", "上海")):
        customers.append((await shop.admin.post(f"{BASE}/customer", {"name": name, "city": city})).json()["id"])
    for n in range(24):
        made = await shop.admin.post(SALES, {
            "name": f"sale {n}", "customer": [*customers, None][n % 4], "on": f"2026-{n % 3 + 1:02}-{n + 1:02}", "paid": [True, False, None][n % 3],
            "at": "2026-01-31T20:00:00Z" if n < 3 else "2026-03-01T00:00:00+08:00", "state": ["draft", "done"][n % 2], "total": str(n),
            "lines": [{"size": "1"}],
        })  # fmt: skip
        assert made.status_code == 201, made.text
    gone = (await shop.admin.post(SALES, {"name": "gone", "customer": customers[0], "total": "1000000"})).json()
    assert (await shop.admin.ask("DELETE", f"{SALES}/{gone['id']}")).status_code == 204
    return customers


async def ask(shop: Shop, what: str = "groups", path: str = SALES, **query: str) -> dict[str, Any]:
    answer = await shop.admin.get(f"{path}/{what}?{httpx.QueryParams(query)}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_figures_of_what_references_share(shop: Shop, sales: Sequence[str]) -> None:
    found = await ask(shop, by="customer", measures="SUM(total),COUNT(),AVERAGE(total),MAX(on),MIN(total + 1)")
    assert found["total"] == 4
    assert [group["titles"] for group in found["groups"]] == [["阿里"], ["北京公司"], ["张三"], [None]]
    ali = found["groups"][0]
    assert ali["values"] == [sales[1]]
    assert ali["measures"] == ["66", 6, "11", "2026-03-18", "2"]
    assert found["groups"][3] == {"values": [None], "titles": [None], "measures": ["78", 6, "13", "2026-03-24", "4"]}
    assert found["groups"][2]["measures"][0] == "60"  # what is in the trash does not count


async def test_groups_by_paths_and_expressions(shop: Shop, sales: Sequence[str]) -> None:
    found = await ask(shop, by="customer.city, MONTH(on)", measures="COUNT()", filter='customer.city = "上海"', sort="-MONTH(on)")
    assert [(g["values"], g["measures"]) for g in found["groups"]] == [(["上海", "3"], [4]), (["上海", "2"], [4]), (["上海", "1"], [4])]
    by_state = await ask(shop, by='state, IF(total > 11, "big, dear", "small")', measures="SUM(total)")
    assert [(g["values"], g["measures"]) for g in by_state["groups"]] == [
        (["done", "big, dear"], ["108"]), (["done", "small"], ["36"]), (["draft", "big, dear"], ["102"]), (["draft", "small"], ["30"]),
    ]  # fmt: skip
    of_rows = await ask(shop, path=f"{SALES}.lines", by="parent.customer,parent.state", measures="SUM(size)", sort="-g2")
    assert (of_rows["total"], of_rows["groups"][0]["measures"]) == (4, ["6"])
    assert of_rows["groups"][0]["titles"] == ["北京公司", None]


async def test_sort_by_a_figure_having_and_pages(shop: Shop, sales: Sequence[str]) -> None:
    found = await ask(shop, by="customer", measures="SUM(total)", sort="-SUM( total )")
    assert [group["measures"][0] for group in found["groups"]] == ["78", "72", "66", "60"]
    some = await ask(shop, by="customer", measures="COUNT(),SUM(total)", sort="-m2", having='SUM(total) > 60 AND COUNT() = 6 AND "SUM(total)" <> ""')
    assert ([g["measures"][1] for g in some["groups"]], some["total"]) == (["78", "72", "66"], 3)
    second = await ask(shop, by="customer", measures="SUM(total)", sort="-m1", limit="2", offset="2")
    assert ([g["measures"][0] for g in second["groups"]], second["total"]) == (["66", "60"], 4)
    beyond = await ask(shop, by="state", offset="9")
    assert beyond == {"groups": [], "total": 2}
    by_name = await ask(shop, by="state", having='g1 = "done"')
    assert [g["values"] for g in by_name["groups"]] == [["done"]]


async def test_figures_of_the_whole_list(shop: Shop, sales: Sequence[str]) -> None:
    found = await ask(shop, measures="SUM(total),COUNT(),COUNT(customer),SUM(ratio)", filter="total = 5 OR total = 6", search="sale")
    assert found["groups"] == [{"values": [], "titles": [], "measures": ["11", 2, 2, "6"]}]  # an error counts as nothing
    assert (await ask(shop, measures="SUM(total),MIN(on)", filter="FALSE"))["groups"][0]["measures"] == [None, None]


async def test_facets_count_what_the_others_leave(shop: Shop, sales: Sequence[str]) -> None:
    fields = "state,customer,paid,on,at,customer.city"
    found = (await ask(shop, "facets", fields=fields))["facets"]
    assert list(found) == fields.split(",")
    assert found["state"] == [{"value": "done", "count": 12}, {"value": "draft", "count": 12}]
    assert {(row["value"], row["title"], row["count"]) for row in found["customer"]} == {
        (sales[0], "张三", 6), (sales[1], "阿里", 6), (sales[2], "北京公司", 6), (None, None, 6),
    }  # fmt: skip
    assert {row["value"] for row in found["paid"]} == {True, False, None}
    assert found["on"] == [{"value": f"2026-0{n}-01", "count": 8} for n in (1, 2, 3)]
    assert found["at"] == [{"value": "2026-03-01", "count": 21}, {"value": "2026-02-01", "count": 3}]  # by the site's clock
    assert found["customer.city"][0] == {"value": "上海", "count": 12}
    chosen = json.dumps({"state": ["done"], "customer": [sales[1], None]})
    narrowed = (await ask(shop, "facets", fields="state,customer,paid,on", chosen=chosen, filter="total > 3"))["facets"]
    assert {(row["value"], row["count"]) for row in narrowed["state"]} == {("done", 10)}
    assert {row["value"] for row in narrowed["customer"]} == {sales[1], None}
    assert sum(row["count"] for row in narrowed["on"]) == 10
    wider = (await ask(shop, "facets", fields="state,customer", chosen=json.dumps({"state": ["draft"]}), limit="2"))["facets"]
    assert {(row["value"], row["count"]) for row in wider["state"]} == {("done", 12), ("draft", 12)}
    assert [row["count"] for row in wider["customer"]] == [6, 6]
    true = (await ask(shop, "facets", fields="state,paid", chosen=json.dumps({"paid": [True]}), search="sale"))["facets"]
    assert sum(row["count"] for row in true["state"]) == 8


async def test_only_what_the_actor_may_read_is_counted(shop: Shop, sales: Sequence[str]) -> None:
    roles = (await shop.admin.get("/api/apps/organization/records/role?filter=key%3D%22grouped.clerk%22")).json()["records"]
    person = (await shop.admin.get(f"/api/apps/organization/records/user/{shop.tickets['reader'].user_id}")).json()
    given = [{"id": row["id"], "role": row["role"]} for row in person["roles"]] + [{"role": roles[0]["id"]}]
    path = f"/api/apps/organization/records/user/{person['id']}"
    assert (await shop.admin.ask("PATCH", path, {"revision": person["revision"], "roles": given})).status_code == 200
    answer = await shop.reader.post(SALES, {"name": "mine", "customer": sales[0], "total": "7"})
    assert answer.status_code in (201, 422), answer.text
    mine = await shop.reader.post(SALES, {"name": "mine", "total": "7"})
    assert mine.status_code == 201, mine.text
    groups = (await shop.reader.get(f"{SALES}/groups?by=state&measures=SUM(total),COUNT()")).json()
    assert groups["total"] == 1
    assert groups["groups"][0]["measures"][1] in (1, 2)
    facets = (await shop.reader.get(f"{SALES}/facets?fields=customer.city,customer")).json()["facets"]
    assert {row["value"] for row in facets["customer.city"]} == {None}
    assert {row["title"] for row in facets["customer"]} == {None}
    assert (await shop.guest.get(f"{SALES}/groups")).status_code == 404


@pytest.mark.parametrize(("what", "query", "code", "parameter"), [
    ("groups", {"by": "colour"}, "expression-unknown-name", "by"), ("groups", {"by": "lines"}, "request-group-type", "by"),
    ("groups", {"by": "state,paid,on,at"}, "request-too-many", "by"), ("groups", {"measures": "total"}, "request-measure-unknown", "measures"),
    ("groups", {"measures": "SUM()"}, "request-measure-unknown", "measures"), ("groups", {"measures": "MEDIAN(total)"}, "request-measure-unknown", "measures"),
    ("groups", {"measures": "SUM(name)"}, "request-measure-type", "measures"), ("groups", {"measures": "SUM(total"}, "request-measure-unknown", "measures"),
    ("groups", {"by": "state", "sort": "total"}, "request-sort-unknown", "sort"), ("groups", {"by": "state", "having": "m1"}, "request-filter-type", "having"),
    ("groups", {"by": "state", "having": "m2 > 1"}, "expression-unknown-name", "having"), ("groups", {"limit": "0"}, "request-parameter-invalid", "limit"),
    ("groups", {"offset": "-1"}, "request-parameter-invalid", "offset"), ("groups", {"fields": "state"}, "request-parameter-unknown", "fields"),
    ("groups", {"filter": "total"}, "request-filter-type", "filter"), ("groups", {"similar": "x"}, "request-parameter-invalid", "similar"),
    ("facets", {}, "request-too-many", "fields"), ("facets", {"fields": "total"}, "request-facet-unknown", "fields"),
    ("facets", {"fields": "lines"}, "request-facet-unknown", "fields"), ("facets", {"fields": "state", "chosen": "{"}, "request-parameter-invalid", "chosen"),
    ("facets", {"fields": "state", "chosen": '{"paid": ["x"]}'}, "request-facet-unknown", "chosen"),
    ("facets", {"fields": "state", "chosen": '{"state": [1]}'}, "request-parameter-invalid", "chosen"),
    ("facets", {"fields": "state", "limit": "1000"}, "request-parameter-invalid", "limit"), ("facets", {"by": "state"}, "request-parameter-unknown", "by"),
])  # fmt: skip
async def test_wrong_parameter(shop: Shop, sales: Sequence[str], what: str, query: dict[str, str], code: str, parameter: str) -> None:
    path = f"{SALES}/{what}?{httpx.QueryParams(query)}"
    await refused(shop, shop.admin, "GET", path, None, 400, "request-query-invalid", (code, parameter))
