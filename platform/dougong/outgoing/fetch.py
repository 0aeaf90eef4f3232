"""One request to another server: method, address and what is sent in, status and bytes out; guarded, limited, and pinned.

Each hop is judged anew and goes to the address that was judged, whatever the name answers later. Nothing of the machine's
environment (proxies, netrc) plays a part, nothing is kept between requests, and what comes back is never run or rendered.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
import orjson

from dougong.outgoing.addresses import Allowed, Reason
from dougong.outgoing.errors import OutgoingFailed
from dougong.outgoing.resolve import Resolve, addresses_of, ask_names, refused

LIMIT_S = 10.0
MOST_BYTES = 1_000_000
MOST_REDIRECTS = 3

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_NOT_HTTP: Reason = {"zh-CN": "只允许 http 和 https", "en": "only http and https are called"}
_UNREADABLE: Reason = {"zh-CN": "不是有效的网址", "en": "it is not an address"}
_WITH_USER: Reason = {"zh-CN": "网址中不能有用户名或密码", "en": "an address may hold no user name or password"}
_DOWNGRADED: Reason = {"zh-CN": "对方从 https 转到了 http", "en": "it was redirected to from https, but is http"}
_UNREACHED: Reason = {"zh-CN": "无法连接", "en": "it cannot be reached"}
_TLS: Reason = {"zh-CN": "其 TLS 证书无法确认", "en": "its TLS certificate cannot be verified"}
_SLOW: Reason = {"zh-CN": "超时", "en": "it took too long"}
_LARGE: Reason = {"zh-CN": "回应过大", "en": "the answer is too large"}
_PACKED: Reason = {"zh-CN": "回应是压缩的", "en": "the answer is compressed"}
_ROUND: Reason = {"zh-CN": "重定向次数过多", "en": "it redirects too often"}
_NOT_JSON: Reason = {"zh-CN": "回应不是 JSON 对象", "en": "the answer is no JSON object"}


@cache
def _trusted() -> ssl.SSLContext:
    """Return whose certificates count: SSL_CERT_FILE or SSL_CERT_DIR if the operator sets it, else what certifi lists."""
    return httpx.create_ssl_context()


@dataclass(frozen=True, slots=True)
class Answer:
    """What another server answered. url: where the last redirect led."""

    status: int
    url: str
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> dict[str, Any]:
        """Return the object in the answer; raises OutgoingFailed when it is none."""
        try:
            found = orjson.loads(self.content)
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict):
            raise _failed(self.url, _NOT_JSON)
        return found


@dataclass(frozen=True, slots=True)
class Outgoing:
    """How this server calls others: which inside hosts it may, and who knows names. verify: whose certificates count."""

    allowed: Allowed
    resolve: Resolve = ask_names
    verify: ssl.SSLContext = field(default_factory=_trusted)
    limit_s: float = LIMIT_S
    most_bytes: int = MOST_BYTES

    async def get(self, url: str, headers: Mapping[str, str] = {}) -> Answer:
        """Return what is at an address, following redirects; raises OutgoingRefused or OutgoingFailed."""
        return await self._call("GET", url, headers, None, MOST_REDIRECTS)

    async def post_form(self, url: str, form: Mapping[str, str], headers: Mapping[str, str] = {}) -> Answer:
        """Send a form and return the answer; a redirect is not followed, for it could carry the form elsewhere."""
        return await self._call("POST", url, headers, form, 0)

    async def _call(self, method: str, url: str, headers: Mapping[str, str], form: Mapping[str, str] | None, redirects: int) -> Answer:
        try:
            async with asyncio.timeout(self.limit_s):
                return await self._follow(method, _read_url(url), headers, form, redirects)
        except TimeoutError:
            raise _failed(url, _SLOW) from None

    async def _follow(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], form: Mapping[str, str] | None, redirects: int
    ) -> Answer:
        for _ in range(redirects + 1):
            answer = await self._send(method, url, headers, form)
            target = answer.headers.get("location")
            if answer.status not in _REDIRECTS or target is None or redirects == 0:
                return answer
            try:
                next_url = _read_url(str(url.join(target)))
            except httpx.InvalidURL:
                raise refused(target[:200], _UNREADABLE) from None
            if url.scheme == "https" and next_url.scheme == "http":
                raise refused(str(next_url), _DOWNGRADED)
            if _origin(next_url) != _origin(url):
                headers = {}
            url = next_url
        raise _failed(str(url), _ROUND)

    async def _send(self, method: str, url: httpx.URL, headers: Mapping[str, str], form: Mapping[str, str] | None) -> Answer:
        """Send one request to the addresses of its host, one after the other until one takes the connection."""
        host = url.raw_host.decode("ascii")
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = await addresses_of(host.strip("[]"), port, self.allowed, self.resolve)
        for number, address in enumerate(addresses, 1):
            try:
                return await self._send_to(str(address), method, url, headers, form)
            except httpx.ConnectError as trouble:
                if number == len(addresses):
                    is_tls = "certificate" in str(trouble).lower() or "ssl" in str(trouble).lower()
                    raise _failed(str(url), _TLS if is_tls else _UNREACHED) from None
            except httpx.TimeoutException:
                raise _failed(str(url), _SLOW) from None
            except httpx.HTTPError:
                raise _failed(str(url), _UNREACHED) from None
        raise _failed(str(url), _UNREACHED)

    async def _send_to(
        self, address: str, method: str, url: httpx.URL, headers: Mapping[str, str], form: Mapping[str, str] | None
    ) -> Answer:
        # The URL names the address that was judged; the certificate and the Host header go by the name that was asked for.
        sent = {"accept": "application/json", "user-agent": "Dougong", **headers, "host": url.netloc.decode(), "accept-encoding": "identity"}
        extensions = {"sni_hostname": url.raw_host.decode("ascii").strip("[]")}
        async with (
            httpx.AsyncClient(verify=self.verify, trust_env=False, timeout=self.limit_s, follow_redirects=False) as client,
            client.stream(method, url.copy_with(host=address), headers=sent, data=form, extensions=extensions) as answer,
        ):
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise _failed(str(url), _PACKED)
            content = bytearray()
            async for piece in answer.aiter_raw():
                content += piece
                if len(content) > self.most_bytes:
                    raise _failed(str(url), _LARGE)
            return Answer(answer.status_code, str(url), {name.lower(): value for name, value in answer.headers.items()}, bytes(content))


def _read_url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise refused(text[:200], _UNREADABLE) from None
    if url.scheme not in ("http", "https"):
        raise refused(text[:200], _NOT_HTTP)
    if url.userinfo:
        raise refused(url.host, _WITH_USER)
    if not url.host:
        raise refused(text[:200], _UNREADABLE)
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _failed(url: str, reason: Reason) -> OutgoingFailed:
    """Return the error that tells what went wrong, without the query of the address, which may hold what is nobody's business."""
    return OutgoingFailed(address=url.partition("?")[0], chinese=reason["zh-CN"], english=reason["en"])
