"""Takes words of `dougong`, an environment and files over a socket, and runs them in a fork of itself, which has everything imported already.

`python -m tests.warm_process ADDRESS PID` listens at the socket ADDRESS and ends, with all it has begun, when the process PID is gone.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from importlib import import_module
from typing import cast

LONGEST = 150_000
"""Bytes of the longest request: one message of a socket."""
LAZY = (
    "dougong.app", "dougong.cli", "dougong.database.address", "dougong.listening_place", "dougong.packages.library", "uvicorn",
    "uvicorn.lifespan.on", "uvicorn.loops.uvloop", "uvicorn.protocols.http.httptools_impl", "alembic.command", "sqlalchemy.dialects.postgresql.asyncpg",
)
"""What a server imports from its start to its first answer, and what commands import when they run."""


Begun = dict[int, tuple[int, socket.socket]]
"""Of each fork that runs, by the descriptor that tells its end: its process and who has asked for it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a fork is to run, and the files that are its input, its output and its complaints."""

    words: list[str]
    environment: dict[str, str]
    folder: str
    files: list[int]


def serve(address: str, pid: int) -> Request | None:
    """Serve requests until the process is gone; in a fork, return what it is to run."""
    watched = os.pidfd_open(pid)
    begun: Begun = {}
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening, selectors.DefaultSelector() as selector:
        listening.bind(f"{address}.new")
        listening.listen(64)
        os.rename(f"{address}.new", address)  # whoever sees it can connect
        selector.register(watched, selectors.EVENT_READ, "gone")
        selector.register(listening, selectors.EVENT_READ, "listening")
        while True:
            for key, _ in selector.select():
                match key.data:
                    case "gone":
                        for child, _asked in begun.values():
                            _end(child)
                        return None
                    case "listening":
                        selector.register(listening.accept()[0], selectors.EVENT_READ, "asked")
                    case "asked":
                        request = _begin(cast(socket.socket, key.fileobj), selector, begun)
                        if request is not None:
                            return request
                    case "left":
                        with contextlib.suppress(KeyError, ValueError):  # its program has ended at the same time
                            selector.unregister(key.fileobj)
                        for child, asked in begun.values():
                            if asked is key.fileobj:
                                _end(child)
                    case "ended":
                        _tell(key.fd, selector, begun)


def run(request: Request) -> None:
    """Run the words as the program does that is started by itself; its end is that of this process."""
    os.setsid()
    for place, file in enumerate(request.files):
        os.dup2(file, place)
    os.closerange(3, 2**20)
    os.chdir(request.folder)
    os.environ.clear()
    os.environ.update(request.environment)
    sys.argv = ["dougong", *request.words]
    sys.stdin, sys.stderr = os.fdopen(0), os.fdopen(2, "w", 1)
    sys.stdout = os.fdopen(1, "w", 1 if "PYTHONUNBUFFERED" in os.environ else -1)
    from dougong.cli import main

    main()


def _begin(asked: socket.socket, selector: selectors.BaseSelector, begun: Begun) -> Request | None:
    """Fork for one request, and return it in the fork."""
    selector.unregister(asked)
    message, files, _, _ = socket.recv_fds(asked, LONGEST, 3)
    if not message:
        asked.close()
        return None
    child = os.fork()
    if child == 0:
        return Request(**json.loads(message), files=files)
    for file in files:
        os.close(file)
    watched = os.pidfd_open(child)
    begun[watched] = (child, asked)
    selector.register(watched, selectors.EVENT_READ, "ended")
    selector.register(asked, selectors.EVENT_READ, "left")
    with contextlib.suppress(OSError):
        asked.send(json.dumps(child).encode())
    return None


def _tell(watched: int, selector: selectors.BaseSelector, begun: dict[int, tuple[int, socket.socket]]) -> None:
    """Tell who asked how a fork has ended."""
    child, asked = begun.pop(watched)
    selector.unregister(watched)
    os.close(watched)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with contextlib.suppress(KeyError):  # who asked has left
        selector.unregister(asked)
    with contextlib.suppress(OSError):
        asked.send(json.dumps(code).encode())
    asked.close()


def _end(child: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)


if __name__ == "__main__":
    for name in LAZY:
        import_module(name)
    gc.collect()
    gc.freeze()  # no fork looks for garbage among what all of them share
    assert threading.active_count() == 1, "a fork would lack the other threads"
    asked_for = serve(sys.argv[1], int(sys.argv[2]))
    if asked_for is None:
        os.unlink(sys.argv[1])
        os.unlink(f"{sys.argv[1]}.lock")
    else:
        run(asked_for)
