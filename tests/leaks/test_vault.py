"""An app with everything policies can say tells nobody what they may not know, and everybody else what they may."""

from __future__ import annotations

from dougong.leaks.audit import audit
from dougong.leaks.stage import Stage


async def test_nothing_is_told_to_whom_it_is_hidden_from(stage: Stage) -> None:
    report = await audit(stage)
    assert [str(leak) for leak in report.leaks] == []
    assert (report.failed, report.unproven) == ([], [])
    assert report.hidden > 20
