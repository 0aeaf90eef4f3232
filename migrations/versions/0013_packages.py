"""Packages people uploaded, with the files their records hold, and the files of packages that apps came from."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; those of files have a column `target`, by which the collector of files finds what is still needed."""
    op.execute(
        """CREATE TABLE dougong.uploaded_package (
            key text COLLATE "C" NOT NULL, version text COLLATE "C" NOT NULL, hash text COLLATE "C" NOT NULL, size bigint NOT NULL,
            document json NOT NULL, uploaded_by uuid NOT NULL, uploaded_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (key, version))"""
    )
    op.execute(
        """CREATE TABLE dougong.uploaded_file (
            key text COLLATE "C" NOT NULL, version text COLLATE "C" NOT NULL, target uuid NOT NULL REFERENCES dougong.file,
            PRIMARY KEY (key, version, target),
            FOREIGN KEY (key, version) REFERENCES dougong.uploaded_package ON DELETE CASCADE)"""
    )
    op.execute("CREATE INDEX uploaded_file_target ON dougong.uploaded_file (target)")
    op.execute(
        """CREATE TABLE dougong.app_file (
            app text COLLATE "C" NOT NULL REFERENCES dougong.app ON DELETE CASCADE, target uuid NOT NULL REFERENCES dougong.file,
            PRIMARY KEY (app, target))"""
    )
    op.execute("CREATE INDEX app_file_target ON dougong.app_file (target)")


def downgrade() -> None:
    """Drop the tables."""
    for table in ("app_file", "uploaded_file", "uploaded_package"):
        op.execute(f"DROP TABLE dougong.{table}")
