"""Records of which some have a value that must be unique, and that another has; which of them, and in which fields, out."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from dougong.store.errors import RecordExists
from dougong.store.names import quoted, table_name
from dougong.store.save import Executor, Values
from dougong.store.save_sql import columns_of
from dougong.work.refusals import told
from engines.entity.entity import Entity, Unique
from engines.entity.messages import MESSAGES
from engines.values.issue import Issue, issue


class Clashing(Exception):
    """Saving many records broke a unique constraint, which says of one of them at most that it did."""

    def __init__(self, error: asyncpg.UniqueViolationError, entity: Entity, records: Sequence[Values], numbers: Sequence[int]) -> None:
        """Keep the records, and the number of each in its request."""
        super().__init__(error)
        self.error, self.entity, self.records, self.numbers = error, entity, records, numbers


@contextmanager
def telling_clashes(entity: Entity, records: Sequence[Values], at: int | None) -> Iterator[None]:
    """Raise Clashing where saving records of a request of many breaks a unique constraint."""
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        if at is None:
            raise
        raise Clashing(error, entity, records, range(at, at + len(records))) from error


async def find_clashes(executor: Executor, clash: Clashing) -> dict[int, list[Issue]]:
    """Return the issues of the records that cannot be saved beside those there are, or beside one before them in the request."""
    found: dict[int, list[Issue]] = {}
    for unique in clash.entity.unique:
        for offset in await _clashing(executor, clash, unique):
            fields = [clash.entity.fields[key] for key in unique.fields]
            labels = {language: "、".join(f.name.get(language, f.key) for f in fields) for language in ("zh-CN", "en")}
            broken = issue(MESSAGES, "record-not-unique", f"/{unique.fields[0]}", None, name=labels)
            found.setdefault(clash.numbers[offset], []).append(broken)
    for offset in await _taken(executor, clash):
        taken = told(RecordExists(id=clash.records[offset]["id"]), "/id")
        found.setdefault(clash.numbers[offset], []).extend(taken)
    return found


async def _clashing(executor: Executor, clash: Clashing, unique: Unique) -> list[int]:
    """Return the places of the records that have the values of another."""
    columns = {c.key: c for c in columns_of(clash.entity)}
    own = {str(record["id"]) for record in clash.records}
    asked: list[Mapping[str, Any]] = []
    seen: dict[tuple[Any, ...], UUID] = {}
    places: set[int] = set()
    for place, record in enumerate(clash.records):
        values = tuple(record.get(key) for key in unique.fields)
        if None in values:
            continue
        if seen.setdefault(values, record["id"]) != record["id"]:
            places.add(place)
        asked.append({"place": place, **dict(zip(unique.fields, values, strict=True))})
    listed = ", ".join(f"{quoted(key)} {columns[key].type}" for key in unique.fields)
    equal = " AND ".join(f"t.{quoted(columns[key].name)} = x.{quoted(key)}" for key in unique.fields)
    rows = await executor.fetch(
        f"SELECT x.place FROM json_to_recordset($1::json) AS x(place integer, {listed})"
        f" JOIN {table_name(clash.entity)} AS t ON {equal} WHERE t.deleted_at IS NULL AND t.id <> ALL($2::uuid[])",
        orjson.dumps(asked, default=str).decode(), list(own),
    )  # fmt: skip
    return sorted(places | {row["place"] for row in rows})


async def _taken(executor: Executor, clash: Clashing) -> list[int]:
    """Return the places of the records whose ids are those of records there are, where they were to be made."""
    constraint = clash.error.constraint_name or ""
    if not constraint.endswith("pk"):
        return []
    rows = await executor.fetch(
        f"SELECT id FROM {table_name(clash.entity)} WHERE id = ANY($1::uuid[])", [record["id"] for record in clash.records]
    )
    there = {row["id"] for row in rows}
    return [place for place, record in enumerate(clash.records) if record["id"] in there]
