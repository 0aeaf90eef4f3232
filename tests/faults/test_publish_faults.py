"""Kill -9 at stages of a publish, in short form: `python -m tests.faults` does it at every stage."""

from __future__ import annotations

from pathlib import Path

from tests.faults.publishes import kill_at, opened_house


async def test_killed_while_filling_and_at_the_switch(home: Path) -> None:
    async with opened_house(home) as house:
        await kill_at(house, "fill", "server", 1)
        await kill_at(house, "switch", "postgres", 2)
