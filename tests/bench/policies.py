"""Suite `policies`: a million deals of 5,000 sellers in 1,000 departments; list pages of who leads a few and who leads many, beside SQL by hand."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

import asyncpg

from dougong.model.resolve import resolve
from dougong.packages.library import read_package
from dougong.people.sessions import start_session
from dougong.permissions.access import access_for
from dougong.permissions.actor import SYSTEM_ID, Actor
from dougong.settings import read_settings
from dougong.sites import Site
from tests.bench.groups import Grouped
from tests.bench.servers import Server, SignedIn
from tests.workshop import element, entity, label, package

APP = "policing"
RECORDS = f"/api/apps/{APP}/records/deal"
DEPARTMENTS, USERS, DEALS, BRANCHES, ROUNDS, LOOKS = 1_000, 5_000, 1_000_000, 10, 15, 200_000
Step = Callable[[str], None]

_ORGANIZATION = """
WITH made AS (SELECT n, md5('department' || n)::uuid AS id FROM generate_series(1, $2::integer) n)
INSERT INTO app_organization.department (id, revision, created_at, created_by, updated_at, updated_by, name, parent_department)
SELECT id, 1, now(), $1, now(), $1, 'd' || n, CASE WHEN n > 1 THEN md5('department' || (n - 2) / $3 + 1)::uuid END FROM made"""
_SELLERS = """
INSERT INTO app_organization."user" (id, revision, created_at, created_by, updated_at, updated_by, name, email, language, kind, active, department)
SELECT md5('user' || n)::uuid, 1, now(), $1, now(), $1, 'u' || n, 'u' || n || '@example.com', 'en', 'person', true, md5('department' || n % $3 + 1)::uuid
FROM generate_series(1, $2::integer) n"""
_FILL = f"""
INSERT INTO app_{APP}.deal (id, revision, created_at, created_by, updated_at, updated_by, number, "on", seller, amount, cost)
SELECT uuidv7(), 1, now(), $1, now(), $1, 'D-' || n, DATE '2020-01-01' + n % 2000, md5('user' || 1 + hashint4(n) & 2147483647 % $3)::uuid, n % 1000, n % 700
FROM generate_series(1, $2::integer) n""".replace("1 + hashint4(n) & 2147483647 % $3", "(1 + (hashint4(n) & 2147483647) % $3)")
_GIVE = """
INSERT INTO app_organization.user__roles (id, parent, position, role)
SELECT uuidv7(), u.id, 0, r.id FROM unnest($1::uuid[]) AS u(id), app_organization.role r WHERE r.key = $2"""
_MINE = """
WITH RECURSIVE down(id) AS (
    SELECT department FROM app_organization."user" WHERE id = $1
    UNION ALL SELECT d.id FROM app_organization.department d JOIN down ON d.parent_department = down.id
) SELECT u.id FROM app_organization."user" u WHERE u.department IN (SELECT id FROM down)"""
_SHOWN = """d.id, d.revision, d.number, d."on", d.seller, s.name AS seller__title, trim_scale(d.amount)::text AS amount"""
_PAGE = f"""
SELECT convert_to(json_agg(row_to_json(r))::text, 'UTF8') FROM (
    SELECT {_SHOWN} FROM app_{APP}.deal d LEFT JOIN app_organization."user" s ON s.id = d.seller
    WHERE d.deleted_at IS NULL AND d.seller IN ({_MINE}) ORDER BY d."on" DESC, d.id DESC LIMIT 50) r"""
_COUNT = f"SELECT count(*) FROM app_{APP}.deal d WHERE d.deleted_at IS NULL AND d.seller IN ({_MINE})"


@dataclass(frozen=True, slots=True)
class Policed:
    """pages: our list pages beside the statements by hand, in milliseconds. access_us: what it takes to be told the rights of an actor again."""

    pages: tuple[Grouped, ...]
    access_us: float


def measure_policies(server: Server, session: SignedIn, dsn: str, step: Step) -> Policed:
    """Install an app, fill it and look at it as leaders of few and of many."""
    step("policies: an app and a million deals")
    server.ask("POST", "/api/apps", {"package": _package(), "demo": False}, session.headers).json()
    leaders = asyncio.run(_fill(dsn, UUID(session.user)))
    return Policed(asyncio.run(_pages(server, dsn, leaders, step)), _look_up())


def _package() -> dict[str, Any]:
    deal = entity(
        "deal", "number", element("number", "text", indexed=True), element("on", "date", indexed=True), element("seller", "member"),
        element("amount", "money"), element("cost", "money"),
    )  # fmt: skip
    document = package(APP, deal)
    document["roles"].append({"key": "lead", "name": label("Lead")})
    document["policies"].append({
        "key": "lead_deal", "role": "lead", "entity": "deal", "actions": ["read"], "rows": "department_below", "owner": "seller",
        "levels": [{"key": "cost", "level": "hidden"}],
    })  # fmt: skip
    return document


async def _fill(dsn: str, maker: UUID) -> Mapping[str, UUID]:
    """Make departments, people and deals; return who leads a department of few and one of many."""
    database = await asyncpg.connect(dsn)
    try:
        await database.execute(_ORGANIZATION, maker, DEPARTMENTS, BRANCHES)
        await database.execute(_SELLERS, maker, USERS, DEPARTMENTS)
        await database.execute(_FILL, maker, DEALS, USERS)
        at = 'SELECT u.id FROM app_organization."user" u JOIN app_organization.department d ON d.id = u.department WHERE d.name = $1 LIMIT 1'
        found = {name: await database.fetchval(at, department) for name, department in (("of few", f"d{DEPARTMENTS}"), ("of many", "d2"))}
        await database.execute(_GIVE, list(found.values()), f"{APP}.lead")
        await database.execute(_GIVE, list(found.values()), "organization.member")
        await database.execute("VACUUM ANALYZE")
        return {name: UUID(bytes=value.bytes) for name, value in found.items()}
    finally:
        await database.close()


async def _pages(server: Server, dsn: str, leaders: Mapping[str, UUID], step: Step) -> tuple[Grouped, ...]:
    found: list[Grouped] = []
    database = await asyncpg.connect(dsn)
    fields = "number,on,seller,amount"
    try:
        for name, leader in leaders.items():
            token = await start_session(database, leader)
            headers = {"cookie": f"dougong_session={token}"}
            for page, query, by_hand in (
                ("first page", {"sort": "-on", "limit": "50", "fields": fields}, (_PAGE,)),
                ("first page and its total", {"sort": "-on", "limit": "50", "fields": fields, "total": "exact"}, (_PAGE, _COUNT)),
            ):
                step(f"policies: {page} of who leads a department {name}")
                found.append(await _turns(server, database, headers, f"{page}, leader {name}", f"{RECORDS}?{urlencode(query)}", by_hand, leader))
    finally:
        await database.close()
    return tuple(found)


async def _turns(
    server: Server, database: Any, headers: Mapping[str, str], name: str, path: str, by_hand: Sequence[str], leader: UUID  # noqa: ANN401
) -> Grouped:
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = server.ask("GET", path, headers=headers)
        ours.append((time.perf_counter() - began) * 1e3)
        began = time.perf_counter()
        shown = [await database.fetchval(one, leader) for one in by_hand]
        theirs.append((time.perf_counter() - began) * 1e3)
        if [one["id"] for one in answer.json()["records"]] != [one["id"] for one in json.loads(shown[0])]:
            raise AssertionError(f"{name}: not the same records")
    return Grouped(name, min(ours), min(theirs))


def _look_up() -> float:
    """Return how many microseconds it takes to be told what an actor may do whose rights are known."""
    organization, _ = resolve(read_package("organization"))
    model, issues = resolve(_package(), 1, {}, organization)
    assert model is not None, issues
    site = Site(read_settings({}), cast(Any, None), "default")
    actor = Actor(SYSTEM_ID, "x", "en", frozenset({f"{APP}.lead", "organization.member"}))
    access_for(site, model, actor, "deal")
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        for _ in range(LOOKS):
            access_for(site, model, actor, "deal")
        best = min(best, (time.process_time() - began) / LOOKS)
    return best * 1e6
