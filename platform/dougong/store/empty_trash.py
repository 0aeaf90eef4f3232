"""Records that have been in the trash for so many days in, those removed for good out; what something points to stays."""

from collections.abc import Mapping, Sequence

from dougong.model.app_model import AppModel
from dougong.sites import Reader, Site
from dougong.store.counters import gapless_fields
from dougong.store.names import quoted, table_name
from engines.entity.entity import Entity

CHUNK = 10_000
"""The most records one statement removes."""

# A foreign key that goes with its record, as of rows and lists, does not keep the record.
_POINTING = """
    SELECT f.conrelid::regclass::text AS child, a.attname::text AS child_column FROM pg_constraint f
    JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
    WHERE f.contype = 'f' AND f.confrelid = to_regclass($1) AND f.confdeltype <> 'c'"""


async def empty_trash(site: Site, days: int) -> Mapping[str, int]:
    """Remove records for good and return how many of each entity, by its full key.

    Records with gapless numbers stay: without them there would be a gap. A record that only others in the trash point to goes once those are gone, in the same run.
    """
    removed: dict[str, int] = {}
    models = await site.apps()
    entities = [entity for model in models for entity in model.entities.values() if entity.parent is None and not gapless_fields(entity)]
    has_more = True
    while has_more:
        has_more = False
        for entity in entities:
            count = await _remove(site.pool, entity, _pointing_by_name(models, entity), days)
            if count:
                removed[entity.full_key] = removed.get(entity.full_key, 0) + count
                has_more = True
    return removed


def _pointing_by_name(models: Sequence[AppModel], entity: Entity) -> str:
    """Return the condition that no reference to any points to a record: no foreign key tells of these."""
    return "".join(
        f" AND NOT EXISTS (SELECT FROM {table_name(other)} AS p WHERE p.{quoted(field.column or '')} = t.id"
        f" AND p.{quoted(field.entity_column or '')} = '{to}'{' AND p.id <> t.id' if other.full_key == entity.full_key else ''})"
        for model in models
        for other in model.entities.values()
        for field in other.any_fields
        for to in field.any_of
        if model.entity(to).full_key == entity.full_key
    )


async def _remove(reader: Reader, entity: Entity, named: str, days: int) -> int:
    pointing: Sequence[Mapping[str, str]] = await reader.fetch(_POINTING, table_name(entity))
    free = "".join(
        f" AND NOT EXISTS (SELECT FROM {row['child']} AS p WHERE p.{quoted(row['child_column'])} = t.id"
        + (" AND p.id <> t.id" if row["child"] == _written(entity) else "") + ")"
        for row in pointing
    )
    gone = await reader.fetch(
        f"DELETE FROM {table_name(entity)} WHERE id IN (SELECT t.id FROM {table_name(entity)} AS t"
        f" WHERE t.deleted_at < now() - make_interval(days => $1){free}{named} LIMIT {CHUNK} FOR UPDATE SKIP LOCKED) RETURNING id",
        days,
    )
    return len(gone)


def _written(entity: Entity) -> str:
    """Return the table as PostgreSQL writes it, with quotes only where they are needed."""
    return f"{entity.schema}.{entity.table}"
