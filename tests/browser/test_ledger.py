"""A ledger in a real browser: entries cannot be edited, and one is taken back once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import call, picture
from tests.workshop import element, entity, options, package

CheckAxe = Callable[[Page], None]
KEY = "browser_ledger"


def _entry(page: Page) -> str:
    """Return the address of a new entry of an app that is installed when it is not there."""
    if not any(app["key"] == KEY for app in page.request.get("/api/apps").json()["apps"]):
        stock = entity(
            "stock", "note", element("note", "text"), element("place", "choice", options=options("east", "west"), unique=True), element("on_hand", "number", scale=0),
        )  # fmt: skip
        move = entity(
            "move", "number",
            element("number", "sequence", pattern="M-{0000}", mode="gapless"), element("place", "choice", options=options("east", "west")),
            element("quantity", "number", scale=0), kind="ledger",
            projections=[{"key": "sums", "entity": "stock", "by": {"place": "place"}, "add": {"on_hand": "quantity"}}],
        )  # fmt: skip
        call(page, "POST", "/api/apps", {"package": package(KEY, stock, move), "demo": False})
    made = call(page, "POST", f"/api/apps/{KEY}/records/move", {"place": "east", "quantity": "5"})
    return f"/apps/{KEY}/records/move/{made['id']}"


@pytest.mark.parametrize("place", ["desk", "phone"])
def test_an_entry_is_taken_back_once(visit: Visit, check_axe: CheckAxe, place: str) -> None:
    with visit(is_phone=place == "phone") as page:
        page.goto(_entry(page))
        page.get_by_role("button", name="冲销", exact=True).click()
        dialog = page.get_by_role("alertdialog")
        expect(dialog).to_be_visible()
        picture(page, f"ledger-reverse-{place}")
        check_axe(page)
        for name in ("编辑", "删除"):
            expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
        first = page.url
        dialog.get_by_role("button", name="冲销", exact=True).click()
        page.wait_for_url(lambda url: url != first)
        expect(page.get_by_role("region").first).to_contain_text("-5")
        expect(page.get_by_role("button", name="冲销", exact=True)).to_have_count(0)
        picture(page, f"ledger-reversed-{place}")
