"""Suite `bulk`: 10,000 records of 20 fields, 3 of them computed, made in one request; beside the INSERT one would write by hand."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg

from tests.bench.servers import Server, SignedIn
from tests.workshop import element, entity, label, options, package

ROWS = 10_000
TIMES = 5
APP = "/api/apps/bulk"
RECORDS = f"{APP}/records/part/bulk"

Step = Callable[[str], None]

_FIELDS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    **{key: ("text", str) for key in ("code", "name", "spec", "unit", "category", "brand", "origin", "remark")},
    **{key: ("numeric", Decimal) for key in ("price", "cost", "quantity", "weight", "discount")},
    "made_on": ("date", date.fromisoformat), "due_on": ("date", date.fromisoformat),
    "seen_at": ("timestamptz", datetime.fromisoformat), "active": ("boolean", bool),
}  # fmt: skip
_KEYS = ", ".join(_FIELDS)
_LISTS = ", ".join(f"${place}::{kind}[]" for place, (kind, _) in enumerate(_FIELDS.values(), 2))
BY_HAND = f"""
    INSERT INTO app_bulk.part (id, revision, created_at, created_by, updated_at, updated_by, {_KEYS}, amount, net, margin)
    SELECT uuidv7(), 1, now(), $1, now(), $1, {_KEYS}, round(quantity * price, 2),
        round(round(quantity * price, 2) * (100 - discount) / 100, 2), price - cost
    FROM unnest({_LISTS}) AS x({_KEYS})"""
"""The same records without history, notices, rules, permissions or an answer."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Medians. rows_s, by_hand_rows_s: records a second; ratio: of the seconds of each turn; memory_mb: of the server afterwards, and grown by."""

    rows_s: float
    by_hand_rows_s: float
    ratio: float
    memory_mb: float
    grown_mb: float


def measure_bulk(server: Server, session: SignedIn, dsn: str, step: Step) -> Filled:
    """Install an app and fill it both ways in turns."""
    step("bulk: an app")
    install_parts(server, session)
    before = server.memory_mb()
    own, hand = [], []
    for turn in range(TIMES + 1):
        step(f"bulk: turn {turn}")
        records = parts(2 * turn * ROWS)
        body = json.dumps({"changes": [{"action": "create", "values": record} for record in records]}, ensure_ascii=False).encode()
        began = time.perf_counter()
        server.ask("POST", RECORDS, body, session.headers).json()
        own.append(time.perf_counter() - began)
        hand.append(asyncio.run(_insert(dsn, UUID(session.user), parts((2 * turn + 1) * ROWS))))
    own, hand = own[1:], hand[1:]  # the first turn compiles
    ratio = median(ours / bare for ours, bare in zip(own, hand, strict=True))
    memory = server.memory_mb()
    return Filled(ROWS / median(own), ROWS / median(hand), ratio, memory, memory - before)


async def _insert(dsn: str, user: UUID, records: list[dict[str, Any]]) -> float:
    database = await asyncpg.connect(dsn)
    try:
        body = json.dumps(records, ensure_ascii=False)  # whoever writes this by hand is sent JSON too
        began = time.perf_counter()
        sent = json.loads(body)
        columns = [[read(record[key]) for record in sent] for key, (_, read) in _FIELDS.items()]
        await database.execute(BY_HAND, user, *columns)
        return time.perf_counter() - began
    finally:
        await database.close()


def install_parts(server: Server, session: SignedIn) -> None:
    """Install the app of parts unless it is there."""
    if server.ask("GET", APP, None, session.headers).status == 404:
        server.ask("POST", "/api/apps", {"package": _package(), "demo": False}, session.headers).json()


def make_stocks(server: Server, session: SignedIn, count: int) -> list[str]:
    """Make stocks of much and return their ids."""
    changes = [{"action": "create", "values": {"name": f"S{n}", "on_hand": "1000000000"}} for n in range(count)]
    made = server.ask("POST", f"{APP}/records/stock/bulk", {"changes": changes}, session.headers).json()
    return [one["id"] for one in made["results"]]


def parts(first: int, count: int = ROWS) -> list[dict[str, Any]]:
    """Return values of parts, numbered from `first`."""
    return [
        {"code": f"P{first + n}", "name": "深沟球轴承", "spec": "6205-2RS", "unit": "piece", "category": "b", "brand": "NSK",
         "origin": "大连", "remark": "尽快发货", "price": "16.30", "cost": "11.85", "quantity": str(n % 50 + 1), "weight": "0.125",
         "discount": "5", "made_on": "2026-01-02", "due_on": "2026-03-04", "seen_at": "2026-01-02T03:04:05+08:00", "active": True}
        for n in range(count)
    ]  # fmt: skip


def _package() -> dict[str, Any]:
    part = entity(
        "part", "code",
        element("code", "text", required=True, max_length=40), element("name", "text", required=True), element("spec", "text"),
        element("unit", "text"), element("category", "choice", options=options("a", "b", "c")), element("brand", "text"),
        element("origin", "text"), element("remark", "long_text"), element("price", "money", min_="0"), element("cost", "money"),
        element("quantity", "number", scale=3), element("weight", "number", scale=3), element("discount", "number", scale=2),
        element("made_on", "date"), element("due_on", "date"), element("seen_at", "datetime"), element("active", "boolean", default="TRUE"),
        element("amount", "money", formula="ROUND(quantity * price, 2)"),
        element("net", "money", formula="ROUND(amount * (100 - discount) / 100, 2)"),
        element("margin", "money", formula="price - cost"),
    )  # fmt: skip
    stock = entity(
        "stock", "name", element("name", "text"), element("on_hand", "number", scale=3), element("reserved", "number", scale=3, default="0"),
        element("free", "number", scale=3, formula="on_hand - reserved"),
        guards=[{"key": "available", "check": "free >= 0", "message": label("Not enough")}],
    )  # fmt: skip
    return package("bulk", part, stock)
