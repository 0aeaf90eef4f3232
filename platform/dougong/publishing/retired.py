"""What earlier versions of an app left behind in its schema: columns, tables of links, tables, each with what it held and since when."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import orjson

from dougong.model.app_model import AppModel, Columns
from dougong.model.element_words import Labels, called, dicts, key_of, labels_of
from dougong.model.stored_document import stored_document
from dougong.sites import Site
from dougong.store.columns import Physical, read_physical
from dougong.store.names import quoted
from dougong.store.save import Executor

Kind = Literal["column", "links", "table"]

_VERSIONS = "SELECT number, columns::text, published_at FROM dougong.app_version WHERE app = $1 ORDER BY number DESC"
_DOCUMENTS = "SELECT number, definition::text FROM dougong.app_version WHERE app = $1 AND number = ANY($2::integer[])"
_COMPANIONS = ("__error", "__entity")


@dataclass(frozen=True, slots=True)
class Retired:
    """Something no field or entity of the version in use keeps its values in.

    name: `card.shelf` for a column, the table's otherwise. version: the last one that had it. since: when it was retired.
    count: rows with a value. size: bytes. columns: what goes with a column. tables: what goes with it, tables that rest on others first.
    """

    name: str
    kind: Kind
    table: str
    column: str | None
    entity: str
    field: str | None
    labels: Labels
    version: int
    since: datetime
    count: int = 0
    size: int = 0
    columns: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Had:
    """A place of values that a version had."""

    entity: str
    field: str | None
    table: str
    column: str | None
    version: int
    since: datetime


async def read_retired(executor: Executor, site: Site, app: str) -> tuple[Retired, ...]:
    """Return everything that is retired, the longest retired first; raises AppNotFound."""
    model = await site.app(app, executor)
    physical = await read_physical(executor, app)
    rows = await executor.fetch(_VERSIONS, app)
    had = list(_left(model, physical, [(row["number"], orjson.loads(row["columns"]), row["published_at"]) for row in rows]))
    numbers = sorted({one.version for one in had})
    documents = {row["number"]: stored_document(row["definition"]) for row in await executor.fetch(_DOCUMENTS, app, numbers)}
    found = [_retired(one, documents[one.version], physical) for one in had]
    return tuple(sorted(await _measured(executor, app, found), key=lambda one: (one.since, one.name)))


def _left(model: AppModel, physical: Physical, versions: list[tuple[int, Columns, datetime]]) -> Iterator[_Had]:
    """Give what versions, the newest first, had and the model has no more, as long as it is there; rows and lists go with their entity."""
    used = {(entity.table, field.column) for entity in model.entities.values() for field in entity.stored_fields}
    tables = {entity.table for entity in model.entities.values()}
    tables |= {field.link_table or "" for entity in model.entities.values() for field in entity.link_fields}
    seen: set[tuple[str, str | None]] = set()
    since = versions[0][2] if versions else None
    for number, columns, published_at in versions:
        assert since is not None
        for entity, fields in columns.items():
            table = entity.replace(".", "__")
            owner = entity.partition(".")[0]
            if table not in tables:
                is_part = table != owner and owner not in tables
                if table in physical and not is_part and (table, None) not in seen:
                    seen.add((table, None))
                    yield _Had(entity, None, table, None, number, since)
                continue
            for field, place in fields.items():
                column = place if place in physical.get(table, {}) else None
                at = (table, column) if column is not None else (place, None)
                is_kept = (table, column) in used if column is not None else place in tables or place not in physical
                if place and not is_kept and at not in seen:
                    seen.add(at)
                    yield _Had(entity, field, at[0], column, number, since)
        since = published_at


def _retired(had: _Had, document: Mapping[str, Any], physical: Physical) -> Retired:
    labels, where = _labels(document, had.entity, had.field), (had.table, had.column, had.entity, had.field)
    if had.column is not None:
        beside = tuple(f"{had.column}{end}" for end in _COMPANIONS if f"{had.column}{end}" in physical[had.table])
        return Retired(f"{had.table}.{had.column}", "column", *where, labels, had.version, had.since, columns=(had.column, *beside))
    if had.field is not None:
        return Retired(had.table, "links", *where, labels, had.version, had.since, tables=(had.table,))
    parts = sorted((one for one in physical if one.startswith(f"{had.table}__")), reverse=True)
    return Retired(had.table, "table", *where, labels, had.version, had.since, tables=(*parts, had.table))


def _labels(document: Mapping[str, Any], entity: str, field: str | None) -> Labels:
    """Return what an entity, rows of one, or a field was called in a document, with what it was in before it."""
    owner, _, rows = entity.partition(".")
    trail = []
    found = next((one for one in dicts(document.get("entities")) if key_of(one) == owner), {})
    trail.append(called(labels_of(found), owner))
    for key in (rows, field):
        if key:
            states = found.get("states")
            named = next((one for one in dicts(found.get("fields")) if key_of(one) == key), states if isinstance(states, Mapping) else {})
            found = named
            trail.append(called(labels_of(found), key))
    return {language: " › ".join(one[language] for one in trail) for language in ("zh-CN", "en")}


async def _measured(executor: Executor, app: str, found: Iterable[Retired]) -> list[Retired]:
    """Return the same with how many rows have a value and how much room it takes."""
    measured = []
    for one in found:
        table = quoted(f"app_{app}", one.table)
        if one.column is not None:
            column = quoted(one.column)
            query = f"SELECT count({column}) AS n, coalesce(sum(pg_column_size({column})), 0)::bigint AS size FROM {table}"
            row = (await executor.fetch(query))[0]
        else:
            query = f"SELECT (SELECT count(*) FROM {table}) AS n, sum(pg_total_relation_size(t::regclass))::bigint AS size FROM unnest($1::text[]) AS t"
            row = (await executor.fetch(query, [quoted(f"app_{app}", part) for part in one.tables]))[0]
        measured.append(replace(one, count=row["n"], size=row["size"]))
    return measured
