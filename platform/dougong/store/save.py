"""Saving: whole computed records in, one statement for each entity and kind of change, what was saved out."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from dougong.model.app_model import AppModel
from dougong.sites import Reader, Site
from dougong.store.counters import gapless_fields, take_numbers
from dougong.store.counters_sql import highest_sql
from dougong.store.lists import entries_gone, entries_of, is_changed
from dougong.store.lists_sql import ListField, lists_of
from dougong.store.names import sequence_name
from dougong.store.save_sql import (
    UpdateAction,
    columns_of,
    delete_sql,
    insert_sql,
    numbers_sql,
    shown_sql,
    update_sql,
    written_again,
)
from dougong.store.secret import keep_secrets, secret_keys
from engines.entity.entity import Entity, Field
from engines.values.frozen import frozen
from engines.values.same import is_same

Values = dict[str, Any]


Executor = Reader
"""What runs a statement: the pool, for one statement that is its own transaction, or a connection inside one."""


@frozen
class Key:
    """An idempotency key and the hash of the request it came with."""

    text: str
    request_hash: bytes


@frozen
class ChangeSet:
    """What all writes of one request share: when, who, by which channel, under which id.

    is_shown: whether the saved records are wanted as JSON; else their ids and revisions will do.
    is_rehearsal: nothing of it will be kept, so that numbers are not drawn from those of the records that will be.
    """

    id: UUID
    at: datetime
    today: date
    actor: UUID
    channel: str
    key: Key | None = None
    is_shown: bool = True
    is_rehearsal: bool = False


@frozen
class Saved:
    """A record as it was saved, with its JSON: `null` for one that was put in the trash, and where it is not wanted."""

    id: UUID
    revision: int
    json: bytes


@frozen
class Changed:
    """A record to be updated: as it was, as it will be, and its changes as JSON values for history."""

    before: Values
    after: Values
    changes: Mapping[str, Any]


@frozen
class Pointing:
    """What the records of one save begin to point to and must not be in the trash.

    ids: for each of the targets' entities the ids, each with the revision the record must still have, None for any.
    """

    targets: tuple[Entity, ...]
    ids: Sequence[Mapping[str, int | None]]

    @property
    def held(self) -> tuple[Entity, ...]:
        """The entities to look into; none where nothing new is pointed to."""
        return self.targets if any(self.ids) else ()


@frozen
class _Insert:
    """The statement that creates records of an entity, and what it takes of them."""

    sql: str
    keys: tuple[str, ...]
    numbered: tuple[Field, ...]
    counted: tuple[Field, ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]
    lists: tuple[ListField, ...]
    secrets: tuple[str, ...]


async def insert(
    executor: Executor,
    site: Site,
    model: AppModel,
    entity: Entity,
    records: Sequence[Values],
    pointing: Pointing,
    change_set: ChangeSet,
    is_counting: bool = True,
) -> list[Saved]:
    """Create records with their rows; they carry their ids. is_counting: gapless numbers are given now, else by `give_numbers`."""
    shape = (model, "insert", entity.key, change_set.key is not None, change_set.is_shown, bool(pointing.held), is_counting)
    made: _Insert | None = site.compiled.get(shape)
    if made is None:
        made = _compile_insert(model, entity, change_set, pointing.held, is_counting)
        site.keep(shape, made)
    if made.secrets:
        await keep_secrets(executor, site, model, entity, records, made.secrets)
    arguments = common_arguments(model, change_set)
    sent = [{key: record[key] for key in made.keys} for record in records]
    counters: list[list[dict[str, Any]]] = []
    if made.counted:
        brought, counters = take_numbers(made.counted, records, change_set.today)
        sent = [own | more for own, more in zip(sent, brought, strict=True)]
    arguments.append(_json(sent))
    if made.numbered:
        arguments += _numbering(site, model, entity, made.numbered, change_set.today)
        if change_set.is_rehearsal:
            arguments[-3 * len(made.numbered) + 1 :: 3] = await _rehearsal_sequences(executor, entity, made.numbered, change_set)
    for line, keys in made.lines:
        arguments.append(
            _json(
                [
                    {"parent": record["id"], **{key: row[key] for key in keys}}
                    for record in records
                    for row in record[line]
                ]
            )
        )
    arguments += [_json(entries_of(one, records)) for one in made.lists]
    arguments += _key(change_set)
    if pointing.held:
        arguments.append(_json(pointing.ids))
    arguments += [_json(wanted) for wanted in counters]
    rows = await executor.fetch(made.sql, *arguments)
    if not change_set.is_shown:
        return [Saved(record["id"], 1, b"null") for record in records]
    return _saved(rows, [record["id"] for record in records])


async def update(
    executor: Executor,
    site: Site,
    model: AppModel,
    entity: Entity,
    records: Sequence[Changed],
    pointing: Pointing,
    change_set: ChangeSet,
    action: UpdateAction = "update",
) -> list[Saved]:
    """Change records, all by the same columns and rows: those in which any of them differs from what it was.

    action: `restore` takes them out of the trash as well.
    """
    lines = _lines(model, entity)
    columns = [c for c in written_again(entity) if not all(is_same(r.before.get(c.key), r.after.get(c.key)) for r in records)]
    touched = [rows for rows in lines if any(_differ(rows, r) for r in records)]
    lists = _changed_lists(site, model, entity, records)
    shape = (
        model,
        action,
        entity.key,
        tuple(c.key for c in columns),
        tuple(rows.key for rows in touched),
        tuple(one.name for one in lists),
        change_set.key is not None,
        change_set.is_shown,
        bool(pointing.held),
    )
    sql: str | None = site.compiled.get(shape)
    if sql is None:
        has_key, is_shown = change_set.key is not None, change_set.is_shown
        sql = update_sql(entity, columns, touched, lines, lists, has_key, is_shown, pointing.held, action)
        site.keep(shape, sql)
    secrets = [c.key for c in columns if c.field is not None and c.field.kind.key == "secret"]
    if secrets:
        await keep_secrets(executor, site, model, entity, [r.after for r in records], secrets)
    arguments = common_arguments(model, change_set)
    arguments.append(
        _json(
            [
                {
                    "id": r.before["id"],
                    "was": r.before["revision"],
                    "changes": r.changes,
                    **{c.key: r.after[c.key] for c in columns},
                }
                for r in records
            ]
        )
    )
    for rows in touched:
        arguments += _row_changes(rows, records)
    for one in lists:
        befores, afters = [r.before for r in records], [r.after for r in records]
        arguments += [_json(entries_of(one, afters)), _json(entries_gone(one, befores, afters))]
    arguments += _key(change_set)
    if pointing.held:
        arguments.append(_json(pointing.ids))
    return _saved(await executor.fetch(sql, *arguments), [r.before["id"] for r in records])


async def trash(
    executor: Executor,
    site: Site,
    model: AppModel,
    entity: Entity,
    records: Sequence[tuple[UUID, int]],
    change_set: ChangeSet,
) -> list[Saved]:
    """Put records with the revisions that were read in the trash."""
    shape = (model, "delete", entity.key, change_set.key is not None)
    sql: str | None = site.compiled.get(shape)
    if sql is None:
        sql = delete_sql(entity, change_set.key is not None)
        site.keep(shape, sql)
    gone = _json([{"id": record_id, "was": revision} for record_id, revision in records])
    arguments = [*common_arguments(model, change_set), gone, *_key(change_set)]
    return _saved(await executor.fetch(sql, *arguments), [record_id for record_id, _ in records])


async def shown_now(executor: Executor, site: Site, model: AppModel, entity: Entity, ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """Return records as saving them would show them at this moment."""
    shape = (model, "shown", entity.key)
    sql: str | None = site.compiled.get(shape)
    if sql is None:
        sql = shown_sql(entity, _lines(model, entity))
        site.keep(shape, sql)
    return {row["id"]: row["record"] for row in await executor.fetch(sql, list(ids))}


async def _rehearsal_sequences(executor: Executor, entity: Entity, fields: Sequence[Field], change_set: ChangeSet) -> list[str]:
    """Make sequences of a transaction that is rolled back, far from numbers anybody else may take meanwhile; return their names."""
    names = [sequence_name(entity, field.key, change_set.id.hex) for field in fields]
    for name in names:
        await executor.fetch(f"CREATE SEQUENCE IF NOT EXISTS {name} START {10**12 * (1 + change_set.id.int % 10**6)}")
    return names


async def create_sequences(executor: Executor, entity: Entity, day: date) -> None:
    """Make the sequences that number an entity's fields in the period of a day, where they are missing."""
    for field in entity.stored_fields:
        if field.pattern is not None and not field.pattern.is_gapless:
            period = field.pattern.period(day)
            # Numbers may have been given in this period before the field was counted as it is now.
            highest = (await executor.fetch(highest_sql(entity, field), period))[0][0]
            start = max(field.pattern.start, (highest or 0) + 1)
            name = sequence_name(entity, field.key, period)
            await executor.fetch(f"CREATE SEQUENCE IF NOT EXISTS {name} START {start}")


