"""The channel × rule matrix: by every channel every rule is held with the same code and nothing is written; without it, it is not.

Both sides are tables; what is in the code and in neither makes a test fail.
"""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dougong.work.changes import STAGES
from tests.api.matrix_channels import CALLERS, CHANNELS, KINDS_OF_CHANGE, Laboratory
from tests.api.matrix_rules import RULES, codes_left_out, laboratory, lifted
from tests.workshop import Shop

CELLS = [(channel, rule) for channel, row in CHANNELS.items() for rule in RULES if rule not in row.not_here]
PLATFORM = Path(__file__).resolve().parents[2] / "platform" / "dougong"


@pytest.fixture(scope="module")
async def strict(shop: Shop) -> AsyncIterator[Laboratory]:
    """Return the app with all rules."""
    made = await shop.install(laboratory("strict"))
    assert made.status_code == 201, made.text
    lab = Laboratory(shop, laboratory("strict"))
    await lab.open()
    yield lab


@pytest.mark.parametrize(("channel", "rule"), CELLS, ids=[f"{channel}-{rule}" for channel, rule in CELLS])
async def test_the_rule_is_held_by_the_channel(strict: Laboratory, channel: str, rule: str) -> None:
    send = await CHANNELS[channel].begin(strict, RULES[rule])
    before = await strict.shop.counts()
    found = await send()
    assert {code for code, _ in found} == {CHANNELS[channel].told_as.get(rule, RULES[rule].code)}, found
    assert any(pointer.endswith(RULES[rule].at) for _, pointer in found), found
    assert await strict.shop.counts() == before


@pytest.mark.parametrize("rule", RULES)
async def test_without_the_rule_every_channel_lets_the_change_through(shop: Shop, rule: str) -> None:
    """What refuses a cell is the rule, and it is written in one place: lifted there, it is lifted for every channel."""
    document = lifted(laboratory(f"open_{rule}"), RULES[rule])
    made = await shop.install(document)
    assert made.status_code == 201, made.text
    lab = Laboratory(shop, document)
    await lab.open()
    for channel, row in CHANNELS.items():
        if rule not in row.not_here:
            assert await (await row.begin(lab, RULES[rule]))() == [], channel


def test_no_rule_and_no_channel_is_left_out() -> None:
    assert codes_left_out() == set()
    assert set(KINDS_OF_CHANGE) == {kind.__name__ for kind in STAGES}
    assert {channel for channels in KINDS_OF_CHANGE.values() for channel in channels} == set(CHANNELS)
    assert all(rule in RULES and reason for row in CHANNELS.values() for rule, reason in row.not_here.items())
    assert {str(path.relative_to(PLATFORM)) for path in PLATFORM.rglob("*.py") if _carries_out(path)} == set(CALLERS)


def _carries_out(path: Path) -> bool:
    """Whether a module asks the write path for something."""
    called = {node.func.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return bool(called & {"perform", "perform_in", "perform_bulk", "try_until_done", "carry_out", "carry_out_each"})
