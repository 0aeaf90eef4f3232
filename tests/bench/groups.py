"""Suite `list`, groups: questions over a million rows in, their time beside statements by hand of the same database out, turn about."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import asyncpg

from tests.bench.limit_sql import SCHEMA
from tests.bench.servers import Server, SignedIn

ROUNDS = 9
_RECORDS = f"/api/apps/{SCHEMA.removeprefix('app_')}/records"
_BEGIN = "SELECT convert_to(json_agg(row_to_json(r))::text, 'UTF8') FROM ("
_LIVE_LINES = f"{SCHEMA}.sales_order__lines l JOIN {SCHEMA}.sales_order o ON o.id = l.parent WHERE o.deleted_at IS NULL"


@dataclass(frozen=True, slots=True)
class Grouped:
    """One question: the quickest of its times and of the statement by hand; what else the machine does lengthens both, but never alike."""

    name: str
    dougong_ms: float
    by_hand_ms: float

    @property
    def ratio(self) -> float:
        """How many times as long as by hand."""
        return self.dougong_ms / self.by_hand_ms


_CASES: Mapping[str, tuple[str, Mapping[str, str], str]] = {
    "lines by item": (
        "sales_order.lines", {"by": "item", "measures": "SUM(amount),COUNT()", "sort": "-SUM(amount)"},
        f"""SELECT g.item, i.name, trim_scale(g.total)::text AS total, g.n FROM (
            SELECT item, sum(amount) AS total, count(*) AS n FROM {_LIVE_LINES} GROUP BY item) g
            LEFT JOIN {SCHEMA}.item i ON i.id = g.item ORDER BY g.total DESC, dougong.sort_key(i.name) LIMIT 50""",
    ),
    "lines by unit and month of their order": (
        "sales_order.lines", {"by": "unit,MONTH(parent.date)", "measures": "SUM(quantity),AVERAGE(amount)"},
        f"""SELECT unit, month, trim_scale(quantity)::text AS quantity, trim_scale(round(amount, 20))::text AS amount FROM (
            SELECT l.unit, extract(month FROM o.date) AS month, sum(l.quantity) AS quantity, avg(l.amount) AS amount
            FROM {_LIVE_LINES} GROUP BY 1, 2) g ORDER BY unit, month LIMIT 50""",
    ),
    "lines as one group": (
        "sales_order.lines", {"measures": "COUNT(),SUM(amount),MAX(quantity)"},
        f"""SELECT count(*) AS n, trim_scale(sum(l.amount))::text AS amount, trim_scale(max(l.quantity))::text AS quantity
            FROM {_LIVE_LINES}""",
    ),
    "lines by order, the largest": (
        "sales_order.lines", {"by": "parent", "measures": "SUM(amount),COUNT()", "sort": "-SUM(amount)"},
        f"""WITH g AS MATERIALIZED (SELECT l.parent, sum(l.amount) AS total, count(*) AS n FROM {_LIVE_LINES} GROUP BY l.parent)
            SELECT g.parent, o.number, trim_scale(g.total)::text AS total, g.n, (SELECT count(*) FROM g) AS groups
            FROM g LEFT JOIN {SCHEMA}.sales_order o ON o.id = g.parent ORDER BY g.total DESC, o.number LIMIT 50""",
    ),
}  # fmt: skip
"""For each question the entity, its parameters, and the statement by hand, which says how many groups there are where ours has to."""


async def time_groups(dougong: Server, session: SignedIn, dsn: str, step: Callable[[str], None]) -> tuple[Grouped, ...]:
    """Return the times of all questions."""
    found: list[Grouped] = []
    connection = await asyncpg.connect(dsn)
    try:
        for name, (entity, parameters, by_hand) in _CASES.items():
            step(name)
            path = f"{_RECORDS}/{entity}/groups?{urlencode(parameters)}"
            ours: list[float] = []
            theirs: list[float] = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                answer = dougong.ask("GET", path, headers=session.headers)
                ours.append((time.perf_counter() - began) * 1e3)
                if answer.status != 200:
                    raise AssertionError(f"{name}: {answer.body!r}")
                began = time.perf_counter()
                await connection.fetchval(f"{_BEGIN}{by_hand}) r")
                theirs.append((time.perf_counter() - began) * 1e3)
            found.append(Grouped(name, min(ours), min(theirs)))
    finally:
        await connection.close()
    return tuple(found)
