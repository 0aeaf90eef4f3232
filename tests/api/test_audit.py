"""The audit log over HTTP and on the command line: what is administered stands in it, for administrators and auditors to list, export and verify."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest

from tests.api.browser import Browser, problem_of
from tests.api.command import command_for
from tests.workshop import ALL, RECORDS, Document, Shop, element, entity, package, with_fields, workshop

PEOPLE = "/api/apps/organization/records"


async def rows(browser: Browser, **asked: object) -> list[dict[str, Any]]:
    answer = await browser.get(f"/api/audit?{urlencode(asked, doseq=True)}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["entries"])


async def role_id(shop: Shop, key: str) -> str:
    return str(await shop.database.fetchval("SELECT id FROM app_organization.role WHERE key = $1", key))


async def made(shop: Shop, name: str, *roles: str) -> dict[str, Any]:
    person = {"name": name, "email": f"{name.lower()}@audit.example.com", "roles": [{"role": await role_id(shop, key)} for key in roles]}
    answer = await shop.admin.post(f"{PEOPLE}/user", person)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def small(key: str, *fields: Document, **others: object) -> Document:
    return package(key, entity("card", "name", element("name", "text", required=True), *fields), **others)


@pytest.mark.parametrize("path", ["/api/audit", "/api/audit/deeds", "/api/audit/export"])
async def test_only_administrators_and_auditors_see_the_log(shop: Shop, path: str) -> None:
    problem_of(await shop.manager.get(path), 403, "access-audit-denied")
    problem_of(await shop.guest.get(path), 403, "access-audit-denied")
    assert (await shop.admin.get(path)).status_code == 200


async def test_who_may_do_nothing_may_not_verify_either(shop: Shop) -> None:
    problem_of(await shop.manager.post("/api/audit/verify", {}), 403, "access-audit-denied")


async def test_what_becomes_of_an_app_is_written_down_with_who_did_it(shop: Shop) -> None:
    document = small("audited", element("n", "number"))
    assert (await shop.install(document)).status_code == 201
    assert (await shop.publish(small("audited"), "without n")).status_code == 201
    revision = (await shop.admin.get("/api/apps/audited/draft")).json()["revision"]
    back = await shop.admin.post("/api/apps/audited/versions/1/restore", {"revision": revision, "note": "back"})
    assert back.status_code == 201, back.text
    gone = await shop.admin.post("/api/apps/audited/uninstall", {"key": "audited"})
    assert gone.status_code == 200, gone.text
    found = [row for row in await rows(shop.admin, app="audited") if row["entity"] == ""]
    assert [row["deed"] for row in found] == ["uninstall", "roll-back", "publish", "install", "publish"]
    assert {row["actor"] for row in found} == {shop.tickets["admin"].user_id}
    assert [row["details"].get("version") for row in found] == [None, 3, 2, "1.0.0", 1]
    assert (found[1]["details"]["to"], found[2]["details"]["note"]) == (1, "without n")
    assert found[0]["sentence"] == "Uninstalled audited"
    assert (await shop.admin.get("/api/audit?app=audited&limit=1", accept_language="zh-CN")).json()["entries"][0]["sentence"] == "卸载了应用“audited”"


async def test_what_is_refused_is_not_written_down(shop: Shop) -> None:
    before = await rows(shop.admin, limit=1)
    twice = await shop.admin.post(f"{PEOPLE}/user", {"name": "x", "email": "manager@workshop.example.com"})
    assert twice.status_code == 422
    assert (await shop.admin.ask("PUT", "/api/calendar/2031", {"revision": 99, "days": []})).status_code == 409
    assert await rows(shop.admin, limit=1) == before


async def test_people_and_their_roles_are_written_down_and_who_gave_them(shop: Shop) -> None:
    ann = await made(shop, "Ann", "organization.member")
    roles = [{"role": await role_id(shop, "workshop.reader")}]
    changed = await shop.admin.ask("PATCH", f"{PEOPLE}/user/{ann['id']}", {"roles": roles, "revision": 1})
    assert changed.status_code == 200, changed.text
    assert (await shop.admin.ask("DELETE", f"{PEOPLE}/user/{ann['id']}")).status_code == 204
    assert (await shop.admin.post(f"{PEOPLE}/user/{ann['id']}/restore")).status_code == 200
    bulk = {"changes": [{"action": "update", "id": ann["id"], "values": {"name": "Anne"}}]}
    answer = await shop.admin.post(f"{PEOPLE}/user/bulk", bulk)
    assert answer.status_code == 200, answer.text
    found = await rows(shop.admin, record=ann["id"])
    assert [row["details"]["action"] for row in found] == ["update", "restore", "delete", "update", "create"]
    assert {(row["deed"], row["app"], row["entity"], row["record_id"]) for row in found} == {("change-organization", "organization", "user", ann["id"])}
    assert found[4]["details"]["roles_given"] == ["organization.member"]
    assert found[3]["details"]["roles_given"] == ["workshop.reader"] and found[3]["details"]["roles_taken"] == ["organization.member"]
    assert found[3]["details"]["fields"] == ["roles"] and found[0]["details"]["fields"] == ["name"]
    assert [row["subject"] for row in found] == ["Anne", *["Ann"] * 4]


async def test_settings_the_calendar_and_secrets_that_were_shown_are_written_down(shop: Shop) -> None:
    limits = {"key": "limits", "name": {"zh-CN": "额度", "en": "Limits"}, "kind": "single", "title": "note", "fields": [element("note", "text")]}
    document = with_fields({**workshop(), "entities": [*workshop()["entities"], limits]}, "note", element("pin", "secret"))
    document["policies"].append({"key": "manager_limits", "role": "manager", "entity": "limits", "actions": ALL, "rows": "all"})
    assert (await shop.publish(document)).status_code == 201
    (single,) = (await shop.admin.get(f"{RECORDS}/limits")).json()["records"]
    assert (await shop.admin.ask("PATCH", f"{RECORDS}/limits/{single['id']}", {"note": "more", "revision": 1})).status_code == 200
    assert (await shop.admin.ask("PUT", "/api/calendar/2032", {"revision": 0, "source": "ours", "days": []})).status_code == 200
    kept = (await shop.worker.post(f"{RECORDS}/note", {"name": "n", "pin": "Tr0ub4dor"})).json()
    assert (await shop.worker.post(f"{RECORDS}/note/{kept['id']}/reveal/pin")).status_code == 200
    secret, calendar, settings = (await rows(shop.admin))[:3]
    assert (secret["deed"], secret["actor_name"], secret["record_id"], secret["details"]["field"]) == ("reveal-secret", "worker", kept["id"], "pin")
    assert (calendar["deed"], calendar["subject"], settings["deed"], settings["entity"]) == ("change-calendar", "2032", "change-settings", "limits")
    assert settings["details"]["fields"] == ["note"]
    assert "Tr0ub4dor" not in str(await shop.database.fetch("SELECT * FROM dougong.audit"))


async def test_filters_go_together_and_pages_follow_each_other(shop: Shop) -> None:
    for number in range(5):
        await made(shop, f"Page{number}")
    asked = {"deed": "change-organization", "text": "pAGE", "limit": 2}
    seen: list[str] = []
    before: dict[str, object] = {}
    for _ in range(3):
        answer = (await shop.admin.get(f"/api/audit?{urlencode({**asked, **before})}")).json()
        seen += [row["subject"] for row in answer["entries"]]
        before = {"before": answer["next"]}
    assert (seen, before) == ([f"Page{number}" for number in (4, 3, 2, 1, 0)], {"before": None})
    (latest,) = await rows(shop.admin, text="Page4")
    assert await rows(shop.admin, text="Page%") == []
    assert await rows(shop.admin, text="Page4", since=latest["at"], until=latest["at"], actor=latest["actor"], entity="user") == [latest]
    assert await rows(shop.admin, text="Page4", deed="publish") == []
    two = await rows(shop.admin, deed=["publish", "install"], app="workshop")
    assert {row["deed"] for row in two} == {"publish", "install"}
    for wrong in ("since=yesterday", "actor=me", "limit=0", "limit=201", "record=1", "before=0"):
        problem_of(await shop.admin.get(f"/api/audit?{wrong}"), 422, "request-invalid")
    keys = [deed["key"] for deed in (await shop.admin.get("/api/audit/deeds")).json()["deeds"]]
    assert len(keys) == len(set(keys)) > 10


async def test_the_log_is_exported_as_spreadsheet_and_as_lines_and_that_is_written_down(shop: Shop) -> None:
    await made(shop, "=cmd|calc!A0")
    lines = await shop.admin.get("/api/audit/export?format=jsonl&deed=change-organization&text=cmd")
    (row,) = (json.loads(line) for line in lines.text.splitlines())
    assert (row["deed"], row["subject"], row["details"]["action"]) == ("change-organization", "=cmd|calc!A0", "create")
    sheet = await shop.admin.get("/api/audit/export?format=csv&text=cmd")
    table = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert len(table) == 2 and "'=cmd|calc!A0" in table[1]
    book = openpyxl.load_workbook(io.BytesIO((await shop.admin.get("/api/audit/export?text=cmd")).content))
    assert book.worksheets[0].max_row == 2
    exported = await rows(shop.admin, deed="export-audit", limit=3)
    assert [(row["details"]["format"], row["details"]["count"], row["address"]) for row in exported] == [
        ("xlsx", 1, "203.0.113.7"), ("csv", 1, "203.0.113.7"), ("jsonl", 1, "203.0.113.7"),
    ]  # fmt: skip
    problem_of(await shop.admin.get("/api/audit/export?format=pdf"), 422, "request-invalid")


async def test_a_log_that_was_tampered_with_is_told_by_http_and_by_the_command(shop: Shop, tmp_path: Path) -> None:
    answer = (await shop.admin.post("/api/audit/verify", {})).json()
    assert answer["faults"] == []
    assert (await shop.admin.post("/api/audit/verify", {"seal": answer["seal"]})).json() == answer
    problem_of(await shop.admin.post("/api/audit/verify", {"seal": "7"}), 422, "audit-seal-unreadable")
    command = command_for(shop.dsn)
    await made(shop, "Tampered")
    assert "change-organization" in (await asyncio.to_thread(command, "audit-log", "list", "--deed", "change-organization", "--limit", "3")).output
    for form in ("csv", "xlsx", "jsonl"):
        await asyncio.to_thread(command, "audit-log", "export", str(tmp_path / f"log.{form}"), "--text", "Tampered", "--since", "2020-01-01")
    (line,) = (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["subject"] == "Tampered"
    await asyncio.to_thread(command, "audit-log", "export", str(tmp_path / "log.pdf"), code=2)
    assert (await asyncio.to_thread(command, "audit-log", "verify", "--seal", answer["seal"])).output.strip().partition(":")[0].isdigit()
    await shop.database.execute("ALTER TABLE dougong.audit DISABLE TRIGGER USER")
    changed = await shop.database.fetchval("UPDATE dougong.audit SET actor_name = 'somebody else' WHERE subject = 'Tampered' RETURNING id")
    await shop.database.execute("ALTER TABLE dougong.audit ENABLE ALWAYS TRIGGER audit_refuse; ALTER TABLE dougong.audit ENABLE ALWAYS TRIGGER audit_queue")
    assert (await shop.admin.post("/api/audit/verify", {})).json()["faults"] == [{"kind": "changed", "row": changed}]
    assert f"row {changed} was changed" in (await asyncio.to_thread(command, "audit-log", "verify", "--language", "en", code=1)).output
