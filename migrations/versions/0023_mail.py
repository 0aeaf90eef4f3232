"""Mail: what is to be sent, was sent, or could not be."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLE = """CREATE TABLE dougong.mail (
    id uuid PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    user_id uuid NOT NULL,
    email text NOT NULL DEFAULT '',
    parts jsonb NOT NULL DEFAULT '{}',
    state text COLLATE "C" NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    tries integer NOT NULL DEFAULT 0,
    reason text NOT NULL DEFAULT '',
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now())"""


def upgrade() -> None:
    """Make the table. It holds no text of a mail, and so no link."""
    op.execute(TABLE)
    op.execute("CREATE INDEX mail_user ON dougong.mail (user_id, created_at)")
    op.execute("CREATE INDEX mail_created_at ON dougong.mail (created_at)")
    op.execute("ALTER TABLE dougong.sign_in_link ADD COLUMN purpose text COLLATE \"C\" NOT NULL DEFAULT 'invitation'")


def downgrade() -> None:
    """Drop the table."""
    op.execute("ALTER TABLE dougong.sign_in_link DROP COLUMN purpose")
    op.execute("DROP TABLE dougong.mail")
