"""Lists of records as they are written: records before and after in, the entries of each list and those that go out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from dougong.store.lists_sql import ListField
from dougong.store.names import link_table
from engines.entity.entity import Entity

Values = dict[str, Any]
Entry = Mapping[str, object]


def entries_of(one: ListField, records: Sequence[Values]) -> list[Entry]:
    """Return the entries of a list of each record, or of each row of the records."""
    return [
        {"record": owner["id"], "target": target, "position": position}
        for owner in _owners(one, records)
        for position, target in enumerate(owner[one.key])
    ]


def entries_gone(one: ListField, befores: Sequence[Values], afters: Sequence[Values]) -> list[Entry]:
    """Return the entries that were in a list and are no longer; those of a row that is gone go with it."""
    return [
        {"record": owner["id"], "target": target}
        for before, owner in _pairs(one, befores, afters)
        for target in before
        if target not in set(owner[one.key])
    ]


def is_changed(one: ListField, befores: Sequence[Values], afters: Sequence[Values]) -> bool:
    """Whether a list differs in any of the records, or in any of their rows."""
    return any(before != owner[one.key] for before, owner in _pairs(one, befores, afters))


def _owners(one: ListField, records: Sequence[Values]) -> Iterator[Values]:
    for record in records:
        yield from (record,) if one.line is None else record[one.line]


def _pairs(one: ListField, befores: Sequence[Values], afters: Sequence[Values]) -> Iterator[tuple[list[UUID], Values]]:
    were = {owner["id"]: owner.get(one.key, []) for owner in _owners(one, befores)}
    for owner in _owners(one, afters):
        yield were.get(owner["id"], []), owner


def read_sql(entity: Entity) -> str:
    """Return the statement that reads the lists of records: place of the field, record, targets in order."""
    parts = [
        f"SELECT {at} AS field, record, array_agg(target ORDER BY position) AS list FROM {link_table(entity, field)}"
        " WHERE record = ANY($1::uuid[]) GROUP BY record"
        for at, field in enumerate(entity.link_fields)
    ]
    return " UNION ALL ".join(parts)


def put_lists(entity: Entity, owners: Mapping[UUID, Values], rows: Sequence[Mapping[str, Any]]) -> None:
    """Put lists that were read into the records or rows they belong to; where there is nothing, the list is empty."""
    for owner in owners.values():
        for field in entity.link_fields:
            owner[field.key] = []
    for row in rows:
        owners[row["record"]][entity.link_fields[row["field"]].key] = [UUID(int=target.int) for target in row["list"]]
