"""Reads of sensitive fields stand in the audit log before the answer is sent: whoever reads, which records, which fields, by which way out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.workshop import ALL, Shop, element, entity, label, package

STAFF = "/api/apps/staff/records"


@pytest.fixture(scope="module")
async def staff(shop: Shop) -> list[dict[str, Any]]:
    """Return three people of an app whose pay is sensitive, a row's bonus too, and which another entity points to."""
    bonus = element("bonuses", "lines", fields=[element("reason", "text"), element("bonus", "money", sensitive=True)])
    person = entity("person", "name", element("name", "text", required=True), element("pay", "money", sensitive=True),
                    element("passport", "text", sensitive=True, indexed=True), bonus)  # fmt: skip
    card = entity("card", "name", element("name", "text"), element("who", "reference", to="person"))
    case = entity("case", "title", element("title", "text", sensitive=True), element("topic", "text", indexed=True), element("scan", "attachments", sensitive=True))
    document = package("staff", person, card, case)
    document["roles"].append({"key": "clerk", "name": label("Clerk")})
    document["policies"] += [{"key": f"clerk_{key}", "role": "clerk", "entity": key, "actions": ALL, "rows": "all"} for key in ("person", "card", "case")]
    assert (await shop.install(document)).status_code == 201
    made = []
    for number, values in enumerate(({"pay": "100", "passport": "P1"}, {"pay": "200"}, {})):
        answer = await shop.admin.post(f"{STAFF}/person", {"name": f"person {number}", **values, "bonuses": [{"reason": "x", "bonus": "7"}] if number == 0 else []})
        assert answer.status_code == 201, answer.text
        made.append(answer.json())
    return made


async def noted(shop: Shop, count: int) -> list[dict[str, Any]]:
    entries = (await shop.admin.get(f"/api/audit?deed=read-sensitive&app=staff&limit={count}")).json()["entries"]
    return list(entries)


async def total(shop: Shop) -> int:
    return int(await shop.database.fetchval("SELECT count(*) FROM dougong.audit WHERE deed = 'read-sensitive'"))


async def test_a_list_is_one_row_with_the_records_in_which_something_stands(shop: Shop, staff: list[dict[str, Any]]) -> None:
    before = await total(shop)
    assert (await shop.admin.get(f"{STAFF}/person?fields=name,pay")).status_code == 200
    assert await total(shop) == before + 1
    (row,) = await noted(shop, 1)
    assert (row["actor"], row["app"], row["entity"], row["address"]) == (shop.tickets["admin"].user_id, "staff", "person", "203.0.113.7")
    assert (row["details"]["exit"], row["details"]["fields"], row["details"]["count"]) == ("list", ["pay"], 2)
    assert set(row["details"]["records"]) == {staff[0]["id"], staff[1]["id"]}
    assert [one["id"] for one in (await shop.admin.get(f"/api/audit?deed=read-sensitive&record={staff[1]['id']}&limit=1")).json()["entries"]] == [row["id"]]
    assert (await shop.admin.get(f"{STAFF}/person?fields=name")).status_code == 200
    assert await total(shop) == before + 1


async def test_a_record_its_rows_and_what_a_save_answers_are_read_too(shop: Shop, staff: list[dict[str, Any]]) -> None:
    assert (await shop.admin.get(f"{STAFF}/person/{staff[0]['id']}")).status_code == 200
    (row,) = await noted(shop, 1)
    assert (row["record_id"], row["details"]["exit"], row["details"]["fields"]) == (staff[0]["id"], "record", ["bonuses.bonus", "passport", "pay"])
    before = await total(shop)
    assert (await shop.admin.get(f"{STAFF}/person/{staff[2]['id']}")).status_code == 200
    assert await total(shop) == before  # nothing stands in its fields
    assert (await shop.admin.ask("PATCH", f"{STAFF}/person/{staff[1]['id']}", {"name": "other"})).status_code == 200
    assert (await noted(shop, 1))[0]["details"]["exit"] == "save"


@pytest.mark.parametrize(
    ("path", "exit_name"),
    [
        ("/person?" + urlencode({"fields": "name", "filter": "pay > 150"}), "list"), ("/person?fields=name&sort=-pay", "list"),
        ("/person/groups?" + urlencode({"by": "pay", "measures": "COUNT()"}), "groups"), ("/person/groups?measures=SUM(pay)", "groups"),
        ("/person/facets?fields=passport", "facets"), ("/person/{id}/history", "history"), ("/person/{id}?revision=1", "record"),
    ],
)  # fmt: skip
async def test_every_way_that_tells_of_a_sensitive_field_is_noted(shop: Shop, staff: list[dict[str, Any]], path: str, exit_name: str) -> None:
    before = await total(shop)
    answer = await shop.admin.get(STAFF + path.format(id=staff[0]["id"]))
    assert answer.status_code == 200, answer.text
    assert await total(shop) > before
    assert (await noted(shop, 1))[0]["details"]["exit"] == exit_name


async def test_a_list_of_what_points_to_it_shows_it_as_well(shop: Shop, staff: list[dict[str, Any]]) -> None:
    assert (await shop.admin.post(f"{STAFF}/card", {"name": "c", "who": staff[0]["id"]})).status_code == 201
    before = await total(shop)
    assert (await shop.admin.get(f"{STAFF}/card")).status_code == 200
    assert await total(shop) == before
    assert (await shop.admin.get(f"{STAFF}/card?fields=name,who.pay")).status_code == 200
    (row,) = await noted(shop, 1)
    assert (row["entity"], row["details"]["fields"]) == ("card", ["who.pay"])


