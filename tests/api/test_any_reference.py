"""Fields that point to a record of one of several entities: values, refusals, deletion, history, rules, filters, files and publishing over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from dougong.open_site import open_site
from dougong.settings import read_settings
from dougong.store.empty_trash import empty_trash
from tests.refusal import refused
from tests.sheets import xlsx
from tests.workshop import Shop, element, entity, label, package, with_fields

APP = "/api/apps/desk/records"
AMONG = ["customer", "lead", "organization.user"]


def desk() -> dict[str, Any]:
    """Return an app whose visits, and whose visits' steps, are about customers, leads or people; a worker reads own customers only."""
    customer = entity("customer", "code", element("code", "text", required=True), element("level", "number", scale=0), element("near", "any_reference", to=["lead"]))
    lead = entity("lead", "name", element("name", "text"))
    visit = entity(
        "visit", "name",
        element("name", "text"),
        element("subject", "any_reference", to=AMONG),
        element("other", "any_reference", to=["lead", "customer"]),
        element("about", "text", formula='IF(ISBLANK(subject), "none", subject.entity)'),
        element("same", "boolean", formula="subject = other"),
        element("level", "number", scale=0, formula="subject.customer.level", virtual=True),
        element("customer", "reference", to="customer"),
        element("near", "any_reference", to=["lead"], copy_from="customer.near"),
        element("steps", "lines", fields=[element("target", "any_reference", to=["customer", "lead"]), element("note", "text")]),
        element("leads", "number", scale=0, formula='COUNT(steps[target.entity = "lead"])'),
        rules=[{"key": "high", "check": "NOT (subject.customer.level >= 9)", "at": "subject", "message": label("Too high")}],
    )  # fmt: skip
    document = package("desk", customer, lead, visit)
    document["roles"].append({"key": "worker", "name": label("worker")})
    document["policies"] += [
        {"key": "worker_visit", "role": "worker", "entity": "visit", "actions": ["create", "read", "update"], "rows": "all"},
        {"key": "worker_customer", "role": "worker", "entity": "customer", "actions": ["read"], "rows": "own"},
    ]
    return document


@pytest.fixture(scope="module")
async def made(shop: Shop) -> AsyncIterator[Shop]:
    installed = await shop.install(desk())
    assert installed.status_code == 201, installed.text
    yield shop


async def create(shop: Shop, kind: str, **values: object) -> dict[str, Any]:
    answer = await shop.admin.post(f"{APP}/{kind}", values)
    assert answer.status_code == 201, answer.text
    record: dict[str, Any] = answer.json()
    return record


def to(kind: str, record: dict[str, Any]) -> dict[str, str]:
    """Return the value that points to a record."""
    return {"entity": kind, "id": record["id"]}


async def found(shop: Shop, text: str, kind: str = "visit") -> list[str]:
    page = await shop.admin.get(f"{APP}/{kind}?{httpx.QueryParams({'filter': text, 'fields': 'name', 'sort': 'name'})}")
    assert page.status_code == 200, page.text
    return [record["name"] for record in page.json()["records"]]


