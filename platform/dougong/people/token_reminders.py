"""Reminds people by mail that an API token ends: a site in, a mail queued a week before for each token out, once, by one process."""

from __future__ import annotations

from datetime import timedelta

from dougong.mail.post import post
from dougong.mail.smtp import is_set_up
from dougong.people.persons import read_person
from dougong.permissions.actor import SYSTEM
from dougong.sites import Site

BEFORE = timedelta(days=7)
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('dougong token reminders'))"
# Who made a token for so few days knows when it ends. That one was reminded says the mail, which is kept for longer than a week.
_ENDING = """
SELECT id, user_id, created_by, name, expires_at FROM dougong.api_token AS token
WHERE expires_at > now() AND expires_at < now() + $1::interval AND expires_at - created_at > $1::interval
    AND NOT EXISTS (SELECT FROM dougong.mail WHERE kind = 'token-ends' AND parts ->> 'id' = token.id::text)
ORDER BY expires_at LIMIT 500
"""


async def remind_of_tokens(site: Site) -> None:
    """Queue a mail about each token that ends within a week, to its user, or to who made it for a program; without a mail server nothing."""
    if not is_set_up(site.settings):
        return
    async with site.pool.acquire() as connection, connection.transaction():
        if not await connection.fetchval(_LOCK):
            return
        for row in await connection.fetch(_ENDING, BEFORE):
            owner = await read_person(site, row["user_id"])
            if owner is None:
                continue  # it is refused already
            reader = row["created_by"] if owner.is_service else row["user_id"]
            day = str(row["expires_at"].astimezone(site.zone).date())
            await post(connection, "token-ends", reader, SYSTEM.id, id=str(row["id"]), token=row["name"], owner=owner.actor.name, day=day)
