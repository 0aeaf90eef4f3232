"""Decision tables over HTTP: rows are records, and PostgreSQL answers what the file of decision tables asks of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.api.browser import problem_of
from tests.decisions import TABLES, questions, table_entities
from tests.workshop import ALL, Document, Shop, element, entity, label, options, package

BASE = "/api/apps/decisions"
LIMITS: Document = {
    "inputs": [
        {"key": "level", "match": "eq", "field": "level"},
        {"key": "amount", "match": "range", "from": "low", "to": "high", "name": label("Amount")},
    ],
    "outputs": ["most"], "policy": "first", "first": "begins", "last": "ends",
}  # fmt: skip


def document() -> Document:
    """Return the tables of the file, limits of discounts by level and amount, and deals that keep to them."""
    levels = element("level", "choice", options=options("gold", "plain"))
    limit = entity(
        "limit", "name", element("name", "text"), levels, element("low", "money"), element("high", "money"),
        element("most", "percent", required=True), element("begins", "date"), element("ends", "date"), kind="decision", decision=LIMITS,
    )  # fmt: skip
    deal = entity(
        "deal", "name", element("name", "text"), levels, element("amount", "money"), element("on", "date"),
        element("most", "percent", default="DECIDE(@limit, most, level, amount, on)"), element("discount", "percent"),
        element("now", "percent", formula="DECIDE(@limit, most, level, amount)", virtual=True),
        rules=[{"key": "kept", "check": "IFBLANK(discount, 0) <= IFBLANK(DECIDE(@limit, most, level, amount, on), 0)", "at": "discount", "message": label("Too much")}],
    )  # fmt: skip
    band = entity(
        "band", "name", element("name", "text"), element("code", "text"), element("tags", "choices", options=options("a", "b")),
        element("low", "number"), element("high", "number"), element("rate", "number"), element("begins", "date"), element("ends", "date"),
        kind="decision", decision={
            "inputs": [
                {"key": "code", "match": "prefix", "field": "code"}, {"key": "tag", "match": "in", "field": "tags"},
                {"key": "n", "match": "range", "from": "low", "to": "high"},
            ],
            "outputs": ["rate"], "policy": "cumulative", "first": "begins", "last": "ends", "overlap": "refuse",
        },
    )  # fmt: skip
    lines = element("lines", "lines", fields=[element("n", "number")])
    asker = entity("asker", "name", element("name", "text"), element("a", "number"), lines)
    made = package("decisions", limit, deal, band, asker, *table_entities())
    made["roles"].append({"key": "worker", "name": label("Worker")})
    # Who asks a table needs to be able to read it; workers can read of it what they have made.
    made["policies"] += [
        {"key": "worker_deal", "role": "worker", "entity": "deal", "actions": ALL, "rows": "all"},
        {"key": "worker_band", "role": "worker", "entity": "band", "actions": ["read", "create"], "rows": "own"},
        {"key": "worker_limit", "role": "worker", "entity": "limit", "actions": ["read", "create"], "rows": "own"},
    ]
    return made


@pytest.fixture(scope="module")
async def tables(shop: Shop) -> AsyncIterator[Shop]:
    """Give the shop with the app, its tables filled."""
    installed = await shop.install(document())
    assert installed.status_code == 201, installed.text
    for key, table in TABLES.items():
        await put(shop, key, *table["rows"])
    await put(
        shop, "limit",
        {"name": "plain", "level": "plain", "most": "0.02"},
        {"name": "gold, small", "level": "gold", "high": "1000", "most": "0.05"},
        {"name": "gold, large", "level": "gold", "low": "1000", "most": "0.1"},
        {"name": "May", "level": "gold", "most": "0.3", "begins": "2026-05-01", "ends": "2026-05-31"},
        {"name": "never", "level": "gold", "low": "0", "most": "0.9", "begins": "2000-01-01", "ends": "2000-01-02"},
    )  # fmt: skip
    role = await shop.database.fetchval("SELECT id FROM app_organization.role WHERE key = 'decisions.worker'")
    path = f"/api/apps/organization/records/user/{shop.tickets['worker'].user_id}"
    roles = [{"id": row["id"]} for row in (await shop.admin.get(path)).json()["roles"]]
    assert (await shop.admin.ask("PATCH", path, {"roles": [*roles, {"role": str(role)}]})).status_code == 200
    yield shop


async def put(shop: Shop, kind: str, *rows: Document) -> None:
    """Make records in their order."""
    changes = [{"action": "create", "values": row} for row in rows]
    answer = await shop.admin.post(f"{BASE}/records/{kind}/bulk", {"changes": changes})
    assert answer.status_code == 200, answer.text


async def test_postgresql_answers_every_question(tables: Shop) -> None:
    made = await tables.admin.post(f"{BASE}/records/asker", {"name": "A", "a": "1", "lines": [{"n": "2"}]})
    record = made.json()["id"]
    wrong = []
    for asked in questions():
        same = f'JOIN({asked.text}, ",") = "{",".join(asked.listed)}"' if asked.listed is not None else f"{asked.text} = {asked.gives}"
        text = same if asked.fails is None else f"ISBLANK({asked.text})"
        answer = await tables.admin.post(f"{BASE}/expressions/value", {"text": text, "entity": "asker", "record": record, "use": "filter"})
        found = answer.json()
        if answer.status_code != 200 or (found["error"] or found["value"]) != (asked.fails or True):
            wrong.append(f"{text}: {answer.text}")
    assert not wrong, "\n".join(wrong)


async def test_a_default_a_rule_and_a_list_decide_by_the_table(tables: Shop) -> None:
    deal: Document = {"name": "x", "level": "gold", "amount": "1000", "on": "2026-04-30"}
    assert (await make(tables, "admin", **deal))["most"] == "0.1"
    assert (await make(tables, "admin", **{**deal, "amount": "999.99"}))["most"] == "0.05"
    assert (await make(tables, "admin", **{**deal, "amount": None, "on": "2026-05-31"}))["most"] == "0.3", "no band holds a blank"
    refused = await tables.admin.post(f"{BASE}/records/deal", {**deal, "discount": "0.11"})
    assert [(found["code"], found["pointer"]) for found in refused.json()["errors"]] == [("record-rule-broken", "/discount")]
    page = (await tables.admin.get(f"{BASE}/records/deal?filter=now%20%3E%200.05&fields=amount,now")).json()["records"]
    assert [(row["amount"], row["now"]) for row in page] == [("1000", "0.1")]


async def test_rows_that_somebody_may_not_read_decide_nothing_for_them(tables: Shop) -> None:
    made = await make(tables, "worker", name="x", level="plain")
    read = (await tables.worker.get(f"{BASE}/records/deal/{made['id']}")).json()
    assert (made["most"], read["now"]) == (None, None)
    await tables.worker.post(f"{BASE}/records/limit", {"level": "plain", "most": "0.01"})
    read = (await tables.worker.get(f"{BASE}/records/deal/{made['id']}")).json()
    assert read["now"] == "0.01"


async def make(shop: Shop, who: str, **values: object) -> Document:
    """Return a new deal."""
    answer = await getattr(shop, who).post(f"{BASE}/records/deal", values)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_table_is_tried(tables: Shop) -> None:
    async def tried(kind: str, date: str | None = None, **inputs: object) -> tuple[Document, list[object], int]:
        answer = await tables.admin.post(f"{BASE}/records/{kind}/decide", {"inputs": inputs, "date": date})
        assert answer.status_code == 200, answer.text
        found = answer.json()
        return found["answers"], [row.get("word", row["name"]) for row in found["records"]], found["total"]

    gold = {"level": "gold", "amount": "1000"}
    assert await tried("limit", "2026-04-30", **gold) == ({"most": {"value": "0.1"}}, ["gold, large"], 1)
    assert await tried("limit", "2026-05-01", **gold) == ({"most": {"value": "0.1"}}, ["gold, large", "May"], 2)
    assert await tried("limit", level="none") == ({"most": {"value": None}}, [], 0)
    assert await tried("ordered", level="A") == ({"word": {"value": "first"}}, ["first", "second", "last"], 3)
    assert await tried("banded", n=90) == ({"word": {"error": "MULTI"}}, ["high", "twice"], 2)
    assert await tried("listed", level="b") == ({"word": {"value": ["ab", "b", "any"]}}, ["ab", "b", "any"], 3)
    assert (await tried("tax", "2027-01-01", region="city", income="200000"))[0] == {"rate": {"value": "25880"}}
    answer = (await tables.admin.post(f"{BASE}/records/limit/decide", {})).json()
    assert len(answer["date"]) == 10 and answer["total"] == 0


async def test_what_cannot_be_tried_is_refused_by_the_input(tables: Shop) -> None:
    path = f"{BASE}/records/limit/decide"
    wrong = {"inputs": {"amount": "much", "colour": "red"}, "date": "2026-02-30"}
    problem = problem_of(await tables.admin.post(path, wrong), 422, "request-decision-invalid")
    assert [(found["code"], found["pointer"]) for found in problem["errors"]] == [
        ("request-input-unknown", "/inputs/colour"), ("value-not-a-number", "/inputs/amount"), ("value-not-a-date", "/date"),
    ]  # fmt: skip
    problem_of(await tables.admin.post(path, {"on": "2026-01-01"}), 422, "request-invalid")
    problem_of(await tables.admin.post(f"{BASE}/records/deal/decide", {}), 409, "entity-decides-nothing")
    problem_of(await tables.reader.post(path, {}), 404, "app-not-found")
    problem_of(await tables.worker.post(f"{BASE}/records/tax/decide", {}), 404, "record-entity-not-found")


async def test_who_tries_a_table_sees_what_decides_for_them(tables: Shop) -> None:
    made = (await tables.worker.post(f"{BASE}/records/limit", {"name": "own", "level": "gold", "most": "0.04", "begins": "2030-01-01"})).json()
    answer = (await tables.worker.post(f"{BASE}/records/limit/decide", {"inputs": {"level": "gold"}, "date": "2030-01-01"})).json()
    assert ([row["id"] for row in answer["records"]], answer["answers"]) == ([made["id"]], {"most": {"value": "0.04"}})


async def test_the_model_says_what_a_table_is_found_by(tables: Shop) -> None:
    model = (await tables.admin.get(f"{BASE}/model")).json()
    shown = {entity["key"]: entity["decision"] for entity in model["entities"]}
    assert shown["deal"] is None
    assert shown["limit"] == {
        "inputs": [
            {"key": "level", "name": label("level"), "match": "eq", "fields": ["level"]},
            {"key": "amount", "name": label("Amount"), "match": "range", "fields": ["low", "high"]},
        ],
        "outputs": ["most"], "policy": "first", "first": "begins", "last": "ends",
    }  # fmt: skip


async def test_rows_that_overlap_are_refused(tables: Shop) -> None:
    path = f"{BASE}/records/band"
    base: Document = {"name": "base", "code": "X", "tags": ["a"], "low": "0", "high": "10", "begins": "2026-01-01", "ends": "2026-06-30"}
    assert (await tables.admin.post(path, base)).status_code == 201
    for beside in (
        {"low": "10", "high": "20"}, {"low": None, "high": "0"}, {"tags": ["b"]}, {"code": "Y"}, {"begins": "2026-07-01", "ends": None},
        {"begins": None, "ends": "2025-12-31"},
    ):  # fmt: skip
        made = await tables.admin.post(path, {**base, **beside})
        assert made.status_code == 201, (beside, made.text)
    overlapping: tuple[Document, ...] = (
        {}, {"low": "9.99", "high": "10"}, {"low": None, "high": "0.01"}, {"tags": []}, {"tags": ["b", "a"]}, {"code": "X1"}, {"code": None},
        {"begins": "2026-06-30", "ends": None}, {"begins": None, "ends": "2026-01-01"},
    )  # fmt: skip
    for over in overlapping:
        refused = problem_of(await tables.admin.post(path, {**base, **over}), 422, "record-invalid")
        assert [(found["code"], found["pointer"]) for found in refused["errors"]] == [("record-rows-overlap", "/low")], over
    assert "overlaps “base”" in problem_of(await tables.admin.post(path, base), 422, "record-invalid")["errors"][0]["detail"]
    told = problem_of(await tables.worker.post(path, base), 422, "record-invalid")["errors"][0]["detail"]
    assert "another row" in told, "what somebody may not read is not named to them"


async def test_rows_of_one_request_and_of_two_at_once_do_not_overlap(tables: Shop) -> None:
    path = f"{BASE}/records/band"
    rows = [{"code": "B", "low": "0", "high": "5"}, {"code": "B", "low": "5"}, {"code": "B", "low": "4", "high": "5"}, {"code": "B", "low": "9"}]
    changes = [{"action": "create", "values": row} for row in rows]
    refused = problem_of(await tables.admin.post(f"{path}/bulk", {"changes": changes}), 422, "record-invalid")
    assert [found["pointer"] for found in refused["errors"]] == ["/changes/2/values/low", "/changes/3/values/low"]
    done = (await tables.admin.post(f"{path}/bulk", {"mode": "each", "changes": changes})).json()
    assert (done["saved"], done["refused"]) == (2, 2)
    answers = await asyncio.gather(*(tables.admin.post(path, {"code": "C", "name": str(n)}) for n in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422, 422, 422]
    kept = next(answer.json() for answer in answers if answer.status_code == 201)
    swapped = [{"action": "update", "id": kept["id"], "values": {"low": "1"}}, {"action": "create", "values": {"code": "C", "high": "1"}}]
    assert (await tables.admin.post(f"{path}/bulk", {"changes": swapped})).status_code == 200
