"""The apps that come with Dougong tell nobody what they may not know.

Of an app made of others a sample of its roles and as many records are looked at as fit into the time tests have; `dougong app audit`
looks at all of it.
"""

from __future__ import annotations

import pytest

from dougong.leaks.audit import audit
from dougong.packages.library import read_package
from tests.leaks.conftest import OpenStage

SAMPLES = {
    "organization": ((), 9),
    "trading_starter": (("sales", "sales_manager", "warehouse", "finance", "manager", "nobody"), 9),
    "crm_erp": (("trading_starter_sales", "manager", "nobody"), 5),
}
"""By the key of a package whose requests are looked at, all where nobody is named, and how many records each entity gets."""


@pytest.mark.parametrize("key", SAMPLES)
async def test_a_shipped_app(new_stage: OpenStage, key: str) -> None:
    people, records = SAMPLES[key]
    async with new_stage(read_package(key), records) as stage:
        report = await audit(stage, people)
    assert [str(leak) for leak in report.leaks] == []
    assert (report.failed, report.unproven) == ([], [])
