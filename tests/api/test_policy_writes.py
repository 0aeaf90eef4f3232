"""What cannot be got at by writing: changes that come with a transition, and values that one record shows and another does not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.browser import Browser, problem_of
from tests.workshop import Document, Shop, element, entity, label, package

APP = "shut_books"
PAGES = f"/api/apps/{APP}/records/page"
HIDDEN = "6000"
"""What some pages hide."""


def books() -> Document:
    """Return the app: pages that hide their salary, mood, stock, pin and what their lines buy for in some records, and roles that write them."""
    states = {
        "key": "state", "start": "draft", "states": [{"key": key, "name": label(key)} for key in ("draft", "asked", "filed")],
        "transitions": [
            {"key": "ask", "from": ["draft"], "to": "asked", "name": label("ask"), "set": {"asked_by": '"set by ask"'}},
            *({"key": key, "from": ["draft"], "to": "filed", "name": label(key), "set": {"asked_by": f'"set by {key}"'}} for key in ("file", "late")),
        ],
    }  # fmt: skip
    page = entity(
        "page", "name", element("name", "text"), element("owner", "reference", to="organization.user"), element("note", "text"), element("open", "boolean"),
        element("asked_by", "text"), element("code", "text"), element("badge", "text"),
        element("salary", "number"), element("mood", "text"), element("stock", "number", default="0", min_="0"), element("rank", "number"), element("pin", "secret"),
        element("lines", "lines", fields=[element("what", "text"), element("buys", "number")]), states=states,
        unique=[{"key": "code", "fields": ["code"]}, {"key": "badge", "fields": ["badge"]}],
    )  # fmt: skip
    entry = entity(
        "entry", "name", element("name", "text"), element("page", "reference", to="page"), element("note", "text"), element("amount", "number"),
        kind="ledger", negates=["amount"],
    )  # fmt: skip
    document = package(APP, page, entry)
    document["roles"] += [{"key": key, "name": label(key)} for key in ("asker", "leader", "maker", "clerk", "usher", "typist", "porter", "filer", "runner", "lister", "booker", "teller")]

    def shut(when: str) -> list[Document]:
        return [{"key": key, "level": "hidden", "when": when} for key in ("salary", "mood", "stock", "pin", "code", "lines.buys")]

    document["policies"] += [
        {"key": "asker_all", "role": "asker", "entity": "page", "actions": ["read", "bulk", "transition.ask"]},
        {"key": "asker_own", "role": "asker", "entity": "page", "actions": ["update"], "without": ["transition"], "rows": "own", "owner": "owner"},
        {"key": "leader_all", "role": "leader", "entity": "page", "actions": ["read", "transition.ask"]},
        {"key": "leader_below", "role": "leader", "entity": "page", "actions": ["update"], "without": ["transition"], "rows": "department", "owner": "owner"},
        {"key": "maker_all", "role": "maker", "entity": "page", "actions": ["create", "read", "transition.ask"]},
        {"key": "typist_all", "role": "typist", "entity": "page", "actions": ["create", "read", "update"]},
        {"key": "typist_not", "role": "typist", "entity": "page", "deny": True, "actions": ["transition.ask"], "rows": "own", "owner": "owner"},
        {"key": "porter_all", "role": "porter", "entity": "page", "actions": ["create", "read", "update"]},
        {"key": "porter_not", "role": "porter", "entity": "page", "deny": True, "actions": ["transition.ask"], "where": "NOT ISBLANK(owner.name)"},
        *({"key": f"{role}_all", "role": role, "entity": "page", "actions": ["create", "read", "update"]} for role in ("filer", "runner")),
        {"key": "filer_not", "role": "filer", "entity": "page", "deny": True, "actions": ["transition.file"], "rows": "own", "owner": "owner"},
        {"key": "runner_not", "role": "runner", "entity": "page", "deny": True, "actions": ["transition.file"], "where": "NOT ISBLANK(owner.name)"},
        *(
            {"key": f"{role}_{key}", "role": role, "entity": key, "actions": actions, "levels": [{"key": "note", "level": "read", "when": when}] if key == "entry" else []}
            for role, when in (("booker", 'page.name = "page"'), ("teller", 'name = "shut"')) for key, actions in (("page", ["read"]), ("entry", ["create", "read"]))
        ),
        {"key": "lister_all", "role": "lister", "entity": "page", "actions": ["create", "read", "update"], "without": ["transition.file"]},
        {"key": "clerk_all", "role": "clerk", "entity": "page", "actions": ["create", "read", "update"], "levels": [*shut("NOT open"), {"key": "badge", "level": "masked"}]},
        {"key": "usher_all", "role": "usher", "entity": "page", "actions": ["create", "read", "update"], "levels": shut("ISBLANK(owner.name)")},
    ]
    return document


@pytest.fixture(scope="module")
async def app(shop: Shop) -> AsyncIterator[Shop]:
    """Give the shop with the app: worker asks, reader leads the department they are in, other makes, guest is the clerk, manager the usher."""
    answer = await shop.install(books())
    assert answer.status_code == 201, answer.text
    here = (await shop.admin.post("/api/apps/organization/records/department", {"name": "Books"})).json()["id"]
    for who, role, department in (("worker", "asker", None), ("reader", "leader", here), ("other", "maker", None), ("guest", "clerk", None), ("manager", "usher", None)):
        await shop.give(who, f"{APP}.{role}", department=department)
    yield shop


async def shut(shop: Shop, **values: object) -> Document:
    """Return a page that shows neither the clerk nor the usher what it hides."""
    hidden = {"salary": HIDDEN, "mood": "bad", "stock": "7", "pin": "Tr0ub4dor", "lines": [{"what": "bolt", "buys": "4711"}]}
    return await made(shop, "manager", **{"owner": None, "open": False, **hidden, **values})


async def made(shop: Shop, who: str = "manager", **values: object) -> Document:
    """Return a page that the administrator made for somebody."""
    answer = await shop.admin.post(PAGES, {"name": "page", "owner": str(shop.tickets[who].user_id), **values})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def now(shop: Shop, page: Document) -> Document:
    """Return a page as it is."""
    return dict((await shop.admin.get(f"{PAGES}/{page['id']}")).json())


async def asks(browser: Browser, page: Document, **values: object) -> httpx.Response:
    """Take the transition of a page with values along."""
    return await browser.post(f"{PAGES}/{page['id']}/transitions/ask", values)


def told(answer: httpx.Response) -> list[str]:
    """Return what is wrong with a request, each with its place."""
    return sorted(f"{one['code']} {one['pointer']}" for one in problem_of(answer, 422, "record-invalid")["errors"])


@pytest.mark.parametrize("who", ["worker", "reader", "other"])
async def test_a_transition_brings_no_change_that_may_not_be_made(app: Shop, who: str) -> None:
    browser: Browser = getattr(app, who)
    page = await made(app)
    me = str(app.tickets[who].user_id)
    problem_of(await browser.ask("PATCH", f"{PAGES}/{page['id']}", {"note": "mine now", "owner": me}), 403, "access-denied")
    for values in ({"note": "mine now", "owner": me}, {"owner": me}, {"note": "mine now", "revision": 1}, {"state": "asked"}):
        problem_of(await asks(browser, page, **values), 403, "access-denied")
    assert (await now(app, page))["revision"] == 1
    asked = await asks(browser, page, revision=1)
    assert (asked.status_code, asked.json()["asked_by"]) == (200, "set by ask"), "what the transition itself sets is nobody's change"


async def test_a_transition_brings_changes_of_what_may_be_changed_before_and_after(app: Shop) -> None:
    for who, browser in (("worker", app.worker), ("reader", app.reader)):
        page = await made(app, who)
        problem_of(await asks(browser, page, owner=str(app.tickets["manager"].user_id)), 403, "access-denied")
        asked = await asks(browser, page, note="mine")
        assert (asked.status_code, asked.json()["note"], asked.json()["state"]) == (200, "mine", "asked"), asked.text


async def test_of_many_transitions_those_are_refused_that_bring_what_may_not_be_changed(app: Shop) -> None:
    mine, theirs, plain = await made(app, "worker"), await made(app), await made(app)
    changes = [{"action": "move", "id": one["id"], "transition": "ask", "values": {} if one is plain else {"note": "along"}} for one in (mine, theirs, plain)]
    answer = await app.worker.post(f"{PAGES}/bulk", {"changes": changes, "mode": "each"})
    assert answer.status_code == 200, answer.text
    assert [[one["code"] for one in result.get("errors", ())] for result in answer.json()["results"]] == [[], ["access-denied"], []]
    assert [(one["state"], one["note"]) for one in [await now(app, page) for page in (mine, theirs, plain)]] == [("asked", "along"), ("draft", None), ("asked", None)]


@pytest.mark.parametrize(("who", "role"), [("worker", "typist"), ("reader", "porter")], ids=["told by the record", "asked of others"])
async def test_a_state_that_is_sent_takes_no_transition_that_may_not_be_taken(app: Shop, who: str, role: str) -> None:
    browser: Browser = getattr(app, who)
    await app.give(who, f"{APP}.{role}")
    page, free = await made(app, who), await made(app, who, owner=None)
    path, asked, me = f"{PAGES}/{page['id']}", {"state": "asked"}, str(app.tickets[who].user_id)
    for answer in (
        await asks(browser, page), await browser.ask("PATCH", path, asked), await guarded(browser, {"id": page["id"], "set": asked}), await browser.post(PAGES, {"owner": me, **asked}),
        await browser.post(f"{PAGES}/upsert", {"by": ["id"], "values": {"id": page["id"], **asked}}), await browser.ask("PATCH", path, {**asked, "owner": None}),
    ):
        problem_of(answer, 403, "access-denied")
    changes = [{"action": "update", "id": one["id"], "values": asked} for one in (page, free)]
    results = (await browser.post(f"{PAGES}/bulk", {"changes": changes, "mode": "each"})).json()["results"]
    assert [[one["code"] for one in result.get("errors", ())] for result in results] == [["access-denied"], []]
    assert ((await now(app, page))["revision"], (await now(app, free))["asked_by"]) == (1, "set by ask")
    new = await browser.post(PAGES, {"owner": None, **asked})
    assert (new.status_code, new.json()["state"]) == (201, "asked"), new.text


@pytest.mark.parametrize(("who", "role"), [("worker", "filer"), ("reader", "runner"), ("other", "lister")], ids=["told by the record", "asked of others", "never"])
async def test_of_two_transitions_to_a_state_that_is_sent_the_one_is_taken_that_may_be(app: Shop, who: str, role: str) -> None:
    browser: Browser = getattr(app, who)
    await app.give(who, f"{APP}.{role}")
    mine, free = [await made(app, who) for _ in range(4)], await made(app, who, owner=None)
    sent = {"state": "filed"}
    for answer in (
        await browser.ask("PATCH", f"{PAGES}/{mine[0]['id']}", sent), await guarded(browser, {"id": mine[1]["id"], "set": sent}),
        await browser.post(f"{PAGES}/upsert", {"by": ["id"], "values": {"id": mine[2]["id"], **sent}}),
        await browser.post(f"{PAGES}/bulk", {"changes": [{"action": "update", "id": one["id"], "values": sent} for one in (mine[3], free)]}),
    ):
        assert answer.status_code in (200, 201), answer.text
    assert [(await now(app, one))["asked_by"] for one in (*mine, free)] == ["set by late"] * 4 + ["set by late" if role == "lister" else "set by file"]
    new = await browser.post(PAGES, {"owner": app.tickets[who].user_id, **sent})
    if role == "runner":
        problem_of(new, 403, "access-denied")  # what a new record says through others is known when it is there
    else:
        assert (new.status_code, new.json()["asked_by"]) == (201, "set by late"), new.text


@pytest.mark.parametrize(("who", "role"), [("worker", "teller"), ("reader", "booker")], ids=["told by the record", "asked of others"])
async def test_an_entry_is_taken_back_with_no_value_that_may_not_be_written(app: Shop, who: str, role: str) -> None:
    browser: Browser = getattr(app, who)
    await app.give(who, f"{APP}.{role}")
    entries = f"/api/apps/{APP}/records/entry"
    shut_page, open_page = await made(app, who), await made(app, who, name="another")
    for name, page, refused in (("shut", shut_page, True), ("open", open_page, False)):
        entry = await app.admin.post(entries, {"name": name, "page": page["id"], "amount": "5"})
        back = f"{entries}/{entry.json()['id']}/reverse"
        answer = await browser.post(back, {"note": "along"})
        assert (told(answer) if refused else answer.status_code) == (["record-field-read-only /note"] if refused else 201), answer.text
        assert (await browser.post(back, {})).status_code == (201 if refused else 422), "without it, it may be taken back, once"


WHO = pytest.mark.parametrize("who", ["guest", "manager"], ids=["told by the record", "asked of others"])


async def guarded(browser: Browser, *rows: Document, **body: object) -> httpx.Response:
    """Send guarded changes."""
    return await browser.post(f"{PAGES}/guarded", {"rows": list(rows), **body})


@WHO
async def test_guarded_changes_leave_alone_what_a_record_hides(app: Shop, who: str) -> None:
    browser, page, other = getattr(app, who), await shut(app), await shut(app, open=True, owner=str(app.tickets["guest"].user_id))
    one = page["id"]
    for key, row in (("salary", {"set": {"salary": "1"}}), ("salary", {"set": {"salary": HIDDEN}}), ("stock", {"add": {"stock": "1"}}), ("stock", {"add": {"stock": "-100000"}})):
        for mode in ("all", "granted") if "add" in row else ("all",):
            assert told(await guarded(browser, {"id": one, **row}, mode=mode)) == [f"record-field-read-only /rows/0/{key}"]
    assert told(await guarded(browser, {"id": other["id"], "add": {"stock": "1"}}, {"id": one, "add": {"stock": "1"}})) == ["record-field-read-only /rows/1/stock"]
    blank = await guarded(browser, {"id": one, "set": {"salary": None, "note": "as it is shown"}})
    assert blank.status_code == 200 and HIDDEN not in blank.text
    after = await now(app, page)
    assert (after["salary"], after["stock"], after["note"]) == (HIDDEN, "7", "as it is shown")
    assert (await guarded(browser, {"id": other["id"], "add": {"stock": "1"}, "set": {"salary": "5"}})).status_code == 200


@WHO
async def test_guards_of_requests_read_nothing_that_some_records_hide(app: Shop, who: str) -> None:
    browser, page = getattr(app, who), await shut(app)
    for row in ({"set": {"note": "x"}}, {"add": {"rank": "1"}}):
        answers = [await guarded(browser, {"id": page["id"], **row}, guard=words) for words in ("salary > 5999", "salary > 6001", "nothing_there > 1")]
        assert {told(answer)[0].rpartition(" ")[2] for answer in answers} == {"/guard"}
        assert len({answer.status_code for answer in answers}) == 1
    assert (await guarded(browser, {"id": page["id"], "add": {"rank": "1"}}, guard="rank >= 1")).status_code == 200


async def test_keys_of_guarded_changes_are_what_every_record_shows(app: Shop) -> None:
    await shut(app, code="c-1", badge="b-12345678")
    for key in ({"code": "c-1"}, {"code": "c-2"}, {"badge": "b-12345678"}, {"badge": "b-87654321"}):
        answer = await guarded(app.guest, {"key": key, "set": {"note": "found"}})
        assert {one.partition(" ")[0] for one in told(answer)} == {"record-field-unknown", "record-guarded-key"}, answer.text


async def test_guarded_changes_make_no_record_with_what_it_hides(app: Shop) -> None:
    for where in ({}, {"guard": "rank >= 0"}):
        row = {"key": {"badge": f"made-{len(where)}"}, "set": {"name": "n", "rank": "1", "salary": "1"}}
        assert told(await guarded(app.manager, row, create=True, **where)) == ["record-field-read-only /rows/0/salary"]


@WHO
async def test_a_conflict_tells_nothing_that_a_record_hides(app: Shop, who: str) -> None:
    browser, page = getattr(app, who), await shut(app)
    path = f"{PAGES}/{page['id']}"
    row = page["lines"][0]
    changed = await app.admin.ask("PATCH", path, {"salary": "6001", "lines": [{"id": row["id"], "what": "nut", "buys": "4712"}]})
    assert changed.status_code == 200
    for values, pointer in (({"salary": "1"}, "/salary"), ({"salary": HIDDEN}, "/salary"), ({"lines": [{"id": row["id"], "buys": "1"}]}, "/lines/buys")):
        for answer in (await browser.ask("PATCH", path, {**values, "revision": 1}), await browser.post(f"{PAGES}/preview", {"id": page["id"], "revision": 1, **values})):
            assert told(answer) == [f"record-field-read-only {pointer}"], answer.text
    late = await browser.ask("PATCH", path, {"lines": [{"id": row["id"], "what": "screw", "buys": None}], "revision": 1})
    conflict = problem_of(late, 409, "record-revision-conflict")["conflicts"]
    assert [(one["pointer"], one["was"], one["theirs"]) for one in conflict] == [("/lines/0/what", "bolt", "nut")]
    gone = await browser.ask("PATCH", path, {"lines": [], "revision": 1})
    assert problem_of(gone, 409, "record-revision-conflict")["conflicts"][0]["was"]["what"] == "bolt" and "471" not in gone.text
    opened = await app.admin.ask("PATCH", path, {"open": True, "owner": str(app.tickets["guest"].user_id)})
    assert opened.status_code == 200
    shown = problem_of(await browser.ask("PATCH", path, {"salary": "1", "revision": 1}), 409, "record-revision-conflict")["conflicts"]
    assert [(one["was"], one["theirs"]) for one in shown] == [(None, "6001")], "what it was it was while it was hidden"


@WHO
async def test_formulas_of_many_find_blank_what_a_record_hides(app: Shop, who: str) -> None:
    browser, page, other = getattr(app, who), await shut(app), await shut(app, open=True, owner=str(app.tickets["guest"].user_id))
    for formula, found in (("salary", [None, HIDDEN]), ("SUM(lines.buys)", ["0", "4711"]), ("IF(mood = \"bad\", 1, 2)", ["2", "1"])):
        changes = [{"action": "update", "id": one["id"], "values": {}, "formulas": {"rank": formula}} for one in (page, other)]
        answer = await browser.post(f"{PAGES}/bulk", {"changes": changes})
        assert answer.status_code == 200, answer.text
        assert [(await now(app, one))["rank"] for one in (page, other)] == found
    for mood in ("bad", "good"):
        changes = [{"action": "update", "id": page["id"], "values": {}, "formulas": {"mood": f'"{mood}"'}}]
        assert [one.partition(" ")[0] for one in told(await browser.post(f"{PAGES}/bulk", {"changes": changes}))] == ["record-field-read-only"]


@WHO
async def test_a_secret_is_revealed_where_the_record_shows_it(app: Shop, who: str) -> None:
    browser, page, other = getattr(app, who), await shut(app), await shut(app, open=True, owner=str(app.tickets["guest"].user_id))
    problem_of(await browser.post(f"{PAGES}/{page['id']}/reveal/pin"), 404, "record-secret-not-found")
    assert (await browser.post(f"{PAGES}/{other['id']}/reveal/pin")).json()["value"] == "Tr0ub4dor"


@WHO
async def test_who_guesses_a_hidden_value_learns_nothing(app: Shop, who: str) -> None:
    browser, page, blank = getattr(app, who), await shut(app), await shut(app, mood=None, lines=[{"what": "bolt"}])
    for one in (page, blank):
        path, row = f"{PAGES}/{one['id']}", one["lines"][0]["id"]
        for mood in ("bad", "good"):
            wrong = ["record-field-read-only /mood"]
            assert told(await browser.ask("PATCH", path, {"mood": mood})) == wrong
            assert told(await browser.post(f"{path}/transitions/ask", {"mood": mood})) == wrong
            assert told(await browser.post(f"{PAGES}/upsert", {"by": ["id"], "values": {"id": one["id"], "mood": mood}})) == wrong
        for buys in ("4711", "1"):
            wrong = ["record-field-read-only /lines/buys"]
            assert told(await browser.ask("PATCH", path, {"lines": [{"id": row, "buys": buys}]})) == wrong
            for by, refused in (("what", wrong), ("buys", ["record-line-key-unknown /lines_by/lines"])):
                found = {"id": one["id"], "lines": [{"what": "bolt", "buys": buys}]}
                assert told(await browser.post(f"{PAGES}/upsert", {"by": ["id"], "lines_by": {"lines": [by]}, "values": found})) == refused
        sent = await browser.ask("PATCH", path, {"mood": None, "salary": None, "lines": [{"id": row, "what": "nut", "buys": None}]})
        assert sent.status_code == 200, sent.text
    after = await now(app, page)
    assert (after["mood"], after["salary"], after["lines"][0]["what"], after["lines"][0]["buys"]) == ("bad", HIDDEN, "nut", "4711"), "blanks are as it is shown"


@WHO
async def test_no_record_is_found_by_a_value_that_it_hides(app: Shop, who: str) -> None:
    browser, page = getattr(app, who), await shut(app, code=f"hidden-{who}", note="before")
    row = page["lines"][0]
    for code in (f"hidden-{who}", f"other-{who}"):
        for sent in ({"values": {"code": code, "note": "after"}, "by": ["code"]}, {"values": {"id": page["id"], "lines": [{"what": row["what"]}]}, "by": ["id"], "lines_by": {"lines": ["buys"]}}):
            alone = told(await browser.post(f"{PAGES}/upsert", sent))
            assert alone == ["record-key-unknown /by" if "lines_by" not in sent else "record-line-key-unknown /lines_by/lines"], alone
            many = (await browser.post(f"{PAGES}/bulk", {"mode": "each", "changes": [{"action": "upsert", **sent}]})).json()
            assert [one["code"] for one in many["results"][0]["errors"]] == [one.partition(" ")[0] for one in alone], many
    assert (await now(app, page))["note"] == "before"
    found = await app.admin.post(f"{PAGES}/upsert", {"values": {"code": f"hidden-{who}", "note": "after"}, "by": ["code"]})
    assert found.json()["id"] == page["id"], "who sees it in every record finds it"
