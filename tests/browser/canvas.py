"""The designer's canvas as tests see and move it: a page in, the order of its nodes out, drags and saves carried out."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.journey import FRAMES, call

TAKES_CLICKS = """() => new Promise(done => {
    const probe = document.body.appendChild(document.createElement('button'));
    const ask = () => requestAnimationFrame(() => { probe.click(); if (probe.isConnected) ask(); });
    probe.onclick = () => { probe.remove(); done(); };
    ask();
})"""

APP = "trading_starter"
DRAFT = f"/api/apps/{APP}/draft"
FORM = f"/design/{APP}/forms/sales_order"


def open_designer(page: Page, address: str = FORM) -> None:
    """Open a form in the designer and wait until it is drawn."""
    page.goto(address)
    page.locator("[data-node]").first.wait_for()


def order(page: Page) -> list[str]:
    """Return the nodes of the canvas as `basic`, `basic/customer`, in order of reading."""
    pointers = page.locator("[data-node]").evaluate_all("nodes => nodes.map(node => node.dataset.node)")
    return [pointer.split("/nodes/", 1)[1].replace("/nodes/", "/") for pointer in pointers]


def section(page: Page, name: str) -> list[str]:
    """Return the keys of the nodes in a section."""
    return [key.split("/")[1] for key in order(page) if key.startswith(f"{name}/")]


def settles(page: Page, name: str, keys: list[str]) -> None:
    """Wait until a section's nodes begin with these, all of them where there are as many; a drop is drawn a frame later."""
    page.wait_for_function(
        """([name, keys]) => {
            const parts = [...document.querySelectorAll('[data-node]')].map((one) => one.dataset.node.split('/nodes/').slice(1));
            const found = parts.filter((part) => part.length === 2 && part[0] === name).map((part) => part[1]);
            return JSON.stringify(found.slice(0, keys.length)) === JSON.stringify(keys);
        }""",
        arg=[name, keys],
    )


def node(page: Page, path: str) -> Locator:
    """Return the frame of a node: `basic/customer`."""
    return page.locator(f'[data-node$="/nodes/{path.replace("/", "/nodes/")}"]')


def item(page: Page, name: str) -> Locator:
    """Return an item of the palette: `new:text`, `field:total`."""
    return page.locator(f'[data-palette="{name}"]')


def begin_drag(page: Page, source: Locator, target: Locator, at: tuple[float, float]) -> None:
    """Take something up and carry it over a target; the button stays down. The target is measured once the drag began."""
    target.scroll_into_view_if_needed()
    source.scroll_into_view_if_needed()
    start = source.bounding_box()
    assert start is not None
    x, y = start["x"] + start["width"] / 2, start["y"] + min(start["height"] / 2, 14)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y + 8, steps=3)
    end = target.bounding_box()
    assert end is not None
    page.mouse.move(end["x"] + end["width"] * at[0], end["y"] + end["height"] * at[1], steps=8)
    page.evaluate(FRAMES)


def drag(page: Page, source: Locator, target: Locator, at: tuple[float, float] = (0.5, 0.5)) -> None:
    """Drag something onto a place of a target."""
    begin_drag(page, source, target, at)
    drop(page)


def drop(page: Page) -> None:
    """Let go, and wait until the page takes clicks again: for a moment it takes them for a part of the drop."""
    page.mouse.up()
    page.evaluate(TAKES_CLICKS)


def saved(page: Page) -> dict[str, Any]:
    """Wait until the draft is saved and return its document."""
    page.keyboard.press("Control+s")
    expect(page.locator(".save-state [role=status]")).to_have_text(re.compile("已保存|Saved"))
    document: dict[str, Any] = call(page, "GET", DRAFT)["document"]
    return document


def fields(document: dict[str, Any]) -> list[str]:
    """Return the keys of the fields of a sales order."""
    entity = next(entity for entity in document["entities"] if entity["key"] == "sales_order")
    return [field["key"] for field in entity["fields"]]


def field_of(document: dict[str, Any], key: str) -> dict[str, Any]:
    """Return a field of the sales order."""
    entity = next(entity for entity in document["entities"] if entity["key"] == "sales_order")
    found: dict[str, Any] = next(field for field in entity["fields"] if field["key"] == key)
    return found


def show(page: Page, tab: str) -> None:
    """Open one of the panels at the side."""
    page.locator(".side-tabs").get_by_role("button", name=tab).click()


def formula_box(page: Page, name: str) -> Locator:
    """Return where an expression is written: `formula`, `default` or `where`; its editor comes a moment after the page."""
    return page.locator(f"[data-formula={name}] [role=textbox]")


def write_formula(page: Page, name: str, text: str) -> None:
    """Write an expression in place of what stands in its box, by keys: what is marked otherwise is no more when its chips come."""
    formula_box(page, name).press("Control+a")
    if text == "":
        page.keyboard.press("Delete")
    else:
        page.keyboard.insert_text(text)


def formula_text(page: Page, name: str) -> str:
    """Return the text of an expression as it is stored: under a chip lies the key of its field."""
    box = formula_box(page, name)
    box.press("Control+a")
    box.press("Control+c")
    box.press("ArrowRight")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text
