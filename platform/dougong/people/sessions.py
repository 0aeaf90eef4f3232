"""Sessions: a cookie's or an API token in, whoever acts with it out; kept in the database and, for seconds, in this process.

A request that carries a kept session costs a hash and a look into a dictionary. What other processes change (sign-out,
another password, a user or a role, allowed networks) arrives as a notification; without one, what is kept is read again after
`KEPT_S`. A process that is not sure to hear notifications keeps a session for `DEAF_S` only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from time import monotonic
from uuid import UUID

import asyncpg

from dougong.model.app_model import ORGANIZATION
from dougong.people.credentials import Connection
from dougong.people.errors import AddressRefused
from dougong.people.networks import Networks, is_within
from dougong.people.persons import read_person
from dougong.people.rules import CHANNEL, VOUCHED, read_rules
from dougong.people.tokens import API_TOKEN, digest, new_token
from dougong.permissions.actor import Actor
from dougong.settings import Settings
from dougong.sites import Site
from dougong.store.save import Executor

IDLE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
KEPT_S = 30.0
DEAF_S = 1.0
HEARD_S = 8.0
KEPT_SESSIONS = 10_000
MOST_NAMED = 100
MOST_ADDRESSES = 64
LONGEST_AGENT = 300

_READ = """
SELECT id, user_id, csrf_token, method, NULL AS scopes, extract(epoch FROM expires_at - now())::float8 AS left_s,
    extract(epoch FROM created_at + $3::interval - now())::float8 AS lasts_s,
    expires_at NOT BETWEEN least(now() + $2::interval * 11 / 12, created_at + $3::interval) AND now() + $2::interval AS is_to_extend,
    seen_at < now() - $4::interval OR address <> $5 AS is_to_note,
    EXISTS (SELECT FROM dougong.second_factor AS factor WHERE factor.user_id = session.user_id AND confirmed_at IS NOT NULL) AS has_second_factor
FROM dougong.session WHERE token_hash = $1 AND expires_at > now() AND created_at + $3::interval > now()
"""
_READ_TOKEN = """
SELECT id, user_id, '' AS csrf_token, 'token' AS method, scopes, extract(epoch FROM expires_at - now())::float8 AS left_s,
    'infinity'::float8 AS lasts_s, coalesce(used_at < now() - $2::interval OR used_from <> $3, true) AS is_to_note, true AS has_second_factor, false AS is_to_extend
