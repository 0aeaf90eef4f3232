"""Connections: an address in, a pool of asyncpg connections out that carry no state from one use to the next.

A connection is given back as it is, without asyncpg's reset query: it costs a round trip, and nothing here leaves state behind
(no SET outside a transaction, no advisory lock of a session, no LISTEN on pooled connections). JSON comes and goes as text.
"""

from __future__ import annotations

import asyncio
import re
import struct
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import asyncpg

from dougong.errors import DatabaseUnavailable

SERVER_SETTINGS = {"timezone": "UTC", "jit": "off", "application_name": "dougong"}
_IDLE_S = 300.0
_AS_ASYNCPG_HAS_IT: Mapping[str, Any] = {
    "record_class": asyncpg.Record, "init_size": None, "max_queries": 50_000, "loop": None, "connect": None, "setup": None,
    "reset": None,
}  # fmt: skip
"""What `asyncpg.create_pool` fills in and the class itself asks for."""
_REFUSALS = (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError)  # ValueError: an address that cannot be read
_PLACE = re.compile(r"\w+://(?:[^@?#]*@)?([^@?#]+)(?:\?[^@]*)?")  # host, port, database: no match where a password could slip in

if TYPE_CHECKING:
    _Connection = asyncpg.Connection[asyncpg.Record]
    _Pool = asyncpg.Pool[asyncpg.Record]
else:
    _Connection = asyncpg.Connection
    _Pool = asyncpg.Pool


class PooledConnection(_Connection):
    """A connection whose return to the pool costs no round trip."""

    def get_reset_query(self) -> str:
        """Return no query: there is no state to reset."""
        return ""

    async def reset(self, *, timeout: float | None = None) -> None:
        """Roll back a transaction that was left open; there is nothing else to reset."""
        if self.is_in_transaction():
            await super().reset(timeout=timeout)


_asyncpgs_acquire: Any = asyncpg.Pool.__dict__["_acquire"]


class ConnectionPool(_Pool):
    """A pool that takes a connection back at once.

    asyncpg makes a task of every return, so that a caller who is cancelled meanwhile leaves none half done: measured, a
    tenth of the CPU of reading a record. Here a return waits for nothing, and where it must after all (a transaction left
    open, a statement being cancelled), a caller who is cancelled meanwhile costs the connection, which a new one replaces.

    Nor does it start a timer for each connection that comes back, to stop it when the connection goes out: it looks around from time to time.
    """

    _returns: Mapping[Any, int] = {}
    _next_look: asyncio.TimerHandle | None = None

    async def _acquire(self, timeout: float | None) -> Any:  # noqa: ANN401 – asyncpg's own
        """Give a connection that is free without the layers in which asyncpg would wait for one."""
        own: Any = self
        if timeout is not None or own._closing or not own._initialized or own._queue.empty():
            return await _asyncpgs_acquire(self, timeout)
        holder = own._queue.get_nowait()
        try:
            proxy = await holder.acquire()
        except BaseException:
            own._queue.put_nowait(holder)
            own._schedule_min_size_maintenance()
            raise
        holder._timeout = None
        return proxy

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:  # noqa: ANN401 – asyncpg's own
        """Return a connection to the pool; one that is back already stays there."""
        if connection._con is not None:
            connection._con._on_release()
            await connection._holder.release(timeout)

    def close_idle(self) -> None:
        """Close connections beyond the least that nobody has used since the last look, and look again in a while."""
        own: Any = self
        returns = {holder: holder._con._pool_release_ctr for holder in own._holders if holder._con is not None}
        for holder, count in returns.items():
            is_idle = holder._in_use is None and self._returns.get(holder) == count
            if is_idle and self.get_size() > self.get_min_size():
                holder.terminate()
        self._returns = returns
        self._next_look = asyncio.get_running_loop().call_later(_IDLE_S, self.close_idle)

    async def close(self) -> None:
        """Close all connections when they have come back."""
        self._look_no_more()
        await super().close()

    def terminate(self) -> None:
        """Close all connections at once."""
        self._look_no_more()
        super().terminate()

    def _look_no_more(self) -> None:
        if self._next_look is not None:
            self._next_look.cancel()


async def open_pool(
    dsn: str, least: int = 2, most: int = 16, statement_cache: int = 512, statement_limit_s: int = 0
) -> ConnectionPool:
    """Return a pool with `least` open connections that grows to `most`; the caller closes it.

    statement_cache: prepared statements kept for each connection; 0 behind PgBouncer in transaction mode.
    statement_limit_s: after so many seconds PostgreSQL cancels a statement, 0 for never.
    Raises DatabaseUnavailable when there is no server at the address, or it refuses us.
    """
    try:
        pool = ConnectionPool(
            dsn,
            min_size=min(least, most),
            max_size=most,
            max_inactive_connection_lifetime=0,
            statement_cache_size=statement_cache,
            max_cached_statement_lifetime=0,
            server_settings={**SERVER_SETTINGS, "statement_timeout": f"{statement_limit_s}s"},
            connection_class=PooledConnection,
            init=keep_dates,
            **_AS_ASYNCPG_HAS_IT,
        )
        await pool
        pool.close_idle()
    except _REFUSALS as trouble:
        raise _unavailable(dsn, trouble) from trouble
    return pool


async def connect(dsn: str) -> asyncpg.Connection[asyncpg.Record]:
    """Return one connection outside any pool, for LISTEN and for work that holds it long; the caller closes it.

    Raises DatabaseUnavailable as `open_pool` does.
    """
    try:
        connection = await asyncpg.connect(dsn, server_settings=SERVER_SETTINGS)
        await keep_dates(connection)
        return connection
    except _REFUSALS as trouble:
        raise _unavailable(dsn, trouble) from trouble


_DAY = struct.Struct("!i")
_DAY_ZERO = date(2000, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal()


async def keep_dates(connection: Any) -> None:  # noqa: ANN401 – a connection, or the pool's stand-in for one
    """Make a connection write every date as it is: asyncpg takes the first and the last for infinities, which no date may be here."""
    await connection.set_type_codec(
        "date",
        schema="pg_catalog",
        format="binary",
        encoder=lambda day: _DAY.pack(day.toordinal() - _DAY_ZERO),
        decoder=lambda raw: date.fromordinal(min(max(_DAY.unpack(raw)[0] + _DAY_ZERO, 1), _LAST_DAY)),
    )


def _unavailable(dsn: str, trouble: Exception) -> DatabaseUnavailable:
    """Return the error with the place and the server's own words as a note: for whoever runs us, not for an answer."""
    unavailable = DatabaseUnavailable()
    place = _PLACE.fullmatch(dsn)
    reason = str(trouble) or type(trouble).__name__
    unavailable.add_note(f"{place[1]}: {reason}" if place else reason)
    return unavailable
