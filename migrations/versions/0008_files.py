"""Files: what was uploaded, and the contents they share."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; a file has the columns of a record, for fields point to it as to one."""
    op.execute(
        """CREATE TABLE dougong.file_content (
            hash bytea PRIMARY KEY, size bigint NOT NULL, at timestamptz NOT NULL DEFAULT now())"""
    )
    op.execute(
        """CREATE TABLE dougong.file (
            id uuid PRIMARY KEY, revision integer NOT NULL DEFAULT 1,
            created_at timestamptz NOT NULL DEFAULT now(), created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL DEFAULT now(), updated_by uuid NOT NULL, deleted_at timestamptz,
            hash bytea NOT NULL REFERENCES dougong.file_content (hash), name text COLLATE "C" NOT NULL,
            type text COLLATE "C" NOT NULL, size numeric NOT NULL, width numeric, height numeric)"""
    )
    op.execute("CREATE INDEX file_hash ON dougong.file (hash)")
    op.execute("CREATE INDEX file_created ON dougong.file (created_at)")


def downgrade() -> None:
    """Drop the tables."""
    op.execute("DROP TABLE dougong.file")
    op.execute("DROP TABLE dougong.file_content")
