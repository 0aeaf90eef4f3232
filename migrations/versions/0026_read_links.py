"""Public links that read a record offer nothing to choose from: what was once given with one of whose records visitors may choose is emptied."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty the list of references of links that read."""
    op.execute("UPDATE dougong.public_link SET lookups = '{}' WHERE kind = 'read' AND lookups <> '{}'")
    op.execute("ALTER TABLE dougong.public_link ADD CONSTRAINT public_link_lookups CHECK (kind = 'fill' OR lookups = '{}')")


def downgrade() -> None:
    """Let such links have one again; what was emptied stays so."""
    op.execute("ALTER TABLE dougong.public_link DROP CONSTRAINT public_link_lookups")
