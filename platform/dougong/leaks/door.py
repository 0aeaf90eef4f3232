"""A running application and somebody's session in, what it answers to their requests out, without a network or a client between.

An audit asks ten thousand times, and a client for HTTP takes as long over each request as the application does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode

from starlette.types import ASGIApp, Message

ADDRESS = ("203.0.113.9", 40000)
_BOUNDARY = "audit"


@dataclass(frozen=True)
class Answer:
    """What came back over the door, whole."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass
class Door:
    """Where somebody who is signed in asks. csrf: the word without which nothing is changed."""

    application: ASGIApp
    session: str
    csrf: str = ""

    async def ask(self, method: str, path: str, query: Mapping[str, str] | None = None, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """Send a request and take in the whole answer. path: with what is special in it written as in addresses."""
        sent = {"host": "audit.test", "cookie": f"dougong_session={self.session}", "x-csrf-token": self.csrf, "content-length": str(len(body)), **(headers or {})}
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "root_path": "",
            "path": unquote(path), "raw_path": path.encode(), "query_string": urlencode(query or {}).encode(), "client": ADDRESS, "server": ("audit.test", 80),
            "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
        }  # fmt: skip
        parts: list[bytes] = []
        begun: list[Message] = []
        is_sent = False
        is_over = asyncio.Event()

        async def receive() -> Message:
            nonlocal is_sent
            if is_sent:  # who streams an answer waits here for a client that goes away
                await is_over.wait()
                return {"type": "http.disconnect"}
            is_sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                is_over.set()

        await self.application(scope, receive, send)
        return Answer(begun[0]["status"], list(begun[0]["headers"]), b"".join(parts))

    async def upload(self, path: str, name: str, content: bytes) -> Answer:
        """Send a file as browsers do."""
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
        body = head.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
        return await self.ask("POST", path, None, body, {"content-type": f"multipart/form-data; boundary={_BOUNDARY}"})
