"""The site's rules of sign-in, kept in the system tables: who needs a second factor, and from which networks people may come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Literal

import asyncpg

from dougong.people.credentials import Connection
from dougong.people.errors import RulesConflict
from dougong.people.networks import SITE, Networks, is_within, lists_for
from dougong.people.persons import Person, is_administrator
from dougong.permissions.actor import Actor

CHANNEL = "dougong_session"
"""NOTIFY channel that tells every process what it must no longer trust of what it keeps of sessions and tokens."""

VOUCHED = frozenset(("oidc-two-step",))
"""Methods of sign-in that have seen to a second factor themselves: whoever vouches for people asks them for what it wants to."""

Whom = Literal["nobody", "administrators", "everyone"]

_READ = """
SELECT rule.revision, rule.second_factor, kept.holder, kept.networks
FROM dougong.sign_in_rule AS rule LEFT JOIN dougong.allowed_networks AS kept ON true
"""
_KEEP = """
INSERT INTO dougong.allowed_networks (holder, networks) SELECT holder, networks FROM unnest($1::text[], $2::text[]) AS given(holder, written),
LATERAL string_to_array(written, ' ') AS split(networks) ON CONFLICT (holder) DO UPDATE SET networks = excluded.networks
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every sign-in. second_factor: who needs one. networks: lists by who holds them, `site`, `role:…` or `user:…`."""

    revision: int
    second_factor: Whom
    networks: Mapping[str, Networks]

    def lists_for(self, actor: Actor) -> tuple[Networks, ...]:
        """Return the lists of networks an actor's address must lie in."""
        return lists_for(self.networks, actor.id, actor.roles)

    def lets_anybody(self, address: str) -> bool:
        """Say whether there can be somebody who may come from an address."""
        site = self.networks.get(SITE)
        return not site or any(is_within(address, [networks]) for networks in self.networks.values())

    def needs_second_factor(self, person: Person) -> bool:
        """Say whether a person must have a second factor; programs have none."""
        if person.is_service or self.second_factor == "nobody":
            return False
        return self.second_factor == "everyone" or is_administrator(person.actor)


async def read_rules(reader: Connection | asyncpg.Pool) -> Rules:
    """Return the rules that hold now."""
    rows = await reader.fetch(_READ)
    kept = {row["holder"]: tuple(map(ip_network, row["networks"])) for row in rows if row["holder"] is not None}
    return Rules(rows[0]["revision"], rows[0]["second_factor"], kept)


async def keep_rules(connection: Connection, revision: int, second_factor: Whom, networks: Mapping[str, Sequence[object]]) -> None:
    """Replace who needs a second factor and the lists of those holders that are named, an empty list removes one; every process hears of it.

    Raises RulesConflict unless `revision` is the present one.
    """
    current = await connection.fetchval("SELECT revision FROM dougong.sign_in_rule FOR UPDATE")
    if current != revision:
        raise RulesConflict
    await connection.execute("UPDATE dougong.sign_in_rule SET revision = revision + 1, second_factor = $1", second_factor)
    await keep_networks(connection, networks)


async def keep_networks(connection: Connection, networks: Mapping[str, Sequence[object]]) -> None:
    """Replace the lists of those who are named; every process looks at every session again."""
    empty = [holder for holder, listed in networks.items() if not listed]
    await connection.execute("DELETE FROM dougong.allowed_networks WHERE holder = ANY($1)", empty)
    full = {holder: " ".join(map(str, listed)) for holder, listed in networks.items() if listed}
    await connection.execute(_KEEP, list(full), list(full.values()))
    await connection.execute("SELECT pg_notify($1, 'all')", CHANNEL)


async def clear_networks(connection: Connection) -> int:
    """Remove every list of networks and return how many there were: the way back for a site nobody can reach any more."""
    rows = await connection.fetch("DELETE FROM dougong.allowed_networks RETURNING holder")
    await connection.execute("UPDATE dougong.sign_in_rule SET revision = revision + 1")
    await connection.execute("SELECT pg_notify($1, 'all')", CHANNEL)
    return len(rows)
