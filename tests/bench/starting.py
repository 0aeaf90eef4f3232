"""Suite `start`: how long a server takes to start on a warm database, what memory it holds idle, how long the starter's publish takes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from tests.bench.records import STARTER
from tests.bench.servers import SignedIn, dougong, sign_in

TIMES = 3

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Started:
    """Medians. start_s: to the first good answer; start_cpu_s: what of it the server's process worked.

    memory_mb: idle, after one list page so that an app is loaded. publish_s: the request that installs the starter without
    demo data; with_demo_s: with them.
    """

    start_s: float
    start_cpu_s: float
    memory_mb: float
    publish_s: float
    with_demo_s: float


def measure_start(data: Path, folder: Path, dsn: str, session: SignedIn, step: Step) -> Started:
    """Start servers on the data folder, whose database runs, and install the starter into fresh databases beside it."""
    starts, works, memories = [], [], []
    for number in range(TIMES):
        step(f"start {number + 1}")
        with dougong(data, folder) as server:
            works.append(server.cpu_s())
            server.ask("GET", f"/api/apps/{STARTER}/records/sales_order", headers=session.headers).json()
            starts.append(server.start_s)
            memories.append(server.memory_mb())
    plain = [_publish(f"bench_plain_{number}", False, data, folder, dsn, step) for number in range(TIMES)]
    with_demo = _publish("bench_demo", True, data, folder, dsn, step)
    return Started(median(starts), median(works), median(memories), median(plain), with_demo)


def _publish(name: str, demo: bool, data: Path, folder: Path, dsn: str, step: Step) -> float:
    """Return the seconds the request takes in a new database, on a server that has just prepared it."""
    step(f"publish of the starter in {name}")
    asyncio.run(_execute(dsn, f'CREATE DATABASE "{name}"'))
    address = urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))
    try:
        with dougong(data, folder, {"DATABASE_URL": address, "DOUGONG_STARTER": "none"}) as server:
            session = sign_in(server, server.log)
            began = time.perf_counter()
            server.ask("POST", "/api/apps", {"package": "trading_starter", "demo": demo}, session.headers).json()
            return time.perf_counter() - began
    finally:
        asyncio.run(_execute(dsn, f'DROP DATABASE "{name}" WITH (FORCE)'))


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
