"""Fault rounds in short form, a hundred clients at few records, and the proof that every check can fail."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from tests.faults.checks import CHECKS, SCHEMA, run_checks
from tests.faults.house import VICTIMS
from tests.faults.rounds import look, opened, run_rounds, write_many

TAMPERING = {
    "acknowledged orders": f"""UPDATE {SCHEMA}."order" SET revision = 0 WHERE number = (SELECT max(number) FROM {SCHEMA}."order")""",
    "whole orders": f"DELETE FROM {SCHEMA}.order__lines WHERE id = (SELECT id FROM {SCHEMA}.order__lines LIMIT 1)",
    "whole history": f"DELETE FROM dougong.history WHERE record_id = (SELECT id FROM {SCHEMA}.counter LIMIT 1) AND revision = 1",
    "whole change sets": f"DELETE FROM {SCHEMA}.together WHERE id = (SELECT id FROM {SCHEMA}.together LIMIT 1)",
    "gapless numbers": f"""UPDATE {SCHEMA}."order" SET number = 'F-999999' WHERE number = 'F-000001'""",
    "whole sums": f"UPDATE {SCHEMA}.stock SET on_hand = on_hand + 1",
    "whole imports": "UPDATE dougong.import SET done = done + 1",
    "no lost count": f"UPDATE {SCHEMA}.counter SET n = n + 1",
}
"""What breaks each check, as SQL; that an answer came twice is no matter of the database."""


async def test_rounds(home: Path) -> None:
    rounds = await run_rounds(home, VICTIMS, 60, 20261126)
    assert [(one.victim, one.findings) for one in rounds] == [(victim, {name: [] for name in CHECKS}) for victim in VICTIMS]
    assert sum(one.acknowledged for one in rounds) >= 180


async def test_a_hundred_clients_and_every_check_can_fail(home: Path) -> None:
    async with opened(home, 1, clients=100) as site:
        await write_many(site, 400)
        assert site.memory.repeated == 0
        assert await look(site) == {name: [] for name in CHECKS}
        database = await asyncpg.connect(site.house.dsn())
        try:
            for name, statement in TAMPERING.items():
                change = database.transaction()
                await change.start()
                await database.execute(statement)
                assert (await run_checks(database, site.memory))[name], name
                await change.rollback()
            site.memory.keep("order", site.memory.written["order"][0])
            assert (await run_checks(database, site.memory))["each once"]
        finally:
            await database.close()
    assert {*TAMPERING, "each once"} == set(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_checks_say_what_they_look_for(name: str) -> None:
    assert CHECKS[name].__doc__
