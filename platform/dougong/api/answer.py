"""Answers without a framework: status and bytes in, ASGI messages out, with the security headers every answer carries."""

from collections.abc import Iterable

from starlette.types import Send

Header = tuple[bytes, bytes]

JSON = b"application/json"

# antd writes style elements, hence 'unsafe-inline' for styles; scripts, frames and everything else are ours alone.
CONTENT_SECURITY_POLICY = (
    b"default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    b"font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    b"frame-ancestors 'none'"
)
PAGE_HEADERS: tuple[Header, ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
# Data is never a page: a browser that opens it may load nothing, and no cache on the way may keep it.
DATA_HEADERS: tuple[Header, ...] = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


async def send_json(send: Send, status: int, body: bytes, headers: Iterable[Header] = ()) -> None:
    """Send a JSON document with the headers of data; `headers` come on top."""
    await send_bytes(send, status, body, ((b"content-type", JSON), *DATA_HEADERS, *headers))


async def send_empty(send: Send, status: int = 204, headers: Iterable[Header] = ()) -> None:
    """Send an answer without a body (204, 304)."""
    await send({"type": "http.response.start", "status": status, "headers": [*DATA_HEADERS, *headers]})
    await send({"type": "http.response.body", "body": b""})


async def send_bytes(send: Send, status: int, body: bytes, headers: Iterable[Header]) -> None:
    """Send bytes with exactly these headers and their length."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [length, *headers]})
    await send({"type": "http.response.body", "body": body})
