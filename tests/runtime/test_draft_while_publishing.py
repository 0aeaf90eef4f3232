"""A draft somebody changes while a version is being made of it, or waits for its time: what they did meanwhile is the draft of that version."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from dougong.publishing.stages import HALT
from tests.workshop import Document, Shop, Template, element, entity, open_shop, package, with_fields

APP = "/api/apps/busy"
DRAFT = f"{APP}/draft"
FIELDS = "/entities/card/fields"
Halted = Callable[[Document], Awaitable[tuple[str, Callable[[], Awaitable[Document]]]]]


def first() -> Document:
    return package("busy", entity("card", "name", element("name", "text"), element("price", "money")))


def second() -> Document:
    """Return a next version that takes its time where every table is large."""
    return with_fields(first(), "card", element("half", "money", formula="ROUND(price / 2, 2)"))


@pytest.fixture(scope="module")
async def site(every_copy: str, every_template: Template) -> AsyncIterator[Shop]:
    """Return a running site to which every table is large, with the app and a record."""
    async with open_shop(every_copy, every_template, DOUGONG_LARGE_ROWS="0") as opened:
        assert (await opened.install(first())).status_code == 201
        assert (await opened.admin.post(f"{APP}/records/card", {"name": "one", "price": "3"})).status_code == 201
        yield opened


@pytest.fixture
async def start(site: Shop) -> int:
    """Return the version in use, which is the first once more, without a draft."""
    assert (await site.publish(first())).status_code == 201
    return int((await draft(site))["base_version"])


@pytest.fixture
def shop(site: Shop, start: int) -> Shop:
    """Return the site with the first version in use."""
    return site


@pytest.fixture
def halted(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Halted:
    """Return what begins a publish that waits before its switch, gives its id, and what lets it go on and returns what became of it."""

    async def begin(path_and_body: Document) -> tuple[str, Callable[[], Awaitable[Document]]]:
        file = tmp_path / str(uuid4())
        monkeypatch.setenv(HALT, f"switch:{file}")
        answer = await shop.admin.post(path_and_body["path"], path_and_body["body"])
        assert answer.status_code == 202, answer.text
        while not file.exists():
            await asyncio.sleep(0)
        publish = answer.json()["publish"]["id"]

        async def go_on() -> Document:
            monkeypatch.delenv(HALT)
            file.unlink()
            return await ended(shop, publish)

        return publish, go_on

    return begin


async def ended(shop: Shop, publish: str) -> Document:
    """Return what became of a publish when it is over."""
    while True:
        found = (await shop.admin.get(f"{APP}/publishes/{publish}")).json()
        if found["ended_at"] is not None:
            return dict(found)
        await asyncio.sleep(0)


async def kept(shop: Shop, wanted: Document) -> int:
    """Keep a document as the draft and return its revision."""
    answer = await shop.admin.ask("PUT", DRAFT, {"revision": (await draft(shop))["revision"], "document": wanted})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["revision"])


async def draft(shop: Shop) -> Document:
    return dict((await shop.admin.get(DRAFT)).json())


async def do(shop: Shop, *commands: Document, revision: int | None = None, **others: object) -> Document:
    """Do a gesture on the draft and return the answer."""
    at = (await draft(shop))["revision"] if revision is None else revision
    gesture = {"id": str(uuid4()), "label": {"message": "entry.test"}, "commands": list(commands), **others}
    answer = await shop.admin.post(f"{DRAFT}/commands", {"revision": at, "gestures": [gesture]})
    assert answer.status_code == 200, answer.text
    return dict(answer.json(), id=gesture["id"])


def sets(at: str, value: object, previous: object) -> Document:
    return {"kind": "set", "at": at, "value": value, "previous": previous}


def adds(key: str) -> Document:
    return {"kind": "insert", "to": {"list": FIELDS, "before": None}, "element": element(key, "text")}


async def log(shop: Shop, chapter: str = "present") -> list[Document]:
    return list((await shop.admin.get(f"{DRAFT}/gestures?chapter={chapter}&limit=500")).json()["gestures"])


async def differences(shop: Shop) -> set[tuple[str, str]]:
    """Return where the draft differs from the version in use."""
    answer = await shop.admin.get(f"{APP}/compare?from=active&to=draft")
    assert answer.status_code == 200, answer.text
    return {(change["kind"], change["pointer"]) for group in answer.json()["groups"] for change in group["changes"]}


async def test_what_is_done_meanwhile_is_the_draft_of_the_new_version(shop: Shop, start: int, halted: Halted) -> None:
    before = await do(shop, sets("/icon", "hammer", "shop"))
    revision = await kept(shop, {**second(), "icon": "hammer"})
    _, go_on = await halted({"path": f"{APP}/versions", "body": {"revision": revision, "note": ""}})
    meanwhile = await do(shop, adds("colour"))
    assert (await go_on())["state"] == "done"
    now = await draft(shop)
    assert now["base_version"] == start + 1
    assert await differences(shop) == {("added", f"{FIELDS}/colour")}
    assert [one["id"] for one in await log(shop)] == [meanwhile["id"]]
    everything = {one["id"]: (one["ended"], one["version"]) for one in await log(shop, "all")}
    assert (everything[before["id"]], everything[meanwhile["id"]]) == (("published", start + 1), (None, None))
    published = next(one for one in await log(shop, "all") if one["kind"] == "published")
    assert (published["version"], published["text"]["en"]) == (start + 1, f"Published as version {start + 1}")
    # Who had the draft open is told to read it again, and that its keys are fixed now.
    heard = (await shop.admin.post(f"{DRAFT}/presence", {"revision": meanwhile["revision"]})).json()
    assert (heard["reread"], heard["base_version"], heard["revision"] > meanwhile["revision"]) == (True, start + 1, True)
    # It is undone as ever, and then there is nothing to publish.
    field = element("colour", "text")
    undone = await do(shop, {"kind": "remove", "from": {"list": FIELDS, "before": None}, "element": field}, undoes=[meanwhile["id"]])
    assert (undone["conflicts"], await differences(shop)) == ([], set())


async def test_a_publish_that_fails_or_is_called_off_ends_no_chapter(shop: Shop, start: int, halted: Halted) -> None:
    before = await do(shop, sets("/icon", "hammer", "shop"))
    revision = (await do(shop, {"kind": "insert", "to": {"list": FIELDS, "before": None}, "element": second()["entities"][0]["fields"][-1]}))["revision"]
    publish, go_on = await halted({"path": f"{APP}/versions", "body": {"revision": revision, "note": ""}})
    meanwhile = await do(shop, adds("colour"))
    assert (await shop.admin.ask("DELETE", f"{APP}/publishes/{publish}")).status_code == 204
    assert (await go_on())["state"] == "cancelled"
    assert (await draft(shop))["base_version"] == start
    assert {before["id"], meanwhile["id"]} < {one["id"] for one in await log(shop)}


async def test_a_key_that_is_being_published_is_fixed(shop: Shop, start: int, halted: Halted) -> None:
    """Given another one meanwhile, the field and its data would be taken away by the next publish."""
    revision = await kept(shop, second())
    _, go_on = await halted({"path": f"{APP}/versions", "body": {"revision": revision, "note": ""}})
    half = second()["entities"][0]["fields"][-1]
    renames = (
        {"kind": "remove", "from": {"list": FIELDS, "before": None}, "element": half},
        {"kind": "insert", "to": {"list": FIELDS, "before": None}, "element": {**half, "key": "halves"}},
    )
    for moment in ("meanwhile", "afterwards"):
        [conflict] = (await do(shop, *renames, revision=revision))["conflicts"]
        assert (conflict["reason"], conflict["pointer"], conflict["by"]["id"]) == ("published", f"{FIELDS}/half", shop.tickets["admin"].user_id), moment
        if moment == "meanwhile":
            await go_on()


async def test_a_roll_back_keeps_what_is_done_meanwhile_on_top_of_the_version_it_goes_back_to(shop: Shop, start: int, halted: Halted) -> None:
    """What whoever rolls back has seen of the draft goes, as it does with every roll back; what came later does not."""
    assert (await shop.publish(second())).status_code == 202
    await all_ended(shop)
    assert (await shop.publish(with_fields(first(), "card"))).status_code == 201
    await do(shop, sets("/icon", "hammer", "shop"))
    revision = (await draft(shop))["revision"]
    _, go_on = await halted({"path": f"{APP}/versions/{start + 1}/restore", "body": {"revision": revision, "note": ""}})
    meanwhile = await do(shop, adds("colour"))
    assert (await go_on())["state"] == "done"
    assert ((await draft(shop))["base_version"], await differences(shop)) == (start + 3, {("added", f"{FIELDS}/colour")})
    assert [one["id"] for one in await log(shop)] == [meanwhile["id"]]
    # What cannot be done to that version: the draft stays whole, and all of it can still be undone.
    assert (await shop.publish(first())).status_code == 201
    later = await do(shop, sets("/icon", "anvil", "shop"))
    _, go_on = await halted({"path": f"{APP}/versions/{start + 1}/restore", "body": {"revision": later["revision"], "note": ""}})
    again = await do(shop, sets("/icon", "saw", "anvil"))
    assert (await go_on())["state"] == "done"
    now = await draft(shop)
    assert (now["base_version"], now["document"]["icon"]) == (start + 5, "saw")
    assert [one["id"] for one in await log(shop)] == [again["id"], later["id"]]


@pytest.mark.parametrize("discards", [False, True])
async def test_a_publish_at_a_time_keeps_what_was_done_since_it_was_planned(shop: Shop, start: int, discards: bool) -> None:
    """Also where it is done in one moment, and where the draft it was made of has been discarded since."""
    revision = await kept(shop, {**first(), "icon": "hammer"})
    due = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    answer = await shop.admin.post(f"{APP}/versions", {"revision": revision, "note": "", "due_at": due})
    assert answer.status_code == 202, answer.text
    if discards:
        assert (await shop.admin.ask("DELETE", DRAFT)).status_code == 204
    since = await do(shop, adds("colour"))
    await shop.database.execute("UPDATE dougong.pgqueuer SET execute_after = now() WHERE entrypoint = 'publish'")
    assert (await ended(shop, answer.json()["publish"]["id"]))["state"] == "done"
    now = await draft(shop)
    assert (now["base_version"], now["document"]["icon"]) == (start + 1, "hammer")
    assert await differences(shop) == {("added", f"{FIELDS}/colour")}
    assert [one["id"] for one in await log(shop)] == [since["id"]]


async def all_ended(shop: Shop) -> None:
    """Return when no publish is under way."""
    while any(one["ended_at"] is None for one in (await shop.admin.get(f"{APP}/publishes")).json()["publishes"]):
        await asyncio.sleep(0)


