"""Sites with the workshop for tests of the runtime, on each PostgreSQL at hand: one a module."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.conftest import fresh_database
from tests.workshop import Shop, Template, open_shop, prepare


@pytest.fixture(scope="session")
def every_template(every_dsn: str) -> Iterator[Template]:
    """Return a database with the workshop on each server, for copying alone."""
    with fresh_database(every_dsn) as dsn:
        yield asyncio.run(prepare(dsn))


@pytest.fixture(scope="module")
def every_copy(every_dsn: str, every_template: Template) -> Iterator[str]:
    """Return the address of a copy of this module's own."""
    with fresh_database(every_dsn, every_template.dsn) as dsn:
        yield dsn


@pytest.fixture(scope="module")
async def shop(every_copy: str, every_template: Template) -> AsyncIterator[Shop]:
    """Return the running site of this module on each PostgreSQL at hand."""
    async with open_shop(every_copy, every_template) as opened:
        yield opened
