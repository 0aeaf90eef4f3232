"""Records of which some have a value that must be unique, and that another has; which of them, and in which fields, out."""

from collections.abc import Sequence
from typing import Any

import asyncpg
import orjson

from dougong.store.errors import RecordExists
from dougong.store.names import quoted, table_name
from dougong.store.save import Executor, Values
from dougong.store.save_sql import columns_of
from dougong.store.uniques import held_sql
from dougong.work.refusals import told
from engines.entity.entity import Entity, Unique
from engines.entity.uniques import key_of, not_unique
from engines.values.issue import Issue


class Clashing(Exception):
    """Saving many records broke a unique constraint, which says of one of them at most that it did."""

    def __init__(self, error: asyncpg.UniqueViolationError, entity: Entity, records: Sequence[Values], numbers: Sequence[int]) -> None:
        """Keep the records, and the number of each in its request."""
        super().__init__(error)
        self.error, self.entity, self.records, self.numbers = error, entity, records, numbers


class TellingClashes:
    """A block that saves records; it raises Clashing where they are of a request of many and break a unique constraint."""

    __slots__ = ("_at", "_entity", "_records")

    def __init__(self, entity: Entity, records: Sequence[Values], at: int | None) -> None:
        """Take what is saved. at: number of the first record in its request, None where there is but one."""
        self._entity, self._records, self._at = entity, records, at

    def __enter__(self) -> None:
        """Begin; every save does, so this is no generator."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Say which records they were that may clash."""
        if self._at is not None and isinstance(error, asyncpg.UniqueViolationError):
            raise Clashing(error, self._entity, self._records, range(self._at, self._at + len(self._records))) from error


async def find_clashes(executor: Executor, clash: Clashing) -> dict[int, list[Issue]]:
    """Return the issues of the records that cannot be saved beside those there are, or beside one before them in the request."""
    found: dict[int, list[Issue]] = {}
    for unique in clash.entity.unique:
        for offset in await _clashing(executor, clash, unique):
            found.setdefault(clash.numbers[offset], []).extend(not_unique(clash.entity, unique, ""))
    for offset in await _taken(executor, clash):
        taken = told(RecordExists(id=clash.records[offset]["id"]), "/id")
        found.setdefault(clash.numbers[offset], []).extend(taken)
    return found


def find_twins(clash: Clashing) -> dict[int, list[Issue]]:
    """Return the same of the records that have the values of one before them in the request, where nothing can be asked any more."""
    found: dict[int, list[Issue]] = {}
    for unique in clash.entity.unique:
        for offset in _twins([key_of(unique, record) for record in clash.records]):
            found.setdefault(clash.numbers[offset], []).extend(not_unique(clash.entity, unique, ""))
    return found


def _twins(keys: Sequence[tuple[Any, ...] | None]) -> set[int]:
    """Return the places of the keys that one before them equals."""
    first: dict[tuple[Any, ...], int] = {}
    return {place for place, key in enumerate(keys) if key is not None and first.setdefault(key, place) != place}


async def _clashing(executor: Executor, clash: Clashing, unique: Unique) -> list[int]:
    """Return the places of the records that have the values of another."""
    columns = {c.key: c for c in columns_of(clash.entity)}
    own = {str(record["id"]) for record in clash.records}
    keys = [key_of(unique, record) for record in clash.records]
    asked = [{"place": place, **dict(zip(unique.fields, key, strict=True))} for place, key in enumerate(keys) if key is not None]
    listed = ", ".join(f"{quoted(key)} {columns[key].type}" for key in unique.fields)
    equal = " AND ".join(f"t.{quoted(columns[key].name)} = x.{quoted(key)}" for key in unique.fields)
    rows = await executor.fetch(
        f"SELECT x.place FROM json_to_recordset($1::json) AS x(place integer, {listed})"
        f" JOIN {table_name(clash.entity)} AS t ON {equal} WHERE ({held_sql(clash.entity, unique)}) AND t.id <> ALL($2::uuid[])",
        orjson.dumps(asked, default=str).decode(), list(own),
    )  # fmt: skip
    return sorted(_twins(keys) | {row["place"] for row in rows})


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