async def test_a_value_is_kept_read_with_its_title_filtered_and_told_by_history(made: Shop) -> None:
    one, two = await create(made, "customer", code="C-001", level=3), await create(made, "lead", name="Lea")
    visit = await create(made, "visit", name="a", subject=to("customer", one), other=to("customer", one),
                         steps=[{"target": to("lead", two)}, {"target": to("customer", one)}, {"note": "x"}])  # fmt: skip
    assert (visit["subject"], visit["about"], visit["same"], visit["leads"]) == (to("customer", one), "customer", True, "1")
    path = f"{APP}/visit/{visit['id']}"
    read = (await made.admin.get(path)).json()
    assert (read["subject"], read["subject__title"], read["level"]) == (to("customer", one), "C-001", "3")
    assert [row["target__title"] for row in read["steps"]] == ["Lea", "C-001", None]
    assert [row["target"] for row in read["steps"]] == [to("lead", two), to("customer", one), None]
    await create(made, "visit", name="b", subject=to("lead", two))
    await create(made, "visit", name="c")
    for text, names in (
        (f'subject = "customer/{one["id"]}"', ["a"]), (f'subject <> "customer/{one["id"]}"', ["b", "c"]), ("ISBLANK(subject)", ["c"]),
        ('subject.entity = "lead"', ["b"]), (f'subject.lead = "{two["id"]}"', ["b"]), ("subject.customer.level = 3", ["a"]),
        (f'subject = "lead/{one["id"]}"', []), ("subject = other", ["a", "c"]), (f'IN(subject, "lead/{two["id"]}", "customer/{one["id"]}")', ["a", "b"]),
        (f'CONTAINS(steps.target, "lead/{two["id"]}")', ["a"]), ("subject.user = CURRENTUSER()", []),
    ):  # fmt: skip
        assert await found(made, f'IN(name, "a", "b", "c") AND ({text})') == names, text
    query = httpx.QueryParams(fields="subject,subject.entity,subject.customer.code,subject.lead", sort="name", filter="NOT ISBLANK(subject)")
    listed = (await made.admin.get(f"{APP}/visit?{query}")).json()["records"]
    assert [(one["subject__title"], one["subject.entity"], one["subject.customer.code"], one["subject.lead__title"]) for one in listed] == [
        ("C-001", "customer", "C-001", None), ("Lea", "lead", None, "Lea")]  # fmt: skip
    facets = (await made.admin.get(f"{APP}/visit/facets?fields=subject.entity")).json()["facets"]
    assert [(value["value"], value["count"]) for value in facets["subject.entity"]] == [("customer", 1), ("lead", 1), (None, 1)]
    for text, value in (("subject.customer.level = 3", True), ("ISBLANK(subject.lead.name)", True), ("subject = other", True)):
        tried = await made.admin.post("/api/apps/desk/expressions/value", {"text": text, "entity": "visit", "use": "rule", "record": visit["id"]})
        assert (tried.status_code, tried.json()["issues"], tried.json()["value"]) == (200, [], value), tried.text
    changed = await made.admin.ask("PATCH", path, {"revision": 1, "subject": to("lead", two), "steps": [{"id": visit["steps"][0]["id"], "target": None}]})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["about"], changed.json()["same"], changed.json()["leads"]) == ("lead", False, "0")
    entry = (await made.admin.get(f"{path}/history")).json()["changes"][0]
    told = {one["field"]: one for one in entry["fields"]}["subject"]
    assert (told["from"], told["from__title"], told["to"], told["to__title"]) == (to("customer", one), "C-001", to("lead", two), "Lea")
    then = (await made.admin.get(f"{path}?revision=1")).json()
    assert (then["subject"], then["subject__title"], then["steps"][0]["target__title"]) == (to("customer", one), "C-001", "Lea")


WRONG = [
    ("word", "record-any-reference-invalid"), ({"entity": "customer"}, "record-any-reference-invalid"),
    ({"entity": "customer", "id": "C-001"}, "record-any-reference-invalid"), ({"entity": "visit", "id": str(uuid4())}, "record-any-reference-entity"),
    ({"entity": "lead", "id": str(uuid4()), "name": "x"}, "record-part-unknown"), ({"entity": "lead", "id": str(uuid4())}, "record-reference-missing"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "code"), WRONG, ids=range(len(WRONG)))
async def test_a_wrong_value_is_refused_at_its_place(made: Shop, value: object, code: str) -> None:
    body = {"subject": value, "steps": [{}, {"target": value}]}
    await refused(made, made.admin, "POST", f"{APP}/visit", body, 422, "record-invalid", (code, "/subject"), (code, "/steps/1/target"))


async def test_what_is_of_another_entity_not_to_be_seen_or_against_a_rule_is_refused(made: Shop) -> None:
    one, high = await create(made, "customer", code="seen", level=3), await create(made, "customer", code="high", level=9)
    mixed = {"subject": {"entity": "lead", "id": one["id"]}}
    await refused(made, made.admin, "POST", f"{APP}/visit", mixed, 422, "record-invalid", ("record-reference-missing", "/subject"), zh="subject", en="subject")
    await refused(made, made.admin, "POST", f"{APP}/visit", {"subject": to("customer", high)}, 422, "record-invalid", ("record-rule-broken", "/subject"))
    visit = await create(made, "visit", name="seen", subject=to("customer", one))
    asked = httpx.QueryParams(filter='key = "desk.worker"')
    role = (await made.admin.get(f"/api/apps/organization/records/role?{asked}")).json()["records"][0]
    user = (await made.admin.get(f"/api/apps/organization/records/user/{made.tickets['guest'].user_id}")).json()
    given = await made.admin.ask("PATCH", f"/api/apps/organization/records/user/{user['id']}",
                                 {"roles": [*({"id": r["id"]} for r in user["roles"]), {"role": role["id"]}]})  # fmt: skip
    assert given.status_code == 200, given.text
    seen = (await made.guest.get(f"{APP}/visit/{visit['id']}")).json()
    assert (seen["subject"], seen["subject__title"], seen["level"]) == (to("customer", one), None, None)
    answer = await made.guest.post(f"{APP}/visit", {"subject": to("customer", one)})
    assert [e["code"] for e in answer.json()["errors"]] == ["record-reference-missing"]
    kept = await made.guest.ask("PATCH", f"{APP}/visit/{visit['id']}", {"name": "by a guest"})
    assert (kept.status_code, kept.json()["subject"]) == (200, to("customer", one))


