"""The functions of texts: the order people expect, and the terms a search finds texts by."""

from alembic import op

from dougong.database.text_functions import text_functions

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the functions; indexes that use them come with the next publish of each app."""
    for statement in text_functions():
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Drop the functions, and the indexes on them."""
    for name in ("sort_key", "search_text", "search_terms"):
        op.execute(f"DROP FUNCTION dougong.{name}(text) CASCADE")
