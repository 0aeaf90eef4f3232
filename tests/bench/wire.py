"""HTTP over raw sockets: requests as bytes in, latencies out; does the least a client can, so that servers are what is measured."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import cast

_END = b"\r\n\r\n"
_LENGTH = b"content-length: "

NextRequest = Callable[[], bytes]
"""Gives the bytes of the next request."""


class UnexpectedAnswer(Exception):
    """A server answered something else than it was asked for; the text is its answer."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of requests gave: the time each took and the time from the first to the last, in seconds."""

    latencies: tuple[float, ...]
    wall_s: float


def request_bytes(method: str, path: str, headers: Sequence[tuple[str, str]] = (), body: bytes = b"") -> bytes:
    """Return a request as it goes over the wire.

    >>> request_bytes("GET", "/empty")
    b'GET /empty HTTP/1.1\\r\\nhost: bench\\r\\n\\r\\n'
    """
    lines = [f"{method} {path} HTTP/1.1", "host: bench", *(f"{name}: {value}" for name, value in headers)]
    if body:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join(lines).encode("ascii") + _END + body


def quantile_ms(latencies: Sequence[float], part: float) -> float:
    """Return the milliseconds within which that part of the requests was answered.

    >>> quantile_ms([0.004, 0.001, 0.003, 0.002], 0.5)
    3.0
    """
    return sorted(latencies)[min(len(latencies) - 1, int(len(latencies) * part))] * 1e3


class _Client(asyncio.Protocol):
    """One kept-alive connection: sends, waits for the whole answer, sends the next until it is told to stop."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._next: NextRequest | None = None
        self._done: asyncio.Future[None] | None = None
        self._status = b""
        self._received = b""
        self._expected = 0
        self._stop_at = self._sent_at = 0.0
        self._left = 0
        self.latencies: list[float] = []
        self.answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass

    def connection_lost(self, exc: Exception | None) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(UnexpectedAnswer(f"the server closed the connection: {exc}"))

    def start(self, next_request: NextRequest, status: int, stop_at: float, count: int) -> asyncio.Future[None]:
        """Begin to send; the future is done when the time or the number of requests is used up."""
        self._next, self._status, self._stop_at, self._left = next_request, str(status).encode(), stop_at, count
        self._done = asyncio.get_running_loop().create_future()
        self.latencies = []
        self._send()
        return self._done

    def close(self) -> None:
        """Close the connection."""
        self._done = None
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._received = self._received + data if self._received else data
        if not self._expected:
            end = self._received.find(_END)
            if end < 0:
                return
            at = self._received.find(_LENGTH, 0, end)
            length = int(self._received[at + len(_LENGTH) : self._received.index(b"\r", at)]) if at >= 0 else 0
            self._expected = end + len(_END) + length
        if len(self._received) >= self._expected:
            self._answered()

    def _send(self) -> None:
        assert self._transport is not None and self._next is not None
        self._left -= 1
        request = self._next()
        self._sent_at = perf_counter()
        self._transport.write(request)

    def _answered(self) -> None:
        now = perf_counter()
        self.latencies.append(now - self._sent_at)
        self.answer, self._received, self._expected = self._received, b"", 0
        assert self._done is not None
        if self.answer[9:12] != self._status:
            self._done.set_exception(UnexpectedAnswer(self.answer.decode(errors="replace")[:2000]))
        elif now >= self._stop_at or self._left <= 0:
            self._done.set_result(None)
        else:
            self._send()


class Clients:
    """A number of connections to one server."""

    def __init__(self, port: int, clients: Sequence[_Client]) -> None:
        """Keep connections that are open already; see `connect`."""
        self.port = port
        self._clients = clients

    async def run(self, next_request: NextRequest, status: int, seconds: float, count: int = 1_000_000_000) -> Load:
        """Send one request after the other on every connection, for so long or until each has sent `count`.

        Raises UnexpectedAnswer when an answer has another status.
        """
        began = perf_counter()
        await asyncio.gather(*(c.start(next_request, status, began + seconds, count) for c in self._clients))
        wall = perf_counter() - began
        return Load(tuple(latency for client in self._clients for latency in client.latencies), wall)

    @property
    def answer(self) -> bytes:
        """The body of the last answer on the first connection."""
        return self._clients[0].answer.partition(_END)[2]

    def close(self) -> None:
        """Close every connection."""
        for client in self._clients:
            client.close()


async def connect(port: int, count: int) -> Clients:
    """Open connections to a server of this machine."""
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(_Client, "127.0.0.1", port) for _ in range(count)]
    return Clients(port, [client for _, client in made])
