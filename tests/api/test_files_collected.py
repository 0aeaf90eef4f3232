"""Files that nothing refers to are removed: what records, the trash, retired fields or history hold stays, whoever comes at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dougong.files.collect import Collected, collect_files
from dougong.files.contents import Contents
from dougong.settings import read_settings
from tests.api.browser import problem_of
from tests.api.files_app import APP, kept, papers, picture, upload
from tests.workshop import Shop, Template, open_shop, without

NOW = timedelta(0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
async def office(shop_dsn: str, template: Template, folder: Path) -> AsyncIterator[Shop]:
    async with open_shop(shop_dsn, template, DOUGONG_DATA_DIR=str(folder)) as shop:
        installed = await shop.install(papers())
        assert installed.status_code == 201, installed.text
        yield shop


@pytest.fixture
def contents(folder: Path) -> Contents:
    return Contents(replace(read_settings({}), data_dir=folder))


async def collected(shop: Shop, contents: Contents, grace: timedelta = NOW) -> Collected:
    """Return what a collection removed, made on connections of its own."""
    import asyncpg

    async with asyncpg.create_pool(shop.dsn, min_size=0, max_size=2) as pool:
        return await collect_files(pool, contents, grace)


async def create(shop: Shop, **values: object) -> dict[str, Any]:
    """Return a new folder."""
    answer = await shop.admin.post(f"{APP}/folder", {"name": "folder", **values})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def on_disk(folder: Path) -> int:
    """Return how many contents and small pictures there are."""
    return sum(1 for path in (folder / "files").rglob("*") if path.is_file())


async def test_what_nothing_refers_to_goes_after_the_grace(office: Shop, contents: Contents, folder: Path) -> None:
    held, unused = await kept(office.admin, "held.txt", b"held"), await kept(office.admin, "unused.png", picture(size=(7, 7)))
    same = await kept(office.admin, "same.txt", b"held")
    await create(office, files=[held["id"]])
    assert on_disk(folder) == 3
    assert await collected(office, contents, timedelta(days=1)) == Collected()
    assert await collected(office, contents) == Collected(2, 1, unused["size"])
    assert on_disk(folder) == 1
    for file, status in ((held, 200), (unused, 404), (same, 404)):
        assert (await office.admin.get(f"/api/files/{file['id']}/x")).status_code == status
    again = await kept(office.admin, "unused.png", picture(size=(7, 7)))
    assert (await office.admin.get(f"/api/files/{again['id']}/x?small=true")).status_code == 200
    await collected(office, contents)


async def test_trash_rows_history_and_retired_fields_hold_files(office: Shop, contents: Contents) -> None:
    names = ("trash", "row", "taken out", "retired")
    trash, row, out, retired = [(await kept(office.admin, f"{name}.txt", name.encode()))["id"] for name in names]
    gone = await create(office, files=[trash])
    assert (await office.admin.ask("DELETE", f"{APP}/folder/{gone['id']}")).status_code == 204
    await create(office, pages=[{"scans": [row]}])
    changed = await create(office, files=[out], offers=[])
    assert (await office.admin.ask("PATCH", f"{APP}/folder/{changed['id']}", {"files": []})).status_code == 200
    await create(office, photos=[], offers=[(await kept(office.admin, "o.png", picture()))["id"]], files=[retired])
    document = without(papers(), "folder", "count")
    assert (await office.publish(without(document, "folder", "files"))).status_code == 201
    assert (await collected(office, contents)).files == 0
    assert (await collected(office, contents)).files == 0
    assert (await office.publish(papers())).status_code == 201
    await office.database.execute("DELETE FROM dougong.history WHERE record_id = $1", changed["id"])
    await office.database.execute("UPDATE dougong.file SET updated_at = updated_at - interval '31 days' WHERE updated_at > created_at")
    assert (await collected(office, contents)).files == 1
    assert await office.database.fetchval("SELECT count(*) FROM dougong.file WHERE id = $1", out) == 0


async def test_uploads_saves_and_collections_at_once_lose_nothing_that_was_saved(office: Shop, contents: Contents) -> None:
    async def one(number: int) -> str | None:
        """Upload one of three contents and save it: return its id unless the collection was first, as it may be without a grace."""
        file = await upload(office.admin, f"{number}.txt", f"content {number % 3}".encode())
        assert file.status_code == 201, file.text
        answer = await office.admin.post(f"{APP}/folder", {"name": "race", "files": [file.json()["id"]]})
        if answer.status_code == 422:
            assert [e["code"] for e in problem_of(answer, 422, "record-invalid")["errors"]] in (["record-file-missing"], ["record-reference-missing"])
            return None
        assert answer.status_code == 201, answer.text
        return str(file.json()["id"])

    async def collect() -> None:
        for _ in range(6):
            await collected(office, contents)

    *saved, _ = await asyncio.gather(*(one(number) for number in range(24)), collect())
    for number, file in enumerate(saved):
        if file is not None:
            answer = await office.admin.get(f"/api/files/{file}/x")
            assert (answer.status_code, answer.content) == (200, f"content {number % 3}".encode())
    assert await office.database.fetchval("SELECT count(*) FROM dougong.file f WHERE NOT EXISTS (SELECT FROM dougong.file_content c WHERE c.hash = f.hash)") == 0
