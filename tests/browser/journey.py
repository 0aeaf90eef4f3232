"""What journeys through the pages have in common: picking, pictures, and whether everybody can use the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

PICTURES = Path(__file__).parents[2] / "var" / "pictures"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
APP = "/apps/trading_starter"
RECORDS = "/api/apps/trading_starter/records"
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def expect_errors(page: Page, *patterns: str) -> None:
    """Say which errors in the console belong to the test: `409` for a conflict it provokes."""
    page.expected_errors.extend(patterns)  # type: ignore[attr-defined]


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like, for people to look at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def assert_accessible(page: Page) -> None:
    """Check the page against WCAG 2.2 A and AA with axe; what it finds is told with the elements."""
    # To describe what is right as well would take three times as long.
    result = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    found = [
        f"{violation['id']}: {violation['help']}: {[node['html'][:160] for node in violation['nodes'][:3]]}"
        for violation in result["violations"]
    ]
    assert not found, "\n".join(found)


def pick(page: Page, name: str, typed: str) -> None:
    """Choose a record in a reference: type, wait for the list, take the one that is called so."""
    box = page.get_by_role("combobox", name=name, exact=True)
    box.click()
    box.fill(typed)
    page.get_by_role("listbox").get_by_role("option", name=re.compile(re.escape(typed))).first.click()
    expect(box).to_have_value(re.compile(re.escape(typed)))


def call(page: Page, method: str, path: str, body: object = None) -> dict[str, Any]:
    """Return the server's answer to a call of the signed-in person, made beside the page; what has no content is empty."""
    token = page.request.get("/api/session").json()["csrf_token"]
    answer = page.request.fetch(path, method=method, data=body, headers={"X-CSRF-Token": token})
    assert answer.ok, f"{answer.status} {answer.text()}"
    said: dict[str, Any] = {} if answer.status == 204 else answer.json()
    return said


def copied_by_hand(page: Page, copy: Locator) -> str:
    """Return what is copied where pages may copy nothing, as over plain http: the button selects it, and people press the keys."""
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    page.evaluate("getSelection().removeAllRanges()")
    copy.click()
    page.keyboard.press("ControlOrMeta+c")
    page.evaluate("delete navigator.clipboard")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def records(page: Page, entity: str, **query: str) -> list[dict[str, Any]]:
    """Return records of the starter app: `filter`, `search`, `sort`, `limit` as the API takes them."""
    found: list[dict[str, Any]] = call(page, "GET", f"{RECORDS}/{entity}?{urlencode(query)}")["records"]
    return found
