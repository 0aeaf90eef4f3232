"""Providers that vouch for people, kept in the site's database: what administrators set in, providers out; secrets are written and never shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import asyncpg
import orjson

from dougong.audit.record import From, Subject, record
from dougong.errors import RequestInvalid
from dougong.people.credentials import Connection
from dougong.people.messages import MESSAGES
from dougong.people.provider_errors import ProviderConflict, ProviderUnknown
from dougong.people.provider_options import LdapOptions, OidcOptions, Options, read_options
from dougong.permissions.actor import Actor
from dougong.sites import Site
from engines.values.issue import issue

Kind = Literal["oidc", "ldap"]
_WHERE = ("issuer", "host", "port", "security", "ca")
"""Options that say where a secret is sent, how safely, and whose word is taken for it that this is the place."""
_COLUMNS = "key, kind, name, is_active, options::text, secret, revision"


@dataclass(frozen=True, slots=True)
class Provider:
    """Who vouches for people. key: names it in addresses, for ever. secret: of our client, or of the service account; shown to nobody."""

    key: str
    kind: Kind
    name: str
    is_active: bool
    options: Options
    secret: str
    revision: int

    @property
    def oidc(self) -> OidcOptions:
        """Return the options of one of kind `oidc`."""
        assert isinstance(self.options, OidcOptions)
        return self.options

    @property
    def ldap(self) -> LdapOptions:
        """Return the options of one of kind `ldap`."""
        assert isinstance(self.options, LdapOptions)
        return self.options


async def read_providers(site: Site) -> list[Provider]:
    """Return all providers in their order."""
    return [await _provider(site, row) for row in await site.pool.fetch(f"SELECT {_COLUMNS} FROM dougong.sign_in_provider ORDER BY created_at, key")]


async def read_provider(site: Site, key: str, kind: Kind | None = None, *, is_active: bool = False) -> Provider:
    """Return one provider; raises ProviderUnknown, also for one of another kind, and for one that is off where it must be on."""
    row = await site.pool.fetchrow(f"SELECT {_COLUMNS} FROM dougong.sign_in_provider WHERE key = $1", key)
    if row is None or kind not in (None, row["kind"]) or (is_active and not row["is_active"]):
        raise ProviderUnknown(key=key)
    return await _provider(site, row)


async def keep_provider(
    connection: Connection, site: Site, actor: Actor, key: str, kind: Kind, name: str, is_active: bool, options: Options, secret: str | None, revision: int, origin: From
) -> None:
    """Keep a provider, new with revision 0; a secret of None leaves the one there is, and goes nowhere else. Raises ProviderConflict, RequestInvalid."""
    if secret is None and revision != 0:
        await _stay_there(connection, key, options)
    sealed = None if secret is None else await site.seals.seal(connection, secret, f"provider:{key}")
    written = orjson.dumps(options.model_dump(mode="json")).decode()
    if revision == 0:
        kept = await connection.fetchval(
            """INSERT INTO dougong.sign_in_provider (key, kind, name, is_active, options, secret, revision) VALUES ($1, $2, $3, $4, $5, $6, 1)
               ON CONFLICT DO NOTHING RETURNING key""",
            key, kind, name, is_active, written, sealed or "",
        )  # fmt: skip
    else:
        kept = await connection.fetchval(
            """UPDATE dougong.sign_in_provider SET name = $3, is_active = $4, options = $5, secret = coalesce($6, secret), revision = revision + 1
               WHERE key = $1 AND kind = $2 AND revision = $7 RETURNING key""",
            key, kind, name, is_active, written, sealed, revision,
        )  # fmt: skip
    if kept is None:
        raise ProviderConflict(key=key)
    # What was set stands in the log but for the secret, of which there is only that it was set.
    details: dict[str, Any] = {"kind": kind, "name": name, "is_active": is_active, "secret_set": secret is not None, **options.model_dump(mode="json")}
    await record(connection, "change-provider", actor, Subject(text=key), details, origin)


async def _stay_there(connection: Connection, key: str, options: Options) -> None:
    """Raise RequestInvalid where a secret that is kept, and that nobody was shown, would be sent elsewhere than it was set for, or less safely."""
    row = await connection.fetchrow("SELECT options::text, secret FROM dougong.sign_in_provider WHERE key = $1 FOR UPDATE", key)
    if row is None or not row["secret"]:
        return
    before, now = orjson.loads(row["options"]), options.model_dump(mode="json")
    # Pages send texts with line ends of their own and none at the end.
    if any(str(before.get(name)).split() != str(now.get(name)).split() for name in _WHERE):
        raise RequestInvalid((issue(MESSAGES, "access-provider-secret-again", "/secret"),))


async def remove_provider(connection: Connection, actor: Actor, key: str, origin: From) -> None:
    """Remove a provider; who came by it keeps their user, and would be recognised if it were set up again. Raises ProviderUnknown."""
    if await connection.fetchval("DELETE FROM dougong.sign_in_provider WHERE key = $1 RETURNING key", key) is None:
        raise ProviderUnknown(key=key)
    await record(connection, "remove-provider", actor, Subject(text=key), origin=origin)


async def _provider(site: Site, row: asyncpg.Record) -> Provider:
    options = read_options(row["kind"], orjson.loads(row["options"]))
    assert not isinstance(options, tuple), options
    secret = await site.seals.unseal(site.pool, row["secret"], f"provider:{row['key']}")
    return Provider(row["key"], row["kind"], row["name"], row["is_active"], options, secret, row["revision"])


