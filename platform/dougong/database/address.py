"""Which database this server uses: settings in, the address of a running server out; starts the embedded one where none is named."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dougong.errors import PlatformError
from dougong.settings import Settings


class EmbeddedServerUnsupported(PlatformError):
    """There is no embedded server for this operating system."""

    code = "database-embedded-unsupported"
    title = {
        "zh-CN": "此系统不支持内置 PostgreSQL，请设置 DATABASE_URL",
        "en": "The embedded PostgreSQL does not run on this system: set DATABASE_URL",
    }
    status = 503


def embedded_home(settings: Settings) -> Path:
    """Return the folder of the embedded server."""
    return settings.data_dir / "postgres"


def database_address(settings: Settings) -> str:
    """Return the address of the database, starting the embedded server if no other is named; it then stays running."""
    if settings.database_url:
        return settings.database_url
    _refuse_windows()
    from dougong.database.embedded import ensure_running

    return ensure_running(embedded_home(settings), settings.postgres_settings)


@contextmanager
def database_in_use(settings: Settings) -> Iterator[str]:
    """Give the address of the database for the block; the last of the processes in such a block stops the embedded server."""
    if settings.database_url:
        yield settings.database_url
        return
    _refuse_windows()
    from dougong.database.embedded import running

    with running(embedded_home(settings), settings.postgres_settings) as dsn:
        yield dsn


def _refuse_windows() -> None:
    if sys.platform == "win32":
        raise EmbeddedServerUnsupported()
