"""Trying an expression while it is written: what it gives for a saved record, in the rights of whoever asks, and nothing written."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from engines.expression.error_words import ERROR_WORDS
from engines.expression.functions import FUNCTIONS
from engines.values.value_types import ERROR_CODES
from tests.api.browser import Browser, problem_of
from tests.workshop import ALL, Document, Shop, element, entity, label, package

pytestmark = pytest.mark.anyio

TRY = "/api/apps/trials/expressions/value"
RECORDS = "/api/apps/trials/records"


def trials() -> Document:
    """Return an app with a planner, who designs it, keeps jobs of their own and knows no client."""
    client = entity("client", "name", element("name", "text"), element("worth", "money"))
    parts = element("parts", "lines", fields=[element("what", "text"), element("cost", "money"), element("client", "reference", to="client")])
    job = entity(
        "job", "name",
        element("name", "text"),
        element("hours", "number", scale=2),
        element("on", "date"),
        element("client", "reference", to="client"),
        element("owner", "reference", to="organization.user"),
        parts,
        element("total", "money", formula="SUM(parts.cost)"),
        element("share", "number", scale=4, formula="total / hours"),
    )  # fmt: skip
    document = package("trials", client, job)
    document["roles"].append({"key": "planner", "name": label("Planner"), "may": ["design"]})
    document["policies"].append({"key": "planner_job", "role": "planner", "entity": "job", "actions": ALL, "rows": "own"})
    return document


@pytest.fixture(scope="module")
async def trying(shop: Shop) -> tuple[Shop, dict[str, str]]:
    """Return the site with the app, the worker a planner in it, and the ids of a job of the administrator's, its row and its client."""
    installed = await shop.install(trials())
    assert installed.status_code == 201, installed.text
    role = await shop.database.fetchval("SELECT id FROM app_organization.role WHERE key = 'trials.planner'")
    path = f"/api/apps/organization/records/user/{shop.tickets['worker'].user_id}"
    roles = (await shop.admin.get(path)).json()["roles"]
    given = [{"id": row["id"], "role": row["role"]} for row in roles] + [{"role": str(role)}]
    changed = await shop.admin.ask("PATCH", path, {"roles": given})
    assert changed.status_code == 200, changed.text
    client = await _made(shop.admin, "client", name="Acme", worth="900")
    job = await _made(
        shop.admin, "job", name="Roof", hours="4", on="2026-01-31", client=client["id"], owner=shop.tickets["worker"].user_id,
        parts=[{"what": "tile", "cost": "70.5", "client": client["id"]}, {"what": "nail", "cost": "2"}],
    )  # fmt: skip
    return shop, {"job": job["id"], "row": job["parts"][1]["id"], "client": client["id"]}


async def _made(browser: Browser, kind: str, **values: object) -> dict[str, Any]:
    answer = await browser.post(f"{RECORDS}/{kind}", values)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def tried(browser: Browser, text: str, record: str, kind: str = "job", use: str = "default", **others: object) -> dict[str, Any]:
    """Return the answer of a trial whose text is sound."""
    answer = await browser.post(TRY, {"text": text, "entity": kind, "use": use, "record": record, **others})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert found["issues"] == [], text
    return found


Trying = tuple[Shop, dict[str, str]]


