"""Opens a site without a server: settings in, a `Site` whose system tables are up to date for as long as the block lasts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import asyncpg

from dougong.database.address import database_in_use
from dougong.database.migrate import migrate
from dougong.database.pool import open_pool
from dougong.packages.finish_upgrade import finish_upgrade
from dougong.settings import Settings
from dougong.sites import Site, find_case_collation

_CLOSE_LIMIT_S = 5.0


@dataclass(frozen=True, slots=True)
class OpenedSite:
    """A site, and the address of its database for connections that belong to no pool."""

    site: Site
    dsn: str


@asynccontextmanager
async def open_site(settings: Settings) -> AsyncIterator[OpenedSite]:
    """Open the database, bring its system tables up to date, and close it all at the end of the block."""
    async with AsyncExitStack() as stack:
        dsn = await asyncio.to_thread(stack.enter_context, database_in_use(settings))
        await migrate(dsn)
        pool = await open_pool(dsn, settings.pool_min, settings.pool_max, settings.statement_cache, settings.statement_limit_s)
        stack.push_async_callback(_close, pool)
        yield OpenedSite(Site(settings, pool, await find_case_collation(pool), follow_upgrade=finish_upgrade), dsn)


async def _close(pool: asyncpg.Pool[asyncpg.Record]) -> None:
    """Close the pool when its requests are done, or without them after a while."""
    try:
        await asyncio.wait_for(pool.close(), _CLOSE_LIMIT_S)
    except TimeoutError:
        pool.terminate()
