"""The revision of a draft counts on through publishing and discarding, so that no revision ever names two documents."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the counter from the draft, which comes and goes, to the app."""
    op.execute("ALTER TABLE dougong.app ADD COLUMN draft_revision integer NOT NULL DEFAULT 0")
    op.execute("UPDATE dougong.app SET draft_revision = d.revision FROM dougong.draft d WHERE d.app = key")
    op.execute("ALTER TABLE dougong.draft DROP COLUMN revision")


def downgrade() -> None:
    """Move the counter back to the drafts there are."""
    op.execute("ALTER TABLE dougong.draft ADD COLUMN revision integer NOT NULL DEFAULT 1")
    op.execute("UPDATE dougong.draft SET revision = greatest(a.draft_revision, 1) FROM dougong.app a WHERE a.key = app")
    op.execute("ALTER TABLE dougong.app DROP COLUMN draft_revision")
