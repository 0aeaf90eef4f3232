"""Two versions of an app in, the steps out that give the records there are what computed fields come to under the new one."""

from collections.abc import Iterator

from sqlalchemy import Update
from sqlalchemy.dialects.postgresql import asyncpg

from dougong.model.app_model import AppModel
from dougong.model.paths import Paths
from dougong.sites import Site
from dougong.store.columns import Physical
from dougong.store.fill_by_record import RecordFill
from dougong.store.names import quoted, table_name
from dougong.store.recompute import recompute
from engines.entity.entity import Entity, Field
from engines.expression.sql_context import NotPushable

Place = tuple[str, str]
"""Entity key and field key."""


def fill_statements(
    site: Site, before: AppModel | None, after: AppModel, physical: Physical
) -> tuple[str | RecordFill, ...]:
    """Return an UPDATE for each computed field whose saved values may be others now, in the order they are computed.

    What PostgreSQL cannot compute is a `RecordFill` in its place.

    Records in the trash are filled too, for they may come back. Revisions stay: nobody has changed the records.
    physical: the tables from before the publish; a table that is new holds nothing.
    """
    statements: list[str | RecordFill] = [_started(e) for e in after.entities.values() if _is_started(before, e) and e.table in physical]
    for entity, field in _stale(before, after):
        if entity.table in physical:
            try:
                statements.append(_text(recompute(site, after, entity, [field], False)))
            except NotPushable:
                statements.append(RecordFill(after, entity, field))
    return tuple(statements)


def _is_started(before: AppModel | None, entity: Entity) -> bool:
    """Whether an entity gets states, or another column for them, so that its records are in none yet."""
    states = entity.states
    if states is None:
        return False
    former = _former(before, entity.key, states.key)
    return former is None or former.column != entity.fields[states.key].column or former.default != entity.fields[states.key].default


def _started(entity: Entity) -> str:
    assert entity.states is not None
    column = quoted(entity.fields[entity.states.key].column or "")
    return f"UPDATE {table_name(entity)} SET {column} = '{entity.states.start}' WHERE {column} IS NULL"


def _stale(before: AppModel | None, after: AppModel) -> Iterator[tuple[Entity, Field]]:
    """Give computed fields that are new or compute otherwise, and those that read one of them or another column."""
    changed = {
        (entity.key, field.key)
        for entity in after.entities.values()
        for field in entity.fields.values()
        if _signature(field) != _signature(_former(before, entity.key, field.key))
    }
    paths = Paths(after.app, dict(after.entities), after.organization)
    for entity_key, key in after.graph.order:
        entity = after.entities[entity_key]
        field = entity.fields[key]
        assert field.formula is not None
        if (entity_key, key) in changed or any(_places(paths, entity, p) & changed for p in field.formula.reads):
            changed.add((entity_key, key))
            yield entity, field


def _former(before: AppModel | None, entity_key: str, field_key: str) -> Field | None:
    entity = None if before is None else before.entities.get(entity_key)
    return None if entity is None else entity.fields.get(field_key)


def _signature(field: Field | None) -> tuple[object, ...] | None:
    """Return what the saved values of a field depend on, beside what its formula reads."""
    if field is None:
        return None
    if field.formula is None:
        return (field.column,)
    return field.column, field.error_column, field.formula.tree, field.scale, field.max_length


def _places(paths: Paths, entity: Entity, path: tuple[str, ...]) -> set[Place]:
    """Return the fields a path of a stored formula goes through."""
    return {(step.source, key) for step in paths.steps(entity, path) for key in step.fields}


def _text(statement: Update) -> str:
    """Return a statement whole, its constants in it, as it is shown before it is run."""
    dialect = asyncpg.dialect()  # type: ignore[no-untyped-call]
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
