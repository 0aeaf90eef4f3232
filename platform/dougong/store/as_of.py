"""A record as it was: who asks, which record and a time or a revision in, its JSON of then out, found back from the present.

What is computed from other records is not told: its past values are in nobody's history. `unknown` names those fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from dougong.errors import PlatformError
from dougong.model.app_model import AppModel
from dougong.permissions.access import seen_by
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.history import read_standing
from dougong.store.history_months import read_months
from dougong.store.history_words import title_of_any, titles_of
from dougong.store.past_files import facts_of, read_file_facts
from dougong.store.titles import Titles, read_titles
from engines.entity.entity import FILES, Entity
from engines.entity.shown import as_shown

_SINCE = """
    SELECT revision, action, actor, at, changes::text AS changes FROM dougong.history
    WHERE record_id = $1 AND app = $2 AND entity = $3 AND revision > coalesce($4::integer, (
        SELECT min(revision) - 1 FROM dougong.history WHERE record_id = $1 AND app = $2 AND entity = $3 AND at > $5::timestamptz
        AND action <> 'reveal'
    ), 2147483647) AND action <> 'reveal' ORDER BY revision DESC"""
_LAST = """
    SELECT actor, at, action FROM dougong.history WHERE record_id = $1 AND app = $2 AND entity = $3 AND revision = $4
    AND action <> 'reveal'"""

Record = dict[str, Any]


class RecordAbsentThen(PlatformError):
    """The record did not exist at that time: it was not made yet, or lay in the trash."""

    code = "record-absent-then"
    title = {"zh-CN": "那时没有这条记录", "en": "The record did not exist then"}
    status = 404
    sentence = {"zh-CN": "那时这条记录尚未创建，或在回收站中。", "en": "At that time the record was not made yet, or lay in the trash."}


class HistoryDropped(PlatformError):
    """What would be needed of history is older than is kept."""

    code = "record-history-dropped"
    title = {"zh-CN": "历史已不再保留", "en": "History does not reach back so far"}
    status = 410
    sentence = {
        "zh-CN": "那时之后的部分修改历史已按保留期限删除。",
        "en": "Some of the changes since then are older than what is kept, and have been dropped.",
    }


@dataclass(frozen=True, slots=True)
class Then:
    """Which state of a record is asked for: that of an instant, or of a revision."""

    at: datetime | None = None
    revision: int | None = None


async def read_as_of(site: Site, model: AppModel, actor: Actor, entity_key: str, record_id: UUID, then: Then) -> bytes:
    """Return the record as it was, in the form in which records are read, with `unknown`: the fields nobody can tell of.

    Raises RecordNotFound, RecordAbsentThen, HistoryDropped.
    """
    access, record = await read_standing(site, model, actor, entity_key, record_id)
    seen = seen_by(site, model, actor)
    entity, current = access.seen, record["revision"]
    whose = (record_id, model.app, entity_key)
    rows = await site.pool.fetch(_SINCE, *whose, then.revision, then.at)
    await _refuse_what_is_not_known(site, rows, current, then, datetime.fromisoformat(record["created_at"]))
    for row in rows:
        _undo(entity, record, orjson.loads(row["changes"]))
    revision = current - len(rows)
    last: asyncpg.Record | None = await site.pool.fetchrow(_LAST, *whose, revision)
    if last is not None and last["action"] == "delete":
        raise RecordAbsentThen()
    record["revision"] = revision
    record["updated_at"] = record["updated_by"] = None
    if last is not None:
        record["updated_at"], record["updated_by"] = last["at"], str(last["actor"])
    record = as_shown(entity, seen.entities.__getitem__, record)
    unknown = _forget_far(seen, entity, record)
    await _title(site, model, seen, actor, entity, record)
    await _tell_files(site, seen, entity, record, record_id)
    return orjson.dumps({**record, "unknown": unknown})


async def _refuse_what_is_not_known(
    site: Site, rows: list[asyncpg.Record], current: int, then: Then, created_at: datetime
) -> None:
    """Refuse a state before the record was made, and one that changes which have been dropped lie after."""
    if then.revision is not None and not 1 <= then.revision <= current:
        raise RecordAbsentThen()
    if then.at is not None and then.at < created_at:
        raise RecordAbsentThen()
    lowest = rows[-1]["revision"] if rows else current + 1
    if current - len(rows) != lowest - 1 or (then.revision is not None and lowest != then.revision + 1):
        raise HistoryDropped()
    if then.at is not None:
        months = await read_months(site.pool)
        if not months or then.at.date() < months[0].first:
            raise HistoryDropped()


def _undo(entity: Entity, record: Record, changes: Mapping[str, Any]) -> None:
    """Take one change back; a record in the trash and one that was restored hold the same values."""
    for key, change in changes.items():
        field = entity.fields.get(key)
        if key not in record:
            continue
        if field is not None and field.lines is not None and isinstance(change, dict):
            record[key] = _rows_before(record[key], change)
        elif isinstance(change, list):
            record[key] = change[0]


def _rows_before(rows: list[Record], changed: Mapping[str, Any]) -> list[Record]:
    before = []
    for row in rows:
        what = changed.get(row["id"])
        if isinstance(what, dict):
            before.append({**row, **{key: pair[0] for key, pair in what.items()}})
        elif what is None:
            before.append(row)
    gone = [(row_id, what[0]) for row_id, what in changed.items() if isinstance(what, list) and row_id != "order" and what[0]]
    for row_id, values in sorted(gone, key=lambda one: one[1].get("position", 0)):
        row = {"id": row_id, **{key: value for key, value in values.items() if key != "position"}}
        before.insert(values.get("position", len(before)), row)
    if "order" in changed:
        place = {row_id: number for number, row_id in enumerate(changed["order"][0])}
        before.sort(key=lambda row: place.get(row["id"], len(place)))
    return before


def _forget_far(model: AppModel, entity: Entity, record: Record) -> list[str]:
    """Blank the fields whose values rest on other records, those of rows too, and return them: `order_count`, `lines.share`."""
    unknown = []
    for prefix, owner, rows in [("", entity, [record]), *((f"{f.key}.", model.entities[f.lines], record[f.key]) for f in entity.line_fields if f.lines)]:
        for field in owner.fields.values():
            if field.is_far or field.shown_when is not None:
                unknown.append(f"{prefix}{field.key}")
                for row in rows:
                    row[field.key] = None
                    if field.error_column is not None:
                        row[f"{field.key}__error"] = None
    return unknown


async def _title(site: Site, model: AppModel, seen: AppModel, actor: Actor, entity: Entity, record: Record) -> None:
    """Put the titles beside what points to records; those who made and changed the record among them."""
    users = "organization.user" if model.organization is not None else "user"
    anywhere: list[tuple[Record, str, tuple[str, ...]]] = []
    places: list[tuple[Record, str, str]] = [(record, key, users) for key in ("created_by", "updated_by")]
    for owner, rows in [(entity, [record]), *((seen.entities[f.lines], record[f.key]) for f in entity.line_fields if f.lines)]:
        pointing = [(f.key, f.target) for f in owner.fields.values() if f.target not in (None, FILES)]
        places += [(row, key, to) for row in rows for key, to in pointing]
        anywhere += [(row, f.key, f.any_of) for row in rows for f in owner.any_fields]
    wanted: dict[str, set[str]] = {}
    for row, key, among in anywhere:
        if isinstance(value := row.get(key), Mapping) and value.get("entity") in among:
            wanted.setdefault(value["entity"], set()).add(value["id"])
    for row, key, to in places:
        value = row.get(key)
        wanted.setdefault(to, set()).update([value] if isinstance(value, str) else value or ())
    titles: Titles = await read_titles(site.pool, site, model, actor, wanted)
    for row, key, to in places:
        row[f"{key}__title"] = titles_of(titles, to, row.get(key))
    for row, key, _ in anywhere:
        row[f"{key}__title"] = title_of_any(titles, row.get(key))


async def _tell_files(site: Site, model: AppModel, entity: Entity, record: Record, record_id: UUID) -> None:
    """Put what is known of files beside the lists of then, in place of what is beside those of now."""
    owners = [(entity, [record]), *((model.entities[f.lines], record[f.key]) for f in entity.line_fields if f.lines)]
    lists = [(row, f.key) for owner, rows in owners for f in owner.link_fields if f.links == FILES for row in rows]
    wanted = {one for row, key in lists for one in row.get(key) or ()}
    files = await read_file_facts(site, wanted, (model.app, entity.key, record_id))
    for row, key in lists:
        row[f"{key}__files"] = facts_of(files, row.get(key))
