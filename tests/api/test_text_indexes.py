"""Indexes of texts of a large table: made after the publish while others write, whatever stops it; the next publish need not wait for them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
import pytest

from tests.workshop import Document, Shop, element, entity, package, publish

BASE = "/api/apps/many/records/thing"
FIELDS = (element("name", "text"), element("code", "text"), element("note", "text"))


def document(*more: Document, **others: object) -> Document:
    return package("many", entity("thing", "name", *FIELDS, *more, **others))


@pytest.fixture(scope="module")
async def large(shop: Shop) -> Shop:
    """Return the site with an app that has one large table."""
    assert (await shop.install(document())).status_code == 201
    await shop.database.execute(
        """INSERT INTO app_many.thing (id, revision, created_at, created_by, updated_at, updated_by, name, code, note)
           SELECT gen_random_uuid(), 1, now(), id, now(), id, 'n' || n, 'code' || n, 'x' FROM app_organization."user", generate_series(1, $1::int) n
           WHERE email LIKE 'manager%'""", 50_001,
    )  # fmt: skip
    return shop


async def made(shop: Shop, *wanted: str) -> None:
    """Wait until the indexes are there, whole, and no others of texts beside the title's."""
    while True:
        rows = await shop.database.fetch(
            """SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
               WHERE i.indrelid = 'app_many.thing'::regclass AND (c.relname ~ '__terms__' OR c.relname ~ '__order$')"""
        )
        if all(row["indisvalid"] for row in rows) and {row["relname"].partition("__")[2][:5] for row in rows} == {"name_", *wanted}:
            return


async def terms(shop: Shop) -> Sequence[asyncpg.Record]:
    return await shop.database.fetch(
        """SELECT c.relname AS name, i.indisvalid AS is_whole FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
           WHERE i.indrelid = 'app_many.thing'::regclass AND c.relname ~ '__terms__'"""
    )


async def found(shop: Shop, words: str) -> list[Any]:
    answer = await shop.admin.get(f"{BASE}?search={words}&limit=5")
    return [record["name"] for record in answer.json()["records"]]


@contextlib.asynccontextmanager
async def old_snapshot(shop: Shop) -> AsyncIterator[None]:
    """Keep an old transaction open, for which PostgreSQL waits before an index made beside others is whole; it holds no lock on the table."""
    connection = await asyncpg.connect(shop.dsn)
    try:
        async with connection.transaction(isolation="repeatable_read"):
            await connection.fetch("SELECT count(*) FROM app_organization.department")
            yield
    finally:
        await connection.close()


async def test_others_write_while_the_index_is_made_and_the_next_publish_stops_it(large: Shop) -> None:
    shop = large
    async with old_snapshot(shop):
        assert (await publish(shop.admin, "many", document(search=["name", "code"]))).status_code == 201
        assert not any(index["is_whole"] for index in await terms(shop))
        assert (await shop.admin.post(BASE, {"name": "written", "code": "meanwhile"})).status_code == 201
        assert await found(shop, "meanwhile") == ["written"]
        # Until the job is at it.
        while not await shop.database.fetch("SELECT FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting for old%'"):
            pass
        again = document(element("more", "text"), search=["name", "code", "more"])
        assert (await publish(shop.admin, "many", again)).status_code == 201
        first = (await shop.admin.get(f"{BASE}?search=meanwhile")).json()["records"][0]
        changed = await shop.admin.ask("PATCH", f"{BASE}/{first['id']}", {"revision": 1, "more": "additional"})
        assert changed.status_code == 200
    await made(shop, "terms")
    assert await found(shop, "additional") == ["written"]
    assert len(await terms(shop)) == 1
    plan = (await shop.admin.get("/api/apps/many/draft/changes")).json()["statements"]
    assert not [statement for statement in plan if "INDEX" in statement]


async def test_what_a_crash_left_unfinished_is_made_anew(large: Shop) -> None:
    shop = large
    assert (await publish(shop.admin, "many", document(search=["code"]))).status_code == 201
    await made(shop, "terms")
    (index,) = await terms(shop)
    form = await shop.database.fetchval("SELECT indexdef FROM pg_indexes WHERE schemaname = 'app_many' AND indexname = $1", index["name"])
    await shop.database.execute(f'DROP INDEX app_many."{index["name"]}"')
    async with old_snapshot(shop):
        other = await asyncpg.connect(shop.dsn)
        with contextlib.suppress(asyncpg.QueryCanceledError):
            await other.execute("SET statement_timeout = '1s'")
            await other.execute(form.replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY"))
        await other.close()
        assert not any(one["is_whole"] for one in await terms(shop))
    assert (await publish(shop.admin, "many", document(search=["code"]), "the same again")).status_code == 201
    await made(shop, "terms")
    assert await found(shop, "code50001") == ["n50001"]
