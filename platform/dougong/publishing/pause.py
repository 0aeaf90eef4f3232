"""How often a change of tables that met others in its way has been tried in; the next try, a moment later each time, out."""

import asyncio
import random

_FIRST_S, _LONGEST_S = 0.02, 2.0


async def pause(tries: int) -> None:
    """Let the others pass, longer each time, and not all who wait for as long."""
    await asyncio.sleep(min(_LONGEST_S, _FIRST_S * 2**tries) * random.uniform(0.5, 1))
