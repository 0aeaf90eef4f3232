"""`python -m tests.faults [rounds] [seed]`: fault rounds in the long form; what came of them is printed and kept in var/faults.json.

`python -m tests.faults publish` kills server and PostgreSQL at every stage of a publish instead.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
from itertools import product
from pathlib import Path

from dougong.publishing.stages import STAGES
from tests.faults.house import VICTIMS
from tests.faults.publishes import kill_at, opened_house
from tests.faults.rounds import run_rounds

KEPT = Path(__file__).parents[2] / "var" / "faults.json"
ROUNDS = 20
WRITES = 300
PATIENCE_S = 60.0


def main(rounds: int = ROUNDS, seed: int = 0) -> int:
    """Run the rounds and return 0 when all of them are clean."""
    seed = seed or random.SystemRandom().getrandbits(32)
    chance = random.Random(seed)
    victims = [chance.choice(VICTIMS) for _ in range(rounds)]
    with tempfile.TemporaryDirectory(prefix="dougong-faults-") as folder:
        done = asyncio.run(run_rounds(Path(folder), victims, WRITES, seed, PATIENCE_S))
    for one in done:
        wrong = "; ".join(f"{name}: {found}" for name, found in one.findings.items() if found)
        print(f"round {one.number:>2}  {one.victim:<8} after {one.killed_after:>3} of {one.acknowledged:>4}  {one.repeated:>2} repeated  {wrong or 'clean'}")
    clean = sum(one.is_clean for one in done)
    acknowledged = sum(one.acknowledged for one in done)
    KEPT.parent.mkdir(exist_ok=True)
    report = {"seed": seed, "rounds": rounds, "clean": clean, "acknowledged": acknowledged, "rounds_run": [one.as_json() for one in done]}
    KEPT.write_text(json.dumps(report, indent=1) + "\n")
    print(f"{clean} of {rounds} rounds clean, {acknowledged} writes acknowledged, seed {seed}; {KEPT}")
    return 0 if clean == rounds else 1


async def kill_publishes() -> int:
    """Kill each victim at each stage; the first finding ends it."""
    with tempfile.TemporaryDirectory(prefix="dougong-faults-") as folder:
        async with opened_house(Path(folder)) as house:
            for number, (stage, victim) in enumerate(product(STAGES, ("server", "postgres"))):
                await kill_at(house, stage, victim, number)
                print(f"{stage:<10} {victim:<8} clean")
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["publish"]:
        sys.exit(asyncio.run(kill_publishes()))
    sys.exit(main(*(int(word) for word in sys.argv[1:3])))
