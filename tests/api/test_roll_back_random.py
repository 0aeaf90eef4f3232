"""Random edits of an app are published one by one, then taken back in one go and made again: no value is ever lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from copy import deepcopy
from random import Random
from typing import Any

import httpx
import pytest

from tests.workshop import Document, Shop, Template, element, entity, label, open_shop, options, package

pytestmark = pytest.mark.anyio

EDITS = 7
_TOUCHED = ("revision", "updated_at", "updated_by")
Edit = Callable[[Document, Random], None]
Snapshot = Mapping[str, Mapping[str, Any]]


def first(key: str) -> Document:
    """Return the app that is edited."""
    card = entity(
        "card", "name",
        element("name", "text"), element("n", "number"), element("words", "text"), element("day", "date"), element("yes", "boolean"),
        element("level", "choice", options=options("low", "mid", "high")), element("box", "reference", to="box"),
        element("boxes", "references", to="box"), element("lines", "lines", fields=[element("m", "number"), element("t", "text")]),
        element("twice", "number", formula="n * 2"), element("sum", "number", formula="SUM(lines.m)"),
        rules=[{"key": "small", "check": "ISBLANK(n) OR n < 1000", "message": label("Too large")}],
    )  # fmt: skip
    return package(key, card, entity("box", "name", element("name", "text"), element("size", "number")))


def of(document: Document, key: str) -> Document | None:
    """Return an entity, None where there is none by now."""
    return next((one for one in document["entities"] if one["key"] == key), None)


def drop_field(document: Document, random: Random) -> None:
    """Remove a field with everything that reads it."""
    owner = random.choice(document["entities"])
    free = [field["key"] for field in owner["fields"] if field["key"] != owner["title"]]
    if not free:
        return
    gone = random.choice(free)
    names = {gone}
    while more := {f["key"] for f in owner["fields"] if any(name in f.get("formula", "") for name in names)} - names:
        names |= more
    owner["fields"] = [field for field in owner["fields"] if field["key"] not in names]
    owner["rules"] = [rule for rule in owner.get("rules", []) if not any(name in rule["check"].split() for name in names | {"n"})]
    owner["unique"] = [one for one in owner.get("unique", []) if not names & set(one["fields"])]


def add_field(document: Document, random: Random) -> None:
    """Add a field, or bring one back that was there at first."""
    owner = random.choice(document["entities"])
    there = {field["key"] for field in owner["fields"]}
    before = [field for field in (of(first("x"), owner["key"]) or {"fields": []})["fields"] if field["key"] not in there and "formula" not in field]
    before = [field for field in before if field.get("to") is None or of(document, "box") is not None]
    fresh = element(f"more_{random.randrange(9)}", random.choice(["text", "number", "date"]))
    chosen = random.choice(before) if before and random.random() < 0.5 else fresh
    if chosen["key"] not in there:
        owner["fields"].append(deepcopy(chosen))


def retype(document: Document, random: Random) -> None:
    """Make a field of another kind where nothing reads it."""
    owner = random.choice(document["entities"])
    plain = [f for f in owner["fields"] if f["kind"] in ("text", "number", "date") and "formula" not in f and f["key"] not in ("n", owner["title"])]
    if plain:
        field = random.choice(plain)
        field["kind"] = random.choice([kind for kind in ("text", "number", "date") if kind != field["kind"]])
        owner["unique"] = [one for one in owner.get("unique", []) if field["key"] not in one["fields"]]


def edit_rows(document: Document, random: Random) -> None:
    """Add a field to rows, or remove the one nothing reads."""
    card = of(document, "card")
    for field in [] if card is None else card["fields"]:
        if field["key"] == "lines":
            keys = [one["key"] for one in field["fields"]]
            if "t" in keys and random.random() < 0.5:
                field["fields"] = [one for one in field["fields"] if one["key"] != "t"]
            elif "extra" not in keys:
                field["fields"].append(element("extra", "number"))


def edit_options(document: Document, random: Random) -> None:
    """Add an option, or remove one."""
    for owner in document["entities"]:
        for field in owner["fields"]:
            if field["kind"] == "choice":
                field["options"] = options(*random.sample(["low", "mid", "high", "top"], 3))


def rename(document: Document, random: Random) -> None:
    """Call an entity and a field otherwise."""
    owner = random.choice(document["entities"])
    owner["name"] = label(f"Name {random.randrange(99)}")
    random.choice(owner["fields"])["name"] = label(f"Field {random.randrange(99)}")


def edit_unique(document: Document, random: Random) -> None:
    """Add a unique constraint, or lift it."""
    owner = random.choice(document["entities"])
    owner["unique"] = [] if owner.get("unique") else [{"key": "one_name", "fields": ["name"]}]


def edit_rule(document: Document, random: Random) -> None:
    """Add a rule."""
    owner = random.choice(document["entities"])
    rule = {"key": f"rule_{random.randrange(9)}", "check": 'name <> "forbidden"', "message": label("Not that")}
    owner["rules"] = [one for one in owner.get("rules", []) if one["key"] != rule["key"]] + [rule]


def drop_entity(document: Document, random: Random) -> None:
    """Remove the entity others point to, with the fields that do."""
    if len(document["entities"]) < 2:
        return
    document["entities"] = [one for one in document["entities"] if one["key"] != "box"]
    document["policies"] = [one for one in document["policies"] if one["entity"] != "box"]
    for owner in document["entities"]:
        owner["fields"] = [field for field in owner["fields"] if field.get("to") != "box"]


def add_entity(document: Document, random: Random) -> None:
    """Add an entity."""
    key = f"thing_{random.randrange(9)}"
    if of(document, key) is None:
        document["entities"].append(entity(key, "name", element("name", "text")))


ALL: tuple[Edit, ...] = (
    drop_field, drop_field, add_field, add_field, retype, edit_rows, edit_options, rename, edit_unique, edit_rule, drop_entity, add_entity,
)  # fmt: skip


@pytest.fixture(scope="module")
async def shop(shop_dsn: str, template: Template) -> AsyncIterator[Shop]:
    """Return a running site to which a table of a few records is large, so that versions come about at once and in the background."""
    async with open_shop(shop_dsn, template, DOUGONG_LARGE_ROWS="1") as opened:
        yield opened


async def settled(shop: Shop, app: str, answer: httpx.Response) -> int:
    """Return the version a publish has become, when it has."""
    assert answer.status_code in (201, 202), answer.text
    found = answer.json()["publish"] or {"version": answer.json()["version"], "state": "done", "ended_at": "now"}
    while found["ended_at"] is None:
        found = (await shop.admin.get(f"/api/apps/{app}/publishes/{found['id']}")).json()
        await asyncio.sleep(0)
    assert found["state"] == "done", found
    return int(found["version"])


async def snapshot(shop: Shop, app: str, ids: Mapping[str, str]) -> Snapshot:
    """Return what every record says that can be read now, rows without their ids."""
    found = {}
    for record, kind in ids.items():
        answer = await shop.admin.get(f"/api/apps/{app}/records/{kind}/{record}")
        if answer.status_code == 200:
            found[record] = {key: value for key, value in answer.json().items() if key not in _TOUCHED}
    return found


async def restore(shop: Shop, app: str, version: int) -> None:
    """Go back to a version."""
    path = f"/api/apps/{app}/versions/{version}/restore"
    told = (await shop.admin.get(f"{path}/plan")).json()
    answer = await shop.admin.post(path, {"revision": told["revision"]})
    await settled(shop, app, answer)


@pytest.mark.parametrize("seed", range(3))
async def test_no_value_is_lost_on_the_way_back_and_forward(shop: Shop, seed: int) -> None:
    random, app = Random(seed), f"random_{seed}"
    document = first(app)
    assert (await shop.install(document)).status_code == 201
    records = f"/api/apps/{app}/records"
    boxes = [(await shop.admin.post(f"{records}/box", {"name": f"box {n}", "size": str(n)})).json()["id"] for n in range(2)]
    ids = dict.fromkeys(boxes, "box")
    for number in range(3):
        values = {
            "name": f"card {number}", "n": str(number), "words": f"words {number}", "day": f"2026-01-0{number + 1}", "yes": number == 1,
            "level": ["low", "mid", "high"][number], "box": boxes[number % 2], "boxes": boxes[: number % 3],
            "lines": [{"m": str(row), "t": f"row {row}"} for row in range(number)],
        }  # fmt: skip
        made = await shop.admin.post(f"{records}/card", values)
        assert made.status_code == 201, made.text
        ids[made.json()["id"]] = "card"
    at_first = await snapshot(shop, app, ids)
    assert len(at_first) == 5
    columns = "SELECT columns::text FROM dougong.app_version WHERE app = $1 ORDER BY number DESC LIMIT 1"
    in_first = await shop.database.fetchval(columns, app)

    version = 1
    for step in range(EDITS):
        random.choice(ALL)(document, random)
        answer = await shop.publish(deepcopy(document))
        version = await settled(shop, app, answer)
        late = (await shop.admin.post(f"{records}/card", {"name": f"late {step}"})).json()
        ids[late["id"]] = "card"
    at_last = await snapshot(shop, app, ids)

    await restore(shop, app, 1)
    now = await snapshot(shop, app, ids)
    assert {record: now[record] for record in at_first} == at_first
    assert len(now) == len(at_first) + EDITS
    assert await shop.database.fetchval(columns, app) == in_first
    await restore(shop, app, version)
    assert await snapshot(shop, app, ids) == at_last