async def test_an_export_is_noted_before_the_file_with_and_without_sensitive_columns(shop: Shop, staff: list[dict[str, Any]]) -> None:
    before = await total(shop)
    assert (await shop.admin.get(f"{STAFF}/person/export?format=csv&fields=name")).status_code == 200
    assert await total(shop) == before
    assert (await shop.admin.get(f"{STAFF}/person/export?format=xlsx&fields=name,pay")).status_code == 200
    (row,) = await noted(shop, 1)
    assert (row["details"]["exit"], row["details"]["count"], set(row["details"]["records"])) == ("export", 3, {one["id"] for one in staff})
    exports = (await shop.admin.get("/api/audit?deed=export&app=staff&limit=2")).json()["entries"]
    assert [(one["details"]["format"], one["details"]["fields"]) for one in exports] == [("xlsx", ["name", "pay"]), ("csv", ["name"])]


async def test_words_are_not_looked_for_in_a_sensitive_field(shop: Shop, staff: list[dict[str, Any]]) -> None:
    found = (await shop.admin.get(f"{STAFF}/person?fields=name&search=P1")).json()["records"]
    assert found == []


async def test_who_may_not_read_leaves_no_trace_of_reading(shop: Shop, staff: list[dict[str, Any]]) -> None:
    before = await total(shop)
    assert (await shop.guest.get(f"{STAFF}/person")).status_code in (403, 404)
    assert (await shop.guest.get(f"{STAFF}/person?filter=pay%20%3E%201")).status_code in (403, 404)
    assert await total(shop) == before


async def test_who_looks_as_another_is_named_and_as_whom(shop: Shop, staff: list[dict[str, Any]]) -> None:
    reader, admin = shop.tickets["reader"].user_id, shop.tickets["admin"].user_id
    role = str(await shop.database.fetchval("SELECT id FROM app_organization.role WHERE key = 'staff.clerk'"))
    group = {"name": "Clerks", "members": [reader], "roles": [{"role": role}]}
    assert (await shop.admin.post("/api/apps/organization/records/group", group)).status_code == 201
    assert (await shop.admin.get(f"{STAFF}/person/{staff[0]['id']}", x_view_as=reader)).status_code == 200
    (row,) = await noted(shop, 1)
    assert (row["actor"], row["view_as"], row["record_id"]) == (admin, reader, staff[0]["id"])
    assert (await shop.reader.get(f"{STAFF}/person/{staff[0]['id']}")).status_code == 200
    (row,) = await noted(shop, 1)
    assert (row["actor"], row["view_as"]) == (reader, None)


async def test_what_is_called_by_a_sensitive_title_is_noted_wherever_it_is_named(shop: Shop, staff: list[dict[str, Any]]) -> None:
    made = (await shop.admin.post(f"{STAFF}/case", {"title": "Quarrelsome", "topic": "overtime"})).json()
    changes = (await shop.admin.get("/api/apps/staff/change-sets?whose=mine")).json()["change_sets"]
    for path, exit_name in (
        ("/api/search?text=overtime", "search"), ("/api/apps/staff/search?text=overtime", "search"), (f"/api/apps/staff/change-sets/{changes[0]['id']}", "change-set"),
    ):  # fmt: skip
        before = await total(shop)
        answer = await shop.admin.get(path)
        assert answer.status_code == 200 and "Quarrelsome" in answer.text, answer.text
        assert await total(shop) == before + 1, path
        (row,) = await noted(shop, 1)
        assert (row["details"]["exit"], row["details"]["fields"], row["record_id"]) == (exit_name, ["title"], made["id"])
    before = await total(shop)
    assert (await shop.admin.get("/api/search?text=person")).json()["hits"]
    assert await total(shop) == before


async def test_a_formula_that_is_tried_a_condition_that_is_explained_and_a_file_are_noted(shop: Shop, staff: list[dict[str, Any]]) -> None:
    tried = {"text": "pay * 2", "entity": "person", "use": "default", "record": staff[0]["id"]}
    answer = await shop.admin.post("/api/apps/staff/expressions/value", tried)
    assert (answer.status_code, answer.json()["value"]) == (200, "200"), answer.text
    (row,) = await noted(shop, 1)
    assert (row["details"]["exit"], row["details"]["fields"], row["record_id"]) == ("trial", ["pay"], staff[0]["id"])

    file = (await shop.admin.client.post("/api/files", files={"file": ("scan.txt", b"secret")}, headers={"x-csrf-token": shop.admin.csrf_token})).json()
    made = await shop.admin.post(f"{STAFF}/case", {"title": "one", "scan": [file["id"]]})
    assert made.status_code == 201, made.text
    before = await total(shop)
    assert (await shop.admin.get(f"/api/files/{file['id']}/scan.txt")).content == b"secret"
    assert await total(shop) == before + 1
    (row,) = await noted(shop, 1)
    assert (row["details"]["exit"], row["entity"], row["details"]["fields"], row["record_id"]) == ("file", "case", ["scan"], made.json()["id"])
