"""The mail to be sent: a kind and whom it is for in, a row and a job after the caller's transaction out; and what became of each.

What a mail says is written when it is sent, and its link is made then, so that neither the queue nor this table ever holds a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

import asyncpg
import orjson

from dougong.jobs.waiting import enqueue
from dougong.mail.errors import MailNotFound
from dougong.mail.letters import LETTERS

JOB = "mail"
"""The kind of job that sends one mail."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
"""How long a mail waits after each try that failed; after the last it has failed for good."""
KEPT = timedelta(days=90)
MOST_SHOWN = 100

State = Literal["waiting", "sent", "failed"]
_COLUMNS = "id, kind, user_id, email, parts::text, state, tries, reason, created_by, created_at, updated_at"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail and what became of it. email: where it goes; empty until it is sent, and then what the user's was. tries: those that failed."""

    id: UUID
    kind: str
    user_id: UUID
    email: str
    parts: Mapping[str, str]
    state: State
    tries: int
    reason: str
    created_by: UUID
    created_at: datetime
    updated_at: datetime


async def post(connection: Any, kind: str, user_id: UUID, actor_id: UUID, email: str = "", **parts: str) -> UUID:  # noqa: ANN401 – a connection, pooled or not
    """Queue a mail to a user in the caller's transaction and return its id; a rollback takes it back.

    email: where it goes if not to the user's present address. parts: what fills its template in besides who it is for; no secret.
    """
    assert kind in LETTERS, kind
    mail = uuid4()
    await connection.execute(
        "INSERT INTO dougong.mail (id, kind, user_id, email, parts, created_by) VALUES ($1, $2, $3, $4, $5, $6)",
        mail, kind, user_id, email, orjson.dumps(parts).decode(), actor_id,
    )  # fmt: skip
    await enqueue(connection, JOB, {"mail": str(mail)})
    return mail


async def read_mail(pool: asyncpg.Pool, mail: UUID) -> Mail | None:
    """Return a mail, None if it is gone."""
    row = await pool.fetchrow(f"SELECT {_COLUMNS} FROM dougong.mail WHERE id = $1", mail)
    return _mail(row) if row else None


async def read_mails(pool: asyncpg.Pool) -> list[Mail]:
    """Return the latest mails, the newest first, those that failed before the others."""
    rows = await pool.fetch(
        f"SELECT {_COLUMNS} FROM dougong.mail ORDER BY state = 'failed' DESC, created_at DESC, id LIMIT $1", MOST_SHOWN
    )
    return [_mail(row) for row in rows]


async def keep_sent(pool: asyncpg.Pool, mail: UUID, email: str) -> None:
    """Keep that the mail server has taken a mail."""
    await pool.execute("UPDATE dougong.mail SET state = 'sent', email = $2, reason = '', updated_at = now() WHERE id = $1", mail, email)


async def keep_failed(connection: Any, mail: UUID, reason: str) -> None:  # noqa: ANN401 – a connection, pooled or not
    """Keep that a mail cannot be sent, and why."""
    await connection.execute(
        "UPDATE dougong.mail SET state = 'failed', tries = tries + 1, reason = $2, updated_at = now() WHERE id = $1", mail, reason
    )


async def put_off(pool: asyncpg.Pool, mail: Mail, reason: str) -> bool:
    """Try a mail again after a pause that grows; False when it has been tried often enough, and nothing is done."""
    if mail.tries >= len(PAUSES):
        return False
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(
            "UPDATE dougong.mail SET tries = tries + 1, reason = $2, updated_at = now() WHERE id = $1", mail.id, reason
        )
        await enqueue(connection, JOB, {"mail": str(mail.id)}, after=PAUSES[mail.tries])
    return True


async def send_again(pool: asyncpg.Pool, mail: UUID) -> None:
    """Queue a mail anew that has failed; raises MailNotFound."""
    async with pool.acquire() as connection, connection.transaction():
        found = await connection.fetchval(
            "UPDATE dougong.mail SET state = 'waiting', tries = 0, updated_at = now() WHERE id = $1 AND state = 'failed' RETURNING id", mail
        )
        if found is None:
            raise MailNotFound
        await enqueue(connection, JOB, {"mail": str(mail)})


async def remove_old_mail(pool: asyncpg.Pool) -> None:
    """Forget mails a season after what became of them."""
    await pool.execute("DELETE FROM dougong.mail WHERE state <> 'waiting' AND updated_at < now() - $1::interval", KEPT)


def _mail(row: asyncpg.Record) -> Mail:
    return Mail(**{**row, "parts": orjson.loads(row["parts"])})
