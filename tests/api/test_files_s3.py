"""Files in a bucket: a site that keeps them at a server that speaks S3, which is a real one of another process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest

from dougong.files.collect import collect_files
from dougong.files.contents import Contents, content_key
from dougong.settings import read_settings
from tests.api.browser import problem_of
from tests.api.files_app import APP, kept, papers, picture, upload
from tests.workshop import Shop, Template, open_shop

SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""
KEYS = {"DOUGONG_FILES_KEY_ID": "key", "DOUGONG_FILES_SECRET": "secret", "DOUGONG_FILES_REGION": "us-east-1"}


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """Return the address of a server with an empty bucket called papers."""
    with subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None and server.stdin is not None
        address = f"http://127.0.0.1:{int(server.stdout.readline())}"
        # The first request makes the server bring in all it has, which takes long beside other tests.
        assert httpx.put(f"{address}/papers", timeout=60).status_code == 200
        yield address
        server.stdin.close()


@pytest.fixture(scope="module")
def places(bucket: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the settings of a site that keeps its files in the bucket."""
    folder = tmp_path_factory.mktemp("data")
    return {**KEYS, "DOUGONG_FILES": "s3://papers/ours", "DOUGONG_FILES_ENDPOINT": bucket, "DOUGONG_DATA_DIR": str(folder)}


@pytest.fixture(scope="module")
async def office(shop_dsn: str, template: Template, places: dict[str, str]) -> AsyncIterator[Shop]:
    async with open_shop(shop_dsn, template, **places) as shop:
        installed = await shop.install(papers())
        assert installed.status_code == 201, installed.text
        yield shop


async def listed(bucket: str) -> int:
    """Return how many contents and small pictures are in the bucket."""
    async with httpx.AsyncClient() as client:
        return (await client.get(f"{bucket}/papers?list-type=2")).text.count("<Key>ours/")


async def test_a_bucket_keeps_files_as_a_folder_does(office: Shop, bucket: str, places: dict[str, str]) -> None:
    content = os.urandom(7_000_000)
    large, small = await kept(office.admin, "large.bin", content), await kept(office.admin, "p.png", picture())
    unused = await kept(office.admin, "unused.bin", b"unused")
    answer = await office.admin.post(f"{APP}/folder", {"name": "x", "files": [large["id"], small["id"]]})
    assert answer.status_code == 201, answer.text
    path = f"/api/files/{large['id']}/x"
    assert (await office.admin.get(path)).content == content
    assert (await office.admin.get(path, range="bytes=6500000-6500009")).content == content[6_500_000:6_500_010]
    assert (await office.admin.get(f"/api/files/{small['id']}/x?small=true")).headers["content-type"] == "image/webp"
    assert await listed(bucket) == 4

    async with asyncpg.create_pool(office.dsn, min_size=0, max_size=2) as pool:
        found = await collect_files(pool, Contents(read_settings(places)), timedelta(0))
    assert (found.files, found.contents, found.size) == (1, 1, unused["size"])
    assert await listed(bucket) == 3


async def test_a_content_that_is_lost_is_said_and_comes_back_with_the_next_upload(office: Shop, places: dict[str, str]) -> None:
    file = await kept(office.admin, "lost.bin", b"lost")
    digest = await office.database.fetchval("SELECT hash FROM dougong.file WHERE id = $1", file["id"])
    await Contents(read_settings(places)).delete(content_key(digest))
    problem_of(await office.admin.get(f"/api/files/{file['id']}/x"), 500, "file-content-lost")
    again = await kept(office.admin, "lost.bin", b"lost")
    assert (await office.admin.get(f"/api/files/{again['id']}/x")).content == b"lost"


async def test_a_store_that_refuses_is_told_apart_from_a_fault(shop_dsn: str, template: Template, bucket: str, tmp_path: Path) -> None:
    wrong = {**KEYS, "DOUGONG_FILES": "s3://nobody", "DOUGONG_FILES_ENDPOINT": bucket, "DOUGONG_DATA_DIR": str(tmp_path)}
    async with open_shop(shop_dsn, template, **wrong) as shop:
        before = await shop.database.fetchval("SELECT count(*) FROM dougong.file")
        problem_of(await upload(shop.admin, "a.txt", b"somewhere"), 503, "file-store-unavailable")
        assert await shop.database.fetchval("SELECT count(*) FROM dougong.file") == before
