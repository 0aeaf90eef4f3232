"""The packages each version of an app was made of, where they changed, so that going back to a version goes back to its packages."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what is installed by now counts from the first version on."""
    op.execute(
        """CREATE TABLE dougong.version_package (
            app text COLLATE "C" NOT NULL REFERENCES dougong.app ON DELETE CASCADE, since integer NOT NULL,
            package text COLLATE "C" NOT NULL, document json NOT NULL, PRIMARY KEY (app, since, package))"""
    )
    op.execute(
        """INSERT INTO dougong.version_package (app, since, package, document)
           SELECT app, 1, package, document FROM dougong.installed_package"""
    )


def downgrade() -> None:
    """Remove the table."""
    op.execute("DROP TABLE dougong.version_package")
