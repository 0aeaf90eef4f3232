"""The audit log as a file: rows that fit a filter in, CSV, XLSX or JSON lines out; that it was exported is a row of the log itself."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from dougong.audit.read import Entry, Filter, count_rows, latest_id, read_whole
from dougong.audit.record import INSIDE, From, record
from dougong.audit.words import Names, name_of, sentence_of
from dougong.permissions.actor import Actor
from dougong.sheets.columns import label_of
from dougong.sheets.export import CONTENT_TYPES, write_file
from dougong.sites import Site

FORMS: Mapping[str, str] = {**CONTENT_TYPES, "jsonl": "application/jsonl; charset=utf-8"}
"""The formats of files, with their media types."""

_HEADERS: Mapping[str, Mapping[str, str]] = {
    "id": {"zh-CN": "编号", "en": "Number"},
    "at": {"zh-CN": "时间", "en": "Time"},
    "actor_name": {"zh-CN": "谁", "en": "Who"},
    "actor": {"zh-CN": "用户标识", "en": "User id"},
    "view_as": {"zh-CN": "以谁的身份查看", "en": "Viewed as"},
    "address": {"zh-CN": "地址", "en": "Address"},
    "deed": {"zh-CN": "行为", "en": "Deed"},
    "sentence": {"zh-CN": "说明", "en": "What"},
    "app": {"zh-CN": "应用", "en": "App"},
    "entity": {"zh-CN": "实体", "en": "Entity"},
    "record_id": {"zh-CN": "记录标识", "en": "Record id"},
    "subject": {"zh-CN": "对象", "en": "Subject"},
    "details": {"zh-CN": "明细", "en": "Details"},
    "seal": {"zh-CN": "封签序号", "en": "Seal"},
    "digest": {"zh-CN": "封签摘要", "en": "Digest"},
}
TITLE = {"zh-CN": "审计日志", "en": "Audit log"}


async def names_in(site: Site, language: str) -> Names:
    """Return what says how apps and their entities are called today, in a language."""
    known: dict[tuple[str, str], str] = {}
    for model in await site.apps():
        known[model.app, ""] = label_of({str(one): text for one, text in model.definition.name.items()}, language)
        known |= {(model.app, key): label_of(entity.name, language) for key, entity in model.entities.items()}
    return lambda app, entity: known.get((app, entity), entity or app)


async def export_log(site: Site, actor: Actor, wanted: Filter, form: str, language: str, origin: From = INSIDE) -> AsyncGenerator[bytes]:
    """Write down who exports how much, then return the file piece by piece: the rows there were before that. form: one of FORMS."""
    last = await latest_id(site.pool)
    asked = replace(wanted, before=min(last + 1, wanted.before or last + 1))
    count = await count_rows(site.pool, asked)
    await record(site.pool, "export-audit", actor, details={"format": form, "count": count}, origin=origin)
    names = await names_in(site, language)
    batches = _written(site, asked, names, language)
    if form == "jsonl":
        return _lines(batches)
    columns = [{"key": key, "header": header[language], **_form(key, str(site.zone))} for key, header in _HEADERS.items()]
    return write_file(form, TITLE[language], columns, batches)


async def _lines(batches: AsyncIterator[list[bytes]]) -> AsyncGenerator[bytes]:
    async for batch in batches:
        yield b"\n".join(batch) + b"\n"


async def _written(site: Site, wanted: Filter, names: Names, language: str) -> AsyncIterator[list[bytes]]:
    async for batch in read_whole(site.pool, wanted):
        yield [orjson.dumps(entry_json(entry, names, language), default=str) for entry in batch]


def entry_json(entry: Entry, names: Names, language: str) -> dict[str, Any]:
    """Return a row as it stands in answers and files: with what its deed is called and the sentence it reads as."""
    return {
        "id": entry.id, "at": entry.at, "actor": entry.actor, "actor_name": entry.actor_name, "view_as": entry.view_as, "address": entry.address,
        "deed": entry.deed, "name": name_of(entry.deed, language), "sentence": sentence_of(entry, names, language), "app": entry.app,
        "entity": entry.entity, "record_id": entry.record_id, "subject": entry.subject, "details": entry.details, "seal": entry.seal, "digest": entry.digest,
    }  # fmt: skip


def _form(key: str, zone: str) -> dict[str, str]:
    return {"form": "datetime", "zone": zone} if key == "at" else {"form": "number"} if key in ("id", "seal") else {"form": "text"}
