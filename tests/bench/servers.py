"""The processes that are measured: settings in, running servers with their CPU time and memory out; each is stopped by its block."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "bench of dougong"
START_LIMIT_S = 120.0
_POLL_S = 0.005
_CPU_CLOCK = 2
"""Marks the clock of another process's CPU time, see clock_getcpuclockid(3)."""


class ServerFailed(Exception):
    """A server ended or did not answer in time; the text is the end of its log."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. start_s: from the start of its process to its first good answer. log: what it has written."""

    process: subprocess.Popen[bytes]
    port: int
    start_s: float
    log: Path

    def cpu_s(self) -> float:
        """Return the CPU time of its process so far, threads that are gone included; on Linux in nanosecond steps."""
        if sys.platform == "linux":
            return time.clock_gettime((~self.process.pid << 3) | _CPU_CLOCK)
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    def memory_mb(self) -> float:
        """Return its resident memory in megabytes."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 1e6

    def ask(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Send one request; a body of bytes goes as it is, any other as JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with_type = {"content-type": "application/json", **(headers or {})}
        connection.request(method, path, body if body is None or isinstance(body, bytes) else json.dumps(body), with_type)
        response = connection.getresponse()
        answer = Answer(response.status, response.read(), response.getheader("set-cookie") or "")
        connection.close()
        return answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    body: bytes
    cookie: str

    def json(self) -> Any:  # noqa: ANN401 – whatever the server wrote
        """Return the JSON of an answer that must be a good one."""
        if self.status >= 300:
            raise ServerFailed(self.body.decode(errors="replace"))
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody's session: the headers each of their requests carries, and their id."""

    headers: Mapping[str, str]
    user: str


@contextmanager
def dougong(data: Path, folder: Path, more: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run Dougong with its normal settings on the data folder; `more` are variables that go over them."""
    port = _free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOUGONG_", "DATABASE_URL"))}
    own = {"DOUGONG_DATA_DIR": str(data), "DOUGONG_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    variables = {**kept, **own, **(more or {})}
    with _running([sys.executable, "-m", "dougong.cli", "serve"], variables, port, "/api/health", folder) as server:
        yield server


@contextmanager
def limit(dsn: str, user: str, folder: Path, whose: str = "all") -> Iterator[Server]:
    """Run the limit on a database. whose: `own` where its lists hold only what is the user's."""
    port = _free_port()
    command = [sys.executable, "-m", "tests.bench.limit", dsn, str(port), user, whose]
    with _running(command, os.environ, port, "/empty", folder) as server:
        yield server


def sign_in(server: Server, log: Path) -> SignedIn:
    """Follow the administrator's link that the first start wrote to `log`, or sign in where it was followed before."""
    found = re.search(r"/link#(\S+)", log.read_text())
    answer = server.ask("POST", "/api/links/use" if found else "/api/session",
                        {"token": found[1], "password": PASSWORD} if found else {"email": "admin@example.com", "password": PASSWORD})
    session = answer.json()
    cookie = answer.cookie.partition(";")[0]
    return SignedIn({"cookie": cookie, "x-csrf-token": session["csrf_token"]}, session["user"]["id"])


@contextmanager
def _running(
    command: Sequence[str], variables: Mapping[str, str], port: int, path: str, folder: Path
) -> Iterator[Server]:
    log = folder / f"server-{port}.log"
    with log.open("wb") as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=dict(variables), stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait(process, port, path, began, log)
            yield Server(process, port, time.perf_counter() - began, log)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, path: str, began: float, log: Path) -> None:
    while True:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                connection.close()
                return
        if process.poll() is not None or time.perf_counter() - began > START_LIMIT_S:
            raise ServerFailed(log.read_text(errors="replace")[-4000:])
        time.sleep(_POLL_S)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
