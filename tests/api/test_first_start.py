"""The first start: one of several processes prepares the site, a start that was broken off is taken up again."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from dougong.app import open_application
from dougong.packages.errors import PackageNotFound
from tests.api.browser import open_browser
from tests.api.conftest import settings_for

pytestmark = pytest.mark.anyio


async def start(dsn: str, **settings: object) -> None:
    """Start a process and end it again."""
    async with open_application(settings_for(dsn, **settings)) as app:
        assert (await open_browser(app).get("/api/health")).status_code == 200


async def test_one_of_several_processes_prepares_the_site(empty_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    starts = (start(empty_database, starter="", admin_email="boss@example.com") for _ in range(3))
    await asyncio.gather(*starts)
    printed = capsys.readouterr().out
    assert printed.count("/link#") == 1
    assert "boss@example.com" in printed


async def test_prepared_site_prints_nothing(site_dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
    await start(site_dsn)
    assert capsys.readouterr().out == ""


async def test_start_that_was_broken_off_is_taken_up(site_dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
    connection = await asyncpg.connect(site_dsn)
    try:
        await connection.execute("DELETE FROM dougong.sign_in_link")
        await connection.execute("DELETE FROM dougong.credential")
        await connection.execute("DELETE FROM dougong.session")
        before = await connection.fetch("SELECT app, number FROM dougong.app_version ORDER BY 1, 2")
        await start(site_dsn)
        after = await connection.fetch("SELECT app, number FROM dougong.app_version ORDER BY 1, 2")
    finally:
        await connection.close()
    assert capsys.readouterr().out.count("/link#") == 1
    assert before == after


async def test_starter_that_does_not_exist(empty_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PackageNotFound):
        await start(empty_database, starter="nothing")
    assert "/link#" not in capsys.readouterr().out
    await start(empty_database, starter="")
    assert capsys.readouterr().out.count("/link#") == 1
