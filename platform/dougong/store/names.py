"""Names of constraints, indexes and sequences of an entity's table, and quoted names for SQL text."""

from hashlib import sha256

from engines.entity.entity import Entity, Field, Unique, shortened


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
    return shortened(f"{entity.table}__{part}__{use}")


def link_table(entity: Entity, field: Field) -> str:
    """Return the quoted name of the table that keeps the lists of a field, with its schema."""
    assert field.link_table is not None
    return quoted(entity.schema, field.link_table)


def link_name(field: Field, use: str) -> str:
    """Return the name of a constraint or an index of the table that keeps the lists of a field."""
    return shortened(f"{field.link_table}__{use}")


def unique_name(entity: Entity, unique: Unique) -> str:
    """Return the name of the index of a unique constraint; one with another condition is another index."""
    ending = "" if unique.where is None else f"__{sha256(unique.where.text.encode()).hexdigest()[:8]}"
    return name_of(entity, f"{unique.key}{ending}", "unique")


def place_of(entity: Entity, index: str) -> str:
    """Return the name of an index while another of its name is in use."""
    return name_of(entity, f"{index}__next", "index")


def sequence_name(entity: Entity, field_key: str, period: str) -> str:
    """Return the quoted name of the sequence that numbers a field in a period."""
    return quoted(entity.schema, name_of(entity, f"{field_key}_{period}" if period else field_key, "seq"))
