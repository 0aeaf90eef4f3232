"""Databases for tests: one server a session, a fresh copy of the migrated database for each test that asks for one.

Fixtures: `dsn` (a server's address), `database` (a fresh migrated database), `empty_database`; `every_…` are the same once for
each PostgreSQL at hand, the embedded one and Debian's 15. `DATABASE_URL_TEST` names a server to use in place of the embedded one.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import tempfile
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from dougong.database.embedded import running, stop
from dougong.database.migrate import migrate
from tests.warm import RUN

POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")
SERVERS = ["embedded", *(["15"] if (POSTGRES_15 / "postgres").exists() else [])]
# A test server may lose everything when the machine fails; it may not lose anything when it is killed.
SERVER_SETTINGS = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


os.environ.setdefault(RUN, str(os.getpid()))  # in the process that starts the others, before it does


SLOWEST_FIRST = ("faults", "browser", "apps", "conformance", "leaks", "runtime", "api", "docs", "engines")
"""Folders of tests in the order in which processes take their files: whoever is done early finds small ones, and all end at about one time."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first."""
    places = {name: place for place, name in enumerate(SLOWEST_FIRST)}
    items.sort(key=lambda item: places.get(item.nodeid.removeprefix("tests/").partition("/")[0] if item.nodeid.startswith("tests/") else "", len(places)))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are collected, nor later among their modules: all of it stays, and looking takes a third of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, object]]:
    """Run async tests as the server runs: asyncio on uvloop."""
    return "asyncio", {"use_uvloop": True}


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """Give a temporary folder that every account can enter, as pytest's own cannot be entered by the server's when root tests."""
    with tempfile.TemporaryDirectory(prefix="dougong-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def home() -> Iterator[Path]:
    """Return an empty folder for an embedded server of this test; what still runs there is stopped afterwards."""
    with open_folder() as folder:
        yield folder
        stop(folder)


@pytest.fixture(scope="session")
def dsn() -> Iterator[str]:
    """Return the address of the server most tests use."""
    outside = os.environ.get("DATABASE_URL_TEST")
    if outside:
        yield outside
        return
    with open_folder() as folder, running(folder, SERVER_SETTINGS) as address:
        yield address


@pytest.fixture(scope="session", params=SERVERS)
def every_dsn(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of one server after the other: each PostgreSQL at hand."""
    if request.param == "embedded":
        yield request.getfixturevalue("dsn")
        return
    with open_folder() as folder, running(folder, SERVER_SETTINGS, POSTGRES_15) as address:
        yield address


@pytest.fixture(scope="session")
def migrated(dsn: str) -> Iterator[str]:
    """Return a database with the system tables, for copying alone: nobody may be connected to it."""
    with fresh_database(dsn) as address:
        asyncio.run(migrate(address))
        yield address


@pytest.fixture(scope="session")
def every_migrated(every_dsn: str) -> Iterator[str]:
    """Return a database with the system tables on each server, for copying alone."""
    with fresh_database(every_dsn) as address:
        asyncio.run(migrate(address))
        yield address


@pytest.fixture
def empty_database(dsn: str) -> Iterator[str]:
    """Return a database of its own for this test, with nothing in it."""
    with fresh_database(dsn) as address:
        yield address


@pytest.fixture
def every_empty_database(every_dsn: str) -> Iterator[str]:
    """Return a database of its own with nothing in it, on each server."""
    with fresh_database(every_dsn) as address:
        yield address


@pytest.fixture
def database(dsn: str, migrated: str) -> Iterator[str]:
    """Return a database of its own for this test, with the system tables."""
    with fresh_database(dsn, template=migrated) as address:
        yield address


@pytest.fixture
def every_database(every_dsn: str, every_migrated: str) -> Iterator[str]:
    """Return a database of its own with the system tables, on each server."""
    with fresh_database(every_dsn, template=every_migrated) as address:
        yield address


@pytest.fixture(scope="session")
def new_database(dsn: str) -> Callable[[str], AbstractContextManager[str]]:
    """Return what gives a database of its own for a block: a copy of the one at an address, empty for an empty address."""
    return lambda template: fresh_database(dsn, template)


@contextlib.contextmanager
def fresh_database(dsn: str, template: str = "") -> Iterator[str]:
    """Give the address of a new database, a copy of `template` if given; it is dropped after the block."""
    name = f"test_{uuid.uuid4().hex}"
    source = urlsplit(template).path.lstrip("/") or "template0"
    asyncio.run(_execute(dsn, f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY'))
    try:
        yield urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))
    finally:
        asyncio.run(_execute(dsn, f'DROP DATABASE "{name}" WITH (FORCE)'))


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
