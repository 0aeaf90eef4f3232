"""What clients know of their own writes: what was acknowledged, and every write sent again with its key until it is."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

AGAIN = frozenset((500, 502, 503, 504))
"""Answers after which nobody knows whether a write was carried out; PostgreSQL going down is answered as a fault too."""


@dataclass
class Memory:
    """What was acknowledged: by kind of write the answers, the records that were deleted, what must add up, and by id the files of imports.

    imports: the mark of a file's rows, and how many there are. waiting: imports nobody has started to write.
    """

    written: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    counted: Counter[str] = field(default_factory=Counter)
    imports: dict[str, tuple[str, int]] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    acknowledged: int = 0
    repeated: int = 0
    alarm: tuple[int, asyncio.Event] | None = None

    def keep(self, kind: str, answer: dict[str, Any]) -> None:
        """Remember an acknowledged write."""
        self.written.setdefault(kind, []).append(answer)

    def tell(self, acknowledged: int, event: asyncio.Event) -> None:
        """Set an event as soon as so many writes are acknowledged."""
        self.alarm = acknowledged, event

    def count(self, is_first_try: bool) -> None:
        """Count an acknowledged write."""
        self.acknowledged += 1
        self.repeated += not is_first_try
        if self.alarm is not None and self.acknowledged >= self.alarm[0]:
            self.alarm[1].set()


@dataclass
class Writer:
    """One client: asks, and asks again with the same idempotency key while the answer is lost or the server is away."""

    client: httpx.AsyncClient
    memory: Memory
    chance: random.Random
    is_up: asyncio.Event
    app: str

    async def write(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Return the answer of a write that is known to be carried out or refused."""
        answer, tries = await self._ask(method, f"records/{path}", json=body, headers={"Idempotency-Key": str(uuid4())})
        self.memory.count(tries == 1)
        return answer

    async def tell(self, path: str, content: bytes = b"") -> httpx.Response:
        """Return the answer of a request about an import, which may have been carried out more than once."""
        answer, tries = await self._ask("POST", path, content=content)
        self.memory.count(tries == 1)
        return answer

    async def read(self, path: str) -> httpx.Response:
        """Return the answer of a question, asked until there is one."""
        answer, _ = await self._ask("GET", path)
        return answer

    async def _ask(self, method: str, path: str, **request: Any) -> tuple[httpx.Response, int]:  # noqa: ANN401 – httpx's own
        """Return an answer, asked for until there is one, and how often it was."""
        tries = 0
        while True:
            await self.is_up.wait()
            tries += 1
            with contextlib.suppress(httpx.TransportError):
                answer = await self.client.request(method, f"/api/apps/{self.app}/{path}", **request)
                if answer.status_code not in AGAIN:
                    return answer, tries
            await asyncio.sleep(0.02)
