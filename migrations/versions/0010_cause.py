"""Causes: which change set brought another one about, so that a chain of them can be followed."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; most change sets have no cause but a person, and no row here."""
    op.execute("CREATE TABLE dougong.cause (change_set uuid PRIMARY KEY, cause uuid NOT NULL)")
    op.execute("CREATE INDEX cause_cause ON dougong.cause (cause)")


def downgrade() -> None:
    """Remove the table."""
    op.execute("DROP TABLE dougong.cause")
