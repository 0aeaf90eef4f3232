"""Secrets: what somebody sent for a secret field in, the handle that stands in its place everywhere out; and the secret of a handle.

A record holds a handle such as `secret:0199…`, so that no list, history, export, formula or copy of a record can show more. The secret lies
in a table of its own, sealed with a key that is not in the database. A handle opens only for the record and the field it was made for.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from dougong.model.app_model import AppModel
from dougong.sites import Reader, Site
from dougong.store.ids import new_id
from engines.entity.entity import Entity

PREFIX = "secret:"
_HANDLE = re.compile(rf"{PREFIX}[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}")
_KEEP = """
    INSERT INTO dougong.secret (id, app, entity, record_id, field, value)
    SELECT x.id, $1, $2, x.record_id, x.field, x.value
    FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[]) AS x(id, record_id, field, value)"""
_READ = "SELECT value FROM dougong.secret WHERE id = $1 AND app = $2 AND entity = $3 AND record_id = $4 AND field = $5"


class Secret(str):
    """A handle that is new, with the secret it stands for; as a text it is the handle alone."""

    __slots__ = ("plain",)
    plain: str


def secret_keys(entity: Entity) -> tuple[str, ...]:
    """Return the secret fields of an entity."""
    return tuple(field.key for field in entity.stored_fields if field.kind.key == "secret")


def hide(values: dict[str, Any], keys: Iterable[str]) -> None:
    """Put a handle in the place of every secret; what is a handle already, such as one that was read before, stays."""
    for key in keys:
        plain = values.get(key)
        if isinstance(plain, str) and _HANDLE.fullmatch(plain) is None:
            values[key] = handle = Secret(f"{PREFIX}{new_id()}")
            handle.plain = plain


async def keep_secrets(executor: Reader, site: Site, model: AppModel, entity: Entity, records: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> None:
    """Keep the new secrets of records that are being saved; in their transaction."""
    found = [(record["id"], key, value) for record in records for key in keys if isinstance(value := record.get(key), Secret)]
    if found:
        ids = [UUID(value.removeprefix(PREFIX)) for *_, value in found]
        whose = [record_id for record_id, *_ in found], [key for _, key, _ in found], [await site.seals.seal(executor, value.plain, f"secret:{value.removeprefix(PREFIX)}") for *_, value in found]
        await executor.fetch(_KEEP, model.app, entity.key, ids, *whose)


async def read_secret(executor: Reader, site: Site, model: AppModel, entity: Entity, record_id: UUID, key: str, handle: str) -> str | None:
    """Return the secret of a handle, None where it was made for another record or field."""
    if _HANDLE.fullmatch(handle) is None:
        return None
    whose = (model.app, entity.key, record_id, key)
    rows = await executor.fetch(_READ, UUID(handle.removeprefix(PREFIX)), *whose)
    return await site.seals.unseal(executor, rows[0]["value"], handle) if rows else None
