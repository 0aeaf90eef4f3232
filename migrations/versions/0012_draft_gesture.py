"""What was done to drafts, gesture by gesture, and who has which draft open."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE dougong.draft_gesture (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    app text COLLATE "C" NOT NULL REFERENCES dougong.app ON DELETE CASCADE,
    id uuid NOT NULL,
    revision integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    actor uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    label json NOT NULL,
    words json NOT NULL,
    commands json NOT NULL,
    touched text[] COLLATE "C" NOT NULL,
    undoes uuid[] NOT NULL,
    ended text COLLATE "C",
    version integer,
    UNIQUE (app, id)
);
CREATE INDEX draft_gesture_revision ON dougong.draft_gesture (app, revision);
CREATE INDEX draft_gesture_seq ON dougong.draft_gesture (app, seq);
CREATE INDEX draft_gesture_open ON dougong.draft_gesture (app) WHERE ended IS NULL;
CREATE UNLOGGED TABLE dougong.draft_editor (
    app text COLLATE "C" NOT NULL,
    user_id uuid NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (app, user_id)
);
"""


def upgrade() -> None:
    """Make the tables; a draft is written whole at every save, so it is not compressed each time."""
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
    op.execute("ALTER TABLE dougong.draft ALTER COLUMN definition SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Remove the tables."""
    op.execute("DROP TABLE dougong.draft_gesture")
    op.execute("DROP TABLE dougong.draft_editor")
    op.execute("ALTER TABLE dougong.draft ALTER COLUMN definition SET STORAGE EXTENDED")
