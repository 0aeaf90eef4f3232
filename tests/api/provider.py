"""OpenID providers for tests: a real one as a process of its own, and one that says whatever a test makes it say, each signed as it should be or not."""

from __future__ import annotations

import contextlib
import hmac
import json
import re
import socket
import subprocess
import sys
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.api.browser import Browser

SECRET = "s3cret of the client"
START_S = 60
PEOPLE: tuple[Mapping[str, object], ...] = (
    {"sub": "s-1", "email": "sales@example.com", "email_verified": True, "name": "Sales"},
    {"sub": "s-2", "email": "sales@example.com", "email_verified": False, "name": "Somebody else"},
    {"sub": "s-3", "email": "new@company.example", "email_verified": True, "name": "新同事", "locale": "zh-CN"},
    {"sub": "s-4", "email": "new@elsewhere.example", "email_verified": True, "name": "Guest"},
    {"sub": "s-5", "email": "unsure@company.example", "email_verified": False, "name": "Unsure"},
    {"sub": "s-6", "email": "manager@example.com", "email_verified": True, "name": "Manager"},
)


@contextlib.contextmanager
def real_provider() -> Iterator[str]:
    """Give the address of a running OpenID provider (oidc-provider-mock), which knows `PEOPLE` and asks for a nonce."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    claims = [word for person in PEOPLE for word in ("--user-claims", json.dumps(person))]
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true", *claims],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    said: list[str] = []
    is_ready = threading.Event()

    def listen() -> None:
        for line in process.stdout or ():
            said.append(line)
            if "running on" in line.lower():
                is_ready.set()
        is_ready.set()

    threading.Thread(target=listen, daemon=True).start()
    try:
        assert is_ready.wait(START_S) and process.poll() is None, "".join(said)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def sign_in_there(url: str, sub: str) -> str:
    """Sign in at the real provider as one of its people, as a person would on its page, and return where it sends the browser."""
    answer = httpx.post(url, data={"sub": sub}, follow_redirects=False)
    assert answer.status_code in (302, 303), answer.text
    return str(answer.headers["location"])


def _packed(part: bytes) -> str:
    return urlsafe_b64encode(part).rstrip(b"=").decode()


@dataclass
class Forger:
    """A provider whose every answer a test can change. claims: over those an honest one would give; None leaves one out."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}, private=True))
    signs_with: RSAKey | None = None
    claims: dict[str, object] = field(default_factory=dict)
    metadata: dict[str, object] = field(default_factory=dict)
    userinfo: dict[str, object] = field(default_factory=dict)
    algorithm: str = "RS256"
    token_status: int = 200
    nonces: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def answer(self, path: str, form: Mapping[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Return status and body of an endpoint."""
        self.paths.append(path)
        if path == "/.well-known/openid-configuration":
            honest = {
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize", "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks", "userinfo_endpoint": f"{self.issuer}/userinfo", "end_session_endpoint": f"{self.issuer}/end",
            }  # fmt: skip
            return 200, {**honest, **self.metadata}
        if path == "/jwks":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        if path == "/userinfo":
            return 200, self.userinfo
        if path == "/token":
            self.asked.append({**form, "authorization": authorization})
            return self.token_status, {"access_token": "at", "token_type": "Bearer", "id_token": self.id_token(form.get("code", ""))}
        return 404, {}

    def id_token(self, code: str) -> str:
        """Return a token about the person, honest but for what a test has changed."""
        now = int(time.time())
        honest = {"iss": self.issuer, "aud": "erp", "sub": "f-1", "iat": now, "exp": now + 300, "nonce": self.nonces.get(code, ""),
                  "email": "sales@example.com", "email_verified": True, "name": "Sales"}
        claims = {name: value for name, value in {**honest, **self.claims}.items() if value is not None}
        if self.algorithm in ("none", "HS256"):  # no library makes these: nothing, and what everybody can read as the key of a MAC
            signed = ".".join(_packed(json.dumps(part).encode()) for part in ({"alg": self.algorithm, "typ": "JWT", "kid": "1"}, claims))
            mac = hmac.digest(self.key.as_pem(private=False), signed.encode(), "sha256") if self.algorithm == "HS256" else b""
            return f"{signed}.{_packed(mac)}"
        return jwt.encode({"alg": self.algorithm, "kid": "1"}, claims, self.signs_with or self.key, algorithms=[self.algorithm])

    def send_back(self, url: str, code: str = "code-1", **others: str) -> dict[str, str]:
        """Return what the browser brings back that was sent to a URL, and keep its nonce for the token of this code."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.nonces[code] = asked["nonce"]
        return {"code": code, "state": asked["state"], **others}


@contextlib.contextmanager
def forging_provider() -> Iterator[Forger]:
    """Give a running provider that says whatever a test makes it say."""
    forger = Forger()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: Mapping[str, str]) -> None:
            status, body = forger.answer(urlsplit(self.path).path, form, self.headers.get("authorization", ""))
            sent = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forger.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield forger
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def shown_code(location: str) -> str:
    """Return the code of refusal in the address of a sign-in page."""
    found = re.search(r"/sign-in\?refused=([a-z-]+)$", location)
    assert found is not None, location
    return found[1]


async def keep(boss: Browser, key: str, issuer: str, is_active: bool = True, **options: object) -> None:
    """Set up a provider, or change it."""
    known = {one["key"]: one["revision"] for one in (await boss.get("/api/providers")).json()["providers"]}
    body = {"revision": known.get(key, 0), "kind": "oidc", "name": key.title(), "is_active": is_active, "secret": SECRET,
            "options": {"issuer": issuer, "client_id": "erp", **options}}
    answer = await boss.ask("PUT", f"/api/providers/{key}", body)
    assert answer.status_code == 200, answer.text


async def begin(browser: Browser, key: str, place: str = "/apps/trading_starter") -> str:
    """Press the button of a provider and return where the browser is sent."""
    answer = await browser.client.get(f"/api/oidc/{key}/start", params={"next": place})
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"])


async def come_back(browser: Browser, key: str, brought: dict[str, str]) -> httpx.Response:
    """Let a browser come back from a provider with what it was given there."""
    answer = await browser.client.get(f"/api/oidc/{key}/return", params=brought)
    assert answer.status_code == 302, answer.text
    return answer