async def give_numbers(
    executor: Executor, site: Site, model: AppModel, entity: Entity, records: Sequence[Values], change_set: ChangeSet
) -> dict[UUID, bytes]:
    """Give records that were created in this change set their gapless numbers, in history too; return them as they are then."""
    fields = gapless_fields(entity)
    shape = (model, "numbers", entity.key)
    sql: str | None = site.compiled.get(shape)
    if sql is None:
        sql = numbers_sql(entity, _lines(model, entity), fields)
        site.keep(shape, sql)
    brought, counters = take_numbers(fields, records, change_set.today)
    given = [{"id": record["id"], **more} for record, more in zip(records, brought, strict=True)]
    rows = await executor.fetch(sql, model.app, change_set.at, _json(given), *(_json(wanted) for wanted in counters))
    return {row["id"]: row["record"] for row in rows}


def _compile_insert(
    model: AppModel, entity: Entity, change_set: ChangeSet, targets: Sequence[Entity], is_counting: bool
) -> _Insert:
    lines = _lines(model, entity)
    own = columns_of(entity)
    return _Insert(
        insert_sql(entity, lines, change_set.key is not None, change_set.is_shown, targets, is_counting),
        ("id", *(c.key for c in own if not c.is_numbered)),
        tuple(c.field for c in own if c.field is not None and c.is_numbered and not c.is_counted),
        tuple(c.field for c in own if c.field is not None and c.is_counted and is_counting),
        tuple((rows.key.partition(".")[2], ("id", "position", *(c.key for c in columns_of(rows)))) for rows in lines),
        lists_of(entity, lines),
        secret_keys(entity),
    )


