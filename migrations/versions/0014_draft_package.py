"""The packages a draft upgrades an app to; they go with the draft."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.execute(
        """CREATE TABLE dougong.draft_package (
            app text COLLATE "C" NOT NULL REFERENCES dougong.draft ON DELETE CASCADE, package text COLLATE "C" NOT NULL,
            document json NOT NULL, gesture uuid NOT NULL, PRIMARY KEY (app, package))"""
    )


def downgrade() -> None:
    """Remove the table; drafts stay, and upgrade nothing."""
    op.execute("DROP TABLE dougong.draft_package")
