"""Requests to other servers: which addresses are refused in which form, and that a request goes where was judged, against real servers."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from ipaddress import ip_address

import pytest
import trustme

from dougong.errors import PlatformError
from dougong.outgoing.addresses import METADATA, NOT_PUBLIC, Allowed, read_allowed, why_refused
from dougong.outgoing.errors import OutgoingFailed, OutgoingRefused
from dougong.outgoing.fetch import MOST_REDIRECTS, Outgoing
from dougong.settings import SettingsInvalid, read_settings

pytestmark = pytest.mark.anyio

INSIDE = (
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "100.64.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.0.0.8",
    "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "169.254.1.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "100::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:0", "::127.0.0.1", "::10.0.0.1", "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::",
    "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2600::5efe:10.0.0.1",
    "2600::200:5efe:192.168.0.1", "3fff::1", "5f00::1",
)  # fmt: skip
PUBLIC = (
    "8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2600::1", "2a00:1450::1", "::ffff:8.8.8.8", "2002:808:808::1",
    "64:ff9b::8.8.8.8", "2600::5efe:8.8.8.8",
)  # fmt: skip
METADATA_OF_CLOUDS = (
    "169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::", "100.100.100.200", "168.63.129.16",
    "192.0.0.192", "fd00:ec2::254",
)  # fmt: skip
HIDDEN = (
    "http://2130706433/", "http://0177.0.0.1/", "http://0x7f.0.0.1/", "http://0x7f000001/", "http://127.1/", "http://127.0.1/",
    "http://127.0.0.1./", "http://０x7f.1/", "http://1２７.０.０.１/", "http://①②⑦.0.0.1/", "http://localhost%00.example.com/",
    "http://[::ffff:127.0.0.1]/", "http://[0:0:0:0:0:ffff:7f00:1]/", "http://[fe80::1%25eth0]/", "http://a_b..c/", "http://exa mple/",
)  # fmt: skip


@pytest.mark.parametrize("text", INSIDE)
def test_inside_addresses_are_refused(text: str) -> None:
    assert why_refused(ip_address(text), Allowed()) == NOT_PUBLIC


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_called(text: str) -> None:
    assert why_refused(ip_address(text), Allowed()) is None


@pytest.mark.parametrize("text", METADATA_OF_CLOUDS)
def test_metadata_of_clouds_is_refused_whatever_is_allowed(text: str) -> None:
    everything = read_allowed("0.0.0.0/0 ::/0 metadata.example")
    assert why_refused(ip_address(text), everything) == METADATA
    assert why_refused(ip_address(text), everything, is_named=True) == METADATA


def test_the_operator_allows_hosts_and_networks() -> None:
    allowed = read_allowed("sso.corp.example, *.intern.example 10.1.0.0/16 fd00:1::/32")
    assert why_refused(ip_address("10.1.2.3"), allowed) is None
    assert why_refused(ip_address("::ffff:10.1.2.3"), allowed) is None
    assert why_refused(ip_address("fd00:1::5"), allowed) is None
    assert why_refused(ip_address("10.2.0.1"), allowed) == NOT_PUBLIC
    assert allowed.names_host("sso.corp.example") and allowed.names_host("a.intern.example")
    assert not allowed.names_host("intern.example") and not allowed.names_host("evil-sso.corp.example")
    assert not Allowed().names_host("anything")


@pytest.mark.parametrize("text", ["10.1.0.1/16", "http://sso.example", "a/b", "*.", "10.1.0.0/33"])
def test_what_is_allowed_must_be_a_host_or_a_network(text: str) -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        read_settings({"DOUGONG_OUTGOING_HOSTS": text})
    assert [issue.pointer for issue in refusal.value.issues] == ["/outgoing_hosts"]


@pytest.mark.parametrize("url", HIDDEN)
async def test_addresses_written_to_hide_where_they_lead_are_refused(url: str) -> None:
    await refused(Outgoing(Allowed()), url)


@pytest.mark.parametrize("url", ["ftp://8.8.8.8/", "file:///etc/passwd", "gopher://8.8.8.8/", "//8.8.8.8/", "nonsense", "http:///x", "http://a:b@8.8.8.8/"])
async def test_only_plain_http_addresses_are_called(url: str) -> None:
    await refused(Outgoing(Allowed()), url)


async def test_names_of_this_machine_are_refused() -> None:
    await refused(Outgoing(Allowed()), "http://localhost:1/")


async def refused(outgoing: Outgoing, url: str) -> PlatformError:
    with pytest.raises(OutgoingRefused) as refusal:
        await outgoing.get(url)
    assert refusal.value.detail("zh-CN") and refusal.value.detail("en")
    return refusal.value


@dataclass
class Other:
    """Another server: what it answers with by path, and what it was asked."""

    port: int = 0
    answers: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, bytes]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ")[1].decode()
        self.asked.append((path, head))
        writer.write(self.answers.get(path, b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"))
        with contextlib.suppress(ConnectionError):
            await writer.drain()
            writer.close()


@contextlib.asynccontextmanager
async def other(address: str = "127.0.0.2", tls: ssl.SSLContext | None = None) -> AsyncIterator[Other]:
    made = Other()
    server = await asyncio.start_server(made.serve, address, 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()


def text(body: bytes, status: bytes = b"200 OK", extra: bytes = b"") -> bytes:
    return b"HTTP/1.1 " + status + b"\r\n" + extra + b"content-length: " + str(len(body)).encode() + b"\r\n\r\n" + body


def to(target: str) -> bytes:
    return text(b"", b"302 Found", b"location: " + target.encode() + b"\r\n")


def names(*answers: list[str]) -> Callable[[str, int], object]:
    """Return a resolver that answers differently each time it is asked, and fails when it is asked too often."""
    left = list(answers)

    async def resolve(host: str, port: int) -> list[str]:
        return left.pop(0)

    return resolve


def outgoing(allowed: str, *answers: list[str], **others: object) -> Outgoing:
    return Outgoing(read_allowed(allowed), resolve=names(*answers), **others)  # type: ignore[arg-type]


async def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    """A name that leads inside the second time it is asked for (DNS rebinding) is asked for once only."""
    async with other("127.0.0.2") as first, other("127.0.0.3"):
        first.answers["/x"] = text(b'{"a": 1}')
        calls = outgoing("127.0.0.2/32", ["127.0.0.2"], ["127.0.0.3"])
        answer = await calls.get(f"http://rebind.example:{first.port}/x")
        assert answer.json() == {"a": 1}
        assert f"host: rebind.example:{first.port}".encode() in first.asked[0][1].lower()


async def test_a_name_with_one_address_inside_is_refused() -> None:
    async with other() as there:
        assert "rebind.example" in (await refused(outgoing("", ["8.8.8.8", "127.0.0.2"]), f"http://rebind.example:{there.port}/")).detail("en")
        assert there.asked == []


async def test_each_redirect_is_judged() -> None:
    async with other() as there:
        base = f"http://good.example:{there.port}"
        there.answers = {
            "/inside": to(f"http://bad.example:{there.port}/secret"), "/address": to(f"http://127.0.0.9:{there.port}/"),
            "/file": to("file:///etc/passwd"), "/round": to("/round"), "/once": to("/end"), "/end": text(b"{}"), "/secret": text(b"{}"),
        }  # fmt: skip
        for path, found in (("/inside", ["127.0.0.9"]), ("/address", []), ("/file", [])):
            await refused(outgoing("127.0.0.2/32", ["127.0.0.2"], found), base + path)
        assert [path for path, _ in there.asked] == ["/inside", "/address", "/file"]
        assert (await outgoing("good.example", *[["127.0.0.2"]] * 2).get(f"{base}/once")).url == f"{base}/end"
        with pytest.raises(OutgoingFailed):
            await outgoing("good.example", *[["127.0.0.2"]] * (MOST_REDIRECTS + 1)).get(f"{base}/round")
        posted = await outgoing("good.example", ["127.0.0.2"]).post_form(f"{base}/once", {"code": "x"})
        assert posted.status == 302


async def test_what_proves_who_we_are_does_not_follow_to_another_server() -> None:
    async with other() as there:
        there.answers = {"/away": to(f"http://else.example:{there.port}/end"), "/end": text(b"{}")}
        await outgoing("127.0.0.2/32", *[["127.0.0.2"]] * 2).get(f"http://a.example:{there.port}/away", {"authorization": "Bearer s3cret"})
        assert [b"s3cret" in head for _, head in there.asked] == [True, False]


async def test_size_time_and_packing_are_limited() -> None:
    async with other() as there:
        base = f"http://a.example:{there.port}"
        there.answers = {
            "/large": text(b"x" * 2000), "/packed": text(b"x", extra=b"content-encoding: gzip\r\n"), "/list": text(b"[]"),
            "/slow": b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", "/endless": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000, "/no": text(b"no"),
        }  # fmt: skip
        for path in ("/large", "/endless", "/packed", "/slow"):
            with pytest.raises(OutgoingFailed):
                await outgoing("a.example", ["127.0.0.2"], most_bytes=1000, limit_s=5.0).get(base + path)
        for path in ("/list", "/no"):
            answer = await outgoing("a.example", ["127.0.0.2"]).get(base + path)
            with pytest.raises(OutgoingFailed):
                answer.json()


async def test_a_server_that_never_answers_is_left() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(say_nothing, "127.0.0.2", 0)
    async with silent:
        port = silent.sockets[0].getsockname()[1]
        with pytest.raises(OutgoingFailed) as left:
            await outgoing("a.example", ["127.0.0.2"], limit_s=0.2).get(f"http://a.example:{port}/?token=s3cret")
        assert "too long" in str(left.value) and "s3cret" not in str(left.value)


async def test_a_host_without_a_server_and_one_without_an_address() -> None:
    async def nowhere(host: str, port: int) -> list[str]:
        raise OSError

    for calls in (outgoing("a.example", ["127.0.0.2"]), Outgoing(Allowed(), nowhere)):
        with pytest.raises(OutgoingFailed):
            await calls.get("http://a.example:1/")


async def test_certificates_are_checked_against_the_name_that_was_asked_for() -> None:
    authority = trustme.CA()
    here, there = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("sso.example").configure_cert(here)
    authority.configure_trust(there)
    async with other(tls=here) as server:
        server.answers["/"] = text(b"{}")
        found = [["127.0.0.2"]]
        assert (await outgoing("127.0.0.2", *found, verify=there).get(f"https://sso.example:{server.port}/")).status == 200
        for calls, host in ((outgoing("127.0.0.2", *found, verify=there), "else.example"), (outgoing("127.0.0.2", *found), "sso.example")):
            with pytest.raises(OutgoingFailed) as refusal:
                await calls.get(f"https://{host}:{server.port}/")
            assert "certificate" in refusal.value.detail("en")
        server.answers["/down"] = to("http://sso.example/")
        await refused(outgoing("127.0.0.2", *found, verify=there), f"https://sso.example:{server.port}/down")


async def test_addresses_of_version_six_are_called_as_they_are() -> None:
    async with other("::1") as there:
        there.answers["/"] = text(b"{}")
        assert (await Outgoing(read_allowed("::1")).get(f"http://[::1]:{there.port}/")).status == 200
        assert f"host: [::1]:{there.port}".encode() in there.asked[0][1].lower()
