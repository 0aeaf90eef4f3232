"""Revealing a secret: who asks, which record and field in, the secret out; history keeps that it was shown, and to whom."""

from uuid import UUID

import orjson

from dougong.audit.record import Subject, record
from dougong.errors import PlatformError
from dougong.model.app_model import AppModel
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.before import read_before
from dougong.store.secret import read_secret
from dougong.work.befores import befores_of
from dougong.work.changes import entity_access
from dougong.work.hidden import hidden_in
from dougong.work.perform import change_set_of
from dougong.work.request import Request, Update
from dougong.work.unit import Unit

_HISTORY = """
    INSERT INTO dougong.history (app, entity, record_id, revision, action, actor, channel, change_set, at, changes)
    VALUES ($1, $2, $3, $4, 'reveal', $5, $6, $7, $8, $9::text::json)"""


class SecretNotFound(PlatformError):
    """The field is no secret, or there is none in the record."""

    code = "record-secret-not-found"
    title = {"zh-CN": "没有密文", "en": "There is no secret"}
    status = 404
    sentence = {"zh-CN": "此字段不是密文，或记录中没有填写。", "en": "The field is no secret, or the record has none in it."}


async def reveal(site: Site, model: AppModel, actor: Actor, entity_key: str, record_id: UUID, field_key: str, channel: str) -> str:
    """Return the secret; raises RecordNotFound, ActionDenied for who may not change the record, SecretNotFound."""
    change = Update(entity_key, record_id, {})
    change_set = change_set_of(site, Request(model.app, actor, (change,), channel))
    async with site.pool.acquire() as connection, connection.transaction():
        unit = Unit(connection, site, model, actor, change_set, False, await site.calendar(connection))
        access = entity_access(unit, change)
        found = await read_before(connection, site, model, actor, access, "update", (record_id,), False)
        (before,) = befores_of(access, "update", (change,), ({},), found)
        field = access.seen.fields.get(field_key)
        handle = before.get(field_key)
        (hidden,) = await hidden_in(unit, access, [before])
        if field is None or field.kind.key != "secret" or handle is None or field_key in hidden:
            raise SecretNotFound()
        secret = await read_secret(connection, site, model, access.entity, record_id, field_key, handle)
        if secret is None:
            raise SecretNotFound()
        changes = orjson.dumps({field_key: [handle, handle]}).decode()
        await connection.fetch(
            _HISTORY, model.app, entity_key, record_id, before["revision"], actor.id, channel, change_set.id, change_set.at, changes
        )
        title = before.get(access.entity.title)
        subject = Subject(model.app, entity_key, record_id, "" if title is None else str(title))
        await record(connection, "reveal-secret", actor, subject, {"field": field_key, "channel": channel})
    return secret
