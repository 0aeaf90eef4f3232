"""Which version a publish goes back to: its document is not that of the draft, which somebody may change meanwhile."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; null where the draft is published."""
    op.execute("ALTER TABLE dougong.publish ADD COLUMN restores integer")


def downgrade() -> None:
    """Remove it; what is under way is then taken to be the draft's."""
    op.execute("ALTER TABLE dougong.publish DROP COLUMN restores")
