"""Tables of links: the lists of an entity in, statements that make the tables that are missing out, written by Alembic."""

from alembic.operations import Operations
from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint
from sqlalchemy.dialects.postgresql import UUID

from dougong.model.app_model import AppModel
from dougong.store.columns import Physical
from dougong.store.names import link_name
from engines.entity.entity import Entity, Field


def create_link_tables(op: Operations, model: AppModel, entity: Entity, there: Physical) -> None:
    """Make the table of each list that has none yet; one that is there keeps its links."""
    for field in entity.link_fields:
        if field.link_table not in there:
            _create(op, model, entity, field)


def _create(op: Operations, model: AppModel, entity: Entity, field: Field) -> None:
    assert field.link_table is not None and field.links is not None
    target = model.entity(field.links)
    op.create_table(
        field.link_table,
        Column("record", UUID(), nullable=False),
        Column("target", UUID(), nullable=False),
        Column("position", Integer(), nullable=False),
        PrimaryKeyConstraint("record", "target", name=link_name(field, "pk")),
        # Rows that are taken out of a record take their links with them.
        ForeignKeyConstraint(
            ["record"], [f"{entity.schema}.{entity.table}.id"], name=link_name(field, "record_fk"), ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["target"], [f"{target.schema}.{target.table}.id"], name=link_name(field, "target_fk")),
        schema=entity.schema,
    )
    op.create_index(link_name(field, "index"), field.link_table, ["target", "record"], schema=entity.schema)
