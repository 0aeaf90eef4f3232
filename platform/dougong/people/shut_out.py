"""Users who may not act in; all they had got in with, ended, out: sessions, sign-ins half done and API tokens, each with its row in the audit log.

A password, a second factor and one-time links stay: with them people prove anew who they are, which nobody is let in by who is still out.
"""

from collections.abc import Sequence
from uuid import UUID

from dougong.audit.record import Row, Subject, keep
from dougong.model.app_model import ORGANIZATION
from dougong.people.rules import CHANNEL
from dougong.permissions.actor import Actor
from dougong.sites import Reader

_END = """
WITH halves AS (DELETE FROM dougong.sign_in_challenge WHERE user_id = ANY($1::uuid[])),
    sessions AS (DELETE FROM dougong.session WHERE user_id = ANY($1::uuid[]) RETURNING user_id),
    tokens AS (DELETE FROM dougong.api_token WHERE user_id = ANY($1::uuid[]) AND expires_at > now() RETURNING user_id, id, name),
    ended AS (SELECT user_id, NULL::uuid AS id, '' AS name FROM sessions GROUP BY user_id UNION ALL SELECT * FROM tokens)
SELECT ended.*, pg_notify($2, 'user:' || user_id) FROM ended ORDER BY array_position($1::uuid[], user_id), id NULLS FIRST
"""


async def shut_out(executor: Reader, by: Actor, emails: Sequence[tuple[UUID, str]]) -> None:
    """End all that these users, each an id and an e-mail, are signed in with, in every process once the caller's transaction commits."""
    known = dict(emails)
    if not known:
        return
    rows: list[Row] = []
    for ended in await executor.fetch(_END, list(known), CHANNEL):
        subject = Subject(ORGANIZATION, "user", ended["user_id"], known[ended["user_id"]])
        if ended["id"] is None:
            rows.append(Row("end-session", by, subject, {"which": "all"}))
        else:
            rows.append(Row("revoke-token", by, subject, {"name": ended["name"], "token": ended["id"]}))
    await keep(executor, rows)
