"""Public links: what may be opened by whoever has the address, a form to fill or one record to read; who made it, and within which bounds."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and its indexes: by who made a link, and by what it opens."""
    op.execute("""
        CREATE TABLE dougong.public_link (
            id uuid PRIMARY KEY,
            token_hash bytea NOT NULL UNIQUE,
            kind text COLLATE "C" NOT NULL CHECK (kind IN ('fill', 'read')),
            app text COLLATE "C" NOT NULL,
            entity text COLLATE "C" NOT NULL,
            record_id uuid,
            form text COLLATE "C",
            lookups text[] NOT NULL,
            name text NOT NULL,
            password_hash text,
            expires_at timestamptz,
            most_uses integer CHECK (most_uses > 0),
            uses integer NOT NULL DEFAULT 0,
            used_at timestamptz,
            is_paused boolean NOT NULL DEFAULT false,
            created_at timestamptz NOT NULL DEFAULT now(),
            created_by uuid NOT NULL,
            CHECK ((kind = 'read') = (record_id IS NOT NULL))
        )
    """)
    op.execute("CREATE INDEX public_link_made ON dougong.public_link (created_by)")
    op.execute("CREATE INDEX public_link_opens ON dougong.public_link (app, entity, record_id)")


def downgrade() -> None:
    """Remove it; every link stops."""
    op.execute("DROP TABLE dougong.public_link")