FROM dougong.api_token WHERE token_hash = $1 AND expires_at > now()
"""
_EXTEND = """
UPDATE dougong.session SET expires_at = least(now() + $2::interval, created_at + $3::interval) WHERE token_hash = $1
"""
_NOTE = "UPDATE dougong.session SET seen_at = now(), address = $2 WHERE token_hash = $1"
_NOTE_TOKEN = "UPDATE dougong.api_token SET used_at = now(), used_from = $2 WHERE token_hash = $1"
_START = """
INSERT INTO dougong.session (token_hash, user_id, csrf_token, expires_at, method, agent, address)
VALUES ($1, $2, $3, now() + $4::interval, $5, $6, $7)
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from: the client's network address, and what it calls itself."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """What somebody acts with: one sign-in of a person, or an API token.

    id: as lists of sessions and of tokens name it. csrf_token: what a page must show when it changes something; empty for an API token.
    method: how they signed in, `token` for an API token. must_enrol: they must set up a second factor before anything else.
    networks: lists in each of which the address of a request must lie; allowed: the addresses looked at so far.
    """

    token_hash: bytes
    id: UUID
    actor: Actor
    email: str
    csrf_token: str
    method: str
    must_enrol: bool = False
    networks: tuple[Networks, ...] = ()
    allowed: dict[str, bool] = field(default_factory=dict)

    @property
    def is_token(self) -> bool:
        """Whether it is an API token, not a sign-in."""
        return self.method == "token"

    def lets(self, address: str) -> bool:
        """Say whether a request may come from an address."""
        found = self.allowed.get(address)
        if found is None:
            if len(self.allowed) >= MOST_ADDRESSES:
                self.allowed.clear()
            found = self.allowed[address] = is_within(address, self.networks)
        return found


@dataclass(frozen=True, slots=True)
class _Kept:
    """A session as this process keeps it: until when if it hears notifications, and until when if it does not."""

    session: Session
    until: float
    until_deaf: float


class Sessions:
    """The sessions and API tokens of a site that this process has met within the last seconds."""

    def __init__(self, site: Site) -> None:
        """Keep nothing yet, and hear nothing yet."""
        self._site = site
        self._kept: dict[bytes, _Kept] = {}
        self._forgotten = 0
        self._hears_until = 0.0

    async def find(self, token: bytes, address: str = "") -> Session | None:
        """Return what a token stands for, None if it has ended or its user may no longer act; raises AddressRefused."""
        token_hash = digest(token)
        kept = self._kept.get(token_hash)
        now = monotonic()
        if kept is not None and kept.until > now and (self._hears_until > now or kept.until_deaf > now):
            session = kept.session
        else:
            found = await (self._read_token if token.startswith(API_TOKEN) else self._read)(token_hash, address)
            if found is None:
                return None
            session = found
        if session.networks and not session.lets(address):
            raise AddressRefused
        return session

    def hear(self) -> None:
        """Note that a notification has come through just now: what others say from here on is heard."""
        self._hears_until = monotonic() + HEARD_S

    def hear_nothing(self) -> None:
        """Note that the connection that listens was lost: nothing is kept for long until it is back."""
        self._hears_until = 0.0

    def forget(self, message: str) -> None:
        """Drop what a notification names: `session:<digest in hex>`, `user:<id>`, or everything."""
        self._forgotten += 1
        kind, _, name = message.partition(":")
        if kind == "session":
            self._kept.pop(bytes.fromhex(name), None)
        elif kind == "user":
            user_id = UUID(name)
            self._kept = {key: kept for key, kept in self._kept.items() if kept.session.actor.id != user_id}
        else:
            self._kept.clear()

    async def _read(self, token_hash: bytes, address: str) -> Session | None:
        forgotten, read_at = self._forgotten, monotonic()
        idle, lifetime = idle_of(self._site.settings), lifetime_of(self._site.settings)
        row = await self._site.pool.fetchrow(_READ, token_hash, idle, lifetime, SEEN_EVERY, address)
        session, left_s = await self._open(token_hash, row)
        if session is None or row is None:
            return None
        if row["is_to_extend"]:
            await self._site.pool.execute(_EXTEND, token_hash, idle, lifetime)
        if row["is_to_note"] and session.lets(address):
            await self._site.pool.execute(_NOTE, token_hash, address)
        return self._keep(session, forgotten, read_at, left_s)

    async def _read_token(self, token_hash: bytes, address: str) -> Session | None:
        forgotten, read_at = self._forgotten, monotonic()
        row = await self._site.pool.fetchrow(_READ_TOKEN, token_hash, SEEN_EVERY, address)
        session, left_s = await self._open(token_hash, row)
        if session is None or row is None:
            return None
        if row["is_to_note"] and session.lets(address):
            await self._site.pool.execute(_NOTE_TOKEN, token_hash, address)
        limited = replace(session, actor=replace(session.actor, scopes=frozenset(row["scopes"])))
        return self._keep(limited, forgotten, read_at, left_s)

    async def _open(self, token_hash: bytes, row: asyncpg.Record | None) -> tuple[Session | None, float]:
        """Return the session a row tells of, with who its user is by now, and how many seconds it may be kept."""
        self._kept.pop(token_hash, None)
        person = await read_person(self._site, row["user_id"]) if row else None
        if row is None or person is None or (person.is_service and row["method"] != "token"):
            return None, 0.0
        rules = await read_rules(self._site.pool)
        must_enrol = not row["has_second_factor"] and row["method"] not in VOUCHED and rules.needs_second_factor(person)
        lists = rules.lists_for(person.actor)
        left_s = kept_s(min(row["left_s"], row["lasts_s"]), person.until, datetime.now(UTC))
        return Session(token_hash, row["id"], person.actor, person.email, row["csrf_token"], row["method"], must_enrol, lists), left_s

    def _keep(self, session: Session, forgotten: int, read_at: float, left_s: float) -> Session:
        if forgotten == self._forgotten:  # else what was just read may be what a notification said to forget
            while len(self._kept) >= KEPT_SESSIONS:
                del self._kept[next(iter(self._kept))]
            self._kept[session.token_hash] = _Kept(session, read_at + min(KEPT_S, left_s), read_at + min(DEAF_S, left_s))
        return session


def idle_of(settings: Settings) -> timedelta:
    """Return after how much time unused a session ends."""
    return timedelta(minutes=settings.session_idle_minutes)


def lifetime_of(settings: Settings) -> timedelta:
    """Return after how much time a session ends in any case."""
    return timedelta(hours=settings.session_hours)


def kept_s(left_s: float, until: datetime | None, now: datetime) -> float:
    """Return for how many seconds what was read of a session holds: not beyond its end, nor that of its user's last day.

    >>> kept_s(60.0, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 2, 28, 23, 59, 58, tzinfo=UTC))
    2.0
    >>> kept_s(60.0, None, datetime(2026, 2, 28, tzinfo=UTC))
    60.0
    """
    return left_s if until is None else min(left_s, (until - now).total_seconds())


async def start_session(
    connection: Connection | asyncpg.Pool, user_id: UUID, caller: Caller = Caller(), method: str = "password", idle: timedelta = IDLE
) -> str:
    """Start a session for a user whose identity is proven, and return its token for the cookie. idle: how long it lives unused."""
    token = new_token()
    await connection.execute(
        _START, digest(token.encode()), user_id, token_urlsafe(24), idle, method, caller.agent[:LONGEST_AGENT].replace("\0", ""), caller.address
    )
    return token


async def end_session(connection: Connection | asyncpg.Pool, token_hash: bytes) -> None:
    """End one session; every process forgets it."""
    await connection.execute(
        "WITH ended AS (DELETE FROM dougong.session WHERE token_hash = $1) SELECT pg_notify($2, $3)",
        token_hash,
        CHANNEL,
        f"session:{token_hash.hex()}",
    )


async def end_sessions_of(connection: Connection | asyncpg.Pool, user_id: UUID, but: bytes = b"") -> None:
    """End all sessions of a user, and sign-ins that are half done; every process forgets them. but: the digest of one that stays."""
    await connection.execute("DELETE FROM dougong.sign_in_challenge WHERE user_id = $1", user_id)
    await connection.execute(
        "WITH ended AS (DELETE FROM dougong.session WHERE user_id = $1 AND token_hash <> $4) SELECT pg_notify($2, $3)",
        user_id,
        CHANNEL,
        f"user:{user_id}",
        but,
    )


async def announce_changes(executor: Executor, app: str, changes: Iterable[tuple[str, UUID]]) -> None:
    """Tell every process that records were saved on which sessions may rest; others cost a comparison.

    changes: entity and id of each. Of the organization, users concern themselves, everything else concerns everybody.
    """
    if app != ORGANIZATION:
        return
    named = set(changes)
    is_few = len(named) <= MOST_NAMED and all(entity == "user" for entity, _ in named)
    messages = [f"user:{user_id}" for _, user_id in named] if is_few else ["all"]
    await executor.fetch("SELECT pg_notify($1, message) FROM unnest($2::text[]) AS message", CHANNEL, messages)
