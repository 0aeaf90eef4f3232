"""Fields that are computed whenever they are read: by the day, by whole entities, in the rights of whoever reads."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from dougong.model.app_model import AppModel
from dougong.model.resolve import resolve
from dougong.packages.library import read_package
from tests.workshop import ALL, Document, Shop, element, entity, label, package

APP = "virtual"
RECORDS = f"/api/apps/{APP}/records"


def document(*fields: Document, **others: object) -> Document:
    """Return tasks that are due, each for a client."""
    client = entity("client", "name", element("name", "text"), element("first", "date"))
    task = entity(
        "task", "name", element("name", "text"), element("due", "date"),
        element("client", "reference", to="client", inverse={"key": "tasks", "name": label("Tasks")}),
        element("left", "number", scale=0, formula="due - TODAY()", virtual=True),
        element("late", "boolean", formula="left < 0", virtual=True),
        element("seen", "number", scale=0, formula="COUNT(@task)", virtual=True), *fields, **others,
    )  # fmt: skip
    return package(APP, client, task)


@pytest.fixture(scope="module")
async def app(shop: Shop) -> AsyncIterator[Shop]:
    """Give the shop with the app, in which a worker has but their own tasks."""
    wanted = document()
    wanted["roles"].append({"key": "worker", "name": label("Worker")})
    wanted["policies"].append({"key": "worker_task", "role": "worker", "entity": "task", "actions": ALL, "rows": "own"})
    answer = await shop.install(wanted)
    assert answer.status_code == 201, answer.text
    yield shop


async def test_lists_filters_and_records_compute_what_they_show(app: Shop) -> None:
    today = (await app.database.fetchval("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date")).toordinal()
    from datetime import date

    for name, days in (("old", -3), ("now", 0), ("new", 5)):
        answer = await app.admin.post(f"{RECORDS}/task", {"name": name, "due": str(date.fromordinal(today + days))})
        assert answer.status_code == 201, answer.text
    last = answer.json()["id"]
    record = (await app.admin.get(f"{RECORDS}/task/{last}")).json()
    assert [record[key] for key in ("left", "late", "seen")] == ["5", False, "3"]
    page = (await app.admin.get(f"{RECORDS}/task?sort=left&fields=name,left,late")).json()["records"]
    assert [(row["name"], row["left"], row["late"]) for row in page] == [("old", "-3", True), ("now", "0", False), ("new", "5", False)]
    page = (await app.admin.get(f"{RECORDS}/task?filter=left%20%3E%3D%200&sort=-left")).json()["records"]
    assert [row["name"] for row in page] == ["new", "now"]
    columns = await app.database.fetch("SELECT attname FROM pg_attribute WHERE attrelid = 'app_virtual.task'::regclass AND attname = 'left'")
    assert columns == []
    refused = await app.admin.ask("PATCH", f"{RECORDS}/task/{last}", {"left": "1"})
    assert refused.status_code == 422


@pytest.fixture(scope="module")
def organization() -> AppModel:
    """Return the organization."""
    model, issues = resolve(read_package("organization"), 1)
    assert model is not None, issues
    return model


@pytest.mark.parametrize(
    ("field", "code", "at"),
    [
        (element("x", "number", virtual=True), "definition-virtual-kind", "x/virtual"),
        (element("x", "number", formula="1", virtual=True, indexed=True), "definition-virtual-kind", "x/virtual"),
        (element("x", "reference", to="client", formula="client", virtual=True), "definition-virtual-kind", "x/virtual"),
        (element("x", "number", formula="left + 1"), "definition-virtual-read", "x/formula"),
        (element("x", "number", default="left + 1"), "definition-virtual-read", "x/default"),
        (element("x", "number", formula="YEAR(TODAY())"), "definition-formula-volatile", "x/formula"),
    ],
    ids=["no formula", "indexed", "reference", "stored formula", "default", "not virtual"],
)
def test_what_a_virtual_field_cannot_be(organization: AppModel, field: Document, code: str, at: str) -> None:
    _, issues = resolve(document(field), 1, {}, organization)
    assert [(found.code, found.pointer) for found in issues] == [(code, f"/entities/task/fields/{at}")]
