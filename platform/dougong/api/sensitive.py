"""What is about to be sent in; a row of the audit log where sensitive fields are in it out, written before the answer is.

What an answer holds is looked for in the answer itself, so that no way to a field is forgotten: its own fields, those of its rows, and
those of other records a list shows. Apps without sensitive fields pay one look into a dictionary.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from dougong.audit.record import From, Subject, record
from dougong.model.app_model import AppModel
from dougong.permissions.actor import Actor
from dougong.sites import Site
from engines.dataset.links import link_table_of
from engines.entity.entity import FILES, Entity

if TYPE_CHECKING:
    from dougong.api.records import Call

@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, from where, and of which entity of which app."""

    site: Site
    actor: Actor
    app: str
    entity: str
    address: str


MOST_NAMED = 1_000
"""Records that one row of the log names; of more it says how many they were."""
_WORD = re.compile(r"[a-z][a-z0-9_]*")


def has_sensitive(site: Site, model: AppModel) -> bool:
    """Whether any field an answer of the app can hold is sensitive."""
    key = (model, "has sensitive")
    found: bool | None = site.compiled.get(key)
    if found is None:
        models = [model] if model.organization is None else [model, model.organization]
        found = any(field.is_sensitive for one in models for entity in one.entities.values() for field in entity.fields.values())
        site.keep(key, found)
    return found


async def note_records(call: "Call", exit_name: str, answer: bytes) -> None:
    """Write down the sensitive fields of the records in an answer: one record, or many under `records`; blank ones tell nothing."""
    model = await call.model()
    if not has_sensitive(call.site, model) or not answer.startswith(b"{"):
        return
    body = orjson.loads(answer)
    records = body["records"] if isinstance(body.get("records"), list) else [body]
    fields: set[str] = set()
    ids: list[str] = []
    entity = model.entity(call.entity)
    for one in records:
        found = set(_shown(call.site, model, entity, one))
        if found:
            fields |= found
            ids.append(str(one.get("id", "")))
    if fields:
        await _note(_reader(call), exit_name, fields, ids, len(ids))


async def note_words(call: "Call", exit_name: str, texts: Iterable[str]) -> None:
    """Write down that a question named sensitive fields of the entity: whoever filters, sorts, groups or asks for history by them learns of them."""
    model = await call.model()
    if not has_sensitive(call.site, model):
        return
    words = {word for text in texts for word in _WORD.findall(text)}
    models = [model] if model.organization is None else [model, model.organization]
    keys = {field.key for one in models for entity in one.entities.values() for field in entity.fields.values() if field.is_sensitive}
    if words & keys:
        ids = [call.id] if _is_id(call.id) else []
        await _note(_reader(call), exit_name, words & keys, ids, len(ids))


async def note_keys(reader: Reader, exit_name: str, keys: Iterable[str], ids: Sequence[str]) -> None:
    """Write down that an answer tells of fields or paths of an entity's records, by their keys, where any of them is sensitive."""
    model = await reader.site.app(reader.app)
    if has_sensitive(reader.site, model):
        found = sensitive_keys(reader.site, model, reader.entity, keys)
        if found:
            await _note(reader, exit_name, found, ids, len(ids))


async def note_titles(reader: Reader, exit_name: str, ids: Sequence[str]) -> None:
    """Write down that an answer calls records of an entity by their titles, where those are sensitive."""
    model = await reader.site.app(reader.app)
    if ids and reader.entity in model.entities:
        await note_keys(reader, exit_name, (model.entities[reader.entity].title,), ids)


async def note_file(site: Site, actor: Actor, address: str, file_id: UUID) -> None:
    """Write down that a file goes out which stands in a sensitive field, once for each record that holds it."""
    for model in await site.apps():
        for entity in model.entities.values() if has_sensitive(site, model) else ():
            for field in entity.link_fields:
                if field.is_sensitive and field.links == FILES:
                    link = link_table_of(entity, field)
                    rows = await site.pool.fetch(f'SELECT record FROM "{link.schema}"."{link.name}" WHERE target = $1 LIMIT {MOST_NAMED}', file_id)
                    if rows:
                        ids = [str(row["record"]) for row in rows]
                        await _note(Reader(site, actor, model.app, entity.key, address), "file", {field.key}, ids, len(ids))


