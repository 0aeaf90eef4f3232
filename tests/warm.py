"""Starts `dougong` with words, an environment and files, as `subprocess` does but for the importing, which takes most of a start.

A process that has everything imported is begun once for a run of the tests and forks for each program. What the start of a program
itself promises is tested without it, in `runtime/test_serve.py` and `runtime/test_command_line.py`.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]
RUN = "DOUGONG_TESTS_RUN"
"""Names the process of the whole run of tests to those that do a part of it."""
_START_S = 120
_BEGUN: list[subprocess.Popen[bytes]] = []
_LOOK_S = 0.02


class Program:
    """A program that has been started: what tests use of `subprocess.Popen`."""

    def __init__(self, words: tuple[str, ...], environment: Mapping[str, str], output: int, complaints: int, folder: Path = ROOT) -> None:
        """Start it in a session of its own, its input empty, its output and its complaints into files given by descriptors."""
        self.returncode: int | None = None
        self._told = _connect()
        asked = {"words": words, "environment": dict(environment), "folder": str(folder)}
        with open(os.devnull) as nothing:
            socket.send_fds(self._told, [json.dumps(asked).encode()], [nothing.fileno(), output, complaints])
        self.pid: int = json.loads(self._told.recv(100))

    def poll(self) -> int | None:
        """Return how it has ended, None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Return how it has ended once it has; raises TimeoutExpired after so many seconds."""
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("dougong", timeout or 0)
            self.returncode = int(json.loads(self._told.recv(100)))
            self._told.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def run(*words: str, environment: Mapping[str, str], timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Return what a command has printed, what it has complained of and how it has ended."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output, tempfile.TemporaryFile("w+", encoding="utf-8") as complaints:
        code = Program(words, environment, output.fileno(), complaints.fileno()).wait(timeout)
        return subprocess.CompletedProcess(words, code, _read(output), _read(complaints))


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def _connect() -> socket.socket:
    """Return a connection to the process that forks, which is begun by whoever of this run comes first."""
    owner = int(os.environ.setdefault(RUN, str(os.getpid())))
    address = Path(tempfile.gettempdir()) / f"dougong-tests-{owner}"
    with contextlib.suppress(OSError):
        return _connected(address)
    with Path(f"{address}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with contextlib.suppress(OSError):
            return _connected(address)
        address.unlink(missing_ok=True)
        begun = subprocess.Popen(
            [sys.executable, "-m", "tests.warm_process", str(address), str(owner)], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            env=_neutral(), start_new_session=True,
        )  # fmt: skip
        _BEGUN.append(begun)
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            assert begun.poll() is None, "the process that forks has not started"
            with contextlib.suppress(OSError):
                return _connected(address)
            time.sleep(_LOOK_S)
    raise AssertionError("the process that forks does not answer")


def _connected(address: Path) -> socket.socket:
    found = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        found.connect(str(address))
    except OSError:
        found.close()
        raise
    return found


def _neutral() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOUGONG_") and name != "DATABASE_URL"}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