async def test_what_is_pointed_to_is_not_trashed_nor_removed_for_good(made: Shop) -> None:
    lead = await create(made, "lead", name="kept")
    visit = await create(made, "visit", name="points", steps=[{"target": to("lead", lead)}], subject=to("lead", lead))
    problem = await refused(made, made.admin, "DELETE", f"{APP}/lead/{lead['id']}", None, 409, "record-referenced")
    assert "visit" in problem["detail"]
    for path in (f"visit/{visit['id']}", f"lead/{lead['id']}"):
        assert (await made.admin.ask("DELETE", f"{APP}/{path}")).status_code == 204
    await refused(made, made.admin, "POST", f"{APP}/visit/{visit['id']}/restore", None, 422, "record-invalid",
                  ("record-reference-missing", "/subject"), ("record-reference-missing", "/steps/0/target"))  # fmt: skip
    await made.database.execute("UPDATE app_desk.lead SET deleted_at = now() - interval '40 days' WHERE id = $1", lead["id"])
    settings = read_settings({"DATABASE_URL": made.dsn, "DOUGONG_POOL_MIN": "0", "DOUGONG_POOL_MAX": "2"})
    async with open_site(settings) as opened:
        await empty_trash(opened.site, 30)
        assert await made.database.fetchval("SELECT count(*) FROM app_desk.lead WHERE id = $1", lead["id"]) == 1
        await made.database.execute("UPDATE app_desk.visit SET deleted_at = now() - interval '40 days' WHERE id = $1", visit["id"])
        await empty_trash(opened.site, 30)
    assert await made.database.fetchval("SELECT count(*) FROM app_desk.lead WHERE id = $1", lead["id"]) == 0


async def test_nothing_begins_to_point_to_what_is_being_trashed(made: Shop) -> None:
    for _ in range(4):
        lead = await create(made, "lead", name="raced")
        saving = [made.admin.post(f"{APP}/visit", {"name": "racing", "subject": to("lead", lead)}) for _ in range(4)]
        *answers, gone = await asyncio.gather(*saving, made.admin.ask("DELETE", f"{APP}/lead/{lead['id']}"))
        assert gone.status_code in (204, 409)
        assert {answer.status_code for answer in answers} <= {201, 422}
        pointing = await made.database.fetchval("SELECT count(*) FROM app_desk.visit WHERE subject = $1", lead["id"])
        assert (pointing == 0) == (gone.status_code == 204)


async def test_copies_merges_bulk_and_undo_carry_whole_values(made: Shop) -> None:
    one, two = await create(made, "lead", name="m1"), await create(made, "lead", name="m2")
    customer = await create(made, "customer", code="copied", near=to("lead", one))
    visit = await create(made, "visit", name="m", customer=customer["id"], subject=to("lead", one))
    assert visit["near"] == to("lead", one)
    added = await made.admin.post(f"{APP}/customer/guarded", {"rows": [{"id": customer["id"], "add": {"level": "2"}}]})
    assert added.status_code == 200, added.text
    counted = (await made.admin.get(f"{APP}/customer/{customer['id']}")).json()
    assert (counted["level"], counted["near"], counted["near__title"]) == ("2", to("lead", one), "m1")
    path = f"{APP}/visit/{visit['id']}"
    first = await made.admin.ask("PATCH", path, {"revision": 1, "subject": to("lead", two)})
    other = await made.admin.ask("PATCH", path, {"revision": 1, "other": to("lead", two)})
    assert (first.status_code, other.status_code) == (200, 200), other.text
    assert (other.json()["subject"], other.json()["other"], other.json()["same"]) == (to("lead", two), to("lead", two), True)
    clash = await made.admin.ask("PATCH", path, {"revision": 1, "subject": to("customer", customer)})
    assert clash.status_code == 409, clash.text
    body = {"changes": [{"action": "update", "id": visit["id"], "values": {"subject": to("customer", customer)}},
                        {"action": "create", "values": {"name": "bulk", "subject": to("lead", one)}}]}  # fmt: skip
    bulk = await made.admin.post(f"{APP}/visit/bulk", body)
    assert bulk.status_code == 200, bulk.text
    assert (await made.admin.get(path)).json()["subject__title"] == "copied"
    undone = await made.admin.post(f"/api/apps/desk/change-sets/{bulk.json()['change_set']}/undo", {})
    assert undone.status_code == 200, undone.text
    assert (await made.admin.get(path)).json()["subject"] == to("lead", two)
    kept = await made.database.fetchval("SELECT changes::jsonb -> 'subject' FROM dougong.history WHERE record_id = $1 AND revision = 4", visit["id"])
    assert json.loads(kept) == [to("lead", two), to("customer", customer)]
    preview = (await made.admin.post(f"{APP}/visit/preview", {"subject": to("lead", one), "other": to("lead", one)})).json()
    assert (preview["about"], preview["same"]) == ("lead", True)


