"""A running server with its web pages, and Chromium to use it: fixtures for journeys of a person through the product.

`server` is one process on a fresh database for each module of tests; `admin_page` is a page of the administrator
and fails its test on any error in the console; `visit` makes more of them: signed out, in English, on a phone.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    StorageState,
    StorageStateCookie,
    expect,
)

from tests.browser.canvas import DRAFT, open_designer
from tests.browser.chromium import open_chromium
from tests.browser.journey import assert_accessible, call
from tests.warm import Program

ROOT = Path(__file__).parents[2]
START_S = 60
PATIENCE_MS = 20_000
"""How long a page may take on a machine that has much else to do; a page that is there is not waited for."""
expect.set_options(timeout=PATIENCE_MS)
DESK: dict[str, Any] = {"viewport": {"width": 1360, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 412, "height": 839}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
LISTENS = "running on http"
"""What the server says once it takes connections; that its start is complete it says before."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the server listens, and the administrator's one-time link that it printed at its first start."""

    address: str
    link: str
    database: str
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))


Visit = Callable[..., AbstractContextManager[Page]]
NewDatabase = Callable[[str], AbstractContextManager[str]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A database after its first start, for copying alone: the administrator has followed the link and set this password."""

    dsn: str
    password: str


@pytest.fixture(scope="session")
def prepared_house(new_database: NewDatabase) -> Iterator[Prepared]:
    """Return the database that servers of modules begin with; the first start is tested for itself."""
    if not (ROOT / "web_designer" / "dist" / "index.html").exists():
        pytest.fail("the web pages are not built: run `make web`")
    with beside_playwright(new_database("")) as database:
        with running_server(database) as started, httpx.Client(base_url=started.address, timeout=60) as client:
            answer = client.post("/api/links/use", json={"token": started.link.partition("#")[2], "password": started.password})
            answer.raise_for_status()
        yield Prepared(database, started.password)


@pytest.fixture(scope="module")
def server(new_database: NewDatabase, prepared_house: Prepared) -> Iterator[Server]:
    """Start a server for the tests of a module, on a database of its own that has been prepared."""
    with beside_playwright(new_database(prepared_house.dsn)) as database, running_server(database) as started:
        yield replace(started, password=prepared_house.password)


@contextlib.contextmanager
def running_server(database: str, settings: Mapping[str, str] = {}) -> Iterator[Server]:
    """Give a server for a block that keeps its records in a database and is prepared for its first use, with settings besides."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="dougong-") as folder:
        environment = os.environ | {
            "DATABASE_URL": database, "DOUGONG_DATA_DIR": folder, "DOUGONG_HOST": "127.0.0.1", "DOUGONG_PORT": str(port),
            "DOUGONG_PUBLIC_URL": address, "DOUGONG_WORKERS": "1", "DOUGONG_SECURE_COOKIES": "false", "PYTHONUNBUFFERED": "1",
            **settings,
        }
        reading, writing = os.pipe()
        process = Program(("serve",), environment, writing, writing)
        os.close(writing)
        try:
            yield Server(address, _wait_for_link(os.fdopen(reading)), database)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for_link(output: IO[str]) -> str:
    """Return the link the server prints at its first start, nothing at a later one, once it takes requests; reads on, so that the pipe never fills."""
    said: list[str] = []
    is_ready = threading.Event()

    def listen() -> None:
        with output:
            for line in output:
                said.append(line)
                if LISTENS in line:
                    is_ready.set()
        is_ready.set()

    threading.Thread(target=listen, daemon=True).start()
    is_ready.wait(START_S)
    if LISTENS not in "".join(said):
        raise AssertionError(f"the server has not started:\n{''.join(said)[-4000:]}")
    found = re.search(r"https?://\S+/link#\S+", "".join(said))
    return "" if found is None else found[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start one Chromium a module; it must not outlive it, for no other asyncio runs in this thread beside Playwright's."""
    with open_chromium() as started:
        yield started


@pytest.fixture(scope="module")
def signed_in(server: Server) -> StorageState:
    """Return the cookies of the administrator."""
    with httpx.Client(base_url=server.address, timeout=60) as client:
        answer = client.post("/api/session", json={"email": "admin@example.com", "password": server.password})
        answer.raise_for_status()
        cookies: list[StorageStateCookie] = [
            {
                "name": name, "value": value, "domain": "127.0.0.1", "path": "/", "expires": -1, "httpOnly": True,
                "secure": False, "sameSite": "Lax",
            }
            for name, value in client.cookies.items()
        ]
        return {"cookies": cookies, "origins": []}


@pytest.fixture
def new_server(new_database: NewDatabase) -> Iterator[Server]:
    """Start a server for one test alone: nobody has followed its link, nothing has been published on it."""
    with beside_playwright(new_database("")) as database, running_server(database) as started:
        yield started


@contextlib.contextmanager
def beside_playwright(database: AbstractContextManager[str]) -> Iterator[str]:
    """Give a database for a block, made and dropped in a thread of its own: Playwright's event loop has this one."""
    with ThreadPoolExecutor(1) as aside:
        address = aside.submit(database.__enter__).result()
        try:
            yield address
        finally:
            aside.submit(database.__exit__, None, None, None).result()


@dataclass(frozen=True, slots=True)
class Profile:
    """A context that serves one visit after the other, and its first page: a picture of the product's that opens the pages of visits.

    A page another one has opened is in the same process, which has read and compiled the files of the product already.
    """

    context: BrowserContext
    first: Page

    def open_page(self) -> Page:
        """Return a new page, which knows nothing of the one that opened it."""
        with self.first.expect_popup() as opened:
            self.first.evaluate("() => { window.open('about:blank').opener = null }")
        return opened.value

    def clear(self, address: str) -> None:
        """Close the pages of a visit and forget what they kept for an origin, files excepted."""
        for page in self.context.pages:
            if page is not self.first:
                page.close()
        session = self.context.new_cdp_session(self.first)
        session.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "local_storage"})
        session.detach()


