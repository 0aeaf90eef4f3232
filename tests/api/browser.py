"""What a browser does for its user: keeps the session's cookie, shows the CSRF token; for scenarios over HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.types import ASGIApp


@dataclass
class Browser:
    """A client of the server with cookies of its own; `json` of what was sent and answered are plain values."""

    client: httpx.AsyncClient
    csrf_token: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    password: str = ""

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """Send a request as a page would, and return the answer; header names are written with underscores."""
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.csrf_token and "x-csrf-token" not in sent:
            sent["x-csrf-token"] = self.csrf_token
        if isinstance(body, bytes):
            sent.setdefault("content-type", "application/json")
            return await self.client.request(method, path, content=body, headers=sent)
        return await self.client.request(method, path, json=body, headers=sent)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for something."""
        return await self.ask("GET", path, **headers)

    async def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        """Send something new."""
        return await self.ask("POST", path, body, **headers)

    async def sign_in(self, email: str, password: str) -> httpx.Response:
        """Sign in, and remember the CSRF token and the password where that succeeds."""
        answer = await self.post("/api/session", {"email": email, "password": password})
        if answer.status_code == 200:
            self.csrf_token = answer.json()["csrf_token"]
            self.password = password
        return answer


def open_browser(app: ASGIApp, address: str = "203.0.113.7", base_url: str = "http://dougong.test") -> Browser:
    """Return a browser that nobody has used yet, at a network address."""
    transport = httpx.ASGITransport(app, client=(address, 40000))
    return Browser(httpx.AsyncClient(transport=transport, base_url=base_url))


def problem_of(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Return the problem document of an answer that must be this refusal."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["code"] == code, document
    assert document["type"] == f"/problems/{code}"
    assert document["status"] == status
    assert document["title"] and document["detail"] and document["instance"].startswith("/")
    return document
