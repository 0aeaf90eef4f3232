"""The terms a search finds texts by, made faster: the same of every text, so that the indexes on them stay as they are."""

from alembic import op

from dougong.database.text_functions import text_functions

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the functions anew."""
    for statement in text_functions():
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Leave them: what they answer has not changed."""
