"""Counters of gapless numbers: a row for each field, period and value the field is counted by."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. first: the number from which on none may be missing; n: the one given last."""
    op.execute(
        """CREATE TABLE dougong.counter (
            app text COLLATE "C" NOT NULL, entity text COLLATE "C" NOT NULL, field text COLLATE "C" NOT NULL,
            scope text COLLATE "C" NOT NULL, period text COLLATE "C" NOT NULL,
            first bigint NOT NULL, n bigint NOT NULL, PRIMARY KEY (app, entity, field, scope, period)
        ) WITH (fillfactor = 50)"""
    )


def downgrade() -> None:
    """Remove the table."""
    op.execute("DROP TABLE dougong.counter")