def _changed_lists(site: Site, model: AppModel, entity: Entity, records: Sequence[Changed]) -> tuple[ListField, ...]:
    shape = (model, "lists", entity.key)
    lists: tuple[ListField, ...] | None = site.compiled.get(shape)
    if lists is None:
        lists = lists_of(entity, _lines(model, entity))
        site.keep(shape, lists)
    if not lists:
        return ()
    befores, afters = [r.before for r in records], [r.after for r in records]
    return tuple(one for one in lists if is_changed(one, befores, afters))


def _json(records: Sequence[object]) -> str:
    return orjson.dumps(records, default=str).decode()


def common_arguments(model: AppModel, change_set: ChangeSet) -> list[Any]:
    """Return what every statement that saves begins with."""
    return [model.app, model.version, change_set.at, change_set.actor, change_set.channel, change_set.id]


def _key(change_set: ChangeSet) -> list[Any]:
    return [] if change_set.key is None else [change_set.key.text, change_set.key.request_hash]


def _lines(model: AppModel, entity: Entity) -> tuple[Entity, ...]:
    return tuple(model.entities[field.lines] for field in entity.line_fields if field.lines is not None)


def _numbering(site: Site, model: AppModel, entity: Entity, fields: Sequence[Field], day: date) -> tuple[str, ...]:
    """Return the text before, the sequence name and the text after of each field; they stay the same all day."""
    shape = (model, "numbering", entity.key, day)
    found: tuple[str, ...] | None = site.compiled.get(shape)
    if found is None:
        texts: list[str] = []
        for field in fields:
            assert field.pattern is not None
            before, after = field.pattern.around(day)
            texts += [before, sequence_name(entity, field.key, field.pattern.period(day)), after]
        found = tuple(texts)
        site.keep(shape, found)
    return found


def _differ(rows: Entity, record: Changed) -> bool:
    key = rows.key.partition(".")[2]
    old, new = record.before[key], record.after[key]
    keys = ["id", "position", *(c.key for c in written_again(rows))]
    return len(old) != len(new) or not all(is_same(a.get(k), b.get(k)) for a, b in zip(old, new, strict=True) for k in keys)


def _row_changes(rows: Entity, records: Sequence[Changed]) -> list[Any]:
    """Return the ids of rows that go, the rows that stay and the rows that are new."""
    key = rows.key.partition(".")[2]
    keys = ("id", "position", *(c.key for c in columns_of(rows)))
    again = ("id", "position", *(c.key for c in written_again(rows)))
    gone: list[UUID] = []
    kept: list[Values] = []
    added: list[Values] = []
    for record in records:
        old = {row["id"] for row in record.before[key]}
        gone += sorted(old - {row["id"] for row in record.after[key]})
        for row in record.after[key]:
            if row["id"] in old:
                kept.append({k: row[k] for k in again})
            else:
                added.append({"parent": record.after["id"], **{k: row[k] for k in keys}})
    return [gone, _json(kept), _json(added)]


def _saved(rows: Sequence[Mapping[str, Any]], ids: Sequence[UUID]) -> list[Saved]:
    if len(rows) == 1:
        return [Saved(rows[0]["id"], rows[0]["revision"], rows[0]["record"])]
    by_id = {row["id"]: Saved(row["id"], row["revision"], row["record"]) for row in rows}
    return [by_id[record_id] for record_id in ids]
