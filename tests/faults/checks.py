"""What must hold when everything is up again: a table of checks, each a database and what clients know in, findings in words out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias
from uuid import UUID

import asyncpg

from dougong.sheets.write_chunk import CHUNK
from tests.faults.memory import Memory
from tests.faults.workloads import APP, PAIR

Database: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Check: TypeAlias = "Callable[[Database, Memory], Awaitable[list[str]]]"
SCHEMA = f"app_{APP}"


async def _acknowledged_orders(database: Database, memory: Memory) -> list[str]:
    """What was acknowledged is there: with its number, at least at its revision, in the trash only if it was deleted."""
    rows = await database.fetch(f'SELECT id, number, revision, deleted_at IS NOT NULL AS is_gone FROM {SCHEMA}."order"')
    there = {str(row["id"]): row for row in rows}
    found = []
    for kind in ("order", "order change"):
        for answer in memory.written.get(kind, []):
            row = there.get(answer["id"])
            if row is None:
                found.append(f"{kind} {answer['id']} was acknowledged and is not there")
            elif row["number"] != answer["number"] or row["revision"] < answer["revision"]:
                found.append(f"{kind} {answer['id']} was acknowledged as {answer['number']} {answer['revision']}, is {dict(row)}")
    found += [f"order {key} was deleted and is there" for key in memory.deleted if not there[key]["is_gone"]]
    made = {answer["id"] for answer in memory.written.get("order", [])}
    found += [f"order {key} is there and nobody was told" for key in there.keys() - made]
    return found


async def _whole_orders(database: Database, memory: Memory) -> list[str]:
    """An order has all its lines, and its total is what they add up to."""
    rows = await database.fetch(
        f"""SELECT o.id, o.rows, o.total, count(l.id) AS n, sum(l.amount) AS total_of_lines FROM {SCHEMA}."order" o
            LEFT JOIN {SCHEMA}.order__lines l ON l.parent = o.id GROUP BY o.id HAVING count(l.id) <> o.rows OR sum(l.amount) <> o.total"""
    )
    return [f"order {row['id']} is not whole: {dict(row)}" for row in rows]


async def _whole_history(database: Database, memory: Memory) -> list[str]:
    """Every record has one line of history for each of its revisions."""
    tables = await database.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND tablename !~ '__'", SCHEMA)
    found = []
    for table in tables:
        rows = await database.fetch(
            f"""SELECT t.id, t.revision, array_agg(h.revision ORDER BY h.revision) AS kept FROM {SCHEMA}."{table["name"]}" t
                LEFT JOIN dougong.history h ON h.record_id = t.id GROUP BY t.id
                HAVING array_agg(h.revision ORDER BY h.revision) IS DISTINCT FROM (SELECT array_agg(n) FROM generate_series(1, t.revision) n)"""
        )
        found += [f"{table['name']} {row['id']}: revision {row['revision']}, history {row['kept']}" for row in rows]
    return found


async def _whole_change_sets(database: Database, memory: Memory) -> list[str]:
    """Of records that were made together all are there, under one change set, and every change set was announced."""
    rows = await database.fetch(
        f"""SELECT t.mark, count(*) AS n, count(DISTINCT h.change_set) AS sets FROM {SCHEMA}.together t
            JOIN dougong.history h ON h.record_id = t.id AND h.action = 'create' GROUP BY 1"""
    )
    there = {row["mark"]: row for row in rows}
    found = [f"{mark}: {row['n']} of {PAIR} records in {row['sets']} change sets" for mark, row in there.items() if (row["n"], row["sets"]) != (PAIR, 1)]
    wanted = {answer["mark"] for answer in memory.written.get("together", [])}
    found += [f"{mark} was acknowledged and is not there" for mark in wanted - there.keys()]
    silent = await database.fetch("SELECT change_set FROM dougong.history WHERE app = $1 EXCEPT SELECT change_set FROM seen.notice", APP)
    return found + [f"change set {row['change_set']} was not announced" for row in silent]


async def _gapless_numbers(database: Database, memory: Memory) -> list[str]:
    """Numbers of orders are 1, 2, 3, … with no gap and none twice, those in the trash included."""
    rows = await database.fetch(f'SELECT substr(number, 3)::integer AS n, count(*) AS times FROM {SCHEMA}."order" GROUP BY 1 ORDER BY 1')
    numbers = [row["n"] for row in rows]
    missing = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
    return [f"number {n} is missing" for n in missing] + [f"number {row['n']} is there {row['times']} times" for row in rows if row["times"] > 1]


async def _no_lost_count(database: Database, memory: Memory) -> list[str]:
    """A counter shows every acknowledged count, and no other."""
    rows = await database.fetch(f"SELECT id, n::integer AS n FROM {SCHEMA}.counter")
    there = {row["id"]: row["n"] for row in rows}
    return [f"counter {key}: counted {n}, shows {there.get(UUID(key))}" for key, n in memory.counted.items() if there.get(UUID(key)) != n]


async def _each_once(database: Database, memory: Memory) -> list[str]:
    """A write that was sent again came to the same record as the first time."""
    ids = [answer["id"] for answer in memory.written.get("order", [])]
    return [f"order {key} was the answer to two creates" for key in set(ids) if ids.count(key) > 1]


async def _whole_sums(database: Database, memory: Memory) -> list[str]:
    """Stock is what its moves add up to, never below nothing or below what was taken; all that was acknowledged is there, and no more."""
    rows = await database.fetch(
        f"""SELECT s.place, s.on_hand, s.taken, (SELECT sum(m.quantity) FROM {SCHEMA}.move m WHERE m.place = s.place) AS moved FROM {SCHEMA}.stock s
            ORDER BY s.place"""
    )
    found = [f"stock {dict(row)}" for row in rows if row["on_hand"] != row["moved"] or row["on_hand"] < max(0, row["taken"])]
    taken = [place for answer in memory.written.get("taken", []) for place in answer["places"]]
    found += [f"{row['place']}: {taken.count(row['place'])} taken, shows {row['taken']}" for row in rows if row["taken"] != taken.count(row["place"])]
    there = {str(row["id"]) for row in await database.fetch(f"SELECT id FROM {SCHEMA}.move")}
    known = {answer["id"] for answer in memory.written.get("move", [])}
    twice = await database.fetch(f"SELECT reverses FROM {SCHEMA}.move WHERE reverses IS NOT NULL GROUP BY 1 HAVING count(*) > 1")
    return found + [f"move {key} differs from what was acknowledged" for key in there ^ known] + [f"{row['reverses']} was taken back twice" for row in twice]


async def _whole_imports(database: Database, memory: Memory) -> list[str]:
    """Of a file so many rows are there as its import says, at every moment; all once it is done, none before it is written; none twice."""
    rows = await database.fetch(
        f"""SELECT i.id, i.state, i.done, count(p.id) AS n, count(DISTINCT p.n) AS different, count(*) FILTER (WHERE p.twice <> 2 * p.n) AS wrong,
            count(DISTINCT h.change_set) FILTER (WHERE h.change_set <> i.change_set) AS others
            FROM dougong.import i JOIN unnest($1::uuid[], $2::text[]) f (id, mark) USING (id) LEFT JOIN {SCHEMA}.parcel p ON p.mark = f.mark
            LEFT JOIN dougong.history h ON h.record_id = p.id GROUP BY i.id""",
        list(memory.imports), [mark for mark, _ in memory.imports.values()],
    )  # fmt: skip
    found = []
    for row in rows:
        _, wanted = memory.imports[str(row["id"])]
        may_be = {"done": {wanted}, "writing": {0, *range(CHUNK, wanted, CHUNK), wanted}, "failed": {0, *range(CHUNK, wanted, CHUNK)}}
        if not row["n"] == row["done"] == row["different"] or row["wrong"] or row["others"] or row["n"] not in may_be.get(row["state"], {0}):
            found.append(f"import {dict(row)} of {wanted}")
    (numbers,) = await database.fetch(f"SELECT count(*) AS n, coalesce(max(substr(number, 3)::integer), 0) AS last FROM {SCHEMA}.parcel")
    if numbers["n"] != numbers["last"]:
        found.append(f"{numbers['n']} rows with numbers up to {numbers['last']}")
    return found + ["an import is lost"] * (len(memory.imports) - len(rows))


CHECKS: Mapping[str, Check] = {
    "acknowledged orders": _acknowledged_orders,
    "whole orders": _whole_orders,
    "whole history": _whole_history,
    "whole change sets": _whole_change_sets,
    "gapless numbers": _gapless_numbers,
    "no lost count": _no_lost_count,
    "whole sums": _whole_sums,
    "whole imports": _whole_imports,
    "each once": _each_once,
}
"""Every check by name."""


async def run_checks(database: Database, memory: Memory) -> dict[str, list[str]]:
    """Return the findings of all checks, at most ten each; all empty when everything holds."""
    return {name: (await check(database, memory))[:10] for name, check in CHECKS.items()}
