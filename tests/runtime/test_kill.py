"""Servers that are killed with -9 while clients create records: what was acknowledged is there, once, after a new start."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from dougong.database.embedded import ensure_running, running, stop
from tests.conftest import POSTGRES_15, SERVER_SETTINGS, fresh_database, open_folder
from tests.warm import Program

CREATES = 500
CLIENTS = 8
KILLS = 2
LOOK_S = 0.02
"""How long a server is left alone between two looks whether it is up: it needs the processor itself."""
PASSWORD = "correct horse battery"
IMPORTS = {
    **{name: value for name, value in os.environ.items() if not name.startswith("DOUGONG_") and name != "DATABASE_URL"},
    "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1",
}  # fmt: skip


@dataclass
class Server:
    """A server process on one data folder and port, started again whenever it was killed."""

    environment: dict[str, str]
    log: Path
    port: int
    process: Program | None = None

    @property
    def address(self) -> str:
        """Return where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self.process = Program(("serve", "--port", str(self.port)), {**IMPORTS, **self.environment}, log.fileno(), log.fileno())

    def kill(self) -> None:
        """End it with -9, as a power failure would."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    async def is_up(self) -> None:
        """Return when it answers."""
        async with httpx.AsyncClient(base_url=self.address) as client:
            while True:
                assert self.process is not None
                assert self.process.poll() is None, self.log.read_text()
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get("/api/health")).status_code == 200:
                        return
                await asyncio.sleep(LOOK_S)


@pytest.fixture(params=["embedded", "outside"])
def server(request: pytest.FixtureRequest, home: Path) -> Iterator[Server]:
    """Return a server with a database of its own in the data folder, then one on the PostgreSQL of DATABASE_URL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = int(listening.getsockname()[1])
    environment = {"DOUGONG_DATA_DIR": str(home), "DOUGONG_STARTER": "trading_starter"}
    if request.param == "outside":
        environment["DATABASE_URL"] = request.getfixturevalue("outside_database")
    found = Server(environment, home / "serve.log", port)
    yield found
    if found.process is not None:
        found.kill()
    if request.param == "embedded":
        stop(home / "postgres")


@pytest.fixture
def outside_database(request: pytest.FixtureRequest) -> str:
    """Return an empty database of the last PostgreSQL at hand: Debian's 15, or the embedded one where there is no other."""
    stack = contextlib.ExitStack()
    request.addfinalizer(stack.close)
    if (POSTGRES_15 / "postgres").exists():
        folder = stack.enter_context(open_folder())
        dsn = stack.enter_context(running(folder, SERVER_SETTINGS, POSTGRES_15))
    else:
        dsn = request.getfixturevalue("dsn")
    return stack.enter_context(fresh_database(dsn))


async def test_acknowledged_records_are_there_once(server: Server) -> None:
    server.start()
    await server.is_up()
    link = re.search(r"/link#(\S+)", server.log.read_text())
    assert link
    async with httpx.AsyncClient(base_url=server.address, timeout=5) as admin:
        signed_in = await admin.post("/api/links/use", json={"token": link[1], "password": PASSWORD})
        assert signed_in.status_code == 200, signed_in.text + server.log.read_text()
        admin.headers["x-csrf-token"] = signed_in.json()["csrf_token"]
        records = "/api/apps/trading_starter/records"
        customer = (await admin.post(f"{records}/partner", json={"name": "killed customer"})).json()["id"]
        item = (await admin.get(f"{records}/item?limit=1")).json()["records"][0]["id"]
        wanted = [str(uuid4()) for _ in range(CREATES)]
        left = iter(wanted)
        acknowledged: dict[str, str] = {}
        repeats = 0
        is_up = asyncio.Event()
        is_up.set()
        kill_at = {CREATES * (n + 1) // (KILLS + 2): asyncio.Event() for n in range(KILLS)}

        async def client() -> None:
            nonlocal repeats
            for key in left:
                body = {"id": key, "customer": customer, "remark": key, "lines": [{"item": item, "quantity": "2"}, {"item": item}]}
                while key not in acknowledged:
                    try:
                        answer = await admin.post(f"{records}/sales_order", json=body)
                    except httpx.TransportError:
                        await is_up.wait()
                        continue
                    if answer.status_code == 503:
                        continue
                    assert answer.status_code in (200, 201), answer.text
                    repeats += answer.status_code == 200
                    acknowledged[key] = answer.json()["number"]
                    if len(acknowledged) in kill_at:
                        kill_at[len(acknowledged)].set()

        async def killer() -> None:
            for is_time in kill_at.values():
                await is_time.wait()
                is_up.clear()
                server.kill()
                server.start()
                await server.is_up()
                is_up.set()

        await asyncio.gather(killer(), *(client() for _ in range(CLIENTS)))
        assert set(acknowledged) == set(wanted)
        assert len(set(acknowledged.values())) == CREATES
        read = (await admin.get(f"{records}/sales_order/{wanted[-1]}")).json()
        assert (read["number"], len(read["lines"])) == (acknowledged[wanted[-1]], 2)
    server.kill()
    await look(server, [UUID(key) for key in wanted])


async def look(server: Server, wanted: list[UUID]) -> None:
    """Check what the database holds: each record once, with two rows, one line of history, a total."""
    dsn = server.environment.get("DATABASE_URL") or ensure_running(Path(server.environment["DOUGONG_DATA_DIR"]) / "postgres")
    database = await asyncpg.connect(dsn)
    try:
        orders = await database.fetch(
            """SELECT o.id, o.remark, o.revision, o.total = sum(l.amount) AS adds_up, count(l.id) AS rows,
                      (SELECT count(*) FROM dougong.history h WHERE h.record_id = o.id) AS history
               FROM app_trading_starter.sales_order o JOIN app_trading_starter.sales_order__lines l ON l.parent = o.id
               WHERE o.remark = ANY($1) OR o.id = ANY($2) GROUP BY o.id""",
            [str(key) for key in wanted],
            wanted,
        )
        assert len(orders) == CREATES
        assert {order["id"] for order in orders} == set(wanted)
        assert {(order["revision"], order["adds_up"], order["rows"], order["history"]) for order in orders} == {(1, True, 2, 1)}
        assert {str(order["id"]) == order["remark"] for order in orders} == {True}
    finally:
        await database.close()
