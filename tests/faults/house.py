"""A server and its embedded PostgreSQL in a folder of their own: started, killed in one of three ways, up again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx
import psutil

from dougong.database.embedded import ensure_running, stop
from tests.warm import Program, run

PASSWORD = "correct horse battery"
VICTIMS = ("server", "postgres", "backend")
"""What is killed with -9: the server's process, the postmaster, or one process of PostgreSQL at work for the server."""

_POLL_S = 0.01
_KEPT = {name: value for name, value in os.environ.items() if not name.startswith("DOUGONG_") and name != "DATABASE_URL"}


@dataclass
class House:
    """One site in a folder: `start` and `is_up`, `kill` one of the victims, `mend` what does not come up by itself."""

    folder: Path
    port: int = 0
    process: Program | subprocess.Popen[bytes] | None = None
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    csrf_token: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Return where it serves."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Return where the server writes."""
        return self.folder / "serve.log"

    def start(self) -> None:
        """Start the server; it starts PostgreSQL unless that runs."""
        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as listening:
                self.port = int(listening.getsockname()[1])
        words, environment = ("serve", "--port", str(self.port)), {**_KEPT, **self._own()}
        with self.log.open("ab") as log:
            if "PYTHONPATH" in self.environment:  # another program than the one that is tested: nothing of it is imported yet
                command = [sys.executable, "-m", "dougong.cli", *words]
                self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
            else:
                self.process = Program(words, environment, log.fileno(), log.fileno())

    async def is_up(self) -> None:
        """Return when it answers; what stopped it is told."""
        async with httpx.AsyncClient(base_url=self.address) as client:
            while True:
                assert self.process is not None
                assert self.process.poll() is None, self.log.read_text()[-4000:]
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get("/api/health")).status_code == 200:
                        return
                await asyncio.sleep(_POLL_S)

    async def sign_in(self) -> None:
        """Follow the administrator's link and keep the session."""
        link = re.search(r"/link#(\S+)", self.log.read_text())
        assert link, self.log.read_text()
        async with httpx.AsyncClient(base_url=self.address) as client:
            answer = await client.post("/api/links/use", json={"token": link[1], "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            self.cookies, self.csrf_token = client.cookies, answer.json()["csrf_token"]

    def client(self) -> httpx.AsyncClient:
        """Return a client that is signed in."""
        headers = {"X-CSRF-Token": self.csrf_token, "Accept-Language": "en"}
        return httpx.AsyncClient(base_url=self.address, cookies=self.cookies, headers=headers, timeout=30)

    def dsn(self) -> str:
        """Return the address of the database, started if it was not."""
        return ensure_running(self.folder / "postgres")

    async def kill(self, victim: str) -> None:
        """Kill a victim with -9, as a power failure or the system's memory killer would."""
        match victim:
            case "server":
                self._kill_server()
            case "postgres":
                self._kill_postmaster()
            case "backend":
                await self._kill_backend()
            case _:
                raise ValueError(victim)

    async def mend(self, victim: str) -> None:
        """Start again what was killed, as whoever looks after the machine would; PostgreSQL itself comes back after a backend."""
        if victim == "postgres":
            self._kill_server()
        if victim != "backend":
            self.start()
        await self.is_up()

    async def verify(self, app: str) -> list[str]:
        """Compute everything of an app anew, and return what is told of what differs."""
        said = await asyncio.to_thread(run, "app", "verify", app, environment={**_KEPT, **self._own()})
        return [] if said.returncode == 0 else said.stdout.splitlines()[:10] or ["verify has failed"]

    def _own(self) -> dict[str, str]:
        """Return what programs of the site find in their environment."""
        return {"DOUGONG_DATA_DIR": str(self.folder), "DOUGONG_STARTER": "none", "PYTHONUNBUFFERED": "1", "PYTHONPATH": os.pathsep.join(sys.path), **self.environment}

    def close(self) -> None:
        """End everything."""
        if self.process is not None:
            self._kill_server()
        stop(self.folder / "postgres")

    def _kill_server(self) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _kill_postmaster(self) -> None:
        for process in psutil.process_iter(["cmdline", "name"]):
            command = process.info["cmdline"] or []
            if any(str(self.folder) in part for part in command) and "-D" in command and process.info["name"] == "postgres":
                process.kill()

    async def _kill_backend(self) -> None:
        """Kill a backend that is in a transaction if one is; whichever it is, PostgreSQL ends all and recovers."""
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection = await asyncpg.connect(self.dsn())
            try:
                pid = await connection.fetchval(
                    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                    " AND datname = current_database() ORDER BY state = 'active' DESC, xact_start LIMIT 1"
                )
            finally:
                connection.terminate()
            if pid is not None:
                psutil.Process(pid).kill()
