"""The check of references to any: a field in, the constraint out that its two columns go together and name an entity it may point to."""

from collections.abc import Collection
from hashlib import sha256

from alembic.operations import Operations
from sqlalchemy import text

from dougong.store.names import quoted
from engines.entity.entity import Entity, Field


def check_entities(op: Operations, entity: Entity, field: Field, names: Collection[str]) -> None:
    """Put the entities there are now in the check; nothing is looked through, for a publish refuses to take away one that is pointed to."""
    # Of which column it is and which entities it names are told by its own name, whose length is always the same.
    beginning = f"any__{_digest(f'{entity.table}.{field.column}')}__"
    wanted = beginning + _digest("|".join(field.any_of))
    if wanted in names:
        return
    for former in sorted(name for name in names if name.startswith(beginning)):
        op.drop_constraint(former, entity.table, schema=entity.schema)
    record, named = quoted(field.column or ""), quoted(field.entity_column or "")
    listed = ", ".join(f"'{one}'" for one in field.any_of)
    check = f"CASE WHEN {record} IS NULL THEN {named} IS NULL ELSE coalesce({named} IN ({listed}), false) END"
    op.create_check_constraint(wanted, entity.table, text(check), schema=entity.schema, postgresql_not_valid=True)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]
