"""What other processes say: a connection that LISTENs and calls back, opened again whenever it is lost; never from a pool."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import asyncpg
import structlog

from dougong.database.pool import connect
from dougong.errors import DatabaseUnavailable

_PULSE_S = 20.0
_PULSE_LIMIT_S = 5.0
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 10.0

Heard = Callable[[str], None]


async def listen(dsn: str, channels: Mapping[str, Heard], connected: Callable[[], None]) -> None:
    """Call the function of a channel with each message on it, until cancelled.

    `connected` is called whenever a connection has begun to listen: what was said before that is lost for this process.
    """
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            connection = await connect(dsn)
            try:
                lost = asyncio.Event()
                connection.add_termination_listener(lambda _, lost=lost: lost.set())
                for channel, heard in channels.items():
                    await connection.add_listener(channel, lambda *message, heard=heard: heard(message[3]))
                connected()
                pause_s = _FIRST_PAUSE_S
                await _until_lost(connection, lost)
            finally:
                connection.terminate()
        except (OSError, TimeoutError, DatabaseUnavailable, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
            structlog.get_logger("dougong.database").warning("listening.lost", reason=str(trouble), again_in_s=pause_s)
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)


async def _until_lost(connection: asyncpg.Connection[asyncpg.Record], lost: asyncio.Event) -> None:
    """Wait until the connection ends; a silent one is asked now and then, as a network may drop it without a word."""
    while not lost.is_set():
        try:
            await asyncio.wait_for(lost.wait(), _PULSE_S)
        except TimeoutError:
            await connection.fetchval("SELECT 1", timeout=_PULSE_LIMIT_S)