Profiles = dict[tuple[str, bool], list[Profile]]


@pytest.fixture(scope="module")
def profiles(browser: Browser) -> Profiles:
    """Return the profiles nobody uses now, by language and device: files a page has loaded are kept in them, as they are for people."""
    return {}


@pytest.fixture
def visit(server: Server, browser: Browser, signed_in: StorageState, profiles: Profiles) -> Visit:
    """Return what opens a page for a block: `visit(language="en", is_phone=True, is_signed_in=False)`; nothing is remembered but files."""

    @contextlib.contextmanager
    def open_page(language: str = "zh-CN", is_phone: bool = False, is_signed_in: bool = True) -> Iterator[Page]:
        free = profiles.setdefault((language, is_phone), [])
        profile = free.pop() if free else new_profile(locale=language, reduced_motion="reduce", **(PHONE if is_phone else DESK))
        profile.context.clear_cookies()
        if is_signed_in:
            profile.context.add_cookies(signed_in["cookies"])  # type: ignore[arg-type]
        yield from _watched(profile.context, profile.open_page)
        # What has failed may have left it in any state: only a profile that served well is used again.
        profile.clear(server.address)
        free.append(profile)

    def new_profile(**device: Any) -> Profile:  # noqa: ANN401
        context = browser.new_context(base_url=server.address, **device)
        first = context.new_page()
        first.goto("/icon.svg")
        return Profile(context, first)

    return open_page


def _watched(context: BrowserContext, open_page: Callable[[], Page] | None = None) -> Iterator[Page]:
    """Give a page, the context's or what `open_page` opens, whose errors are told at the end; a test that expects one says so with `expect_errors`."""
    problems: list[str] = []
    expected: list[str] = []
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = (open_page or context.new_page)()
    page.set_default_timeout(PATIENCE_MS)
    page.expected_errors = expected  # type: ignore[attr-defined]

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"{message.text} ({message.location.get('url', '')})")

    page.on("console", heard)
    page.on("pageerror", lambda error: problems.append(str(error)))
    try:
        yield page
    except BaseException as broken:
        for problem in problems:
            broken.add_note(f"in the console: {problem}")
        raise
    unexpected = [problem for problem in problems if not any(re.search(pattern, problem) for pattern in expected)]
    assert unexpected == []


@pytest.fixture
def new_page(new_server: Server, browser: Browser) -> Iterator[Page]:
    """Open the product as nobody, in Chinese, on a desk, on a server of its own."""
    with browser.new_context(
        base_url=new_server.address, locale="zh-CN", reduced_motion="reduce", **DESK,
    ) as context:
        yield from _watched(context)


@pytest.fixture
def check_axe() -> Callable[[Page], None]:
    """Return what checks a page against WCAG 2.2 A and AA."""
    return assert_accessible


@pytest.fixture
def admin_page(visit: Visit) -> Iterator[Page]:
    """Open the product as the administrator, in Chinese, on a desk."""
    with visit() as opened:
        yield opened


@pytest.fixture
def designer(admin_page: Page) -> Iterator[Page]:
    """Return a page whose person may design, on the sales order, without a draft before and after."""
    page = admin_page
    call(page, "DELETE", DRAFT)
    open_designer(page)
    yield page
    page.goto("about:blank")  # a designer that is left saves nothing more; another page of the product would only cost its loading
    call(page, "DELETE", DRAFT)
