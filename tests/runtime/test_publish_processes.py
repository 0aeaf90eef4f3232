"""Publishing while others work: a process that has not heard of it neither fails nor goes by the old rules, and no write is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from dougong.api.dispatch import build_dispatch
from dougong.api.house import House
from dougong.api.web_files import WebFiles
from dougong.files.contents import Contents
from dougong.open_site import open_site
from dougong.people.passwords import Passwords
from dougong.people.sessions import Sessions
from dougong.settings import read_settings
from dougong.shipped import web
from dougong.sites import Site
from tests.api.browser import Browser, problem_of
from tests.workshop import Document, Shop, browser_of, element, entity, label, package, with_fields, without


@pytest.fixture
async def deaf(shop: Shop) -> AsyncIterator[Browser]:
    """Return the administrator's browser at a process that no notification reaches."""
    settings = read_settings({"DATABASE_URL": shop.dsn, "DOUGONG_POOL_MIN": "0", "DOUGONG_POOL_MAX": "4"})
    async with open_site(settings) as opened:
        house = House(opened.site, Sessions(opened.site), Passwords(), Contents(settings))
        try:
            yield browser_of(build_dispatch(house, WebFiles(web())), shop.tickets["admin"])
        finally:
            house.passwords.close()


@pytest.fixture
async def quiet(shop: Shop) -> AsyncIterator[Site]:
    """Return the site in a process that hears nothing by itself."""
    settings = read_settings({"DATABASE_URL": shop.dsn, "DOUGONG_POOL_MIN": "0", "DOUGONG_POOL_MAX": "4"})
    async with open_site(settings) as opened:
        yield opened.site


def simple(key: str) -> Document:
    """Return an app of one entity."""
    return package(key, entity("card", "name", element("name", "text"), element("n", "number", scale=4), element("old", "text")))


async def test_a_process_that_missed_a_publish_writes_by_the_new_version(shop: Shop, deaf: Browser) -> None:
    document = simple("missed")
    assert (await shop.install(document)).status_code == 201
    path = "/api/apps/missed/records/card"
    first = await deaf.post(path, {"name": "before", "old": "value"})
    assert first.status_code == 201, first.text
    changed = without(with_fields(document, "card", element("n", "number", scale=1), element("double", "number", formula="n * 2")), "card", "old")
    changed["entities"][0]["rules"] = [{"key": "small", "check": "ISBLANK(n) OR n < 10", "at": "n", "message": label("Too large")}]
    assert (await shop.publish(changed)).status_code == 201
    made = await deaf.post(path, {"n": "1.25"})
    assert (made.status_code, made.json()["n"], made.json()["double"]) == (201, "1.3", "2.6")
    third = with_fields(changed, "card", element("more", "text", required=True))
    assert (await shop.publish(third)).status_code == 201
    updated = await deaf.ask("PATCH", f"{path}/{first.json()['id']}", {"n": "2.25", "more": "new"})
    assert (updated.status_code, updated.json()["n"], updated.json()["double"], updated.json()["more"]) == (200, "2.3", "4.6", "new")


async def test_a_process_that_missed_a_publish_refuses_by_the_new_version(shop: Shop, deaf: Browser) -> None:
    document = simple("refusing")
    assert (await shop.install(document)).status_code == 201
    path = "/api/apps/refusing/records/card"
    made = (await deaf.post(path, {"name": "a", "n": "1", "old": "x"})).json()
    strict = without(document, "card", "old")
    strict["entities"][0]["rules"] = [{"key": "small", "check": "ISBLANK(n) OR n < 10", "at": "n", "message": label("Too large")}]
    strict["policies"][0]["actions"] = ["create", "read", "update"]
    assert (await shop.publish(strict)).status_code == 201
    problem_of(await deaf.post(path, {"n": "10"}), 422, "record-invalid")
    assert (await shop.publish(document)).status_code == 201
    assert (await deaf.post(path, {"n": "10", "old": "x"})).status_code == 201
    assert (await shop.publish(strict)).status_code == 201
    problem_of(await deaf.post(path, {"old": "x"}), 422, "record-invalid")
    assert (await shop.publish(document)).status_code == 201
    assert (await shop.publish(strict)).status_code == 201
    problem_of(await deaf.ask("DELETE", f"{path}/{made['id']}"), 403, "access-denied")
    assert (await shop.admin.get(f"{path}/{made['id']}")).status_code == 200


async def test_a_new_entity_and_a_new_app_are_there_for_a_process_that_missed_them(shop: Shop, deaf: Browser) -> None:
    document = simple("growing")
    assert (await shop.install(document)).status_code == 201
    assert (await deaf.post("/api/apps/growing/records/card", {})).status_code == 201
    more = package("growing", *document["entities"], entity("box", "name", element("name", "text")))
    assert (await shop.publish(more)).status_code == 201
    assert (await deaf.post("/api/apps/growing/records/box", {"name": "new"})).status_code == 201


