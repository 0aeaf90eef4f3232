"""The stages of a publish that takes its time, by name; a test can have one of them wait while it kills the server or PostgreSQL."""

import asyncio
import os
from pathlib import Path
from typing import Literal, get_args

Stage = Literal["prepare", "fill", "index", "caught-up", "switch", "switched", "finish"]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""In their order: new columns; records filled in; indexes; what was changed meanwhile; the switch, before and after its transaction; constraints."""

HALT = "DOUGONG_TEST_HALT"
"""Names a stage and a file, `fill:/tmp/file`: whoever reaches the stage makes the file and goes on when it is gone. Tests alone set it."""

_LOOK_S = 0.02


async def reached(stage: Stage) -> None:
    """Say that a publish is about to begin a stage."""
    wanted, _, file = os.environ.get(HALT, "").partition(":")
    if wanted == stage and file:
        path = Path(file)
        await asyncio.to_thread(path.touch)
        while await asyncio.to_thread(path.exists):
            await asyncio.sleep(_LOOK_S)
