"""Two versions of an app in, the statements out that let the counters of gapless numbers go on after the highest there is."""

from dougong.model.app_model import AppModel
from dougong.store.columns import Physical
from dougong.store.counters_sql import given_numbers
from engines.entity.entity import Entity, Field


def counter_statements(before: AppModel | None, after: AppModel, physical: Physical) -> tuple[str, ...]:
    """Return what lets the counters of numbers that become gapless, or are counted otherwise, go on after the highest there is."""
    statements = []
    for entity in after.entities.values():
        for field in entity.stored_fields:
            former = None if before is None or entity.key not in before.entities else before.entities[entity.key].fields.get(field.key)
            if field.pattern is None or entity.table not in physical or former is None or former.pattern == field.pattern:
                continue
            if field.pattern.is_gapless:
                statements.append(_go_on(entity, field))
            elif former.pattern is not None and former.pattern.is_gapless:
                statements.append(_begin_again(entity, field))
    return tuple(statements)


def _go_on(entity: Entity, field: Field) -> str:
    assert field.pattern is not None
    least = field.pattern.start - 1
    return (
        "INSERT INTO dougong.counter AS c (app, entity, field, scope, period, first, n)"
        f" SELECT '{entity.app}', '{entity.key}', '{field.key}', g.scope, g.period,"
        f" greatest(max(g.number), {least}) + 1, greatest(max(g.number), {least}) FROM ({given_numbers(entity, field)}) AS g GROUP BY 4, 5"
        " ON CONFLICT (app, entity, field, scope, period)"
        " DO UPDATE SET n = excluded.n, first = excluded.first WHERE excluded.n > c.n"
    )


def _begin_again(entity: Entity, field: Field) -> str:
    """Return what drops the sequences of a field from before it was gapless: new ones begin after the highest number there is."""
    return (
        "DO $$ DECLARE name text; BEGIN FOR name IN SELECT c.oid::regclass::text FROM pg_class c"
        f" WHERE c.relkind = 'S' AND c.relnamespace = '{entity.schema}'::regnamespace"
        f" AND c.relname ~ '^{entity.table}__{field.key}(_[0-9]+)?__seq$'"
        " LOOP EXECUTE 'DROP SEQUENCE ' || name; END LOOP; END $$"
    )
