"""Sign-in against an LDAP directory: what somebody typed in, whom the directory vouches for out; in a thread, never in the event loop.

A service account looks for the entry, then a second connection signs in as it with the password. An empty password is refused before
anything is asked: a directory would take it for somebody who does not want to sign in at all, and say yes (RFC 4513, 5.1.2).
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dougong.outgoing.resolve import addresses_of
from dougong.people.outside import Vouched
from dougong.people.provider_errors import DirectoryNotInstalled, DirectoryUnavailable
from dougong.people.provider_options import LOGIN, LdapOptions
from dougong.people.providers import Provider, read_providers
from dougong.sites import Site

if TYPE_CHECKING:
    from bonsai import LDAPClient, LDAPEntry

LIMIT_S = 5.0
LONGEST = 256


@dataclass(frozen=True, slots=True)
class Entry:
    """What a directory says of one person. groups: distinguished names, as `_plain_dn` writes them."""

    dn: str
    subject: str
    email: str
    name: str
    groups: frozenset[str]


async def vouch(site: Site, login: str, password: str) -> Vouched | None:
    """Return whom the first directory that knows them vouches for, None where none does; raises DirectoryUnavailable."""
    for provider in await read_providers(site):
        if provider.kind == "ldap" and provider.is_active:
            entry = await check(site, provider, login, password)
            if entry is not None:
                return _vouched(provider, entry)
    return None


async def check(site: Site, provider: Provider, login: str, password: str) -> Entry | None:
    """Return the entry of somebody whose password this is, None where it is not, or nobody or several are called so.

    Raises DirectoryUnavailable, DirectoryNotInstalled, OutgoingRefused or OutgoingFailed.
    """
    if not password or not login.strip() or "\0" in login + password or len(login) > LONGEST:
        return None
    await _require_host(site, provider)
    return await asyncio.to_thread(_check, provider, login.strip(), password)


async def look_up(site: Site, provider: Provider, login: str) -> Entry | None:
    """Return the entry of somebody without their password, for administrators who try a directory out."""
    await _require_host(site, provider)
    return await asyncio.to_thread(_look_up, provider, login.strip()[:LONGEST])


async def _require_host(site: Site, provider: Provider) -> None:
    await addresses_of(provider.ldap.host.strip("[]"), provider.ldap.port, site.settings.outgoing_hosts)


def _check(provider: Provider, login: str, password: str) -> Entry | None:
    entry = _look_up(provider, login)
    if entry is None:
        return None
    import bonsai

    with _client(provider.ldap) as client, _telling():
        client.set_credentials("SIMPLE", user=entry.dn, password=password)
        try:
            client.connect(timeout=LIMIT_S).close()
        except bonsai.AuthenticationError:
            return None
    return entry


def _look_up(provider: Provider, login: str) -> Entry | None:
    options = provider.ldap
    with _client(options) as client, _telling():
        import bonsai

        if options.bind_dn:
            client.set_credentials("SIMPLE", user=options.bind_dn, password=provider.secret)
        asked = options.filter.replace(LOGIN, bonsai.escape_filter_exp(login))
        wanted = [options.id_attribute, options.email_attribute, options.name_attribute, options.group_attribute]
        try:
            with client.connect(timeout=LIMIT_S) as connection:
                found = connection.search(options.base, bonsai.LDAPSearchScope.SUBTREE, asked, wanted, timeout=LIMIT_S, sizelimit=2)
        except bonsai.SizeLimitError:
            return None
    entries = [one for one in found if str(one.dn)]
    return _entry(options, entries[0]) if len(entries) == 1 else None


def _entry(options: LdapOptions, found: LDAPEntry) -> Entry | None:
    def first(name: str) -> str:
        values = found.get(name, [])
        return _text(values[0]) if values else ""

    subject = first(options.id_attribute)
    groups = frozenset(_plain_dn(_text(group)) for group in found.get(options.group_attribute, []))
    if not subject:
        raise DirectoryUnavailable(reason=f"{options.id_attribute} is missing")
    return Entry(str(found.dn), subject, first(options.email_attribute).strip().lower(), first(options.name_attribute), groups)


@contextmanager
def _client(options: LdapOptions) -> Iterator[LDAPClient]:
    """Give a client that checks the directory's certificate, for a block."""
    try:
        import bonsai
    except ImportError:
        raise DirectoryNotInstalled from None
    host = f"[{options.host.strip('[]')}]" if ":" in options.host else options.host
    client = bonsai.LDAPClient(f"{'ldaps' if options.security == 'ldaps' else 'ldap'}://{host}:{options.port}", options.security == "starttls")
    client.set_cert_policy("demand")
    client.set_ignore_referrals(True)
    client.set_server_chase_referrals(False)  # a referral could lead anywhere
    if not options.ca:
        yield client
        return
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(options.ca)
        file.flush()
        client.set_ca_cert(file.name)
        yield client


@contextmanager
def _telling() -> Iterator[None]:
    """Turn what goes wrong between us and the directory into what an administrator can read."""
    import bonsai

    try:
        yield
    except bonsai.AuthenticationError:
        raise DirectoryUnavailable(reason="the service account was refused") from None
    except (bonsai.LDAPError, OSError, ValueError, UnicodeError) as trouble:
        raise DirectoryUnavailable(reason=" ".join(str(trouble).split())[:200] or type(trouble).__name__) from None


def _vouched(provider: Provider, entry: Entry) -> Vouched:
    options = provider.ldap
    mapped = {_plain_dn(one.group): frozenset(one.roles) for one in options.group_roles}
    return Vouched(
        provider=provider,
        issuer=f"ldap:{provider.key}",
        subject=entry.subject,
        email=entry.email,
        is_verified=bool(entry.email),
        name=entry.name,
        language="zh_cn",
        roles=frozenset[str]().union(*(roles for group, roles in mapped.items() if group in entry.groups)),
        managed=frozenset[str]().union(*mapped.values()),
    )


def _plain_dn(dn: str) -> str:
    """Return a distinguished name as it is compared: without case and without blanks between its parts.

    >>> _plain_dn("CN=Sales, OU=Groups,DC=corp")
    'cn=sales,ou=groups,dc=corp'
    """
    return re.sub(r"\s*([,=+])\s*", r"\1", dn.strip()).lower()


def _text(value: Any) -> str:  # noqa: ANN401 – what the directory's schema makes of it
    return value.hex() if isinstance(value, bytes) else str(value)
