"""`dougong serve` as a process: it serves, stops its database when told to stop, and is itself again after being killed."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("DOUGONG_") and name != "DATABASE_URL"},
    "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1",
}


LOOK_S = 0.02
"""How long the server is left alone between two looks whether it is up: it needs the processor itself."""


@pytest.fixture
def port() -> int:
    """Return a port nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextlib.contextmanager
def serving(home: Path, port: int, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Give a server that takes requests and its address; it is killed at the end of the block unless it left before."""
    command = [sys.executable, "-m", "dougong.cli", "serve", "--port", str(port), *words]
    environment = {**ENVIRONMENT, "DOUGONG_DATA_DIR": str(home), "DOUGONG_STARTER": "none",
                   "DOUGONG_POSTGRES_SETTINGS": "fsync=off"}
    log_path = home / "serve.log"
    with open(log_path, "w") as log:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, text=True,
                                   start_new_session=True)
    try:
        address = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=address, timeout=10) as client:
            while not answers(client):
                assert process.poll() is None, log_path.read_text()
                time.sleep(LOOK_S)
        yield process, address
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(client: httpx.Client) -> bool:
    """Say whether the server is well."""
    try:
        return client.get("/api/health").status_code == 200
    except httpx.TransportError:
        return False


def test_it_serves_and_stops_its_database_when_told_to_stop(home: Path, port: int) -> None:
    with serving(home, port) as (process, address):
        assert (home / "postgres" / "data" / "postmaster.pid").exists()
        assert httpx.get(f"{address}/api/session", timeout=60).status_code == 401
        process.terminate()
        assert process.wait(timeout=30) == 0
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()


def test_a_connection_nobody_uses_stays_open_and_holds_up_no_stop(home: Path, port: int) -> None:
    with serving(home, port) as (process, _), contextlib.closing(HTTPConnection("127.0.0.1", port)) as kept:
        kept.request("GET", "/api/health")
        assert kept.getresponse().read()
        kept.sock.settimeout(6)  # many servers close it after 5 s
        with pytest.raises(TimeoutError):
            kept.sock.recv(1)
        kept.request("GET", "/api/health")
        assert kept.getresponse().status == 200
        process.terminate()
        assert process.wait(timeout=30) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_a_closed_terminal_stops_it_in_order(home: Path, port: int) -> None:
    with serving(home, port) as (process, _):
        process.send_signal(signal.SIGHUP)
        assert process.wait(timeout=30) == 0
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()


def test_it_is_itself_again_after_kill_9(home: Path, port: int) -> None:
    with serving(home, port) as (process, _):
        process.kill()
        process.wait()
        assert (home / "postgres" / "data" / "postmaster.pid").exists()
        with serving(home, port) as (second, address):
            assert httpx.get(f"{address}/api/session", timeout=60).status_code == 401
            second.terminate()
            assert second.wait(timeout=30) == 0


def test_several_workers_share_one_database(home: Path, port: int) -> None:
    with serving(home, port, "--workers", "2") as (process, address):
        assert {httpx.get(f"{address}/api/health", timeout=60).status_code for _ in range(8)} == {200}
        process.terminate()
        assert process.wait(timeout=30) == 0
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()


def refused(**environment: str) -> str:
    """Return what a server says that cannot start."""
    answer = subprocess.run([sys.executable, "-m", "dougong.cli", "serve"], env={**ENVIRONMENT, **environment}, check=False,
                            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert answer.returncode not in {0, None}
    assert "Traceback" not in answer.stderr
    return answer.stderr


@pytest.mark.parametrize(("address", "told"), [
    ("postgresql://nobody:secret@127.0.0.1:1/nothing", "127.0.0.1:1/nothing: "),
    ("postgresql://nobody:secret@127.0.0.1:port/nothing", "127.0.0.1:port/nothing: "),
    ("postgresql://nobody:secret@a..b/nothing", "a..b/nothing: "),
    ("postgresql://nobody:secret?@127.0.0.1:1/nothing", ""),
])
def test_a_database_that_is_not_there_is_told_in_a_line(port: int, address: str, told: str) -> None:
    said = refused(DATABASE_URL=address, DOUGONG_PORT=str(port))
    assert re.search(rf"database-unavailable: .*\n  {re.escape(told)}\S.*\n.*/dougong doctor\n", said)
    assert "secret" not in said


def test_a_data_folder_that_cannot_be_made_is_told_in_a_line(port: int) -> None:
    said = refused(DOUGONG_DATA_DIR="/proc/dougong", DOUGONG_PORT=str(port))
    assert re.fullmatch(r"The embedded PostgreSQL in /proc/dougong/postgres did not start: .*\n", said)


def test_a_taken_port_is_told_in_a_line_before_anything_is_made(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
        said = refused(DOUGONG_DATA_DIR=str(home), DOUGONG_PORT=port)
    assert re.fullmatch(rf"Cannot listen at 127\.0\.0\.1:{port}: Address already in use\. .*DOUGONG_PORT.*\n", said)
    assert list(home.iterdir()) == []
