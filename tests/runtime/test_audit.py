"""The audit log as a table: rows are only ever added, whoever asks, and the chain tells a row that was changed, taken out or slipped in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import product
from uuid import UUID, uuid4

import asyncpg
import pytest

from dougong.audit.chain import START, Fault, Seal, SealUnreadable, read_seal, seal_rows, verify
from dougong.audit.deeds import DEEDS
from dougong.audit.record import From, Subject, UnknownDeed, record
from dougong.database.pool import ConnectionPool, open_pool
from dougong.permissions.actor import SYSTEM, Actor

ANN = Actor(UUID(int=7), "安 Ann", "en")


@pytest.fixture
async def pool(every_database: str) -> AsyncIterator[ConnectionPool]:
    opened = await open_pool(every_database, 0, 8)
    yield opened
    await opened.close()


async def filled(pool: ConnectionPool, count: int) -> list[int]:
    for number in range(count):
        await record(pool, "publish", ANN, Subject("crm"), {"version": number})
    return [row["id"] for row in await pool.fetch("SELECT id FROM dougong.audit ORDER BY id")]


async def tampered(pool: ConnectionPool, statement: str, *values: object) -> None:
    """Do what the owner of the tables can do at last: take the triggers off, and put them on again."""
    async with pool.acquire() as connection, connection.transaction():
        for table in ("audit", "audit_seal"):
            await connection.execute(f"ALTER TABLE dougong.{table} DISABLE TRIGGER USER")
        await connection.execute(statement, *values)
        for table in ("audit", "audit_seal"):
            await connection.execute(f"ALTER TABLE dougong.{table} ENABLE ALWAYS TRIGGER {table}_refuse")
        await connection.execute("ALTER TABLE dougong.audit ENABLE ALWAYS TRIGGER audit_queue")


async def test_a_row_says_who_did_what_to_what_and_from_where(pool: ConnectionPool) -> None:
    subject = Subject("organization", "user", uuid4(), "Bob")
    looked = uuid4()
    await record(pool, "change-organization", ANN, subject, {"action": "update", "roles": ["a"]}, From("10.0.0.7", looked))
    await record(pool, "read-sensitive", None)
    one, other = await pool.fetch("SELECT *, details->>'action' AS action FROM dougong.audit ORDER BY id")
    assert (one["actor"], one["actor_name"], one["view_as"], one["address"], one["deed"]) == (ANN.id, ANN.name, looked, "10.0.0.7", "change-organization")
    assert (one["app"], one["entity"], one["record_id"], one["subject"], one["action"]) == ("organization", "user", subject.record_id, "Bob", "update")
    assert (other["actor"], other["actor_name"], other["details"]) == (None, "", "{}")
    with pytest.raises(UnknownDeed):
        await record(pool, "no-deed", ANN)


async def test_a_row_is_kept_with_what_was_done_or_not_at_all(pool: ConnectionPool) -> None:
    with pytest.raises(ZeroDivisionError):
        async with pool.acquire() as connection, connection.transaction():
            await record(connection, "publish", ANN)
            raise ZeroDivisionError
    assert await pool.fetchval("SELECT count(*) FROM dougong.audit") == 0
    assert (await verify(pool)).seal == Seal(0, START)


async def test_nobody_changes_or_removes_rows_the_owner_and_replicas_included(pool: ConnectionPool) -> None:
    await filled(pool, 2)
    await seal_rows(pool)
    statements = ("UPDATE dougong.{} SET at = now()", "DELETE FROM dougong.{}", "TRUNCATE dougong.{}", "DELETE FROM dougong.{} WHERE false")
    for table, statement, role in product(("audit", "audit_seal"), statements, ("origin", "replica")):
        async with pool.acquire() as connection:
            with pytest.raises(asyncpg.PostgresError, match="only ever added") as refused:
                async with connection.transaction():
                    await connection.execute(f"SET LOCAL session_replication_role = {role}")
                    await connection.execute(statement.format(table))
            assert refused.value.sqlstate == "DG005"
        assert await pool.fetchval(f"SELECT count(*) FROM dougong.{table}") == 2


async def test_the_chain_tells_each_way_of_tampering_and_where(pool: ConnectionPool) -> None:
    ids = await filled(pool, 5)
    before = await verify(pool)
    assert (before.faults, before.seal.number) == ((), 5)
    assert await verify(pool, read_seal(str(before.seal))) == before
    await tampered(pool, "UPDATE dougong.audit SET details = '{\"version\": 99}' WHERE id = $1", ids[1])
    await tampered(pool, "DELETE FROM dougong.audit WHERE id = $1", ids[3])
    await tampered(pool, "INSERT INTO dougong.audit (actor_name, address, deed, app, entity, subject, details) VALUES ('', '', 'publish', '', '', '', '{}')")
    slipped = await pool.fetchval("SELECT max(id) FROM dougong.audit")
    await record(pool, "publish", ANN)
    found = await verify(pool)
    assert set(found.faults) == {Fault("changed", ids[1]), Fault("missing", ids[3]), Fault("slipped-in", slipped)}
    assert found.seal.number == 6


async def test_a_row_that_goes_before_it_is_sealed_is_missed_too(pool: ConnectionPool) -> None:
    ids = await filled(pool, 3)
    await tampered(pool, "DELETE FROM dougong.audit WHERE id = $1", ids[1])
    assert (await verify(pool)).faults == (Fault("missing", ids[1]),)


async def test_an_end_that_was_cut_off_is_told_by_a_seal_that_was_kept(pool: ConnectionPool) -> None:
    ids = await filled(pool, 4)
    kept = (await verify(pool)).seal
    await tampered(pool, "DELETE FROM dougong.audit_seal WHERE audit_id >= $1", ids[2])
    await tampered(pool, "DELETE FROM dougong.audit WHERE id >= $1", ids[2])
    assert (await verify(pool)).faults == ()
    assert (await verify(pool, kept)).faults == (Fault("cut-off", 4),)
    await tampered(pool, "DELETE FROM dougong.audit_seal WHERE audit_id = $1", ids[0])
    assert Fault("seal-missing", 1) in (await verify(pool)).faults
    for wrong in ("", "1:00", "x:" + "00" * 32):
        with pytest.raises(SealUnreadable):
            read_seal(wrong)


async def test_writers_and_sealers_at_once_leave_one_whole_chain_and_a_late_commit_waits_for_nobody(pool: ConnectionPool) -> None:
    async with pool.acquire() as late, late.transaction():
        await record(late, "publish", SYSTEM, Subject("late"))
        await asyncio.gather(*(record(pool, "publish", ANN, Subject("crm"), {"version": n}) for n in range(40)), *(seal_rows(pool) for _ in range(4)))
        await seal_rows(pool)
        assert await pool.fetchval("SELECT count(*) FROM dougong.audit_seal") == 40
    found = await verify(pool)
    assert (found.faults, found.seal.number) == ((), 41)
    assert await pool.fetchval("SELECT a.app FROM dougong.audit_seal s JOIN dougong.audit a ON a.id = s.audit_id WHERE s.number = 41") == "late"


def test_every_deed_has_words_in_both_languages() -> None:
    for key, deed in DEEDS.items():
        assert set(deed.name) == set(deed.sentence) == {"zh-CN", "en"}, key
