"""Rounds of faults: a number of rounds and a seed in, for each what was killed when, what was acknowledged and what was found wrong."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import asyncpg

from tests.faults.checks import run_checks
from tests.faults.house import House
from tests.faults.memory import Memory, Writer
from tests.faults.workloads import APP, document, prepare, write_once

CLIENTS = 8
_LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class Round:
    """One round. killed_after: acknowledged writes of the round before the kill. repeated: answers that were not the first try's."""

    number: int
    victim: str
    killed_after: int
    acknowledged: int
    repeated: int
    findings: Mapping[str, Sequence[str]]

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found wrong."""
        return not any(self.findings.values())

    def as_json(self) -> dict[str, object]:
        """Return it as JSON values."""
        return {**asdict(self), "is_clean": self.is_clean}


@dataclass
class Opened:
    """A site that is up with the app on it, its clients, and what they know."""

    house: House
    memory: Memory
    writers: Sequence[Writer]
    is_up: asyncio.Event


@asynccontextmanager
async def opened(folder: Path, seed: int, clients: int = CLIENTS) -> AsyncIterator[Opened]:
    """Give a site of its own in a folder for the block, prepared for the workloads."""
    house, memory, chance = House(folder), Memory(), random.Random(seed)
    house.start()
    try:
        await house.is_up()
        await house.sign_in()
        await _open_app(house)
        is_up = asyncio.Event()
        is_up.set()
        async with house.client() as client:
            writers = [Writer(client, memory, random.Random(chance.getrandbits(64)), is_up, APP) for _ in range(clients)]
            await prepare(writers[0])
            yield Opened(house, memory, writers, is_up)
    finally:
        house.close()


async def run_rounds(folder: Path, victims: Sequence[str], writes: int, seed: int, patience_s: float = 0) -> list[Round]:
    """Run a round for each victim on one site, and return what came of them; it ends with the first that is not clean.

    patience_s: how long to wait after a round for jobs that were cut off, which another worker takes up when nobody has heard of
    theirs for a while, and then to have all that is computed verified; 0 looks only for what holds at every moment.
    """
    chance = random.Random(seed)
    rounds: list[Round] = []
    async with opened(folder, seed) as site:
        for number, victim in enumerate(victims, 1):
            rounds.append(await _round(site, number, victim, writes, chance.randint(1, writes * 3 // 4), patience_s))
            if not rounds[-1].is_clean:
                break
    return rounds


async def write_many(site: Opened, writes: int) -> None:
    """Let all clients write until so many writes are acknowledged."""
    before = site.memory.acknowledged

    async def write(writer: Writer) -> None:
        while site.memory.acknowledged - before < writes:
            await write_once(writer)

    await asyncio.gather(*(write(writer) for writer in site.writers))


async def look(site: Opened) -> dict[str, list[str]]:
    """Return what is wrong in the database, check by check."""
    database = await asyncpg.connect(site.house.dsn())
    try:
        return await run_checks(database, site.memory)
    finally:
        await database.close()


async def _open_app(house: House) -> None:
    """Install the app, and count what is announced from now on: notices leave the outbox when they have been delivered."""
    async with house.client() as client:
        installed = await client.post("/api/apps", json={"package": document()})
        assert installed.status_code == 201, installed.text
    database = await asyncpg.connect(house.dsn())
    try:
        await database.execute(
            """CREATE SCHEMA seen; CREATE TABLE seen.notice (change_set uuid);
               CREATE FUNCTION seen.see() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN INSERT INTO seen.notice VALUES (NEW.change_set); RETURN NULL; END $$;
               CREATE TRIGGER see AFTER INSERT ON dougong.outbox FOR EACH ROW EXECUTE FUNCTION seen.see()"""
        )
    finally:
        await database.close()


async def _round(site: Opened, number: int, victim: str, writes: int, kill_after: int, patience_s: float) -> Round:
    before, repeated = site.memory.acknowledged, site.memory.repeated
    is_time = asyncio.Event()
    site.memory.tell(before + kill_after, is_time)

    async def kill() -> None:
        await is_time.wait()
        if victim != "backend":
            site.is_up.clear()
        await site.house.kill(victim)
        await site.house.mend(victim)
        site.is_up.set()

    await asyncio.gather(kill(), write_many(site, writes))
    acknowledged = site.memory.acknowledged - before
    ended = {"ended": await _unfinished(site, patience_s), "verified": await site.house.verify(APP)} if patience_s else {}
    return Round(number, victim, kill_after, acknowledged, site.memory.repeated - repeated, {**await look(site), **ended})


async def _unfinished(site: Opened, patience_s: float) -> list[str]:
    """Return the imports a job still works on when patience is over, and those that ended as no import may."""
    database = await asyncpg.connect(site.house.dsn())
    try:
        for _ in range(int(patience_s / _LOOK_S)):
            busy = await database.fetch("SELECT id, state FROM dougong.import WHERE state IN ('reading', 'checking', 'writing')")
            if not busy:
                break
            await asyncio.sleep(_LOOK_S)
        failed = await database.fetch("SELECT id, refusal->>'code' AS state FROM dougong.import WHERE state = 'failed' AND refusal->>'code' <> 'import-interrupted'")
    finally:
        await database.close()
    return [f"import {row['id']}: {row['state']}" for row in [*busy, *failed]]
