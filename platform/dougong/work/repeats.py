"""Requests that come again: the outcome they had the first time, or the record an equal create made."""

import hmac
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from dougong.model.app_model import AppModel
from dougong.people.link_errors import PublicLinkUsedUp
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.errors import KeyReused, RecordExists, RecordInvalid, RecordNotFound, RecordShort, RevisionConflict
from dougong.store.save import ChangeSet, Executor, Key, Saved
from dougong.work.inputs import read_one
from dougong.work.request import Create, Outcome, Request
from engines.entity.entity import Entity
from engines.entity.field_json import is_value_of
from engines.values.decimals import round_half_up

_ANSWER = "SELECT request_hash, change_set, answer FROM dougong.idempotency WHERE actor = $1 AND key = $2"
_CLAIM = "INSERT INTO dougong.idempotency (actor, key, request_hash, change_set, answer) VALUES ($1, $2, $3, $4, '{}')"
_KEEP = "UPDATE dougong.idempotency SET answer = $3 WHERE actor = $1 AND key = $2"
_EXPIRED = "DELETE FROM dougong.idempotency WHERE created_at < now() - interval '7 days'"
_CREATED = """
    SELECT record_id, change_set, changes::text AS changes FROM dougong.history
    WHERE record_id = $1 AND app = $2 AND entity = $3 AND actor = $4 AND action = 'create'"""

_BY_ITSELF = (RecordInvalid, RecordExists, KeyReused, RevisionConflict, RecordNotFound, RecordShort, PublicLinkUsedUp)
"""What a request may be refused with because it has been carried out already."""


async def earlier_outcome(
    site: Site, model: AppModel, request: Request, change_set: ChangeSet, refusal: Exception
) -> Outcome | None:
    """Return what a request that was refused came to when it was sent before, None when it was not.

    The first time counts, whatever has changed since. Raises KeyReused where its idempotency key came with another request.
    """
    if not isinstance(refusal, _BY_ITSELF):
        return None
    if change_set.key is not None:
        outcome = await _kept_outcome(site, request.actor, change_set.key)
        if outcome is not None:
            return outcome
    return await _same_record(site, model, request)


def taken_id(model: AppModel, request: Request) -> UUID | None:
    """Return the id a create asks for."""
    for change in request.changes:
        if isinstance(change, Create):
            sent = read_one(model.inputs[change.entity], change)
            return change.id or (sent.get("id") if isinstance(sent, dict) else None)
    return None


async def _kept_outcome(site: Site, actor: Actor, key: Key) -> Outcome | None:
    row = await site.pool.fetchrow(_ANSWER, actor.id, key.text)
    if row is None:
        return None
    if not hmac.compare_digest(row["request_hash"], key.request_hash):
        raise KeyReused()
    records = orjson.loads(row["answer"])
    if isinstance(records, dict):
        return Outcome((), row["change_set"], True, row["answer"].encode())
    saved = tuple(Saved(UUID(r["id"]), r["revision"], orjson.dumps(r)) for r in records)
    return Outcome(saved, row["change_set"], True)


async def claim_key(executor: Executor, change_set: ChangeSet, key: Key) -> None:
    """Say that a request with this key is being carried out: another waits until it is, and is then told that the key is taken."""
    await executor.fetch(_CLAIM, change_set.actor, key.text, key.request_hash, change_set.id)


async def keep_answer(executor: Executor, change_set: ChangeSet, key: Key, answer: bytes) -> None:
    """Keep what a request whose key is claimed is answered, a JSON object."""
    await executor.fetch(_KEEP, change_set.actor, key.text, answer.decode())


async def _same_record(site: Site, model: AppModel, request: Request) -> Outcome | None:
    """Return the record an earlier create with the same id and values by the same actor made.

    This is what makes it harmless to send a create again when its answer was lost.
    """
    saved: list[Saved] = []
    row: asyncpg.Record | None = None
    if len(request.changes) > 1:
        return None  # many changes are told by their key
    for change in request.changes:
        sent = read_one(model.inputs[change.entity], change) if isinstance(change, Create) else ()
        record_id = change.id or (sent.get("id") if isinstance(sent, dict) else None)
        if record_id is None or not isinstance(sent, dict):
            return None
        row = await site.pool.fetchrow(_CREATED, record_id, request.app, change.entity, request.actor.id)
        made = None if row is None else orjson.loads(row["changes"])
        schema = model.inputs[change.entity]
        if made is None or not _is_same(schema.entity, schema.lines, sent, made):
            return None
        saved.append(Saved(UUID(made["id"]), 1, orjson.dumps(made)))
    return None if row is None else Outcome(tuple(saved), row["change_set"], True)


def _is_same(entity: Entity, lines: Mapping[str, Entity], sent: Mapping[str, Any], made: Mapping[str, Any]) -> bool:
    """Whether everything that was sent is what the record was created with, numbers as they are rounded."""
    for key, value in sent.items():
        if key in lines:
            rows = made.get(key) or []
            if len(rows) != len(value) or not all(
                _is_same(lines[key], {}, a, b) for a, b in zip(value, rows, strict=True)
            ):
                return False
            continue
        field = entity.fields.get(key)
        if field is None:
            continue
        if value is not None and field.scale is not None:
            value = round_half_up(value, field.scale)
        if not is_value_of(field, made.get(key), value):
            return False
    return True


async def remove_expired_keys(site: Site) -> None:
    """Forget idempotency keys after a week."""
    await site.pool.execute(_EXPIRED)
