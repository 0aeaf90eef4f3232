"""Which network addresses may be called: an IP address and what the operator allows in, a reason to refuse it or None out; pure.

Refused is every address that is not of the public internet, whatever form it comes in: an IPv6 address that carries an IPv4 one
(mapped, compatible, 6to4, NAT64, ISATAP) is judged by what it carries. What gives a machine of a cloud its secrets is refused even
where the operator allows the network around it.

Source: the IANA registries of special-purpose addresses (RFC 6890 and its updates), RFC 6052, RFC 8215, RFC 3056, RFC 5214.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Reason = Mapping[str, str]

_NOT_PUBLIC: tuple[Network, ...] = tuple(ip_network(text) for text in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
    "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    "::/8", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
    "fec0::/10", "ff00::/8",
))  # fmt: skip
_METADATA = frozenset(ip_address(text) for text in (
    "169.254.169.254", "169.254.170.2", "169.254.169.253", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254",
))  # fmt: skip
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)

NOT_PUBLIC: Reason = {
    "zh-CN": "它属于内部网络；要允许，请把主机写入 DOUGONG_OUTGOING_HOSTS",
    "en": "it is inside a private network; to allow it, name the host in DOUGONG_OUTGOING_HOSTS",
}
METADATA: Reason = {"zh-CN": "它是云主机的元数据服务", "en": "it is the metadata service of a cloud"}


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hosts inside the operator's own network that may be called: names, endings (of `*.example.com`), and networks."""

    names: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()

    def names_host(self, host: str) -> bool:
        """Say whether a host is allowed by its name, whatever its address."""
        return host in self.names or host.endswith(self.endings or ("\0",))


def read_allowed(text: str) -> Allowed:
    """Return what a list of hosts and networks, separated by blanks or commas, allows; raises ValueError for what is neither.

    >>> read_allowed("sso.corp.example *.intern.example 10.1.0.0/16").endings
    ('.intern.example',)
    """
    names, endings, networks = set(), [], []
    for part in text.lower().replace(",", " ").split():
        if part.startswith("*."):
            endings.append(_host_name(part[1:]))
        elif part[0].isdigit() or ":" in part:
            networks.append(ip_network(part))
        else:
            names.add(_host_name(part))
    return Allowed(frozenset(names), tuple(endings), tuple(networks))


def _host_name(text: str) -> str:
    if not text.replace(".", "").replace("-", "").replace("_", "").isalnum() or not text.isascii():
        raise ValueError(text)
    return text


def why_refused(address: Address, allowed: Allowed, *, is_named: bool = False) -> Reason | None:
    """Return why an address is not called, None if it is. is_named: whether its host is allowed by name.

    >>> why_refused(ip_address("8.8.8.8"), Allowed()) is None
    True
    >>> why_refused(ip_address("::ffff:127.0.0.1"), Allowed()) == NOT_PUBLIC
    True
    """
    forms = (address, *_carried(address))
    if any(form in _METADATA for form in forms):
        return METADATA
    if is_named or any(form in network for form in forms for network in allowed.networks if form.version == network.version):
        return None
    judged = forms[1:] or forms
    return NOT_PUBLIC if any(_is_inside(form) for form in judged) else None


def _is_inside(address: Address) -> bool:
    return any(address in network for network in _NOT_PUBLIC if network.version == address.version)


def _carried(address: Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 address that an IPv6 address carries, none if it is one of its own."""
    if isinstance(address, IPv4Address):
        return ()
    last = IPv4Address(int(address) & 0xFFFFFFFF)
    if address.ipv4_mapped is not None or address in _NAT64:
        return (last,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address in _COMPATIBLE and int(address) > 1:
        return (last,)
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP and not _is_inside(address):
        return (last,)
    return ()
