"""Shares: single records that somebody let a user, a department or a role see or change, whatever its policies say of others."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and its indexes: by record, and by whom it is shared with."""
    op.execute("""
        CREATE TABLE dougong.share (
            id uuid PRIMARY KEY,
            app text COLLATE "C" NOT NULL,
            entity text COLLATE "C" NOT NULL,
            record_id uuid NOT NULL,
            to_user uuid,
            to_department uuid,
            to_role text COLLATE "C",
            may_update boolean NOT NULL DEFAULT false,
            expires_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            created_by uuid NOT NULL,
            CHECK (num_nonnulls(to_user, to_department, to_role) = 1),
            UNIQUE NULLS NOT DISTINCT (record_id, to_user, to_department, to_role)
        )
    """)
    op.execute("CREATE INDEX share_user ON dougong.share (to_user) WHERE to_user IS NOT NULL")
    op.execute("CREATE INDEX share_department ON dougong.share (to_department) WHERE to_department IS NOT NULL")
    op.execute("CREATE INDEX share_role ON dougong.share (to_role) WHERE to_role IS NOT NULL")


def downgrade() -> None:
    """Remove it, with what was shared."""
    op.execute("DROP TABLE dougong.share")
