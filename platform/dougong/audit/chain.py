"""The chain over the audit log: rows that were added in, a seal for each out, over what the row says and the seal before it.

Whoever adds a row waits for nobody: rows are sealed some seconds later, one process at a time, in the order of their ids as they
are committed. A row that is changed, taken out or slipped in afterwards no longer fits its seal or the seals after it. What the
chain alone cannot tell is that its end was cut off, rows and seals together: for that, keep the last seal elsewhere.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

import asyncpg

from dougong.errors import PlatformError

AT_ONCE = 2_000
START = bytes(32)
"""What the first seal has before it."""

_LOCK = 7_022_344_802_737_087_853
"""Key of the lock whoever seals holds."""
_CONTENT = """jsonb_build_array(
    a.id, to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), a.actor, a.actor_name, a.view_as, a.address, a.deed,
    a.app, a.entity, a.record_id, a.subject, a.details)::text"""
_WAITING = "SELECT EXISTS (SELECT FROM dougong.audit_unsealed)"
_NEXT = f"""
WITH taken AS (
    DELETE FROM dougong.audit_unsealed WHERE audit_id IN (SELECT audit_id FROM dougong.audit_unsealed ORDER BY audit_id LIMIT {AT_ONCE})
    RETURNING audit_id)
SELECT taken.audit_id AS id, {_CONTENT} AS content FROM taken LEFT JOIN dougong.audit a ON a.id = taken.audit_id
WHERE NOT EXISTS (SELECT FROM dougong.audit_seal s WHERE s.audit_id = taken.audit_id) ORDER BY 1"""
"""A row that is gone by now is sealed as well, as one of blanks, so that it is missed."""
_LAST = "SELECT number, digest FROM dougong.audit_seal ORDER BY number DESC LIMIT 1"
_SEAL = "INSERT INTO dougong.audit_seal (number, audit_id, digest) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])"
_SEALED = f"""
SELECT s.number, s.audit_id, s.digest, a.id IS NOT NULL AS is_there, {_CONTENT} AS content
FROM dougong.audit_seal s LEFT JOIN dougong.audit a ON a.id = s.audit_id WHERE s.number > $1 ORDER BY s.number LIMIT {AT_ONCE}"""
_UNSEALED = """
SELECT a.id FROM dougong.audit a WHERE NOT EXISTS (SELECT FROM dougong.audit_seal s WHERE s.audit_id = a.id)
AND NOT EXISTS (SELECT FROM dougong.audit_unsealed u WHERE u.audit_id = a.id) ORDER BY a.id LIMIT 100"""


@dataclass(frozen=True, slots=True)
class Seal:
    """The end of the chain: how many rows are in it, and the digest over all of them.

    >>> str(Seal(2, bytes(32)))[:14]
    '2:000000000000'
    """

    number: int
    digest: bytes

    def __str__(self) -> str:
        """Return the seal as people write it down."""
        return f"{self.number}:{self.digest.hex()}"


class SealUnreadable(PlatformError):
    """What was given as a seal of the audit log cannot be one."""

    code = "audit-seal-unreadable"
    title = {"zh-CN": "无法识别的封签", "en": "This is no seal"}
    status = 422
    sentence = {
        "zh-CN": "“{text}”不是审计日志的封签，应为“序号:64 位十六进制摘要”。",
        "en": "“{text}” is no seal of the audit log; one is written number:digest, with 64 hexadecimal digits.",
    }


def read_seal(text: str) -> Seal:
    """Return the seal a text stands for; raises SealUnreadable.

    >>> read_seal("7:" + "00" * 32).number
    7
    """
    match = re.fullmatch(r"([0-9]{1,18}):([0-9a-f]{64})", text.strip())
    if match is None:
        raise SealUnreadable(text=text)
    return Seal(int(match[1]), bytes.fromhex(match[2]))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with the log. kind: `changed`, `missing`, `seal-missing`, `slipped-in` or `cut-off`. row: an id, or the place of a seal."""

    kind: str
    row: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at the whole log found. seal: its end, to be kept elsewhere."""

    seal: Seal
    faults: tuple[Fault, ...]


async def seal_rows(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """Seal what was added since; where another process is at it, it is left to that."""
    if not await pool.fetchval(_WAITING):
        return
    async with pool.acquire() as connection:
        while True:
            async with connection.transaction():
                if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
                    return
                if not await _seal_next(connection):
                    return


async def verify(pool: "asyncpg.Pool[asyncpg.Record]", expected: Seal | None = None) -> Verdict:
    """Seal what waits, then compute the whole chain anew and return what does not fit, the first hundred of each kind.

    expected: a seal somebody kept: that it is still in the chain shows that nothing up to it was cut off and made anew.
    """
    faults: list[Fault] = []
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        while await _seal_next(connection):
            pass
        seal, has_expected = Seal(0, START), expected is None or expected == Seal(0, START)
        while rows := await connection.fetch(_SEALED, seal.number):
            for row in rows:
                faults += [Fault("seal-missing", number) for number in range(seal.number + 1, row["number"])]
                if not row["is_there"]:
                    faults.append(Fault("missing", row["audit_id"]))
                elif row["number"] == seal.number + 1 and _over(seal.digest, row["content"]) != row["digest"]:
                    faults.append(Fault("changed", row["audit_id"]))
                seal = Seal(row["number"], row["digest"])  # goes on from what stands there, so that one fault is told once
                has_expected = has_expected or seal == expected
        faults += [Fault("slipped-in", row["id"]) for row in await connection.fetch(_UNSEALED)]
    if not has_expected and expected is not None:
        faults.append(Fault("cut-off", expected.number))
    return Verdict(seal, tuple(faults))


async def _seal_next(connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> bool:
    """Seal the oldest rows that wait; False where none did."""
    rows = await connection.fetch(_NEXT)
    last = await connection.fetchrow(_LAST)
    number, digest = (0, START) if last is None else (last["number"], last["digest"])
    digests = []
    for row in rows:
        digest = _over(digest, row["content"])
        digests.append(digest)
    numbers = list(range(number + 1, number + 1 + len(rows)))
    await connection.execute(_SEAL, numbers, [row["id"] for row in rows], digests)
    return bool(await connection.fetchval(_WAITING))


def _over(before: bytes, content: str) -> bytes:
    return sha256(before + content.encode()).digest()
