"""Gestures of several people on one draft: carried out side by side, conflicts told by element, a log that leads to the document."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest

from dougong.model.command_json import commands_of
from dougong.model.commands import ABSENT, Refused, apply_all, find, find_list, invert_all, same
from tests.api.browser import Browser, problem_of
from tests.workshop import Document, Shop, workshop

DRAFT = "/api/apps/workshop/draft"
ORDER = "/entities/order"
FIELDS = f"{ORDER}/fields"


def sets(at: str, value: object = ABSENT, previous: object = ABSENT) -> Document:
    """Return a command that sets a property."""
    parts = {"value": value, "previous": previous}
    return {"kind": "set", "at": at, **{name: part for name, part in parts.items() if part is not ABSENT}}


def inserts(at: str, element: Document, before: str | None = None) -> Document:
    """Return a command that puts an element into a list."""
    return {"kind": "insert", "to": {"list": at, "before": before}, "element": element}


def removes(at: str, element: Document, before: str | None = None) -> Document:
    """Return a command that takes an element out of a list."""
    return {"kind": "remove", "from": {"list": at, "before": before}, "element": element}


def moves(at: str, key: str, before: str | None) -> Document:
    """Return a command that moves an element within its list."""
    return {"kind": "move", "key": key, "from": {"list": at, "before": None}, "to": {"list": at, "before": before}}


def gesture(*commands: Document, **others: object) -> Document:
    """Return a gesture with an id of its own."""
    return {"id": str(uuid4()), "label": {"message": "entry.test"}, "commands": list(commands), **others}


async def send(browser: Browser, revision: int, *gestures: Document) -> Document:
    """Return the answer to gestures made on a revision."""
    answer = await browser.post(f"{DRAFT}/commands", {"revision": revision, "gestures": list(gestures)})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def read(browser: Browser) -> Document:
    """Return the draft."""
    return dict((await browser.get(DRAFT)).json())


@pytest.fixture
async def start(shop: Shop) -> AsyncIterator[int]:
    """Return the revision of a draft nobody has changed, and leave none behind."""
    yield int((await read(shop.admin))["revision"])
    assert (await shop.admin.ask("DELETE", DRAFT)).status_code == 204


async def test_two_people_on_different_elements(shop: Shop, start: int) -> None:
    """Both are carried out though the second knows nothing of the first; each is told what the other did, once."""
    icon = find(workshop(), "/icon")
    mine = gesture(sets(f"{FIELDS}/total/help", {"en": "All of it"}))
    first = await send(shop.admin, start, mine)
    assert (first["revision"], first["conflicts"], first["reread"]) == (start + 1, [], False)
    theirs = gesture(sets("/icon", "hammer", icon), inserts(FIELDS, {"key": "x_more", "kind": "text", "name": {"en": "More"}}, "gone"))
    second = await send(shop.manager, start, theirs)
    assert [one["id"] for one in second["gestures"]] == [mine["id"], theirs["id"]]
    assert (second["gestures"][0]["actor"]["id"], second["revision"]) == (shop.tickets["admin"].user_id, start + 2)
    assert second["gestures"][1]["commands"][1]["to"]["before"] is None
    document = (await read(shop.admin))["document"]
    assert find(document, f"{FIELDS}/total/help") == {"en": "All of it"}
    assert (document["icon"], find(document, FIELDS)[-1]["key"]) == ("hammer", "x_more")
    heard = (await shop.admin.post(f"{DRAFT}/presence", {"revision": first["revision"]})).json()
    assert [one["id"] for one in heard["gestures"]] == [theirs["id"]]
    assert heard["gestures"][0]["text"] == {"zh-CN": "修改：应用：图标等 2 处", "en": "Changed: App: icon and 1 more"}


async def test_what_both_changed_is_told_element_by_element(shop: Shop, start: int) -> None:
    """The gesture that came later is left out whole; the rest of what was sent is carried out."""
    total = find(workshop(), f"{FIELDS}/total")
    note = find(workshop(), FIELDS)[-1]
    theirs = gesture(
        sets(f"{FIELDS}/total/name/en", "Sum", total["name"]["en"]), removes(FIELDS, note), sets(f"{FIELDS}/total/help", {"en": "Theirs"}),
        moves(FIELDS, "maker", None), inserts(FIELDS, {"key": "x_new", "kind": "text", "name": {"en": "New"}}),
    )  # fmt: skip
    await send(shop.manager, start, theirs)
    mine = [
        gesture(sets(f"{FIELDS}/total/name/en", "Amount", total["name"]["en"]), sets(f"{FIELDS}/total/name/zh-CN", "金额", total["name"]["zh-CN"])),
        gesture(sets(f"{FIELDS}/{note['key']}/help", {"en": "Mine"})),
        gesture(removes(FIELDS, total)),
        gesture(inserts(FIELDS, {"key": "x_new", "kind": "number", "name": {"en": "Mine"}})),
        gesture(moves(FIELDS, "maker", "total")),
        gesture(sets(f"{FIELDS}/total/help", {"en": "Theirs"})),
        gesture(sets(f"{FIELDS}/maker/help", {"en": "Kept"})),
    ]
    answer = await send(shop.admin, start, *mine)
    found = [(one["gesture"], one["pointer"], one["reason"]) for one in answer["conflicts"]]
    assert found == [
        (mine[0]["id"], f"{FIELDS}/total/name/en", "changed"), (mine[1]["id"], f"{FIELDS}/{note['key']}/help", "missing"),
        (mine[2]["id"], f"{FIELDS}/total", "changed"), (mine[3]["id"], f"{FIELDS}/x_new", "taken"), (mine[4]["id"], f"{FIELDS}/maker", "changed"),
    ]  # fmt: skip
    first, _, _, taken, _ = answer["conflicts"]
    assert (first["theirs"], first["mine"]) == ("Sum", "Amount")
    assert first["by"] == {"id": shop.tickets["manager"].user_id, "name": "manager"} and first["at"]
    assert first["text"]["en"].startswith("Entity “") and first["text"]["en"].endswith("field “Sum”: label")
    assert (taken["theirs"]["kind"], taken["mine"]["kind"]) == ("text", "number")
    document = (await read(shop.admin))["document"]
    assert find(document, f"{FIELDS}/total/name") == {**total["name"], "en": "Sum"}
    assert find(document, f"{FIELDS}/maker/help") == {"en": "Kept"}
    # On what is there now the same wish is nobody's conflict.
    again = await send(shop.admin, answer["revision"], gesture(sets(f"{FIELDS}/total/name/en", "Amount", "Sum"), moves(FIELDS, "maker", "total")))
    assert again["conflicts"] == []


async def test_what_is_sent_twice_is_done_once(shop: Shop, start: int) -> None:
    """A lost answer does no harm, nor do two tabs that send at the same moment."""
    first, second = gesture(sets("/icon", "a", find(workshop(), "/icon"))), gesture(sets("/icon", "b", "a"))
    one = await send(shop.admin, start, first)
    both = await send(shop.admin, start, first, second)
    assert (both["conflicts"], [g["id"] for g in both["gestures"]], both["revision"]) == ([], [first["id"], second["id"]], one["revision"] + 1)
    again = await send(shop.admin, start, first, second)
    assert (again["revision"], again["conflicts"]) == (both["revision"], [])
    field = gesture(inserts(FIELDS, {"key": "x_once", "kind": "text", "name": {"en": "Once"}}))
    answers = await asyncio.gather(*(send(shop.admin, start, field) for _ in range(6)))
    assert {answer["revision"] for answer in answers} == {both["revision"] + 1}
    assert [answer["conflicts"] for answer in answers] == [[]] * 6
    nothing = await send(shop.manager, both["revision"] + 1, gesture(sets("/icon", "b", "whatever")))
    assert (nothing["revision"], nothing["gestures"], nothing["conflicts"]) == (both["revision"] + 1, [], [])


async def test_labels_become_keys_in_what_was_sent_alone(shop: Shop, start: int) -> None:
    document = workshop()
    lines = f"{FIELDS}/lines/fields"
    quantity = find(document, f"{lines}/quantity/name/zh-CN")
    before = find(document, f"{lines}/amount/formula")
    sent = gesture(sets(f"{lines}/amount/formula", f"{{{quantity}}}＋1", before))
    answer = await send(shop.admin, start, sent)
    assert answer["gestures"][0]["commands"] == [sets(f"{lines}/amount/formula", "quantity+1", before)]
    # Who has not heard of it goes on from the label.
    answer = await send(shop.admin, start, sent, gesture(sets(f"{lines}/amount/formula", f"{{{quantity}}} + 2", f"{{{quantity}}}＋1")))
    assert answer["conflicts"] == []
    assert find((await read(shop.admin))["document"], f"{lines}/amount/formula") == "quantity + 2"


async def test_the_log_is_kept(shop: Shop, start: int) -> None:
    """Who did what when, in words, page by page; what is undone; it stays readable when the draft is gone."""
    one, two = gesture(sets("/icon", "one", find(workshop(), "/icon"))), gesture(sets("/icon", "two", "one"))
    await send(shop.admin, start, one, two)
    back = gesture(sets("/icon", "one", "two"), undoes=[two["id"]])
    answer = await send(shop.manager, start + 1, back)
    page = (await shop.admin.get(f"{DRAFT}/gestures?chapter=present&limit=2")).json()
    assert [(g["id"], g["actor"]["name"], g["undone"]) for g in page["gestures"]] == [(back["id"], "manager", False), (two["id"], page["gestures"][1]["actor"]["name"], True)]
    rest = (await shop.admin.get(f"{DRAFT}/gestures?chapter=present&limit=2&before={page['next']}")).json()
    assert ([g["id"] for g in rest["gestures"]], rest["next"], rest["gestures"][0]["undone"]) == ([one["id"]], None, False)
    assert rest["gestures"][0]["text"] == {"zh-CN": "修改：应用：图标", "en": "Changed: App: icon"}
    mine = (await shop.manager.get(f"{DRAFT}/gestures?whose=mine&chapter=present")).json()["gestures"]
    assert ([g["id"] for g in mine], mine[0]["undoes"]) == ([back["id"]], [two["id"]])
    again = gesture(sets("/icon", "two", "one"), undoes=[back["id"]])
    await send(shop.manager, answer["revision"], again)
    undone = {g["id"]: g["undone"] for g in (await shop.admin.get(f"{DRAFT}/gestures?chapter=present")).json()["gestures"]}
    assert undone == {one["id"]: False, two["id"]: False, back["id"]: True, again["id"]: False}

    published = await shop.admin.post("/api/apps/workshop/versions", {"revision": answer["revision"] + 1, "note": ""})
    assert published.status_code == 201, published.text
    assert (await shop.admin.get(f"{DRAFT}/gestures?chapter=present")).json()["gestures"] == []
    lines = (await shop.admin.get(f"{DRAFT}/gestures?limit=3")).json()["gestures"]
    version = published.json()["version"]
    assert [(g["kind"], g["ended"], g["version"]) for g in lines] == [("published", "published", version)] + [("edit", "published", version)] * 2
    assert lines[0]["text"]["en"] == f"Published as version {version}"
    # Who was away meanwhile reads the draft again; what nobody touched is carried out all the same.
    late = await send(shop.admin, start, gesture(sets(f"{FIELDS}/total/help", {"en": "Late"})))
    assert (late["reread"], late["gestures"], late["conflicts"], late["base_version"]) == (True, [], [], version)
    assert (await shop.admin.ask("DELETE", DRAFT)).status_code == 204
    last = (await shop.admin.get(f"{DRAFT}/gestures?limit=2")).json()["gestures"]
    assert [(g["kind"], g["ended"]) for g in last] == [("discarded", "discarded"), ("edit", "discarded")]


async def test_a_draft_saved_whole_is_in_the_log(shop: Shop, start: int) -> None:
    whole: Any = deepcopy((await read(shop.admin))["document"])
    fields = next(one for one in whole["entities"] if one["key"] == "order")["fields"]
    fields.insert(0, fields.pop())
    fields[0]["help"] = {"en": "Whole"}
    kept = (await shop.admin.ask("PUT", DRAFT, {"revision": start, "document": whole})).json()
    heard = (await shop.manager.post(f"{DRAFT}/presence", {"revision": start})).json()
    (line,) = heard["gestures"]
    assert [command["kind"] for command in line["commands"]] == ["move", "set"]
    answer = await send(shop.manager, start, gesture(sets(f"{FIELDS}/{fields[0]['key']}/help", {"en": "Mine"})))
    assert (answer["revision"], answer["conflicts"][0]["theirs"], answer["conflicts"][0]["by"]["id"]) == (
        kept["revision"], {"en": "Whole"}, shop.tickets["admin"].user_id,
    )  # fmt: skip
    odd = (await shop.admin.ask("PUT", DRAFT, {"revision": kept["revision"], "document": {**whole, "a/b": 1}})).json()
    heard = (await shop.manager.post(f"{DRAFT}/presence", {"revision": start})).json()
    assert (heard["reread"], heard["gestures"], heard["revision"]) == (True, [], odd["revision"])


async def test_problems_are_told_by_element_and_are_always_those_of_now(shop: Shop, start: int) -> None:
    assert (await shop.admin.get(f"{DRAFT}/problems")).json() == {"revision": start, "count": 0, "elements": []}
    title, formula = find(workshop(), f"{ORDER}/title"), find(workshop(), f"{FIELDS}/third/formula")
    wrong = gesture(sets(f"{ORDER}/title", "gone", title), sets(f"{FIELDS}/third/formula", "1 /", formula), sets(f"{FIELDS}/third/help", 7))
    answer = await send(shop.admin, start, wrong)
    # What has the wrong shape hides what only a model could say.
    found = (await shop.admin.get(f"{DRAFT}/problems")).json()
    assert [(one["pointer"], [issue["code"] for issue in one["issues"]]) for one in found["elements"]] == [(f"{FIELDS}/third", ["definition-shape"])]
    answer = await send(shop.admin, answer["revision"], gesture(sets(f"{FIELDS}/third/help", previous=7)))
    found = await asyncio.gather(*(shop.admin.get(f"{DRAFT}/problems") for _ in range(4)))
    assert len({one.text for one in found}) == 1
    problems = found[0].json()
    assert (problems["revision"], problems["count"]) == (answer["revision"], 2)
    assert {one["pointer"]: one["text"]["en"] for one in problems["elements"]} == {
        ORDER: "Entity “order”", f"{FIELDS}/third": "Entity “order” › field “third”",
    }  # fmt: skip
    assert {issue["pointer"] for one in problems["elements"] for issue in one["issues"]} == {f"{ORDER}/title", f"{FIELDS}/third/formula"}


async def test_who_has_the_draft_open(shop: Shop, start: int) -> None:
    async def editors(browser: Browser, **others: object) -> list[str]:
        answer = (await browser.post(f"{DRAFT}/presence", {"revision": start, **others})).json()
        return [one["id"] for one in answer["editors"]]

    admin, manager = shop.tickets["admin"].user_id, shop.tickets["manager"].user_id
    await editors(shop.admin)
    assert set(await editors(shop.manager)) == {admin, manager}
    assert set(await editors(shop.admin, leaves=True)) == {manager}
    assert await editors(shop.manager, leaves=True) == []


async def test_a_key_that_was_published_meanwhile_is_fixed(shop: Shop, start: int) -> None:
    """Who knows the field as unpublished gives it no other key: that would take the field and its values away."""
    place = {"list": FIELDS, "before": None}
    field = {"key": "x_key", "kind": "text", "name": {"en": "Key"}}
    answer = await send(shop.admin, start, gesture({"kind": "insert", "to": place, "element": field}))
    known = answer["revision"]
    rename = gesture({"kind": "remove", "from": place, "element": field}, {"kind": "insert", "to": place, "element": {**field, "key": "x_other"}})
    assert (await shop.manager.post("/api/apps/workshop/versions", {"revision": known, "note": ""})).status_code == 201
    answer = await send(shop.admin, known, rename)
    (conflict,) = answer["conflicts"]
    assert (conflict["pointer"], conflict["reason"], conflict["by"]["name"]) == (f"{FIELDS}/x_key", "published", "manager")
    # Who knows that it is published takes the one away and adds the other, and is told so before it is published.
    answer = await send(shop.admin, answer["revision"], gesture(*rename["commands"]))
    assert answer["conflicts"] == []
    told = (await shop.admin.get(f"{DRAFT}/changes")).json()
    assert {(note["pointer"], note["kind"]) for note in told["changes"]} == {(f"{FIELDS}/x_key", "removed"), (f"{FIELDS}/x_other", "added")}
    (warning,) = told["warnings"]
    assert (warning["code"], warning["pointer"]) == ("definition-key-renamed", f"{FIELDS}/x_other")
    assert all("x_key" in warning["message"][language] and "x_other" in warning["message"][language] for language in ("zh-CN", "en"))


async def test_what_is_no_gesture_is_refused(shop: Shop, start: int) -> None:
    good = gesture(sets("/icon", "x"))
    at = "gestures[0].commands[0]"
    for wrong, field in (
        ({**good, "commands": []}, "gestures[0].commands"), ({**good, "id": "one"}, "gestures[0].id"),
        ({**good, "commands": [{"kind": "turn"}]}, at), ({**good, "commands": [sets("icon", "x")]}, f"{at}.at"),
        ({**good, "commands": [sets("", "x")]}, f"{at}.at"), ({**good, "commands": [inserts(FIELDS, {"kind": "text"})]}, f"{at}.element"),
        ({**good, "commands": [inserts(FIELDS, {"key": "a/b"})]}, f"{at}.element"),
        ({**good, "commands": [sets("/icon", 10**30)]}, f"{at}.value"), ({**good, "commands": [inserts(FIELDS, {"key": "a", "scale": 10**30})]}, f"{at}.element"), ({**good, "commands": [{**moves(FIELDS, "maker", None), "by": 1}]}, f"{at}.by"),
    ):  # fmt: skip
        problem = problem_of(await shop.admin.post(f"{DRAFT}/commands", {"revision": start, "gestures": [wrong]}), 422, "request-invalid")
        assert problem["errors"][0]["field"] == field, (problem["errors"], wrong)
    problem_of(await shop.admin.post(f"{DRAFT}/commands", {"revision": start, "gestures": []}), 422, "request-invalid")
    problem = problem_of(await shop.admin.ask("PUT", DRAFT, {"revision": start, "document": {"icon": 10**30}}), 422, "request-invalid")
    assert problem["errors"][0]["field"] == "document"
    problem_of(await shop.admin.post(f"{DRAFT}/commands", {"revision": start + 1, "gestures": [good]}), 409, "definition-draft-conflict")
    key = gesture(sets(f"{FIELDS}/total/key", "sum", "total"))
    assert (await send(shop.admin, start, key))["conflicts"][0]["reason"] == "key-of-element"
    assert (await read(shop.admin))["revision"] == start


async def test_a_thousand_commands_of_two_people(shop: Shop, start: int) -> None:
    """Whatever two people do at once, the log leads from the first document to the last, and back."""
    chance = random.Random(5)
    base = (await read(shop.admin))["document"]

    async def work(browser: Browser, name: str) -> None:
        known, revision = base, start
        for turn in range(10):
            gestures = []
            local = known
            for step in range(50):
                command = _random_command(chance, local, f"{name}{turn}_{step}")
                after = apply_all(local, commands_of([command]))
                if not isinstance(after, Refused):
                    gestures.append(gesture(command))
                    local = after
            answer = await send(browser, revision, *gestures)
            followed = apply_all(known, [c for one in answer["gestures"] for c in commands_of(one["commands"])])
            assert not isinstance(followed, Refused)
            known, revision = followed, answer["revision"]

    await asyncio.gather(work(shop.admin, "a"), work(shop.manager, "m"))
    document = (await read(shop.admin))["document"]
    lines: list[Document] = []
    following: int | None = None
    while not lines or following is not None:
        page = (await shop.admin.get(f"{DRAFT}/gestures?chapter=present&limit=500" + (f"&before={following}" if following else ""))).json()
        lines, following = [*lines, *page["gestures"]], page["next"]
    assert len(lines) > 300
    commands = [command for line in reversed(lines) for command in commands_of(line["commands"])]
    there = apply_all(base, commands)
    assert not isinstance(there, Refused) and same(there, document)
    back = apply_all(document, invert_all(commands))
    assert not isinstance(back, Refused) and same(back, base)


def _random_command(chance: random.Random, document: Document, name: str) -> Document:
    lists = ["/views", "/forms", FIELDS, "/entities/thing/fields", "/entities/maker/fields"]
    at = chance.choice(lists)
    elements = find_list(document, at) or []
    element = chance.choice(elements) if elements else {"key": "none"}
    place = {"list": at, "before": chance.choice([None, *(one["key"] for one in elements)])}
    what = chance.random()
    if what < 0.25:
        return {"kind": "insert", "to": place, "element": {"key": f"n{name}", "name": {"en": name}}}
    if what < 0.4:
        return {"kind": "remove", "from": {"list": at, "before": None}, "element": element}
    if what < 0.65:
        return {"kind": "move", "key": element["key"], "from": {"list": at, "before": None}, "to": place}
    at = f"{at}/{element['key']}/{chance.choice(['help', 'name/en', 'formula'])}"
    return sets(at, chance.choice([f"1 + {len(name)}", name, ABSENT]), find(document, at))
