"""Where people may come from: lists of networks in, and whether an address lies within all that concern somebody out; pure."""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from uuid import UUID

from dougong.people.messages import MESSAGES
from engines.values.issue import Issue, issue

Network = IPv4Network | IPv6Network
Networks = tuple[Network, ...]

SITE = "site"
MOST_NETWORKS = 200


def holder_of_role(key: str) -> str:
    """Return under which name the list of a role is kept; the key is the full one."""
    return f"role:{key}"


def holder_of_user(user_id: UUID) -> str:
    """Return under which name the list of a user is kept."""
    return f"user:{user_id}"


def lists_for(kept: Mapping[str, Networks], user_id: UUID, roles: Iterable[str]) -> tuple[Networks, ...]:
    """Return the lists a user's address must lie in, each of them: their own alone if they have one, else the site's and their roles'.

    >>> office, home = (ip_network("192.0.2.0/24"),), (ip_network("2001:db8::/48"),)
    >>> somebody = UUID(int=7)
    >>> lists_for({"site": office, "role:hr.boss": home}, somebody, ["hr.boss", "crm.sales"]) == (office, home)
    True
    >>> lists_for({"site": office, f"user:{somebody}": home}, somebody, []) == (home,)
    True
    """
    own = kept.get(holder_of_user(user_id))
    if own:
        return (own,)
    holders = (SITE, *sorted(map(holder_of_role, roles)))
    return tuple(kept[holder] for holder in holders if kept.get(holder))


def is_within(address: str, lists: Iterable[Networks]) -> bool:
    """Say whether an address lies in some network of each list; what is no address lies nowhere.

    >>> is_within("::ffff:192.0.2.9", [(ip_network("192.0.2.0/24"),)]), is_within("192.0.3.9", [(ip_network("192.0.2.0/24"),)])
    (True, False)
    """
    parsed = read_address(address)
    return all(parsed is not None and any(parsed in network for network in networks) for networks in lists)


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address as it is compared: one of IPv4 written as IPv6 is of IPv4; None for what is none."""
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped
    return parsed


def read_networks(texts: Iterable[str], pointer: str) -> tuple[Networks, tuple[Issue, ...]]:
    """Return networks as they were written, `192.0.2.0/24` or a single address, and an issue for each that is none.

    >>> networks, issues = read_networks(["192.0.2.7/24", " 2001:db8::1 ", "office"], "/networks")
    >>> [str(network) for network in networks], [one.pointer for one in issues]
    (['192.0.2.0/24', '2001:db8::1/128'], ['/networks/2'])
    """
    found: list[Network] = []
    issues: list[Issue] = []
    for place, text in enumerate(texts):
        try:
            found.append(ip_network(text.strip(), strict=False))
        except ValueError:
            issues.append(issue(MESSAGES, "access-network-invalid", f"{pointer}/{place}", None, text=text[:60]))
    return tuple(dict.fromkeys(found)), tuple(issues)
