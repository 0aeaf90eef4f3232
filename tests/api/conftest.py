"""Sites for scenarios over HTTP: the first start once a session, a copy of its database and a running application a test."""

from __future__ import annotations

import asyncio
import contextlib
import io
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import pytest
from starlette.types import ASGIApp

from dougong.app import open_application
from dougong.logs import configure_logs
from dougong.settings import Settings, read_settings
from tests.api.browser import Browser, open_browser
from tests.api.command import Command, command_for
from tests.workshop import Shop, Template, open_shop, prepare

ADMIN_PASSWORD = "correct horse battery"
NewDatabase = Callable[[str], AbstractContextManager[str]]


@dataclass(frozen=True)
class Prepared:
    """A database after its first start: its address, what was printed, and the passwords by e-mail."""

    dsn: str
    printed: str
    passwords: dict[str, str]


def settings_for(dsn: str, **others: object) -> Settings:
    """Return the settings of a server for a database."""
    settings = read_settings({"DATABASE_URL": dsn, "DOUGONG_POOL_MIN": "0", "DOUGONG_POOL_MAX": "4"})
    return replace(settings, **others)  # type: ignore[arg-type]


@pytest.fixture(scope="session", autouse=True)
def logs() -> None:
    """Log as a server does."""
    configure_logs("info")


@pytest.fixture(scope="session")
def prepared(new_database: NewDatabase) -> Iterator[Prepared]:
    """Return a database with the organization and the starter, its administrator signed up; for copying alone."""
    with new_database("") as dsn:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            asyncio.run(_first_start(dsn, printed))
        text = printed.getvalue()
        found = dict(re.findall(r"^ +(\S+@\S+) +([a-z0-9-]{19}) ", text, re.MULTILINE))
        yield Prepared(dsn, text, {**found, "admin@example.com": ADMIN_PASSWORD})


async def _first_start(dsn: str, printed: io.StringIO) -> None:
    async with open_application(settings_for(dsn)) as app:
        link = re.search(r"/link#(\S+)", printed.getvalue())
        assert link, printed.getvalue()
        answer = await open_browser(app).post("/api/links/use", {"token": link[1], "password": ADMIN_PASSWORD})
        assert answer.status_code == 200, answer.text


@pytest.fixture
def site_dsn(new_database: NewDatabase, prepared: Prepared) -> Iterator[str]:
    """Return the address of a site's database of this test's own."""
    with new_database(prepared.dsn) as dsn:
        yield dsn


@pytest.fixture
def command(site_dsn: str) -> Command:
    """Return what runs a command against a site of this test's own."""
    return command_for(site_dsn)


@pytest.fixture
async def app(site_dsn: str) -> AsyncIterator[ASGIApp]:
    """Return the running application of a site of this test's own."""
    async with open_application(settings_for(site_dsn)) as application:
        yield application


@pytest.fixture
def browser(app: ASGIApp) -> Browser:
    """Return a browser nobody has signed in with."""
    return open_browser(app)


@pytest.fixture
async def admin(app: ASGIApp) -> Browser:
    """Return the administrator's browser, signed in."""
    browser = open_browser(app)
    answer = await browser.sign_in("admin@example.com", ADMIN_PASSWORD)
    assert answer.status_code == 200, answer.text
    return browser


@pytest.fixture
async def seller(app: ASGIApp, prepared: Prepared) -> Browser:
    """Return the browser of the demo user who sells, signed in."""
    browser = open_browser(app)
    answer = await browser.sign_in("sales@example.com", prepared.passwords["sales@example.com"])
    assert answer.status_code == 200, answer.text
    return browser


@pytest.fixture(scope="module")
def house_dsn(new_database: NewDatabase, prepared: Prepared) -> Iterator[str]:
    """Return the address of a site's database of this module's own, for a `house` that the module runs with settings of its own."""
    with new_database(prepared.dsn) as dsn:
        yield dsn


@pytest.fixture(scope="module")
async def boss(house: ASGIApp) -> Browser:
    """Return the administrator's browser in the module's `house`, signed in."""
    browser = open_browser(house)
    assert (await browser.sign_in("admin@example.com", ADMIN_PASSWORD)).status_code == 200
    return browser


@pytest.fixture(scope="session")
def template(new_database: NewDatabase) -> Iterator[Template]:
    """Return a database with the workshop and its people, for copying alone."""
    with new_database("") as dsn:
        yield asyncio.run(prepare(dsn))


@pytest.fixture(scope="module")
def shop_dsn(new_database: NewDatabase, template: Template) -> Iterator[str]:
    """Return the address of a copy of the workshop's database of this module's own."""
    with new_database(template.dsn) as dsn:
        yield dsn


@pytest.fixture(scope="module")
async def shop(shop_dsn: str, template: Template) -> AsyncIterator[Shop]:
    """Return the running site with the workshop of this module's own."""
    async with open_shop(shop_dsn, template) as opened:
        yield opened
