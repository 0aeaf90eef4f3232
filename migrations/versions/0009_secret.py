"""Where secrets are kept: apart from the records, which hold handles."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. A secret that is replaced stays for as long as an undo may need it."""
    op.execute(
        """CREATE TABLE dougong.secret (
            id uuid PRIMARY KEY, app text COLLATE "C" NOT NULL, entity text COLLATE "C" NOT NULL, record_id uuid NOT NULL,
            field text COLLATE "C" NOT NULL, value text NOT NULL, created_at timestamptz NOT NULL DEFAULT now())"""
    )
    op.execute("CREATE INDEX secret_record_id ON dougong.secret (record_id)")


def downgrade() -> None:
    """Drop the table."""
    op.execute("DROP TABLE dougong.secret")
