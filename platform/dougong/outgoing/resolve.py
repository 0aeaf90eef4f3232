"""Where a host is: a name in, the addresses that may be called out; a name that leads inside by any of its addresses is refused.

The addresses are those the connection is made to, so a name that answers differently the next time (DNS rebinding) leads nowhere else.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from dougong.outgoing.addresses import Address, Allowed, Reason, why_refused
from dougong.outgoing.errors import OutgoingFailed, OutgoingRefused

LIMIT_S = 5.0
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Returns the addresses of a host name as texts, at least one; raises OSError when it has none."""

_HIDDEN: Reason = {"zh-CN": "IP 地址应写成四段十进制数或 IPv6", "en": "an IP address is written as four decimal numbers, or as IPv6"}
_UNKNOWN: Reason = {"zh-CN": "找不到这个主机", "en": "there is no such host"}
_NUMBER_AT_END = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$")
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")


async def ask_names(host: str, port: int) -> list[str]:
    """Return the addresses the machine's own resolver knows for a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


async def addresses_of(host: str, port: int, allowed: Allowed, resolve: Resolve = ask_names) -> tuple[Address, ...]:
    """Return the addresses at which a host may be called; raises OutgoingRefused, or OutgoingFailed when there are none.

    host: a name in ASCII, or an address without brackets.
    """
    name = host.lower().removesuffix(".")
    literal = _literal(name)
    if literal is None and (_NUMBER_AT_END.search(name) or not _HOST.fullmatch(name)):
        raise refused(host, _HIDDEN)
    if literal is not None:
        found: tuple[Address, ...] = (literal,)
    else:
        try:
            async with asyncio.timeout(LIMIT_S):
                found = tuple(ip_address(text.partition("%")[0]) for text in await resolve(name, port))
        except (OSError, TimeoutError, UnicodeError):
            raise OutgoingFailed(address=host, chinese=_UNKNOWN["zh-CN"], english=_UNKNOWN["en"]) from None
    for address in found:
        reason = why_refused(address, allowed, is_named=allowed.names_host(name))
        if reason is not None:
            raise refused(host, reason)
    return found


def may_be_plain(host: str, allowed: Allowed) -> bool:
    """Say whether a host may be called without TLS: one the operator has named, or an address in a network that is allowed."""
    address = _literal(host.lower())
    return allowed.names_host(host.lower()) or (address is not None and any(address in network for network in allowed.networks))


def refused(address: str, reason: Reason) -> OutgoingRefused:
    """Return the error that tells why an address is not called."""
    return OutgoingRefused(address=address, chinese=reason["zh-CN"], english=reason["en"])


def _literal(host: str) -> Address | None:
    """Return the address a host is written as, None for a name; only the usual way of writing counts."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return None if getattr(address, "scope_id", None) else address
