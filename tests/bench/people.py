"""Suite `people`: what the check of a kept session and of an API token costs a request, and how soon another process refuses one that has ended.

What is done by hand beside it: find the cookie, take its digest, look into a dictionary, compare a time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from dougong.api.guard import COOKIE, signed_in
from dougong.api.house import House, put_house
from dougong.files.contents import Contents
from dougong.open_site import open_site
from dougong.people.api_tokens import make_token
from dougong.people.passwords import Passwords
from dougong.people.sessions import Caller, Sessions, start_session
from dougong.settings import read_settings
from tests.bench.servers import PASSWORD, Server, SignedIn, dougong, sign_in

ROUNDS, CHECKS = 15, 4_000
REVOCATIONS = 10
LONGEST_S = 60.0
ADDRESS = "192.0.2.7"

Step = Callable[[str], None]
Scope = dict[str, Any]


@dataclass(frozen=True, slots=True)
class People:
    """CPU of one check in microseconds, medians of the rounds; waiting of the slowest of ten revocations in milliseconds.

    session_us: with a cookie and its CSRF token; token_us: with an API token; by_hand_us: what nobody can do without. No check asks
    the database. session_ms, token_ms: from the answer that says it has ended to the first refusal by another process.
    """

    session_us: float
    token_us: float
    by_hand_us: float
    session_ms: float
    token_ms: float

    @property
    def ratio(self) -> float:
        """How many times as much CPU as by hand the check of a session takes."""
        return self.session_us / self.by_hand_us


def measure_people(data: Path, folder: Path, dsn: str, session: SignedIn, step: Step) -> People:
    """Check in this process, then end sessions and tokens on one server while another is asked."""
    step("checks of sessions and tokens")
    session_us, token_us, by_hand_us = asyncio.run(_checks(dsn, UUID(session.user)))
    with dougong(data, folder) as first, dougong(data, folder) as second:
        step("sessions that end elsewhere")
        session_ms = max(_ended_session(first, second) for _ in range(REVOCATIONS))
        step("tokens that end elsewhere")
        token_ms = max(_ended_token(first, second) for _ in range(REVOCATIONS))
    return People(session_us, token_us, by_hand_us, session_ms, token_ms)


async def _checks(dsn: str, user_id: UUID) -> tuple[float, float, float]:
    """Return CPU in microseconds of a check with a session, with a token and by hand; none of them can have asked the database."""
    async with open_site(read_settings({"DATABASE_URL": dsn, "DOUGONG_POOL_MIN": "1", "DOUGONG_POOL_MAX": "1"})) as opened:
        site = opened.site
        async with site.pool.acquire() as connection:
            cookie = await start_session(connection, user_id, Caller(ADDRESS))
            token, _ = await make_token(connection, user_id, user_id, "bench", ["read"], 1)
        sessions = Sessions(site)
        house = House(site, sessions, Passwords(), Contents(site.settings))
        found = await sessions.find(cookie.encode(), ADDRESS)
        assert found is not None
        with_cookie = _scope(house, ("cookie", f"{COOKIE}={cookie}"), ("x-csrf-token", found.csrf_token))
        with_token = _scope(house, ("authorization", f"Bearer {token}"))
        await signed_in(with_token)
        kept = {sha256(cookie.encode()).digest(): time.monotonic() + 3600}
        async with site.pool.acquire(), asyncio.timeout(120):  # the only connection there is: a query would wait until the time is over
            session_us = await _cpu_us(sessions, lambda: signed_in(with_cookie))
            token_us = await _cpu_us(sessions, lambda: signed_in(with_token))
            by_hand_us = await _cpu_us(sessions, lambda: _by_hand(with_cookie, kept))
        return session_us, token_us, by_hand_us


async def _cpu_us(sessions: Sessions, check: Callable[[], Awaitable[object]]) -> float:
    """Return the CPU of one check in microseconds, the median of the rounds."""
    rounds = []
    for _ in range(ROUNDS):
        sessions.hear()  # as a server does every few seconds
        began = time.process_time_ns()
        for _ in range(CHECKS):
            await check()
        rounds.append((time.process_time_ns() - began) / CHECKS / 1e3)
    return median(rounds)


async def _by_hand(scope: Scope, kept: dict[bytes, float]) -> bool:
    for name, value in scope["headers"]:
        if name == b"cookie":
            return kept[sha256(value.partition(b"=")[2]).digest()] > time.monotonic()
    return False


def _scope(house: House, *headers: tuple[str, str]) -> Scope:
    """Return a request that changes something, as a browser sends it."""
    sent = (("host", "erp.example.com"), ("accept", "*/*"), ("accept-language", "zh-CN"), ("content-type", "application/json"), *headers)
    scope: Scope = {
        "type": "http", "method": "POST", "path": "/api/apps/trading/records/order", "query_string": b"", "client": (ADDRESS, 40000),
        "headers": [(name.encode(), value.encode()) for name, value in sent],
    }  # fmt: skip
    put_house(scope, house)
    return scope


def _ended_session(first: Server, second: Server) -> float:
    """Sign in, and out on the first server; return after how many milliseconds the second refuses the session."""
    one = sign_in(first, first.log)
    second.ask("GET", "/api/session", headers=one.headers).json()
    first.ask("DELETE", "/api/session", headers=one.headers)
    return _refused_after_ms(second, one.headers)


def _ended_token(first: Server, second: Server) -> float:
    """Make a token and revoke it on the first server; return after how many milliseconds the second refuses it."""
    one = sign_in(first, first.log)
    made = first.ask("POST", "/api/account/tokens", {"name": "bench", "scopes": ["read"], "password": PASSWORD}, one.headers).json()
    headers = {"authorization": f"Bearer {made['token']}"}
    second.ask("GET", "/api/session", headers=headers).json()
    first.ask("DELETE", f"/api/account/tokens/{made['id']}", headers=one.headers)
    return _refused_after_ms(second, headers)


def _refused_after_ms(server: Server, headers: Mapping[str, str]) -> float:
    began = time.perf_counter()
    while server.ask("GET", "/api/session", headers=headers).status != 401:
        if time.perf_counter() - began > LONGEST_S:
            break
    return (time.perf_counter() - began) * 1e3
