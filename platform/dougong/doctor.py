"""What is wrong with a set-up: an environment in, findings out; mends nothing itself.

A check is a function in one of three tables, by what it must be given: nothing, settings, a connection. It returns findings, each
the code of a row of `doctor_findings.FINDINGS` with the parts of its sentence. Where a table's need cannot be met, that is the
finding, and its checks are left out.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dougong import shipped
from dougong.database.address import database_in_use
from dougong.database.migrate import SERVER_MINIMUM, TablesTooNew, head_revision, is_at_head
from dougong.database.pool import connect
from dougong.doctor_findings import FINDINGS, Level
from dougong.errors import DatabaseUnavailable, PlatformError
from dougong.listening_place import PlaceTaken, see_that_it_is_free
from dougong.settings import Settings, read_settings

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[asyncpg.Record]

PYTHON_MINIMUM = (3, 11)
EXTENSIONS = ("pg_trgm", "btree_gist")


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: the code of its row and the parts of its sentence."""

    code: str
    parts: Mapping[str, object]

    @property
    def level(self) -> Level:
        """Return how bad it is."""
        return FINDINGS[self.code].level

    def text(self, language: str) -> str:
        """Return what was found, in `zh-CN` or `en`."""
        return FINDINGS[self.code].text[language].format(**self.parts)

    def mend(self, language: str) -> str:
        """Return what to do about it, empty if there is nothing to do."""
        return FINDINGS[self.code].mend.get(language, "").format(**self.parts)


def found(code: str, **parts: object) -> Found:
    """Return a finding."""
    return Found(code, parts)


async def examine(environ: Mapping[str, str]) -> list[Found]:
    """Return what every check found, in the order of the tables."""
    findings = [check() for check in MACHINE]
    try:
        settings = read_settings(environ)
    except PlatformError as wrong:
        return [*findings, *(found("setting-wrong", **issue.message) for issue in wrong.issues)]
    findings += [found("settings-good"), *(check(settings) for check in SERVER)]
    try:
        with database_in_use(settings) as dsn:
            connection = await connect(dsn)
            try:
                findings += [await check(connection, settings) for check in DATABASE]
            finally:
                await connection.close()
    except DatabaseUnavailable as down:
        findings.append(found("database-unreachable", reason="; ".join(down.notes)))
    except PlatformError as down:
        findings.append(found("database-failed", **{language: down.detail(language) for language in ("zh-CN", "en")}))
    return findings


def _python() -> Found:
    version = ".".join(map(str, sys.version_info[:3]))
    return found("python-good" if sys.version_info >= PYTHON_MINIMUM else "python-old", version=version)


def _web() -> Found:
    index = shipped.web() / "index.html"
    return found("web-good" if index.is_file() else "web-missing", path=index)


def _data_folder(settings: Settings) -> Found:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.data_dir):
            return found("data-good", path=settings.data_dir)
    except OSError as refused:
        return found("data-unwritable", path=settings.data_dir, reason=refused.strerror)


def _port(settings: Settings) -> Found:
    try:
        see_that_it_is_free(settings)
    except PlaceTaken as taken:
        return found("port-taken", **taken.parts)
    return found("port-free", where=f"{settings.host}:{settings.port}")


def _cookies(settings: Settings) -> Found:
    is_https = (settings.public_url or "").startswith("https:")
    if is_https == settings.secure_cookies:
        return found("cookies-good")
    return found("cookies-open" if is_https else "cookies-unsendable")


async def _version(connection: Connection, settings: Settings) -> Found:
    number = int(await connection.fetchval("SHOW server_version_num"))
    version = await connection.fetchval("SHOW server_version")
    return found("server-good" if number >= SERVER_MINIMUM else "server-old", version=version)


async def _encoding(connection: Connection, settings: Settings) -> Found:
    encoding = await connection.fetchval("SHOW server_encoding")
    return found("encoding-good" if encoding == "UTF8" else "encoding-wrong", encoding=encoding)


async def _schemas(connection: Connection, settings: Settings) -> Found:
    may, database, user = await connection.fetchrow(
        "SELECT has_database_privilege(current_database(), 'CREATE'), quote_ident(current_database()), quote_ident(current_user)"
    ) or (False, "", "")
    return found("schemas-good" if may else "schemas-refused", database=database, user=user)


async def _extensions(connection: Connection, settings: Settings) -> Found:
    there = await connection.fetch("SELECT name FROM pg_available_extensions WHERE name = ANY($1)", EXTENSIONS)
    missing = set(EXTENSIONS) - {row["name"] for row in there}
    return found("extensions-missing" if missing else "extensions-good", names=", ".join(sorted(missing or EXTENSIONS)))


async def _tables(connection: Connection, settings: Settings) -> Found:
    try:
        is_current = await is_at_head(connection)
    except TablesTooNew as ahead:
        return found("tables-ahead", **ahead.parts)
    return found("tables-good" if is_current else "tables-behind", head=head_revision())


async def _connections(connection: Connection, settings: Settings) -> Found:
    most = int(await connection.fetchval("SHOW max_connections"))
    wanted = settings.workers * settings.pool_max
    return found("connections-good" if wanted < most else "connections-few", wanted=wanted, most=most)


MACHINE: tuple[Callable[[], Found], ...] = (_python, _web)
SERVER: tuple[Callable[[Settings], Found], ...] = (_data_folder, _port, _cookies)
DATABASE: tuple[Callable[[Any, Settings], Awaitable[Found]], ...] = (
    _version, _encoding, _schemas, _extensions, _tables, _connections,
)
