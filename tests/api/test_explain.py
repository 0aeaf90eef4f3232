"""How a computed value comes about, as it is told to people: the formula in words, what it reads, the records behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.browser import problem_of
from tests.workshop import ALL, Shop, element, entity, label, package

APP = "explaining"
RECORDS = f"/api/apps/{APP}/records"


@pytest.fixture(scope="module")
async def app(shop: Shop) -> AsyncIterator[Shop]:
    """Give the shop with an app in which a clerk sees clients and only their own jobs, and no regions."""
    region = entity("region", "name", element("name", "text"))
    client = entity(
        "client", "name", element("name", "text"), element("region", "reference", to="region"),
        element("done", "money", formula='SUM(jobs[state = "done"].worth)', discloses=True),
        element("place", "text", formula="region.name", discloses=True), element("secret", "text", formula="region.name"),
        element("share", "number", scale=2, formula="done / COUNT(jobs)", discloses=True),
    )  # fmt: skip
    job = entity(
        "job", "name", element("name", "text"), element("state", "text"), element("worth", "money"),
        element("client", "reference", to="client", inverse={"key": "jobs", "name": label("Jobs")}),
    )  # fmt: skip
    document = package(APP, region, client, job)
    document["roles"].append({"key": "clerk", "name": label("Clerk")})
    document["policies"] += [
        {"key": "clerk_client", "role": "clerk", "entity": "client", "actions": ["read"], "rows": "all"},
        {"key": "clerk_job", "role": "clerk", "entity": "job", "actions": ALL, "rows": "own"},
    ]
    answer = await shop.install(document)
    assert answer.status_code == 201, answer.text
    role = await shop.database.fetchval(f"SELECT id FROM app_organization.role WHERE key = '{APP}.clerk'")
    path = f"/api/apps/organization/records/user/{shop.tickets['worker'].user_id}"
    roles = (await shop.admin.get(path)).json()["roles"]
    given = [{"id": row["id"], "role": row["role"]} for row in roles] + [{"role": str(role)}]
    changed = await shop.admin.ask("PATCH", path, {"roles": given})
    assert changed.status_code == 200, changed.text
    yield shop


async def made(browser: Any, kind: str, **values: object) -> str:  # noqa: ANN401 – somebody's browser
    """Return the id of a new record."""
    answer = await browser.post(f"{RECORDS}/{kind}", values)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def explained(browser: Any, record: str, field: str) -> dict[str, Any]:  # noqa: ANN401
    """Return what is told of a field of a client."""
    answer = await browser.get(f"{RECORDS}/client/{record}/explain/{field}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_what_is_told_is_what_may_be_read(app: Shop) -> None:
    north = await made(app.admin, "region", name="North")
    client = await made(app.admin, "client", name="Acme", region=north)
    first = await made(app.admin, "job", name="roof", state="done", worth="30", client=client)
    await made(app.admin, "job", name="wall", state="open", worth="5", client=client)
    own = await made(app.worker, "job", name="door", state="done", worth="12", client=client)

    told = await explained(app.admin, client, "done")
    assert told["words"]["en"] == 'SUM(Jobs[state = "done"].worth)'
    assert told["words"]["zh-CN"] == 'SUM(Jobs（中）[state（中） = "done"].worth（中）)'
    assert [told[key] for key in ("value", "error", "inputs")] == ["42", None, []]
    (listed,) = told["lists"]
    assert [listed[key] for key in ("path", "entity", "count", "hidden")] == [["jobs"], "job", 2, 0]
    assert [(one["id"], one["title"], one["values"]) for one in listed["records"]] == [
        (first, "roof", {"state": "done", "worth": "30"}), (own, "door", {"state": "done", "worth": "12"}),
    ]  # fmt: skip

    told = await explained(app.worker, client, "done")
    assert told["value"] == "42"
    (listed,) = told["lists"]
    assert [listed[key] for key in ("count", "hidden")] == [1, 1]
    assert [one["title"] for one in listed["records"]] == ["door"]

    (told,) = (await explained(app.admin, client, "place"))["inputs"]
    assert told["name"] == {"en": "region › name", "zh-CN": "region（中） › name（中）"}
    assert [told[key] for key in ("value", "record", "hidden")] == ["North", {"entity": "region", "id": north, "title": "North"}, False]
    (told,) = (await explained(app.worker, client, "place"))["inputs"]
    assert [told[key] for key in ("value", "record", "hidden")] == [None, None, True]

    problem_of(await app.worker.get(f"{RECORDS}/client/{client}/explain/secret"), 404, "field-not-computed")
    assert (await explained(app.admin, client, "secret"))["value"] == "North"
    assert "secret" not in (await app.worker.get(f"{RECORDS}/client/{client}")).json()

    told = await explained(app.admin, client, "share")
    assert [(one["path"], one["value"]) for one in told["inputs"]] == [(["done"], "42")]
    assert [(one["path"], one["count"]) for one in told["lists"]] == [(["jobs"], 3)]


async def test_an_error_is_told_and_what_is_not_computed_has_no_explanation(app: Shop) -> None:
    client = await made(app.admin, "client", name="Empty")
    told = await explained(app.admin, client, "share")
    assert [told[key] for key in ("value", "error")] == [None, "DIV0"]
    for field in ("name", "nothing"):
        problem_of(await app.admin.get(f"{RECORDS}/client/{client}/explain/{field}"), 404, "field-not-computed")
    problem_of(await app.other.get(f"{RECORDS}/client/{client}/explain/done"), 404, "app-not-found")
    problem_of(await app.admin.get(f"{RECORDS}/client/00000000-0000-7000-8000-000000000000/explain/done"), 404, "record-not-found")