async def note_export(call: "Call", columns: Sequence[str], form: str, filter_text: str, ids: Sequence[str], count: int) -> None:
    """Write down that a list goes out as a file, and which sensitive columns of which records are in it. columns: keys of paths."""
    subject, origin = Subject(call.app, call.entity), _origin(call)
    details: dict[str, object] = {"format": form, "fields": list(columns), "filter": filter_text}
    await record(call.site.pool, "export", call.actor, subject, details, origin)
    fields = sensitive_keys(call.site, await call.model(), call.entity, columns)
    if fields:
        await _note(_reader(call), "export", fields, list(ids), count)


def sensitive_keys(site: Site, model: AppModel, entity_key: str, keys: Iterable[str]) -> set[str]:
    """Return which of the keys of a record in an answer lead to a sensitive field."""
    entity = model.entity(entity_key)
    return {key for key in keys if _is_sensitive(site, model, entity, key)}


async def _note(reader: Reader, exit_name: str, fields: set[str], ids: Sequence[str], count: int) -> None:
    record_id = UUID(ids[0]) if count == 1 and len(ids) == 1 and _is_id(ids[0]) else None
    details: dict[str, object] = {"exit": exit_name, "fields": sorted(fields), "count": count}
    if record_id is None:
        details["records"] = ids[:MOST_NAMED]
    subject = Subject(reader.app, reader.entity, record_id)
    await record(reader.site.pool, "read-sensitive", reader.actor, subject, details, From(reader.address))


def _reader(call: "Call") -> Reader:
    return Reader(call.site, call.actor, call.app, call.entity, _origin(call).address)


def _is_id(text: str) -> bool:
    """Whether it is the id of a record that stands in the address, and not a word such as `groups`."""
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _origin(call: "Call") -> From:
    client = call.scope.get("client")
    return From(client[0] if client else "")


def _shown(site: Site, model: AppModel, entity: Entity, record: Mapping[str, Any]) -> Iterable[str]:
    """Give the keys of a record under which a sensitive value stands, a row's as `lines.bonus`."""
    for key, value in record.items():
        if value is None or value == [] or value == "":
            continue
        field = entity.fields.get(key)
        if field is not None and field.lines is not None and isinstance(value, list):
            rows = model.entity(entity.everywhere(field.lines) if entity.app != model.app else field.lines)
            for row in value:
                yield from (f"{key}.{one}" for one in _shown(site, model, rows, row))
        elif _is_sensitive(site, model, entity, key):
            yield key


def _is_sensitive(site: Site, model: AppModel, entity: Entity, key: str) -> bool:
    shape = (model, "sensitive", entity.full_key, key)
    found: bool | None = site.compiled.get(shape)
    if found is None:
        found = _leads_to_sensitive(model, entity, key)
        site.keep(shape, found)
    return found


def _leads_to_sensitive(model: AppModel, entity: Entity, key: str) -> bool:
    """Whether a field, a path over references, or the title of the record a reference points to is sensitive."""
    is_title = key.endswith("__title")
    names = key.removesuffix("__title").removesuffix("__error").split(".")
    here: Entity | None = entity
    for place, name in enumerate(names, 1):
        field = here.fields.get(name) if here is not None else None
        if field is None:
            return False
        if field.is_sensitive:
            return True
        target = field.to or field.links or field.lines
        here = model.entity(here.everywhere(target)) if here is not None and target is not None else None
        if place == len(names) and is_title and here is not None:
            title = here.fields.get(here.title)
            return title is not None and title.is_sensitive
    return False
