"""Names of constraints, indexes and sequences of an entity's table, and quoted names for SQL text."""

from hashlib import sha256

from engines.entity.entity import Entity

LONGEST = 63
"""PostgreSQL cuts longer names silently, so ours never are."""


def quoted(*parts: str) -> str:
    """Return a name for SQL text.

    >>> quoted("app_x", "order")
    '"app_x"."order"'
    """
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def table_name(entity: Entity) -> str:
    """Return the quoted name of an entity's table with its schema."""
    return quoted(entity.schema, entity.table)


def name_of(entity: Entity, part: str, use: str) -> str:
    """Return the name of something that belongs to a part of the table, such as the index of a column."""
    name = f"{entity.table}__{part}__{use}"
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - 13]}_{sha256(name.encode()).hexdigest()[:12]}"


def sequence_name(entity: Entity, field_key: str, period: str) -> str:
    """Return the quoted name of the sequence that numbers a field in a period."""
    return quoted(entity.schema, name_of(entity, f"{field_key}_{period}" if period else field_key, "seq"))
