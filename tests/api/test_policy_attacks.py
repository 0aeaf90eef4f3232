"""Attacks on what policies come to: actions that are for some records only, denials, conditions beyond measure, roles and policies that change under way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.browser import Browser, problem_of
from tests.workshop import Document, Shop, element, entity, label, package

APP = "vaults"
BOXES = f"/api/apps/{APP}/records/box"
TERMS = 300


def vaults() -> Document:
    """Return the app: boxes in boxes that belong to somebody, with what is in them, and roles that may do odd things with them."""
    box = entity(
        "box", "name", element("name", "text", required=True), element("owner", "reference", to="organization.user"), element("within", "reference", to="box"),
        element("size", "number", scale=2), element("inside", "text"), element("beside", "text"), element("kind", "text", indexed=True), search=["name", "inside", "beside"],
    )  # fmt: skip
    document = package(APP, box)
    document["roles"] += [{"key": key, "name": label(key)} for key in ("keeper", "caller", "long", "deep", "mixed", "shifting", "packer")]

    def policy(role: str, key: str, actions: list[str], **others: object) -> Document:
        return {"key": f"{role}_{key}", "role": role, "entity": "box", "actions": actions, **others}

    deep = ".".join(["within"] * 6)
    document["policies"] += [
        policy("keeper", "all", ["read", "update", "delete"]),
        policy("keeper", "not", ["delete"], deny=True),
        policy("caller", "all", ["create", "read", "update", "delete"], without=["export", "bulk", "import"]),
        policy("caller", "own", ["export", "bulk", "import"], rows="own", owner="owner"),
        *(
            policy("long", f"terms_{first}", ["read", "update"], where=" OR ".join(f'size={n} AND kind<>"k{n}"' for n in range(first, first + TERMS // 10)))
            for first in range(0, TERMS, TERMS // 10)
        ),
        policy("deep", "path", ["read", "update"], where=f'{deep}.name = "root" AND {deep}.owner.active'),
        policy("mixed", "own", ["read", "update"], rows="own", owner="owner", levels=[{"key": "inside", "level": "hidden"}]),
        policy("mixed", "department", ["read"], rows="department", owner="owner", where="size < 5", levels=[{"key": "beside", "level": "hidden"}]),
        policy("mixed", "below", ["read"], rows="department_below", owner="owner", where="size >= 5", others="hidden", levels=[{"key": "name", "level": "read"}]),
        policy("mixed", "no", ["read"], deny=True, where='kind = "never"'),
        policy("packer", "own", ["create", "read", "update"], rows="own", owner="owner"),
        policy("shifting", "some", ["read", "export"], where='kind = "old"', levels=[{"key": "beside", "level": "hidden"}]),
    ]
    return document


@pytest.fixture(scope="module")
async def app(shop: Shop) -> AsyncIterator[Shop]:
    """Give the shop with the app installed."""
    answer = await shop.install(vaults())
    assert answer.status_code == 201, answer.text
    yield shop


async def made(shop: Shop, **values: object) -> Document:
    """Return a box that the administrator made."""
    answer = await shop.admin.post(BOXES, {"name": "box", **values})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def page(browser: Browser, **query: str) -> list[Document]:
    """Return the boxes somebody sees."""
    answer = await browser.get(f"{BOXES}?{httpx.QueryParams({'limit': '200', **query})}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["records"])


async def many(browser: Browser, action: str, *boxes: Document, **values: object) -> httpx.Response:
    """Send a change of many."""
    change = {"values": values} if action == "update" else {}
    return await browser.post(f"{BOXES}/bulk", {"changes": [{"action": action, "id": one["id"], **change} for one in boxes], "mode": "each"})


async def test_who_is_denied_to_delete_still_changes_many(app: Shop) -> None:
    await app.give("worker", f"{APP}.keeper")
    boxes = [await made(app), await made(app)]
    changed = await many(app.worker, "update", *boxes, kind="kept")
    assert (changed.status_code, changed.json()["saved"]) == (200, 2), changed.text
    for answer in (await many(app.worker, "delete", *boxes), await app.worker.ask("DELETE", f"{BOXES}/{boxes[0]['id']}")):
        problem_of(answer, 403, "access-denied")
    assert len([one for one in await page(app.admin) if one["kind"] == "kept"]) == 2
    told = (await app.admin.get(f"/api/apps/{APP}/access/matrix")).json()
    cell = next(one for one in told["cells"] if one["role"].endswith("keeper"))
    assert {"bulk", "update"} <= {one["action"] for one in cell["actions"]} and not {"delete", "restore"} & {one["action"] for one in cell["actions"]}


async def test_to_export_and_to_change_many_may_be_for_some_records_only(app: Shop) -> None:
    await app.give("other", f"{APP}.caller")
    me = app.tickets["other"].user_id
    mine, theirs = await made(app, owner=me, inside="mine to take"), await made(app, inside="theirs to stay")
    assert {mine["id"], theirs["id"]} <= {one["id"] for one in await page(app.other)}
    file = await app.other.get(f"{BOXES}/export?format=csv")
    assert file.status_code == 200 and "mine to take" in file.text and "theirs to stay" not in file.text
    for action in ("update", "delete"):
        results = (await many(app.other, action, theirs, mine, kind="x")).json()["results"]
        assert [[one["code"] for one in result.get("errors", ())] for result in results] == [["access-denied"], []]
    given_away = await made(app, owner=me)
    answer = await many(app.other, "update", given_away, owner=None)
    assert answer.json()["results"][0]["errors"][0]["code"] == "access-denied", "nor made such that it may not be"
    taking = {"changes": [{"action": "upsert", "by": ["id"], "values": {"id": theirs["id"], "name": "taken", "owner": me}}], "mode": "each"}
    answer = await app.other.post(f"{BOXES}/bulk", taking)
    assert answer.json()["results"][0]["errors"][0]["code"] == "access-denied", "nor taken by being found by what tells it apart"
    alone = await app.other.ask("PATCH", f"{BOXES}/{theirs['id']}", {"kind": "one by one"})
    assert alone.status_code == 200, alone.text
    created = await app.other.post(f"{BOXES}/bulk", {"changes": [{"action": "create", "values": {"name": "n", "owner": who}} for who in (me, None)], "mode": "each"})
    assert [len(one.get("errors", ())) for one in created.json()["results"]] == [0, 1]


async def test_what_somebody_pointed_to_before_is_not_known_to_others_nor_for_ever(app: Shop) -> None:
    for who in ("worker", "reader"):
        await app.give(who, f"{APP}.packer")

    async def packed(who: str, within: Document) -> list[str]:
        """Return what is wrong with a new box of somebody in another one."""
        browser = app.worker if who == "worker" else app.reader
        answer = await browser.post(BOXES, {"name": "packed", "owner": app.tickets[who].user_id, "within": within["id"]})
        return [f"{one['code']} {one['pointer']}" for one in answer.json().get("errors", ())]

    box, own = await made(app, owner=app.tickets["worker"].user_id), await made(app, owner=app.tickets["reader"].user_id)
    assert await packed("reader", own) == []
    missing = ["record-reference-missing /within"]
    assert [await packed("worker", box), await packed("worker", box), await packed("reader", box)] == [[], [], missing]
    away = await app.admin.ask("PATCH", f"{BOXES}/{box['id']}", {"owner": app.tickets["reader"].user_id})
    assert away.status_code == 200
    assert [await packed("worker", box), await packed("reader", box), await packed("reader", box)] == [missing, [], []]


async def test_conditions_of_hundreds_of_terms_and_deep_paths(app: Shop) -> None:
    await app.give("worker", f"{APP}.long")
    await app.give("other", f"{APP}.deep")
    me = app.tickets["other"].user_id
    inside, outside = await made(app, size="299", kind="long"), await made(app, size="299", kind="k299")
    chain = [await made(app, name="root", owner=me)]
    for place in range(6):
        chain.append(await made(app, name=f"level {place}", within=chain[-1]["id"]))
    assert {one["id"] for one in await page(app.worker)} >= {inside["id"]} and outside["id"] not in {one["id"] for one in await page(app.worker)}
    assert [one["id"] for one in await page(app.other)] == [chain[-1]["id"]]
    for browser, record in ((app.worker, inside), (app.other, chain[-1])):
        changed = await browser.ask("PATCH", f"{BOXES}/{record['id']}", {"beside": "changed"})
        assert changed.status_code == 200, changed.text
    problem_of(await app.worker.ask("PATCH", f"{BOXES}/{inside['id']}", {"size": "300"}), 403, "access-denied")
    problem_of(await app.other.ask("PATCH", f"{BOXES}/{chain[-1]['id']}", {"within": None}), 403, "access-denied")


async def test_what_one_policy_hides_another_shows_in_its_own_records_only(app: Shop) -> None:
    top = (await app.admin.post("/api/apps/organization/records/department", {"name": "Vault top"})).json()["id"]
    low = (await app.admin.post("/api/apps/organization/records/department", {"name": "Vault low", "parent_department": top})).json()["id"]
    await app.give("worker", f"{APP}.mixed", department=top)
    await app.give("other", f"{APP}.mixed", department=top)
    await app.give("reader", department=low)
    ids = {who: app.tickets[who].user_id for who in ("worker", "other", "reader")}
    values = {"inside": "INSIDE", "beside": "BESIDE", "kind": "mixed"}
    boxes = {
        name: (await made(app, name=name, owner=ids[who], size=size, **{**values, **more}))["id"]
        for name, who, size, more in (
            ("own small", "worker", "1", {}), ("own big", "worker", "9", {}), ("theirs small", "other", "1", {}), ("theirs big", "other", "9", {}),
            ("below small", "reader", "1", {}), ("below big", "reader", "9", {}), ("own never", "worker", "1", {"kind": "never"}),
        )
    }  # fmt: skip
    seen = {one["name"]: (one["inside"], one["beside"]) for one in await page(app.worker) if one["id"] in boxes.values()}
    assert seen == {
        "own small": ("INSIDE", "BESIDE"), "own big": (None, "BESIDE"), "theirs small": ("INSIDE", None), "theirs big": (None, None), "below big": (None, None),
    }  # fmt: skip
    for words, found in (('inside = "INSIDE"', {"own small", "theirs small"}), ('beside = "BESIDE"', {"own small", "own big"})):
        assert {one["name"] for one in await page(app.worker, filter=words) if one["id"] in boxes.values()} == found
    hits = {one["title"] for one in (await app.worker.get(f"/api/apps/{APP}/search?text=INSIDE")).json()["hits"]}
    assert hits == {"own small", "theirs small"}


async def test_a_role_that_is_taken_away_holds_no_longer_than_the_request(app: Shop) -> None:
    await app.give("guest", f"{APP}.keeper")
    box = await made(app, inside="seen till then")
    assert (await app.guest.get(f"{BOXES}/{box['id']}")).status_code == 200
    await app.give("guest")
    for method, path, body in (("GET", f"{BOXES}/{box['id']}", None), ("GET", BOXES, None), ("GET", f"{BOXES}/export?format=csv", None), ("PATCH", f"{BOXES}/{box['id']}", {"kind": "x"})):
        answer = await app.guest.ask(method, path, body)
        assert answer.status_code in (403, 404) and "seen till then" not in answer.text, (method, path, answer.text)
    assert (await app.guest.get("/api/session")).status_code == 200, "the session goes on"


async def test_while_policies_change_nobody_is_told_what_neither_version_lets_them(app: Shop) -> None:
    await app.give("worker", f"{APP}.shifting")
    for kind in ("old", "new", "none"):
        await made(app, name=f"shift {kind}", kind=kind, inside=f"INSIDE-{kind}", beside=f"BESIDE-{kind}")
    document = vaults()
    policy = next(one for one in document["policies"] if one["key"] == "shifting_some")
    versions = [dict(policy), {**policy, "where": 'kind = "new"', "levels": [{"key": "inside", "level": "hidden"}]}]
    allowed = {"INSIDE-old", "BESIDE-new"}
    every = {f"{word}-{kind}" for word in ("INSIDE", "BESIDE") for kind in ("old", "new", "none")}
    ways = [
        f"{BOXES}?limit=200", f"{BOXES}?limit=200&sort=-beside", f"{BOXES}/export?format=csv", f"/api/apps/{APP}/search?text=INSIDE", f"/api/apps/{APP}/search?text=BESIDE",
        f"{BOXES}/groups?by=kind&measures=COUNT()", f"{BOXES}/facets?fields=inside", f"{BOXES}?filter={httpx.QueryParams(x='beside <> 1')}".replace("x=", ""),
    ]  # fmt: skip
    told: set[str] = set()
    is_over, at_a_time = asyncio.Event(), asyncio.Semaphore(3)

    async def reader(number: int) -> int:
        count = 0
        while not is_over.is_set():
            way = ways[(number + count) % len(ways)]
            async with at_a_time:  # that publishing comes to its turn
                answer = await app.worker.get(way)
            count += 1
            assert answer.status_code < 500, (way, answer.text)
            found = {mark for mark in every if mark in answer.text}
            assert found <= allowed, (way, found)
            assert len(found) < 2, (way, "half of one version and half of another")
            told.update(found)
        return count

    async def publisher() -> None:
        try:
            for turn in (1, 0):
                document["policies"] = [versions[turn] if one["key"] == policy["key"] else one for one in document["policies"]]
                answer = await app.publish(document)
                assert answer.status_code == 201, answer.text
        finally:
            is_over.set()

    counts = await asyncio.gather(publisher(), *(reader(number) for number in range(20)))
    assert told == allowed, "both versions were read by"
    assert sum(one for one in counts if one is not None) > 20
