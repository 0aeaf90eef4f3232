"""A database that this release has filled in, read by a release whose format of documents is the next one: every document is of that format.

The next release is this one with two files changed as they will be: the format's number, and the step that leads to it.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.house import House
from tests.workshop import Document, element, entity, package, with_fields

ROOT = Path(__file__).resolve().parents[2]
APP = "/api/apps/kept"
MARK = " (format 2)"
STEP = f"""
def _second(document: Document) -> Document:
    texts = document.get("description") or {{"en": ""}}
    return {{**document, "description": {{language: text + {MARK!r} for language, text in texts.items()}}}}


UPGRADES = {{1: _second}}
"""


def kept(version: str = "1.0.0", *more: Document) -> Document:
    return {**package("kept", entity("card", "name", element("name", "text"), *more)), "version": version}


def next_release(folder: Path) -> Path:
    """Return the source root of a release with the next format."""
    for name in ("engines", "migrations", "templates_library", "apps", "web_designer", "pyproject.toml"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "platform" / "dougong", folder / "platform" / "dougong", ignore=shutil.ignore_patterns("__pycache__"))
    model = folder / "platform" / "dougong" / "model"
    definition = (model / "definition.py").read_text()
    assert definition.count("dougong.app/1") >= 1
    (model / "definition.py").write_text(definition.replace("dougong.app/1", "dougong.app/2"))
    upgrades = (model / "format_upgrades.py").read_text()
    (model / "format_upgrades.py").write_text(upgrades + STEP)
    return folder / "platform"


@pytest.fixture(scope="module")
async def read(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the next release: on two versions, a draft, a planned publish, an uploaded package and an upgrade in a draft."""
    folder = tmp_path_factory.mktemp("site")
    house = House(folder)
    house.start()
    try:
        await house.is_up()
        await house.sign_in()
        async with house.client() as client:
            await fill(client)
        assert house.process is not None
        os.killpg(house.process.pid, signal.SIGTERM)
        house.process.wait()
        house.environment["PYTHONPATH"] = os.pathsep.join([str(next_release(tmp_path_factory.mktemp("next"))), *sys.path])
        house.start()
        await house.is_up()
        async with house.client() as client:
            yield client
    finally:
        house.close()


async def fill(client: httpx.AsyncClient) -> None:
    """Have this release store documents in every way in which it does."""
    for document in (kept(), {**kept(), "key": "pending"}):
        assert (await client.post("/api/apps", json={"package": document, "demo": False})).status_code == 201
    assert (await client.post("/api/library", json=kept("2.0.0", element("size", "text")))).status_code == 201
    await save(client, "kept", with_fields(kept(), "card", element("code", "text")))
    planned = await save(client, "kept", with_fields(kept(), "card", element("code", "text"), element("later", "text")), publishes=False)
    due = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    answer = await client.post(f"{APP}/versions", json={"revision": planned, "note": "", "due_at": due})
    assert answer.status_code == 202, answer.text
    upgrade = {"package": {**kept("2.0.0", element("size", "text")), "key": "pending"}, "revision": (await client.get("/api/apps/pending/draft")).json()["revision"]}
    assert (await client.post("/api/apps/pending/upgrade", json=upgrade)).status_code == 201


async def save(client: httpx.AsyncClient, app: str, document: Document, publishes: bool = True) -> int:
    revision = (await client.get(f"/api/apps/{app}/draft")).json()["revision"]
    answer = await client.put(f"/api/apps/{app}/draft", json={"revision": revision, "document": document})
    assert answer.status_code == 200, answer.text
    found = int(answer.json()["revision"])
    if publishes:
        assert (await client.post(f"/api/apps/{app}/versions", json={"revision": found, "note": ""})).status_code == 201
    return found


def is_present(document: Any) -> bool:  # noqa: ANN401 – JSON
    """Whether a document has gone through the step, once."""
    return bool(document["format"] == "dougong.app/2" and document["description"]["en"].count(MARK) == 1)


async def got(client: httpx.AsyncClient, path: str, **query: str) -> Any:  # noqa: ANN401 – JSON
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_every_document_that_is_read_is_of_the_present_format(read: httpx.AsyncClient) -> None:
    draft = await got(read, f"{APP}/draft")
    assert is_present(draft["document"])
    for number in (1, 2):
        assert is_present((await got(read, f"{APP}/versions/{number}"))["document"])
    assert is_present(await got(read, f"{APP}/export"))
    assert is_present((await read.get(f"{APP}/package")).json())
    assert is_present((await read.get("/api/library/kept/file", params={"version": "2.0.0"})).json())


async def test_versions_that_differ_in_their_format_alone_do_not_differ(read: httpx.AsyncClient) -> None:
    same = await got(read, f"{APP}/compare", **{"from": "2", "to": "active"})
    assert same["count"] == 0
    drafted = await got(read, f"{APP}/compare", **{"from": "active", "to": "draft"})
    assert [change["pointer"] for group in drafted["groups"] for change in group["changes"]] == ["/entities/card/fields/later"]
    assert [one["pointer"] for one in (await got(read, f"{APP}/draft/changes"))["changes"]] == ["/entities/card/fields/later"]
    back = await got(read, f"{APP}/versions/1/restore/plan")
    assert [change["pointer"] for group in back["groups"] for change in group["changes"]] == ["/entities/card/fields/code"]
    origins = (await got(read, f"{APP}/provenance"))["elements"]
    assert {pointer for pointer, one in origins.items() if one["package"] is None} == {"/entities/card/fields/code", "/entities/card/fields/later"}
    plan = (await read.post(f"{APP}/upgrade/plan", json={"package": "kept"})).json()
    assert (plan["issues"], plan["conflicts"]) == ([], [])
    assert [one["change"]["pointer"] for one in plan["merged"] if one["side"] == "theirs" and "fields" in one["change"]["pointer"]] == ["/entities/card/fields/size"]


async def test_what_was_uploaded_once_is_the_same_when_it_comes_again(read: httpx.AsyncClient) -> None:
    assert (await read.post("/api/library", json=kept("2.0.0", element("size", "text")))).status_code == 201


async def test_what_waits_becomes_a_version_of_the_present_format(read: httpx.AsyncClient) -> None:
    """The upgrade of a draft, and a return to a version of the former format."""
    [stand] = (await got(read, "/api/apps/pending/upgrade"))["packages"]
    assert (stand["version"], stand["draft_version"]) == ("1.0.0", "2.0.0")
    revision = (await got(read, "/api/apps/pending/draft"))["revision"]
    assert (await read.post("/api/apps/pending/versions", json={"revision": revision, "note": ""})).status_code == 201
    [stand] = (await got(read, "/api/apps/pending/upgrade"))["packages"]
    assert (stand["version"], stand["draft_version"]) == ("2.0.0", None)
    assert is_present(await got(read, "/api/apps/pending/export"))
    [publish] = (await got(read, f"{APP}/publishes"))["publishes"]
    assert publish["state"] == "scheduled"
    revision = (await got(read, f"{APP}/draft"))["revision"]
    answer = await read.post(f"{APP}/versions/1/restore", json={"revision": revision, "note": ""})
    assert answer.status_code == 201, answer.text
    document = await got(read, f"{APP}/export")
    assert is_present(document)
    assert [field["key"] for field in document["entities"][0]["fields"]] == ["name"]
