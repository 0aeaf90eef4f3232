"""Notices to people that how they sign in has changed: queued with the change itself, sent where the server can send mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from dougong.jobs.outbox import Connection, Notice
from dougong.mail.post import post
from dougong.mail.smtp import is_set_up
from dougong.model.app_model import ORGANIZATION
from dougong.settings import Settings

# What a user was called before stands in the history of their record, written with the change that the notice is about.
_CHANGED = """
SELECT record_id, actor, changes -> 'email' ->> 0 AS former FROM dougong.history
WHERE record_id = ANY($1) AND change_set = ANY($2) AND app = $3 AND entity = 'user' AND action = 'update'
AND coalesce(changes -> 'email' ->> 0, '') <> '' ORDER BY id
"""


async def notify(connection: Connection, settings: Settings, what: Literal["password-changed", "second-factor-changed"], user_id: UUID, actor_id: UUID) -> None:
    """Tell a user in the caller's transaction that their password or second factor has changed."""
    if is_set_up(settings):
        await post(connection, what, user_id, actor_id)


async def notify_token(connection: Connection, settings: Settings, user_id: UUID, actor_id: UUID, token: str, owner: str) -> None:
    """Tell a user in the caller's transaction that an API token has been made: their own, or one of a program by them."""
    if is_set_up(settings):
        await post(connection, "token-made", user_id, actor_id, token=token, owner=owner)


async def notify_email_changes(connection: Connection, settings: Settings, notices: Sequence[Notice]) -> None:
    """Tell users whose e-mail was changed so, at the one they had; in the transaction that removes the notices."""
    about = [notice for notice in notices if notice.app == ORGANIZATION and notice.payload["entity"] == "user"]
    if not about or not is_set_up(settings):
        return
    user_ids = [UUID(record_id) for notice in about for record_id in notice.payload["ids"]]
    for row in await connection.fetch(_CHANGED, user_ids, [notice.change_set for notice in about], ORGANIZATION):
        await post(connection, "email-changed", row["record_id"], row["actor"], row["former"], former=row["former"])
