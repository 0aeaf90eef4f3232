"""What an import may do: the scopes of the token it came with; none came from a session, which may do all that its user can."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.execute('ALTER TABLE dougong.import ADD COLUMN scopes text[] COLLATE "C"')


def downgrade() -> None:
    """Remove it."""
    op.execute("ALTER TABLE dougong.import DROP COLUMN scopes")
