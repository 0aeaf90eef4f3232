"""The apps that come with Dougong tell nobody what they may not know.

Of an app made of others a sample of its roles and as many records are looked at as fit into the time tests have; `dougong app audit`
looks at all of it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from dougong.leaks.audit import PARTS, audit
from dougong.leaks.stage import Stage
from dougong.packages.library import read_package, shipped_packages
from tests.leaks.conftest import OpenStage

SAMPLES = {
    "organization": ((), 9),
    "trading_starter": (("sales", "sales_manager", "warehouse", "manager"), 7),
    "crm_erp": (("sales", "manager"), 4),
}
"""By the key of a package whose requests are looked at, all where nobody is named, and how many records each entity gets: with seven the last is of another department."""


@dataclass(frozen=True, repr=False)
class Shipped:
    """The stage of an app that comes with Dougong, and who goes onto it."""

    stage: Stage
    people: tuple[str, ...]


@pytest.fixture(scope="module", params=SAMPLES)
async def shipped(new_stage: OpenStage, request: pytest.FixtureRequest) -> AsyncIterator[Shipped]:
    """Give the stage of each app in turn."""
    people, records = SAMPLES[request.param]
    async with new_stage(read_package(request.param), records) as stage:
        assert set(people) <= {person.name for person in stage.people}, [person.name for person in stage.people]
        yield Shipped(stage, people)


@pytest.mark.parametrize("part", PARTS)
async def test_a_shipped_app(shipped: Shipped, part: str) -> None:
    report = await audit(shipped.stage, shipped.people, PARTS[part])
    assert [str(leak) for leak in report.leaks] == []
    assert (report.failed, report.unproven) == ([], [])
    assert report.requests > 0


def test_no_package_is_left_out() -> None:
    assert set(SAMPLES) == set(shipped_packages())
