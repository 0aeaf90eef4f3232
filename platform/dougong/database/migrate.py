"""The system tables: an address in, the tables of this version of the code there afterwards; never touches tables of apps.

The usual case, nothing to do, costs one connection and one query and imports neither Alembic nor SQLAlchemy. Otherwise one
transaction holds a lock, looks again, and migrates: of several processes that start at once, one does it and the others wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from dougong.database.pool import SERVER_SETTINGS, connect
from dougong.errors import PlatformError
from dougong.shipped import migrations

if TYPE_CHECKING:
    from sqlalchemy import Connection

SERVER_MINIMUM = 150000
_LOCK = 0x646F75676F6E67  # "dougong"


class ServerTooOld(PlatformError):
    """The server is older than PostgreSQL 15."""

    code = "database-server-too-old"
    title = {"zh-CN": "PostgreSQL 版本过旧", "en": "The PostgreSQL server is too old"}
    sentence = {
        "zh-CN": "服务器是 PostgreSQL {version}，需要 15 或更新。",
        "en": "The server is PostgreSQL {version}; 15 or newer is needed.",
    }
    status = 503


class TablesTooNew(PlatformError):
    """The system tables were made by a newer version of the code."""

    code = "database-tables-too-new"
    title = {"zh-CN": "数据库由更新的版本创建", "en": "The database was made by a newer version"}
    sentence = {
        "zh-CN": "系统表的版本是 {found}，而此程序只认识到 {head}。请使用更新的程序。",
        "en": "The system tables are at {found}, this program knows up to {head}: use a newer program.",
    }
    status = 503


async def migrate(dsn: str) -> bool:
    """Bring the system tables to the version of the code; say whether there was anything to do.

    Raises DatabaseUnavailable, ServerTooOld, TablesTooNew.
    """
    connection = await connect(dsn)
    try:
        version = connection.get_server_version()
        if version.major * 10000 < SERVER_MINIMUM:
            raise ServerTooOld(version=f"{version.major}.{version.minor}")
        if await is_at_head(connection):
            return False
    finally:
        await connection.close()
    await _upgrade(dsn)
    return True


async def is_at_head(connection: asyncpg.Connection[asyncpg.Record]) -> bool:
    """Say whether the system tables are those of this code; raises TablesTooNew when they are ahead of it."""
    found = await read_revision(connection)
    head = head_revision()
    if found is not None and found > head:
        raise TablesTooNew(found=found, head=head)
    return found == head


async def read_revision(connection: asyncpg.Connection[asyncpg.Record]) -> str | None:
    """Return the revision of the system tables, None if there are none."""
    if await connection.fetchval("SELECT to_regclass('dougong.alembic_version')") is None:
        return None
    found = await connection.fetchval("SELECT version_num FROM dougong.alembic_version")
    return str(found) if found else None


def head_revision() -> str:
    """Return the newest revision of this code: files are named `<revision>_<what>.py`, revisions count up."""
    return max(path.name.partition("_")[0] for path in (migrations() / "versions").glob("[0-9]*_*.py"))


async def _upgrade(dsn: str) -> None:
    from sqlalchemy import text
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    async def open_connection() -> asyncpg.Connection[asyncpg.Record]:
        return await asyncpg.connect(dsn, server_settings=SERVER_SETTINGS, statement_cache_size=0)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=open_connection, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            await connection.execute(text("CREATE SCHEMA IF NOT EXISTS dougong"))
            await connection.run_sync(_run)
    finally:
        await engine.dispose()


def _run(connection: Connection) -> None:
    """Run what is missing; Alembic reads where the tables stand after the lock was given, so a second starter finds nothing."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations()))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
