"""Requests of so many records that those at the beginning are written while those at the end are judged: all or none, each in its place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from dougong.work.ahead import PART
from tests.refusal import refused
from tests.workshop import Shop, element, entity, label, package

PARTS = "/api/apps/depot/records/part"
COUNT = 2 * PART + PART // 2
LAST = COUNT - 1


def document() -> dict[str, Any]:
    """Return an app of parts with unique codes and sizes, and the bins they lie in."""
    part = entity(
        "part", "code",
        element("code", "text", required=True, unique=True, max_length=10), element("price", "money"), element("bin", "reference", to="bin"),
        element("share", "number", scale=2, formula="100 / price"),
        element("sizes", "lines", fields=[element("size", "number", scale=1), element("twice", "number", scale=1, formula="size * 2")]),
        rules=[{"key": "cheap", "check": "ISBLANK(price) OR price < 1000", "at": "price", "message": label("Too dear")}],
    )  # fmt: skip
    return package("depot", part, entity("bin", "name", element("name", "text", required=True)))


@pytest.fixture(scope="module")
async def depot(shop: Shop) -> AsyncIterator[Shop]:
    installed = await shop.install(document())
    assert installed.status_code == 201, installed.text
    yield shop


def parts(letter: str, **others: dict[str, Any]) -> list[dict[str, Any]]:
    """Return changes that make parts; others: what is different, by `at<number>`."""
    made = [{"action": "create", "values": {"code": f"{letter}{n}", "price": str(n % 9), "sizes": [{"size": str(n)}]}} for n in range(COUNT)]
    for name, values in others.items():
        change = made[int(name.removeprefix("at"))]
        change["values"] = {**change["values"], **values}  # type: ignore[dict-item]
    return made


async def test_many_records_are_made_in_their_order_and_whole(depot: Shop) -> None:
    made = (await depot.admin.post(f"{PARTS}/bulk", {"changes": parts("A"), "return": "records"})).json()
    assert (made["saved"], made["refused"]) == (COUNT, 0)
    assert [result["record"]["code"] for result in made["results"]] == [f"A{n}" for n in range(COUNT)]
    first, last = made["results"][0]["record"], made["results"][LAST]["record"]
    assert (first["share"], first["share__error"], last["share"]) == (None, "DIV0", "16.67")
    assert last["sizes"][0]["twice"] == str(2 * LAST)
    ids = [result["id"] for result in made["results"]]
    assert ids == sorted(ids)
    kept = await depot.database.fetch("SELECT record_id, changes ->> 'code' AS code FROM dougong.history WHERE change_set = $1 ORDER BY id", made["change_set"])
    assert [(str(row["record_id"]), row["code"]) for row in kept] == [(one, f"A{n}") for n, one in enumerate(ids)]
    again = (await depot.admin.get(f"{PARTS}/{ids[LAST]}")).json()
    assert (again["code"], again["sizes"][0]["size"]) == (f"A{LAST}", str(LAST))


async def test_one_wrong_at_the_end_undoes_what_was_written(depot: Shop) -> None:
    taken = (await depot.admin.post(PARTS, {"code": "taken"})).json()["id"]
    changes = parts(
        "B", **{f"at{LAST}": {"price": "1000"}, f"at{LAST - 1}": {"bin": str(uuid4())}, f"at{LAST - 2}": {"code": "B0"},
        f"at{LAST - 3}": {"code": "taken"}, f"at{LAST - 4}": {"id": taken}, "at1": {"code": "B0"}},
    )  # fmt: skip
    await refused(
        depot, depot.admin, "POST", f"{PARTS}/bulk", {"changes": changes}, 422, "record-invalid",
        ("record-rule-broken", f"/changes/{LAST}/values/price"), ("record-reference-missing", f"/changes/{LAST - 1}/values/bin"),
        ("record-not-unique", f"/changes/{LAST - 2}/values/code"), ("record-not-unique", f"/changes/{LAST - 3}/values/code"),
        ("record-exists", f"/changes/{LAST - 4}/values/id"), ("record-not-unique", "/changes/1/values/code"),
        zh="Too dear", en="Too dear",
    )  # fmt: skip


async def test_each_that_is_right_is_saved_once(depot: Shop) -> None:
    home = (await depot.admin.post("/api/apps/depot/records/bin", {"name": "home"})).json()["id"]
    changes = parts("C", **{f"at{LAST}": {"price": "1000"}, f"at{LAST - 1}": {"code": "C0"}, "at0": {"bin": home}, f"at{LAST - 2}": {"bin": home}})
    done = (await depot.admin.post(f"{PARTS}/bulk", {"mode": "each", "changes": changes})).json()
    assert (done["saved"], done["refused"]) == (COUNT - 2, 2)
    errors = {result["number"]: [error["code"] for error in result["errors"]] for result in done["results"] if "errors" in result}
    assert errors == {LAST: ["record-rule-broken"], LAST - 1: ["record-not-unique"]}
    assert await depot.database.fetchval("SELECT count(*) FROM app_depot.part WHERE code LIKE 'C%'") == COUNT - 2
    assert await depot.database.fetchval("SELECT count(*) FROM app_depot.part WHERE bin = $1", home) == 2
    assert await depot.database.fetchval("SELECT count(*) FROM dougong.history WHERE change_set = $1", done["change_set"]) == COUNT - 2


async def test_a_repeat_of_many_is_answered_and_not_saved_again(depot: Shop) -> None:
    body, key = {"changes": parts("D")}, {"idempotency_key": "many"}
    first, second = [await depot.admin.post(f"{PARTS}/bulk", body, **key) for _ in range(2)]
    assert first.status_code == 200 and first.content == second.content
    assert await depot.database.fetchval("SELECT count(*) FROM app_depot.part WHERE code LIKE 'D%'") == COUNT
