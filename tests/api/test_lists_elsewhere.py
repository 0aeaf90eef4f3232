"""Lists of records and files where others read and write records: files for people, many at once, the trash, undo, merges, history."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.browser import problem_of
from tests.api.files_app import PDF, kept
from tests.workshop import Shop, Template, element, entity, open_shop, package

APP = "/api/apps/kits/records"
SETS = "/api/apps/kits/change-sets"


@pytest.fixture(scope="module")
async def kits(shop_dsn: str, template: Template, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    tag = entity("tag", "name", element("name", "text", required=True))
    kit = entity(
        "kit", "name", element("name", "text", required=True), element("tags", "references", to="tag"), element("team", "members"),
        element("files", "attachments"), element("many", "number", scale=0, formula="COUNT(tags)"),
        element("parts", "lines", fields=[element("name", "text"), element("tags", "references", to="tag")]),
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("data")
    async with open_shop(shop_dsn, template, DOUGONG_DATA_DIR=str(folder)) as shop:
        installed = await shop.install(package("kits", tag, kit))
        assert installed.status_code == 201, installed.text
        yield shop


async def send(shop: Shop, method: str, path: str, body: object = None, status: int = 200) -> Any:  # noqa: ANN401 – any JSON
    """Return the answer to a call that must succeed."""
    answer = await shop.admin.ask(method, path, body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def tags(shop: Shop, *names: str) -> list[str]:
    """Return the ids of new tags."""
    return [(await send(shop, "POST", f"{APP}/tag", {"name": name}, 201))["id"] for name in names]


async def change_set_of(shop: Shop, record: str) -> str:
    """Return the last change set of a record."""
    rows = await shop.database.fetch("SELECT change_set FROM dougong.history WHERE record_id = $1 ORDER BY id", record)
    return str(rows[-1]["change_set"])


async def bulk(shop: Shop, changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records that came of many changes."""
    answer = await send(shop, "POST", f"{APP}/kit/bulk", {"changes": changes, "return": "records"})
    return [one["record"] for one in answer["results"]]


async def test_titles_and_names_go_out_to_people(kits: Shop) -> None:
    a, b = await tags(kits, "一级", "二级")
    file = await kept(kits.admin, "说明书.pdf", PDF)
    me = kits.tickets["admin"].user_id
    await send(kits, "POST", f"{APP}/kit", {"name": "出口", "tags": [b, a], "team": [me], "files": [file["id"]]}, 201)
    answer = await kits.admin.get(f"{APP}/kit/export?format=csv&language=zh-CN&fields=name,tags,files,many&filter=name=%22出口%22")
    assert answer.status_code == 200, answer.text
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[1] == ["出口", "二级、一级", "说明书.pdf", "2"]


async def test_many_records_take_their_own_lists(kits: Shop) -> None:
    ids = await tags(kits, "x", "y", "z")
    changes = [
        {"action": "create", "values": {"name": f"n{n}", "tags": ids[: n % 4], "parts": [{"tags": ids[n % 3 :]}]}} for n in range(40)
    ]
    records = await bulk(kits, changes)
    assert [record["tags"] for record in records] == [ids[: n % 4] for n in range(40)]
    assert [record["parts"][0]["tags"] for record in records] == [ids[n % 3 :] for n in range(40)]
    assert [record["many"] for record in records] == [str(n % 4) for n in range(40)]
    values = [{"tags": [ids[2], *record["tags"][:1]]} if n % 2 else {"name": "kept"} for n, record in enumerate(records)]
    updates = [{"action": "update", "id": record["id"], "values": one} for record, one in zip(records, values, strict=True)]
    wanted = [list(dict.fromkeys(one.get("tags", record["tags"]))) for record, one in zip(records, values, strict=True)]
    assert [record["tags"] for record in await bulk(kits, updates)] == wanted


async def test_lists_come_back_from_the_trash_and_by_undoing(kits: Shop) -> None:
    a, b, c = await tags(kits, "u1", "u2", "u3")
    made = await send(kits, "POST", f"{APP}/kit", {"name": "undo", "tags": [a, b], "parts": [{"name": "p", "tags": [c]}]}, 201)
    path = f"{APP}/kit/{made['id']}"
    await send(kits, "PATCH", path, {"tags": [b, c], "parts": []})
    await send(kits, "POST", f"{SETS}/{await change_set_of(kits, made['id'])}/undo", {})
    back = await send(kits, "GET", path)
    assert (back["tags"], back["many"], [part["tags"] for part in back["parts"]]) == ([a, b], "2", [[c]])
    await send(kits, "DELETE", path, status=204)
    await send(kits, "DELETE", f"{APP}/tag/{c}", status=204)
    refused = problem_of(await kits.admin.post(f"{path}/restore", {}), 422, "record-invalid")
    assert [(one["code"], one["pointer"]) for one in refused["errors"]] == [("record-reference-missing", "/parts/0/tags/0")]
    await send(kits, "POST", f"{APP}/tag/{c}/restore", {})
    assert (await send(kits, "POST", f"{path}/restore", {}))["tags"] == [a, b]


async def test_files_of_others_come_back_with_their_record(kits: Shop) -> None:
    file = await kept(kits.manager, "theirs.pdf", PDF)
    made = await send(kits, "POST", f"{APP}/kit", {"name": "files", "files": [(await kept(kits.admin, "own.pdf", PDF))["id"]]}, 201)
    await kits.database.execute("UPDATE dougong.file SET created_by = $1", kits.tickets["manager"].user_id)
    path = f"{APP}/kit/{made['id']}"
    await send(kits, "DELETE", path, status=204)
    assert (await send(kits, "POST", f"{path}/restore", {}))["files"] == made["files"]
    answer = await kits.admin.ask("PATCH", path, {"files": [file["id"]]})
    assert [one["code"] for one in problem_of(answer, 422, "record-invalid")["errors"]] == ["record-file-missing"]


async def test_two_who_change_one_list_are_told_of_each_other(kits: Shop) -> None:
    a, b = await tags(kits, "m1", "m2")
    made = await send(kits, "POST", f"{APP}/kit", {"name": "merge", "tags": [a]}, 201)
    path = f"{APP}/kit/{made['id']}"
    await send(kits, "PATCH", path, {"revision": 1, "tags": [a, b]})
    merged = await send(kits, "PATCH", path, {"revision": 1, "name": "other field"})
    assert (merged["tags"], merged["name"]) == ([a, b], "other field")
    problem_of(await kits.admin.ask("PATCH", path, {"revision": 1, "tags": [b]}), 409, "record-revision-conflict")


async def test_history_keeps_lists_as_they_were(kits: Shop) -> None:
    a, b = await tags(kits, "h1", "h2")
    made = await send(kits, "POST", f"{APP}/kit", {"name": "history", "tags": [a]}, 201)
    await send(kits, "PATCH", f"{APP}/kit/{made['id']}", {"tags": [b, a]})
    rows = await kits.database.fetch("SELECT changes FROM dougong.history WHERE record_id = $1 ORDER BY id", made["id"])
    assert json.loads(rows[1]["changes"])["tags"] == [[a], [b, a]]
    told = await send(kits, "GET", f"{APP}/kit/{made['id']}/history")
    assert json.dumps([b, a]) in json.dumps(told)
