"""Sign-in against an LDAP directory: what somebody typed in, whom the directory vouches for out; a process of its own asks it.

A service account looks for the entry, then a second connection signs in as it with the password. An empty password is refused before
anything is asked: a directory would take it for somebody who does not want to sign in at all, and say yes (RFC 4513, 5.1.2).
"""

from __future__ import annotations

import asyncio
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE, create_subprocess_exec
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

from dougong.errors import PlatformError
from dougong.outgoing.resolve import addresses_of
from dougong.people.attempts import count_entry, forgive_entry
from dougong.people.errors import TooManyAttempts
from dougong.people.outside import Vouched
from dougong.people.provider_errors import DirectoryNotInstalled, DirectoryUnavailable
from dougong.people.provider_options import LdapOptions
from dougong.people.providers import Provider, read_providers
from dougong.sites import Site

LIMIT_S = 8.0
"""How long a directory may take for all that is asked of it, in seconds."""
MOST_AT_ONCE = 16
"""How many processes may ask directories at one time: each takes some 20 MB."""
LONGEST = 256
CHILD = str(Path(__file__).with_name("ldap_child.py"))
_ASKING: set[int] = set()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a directory says of one person. groups: distinguished names, as `_plain_dn` writes them."""

    dn: str
    subject: str
    email: str
    name: str
    groups: frozenset[str]


async def vouch(site: Site, login: str, password: str) -> Vouched | None:
    """Return whom the first directory that knows them vouches for, None where none does.

    One that cannot be asked stands in nobody's way whom another vouches for; raises what it says, as `check` does, or TooManyAttempts.
    """
    trouble: PlatformError | None = None
    for provider in await read_providers(site):
        if provider.kind == "ldap" and provider.is_active:
            try:
                entry = await check(site, provider, login, password)
            except TooManyAttempts:
                raise
            except PlatformError as refused:
                trouble = trouble or refused
                continue
            if entry is not None:
                return _vouched(provider, entry)
    if trouble is not None:
        raise trouble
    return None


async def check(site: Site, provider: Provider, login: str, password: str) -> Entry | None:
    """Return the entry of somebody whose password this is, None where it is not, or nobody or several are called so.

    The entry is looked for before, and the attempt at it counted: directories find one by many spellings, each of which is another login.
    Raises DirectoryUnavailable, DirectoryNotInstalled, OutgoingRefused, OutgoingFailed or TooManyAttempts.
    """
    if not password or not login.strip() or "\0" in login + password or len(login) > LONGEST:
        return None
    pinned = await _pinned(site, provider)
    known = await _asked(pinned, login.strip(), None)
    if known is None:
        return None
    await count_entry(site.pool, f"{provider.key}:{known.subject}")
    found = await _asked(pinned, login.strip(), password)
    if found is not None:
        await forgive_entry(site.pool, f"{provider.key}:{known.subject}")
    return found if found is not None and found.subject == known.subject else None


async def look_up(site: Site, provider: Provider, login: str) -> Entry | None:
    """Return the entry of somebody without their password, for administrators who try a directory out."""
    return await _asked(await _pinned(site, provider), login.strip()[:LONGEST], None)


async def _pinned(site: Site, provider: Provider) -> Provider:
    """Return a provider whose host may be called, without TLS by the address that was judged; raises OutgoingRefused or OutgoingFailed.

    With TLS the library needs the name, for the certificate goes by it: should the name lead elsewhere a moment later, whoever is there
    has no certificate for it and is told neither a password nor what is asked.
    """
    options = provider.ldap
    addresses = await addresses_of(options.host.strip("[]"), options.port, site.settings.outgoing_hosts)
    return provider if options.security != "none" else replace(provider, options=options.model_copy(update={"host": str(addresses[0])}))


async def _asked(provider: Provider, login: str, password: str | None) -> Entry | None:
    """Return what the directory says in `ldap_child.py`, which is ended when it takes too long; each process sees the question on its input alone."""
    if find_spec("bonsai") is None:
        raise DirectoryNotInstalled
    if len(_ASKING) >= MOST_AT_ONCE:
        raise DirectoryUnavailable(reason="too many are waiting for it")
    options = provider.ldap.model_dump(exclude={"group_roles"})
    question = orjson.dumps({**options, "secret": provider.secret, "login": login, "password": password, "limit": LIMIT_S / 2})
    child = await create_subprocess_exec(sys.executable, "-P", CHILD, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
    _ASKING.add(child.pid)
    try:
        said, _ = await asyncio.wait_for(child.communicate(question), LIMIT_S)
    except TimeoutError:
        raise DirectoryUnavailable(reason=f"no answer within {LIMIT_S:g} s") from None
    finally:
        _ASKING.discard(child.pid)
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        raise DirectoryUnavailable(reason="what it says cannot be read")
    return _entry(provider.ldap, orjson.loads(said))


def _entry(options: LdapOptions, said: Mapping[str, Any]) -> Entry | None:
    if "trouble" in said:
        raise DirectoryUnavailable(reason=said["trouble"])
    found = said["entry"]
    if found is not None and not found["id"]:
        raise DirectoryUnavailable(reason=f"{options.id_attribute} is missing")
    groups = frozenset(_plain_dn(one) for one in found["groups"]) if found is not None else frozenset[str]()
    return None if found is None else Entry(found["dn"], found["id"], found["email"].strip().lower(), found["name"], groups)


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
