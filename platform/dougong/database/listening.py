"""What other processes say: a connection that LISTENs and calls back, opened again whenever it is lost; never from a pool."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from uuid import uuid4

import asyncpg
import structlog

from dougong.database.pool import connect
from dougong.errors import DatabaseUnavailable

PULSE_CHANNEL = "dougong_pulse"
"""NOTIFY channel on which each process speaks to itself, to know that it hears."""

_PULSE_S = 3.0
_PULSE_LIMIT_S = 4.0
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 10.0

Heard = Callable[[str], None]


def nothing() -> None:
    """Do nothing: for those who need not know."""


async def listen(
    dsn: str, channels: Mapping[str, Heard], connected: Callable[[], None], hears: Callable[[], None] = nothing, is_lost: Callable[[], None] = nothing
) -> None:
    """Call the function of a channel with each message on it, until cancelled.

    `connected` is called whenever a connection has begun to listen: what was said before that is lost for this process. `hears` is
    called every few seconds when a message to itself has come through: a pooler of connections may take LISTEN and pass nothing on.
    `is_lost` is called when the connection is gone.
    """
    own = uuid4().hex
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            connection = await connect(dsn)
            try:
                lost = asyncio.Event()
                connection.add_termination_listener(lambda _, lost=lost: lost.set())
                for channel, heard in channels.items():
                    await connection.add_listener(channel, lambda *message, heard=heard: heard(message[3]))
                await connection.add_listener(PULSE_CHANNEL, lambda *message: hears() if message[3] == own else None)
                connected()
                pause_s = _FIRST_PAUSE_S
                await _until_lost(connection, lost, own)
            finally:
                connection.terminate()
                is_lost()
        except (OSError, TimeoutError, DatabaseUnavailable, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
            structlog.get_logger("dougong.database").warning("listening.lost", reason=str(trouble), again_in_s=pause_s)
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)


async def _until_lost(connection: asyncpg.Connection[asyncpg.Record], lost: asyncio.Event, own: str) -> None:
    """Wait until the connection ends; it is spoken to now and then, as a network may drop it without a word."""
    while not lost.is_set():
        await connection.fetchval("SELECT pg_notify($1, $2)", PULSE_CHANNEL, own, timeout=_PULSE_LIMIT_S)
        with suppress(TimeoutError):
            await asyncio.wait_for(lost.wait(), _PULSE_S)
