"""Secrets: kept apart, shown nowhere, revealed to who may change the record, and history knows of it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.refusal import refused
from tests.workshop import RECORDS, Shop, element, with_fields, workshop

PIN, OTHER = "Tr0ub4dor&3", "correct horse"
NOTES = f"{RECORDS}/note"


@pytest.fixture(scope="module")
async def safe(shop: Shop) -> Shop:
    """Return the workshop whose notes have a secret."""
    answer = await shop.publish(with_fields(workshop(), "note", element("pin", "secret"), element("again", "secret")))
    assert answer.status_code == 201, answer.text
    return shop


async def note(shop: Shop, **values: object) -> dict[str, Any]:
    answer = await shop.worker.post(NOTES, {"name": "n", **values})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def revealed(shop: Shop, record: dict[str, Any], field: str = "pin") -> str:
    answer = await shop.worker.post(f"{NOTES}/{record['id']}/reveal/{field}")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["value"])


async def test_a_secret_is_in_no_answer_and_can_be_read_in_no_table(safe: Shop) -> None:
    record = await note(safe, pin=PIN)
    path = f"{NOTES}/{record['id']}"
    changed = await safe.worker.ask("PATCH", path, {"revision": 1, "pin": OTHER})
    upserted = await safe.worker.post(f"{NOTES}/upsert", {"by": ["id"], "values": {"id": record["id"], "pin": PIN}})
    assert (changed.status_code, upserted.status_code) == (200, 200), upserted.text
    preview = await safe.worker.post(f"{NOTES}/preview", {"name": "p", "pin": PIN})
    answers = [record, changed.json(), preview.json(), (await safe.worker.get(path)).json(), (await safe.worker.get(NOTES)).json(),
               (await safe.worker.get(f"{path}/history")).json(), (await safe.worker.get(f"{path}?at=2100-01-01T00:00:00Z")).json()]  # fmt: skip
    export = await safe.worker.get(f"{NOTES}/export?{httpx.QueryParams({'format': 'csv'})}")
    assert export.status_code == 200, export.text
    for text in (*map(json.dumps, answers), export.text):
        assert PIN not in text
        assert OTHER not in text
    tables = await safe.database.fetch("SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables"
                                       " WHERE schemaname ~ '^(app_|dougong$)'")
    holding = {row["name"] for row in tables
               if await safe.database.fetchval(f"SELECT EXISTS (SELECT FROM {row['name']} t WHERE position($1 in t::text) > 0)", OTHER)}
    assert holding == set(), "it is sealed where it lies"
    assert await revealed(safe, record) == PIN


async def test_revealing_is_for_who_may_change_the_record_and_is_kept_in_history(safe: Shop) -> None:
    record = await note(safe, pin=PIN)
    path = f"{NOTES}/{record['id']}"
    assert await revealed(safe, record) == PIN
    history = (await safe.worker.get(f"{path}/history")).json()["changes"]
    assert [change["action"] for change in history] == ["reveal", "create"]
    assert PIN not in json.dumps(history)
    other = await safe.other.post(f"{path}/reveal/pin")
    assert other.status_code == 404, other.text
    for field in ("again", "name", "no_such"):
        await refused(safe, safe.worker, "POST", f"{path}/reveal/{field}", None, 404, "record-secret-not-found", zh="没有填写", en="is no secret")
    then = (await safe.worker.get(f"{path}?at=2100-01-01T00:00:00Z")).json()
    assert then["revision"] == 1


async def test_a_handle_sent_back_keeps_the_secret_and_opens_no_other(safe: Shop) -> None:
    record, thief = await note(safe, pin=PIN), await note(safe)
    kept = await safe.worker.ask("PATCH", f"{NOTES}/{record['id']}", {"revision": 1, "name": "renamed", "pin": record["pin"]})
    assert kept.json()["pin"] == record["pin"]
    assert await revealed(safe, record) == PIN
    stolen = await safe.worker.ask("PATCH", f"{NOTES}/{thief['id']}", {"revision": 1, "pin": record["pin"]})
    assert stolen.status_code == 200, stolen.text
    assert (await safe.worker.post(f"{NOTES}/{thief['id']}/reveal/pin")).status_code == 404
    moved = await safe.worker.ask("PATCH", f"{NOTES}/{record['id']}", {"revision": 2, "again": record["pin"]})
    assert moved.status_code == 200, moved.text
    assert (await safe.worker.post(f"{NOTES}/{record['id']}/reveal/again")).status_code == 404


@pytest.mark.parametrize(("value", "code"), [("••••••", "record-secret-mask"), (5, "record-text-expected"), ("x" * 1001, "record-text-too-long")],
                         ids=["mask", "number", "long"])  # fmt: skip
async def test_what_is_no_secret_is_refused(safe: Shop, value: object, code: str) -> None:
    await refused(safe, safe.worker, "POST", NOTES, {"name": "n", "pin": value}, 422, "record-invalid", (code, "/pin"))


async def test_a_secret_that_is_refused_with_its_record_is_not_kept(safe: Shop) -> None:
    before = await safe.database.fetchval("SELECT count(*) FROM dougong.secret")
    record = await note(safe, pin=PIN)
    again = await safe.worker.post(NOTES, {"id": record["id"], "name": "other", "pin": PIN})
    assert again.status_code == 409, again.text
    assert await safe.database.fetchval("SELECT count(*) FROM dougong.secret") == before + 1


async def test_no_expression_reads_a_secret(safe: Shop) -> None:
    for query in ({"filter": "ISBLANK(pin)"}, {"filter": 'CONTAINS(pin, "x")'}, {"sort": "pin"}):
        answer = await safe.worker.get(f"{NOTES}?{httpx.QueryParams(query)}")
        assert answer.status_code == 400, answer.text


async def test_undoing_says_that_a_secret_does_not_come_back(safe: Shop) -> None:
    record = await note(safe, pin=PIN)
    path = f"{NOTES}/{record['id']}"
    changed = await safe.worker.ask("PATCH", path, {"revision": 1, "name": "renamed", "pin": OTHER})
    assert changed.status_code == 200, changed.text
    change_set = (await safe.worker.get(f"{path}/history")).json()["changes"][0]["change_set"]
    undone = (await safe.worker.post(f"{NOTES.partition('/records')[0]}/change-sets/{change_set}/undo", {})).json()
    assert [(item["code"], item["pointer"]) for left in undone["left"] for item in left["errors"]] == [("record-secret-gone", "/pin")], undone
    assert (undone["undone"], (await safe.worker.get(path)).json()["name"], await revealed(safe, record)) == (1, "n", OTHER)
