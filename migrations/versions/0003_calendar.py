"""The site's calendar of working days, filled with what the State Council has announced."""

from alembic import op
from sqlalchemy import text

from dougong.workdays.announced import read_announced

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and list the days this release knows."""
    op.execute(
        """CREATE TABLE dougong.calendar_year (
            year integer PRIMARY KEY, revision integer NOT NULL DEFAULT 0, source text NOT NULL DEFAULT '',
            updated_by uuid, updated_at timestamptz NOT NULL DEFAULT now())"""
    )
    op.execute(
        """CREATE TABLE dougong.calendar_day (
            day date PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('holiday', 'workday')), name text NOT NULL DEFAULT '')"""
    )
    connection = op.get_bind()
    for year in read_announced().values():
        connection.execute(
            text("INSERT INTO dougong.calendar_year (year, source) VALUES (:year, :source)"), {"year": year.year, "source": year.source}
        )
        connection.execute(
            text("INSERT INTO dougong.calendar_day (day, kind, name) VALUES (:day, :kind, :name)"),
            [{"day": one.day, "kind": one.kind, "name": one.name} for one in year.days],
        )


def downgrade() -> None:
    """Drop the tables."""
    op.execute("DROP TABLE dougong.calendar_day")
    op.execute("DROP TABLE dougong.calendar_year")
