"""Suite `expression`: formulas in, how long each place needs to read and compute them, beside the same written by hand."""

from __future__ import annotations

import ast
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

import asyncpg
from playwright.sync_api import Route
from sqlalchemy import Column, MetaData, Table, null
from sqlalchemy.dialects.postgresql import dialect as plain_dialect

from dougong.shipped import formula
from engines.expression.check import text_to_typed
from engines.expression.evaluate import compile_python
from engines.expression.failure import EvalContext
from engines.expression.scope import Scope
from engines.expression.sql import compile_condition, compile_error, compile_sql
from engines.expression.sql_context import SqlContext
from engines.expression.sql_parts import sql_type
from engines.expression.tree import TypedTree
from engines.expression.tree_json import tree_to_json
from engines.values.value_types import DATE, NUMBER, OPTION, TEXT, Value, list_of, record_of
from tests.browser.chromium import open_chromium

LINE = {"kind": TEXT, "quantity": NUMBER, "price": NUMBER, "amount": NUMBER}
FIELDS = {"quantity": NUMBER, "price": NUMBER, "discount": NUMBER, "amount": NUMBER, "status": OPTION, "due": DATE, "name": TEXT}
SCOPE = Scope(
    {**FIELDS, "customer": record_of("customer"), "lines": list_of(record_of("line"))},
    {"customer": {"level": OPTION, "name": TEXT}, "line": LINE}.get,
)
AMOUNT = "ROUND(quantity * price * (1 - discount), 2)"

# What authors write -> the same for Python's own parser, which says what reading such a text costs at best.
TYPICAL: Mapping[str, str] = {
    AMOUNT: "ROUND(quantity * price * (1 - discount), 2)",
    "SUM(lines.amount)": "SUM(lines.amount)",
    'IF(status = "open" && due < TODAY(), "overdue", "fine")': 'IF(status == "open" and due < TODAY(), "overdue", "fine")',
    'SUM(lines[kind = "x"], quantity * price)': 'SUM(lines[kind == "x"], quantity * price)',
    'customer.name & " (" & customer.level & ")"': 'customer.name + " (" + customer.level + ")"',
    "IFERROR(amount / quantity, 0) > 100": "IFERROR(amount / quantity, 0) > 100",
}

# What is pushed down -> the same by hand: value and error code, with the same answer for blanks, errors and rounding.
PUSHED: Mapping[str, tuple[str, str]] = {
    AMOUNT: ("round(coalesce(quantity, 0) * coalesce(price, 0) * (1 - coalesce(discount, 0)), 2)", "NULL"),
    "IF(quantity > 50, price * 0.9, price)": ("CASE WHEN quantity > 50 THEN coalesce(price, 0) * 0.9 ELSE price END", "NULL"),
    "amount / quantity": (
        "round(round(coalesce(amount, 0), 20) / nullif(coalesce(quantity, 0), 0), 20)",
        "CASE WHEN coalesce(quantity, 0) = 0 THEN 'DIV0' END",
    ),
    'name & " / " & status': ("coalesce(name, '') || ' / ' || coalesce(status, '')", "NULL"),
    "EDATE(due, 1)": ("(due + interval '1 month')::date", "NULL"),
}
CONDITIONS: Mapping[str, str] = {
    'status = "open" && quantity * price > 1000': "status = 'open' AND coalesce(quantity, 0) * coalesce(price, 0) > 1000",
    'NOT(amount / quantity > 5)': (
        "NOT (round(round(coalesce(amount, 0), 20) / nullif(coalesce(quantity, 0), 0), 20) > 5)"
    ),
}

RECORDS, ROWS, LINES = 100_000, 1_000_000, 1_000
_DIALECT = plain_dialect()  # type: ignore[no-untyped-call]
_TABLE = Table("measured", MetaData(), *(Column(name, sql_type(kind)) for name, kind in FIELDS.items()))
_FILL = f"""
CREATE TABLE measured AS SELECT
  CASE WHEN random() > 0.05 THEN floor(random() * 100) END::numeric AS quantity,
  CASE WHEN random() > 0.05 THEN round((random() * 1000)::numeric, 2) END AS price,
  CASE WHEN random() > 0.3 THEN round((random() * 0.3)::numeric, 2) END AS discount,
  CASE WHEN random() > 0.05 THEN round((random() * 10000)::numeric, 2) END AS amount,
  CASE WHEN random() > 0.05 THEN (ARRAY['open', 'closed', 'lost'])[1 + floor(random() * 3)::int] END AS status,
  CASE WHEN random() > 0.05 THEN date '2024-01-01' + floor(random() * 1000)::int END AS due,
  CASE WHEN random() > 0.05 THEN 'name ' || n END AS name
FROM generate_series(1, {ROWS}) AS n
"""


@dataclass(frozen=True, slots=True)
class Computed:
    """One formula in one place: Dougong beside the limit, both in `unit`; the bound is on Dougong's time or on the ratio."""

    place: str
    formula: str
    dougong: float
    limit: float
    unit: str
    bound: float
    is_ratio: bool

    @property
    def ratio(self) -> float:
        """How many times the limit Dougong needs."""
        return self.dougong / self.limit


