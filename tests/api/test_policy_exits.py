"""What policies hide comes out by no way around: neither by words, by the check of a sheet, by trying a formula nor by taking back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.browser import Browser
from tests.workshop import Document, Shop, element, entity, label, package

APP = "files"
CASES = f"/api/apps/{APP}/records/case"
USERS = "/api/apps/organization/records/user"


def files() -> Document:
    """Return the app: cases with texts that some see in some records only, or never."""
    case = entity(
        "case", "name", element("name", "text", required=True), element("kind", "text"), element("inside", "text"), element("never", "text"),
        search=["name", "inside", "never"],
    )  # fmt: skip
    document = package(APP, case)
    document["roles"] += [{"key": "clerk", "name": label("Clerk")}]
    levels = [{"key": "inside", "level": "read", "when": 'kind = "open"'}, {"key": "name", "level": "read"}]
    document["policies"] += [{"key": "clerk_case", "role": "clerk", "entity": "case", "actions": ["read"], "others": "hidden", "levels": levels}]
    return document


@pytest.fixture(scope="module")
async def app(shop: Shop) -> AsyncIterator[Shop]:
    """Give the shop with the app installed, `worker` being a clerk."""
    answer = await shop.install(files())
    assert answer.status_code == 201, answer.text
    await given(shop, "worker", f"{APP}.clerk")
    yield shop


async def given(shop: Shop, who: str, *roles: str) -> None:
    """Give somebody just these roles beside being a member."""
    ids = [row["id"] for row in await shop.database.fetch("SELECT id FROM app_organization.role WHERE key = ANY($1)", ["organization.member", *roles])]
    answer = await shop.admin.ask("PATCH", f"{USERS}/{shop.tickets[who].user_id}", {"roles": [{"role": str(one)} for one in ids]})
    assert answer.status_code == 200, answer.text


async def made(shop: Shop, path: str, **values: object) -> Document:
    """Return a record that the administrator made."""
    answer = await shop.admin.post(path, values)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def found(browser: Browser, words: str) -> list[str]:
    """Return the names of the cases that words find; in lists, groups and the search through every app they are the same."""
    asked = httpx.QueryParams({"search": words, "sort": "name"})
    listed = await browser.get(f"{CASES}?{asked}")
    groups = await browser.get(f"{CASES}/groups?{httpx.QueryParams({'search': words, 'by': 'name', 'measures': 'COUNT()'})}")
    hits = await browser.get(f"/api/search?{httpx.QueryParams({'text': words})}")
    assert {listed.status_code, groups.status_code, hits.status_code} == {200}, (listed.text, groups.text, hits.text)
    names = [one["name"] for one in listed.json()["records"]]
    assert sorted(hit["title"] for hit in hits.json()["hits"]) == names and len(groups.json()["groups"]) == len(names), (hits.text, groups.text)
    return names


@pytest.mark.parametrize("word", ["li", "lim", "zu", "z", "lima", "lima zulu", "中", "中文", "zw"])
async def test_words_find_no_text_that_is_hidden_in_a_record(app: Shop, word: str) -> None:
    for name, kind in (("open case", "open"), ("shut case", "shut")):
        await made(app, CASES, name=f"{name} {word.encode().hex()}00", kind=kind, inside="lima zulu 中文", never="")
        await made(app, CASES, name=f"{name} never {word.encode().hex()}00", kind=kind, inside="", never="lima zulu 中文")
    ours = f" {word.encode().hex()}00"
    for browser, names in ((app.worker, ["open case"]), (app.admin, ["open case", "open case never", "shut case", "shut case never"])):
        assert await found(browser, f"{word}{ours}") == sorted(f"{name}{ours}" for name in names), word