async def test_values_of_a_record(trying: Trying) -> None:
    shop, ids = trying
    given: dict[tuple[str, str, str], object] = {
        ("SUM(parts, cost * 2)", "job", "formula"): "145",
        ("total / 7", "job", "formula"): "10.35714285714285714286",
        ("name & \"!\"", "job", "formula"): "Roof!",
        ("hours > 3", "job", "formula"): True,
        ("EDATE(on, 1)", "job", "default"): "2026-02-28",
        ("NULL", "job", "formula"): None,
        ("RMBUPPER(total)", "job", "formula"): "柒拾贰元伍角整",
        ("COUNT(@client[worth > 100])", "job", "default"): "1",
        ('LOOKUP(@client, name = parent.name & "x", worth)', "job", "default"): None,
        ("client.worth >= total", "job", "rule"): True,
        ("CHANGED(hours)", "job", "rule"): False,
        ("created_by = CURRENTUSER()", "job", "rule"): True,
        ("DEPTPATH(CURRENTUSER().department)", "job", "default"): None,
        ("cost / parent.hours", "job.parts", "formula"): "0.5",
        ("parent.name & what", "job.parts", "formula"): "Roofnail",
        ("worth > 100 AND name = \"Acme\"", "client", "where"): True,
        ("COUNT(@job[client = parent.id]) > 1", "client", "where"): False,
        ("client.worth = 900", "job", "condition"): True,
        ('name = "worker" AND ISBLANK(department.manager.name)', "organization.user", "where"): True,
        ('ANY(roles, role.key = "trials.planner")', "organization.user", "where"): True,
    }
    places = {"job": ids["job"], "job.parts": ids["row"], "client": ids["client"], "organization.user": shop.tickets["worker"].user_id}
    for (text, kind, use), expected in given.items():
        found = await tried(shop.admin, text, places[kind], kind, use)
        assert (found["value"], found["error"], found["unpublished"]) == (expected, None, []), (text, found)


async def test_every_example_of_a_function_can_be_tried(trying: Trying) -> None:
    shop, ids = trying
    examples = [text for row in FUNCTIONS.values() for text, _ in row.examples]
    assert len(examples) > 200
    for text in examples:
        for use, written in (("default", text), ("filter", f"ISBLANK({text})")):
            answer = await shop.admin.post(TRY, {"text": written, "entity": "job", "use": use, "record": ids["job"]})
            assert answer.status_code == 200, (written, answer.text)


async def test_lists_and_long_texts_are_shortened_and_records_have_titles(trying: Trying) -> None:
    shop, ids = trying
    found = await tried(shop.admin, "parts.what", ids["job"])
    assert (found["type"], found["value"], found["count"]) == ("list<text>", ["tile", "nail"], 2)
    found = await tried(shop.admin, 'SPLIT(REPT("a,", 99), ",")', ids["job"])
    assert (len(found["value"]), found["count"]) == (20, 100)
    found = await tried(shop.admin, 'REPT("é", 900)', ids["job"])
    assert (len(found["value"]), found["count"]) == (500, 900)
    found = await tried(shop.admin, "client", ids["job"])
    assert (found["value"], found["titles"]) == (ids["client"], {ids["client"]: "Acme"})
    found = await tried(shop.admin, "owner", ids["job"])
    assert found["titles"] == {shop.tickets["worker"].user_id: "worker"}


async def test_an_error_is_told_in_words(trying: Trying) -> None:
    shop, ids = trying
    found = await tried(shop.admin, "hours / (total - 72.5)", ids["job"], use="formula")
    assert (found["value"], found["error"], found["explanation"]) == (None, "DIV0", dict(ERROR_WORDS["DIV0"]))
    job = await _made(shop.admin, "job", name="No hours", parts=[{"cost": "1"}])
    assert (await tried(shop.admin, "share + 1", job["id"], use="formula"))["error"] == "DIV0", "it failed when it was saved"
    assert (await tried(shop.admin, "IFERROR(share, 5)", job["id"], use="formula"))["value"] == "5"
    assert (await tried(shop.admin, "share > 1", job["id"], use="filter"))["error"] == "DIV0"
    assert (await tried(shop.admin, 'SEQ("A-{0000}") <> ""', ids["job"], use="condition"))["error"] == "DENIED"
    assert set(ERROR_WORDS) == set(ERROR_CODES)


async def test_what_takes_too_long_ends_as_a_limit(trying: Trying) -> None:
    shop, ids = trying
    async with shop.database.transaction():
        await shop.database.execute("LOCK TABLE app_trials.client IN ACCESS EXCLUSIVE MODE")
        assert (await tried(shop.admin, "COUNT(@client)", ids["job"]))["error"] == "LIMIT"
    assert (await tried(shop.admin, "COUNT(@client)", ids["job"]))["value"] == "1"
    assert (await tried(shop.admin, 'REPT("a", 2000000)', ids["job"]))["error"] == "LIMIT"