async def measure_in_database(dsn: str, step: Callable[[str], None]) -> tuple[Computed, ...]:
    """Return what pushed-down formulas take over a million rows."""
    connection = await asyncpg.connect(dsn)
    step("generating a million rows")
    await connection.execute("SELECT setseed(0.5)")
    await connection.execute("DROP TABLE IF EXISTS measured")
    await connection.execute(_FILL)
    await connection.execute("VACUUM ANALYZE measured")
    await connection.execute("SET max_parallel_workers_per_gather = 0")
    found = []
    for text, (value, error) in PUSHED.items():
        step(f"SQL: {text}")
        own_value, own_error = _pushed(_typed(text))
        differing = f"({own_value}) IS DISTINCT FROM ({value}) OR ({own_error}) IS DISTINCT FROM ({error})"
        await _see_none(connection, text, differing)
        own, bare = await _take_turns(connection, *(
            f"SELECT count(v), count(e) FROM (SELECT {v} AS v, {e} AS e FROM measured OFFSET 0) AS x"
            for v, e in ((own_value, own_error), (value, error))
        ))  # fmt: skip
        found.append(Computed("SQL, 1M rows", text, own, bare, "ms", 1.1, True))
    for text, condition in CONDITIONS.items():
        step(f"SQL: {text}")
        own_condition = _literal(compile_condition(_typed(text), lambda keys: _TABLE.c[keys[0]], _context()))
        await _see_none(connection, text, f"coalesce({own_condition}, false) IS DISTINCT FROM coalesce({condition}, false)")
        own, bare = await _take_turns(connection, *(
            f"SELECT count(*) FROM measured WHERE {c}" for c in (own_condition, condition)
        ))  # fmt: skip
        found.append(Computed("SQL filter, 1M rows", text, own, bare, "ms", 1.1, True))
    await connection.execute("DROP TABLE measured")
    await connection.close()
    return tuple(found)


def measure_in_process(step: Callable[[str], None]) -> tuple[Computed, ...]:
    """Return what reading, Python and the browser take."""
    step("expressions: reading")
    read = [
        Computed("parse and check", text, 1e6 * _best(lambda: text_to_typed(text, SCOPE), 2_000),  # noqa: B023 (called at once)
                 1e6 * _best(lambda: ast.parse(python, mode="eval"), 2_000), "µs", 60.0, False)  # noqa: B023
        for text, python in TYPICAL.items()
    ]  # fmt: skip
    step("expressions: Python")
    computed = _python()
    step("expressions: browser")
    return (*read, computed, _browser())


def _python() -> Computed:
    run, chance = compile_python(_typed(AMOUNT)), random.Random(1)
    context, cent = EvalContext(datetime.now(UTC), UTC), Decimal("0.01")
    records: list[dict[str, Value]] = [
        {"quantity": Decimal(chance.randint(1, 99)), "price": Decimal(chance.randint(1, 99_999)) / 100,
         "discount": Decimal(chance.randint(0, 30)) / 100} for _ in range(RECORDS)
    ]  # fmt: skip

    def by_hand(record: dict[str, Any]) -> Decimal:
        amount: Decimal = record["quantity"] * record["price"] * (1 - record["discount"])
        return amount.quantize(cent, ROUND_HALF_UP)

    assert all(run(record, context) == by_hand(record) for record in records)
    own, bare = [], []
    for _ in range(7):
        own.append(_once(lambda: [run(record, context) for record in records]))
        bare.append(_once(lambda: [by_hand(record) for record in records]))
    return Computed("Python, 100,000 records", AMOUNT, 1e3 * median(own), 1e3 * median(bare), "ms", 4.0, True)


def _browser() -> Computed:
    folder = formula()

    def give(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name.endswith(".mjs"):
            route.fulfill(body=(folder / name).read_text("utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body='<script type="module" src="/measure.mjs"></script>', content_type="text/html")

    with open_chromium() as browser:
        page = browser.new_page()
        page.route("**/*", give)
        page.goto("http://bench.test/")
        page.wait_for_function("() => 'measure' in globalThis")
        found = page.evaluate("([tree, count]) => measure(tree, count, 101)", [tree_to_json(_typed(AMOUNT)), LINES])
    return Computed("browser, 1,000 lines", AMOUNT, found["dougong_ms"], found["limit_ms"], "ms", 16.0, False)


def _typed(text: str) -> TypedTree:
    tree = text_to_typed(text, SCOPE).tree
    assert tree is not None, text
    return tree


def _context() -> SqlContext:
    return SqlContext(null(), null(), null())


def _pushed(tree: TypedTree) -> tuple[str, str]:
    """Return value and error code as SQL."""
    error = compile_error(tree, lambda keys: _TABLE.c[keys[0]], _context())
    return _literal(compile_sql(tree, lambda keys: _TABLE.c[keys[0]], _context())), "NULL" if error is None else _literal(error)


def _literal(expression: Any) -> str:  # noqa: ANN401 (an expression of any type)
    return str(expression.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))


async def _see_none(connection: asyncpg.Connection[asyncpg.Record], text: str, differing: str) -> None:
    count = await connection.fetchval(f"SELECT count(*) FROM measured WHERE {differing}")
    assert count == 0, f"{text}: {count} answers differ from those of the SQL written by hand"


async def _take_turns(connection: asyncpg.Connection[asyncpg.Record], one: str, other: str) -> tuple[float, float]:
    """Return the milliseconds two queries take when nothing else is in their way: the quickest of several, asked in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(9):
        for query, into in zip((one, other), times, strict=True):
            began = time.perf_counter()
            await connection.fetch(query)
            into.append(1e3 * (time.perf_counter() - began))
    return min(times[0]), min(times[1])


def _once(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def _best(run: Callable[[], object], times: int) -> float:
    """Return the seconds one call takes in the quickest of seven rounds."""

    def round_of_calls() -> None:
        for _ in range(times):
            run()

    return min(_once(round_of_calls) for _ in range(7)) / times
