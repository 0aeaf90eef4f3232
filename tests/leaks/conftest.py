"""Stages for audits: an app with marks for records on a database of its own, with people for each of its roles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dougong.leaks.stage import Stage, open_stage
from dougong.logs import configure_logs
from dougong.settings import read_settings
from tests.conftest import fresh_database
from tests.leaks.vault import vault

OpenStage = Callable[..., AbstractAsyncContextManager[Stage]]


@pytest.fixture(scope="module")
def new_stage(dsn: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> OpenStage:
    """Return what gives the stage of an app on a database of its own."""

    @asynccontextmanager
    async def opened(package: Mapping[str, Any], records: int = 9) -> AsyncIterator[Stage]:
        configure_logs("error")
        database = fresh_database(dsn, migrated)
        address = await asyncio.to_thread(database.__enter__)
        try:
            settings = read_settings({"DATABASE_URL": address, "DOUGONG_POOL_MIN": "0", "DOUGONG_POOL_MAX": "4", "DOUGONG_STARTER": "none"})
            folder: Path = tmp_path_factory.mktemp("data")
            async with open_stage(replace(settings, data_dir=folder), package, records) as stage:
                stage.is_sample = True
                yield stage
        finally:
            await asyncio.to_thread(database.__exit__, None, None, None)

    return opened


@pytest.fixture(scope="module")
async def stage(new_stage: OpenStage) -> AsyncIterator[Stage]:
    """Return the stage of the app that has everything."""
    async with new_stage(vault()) as opened:
        yield opened