async def test_what_one_may_not_read_is_blank_and_records_of_others_are_not_there(trying: Trying) -> None:
    shop, ids = trying
    mine = await _made(shop.admin, "job", name="Shed", hours="1", client=ids["client"])
    await shop.database.execute("UPDATE app_trials.job SET created_by = $1 WHERE id = $2", shop.tickets["worker"].user_id, mine["id"])
    for text, use, theirs, owners in (
        ("client.worth = 900", "condition", False, True),
        ("client.worth > 1", "rule", False, True),
        ("client.worth > 1", "filter", False, True),
        ("COUNT(@client)", "default", "0", "1"),
        ("COUNT(@job) > 1", "rule", False, True),
        ("hours", "formula", "1", "1"),
    ):
        assert (await tried(shop.worker, text, mine["id"], use=use))["value"] == theirs, text
        assert (await tried(shop.admin, text, mine["id"], use=use))["value"] == owners, text
    assert (await tried(shop.worker, "client", mine["id"]))["titles"] == {}
    for kind, record in (("job", ids["job"]), ("job.parts", ids["row"]), ("job.parts", ids["job"])):
        for use in ("default", "filter"):
            body = {"text": "1 = 1", "entity": kind, "use": use, "record": record}
            problem_of(await shop.worker.post(TRY, body), 404, "record-not-found")
    problem_of(await shop.worker.post(TRY, {"text": "1", "entity": "client", "use": "default", "record": ids["client"]}), 403, "access-denied")


async def test_what_is_not_published_is_blank_and_said_so(trying: Trying) -> None:
    shop, ids = trying
    draft = (await shop.admin.get("/api/apps/trials/draft")).json()
    document = copy.deepcopy(draft["document"])
    client, job = document["entities"][:2]
    client["fields"].append(element("x_level", "number"))
    job["fields"] += [element("x_rate", "number"), element("x_who", "reference", to="client")]
    job["fields"].append(element("x_rows", "lines", fields=[element("x_cost", "money")]))
    document["entities"].append(entity("x_depot", "name", element("name", "text")))
    kept = await shop.admin.ask("PUT", "/api/apps/trials/draft", {"revision": draft["revision"], "document": document})
    assert kept.status_code == 200, kept.text
    for text, use, value, names in (
        ("hours + x_rate", "formula", "4", ["x_rate"]),
        ("SUM(x_rows.x_cost) + hours", "formula", "4", ["x_rows", "x_cost"]),
        ("x_who.worth > 1", "rule", False, ["x_who"]),
        ("client.x_level + 1 = 1", "rule", True, ["x_level"]),
        ("COUNT(@client[ISBLANK(x_level)])", "default", "1", ["x_level"]),
        ("ISBLANK(x_rate) AND hours = 4", "filter", True, ["x_rate"]),
    ):
        found = await tried(shop.admin, text, ids["job"], use=use)
        assert (found["value"], found["error"], found["is_known"]) == (value, None, True), (text, found)
        assert [name["key"] for name in found["unpublished"]] == names
    for text, use in (("COUNT(@x_depot)", "default"), ("COUNT(x_rows) > 1", "filter")):
        found = await tried(shop.admin, text, ids["job"], use=use)
        assert (found["value"], found["is_known"]) == (None, False), (text, found)
    body = {"text": "1", "entity": "x_depot", "use": "default", "record": ids["job"]}
    problem_of(await shop.admin.post(TRY, body), 404, "record-entity-not-found")


