"""How PostgreSQL carries out a page: it seeks in the index of the sort field and reads one page, wherever the page lies."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import DATE, TIMESTAMP
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.model.app_model import AppModel
from dougong.model.resolve import resolve
from dougong.packages.library import read_package
from dougong.store.ddl import Existing, ddl_plan
from dougong.store.page_request import PageRequest, read_query
from dougong.store.statement import compile_statement
from dougong.store.text_indexes import plan_text_indexes
from engines.dataset.query import PageKind, Sources
from engines.dataset.rows import table_of
from engines.dataset.sql import page_sql
from engines.expression.sql_context import SqlContext
from tests.conftest import fresh_database
from tests.workshop import element, entity, package

ROWS = 20_000
LIMIT = 50
CONTEXT = SqlContext(
    now=bindparam("now", type_=TIMESTAMP(timezone=True)), today=bindparam("today", type_=DATE()), user=bindparam("user", type_=SQL_UUID()), zone="UTC",
)  # fmt: skip
AT = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def model() -> AppModel:
    """Return an app with one entity whose date is indexed."""
    organization, _ = resolve(read_package("organization"), 1)
    fields = [element("name", "text"), element("d", "date", indexed=True), element("n", "number"), element("owner", "reference", to="organization.user")]
    found, issues = resolve(package("planned", entity("card", "name", *fields)), 1, {}, organization)
    assert found is not None, issues
    return found


@pytest.fixture(scope="module")
def filled(migrated: str, dsn: str, model: AppModel) -> Iterator[str]:
    """Return a database with many cards, every tenth without a date and of 上海."""
    with fresh_database(dsn, migrated) as address:
        asyncio.run(fill(address, model))
        yield address


async def fill(address: str, model: AppModel) -> None:
    database = await asyncpg.connect(address)
    try:
        assert model.organization is not None
        for found in (model.organization, model):
            for statement in [*ddl_plan(found, Existing({}, {}, frozenset())).at_once, *plan_text_indexes(found, {}, (), (), ()).now]:
                await database.execute(statement)
        await database.execute(
            f"""INSERT INTO app_planned.card (id, revision, created_at, created_by, updated_at, updated_by, name, d, n)
                SELECT gen_random_uuid(), 1, now(), '{AT}', now(), '{AT}', 'card ' || CASE WHEN g % 10 = 0 THEN '上海' ELSE '北京' END || g,
                       CASE WHEN g % 10 > 0 THEN date '2000-01-01' + g % 3000 END, g FROM generate_series(1, {ROWS}) AS g"""
        )
        await database.execute("ANALYZE app_planned.card")
    finally:
        await database.close()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give every node of a plan."""
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


PAGES: list[tuple[str, PageKind, str]] = [
    ("d", "start", ""), ("-d", "start", ""), ("d", "end", ""), ("-d", "end", ""),
    ("d", "after", f'["2004-05-06", "{AT}"]'), ("-d", "after", f'["2004-05-06", "{AT}"]'), ("d", "before", f'["2004-05-06", "{AT}"]'),
    ("-d", "before", f'["2004-05-06", "{AT}"]'), ("d", "after", f'[null, "{AT}"]'), ("-d", "after", f'[null, "{AT}"]'),
    ("d", "before", f'[null, "{AT}"]'), ("-d", "before", f'[null, "{AT}"]'), ("d", "from", '"2007-01-01"'), ("-d", "from", '"2001-01-01"'),
    ("", "start", ""), ("id", "after", f'["{AT}"]'), ("-id", "before", f'["{AT}"]'),
]  # fmt: skip


@pytest.mark.parametrize(("sort", "position", "cursor"), PAGES, ids=[f"{row[0]} {row[1]} {row[2][:6]}" for row in PAGES])
async def test_a_page_reads_little_wherever_it_lies(filled: str, model: AppModel, sort: str, position: PageKind, cursor: str) -> None:
    await reads_little(filled, model, PageRequest(sort=sort, position=position, cursor=cursor, limit=LIMIT))


@pytest.mark.parametrize("words", ["card", "上海", "card 上海"])
async def test_a_page_of_what_has_a_common_word_reads_little(filled: str, model: AppModel, words: str) -> None:
    await reads_little(filled, model, PageRequest(search=words, limit=LIMIT), 20)


async def reads_little(filled: str, model: AppModel, request: PageRequest, share: int = 2) -> None:
    """Hold a page to reading not more than so many times what it shows."""
    query = read_query(model, model.entities["card"], request, None, lambda key: True)
    statement = compile_statement(page_sql(query, Sources(model.entity, lambda _: None, table_of), CONTEXT))
    database = await asyncpg.connect(filled)
    try:
        values = {"now": None, "today": None, "user": UUID(AT), **request.bounds(query)}
        text = await database.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.sql}", *statement.arguments(values))
    finally:
        await database.close()
    scans = [node for node in nodes(json.loads(text)[0]["Plan"]) if node.get("Relation Name") == "card"]
    assert scans
    for scan in scans:
        assert scan["Node Type"] in ("Index Scan", "Index Only Scan"), scan["Node Type"]
        assert scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0) <= share * LIMIT, scan


def test_a_path_is_joined_once(model: AppModel) -> None:
    request = PageRequest(filter='owner.name = "a" AND owner.email <> "b" AND NOT ISBLANK(owner.name)', sort="name,owner")
    query = read_query(model, model.entities["card"], request, None, lambda key: True)
    statement = compile_statement(page_sql(query, Sources(model.entity, lambda _: None, table_of), CONTEXT))
    assert statement.sql.count("JOIN app_organization") == 1
    assert "'a'" not in statement.sql, "constants are parameters"
