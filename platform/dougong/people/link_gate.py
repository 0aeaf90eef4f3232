"""The door of public links: who comes how often is counted, a password is asked for, and whoever gave it carries a pass for a while."""

from __future__ import annotations

import hmac
from hashlib import sha256
from time import time

import asyncpg

from dougong.people.attempts import address_key, count_all, take_back
from dougong.people.errors import TooManyAttempts
from dougong.people.link_errors import PublicLinkLocked, PublicLinkTooOften, PublicLinkUnknown
from dougong.people.passwords import Passwords
from dougong.people.public_links import PublicLink, find_link

PASS_S = 3600
"""How long somebody who gave the password of a link need not give it again."""

UNKNOWN_BY_ADDRESS = 60
PASSWORDS = (100, 10)
"""Wrong passwords of one link within the window of sign-ins: from everywhere, and from one address."""
QUESTIONS = (20_000, 2_000)
SENDINGS = (1_000, 100)
"""Uses of one link within that window: from everywhere, and from one address."""


async def enter(pool: asyncpg.Pool, token: bytes, address: str, limits: tuple[int, int]) -> PublicLink:
    """Return the link with a token, one use of which is counted; raises PublicLinkUnknown and PublicLinkTooOften."""
    try:
        link = await find_link(pool, token)
    except PublicLinkUnknown:
        await _count(pool, [f"link unknown {address_key(address)}"], [UNKNOWN_BY_ADDRESS])
        raise
    what = "send" if limits is SENDINGS else "ask"
    await _count(pool, [f"link {what} {link.id}", f"link {what} {link.id} {address_key(address)}"], list(limits))
    return link


async def unlock(pool: asyncpg.Pool, passwords: Passwords, link: PublicLink, password: str | None, address: str) -> str | None:
    """Return the pass of somebody who knows a link's password, None where it has none; raises PublicLinkLocked and TooManyAttempts.

    An attempt is counted before it is looked at, so that of many at a time no more are made than may be.
    """
    if link.password_hash is None:
        return None
    if password is None:
        raise PublicLinkLocked
    keys = [f"link password {link.id}", f"link password {link.id} {address_key(address)}"]
    await count_all(pool, keys, list(PASSWORDS))
    if not await passwords.fits(link.password_hash, password):
        raise PublicLinkLocked
    await take_back(pool, keys)
    return make_pass(link, int(time()) + PASS_S)


def make_pass(link: PublicLink, until: int) -> str:
    """Return a pass for a link until a time; another password makes it worthless, since that is what it is signed with."""
    assert link.password_hash is not None
    signed = hmac.new(link.password_hash.encode() + link.token_hash, f"{link.id} {until}".encode(), sha256).hexdigest()
    return f"{until}.{signed}"


def require_pass(link: PublicLink, given: str) -> None:
    """Raise PublicLinkLocked unless somebody carries a pass of a link, or it needs none."""
    if link.password_hash is None:
        return
    text = given.partition(".")[0]
    until = int(text) if text.isdecimal() and text.isascii() and len(text) < 15 else 0
    if until < time() or not hmac.compare_digest(make_pass(link, until).encode(), given.encode()):
        raise PublicLinkLocked


async def _count(pool: asyncpg.Pool, keys: list[str], limits: list[int]) -> None:
    try:
        await count_all(pool, keys, limits)
    except TooManyAttempts as busy:
        raise PublicLinkTooOften(seconds=busy.parts["seconds"]) from None