async def test_what_cannot_be_tried_is_refused_and_nothing_is_ever_written(trying: Trying) -> None:
    shop, ids = trying
    before = await shop.counts()
    body = {"text": "UUID()", "entity": "job", "use": "default", "record": ids["job"]}
    assert len((await tried(shop.admin, "UUID()", ids["job"]))["value"]) == 36
    wrong = (await shop.admin.post(TRY, {**body, "text": "hours +"})).json()
    assert [issue["code"] for issue in wrong["issues"]] == ["expression-expected-value-at-end"]
    assert (wrong["type"], wrong["value"]) == (None, None)
    problem_of(await shop.guest.post(TRY, body), 404, "app-not-found")
    problem_of(await shop.admin.post(TRY, {**body, "entity": "nothing"}), 404, "record-entity-not-found")
    for changed in ({"record": "1"}, {"use": "anything"}, {"use": None}, {"record": None}, {"position": 1}):
        problem_of(await shop.admin.post(TRY, {**body, **changed}), 422, "request-invalid")
    assert await shop.counts() == before


async def test_what_a_designer_may_not_read_is_not_tried(trying: Trying) -> None:
    shop, _ = trying
    part = element("parts", "lines", fields=[element("what", "text"), element("cost", "money")])
    pay = entity("pay", "name", element("name", "text"), element("kind", "text"), element("salary", "money"), element("never", "money"), element("boss", "reference", to="pay"), part)
    document = package("pays", pay)
    document["roles"].append({"key": "planner", "name": label("Planner"), "may": ["design"]})
    shown = [{"key": key, "level": "read"} for key in ("name", "boss")]
    some = [{"key": key, "level": "read", "when": 'kind = "open"'} for key in ("salary", "parts.cost")]
    every = [{"key": key, "level": "read"} for key in ("parts", "parts.what")]
    policy = {"role": "planner", "entity": "pay", "actions": ["read"], "where": 'kind <> "away"', "others": "hidden", "levels": [*shown, *some, *every]}
    document["policies"].append({"key": "planner_pay", **policy})
    assert (await shop.install(document)).status_code == 201
    role = await shop.database.fetchval("SELECT id FROM app_organization.role WHERE key = 'pays.planner'")
    path = f"/api/apps/organization/records/user/{shop.tickets['reader'].user_id}"
    roles = [{"id": row["id"], "role": row["role"]} for row in (await shop.admin.get(path)).json()["roles"]]
    assert (await shop.admin.ask("PATCH", path, {"roles": [*roles, {"role": str(role)}]})).status_code == 200

    async def made(**values: object) -> dict[str, Any]:
        answer = await shop.admin.post("/api/apps/pays/records/pay", {"salary": "77", "never": "88", "parts": [{"what": "a", "cost": "99"}], **values})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    away = await made(name="away", kind="away")
    shut = await made(name="shut", kind="shut", boss=away["id"])
    opened = await made(name="open", kind="open", boss=shut["id"])

    async def value(browser: Browser, text: str, record: str, use: str) -> tuple[bool, object]:
        answer = await browser.post("/api/apps/pays/expressions/value", {"text": text, "entity": "pay", "use": use, "record": record})
        assert answer.status_code == 200 and answer.json()["issues"] == [], answer.text
        return answer.json()["is_known"], answer.json()["value"]

    hidden = ["never", "never + 1", "SUM(@pay.never)", "boss.never", "kind", "COUNT(@pay[never > 1])"]
    for use in ("formula", "default", "rule"):
        for text in (one for one in hidden if use == "rule" or "boss" not in one and (use == "default" or "@" not in one)):
            asked = text if use != "rule" else f"NOT ISBLANK({text})"
            assert await value(shop.reader, asked, opened["id"], use) == (False, None), (text, use)
        for text, in_open, in_shut in (("salary", "77", None), ("salary + 1", "78", "1"), ("SUM(parts.cost)", "99", "0"), ("SUM(@pay.salary)", "77", "77")):
            if use == "rule" or (use == "formula" and "@" in text):
                continue
            assert await value(shop.reader, text, opened["id"], use) == (True, in_open), (text, use)
            assert await value(shop.reader, text, shut["id"], use) == (True, in_shut), (text, use)
            assert (await value(shop.admin, text, shut["id"], use))[1] not in (None, in_shut)
    problem_of(await shop.reader.post("/api/apps/pays/expressions/value", {"text": "name", "entity": "pay", "use": "default", "record": away["id"]}), 404, "record-not-found")
