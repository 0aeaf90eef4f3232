"""Unique constraints that are new and entities that are no longer pointed to in, an issue for each that records there are break, out."""

from collections.abc import Iterator, Mapping

from dougong.model.app_model import AppModel
from dougong.model.definition import EntityDefinition
from dougong.model.messages import MESSAGES
from dougong.model.resolve_fields import unique_pointer
from dougong.store.columns import Physical
from dougong.store.names import quoted, table_name
from dougong.store.save import Executor
from dougong.store.uniques import held_sql
from engines.entity.entity import Entity, Unique
from engines.values.issue import Issue, issue

MOST_NAMED = 5


async def read_broken(executor: Executor, before: AppModel | None, model: AppModel, physical: Physical) -> tuple[Issue, ...]:
    """Return the issues; a column that is yet to come holds nothing twice."""
    issues = []
    entries = {entry.key: entry for entry in model.definition.entities if isinstance(entry, EntityDefinition)}
    for entity, unique in _fresh(before, model):
        owner = model.entities[entity.parent] if entity.parent is not None else entity
        needed = {entity.fields[key].column for key in (*unique.fields, *_read(unique))}
        title = owner.fields[owner.title].column
        if needed <= physical.get(entity.table, {}).keys() and title in physical.get(owner.table, {}):
            rows = await executor.fetch(_sql(entity, owner, unique, title or ""))
            if rows[0]["named"]:
                at = unique_pointer(entries[owner.key], unique.key)
                records = "、".join(rows[0]["named"])
                found = issue(MESSAGES, "definition-unique-broken", at, None, name=unique_names(entity, unique), records=records)
                issues.append(found)
    return (*issues, *await read_in_use(executor, before, model, physical))


async def read_in_use(executor: Executor, before: AppModel | None, model: AppModel, physical: Physical) -> tuple[Issue, ...]:
    """Return an issue for each entity that is taken from a reference to any while records, those in the trash too, point to one."""
    issues = []
    for entity in model.entities.values():
        former = None if before is None else before.entities.get(entity.key)
        for field in entity.any_fields:
            was = None if former is None else former.fields.get(field.key)
            is_kept = was is not None and was.column == field.column and set(was.any_of) <= set(field.any_of)
            if is_kept or field.entity_column not in physical.get(entity.table, {}):
                continue
            named = quoted(field.entity_column or "")
            sql = f"SELECT {named} AS entity, count(*) AS n FROM {table_name(entity)} WHERE {named} <> ALL($1::text[]) GROUP BY 1 ORDER BY 1"
            for row in await executor.fetch(sql, list(field.any_of)):
                words = {"name": field.name, "entity": row["entity"], "count": row["n"]}
                issues.append(issue(MESSAGES, "definition-entity-in-use", f"{entity.pointer}/fields/{field.key}/to", None, **words))
    return tuple(issues)


def unique_names(entity: Entity, unique: Unique) -> Mapping[str, str]:
    """Return what the fields of a constraint are called together."""
    labels = [entity.fields[key].name for key in unique.fields]
    return {language: " + ".join(label[language] for label in labels) for language in labels[0]}


def _fresh(before: AppModel | None, model: AppModel) -> Iterator[tuple[Entity, Unique]]:
    for entity in model.entities.values():
        former = None if before is None else before.entities.get(entity.key)
        for unique in entity.unique:
            if former is None or unique not in former.unique or _columns(former, unique) != _columns(entity, unique):
                yield entity, unique


def _columns(entity: Entity, unique: Unique) -> list[str | None]:
    return [entity.fields[key].column for key in unique.fields]


def _read(unique: Unique) -> set[str]:
    return set() if unique.where is None else {path[0] for path in unique.where.reads}


def _sql(entity: Entity, owner: Entity, unique: Unique, title: str) -> str:
    """Return a statement that gives the titles of the first records that have a key others have."""
    columns = [f"t.{quoted(column or '')}" for column in _columns(entity, unique)]
    keys = ", ".join(["t.parent", *columns] if unique.within_parent else columns)
    there = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    name = f"o.{quoted(title)}" if owner is not entity else f"t.{quoted(title)}"
    living = " AND o.deleted_at IS NULL" if unique.within_parent else ""
    joined = f" JOIN {table_name(owner)} AS o ON o.id = t.parent" if owner is not entity else ""
    rows = (
        f"SELECT t.id, coalesce({name}::text, t.id::text) AS named, count(*) OVER (PARTITION BY {keys}) AS n"
        f" FROM {table_name(entity)} AS t{joined} WHERE {there} AND ({held_sql(entity, unique)}){living}"
    )
    first = f"SELECT DISTINCT ON (q.named) q.named, q.id FROM ({rows}) AS q WHERE q.n > 1 ORDER BY q.named, q.id LIMIT {MOST_NAMED}"
    return f"SELECT array_agg(f.named ORDER BY f.named) AS named FROM ({first}) AS f"
