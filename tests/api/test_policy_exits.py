"""What policies hide comes out by no way around: neither by words, by the check of a sheet, by trying a formula nor by taking back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.browser import Browser
from tests.workshop import Document, Shop, element, entity, label, package

APP = "files"
CASES = f"/api/apps/{APP}/records/case"
DEALS = f"/api/apps/{APP}/records/deal"


def files() -> Document:
    """Return the app: cases with texts that some see in some records only, or never."""
    case = entity(
        "case", "name", element("name", "text", required=True), element("kind", "text"), element("inside", "text"), element("never", "text"),
        element("told", "text", formula='never & "!"', discloses=True),
        search=["name", "inside", "never"],
    )  # fmt: skip
    states = {
        "key": "state", "start": "new", "states": [{"key": key, "name": label(key)} for key in ("new", "asked")],
        "transitions": [{"key": "ask", "name": label("Ask"), "from": ["new"], "to": "asked"}, {"key": "back", "name": label("Back"), "from": ["asked"], "to": "new"}],
    }
    deal = entity("deal", "name", element("name", "text"), states=states)
    document = package(APP, case, deal)
    document["roles"] += [{"key": "clerk", "name": label("Clerk")}]
    levels = [{"key": "inside", "level": "read", "when": 'kind = "open"'}, {"key": "name", "level": "read"}, {"key": "told", "level": "read"}]
    document["policies"] += [{"key": "clerk_case", "role": "clerk", "entity": "case", "actions": ["read"], "others": "hidden", "levels": levels}]
    document["roles"] += [{"key": key, "name": label(key)} for key in ("asker", "backer", "guest")]
    asking: Document = {"entity": "deal", "actions": ["read", "update", "transition.ask"], "without": ["transition.back"]}
    document["policies"] += [{"key": f"{role}_deal", "role": role, **asking} for role in ("asker", "backer")]
    document["policies"].append({"key": "backer_back", "role": "backer", "entity": "deal", "actions": ["transition.back"], "where": 'name = "mine"'})
    document["policies"].append({"key": "guest_shared", "role": "guest", "entity": "deal", "actions": ["read", "update"], "rows": "shared"})
    document["policies"].append({"key": "manager_share", "role": "manager", "entity": "deal", "actions": ["share"]})
    return document


@pytest.fixture(scope="module")
async def app(shop: Shop) -> AsyncIterator[Shop]:
    """Give the shop with the app installed, `worker` being a clerk."""
    answer = await shop.install(files())
    assert answer.status_code == 201, answer.text
    await shop.give("worker", f"{APP}.clerk")
    yield shop


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


@pytest.mark.parametrize(("who", "role", "name", "is_open"), [("other", "asker", "mine", False), ("reader", "backer", "mine", True), ("reader", "backer", "theirs", False)])
async def test_a_state_is_taken_back_by_whoever_may_take_it_back(app: Shop, who: str, role: str, name: str, is_open: bool) -> None:
    await app.give(who, f"{APP}.{role}")
    browser: Browser = getattr(app, who)
    deal = await made(app, DEALS, name=name)
    asked = await browser.post(f"{DEALS}/{deal['id']}/transitions/ask", {})
    assert asked.status_code == 200, asked.text
    sets = (await browser.get(f"/api/apps/{APP}/change-sets")).json()["change_sets"]
    undone = await browser.post(f"/api/apps/{APP}/change-sets/{sets[0]['id']}/undo", {})
    assert undone.status_code == 200, undone.text
    assert (await app.admin.get(f"{DEALS}/{deal['id']}")).json()["state"] == ("new" if is_open else "asked")
    left = undone.json()["left"]
    assert ([] if is_open else ["access-denied"]) == [error["code"] for one in left for error in one["errors"]], undone.text
    assert (await browser.post(f"{DEALS}/{deal['id']}/transitions/ask", {})).status_code == (200 if is_open else 422)
    sent = await browser.ask("PATCH", f"{DEALS}/{deal['id']}", {"state": "new"})
    assert sent.status_code == (200 if is_open else 403), sent.text


async def test_an_explanation_names_no_field_that_is_hidden(app: Shop) -> None:
    case = await made(app, CASES, name="explained", kind="shut", never="secret")
    told = await app.worker.get(f"{CASES}/{case['id']}/explain/told")
    assert (told.status_code, told.json()["value"], told.json()["formula"]) == (200, "secret!", "") and "never" not in told.text.lower(), told.text
    assert (await app.admin.get(f"{CASES}/{case['id']}/explain/told")).json()["inputs"][0]["value"] == "secret"


@pytest.mark.parametrize(("field", "count"), [("name", 1), ("inside", 0), ("never", 0)])
async def test_history_tells_no_change_of_a_field_that_is_hidden(app: Shop, field: str, count: int) -> None:
    case = await made(app, CASES, name="before", kind="shut", inside="before", never="before")
    changed = await app.admin.ask("PATCH", f"{CASES}/{case['id']}", {field: "after"})
    assert changed.status_code == 200, changed.text
    for browser, expected in ((app.worker, count), (app.admin, 1)):
        changes = (await browser.get(f"{CASES}/{case['id']}/history?field={field}")).json()["changes"]
        assert [one["action"] for one in changes] == ["update"] * expected + ["create"], changes


@pytest.mark.parametrize("may_update", [False, True])
async def test_an_explanation_holds_an_action_against_the_condition_it_has(app: Shop, may_update: bool) -> None:
    await app.give("other", f"{APP}.guest")
    me, deal = app.tickets["other"].user_id, await made(app, DEALS, name="shared")
    shared = await app.admin.post(f"{DEALS}/{deal['id']}/shares", {"to_user": me, "may_update": may_update})
    assert shared.status_code == 201, shared.text
    for action, holds in (("read", True), ("update", may_update)):
        asked = httpx.QueryParams({"entity": "deal", "id": deal["id"], "action": action, "user": me})
        told = (await app.admin.get(f"/api/apps/{APP}/access/explain?{asked}")).json()
        assert (told["verdict"], [one["holds"] for one in told["policies"]]) == ("yes" if holds else "no", [holds]), told