async def test_writers_go_on_while_versions_are_published(shop: Shop, deaf: Browser) -> None:
    document = simple("busy")
    document["entities"][0]["fields"].append(element("lines", "lines", fields=[element("m", "number")]))
    assert (await shop.install(document)).status_code == 201
    path = "/api/apps/busy/records/card"
    made: dict[str, str] = {}
    is_over = asyncio.Event()

    async def write(browser: Browser, name: str) -> None:
        number = 0
        while not is_over.is_set():
            number += 1
            key = str(uuid4())
            answer = await browser.post(path, {"id": key, "name": f"{name} {number}", "n": "1", "lines": [{"m": "1"}]})
            assert answer.status_code == 201, answer.text
            changed = await browser.ask("PATCH", f"{path}/{key}", {"revision": 1, "n": "2", "lines": []})
            assert changed.status_code == 200, changed.text
            read = await browser.get(f"{path}/{key}")
            assert (read.status_code, read.json()["n"]) == (200, "2"), read.text
            made[key] = name

    writers = [asyncio.create_task(write(browser, name)) for browser, name in ((shop.admin, "a"), (deaf, "b"), (deaf, "c"))]
    try:
        for number in range(8):
            changed = with_fields(document, "card", element(f"more_{number}", "text", unique=number % 2 == 0))
            changed["entities"][0]["fields"] += [element("sum", "number", formula="SUM(lines.m) + 1")] if number % 3 else []
            answer = await shop.publish(changed)
            assert answer.status_code == 201, answer.text
            there = len(made)
            while len(made) < there + 3 and not any(writer.done() for writer in writers):
                await asyncio.sleep(0)
    finally:
        is_over.set()
        await asyncio.gather(*writers)
    assert set(made.values()) == {"a", "b", "c"}
    count = await shop.database.fetchval("SELECT count(*) FROM app_busy.card WHERE revision = 2 AND n = 2")
    assert count == len(made)
    versions = (await shop.admin.get("/api/apps/busy/versions")).json()["versions"]
    assert [version["number"] for version in versions] == list(range(9, 0, -1))


async def test_a_process_reads_by_the_former_version_until_the_new_one_is_ready(shop: Shop, quiet: Site) -> None:
    document = simple("switched")
    assert (await shop.install(document)).status_code == 201
    first = await asyncio.gather(*(quiet.app("switched") for _ in range(8)))
    assert len({id(model) for model in first}) == 1  # resolved once for all who wait
    assert (await shop.publish(with_fields(document, "card", element("more", "text")))).status_code == 201
    quiet.renew("switched")
    assert await quiet.app("switched") is first[0]
    assert quiet.renewal is not None
    await quiet.renewal
    second = await quiet.app("switched")
    assert (second.version, second.organization) == (2, first[0].organization)
    quiet.drop(first[0])
    assert await quiet.app("switched") is second
    quiet.drop(second)
    assert await quiet.app("switched") is not second


async def test_a_new_version_of_the_organization_takes_all_apps_with_it(shop: Shop, quiet: Site) -> None:
    assert (await shop.install(simple("led"))).status_code == 201
    first = await quiet.app("led")
    people = (await shop.admin.get("/api/apps/organization/draft")).json()["document"]
    assert (await shop.publish(with_fields(people, "user", element("x_shoe", "number")))).status_code == 201
    quiet.renew("organization")
    assert quiet.renewal is not None
    await quiet.renewal
    second = quiet.models["led"]
    assert second is not first
    assert second.organization is quiet.models["organization"]
    assert "x_shoe" in second.entity("organization.user").fields


async def test_a_change_of_all_tables_gets_past_those_who_read_several_at_once(shop: Shop, deaf: Browser) -> None:
    """Each list joins tables in an order of its own, and is asked for without pause."""
    keys = [f"e{number}" for number in range(24)]

    def described(*more: Document) -> Document:
        entities = [
            entity(key, "name", element("name", "text"), element("to", "reference", to=keys[(place * 7 + 5) % 24]),
                   element("other", "reference", to=keys[(place * 11 + 3) % 24]), *more)
            for place, key in enumerate(keys)
        ]  # fmt: skip
        return package("joined", *entities)

    assert (await shop.install(described())).status_code == 201
    is_over = asyncio.Event()

    async def look(browser: Browser, place: int) -> None:
        while not is_over.is_set():
            place += 1
            answer = await browser.get(f"/api/apps/joined/records/{keys[place % 24]}?sort=to.other.to.name&filter=other.to.other.name%20%3C%3E%20%22x%22")
            assert answer.status_code == 200, answer.text

    readers = [asyncio.create_task(look(browser, place)) for place, browser in enumerate((shop.admin, deaf, shop.admin, deaf))]
    try:
        answer = await shop.publish(described(element("more", "number", scale=2), element("twice", "number", formula="more * 2")))
        assert answer.status_code == 201, answer.text
    finally:
        is_over.set()
        await asyncio.gather(*readers)


async def test_a_publish_waits_for_upkeep_of_a_table_without_holding_anybody_up(shop: Shop) -> None:
    """A vacuum holds the same lock; who asked for the lock of an ALTER TABLE beside it would stand before all who read."""
    document = simple("kept")
    assert (await shop.install(document)).status_code == 201
    waits = "SELECT l.mode FROM pg_locks l WHERE l.relation = 'app_kept.card'::regclass AND NOT l.granted"
    vacuum = await asyncpg.connect(shop.dsn)
    try:
        async with vacuum.transaction():
            await vacuum.execute("LOCK TABLE app_kept.card IN SHARE UPDATE EXCLUSIVE MODE")
            publishing = asyncio.create_task(shop.publish(with_fields(document, "card", element("more", "text"))))
            while not (modes := [row["mode"] for row in await shop.database.fetch(waits)]):
                assert not publishing.done(), publishing.result().text
            assert modes == ["ShareUpdateExclusiveLock"]
            assert (await shop.admin.post("/api/apps/kept/records/card", {"name": "meanwhile"})).status_code == 201
            assert (await shop.admin.get("/api/apps/kept/records/card")).json()["records"][0]["name"] == "meanwhile"
    finally:
        await vacuum.close()
    assert (await publishing).status_code == 201
