"""An app with everything policies can say tells nobody what they may not know, and everybody else what they may."""

from __future__ import annotations

import pytest

from dougong.leaks.audit import PARTS, audit
from dougong.leaks.stage import Stage


@pytest.mark.parametrize("part", PARTS)
async def test_nothing_is_told_to_whom_it_is_hidden_from(stage: Stage, part: str) -> None:
    report = await audit(stage, (), PARTS[part])
    assert [str(leak) for leak in report.leaks] == []
    assert (report.failed, report.unproven) == ([], [])
    assert report.hidden > 20
    assert report.requests > 50
