"""How far the versions of uninstalled apps went: an app that is installed again goes on counting, so that no process takes one for another."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.execute("CREATE TABLE dougong.uninstalled_app (key text COLLATE \"C\" PRIMARY KEY, latest integer NOT NULL, at timestamptz NOT NULL DEFAULT now())")


def downgrade() -> None:
    """Drop the table."""
    op.execute("DROP TABLE dougong.uninstalled_app")