async def settled(shop: Shop, answer: httpx.Response) -> dict[str, Any]:
    """Return an import once no job works on it."""
    assert answer.status_code == 202, answer.text
    made: dict[str, Any] = answer.json()
    while made["state"] in ("reading", "checking", "writing"):
        made = (await shop.admin.get(f"/api/apps/desk/imports/{made['id']}?wait=30")).json()
    return made


async def test_a_sheet_names_the_entity_and_the_title_and_an_export_is_read_again(made: Shop) -> None:
    await create(made, "customer", code="S-1")
    await create(made, "lead", name="Sheet")
    content = xlsx(["name", "subject"], ["s1", "Customer（中）: S-1"], ["s2", "lead：Sheet"], ["s3", None], ["s4", "visit: s1"], ["s5", "lead: nobody"])
    path, headers = "/api/apps/desk/imports?name=v.xlsx&entity=visit", {"x-csrf-token": made.admin.csrf_token}
    sent = await settled(made, await made.admin.client.request("POST", path, content=content, headers=headers))
    assert [one["field"] for one in sent["mapping"]["columns"]] == ["name", "subject"]
    checked = await settled(made, await made.admin.post(f"/api/apps/desk/imports/{sent['id']}/check"))
    found_wrong = (await made.admin.get(f"/api/apps/desk/imports/{checked['id']}/issues")).json()["issues"]
    assert [(one["cell"], one["code"]) for one in found_wrong] == [("B5", "record-any-reference-entity"), ("B6", "import-reference-missing")]
    assert (await made.admin.ask("PATCH", f"/api/apps/desk/imports/{sent['id']}", {"errors": "skip"})).status_code == 200
    await settled(made, await made.admin.post(f"/api/apps/desk/imports/{sent['id']}/check"))
    done = await settled(made, await made.admin.post(f"/api/apps/desk/imports/{sent['id']}/run"))
    assert (done["state"], done["written"]) == ("done", 3)
    query = httpx.QueryParams(format="csv", filter='STARTSWITH(name, "s") AND LEN(name) = 2', sort="name", fields="name,subject,subject.customer.code")
    written = await made.admin.ask("GET", f"{APP}/visit/export?{query}", accept_language="en")
    assert written.status_code == 200, written.text
    assert [line.split(",")[1:] for line in written.text.splitlines()[1:]] == [["customer: S-1", "S-1"], ["lead: Sheet", ""], ["", ""]]


async def test_publishing_another_entity_is_cheap_and_one_in_use_stays(made: Shop) -> None:
    lead = await create(made, "lead", name="in use")
    await create(made, "visit", name="use", subject=to("lead", lead))
    fewer = with_fields(desk(), "visit", element("subject", "any_reference", to=["customer", "organization.user"]))
    answer = await made.publish(fewer)
    assert answer.status_code == 422, answer.text
    (problem,) = answer.json()["errors"]
    assert (problem["code"], problem["pointer"]) == ("definition-entity-in-use", "/entities/visit/fields/subject/to")
    more = with_fields(desk(), "visit", element("subject", "any_reference", to=[*AMONG, "visit"]))
    assert (await made.publish(more)).status_code == 201
    found_one = await create(made, "visit", name="first")
    assert (await create(made, "visit", name="second", subject=to("visit", found_one)))["about"] == "visit"
    wrong = with_fields(desk(), "visit", element("subject", "any_reference", to=["lead", "nobody", "lead"]))
    codes = {(one["code"], one["pointer"]) for one in (await made.publish(wrong)).json()["errors"]}
    assert codes >= {("definition-entity-unknown", "/entities/visit/fields/subject/to"), ("definition-entity-twice", "/entities/visit/fields/subject/to")}
