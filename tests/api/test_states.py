"""States with guarded transitions: by what ways a record gets from one to another, what stands in its way, what a state locks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.workshop import Document, Shop, element, entity, label, package

RECORDS = "/api/apps/deals/records"
DEALS = f"{RECORDS}/deal"


def states(**others: Any) -> Document:  # noqa: ANN401
    """Return the states of a deal: from draft over sent to won or lost."""
    return {
        "key": "state", "start": "draft",
        "states": [
            {"key": "draft", "name": label("Draft"), "color": "grey"},
            {"key": "sent", "name": label("Sent"), "color": "blue", "read_only": True},
            {"key": "won", "name": label("Won"), "color": "green", "read_only": True, "can_delete": False},
            {"key": "lost"},
        ],
        "transitions": [
            {"key": "send", "name": label("Send"), "from": ["draft"], "to": "sent", "when": "total > 0", "message": label("Nothing to send"),
             "set": {"sent_on": "TODAY()", "sent_total": "ROUND(total / 3, 4)", "sent_by": "CURRENTUSER()"}},
            {"key": "win", "name": label("Win"), "from": ["sent"], "to": "won", "when": "ISBLANK(partner.limit) OR total <= partner.limit"},
            {"key": "favour", "name": label("Favour"), "from": ["sent"], "to": "won", "when": "remark = \"friend\"", "set": {"code": '"F"'}},
            {"key": "reopen", "name": label("Reopen"), "from": ["sent", "lost"], "to": "draft", "set": {"sent_on": "NULL"},
             "confirm": label("Really?")},
            {"key": "lose", "name": label("Lose"), "from": ["draft", "sent"], "to": "lost", "when": "COUNT(@deal[state = \"lost\"]) < 2"},
            {"key": "split", "name": label("Split"), "from": ["lost"], "to": "sent", "set": {"sent_total": "100 / (total - total)"}},
        ],
        **others,
    }  # fmt: skip


def deals() -> Document:
    """Return an app of deals."""
    rows = element("rows", "lines", fields=[element("text", "text"), element("amount", "money")])
    deal = entity(
        "deal", "name",
        element("name", "text", required=True), element("partner", "reference", to="partner"), element("remark", "text"),
        element("code", "text", read_only=True), element("sent_on", "date", read_only=True), element("sent_total", "money", read_only=True),
        element("sent_by", "reference", to="organization.user", read_only=True), rows,
        element("total", "money", formula="SUM(rows.amount)"),
        states=states(),
    )  # fmt: skip
    partner = entity("partner", "name", element("name", "text"), element("limit", "money"))
    view = {"key": "deals", "kind": "list", "entity": "deal", "name": label("Deals"), "columns": [{"key": "name"}, {"key": "state"}]}
    return package("deals", partner, deal, views=[view])


@pytest.fixture(scope="module")
async def traded(shop: Shop) -> AsyncIterator[Shop]:
    """Return the site with the deals installed by the administrator."""
    made = await shop.install(deals())
    assert made.status_code == 201, made.text
    yield shop


async def deal(shop: Shop, *amounts: str, **values: object) -> Document:
    made = await shop.admin.post(DEALS, {"name": "deal", "rows": [{"amount": amount} for amount in amounts], **values})
    assert made.status_code == 201, made.text
    return dict(made.json())


async def take(shop: Shop, record: Document, key: str, **values: object) -> Document:
    answer = await shop.admin.post(f"{DEALS}/{record['id']}/transitions/{key}", values)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_record_begins_in_the_first_state_and_moves_by_its_transitions(traded: Shop) -> None:
    made = await deal(traded)
    assert (made["state"], made["transitions"]) == ("draft", ["lose"])
    priced = (await traded.admin.ask("PATCH", f"{DEALS}/{made['id']}", {"rows": [{"amount": "100"}]})).json()
    assert priced["transitions"] == ["send", "lose"]
    sent = await take(traded, made, "send", revision=priced["revision"])
    assert (sent["state"], sent["sent_total"], sent["sent_by"]) == ("sent", "33.33", traded.tickets["admin"].user_id)
    assert sent["sent_on"] and sent["transitions"] == ["win", "reopen", "lose"]
    assert (await traded.admin.get(f"{DEALS}/{made['id']}")).json()["transitions"] == ["win", "reopen", "lose"]
    assert (await take(traded, made, "reopen"))["sent_on"] is None
    listed = (await traded.admin.get(f'{DEALS}?filter=state="draft"&fields=state')).json()["records"]
    assert made["id"] in [found["id"] for found in listed]
    found = await traded.database.fetch(
        "SELECT action, changes::json #>> '{state,0}' AS was, changes::json #>> '{state,1}' AS now"
        " FROM dougong.history WHERE record_id = $1 AND changes::text LIKE '%state%' ORDER BY revision", made["id"],
    )  # fmt: skip
    moves = [(row["was"], row["now"]) for row in found if row["action"] == "update"]
    assert moves == [("draft", "sent"), ("sent", "draft")]
    changes = (await traded.admin.get(f"{DEALS}/{made['id']}/history")).json()["changes"]
    assert [one["transition"] for one in changes] == ["reopen", "send", None, None]
    assert [one["field"] for one in changes[0]["fields"]] == ["sent_on", "state"]
    then = await traded.admin.get(f"{DEALS}/{made['id']}?revision=3")
    assert (then.json()["state"], "state__transition" in then.json()) == ("sent", False)


async def test_a_state_that_is_sent_is_a_transition_that_leads_there(traded: Shop) -> None:
    made = await deal(traded, "9", state="sent")
    assert (made["state"], made["sent_total"]) == ("sent", "3")
    same = (await traded.admin.ask("PATCH", f"{DEALS}/{made['id']}", {"state": "sent"})).json()
    assert (same["state"], same["revision"]) == ("sent", 2)
    partner = (await traded.admin.post(f"{RECORDS}/partner", {"name": "small", "limit": "5"})).json()["id"]
    other = await deal(traded, "9", partner=partner, remark="friend")
    won = await take(traded, await take(traded, other, "send"), "favour")
    assert (won["state"], won["code"]) == ("won", "F")
    third = await take(traded, await deal(traded, "9", partner=partner, remark="friend"), "send")
    assert third["transitions"] == ["favour", "reopen", "lose"]
    # The first way is shut, the second open.
    won = (await traded.admin.ask("PATCH", f"{DEALS}/{third['id']}", {"state": "won"})).json()
    assert (won["state"], won["code"]) == ("won", "F")
    (last, *_) = (await traded.admin.get(f"{DEALS}/{third['id']}/history")).json()["changes"]
    assert (last["channel"], last["transition"]) == ("api", "favour")


async def test_values_come_along_with_a_transition_and_are_judged_with_it(traded: Shop) -> None:
    made = await deal(traded)
    sent = await take(traded, made, "send", rows=[{"amount": "3"}], remark="at once")
    assert (sent["state"], sent["total"], sent["remark"]) == ("sent", "3", "at once")
    back = await take(traded, sent, "reopen", remark="once more")
    assert (back["state"], back["remark"]) == ("draft", "once more")


async def test_what_stands_in_the_way_is_told(traded: Shop) -> None:
    made = await deal(traded)
    path = f"{DEALS}/{made['id']}"
    way = f"{path}/transitions"
    await refused(traded, traded.admin, "POST", f"{way}/send", {}, 422, "record-invalid", ("record-transition-guard", "/state"),
                  zh="Nothing to send（中）", en="Nothing to send")  # fmt: skip
    await refused(traded, traded.admin, "POST", f"{way}/win", {}, 422, "record-invalid", ("record-transition-none", "/state"),
                  zh="Send（中）、Lose（中）", en="Send, Lose")  # fmt: skip
    await refused(traded, traded.admin, "PATCH", path, {"state": "won"}, 422, "record-invalid", ("record-transition-none", "/state"))
    await refused(traded, traded.admin, "PATCH", path, {"state": None}, 422, "record-invalid", ("record-transition-none", "/state"), en="blank")
    await refused(traded, traded.admin, "PATCH", path, {"state": "gone"}, 422, "record-invalid", ("record-option-unknown", "/state"))
    await refused(traded, traded.admin, "POST", DEALS, {"name": "x", "state": "won"}, 422, "record-invalid", ("record-transition-none", "/state"))
    await refused(traded, traded.admin, "POST", f"{way}/fly", {}, 404, "record-transition-not-found", en="fly")
    await refused(traded, traded.admin, "POST", f"{way}/lose", {"revision": 7}, 409, "record-revision-conflict")
    await refused(traded, traded.admin, "POST", f"{way}/lose", {"name": None}, 422, "record-invalid", ("record-required", "/name"))
    partner = (await traded.admin.post(f"{RECORDS}/partner", {"name": "small", "limit": "5"})).json()["id"]
    sent = await deal(traded, "9", state="sent", partner=partner)
    await refused(traded, traded.admin, "POST", f"{DEALS}/{sent['id']}/transitions/win", {}, 422, "record-invalid",
                  ("record-transition-refused", "/state"), en="Win")  # fmt: skip


async def test_many_records_take_a_transition_at_once(traded: Shop) -> None:
    first, second, empty = await deal(traded, "9", remark="crowd"), await deal(traded, "6", remark="crowd"), await deal(traded, remark="crowd")
    ids = [one["id"] for one in (first, second, empty)]

    async def opens(body: Document) -> tuple[int, dict[str, int]]:
        """Return how many records are asked about, and for how many each transition is open, if for any."""
        answer = (await traded.admin.post(f"{DEALS}/transitions", body)).json()
        return answer["records"], {one["key"]: one["open"] for one in answer["transitions"] if one["open"]}

    async def bulk(body: Document) -> tuple[int, list[Any]]:
        """Return how many records were changed, and the codes and pointers of those that were not."""
        answer = await traded.admin.post(f"{DEALS}/bulk", body)
        assert answer.status_code == 200, answer.text
        refusals = [one for one in answer.json()["results"] if "errors" in one]
        return answer.json()["saved"], [(one["id"], error["code"], error["pointer"]) for one in refusals for error in one["errors"]]

    crowd = {"filter": 'remark = "crowd"'}
    for asked in ({"ids": [*ids, ids[0]]}, crowd):
        assert await opens(asked) == (3, {"send": 2, "lose": 3})
    assert await opens({"ids": [ids[0], str(uuid4())]}) == (2, {"send": 1, "lose": 1})
    send = [{"action": "move", "id": one, "transition": "send"} for one in ids]
    await refused(traded, traded.admin, "POST", f"{DEALS}/bulk", {"changes": send}, 422, "record-invalid",
                  ("record-transition-guard", "/changes/2/values/state"))  # fmt: skip
    assert await opens(crowd) == (3, {"send": 2, "lose": 3})
    assert await bulk({"mode": "each", "changes": send}) == (2, [(empty["id"], "record-transition-guard", "/changes/2/values/state")])
    assert await opens(crowd) == (3, {"win": 2, "reopen": 2, "lose": 3})
    history = (await traded.admin.get(f"{DEALS}/{first['id']}/history")).json()["changes"]
    assert (history[0]["transition"], history[0]["channel"]) == ("send", "bulk")
    # Each of them could be lost, but no more than two are: those that come first.
    gone = await bulk({"mode": "each", **crowd, "action": "move", "transition": "lose"})
    assert gone == (2, [(empty["id"], "record-transition-refused", f"/records/{empty['id']}/state")])
    again = {"filter": 'state = "lost"', "action": "move", "transition": "reopen", "values": {"remark": "back"}}
    assert await bulk(again) == (2, [])
    assert (await traded.admin.get(f"{DEALS}/{second['id']}")).json()["remark"] == "back"
    assert (await traded.admin.post(f"{RECORDS}/partner/transitions", {"ids": []})).json() == {"records": 0, "transitions": []}


async def test_who_may_not_see_or_change_records_is_offered_nothing_for_them(traded: Shop) -> None:
    made = await deal(traded, "9")
    body = {"ids": [made["id"]]}
    await refused(traded, traded.guest, "POST", f"{DEALS}/transitions", body, 404, "app-not-found")
    wrong: list[tuple[Document, tuple[str, str]]] = [
        ({}, ("request-records-form", "/ids")), ({**body, "filter": "TRUE"}, ("request-records-form", "/ids")),
        ({"ids": ["x"]}, ("request-value-wrong-type", "/ids/0")), ({"ids": [], "sort": "id"}, ("request-value-unknown", "/sort")),
    ]  # fmt: skip
    for sent, place in wrong:
        await refused(traded, traded.admin, "POST", f"{DEALS}/transitions", sent, 422, "request-invalid", place)
    await refused(traded, traded.admin, "POST", f"{DEALS}/bulk", {"filter": "TRUE", "action": "move"}, 422, "request-invalid",
                  ("request-value-missing", "/transition"))  # fmt: skip
    fly = {"changes": [{"action": "move", "id": made["id"], "transition": "fly"}]}
    await refused(traded, traded.admin, "POST", f"{DEALS}/bulk", fly, 422, "record-invalid", ("record-transition-not-found", "/changes/0"))


async def test_a_guard_may_ask_other_records_and_a_value_that_fails_stops_the_transition(traded: Shop) -> None:
    first, second = await deal(traded), await deal(traded)
    lost = await take(traded, first, "lose")
    assert lost["transitions"] == ["reopen", "split"]
    await take(traded, second, "lose")
    third = await deal(traded)
    assert third["transitions"] == []
    await refused(traded, traded.admin, "POST", f"{DEALS}/{third['id']}/transitions/lose", {}, 422, "record-invalid",
                  ("record-transition-refused", "/state"))  # fmt: skip
    await refused(traded, traded.admin, "POST", f"{DEALS}/{first['id']}/transitions/split", {}, 422, "record-invalid",
                  ("record-transition-value", "/sent_total"), en="DIV0")  # fmt: skip


async def test_a_state_locks_its_records(traded: Shop) -> None:
    sent = await deal(traded, "9", state="sent")
    path = f"{DEALS}/{sent['id']}"
    await refused(traded, traded.admin, "PATCH", path, {"remark": "x", "rows": []}, 422, "record-invalid",
                  ("record-state-read-only", "/remark"), ("record-state-read-only", "/rows"), en="Sent")  # fmt: skip
    same = await traded.admin.ask("PATCH", path, {"name": "deal", "rows": [{"id": sent["rows"][0]["id"], "amount": "9.00"}]})
    assert same.status_code == 200
    await refused(traded, traded.admin, "POST", f"{path}/transitions/win", {"remark": "x"}, 422, "record-invalid",
                  ("record-state-read-only", "/remark"))  # fmt: skip
    won = await take(traded, sent, "win")
    await refused(traded, traded.admin, "DELETE", f"{path}?revision={won['revision']}", None, 422, "record-invalid",
                  ("record-state-kept", "/state"), en="Won")  # fmt: skip
    await refused(traded, traded.admin, "PATCH", path, {"state": "draft"}, 422, "record-invalid", ("record-transition-end", "/state"))
    other = await deal(traded, "9", state="sent")
    assert (await traded.admin.ask("DELETE", f"{DEALS}/{other['id']}")).status_code == 204


async def test_the_model_and_a_preview_show_states(traded: Shop) -> None:
    model = (await traded.admin.get("/api/apps/deals/model")).json()
    shown = next(found for found in model["entities"] if found["key"] == "deal")["states"]
    assert [state["key"] for state in shown["states"]] == ["draft", "sent", "won", "lost"]
    assert shown["states"][3]["name"] == {"zh-CN": "lost", "en": "lost"}
    reopen = next(found for found in shown["transitions"] if found["key"] == "reopen")
    assert (reopen["from"], reopen["to"], reopen["confirm"]) == (["sent", "lost"], "draft", label("Really?"))
    assert (await traded.admin.post(f"{DEALS}/preview", {"name": "x"})).json()["state"] == "draft"


async def test_records_from_before_get_the_first_state(traded: Shop) -> None:
    plain = package("plain", entity("card", "name", element("name", "text")))
    assert (await traded.install(plain)).status_code == 201
    made = (await traded.admin.post("/api/apps/plain/records/card", {"name": "old"})).json()
    way = {"key": "state", "start": "open", "states": [{"key": "open"}, {"key": "shut"}], "transitions": [
        {"key": "shut", "from": ["open"], "to": "shut"}]}  # fmt: skip
    plain["entities"][0]["states"] = way
    published = await traded.publish(plain)
    assert published.status_code == 201, published.text
    path = f"/api/apps/plain/records/card/{made['id']}"
    assert (await traded.admin.get(path)).json()["state"] == "open"
    shut = (await traded.admin.post(f"{path}/transitions/shut", {})).json()
    assert (shut["state"], shut["transitions"]) == ("shut", [])


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"start": "none"}, "definition-state-unknown", "start"),
        ({"transitions": [{"key": "a", "from": ["none"], "to": "sent"}]}, "definition-state-unknown", "transitions/a/from"),
        ({"transitions": [{"key": "a", "from": ["draft"], "to": "none"}]}, "definition-state-unknown", "transitions/a/to"),
        ({"transitions": [{"key": "a", "from": ["draft"], "to": "sent"}] * 2}, "definition-key-taken", "transitions/a"),
        ({"transitions": [{"key": "a", "from": ["draft"], "to": "sent", "set": {"none": "1"}}]}, "definition-field-unknown", "transitions/a/set/none"),
        ({"transitions": [{"key": "a", "from": ["draft"], "to": "sent", "set": {"total": "1"}}]}, "definition-transition-field", "transitions/a/set/total"),
        ({"transitions": [{"key": "a", "from": ["draft"], "to": "sent", "set": {"sent_total": "COUNT(@deal)"}}]}, "definition-formula-no-entity",
         "transitions/a/set/sent_total"),
        ({"transitions": [{"key": "a", "from": ["draft"], "to": "sent", "when": "total"}]}, "definition-formula-type", "transitions/a/when"),
        ({"key": "name"}, "definition-key-taken", "/entities/deal/fields/name"),
    ],
    ids=["start", "from", "to", "twice", "set-unknown", "set-computed", "set-asks", "guard-type", "key-of-a-field"],
)  # fmt: skip
async def test_states_that_make_no_sense_are_told_at_publish(traded: Shop, change: Document, code: str, pointer: str) -> None:
    document = deals()
    document["entities"][1]["states"] = states(**change)
    answer = await traded.publish(document)
    found = {(item["code"], item["pointer"]) for item in problem_of(answer, 422, "definition-invalid")["errors"]}
    assert (code, pointer if pointer.startswith("/") else f"/entities/deal/states/{pointer}") in found
