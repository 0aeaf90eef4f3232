"""Purges: what was removed for good of data that no version in use shows any more, by whom, so that later versions can say what is missing."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. column_name: null where a whole table went; version: the last one that had it; labels: what it was called."""
    op.execute("""
        CREATE TABLE dougong.purge (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, app text COLLATE "C" NOT NULL, table_name text COLLATE "C" NOT NULL,
            column_name text COLLATE "C", entity text COLLATE "C" NOT NULL, field text COLLATE "C", version integer NOT NULL,
            labels jsonb NOT NULL, record_count bigint NOT NULL, purged_by uuid NOT NULL, purged_at timestamptz NOT NULL DEFAULT now())""")
    op.execute("CREATE INDEX purge_app ON dougong.purge (app, id)")


def downgrade() -> None:
    """Remove the table."""
    op.execute("DROP TABLE dougong.purge")
